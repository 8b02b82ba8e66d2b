"""Who may do what: the table written out, and the cases in which it bends."""

from typing import Any

import pytest

from hushui.domain import access
from hushui.domain.access import ALL, FACTS, PAPERS, PEOPLE, PLACES, allowed, may, posts, readable
from hushui.domain.policy import Domain
from hushui.domain.views import Rights
from hushui_sync.entry import Op
from tests.domain.build import (
    ADMIN,
    EVERYBODY,
    NOBODY,
    OFFICER,
    PATROLLER,
    SECRETARY,
    TEAM_LEADER,
    ZONE_LEAD,
    record,
    rights,
)
from tests.support import ids

DOMAIN = Domain()
OFFICE = (OFFICER, SECRETARY)
EVERY_WHOSE: tuple[access.Whose, ...] = ("own", "named", "zone", "team", "others", "org")
STAFF = (PATROLLER, ZONE_LEAD, TEAM_LEADER, *OFFICE, ADMIN)


def test_the_posts_follow_from_roles_and_grants() -> None:
    assert posts(PATROLLER) == {"patroller"}
    assert posts(ZONE_LEAD) == {"patroller", "zone_lead"}
    assert posts(TEAM_LEADER) == {"patroller", "team_leader"}
    assert posts(OFFICER) == posts(SECRETARY) == {"patroller", "office"}
    assert posts(ADMIN) == {"patroller", "admin"}
    assert posts(NOBODY) == frozenset()


def test_the_system_may_what_anybody_may_and_no_member_becomes_it() -> None:
    assert posts(rights("nbh", access.SYSTEM)) == {row.post for row in access.TABLE}
    made = {"name": "甲", "code": "1", "roles": [access.SYSTEM]}
    op = Op("member", ids.make("甲"), "put", made, {})
    assert DOMAIN.check(op, made, [op], new=True) == ("unknown_choice", "roles")


# (action, kinds, whose) → who may. Whatever is not here is nobody's.
WRITTEN_OUT: tuple[tuple[str, tuple[str, ...], str, tuple[Rights, ...]], ...] = (
    *(("create", FACTS, whose, STAFF) for whose in EVERY_WHOSE),
    *((action, FACTS, "own", STAFF) for action in ("correct", "add", "void", "settle")),
    *(
        (action, FACTS, whose, OFFICE)
        for action in ("correct", "add", "void", "settle")
        for whose in EVERY_WHOSE[1:]
    ),
    *(("review", FACTS, whose, OFFICE) for whose in EVERY_WHOSE[1:]),
    *(
        ("give_zone", ("grant",), whose, (TEAM_LEADER, *OFFICE) if whose == "team" else OFFICE)
        for whose in EVERY_WHOSE
    ),
    *(
        ("add", (kind,), "named", STAFF)
        for kind in ("dispatch", "handover", "absence", "duty_entry", "finding")
    ),
    *(("create", ("dispatch",), whose, (TEAM_LEADER, *OFFICE)) for whose in EVERY_WHOSE),
    *((action, ("dispatch",), "own", (TEAM_LEADER,)) for action in ("correct", "add", "void")),
    *(
        (action, ("dispatch",), whose, OFFICE)
        for action in ("correct", "add", "void")
        for whose in EVERY_WHOSE
    ),
    *(
        (action, PAPERS, whose, OFFICE)
        for action in ("create", "correct", "void")
        for whose in EVERY_WHOSE
    ),
    *(("manage_people", PEOPLE, whose, (*OFFICE, ADMIN)) for whose in EVERY_WHOSE),
    *(("manage_devices", ("device",), whose, (*OFFICE, ADMIN)) for whose in EVERY_WHOSE),
    *(
        (action, PLACES, whose, (*OFFICE, ADMIN))
        for action in ("create", "correct", "void")
        for whose in EVERY_WHOSE
    ),
    *(("settle", (*PEOPLE, *PLACES, "device"), whose, (*OFFICE, ADMIN)) for whose in EVERY_WHOSE),
    *(("settle", ("review", "grant", "dispatch", *PAPERS), whose, OFFICE) for whose in EVERY_WHOSE),
    *(("adopt", ("entry",), whose, OFFICE) for whose in EVERY_WHOSE),
    ("read_records", (*FACTS, "dispatch", "review"), "own", STAFF),
    ("read_records", (*FACTS, "dispatch", "review"), "zone", STAFF),
    ("read_records", (*FACTS, "dispatch", "review"), "team", (TEAM_LEADER, *OFFICE)),
    (
        "read_records",
        ("dispatch", "handover", "absence", "duty_entry", "finding", "check"),
        "named",
        STAFF,
    ),
    *(
        ("read_records", (*FACTS, "dispatch", "review"), whose, OFFICE)
        for whose in ("named", "others", "org")
    ),
    *(
        ("read_records", ("grant", *PAPERS, *PEOPLE, *PLACES, "device"), whose, OFFICE)
        for whose in EVERY_WHOSE
    ),
)


def test_the_rights_table_says_what_is_written_out_here() -> None:
    wanted = {
        (action, kind, whose, who.person)
        for action, kinds, whose, people in WRITTEN_OUT
        for kind in kinds
        for who in people
    }
    actions = {row.action for row in access.TABLE}
    got = {
        (action, kind, whose, who.person)
        for action in actions
        for kind in (*ALL, "entry")
        for whose in EVERY_WHOSE
        for who in EVERYBODY
        if may(who, action, kind, whose)
    }
    assert got == wanted


@pytest.mark.parametrize("kind", FACTS)
def test_a01_any_member_creates_facts_anywhere_in_his_organisation(kind: str) -> None:
    for who in STAFF:
        assert DOMAIN.allowed(who, kind, "put", None, {"zone": "Z99"}, None)
    assert not DOMAIN.allowed(NOBODY, kind, "put", None, {}, None)


@pytest.mark.parametrize("act", ["put", "add", "del", "undel", "settle"])
def test_a_fact_is_changed_by_its_author_or_the_office(act: str) -> None:
    fact = record("work", author=PATROLLER.person)
    assert DOMAIN.allowed(PATROLLER, "work", act, fact, {}, None)
    assert DOMAIN.allowed(OFFICER, "work", act, fact, {}, None)
    for other in (ZONE_LEAD, TEAM_LEADER, ADMIN, NOBODY):
        assert not DOMAIN.allowed(other, "work", act, fact, {}, None)


def test_the_office_reviews_others_work_and_never_its_own() -> None:
    theirs, own = record("hazard", author="zhang"), record("hazard", author=OFFICER.person)
    assert DOMAIN.allowed(OFFICER, "review", "put", None, {}, theirs)
    assert not DOMAIN.allowed(OFFICER, "review", "put", None, {}, own)
    assert DOMAIN.allowed(SECRETARY, "review", "put", None, {}, own)
    for who in (PATROLLER, ZONE_LEAD, TEAM_LEADER, ADMIN):
        assert not DOMAIN.allowed(who, "review", "put", None, {}, theirs)


def test_the_papers_of_the_office_are_its_own() -> None:
    assert set(PAPERS) == {"response", "notice", "branch", "post", "object", "boat", "duty_shift"}


def test_whoever_a_record_names_may_add_to_it_and_no_more() -> None:
    call = record("dispatch", author=OFFICER.person, fields={"members": [PATROLLER.person]})
    assert DOMAIN.allowed(PATROLLER, "dispatch", "add", call, {"type": "answer"}, None)
    assert not DOMAIN.allowed(PATROLLER, "dispatch", "put", call, {"task": "别的"}, None)
    assert not DOMAIN.allowed(ZONE_LEAD, "dispatch", "add", call, {"type": "answer"}, None)
    missed = record("absence", author=OFFICER.person, fields={"person": PATROLLER.person})
    assert DOMAIN.allowed(PATROLLER, "absence", "add", missed, {"type": "make_up"}, None)
    assert not DOMAIN.allowed(PATROLLER, "absence", "put", missed, {"reason": "leave"}, None)


def test_nobody_names_himself_in_what_he_adds() -> None:
    call = record("dispatch", author=OFFICER.person)
    added = {"type": "answer", "members": [PATROLLER.person]}
    assert not DOMAIN.allowed(PATROLLER, "dispatch", "add", call, added, None)


def test_a_team_leader_calls_people_out_and_takes_back_only_his_own_call() -> None:
    assert DOMAIN.allowed(TEAM_LEADER, "dispatch", "put", None, {"target": "R9"}, None)
    assert not DOMAIN.allowed(PATROLLER, "dispatch", "put", None, {"target": "R9"}, None)
    own, theirs = record("dispatch", author=TEAM_LEADER.person), record("dispatch", author="x")
    assert DOMAIN.allowed(TEAM_LEADER, "dispatch", "del", own, {}, None)
    assert not DOMAIN.allowed(TEAM_LEADER, "dispatch", "del", theirs, {}, None)
    assert DOMAIN.allowed(OFFICER, "dispatch", "del", theirs, {}, None)


def test_a_review_is_written_once_and_about_a_fact() -> None:
    target = record("hazard")
    for act in ("put", "del", "undel", "add"):
        assert not DOMAIN.allowed(OFFICER, "review", act, record("review"), {}, target)
    assert not DOMAIN.allowed(OFFICER, "review", "put", None, {}, None)
    assert not DOMAIN.allowed(OFFICER, "review", "put", None, {}, record("zone"))


def test_a07_a_team_leader_gives_out_the_zones_of_his_team_only() -> None:
    def give(who: Rights, zone: str) -> bool:
        return DOMAIN.allowed(who, "grant", "put", None, {"zone": zone, "person": "zhang"}, None)

    assert give(TEAM_LEADER, "Z03")
    assert not give(TEAM_LEADER, "Z01")
    assert give(OFFICER, "Z01")
    assert not give(ZONE_LEAD, "Z05")
    assert not give(ADMIN, "Z01")


def test_a_grant_cannot_be_moved_to_another_zone_or_person() -> None:
    grant = record("grant", author="li", fields={"person": "zhang", "zone": "Z03"})
    assert DOMAIN.allowed(TEAM_LEADER, "grant", "put", grant, {"ended": True}, None)
    assert DOMAIN.allowed(TEAM_LEADER, "grant", "put", grant, {"zone": "Z03"}, None)
    assert not DOMAIN.allowed(TEAM_LEADER, "grant", "put", grant, {"zone": "Z04"}, None)
    assert not DOMAIN.allowed(OFFICER, "grant", "put", grant, {"person": "zhao"}, None)


def test_a_team_leader_who_gave_a_grant_does_not_own_it() -> None:
    elsewhere = record("grant", author="li", fields={"person": "zhang", "zone": "Z01"})
    assert not DOMAIN.allowed(TEAM_LEADER, "grant", "put", elsewhere, {"ended": True}, None)


def test_what_a_photo_proves_is_never_rewritten() -> None:
    photo = record("photo", fields={"sha256": "a" * 64, "slot": "scene", "subject": "R9"})
    assert DOMAIN.allowed(PATROLLER, "photo", "put", photo, {"slot": "detail"}, None)
    assert not DOMAIN.allowed(PATROLLER, "photo", "put", photo, {"sha256": "b" * 64}, None)
    assert not DOMAIN.allowed(OFFICER, "photo", "put", photo, {"subject": "R8"}, None)


@pytest.mark.parametrize(
    ("before", "written", "needs"),
    [
        (None, {"roles": ["member"]}, False),
        (None, {"roles": ["member", "team_leader"]}, False),
        (None, {"roles": ["duty_officer"]}, True),
        (None, {"roles": ["admin"]}, True),
        (["member"], {"roles": ["member", "admin"]}, True),
        (["admin"], {"roles": ["member"]}, True),
        (["admin"], {"name": "新名"}, False),
        (["admin"], {"login": "mine"}, True),
        (["member"], {"login": "zhang"}, False),
        (["secretary"], {"roles": ["secretary", "member"]}, False),
    ],
)
def test_only_an_administrator_makes_officers(
    before: list[str] | None, written: dict[str, Any], needs: bool
) -> None:
    standing = None if before is None else record("member", fields={"roles": before})
    assert DOMAIN.allowed(OFFICER, "member", "put", standing, written, None) is not needs
    assert DOMAIN.allowed(ADMIN, "member", "put", standing, written, None)
    assert not DOMAIN.allowed(PATROLLER, "member", "put", standing, written, None)


def test_the_office_cannot_remove_the_administrator() -> None:
    root = record("member", fields={"roles": ["admin"]})
    assert not DOMAIN.allowed(OFFICER, "member", "del", root, {}, None)
    assert DOMAIN.allowed(ADMIN, "member", "del", root, {}, None)


def test_a04_another_organisation_is_never_reached() -> None:
    foreign = record("work", author=PATROLLER.person, org="xt")
    for who in EVERYBODY:
        for act in ("put", "add", "del", "settle"):
            assert not DOMAIN.allowed(who, "work", act, foreign, {}, None)
        assert not DOMAIN.allowed(who, "review", "put", None, {}, foreign)
        assert not DOMAIN.allowed(who, "photo", "put", None, {}, foreign)


def test_d05_only_the_office_adopts_and_declines() -> None:
    for act in ("adopt", "decline"):
        assert [w for w in EVERYBODY if DOMAIN.allowed(w, "entry", act, None, {}, None)] == [
            OFFICER,
            SECRETARY,
        ]


def test_an_act_nobody_knows_is_nobodys_right() -> None:
    assert not allowed(OFFICER, "work", "redact", record("work"), {}, None)


def test_s01_the_scopes_of_a_device_are_those_of_its_person() -> None:
    assert readable(PATROLLER, "D1") == [
        "device:D1",
        "org:nbh",
        "person:zhang",
        "team:T2",
        "zone:Z03",
    ]
    assert "zone:Z04" in readable(TEAM_LEADER, "D1")
    assert readable(NOBODY, "D1") == ["device:D1", "person:gone"]


def test_the_zones_of_a_team_are_read_by_its_leader_only() -> None:
    mate = rights("wang", "member", team="T2", team_zones=frozenset({"Z03"}))
    assert "zone:Z03" not in readable(mate, "D1")
