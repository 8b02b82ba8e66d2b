"""Everything as it lies on the disk, undecoded where a flipped byte could hide: for `verify`."""

from collections.abc import Iterator, Sequence
from typing import Final

from hushui.storage import codec
from hushui.storage.connections import Connections, sqlite_failures
from hushui.storage.store import Misfit, StoredReceipt, StoredRecord
from hushui_sync.world import Device, KnownEntry, Ledger, Line, Right, ScopeHead, Spot

KEYS: Final = {
    "epoch": ("epoch",),
    "device": ("id",),
    "line": ("device", "n"),
    "receipt": ("epoch", "number"),
    "unaccepted": ("org", "device", "n"),
    "record": ("id",),
    "entry": ("org", "id"),
    "unmade": ("org", "record", "entry"),
    "spot": ("scope", "record"),
    "scope": ("scope",),
    "holding": ("holder", "sort", "value", "source", "since"),
    "touched": ("org", "record", "device", "n"),
    "naming": ("org", "sha256", "device", "n"),
}
"""Every table of schema/ledger.py but the words, and how one of its rows is named."""
WORDS: Final = """CREATE VIRTUAL TABLE IF NOT EXISTS temp.words
    USING fts5vocab(main, record_words, instance)"""


class Audit(Connections):
    def faults(self) -> Sequence[str]:
        rows = self.all("PRAGMA integrity_check")
        return [fault for (fault,) in rows if fault != "ok"]

    def every_table(self) -> Iterator[tuple[str, str]]:
        rows = self.each(
            """SELECT name, coalesce(sql, '') FROM sqlite_schema
            WHERE substr(name, 1, 1) <> '_' AND substr(name, 1, 13) <> 'record_words_'
            ORDER BY name"""
        )
        return ((name, sql) for name, sql in rows)

    def every_misfit(self) -> Iterator[Misfit]:
        """STRICT keeps other types out only while SQLite itself writes the file."""
        for table, key in KEYS.items():
            declared = self.all(f"PRAGMA table_info({table})")
            wrong = " ".join(_wrong(name, sort, needed) for _, name, sort, needed, *_ in declared)
            rows = self.each(f"SELECT {', '.join(key)}, CASE {wrong} END AS odd FROM {table}")
            yield from (Misfit(table, row[:-1], row[-1]) for row in rows if row[-1] is not None)

    def every_epoch(self) -> Iterator[Ledger]:
        """How each ended, the present one last."""
        rows = self.each("SELECT epoch, number, chain FROM epoch ORDER BY seq")
        return (Ledger(*row) for row in rows)

    def every_line(self) -> Iterator[Line]:
        """By device and n."""
        rows = self.each(f"SELECT {codec.LINE} FROM line ORDER BY device, n")
        return (codec.line(row) for row in rows)

    def every_arrival(self) -> Iterator[tuple[str, int, int]]:
        rows = self.each("SELECT device, n, seq FROM line ORDER BY device, n")
        return ((device, n, seq) for device, n, seq in rows)

    def every_receipt(self) -> Iterator[StoredReceipt]:
        """In commit order."""
        rows = self.each(
            "SELECT seq, epoch, number, device, n, blob, code, at, json, chain, positions"
            " FROM receipt ORDER BY seq"
        )
        return (StoredReceipt(*row) for row in rows)

    def every_record(self) -> Iterator[StoredRecord]:
        rows = self.each(
            "SELECT seq, id, org, kind, author, captured, deleted, subject, state, body, inner"
            " FROM record ORDER BY id"
        )
        return (StoredRecord(*row) for row in rows)

    def every_entry(self) -> Iterator[KnownEntry]:
        rows = self.each(f"SELECT {codec.ENTRY} FROM entry ORDER BY org, id")
        return (KnownEntry(*row) for row in rows)

    def every_spot(self) -> Iterator[Spot]:
        rows = self.each(f"SELECT {codec.SPOT} FROM spot ORDER BY scope, record")
        return (Spot(*row) for row in rows)

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

    def every_word(self) -> Iterator[tuple[str, int, str, int]]:
        connection = self._connection()
        with sqlite_failures():
            connection.execute("PRAGMA query_only = OFF")
            connection.execute(WORDS)
            connection.execute("PRAGMA query_only = ON")
        rows = self.each("SELECT term, doc, col, offset FROM temp.words ORDER BY 1, 2, 3, 4")
        return ((term, doc, col, offset) for term, doc, col, offset in rows)

    def every_unaccepted(self) -> Iterator[tuple[str, str, int]]:
        rows = self.each("SELECT org, device, n FROM unaccepted ORDER BY 1, 2, 3")
        return ((org, device, n) for org, device, n in rows)

    def every_unmade(self) -> Iterator[tuple[str, str, str, int]]:
        rows = self.each(
            """SELECT org, record, entry, row_number() OVER (PARTITION BY org, record ORDER BY seq)
            FROM unmade ORDER BY 1, 2, 3"""
        )
        return ((org, record, entry, place) for org, record, entry, place in rows)

    def every_touched(self) -> Iterator[tuple[str, str, str, int]]:
        """(org, record, device, n)."""
        rows = self.each("SELECT org, record, device, n FROM touched ORDER BY 1, 2, 3, 4")
        return ((org, record, device, n) for org, record, device, n in rows)

    def every_naming(self) -> Iterator[tuple[str, str, str, int]]:
        """(org, sha256, device, n)."""
        rows = self.each("SELECT org, sha256, device, n FROM naming ORDER BY 1, 2, 3, 4")
        return ((org, sha256, device, n) for org, sha256, device, n in rows)


def _wrong(column: str, declared: str, needed: int) -> str:
    """A branch of CASE that names the column. A key of WITHOUT ROWID is declared NOT NULL too."""
    kinds = f"'{declared.lower()}'" + ("" if needed else ", 'null'")
    return f"WHEN typeof({column}) NOT IN ({kinds}) THEN '{column}'"
