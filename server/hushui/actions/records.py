"""What the office reads: lists and single records, by the same visibility as pull."""

import msgspec
from msgspec import Struct

from hushui.actions.parts import Caller, Parts, is_office, scopes_of
from hushui.errors import NotFound
from hushui.storage.store import RecordQuery
from hushui_sync import ids, rows
from hushui_sync.entry import Entry, read
from hushui_sync.messages import RecordBody
from hushui_sync.world import Record


class Filter(Struct, frozen=True):
    kind: str | None = None
    zone: str | None = None
    person: str | None = None
    state: str | None = None
    since: int | None = None
    until: int | None = None
    q: str | None = None
    after: str | None = None
    limit: int = 50
    deleted: bool = False


class RecordView(Struct, frozen=True):
    record: str
    rev: str
    body: RecordBody


class RecordList(Struct, frozen=True):
    """Newest first. ``counts``: how many the filter finds in all, by review state."""

    records: tuple[RecordView, ...]
    more: bool
    counts: dict[str, int]


class PhotoView(Struct, frozen=True):
    """``record`` is the photo's own record, null when only a line names it. ``received`` is when
    the server had all its bytes, in milliseconds; null: not yet."""

    sha256: str
    record: str | None
    received: int | None
    fields: dict[str, object]


class RecordDetail(Struct, frozen=True):
    record: str
    rev: str
    body: RecordBody
    photos: tuple[PhotoView, ...]
    followers: tuple[RecordView, ...]
    """Records about this one that the caller may see: photos, reviews."""


def list_records(parts: Parts, caller: Caller, filter: Filter) -> RecordList:
    caller.active()
    rights = parts.rights(caller)
    scopes = None if is_office(rights) else frozenset(scopes_of(parts, caller))
    query = RecordQuery(org=caller.org, scopes=scopes, **msgspec.structs.asdict(filter))
    with parts.store.reading():
        found, more = parts.store.records(query)
        return RecordList(tuple(map(view, found)), more, parts.store.counts(query))


def detail(parts: Parts, caller: Caller, record: str) -> RecordDetail:
    with parts.store.reading():
        found = visible(parts, caller, record)
        linked = (parts.store.record(id) for id in parts.store.followers(record))
        followers = tuple(
            other for other in linked if other is not None and may_see(parts, caller, other)
        )
        photos = _photos(parts, found, followers)
        shown = view(found)
        views = tuple(map(view, followers))
        return RecordDetail(shown.record, shown.rev, shown.body, photos, views)


def visible(parts: Parts, caller: Caller, record: str) -> Record:
    """The record, if the caller may see it; to everybody else it does not exist (A04)."""
    found = parts.store.record(record) if ids.is_id(record) else None
    if found is None or not may_see(parts, caller.active(), found):
        raise NotFound
    return found


def may_see(parts: Parts, caller: Caller, record: Record) -> bool:
    if record.org != caller.org:
        return False
    return is_office(parts.rights(caller)) or bool(
        set(record.scopes) & set(scopes_of(parts, caller))
    )


def view(record: Record) -> RecordView:
    body = msgspec.json.decode(rows.body(record), type=RecordBody)
    return RecordView(record.id, record.rev, body)


def _photos(parts: Parts, record: Record, followers: tuple[Record, ...]) -> tuple[PhotoView, ...]:
    """Those of photo records first, then what lines of the record name besides."""
    own = [other for other in (record, *followers) if other.kind == "photo" and not other.deleted]
    by_hash = {str(photo.fields.get("sha256")): photo for photo in own}
    named = [
        sha
        for line in parts.store.history(record.org, record.id)
        if isinstance(entry := read(line.line.bytes), Entry)
        and line.receipts[-1].verdict in ("applied", "merged", "noop")
        for sha in entry.blobs
    ]
    hashes = list(dict.fromkeys([*by_hash, *named]))
    receipts = parts.store.blob_receipts(record.org, hashes)
    return tuple(
        PhotoView(
            sha256=sha,
            record=by_hash[sha].id if sha in by_hash else None,
            received=receipts[sha].at if sha in receipts else None,
            fields=dict(by_hash[sha].fields) if sha in by_hash else {},
        )
        for sha in hashes
    )
