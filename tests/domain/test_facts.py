"""Doubts that a reviewer is told about."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushui.domain.facts import flags
from hushui.kinds import KINDS
from hushui.kinds.kind import Kind
from tests.domain.build import PATROLLER, TEAM_LEADER

SQUARE = [(124.33, 43.17), (124.34, 43.17), (124.34, 43.18), (124.33, 43.18)]
INSIDE = {"source": "gps", "lon": 124.335, "lat": 43.175, "acc": 6}
NEAR = {"source": "gps", "lon": 124.3415, "lat": 43.175, "acc": 6}
FAR = {"source": "gps", "lon": 124.36, "lat": 43.175, "acc": 6}
RECEIVED = 1_795_500_000_000
DUG = {"work_kind": "canal_desilt", "length_m": 320, "width_m": 1.2, "depth_m": 0.3}
WASHED = {"types": ["masonry_washout"], "length_m": 12, "height_m": 2.5, "thickness_m": 1.2}


def lookup(zone: str) -> dict[str, Any] | None:
    return {"polygon": SQUARE} if zone == "Z03" else None


def doubts(fields: dict[str, Any], kind: str = "work") -> list[str]:
    return flags(KINDS[kind], fields, PATROLLER, RECEIVED, lookup)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"zone": "Z03"}, []),
        ({"zone": "Z01"}, ["outside_zone"]),
        ({}, []),
        ({"place": INSIDE}, []),
        ({"place": FAR}, ["outside_zone"]),
        ({"place": {"source": "none"}}, []),
        ({"zone": "Z03", "place": INSIDE}, []),
        ({"zone": "Z03", "place": NEAR}, []),
        ({"zone": "Z03", "place": FAR}, ["far_from_zone"]),
        ({"zone": "Z03", "place": {**FAR, "acc": 2000}}, []),
        ({"zone": "Z01", "place": FAR}, ["outside_zone"]),
        ({"no_photo_reason": "手机没电"}, ["no_photo"]),
        ({"no_photo_reason": ""}, []),
        ({**DUG, "volume_m3": 118}, []),
        ({**DUG, "volume_m3": 138.24}, []),
        ({**DUG, "volume_m3": 138.3}, ["volume_mismatch"]),
        ({**DUG, "volume_m3": 92.1}, ["volume_mismatch"]),
        ({**DUG, "volume_m3": 250}, ["volume_mismatch"]),
        ({**DUG, "depth_m": None, "volume_m3": 250}, []),
        ({**DUG, "length_m": 0, "volume_m3": 1}, ["volume_mismatch"]),
        ({**DUG, "length_m": 0, "volume_m3": 0}, ["no_amount"]),
    ],
)
def test_each_doubt_has_its_cause(fields: dict[str, Any], wanted: list[str]) -> None:
    assert doubts(fields) == wanted


def test_the_volume_of_a_wash_out_is_length_times_height_times_thickness() -> None:
    assert doubts({**WASHED, "volume_m3": 36}, "hazard") == []
    assert doubts({**WASHED, "length_m": 120, "volume_m3": 36}, "hazard") == ["volume_mismatch"]


def test_the_zones_of_his_team_are_a_leaders_own() -> None:
    assert flags(KINDS["work"], {"zone": "Z04"}, TEAM_LEADER, RECEIVED, lookup) == []


WEEK_MS, MINUTES_MS = 7 * 86_400_000, 5 * 60_000
SAYING = [kind for kind in KINDS.values() if kind.happened is not None and kind.code != "photo"]


@pytest.mark.parametrize("kind", SAYING, ids=lambda it: it.code)
@pytest.mark.parametrize(
    ("ago", "wanted"),
    [
        (0, []),
        (WEEK_MS, []),
        (WEEK_MS + 1, ["told_late"]),
        (-MINUTES_MS, []),
        (-MINUTES_MS - 1, ["told_ahead"]),
        (None, []),
    ],
)
def test_what_it_says_of_its_time_is_held_against_the_receipt(
    kind: Kind, ago: int | None, wanted: list[str]
) -> None:
    said = {kind.happened or "": None if ago is None else RECEIVED - ago}
    found = [flag for flag in doubts(said, kind.code) if flag.startswith("told")]
    assert found == wanted


def test_what_is_planned_or_due_may_lie_far_ahead() -> None:
    """Who says when it happened is told here a second time, on purpose."""
    assert {kind.code: kind.happened for kind in KINDS.values() if kind.happened} == {
        **dict.fromkeys(("patrol", "repair"), "started"),
        **dict.fromkeys(("reading", "duty_entry", "call", "handover"), "at"),
        **dict.fromkeys(("hazard_report", "consultation", "activity"), "at"),
        "finding": "found",
        "photo": "taken",
    }
    far = RECEIVED + 90 * 86_400_000
    for kind in KINDS.values():
        plans = (n for n, it in kind.fields.items() if it.type == "time" and n != kind.happened)
        found = doubts(dict.fromkeys(plans, far), kind.code)
        assert not [flag for flag in found if flag.startswith("told")], kind.code


@pytest.mark.parametrize("kind", ["photo", "review", "grant", "zone", "member"])
def test_only_facts_are_doubted_and_a_photo_with_its_record(kind: str) -> None:
    assert doubts({"zone": "Z01", "place": FAR, "no_photo_reason": "无"}, kind) == []


@given(*(st.floats(0.1, 1000) for _ in range(3)), st.floats(0.01, 3))
def test_a_fifth_more_or_less_is_no_mismatch(
    length: float, width: float, depth: float, ratio: float
) -> None:
    sides = {"work_kind": "canal_desilt", "length_m": length, "width_m": width, "depth_m": depth}
    found = doubts({**sides, "volume_m3": length * width * depth * ratio})
    if abs(ratio - 1) < 0.199:
        assert found == []
    if abs(ratio - 1) > 0.201:
        assert found == ["volume_mismatch"]
