"""What is asked all the time is found by an index, however many records there are."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hushui.storage.sqlite import SqliteStore
from hushui.storage.store import RecordQuery
from tests.storage.contract import ORG
from tests.storage.scribe import Scribe, record
from tests.support import ids

ZONE = f"zone:{ids.make('zone')}"
ALL = RecordQuery(org=ORG, scopes=None)
SEEN = frozenset({ZONE, f"person:{ids.make('zhang')}"})
STEPS = ("0009_growth",)
INDEXES = (
    *("spot_record", "record_state", "record_day"),
    *("record_code", "record_at", "record_started", "record_taken"),
)
KINDS = {"hazard": None, "reading": "at", "call": "at", "patrol": "started", "photo": "taken"}
DAY = (0, 10)


def plan_of(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, ask: Callable[[], object]
) -> list[str]:
    """How SQLite finds what is asked, statement by statement."""
    asked: list[tuple[str, Any]] = []
    all_of = store.all

    def noted(sql: str, values: Any = ()) -> Any:
        asked.append((sql, values))
        return all_of(sql, values)

    with monkeypatch.context() as patch:
        patch.setattr(store, "all", noted)
        ask()
    return [
        step for sql, values in asked for *_, step in all_of(f"EXPLAIN QUERY PLAN {sql}", values)
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """As a version before this one left it."""
    path = tmp_path / "hushui.db"
    store = SqliteStore(path)
    scribe = Scribe(store, ORG)
    scribe.begin()
    scribe.write(record("a", ORG, scopes=(ZONE,)), record("b", ORG, 1, scopes=()))
    with store.transaction():
        for index in INDEXES:
            store.run(f"DROP INDEX IF EXISTS {index}")
        for step in STEPS:
            store.run("DELETE FROM _sqlite_migrations WHERE name = ?", (step,))
    store.close()
    return path


@pytest.fixture
def store(path: Path) -> Any:
    store = SqliteStore(path)
    yield store
    store.close()


def test_who_reported_is_found_without_a_look_at_every_place_of_every_record(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = plan_of(store, monkeypatch, lambda: store.reporters(ORG, KINDS, *DAY))
    assert not [step for step in steps if step.startswith("SCAN spot")], steps
    assert any("spot USING INDEX spot_record (record=?)" in step for step in steps), steps
    assert not [step for step in steps if step.startswith("SCAN record")], steps
    of_the_day = [step for step in steps if step.startswith("SEARCH record")]
    assert [step.split("INDEX ")[1] for step in of_the_day] == [
        "record_day (org=? AND kind=? AND captured>? AND captured<?)",
        *(
            step
            for name in ("at", "started", "taken")
            for step in (
                f"record_{name} (org=? AND kind=? AND <expr>>? AND <expr><?)",
                "record_day (org=? AND kind=? AND captured>? AND captured<?)",
            )
        ),
    ]


def test_what_stands_since_long_ago_is_found_without_opening_a_record(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every night, of every record there is."""
    steps = plan_of(store, monkeypatch, lambda: store.aged(ORG, "hazard", 9, "", 9))
    assert [step for step in steps if "record USING" in step] == [
        "SEARCH record USING COVERING INDEX record_kind (org=? AND kind=? AND id>?)"
    ]
    assert any("spot USING INDEX spot_record (record=?)" in step for step in steps), steps
    assert not [step for step in steps if "TEMP B-TREE" in step], steps


@pytest.mark.parametrize(("kind", "by"), KINDS.items())
def test_a_figure_looks_at_the_records_of_its_day_only(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, kind: str, by: str | None
) -> None:
    query = RecordQuery(
        org=ORG, scopes=None, kind=kind, since=0, until=10, by=by, by_either=by is not None
    )
    steps = plan_of(store, monkeypatch, lambda: store.records(query))
    used = {step.split("INDEX ")[1].split()[0] for step in steps if "INDEX record_" in step}
    assert used >= {"record_day", *([f"record_{by}"] if by else [])}, steps


@pytest.mark.parametrize("kind", ["member", "zone"])
def test_whose_code_it_is_is_found_by_the_code(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    steps = plan_of(store, monkeypatch, lambda: store.alike(ORG, kind, "code", "NBH-1"))
    assert "INDEX record_code (org=? AND kind=? AND <expr>=?)" in steps[0], steps


@pytest.mark.parametrize("query", [{}, {"kind": "hazard"}, {"kind": "hazard", "state": "pending"}])
def test_numbers_are_counted_in_an_index_alone(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, query: dict[str, Any]
) -> None:
    asked = RecordQuery(org=ORG, scopes=None, **query)
    for count in (store.counts, store.counts_by_kind):
        steps = plan_of(store, monkeypatch, partial(count, asked))
        assert "SEARCH record USING COVERING INDEX record_state" in steps[0], steps


def test_what_somebody_may_see_is_counted_by_its_places_not_by_all_places(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = RecordQuery(org=ORG, scopes=SEEN, kind="hazard")
    for count in (store.counts, store.counts_by_kind):
        steps = plan_of(store, monkeypatch, partial(count, query))
        assert not [step for step in steps if step.startswith("SCAN spot")], steps


@pytest.mark.parametrize("ask", ["naming", "blob_records", "blob_lines"])
def test_what_names_a_photo_is_found_by_the_photo(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    """Each receipt of a photo asks it, inside the commit: beginning with the lines of the
    organisation it would take longer with every line anybody ever wrote."""
    steps = plan_of(store, monkeypatch, lambda: getattr(store, ask)(ORG, "ab" * 32))
    assert [step for step in steps if step.startswith("SEARCH naming")], steps
    assert all("(org=? AND sha256=?)" in it for it in steps if "SEARCH naming" in it), steps
    assert not [it for it in steps if it.startswith("SEARCH touched") and it.endswith("(org=?)")]


def test_an_older_store_gets_them_and_answers_the_same(path: Path) -> None:
    old = SqliteStore(path, tolerant=True)
    before = old.records(ALL), old.counts(ALL), old.reporters(ORG, KINDS, *DAY)
    assert not {name for name, _ in old.every_table()} & set(INDEXES)
    old.close()
    store = SqliteStore(path)
    assert {name for name, _ in store.every_table()} >= set(INDEXES)
    after = store.records(ALL), store.counts(ALL), store.reporters(ORG, KINDS, *DAY)
    assert after == before
    store.close()
