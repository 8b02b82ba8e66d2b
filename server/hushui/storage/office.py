"""What the office asks: lists, counts, histories, what waits, and where a photo belongs."""

import json
from collections.abc import Mapping, Sequence

from hushui.storage import codec
from hushui.storage.connections import Connections
from hushui.storage.filters import happened, where_of
from hushui.storage.schema.search import CHAINAGE, LAT, LON, text_in
from hushui.storage.store import Former, HistoryLine, RecordQuery, Reporters
from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.world import KnownEntry, Line, Record

NEWEST = """(SELECT max(seq) FROM receipt AS r
    WHERE r.device = line.device AND r.n = line.n)"""


class Office(Connections):
    def records(self, query: RecordQuery) -> tuple[Sequence[Record], bool]:
        """(at most ``limit`` records, whether there are more)."""
        where, values = where_of(query)
        if query.after is not None:
            where, values = f"{where} AND record.id < ?", [*values, query.after]
        rows = self.all(
            f"SELECT inner FROM record WHERE {where} ORDER BY record.id DESC LIMIT ?",
            [*values, query.limit + 1],
        )
        records = [codec.record(inner) for (inner,) in rows[: query.limit]]
        return records, len(rows) > query.limit

    def counts(self, query: RecordQuery) -> dict[str, int]:
        """``after`` and ``limit`` do not matter; states that do not occur are left out."""
        where, values = where_of(query)
        return dict(
            self.all(
                f"SELECT state, count(*) FROM record WHERE {where} GROUP BY state ORDER BY state",
                values,
            )
        )

    def counts_by_kind(self, query: RecordQuery) -> dict[str, dict[str, int]]:
        """Kinds and states that do not occur are left out."""
        where, values = where_of(query)
        found: dict[str, dict[str, int]] = {}
        for kind, state, count in self.all(
            f"SELECT kind, state, count(*) FROM record WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2",
            values,
        ):
            found.setdefault(kind, {})[state] = count
        return found

    def received(self, records: Sequence[Record]) -> dict[str, int]:
        rows = self.all(
            """SELECT asked.value ->> 0, min(line.received) FROM json_each(?) AS asked
            CROSS JOIN touched ON touched.org = asked.value ->> 2
                AND touched.record = asked.value ->> 0 AND touched.device = asked.value ->> 1
            CROSS JOIN line ON line.device = touched.device AND line.n = touched.n
            GROUP BY 1""",
            (json.dumps([(record.id, record.device, record.org) for record in records]),),
        )
        return dict(rows)

    def reporters(
        self, org: str, kinds: Mapping[str, str | None], since: int, until: int
    ) -> Reporters:
        alike: dict[str | None, list[str]] = {}
        for kind, by in kinds.items():
            alike.setdefault(by, []).append(kind)
        ways = [
            way for by, kinds in alike.items() for way in happened(org, kinds, by, since, until)
        ]
        made = " UNION ALL ".join(
            f"SELECT id, author, inner FROM record WHERE {sql} AND deleted = 0" for sql, _ in ways
        )
        rows = self.all(
            f"""WITH made AS ({made}) SELECT DISTINCT made.author, coalesce(spot.scope, (
                SELECT value FROM json_each({text_in("made")}, '$.scopes')
                WHERE substr(value, 1, 5) = 'zone:' LIMIT 1))
            FROM made LEFT JOIN spot ON spot.record = made.id AND NOT spot.gone
                AND substr(spot.scope, 1, 5) = 'zone:'""",
            [value for _, values in ways for value in values],
        )
        return Reporters(
            authors=frozenset(author for author, _ in rows),
            zones=frozenset(scope.removeprefix("zone:") for _, scope in rows if scope),
            elsewhere=frozenset(author for author, scope in rows if scope is None),
        )

    def unplaced(
        self, org: str, box: tuple[float, float, float, float]
    ) -> Sequence[tuple[str, float, float]]:
        west, south, east, north = box
        return self.all(
            f"""SELECT id, {LON} AS lon, {LAT} AS lat FROM record
            WHERE org = ? AND {LAT} BETWEEN ? AND ? AND lon BETWEEN ? AND ?
                AND {CHAINAGE} IS NULL ORDER BY id""",
            (org, south, north, west, east),
        )

    def history(self, org: str, record: str) -> Sequence[HistoryLine]:
        """In order of arrival."""
        rows = self.all(
            f"""SELECT {codec.LINE} FROM touched JOIN line USING (device, n)
            WHERE touched.org = ? AND touched.record = ? ORDER BY line.seq""",
            (org, record),
        )
        lines = [codec.line(row) for row in rows]
        return [HistoryLine(line, self._receipts_of(line), self._former(line)) for line in lines]

    def unaccepted(self, org: str) -> Sequence[tuple[KnownEntry | None, Line, Receipt]]:
        rows = self.all(
            f"""SELECT {codec.LINE}, {codec.RECEIPT}, {codec.ENTRY}
            FROM unaccepted JOIN line USING (device, n)
            JOIN receipt ON receipt.seq = {NEWEST}
            LEFT JOIN entry ON entry.org = line.org
                AND entry.id IN (line.entry, line.device || ':' || line.n)
                AND entry.device = line.device AND entry.n = line.n
            WHERE unaccepted.org = ? AND entry.replaced_by IS NULL
                AND coalesce(entry.abandoned, 0) = 0
            ORDER BY line.seq""",
            (org,),
        )
        return [
            (
                codec.entry(entry) if entry[0] is not None else None,
                codec.line(line),
                codec.receipt(receipt),
            )
            for line, receipt, entry in map(_parts, rows)
        ]

    def blob_named(self, org: str, sha256: str) -> bool:
        found = self.one("SELECT 1 FROM naming WHERE org = ? AND sha256 = ? LIMIT 1", (org, sha256))
        return found is not None

    def blob_held(self, org: str, sha256: str) -> bool:
        found = self.one(
            """SELECT 1 FROM receipt JOIN device ON device.id = receipt.device
            WHERE receipt.blob = ?1 AND device.org = ?2
            UNION ALL SELECT 1 FROM kept WHERE sha256 = ?1 AND org = ?2 LIMIT 1""",
            (sha256, org),
        )
        return found is not None

    def blob_records(self, org: str, sha256: str) -> Sequence[Record]:
        """By id."""
        rows = self.all(
            """SELECT inner FROM record WHERE org = ?1 AND id IN (
                SELECT touched.record FROM naming CROSS JOIN touched USING (org, device, n)
                WHERE naming.org = ?1 AND naming.sha256 = ?2
                AND (naming.device, naming.n) NOT IN (
                    SELECT device, n FROM unaccepted WHERE org = ?1
                )
            ) ORDER BY id""",
            (org, sha256),
        )
        return [codec.record(inner) for (inner,) in rows]

    def blobs_named(self, org: str, records: Sequence[str]) -> dict[str, Sequence[str]]:
        # What is not accepted need not be JSON.
        rows = self.all(
            """SELECT wanted.value, blob.value
            FROM json_each(?2) AS wanted
            JOIN touched ON touched.org = ?1 AND touched.record = wanted.value
            JOIN line USING (device, n)
            LEFT JOIN unaccepted AS u ON u.device = line.device AND u.n = line.n
            JOIN json_each(iif(u.n IS NULL, CAST(line.bytes AS TEXT), '{}'), '$.blobs') AS blob
            ORDER BY line.seq, blob.key""",
            (org, json.dumps(list(records))),
        )
        named: dict[str, dict[str, None]] = {}
        for record, sha256 in rows:
            named.setdefault(record, {})[sha256] = None
        return {record: tuple(blobs) for record, blobs in named.items()}

    def photo_records(self, org: str, records: Sequence[str]) -> dict[str, Sequence[Record]]:
        rows = self.all(
            """SELECT inner FROM record WHERE subject IN (SELECT value FROM json_each(?))
            AND org = ? AND kind = 'photo' ORDER BY id""",
            (json.dumps(list(records)), org),
        )
        found: dict[str, list[Record]] = {}
        for (inner,) in rows:
            photo = codec.record(inner)
            found.setdefault(str(photo.subject), []).append(photo)
        return {record: tuple(photos) for record, photos in found.items()}

    def blob_lines(self, org: str, sha256: str) -> Sequence[tuple[Line, Receipt]]:
        """In order of arrival, each with its newest receipt."""
        rows = self.all(
            f"""SELECT {codec.LINE}, {codec.RECEIPT} FROM naming JOIN line USING (device, n)
            JOIN receipt ON receipt.seq = {NEWEST}
            WHERE naming.org = ? AND naming.sha256 = ? ORDER BY line.seq""",
            (org, sha256),
        )
        return [
            (codec.line(line), codec.receipt(receipt)) for line, receipt, _ in map(_parts, rows)
        ]

    def blob_receipts(self, org: str, sha256s: Sequence[str]) -> dict[str, BlobReceipt]:
        """Those of the present epoch."""
        rows = self.all(
            f"""SELECT {codec.RECEIPT} FROM receipt
            WHERE blob IN (SELECT value FROM json_each(?))
            AND epoch = (SELECT epoch FROM epoch ORDER BY seq DESC LIMIT 1)
            AND EXISTS (SELECT 1 FROM device WHERE id = receipt.device AND org = ?)
            ORDER BY seq""",
            (json.dumps(list(sha256s)), org),
        )
        receipts = (codec.blob_receipt(row) for row in rows)
        return {receipt.blob: receipt for receipt in receipts}

    def _receipts_of(self, line: Line) -> tuple[Receipt, ...]:
        rows = self.all(
            f"SELECT {codec.RECEIPT} FROM receipt WHERE device = ? AND n = ? ORDER BY seq",
            (line.device, line.n),
        )
        return tuple(codec.receipt(row) for row in rows)

    def _former(self, line: Line) -> Former | None:
        row = self.one(
            "SELECT verdict, code FROM former WHERE device = ? AND n = ? AND hash = ?",
            (line.device, line.n, line.hash),
        )
        return Former(*row) if row else None


def _parts(row: codec.Columns) -> tuple[codec.Columns, codec.Columns, codec.Columns]:
    """The columns of a line, of its receipt, and what follows."""
    width = len(Line.__struct_fields__)
    return row[:width], row[width : width + 2], row[width + 2 :]
