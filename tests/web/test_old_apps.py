"""A server that does not know a kind yet, and the one that takes its place (V08)."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from hushui.__main__ import main
from hushui.commands.data import opened
from hushui.domain.policy import Domain
from hushui.kinds import KINDS
from hushui.ports import system
from hushui.settings import Settings
from hushui.storage.sqlite import SqliteStore
from tests.support import ids
from tests.support.phone import op
from tests.web.house import Handset, House, rows

PATROL, AFTER, BASED = ids.make("patrol"), ids.make("after it"), ids.make("based on it")
OLD = Domain({name: kind for name, kind in KINDS.items() if name != "patrol"})


def use(house: House, policy: Domain) -> None:
    """The app's own writer and everything that reads by it."""
    parts = house.app.state.parts
    parts.ledger.policy = policy
    house.app.state.parts = structs.replace(parts, policy=policy)


def visit(zone: str) -> list[Any]:
    seen = {"type": "visit", "checkpoint": ids.make("cp"), "at": 2, "result": "normal"}
    return [
        op("patrol", PATROL, zone=zone, started=1),
        op("patrol", PATROL, "add", **seen),
    ]


def told(store: SqliteStore, device: str, count: int) -> list[tuple[str, str | None, int]]:
    newest = [store.newest(device, n) for n in range(1, count + 1)]
    return [(it.verdict, it.code, it.number) for it in newest if it is not None]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def held(data: Path) -> tuple[str, list[tuple[str, str | None, int]]]:
    """The device, and what the old server said of its lines."""
    with House(data) as house:
        use(house, OLD)
        phone = house.enrol(house.patroller, "newer app")
        for made in visit(house.zone):
            phone.phone.capture(made)
        phone.hazard("goes on")
        receipts = phone.push().json()["receipts"]
        said = [(it["verdict"], it["code"], it["number"]) for it in receipts]
        assert [it[:2] for it in said] == [
            ("held", "unknown_kind"),
            ("held", "waits_for"),
            ("applied", None),
        ]
        waiting = [row["record"] for _, row in rows(phone.pull()) if row["record"][:2] == "u:"]
        assert sorted(waiting) == [f"u:{phone.device}:{n}" for n in (1, 2)]
        return phone.device, said


def test_V08_a_server_that_knows_the_kind_releases_held_lines_and_what_waits_at_its_start(
    data: Path,
) -> None:
    device, before = held(data)
    with opened(Settings(data=data, demo=False), system()) as (store, _):
        after = told(store, device, 3)
        assert [it[:2] for it in after] == [("applied", None)] * 3
        assert after[2] == before[2], "nobody judges again what was taken"
        assert [it[2] for it in after[:2]] == [before[2][2] + 1, before[2][2] + 2]
        made = store.record(PATROL)
        assert made is not None
        assert len(made.adds) == 1
        person = f"person:{made.author}"
        gone = [row for row, _ in store.members(person) if row.startswith("u:")]
        assert gone == []
    with opened(Settings(data=data, demo=False), system()) as (store, _):
        assert told(store, device, 3) == after, "once"
    assert main(["verify", "--data", str(data)]) == 0


def test_V08_a_server_that_still_does_not_know_it_holds_them_on(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, before = held(data)
    monkeypatch.setattr("hushui.commands.data.Domain", lambda: OLD)
    with opened(Settings(data=data, demo=False), system()) as (store, _):
        assert told(store, device, 3) == before, "no receipt that says nothing new"
        assert store.record(PATROL) is None


def test_V08_a_field_of_a_newer_app_comes_back_with_the_row_and_outlives_an_older_app(
    data: Path,
) -> None:
    """Push → pull → an edit by who does not know it → push → pull, over HTTP."""
    with House(data) as house:
        newer, older = (house.enrol(house.patroller, name) for name in ("newer", "older"))
        record, colour = ids.make("hazard"), {"of": ["the", "water"], "深": 1.5}
        valid = {**KINDS["hazard"].valid, "zone": house.zone, "note": "一"}
        newer.phone.capture(op("hazard", record, **valid, colour=colour))
        assert newer.push().json()["receipts"][0]["verdict"] == "applied"
        row = row_of(older, record)
        assert row["fields"]["colour"] == colour
        base = {"note": row["stamps"]["note"]}
        older.phone.capture(op("hazard", record, note="二", base=base))
        assert older.push().json()["receipts"][0]["verdict"] == "applied"
        back = row_of(newer, record)
        assert back["fields"] == {**row["fields"], "note": "二"}
        assert back["stamps"]["colour"] == row["stamps"]["colour"]
    with closing(SqliteStore(data / "hushui.db", tolerant=True)) as store:
        found = store.record(record)
        assert found is not None
        assert json.dumps(found.fields["colour"]) == json.dumps(colour)
    assert main(["verify", "--data", str(data)]) == 0


def row_of(phone: Handset, record: str) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for _, row in rows(phone.pull()):
        if row["record"] == record:
            body = row["body"]
    return body
