"""V12: what people call a record by is given once, in the order in which the lines came."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hushui_sync.entry import Op
from hushui_sync.rows import body
from tests.support import ids
from tests.support.books import ORG, OTHER_ORG, ZONE, Books
from tests.support.phone import Phone, hazard, op
from tests.sync.test_histories import replayed, same


def hazard_op(name: str, **changed: Any) -> Op:
    return hazard(ids.make(name), **changed)


def report(name: str, about: str, **changed: Any) -> Op:
    said = {"hazard": ids.make(about), "report_kind": "call_report", "at": ids.NOW, "text": "渗水"}
    return op("hazard_report", ids.make(name), **{**said, **changed})


def year_begins(year: int) -> int:
    """In Shanghai, eight hours before it does in Greenwich."""
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000) - 8 * 3_600_000


class Office:
    def __init__(self) -> None:
        self.books = Books()
        self.li = self.books.phone(self.books.person("li"), "phone of li")
        self.hu = self.books.phone(self.books.person("hu"), "phone of hu")
        self.far = self.books.phone(
            self.books.person("far", org=OTHER_ORG, zones=()), "phone beyond", org=OTHER_ORG
        )

    def number(self, name: str) -> str | None:
        found = self.books.record(ids.make(name)).number
        return str(found) if found else None

    def brings(self, phone: Phone, *ops: Op, **more: Any) -> tuple[str, str | None]:
        phone.capture(*ops, **more)
        return self.books.verdict(phone)

    def replays(self) -> None:
        same(self.books.world.changes, replayed(self.books))


@pytest.fixture
def office() -> Office:
    return Office()


YEAR = datetime.fromtimestamp(ids.NOW / 1000, UTC).year


def test_V12_hazards_are_counted_in_the_order_in_which_they_came(office: Office) -> None:
    office.li.capture(hazard_op("captured first"))
    office.brings(office.hu, hazard_op("came first"), hazard_op("with it"))
    office.books.receipts(office.li)
    names = ("came first", "with it", "captured first")
    assert [office.number(it) for it in names] == [f"{YEAR}-{n:04}" for n in (1, 2, 3)]
    office.replays()


def test_V12_it_stays_whatever_becomes_of_the_record(office: Office) -> None:
    office.brings(office.li, hazard_op("a"))
    office.brings(office.li, op("hazard", ids.make("a"), note="更正"))
    office.brings(office.li, op("hazard", ids.make("a"), "del"))
    office.brings(office.li, hazard_op("b"))
    office.brings(office.li, op("hazard", ids.make("a"), "undel"))
    assert [office.number(it) for it in "ab"] == [f"{YEAR}-0001", f"{YEAR}-0002"]
    office.replays()


def test_V12_a_line_that_is_not_accepted_takes_none(office: Office) -> None:
    assert office.brings(office.li, hazard_op("a", nature="no such"))[0] == "refused"
    assert office.brings(office.li, hazard_op("b")) == ("applied", None)
    assert office.number("b") == f"{YEAR}-0001"


def test_V12_of_an_entry_that_stops_in_the_middle_nothing_is_counted(office: Office) -> None:
    assert office.brings(office.li, hazard_op("a"), hazard_op("b", nature="x"))[0] == "refused"
    office.brings(office.li, hazard_op("c"))
    assert office.number("c") == f"{YEAR}-0001"
    office.replays()


def test_V12_what_waited_is_counted_when_it_is_released(office: Office) -> None:
    bad = office.li.capture(hazard_op("a", nature="x"))
    office.li.capture(op("hazard", ids.make("a"), note="等前一条"))
    office.books.receipts(office.li)
    office.brings(office.hu, hazard_op("meanwhile"))
    assert office.brings(office.li, hazard_op("a"), replaces=bad)[0] == "applied"
    assert office.number("meanwhile") == f"{YEAR}-0001"
    assert office.number("a") == f"{YEAR}-0002"
    office.replays()


def test_V12_each_kind_counts_for_itself_and_most_have_none(office: Office) -> None:
    office.brings(office.li, hazard_op("a"))
    office.brings(
        office.li, op("event", ids.make("e"), **{"class": "dump", "no_photo_reason": "夜里"})
    )
    office.brings(office.li, op("patrol", ids.make("p"), started=ids.NOW, zone=ZONE))
    assert [office.number(it) for it in "aep"] == [f"{YEAR}-0001", f"{YEAR}-0001", None]


def test_V12_A04_each_organisation_counts_for_itself(office: Office) -> None:
    office.brings(office.li, hazard_op("ours"))
    office.brings(office.far, hazard_op("theirs"))
    office.brings(office.far, report("their report", "ours"))
    office.brings(office.li, report("our report", "ours"))
    assert office.number("ours") == office.number("theirs") == f"{YEAR}-0001"
    assert office.number("our report") == office.number("their report") == "1"


def test_V12_reports_are_counted_by_what_they_are_about(office: Office) -> None:
    office.brings(office.li, hazard_op("a"), hazard_op("b"))
    for name, about in (("1", "a"), ("2", "b"), ("3", "a"), ("4", "a")):
        office.brings(office.li, report(name, about))
    assert [office.number(it) for it in "1234"] == ["1", "1", "2", "3"]
    office.replays()


def test_V12_the_year_is_that_of_the_receipt_in_shanghai(office: Office) -> None:
    new_year = year_begins(YEAR + 1)
    late = hazard_op("captured last year")
    for name, at, written in (
        ("a minute before", new_year - 60_000, hazard_op("a minute before")),
        ("at midnight", new_year, hazard_op("at midnight")),
        ("captured last year", new_year + 60_000, late),
    ):
        office.books.now = at
        assert office.brings(office.li, written)[0] == "applied", name
    names = ("a minute before", "at midnight", "captured last year")
    assert [office.number(it) for it in names] == [
        f"{YEAR}-0001",
        f"{YEAR + 1}-0001",
        f"{YEAR + 1}-0002",
    ]
    office.replays()


def test_V12_the_row_says_it(office: Office) -> None:
    office.brings(office.li, hazard_op("a"))
    assert f'"number":"{YEAR}-0001"'.encode() in body(office.books.record(ids.make("a")))
    last = office.books.world.last_number
    assert last(ORG, "hazard", str(YEAR)) == 1
    assert last(ORG, "hazard", str(YEAR + 1)) == 0
