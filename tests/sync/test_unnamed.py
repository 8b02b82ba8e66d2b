"""Lines that their own id does not name (D04, D05): they go by DEVICE:N, and can be settled."""

from collections.abc import Callable

import pytest

from hushui_sync import limits
from hushui_sync.messages import Receipt
from tests.support import ids
from tests.support.books import ORG, Books
from tests.support.phone import Phone, about, hazard, op

RECORD = ids.make("record")
GOOD = ids.make("good")


class Desk:
    """Li's phone with one good line, his second phone, and two officers."""

    def __init__(self) -> None:
        self.books = Books()
        self.li = self.books.person("li")
        self.phone = self.books.phone(self.li, "phone")
        self.second = self.books.phone(self.li, "second")
        self.office = self.books.phone(self.books.person("wen", "duty_officer"), "desk")
        self.stranger = self.books.phone(self.books.person("hu"), "of somebody else")
        self.phone.capture(hazard(RECORD), id=GOOD)
        assert self.books.verdict(self.phone) == ("applied", None)

    def name(self, n: int) -> str:
        return f"{self.phone.device}:{n}"

    def say(self, phone: Phone, act: str, n: int) -> tuple[str, str | None]:
        phone.capture(op("entry", self.phone.device, act, entry=self.name(n)))
        return self.books.verdict(phone)

    def home(self) -> set[str]:
        return self.books.unaccepted(self.li)


Write = Callable[[Phone], object]


def reused(phone: Phone) -> None:
    phone.capture(hazard(ids.make("other"), note="other content"), id=GOOD)


LINES: dict[str, tuple[Write, str, str]] = {
    "unreadable": (lambda phone: phone.raw(b"\xff\xfe"), "quarantined", "unreadable"),
    "too long": (
        lambda phone: phone.raw(b"x" * (limits.LINE_BYTES + 1)), "quarantined", "line_too_long",
    ),
    "without id": (lambda phone: phone.raw(b'{"v":1}'), "refused", "malformed"),
    "with no id of the kind": (
        lambda phone: phone.raw(b'{"v":1,"id":"not an id"}'), "refused", "malformed",
    ),
    "malformed with another's id": (
        lambda phone: phone.raw(b'{"v":1,"id":"%s"}' % GOOD.encode()), "refused", "malformed",
    ),
    "id reused": (reused, "refused", "id_reused"),
}  # fmt: skip


@pytest.mark.parametrize("what", LINES)
@pytest.mark.parametrize("by", ["phone", "second"])
def test_D04_R05_a_line_that_no_id_names_is_given_up_by_its_place(what: str, by: str) -> None:
    write, verdict, code = LINES[what]
    desk = Desk()
    write(desk.phone)
    assert desk.books.verdict(desk.phone) == (verdict, code)
    assert desk.home() == {f"u:{desk.name(2)}"}
    assert desk.say(desk.stranger, "abandon", 2) == ("refused", "no_right")
    author = desk.phone if by == "phone" else desk.second
    assert desk.say(author, "abandon", 2) == ("applied", None)
    assert desk.home() == set()
    assert desk.say(author, "abandon", 2) == ("noop", "already")
    assert desk.books.newest(desk.phone, 2)[:2] == (verdict, code)
    known = desk.books.world.entry(ORG, GOOD)
    assert known is not None
    assert (known.n, known.verdict, known.abandoned) == (1, "applied", False)


@pytest.mark.parametrize("what", ["unreadable", "too long"])
def test_D05_a_line_that_cannot_be_read_can_only_be_declined(what: str) -> None:
    desk = Desk()
    LINES[what][0](desk.phone)
    desk.books.push(desk.phone)
    assert desk.say(desk.stranger, "decline", 2) == ("refused", "no_right")
    assert desk.say(desk.office, "adopt", 2) == ("refused", "decided")
    assert desk.books.newest(desk.phone, 2) == ("quarantined", LINES[what][2], None)
    assert desk.say(desk.office, "decline", 2) == ("applied", None)
    assert desk.books.newest(desk.phone, 2) == ("refused", "declined", None)
    assert desk.say(desk.office, "decline", 2) == ("noop", "already")
    # It is still its author's until he gives it up (R05).
    assert desk.home() == {f"u:{desk.name(2)}"}
    assert desk.say(desk.second, "abandon", 2) == ("applied", None)
    assert desk.home() == set()


def test_D04_a_line_that_bore_an_id_falsely_goes_by_its_place_when_the_true_one_comes() -> None:
    desk = Desk()
    late = ids.make("late")
    desk.phone.raw(b'{"v":1,"id":"%s"}' % late.encode())
    assert desk.books.verdict(desk.phone) == ("refused", "malformed")
    desk.second.capture(hazard(ids.make("true")), id=late)
    assert desk.books.verdict(desk.second) == ("applied", None)
    desk.second.capture(about("abandon", late))
    assert desk.books.verdict(desk.second) == ("noop", "already")
    assert desk.home() == {f"u:{desk.name(2)}"}
    assert desk.say(desk.second, "abandon", 2) == ("applied", None)
    assert desk.home() == set()


def test_D04_of_a_place_where_nothing_is_or_where_all_is_well() -> None:
    desk = Desk()
    for n in (1, 7):
        assert desk.say(desk.second, "abandon", n) == ("refused", "required")


def adopted(desk: Desk, note: str) -> list[Receipt]:
    """What becomes of a line under a known id, pushed by a revoked phone, when it is adopted."""
    desk.office.capture(op("device", desk.second.device, person=desk.li, revoked=True))
    desk.books.push(desk.office)
    record = {"note": note} if note else {}
    desk.second.capture(hazard(RECORD, **record), id=GOOD)
    assert desk.books.verdict(desk.second) == ("quarantined", "device_revoked")
    name = f"{desk.second.device}:1"
    desk.office.capture(op("entry", desk.second.device, "adopt", entry=name))
    before = len(desk.books.world.changes.receipts)
    assert desk.books.verdict(desk.office) == ("applied", None)
    made = desk.books.world.changes.receipts[before:]
    return [receipt for receipt in made if isinstance(receipt, Receipt)]


def test_D05_P08_adopting_a_line_that_is_here_already_does_not_write_it_twice() -> None:
    desk = Desk()
    before = desk.books.record(RECORD)
    assert [(r.verdict, r.code) for r in adopted(desk, "")] == [
        ("applied", None),
        ("noop", "reissued"),
    ]
    assert desk.books.record(RECORD) == before
    assert desk.home() == set()


def test_D05_P08_adopting_another_content_under_a_known_id_does_not_write_it() -> None:
    desk = Desk()
    before = desk.books.record(RECORD)
    assert [(r.verdict, r.code) for r in adopted(desk, "other")] == [
        ("applied", None),
        ("refused", "id_reused"),
    ]
    assert desk.books.record(RECORD) == before
    assert desk.home() == {f"u:{desk.second.device}:1"}
