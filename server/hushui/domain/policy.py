"""The rules as the sync core asks for them: an implementation of `hushui_sync.policy.Policy`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from hushui.domain import access, facts, given, guards, scope, workflow
from hushui.domain.days import day_of
from hushui.domain.views import Rights
from hushui.kinds import KINDS
from hushui.kinds.describe import broken, unseen_in, validate
from hushui.kinds.fields import Field, Merge
from hushui.kinds.guard import Guard
from hushui.kinds.kind import Kind
from hushui.kinds.rule import Effect
from hushui_sync.entry import Op
from hushui_sync.errors import Verdict
from hushui_sync.policy import Around
from hushui_sync.world import Record, Review, Right

Fields = dict[str, Any]
DECIDING_ACTS = frozenset({"settle", "adopt", "decline", "leave"})


class Domain:
    """Holds the kinds and nothing else; every answer follows from the arguments.

    References, subjects and rights are asked before a value is checked: they take whatever comes.
    """

    def __init__(self, kinds: Mapping[str, Kind] = KINDS) -> None:
        self.kinds = kinds
        self.fixed = {code: merged(kind, "fixed") for code, kind in kinds.items()}
        self.own = {code: merged(kind, "own") for code, kind in kinds.items()}
        self.naming = {code: referring(kind.fields) for code, kind in kinds.items()}
        self.looking = guards.onlookers(kinds)

    def kind_known(self, kind: str) -> bool:
        return kind in self.kinds

    def check(
        self, op: Op, after: Fields, entry: Sequence[Op], *, new: bool
    ) -> tuple[str, str] | None:
        added = self.added(op.kind, op.act, op.set)
        if added is not None:
            return validate(added, op.set, new=True)
        described = self.kinds[op.kind]
        fault = validate(described.fields, op.set, new=new, after=after)
        if fault is not None:
            return fault
        rules = broken(described, op.set, new=new, after=after, effect="block")
        blocking = (("blocked", rule.field) for rule in rules)
        unseen = unseen_in(described, after, photos_of(op.record, entry)) if new else None
        return next(blocking, unseen)

    def blocked(self, record: Record, before: Record | None, around: Around) -> str | None:
        stops = (
            guard.field
            for guard in self.guards(record.kind, "block")
            if guards.touched(guard, before, record)
            if guards.speaks(self.kinds, guard, record, around)
        )
        return next(stops, None)

    def doubted(self, record: Record, around: Around) -> dict[str, bool]:
        return {
            guard.code: guards.speaks(self.kinds, guard, record, around)
            for guard in self.guards(record.kind, "ask")
        }

    def guards(self, kind: str, effect: Effect) -> list[Guard]:
        known = self.kinds.get(kind)
        return [guard for guard in known.guards if guard.effect == effect] if known else []

    def onlookers(self, kind: str) -> frozenset[str]:
        return self.looking.get(kind, frozenset())

    def references(self, kind: str, act: str, fields: Fields) -> list[str]:
        """Ids of the records these fields name, each once, in the order of the form."""
        if kind not in self.kinds:
            return []
        described = self.added(kind, act, fields) or self.naming[kind]
        return list(dict.fromkeys(named(described, fields)))

    def added(self, kind: str, act: str, fields: Fields) -> dict[str, Field] | None:
        """What an `add` carries is described under its `type`. To a `put` that is a field like any
        other: it frees none of the rest from its limits."""
        name = fields.get("type")
        return self.kinds[kind].adds.get(name) if act == "add" and isinstance(name, str) else None

    def quiet(self, kind: str) -> frozenset[str]:
        return self.own.get(kind, frozenset())

    def series(self, kind: str, subject: str | None, received: int) -> str | None:
        match self.kinds[kind].numbered:
            case "year":
                return str(day_of(received).year)
            case "subject":
                return subject
            case None:
                return None

    def subject(self, kind: str, fields: Fields) -> str | None:
        name = self.kinds[kind].subject
        subject = None if name is None else fields.get(name)
        return subject if isinstance(subject, str) else None

    def scopes(
        self, kind: str, fields: Fields, org: str, author: str, subject: Record | None
    ) -> list[str]:
        return scope.scopes(kind, fields, org, author, None if subject is None else subject.scopes)

    def is_decision(self, kind: str, act: str) -> bool:
        if act == "abandon":
            return False
        known = self.kinds.get(kind)
        return act in DECIDING_ACTS or (known is not None and known.family != "fact")

    def rights(self, person: str, org: str, rows: Sequence[Right]) -> Rights:
        return given.rights_from(person, org, rows)

    def allowed(
        self,
        rights: Rights,
        kind: str,
        act: str,
        record: Record | None,
        written: Fields,
        subject: Record | None,
    ) -> bool:
        never = self.fixed.get(kind, frozenset())
        return access.allowed(rights, kind, act, record, written, subject, never)

    def flags(
        self,
        kind: str,
        after: Fields,
        rights: Rights,
        eff: int,
        received: int,
        lookup: Callable[[str], Fields | None],
    ) -> list[str]:
        return facts.flags(self.kinds[kind], after, rights, received, lookup)

    def decide(
        self, current: Review | None, version: int, asked: str, judged: int, seen: str | None
    ) -> tuple[Verdict, str | None]:
        return workflow.decide(current, version, asked, judged, seen)

    def given(
        self, kind: str, record: str, fields: Fields, deleted: bool, org: str
    ) -> set[tuple[str, str, str]]:
        return given.given(kind, record, fields, deleted)


def photos_of(record: str, entry: Sequence[Op]) -> set[str]:
    """Slots of the photos that come with it; their own check says what is wrong with one."""
    photos = (op.set for op in entry if op.kind == "photo" and op.act == "put")
    slots = (photo.get("slot") for photo in photos if photo.get("subject") == record)
    return {slot for slot in slots if isinstance(slot, str)}


def merged(kind: Kind, how: Merge) -> frozenset[str]:
    return frozenset(name for name, field in kind.fields.items() if field.merge == how)


def referring(described: Mapping[str, Field]) -> dict[str, Field]:
    return {name: it for name, it in described.items() if it.type in ("ref", "refs", "rows")}


def named(described: Mapping[str, Field], fields: Mapping[str, Any]) -> Iterator[str]:
    """Only well-formed values: what is malformed is the check's business, not a reference."""
    for name, field in described.items():
        value = fields.get(name)
        if field.type == "ref" and isinstance(value, str):
            yield value
        elif field.type == "refs" and isinstance(value, list | tuple):
            yield from (item for item in value if isinstance(item, str))
        elif field.type == "rows" and isinstance(value, list | tuple):
            for row in value:
                if isinstance(row, Mapping):
                    yield from named(field.fields or {}, row)
