"""The track of a patrol: the places that its segments hold, in parts that are broken by gaps."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from hushui.domain.chainage import PAUSE_MS_MAX, Fix, distance
from hushui_sync.world import Record

JUMP_M: Final = 150.0
"""Farther apart than this nothing is known of the way between: as pwa/src/geo/segment.ts."""

Gap = tuple[int, int]
Read = Callable[[str], bytes | None]
"""The bytes of a blob, None when they are not here."""


class Track(Struct, frozen=True):
    """``parts`` in order of time, none of them empty. ``missing``: segments whose bytes are not
    here (yet) or cannot be read."""

    parts: tuple[tuple[Fix, ...], ...]
    missing: int = 0


def track_of(record: Record, read: Read) -> Track:
    fixes: list[Fix] = []
    gaps: list[Gap] = []
    missing = 0
    for said in (added["set"] for added in record.adds):
        if said.get("type") != "segment":
            continue
        if said.get("gap") is not None:
            gaps.append((said["from"], said["to"]))
        elif isinstance(said.get("blob"), str):
            found = fixes_of(read(said["blob"]))
            missing += not found
            fixes += found
    return Track(tuple(parts_of(fixes, gaps)), missing)


def fixes_of(blob: bytes | None) -> list[Fix]:
    """Phones write `{points: [[at, lon, lat, acc]]}`; a bare list is `[lon, lat, acc, at]`."""
    try:
        value = msgspec.json.decode(blob or b"null")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []
    if isinstance(value, list):
        return [Fix(lon, lat, acc, int(at)) for lon, lat, acc, at in fours(value)]
    points = value.get("points") if isinstance(value, dict) else None
    if not isinstance(points, list):
        return []
    return [Fix(lon, lat, acc, int(at)) for at, lon, lat, acc in fours(points)]


def fours(points: Iterable[Any]) -> Iterable[tuple[float, float, float, float]]:
    for point in points:
        if isinstance(point, list) and len(point) >= 4 and all(map(is_number, point[:4])):
            yield (point[0], point[1], point[2], point[3])


def is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def parts_of(fixes: Iterable[Fix], gaps: Sequence[Gap]) -> Iterable[tuple[Fix, ...]]:
    """Broken where a gap was written, where the clock stood still for long, and at a jump. The same
    fix in two segments counts once."""
    part: list[Fix] = []
    for fix in sorted(set(fixes), key=lambda fix: (fix.at, fix.lon, fix.lat)):
        if part and broken(part[-1], fix, gaps):
            yield tuple(part)
            part = []
        part.append(fix)
    if part:
        yield tuple(part)


def broken(a: Fix, b: Fix, gaps: Sequence[Gap]) -> bool:
    if b.at - a.at > PAUSE_MS_MAX or distance((a.lon, a.lat), (b.lon, b.lat)) > JUMP_M:
        return True
    return any(begin < b.at and end > a.at for begin, end in gaps)
