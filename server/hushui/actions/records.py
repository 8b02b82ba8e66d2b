"""What the office reads: lists and single records, by the same visibility as pull."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from hushui.actions.asking import Filter, query_of
from hushui.actions.parts import Caller, Parts, seen_scopes
from hushui.errors import NotFound
from hushui_sync import ids, rows
from hushui_sync.messages import RecordBody
from hushui_sync.world import Record


class RecordView(Struct, frozen=True):
    """``received``: when the server received its first line, in milliseconds."""

    record: str
    rev: str
    body: RecordBody
    received: int | None = None


class PhotoCount(Struct, frozen=True):
    """How many photos a record names, and how many of them the server has."""

    named: int
    received: int


class ListedRecord(RecordView, frozen=True, kw_only=True):
    photo_count: PhotoCount


class RecordList(Struct, frozen=True):
    """Newest first. ``counts``: how many the filter finds in all, by review state."""

    records: tuple[ListedRecord, ...]
    more: bool
    counts: dict[str, int]


class RecordCounts(Struct, frozen=True):
    """Kind → review state → how many the filter finds; kinds and states without any are left
    out."""

    counts: dict[str, dict[str, int]]


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
        photos = photos_of(parts, caller.org, found, query.scopes)
        listed = tuple(
            listed_as(view(record, received.get(record.id)), photos[record.id]) for record in found
        )
        return RecordList(listed, more, parts.store.counts(query))


def count_records(parts: Parts, caller: Caller, filter: Filter) -> RecordCounts:
    caller.active()
    with parts.store.reading():
        return RecordCounts(parts.store.counts_by_kind(query_of(parts, caller, filter)))


def detail(parts: Parts, caller: Caller, record: str) -> RecordDetail:
    with parts.store.reading():
        found = visible(parts, caller, record)
        seen = seen_scopes(parts, caller)
        linked = (parts.store.record(id) for id in parts.store.followers(record))
        followers = tuple(
            view(other) for other in linked if other is not None and meets(other, caller.org, seen)
        )
        photos = photos_of(parts, caller.org, [found], seen)[record]
        shown = view(found, parts.store.received([found]).get(found.id))
        return RecordDetail(shown.record, shown.rev, shown.body, photos, followers, shown.received)


def visible(parts: Parts, caller: Caller, record: str) -> Record:
    """The record, if the caller may see it; to everybody else it does not exist (A04)."""
    found = parts.store.record(record) if ids.is_id(record) else None
    if found is None or not may_see(parts, caller.active(), found):
        raise NotFound
    return found


def may_see(parts: Parts, caller: Caller, record: Record) -> bool:
    return meets(record, caller.org, seen_scopes(parts, caller))


def meets(record: Record, org: str, seen: frozenset[str] | None) -> bool:
    return record.org == org and (seen is None or not seen.isdisjoint(record.places))


def view(record: Record, received: int | None = None) -> RecordView:
    body = msgspec.json.decode(rows.body(record), type=RecordBody)
    return RecordView(record.id, record.rev, body, received)


def listed_as(shown: RecordView, photos: Sequence[PhotoView]) -> ListedRecord:
    received = sum(photo.received is not None for photo in photos)
    count = PhotoCount(len(photos), received)
    return ListedRecord(**msgspec.structs.asdict(shown), photo_count=count)


def photos_of(
    parts: Parts, org: str, records: Sequence[Record], seen: frozenset[str] | None
) -> dict[str, tuple[PhotoView, ...]]:
    """By record: one for each photo record about it (two may show the same bytes), then what else
    its accepted lines name and is no track."""
    store = parts.store
    ids = [record.id for record in records]
    about = store.photo_records(org, ids)
    named = store.blobs_named(org, ids)
    every = {
        record.id: [it for it in (record, *about.get(record.id, ())) if it.kind == "photo"]
        for record in records
    }
    own = {
        id: [photo for photo in photos if not photo.deleted and meets(photo, org, seen)]
        for id, photos in every.items()
    }
    others = {
        record.id: _beside(record, every[record.id], named.get(record.id, ())) for record in records
    }
    hashes = {str(photo.fields.get("sha256")) for photos in own.values() for photo in photos}
    receipts = store.blob_receipts(org, sorted(hashes.union(*others.values())))

    def shown(sha: str, photo: Record | None) -> PhotoView:
        return PhotoView(
            sha256=sha,
            record=photo.id if photo else None,
            received=receipts[sha].at if sha in receipts else None,
            fields=dict(photo.fields) if photo else {},
        )

    return {
        id: (
            *(shown(str(photo.fields.get("sha256")), photo) for photo in own[id]),
            *(shown(sha, None) for sha in others[id]),
        )
        for id in ids
    }


def _beside(record: Record, photos: Sequence[Record], named: Sequence[str]) -> list[str]:
    """What no photo record speaks of, not even a voided one or one the caller may not see."""
    told = {photo.fields.get("sha256") for photo in photos}
    tracks = {add["set"].get("blob") for add in record.adds}
    return [sha for sha in named if sha not in told and sha not in tracks]
