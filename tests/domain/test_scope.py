"""Where each kind travels."""

import pytest

from hushui.domain.scope import scopes
from hushui.kinds import KINDS

ORG, AUTHOR, ZONE = "org:nbh", "person:zhang", "zone:Z03"
FIELDS = {"zone": "Z03", "person": "wang", "team": "T2"}

TRAVELS = {
    **{kind: [ORG] for kind in ("member", "team", "zone", "checkpoint", "grant", "device")},
    **{kind: [AUTHOR, ZONE] for kind in ("patrol", "work", "hazard", "event")},
    **{kind: ["person:sun", AUTHOR, "zone:Z01"] for kind in ("photo", "review")},
}


def test_every_kind_has_its_scopes() -> None:
    assert set(TRAVELS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_travels_where_it_belongs(kind: str) -> None:
    assert scopes(kind, FIELDS, "nbh", "zhang", ["person:sun", "zone:Z01"]) == TRAVELS[kind]


def test_a_fact_without_a_zone_stays_with_its_author() -> None:
    assert scopes("work", {}, "nbh", "zhang", None) == [AUTHOR]
    assert scopes("work", {"zone": None}, "nbh", "zhang", None) == [AUTHOR]


def test_a_photo_whose_record_is_not_there_yet_stays_with_its_author() -> None:
    assert scopes("photo", {"subject": "R1"}, "nbh", "zhang", None) == [AUTHOR]
