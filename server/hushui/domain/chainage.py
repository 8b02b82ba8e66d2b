"""Places along a line: chainage, offset and side, marks, coverage.

Positions are (lon, lat) in degrees, WGS-84; lengths are metres. Over the few kilometres of a zone
the earth is taken as flat around the point in question. pwa/src/geo/chainage.ts says the same;
sync/vectors/chainage.json holds both to it.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from math import asin, cos, floor, hypot, inf, radians, sin, sqrt
from typing import Literal

from msgspec import Struct

Position = tuple[float, float]
Side = Literal["left", "right"]
Interval = tuple[float, float]

RADIUS_M = 6_371_008.8
DEGREE_M = radians(1) * RADIUS_M
ACC_M_MAX = 100.0
REACH_M = 60.0
PAUSE_MS_MAX = 60_000
BEND = 2
"""Inside a bend the line is longer than the way, by at most so many times."""
JOINT_M = 30.0
"""Lines meet where the end of one is no further from the beginning of the other."""
OVERLAP_M = 20.0
"""How far into the neighbour's one walks (B4)."""
MARK_M = 100

TEXT = re.compile(r"K?([0-9]{1,4})\+([0-9]{3}(?:\.[0-9]{1,2})?)")


class Projection(Struct, frozen=True):
    """``side`` facing along the line, which is downstream; ``offset`` is never negative."""

    chainage: float
    offset: float
    side: Side
    foot: Position


class Fix(Struct, frozen=True):
    """One point of a track; ``at`` in milliseconds."""

    lon: float
    lat: float
    acc: float
    at: int


class Coverage(Struct, frozen=True):
    length: float
    covered: float
    share: float
    parts: tuple[Interval, ...]
    gaps: tuple[Interval, ...]


def chainage_text(chainage: float, decimals: int = 0) -> str:
    """5860 → ``K5+860``. Rounds half up, as people do."""
    scale = 10**decimals
    whole = floor(chainage * scale + 0.5)
    kilometres, rest = divmod(whole, 1000 * scale)
    metres, fraction = divmod(rest, scale)
    tail = f".{fraction:0{decimals}d}" if decimals else ""
    return f"K{kilometres}+{metres:03d}{tail}"


def chainage_of(text: str) -> float | None:
    """``K5+860``, ``5+860.5`` → metres; None for anything else."""
    match = TEXT.fullmatch(text.strip().upper().replace("＋", "+"))
    return None if match is None else int(match[1]) * 1000 + float(match[2])


def distance(a: Position, b: Position) -> float:
    """Metres along the great circle."""
    rise = sin(radians(b[1] - a[1]) / 2) ** 2
    turn = sin(radians(b[0] - a[0]) / 2) ** 2
    return 2 * RADIUS_M * asin(sqrt(rise + cos(radians(a[1])) * cos(radians(b[1])) * turn))


def around(centre: Position, point: Position) -> Position:
    """Metres east and north of ``centre``."""
    east = (point[0] - centre[0]) * DEGREE_M * cos(radians(centre[1]))
    return (east, (point[1] - centre[1]) * DEGREE_M)


def line_length(line: Sequence[Position]) -> float:
    return sum(distance(a, b) for a, b in pairwise(line))


def project(line: Sequence[Position], start: float, point: Position) -> Projection:
    """The nearest place of the line; of equally near ones the first."""
    near = [nearest(around(point, a), around(point, b)) for a, b in pairwise(line)]
    best = min(range(len(near)), key=lambda index: near[index][0])
    offset, share = near[best]
    a, b = line[best], line[best + 1]
    before = line_length(line[: best + 1])
    return Projection(
        chainage=start + before + share * distance(a, b),
        offset=offset,
        side=side(line, best, share, point),
        foot=between(a, b, share),
    )


def nearest(a: Position, b: Position) -> tuple[float, float]:
    """Distance of the origin from the segment, and how far along it (0…1) the nearest place is."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    share = 0.0 if square == 0 else min(1.0, max(0.0, -(a[0] * dx + a[1] * dy) / square))
    return (hypot(a[0] + share * dx, a[1] + share * dy), share)


def side(line: Sequence[Position], index: int, share: float, point: Position) -> Side:
    """At a vertex both segments have a say: a bend alone would put the point on the wrong bank."""
    east, north = heading(point, line[index], line[index + 1])
    if share >= 1 and index + 2 < len(line):
        other = heading(point, line[index + 1], line[index + 2])
        east, north = east + other[0], north + other[1]
    elif share <= 0 and index > 0:
        other = heading(point, line[index - 1], line[index])
        east, north = east + other[0], north + other[1]
    foot = around(point, between(line[index], line[index + 1], share))
    return "left" if north * foot[0] - east * foot[1] >= 0 else "right"


def heading(centre: Position, a: Position, b: Position) -> Position:
    (ax, ay), (bx, by) = around(centre, a), around(centre, b)
    length = hypot(bx - ax, by - ay) or 1.0
    return ((bx - ax) / length, (by - ay) / length)


def point_at(line: Sequence[Position], start: float, chainage: float) -> Position:
    """The place at a chainage; before the beginning and after the end, the ends."""
    left = chainage - start
    for a, b in pairwise(line):
        length = distance(a, b)
        if left <= length:
            return between(a, b, 0.0 if length == 0 else max(0.0, left / length))
        left -= length
    return line[-1]


def marks(line: Sequence[Position], start: float) -> list[tuple[int, Position]]:
    """Every hundred metres from the first round chainage on."""
    end = start + line_length(line)
    first = -floor(-start / MARK_M) * MARK_M
    return [(at, point_at(line, start, at)) for at in range(int(first), floor(end) + 1, MARK_M)]


def between(a: Position, b: Position, share: float) -> Position:
    return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))


def contains(ring: Sequence[Position], point: Position) -> bool:
    """Even-odd rule; whether the edge itself belongs to it is left open."""
    inside = False
    for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
        if (ay > point[1]) != (by > point[1]):
            crossing = ax + (point[1] - ay) / (by - ay) * (bx - ax)
            inside ^= point[0] < crossing
    return inside


def distance_to_polygon(ring: Sequence[Position], point: Position) -> float:
    """0 inside."""
    if contains(ring, point):
        return 0.0
    edges = pairwise([*ring, ring[0]])
    return min(nearest(around(point, a), around(point, b))[0] for a, b in edges)


def coverage(
    line: Sequence[Position],
    start: float,
    track: Sequence[Fix],
    reach: float = REACH_M,
) -> Coverage:
    """What of the line was walked. Two fixes in a row cover what lies between them when both are
    near the line, accurate enough, and no more than a minute apart: a gap stays a gap. Across the
    neck of a bend nobody walks the bend: the line between them is no longer than the inside of it
    can make it."""
    length = line_length(line)
    walked: list[Interval] = []
    last: tuple[int, float, Position] | None = None
    for fix in track:
        place = project(line, start, (fix.lon, fix.lat))
        if fix.acc > ACC_M_MAX or place.offset > reach:
            last = None
            continue
        here = (fix.lon, fix.lat)
        if last is not None and 0 <= fix.at - last[0] <= PAUSE_MS_MAX:
            between_them = abs(place.chainage - last[1])
            if between_them <= BEND * distance(last[2], here) + 2 * reach:
                walked.append((min(last[1], place.chainage), max(last[1], place.chainage)))
        last = (fix.at, place.chainage, here)
    parts = joined(walked)
    covered = sum(b - a for a, b in parts)
    share = 0.0 if length == 0 else covered / length
    return Coverage(length, covered, share, parts, rest(parts, start, start + length))


def into_neighbours(
    line: Sequence[Position],
    start: float,
    others: Sequence[Sequence[Position]],
    overlap: float = OVERLAP_M,
) -> tuple[list[Position], float]:
    """The line with the last metres of the one that ends where it begins, and the first of the one
    that begins where it ends; and the chainage of its new first vertex."""
    before = next((it for it in others if distance(it[-1], line[0]) <= JOINT_M), None)
    after = next((it for it in others if distance(it[0], line[-1]) <= JOINT_M), None)
    tail = [] if before is None else piece(before, line_length(before) - overlap, inf)
    head = [] if after is None else piece(after, 0, overlap)
    return [*tail, *line, *head], start - line_length([*tail, line[0]])


def piece(line: Sequence[Position], start: float, end: float) -> list[Position]:
    """What lies between two places of a line, metres from its first vertex."""
    found = [point_at(line, 0, max(0.0, start))]
    at = 0.0
    for a, b in pairwise(line):
        at += distance(a, b)
        if start < at < end:
            found.append(b)
    return found if end >= at else [*found, point_at(line, 0, end)]


def joined(intervals: Sequence[Interval]) -> tuple[Interval, ...]:
    parts: list[Interval] = []
    for a, b in sorted(intervals):
        if parts and a <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(b, parts[-1][1]))
        elif b > a:
            parts.append((a, b))
    return tuple(parts)


def rest(parts: Sequence[Interval], start: float, end: float) -> tuple[Interval, ...]:
    """What the parts leave of a line; slivers under a metre are no gap."""
    edges = [start, *(edge for part in parts for edge in part), end]
    free = zip(edges[::2], edges[1::2], strict=True)
    return tuple((a, b) for a, b in free if b - a >= 1)
