"""What the office reads: lists and single records, by the same visibility as pull."""

import msgspec
from msgspec import Struct

from hushui.actions.asking import Filter, query_of
from hushui.actions.parts import Caller, Parts, is_office, scopes_of
from hushui.errors import NotFound
from hushui_sync import ids, rows
from hushui_sync.entry import Entry, read
from hushui_sync.messages import RecordBody
from hushui_sync.world import Record


class RecordView(Struct, frozen=True):
    """``received``: when the server received its first line, in milliseconds."""

    record: str
    rev: str
    body: RecordBody
    received: int | None = None


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
    received: int | None = None


def list_records(parts: Parts, caller: Caller, filter: Filter) -> RecordList:
    caller.active()
    with parts.store.reading():
        query = query_of(parts, caller, filter)
        found, more = parts.store.records(query)
        received = parts.store.received(found)
        views = tuple(view(record, received.get(record.id)) for record in found)
        return RecordList(views, more, parts.store.counts(query))


def detail(parts: Parts, caller: Caller, record: str) -> RecordDetail:
    with parts.store.reading():
        found = visible(parts, caller, record)
        linked = (parts.store.record(id) for id in parts.store.followers(record))
        followers = tuple(
            other for other in linked if other is not None and may_see(parts, caller, other)
        )
        photos = _photos(parts, found, followers)
        shown = view(found, parts.store.received([found]).get(found.id))
        views = tuple(map(view, followers))
        return RecordDetail(shown.record, shown.rev, shown.body, photos, views, shown.received)


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


def view(record: Record, received: int | None = None) -> RecordView:
    body = msgspec.json.decode(rows.body(record), type=RecordBody)
    return RecordView(record.id, record.rev, body, received)


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
