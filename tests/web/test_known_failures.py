"""What broke elsewhere and had no test here under another name: see `docs/known-failures.md`."""

from pathlib import Path

import pytest

from tests.support.phone import op
from tests.web.house import House, rows

HALF_A_YEAR = 183 * 24 * 3_600_000


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_S06_S01_a_first_sync_brings_live_rows_and_no_tombstone(house: House) -> None:
    """Most records have left the zone; a phone that comes now hears of none of them."""
    with house:
        old = house.enrol(house.patroller, "old")
        other = house.make_zone("elsewhere", "220300-NBH-Z09")
        moved = [old.hazard(f"moved {i}") for i in range(40)]
        stayed = [old.hazard(f"stayed {i}") for i in range(3)]
        assert old.push().status_code == 200
        for record in moved:
            old.phone.capture(op("hazard", record, zone=other))
        answered = old.push(44).json()["receipts"]
        assert [it["verdict"] for it in answered] == ["applied"] * 40
        new = house.enrol(house.colleague, "new")
        house.grant(house.colleague, house.zone)
        told = [row for scope, row in rows(new.pull()) if scope == f"zone:{house.zone}"]
        assert not any(row.get("gone") for row in told)
        assert {row["record"] for row in told} & {*moved, *stayed} == {*stayed}


def test_V05_T03_what_was_deleted_half_a_year_ago_is_not_brought_back_by_a_phone_that_slept(
    house: House,
) -> None:
    with house:
        asleep, awake = house.enrol(house.patroller, "a"), house.enrol(house.office, "b")
        record = asleep.hazard("seepage")
        asleep.push()
        stamps = house.store.record(record).stamps  # type: ignore[union-attr]
        base = {name: stamp.entry for name, stamp in stamps.items()}
        asleep.phone.capture(op("hazard", record, note="又冒水了", base={"note": base["note"]}))
        asleep.hazard("another")
        awake.phone.capture(op("hazard", record, "del", base=base))
        assert awake.push().json()["receipts"][0]["verdict"] == "applied"
        house.now += HALF_A_YEAR
        first, second = asleep.push(2).json()["receipts"]
        assert (first["verdict"], first["code"]) == ("merged", "deleted_meanwhile")
        assert second["verdict"] == "applied"
        found = house.store.record(record)
        assert found is not None
        assert found.deleted
        assert found.fields["note"] == "又冒水了"
