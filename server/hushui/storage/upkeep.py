"""Compaction of scopes, and the mismatches that phones showed."""

from typing import Final

from hushui.storage.connections import Connections

NUMBER: Final = "CAST(substr(rev, instr(rev, ':') + 1) AS INTEGER)"
OLD: Final = f"""gone AND {NUMBER} <=
    (SELECT number FROM receipt WHERE at <= ? ORDER BY seq DESC LIMIT 1)"""
RAISE: Final = f"""INSERT INTO compaction SELECT scope, max(position) FROM spot WHERE {OLD}
    GROUP BY scope ON CONFLICT (scope) DO UPDATE SET floor = max(floor, excluded.floor)"""
MISMATCH: Final = """INSERT INTO mismatch VALUES (?, ?, ?, 1) ON CONFLICT (device, scope)
    DO UPDATE SET at = excluded.at, times = times + 1"""


class Upkeep(Connections):
    def floor(self, scope: str) -> int:
        found = self.one("SELECT floor FROM compaction WHERE scope = ?", (scope,))
        return 0 if found is None else int(found[0])

    def compact(self, before: int) -> None:
        self.run(RAISE, (before,))
        self.run(f"DELETE FROM spot WHERE {OLD}", (before,))

    def put_mismatch(self, device: str, scope: str, at: int) -> None:
        self.run(MISMATCH, (device, scope, at))

    def mismatches(self, device: str) -> tuple[int, int]:
        times, at = self.one(
            "SELECT coalesce(sum(times), 0), coalesce(max(at), 0) FROM mismatch WHERE device = ?",
            (device,),
        ) or (0, 0)
        return int(times), int(at)
