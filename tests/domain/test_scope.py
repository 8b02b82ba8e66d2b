"""Where each kind travels."""

import pytest

from hushui.domain.scope import scopes
from hushui.kinds import KINDS

ORG, AUTHOR, ZONE = "org:nbh", "person:zhang", "zone:Z03"
FIELDS = {
    "zone": "Z03",
    "person": "wang",
    "team": "T2",
    "owner": "wang",
    "leader": "li",
    "members": ["wang", "li"],
    "incoming": "wang",
    "outgoing": "li",
}
SUBJECT = ["person:sun", "zone:Z01"]
ORGANISED = "member team branch post zone checkpoint object boat duty_shift device grant"
FOLLOWING = "photo review hazard_report consultation repair verification call"

TRAVELS = {
    **{kind: [ORG] for kind in (*ORGANISED.split(), "response", "notice")},
    **{kind: [ORG, AUTHOR] for kind in ("activity", "claim")},
    **{kind: [AUTHOR, ZONE] for kind in ("patrol", "work", "hazard", "event", "reading")},
    **{kind: sorted([AUTHOR, *SUBJECT]) for kind in FOLLOWING.split()},
    "consent": [AUTHOR],
    **{kind: ["person:wang", AUTHOR] for kind in ("absence", "duty_entry")},
    "handover": ["person:li", "person:wang", AUTHOR],
    "finding": ["person:wang", AUTHOR, ZONE],
    "dispatch": sorted([AUTHOR, *SUBJECT, "team:T2", "person:li", "person:wang"]),
    "check": [AUTHOR],
}


def test_every_kind_has_its_scopes() -> None:
    assert set(TRAVELS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_travels_where_it_belongs(kind: str) -> None:
    assert scopes(kind, fields_of(kind), "nbh", "zhang", SUBJECT) == TRAVELS[kind]


def fields_of(kind: str) -> dict[str, object]:
    """A check's team are people, a team of anything else is a team."""
    return {**FIELDS, "team": []} if kind == "check" else {**FIELDS}


def test_a_check_is_known_to_those_who_carry_it_out_and_not_to_its_target() -> None:
    check = {"team": ["wang", "li"], "target_zone": "Z03"}
    assert scopes("check", check, "nbh", "zhang", None) == ["person:li", "person:wang", AUTHOR]


def test_a_fact_without_a_zone_stays_with_its_author() -> None:
    assert scopes("work", {}, "nbh", "zhang", None) == [AUTHOR]
    assert scopes("work", {"zone": None}, "nbh", "zhang", None) == [AUTHOR]


def test_a_photo_whose_record_is_not_there_yet_stays_with_its_author() -> None:
    assert scopes("photo", {"subject": "R1"}, "nbh", "zhang", None) == [AUTHOR]
