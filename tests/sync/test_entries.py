"""Section 2: the entry."""

import json
from typing import Any

import pytest

from hushui_sync import feed, limits
from tests.support import ids
from tests.support.books import ORG, Books
from tests.support.phone import Phone, hazard, op

RECORD = ids.make("record")


def one() -> tuple[Books, Phone]:
    books = Books()
    return books, books.phone(books.person("li"), "phone")


def first(phone: Phone, **changed: Any) -> bytes:
    """The first line of a feed with members changed; `...` takes one away."""
    spare = Phone(phone.device)
    spare.capture(hazard(RECORD))
    entry = {**json.loads(spare.lines[0]), **changed}
    return json.dumps({k: v for k, v in entry.items() if v is not ...}).encode()


def said(books: Books, phone: Phone, line: bytes) -> tuple[str, str | None, str | None]:
    phone.raw(line)
    receipt = books.receipt(phone)
    return receipt.verdict, receipt.code, receipt.field


def test_E01_a_line_is_stored_byte_for_byte() -> None:
    books, phone = one()
    line = b'  {"kept" : "as it is", ' + first(phone)[1:] + b" "
    assert said(books, phone, line) == ("applied", None, None)
    stored = books.world.line(phone.device, 1)
    assert stored is not None
    assert (stored.bytes, stored.hash) == (line, feed.line_hash(line))


def test_E02_a_line_over_65536_bytes_is_kept_and_quarantined() -> None:
    books, phone = one()
    line = first(phone)
    fits = line[:-1] + b" " * (limits.LINE_BYTES - len(line)) + b"}"
    assert said(books, phone, fits) == ("applied", None, None)
    over = b"x" * (limits.LINE_BYTES + 1)
    assert said(books, phone, over) == ("quarantined", "line_too_long", None)
    stored = books.world.line(phone.device, 2)
    assert stored is not None
    assert stored.bytes == over


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"hello",
        b'{"note":"\xff"}',
        b'{"note":"\xed\xa0\x80"}',
        b'{"note":"\\ud800"}',
        b'{"note":"\\u0000"}',
        b'{"\\u0000":1}',
        b"{} {}",
        b"[" * 30_000,
    ],
)
def test_E03_a_line_that_cannot_be_read_is_kept_and_quarantined(line: bytes) -> None:
    books, phone = one()
    assert said(books, phone, line) == ("quarantined", "unreadable", None)
    stored = books.world.line(phone.device, 1)
    assert stored is not None
    assert (stored.bytes, stored.entry) == (line, None)


def test_E03_a_line_nested_deeper_than_64_levels_is_kept_and_quarantined() -> None:
    books, phone = one()
    inside = limits.DEPTH - 1
    assert said(books, phone, first(phone, x=eval("[" * inside + "]" * inside)))[0] == "applied"
    deeper = b'{"x":' + b"[" * limits.DEPTH + b"]" * limits.DEPTH + b"}"
    assert said(books, phone, deeper) == ("quarantined", "unreadable", None)


def test_E03_an_escaped_backslash_before_u0000_is_no_NUL() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD, note="\\u0000"))
    assert books.verdict(phone) == ("applied", None)


OP = {"kind": "hazard", "record": RECORD, "act": "put", "set": {}, "base": {}}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"v": 2}, "v"),
        ({"at": ...}, "at"),
        ({"n": 7}, "n"),
        ({"device": ids.make("another")}, "device"),
        ({"id": ids.make("x") + "\n"}, "id"),
        ({"ops": []}, "ops"),
        ({"ops": [OP] * 33}, "ops"),
        ({"ops": [{**OP, "act": "redact"}]}, "ops[0].act"),
        ({"ops": [OP, {**OP, "record": RECORD + "\n"}]}, "ops[1].record"),
        ({"ops": [{**OP, "set": {f"f{i}": 0 for i in range(65)}}]}, "ops[0].set"),
        ({"ops": [{**OP, "set": {"a": [2**53]}}]}, "ops[0].set.a[0]"),
        ({"ops": [{**OP, "base": {"a": "x"}}]}, "ops[0].base"),
        ({"blobs": ["0" * 64] * 17}, "blobs"),
        ({"replaces": 1}, "replaces"),
        ({"lost": {"from": -(2**53)}}, "lost.from"),
    ],
)
def test_E04_what_is_no_entry_is_refused_and_names_the_culprit(
    changed: dict[str, Any], field: str
) -> None:
    books, phone = one()
    assert said(books, phone, first(phone, **changed)) == ("refused", "malformed", field)


def test_E04_the_true_line_still_comes_after_another_feed_carried_its_id() -> None:
    books, phone = one()
    other = books.phone(books.person("wang"), "other")
    phone.capture(hazard(RECORD))
    assert said(books, other, phone.lines[0]) == ("refused", "malformed", "device")
    assert books.verdict(phone) == ("applied", None)
    assert books.record(RECORD).author == books.device(phone).person
    known = books.world.entry(ORG, json.loads(phone.lines[0])["id"])
    assert known is not None
    assert (known.device, known.verdict) == (phone.device, "applied")


def test_E05_an_entry_applies_whole_or_not_at_all() -> None:
    books, phone = one()
    second, third = ids.make("second"), ids.make("third")
    phone.capture(hazard(RECORD), hazard(second, level="4"), hazard(third))
    receipt = books.receipt(phone)
    assert (receipt.verdict, receipt.code) == ("refused", "unknown_choice")
    assert (receipt.op, receipt.field, receipt.rev) == (1, "level", None)
    assert not books.world.changes.records
    assert set(books.rows(f"person:{books.device(phone).person}")) == {f"u:{phone.device}:1"}


def test_E05_no_right_is_given_by_an_entry_that_is_refused() -> None:
    books = Books()
    office = books.phone(books.person("wen", "duty_officer"), "desk")
    li = books.person("li", zones=())
    office.capture(
        op("grant", ids.make("g"), person=li, zone=ids.make("z"), role="lead"),
        op("grant", ids.make("h"), person=li, zone=ids.make("z"), role="boss"),
    )
    assert books.receipt(office).op == 1
    assert not [r for r in books.world.rights(f"person:{li}") if r.sort != "role"]


def test_E05_a_review_in_an_entry_that_is_refused_is_not_written() -> None:
    books, phone = one()
    office = books.phone(books.person("wen", "duty_officer"), "desk")
    phone.capture(hazard(RECORD))
    books.push(phone)
    review = {"target": RECORD, "version": 1, "decision": "approved"}
    office.capture(op("review", ids.make("r"), **review), op("hazard", RECORD, note=5))
    assert books.verdict(office) == ("refused", "wrong_type")
    assert books.record(RECORD).review is None


def test_E06_put_makes_add_appends_del_and_undel_turn() -> None:
    books, phone = one()
    phone.capture(op("patrol", RECORD, started=1))
    for at in (2, 3):
        visit = {"type": "visit", "checkpoint": ids.make("cp"), "at": at, "result": "normal"}
        phone.capture(op("patrol", RECORD, "add", **visit))
    assert [r.verdict for r in books.receipts(phone)] == ["applied"] * 3
    assert [a["set"]["at"] for a in books.record(RECORD).adds] == [2, 3]
    for act, deleted in (("del", True), ("undel", False)):
        phone.capture(op("patrol", RECORD, act))
        assert books.verdict(phone) == ("applied", None)
        assert books.record(RECORD).deleted is deleted


def test_E06_adds_of_two_devices_never_conflict() -> None:
    books, phone = one()
    other = books.phone(books.device(phone).person, "other")
    phone.capture(op("patrol", RECORD, started=1))
    books.push(phone)
    visit = {"type": "visit", "checkpoint": ids.make("cp"), "at": 5, "result": "normal"}
    for one_of in (phone, other):
        one_of.capture(op("patrol", RECORD, "add", **visit))
        assert books.verdict(one_of) == ("applied", None)
    assert len(books.record(RECORD).adds) == 2


@pytest.mark.parametrize("act", ["add", "del", "undel", "settle"])
def test_E06_only_put_makes_a_record(act: str) -> None:
    books, phone = one()
    phone.capture(op("hazard", RECORD, act, field="note", stamp=ids.make("s")))
    receipt = books.receipt(phone)
    assert (receipt.verdict, receipt.code, receipt.field) == ("refused", "required", "record")


def test_E06_a_put_does_not_write_the_field_of_del() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD))
    phone.capture(op("hazard", RECORD, **{"$deleted": True}))
    assert books.verdict(phone) == ("refused", "malformed")
    assert not books.record(RECORD).deleted


def test_E07_an_own_entry_without_receipt_is_named_by_its_id() -> None:
    books = Books()
    li, wang = books.person("li"), books.person("wang", "duty_officer")
    phone, desk = books.phone(li, "phone"), books.phone(wang, "desk")
    first = phone.capture(hazard(RECORD, note="one"))
    second = phone.capture(op("hazard", RECORD, note="two", base={"note": first}))
    books.push(phone)
    desk.capture(op("hazard", RECORD, note="three", base={"note": second}), wall=ids.NOW - 500)
    assert books.verdict(desk) == ("applied", None)
    assert books.record(RECORD).fields["note"] == "three"


def test_E07_no_member_and_null_both_say_saw_nothing() -> None:
    for base in ({}, {"note": None}):
        books = Books()
        phone = books.phone(books.person("li"), "phone")
        desk = books.phone(books.person("wang", "duty_officer"), "desk")
        phone.capture(hazard(RECORD, note="one"))
        books.push(phone)
        desk.capture(op("hazard", RECORD, note="two", base=base))
        assert books.verdict(desk) == ("merged", "conflict")


def test_E07_del_and_undel_write_the_field_deleted() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD))
    deletion = phone.capture(op("hazard", RECORD, "del"))
    books.push(phone)
    assert books.record(RECORD).stamps["$deleted"].entry == deletion
    undeletion = phone.capture(op("hazard", RECORD, "undel", base={"$deleted": deletion}))
    books.push(phone)
    assert books.record(RECORD).stamps["$deleted"].entry == undeletion


def test_E08_no_rule_reads_mono_and_boot() -> None:
    outcomes = []
    for mono, boot in ((0, ids.make("a")), (-(2**53) + 1, ids.make("b"))):
        books, phone = one()
        phone.capture(hazard(RECORD), mono=mono, boot=boot)
        phone.capture(op("hazard", RECORD, note="x"), mono=mono - 0, boot=ids.make("c"))
        answers = [(r.verdict, r.code) for r in books.receipts(phone)]
        outcomes.append((answers, books.record(RECORD)))
    assert outcomes[0] == outcomes[1]
