"""A structure of the register 工程: pump station, line, gate, gauge, reach. One kind; `class` says
which of its figures it has."""

from itertools import combinations
from typing import Annotated

from msgspec import field

from hushui.kinds import fields as f
from hushui.kinds.fields import Position
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.places import OBJECTS
from hushui.kinds.rule import Rule
from hushui.kinds.shared import VOLTAGES, Bank, Chainage, Place, ZoneOf

STATION_TYPES = f.options(
    ("PP", "雨量站", "Rain station"),
    ("ZZ", "水位站", "Water level station"),
    ("ZQ", "水文站", "Hydrometric station"),
    ("RR", "水库站", "Reservoir station"),
    ("DD", "堰闸站", "Gate or weir station"),
    ("DP", "泵站", "Pump station"),
    ("TT", "潮位站", "Tide station"),
    ("SS", "墒情站", "Soil station"),
    ("ZG", "地下水站", "Groundwater station"),
    ("ZB", "分洪水位站", "Diversion station"),
    ("BB", "蒸发站", "Evaporation station"),
    ("MM", "气象站", "Weather station"),
)
DATUMS = f.options(
    ("cgd1985", "1985 国家高程基准", "National datum 1985"),
    ("yellow_sea_1956", "1956 黄海高程", "Yellow Sea 1956"),
    ("wusong", "吴淞", "Wusong"),
    ("old_yellow_river", "废黄河", "Old Yellow River"),
    ("pearl_river", "珠江", "Pearl River"),
    ("local", "假定基面", "Local"),
)
ORDERED = ("z_fortify", "z_warning", "z_guarantee", "z_crest")
LEVELS = f"datum {' '.join(ORDERED)} z_flood_limit z_low_alarm"


def level(zh: str, en: str, **more: str) -> f.Field:
    return f.number(zh, en, "m", 3, -10, 9_000, **more)


def given(name: str) -> str:
    return f'!("{name}" in absent)'


class Object(Fields, frozen=True, kw_only=True):
    name: Annotated[str, f.name("名称", "Name", 60)]
    class_: Annotated[str, f.choice("工程类别", "Structure class", OBJECTS)] = field(name="class")
    code: Annotated[str | None, f.text("编码", "Code", 40)] = None
    keeper: Annotated[str | None, f.ref("管护人", "Keeper", "member")] = None
    retired: Annotated[bool | None, f.yes_no("已报废", "Retired")] = None

    zone: ZoneOf = None
    place: Place = None
    line: Annotated[
        list[Position] | None,
        f.line(
            "线形", "Line", help="渠道、线路、河段才有", help_en="Canals, lines and reaches only"
        ),
    ] = None
    chainage: Chainage = None
    bank: Bank = None

    units: Annotated[int | None, f.integer("机组", "Units", "台", 0, 99)] = None
    power_kw: Annotated[float | None, f.number("装机", "Power", "kW", 1, 0, 1_000_000)] = None
    design_flow_m3s: Annotated[
        float | None, f.number("设计流量", "Design flow", "m3/s", 3, 0, 110_000)
    ] = None
    openings: Annotated[int | None, f.integer("孔数", "Openings", "孔", 0, 999)] = None
    kv: Annotated[str | None, f.choice("电压等级", "Voltage", VOLTAGES)] = None
    length_km: Annotated[float | None, f.number("长", "Length", "km", 2, 0, 10_000)] = None
    poles: Annotated[int | None, f.integer("杆塔", "Poles", "基", 0, 99_999)] = None

    stcd: Annotated[
        str | None,
        f.text(
            "测站编码",
            "Station code",
            8,
            pattern=r"^[0-9A-Z]{8}$",
            help="8 位数字或大写字母",
            help_en="8 digits or capital letters",
        ),
    ] = None
    station_type: Annotated[str | None, f.choice("测站类型", "Station type", STATION_TYPES)] = None
    datum: Annotated[
        str | None,
        f.choice(
            "高程基面",
            "Datum",
            DATUMS,
            help="各站基面不同，不能互相比",
            help_en="Stations have datums of their own: do not compare them",
            needed=" || ".join(map(given, ORDERED)),
        ),
    ] = None
    z_fortify: Annotated[float | None, level("设防水位", "Fortification level")] = None
    z_warning: Annotated[float | None, level("警戒水位", "Warning level")] = None
    z_guarantee: Annotated[float | None, level("保证水位", "Guarantee level")] = None
    z_crest: Annotated[
        float | None,
        level(
            "堤顶高程",
            "Crest",
            help="左右岸不同时填低的",
            help_en="The lower, where the banks differ",
        ),
    ] = None
    z_flood_limit: Annotated[float | None, level("汛限水位", "Flood limit")] = None
    z_low_alarm: Annotated[float | None, level("低水位告警", "Low level alarm")] = None
    note: Annotated[str | None, f.text("说明", "Note", 300)] = None


SHOWN = {
    "reservoir": f"design_flow_m3s openings stcd station_type {LEVELS}",
    "dike": f"line length_km {LEVELS}",
    "sea_dike": f"line length_km {LEVELS}",
    "detention_basin": LEVELS,
    "polder": LEVELS,
    "sluice": f"openings design_flow_m3s {LEVELS}",
    "river_training": "line length_km",
    "crossing_structure": "openings design_flow_m3s",
    "canal": "line length_km design_flow_m3s",
    "pump_station": f"units power_kw design_flow_m3s kv {LEVELS}",
    "power_line": "line kv length_km poles",
    "river_reach": "line length_km",
    "wetland_park": "line",
    "bridge_abutment": "openings",
    "gauge": f"stcd station_type {LEVELS}",
}
ABOVE = " || ".join(
    f"{given(low)} && {given(high)} && {low} > {high}" for low, high in combinations(ORDERED, 2)
)
GAUGE = {"name": "南河水位站", "class": "gauge", "datum": "cgd1985"}

KIND = kind(
    Object,
    "object",
    "工程",
    "Structure",
    "reference",
    title="name class",
    groups={
        "main": "name class code keeper retired",
        "place": "zone place line chainage bank",
        "plant": "units power_kw design_flow_m3s openings kv length_km poles",
        "levels": f"stcd station_type {LEVELS}",
        "note": "note",
    },
    shown=("class", SHOWN),
    rules=(
        Rule(
            code="levels_out_of_order",
            effect="ask",
            field="z_warning",
            when=ABOVE,
            zh="应当设防 ≤ 警戒 ≤ 保证 ≤ 堤顶，请核对",
            en="Fortification ≤ warning ≤ guarantee ≤ crest: look again",
        ),
    ),
    valid={
        **GAUGE,
        "stcd": "10900660",
        "station_type": "ZZ",
        "z_fortify": 20.6,
        "z_warning": 21.5,
        "z_guarantee": 22.8,
        "z_crest": 24.1,
    },
    also=(
        {"name": "新塘机埠", "class": "pump_station", "units": 4, "power_kw": 620, "kv": "10"},
        {
            "name": "抗旱专线",
            "class": "power_line",
            "line": [[112.3, 26.9], [112.31, 26.92]],
            "kv": "10",
            "length_km": 3.2,
        },
        {**GAUGE, "z_fortify": 20.6, "z_warning": 21.5},
    ),
    wrong=(
        Wrong({"class": "gauge"}, "required", "name"),
        Wrong({"name": "站", "class": "tower"}, "unknown_choice", "class"),
        Wrong({**GAUGE, "stcd": "109"}, "wrong_type", "stcd"),
        Wrong({**GAUGE, "z_warning": 9_001}, "out_of_range", "z_warning"),
        Wrong({"name": "站", "class": "gauge", "z_warning": 21.5}, "required", "datum"),
        Wrong({**GAUGE, "line": [[112.3, 26.9]]}, "wrong_type", "line"),
    ),
    doubtful=(
        Wrong({**GAUGE, "z_fortify": 21.6, "z_warning": 21.5}, "levels_out_of_order", "z_warning"),
        Wrong({**GAUGE, "z_fortify": 24.2, "z_crest": 24.1}, "levels_out_of_order", "z_warning"),
    ),
)
