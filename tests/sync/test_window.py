"""S11: closed records leave the phones by a line of the organisation's own device."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from hushui.kinds import KINDS
from hushui_sync import digest
from hushui_sync.entry import Op
from hushui_sync.messages import Receipt
from tests.support import ids
from tests.support.books import OTHER_ORG, OTHER_ZONE, ZONE, Books
from tests.support.phone import Phone, about, hazard, op
from tests.sync.replay import replay
from tests.sync.test_histories import same

RECORD, OTHER = ids.make("record"), ids.make("other")
PICTURE, REPAIR, BELOW = ids.make("picture"), ids.make("repair"), ids.make("below")
WHOLE = {RECORD, PICTURE, REPAIR, BELOW}
SCOPE = f"zone:{ZONE}"
SIZES: dict[str, Any] = {"width": 10, "height": 10, "size": 10, "taken": 1}


def photo(record: str, subject: str) -> Op:
    return op("photo", record, subject=subject, slot="scene", sha256="ab" * 32, **SIZES)


def repair(record: str) -> Op:
    return op("repair", record, **{**KINDS["repair"].valid, "target": RECORD, **EXCUSE})


EXCUSE = {"no_photo_reason": "夜里"}


class Told:
    """A hazard, a photo of it, its repair and a photo of that; an office, and 系统."""

    def __init__(self) -> None:
        self.books = Books()
        self.li = self.books.phone(self.books.person("li"), "phone")
        self.desk = self.books.phone(self.books.person("wen", "duty_officer"), "desk")
        self.system = self.books.phone(self.books.person("organisation", "system"), "system")
        self.li.capture(hazard(RECORD, zone=ZONE), photo(PICTURE, RECORD))
        self.li.capture(repair(REPAIR), photo(BELOW, REPAIR))
        self.said(self.li)

    def said(self, phone: Phone, verdict: str = "applied") -> Receipt:
        receipt = self.books.receipt(phone)
        assert receipt.verdict == verdict, receipt
        return receipt

    def leave(self, record: str = RECORD, kind: str = "hazard") -> Receipt:
        self.system.capture(op(kind, record, "leave"))
        return self.books.receipt(self.system)

    def here(self, scope: str = SCOPE) -> set[str]:
        return {row for row in self.books.rows(scope) if ":" not in row}

    @property
    def own(self) -> str:
        return f"person:{self.books.device(self.li).person}"


def test_S11_S05_a_record_that_leaves_is_gone_everywhere_and_what_follows_it_too() -> None:
    told = Told()
    assert told.here() == told.here(told.own) == WHOLE
    receipt = told.leave()
    assert (receipt.verdict, receipt.code) == ("applied", None)
    assert told.here() == told.here(told.own) == set()
    for id in WHOLE:
        gone = told.books.world.spot(SCOPE, id)
        assert gone is not None
        assert (gone.gone, gone.rev) == (True, receipt.rev)
        # Where it belongs is known all the same: the office finds it by its zone.
        assert told.books.record(id).scopes == (told.own, SCOPE)
    assert told.books.world.changes.scopes[SCOPE].digest == digest.EMPTY
    again = told.leave()
    assert (again.verdict, again.code) == ("noop", "already")


def test_S11_it_changes_nothing_that_the_record_says() -> None:
    told = Told()
    before = told.books.record(RECORD)
    told.leave()
    after = told.books.record(RECORD)
    assert (after.fields, after.stamps, after.version) == (
        before.fields,
        before.stamps,
        before.version,
    )
    assert (after.flags, after.number) == (before.flags, before.number)


def test_S11_what_has_not_left_is_written_as_it_was_before_there_was_this_rule() -> None:
    """Else `verify` would find every record of an older store changed."""
    told = Told()
    before = msgspec.json.encode(told.books.record(PICTURE))
    assert b'"left"' not in before
    told.leave()
    assert b'"left":true' in msgspec.json.encode(told.books.record(PICTURE))
    told.said(a_correction(told))
    assert msgspec.json.encode(told.books.record(PICTURE)) == before


BACK: dict[str, Callable[[Told], Phone]] = {}


def brings_back(told: Callable[[Told], Phone]) -> Callable[[Told], Phone]:
    BACK[told.__name__] = told
    return told


@brings_back
def a_correction(told: Told) -> Phone:
    told.li.capture(op("hazard", RECORD, note="x"))
    return told.li


@brings_back
def a_review(told: Told) -> Phone:
    told.desk.capture(op("review", OTHER, target=RECORD, version=1, decision="approved"))
    return told.desk


@brings_back
def a_review_of_what_follows(told: Told) -> Phone:
    told.desk.capture(op("review", OTHER, target=REPAIR, version=1, decision="approved"))
    return told.desk


@brings_back
def a_void(told: Told) -> Phone:
    told.li.capture(op("hazard", RECORD, "del"))
    return told.li


@brings_back
def a_new_follower(told: Told) -> Phone:
    told.li.capture(photo(OTHER, RECORD))
    return told.li


@brings_back
def a_new_follower_far_below(told: Told) -> Phone:
    told.li.capture(photo(OTHER, BELOW))
    return told.li


@brings_back
def a_correction_far_below(told: Told) -> Phone:
    told.li.capture(op("photo", BELOW, slot="detail"))
    return told.li


@pytest.mark.parametrize("line", BACK.values(), ids=BACK)
def test_S11_the_next_accepted_line_about_any_of_it_brings_back_all_of_it(
    line: Callable[[Told], Phone],
) -> None:
    told = Told()
    told.leave()
    told.said(line(told))
    assert WHOLE <= told.here() <= WHOLE | {OTHER}
    assert told.here(told.own) >= WHOLE
    assert not told.books.record(RECORD).left
    members = [(row, spot.rev) for row, spot in told.books.rows(SCOPE).items()]
    assert told.books.world.changes.scopes[SCOPE].digest == digest.scope_digest(members)
    # And it may leave again.
    assert told.leave().verdict == "applied"
    assert told.here() == set()


def test_S11_it_comes_back_to_where_it_now_belongs() -> None:
    told = Told()
    told.leave()
    told.li.capture(op("hazard", RECORD, zone=OTHER_ZONE))
    told.said(told.li)
    assert told.here() == set()
    assert told.here(f"zone:{OTHER_ZONE}") == told.here(told.own) == WHOLE


def test_S11_what_is_not_accepted_brings_nothing_back() -> None:
    told = Told()
    told.li.capture(op("hazard", RECORD, "undel"))
    told.leave()
    assert told.said(told.li, "noop").code == "already"
    told.li.capture(op("hazard", RECORD, level="none"))
    told.said(told.li, "refused")
    assert told.here() == set()


@pytest.mark.parametrize("role", ["member", "team_leader", "duty_officer", "secretary", "admin"])
def test_S11_only_the_organisations_own_device_may_write_it(role: str) -> None:
    told = Told()
    phone = told.books.phone(told.books.person("somebody", role), "somebody's")
    entry = phone.capture(op("hazard", RECORD, "leave"))
    assert told.said(phone, "refused").code == "no_right"
    # The office cannot lend its rights to it either: it has none.
    phone.capture(about("refer", entry))
    told.said(phone)
    told.desk.capture(about("adopt", entry))
    told.said(told.desk)
    assert told.books.newest(phone, 1) == ("refused", "no_right", None)
    assert told.here() == WHOLE


@pytest.mark.parametrize(
    "kind",
    [code for code, kind in KINDS.items() if kind.family != "fact" or "org" in kind.travels],
)
def test_S11_what_is_for_everybody_never_leaves(kind: str) -> None:
    told = Told()
    known = KINDS[kind]
    fields = {**known.valid, known.subject: RECORD} if known.subject else known.valid
    made = told.system.capture(op(kind, OTHER, **{**fields, **VERSIONED.get(kind, {})}))
    assert told.books.verdict(told.system) == ("applied", None), made
    receipt = told.leave(OTHER, kind)
    assert (receipt.verdict, receipt.code) == ("refused", "no_right")


VERSIONED: dict[str, dict[str, Any]] = {"review": {"version": 1, "decision": "approved"}}


def test_S11_what_follows_a_record_never_leaves_by_itself() -> None:
    told = Told()
    for record, kind in ((PICTURE, "photo"), (REPAIR, "repair")):
        receipt = told.leave(record, kind)
        assert (receipt.verdict, receipt.code) == ("refused", "no_right")


def test_S11_A04_nobody_takes_away_what_another_organisation_has() -> None:
    told = Told()
    stranger = told.books.person("stranger", "system", org=OTHER_ORG)
    phone = told.books.phone(stranger, "strange", org=OTHER_ORG)
    phone.capture(op("hazard", RECORD, "leave"))
    assert told.said(phone, "refused").code == "required"
    assert told.here() == WHOLE


def test_S11_a_replay_leads_to_the_same_rows() -> None:
    told = Told()
    told.leave()
    told.li.capture(photo(OTHER, BELOW))
    told.said(told.li)
    told.leave()
    changes = told.books.world.changes
    again = replay(
        told.books.policy,
        ids.EPOCH,
        told.books.devices,
        {place: line.bytes for place, line in changes.lines.items()},
        changes.receipts,
        told.books.seeded,
    )
    same(again.changes, changes)
    assert told.here() == set()
