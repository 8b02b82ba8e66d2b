"""The figures of the domain (its tables B2–B8 and C), typed a second time on purpose.

This is the specification: no figure here is taken from the code. The rules and tables are asked
just inside and just outside every edge, so a figure that somebody changes there is red here. The
phone's engine is asked the same by test_both.py.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from hushui.kinds import KINDS, cel
from hushui.kinds.checklists import LINE_ITEMS, PUMP_ITEMS, ROUND, WORK_LISTS
from hushui.kinds.describe import broken, validate
from hushui.kinds.tables import TABLES

Values = dict[str, Any]

MINUTE, HOUR = 60_000, 3_600_000
START = 1_795_500_000_000
ONE, OTHER = "00000000000000000000000011", "00000000000000000000000012"

DESILTED = {"work_kind": "canal_desilt", "volume_m3": 10}
SALVAGED = {"work_kind": "salvage", "people": 2, "weight_t": 1}
OVERHAULED = {"work_kind": "pump_overhaul", "units": 1}
LIFTED = {"work_kind": "heavy_lift", "load_item": "箱", "load_kg": 100, "lift_method": "rope"}
CARRIED = LIFTED | {"lift_method": "manual", "people": 4}
CHECKS = ("outage_permit", "voltage_tested", "earthed", "watcher_named", "felling_set")
CLEARED = {
    **{"work_kind": "line_clear", "kv": "10", "trees": 1, "permit_no": "1", "watcher": ONE},
    **dict.fromkeys((*CHECKS, "road_guarded"), True),
}
WALKED = {"started": START, "ended": START + HOUR}
SERIOUS = {"types": ["crack"], "nature": "latent", "latent_class": "serious"}
FIVE: Values = {
    **{"answerable": "李岸", "remedy": "灌浆", "funds": "12 万元"},
    **{"remedy_by": START, "contingency": "加密看守"},
}
SHIFT = {"leader": ONE, "staff": [OTHER], "start": START}

# ---- a rule and its edge: (kind, the record, what is still silent, what makes it speak, its code)

Edge = tuple[str, Values, Values, Values, str]


def at(kind: str, base: Values, name: str, silent: Any, speaks: Any, code: str) -> Edge:
    return (kind, base, {name: silent}, {name: speaks}, code)


def edges() -> Iterator[Edge]:
    # B8: wire to tree, straight down and with the wire blown out.
    for kv, least in (
        *(("10", 3.0), ("35", 4.0), ("110", 4.0)),
        *(("220", 4.5), ("330", 5.5), ("500", 7.0)),
    ):
        base = CLEARED | {"kv": kv}
        yield at("work", base, "clearance_after_m", least, least - 0.01, "clearance_short")
    for kv, least in (("35", 3.5), ("110", 3.5), ("220", 4.0), ("330", 5.0), ("500", 7.0)):
        base = CLEARED | {"kv": kv}
        yield at("work", base, "clearance_wind_m", least, least - 0.01, "wind_clearance_short")
    # B8: live parts.
    yield at("work", CLEARED, "live_distance_m", 0.7, 0.69, "live_too_close")
    beside = CLEARED | {"beside_live": True}
    yield at("work", beside, "live_distance_m", 1.0, 0.99, "live_too_close")
    for name in ("outage_permit", "voltage_tested", "earthed"):
        yield at("work", CLEARED, name, True, False, "line_unsafe")
    # B8: heat.
    yield at("work", LIFTED | {"people": 4}, "air_temp_c", 39.9, 40, "heat_stop")
    yield at("work", DESILTED | {"hours": 6.5}, "air_temp_c", 36.9, 37, "heat_hours")
    yield at("work", DESILTED | {"air_temp_c": 37}, "hours", 6, 6.1, "heat_hours")
    # B8: pumps.
    sliding, rolling = (OVERHAULED | {"bearing": it} for it in ("sliding", "rolling"))
    yield at("work", sliding, "temp_c", 74.9, 75, "bearing_hot")
    yield at("work", rolling, "temp_c", 94.9, 95, "bearing_hot")
    low, high = (OVERHAULED | {"motor_kv": it} for it in (0.38, 10))
    yield at("work", low, "insulation_mohm", 0.5, 0.49, "insulation_low")
    yield at("work", high, "insulation_mohm", 10, 9.99, "insulation_low")
    yield at("work", OVERHAULED, "earthing_ohm", 4, 4.01, "earthing_high")
    # B8: the volume against its sides, a fifth either way.
    box = {"work_kind": "canal_desilt", "length_m": 100, "width_m": 1, "depth_m": 1}
    yield at("work", box, "volume_m3", 120, 120.1, "volume_mismatch")
    yield at("work", box, "volume_m3", 80, 79.9, "volume_mismatch")
    wall = {"types": ["masonry_washout"], "length_m": 10, "height_m": 10, "thickness_m": 1}
    yield at("hazard", wall, "volume_m3", 120, 120.1, "volume_mismatch")
    yield at("hazard", wall, "volume_m3", 80, 79.9, "volume_mismatch")
    # C: heavy lift, crew, life jackets, a trip.
    yield at("work", CARRIED, "load_kg", 200, 200.1, "load_per_person")
    yield at("work", SALVAGED, "people", 2, 1, "crew_of_two")
    yield at("work", SALVAGED, "life_jackets", 2, 1, "life_jackets_short")
    yield at("work", SALVAGED, "weight_t", 20, 20.001, "heavy_trip")
    two = SALVAGED | {"boat_trips": 2}
    yield at("work", two, "weight_t", 40, 40.001, "heavy_trip")
    yield at("work", SALVAGED, "boat_hours", 12, 12.1, "long_trip")
    yield at("work", two, "boat_hours", 24, 24.1, "long_trip")
    yield at("work", SALVAGED, "hours", 12, 12.1, "long_trip")
    # C: hours and amounts of work.
    yield at("work", DESILTED, "hours", 0.5, 0.4, "hours_short")
    for work_kind, names, least in (
        *(("canal_desilt", "volume_m3", 0.1), ("canal_weed", "area_m2", 1)),
        *(("bank_clean", "weight_kg bags", 1), ("salvage", "weight_t volume_m3", 0.001)),
        *(("line_patrol", "length_km", 0.01), ("line_guard", "hours", 0.5)),
        *(("line_clear", "trees area_m2", 1), ("pump_overhaul", "units", 1)),
        *(("pump_platform_desilt", "volume_m3", 0.1), ("tree_planting", "trees", 1)),
        ("emergency_repair", "stone_m3 earth_m3 bags cloth_m2 machine_shifts", 1),
    ):
        for name in names.split():
            yield at("work", {"work_kind": work_kind}, name, least, 0, "no_amount")
            yield at("work", {"work_kind": work_kind}, name, least, None, "no_amount")
    looked = [{"item": "packing", "answer": "ok"}]
    yield at("work", {"work_kind": "pump_check"}, "checklist", looked, None, "no_amount")
    # C: a patrol.
    short, long = START + 5 * MINUTE, START + 12 * HOUR
    yield at("patrol", WALKED, "ended", short, short - 1, "patrol_short")
    yield at("patrol", WALKED, "ended", long, long + 1, "patrol_long")
    yield at("patrol", WALKED, "distance_m", 20_000, 20_001, "too_fast")
    sailed = WALKED | {"way": "boat", "ended": START + HOUR // 2}
    yield at("patrol", sailed, "distance_m", 30_000, 30_001, "too_fast")
    yield at("patrol", WALKED | {"points": 8}, "signed", 1, 0, "nothing_signed")
    yield at("patrol", WALKED, "covered", 50, 49, "little_covered")
    # B5: how bad an event is.
    for area, severity, worse in ((1000, "general", 999), (5000, "more_serious", 4999)):
        base = {"class": "occupy", "severity": severity}
        yield at("event", base, "area_m2", worse, area, "severity_low")
    dug = {"class": "mining", "severity": "general"}
    yield at("event", dug, "volume_m3", 499.9, 500, "severity_low")
    # B2: the five items of a serious hidden danger.
    for name in FIVE:
        yield at("hazard", SERIOUS | FIVE, name, FIVE[name], None, "five_items")
    # B7 and C: a shift; who consults; reports, calls, repairs in order of time.
    least, most = START + 4 * HOUR, START + 24 * HOUR
    yield at("duty_shift", SHIFT, "end", least, least - 1, "shift_length")
    yield at("duty_shift", SHIFT, "end", most, most + 1, "shift_length")
    talked = {"target": ONE, "at": START, "judgement": "稳", "decision": "守"}
    yield at("consultation", talked, "members", [ONE, OTHER], [ONE], "two_people")
    report = {"hazard": ONE, "report_kind": "first_report", "at": START, "text": "x"}
    yield at("hazard_report", report, "next_at", START + 1, START, "next_before_this")
    called = {"target": ONE, "task": "x", "leader": ONE, "called": START}
    yield at("dispatch", called, "assemble_by", START + 1, START, "due_before_the_call")
    mended = {"target": ONE, "plan": "x", "started": START}
    yield at("repair", mended, "ended", START + 1, START, "ends_before_it_starts")
    found = {"text": "x", "level": "general", "found": START, "owner": ONE}
    yield at("finding", found, "due", START, START - 1, "due_before_it_was_found")
    handed = {"at": START, "outgoing": ONE}
    yield at("handover", handed, "incoming", OTHER, ONE, "hands_to_himself")
    film = {"subject": ONE, "slot": "scene", "sha256": "ab" * 32, "width": 1, "height": 1}
    film |= {"taken": START, "media": "video", "seconds": 20}
    yield at("photo", film, "size", 20 * 2**20, 20 * 2**20 + 1, "video_too_large")
    joint = {"name": "联合支部", "branch_kind": "joint", "units": "甲、乙"}
    yield at("branch", joint, "members", [ONE] * 3, [ONE] * 2, "few_members")


EDGES = list(edges())


def codes(kind: str, values: Values) -> set[str]:
    return {rule.code for rule in broken(KINDS[kind], values, new=True)}


def named(edge: Edge, number: int) -> str:
    kind, base, _, speaks, code = edge
    sort = base.get("kv") or base.get("work_kind") or base.get("class") or kind
    return f"{number}-{code}-{sort}-{'-'.join(speaks)}"


@pytest.mark.parametrize("edge", EDGES, ids=[named(it, n) for n, it in enumerate(EDGES)])
def test_a_rule_turns_where_the_domain_says(edge: Edge) -> None:
    kind, base, silent, speaks, code = edge
    assert code not in codes(kind, base | silent)
    assert code in codes(kind, base | speaks)


def test_sixty_kilometres_an_hour_by_boat_are_silent() -> None:
    assert codes("patrol", WALKED | {"way": "boat", "distance_m": 60_000}) == set()


# ---- hard limits of C: (kind, the record, the field, the least, the most) ------------------------

POSTED = {"name": "岗", "post_kind": "duty_post", "duties": [{"text": "看护"}]}
BOAT = {"no": "B01", "state": "ready"}
MET = {"activity_kind": "party_class", "title": "x", "at": START, "host": ONE}
LIMITS: tuple[tuple[str, Values, str, float, float, float], ...] = (
    ("work", DESILTED, "volume_m3", 0, 1_000_000, 0.1),
    # Ten times what the domain says: a limit that was once released never becomes narrower.
    ("work", {"work_kind": "canal_weed"}, "area_m2", 0, 10_000_000, 1),
    ("work", {"work_kind": "bank_clean"}, "weight_kg", 0, 1_000_000, 0.1),
    ("work", DESILTED, "hours", 0, 24, 0.1),
    ("work", LIFTED | {"people": 4}, "load_kg", 1, 5_000, 0.1),
    ("work", DESILTED, "air_temp_c", -30, 50, 0.1),
    ("work", OVERHAULED, "insulation_mohm", 0, 10_000, 0.01),
    ("work", OVERHAULED, "temp_c", -20, 200, 0.1),
    ("work", OVERHAULED, "vibration_mms", 0, 50, 0.1),
    ("boat", BOAT, "capacity", 2, 10, 1),
    ("patrol", WALKED, "distance_m", 0, 60_000, 1),
    ("reading", {"station": ONE}, "z_m", -10, 9_000, 0.001),
    ("reading", {"station": ONE, "z_m": 1}, "flow_m3s", 0, 110_000, 0.001),
    ("reading", {"station": ONE}, "rain_mm", 0, 2_000, 0.1),
    ("activity", MET, "minutes", 10, 600, 1),
)


@pytest.mark.parametrize("limit", LIMITS, ids=[f"{it[0]}-{it[2]}" for it in LIMITS])
def test_a_limit_stands_where_the_domain_says(
    limit: tuple[str, Values, str, float, float, float],
) -> None:
    kind, base, name, least, most, step = limit

    def fault(value: float) -> tuple[str, str] | None:
        return validate(KINDS[kind].fields, {**base, name: value}, new=True)

    assert [fault(least), fault(most)] == [None, None]
    assert [fault(least - step), fault(most + step)] == [("out_of_range", name)] * 2


LENGTHS: tuple[tuple[str, Values, str, int, int], ...] = (
    ("call", {"direction": "in", "at": START}, "text", 1, 250),
    ("claim", {"target": ONE, "from": START}, "promise", 5, 200),
    ("member", {"code": "1", "roles": ["member"]}, "name", 1, 20),
    ("duty_entry", {"at": START, "entry_kind": "other"}, "text", 1, 500),
)


@pytest.mark.parametrize("limit", LENGTHS, ids=[f"{it[0]}-{it[2]}" for it in LENGTHS])
def test_a_text_is_as_long_as_the_domain_says(limit: tuple[str, Values, str, int, int]) -> None:
    kind, base, name, least, most = limit

    def fault(length: int) -> Any:
        found = validate(KINDS[kind].fields, {**base, name: "字" * length}, new=True)
        return found and found[1]

    assert [fault(least), fault(most)] == [None, None]
    assert [fault(least - 1), fault(most + 1)] == [name, name]


@pytest.mark.parametrize(("name", "most"), [("number", 20), ("unit", 50)])
def test_what_is_noted_of_a_call_has_its_length(name: str, most: int) -> None:
    call = {"direction": "in", "at": START, "text": "x"}
    fields = KINDS["call"].fields
    assert validate(fields, {**call, name: "1" * most}, new=True) is None
    assert validate(fields, {**call, name: "1" * (most + 1)}, new=True) == ("too_long", name)


@pytest.mark.parametrize(
    ("kind", "base", "name", "item", "most"),
    [
        ("patrol", WALKED, "companions", ONE, 11),
        ("post", POSTED, "duties", {"text": "看护"}, 10),
    ],
    ids=["patrol", "post"],
)
def test_so_many_and_no_more(kind: str, base: Values, name: str, item: Any, most: int) -> None:
    fields = KINDS[kind].fields
    assert validate(fields, {**base, name: [item] * most}, new=True) is None
    assert validate(fields, {**base, name: [item] * (most + 1)}, new=True) == ("too_long", name)


# ---- the tables: (table, what is known, the row) ------------------------------------------------

RAIN = (
    ("light", 0.1, 0.1),
    ("moderate", 10, 5),
    ("heavy", 25, 15),
    ("storm", 50, 30),
    ("severe_storm", 100, 70),
    ("extreme_storm", 250, 140),
)
"""Grade, from so many mm in 24 h, in 12 h (B6)."""
STEPS = (
    ("slope_failure", "length_m", (19.99, 20, 50, 50.01)),
    ("collapse", "height_share", (0.24, 0.25, 0.5, 0.51)),
    ("wave_cut", "face_height_m", (0.49, 0.5, 1.5, 1.51)),
    ("masonry_washout", "length_m", (4.99, 5, 20, 20.01)),
    ("scour", "length_m", (4.99, 5, 20, 20.01)),
)
"""General below, larger between, major above (B2)."""


def decisions() -> Iterator[tuple[str, Values, str | None]]:
    before = "trace"
    for number, (grade, day, half) in enumerate(RAIN):
        for table, name, mm in (
            ("rain_grade", "rain_24h_mm", day),
            ("rain_grade_12h", "rain_12h_mm", half),
        ):
            below = RAIN[number - 1][0] if number else before
            yield table, {name: mm}, grade
            yield table, {name: round(mm - 0.05, 2)}, below
    for kind, name, values in STEPS:
        levels = ("general", "larger", "larger", "major")
        for value, level in zip(values, levels, strict=True):
            yield "severity", {"types": [kind], name: value}, level
    clear = {"types": ["piping"], "water": "clear"}
    yield "severity", clear | {"diameter_cm": 5}, "general"
    yield "severity", clear | {"diameter_cm": 5.1}, "larger"
    yield "severity", clear | {"water": "turbid"}, "major"
    for kind in ("overtopping", "leak_hole", "structure_slide"):
        yield "severity", {"types": [kind]}, "major"
    for kind in ("breach", "dam_break"):
        yield "severity", {"types": [kind]}, "extraordinary"
    for kind in ("seepage", "contact_scour"):
        yield "severity", {"types": [kind], "water": "turbid"}, "major"
        for moving, level in ((True, "larger"), (False, "general")):
            said = {"types": [kind], "water": "clear", "sand_moving": moving}
            yield "severity", said, level
    across, along = (
        {"types": ["crack"], "crack_direction": d} for d in ("transverse", "longitudinal")
    )
    yield "severity", across | {"crack_through": True}, "major"
    yield "severity", across | {"crack_through": False}, "larger"
    yield "severity", along | {"crack_sliding": True}, "major"
    yield "severity", along | {"crack_sliding": False}, "general"
    yield "severity", {"types": ["sinkhole"], "under_water": True}, "major"
    for tied, level in ((True, "larger"), (False, "general")):
        said = {"types": ["sinkhole"], "under_water": False, "tied_to_leak": tied}
        yield "severity", said, level
    yield "severity", {"types": ["scour"], "open_through": True}, "major"
    for threat in ("people", "road", "rail"):
        said = {"types": ["masonry_washout"], "length_m": 1, "threat": [threat]}
        yield "severity", said, "major"
    yield (
        "severity",
        {"types": ["masonry_washout"], "length_m": 1, "threat": ["farmland"]},
        "general",
    )
    for area, level in (
        (999, "general"),
        (1000, "more_serious"),
        (4999, "more_serious"),
        (5000, "major"),
    ):
        yield "event_severity", {"class": "occupy", "area_m2": area}, level
    for volume, level in ((499, "general"), (500, "more_serious")):
        yield "event_severity", {"class": "mining", "volume_m3": volume}, level
    yield "event_severity", {"class": "dump", "area_m2": 9999, "volume_m3": 9999}, None
    known = {"z_fortify": 20.6, "z_warning": 21.5, "z_guarantee": 22.8}
    for z, state in (
        *((20.59, "normal"), (20.6, "guard"), (21.49, "guard")),
        *((21.5, "warning"), (22.79, "warning"), (22.8, "guarantee")),
    ):
        yield "gauge_state", known | {"z": z}, state
    for celsius, rule in ((40, "stop"), (39.9, "short"), (37, "short"), (36.9, "rotate")):
        yield "heat", {"air_temp_c": celsius}, rule
    yield "heat", {"air_temp_c": 35}, "rotate"
    yield "heat", {"air_temp_c": 34.9}, "free"


DECISIONS = list(decisions())


@pytest.mark.parametrize(
    ("table", "values", "row"), DECISIONS, ids=[f"{it[0]}-{n}" for n, it in enumerate(DECISIONS)]
)
def test_a_table_turns_where_the_domain_says(table: str, values: Values, row: str | None) -> None:
    found = cel.decide(TABLES[table], cel.decimals(values))
    assert (found and found.code) == row


# ---- what a row gives: (table, what is known, its name, its value) ------------------------------

GIVEN: tuple[tuple[str, Values, str, int], ...] = (
    ("patrol_by_gauge", {"state": "normal"}, "minutes", 24 * 60),
    ("patrol_by_gauge", {"state": "guard"}, "minutes", 4 * 60),
    ("patrol_by_gauge", {"state": "warning"}, "minutes", 2 * 60),
    ("patrol_by_gauge", {"state": "warning", "night": True}, "minutes", 60),
    ("patrol_by_gauge", {"state": "warning", "rising_fast": True}, "minutes", 60),
    ("patrol_by_gauge", {"state": "guarantee"}, "minutes", 30),
    ("patrol_by_gauge", {"state": "recession"}, "minutes", 4 * 60),
    ("patrol_by_gauge", {"state": "recession"}, "after_hours", 48),
    ("patrol_by_gauge", {"state": "warning", "night": True}, "night_from_hour", 18),
    ("patrol_by_gauge", {"state": "warning", "night": True}, "night_to_hour", 6),
    ("patrol_by_response", {"level": "response_iv"}, "minutes", 12 * 60),
    ("patrol_by_response", {"level": "response_iii"}, "minutes", 4 * 60),
    ("patrol_by_response", {"level": "response_ii"}, "minutes", 2 * 60),
    ("patrol_by_response", {"level": "response_i"}, "minutes", 30),
    ("report_due", {"level": "extraordinary"}, "minutes", 2 * 60),
    ("report_due", {"level": "major"}, "minutes", 2 * 60),
    ("report_due", {"level": "larger"}, "minutes", 6 * 60),
    ("report_due", {"level": "general"}, "minutes", 24 * 60),
    ("report_due", {"level": "general"}, "clock_minutes", 8 * 60),
    ("report_first", {"report_kind": "call_report"}, "minutes", 10),
    ("report_first", {"report_kind": "first_report", "to": "branch"}, "minutes", 30),
    ("report_first", {"report_kind": "first_report", "to": "bureau"}, "minutes", 60),
    ("report_first", {"report_kind": "final_report"}, "minutes", 24 * 60),
    ("event_due", {"class": "mining"}, "days", 0),
    ("event_due", {"class": "floating"}, "days", 1),
    ("event_due", {"class": "dump"}, "days", 7),
    ("event_due", {"class": "facility"}, "days", 7),
    ("event_due", {"class": "other_violation"}, "days", 7),
    ("event_due", {"class": "outfall"}, "days", 15),
    ("event_due", {"class": "occupy"}, "days", 30),
    ("event_due", {"class": "build"}, "days", 60),
    ("heat", {"air_temp_c": 37}, "hours_max", 6),
    ("heat", {"air_temp_c": 37}, "hottest_hours_free", 3),
)


@pytest.mark.parametrize(
    ("table", "values", "name", "value"),
    GIVEN,
    ids=[f"{it[0]}-{it[2]}-{n}" for n, it in enumerate(GIVEN)],
)
def test_a_row_gives_what_the_domain_says(
    table: str, values: Values, name: str, value: int
) -> None:
    row = cel.decide(TABLES[table], cel.decimals(values))
    assert row is not None
    assert row.values[name] == value
    if value and any(it.isdigit() for it in row.zh.replace("08:00", "")):
        said = [f"{value:g}", f"{value / 60:g}"]
        assert any(it in row.zh and it in row.en for it in said), "its words say another figure"


@pytest.mark.parametrize("code", [item.code for item in KINDS["event"].fields["class"].choices])
def test_every_class_of_event_has_its_limit(code: str) -> None:
    assert cel.decide(TABLES["event_due"], {"class": code}) is not None


@pytest.mark.parametrize("work_kind", list(WORK_LISTS))
def test_whoever_went_through_a_checklist_said_enough(work_kind: str) -> None:
    item = WORK_LISTS[work_kind][0].code
    looked = {"work_kind": work_kind, "checklist": [{"item": item, "answer": "ok"}]}
    assert codes("work", looked) == set()


@pytest.mark.parametrize("work_kind", ["pump_check", "line_patrol"])
def test_a_check_of_one_structure_needs_no_photo_before_and_after(work_kind: str) -> None:
    (need,) = KINDS["work"].photos
    assert need.when is not None
    assert not cel.holds(need.when, {"work_kind": work_kind})
    assert cel.holds(need.when, {"work_kind": "pump_overhaul"})


def test_what_is_looked_at_of_a_pump_and_of_a_line_is_told_apart() -> None:
    assert (len(PUMP_ITEMS), len(LINE_ITEMS)) == (18, 16)
    assert not {item.code for item in PUMP_ITEMS} & {item.code for item in LINE_ITEMS}


@pytest.mark.parametrize(
    ("what", "parts"),
    [
        ("dike", {"crest": 7, "waterside": 6, "landside": 7, "toe": 7, "crossing": 5}),
        ("sluice", {"sluice": 6}),
        ("reservoir", {"reservoir": 6}),
        ("canal", {"canal": 8}),
        *(
            (what, {"crest": 7, "waterside": 6, "landside": 7, "toe": 7, "crossing": 5})
            for what in ("sea_dike", "polder", "detention_basin")
        ),
        ("river_training", {"crest": 7, "waterside": 6}),
        ("crossing_structure", {"crossing": 5}),
    ],
)
def test_a_round_looks_at_so_many_things_of_each_structure(
    what: str, parts: dict[str, int]
) -> None:
    assert Counter(item.code.partition("_")[0] for item in ROUND[what]) == parts


def test_every_kind_of_work_is_asked_how_much_was_done() -> None:
    asked = {base["work_kind"] for _, base, _, _, code in EDGES if code == "no_amount"}
    kinds = {item.code for item in KINDS["work"].fields["work_kind"].choices}
    # A lift cannot be handed in without its load.
    assert kinds - asked == {"heavy_lift"}


def test_every_rule_with_a_figure_has_an_edge_here() -> None:
    edged = {(kind, code) for kind, *_, code in EDGES}
    for kind in KINDS.values():
        for rule in kind.rules:
            text = cel.STRING.sub("", rule.when)
            figures = [it for it in cel.NAME.sub("", text).split() if any(map(str.isdigit, it))]
            assert not figures or (kind.code, rule.code) in edged, (kind.code, rule.code)
