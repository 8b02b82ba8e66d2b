"""Who makes a hazard waits for no other: the last number of a series is found by its index."""

from pathlib import Path
from typing import Any

import pytest

from hushui.storage.sqlite import SqliteStore
from hushui_sync.world import Number
from tests.storage.contract import ORG
from tests.storage.scribe import Scribe, record


def test_an_older_store_gets_the_index_and_the_last_number_is_found_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hushui.db"
    store = SqliteStore(path)
    scribe = Scribe(store, ORG)
    scribe.begin()
    scribe.write(record("a", ORG, number=Number("2026", 7)), record("b", ORG))
    with store.transaction():
        store.run("DROP INDEX record_number")
        store.run("DELETE FROM _sqlite_migrations WHERE name = '0008_numbers'")
    store.close()
    store = SqliteStore(path)
    asked: list[tuple[str, tuple[Any, ...]]] = []
    one = store.one

    def noted(sql: str, values: tuple[Any, ...] = ()) -> Any:
        asked.append((sql, values))
        return one(sql, values)

    monkeypatch.setattr(store, "one", noted)
    assert store.last_number(ORG, "hazard", "2026") == 7
    ((sql, values),) = asked
    steps = [step for *_, step in store.all(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert len(steps) == 1
    assert "USING COVERING INDEX record_number" in steps[0]
    store.close()
