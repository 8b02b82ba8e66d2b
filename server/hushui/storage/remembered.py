"""What one commit asks the store, asked once: nothing below it changes before it is over."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.world import (
    Device,
    KnownEntry,
    Ledger,
    Line,
    Reader,
    Record,
    Right,
    ScopeHead,
    Span,
    Spot,
)

UNASKED: Final = object()


class Remembered:
    """A Reader over a Reader. A line of ours asks for its zone, its author's rights and its own new
    record ten times over, and each time SQLite took longer than the rule that asked."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[Any, Any] = {}

    def learn(self, known: Mapping[tuple[str, tuple[Any, ...]], Any]) -> None:
        """What the Reader below would say, by method and arguments."""
        self._known |= known

    def _once(self, name: str, *key: Any) -> Any:
        asked = (name, key)
        found = self._known.get(asked, UNASKED)
        if found is UNASKED:
            found = self._known[asked] = getattr(self._reader, name)(*key)
        return found

    def ledger(self) -> Ledger:
        found: Ledger = self._once("ledger")
        return found

    def device(self, device: str) -> Device | None:
        found: Device | None = self._once("device", device)
        return found

    def line(self, device: str, n: int) -> Line | None:
        return self._reader.line(device, n)

    def line_by_hash(self, device: str, hash: str) -> int | None:
        return self._reader.line_by_hash(device, hash)

    def newest(self, device: str, n: int) -> Receipt | None:
        return self._reader.newest(device, n)

    def received_at(self, epoch: str, number: int) -> int | None:
        found: int | None = self._once("received_at", epoch, number)
        return found

    def record(self, record: str) -> Record | None:
        found: Record | None = self._once("record", record)
        return found

    def followers(self, record: str) -> Sequence[str]:
        found: Sequence[str] = self._once("followers", record)
        return found

    def during(self, org: str, kind: str, span: Span) -> Sequence[Record]:
        return self._reader.during(org, kind, span)

    def alike(self, org: str, kind: str, field: str, value: str) -> Sequence[Record]:
        return self._reader.alike(org, kind, field, value)

    def last_number(self, org: str, kind: str, series: str) -> int:
        found: int = self._once("last_number", org, kind, series)
        return found

    def entry(self, org: str, entry: str) -> KnownEntry | None:
        found: KnownEntry | None = self._once("entry", org, entry)
        return found

    def unmade(self, org: str, record: str) -> str | None:
        found: str | None = self._once("unmade", org, record)
        return found

    def waiting(self, org: str, entry: str) -> Sequence[KnownEntry]:
        """A line waits for one that is known: of a new one nothing has to be looked for."""
        if self.entry(org, entry) is None:
            return ()
        found: Sequence[KnownEntry] = self._once("waiting", org, entry)
        return found

    def held_kinds(self, org: str) -> Sequence[KnownEntry]:
        return self._reader.held_kinds(org)

    def rights(self, holder: str) -> Sequence[Right]:
        found: Sequence[Right] = self._once("rights", holder)
        return found

    def rights_from(self, source: str) -> Sequence[Right]:
        found: Sequence[Right] = self._once("rights_from", source)
        return found

    def scope(self, scope: str) -> ScopeHead | None:
        found: ScopeHead | None = self._once("scope", scope)
        return found

    def spot(self, scope: str, record: str) -> Spot | None:
        """What is new stands in no scope yet."""
        if self._is_new(record):
            return None
        found: Spot | None = self._once("spot", scope, record)
        return found

    def _is_new(self, row: str) -> bool:
        """A record nobody made before, or what is said of a line beyond the feed's head."""
        sort, colon, line = row.partition(":")
        if not colon:
            return self.record(row) is None
        if sort == "b":
            return False
        device, _, n = line.partition(":")
        known = self.device(device)
        return known is not None and int(n) > known.n

    def blob(self, org: str, sha256: str) -> BlobReceipt | None:
        return self._reader.blob(org, sha256)

    def naming(self, org: str, sha256: str) -> Sequence[str]:
        return self._reader.naming(org, sha256)
