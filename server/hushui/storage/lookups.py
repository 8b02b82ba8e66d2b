"""What `apply` asks: the Reader of the sync core."""

from collections.abc import Sequence
from typing import Final

from hushui.storage import codec
from hushui.storage.connections import Connections
from hushui.storage.schema.numbers import COUNT, SERIES
from hushui.storage.schema.search import number_at, value_at
from hushui_sync.feed import FIRST_CHAIN
from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.world import (
    Device,
    KnownEntry,
    Ledger,
    Line,
    Record,
    Right,
    ScopeHead,
    Span,
    Spot,
)

LAST: Final = 2**63 - 1


class Lookups(Connections):
    def ledger(self) -> Ledger:
        """Epoch "" and number 0 before the first `new_epoch`."""
        row = self.one("SELECT epoch, number, chain FROM epoch ORDER BY seq DESC LIMIT 1")
        return Ledger(*row) if row else Ledger("", 0, FIRST_CHAIN)

    def device(self, device: str) -> Device | None:
        row = self.one(f"SELECT {codec.DEVICE} FROM device WHERE id = ?", (device,))
        return codec.device(row) if row else None

    def line(self, device: str, n: int) -> Line | None:
        row = self.one(f"SELECT {codec.LINE} FROM line WHERE device = ? AND n = ?", (device, n))
        return codec.line(row) if row else None

    def line_by_hash(self, device: str, hash: str) -> int | None:
        row = self.one(
            "SELECT n FROM line WHERE device = ? AND hash = ? ORDER BY n LIMIT 1", (device, hash)
        )
        return row[0] if row else None

    def newest(self, device: str, n: int) -> Receipt | None:
        row = self.one(
            f"SELECT {codec.RECEIPT} FROM receipt"
            " WHERE device = ? AND n = ? ORDER BY seq DESC LIMIT 1",
            (device, n),
        )
        return codec.receipt(row) if row else None

    def received_at(self, epoch: str, number: int) -> int | None:
        """An epoch's first contact is the number the one before it ended with (R01)."""
        row = self.one(
            """SELECT at FROM receipt WHERE epoch IN (SELECT epoch FROM epoch) AND number = ?1
            AND ?1 <= (SELECT number FROM epoch WHERE epoch = ?2)""",
            (number, epoch),
        )
        return row[0] if row else None

    def record(self, record: str) -> Record | None:
        row = self.one("SELECT inner FROM record WHERE id = ?", (record,))
        return codec.record(row[0]) if row else None

    def followers(self, record: str) -> Sequence[str]:
        rows = self.all("SELECT id FROM record WHERE subject = ? ORDER BY id", (record,))
        return [id for (id,) in rows]

    def during(self, org: str, kind: str, span: Span) -> Sequence[Record]:
        """Names are written out, not bound: only so SQLite sees that an index fits."""
        assert all(name.isidentifier() for name in (kind, span.start, span.end))
        start, end = number_at(span.start), number_at(span.end)
        asked = f"""SELECT id, inner FROM record WHERE org = ?1 AND kind = '{kind}'
            AND deleted = 0 AND {start} < ?3 AND {end}"""
        rows = self.all(
            f"{asked} > ?2 UNION ALL {asked} IS NULL ORDER BY id",
            (org, span.since, LAST if span.until is None else span.until),
        )
        found = (codec.record(inner) for _, inner in rows)
        return [record for record in found if span.meets(record.fields)]

    def alike(self, org: str, kind: str, field: str, value: str) -> Sequence[Record]:
        assert field.isidentifier()
        rows = self.all(
            f"""SELECT id, inner FROM record WHERE org = ? AND kind = ? AND deleted = 0
            AND {value_at(f"fields.{field}")} = ?""",
            (org, kind, value),
        )
        return [codec.record(inner) for _, inner in sorted(rows)]

    def last_number(self, org: str, kind: str, series: str) -> int:
        row = self.one(
            f"SELECT max({COUNT}) FROM record WHERE org = ? AND kind = ? AND {SERIES} = ?",
            (org, kind, series),
        )
        return (row[0] if row else None) or 0

    def entry(self, org: str, entry: str) -> KnownEntry | None:
        row = self.one(f"SELECT {codec.ENTRY} FROM entry WHERE org = ? AND id = ?", (org, entry))
        return codec.entry(row) if row else None

    def unmade(self, org: str, record: str) -> str | None:
        row = self.one(
            "SELECT entry FROM unmade WHERE org = ? AND record = ? ORDER BY seq LIMIT 1",
            (org, record),
        )
        return row[0] if row else None

    def waiting(self, org: str, entry: str) -> Sequence[KnownEntry]:
        rows = self.all(
            f"SELECT {codec.ENTRY} FROM entry"
            " WHERE org = ? AND waits = ? AND verdict = 'held' ORDER BY device, n",
            (org, entry),
        )
        return [codec.entry(row) for row in rows]

    def held_kinds(self, org: str) -> Sequence[KnownEntry]:
        """Held entries whose newest receipt says unknown_kind, by device and n."""
        rows = self.all(
            f"""SELECT {codec.ENTRY} FROM entry
            WHERE org = ? AND waits IS NULL AND verdict = 'held' AND 'unknown_kind' = (
                SELECT code FROM receipt WHERE receipt.device = entry.device
                AND receipt.n = entry.n ORDER BY seq DESC LIMIT 1)
            ORDER BY device, n""",
            (org,),
        )
        return [codec.entry(row) for row in rows]

    def rights(self, holder: str) -> Sequence[Right]:
        rows = self.all(
            f"SELECT {codec.RIGHT} FROM holding WHERE holder = ?"
            " ORDER BY since, sort, value, source",
            (holder,),
        )
        return [codec.right(row) for row in rows]

    def rights_from(self, source: str) -> Sequence[Right]:
        rows = self.all(
            f"SELECT {codec.RIGHT} FROM holding WHERE source = ? AND until IS NULL"
            " ORDER BY holder, sort, value, since",
            (source,),
        )
        return [codec.right(row) for row in rows]

    def scope(self, scope: str) -> ScopeHead | None:
        row = self.one("SELECT position, digest FROM scope WHERE scope = ?", (scope,))
        return ScopeHead(*row) if row else None

    def spot(self, scope: str, record: str) -> Spot | None:
        row = self.one(
            f"SELECT {codec.SPOT} FROM spot WHERE scope = ? AND record = ?", (scope, record)
        )
        return codec.spot(row) if row else None

    def blob(self, org: str, sha256: str) -> BlobReceipt | None:
        row = self.one(
            f"""SELECT {codec.RECEIPT} FROM receipt WHERE blob = ?
            AND epoch = (SELECT epoch FROM epoch ORDER BY seq DESC LIMIT 1)
            AND EXISTS (SELECT 1 FROM device WHERE id = receipt.device AND org = ?)
            ORDER BY seq DESC LIMIT 1""",
            (sha256, org),
        )
        return codec.blob_receipt(row) if row else None

    def naming(self, org: str, sha256: str) -> Sequence[str]:
        rows = self.all(
            # CROSS: SQLite would begin with every line of the organisation.
            """SELECT DISTINCT touched.record FROM naming CROSS JOIN touched USING (org, device, n)
            WHERE naming.org = ? AND naming.sha256 = ? ORDER BY touched.record""",
            (org, sha256),
        )
        return [record for (record,) in rows]
