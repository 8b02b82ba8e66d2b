"""The values `apply` reads and writes: what the ledger knows, and what a group of lines changes.

A `World` is a working set over a `Reader`: it reads through, remembers, and collects the changes of
one commit. Nothing in it touches a disk; positions, numbers, heads and digests die with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import UNSET, Struct, UnsetType, field

from hushui_sync.ids import is_id
from hushui_sync.messages import BlobReceipt, Receipt


class Stamp(Struct, frozen=True, array_like=True):
    """Who last wrote a field."""

    entry: str
    device: str
    n: int
    author: str
    eff: int


class Conflict(Struct, frozen=True):
    """A value that lost (V02, V04, V05). ``field`` is ``$deleted`` for edit against delete."""

    field: str
    value: Any
    entry: str
    device: str
    author: str
    eff: int
    winner: str
    """Stamp of the value that stands."""


class Review(Struct, frozen=True):
    """The office's newest decision about a record, and the version it judged."""

    decision: str
    version: int
    reason: str
    points: tuple[dict[str, Any], ...]
    by: str
    entry: str
    at: int


class Number(Struct, frozen=True, array_like=True):
    """The ``count``-th of its kind in a series: a year, or the record they are about (V12)."""

    series: str
    count: int

    def __str__(self) -> str:
        return str(self.count) if is_id(self.series) else f"{self.series}-{self.count:04}"


class Record(Struct, frozen=True):
    id: str
    org: str
    kind: str
    fields: dict[str, Any]
    stamps: dict[str, Stamp]
    adds: tuple[dict[str, Any], ...]
    deleted: bool
    version: int
    author: str
    device: str
    captured: int
    flags: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    review: Review | None
    subject: str | None
    scopes: tuple[str, ...]
    rev: str
    number: Number | None = None
    left: bool | UnsetType = UNSET
    """S11. Unset where it is not so: the bytes of all other records stay what they were."""

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes it stands in; `scopes` are those it belongs to."""
        return () if self.left else self.scopes


class KnownEntry(Struct, frozen=True):
    """One line the ledger holds, under its entry id. ``content`` is the hash of P08."""

    id: str
    org: str
    device: str
    n: int
    author: str
    content: str
    eff: int
    verdict: str
    waits: str | None = None
    replaced_by: str | None = None
    abandoned: bool = False

    @property
    def unaccepted(self) -> bool:
        return self.verdict in ("held", "refused", "quarantined")

    @property
    def given_up(self) -> bool:
        """Its author needs it no more: nobody judges it again."""
        return self.replaced_by is not None or self.abandoned


class Line(Struct, frozen=True):
    """A stored line: its bytes, and its newest verdict by way of `newest`."""

    device: str
    n: int
    org: str
    author: str
    hash: str
    bytes: bytes
    entry: str | None
    eff: int
    received: int


class Device(Struct, frozen=True):
    id: str
    org: str
    person: str
    key: str
    label: str
    enrolled: int
    """When, in milliseconds; the time of ``contact`` 0."""
    enrolled_number: int = 0
    """The ledger's number then; the rights of ``contact`` 0 are those at this number."""
    revoked: int | None = None
    """Number of the receipt that revoked it."""
    n: int = 0
    hash: str = "0" * 32
    eff: int | None = None


class Right(Struct, frozen=True):
    """One thing a holder (``person:ID`` or ``team:ID``) may, from one receipt number to another.

    Numbers are of this ledger: ``since`` inclusive, ``until`` exclusive, None = still.
    """

    holder: str
    sort: str
    value: str
    source: str
    since: int
    until: int | None = None


class ScopeHead(Struct, frozen=True):
    position: int
    digest: bytes


class Spot(Struct, frozen=True):
    """Where a row stands in a scope. ``body`` None with ``gone`` False: the record table has it."""

    scope: str
    record: str
    org: str
    position: int
    rev: str
    gone: bool
    body: bytes | None = None


class Ledger(Struct, frozen=True):
    """The head of the whole ledger."""

    epoch: str
    number: int
    chain: str


class Span(Struct, frozen=True):
    """A stretch of time, in milliseconds, and the fields that say when a record begins and ends.
    The end is none of it; without one it goes on."""

    start: str
    end: str
    since: float
    until: float | None

    def meets(self, fields: Mapping[str, Any]) -> bool:
        """Whether they share a moment. What says no beginning shares none."""
        begun, ended = fields.get(self.start), fields.get(self.end)
        return _is_before(begun, self.until) and _is_before(self.since, ended)


def _is_before(begun: Any, ended: Any) -> bool:
    return _is_time(begun) and (ended is None or (_is_time(ended) and begun < ended))


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Reader(Protocol):
    """What `apply` may look up: everything as it was before this commit."""

    def ledger(self) -> Ledger: ...
    def device(self, device: str) -> Device | None: ...
    def line(self, device: str, n: int) -> Line | None: ...
    def line_by_hash(self, device: str, hash: str) -> int | None: ...
    def newest(self, device: str, n: int) -> Receipt | None: ...
    def received_at(self, epoch: str, number: int) -> int | None:
        """Milliseconds of that receipt; None when this ledger does not have it."""

    def record(self, record: str) -> Record | None: ...
    def followers(self, record: str) -> Sequence[str]:
        """Ids of records whose subject this is, ordered."""

    def during(self, org: str, kind: str, span: Span) -> Sequence[Record]:
        """An organisation's records of one kind that share a moment with the span and are not
        deleted, by id."""

    def alike(self, org: str, kind: str, field: str, value: str) -> Sequence[Record]:
        """An organisation's records of one kind with this text in a field that are not deleted, by
        id."""

    def last_number(self, org: str, kind: str, series: str) -> int:
        """The highest count given in the series; 0 = none yet."""

    def entry(self, org: str, entry: str) -> KnownEntry | None: ...
    def unmade(self, org: str, record: str) -> str | None:
        """The first unaccepted entry that would have made this record."""

    def waiting(self, org: str, entry: str) -> Sequence[KnownEntry]:
        """Held entries whose ``waits`` is this one, by device and n."""

    def held_kinds(self, org: str) -> Sequence[KnownEntry]: ...
    def rights(self, holder: str) -> Sequence[Right]:
        """All rows of a holder, ended ones too, ordered by since, sort, value."""

    def rights_from(self, source: str) -> Sequence[Right]:
        """The rows a record gave that have not ended."""

    def scope(self, scope: str) -> ScopeHead | None: ...
    def spot(self, scope: str, record: str) -> Spot | None: ...
    def blob(self, org: str, sha256: str) -> BlobReceipt | None:
        """The organisation's receipt for the blob, of the present epoch."""

    def naming(self, org: str, sha256: str) -> Sequence[str]:
        """Ids of records spoken of by lines that name the blob, ordered."""


class Changes(Struct):
    """Everything one commit writes, as values. Upserts by the key in the comment."""

    ledger: Ledger | None = None
    devices: dict[str, Device] = field(default_factory=dict)  # id
    lines: dict[tuple[str, int], Line] = field(default_factory=dict)  # (device, n), new
    receipts: list[Receipt | BlobReceipt] = field(default_factory=list)  # (epoch, number), new
    positions: dict[int, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    """number → (scope, position) … its receipt allocated, sorted."""
    records: dict[str, Record] = field(default_factory=dict)  # id
    entries: dict[tuple[str, str], KnownEntry] = field(default_factory=dict)  # (org, id)
    unmade: dict[tuple[str, str, str], bool] = field(default_factory=dict)
    """(org, record, entry) → stands (True) or is taken away (False)."""
    spots: dict[tuple[str, str], Spot] = field(default_factory=dict)  # (scope, record)
    scopes: dict[str, ScopeHead] = field(default_factory=dict)  # scope
    rights: dict[tuple[str, str, str, str, int], Right] = field(default_factory=dict)
    """(holder, sort, value, source, since)."""
    touched: list[tuple[str, str, str, int]] = field(default_factory=list)
    """(org, record, device, n): which lines speak of which record, for its history."""
    blobs: list[tuple[str, str, str, int]] = field(default_factory=list)
    """(org, sha256, device, n): which lines name which blob."""
