"""What the office asks: lists, counts, histories, what waits, and where a photo belongs."""

import json
from collections.abc import Sequence
from typing import Any

from hushui.storage import codec, words
from hushui.storage.connections import Connections
from hushui.storage.store import HistoryLine, RecordQuery
from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.world import KnownEntry, Line, Record

# Not EXISTS: SQLite 3.51.1 makes a join of it and finds a record once for each of its scopes.
LIVE_IN = """(SELECT 1 FROM spot WHERE spot.scope IN (SELECT value FROM json_each(?))
    AND spot.record = record.id AND NOT spot.gone LIMIT 1) IS NOT NULL"""
NEWEST = """(SELECT max(seq) FROM receipt AS r
    WHERE r.device = line.device AND r.n = line.n)"""


class Office(Connections):
    def records(self, query: RecordQuery) -> tuple[Sequence[Record], bool]:
        """(at most ``limit`` records, whether there are more)."""
        where, values = _where(query)
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
        where, values = _where(query)
        return dict(
            self.all(
                f"SELECT state, count(*) FROM record WHERE {where} GROUP BY state ORDER BY state",
                values,
            )
        )

    def history(self, org: str, record: str) -> Sequence[HistoryLine]:
        """In order of arrival."""
        rows = self.all(
            f"""SELECT {codec.LINE} FROM touched JOIN line USING (device, n)
            WHERE touched.org = ? AND touched.record = ? ORDER BY line.seq""",
            (org, record),
        )
        lines = [codec.line(row) for row in rows]
        return [HistoryLine(line, self._receipts_of(line)) for line in lines]

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
            WHERE receipt.blob = ? AND device.org = ? LIMIT 1""",
            (sha256, org),
        )
        return found is not None

    def blob_records(self, org: str, sha256: str) -> Sequence[Record]:
        """By id."""
        rows = self.all(
            """SELECT inner FROM record WHERE org = ?1 AND id IN (
                SELECT touched.record FROM naming JOIN touched USING (org, device, n)
                WHERE naming.org = ?1 AND naming.sha256 = ?2
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


def _parts(row: codec.Columns) -> tuple[codec.Columns, codec.Columns, codec.Columns]:
    """The columns of a line, of its receipt, and what follows."""
    width = len(Line.__struct_fields__)
    return row[:width], row[width : width + 2], row[width + 2 :]


def _where(query: RecordQuery) -> tuple[str, list[Any]]:
    conditions: list[tuple[str, Any]] = [("record.org = ?", query.org)]
    if query.scopes is not None:
        conditions.append((LIVE_IN, json.dumps(sorted(query.scopes))))
    if query.kind is not None:
        conditions.append(("record.kind = ?", query.kind))
    if query.zone is not None:
        conditions.append((LIVE_IN, json.dumps([f"zone:{query.zone}"])))
    if query.person is not None:
        conditions.append(("record.author = ?", query.person))
    if query.state is not None:
        conditions.append(("record.state = ?", query.state))
    if query.since is not None:
        conditions.append(("record.captured >= ?", query.since))
    if query.until is not None:
        conditions.append(("record.captured < ?", query.until))
    if query.q:
        conditions.append(_says(query.q))
    if not query.deleted:
        conditions.append(("record.deleted = ?", 0))
    return " AND ".join(sql for sql, _ in conditions), [value for _, value in conditions]


def _says(q: str) -> tuple[str, Any]:
    match = words.match(q)
    if match is None:
        return "?", 0
    return "record.seq IN (SELECT rowid FROM record_words WHERE record_words MATCH ?)", match
