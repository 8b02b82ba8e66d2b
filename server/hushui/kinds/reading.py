"""What a gauge said 水雨情观测, read by a person."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.shared import Correction, Flow, Note, ZoneOf

TRENDS = f.options(
    ("rising", "涨", "Rising"), ("falling", "落", "Falling"), ("steady", "平", "Steady")
)
"""Words, never the numbers of a source: two sources number them the other way round."""


class Reading(Fields, frozen=True, kw_only=True):
    station: Annotated[str, f.ref("测站", "Station", "object", merge="fixed")]
    at: Annotated[
        int | None,
        f.time(
            "观测时间",
            "Read at",
            help="不填就是记录的时间",
            help_en="Empty means the time of the record",
        ),
    ] = None
    z_m: Annotated[
        float | None,
        f.number(
            "水位",
            "Water level",
            "m",
            3,
            -10,
            9_000,
            help="按测站基面；没有水位就填雨量",
            help_en="Above the station's datum; without a level give the rain",
            needed='"rain_mm" in absent',
        ),
    ] = None
    trend: Annotated[str | None, f.choice("水势", "Trend", TRENDS)] = None
    flow_m3s: Flow = None
    rain_mm: Annotated[float | None, f.number("雨量", "Rain", "mm", 1, 0, 2_000)] = None
    rain_hours: Annotated[
        float | None,
        f.number(
            "雨量历时",
            "Hours of rain",
            "h",
            1,
            0,
            72,
            help="日雨量从 8 时到次日 8 时",
            help_en="A day of rain is from 8:00 to 8:00",
        ),
    ] = None
    zone: ZoneOf = None
    note: Note = None
    correction: Correction = None


STATION = {"station": "00000000000000000000000061"}

KIND = kind(
    Reading,
    "reading",
    "水雨情",
    "Gauge reading",
    "fact",
    happened="at",
    title="station z_m",
    groups={
        "main": "station at",
        "measures": "z_m trend flow_m3s rain_mm rain_hours",
        "place": "zone",
        "note": "note",
        "correction": "correction",
    },
    valid={**STATION, "z_m": 21.52, "trend": "rising", "flow_m3s": 850.25},
    also=({**STATION, "rain_mm": 56.4, "rain_hours": 24}, {**STATION, "rain_mm": 0}),
    wrong=(
        Wrong({"z_m": 21.52}, "required", "station"),
        Wrong(STATION, "required", "z_m"),
        Wrong({**STATION, "z_m": 9_000.001}, "out_of_range", "z_m"),
        Wrong({**STATION, "rain_mm": 2_001}, "out_of_range", "rain_mm"),
        Wrong({**STATION, "z_m": 21.5, "trend": "5"}, "unknown_choice", "trend"),
        Wrong({**STATION, "z_m": "21.5"}, "wrong_type", "z_m"),
    ),
)
