"""Everything as it lies on the disk, undecoded where a flipped byte could hide: for `verify`."""

from collections.abc import Iterator, Sequence

from hushui.storage import codec
from hushui.storage.connections import Connections
from hushui.storage.store import StoredReceipt, StoredRecord
from hushui_sync.world import Device, KnownEntry, Ledger, Line, Right, ScopeHead, Spot


class Audit(Connections):
    def faults(self) -> Sequence[str]:
        rows = self.all("PRAGMA integrity_check")
        return [fault for (fault,) in rows if fault != "ok"]

    def every_epoch(self) -> Iterator[Ledger]:
        """How each ended, the present one last."""
        rows = self.each("SELECT epoch, number, chain FROM epoch ORDER BY seq")
        return (Ledger(*row) for row in rows)

    def every_line(self) -> Iterator[Line]:
        """By device and n."""
        rows = self.each(f"SELECT {codec.LINE} FROM line ORDER BY device, n")
        return (codec.line(row) for row in rows)

    def every_receipt(self) -> Iterator[StoredReceipt]:
        """In commit order."""
        rows = self.each(
            "SELECT epoch, number, device, n, blob, code, at, json, chain, positions"
            " FROM receipt ORDER BY seq"
        )
        return (StoredReceipt(*row) for row in rows)

    def every_record(self) -> Iterator[StoredRecord]:
        rows = self.each(
            "SELECT id, org, kind, author, captured, deleted, subject, state, body, inner"
            " FROM record ORDER BY id"
        )
        return (StoredRecord(*row) for row in rows)

    def every_entry(self) -> Iterator[KnownEntry]:
        rows = self.each(f"SELECT {codec.ENTRY} FROM entry ORDER BY org, id")
        return (codec.entry(row) for row in rows)

    def every_spot(self) -> Iterator[Spot]:
        rows = self.each(f"SELECT {codec.SPOT} FROM spot ORDER BY scope, record")
        return (codec.spot(row) for row in rows)

    def every_scope(self) -> Iterator[tuple[str, ScopeHead]]:
        rows = self.each("SELECT scope, position, digest FROM scope ORDER BY scope")
        return ((scope, ScopeHead(position, digest)) for scope, position, digest in rows)

    def every_right(self) -> Iterator[Right]:
        rows = self.each(
            f"SELECT {codec.RIGHT} FROM holding ORDER BY holder, sort, value, source, since"
        )
        return (codec.right(row) for row in rows)

    def every_device(self) -> Iterator[Device]:
        rows = self.each(f"SELECT {codec.DEVICE} FROM device ORDER BY id")
        return (codec.device(row) for row in rows)

    def every_unmade(self) -> Iterator[tuple[str, str, str]]:
        """(org, record, entry)."""
        rows = self.each("SELECT org, record, entry FROM unmade ORDER BY org, record, entry")
        return ((org, record, entry) for org, record, entry in rows)

    def every_touched(self) -> Iterator[tuple[str, str, str, int]]:
        """(org, record, device, n)."""
        rows = self.each("SELECT org, record, device, n FROM touched ORDER BY 1, 2, 3, 4")
        return ((org, record, device, n) for org, record, device, n in rows)

    def every_naming(self) -> Iterator[tuple[str, str, str, int]]:
        """(org, sha256, device, n)."""
        rows = self.each("SELECT org, sha256, device, n FROM naming ORDER BY 1, 2, 3, 4")
        return ((org, sha256, device, n) for org, sha256, device, n in rows)
