"""What may leave the phones (S11): a record with all that follows it, when nothing of it is open.

What closes a record of a kind is said by the kind (`closes`, `awaits`, `followed_by`) and, for what
has to be put right, by `figures.ENDINGS`. Asked are records as the ledger holds them.
"""

from collections.abc import Sequence

from hushui.domain.workflow import state
from hushui.kinds import KINDS, cel
from hushui.kinds.figures import ENDINGS
from hushui.kinds.kind import Kind
from hushui_sync.world import Reader, Record

JUDGED = ("approved", "rejected")


def closed_whole(reader: Reader, id: str, upto: int) -> Sequence[Record]:
    """The record and all that follows it; nothing, if any of it is open, or has changed by a
    receipt above the number ``upto``."""
    top = reader.record(id)
    if top is None or top.left or is_open(top):
        return ()
    whole = with_followers(reader, top)
    for record in whole:
        about = [it for it in whole if it.subject == record.id]
        if number_of(record.rev) > upto or not is_closed(record, about):
            return ()
    return () if any(is_pursued(reader, record) for record in whole) else whole


def with_followers(reader: Reader, top: Record) -> list[Record]:
    found = {top.id: top}
    waiting = list(reader.followers(top.id))
    while waiting:
        record = reader.record(waiting.pop())
        if record is None or record.org != top.org or record.id in found:
            continue
        found[record.id] = record
        waiting += reader.followers(record.id)
    return list(found.values())


def is_closed(record: Record, about: Sequence[Record]) -> bool:
    """``about``: the records whose subject it is."""
    if is_open(record):
        return False
    verified = KINDS[record.kind].closes == "verified"
    counts = not record.deleted and state(record.review, record.version) != "rejected"
    return not (verified and counts) or has_ended(record, about)


def is_open(record: Record) -> bool:
    """By what it says itself."""
    kind = KINDS[record.kind]
    if record.conflicts or kind.closes == "never":
        return True
    if record.deleted:
        return False
    stands = state(record.review, record.version)
    if kind.closes == "subject":
        return stands == "returned"
    return stands not in JUDGED or (stands != "rejected" and is_awaiting(kind, record))


def is_awaiting(kind: Kind, record: Record) -> bool:
    awaits = kind.awaits
    if awaits is None:
        return False
    if awaits.when and not cel.holds(awaits.when, cel.inputs(kind.fields, record.fields)):
        return False
    said = [line["set"] for line in record.adds if line["set"].get("type") == awaits.type]
    return not said or said[-1].get(awaits.field) != awaits.value


def has_ended(record: Record, about: Sequence[Record]) -> bool:
    """The newest word about it is the one that ends it."""
    end = ENDINGS[record.kind]
    said = [
        it
        for it in about
        if it.kind == end.kind and not it.deleted and state(it.review, it.version) != "rejected"
    ]
    newest = max(said, key=lambda it: (it.captured, it.id), default=None)
    if newest is None:
        return False
    return newest.fields.get(end.field) == end.value and end.unless not in newest.flags


def is_pursued(reader: Reader, record: Record) -> bool:
    """Whether something open names it that has to be closed before it."""
    return any(
        not is_closed(other, with_followers(reader, other))
        for kind, field in KINDS[record.kind].followed_by
        for other in reader.alike(record.org, kind, field, record.id)
    )


def number_of(rev: str) -> int:
    return int(rev.partition(":")[2])
