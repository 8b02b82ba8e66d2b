"""Whoever plans a shift waits for those of that time only, however many there are."""

from pathlib import Path
from typing import Any

import pytest

from hushui.storage.sqlite import SqliteStore
from hushui_sync.world import Record, Span
from tests.storage.contract import ORG
from tests.storage.scribe import Scribe, record
from tests.support import ids

SPAN = Span("start", "end", 10, 20)


def plan_of(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[Record]]:
    """How SQLite finds them, and what it found."""
    asked: list[tuple[str, tuple[Any, ...]]] = []
    ask = store.all

    def noted(sql: str, values: tuple[Any, ...] = ()) -> Any:
        asked.append((sql, values))
        return ask(sql, values)

    with monkeypatch.context() as patch:
        patch.setattr(store, "all", noted)
        found = list(store.during(ORG, "duty_shift", SPAN))
    ((sql, values),) = asked
    return [step for *_, step in ask(f"EXPLAIN QUERY PLAN {sql}", values)], found


def test_an_older_store_gets_the_index_and_a_span_is_found_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hushui.db"
    store = SqliteStore(path)
    scribe = Scribe(store, ORG)
    scribe.begin()
    shift = record("day", ORG, kind="duty_shift", fields={"start": 12, "end": 15})
    scribe.write(shift, record("hazard", ORG))
    tables = list(store.every_table())
    with store.transaction():
        store.run("DROP INDEX record_shift")
        store.run("DELETE FROM _sqlite_migrations WHERE name = '0007_shifts'")
    store.close()
    store = SqliteStore(path)
    assert sorted(store.every_table()) == sorted(tables)
    steps, found = plan_of(store, monkeypatch)
    assert [it.id for it in found] == [ids.make("day")]
    searched = [step for step in steps if "record" in step]
    assert len(searched) == 2
    assert all("SEARCH record USING INDEX record_shift" in step for step in searched), steps
    store.close()
