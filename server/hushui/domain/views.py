"""What one person may at one moment, as the domain sees it."""

from msgspec import Struct


class Rights(Struct, frozen=True):
    """``zones`` granted as member or lead, ``lead_zones`` as lead, ``team_zones`` of the team.

    Without a role a person has no right at all: the record was removed.
    """

    person: str
    org: str
    roles: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    lead_zones: frozenset[str] = frozenset()
    team: str | None = None
    team_zones: frozenset[str] = frozenset()
