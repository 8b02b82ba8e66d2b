"""Section 7: verdicts and conflicts."""

import json
from typing import Any

import pytest

from hushui.domain.policy import Domain
from hushui.kinds import KINDS
from hushui_sync.errors import StoreFailure
from hushui_sync.messages import Receipt
from hushui_sync.rows import body
from tests.support import ids
from tests.support.books import Books
from tests.support.phone import Phone, hazard, op

RECORD = ids.make("record")


class Three:
    """A record that three people see: its author, a colleague in the office, another officer."""

    def __init__(self) -> None:
        self.books = Books()
        self.li = self.books.phone(self.books.person("li"), "phone")
        self.wen = self.books.phone(self.books.person("wen", "duty_officer"), "desk")
        self.shu = self.books.phone(self.books.person("shu", "secretary"), "second desk")
        self.first = self.li.capture(hazard(RECORD, note="first"), wall=ids.NOW - 950)
        self.books.push(self.li)

    def writes(self, phone: Phone, note: str, wall: int = 0, seen: str | None = None) -> str:
        return phone.capture(
            op("hazard", RECORD, note=note, base={"note": seen}), wall=ids.NOW + wall
        )

    def conflicts(self) -> set[tuple[str, Any, str, str]]:
        """(field, lost value, losing entry, winning entry)."""
        return {(c.field, c.value, c.entry, c.winner) for c in self.books.record(RECORD).conflicts}

    def note(self) -> Any:
        return self.books.record(RECORD).fields["note"]


def test_V01_applied_says_that_every_op_was_written_as_it_stands() -> None:
    t = Three()
    t.writes(t.wen, "second", seen=t.first)
    receipt = t.books.receipt(t.wen)
    assert (receipt.verdict, receipt.code, receipt.op, receipt.field) == ("applied", *[None] * 3)
    assert receipt.rev == t.books.record(RECORD).rev == f"{ids.EPOCH}:2"
    assert (t.note(), t.conflicts()) == ("second", set())


def test_V02_the_later_effective_time_wins_and_the_loser_is_kept_with_both_authors() -> None:
    t = Three()
    late = t.writes(t.wen, "late", -100, seen=t.first)
    early = t.writes(t.shu, "early", -200, seen=t.first)
    assert t.books.verdict(t.wen) == ("applied", None)
    receipt = t.books.receipt(t.shu)
    assert (receipt.verdict, receipt.code) == ("merged", "conflict")
    assert (receipt.op, receipt.field) == (0, "note")
    assert t.note() == "late"
    assert t.conflicts() == {("note", "early", early, late)}
    (conflict,) = t.books.record(RECORD).conflicts
    assert conflict.author == t.books.device(t.shu).person


def test_V02_the_row_says_who_wrote_what_lost_and_what_stands() -> None:
    """A phone shows both without asking anyone: it does not hold the other author's lines."""
    t = Three()
    lost = t.writes(t.wen, "lost", -300, seen=t.first)
    stands = t.writes(t.shu, "stands", -100, seen=t.first)
    t.books.push(t.shu)
    t.books.push(t.wen)
    (conflict,) = json.loads(body(t.books.record(RECORD)))["conflicts"]
    wen, shu = t.books.device(t.wen), t.books.device(t.shu)
    by = {"device": shu.id, "author": shu.person, "eff": ids.NOW - 100}
    assert conflict["winner"] == stands
    assert conflict["stands"] == by
    assert (conflict["entry"], conflict["author"]) == (lost, wen.person)


def test_V02_a_newcomer_with_a_later_time_takes_the_place() -> None:
    t = Three()
    early = t.writes(t.shu, "early", -200, seen=t.first)
    late = t.writes(t.wen, "late", -100, seen=t.first)
    t.books.push(t.shu)
    assert t.books.verdict(t.wen) == ("merged", "conflict")
    assert (t.note(), t.conflicts()) == ("late", {("note", "early", early, late)})


@pytest.mark.parametrize("turned", [False, True])
def test_V02_at_equal_times_the_greater_device_id_wins(turned: bool) -> None:
    t = Three()
    small, great = sorted((t.wen, t.shu), key=lambda phone: phone.device)
    lost, won = t.writes(small, "small", seen=t.first), t.writes(great, "great", seen=t.first)
    for phone in (great, small) if turned else (small, great):
        t.books.push(phone)
    assert (t.note(), t.conflicts()) == ("great", {("note", "small", lost, won)})


def test_V02_who_lost_before_has_lost_against_what_stands_now() -> None:
    t = Three()
    lost = t.writes(t.wen, "lost", -300)
    t.books.push(t.wen)
    newest = t.writes(t.shu, "newest", -100, seen=t.first)
    t.books.push(t.shu)
    assert t.conflicts() == {("note", "lost", lost, newest), ("note", "first", t.first, newest)}


def test_V03_causality_comes_before_clocks() -> None:
    t = Three()
    # Its clock says it was before what it saw; the time of contact alone would not help either.
    t.writes(t.wen, "second", -900, seen=t.first)
    assert t.books.verdict(t.wen) == ("applied", None)
    assert (t.note(), t.conflicts()) == ("second", set())


def test_V03_the_same_device_never_conflicts_with_itself() -> None:
    t = Three()
    t.writes(t.li, "second", -900)
    assert t.books.verdict(t.li) == ("applied", None)
    assert (t.note(), t.conflicts()) == ("second", set())


def test_V03_on_one_device_at_one_time_the_later_line_stands() -> None:
    t = Three()
    for note in ("z", "a"):
        t.writes(t.li, note, 10**12)
        assert t.books.verdict(t.li) == ("applied", None)
    assert t.note() == "a"


def test_V03_the_same_author_on_two_devices_has_no_conflict_the_later_stands() -> None:
    for first, second in (("early", "late"), ("late", "early")):
        t = Three()
        tablet = t.books.phone(t.books.device(t.wen).person, "tablet")
        walls = {"early": -200, "late": -100}
        t.writes(t.wen, first, walls[first], seen=t.first)
        t.writes(tablet, second, walls[second], seen=t.first)
        t.books.push(t.wen)
        assert t.books.receipt(tablet).verdict != "merged"
        assert (t.note(), t.conflicts()) == ("late", set())


@pytest.mark.parametrize("first", ["wen", "shu"])
def test_V03_the_reason_of_a_version_is_its_own_and_meets_no_other(first: str) -> None:
    """Two correct one record at once: what they changed may conflict, why they did does not."""
    t = Three()
    one, other = (t.wen, t.shu) if first == "wen" else (t.shu, t.wen)
    for phone, field, value, wall in ((t.wen, "length_m", 2, -200), (t.shu, "height_m", 3, -100)):
        said: dict[str, Any] = {field: value, "correction": f"{field} measured again"}
        phone.capture(op("hazard", RECORD, **said, base={field: None}), wall=ids.NOW + wall)
    t.books.push(one)
    assert t.books.verdict(other) == ("applied", None)
    fields = t.books.record(RECORD).fields
    assert (fields["length_m"], fields["height_m"]) == (2, 3)
    assert fields["correction"] == "height_m measured again"
    assert t.conflicts() == set()


def test_V03_an_equal_value_is_no_conflict() -> None:
    t = Three()
    t.writes(t.wen, "same", -200, seen=t.first)
    t.writes(t.shu, "same", -100, seen=t.first)
    t.books.push(t.wen)
    assert t.books.receipt(t.shu).verdict in ("applied", "noop")
    assert (t.note(), t.conflicts()) == ("same", set())


@pytest.mark.parametrize("turned", [False, True])
def test_V03_of_equal_values_the_later_stamp_stands_in_any_order(turned: bool) -> None:
    t = Three()
    t.writes(t.wen, "same", -200, seen=t.first)
    late = t.writes(t.shu, "same", -100, seen=t.first)
    for phone in (t.shu, t.wen) if turned else (t.wen, t.shu):
        t.books.push(phone)
    assert t.books.record(RECORD).stamps["note"].entry == late


def test_V03_a_line_released_late_does_not_overwrite_a_later_line_of_its_feed() -> None:
    t = Three()
    refused = t.li.capture(op("hazard", RECORD, level="none"))
    t.li.capture(op("hazard", RECORD, note="older", bank="left", base={"level": refused}))
    t.writes(t.li, "newer")
    t.books.push(t.li)
    t.li.capture(op("hazard", RECORD, level="major"), replaces=refused)
    t.books.push(t.li)
    assert t.books.newest(t.li, 3)[0] == "applied"
    assert (t.note(), t.books.record(RECORD).fields["bank"]) == ("newer", "left")
    assert t.conflicts() == set()


def test_V03_nor_does_it_when_its_base_names_what_stands() -> None:
    t = Three()
    refused = t.li.capture(op("hazard", RECORD, level="none", note="of the refused"))
    t.writes(t.li, "leans on it", seen=refused)
    t.books.push(t.li)
    t.li.capture(op("hazard", RECORD, note="newest"), replaces=refused)
    t.books.push(t.li)
    assert t.books.newest(t.li, 3) == ("noop", "already", None)
    assert t.note() == "newest"


def test_V04_a_later_loss_of_the_same_author_takes_the_place_of_the_earlier() -> None:
    t = Three()
    t.writes(t.wen, "stands", -10, seen=t.first)
    t.books.push(t.wen)
    for note, wall in (("lost once", -300), ("lost twice", -200)):
        entry = t.writes(t.shu, note, wall, seen=t.first)
        assert t.books.verdict(t.shu) == ("merged", "conflict")
        assert {(c[1], c[2]) for c in t.conflicts()} == {(note, entry)}


def test_V04_the_later_loss_is_kept_though_it_comes_first() -> None:
    t = Three()
    tablet = t.books.phone(t.books.device(t.shu).person, "tablet")
    t.writes(t.wen, "stands", -10, seen=t.first)
    t.writes(t.shu, "later", -200, seen=t.first)
    t.writes(tablet, "earlier", -300, seen=t.first)
    for phone in (t.wen, t.shu, tablet):
        t.books.push(phone)
    assert {c[1] for c in t.conflicts()} == {"later"}


def test_V04_other_authors_and_other_fields_keep_their_own() -> None:
    t = Three()
    t.writes(t.li, "stands")
    t.li.capture(op("hazard", RECORD, bank="left"))
    t.books.push(t.li)
    for phone in (t.wen, t.shu):
        phone.capture(op("hazard", RECORD, note=phone.device, bank="right"), wall=ids.NOW - 500)
        t.books.push(phone)
    assert len(t.conflicts()) == 4


# --- deleting ------------------------------------------------------------------------------------


def test_V05_an_edit_of_a_record_whose_deletion_its_author_had_not_seen() -> None:
    t = Three()
    deletion = t.wen.capture(
        op("hazard", RECORD, "del", base={"note": t.first, "types": t.first, "nature": t.first})
    )
    assert t.books.verdict(t.wen) == ("applied", None)
    edit = t.writes(t.li, "still there")
    receipt = t.books.receipt(t.li)
    assert (receipt.verdict, receipt.code) == ("merged", "deleted_meanwhile")
    assert (receipt.op, receipt.field) == (0, "$deleted")
    assert t.note() == "still there"
    assert t.books.record(RECORD).deleted
    assert t.conflicts() == {("$deleted", False, edit, deletion)}


def test_V05_who_had_seen_the_deletion_edits_without_conflict() -> None:
    t = Three()
    seen = dict.fromkeys(("note", "types", "nature"), t.first)
    deletion = t.wen.capture(op("hazard", RECORD, "del", base=seen))
    t.books.push(t.wen)
    base = {"note": t.first, "$deleted": deletion}
    t.shu.capture(op("hazard", RECORD, note="x", base=base))
    assert t.books.verdict(t.shu) == ("applied", None)
    assert t.books.record(RECORD).deleted


def test_V05_a_deletion_whose_author_had_not_seen_an_edit() -> None:
    t = Three()
    edit = t.writes(t.shu, "edited", seen=t.first)
    t.books.push(t.shu)
    seen = dict.fromkeys(("note", "types", "nature"), t.first)
    deletion = t.wen.capture(op("hazard", RECORD, "del", base=seen))
    assert t.books.verdict(t.wen) == ("merged", "deleted_meanwhile")
    assert t.books.record(RECORD).deleted
    assert t.conflicts() == {("$deleted", False, edit, deletion)}


def test_V05_ones_own_edit_is_no_reason_not_to_delete() -> None:
    t = Three()
    tablet = t.books.phone(t.books.device(t.li).person, "tablet")
    tablet.capture(op("hazard", RECORD, "del"))
    assert t.books.verdict(tablet) == ("applied", None)
    assert t.conflicts() == set()


def test_V05_the_record_stays_deleted_until_undel_which_closes_the_conflict() -> None:
    t = Three()
    deletion = t.wen.capture(op("hazard", RECORD, "del"))
    t.books.push(t.wen)
    t.writes(t.li, "still there")
    t.books.push(t.li)
    assert t.books.record(RECORD).deleted
    t.shu.capture(op("hazard", RECORD, "undel", base={"$deleted": deletion}))
    assert t.books.verdict(t.shu) == ("applied", None)
    assert not t.books.record(RECORD).deleted
    assert t.conflicts() == set()


@pytest.mark.parametrize("turned", [False, True])
def test_V05_an_undel_and_a_second_deletion_that_had_not_seen_each_other(turned: bool) -> None:
    t = Three()
    deletion = t.li.capture(op("hazard", RECORD, "del"), wall=ids.NOW - 900)
    t.books.push(t.li)
    back = t.li.capture(op("hazard", RECORD, "undel"), wall=ids.NOW - 800)
    t.books.push(t.li)
    seen = dict.fromkeys(("note", "types", "nature"), t.first)
    again = t.wen.capture(
        op("hazard", RECORD, "del", base={**seen, "$deleted": back}), wall=ids.NOW - 300
    )
    undel = t.shu.capture(
        op("hazard", RECORD, "undel", base={"$deleted": deletion}), wall=ids.NOW - 200
    )
    for phone in (t.shu, t.wen) if turned else (t.wen, t.shu):
        t.books.push(phone)
    assert not t.books.record(RECORD).deleted
    assert t.books.record(RECORD).stamps["$deleted"].entry == undel
    assert t.conflicts() == {("$deleted", True, again, undel)}


# --- settling ------------------------------------------------------------------------------------


def fought() -> tuple[Three, str, str]:
    t = Three()
    lost, won = t.writes(t.wen, "lost", -200), t.writes(t.shu, "won", -100)
    t.books.push(t.wen)
    t.books.push(t.shu)
    assert t.note() == "won"
    return t, lost, won


def test_V06_settle_that_keeps_what_stands_closes_the_conflict() -> None:
    t, _, won = fought()
    t.wen.capture(op("hazard", RECORD, "settle", field="note", stamp=won))
    assert t.books.verdict(t.wen) == ("applied", None)
    assert (t.note(), t.conflicts()) == ("won", set())
    assert t.books.record(RECORD).stamps["note"].entry == won


def test_V06_settle_that_keeps_the_loser_writes_its_value() -> None:
    t, lost, _ = fought()
    settled = t.wen.capture(op("hazard", RECORD, "settle", field="note", stamp=lost))
    before = t.books.record(RECORD).version
    assert t.books.verdict(t.wen) == ("applied", None)
    assert (t.note(), t.conflicts()) == ("lost", set())
    assert t.books.record(RECORD).stamps["note"].entry == settled
    # What a reviewer saw is not what stands now (A06).
    assert t.books.record(RECORD).version == before + 1


def test_V06_settle_of_another_stamp_contradicts() -> None:
    t, _, _ = fought()
    t.wen.capture(op("hazard", RECORD, "settle", field="note", stamp=ids.make("none")))
    receipt = t.books.receipt(t.wen)
    assert (receipt.verdict, receipt.code, receipt.field) == ("refused", "decided", "stamp")
    assert t.conflicts()


@pytest.mark.parametrize("keep_deleted", [True, False])
def test_V06_settle_of_edit_against_delete_both_ways(keep_deleted: bool) -> None:
    t = Three()
    deletion = t.wen.capture(op("hazard", RECORD, "del"))
    t.books.push(t.wen)
    edit = t.writes(t.li, "still there")
    t.books.push(t.li)
    kept = deletion if keep_deleted else edit
    t.shu.capture(op("hazard", RECORD, "settle", field="$deleted", stamp=kept))
    assert t.books.verdict(t.shu) == ("applied", None)
    assert t.books.record(RECORD).deleted is keep_deleted
    assert t.conflicts() == set()


def test_V06_settling_leaves_other_fields_alone() -> None:
    t, _, won = fought()
    t.li.capture(op("hazard", RECORD, bank="left"))
    t.books.push(t.li)
    t.wen.capture(op("hazard", RECORD, bank="right"), wall=ids.NOW - 500)
    t.books.push(t.wen)
    t.wen.capture(op("hazard", RECORD, "settle", field="note", stamp=won))
    t.books.push(t.wen)
    assert {c[0] for c in t.conflicts()} == {"bank"}


def test_V07_noop_says_there_was_nothing_left_to_do() -> None:
    t = Three()
    t.li.capture(op("hazard", RECORD, "del"))
    t.books.push(t.li)
    number = t.books.world.changes.scopes[f"person:{t.books.device(t.li).person}"].position
    t.li.capture(op("hazard", RECORD, "del"))
    receipt = t.books.receipt(t.li)
    assert (receipt.verdict, receipt.code, receipt.rev) == ("noop", "already", None)
    after = t.books.world.changes.scopes[f"person:{t.books.device(t.li).person}"].position
    assert after == number


# --- what cannot be taken ------------------------------------------------------------------------


def test_V08_an_unknown_kind_is_held_and_judged_again_when_it_is_known() -> None:
    old = Domain({name: kind for name, kind in KINDS.items() if name != "patrol"})
    books = Books(old)
    phone = books.phone(books.person("li"), "phone")
    patrol = ids.make("patrol")
    entry = phone.capture(op("patrol", patrol, started=1))
    assert books.verdict(phone) == ("held", "unknown_kind")
    visit = {"type": "visit", "checkpoint": ids.make("cp"), "at": 2, "result": "normal"}
    phone.capture(op("patrol", patrol, "add", **visit))
    books.push(phone)
    assert books.newest(phone, 2) == ("held", "waits_for", entry)
    books.policy = Domain()
    released = books.again(entry)
    assert [(r.n, r.verdict) for r in released] == [(1, "applied"), (2, "applied")]
    assert len(books.record(patrol).adds) == 1
    assert books.unaccepted(books.device(phone).person) == set()


def test_V08_a_held_line_that_was_replaced_or_abandoned_is_not_judged_again() -> None:
    old = Domain({name: kind for name, kind in KINDS.items() if name != "patrol"})
    books = Books(old)
    phone = books.phone(books.person("li"), "phone")
    first = phone.capture(op("patrol", ids.make("a"), started=1))
    second = phone.capture(op("patrol", ids.make("b"), started=1))
    phone.capture(hazard(ids.make("c")), replaces=first)
    phone.capture(op("entry", second, "abandon", entry=second))
    books.push(phone)
    books.policy = Domain()
    assert books.again(first) == books.again(second) == []
    assert set(books.world.changes.records) == {ids.make("c")}


def test_V08_unknown_fields_of_a_known_kind_are_kept() -> None:
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    phone.capture(hazard(RECORD, colour={"of": ["the", "water"]}))
    assert books.verdict(phone) == ("applied", None)
    assert books.record(RECORD).fields["colour"] == {"of": ["the", "water"]}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_V09_every_wrong_value_of_every_kind_is_refused_with_its_code(kind: str) -> None:
    books = Books()
    admin = books.phone(books.person("an", "admin", "duty_officer"), "desk")
    for wrong in KINDS[kind].wrong:
        record = ids.make(str(admin.count))
        admin.capture(op(kind, record, **wrong.fields))
        receipt = books.receipt(admin)
        assert (receipt.verdict, receipt.code, receipt.field) == (
            "refused",
            wrong.code,
            wrong.field,
        )
        assert books.world.record(record) is None


BAD: list[Any] = [None, True, -1, 1.5, "x", [], [[]], [{}], {}, {"a": []}, [None], "0" * 26]


UNSEEN = {kind: {"no_photo_reason": "夜里"} for kind in ("work", "repair")}


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("bad", BAD, ids=str)
def test_V09_no_value_of_any_field_is_unexpected(kind: str, bad: Any) -> None:
    books = Books()
    admin = books.phone(books.person("an", "admin", "duty_officer"), "desk")
    valid = {**KINDS[kind].valid, **UNSEEN.get(kind, {})}
    subject = valid.get(KINDS[kind].subject or "")
    if subject is not None:
        reporter = books.phone(books.person("li"), "phone")
        reporter.capture(hazard(subject))
        books.push(reporter)
    admin.capture(op(kind, RECORD, **valid))
    for name in (*KINDS[kind].fields, "type"):
        admin.capture(op(kind, ids.make(name), **{**valid, name: bad}))
        admin.capture(op(kind, RECORD, **{name: bad}))
        admin.capture(op(kind, RECORD, "add", **{name: bad}))
    answers = books.receipts(admin)
    assert answers[0].verdict == "applied", answers[0]
    assert not [r for r in answers if r.code == "internal"]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_V09_no_value_of_a_photo_beside_its_record_is_unexpected(bad: Any) -> None:
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    for name in KINDS["photo"].fields:
        record = ids.make(f"of {name}")
        photo = {**KINDS["photo"].valid, "subject": record, name: bad}
        phone.capture(hazard(record), op("photo", ids.make(name), **photo))
    assert not [r for r in books.receipts(phone) if r.code == "internal"]


@pytest.mark.parametrize("bad", BAD, ids=str)
@pytest.mark.parametrize("act", ["settle", "abandon", "adopt", "decline", "del", "undel"])
def test_V09_no_member_of_an_act_is_unexpected(act: str, bad: Any) -> None:
    books = Books()
    office = books.phone(books.person("wen", "duty_officer"), "desk")
    office.capture(hazard(RECORD))
    office.capture(op("hazard", RECORD, act, entry=bad, field=bad, stamp=bad))
    assert books.receipt(office).code != "internal"


@pytest.mark.parametrize(
    "piece",
    [
        {"type": "segment", "from": 1, "to": 2},
        {"type": "visit", "checkpoint": ids.make("point"), "at": 1, "result": "normal"},
    ],
)
def test_V09_a_put_that_calls_itself_a_piece_of_a_list_is_held_to_the_kind(
    piece: dict[str, Any],
) -> None:
    books, other = Books(), ids.make("other")
    phone = books.phone(books.person("li"), "phone")
    phone.capture(op("patrol", RECORD, **piece))
    phone.capture(op("patrol", other, **KINDS["patrol"].valid))
    phone.capture(op("patrol", other, **piece, distance_m=-5))
    answers = [(r.verdict, r.code, r.field) for r in books.receipts(phone)]
    assert answers == [
        ("refused", "required", "started"),
        ("applied", None, None),
        ("refused", "out_of_range", "distance_m"),
    ]


def test_D01_a_put_that_calls_itself_a_piece_of_a_list_waits_for_what_it_names() -> None:
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    zone = ids.make("a zone not made yet")
    held = phone.capture(op("zone", zone))
    patrol = {"started": 1, "zone": zone, "type": "segment", "from": 1, "to": 2}
    phone.capture(op("patrol", RECORD, **patrol))
    books.receipts(phone)
    assert books.newest(phone, 2) == ("held", "waits_for", held)


def test_V09_a_blocking_rule_refuses() -> None:
    class Strict(Domain):
        def check(self, *_: object, **__: object) -> Any:
            return ("blocked", "companions")

    books = Books(Strict())
    phone = books.phone(books.person("li"), "phone")
    phone.capture(op("patrol", RECORD, started=1))
    receipt = books.receipt(phone)
    assert (receipt.verdict, receipt.code, receipt.field) == ("refused", "blocked", "companions")


def test_V09_a_doubtful_fact_is_applied_with_flags() -> None:
    books = Books()
    phone = books.phone(books.person("li", zones=()), "phone")
    sizes = {"length_m": 10, "height_m": 2, "thickness_m": 1, "volume_m3": 99}
    phone.capture(hazard(RECORD, zone=ids.make("far"), **sizes))
    assert books.verdict(phone) == ("applied", None)
    assert books.record(RECORD).flags == ("outside_zone", "volume_mismatch")


def test_V10_the_unexpected_quarantines_one_line_and_no_other() -> None:
    class Broken(Domain):
        def scopes(self, kind: str, *rest: Any) -> list[str]:
            if kind == "event":
                raise ZeroDivisionError
            return super().scopes(kind, *rest)

    books = Books(Broken())
    phone = books.phone(books.person("li"), "phone")
    phone.capture(hazard(RECORD, note="a"))
    phone.capture(
        op("hazard", RECORD, note="b"), op("event", ids.make("e"), **KINDS["event"].valid)
    )
    phone.capture(op("hazard", RECORD, bank="left"))
    answers = books.receipts(phone)
    assert [(r.verdict, r.code) for r in answers] == [
        ("applied", None),
        ("quarantined", "internal"),
        ("applied", None),
    ]
    assert books.record(RECORD).fields["note"] == "a"
    assert books.unaccepted(books.device(phone).person) == {f"u:{phone.device}:2"}


def test_V10_a_failing_store_is_no_verdict() -> None:
    class Torn(Domain):
        def scopes(self, *_: Any) -> list[str]:
            raise StoreFailure

    books = Books(Torn())
    phone = books.phone(books.person("li"), "phone")
    phone.capture(hazard(RECORD))
    with pytest.raises(StoreFailure):
        books.push(phone)
    assert not [r for r in books.world.changes.receipts if isinstance(r, Receipt)]
