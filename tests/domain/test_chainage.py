"""Places along a line, held to the vectors that the phone runs too."""

import json
from itertools import pairwise
from math import cos, radians, sin
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushui.domain import chainage as c

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "sync/vectors/chainage.json").read_text(encoding="utf-8")
)
METRES, DEGREES = VECTORS["tolerance_m"], VECTORS["tolerance_deg"]
LINES = {name: [tuple(point) for point in line] for name, line in VECTORS["lines"].items()}
RINGS = {name: [tuple(point) for point in ring] for name, ring in VECTORS["rings"].items()}
RIVER, START = LINES["river"], 4200


@pytest.mark.parametrize("case", VECTORS["text"])
def test_a_chainage_is_written_as_people_write_it(case: dict[str, Any]) -> None:
    assert c.chainage_text(case["chainage"], case["decimals"]) == case["text"]


@pytest.mark.parametrize("case", VECTORS["parse"])
def test_a_chainage_is_read_or_nothing(case: dict[str, Any]) -> None:
    assert c.chainage_of(case["text"]) == case["chainage"]


@pytest.mark.parametrize("case", VECTORS["distance"])
def test_distances_agree_with_the_vectors(case: dict[str, Any]) -> None:
    assert c.distance(case["a"], case["b"]) == pytest.approx(case["metres"], abs=METRES)


@pytest.mark.parametrize("case", VECTORS["project"])
def test_projections_agree_with_the_vectors(case: dict[str, Any]) -> None:
    got = c.project(LINES[case["line"]], case["start"], tuple(case["point"]))
    assert got.chainage == pytest.approx(case["chainage"], abs=METRES)
    assert got.offset == pytest.approx(case["offset"], abs=METRES)
    assert got.side == case["side"]
    assert got.foot == pytest.approx(case["foot"], abs=DEGREES)


@pytest.mark.parametrize("case", VECTORS["point_at"])
def test_places_at_a_chainage_agree_with_the_vectors(case: dict[str, Any]) -> None:
    got = c.point_at(LINES[case["line"]], case["start"], case["chainage"])
    assert got == pytest.approx(case["point"], abs=DEGREES)


@pytest.mark.parametrize("case", VECTORS["marks"])
def test_marks_agree_with_the_vectors(case: dict[str, Any]) -> None:
    got = c.marks(LINES[case["line"]], case["start"])
    assert [at for at, _ in got] == [at for at, _ in case["marks"]]
    for (_, point), (_, wanted) in zip(got, case["marks"], strict=True):
        assert point == pytest.approx(wanted, abs=DEGREES)


@pytest.mark.parametrize("case", VECTORS["polygon"])
def test_areas_agree_with_the_vectors(case: dict[str, Any]) -> None:
    ring, point = RINGS[case["ring"]], tuple(case["point"])
    assert c.contains(ring, point) is case["inside"]
    assert c.distance_to_polygon(ring, point) == pytest.approx(case["metres"], abs=METRES)


@pytest.mark.parametrize("case", VECTORS["coverage"], ids=lambda case: case["name"])
def test_coverage_agrees_with_the_vectors(case: dict[str, Any]) -> None:
    track = [c.Fix(lon, lat, acc, at) for lon, lat, acc, at in case["track"]]
    got = c.coverage(LINES[case["line"]], case["start"], track)
    assert got.length == pytest.approx(case["length"], abs=METRES)
    assert got.covered == pytest.approx(case["covered"], abs=METRES)
    assert got.share == pytest.approx(case["share"], abs=1e-6)
    assert [list(part) for part in got.parts] == [
        pytest.approx(part, abs=METRES) for part in case["parts"]
    ]
    assert [list(gap) for gap in got.gaps] == [
        pytest.approx(gap, abs=METRES) for gap in case["gaps"]
    ]


BY_HAND = VECTORS["by_hand"]


def degrees(metres: list[list[float]]) -> list[c.Position]:
    return [(east / c.DEGREE_M, north / c.DEGREE_M) for east, north, *_ in metres]


def fixes(walk: list[list[float]]) -> list[c.Fix]:
    places = zip(degrees(walk), walk, strict=True)
    return [c.Fix(lon, lat, it[2], int(it[3] * 1000)) for (lon, lat), it in places]


@pytest.mark.parametrize("case", BY_HAND["coverage"], ids=lambda case: case["name"])
def test_coverage_is_what_one_works_out_on_paper(case: dict[str, Any]) -> None:
    got = c.coverage(degrees(case["line"]), BY_HAND["start"], fixes(case["walk"]))
    assert got.covered == pytest.approx(case["covered"], abs=0.05)
    assert [list(gap) for gap in got.gaps] == [pytest.approx(gap, abs=0.05) for gap in case["gaps"]]


@pytest.mark.parametrize("case", BY_HAND["neighbours"], ids=lambda case: case["name"])
def test_a_line_goes_on_into_its_neighbours(case: dict[str, Any]) -> None:
    others = [degrees(it) for it in case["others"]]
    line, start = c.into_neighbours(degrees(case["line"]), BY_HAND["start"], others)
    assert start == pytest.approx(case["start"], abs=0.01)
    assert [list(it) for it in line] == [
        pytest.approx(it, abs=1e-6) for it in degrees(case["result"])
    ]


BENDS = st.lists(st.floats(-60, 60), min_size=1, max_size=8)
"""Turns of a line at each of its vertices, degrees."""


def winding(bends: list[float]) -> list[c.Position]:
    """Pieces of 200 m, none turned back on another."""
    east = north = turned = 0.0
    line = [(0.0, 0.0)]
    for bend in bends:
        turned = max(-80.0, min(80.0, turned + bend))
        east, north = east + 200 * cos(radians(turned)), north + 200 * sin(radians(turned))
        line.append((east / c.DEGREE_M, north / c.DEGREE_M))
    return line


@given(BENDS, st.data())
def test_a_walk_on_the_line_covers_what_it_passed_and_never_more(
    bends: list[float], data: st.DataObject
) -> None:
    line = winding(bends)
    length = c.line_length(line)
    at = data.draw(st.floats(0, length))
    passed: list[c.Interval] = []
    track: list[c.Fix] = []
    time = 0
    for step, pause in data.draw(
        st.lists(st.tuples(st.floats(-80, 80), st.integers(1, 90)), max_size=40)
    ):
        there = min(length, max(0.0, at + step))
        time += pause * 1000
        if pause <= 60 and track:
            passed.append((min(at, there), max(at, there)))
        lon, lat = c.point_at(line, 0, there)
        track.append(c.Fix(lon, lat, 5, time))
        at = there
    got = c.coverage(line, 0, track)
    want = c.joined(passed)
    assert got.covered == pytest.approx(sum(b - a for a, b in want), abs=1)
    for a, b in got.parts:
        assert any(low - 0.5 <= a and b <= high + 0.5 for low, high in want)


@given(BENDS, st.lists(st.tuples(st.floats(-300, 1900), st.floats(-600, 600)), max_size=30))
def test_whatever_the_fixes_are_nothing_is_covered_that_none_of_them_was_near(
    bends: list[float], places: list[tuple[float, float]]
) -> None:
    """Between two fixes at most twice their distance, and the width of the gate on both sides."""
    line = winding(bends)
    track = fixes([[east, north, 5, 20 * n] for n, (east, north) in enumerate(places)])
    most = sum(
        c.BEND * c.distance((a.lon, a.lat), (b.lon, b.lat)) + 2 * c.REACH_M
        for a, b in pairwise(track)
    )
    got = c.coverage(line, 0, track)
    assert got.covered <= most + 1
    near = [c.project(line, 0, (fix.lon, fix.lat)) for fix in track]
    ends = [it.chainage for it in near if it.offset <= c.REACH_M]
    for part in got.parts:
        assert all(any(abs(edge - end) < 1 for end in ends) for edge in part)


@given(st.integers(0, 999_999_999))
def test_written_and_read_again_a_chainage_is_the_same(centimetres: int) -> None:
    chainage = centimetres / 100
    assert c.chainage_of(c.chainage_text(chainage, 2)) == pytest.approx(chainage, abs=1e-6)


@given(st.floats(START, START + c.line_length(RIVER)))
def test_a_place_on_the_line_projects_back_to_its_chainage(chainage: float) -> None:
    got = c.project(RIVER, START, c.point_at(RIVER, START, chainage))
    assert got.chainage == pytest.approx(chainage, abs=0.01)
    assert got.offset < 0.01


@given(st.floats(START + 1, START + c.line_length(RIVER) - 1), st.floats(1, 40))
def test_north_of_a_river_flowing_east_is_its_left_bank(chainage: float, metres: float) -> None:
    lon, lat = c.point_at(RIVER, START, chainage)
    up = metres / c.DEGREE_M
    assert c.project(RIVER, START, (lon, lat + up)).side == "left"
    assert c.project(RIVER, START, (lon, lat - up)).side == "right"


@given(st.lists(st.tuples(st.floats(124.32, 124.37), st.floats(43.16, 43.18)), max_size=30))
def test_covered_and_gaps_make_up_the_whole_line(points: list[c.Position]) -> None:
    track = [c.Fix(lon, lat, 5, 10_000 * n) for n, (lon, lat) in enumerate(points)]
    got = c.coverage(RIVER, START, track, reach=3000)
    free = sum(b - a for a, b in got.gaps)
    assert got.covered + free == pytest.approx(got.length, abs=len(got.parts) + 1)
    assert 0 <= got.share <= 1 + 1e-9
