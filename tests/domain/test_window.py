"""What is closed (S11), kind by kind: asked of a ledger with the real rules."""

from typing import Any

import pytest

from hushui.domain.access import LEAVING
from hushui.domain.window import closed_whole
from hushui.kinds import KINDS
from hushui.kinds.figures import ENDINGS
from tests.support import ids
from tests.support.books import ZONE, Books
from tests.support.phone import op

RECORD, OTHER, THIRD = ids.make("record"), ids.make("other"), ids.make("third")
EXCUSE = {"no_photo_reason": "夜里"}
UNDONE = ("duty_entry", "handover", "absence")
PLAIN = [code for code in LEAVING if code not in (*ENDINGS, *UNDONE)]


class Office:
    def __init__(self) -> None:
        self.books = Books()
        self.li = self.books.phone(self.books.person("li"), "phone")
        self.hu = self.books.phone(self.books.person("hu"), "hu")
        self.desk = self.books.phone(self.books.person("wen", "duty_officer"), "desk")
        self.count = 0

    def make(self, kind: str, record: str = RECORD, **fields: Any) -> None:
        known = KINDS[kind]
        excuse = EXCUSE if known.photos else {}
        self.say(self.li, op(kind, record, **{**known.valid, **excuse, **fields}))

    def review(self, target: str = RECORD, decision: str = "approved", version: int = 1) -> None:
        self.count += 1
        seen = self.books.record(target).review
        said = {"target": target, "version": version, "decision": decision, "reason": "x"}
        base = {"$review": seen.entry if seen else None}
        self.say(self.desk, op("review", ids.make(f"review {self.count}"), **said, base=base))

    def verify(self, target: str = RECORD, result: str = "pass", phone: Any = None) -> str:
        self.count += 1
        self.books.now += 60_000
        record = ids.make(f"verification {self.count}")
        said = {"target": target, "result": result, "reason": "x", **EXCUSE}
        self.say(phone or self.hu, op("verification", record, **said), wall=self.books.now)
        return record

    def say(self, phone: Any, what: Any, **at: Any) -> None:
        phone.capture(what, **at)
        receipt = self.books.receipt(phone)
        assert receipt.verdict in ("applied", "merged"), receipt

    def leaves(self, record: str = RECORD, upto: int | None = None) -> set[str]:
        number = self.books.world.ledger().number if upto is None else upto
        return {it.id for it in closed_whole(self.books.world, record, number)}


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_S11_what_a_kind_says_of_its_end_is_there(kind: Any) -> None:
    assert (kind.closes == "verified") == (kind.code in ENDINGS)
    assert kind.awaits is None or kind.awaits.field in kind.adds[kind.awaits.type]
    for other, field in kind.followed_by:
        assert KINDS[other].fields[field].kind == kind.code
    stays = kind.family == "reference" or "org" in kind.travels or kind.code == "consent"
    assert (kind.closes == "never") == stays


@pytest.mark.parametrize("kind", PLAIN)
def test_S11_a_record_is_closed_once_its_version_was_reviewed(office: Office, kind: str) -> None:
    office.make(kind)
    assert office.leaves() == set()
    office.review(decision="returned")
    assert office.leaves() == set()
    office.say(office.li, op(kind, RECORD, correction="x"))
    office.review(version=office.books.record(RECORD).version)
    assert RECORD in office.leaves()


def test_S11_a_newer_version_waits_for_its_review(office: Office) -> None:
    office.make("work")
    office.review()
    assert RECORD in office.leaves()
    office.say(office.li, op("work", RECORD, note="another"))
    assert office.leaves() == set()
    office.review(version=2, decision="rejected")
    assert RECORD in office.leaves()


def test_S11_a_conflict_keeps_it_and_so_does_one_of_what_follows(office: Office) -> None:
    office.make("work", note="a")
    first = office.books.record(RECORD).stamps["note"].entry
    office.say(office.desk, op("work", RECORD, note="b"))
    version = office.books.record(RECORD).version
    office.review(version=version)
    assert office.books.record(RECORD).conflicts
    assert office.leaves() == set()
    office.say(office.desk, op("work", RECORD, "settle", field="note", stamp=first))
    office.review(version=office.books.record(RECORD).version)
    assert RECORD in office.leaves()


def test_S11_what_is_void_is_closed(office: Office) -> None:
    office.make("hazard")
    office.say(office.li, op("hazard", RECORD, "del"))
    assert office.leaves() == {RECORD}


def test_S11_nothing_leaves_that_changed_since_nor_with_it_what_it_follows(office: Office) -> None:
    office.make("work")
    office.review()
    number = office.books.world.ledger().number
    office.make("photo", OTHER, subject=RECORD)
    assert office.leaves(upto=number) == set()
    assert {RECORD, OTHER} <= office.leaves(upto=number + 1)


@pytest.mark.parametrize("kind", ENDINGS)
def test_S11_what_has_to_be_put_right_is_closed_when_somebody_else_verified_it(
    office: Office, kind: str
) -> None:
    office.make(kind)
    office.review()
    assert office.leaves() == set()
    office.review(office.verify(result="fail"))
    assert office.leaves() == set()
    second = office.verify()
    assert office.leaves() == set(), "nobody reviewed the verification yet"
    office.review(second)
    assert RECORD in office.leaves()
    office.review(office.verify(result="fail"))
    assert office.leaves() == set(), "the newest word counts"


def test_S11_a_verification_that_is_void_or_not_used_ends_nothing(office: Office) -> None:
    office.make("hazard")
    office.review()
    office.review(office.verify(), "rejected")
    assert office.leaves() == set()
    void = office.verify()
    office.say(office.hu, op("verification", void, "del"))
    assert office.leaves() == set()


def test_S11_who_had_a_hand_in_it_closes_nothing(office: Office) -> None:
    office.make("hazard")
    office.review()
    office.make("repair", OTHER, target=RECORD)
    office.review(OTHER)
    office.review(office.verify(phone=office.li))
    assert office.leaves() == set()
    office.review(office.verify(phone=office.hu))
    assert RECORD in office.leaves()


def test_S11_a_hazard_that_is_not_used_needs_no_verification(office: Office) -> None:
    office.make("hazard")
    office.review(decision="rejected")
    assert RECORD in office.leaves()


def test_S11_a_report_that_nobody_reviewed_keeps_its_hazard(office: Office) -> None:
    office.make("hazard")
    office.review()
    office.make("hazard_report", OTHER, hazard=RECORD)
    office.review(office.verify())
    assert office.leaves() == set()
    office.review(OTHER)
    assert {RECORD, OTHER} <= office.leaves()


def test_S11_a_photo_needs_no_review_of_its_own_until_it_is_sent_back(office: Office) -> None:
    office.make("work")
    office.review()
    office.make("photo", OTHER, subject=RECORD)
    assert OTHER in office.leaves()
    office.review(OTHER, "returned")
    assert office.leaves() == set()


def test_S11_what_follows_a_record_is_never_asked_by_itself(office: Office) -> None:
    assert {"photo", "hazard_report", "repair", "dispatch", "review"}.isdisjoint(LEAVING)


def test_S11_what_is_unfinished_waits_for_its_progress(office: Office) -> None:
    office.make("duty_entry", unfinished=True)
    office.review()
    said = {"type": "progress", "at": 1, "text": "x"}
    assert office.leaves() == set()
    office.say(office.li, op("duty_entry", RECORD, "add", **said))
    assert office.leaves() == set()
    office.say(office.li, op("duty_entry", RECORD, "add", **said, done=True))
    assert RECORD in office.leaves()
    office.say(office.li, op("duty_entry", RECORD, "add", **said))
    assert office.leaves() == set(), "it went on"


def test_S11_what_was_finished_at_once_waits_for_nothing(office: Office) -> None:
    office.make("duty_entry", unfinished=False)
    office.review()
    assert RECORD in office.leaves()


def test_S11_a_handover_waits_for_whoever_takes_over(office: Office) -> None:
    office.make("handover", incoming=office.books.device(office.hu).person)
    office.review()
    assert office.leaves() == set()
    for agreed in (False, True):
        said = {"type": "confirm", "at": 1, "agreed": agreed, "note": "x"}
        office.say(office.hu, op("handover", RECORD, "add", **said))
        assert (RECORD in office.leaves()) == agreed


def test_S11_who_missed_something_makes_up_for_it_first(office: Office) -> None:
    office.make("absence")
    office.review()
    for step in ("claimed", "reported", "accepted"):
        assert office.leaves() == set()
        said = {"type": "make_up", "step": step, "at": 1, "task": "x", "result": "x"}
        office.say(office.li, op("absence", RECORD, "add", **said))
    assert RECORD in office.leaves()


def test_S11_a_check_waits_for_what_it_found(office: Office) -> None:
    office.make("check")
    office.review()
    assert RECORD in office.leaves()
    office.make("finding", OTHER, check=RECORD)
    office.review(OTHER)
    assert office.leaves() == set()
    office.review(office.verify(OTHER))
    assert RECORD in office.leaves()
    office.make("finding", THIRD, check=RECORD)
    office.say(office.li, op("finding", THIRD, "del"))
    assert RECORD in office.leaves(), "what is void asks for nothing"


def test_S11_it_is_the_whole_that_leaves(office: Office) -> None:
    office.make("work", zone=ZONE)
    office.make("photo", OTHER, subject=RECORD)
    office.make("photo", THIRD, subject=OTHER)
    office.review()
    assert {RECORD, OTHER, THIRD} < office.leaves()
