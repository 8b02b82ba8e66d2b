"""Guards: rules over a record and others, asked once for an entry, of the world as it leaves it
(V11). In whatever order its ops stand, what they end and what they begin are seen together."""

from collections.abc import Sequence

from msgspec import structs

from hushui_sync.entry import Op
from hushui_sync.policy import Policy
from hushui_sync.working import World
from hushui_sync.world import Record, Span


class Neighbours:
    """An `Around`: the live records of a record's organisation, without itself (A04)."""

    def __init__(self, world: World, record: Record) -> None:
        self.world, self.record = world, record

    def named(self, ids: Sequence[str]) -> Sequence[Record]:
        return self._live([self.world.record(id) for id in dict.fromkeys(ids)])

    def about(self, subject: str) -> Sequence[Record]:
        return self._live([self.world.record(id) for id in self.world.followers(subject)])

    def during(self, kind: str, span: Span) -> Sequence[Record]:
        return self._live(self.world.during(self.record.org, kind, span))

    def alike(self, kind: str, field: str, value: str) -> Sequence[Record]:
        return self._live(self.world.alike(self.record.org, kind, field, value))

    def _live(self, found: Sequence[Record | None]) -> list[Record]:
        return [
            it
            for it in found
            if it is not None and it.org == self.record.org and it.id != self.record.id
            if not it.deleted
        ]


def stopped(world: World, policy: Policy, ops: Sequence[Op]) -> tuple[int, str] | None:
    """(op, field) of the first record the entry may not leave so. `world` is a trial of it."""
    for index, op in enumerate(ops):
        record = world.changes.records.get(op.record)
        if record is None or record.deleted:
            continue
        before = world.reader.record(op.record)
        field = policy.blocked(record, before, Neighbours(world, record))
        if field is not None:
            return index, field
    return None


def flag(world: World, policy: Policy, rev: str) -> None:
    """Sets and takes away the flags of guards that ask, also on records that the entry does not
    name: what they look at may come after them, or go."""
    asked = set(world.changes.records)
    for record in list(world.changes.records.values()):
        asked |= _onlookers(world, policy, record)
    for record in [it for id in sorted(asked) if (it := world.record(id)) is not None]:
        doubts = policy.doubted(record, Neighbours(world, record))
        holding = {code for code, holds in doubts.items() if holds}
        flags = tuple(sorted((set(record.flags) - doubts.keys()) | holding))
        if flags != record.flags:
            world.put_record(structs.replace(record, flags=flags, rev=rev))


def _onlookers(world: World, policy: Policy, record: Record) -> set[str]:
    kinds = policy.onlookers(record.kind)
    if not kinds:
        return set()
    subjects = [id for id in (record.id, record.subject) if id is not None]
    ids = [id for subject in subjects for id in world.followers(subject)]
    found = [world.record(id) for id in ids]
    return {it.id for it in found if it is not None and it.org == record.org and it.kind in kinds}
