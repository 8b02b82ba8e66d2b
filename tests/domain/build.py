"""Rights and records in few words."""

from typing import Any

from hushui.domain.views import Rights
from hushui_sync.world import Record, Review

ORG = "nbh"


def rights(person: str, *roles: str, **held: Any) -> Rights:
    return Rights(person=person, org=ORG, roles=frozenset(roles), **held)


PATROLLER = rights("zhang", "member", zones=frozenset({"Z03"}), team="T2")
ZONE_LEAD = rights("zhao", "member", lead_zones=frozenset({"Z05"}), team="T2")
TEAM_LEADER = rights("li", "member", "team_leader", team="T2", team_zones=frozenset({"Z03", "Z04"}))
OFFICER = rights("zhou", "duty_officer")
SECRETARY = rights("zheng", "secretary")
ADMIN = rights("root", "admin")
NOBODY = rights("gone")
EVERYBODY = (PATROLLER, ZONE_LEAD, TEAM_LEADER, OFFICER, SECRETARY, ADMIN, NOBODY)


def record(kind: str, author: str = "zhang", **changed: Any) -> Record:
    values: dict[str, Any] = {
        "id": "R1",
        "org": ORG,
        "kind": kind,
        "fields": {},
        "stamps": {},
        "adds": (),
        "deleted": False,
        "version": 1,
        "author": author,
        "device": "D1",
        "captured": 1,
        "flags": (),
        "conflicts": (),
        "review": None,
        "subject": None,
        "scopes": (),
        "rev": "e:1",
    }
    return Record(**{**values, **changed})


def review(decision: str, version: int = 1, entry: str = "E1") -> Review:
    return Review(decision, version, "", (), "zhou", entry, 1)
