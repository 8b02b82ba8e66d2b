"""V11: rules over a record and others, in every order of arrival."""

from typing import Any

import pytest
from msgspec import structs

from hushui.domain.policy import Domain
from hushui.kinds import KINDS
from hushui.kinds.duty_entry import SLACK_MS
from hushui_sync.entry import Op
from hushui_sync.messages import Receipt
from tests.support import ids
from tests.support.books import ORG, OTHER_ORG, Books
from tests.support.phone import Phone, hazard, op
from tests.sync.test_histories import replayed, same

HOUR = 3_600_000
EIGHT = ids.NOW
"""Eight o'clock, when the first shift begins."""
BLOCKED = ("refused", "blocked")
APPLIED = ("applied", None)


class Room:
    """A duty room with two desks, another organisation's desk, and people of the field."""

    def __init__(self) -> None:
        self.books = Books()
        self.zhou = self.books.phone(self.books.person("zhou", "duty_officer"), "desk")
        self.wen = self.books.phone(self.books.person("wen", "duty_officer"), "second desk")
        self.li = self.books.phone(self.books.person("li"), "phone of li")
        self.hu = self.books.phone(self.books.person("hu"), "phone of hu")
        far = self.books.person("far", "duty_officer", org=OTHER_ORG)
        self.far = self.books.phone(far, "desk beyond", org=OTHER_ORG)

    def writes(self, phone: Phone, *ops: Op, **more: Any) -> tuple[str, str | None]:
        phone.capture(*ops, **more)
        return self.books.verdict(phone)

    def receipt(self, phone: Phone, *ops: Op) -> Receipt:
        phone.capture(*ops)
        return self.books.receipt(phone)

    def flags(self, record: str) -> tuple[str, ...]:
        """But for those of the times that the entries here tell."""
        return tuple(it for it in self.books.record(record).flags if it != "told_ahead")

    def fields(self, record: str) -> dict[str, Any]:
        return self.books.record(record).fields

    def replays(self) -> None:
        same(self.books.world.changes, replayed(self.books))


@pytest.fixture
def room() -> Room:
    return Room()


def person(name: str) -> str:
    return ids.make(name)


def shift(name: str, begins: float = 0, hours: float = 9, **people: Any) -> Op:
    """Nobody is in two of them who is not named twice."""
    start = EIGHT + int(begins * HOUR)
    who = {"leader": person(f"leader of {name}"), "staff": [person(f"officer of {name}")], **people}
    return op("duty_shift", ids.make(name), start=start, end=start + int(hours * HOUR), **who)


LI = person("li")
POSTS: list[dict[str, Any]] = [
    {"leader": LI},
    {"staff": [person("someone"), LI]},
    {"bureau_leader": LI},
    {"drivers": [LI]},
]


# --- shifts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("second", POSTS)
@pytest.mark.parametrize("first", POSTS)
@pytest.mark.parametrize("begins", [-8, 0, 8])
def test_V11_nobody_is_on_two_shifts_at_once_whichever_came_first(
    room: Room, first: dict[str, Any], second: dict[str, Any], begins: float
) -> None:
    assert room.writes(room.zhou, shift("day", **first)) == APPLIED
    receipt = room.receipt(room.wen, shift("other", begins, **second))
    assert (receipt.verdict, receipt.code) == BLOCKED
    assert (receipt.op, receipt.field) == (0, "start")
    assert room.books.world.record(ids.make("other")) is None
    room.replays()


@pytest.mark.parametrize("begins", [-9, 9])
def test_V11_one_shift_may_begin_when_the_other_ends(room: Room, begins: float) -> None:
    assert room.writes(room.zhou, shift("day", staff=[LI])) == APPLIED
    assert room.writes(room.wen, shift("next", begins, staff=[LI])) == APPLIED
    assert room.writes(room.wen, shift("over", begins / 9 * 8.9, staff=[LI])) == BLOCKED


def test_V11_two_shifts_of_different_people_run_side_by_side(room: Room) -> None:
    assert room.writes(room.zhou, shift("day")) == APPLIED
    assert room.writes(room.zhou, shift("beside")) == APPLIED


@pytest.mark.parametrize("turned", [False, True])
def test_V11_who_stands_by_is_not_on_duty(room: Room, turned: bool) -> None:
    shifts = [shift("day", staff=[LI]), shift("beside", standby=[LI]), shift("more", standby=[LI])]
    for it in reversed(shifts) if turned else shifts:
        assert room.writes(room.zhou, it) == APPLIED


def test_V11_A04_a_shift_of_another_organisation_is_as_if_it_did_not_exist(room: Room) -> None:
    assert room.writes(room.far, shift("theirs", staff=[LI])) == APPLIED
    assert room.writes(room.zhou, shift("day", staff=[LI])) == APPLIED
    assert room.writes(room.far, shift("theirs again", staff=[LI])) == BLOCKED


def test_V11_a_deleted_shift_is_in_nobodys_way_and_does_not_come_back_into_it(room: Room) -> None:
    room.writes(room.zhou, shift("day", staff=[LI]))
    assert room.writes(room.zhou, op("duty_shift", ids.make("day"), "del")) == APPLIED
    assert room.writes(room.zhou, shift("instead", 1, staff=[LI])) == APPLIED
    assert room.writes(room.zhou, op("duty_shift", ids.make("day"), "undel")) == BLOCKED
    assert room.books.record(ids.make("day")).deleted
    assert room.writes(room.zhou, op("duty_shift", ids.make("instead"), "del")) == APPLIED
    assert room.writes(room.zhou, op("duty_shift", ids.make("day"), "undel")) == APPLIED
    room.replays()


def test_V11_V05_what_is_edited_while_it_is_deleted_is_in_nobodys_way(room: Room) -> None:
    gone = ids.make("gone")
    room.writes(room.zhou, shift("day", staff=[LI]))
    room.writes(room.zhou, shift("gone"), op("duty_shift", gone, "del"))
    assert room.writes(room.zhou, op("duty_shift", gone, staff=[LI])) == APPLIED
    assert room.books.record(gone).deleted
    assert room.writes(room.zhou, op("duty_shift", gone, "undel")) == BLOCKED


def test_V11_a_correction_does_not_collide_with_what_it_corrects(room: Room) -> None:
    room.writes(room.zhou, shift("day", staff=[LI]))
    room.writes(room.zhou, shift("night", 9, 15))
    day, end = ids.make("day"), EIGHT + 10 * HOUR
    assert room.writes(room.zhou, op("duty_shift", day, end=end)) == APPLIED
    assert room.writes(room.zhou, op("duty_shift", day, staff=[LI, person("hu")])) == APPLIED
    on_night = room.fields(ids.make("night"))["staff"]
    assert room.writes(room.zhou, op("duty_shift", day, drivers=on_night)) == BLOCKED
    assert room.fields(day)["end"] == end
    assert "drivers" not in room.fields(day)


def test_V11_an_edit_is_held_only_to_what_it_changes(room: Room) -> None:
    """Of two that overlap since before the server asked."""
    room.writes(room.zhou, shift("day", staff=[LI]))
    room.writes(room.zhou, shift("later", 9, staff=[LI]))
    later = room.books.record(ids.make("later"))
    moved = structs.replace(later, fields={**later.fields, "start": EIGHT + 8 * HOUR})
    room.books.world.put_record(moved)
    assert room.writes(room.zhou, op("duty_shift", later.id, note="换人")) == APPLIED
    assert room.writes(room.zhou, op("duty_shift", later.id, leader=person("hu"))) == BLOCKED
    assert room.writes(room.zhou, op("duty_shift", later.id, start=EIGHT + 9 * HOUR)) == APPLIED


def test_V11_R02_what_was_accepted_before_the_server_asked_stands_in_a_replay() -> None:
    unguarded = structs.replace(KINDS["duty_shift"], guards=())
    books = Books(Domain({**KINDS, "duty_shift": unguarded}))
    zhou = books.phone(books.person("zhou", "duty_officer"), "desk")
    zhou.capture(shift("day", staff=[LI]))
    zhou.capture(shift("twice", staff=[LI]))
    assert [receipt.verdict for receipt in books.receipts(zhou)] == ["applied"] * 2
    books.policy = Domain()
    same(books.world.changes, replayed(books))


def test_V11_V06_a_loser_that_is_in_somebodys_way_cannot_be_settled_on(room: Room) -> None:
    first = room.zhou.capture(shift("day"), wall=ids.NOW - 950)
    room.books.push(room.zhou)
    day = ids.make("day")
    lost = room.zhou.capture(
        op("duty_shift", day, leader=LI, base={"leader": first}), wall=ids.NOW - 900
    )
    won = op("duty_shift", day, leader=person("hu"), base={"leader": first})
    assert room.writes(room.wen, won, wall=ids.NOW - 800) == APPLIED
    assert room.books.verdict(room.zhou) == ("merged", "conflict")
    assert room.writes(room.wen, shift("beside", drivers=[LI])) == APPLIED
    chosen = op("duty_shift", day, "settle", field="leader", stamp=lost)
    assert room.writes(room.wen, chosen) == BLOCKED
    assert room.fields(day)["leader"] == person("hu")


def test_V11_E05_an_entry_is_seen_as_a_whole(room: Room) -> None:
    hu = person("hu")
    room.writes(room.zhou, shift("day", staff=[LI]), shift("beside", staff=[hu]))
    swap = [op("duty_shift", ids.make(a), staff=[b]) for a, b in (("day", hu), ("beside", LI))]
    assert room.writes(room.zhou, *swap) == APPLIED
    assert room.fields(ids.make("beside"))["staff"] == [LI]
    receipt = room.receipt(
        room.zhou, shift("free", 30), shift("taken", 1, staff=[hu]), shift("free too", 60)
    )
    assert (receipt.code, receipt.op, receipt.field) == ("blocked", 1, "start")
    assert room.books.world.record(ids.make("free")) is None
    receipt = room.receipt(room.zhou, shift("one", 90, staff=[LI]), shift("two", 91, staff=[LI]))
    assert (receipt.code, receipt.op) == ("blocked", 0)
    room.replays()


def test_V11_P07_a_line_sees_the_lines_before_it_in_its_push(room: Room) -> None:
    room.zhou.capture(shift("day", staff=[LI]))
    room.zhou.capture(shift("twice", staff=[LI]))
    room.zhou.capture(op("duty_shift", ids.make("day"), "del"))
    room.zhou.capture(shift("now", staff=[LI]))
    verdicts = [receipt.verdict for receipt in room.books.receipts(room.zhou)]
    assert verdicts == ["applied", "refused", "applied", "applied"]


# --- responses -----------------------------------------------------------------------------------

FLOOD = {"hazard_kind": "flood", "level": "response_iv", "area": "南河", "issuer": "防指"}


def response(name: str, begins: float = 0, ends: float | None = None, **changed: Any) -> Op:
    times: dict[str, Any] = {"from": EIGHT + int(begins * HOUR)}
    if ends is not None:
        times["to"] = EIGHT + int(ends * HOUR)
    return op("response", ids.make(name), **{**FLOOD, **times, **changed})


def until(name: str, hours: float | None) -> Op:
    ends = None if hours is None else EIGHT + int(hours * HOUR)
    return op("response", ids.make(name), to=ends)


def test_V11_one_response_is_in_force_for_a_kind_and_an_area(room: Room) -> None:
    assert room.writes(room.zhou, response("first")) == APPLIED
    receipt = room.receipt(room.wen, response("second", 5, level="response_iii"))
    assert (receipt.verdict, receipt.code, receipt.field) == (*BLOCKED, "area")
    assert room.writes(room.wen, response("blanks", 5, area=" 南河\u3000")) == BLOCKED
    assert room.writes(room.wen, response("drought", 5, hazard_kind="drought")) == APPLIED
    assert room.writes(room.wen, response("north", 5, area="北河")) == APPLIED
    room.replays()


@pytest.mark.parametrize(
    ("begins", "ends", "wanted"),
    [
        (-5, 0, APPLIED),
        (-5, 1, BLOCKED),
        (-5, None, BLOCKED),
        (9, 10, BLOCKED),
        (10, None, APPLIED),
    ],
)
def test_V11_before_it_and_after_it_another_may_be_in_force(
    room: Room, begins: float, ends: float | None, wanted: tuple[str, str | None]
) -> None:
    assert room.writes(room.zhou, response("first", 0, 10)) == APPLIED
    assert room.writes(room.zhou, response("other", begins, ends)) == wanted


@pytest.mark.parametrize("order", [1, -1])
def test_V11_the_old_one_is_ended_before_or_in_the_same_entry(room: Room, order: int) -> None:
    room.writes(room.zhou, response("first"))
    change = [until("first", 5), response("second", 5, level="response_iii")]
    assert room.writes(room.zhou, *change[::order]) == APPLIED
    assert room.writes(room.zhou, until("second", 20)) == APPLIED
    assert room.writes(room.zhou, response("third", 20)) == APPLIED
    assert room.writes(room.zhou, until("second", None)) == BLOCKED
    assert room.writes(room.zhou, until("second", 21)) == BLOCKED


def test_V11_the_level_of_the_one_in_force_is_changed_in_it(room: Room) -> None:
    room.writes(room.zhou, response("first"))
    raised = op("response", ids.make("first"), level="response_ii", reason="超警")
    assert room.writes(room.wen, raised) in (APPLIED, ("merged", "conflict"))
    assert room.fields(ids.make("first"))["level"] == "response_ii"


def test_V11_A04_only_what_stands_and_is_ours_is_in_force(room: Room) -> None:
    assert room.writes(room.far, response("theirs")) == APPLIED
    assert room.writes(room.zhou, response("first")) == APPLIED
    assert room.writes(room.zhou, op("response", ids.make("first"), "del")) == APPLIED
    assert room.writes(room.zhou, response("second")) == APPLIED
    assert room.writes(room.zhou, op("response", ids.make("first"), "undel")) == BLOCKED


# --- who verifies --------------------------------------------------------------------------------

DAMAGE, CHECKED = ids.make("damage"), ids.make("verification")
HANDLER = ("verified_by_handler",)


def verified(**changed: Any) -> Op:
    return op("verification", CHECKED, **{"target": DAMAGE, "result": "pass", **changed})


def dispatch(**changed: Any) -> Op:
    sent = {"task": "抢险", "leader": person("hu"), "called": EIGHT, "target": DAMAGE}
    return op("dispatch", ids.make("dispatch"), **{**sent, **changed})


def repair(**changed: Any) -> Op:
    done = {"plan": "抛石", "started": EIGHT, "target": DAMAGE, "no_photo_reason": "夜里"}
    return op("repair", ids.make("repair"), **{**done, **changed})


def consultation(members: list[str]) -> Op:
    said = {"at": EIGHT, "judgement": "淘空", "decision": "抛石", "members": members}
    return op("consultation", ids.make("consultation"), target=DAMAGE, **said)


def found(**changed: Any) -> Op:
    said = {"text": "漏记", "level": "general", "found": EIGHT, "due": EIGHT + HOUR}
    return op("finding", DAMAGE, **{**said, "owner": person("hu"), **changed})


def event(**changed: Any) -> Op:
    return op("event", DAMAGE, **{"class": "dump", "no_photo_reason": "夜里", **changed})


FIX = op("finding", DAMAGE, "add", type="fix", at=EIGHT, text="补记了")
HANDLING: dict[str, tuple[Op, str, Op | None]] = {
    "leads": (hazard(DAMAGE), "zhou", dispatch(leader=LI)),
    "is sent": (hazard(DAMAGE), "zhou", dispatch(members=[person("hu"), LI])),
    "repairs": (hazard(DAMAGE), "hu", repair(members=[LI])),
    "says what was repaired": (hazard(DAMAGE), "li", repair()),
    "handled it on the spot": (event(handled_on_spot=True), "li", None),
    "answers for it": (found(owner=LI), "zhou", None),
    "says how it was put right": (found(), "li", FIX),
}
NOT_HANDLING: dict[str, tuple[Op, str, Op | None]] = {
    "found it": (hazard(DAMAGE), "li", None),
    "saw it only": (event(), "li", None),
    "found what others answer for": (found(), "li", None),
    "sent others": (hazard(DAMAGE), "zhou", dispatch()),
    "was there with others": (hazard(DAMAGE), "hu", repair(members=[person("hu")])),
    "judged it with others": (hazard(DAMAGE), "hu", consultation([LI, person("hu")])),
    "repaired another": (hazard(DAMAGE), "hu", repair(members=[LI], target=ids.make("other"))),
}


def steps_of(room: Room, how: str) -> list[tuple[Phone, Op]]:
    """Who writes what, the record it is about first."""
    first, name, then = {**HANDLING, **NOT_HANDLING}[how]
    who: Phone = getattr(room, name)
    maker = who if then in (None, FIX) else room.wen
    return [(maker, first)] if then is None else [(maker, first), (who, then)]


@pytest.mark.parametrize("how", [*HANDLING, *NOT_HANDLING])
@pytest.mark.parametrize("late", [False, True])
def test_V11_who_had_a_hand_in_it_is_flagged_when_he_verifies_it_in_any_order(
    room: Room, how: str, late: bool
) -> None:
    steps, look = steps_of(room, how), (room.li, verified())
    steps.insert(1 if late else len(steps), look)
    for phone, what in steps:
        assert room.writes(phone, what) == APPLIED, what
    expected = HANDLER if how in HANDLING else ()
    assert room.flags(CHECKED) == expected
    room.replays()


@pytest.mark.parametrize("how", [*HANDLING, *NOT_HANDLING])
def test_V11_who_verified_is_who_is_named_not_the_clerk_who_wrote_it_down(
    room: Room, how: str
) -> None:
    for phone, what in steps_of(room, how):
        assert room.writes(phone, what) == APPLIED, what
    clerk = room.books.phone(room.books.person("clerk", "duty_officer"), "third desk")
    assert room.writes(clerk, verified(verifier=LI)) == APPLIED
    assert room.flags(CHECKED) == (HANDLER if how in HANDLING else ())
    room.writes(clerk, op("verification", CHECKED, verifier=person("another")))
    assert room.flags(CHECKED) == ()
    room.writes(clerk, op("verification", CHECKED, verifier=LI))
    assert room.flags(CHECKED) == (HANDLER if how in HANDLING else ())
    room.replays()


def test_V11_a_handler_may_write_down_what_another_saw(room: Room) -> None:
    room.writes(room.wen, hazard(DAMAGE))
    room.writes(room.li, repair())
    assert room.writes(room.li, verified(verifier=person("another"))) == APPLIED
    assert room.flags(CHECKED) == ()
    room.writes(room.li, op("verification", CHECKED, verifier=None))
    assert room.flags(CHECKED) == HANDLER


def test_V11_the_flag_comes_and_goes_with_what_it_looks_at(room: Room) -> None:
    room.writes(room.wen, hazard(DAMAGE))
    room.writes(room.li, verified())
    undone = op("repair", ids.make("repair"), "del")
    for writes, expected in (
        (repair(members=[LI]), HANDLER),
        (op("repair", ids.make("repair"), members=[person("hu")]), ()),
        (op("repair", ids.make("repair"), members=[LI, person("hu")]), HANDLER),
        (undone, ()),
        (op("repair", ids.make("repair"), "undel"), HANDLER),
        (dispatch(members=[LI]), HANDLER),
        (undone, HANDLER),
        (op("dispatch", ids.make("dispatch"), "del"), ()),
    ):
        desk = room.zhou if writes.kind == "dispatch" else room.wen
        assert room.writes(desk, writes) == APPLIED, writes
        assert room.flags(CHECKED) == expected, writes
    room.replays()


def test_V11_what_was_corrected_to_be_handled_on_the_spot_flags_its_author(room: Room) -> None:
    room.writes(room.li, event())
    room.writes(room.li, verified())
    assert room.flags(CHECKED) == ()
    room.writes(room.li, op("event", DAMAGE, handled_on_spot=True))
    assert room.flags(CHECKED) == HANDLER


def test_V11_a_record_flagged_by_another_line_has_a_new_rev_and_row(room: Room) -> None:
    """Or phones would go on showing it without."""
    room.writes(room.wen, hazard(DAMAGE))
    room.writes(room.li, verified())
    home = f"person:{LI}"
    before = room.books.rows(home)[CHECKED]
    receipt = room.receipt(room.hu, repair(members=[LI]))
    record, spot = room.books.record(CHECKED), room.books.rows(home)[CHECKED]
    assert record.rev == spot.rev == receipt.rev != before.rev
    assert spot.position > before.position
    assert set(room.books.world.changes.positions[receipt.number]) >= {(home, spot.position)}
    room.writes(room.hu, op("repair", ids.make("repair"), note="再补"))
    assert room.books.record(CHECKED).rev == record.rev, "nothing about it changed"


def test_V11_A06_a_flag_makes_no_version_and_leaves_the_review(room: Room) -> None:
    room.writes(room.wen, hazard(DAMAGE))
    room.writes(room.li, verified())
    review = {"target": CHECKED, "version": 1, "decision": "approved"}
    assert room.writes(room.zhou, op("review", ids.make("review"), **review)) == APPLIED
    room.writes(room.hu, repair(members=[LI]))
    record = room.books.record(CHECKED)
    assert (record.version, record.flags) == (1, HANDLER)
    assert record.review is not None
    assert record.review.decision == "approved"


def test_V11_other_flags_stay_beside_it(room: Room) -> None:
    room.writes(room.wen, hazard(DAMAGE))
    room.writes(room.li, verified(no_photo_reason="夜里"))
    room.writes(room.hu, repair(members=[LI]))
    assert room.flags(CHECKED) == ("no_photo", *HANDLER)
    room.writes(room.hu, op("repair", ids.make("repair"), members=[person("hu")]))
    assert room.flags(CHECKED) == ("no_photo",)


@pytest.mark.parametrize("late", [False, True])
def test_V11_A04_what_another_organisation_says_about_it_flags_nobody(
    room: Room, late: bool
) -> None:
    room.writes(room.wen, hazard(DAMAGE))
    theirs = (room.far, op("repair", ids.make("theirs"), **repair(members=[LI]).set))
    steps = [theirs, (room.li, verified())]
    for phone, what in reversed(steps) if late else steps:
        assert room.writes(phone, what) == APPLIED
    assert room.flags(CHECKED) == ()
    assert room.books.world.followers(DAMAGE) == sorted([CHECKED, ids.make("theirs")])


def test_V11_who_verifies_and_repairs_in_one_entry_is_flagged(room: Room) -> None:
    room.writes(room.wen, hazard(DAMAGE))
    assert room.writes(room.li, verified(), repair()) == APPLIED
    assert room.flags(CHECKED) == HANDLER


def test_V11_D02_a_line_that_waited_flags_when_it_is_released(room: Room) -> None:
    room.writes(room.wen, hazard(DAMAGE))
    room.writes(room.li, verified())
    bad = room.hu.capture(repair(members=[LI], plan=""))
    room.hu.capture(op("repair", ids.make("repair"), note="等前一条"))
    assert room.books.verdict(room.hu) == ("held", "waits_for")
    assert room.flags(CHECKED) == ()
    assert room.writes(room.hu, repair(members=[LI]), replaces=bad) == APPLIED
    assert room.flags(CHECKED) == HANDLER
    room.replays()


# --- in the shift --------------------------------------------------------------------------------

NOTED = ids.make("entry")
OUTSIDE = ("outside_shift",)


def entry(at: int, **changed: Any) -> Op:
    said = {"entry_kind": "other", "at": at, "text": "无事", "shift": ids.make("day")}
    return op("duty_entry", NOTED, **{**said, **changed})


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (EIGHT - SLACK_MS - 1, OUTSIDE),
        (EIGHT - SLACK_MS, ()),
        (EIGHT + HOUR, ()),
        (EIGHT + 9 * HOUR + SLACK_MS, ()),
        (EIGHT + 9 * HOUR + SLACK_MS + 1, OUTSIDE),
    ],
)
def test_V11_an_entry_of_the_log_is_of_its_shift_or_ten_minutes_beside(
    room: Room, at: int, expected: tuple[str, ...]
) -> None:
    assert SLACK_MS == 600_000
    room.writes(room.zhou, shift("day"))
    assert room.writes(room.zhou, entry(at)) == APPLIED
    assert room.flags(NOTED) == expected
    room.writes(room.zhou, op("duty_entry", NOTED, at=EIGHT + 1))
    assert room.flags(NOTED) == ()
    room.replays()


def test_V11_without_a_shift_that_stands_an_entry_is_in_none(room: Room) -> None:
    far = EIGHT + 40 * HOUR
    room.writes(room.zhou, shift("day"))
    room.writes(room.zhou, op("duty_shift", ids.make("day"), "del"))
    room.writes(room.zhou, entry(far))
    assert room.flags(NOTED) == ()
    room.writes(room.far, shift("theirs"))
    for none in (None, ids.make("theirs"), ids.make("never made"), LI):
        assert room.writes(room.zhou, op("duty_entry", NOTED, shift=none)) == APPLIED
        assert room.flags(NOTED) == ()


@pytest.mark.parametrize("order", [1, -1])
def test_V11_shift_and_entry_may_come_in_one_line(room: Room, order: int) -> None:
    ops = [shift("day"), entry(EIGHT + 40 * HOUR)]
    assert room.writes(room.zhou, *ops[::order]) == APPLIED
    assert room.flags(NOTED) == OUTSIDE


# --- who is checked ------------------------------------------------------------------------------

BRANCH = ids.make("branch")


@pytest.mark.parametrize(
    ("check_kind", "team", "branch", "expected"),
    [
        ("random", ["hu", "li"], {}, ("checks_his_own",)),
        ("random", ["hu"], {"secretary": "hu"}, ("checks_his_own",)),
        ("mutual", ["hu"], {"committee": ["zhou", "hu"]}, ("checks_his_own",)),
        ("random", ["hu"], {"members": ["hu"]}, ("checks_his_own",)),
        ("random", ["hu"], {"secretary": "zhou"}, ()),
        ("self", ["hu", "li"], {"secretary": "hu"}, ()),
    ],
)
def test_V11_who_belongs_to_a_branch_does_not_check_it(
    room: Room, check_kind: str, team: list[str], branch: dict[str, Any], expected: tuple[str, ...]
) -> None:
    """Li is of the branch by his own record, the others by the branch's."""
    admin = room.books.phone(room.books.person("an", "admin"), "admin")
    there = {
        name: [person(it) for it in who] if isinstance(who, list) else person(who)
        for name, who in branch.items()
    }
    made = op("branch", BRANCH, name="支部", branch_kind="standing", **there)
    assert room.writes(room.zhou, made) == APPLIED
    li = op("member", LI, name="李岸", code="1", roles=["member"], branch=BRANCH)
    assert room.writes(admin, li) == APPLIED
    asked = {"check_kind": check_kind, "target_branch": BRANCH, "target_name": "支部"}
    names = [person(it) for it in team]
    checked = op("check", ids.make("check"), team=names, **asked)
    assert room.writes(room.wen, checked) == APPLIED
    assert room.flags(ids.make("check")) == expected
    room.replays()


def test_V11_the_other_organisations_people_are_not_looked_at(room: Room) -> None:
    assert room.books.device(room.far).org == OTHER_ORG != ORG
    theirs = op("branch", BRANCH, name="支部", branch_kind="standing", members=[LI])
    assert room.writes(room.far, theirs) == APPLIED
    asked = {"check_kind": "random", "target_branch": BRANCH, "team": [LI]}
    room.writes(room.wen, op("check", ids.make("check"), **asked))
    assert room.flags(ids.make("check")) == ()
