"""What a pull, a snapshot and a check read. Bodies are handed on as the bytes that were stored."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from msgspec import Raw

from hushui.storage.connections import Connections
from hushui_sync.messages import Row

ROW: Final = """SELECT spot.position, spot.record, spot.rev, spot.gone,
    coalesce(spot.body, record.body) FROM spot
    LEFT JOIN record ON record.id = spot.record AND spot.body IS NULL AND NOT spot.gone"""
ENVELOPE: Final = 40
"""Bytes a row costs on the wire beside its record, rev and body."""

Found = tuple[int, Row]


class Pull(Connections):
    def heads(self, scopes: Sequence[str]) -> dict[str, int]:
        """One for each scope asked; 0 where nothing has happened yet."""
        rows = self.all(
            "SELECT scope, position FROM scope"
            " WHERE scope IN (SELECT value FROM json_each(?)) ORDER BY scope",
            (json.dumps(list(scopes)),),
        )
        return dict.fromkeys(scopes, 0) | dict(rows)

    def page(self, scope: str, after: int, budget: int) -> tuple[Sequence[Found], bool]:
        rows = self.each(
            f"{ROW} WHERE spot.scope = ? AND spot.position > ? ORDER BY spot.position",
            (scope, after),
        )
        return _within(budget, rows)

    def snapshot(
        self, scope: str, before: str | None, upto: int, budget: int
    ) -> tuple[Sequence[Row], bool]:
        below = "" if before is None else "AND spot.record < ?3"
        rows = self.each(
            # The plus keeps SQLite from the index of positions: it would sort what is left of the
            # scope again for each page.
            f"{ROW} WHERE spot.scope = ?1 AND +spot.position <= ?2 AND NOT spot.gone {below}"
            " ORDER BY spot.record DESC",
            (scope, upto) if before is None else (scope, upto, before),
        )
        found, more = _within(budget, rows)
        return [row for _, row in found], more

    def members(self, scope: str) -> Sequence[tuple[str, str]]:
        rows = self.all(
            "SELECT record, rev FROM spot WHERE scope = ? AND NOT gone ORDER BY record", (scope,)
        )
        return [(record, rev) for record, rev in rows]

    def live_rows(self, scope: str, records: Sequence[str]) -> Sequence[Row]:
        """Those of ``records`` that are live in the scope, by record id."""
        rows = self.all(
            f"{ROW} WHERE spot.scope = ? AND NOT spot.gone"
            " AND spot.record IN (SELECT value FROM json_each(?)) ORDER BY spot.record",
            (scope, json.dumps(list(records))),
        )
        return [_found(row)[1] for row in rows]


def _within(budget: int, rows: Iterator[Any]) -> tuple[list[Found], bool]:
    found: list[Found] = []
    size = 0
    for position, record, rev, gone, body in rows:
        if size >= budget and found:
            return found, True
        size += ENVELOPE + len(record) + len(rev)
        if gone:
            found.append((position, Row(record, rev, None, True)))
        else:
            size += len(body)
            found.append((position, Row(record, rev, Raw(body))))
    return found, False


def _found(row: Iterable[Any]) -> Found:
    position, record, rev, gone, body = row
    if gone:
        return position, Row(record, rev, gone=True)
    return position, Row(record, rev, Raw(body))
