"""Section 4: time."""

import pytest

from tests.support import ids
from tests.support.books import Books
from tests.support.phone import Phone, hazard, op

RECORD = ids.make("record")
MINUTE, DAY = 60_000, 86_400_000
YEAR_2099, YEAR_1970 = 4_070_908_800_000, 0


def one() -> tuple[Books, Phone]:
    books = Books()
    return books, books.phone(books.person("li"), "phone")


def eff(books: Books, phone: Phone, n: int) -> int:
    line = books.world.line(phone.device, n)
    assert line is not None
    return line.eff


@pytest.mark.parametrize("wall", [YEAR_1970, YEAR_2099, -1, 2**53 - 1])
def test_T01_no_line_is_refused_for_its_time(wall: int) -> None:
    books, phone = one()
    phone.capture(hazard(RECORD), wall=wall)
    assert books.verdict(phone) == ("applied", None)


def test_T02_the_offset_frozen_into_the_line_corrects_its_wall_time() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD), wall=ids.NOW + DAY - 400, offset=DAY)
    books.push(phone)
    assert eff(books, phone, 1) == ids.NOW - 400


def test_T03_never_before_the_author_could_have_known() -> None:
    books, phone = one()
    other = books.phone(books.person("wang"), "other")
    other.capture(hazard(ids.make("x")))
    books.push(other)
    books.hears(phone)
    books.now += 5_000
    phone.capture(hazard(RECORD), wall=YEAR_1970)
    books.push(phone)
    assert eff(books, phone, 1) == ids.NOW


def test_T03_never_after_it_arrived() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD), wall=YEAR_2099)
    books.push(phone)
    assert eff(books, phone, 1) == books.now


def test_T03_never_backwards_inside_a_feed() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD), wall=ids.NOW - 100)
    phone.capture(op("hazard", RECORD, note="b"), wall=ids.NOW - 900)
    phone.raw(b"unreadable")
    phone.capture(op("hazard", RECORD, note="c"), wall=ids.NOW - 900)
    books.push(phone)
    assert [eff(books, phone, n) for n in (1, 2, 3, 4)] == [ids.NOW - 100] * 4


def test_T04_contact_0_of_this_epoch_is_the_time_of_enrolment() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD), wall=YEAR_1970)
    books.push(phone)
    assert eff(books, phone, 1) == books.device(phone).enrolled


@pytest.mark.parametrize("contact", [f"{ids.EPOCH}:999", f"{ids.make('old')}:0"])
def test_T04_a_contact_this_ledger_does_not_know_gives_no_lower_bound(contact: str) -> None:
    books, phone = one()
    phone.capture(hazard(RECORD), wall=ids.NOW - 9 * DAY, contact=contact)
    books.push(phone)
    assert eff(books, phone, 1) == ids.NOW - 9 * DAY


@pytest.mark.parametrize(
    ("wall", "offset", "flags"),
    [
        (0, 0, ()),
        (5 * MINUTE, 5 * MINUTE, ()),
        (5 * MINUTE + 1, 5 * MINUTE + 1, ("clock_off",)),
        (-5 * MINUTE - 1, -5 * MINUTE - 1, ("clock_off",)),
        (-7 * DAY, 0, ()),
        (-7 * DAY - 1, 0, ("late",)),
        (5 * MINUTE, 0, ()),
        (5 * MINUTE + 1, 0, ("ahead",)),
    ],
)
def test_T05_a_doubtful_clock_is_flagged_and_nothing_more(
    wall: int, offset: int, flags: tuple[str, ...]
) -> None:
    books, phone = one()
    phone.capture(hazard(RECORD), wall=ids.NOW + wall, offset=offset)
    assert books.verdict(phone) == ("applied", None)
    assert books.record(RECORD).flags == flags


def test_T05_a_line_that_waited_at_the_server_is_not_late() -> None:
    books, phone = one()
    refused = phone.capture(hazard(RECORD, level="none such"))
    phone.capture(op("hazard", RECORD, note="b", base={"note": refused}))
    books.push(phone)
    books.now += 30 * DAY
    phone.capture(hazard(RECORD), replaces=refused, wall=books.now)
    books.push(phone)
    assert books.newest(phone, 2)[0] == "applied"
    assert books.record(RECORD).flags == ()


def test_T05_a_flag_stays_when_others_edit_later() -> None:
    books, phone = one()
    desk = books.phone(books.person("wen", "duty_officer"), "desk")
    phone.capture(hazard(RECORD), wall=ids.NOW - 8 * DAY)
    books.push(phone)
    desk.capture(op("hazard", RECORD, note="seen"))
    books.push(desk)
    assert books.record(RECORD).flags == ("late",)
