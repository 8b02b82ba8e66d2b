"""`Changes` into tables: one statement with many rows for each table."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, structs
from sqlite_utils import Database

from hushui.storage import codec, words
from hushui.storage.connections import Connections, sqlite_failures
from hushui.storage.schema import ROWS
from hushui_sync import rows
from hushui_sync.errors import UNACCEPTED
from hushui_sync.feed import FIRST_CHAIN
from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.world import Changes, Device, KnownEntry, Line, Record, Right, Spot


def insert(table: str, sort: type[Struct]) -> str:
    members = sort.__struct_fields__
    return f"INSERT INTO {table} ({', '.join(members)}) VALUES ({', '.join('?' for _ in members)})"


def upsert(table: str, key: str, sort: type[Struct]) -> str:
    """Puts a value in the place of the one with the same key (members separated by blanks)."""
    keys = key.split()
    rest = [name for name in sort.__struct_fields__ if name not in keys]
    update = ", ".join(f"{name} = excluded.{name}" for name in rest)
    return f"{insert(table, sort)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {update}"


DEVICE: Final = upsert("device", "id", Device)
ENTRY: Final = upsert("entry", "org id", KnownEntry)
SPOT: Final = upsert("spot", "scope record", Spot)
HOLDING: Final = upsert("holding", "holder sort value source since", Right)
SCOPE: Final = """INSERT INTO scope VALUES (?, ?, ?)
    ON CONFLICT (scope) DO UPDATE SET position = excluded.position, digest = excluded.digest"""
LINE: Final = insert("line", Line)
RECEIPT: Final = """INSERT INTO receipt
    (epoch, number, device, n, blob, code, at, json, chain, positions)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
RECORD: Final = """INSERT INTO record
    (org, kind, author, captured, deleted, subject, state, body, inner, id, seq)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
RECORD_AGAIN: Final = """UPDATE record SET (org, kind, author, captured, deleted, subject, state,
    body, inner) = (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ? AND seq = ?"""


FOLLOWING: Final = (
    "device",
    "unaccepted",
    "record",
    "entry",
    "unmade",
    "spot",
    "scope",
    "holding",
    "touched",
    "naming",
)
"""The tables of schema/ledger.py that hold what follows from lines and receipts."""


class Writing(Connections):
    def write(self, changes: Changes) -> None:
        """Inside a transaction. New lines and receipts must be new; all else is put in place."""
        self._write_ledger(changes)
        self.many(DEVICE, map(structs.astuple, changes.devices.values()))
        self._callers.write(changes.devices)
        self.many(LINE, map(structs.astuple, changes.lines.values()))
        self._write_receipts(changes)
        self._write_records(changes.records.values())
        self.many(ENTRY, map(structs.astuple, changes.entries.values()))
        self._write_unmade(changes)
        self.many(SPOT, map(structs.astuple, changes.spots.values()))
        self.many(SCOPE, ((scope, h.position, h.digest) for scope, h in changes.scopes.items()))
        self.many(HOLDING, map(structs.astuple, changes.rights.values()))
        self.many("INSERT OR IGNORE INTO touched VALUES (?, ?, ?, ?)", changes.touched)
        self.many("INSERT OR IGNORE INTO naming VALUES (?, ?, ?, ?)", changes.blobs)

    def new_epoch(self, epoch: str) -> None:
        """Its receipts go on counting (R01), so that rights stay in force, and chain to zeros."""
        self.run(
            """INSERT INTO epoch (epoch, number, chain)
            VALUES (?, coalesce((SELECT max(number) FROM epoch), 0), ?)""",
            (epoch, FIRST_CHAIN),
        )

    def take_rows(self, other: Path) -> bool:
        """All that follows from the lines becomes what it is in another store that was written from
        the same ones by this version. One commit: cut off anywhere, nothing has changed. False, and
        nothing has: lines, receipts or devices came in since."""
        with sqlite_failures():
            self._writer.execute("ATTACH ? AS other", (str(other),))
        try:
            with self.transaction():
                self._callers.forget()
                if not all(self._as_many(table) for table in ("line", "receipt", "device")):
                    return False
                for table in FOLLOWING:
                    names = [name for _, name, *_ in self.all(f"PRAGMA table_info({table})")]
                    columns = ", ".join(names)
                    self.run(f"DELETE FROM main.{table}")
                    self.run(
                        f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM other.{table}"
                    )
                words.rebuild(Database(self._writer))
                self.run(f"PRAGMA user_version = {ROWS}")
            return True
        finally:
            with sqlite_failures():
                self._writer.execute("DETACH other")

    def _as_many(self, table: str) -> bool:
        counts = self.one(
            f"SELECT (SELECT count(*) FROM main.{table}), (SELECT count(*) FROM other.{table})"
        )
        return counts is not None and counts[0] == counts[1]

    def _write_ledger(self, changes: Changes) -> None:
        if changes.ledger is not None:
            epoch, number, chain = structs.astuple(changes.ledger)
            self.run(
                "UPDATE epoch SET number = ?, chain = ? WHERE epoch = ?", (number, chain, epoch)
            )

    def _write_receipts(self, changes: Changes) -> None:
        self.many(
            RECEIPT,
            (_receipt(r, changes.positions.get(r.number, ())) for r in changes.receipts),
        )
        newest = {(r.device, r.n): r.verdict for r in changes.receipts if isinstance(r, Receipt)}
        standing = {key for key, verdict in newest.items() if verdict in UNACCEPTED}
        # A new line that was accepted at once has nothing to take away.
        settled = [key for key in newest if key not in standing and key not in changes.lines]
        self.many(
            "INSERT OR IGNORE INTO unaccepted SELECT org, device, n FROM line"
            " WHERE device = ? AND n = ?",
            sorted(standing),
        )
        self.many(
            "DELETE FROM unaccepted WHERE org = (SELECT org FROM device WHERE id = ?1)"
            " AND device = ?1 AND n = ?2",
            settled,
        )

    def _write_records(self, records: Iterable[Record]) -> None:
        by_id = {record.id: record for record in records}
        if not by_id:
            return
        known: dict[str, tuple[int, bytes]] = {
            id: (seq, inner)
            for id, seq, inner in self.all(
                "SELECT id, seq, inner FROM record"
                " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
                (msgspec.json.encode(list(by_id)).decode(),),
            )
        }
        new = [record for id, record in by_id.items() if id not in known]
        top = (self.one("SELECT max(seq) FROM record") or (0,))[0] or 0
        seqs = {id: seq for id, (seq, _) in known.items()}
        seqs |= {record.id: top + i for i, record in enumerate(new, 1)}
        self.many(RECORD, (_record(record, seqs[record.id]) for record in new))
        self.many(RECORD_AGAIN, (_record(by_id[id], seqs[id]) for id in known))
        self._write_words(by_id, seqs, {id: inner for id, (_, inner) in known.items()})

    def _write_words(
        self, records: dict[str, Record], seqs: dict[str, int], before: dict[str, bytes]
    ) -> None:
        news = {id: words.said(record.fields, record.number) for id, record in records.items()}
        olds = {id: words.said_in(inner) for id, inner in before.items()}
        changed = [id for id, said in news.items() if said != olds.get(id)]
        self.many(
            "DELETE FROM record_words WHERE rowid = ?",
            [(seqs[id],) for id in changed if olds.get(id)],
        )
        self.many(
            words.INSERT,
            [(seqs[id], *words.columns(news[id])) for id in changed if news[id]],
        )

    def _write_unmade(self, changes: Changes) -> None:
        stand = [key for key, stands in changes.unmade.items() if stands]
        fall = [key for key, stands in changes.unmade.items() if not stands]
        self.many("INSERT OR IGNORE INTO unmade (org, record, entry) VALUES (?, ?, ?)", stand)
        self.many("DELETE FROM unmade WHERE org = ? AND record = ? AND entry = ?", fall)


def _receipt(
    receipt: Receipt | BlobReceipt, positions: Sequence[tuple[str, int]]
) -> tuple[Any, ...]:
    n, blob, code = (
        (receipt.n, None, receipt.code)
        if isinstance(receipt, Receipt)
        else (None, receipt.blob, None)
    )
    return (
        receipt.epoch,
        receipt.number,
        receipt.device,
        n,
        blob,
        code,
        receipt.at,
        codec.receipt_json(receipt),
        receipt.chain,
        codec.positions_text(positions),
    )


def _record(record: Record, seq: int) -> tuple[Any, ...]:
    return (
        record.org,
        record.kind,
        record.author,
        record.captured,
        record.deleted,
        record.subject,
        codec.state(record.version, record.review),
        rows.body(record),
        codec.inner(record),
        record.id,
        seq,
    )
