"""Section 9: facts, decisions, rights."""

from typing import Any

import pytest

from tests.support import ids
from tests.support.books import ORG, OTHER_ORG, OTHER_ZONE, ZONE, Books
from tests.support.phone import Phone, about, hazard, op

RECORD = ids.make("record")
UNKNOWN = f"{ids.make('another epoch')}:5"


class Office:
    """Li in the field, two officers, and the administrator who gives them their roles."""

    def __init__(self) -> None:
        self.books = Books()
        self.li = self.books.phone(self.books.person("li"), "phone")
        self.admin = self.books.phone(self.books.person("an", "admin"), "admin")
        self.wen = self.books.phone(self.books.person("wen", "duty_officer"), "desk")
        self.shu = self.books.phone(self.books.person("shu", "secretary"), "second desk")
        self.li.capture(hazard(RECORD, zone=ZONE))
        self.books.push(self.li)

    def person(self, phone: Phone) -> str:
        return self.books.device(phone).person

    def roles(self, phone: Phone, *roles: str, **more: Any) -> None:
        fields = {"name": "某某", "code": self.person(phone)[-20:], "roles": list(roles), **more}
        self.admin.capture(op("member", self.person(phone), **fields))
        assert self.books.receipt(self.admin).verdict == "applied"

    def review(
        self, phone: Phone, decision: str, version: int = 1, seen: str | None = None, **at: Any
    ) -> str:
        fields = {"target": RECORD, "version": version, "decision": decision, "reason": "why"}
        base = {"$review": seen}
        record = ids.make(f"{phone.device} review {phone.count}")
        return phone.capture(op("review", record, **fields, base=base), **at)

    def state(self) -> tuple[str, int, str] | None:
        review = self.books.record(RECORD).review
        return (review.decision, review.version, review.entry) if review else None


# --- facts ---------------------------------------------------------------------------------------


def test_A01_any_member_creates_facts_anywhere_outside_his_zones_with_a_flag() -> None:
    o = Office()
    assert o.books.record(RECORD).flags == ()
    far = ids.make("far")
    o.li.capture(hazard(far, zone=OTHER_ZONE))
    assert o.books.verdict(o.li) == ("applied", None)
    assert o.books.record(far).flags == ("outside_zone",)


def test_A01_who_corrects_a_record_does_not_change_where_its_author_stood() -> None:
    o = Office()
    far = ids.make("far")
    o.li.capture(hazard(far, zone=OTHER_ZONE))
    o.books.push(o.li)
    stranger = o.books.phone(o.books.person("hu", "duty_officer", zones=[OTHER_ZONE]), "third")
    for record in (far, RECORD):
        stranger.capture(op("hazard", record, note="seen"))
    assert {r.verdict for r in o.books.receipts(stranger)} == {"applied"}
    assert o.books.record(far).flags == ("outside_zone",)
    assert o.books.record(RECORD).flags == ()


def test_A01_a_correction_of_the_zone_is_doubted_anew() -> None:
    o = Office()
    o.li.capture(op("hazard", RECORD, zone=OTHER_ZONE))
    o.books.push(o.li)
    assert o.books.record(RECORD).flags == ("outside_zone",)
    o.li.capture(op("hazard", RECORD, zone=ZONE))
    o.books.push(o.li)
    assert o.books.record(RECORD).flags == ()


def test_A02_facts_are_judged_by_the_rights_at_contact() -> None:
    o = Office()
    o.books.hears(o.li)
    # Removed from the organisation while he was out of reach: what he saw still counts.
    o.admin.capture(op("member", o.person(o.li), "del"))
    o.roles(o.li, "member")
    o.admin.capture(op("member", o.person(o.li), "del"))
    assert o.books.verdict(o.admin) == ("applied", None)
    o.li.capture(hazard(ids.make("seen before")))
    assert o.books.verdict(o.li) == ("applied", None)
    o.books.hears(o.li)
    o.li.capture(hazard(ids.make("seen after")))
    assert o.books.verdict(o.li) == ("refused", "no_right")


def test_A02_decisions_are_judged_by_the_rights_now() -> None:
    o = Office()
    o.review(o.li, "approved")
    assert o.books.verdict(o.li) == ("refused", "no_right")
    o.roles(o.shu, "secretary")
    o.books.hears(o.shu)
    # Gained after the contact, held now.
    hu = o.books.phone(o.books.person("hu"), "third")
    o.roles(hu, "duty_officer")
    o.review(hu, "approved")
    assert o.books.verdict(hu) == ("applied", None)


def test_A02_a_decision_allowed_at_contact_but_not_now_is_held() -> None:
    o = Office()
    o.books.hears(o.wen)
    o.roles(o.wen, "member")
    o.review(o.wen, "approved")
    assert o.books.verdict(o.wen) == ("held", "right_lost")
    assert o.state() is None
    o.books.hears(o.wen)
    o.review(o.wen, "approved")
    assert o.books.verdict(o.wen) == ("refused", "no_right")


def test_A02_adopting_with_a_lost_right_is_held_too() -> None:
    o = Office()
    held = o.li.capture(op("dream", ids.make("d")))
    o.books.push(o.li)
    o.books.hears(o.wen)
    o.roles(o.wen, "member")
    o.wen.capture(about("adopt", held))
    assert o.books.verdict(o.wen) == ("held", "right_lost")


def test_A02_revoked_and_given_again_the_right_at_contact_is_that_of_its_time() -> None:
    o = Office()
    o.roles(o.wen, "duty_officer")
    o.books.hears(o.wen)
    had = o.wen.at.contact
    o.roles(o.wen, "member")
    o.books.hears(o.wen)
    had_not = o.wen.at.contact
    o.review(o.wen, "approved", contact=had_not)
    assert o.books.verdict(o.wen) == ("refused", "no_right")
    o.review(o.wen, "approved", contact=had)
    assert o.books.verdict(o.wen) == ("held", "right_lost")
    o.roles(o.wen, "duty_officer")
    o.review(o.wen, "approved", contact=had_not)
    assert o.books.verdict(o.wen) == ("applied", None)


def test_A02_a_right_ends_at_the_receipt_that_ended_it() -> None:
    o = Office()
    o.roles(o.wen, "duty_officer")
    number = o.books.world.ledger().number + 1
    o.roles(o.wen, "member")
    for contact, code in ((number - 1, "right_lost"), (number, "no_right")):
        o.review(o.wen, "approved", contact=f"{ids.EPOCH}:{contact}")
        assert o.books.verdict(o.wen)[1] == code


def test_A02_rights_of_contact_0_are_those_of_the_enrolment() -> None:
    o = Office()
    o.roles(o.wen, "duty_officer")
    o.roles(o.wen, "member")
    new = o.books.phone(o.person(o.wen), "new")
    o.review(new, "approved")
    assert o.books.verdict(new) == ("refused", "no_right")
    o.review(o.wen, "approved")
    assert o.books.verdict(o.wen) == ("held", "right_lost")


def test_A03_an_unknown_contact_holds_a_fact_that_the_rights_now_do_not_justify() -> None:
    o = Office()
    o.li.capture(hazard(ids.make("a")), contact=UNKNOWN)
    assert o.books.verdict(o.li) == ("applied", None)
    o.li.capture(op("hazard", RECORD, note="x"), contact=f"{ids.EPOCH}:9999")
    assert o.books.verdict(o.li) == ("applied", None)
    stranger = o.books.phone(ids.make("nobody any more"), "old phone")
    fact = stranger.capture(hazard(ids.make("b")), contact=UNKNOWN)
    assert o.books.verdict(stranger) == ("held", "contact_unknown")
    o.wen.capture(about("adopt", fact))
    o.books.push(o.wen)
    assert o.books.newest(stranger, 1)[0] == "applied"
    assert o.books.record(ids.make("b")).author == ids.make("nobody any more")


def test_A03_what_an_adopter_holds_says_nothing_about_where_the_author_stood() -> None:
    o = Office()
    stranger = o.books.phone(ids.make("nobody any more"), "old phone")
    fact = stranger.capture(hazard(ids.make("b"), zone=ZONE), contact=UNKNOWN)
    o.books.push(stranger)
    o.wen.capture(about("adopt", fact))
    o.books.push(o.wen)
    assert o.books.record(ids.make("b")).flags == ("outside_zone",)


# --- organisations -------------------------------------------------------------------------------


def strangers() -> tuple[Books, Phone, Phone, str]:
    """A record and an unaccepted line of one organisation, a phone and a desk of another."""
    books = Books()
    li = books.phone(books.person("li"), "phone")
    li.capture(hazard(RECORD, zone=ZONE), blobs=["ab" * 32])
    held = li.capture(op("dream", ids.make("dream")))
    books.push(li)
    zhao = books.person("zhao", "member", "duty_officer", "admin", org=OTHER_ORG)
    return books, li, books.phone(zhao, "their desk", org=OTHER_ORG), held


@pytest.mark.parametrize("act", ["add", "del", "undel", "settle"])
def test_A04_another_organisations_record_is_answered_as_if_it_did_not_exist(act: str) -> None:
    books, _, theirs, _ = strangers()
    answers = []
    for record in (RECORD, ids.make("nowhere")):
        theirs.capture(op("hazard", record, act, field="note", stamp=record))
        receipt = books.receipt(theirs)
        answers.append((receipt.verdict, receipt.code, receipt.op, receipt.field))
    assert answers[0] == answers[1] == ("refused", "required", 0, "record")


def test_A04_nobody_writes_over_another_organisations_record() -> None:
    books, _, theirs, _ = strangers()
    before = books.record(RECORD)
    theirs.capture(hazard(RECORD, note="mine now"))
    assert books.receipt(theirs).verdict == "refused"
    assert books.record(RECORD) == before


@pytest.mark.parametrize("kind", ["photo", "review"])
def test_A04_what_follows_another_organisations_record_does_not_follow_it(kind: str) -> None:
    answers = []
    for subject in (RECORD, ids.make("nowhere")):
        books, _, theirs, _ = strangers()
        fields: dict[str, Any] = {"target": subject, "version": 1, "decision": "approved"}
        if kind == "photo":
            sizes = {"width": 1, "height": 1, "size": 1, "taken": 1}
            fields = {"subject": subject, "slot": "scene", "sha256": "ab" * 32, **sizes}
        theirs.capture(op(kind, ids.make("follower"), **fields))
        receipt = books.receipt(theirs)
        row = books.world.record(ids.make("follower"))
        answers.append((receipt.verdict, receipt.code, row.scopes if row else None))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("act", ["abandon", "refer", "adopt", "decline"])
def test_A04_another_organisations_entry_is_answered_as_if_it_did_not_exist(act: str) -> None:
    books, li, theirs, held = strangers()
    answers = []
    for entry in (held, ids.make("nowhere")):
        theirs.capture(op("entry", ids.make("any"), act, entry=entry))
        receipt = books.receipt(theirs)
        answers.append((receipt.verdict, receipt.code, receipt.field))
    assert answers[0] == answers[1]
    assert books.newest(li, 2)[0] == "held"


def test_A04_entry_ids_do_not_meet_across_organisations() -> None:
    books, li, theirs, held = strangers()
    theirs.capture(hazard(ids.make("own")), id=held)
    assert books.verdict(theirs) == ("applied", None)
    known = books.world.entry(ORG, held)
    assert known is not None
    assert (known.device, known.verdict) == (li.device, "held")


def test_A04_nobody_waits_for_or_replaces_another_organisations_line() -> None:
    books, li, theirs, held = strangers()
    fields = {"base": {"note": held}, "note": "x"}
    theirs.capture(hazard(ids.make("own"), **fields), replaces=held)
    assert books.verdict(theirs) == ("applied", None)
    theirs.capture(hazard(ids.make("dream")))
    assert books.verdict(theirs) == ("applied", None)
    assert books.newest(li, 2)[0] == "held"
    assert books.unaccepted(books.device(li).person)


def test_A04_what_another_organisation_would_have_made_holds_nobody() -> None:
    books, li, theirs, _ = strangers()
    shared = ids.make("shared id")
    theirs.capture(hazard(shared, level="none"))
    books.push(theirs)
    refused = li.capture(hazard(shared, level="none"))
    li.capture(op("hazard", shared, note="x"))
    books.push(li)
    assert books.newest(li, 4) == ("held", "waits_for", refused)


def test_A04_their_blob_does_not_touch_our_rows() -> None:
    books, _, theirs, _ = strangers()
    theirs.capture(hazard(RECORD), blobs=["ab" * 32])
    books.push(theirs)
    before = dict(books.world.changes.scopes), books.world.spot(f"zone:{ZONE}", RECORD)
    books.blob(theirs, "ab" * 32)
    assert books.world.spot(f"zone:{ZONE}", RECORD) == before[1]
    assert books.world.changes.scopes[f"zone:{ZONE}"] == before[0][f"zone:{ZONE}"]


# --- decisions -----------------------------------------------------------------------------------


def test_A05_seen_as_it_is_and_allowed_it_is_applied() -> None:
    o = Office()
    first = o.review(o.wen, "returned")
    assert o.books.verdict(o.wen) == ("applied", None)
    second = o.review(o.shu, "approved", seen=first)
    assert o.books.verdict(o.shu) == ("applied", None)
    assert o.state() == ("approved", 1, second)


def test_A05_concurrent_officers_of_one_mind_and_of_two() -> None:
    o = Office()
    first = o.review(o.wen, "approved")
    o.books.push(o.wen)
    o.review(o.shu, "approved")
    assert o.books.verdict(o.shu) == ("noop", "already")
    o.review(o.shu, "returned")
    assert o.books.verdict(o.shu) == ("refused", "decided")
    assert o.state() == ("approved", 1, first)
    o.review(o.shu, "returned", seen=first)
    assert o.books.verdict(o.shu) == ("applied", None)


def test_A05_a_step_that_is_not_allowed() -> None:
    o = Office()
    first = o.review(o.wen, "rejected")
    o.books.push(o.wen)
    o.review(o.wen, "approved", seen=first)
    assert o.books.verdict(o.wen) == ("refused", "decided")


def test_A05_nobody_reviews_his_own_record() -> None:
    o = Office()
    own = ids.make("own")
    o.wen.capture(hazard(own))
    o.books.push(o.wen)
    o.wen.capture(op("review", ids.make("r"), target=own, version=1, decision="approved"))
    assert o.books.verdict(o.wen) == ("refused", "no_right")


def test_A05_several_reviews_in_one_entry_apply_together_or_not_at_all() -> None:
    o = Office()
    other = ids.make("other record")
    o.li.capture(hazard(other))
    o.books.push(o.li)

    def both(version: int) -> None:
        o.wen.capture(
            op("review", ids.make(f"a{version}"), target=RECORD, version=1, decision="approved"),
            op(
                "review",
                ids.make(f"b{version}"),
                target=other,
                version=version,
                decision="approved",
            ),
        )

    both(7)
    receipt = o.books.receipt(o.wen)
    assert (receipt.verdict, receipt.code, receipt.op) == ("held", "older_version", 1)
    assert o.state() is None
    assert o.books.world.record(ids.make("a7")) is None
    both(1)
    assert o.books.verdict(o.wen) == ("applied", None)
    assert o.state() is not None


def test_A05_one_new_and_one_taken_already_in_one_entry() -> None:
    o = Office()
    other = ids.make("other record")
    o.li.capture(hazard(other))
    o.books.push(o.li)
    first = o.review(o.shu, "approved")
    o.books.push(o.shu)
    o.wen.capture(
        op("review", ids.make("a"), target=RECORD, version=1, decision="approved"),
        op("review", ids.make("b"), target=other, version=1, decision="approved"),
    )
    assert o.books.verdict(o.wen) == ("applied", None)
    assert o.state() == ("approved", 1, first)
    assert o.books.record(other).review is not None


def test_A05_two_steps_about_one_record_in_one_entry() -> None:
    o = Office()
    entry = ids.make("both")
    fields = {"target": RECORD, "version": 1, "reason": "why"}
    o.wen.capture(
        op("review", ids.make("a"), **fields, decision="returned"),
        op("review", ids.make("b"), **fields, decision="approved", base={"$review": entry}),
        id=entry,
    )
    assert o.books.verdict(o.wen) == ("applied", None)
    assert o.state() == ("approved", 1, entry)


def test_A05_only_a_put_of_a_review_decides() -> None:
    o = Office()
    o.review(o.wen, "approved")
    o.books.push(o.wen)
    before = o.state()
    review = next(r for r in o.books.world.changes.records.values() if r.kind == "review")
    stamp = review.stamps["decision"].entry
    o.shu.capture(op("review", review.id, "settle", field="decision", stamp=stamp))
    assert o.books.verdict(o.shu) == ("noop", "already")
    assert o.state() == before


def test_A06_a_review_of_an_older_version_is_held_for_its_author() -> None:
    o = Office()
    o.li.capture(op("hazard", RECORD, types=["breach"]))
    o.books.push(o.li)
    assert o.books.record(RECORD).version == 2
    o.review(o.wen, "approved", version=1)
    assert o.books.verdict(o.wen) == ("held", "older_version")
    assert o.books.unaccepted(o.person(o.wen))
    assert o.state() is None


def test_A06_noop_when_that_older_version_already_had_this_decision() -> None:
    o = Office()
    o.review(o.wen, "returned")
    o.books.push(o.wen)
    o.li.capture(op("hazard", RECORD, types=["breach"]))
    o.books.push(o.li)
    o.review(o.shu, "returned", version=1)
    assert o.books.verdict(o.shu) == ("noop", "already")
    o.review(o.shu, "approved", version=1)
    assert o.books.verdict(o.shu) == ("held", "older_version")


def test_A06_also_when_the_newer_version_has_its_own_review() -> None:
    o = Office()
    first = o.review(o.wen, "returned")
    o.books.push(o.wen)
    o.li.capture(op("hazard", RECORD, types=["breach"]))
    o.books.push(o.li)
    second = o.review(o.wen, "approved", version=2, seen=first)
    o.books.push(o.wen)
    assert o.state() == ("approved", 2, second)
    o.review(o.shu, "returned", version=1)
    assert o.books.verdict(o.shu) == ("noop", "already")
    o.review(o.shu, "rejected", version=1)
    assert o.books.verdict(o.shu) == ("held", "older_version")


def test_A06_one_entry_counts_one_version_and_a_change_always_counts() -> None:
    o = Office()
    o.li.capture(
        op("hazard", RECORD, note="a new field first"),
        op("hazard", RECORD, types=["breach"]),
        op("hazard", RECORD, nature="latent"),
    )
    o.books.push(o.li)
    assert o.books.record(RECORD).version == 2


def test_A06_after_a_review_whatever_the_author_writes_is_a_new_version() -> None:
    for fields in ({"note": "new field"}, {"nature": "acute"}):
        o = Office()
        first = o.review(o.wen, "returned")
        o.books.push(o.wen)
        o.li.capture(op("hazard", RECORD, **fields))
        o.books.push(o.li)
        assert o.books.record(RECORD).version == 2
        o.review(o.wen, "approved", version=2, seen=first)
        assert o.books.verdict(o.wen) == ("applied", None)


def test_A06_an_equal_value_of_somebody_else_is_no_new_version() -> None:
    o = Office()
    o.review(o.wen, "approved")
    o.books.push(o.wen)
    o.shu.capture(op("hazard", RECORD, nature="acute"))
    o.books.push(o.shu)
    assert o.books.record(RECORD).version == 1


def test_A07_a_grant_is_a_record_and_giving_a_zone_away_is_one_entry() -> None:
    o = Office()
    to, from_ = o.books.person("hu", zones=()), o.person(o.li)
    old, new = ids.make("old grant"), ids.make("new grant")
    o.wen.capture(op("grant", old, person=from_, zone=OTHER_ZONE, role="member"))
    assert o.books.verdict(o.wen) == ("applied", None)
    assert zones(o.books, from_) == {ZONE, OTHER_ZONE}
    o.wen.capture(
        op("grant", old, ended=True), op("grant", new, person=to, zone=OTHER_ZONE, role="lead")
    )
    assert o.books.verdict(o.wen) == ("applied", None)
    assert (zones(o.books, from_), zones(o.books, to)) == ({ZONE}, {OTHER_ZONE})
    assert set(o.books.rows(f"org:{ORG}")) == {old, new}


def test_A07_only_by_who_may_give_out_zones() -> None:
    o = Office()
    grant = {"person": o.person(o.li), "zone": OTHER_ZONE, "role": "lead"}
    o.li.capture(op("grant", ids.make("g"), **grant))
    assert o.books.verdict(o.li) == ("refused", "no_right")
    assert zones(o.books, o.person(o.li)) == {ZONE}


def test_A07_two_grants_of_one_zone_end_one_by_one() -> None:
    o = Office()
    hu = o.books.person("hu", zones=())
    for name in ("a", "b"):
        o.wen.capture(op("grant", ids.make(name), person=hu, zone=ZONE, role="member"))
    o.wen.capture(op("grant", ids.make("a"), "del"))
    o.books.push(o.wen)
    assert zones(o.books, hu) == {ZONE}
    o.wen.capture(op("grant", ids.make("b"), ended=True))
    o.books.push(o.wen)
    assert zones(o.books, hu) == set()
    o.wen.capture(op("grant", ids.make("a"), "undel"))
    o.books.push(o.wen)
    assert zones(o.books, hu) == {ZONE}


def zones(books: Books, person: str) -> set[str]:
    rows = books.world.rights(f"person:{person}")
    return {right.value for right in rows if right.sort == "zone" and right.until is None}
