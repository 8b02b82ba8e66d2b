"""Sections 3 and 5: the chain and push."""

import json

import pytest

from hushui_sync import feed, limits
from hushui_sync.messages import Fork, Gap, Receipts, TooLarge
from tests.support import ids
from tests.support.books import ORG, Books
from tests.support.phone import Phone, hazard, op

RECORD = ids.make("record")


def written(count: int = 5) -> tuple[Books, Phone]:
    """A phone whose lines the server holds, and a record they edit."""
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    phone.capture(hazard(RECORD))
    for i in range(1, count):
        phone.capture(op("hazard", RECORD, note=f"note {i}"))
    books.push(phone)
    return books, phone


def clone(phone: Phone, upto: int) -> Phone:
    """The same phone from a backup: its first lines, and other ones from there on."""
    other = Phone(phone.device)
    other.lines, other.count = phone.lines[:upto], 100
    return other


# --- the chain -----------------------------------------------------------------------------------


def test_C01_n_counts_and_prev_is_the_hash_of_the_line_before() -> None:
    books, phone = written()
    prev = "0" * 32
    for n, line in enumerate(phone.lines, 1):
        entry, stored = json.loads(line), books.world.line(phone.device, n)
        assert stored is not None
        assert (entry["n"], entry["prev"]) == (n, prev)
        prev = feed.line_hash(line)
        assert stored.hash == prev
    assert (books.device(phone).n, books.device(phone).hash) == (5, prev)


def test_C03_no_verdict_stops_a_feed() -> None:
    books, phone = written(1)
    phone.raw(b"\xff not utf-8")
    phone.raw(b"x" * (limits.LINE_BYTES + 1))
    phone.raw(b'{"v":1}')
    phone.capture(op("hazard", RECORD, level="none such"))
    phone.capture(op("dream", ids.make("dream")))
    phone.capture(op("hazard", RECORD, note="goes on"))
    verdicts = [receipt.verdict for receipt in books.receipts(phone)]
    assert verdicts == ["quarantined", "quarantined", "refused", "refused", "held", "applied"]
    assert books.record(RECORD).fields["note"] == "goes on"
    assert books.device(phone).hash == feed.line_hash(phone.lines[-1])


# --- push ----------------------------------------------------------------------------------------


def test_P01_a_line_is_entry_from_plus_i_whatever_its_bytes_are() -> None:
    books, phone = written(2)
    phone.raw(b"{")
    phone.raw(b"{")
    phone.capture(op("hazard", RECORD, note="fifth"))
    assert [r.n for r in books.receipts(phone)] == [3, 4, 5]
    assert books.newest(phone, 5)[0] == "applied"


def test_P02_exactly_one_receipt_for_each_line_in_order_and_the_newest() -> None:
    books, phone = written(1)
    refused = phone.capture(op("hazard", RECORD, note=7))
    phone.capture(op("hazard", RECORD, note="b", base={"note": refused}))
    phone.capture(op("hazard", RECORD, note="c"), replaces=refused)
    answer = books.push(phone)
    assert isinstance(answer, Receipts)
    assert [(r.n, r.verdict) for r in answer.receipts] == [
        (2, "refused"),
        (3, "noop"),
        (4, "applied"),
    ]
    assert (answer.epoch, answer.now, answer.contact) == (ids.EPOCH, books.now, books.contact)


def test_P02_an_empty_push_has_no_receipts() -> None:
    books, phone = written()
    assert books.receipts(phone) == ()


def test_P03_a_gap_takes_nothing() -> None:
    books, phone = written()
    phone.capture(op("hazard", RECORD, note="sixth"))
    phone.capture(op("hazard", RECORD, note="seventh"))
    assert books.push(phone, 7) == Gap(6)
    assert books.device(phone).n == 5


def test_P04_a_line_already_held_is_answered_by_its_newest_receipt() -> None:
    books, phone = written()
    first = books.receipts(phone, 1)
    before = list(books.world.changes.receipts), dict(books.world.changes.scopes)
    assert books.receipts(phone, 1) == first
    assert books.receipts(phone, 3) == first[2:]
    assert before == (books.world.changes.receipts, books.world.changes.scopes)


def test_P04_lines_held_and_lines_new_in_one_push() -> None:
    books, phone = written()
    phone.capture(op("hazard", RECORD, note="sixth"))
    receipts = books.receipts(phone, 2)
    assert [r.n for r in receipts] == [2, 3, 4, 5, 6]
    assert receipts[-1].number == 6


@pytest.mark.parametrize("start", [1, 2, 3, 4])
def test_P05_another_hash_at_an_n_the_server_holds(start: int) -> None:
    books, phone = written()
    other = clone(phone, 3)
    other.capture(op("hazard", RECORD, note="another fourth"))
    common = feed.line_hash(phone.lines[2])
    assert books.fork(phone, start, other.lines[start - 1 :]) == (3, common)


def test_P05_from_behind_the_fork_the_server_cannot_tell() -> None:
    books, phone = written()
    other = clone(phone, 2)
    for i in range(3):
        other.capture(op("hazard", RECORD, note=f"another {i}"))
    assert books.fork(phone, 5, other.lines[4:]) == (None, None)
    assert books.fork(phone, 4, other.lines[3:]) == (None, None)
    assert books.fork(phone, 3, other.lines[2:]) == (2, feed.line_hash(phone.lines[1]))


def test_P05_the_right_n_with_a_prev_that_is_not_the_head() -> None:
    books, phone = written()
    other = clone(phone, 4)
    other.capture(op("hazard", RECORD, note="another fifth"))
    other.capture(op("hazard", RECORD, note="sixth"))
    assert books.fork(phone, 6, other.lines[5:]) == (None, None)


def test_P05_what_this_push_has_shown_to_be_the_same_is_common() -> None:
    """Else a client that pushes from line 1 would be told to push from earlier for ever."""
    books, phone = written()
    torn = clone(phone, 5)
    torn.capture(op("hazard", RECORD, note="sixth"))
    line = torn.lines[5].replace(feed.line_hash(phone.lines[4]).encode(), b"ab" * 16)
    assert books.fork(phone, 6, [line]) == (None, None)
    assert books.fork(phone, 4, [*phone.lines[3:], line]) == (5, feed.line_hash(phone.lines[4]))


def test_P05_a_wrong_prev_in_the_middle_of_a_push_takes_nothing() -> None:
    books, phone = written()
    head = feed.line_hash(phone.lines[4])
    phone.capture(op("hazard", RECORD, note="sixth"))
    phone.capture(op("hazard", RECORD, note="seventh"))
    wrong = phone.lines[6].replace(feed.line_hash(phone.lines[5]).encode(), b"cd" * 16)
    assert books.fork(phone, 6, [phone.lines[5], wrong]) == (5, head)
    assert [r.verdict for r in books.receipts(phone)] == ["applied", "applied"]


def test_P05_another_first_line_has_nothing_in_common() -> None:
    books, phone = written()
    other = Phone(phone.device)
    other.count = 100
    other.capture(hazard(RECORD))
    assert books.fork(phone, 1, other.lines) == (0, "0" * 32)
    assert books.fork(phone, 1, [b"not even readable"]) == (0, "0" * 32)


def test_P05_a_line_without_a_well_formed_prev_is_no_fork() -> None:
    books, phone = written()
    for line in (b"{", b'{"prev":"x"}', b'{"prev":7}'):
        phone.raw(line)
    assert [r.verdict for r in books.receipts(phone)] == ["quarantined", "refused", "refused"]


def test_P05_the_lines_after_a_fork_come_again_under_a_new_device() -> None:
    books, phone = written()
    other = clone(phone, 3)
    entry = other.capture(op("hazard", RECORD, note="from the backup"))
    n, _ = books.fork(phone, 4, other.lines[3:])
    new = books.phone(books.device(phone).person, "new")
    for line in other.lines[n:]:
        old = json.loads(line)
        new.capture(op("hazard", RECORD, note="from the backup"), id=old["id"])
    assert books.receipt(new).verdict in ("applied", "noop")
    known = books.world.entry(ORG, entry)
    assert known is not None
    assert known.device == new.device


def test_P06_a_line_over_1_MiB_takes_nothing() -> None:
    books, phone = written()
    phone.capture(op("hazard", RECORD, note="sixth"))
    big = b"x" * (limits.LINE_BYTES_KEPT + 1)
    assert books.take(phone, 6, [phone.lines[5], big]) == TooLarge(7)
    assert books.device(phone).n == 5
    answer = books.take(phone, 6, [phone.lines[5], big[:-1]])
    assert isinstance(answer, Receipts)
    assert answer.receipts[1].code == "line_too_long"


def test_P08_a_reissued_line_is_noop() -> None:
    books, phone = written(1)
    new = books.phone(books.device(phone).person, "new")
    new.capture(hazard(RECORD), id=json.loads(phone.lines[0])["id"])
    before = books.record(RECORD)
    assert books.verdict(new) == ("noop", "reissued")
    assert books.record(RECORD) == before


@pytest.mark.parametrize("other", ["ops", "wall", "blobs", "replaces"])
def test_P08_other_content_under_a_known_id_is_refused(other: str) -> None:
    books, phone = written(1)
    new = books.phone(books.device(phone).person, "new")
    new.capture(
        hazard(RECORD, note="x") if other == "ops" else hazard(RECORD),
        id=json.loads(phone.lines[0])["id"],
        wall=ids.NOW + (other == "wall"),
        blobs=["ab" * 32] if other == "blobs" else [],
        replaces=ids.make("r") if other == "replaces" else None,
    )
    assert books.verdict(new) == ("refused", "id_reused")


def test_P08_what_is_not_content_may_differ() -> None:
    books, phone = written(1)
    new = books.phone(books.device(phone).person, "new")
    id = json.loads(phone.lines[0])["id"]
    new.capture(hazard(RECORD), id=id, mono=5, offset=9, contact=f"{ids.EPOCH}:1")
    assert books.verdict(new) == ("noop", "reissued")


def test_P09_the_lines_of_a_revoked_device_are_kept_and_quarantined() -> None:
    books, phone = written(1)
    office = books.phone(books.person("wen", "duty_officer"), "desk")
    person = books.device(phone).person
    office.capture(op("device", phone.device, person=person, label="lost", revoked=True))
    assert books.verdict(office) == ("applied", None)
    phone.capture(op("hazard", RECORD, note="found by a stranger"))
    phone.raw(b'{"v":2}')
    assert [(r.verdict, r.code) for r in books.receipts(phone)] == [
        ("quarantined", "device_revoked")
    ] * 2
    assert "note" not in books.record(RECORD).fields
    assert isinstance(books.push(phone, 1), Receipts)
    assert books.world.line(phone.device, 2) is not None


def test_P05_a_fork_is_no_answer_to_the_same_bytes() -> None:
    books, phone = written()
    assert not isinstance(books.push(phone, 1), Fork)
