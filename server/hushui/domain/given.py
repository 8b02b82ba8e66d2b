"""The rights a record gives while it stands, and a person's rights from such rows.

A row is (holder, sort, value). Holders: ``person:ID``, ``team:ID``. Sorts: role, team, zone, lead.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from hushui.domain.views import Rights
from hushui_sync.world import Right

Given = tuple[str, str, str]


def given(kind: str, record: str, fields: Mapping[str, Any], deleted: bool) -> set[Given]:
    if deleted:
        return set()
    match kind:
        case "member":
            return of_member(record, fields)
        case "grant":
            return of_grant(fields)
        case "zone":
            team = fields.get("team")
            return {(f"team:{team}", "zone", record)} if team else set()
        case _:
            return set()


def of_member(record: str, fields: Mapping[str, Any]) -> set[Given]:
    holder = f"person:{record}"
    rows = {(holder, "role", role) for role in fields.get("roles") or ()}
    if fields.get("team"):
        rows.add((holder, "team", fields["team"]))
    return rows


def of_grant(fields: Mapping[str, Any]) -> set[Given]:
    if fields.get("ended"):
        return set()
    holder, zone = f"person:{fields['person']}", fields["zone"]
    rows = {(holder, "zone", zone)}
    if fields.get("role") == "lead":
        rows.add((holder, "lead", zone))
    return rows


def rights_from(person: str, org: str, rows: Iterable[Right]) -> Rights:
    """``rows`` are those of the person and of his team that hold at one moment."""
    return _rights(person, org, tuple(rows))


@lru_cache(maxsize=4_096)
def _rights(person: str, org: str, rows: tuple[Right, ...]) -> Rights:
    """Kept: they are asked for with every line, and change once a season."""
    mine: dict[str, set[str]] = {"role": set(), "team": set(), "zone": set(), "lead": set()}
    for row in rows:
        if row.holder == f"person:{person}":
            mine.setdefault(row.sort, set()).add(row.value)
    team = min(mine["team"], default=None)
    team_zones = {row.value for row in rows if row.holder == f"team:{team}" and row.sort == "zone"}
    return Rights(
        person=person,
        org=org,
        roles=frozenset(mine["role"]),
        zones=frozenset(mine["zone"]),
        lead_zones=frozenset(mine["lead"]),
        team=team,
        team_zones=frozenset(team_zones),
    )
