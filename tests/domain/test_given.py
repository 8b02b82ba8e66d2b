"""Which rights a record gives while it stands, and how they add up for a person."""

from typing import Any

import pytest

from hushui.domain.given import given, rights_from
from hushui_sync.world import Right


def test_a_member_has_roles_and_a_team() -> None:
    fields = {"name": "张河", "roles": ["member", "zone_lead"], "team": "T2"}
    assert given("member", "M1", fields, False) == {
        ("person:M1", "role", "member"),
        ("person:M1", "role", "zone_lead"),
        ("person:M1", "team", "T2"),
    }


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"role": "member"}, {"zone"}),
        ({"role": "lead"}, {"zone", "lead"}),
        ({"role": "lead", "ended": False}, {"zone", "lead"}),
        ({"role": "lead", "ended": True}, set()),
    ],
)
def test_a_grant_gives_its_zone_until_it_is_ended(fields: dict[str, Any], wanted: set[str]) -> None:
    got = given("grant", "G1", {"person": "M1", "zone": "Z03", **fields}, False)
    assert got == {("person:M1", sort, "Z03") for sort in wanted}


def test_a_zone_belongs_to_its_team() -> None:
    assert given("zone", "Z03", {"team": "T2"}, False) == {("team:T2", "zone", "Z03")}
    assert given("zone", "Z03", {"team": None}, False) == set()


@pytest.mark.parametrize("kind", ["member", "grant", "zone", "work"])
def test_what_is_deleted_gives_nothing(kind: str) -> None:
    fields = {"roles": ["admin"], "team": "T2", "person": "M1", "zone": "Z03"}
    assert given(kind, "R1", fields, True) == set()


def test_rows_of_the_person_and_of_his_team_make_up_the_rights() -> None:
    rows = [
        Right("person:M1", "role", "team_leader", "M1", 1),
        Right("person:M1", "team", "T2", "M1", 1),
        Right("person:M1", "zone", "Z05", "G1", 2),
        Right("person:M1", "lead", "Z05", "G1", 2),
        Right("team:T2", "zone", "Z03", "Z03", 1),
        Right("team:T1", "zone", "Z01", "Z01", 1),
        Right("person:M2", "role", "admin", "M2", 1),
    ]
    got = rights_from("M1", "nbh", rows)
    assert got.roles == {"team_leader"}
    assert got.zones == got.lead_zones == {"Z05"}
    assert got.team == "T2"
    assert got.team_zones == {"Z03"}
