"""Doubts about a fact, as flags for the reviewer. They refuse nothing.

The doubts about the clock (`clock_off`, `late`, `ahead`) are the sync core's (T05); what somebody
filled in himself (`told_late`, `told_ahead`) is ours, within the same bounds.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hushui.domain.access import FACTS
from hushui.domain.chainage import Position, contains, distance_to_polygon
from hushui.domain.views import Rights
from hushui.kinds.describe import broken
from hushui.kinds.kind import Kind
from hushui_sync.limits import AHEAD_MS, LATE_MS

Fields = Mapping[str, Any]
Lookup = Callable[[str], Fields | None]

FAR_M = 200.0


def flags(kind: Kind, fields: Fields, rights: Rights, received: int, lookup: Lookup) -> list[str]:
    """Ours, then the codes of the kind's rules that ask. ``lookup`` answers the fields of a zone,
    or None."""
    if kind.code not in FACTS or kind.code == "photo":
        return []
    doubts = {
        "outside_zone": outside_zone(fields, rights, lookup),
        "far_from_zone": far_from_zone(fields, lookup),
        "no_photo": bool(fields.get("no_photo_reason")),
        "told_late": told(kind, fields, received) < -LATE_MS,
        "told_ahead": told(kind, fields, received) > AHEAD_MS,
    }
    asked = (rule.code for rule in broken(kind, fields, new=True, effect="ask"))
    return [name for name, doubtful in doubts.items() if doubtful] + list(asked)


def told(kind: Kind, fields: Fields, received: int) -> int:
    """How long after its receipt it says that it happened, in milliseconds; 0 if it does not."""
    at = fields.get(kind.happened or "")
    return at - received if isinstance(at, int) and not isinstance(at, bool) else 0


def outside_zone(fields: Fields, rights: Rights, lookup: Lookup) -> bool:
    """Outside every zone granted (A01). Without a zone the place decides; without both, nothing."""
    mine = rights.zones | rights.lead_zones | rights.team_zones
    if fields.get("zone") is not None:
        return fields["zone"] not in mine
    point = position(fields.get("place"))
    if point is None:
        return False
    shapes = (area(zone, lookup) for zone in sorted(mine))
    return not any(shape and contains(shape, point) for shape in shapes)


def far_from_zone(fields: Fields, lookup: Lookup) -> bool:
    """Farther from the zone it names than `FAR_M` and its own accuracy explain."""
    point, zone = position(fields.get("place")), fields.get("zone")
    shape = area(zone, lookup) if zone is not None else None
    if point is None or shape is None:
        return False
    slack = FAR_M + (fields["place"].get("acc") or 0)
    return distance_to_polygon(shape, point) > slack


def area(zone: str, lookup: Lookup) -> list[Position] | None:
    """None also when the id is that of some other record."""
    return (lookup(zone) or {}).get("polygon")


def position(place: Any) -> Position | None:
    if not isinstance(place, Mapping) or place.get("lon") is None or place.get("lat") is None:
        return None
    return (place["lon"], place["lat"])
