"""Plausible shapes from few numbers: a river from courses, an area from a river."""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, pi, radians, sin

from hushui.domain.chainage import DEGREE_M, Position, around, point_at


def river(start: Position, courses: Sequence[tuple[float, float]]) -> list[Position]:
    """From ``start``, each course a bearing from north in degrees and a length in metres."""
    line = [start]
    for bearing, metres in courses:
        east, north = metres * sin(radians(bearing)), metres * cos(radians(bearing))
        line.append(moved(line[-1], east, north))
    return line


def lake(centre: Position, radius: float, vertices: int = 24) -> list[Position]:
    """A shore walked clockwise from the south, not quite closed."""
    turns = [pi + 2 * pi * n / vertices for n in range(vertices)]
    wobble = [1 + 0.12 * sin(3 * turn) for turn in turns]
    return [
        moved(centre, radius * w * sin(turn), radius * w * cos(turn))
        for turn, w in zip(turns, wobble, strict=True)
    ]


def band(line: Sequence[Position], left: float, right: float) -> list[Position]:
    """The area along a line, so many metres to each side."""
    return [
        *(beside(line, index, left) for index in range(len(line))),
        *(beside(line, index, -right) for index in reversed(range(len(line)))),
    ]


def beside(line: Sequence[Position], index: int, metres: float) -> Position:
    """So far to the left of a vertex (right: negative), square to the bisector of its bend."""
    near = line[max(0, index - 1) : index + 2]
    steps = [around(a, b) for a, b in pairwise(near)]
    east = sum(x / hypot(x, y) for x, y in steps)
    north = sum(y / hypot(x, y) for x, y in steps)
    length = hypot(east, north)
    return moved(line[index], -north / length * metres, east / length * metres)


def on_bank(line: Sequence[Position], start: float, chainage: float, metres: float) -> Position:
    """A place on the left bank (right: negative), as a person would stand there."""
    here = point_at(line, start, chainage)
    ahead = point_at(line, start, chainage + 1)
    back = point_at(line, start, chainage - 1)
    east, north = around(back, ahead)
    length = hypot(east, north)
    return moved(here, -north / length * metres, east / length * metres)


def walk(
    line: Sequence[Position], start: float, begin: float, end: float, at: int, step_ms: int = 20_000
) -> list[tuple[float, float, float, int]]:
    """Fixes (lon, lat, acc, at) of somebody who walks the left bank, 25 m at a time."""
    count = int(abs(end - begin) // 25)
    sign = 1 if end >= begin else -1
    places = (on_bank(line, start, begin + sign * 25 * n, 12) for n in range(count + 1))
    return [(*place, 6.0 + n % 3, at + n * step_ms) for n, place in enumerate(places)]


def moved(point: Position, east: float, north: float) -> Position:
    """Rounded to 7 decimals, about a centimetre, as positions are stored."""
    lon = point[0] + east / (DEGREE_M * cos(radians(point[1])))
    return (round(lon, 7), round(point[1] + north / DEGREE_M, 7))
