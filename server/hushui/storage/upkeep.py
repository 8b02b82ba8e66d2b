"""Compaction of scopes, and the mismatches that phones showed."""

import json
from collections.abc import Sequence
from typing import Final

from msgspec.structs import astuple

from hushui.storage.connections import Connections
from hushui.storage.store import Lost

NUMBER: Final = "CAST(substr(rev, instr(rev, ':') + 1) AS INTEGER)"
OLD: Final = f"gone AND {NUMBER} <= ?"
RAISE: Final = f"""INSERT INTO compaction SELECT scope, max(position) FROM spot WHERE {OLD}
    GROUP BY scope ON CONFLICT (scope) DO UPDATE SET floor = max(floor, excluded.floor)"""
MISMATCH: Final = """INSERT INTO mismatch VALUES (?, ?, ?, 1) ON CONFLICT (device, scope)
    DO UPDATE SET at = excluded.at, times = times + 1"""


LAST: Final = 2**63 - 1


class Upkeep(Connections):
    def floor(self, scope: str) -> int:
        found = self.one("SELECT floor FROM compaction WHERE scope = ?", (scope,))
        return 0 if found is None else int(found[0])

    def compact(self, upto: int) -> None:
        self.run(RAISE, (upto,))
        self.run(f"DELETE FROM spot WHERE {OLD}", (upto,))

    def number_at(self, at: int) -> int:
        # The last before the first later one: a clock that once went back makes nothing new old.
        row = self.one(
            f"""SELECT number FROM receipt
            WHERE seq < ifnull((SELECT min(seq) FROM receipt WHERE at > ?), {LAST})
            ORDER BY seq DESC LIMIT 1""",
            (at,),
        )
        return int(row[0]) if row else 0

    def aged(self, org: str, kind: str, upto: int, after: str, limit: int) -> Sequence[str]:
        rows = self.all(
            f"""SELECT id FROM record WHERE org = ? AND kind = ? AND id > ?
            AND (SELECT 1 FROM spot WHERE spot.record = record.id AND NOT spot.gone
                AND {NUMBER} <= ? LIMIT 1) IS NOT NULL
            ORDER BY id LIMIT ?""",
            (org, kind, after, upto, limit),
        )
        return [id for (id,) in rows]

    def unsettled(self, org: str, records: Sequence[str]) -> bool:
        row = self.one(
            """SELECT 1 FROM json_each(?2) AS asked
            CROSS JOIN touched ON touched.org = ?1 AND touched.record = asked.value
            CROSS JOIN unaccepted USING (org, device, n)
            CROSS JOIN line USING (device, n)
            LEFT JOIN entry ON entry.org = line.org
                AND entry.id IN (line.entry, line.device || ':' || line.n)
                AND entry.device = line.device AND entry.n = line.n
            WHERE entry.replaced_by IS NULL AND coalesce(entry.abandoned, 0) = 0 LIMIT 1""",
            (org, json.dumps(list(records))),
        )
        return row is not None

    def put_lost(self, device: str, lost: Lost) -> None:
        self.run(
            """INSERT INTO lost VALUES (?, ?, ?, ?) ON CONFLICT (device, first)
            DO UPDATE SET last = max(last, excluded.last)""",
            (device, *astuple(lost)),
        )

    def lost(self, device: str) -> Sequence[Lost]:
        rows = self.all(
            "SELECT first, last, at FROM lost WHERE device = ? ORDER BY 1, 2", (device,)
        )
        return [Lost(*row) for row in rows]

    def put_mismatch(self, device: str, scope: str, at: int) -> None:
        self.run(MISMATCH, (device, scope, at))

    def mismatches(self, device: str) -> tuple[int, int]:
        times, at = self.one(
            "SELECT coalesce(sum(times), 0), coalesce(max(at), 0) FROM mismatch WHERE device = ?",
            (device,),
        ) or (0, 0)
        return int(times), int(at)
