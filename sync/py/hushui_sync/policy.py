"""What the domain hands in: kinds, guards, scopes and rights. All of it pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

from hushui_sync.entry import Op
from hushui_sync.errors import Verdict
from hushui_sync.world import Record, Review, Right, Span

Fields = dict[str, Any]


class Around(Protocol):
    """What a guard may look at: the live records of a record's organisation, without itself."""

    def named(self, ids: Sequence[str]) -> Sequence[Record]: ...
    def about(self, subject: str) -> Sequence[Record]: ...
    def during(self, kind: str, span: Span) -> Sequence[Record]: ...
    def alike(self, kind: str, field: str, value: str) -> Sequence[Record]: ...


class Policy(Protocol):
    def kind_known(self, kind: str) -> bool: ...
    def check(
        self, op: Op, after: Fields, entry: Sequence[Op], *, new: bool
    ) -> tuple[str, str] | None:
        """(code, field) of the first hard limit or blocking rule that a put or add breaks, else
        None. ``after`` is the record as it leaves it, ``entry`` all that comes with it."""

    def blocked(self, record: Record, before: Record | None, around: Around) -> str | None:
        """The field of the first guard that forbids a record to stand so. ``before``: as it stood
        before the entry; what nobody changed is not asked about."""

    def doubted(self, record: Record, around: Around) -> Mapping[str, bool]:
        """Every flag that guards of its kind may set, and whether it is so now."""

    def onlookers(self, kind: str) -> Collection[str]:
        """Kinds whose flags come and go with records of this kind: with those about the same
        record, or with the one that they are about."""

    def references(self, kind: str, act: str, fields: Fields) -> Sequence[str]:
        """Ids of the records these fields name."""

    def quiet(self, kind: str) -> Collection[str]:
        """Fields that each version says for itself: no conflict opens on them."""

    def series(self, kind: str, subject: str | None, received: int) -> str | None:
        """What records of the kind are counted in, each with a number of its own (V12): a year, or
        the record they are about. None: they have none."""

    def subject(self, kind: str, fields: Fields) -> str | None:
        """The record whose scopes this one follows."""

    def scopes(
        self, kind: str, fields: Fields, org: str, author: str, subject: Record | None
    ) -> Sequence[str]: ...
    def is_decision(self, kind: str, act: str) -> bool: ...
    def rights(self, person: str, org: str, rows: Sequence[Right]) -> Any:
        """What a person may, from the rows that hold at one moment. Opaque here."""

    def allowed(
        self,
        rights: Any,
        kind: str,
        act: str,
        record: Record | None,
        written: Fields,
        subject: Record | None,
    ) -> bool: ...
    def flags(
        self,
        kind: str,
        after: Fields,
        rights: Any,
        eff: int,
        received: int,
        lookup: Callable[[str], Fields | None],
    ) -> Sequence[str]: ...
    def decide(
        self, current: Review | None, version: int, asked: str, judged: int, seen: str | None
    ) -> tuple[Verdict, str | None]:
        """A review of version ``judged`` whose author saw the decision stamped ``seen``."""

    def given(
        self, kind: str, record: str, fields: Fields, deleted: bool, org: str
    ) -> set[tuple[str, str, str]]:
        """(holder, sort, value) of every right this record gives while it stands so."""
