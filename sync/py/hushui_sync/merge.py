"""Writing one op into one record (section 7): causality first, clocks second, losers kept."""

from collections.abc import Collection
from typing import Any

from msgspec import structs

from hushui_sync.entry import Op
from hushui_sync.world import Conflict, Record, Stamp

DELETED = "$deleted"
Base = dict[str, str | None]


def put(
    record: Record, op: Op, stamp: Stamp, base: Base, quiet: Collection[str] = ()
) -> tuple[Record, str | None]:
    """The record with the op's fields, and the first that met a concurrent writer (V01 to V04).

    ``quiet``: fields that keep no loser (V03)."""
    fields, stamps, conflicts = dict(record.fields), dict(record.stamps), record.conflicts
    met = None
    for name, value in op.set.items():
        current = stamps.get(name)
        if current is None or (current.device != stamp.device and base.get(name) == current.entry):
            wins, loser = True, None
        else:
            wins, loser = _concurrent(current, stamp, name, fields.get(name), value)
        if wins:
            fields[name], stamps[name] = value, stamp
            conflicts = _now_against(conflicts, name, stamp)
        if loser is not None and name not in quiet:
            conflicts = _kept(conflicts, loser)
            met = met or name
    return structs.replace(record, fields=fields, stamps=stamps, conflicts=conflicts), met


def _concurrent(
    current: Stamp, stamp: Stamp, name: str, stored: Any, value: Any
) -> tuple[bool, Conflict | None]:
    """Of equal values too the later stamp stands: in whatever order they came, the same one. A line
    released late never overwrites a later line of its own feed, whatever its base."""
    if current.device == stamp.device:
        return stamp.n >= current.n, None
    wins = (stamp.eff, stamp.device) > (current.eff, current.device)
    if stored == value or current.author == stamp.author:
        return wins, None
    if wins:
        return True, _lost(name, stored, current, winner=stamp)
    return False, _lost(name, value, stamp, winner=current)


def _lost(field: str, value: Any, loser: Stamp, *, winner: Stamp) -> Conflict:
    return Conflict(field, value, loser.entry, loser.device, loser.author, loser.eff, winner.entry)


def _kept(conflicts: tuple[Conflict, ...], new: Conflict) -> tuple[Conflict, ...]:
    """One for each field and author, the latest by effective time (V04)."""
    others = [c for c in conflicts if (c.field, c.author) != (new.field, new.author)]
    older = [c for c in conflicts if c not in others]
    return (*others, max((*older, new), key=lambda c: (c.eff, c.device, c is new)))


def _now_against(
    conflicts: tuple[Conflict, ...], field: str, winner: Stamp
) -> tuple[Conflict, ...]:
    """Who lost before has now lost against what stands now."""
    return tuple(
        structs.replace(c, winner=winner.entry) if c.field == field else c for c in conflicts
    )


def edited_deleted(record: Record, stamp: Stamp, base: Base) -> tuple[Record, bool]:
    """V05, seen from the edit: a conflict unless the author knew of the deletion."""
    deletion = record.stamps.get(DELETED)
    if not record.deleted or deletion is None:
        return record, False
    if deletion.device == stamp.device or base.get(DELETED) == deletion.entry:
        return record, False
    lost = _lost(DELETED, False, stamp, winner=deletion)
    return structs.replace(record, conflicts=_kept(record.conflicts, lost)), True


def delete(record: Record, stamp: Stamp, base: Base) -> tuple[Record, bool]:
    """V05, seen from the deletion: somebody else's edit it had not seen opens a conflict."""
    after, met = _turned(record, stamp, base, deleted=True)
    if record.deleted or not after.deleted:
        return after, met
    conflicts = after.conflicts
    for name, current in record.stamps.items():
        unseen = base.get(name) != current.entry and current.device != stamp.device
        if name != DELETED and unseen and current.author != stamp.author:
            conflicts = _kept(conflicts, _lost(DELETED, False, current, winner=stamp))
            met = True
    return structs.replace(after, conflicts=conflicts), met


def undelete(record: Record, stamp: Stamp, base: Base) -> tuple[Record, bool]:
    return _turned(record, stamp, base, deleted=False)


def _turned(record: Record, stamp: Stamp, base: Base, *, deleted: bool) -> tuple[Record, bool]:
    """`$deleted` is a field among others: only who had not seen its stamp is concurrent."""
    current, loser = record.stamps.get(DELETED), None
    own = current is not None and current.device == stamp.device
    if current is None or (not own and base.get(DELETED) == current.entry):
        wins = record.deleted != deleted
    else:
        wins, loser = _concurrent(current, stamp, DELETED, record.deleted, deleted)
    if own and record.deleted == deleted:
        wins = False
    conflicts = record.conflicts
    if wins:
        kept = (c for c in conflicts if deleted or c.field != DELETED)
        conflicts = _now_against(tuple(kept), DELETED, stamp)
        stamps = {**record.stamps, DELETED: stamp}
        record = structs.replace(record, deleted=deleted, stamps=stamps)
    if loser is not None:
        conflicts = _kept(conflicts, loser)
    return structs.replace(record, conflicts=conflicts), loser is not None


def settle(record: Record, field: str, kept: str, stamp: Stamp) -> Record | None:
    """V06. None: neither the value that stands nor a loser has that stamp."""
    conflicts = [c for c in record.conflicts if c.field == field]
    rest = tuple(c for c in record.conflicts if c.field != field)
    current = record.stamps.get(field)
    if current is not None and current.entry == kept:
        return structs.replace(record, conflicts=rest)
    chosen = next((c for c in conflicts if c.entry == kept), None)
    if chosen is None:
        return None
    settled = structs.replace(record, conflicts=rest, stamps={**record.stamps, field: stamp})
    if field == DELETED:
        return structs.replace(settled, deleted=bool(chosen.value))
    return structs.replace(settled, fields={**record.fields, field: chosen.value})


def next_version(before: Record, after: Record, stamp: Stamp) -> Record:
    """A version is counted when a written field changes, or anything after a review of this one:
    a new field, or the same once more by its author."""
    if before.version == 0:
        return structs.replace(after, version=1)
    by_this_entry = any(s.entry == stamp.entry for s in before.stamps.values())
    written = {name for name, s in after.stamps.items() if s != before.stamps.get(name)}
    known = written & before.stamps.keys()
    changed = any(before.fields.get(name) != after.fields.get(name) for name in known)
    reviewed = before.review is not None and before.review.version == before.version
    once_more = any(before.stamps[name].author == stamp.author for name in known - {DELETED})
    if not by_this_entry and (changed or (reviewed and (written - known or once_more))):
        return structs.replace(after, version=before.version + 1)
    return after
