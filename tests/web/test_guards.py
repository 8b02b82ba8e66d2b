"""V11 on a real store: lines of one commit see each other, and a replay finds the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hushui.domain.days import DAY_MS, day_of
from hushui.domain.policy import Domain
from hushui.ledger import Push
from hushui.verify import verify
from tests.support import ids
from tests.support.phone import hazard, op
from tests.web.house import SHAPE, Handset, House, fact
from tests.web.test_figures import Asking, by_id, figures
from tests.web.test_sync import Shelf

HOUR = 3_600_000


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def desks(house: House) -> tuple[Handset, Handset]:
    return house.enrol(house.office, "desk"), house.enrol(house.office, "second desk")


def shift(house: House, name: str, **changed: Any) -> Any:
    times = {"start": house.now, "end": house.now + 9 * HOUR}
    who = {"leader": house.office, "staff": [house.colleague]}
    return op("duty_shift", ids.make(name), **{**times, **who, **changed})


def at_once(house: House, *phones: Handset) -> list[tuple[str, str | None, str | None]]:
    """All pushes in one commit; (verdict, code, field) of the last line of each."""
    pushes = [Push(phone.device, 1, tuple(phone.phone.lines)) for phone in phones]
    answers = house.ledger.drain(pushes)
    newest = [answer.receipts[-1] for answer in answers]
    return [(receipt.verdict, receipt.code, receipt.field) for receipt in newest]


def is_well(house: House) -> bool:
    return list(verify(house.store, house.files, Domain())) == []


def test_V11_P07_two_shifts_in_one_commit_see_each_other(
    house: House, desks: tuple[Handset, Handset]
) -> None:
    for desk, name in zip(desks, ("day", "same day"), strict=True):
        desk.phone.capture(shift(house, name))
    assert at_once(house, *desks) == [("applied", None, None), ("refused", "blocked", "start")]
    (line,) = desks[0].send("GET", "/api/unaccepted").json()["lines"]
    assert (line["receipt"]["code"], line["receipt"]["field"]) == ("blocked", "start")
    assert is_well(house)


def test_V11_what_was_committed_before_is_seen_and_what_this_commit_takes_away_is_not(
    house: House, desks: tuple[Handset, Handset]
) -> None:
    first, second = desks
    first.phone.capture(shift(house, "day"))
    at_once(house, first)
    second.phone.capture(shift(house, "too early"))
    assert at_once(house, second) == [("refused", "blocked", "start")]
    first.phone.capture(op("duty_shift", ids.make("day"), "del"))
    second.phone.capture(shift(house, "instead"))
    assert [verdict for verdict, *_ in at_once(house, first, second)] == ["applied", "applied"]
    assert is_well(house)


MEMBER = {"name": "钱渠", "code": "NBH-900", "roles": ["member"]}


def test_V11_a_code_means_one_person_and_one_zone(
    house: House, desks: tuple[Handset, Handset]
) -> None:
    """Of those who are there: a code that was given back may be given again."""
    first, second = desks
    refused = [("refused", "blocked", "code")]
    first.phone.capture(op("member", ids.make("one"), **MEMBER))
    second.phone.capture(op("member", ids.make("two"), **MEMBER))
    assert at_once(house, first, second) == [("applied", None, None), *refused]
    second.phone.capture(op("member", ids.make("three"), **{**MEMBER, "code": "NBH-901"}))
    second.phone.capture(op("member", ids.make("three"), code="NBH-900", base={"code": None}))
    assert at_once(house, second) == refused
    first.phone.capture(op("member", ids.make("one"), "del"))
    second.phone.capture(op("member", ids.make("four"), **MEMBER))
    assert [verdict for verdict, *_ in at_once(house, first, second)] == ["applied", "applied"]
    first.phone.capture(op("member", ids.make("one"), "undel"))
    assert at_once(house, first) == refused
    assert is_well(house)


def test_V11_what_nobody_gave_a_new_code_may_be_mended_though_another_has_it(
    house: House, desks: tuple[Handset, Handset]
) -> None:
    """And no code of another organisation or kind stands in anybody's way."""
    first, _ = desks
    for name in ("old", "older"):
        house.before_guards(op("member", ids.make(name), **MEMBER))
    house.system(op("member", ids.make("beyond"), **{**MEMBER, "code": "B"}), org=house.other_org)
    old = ids.make("old")
    stamp = first.send("GET", f"/api/records/{old}").json()["body"]["stamps"]["name"]
    first.phone.capture(op("member", old, name="钱大渠", base={"name": stamp}))
    assert at_once(house, first) == [("applied", None, None)]
    first.phone.capture(op("member", ids.make("b"), **{**MEMBER, "code": "B"}))
    first.phone.capture(op("member", ids.make("z"), **{**MEMBER, "code": "220300-NBH-Z03"}))
    answers = house.ledger.drain([Push(first.device, 1, tuple(first.phone.lines))])
    assert [it.verdict for it in answers[0].receipts][-2:] == ["applied", "applied"]


def test_V11_two_zones_with_one_code_are_one_too_many(
    house: House, desks: tuple[Handset, Handset]
) -> None:
    admin = house.enrol(house.admin, "desk")
    admin.phone.capture(op("zone", ids.make("again"), code="220300-NBH-Z03", name="又", **SHAPE))
    assert at_once(house, admin) == [("refused", "blocked", "code")]
    admin.phone.capture(op("zone", ids.make("next"), code="220300-NBH-Z04", name="又", **SHAPE))
    assert at_once(house, admin) == [("applied", None, None)]


def test_V11_what_its_handler_verified_is_not_closed_until_somebody_else_looks(
    house: House, desks: tuple[Handset, Handset]
) -> None:
    record, phone = ids.make("crack"), house.enrol(house.patroller)
    other = house.enrol(house.colleague)
    phone.phone.capture(hazard(record, level="major", zone=house.zone))
    at_once(house, phone)
    first = day_of(house.now)
    house.now += DAY_MS

    def closed() -> tuple[int, int]:
        found = figures(Asking(desks[0]), day=day_of(house.now).isoformat())
        totals = by_id(found["totals"])
        return totals["hazard_acute_ended_major"], totals["hazard_acute_open_major"]

    passed = {"target": record, "result": "pass"}
    phone.phone.capture(op("verification", ids.make("by him"), **passed), wall=house.now)
    at_once(house, phone)
    assert closed() == (1, 0)
    repaired = {"target": record, "plan": "灌浆", "started": house.now}
    phone.phone.capture(fact("repair", ids.make("repair"), **repaired), wall=house.now)
    at_once(house, phone)
    assert closed() == (0, 1)
    other.phone.capture(op("verification", ids.make("by another"), **passed), wall=house.now)
    at_once(house, other)
    assert closed() == (1, 0)
    begun = by_id(figures(Asking(desks[0]), day=first.isoformat())["totals"])
    assert begun["hazard_acute_new_major"] == 1
    assert is_well(house)


def test_V11_the_phone_of_who_verified_pulls_the_flag(house: House) -> None:
    phone, other = house.enrol(house.patroller), house.enrol(house.colleague)
    record, checked = phone.hazard("crack"), ids.make("by him")
    phone.phone.capture(op("verification", checked, target=record, result="pass"))
    at_once(house, phone)
    shelf = Shelf(phone)

    def flags() -> list[list[str]]:
        """In each scope; what is shown is what its digest says (G03)."""
        shelf.round()
        return [rows[checked]["body"]["flags"] for rows in shelf.rows.values() if checked in rows]

    assert flags() == [[], []]
    repaired = {"target": record, "plan": "灌浆", "started": 1, "members": [house.patroller]}
    other.phone.capture(fact("repair", ids.make("repair"), **repaired))
    at_once(house, other)
    assert flags() == [["verified_by_handler"]] * 2
    assert is_well(house)
