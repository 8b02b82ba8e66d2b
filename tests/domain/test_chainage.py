"""Places along a line, held to the vectors that the phone runs too."""

import json
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
