"""Descriptions that several kinds share, so that one name means one thing everywhere."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.fields import Geo
from hushui.kinds.places import BANKS

ZoneOf = Annotated[str | None, f.ref("责任区", "Zone", "zone")]
Place = Annotated[Geo | None, f.geo("位置", "Place")]
Chainage = Annotated[float | None, f.chainage()]
Bank = Annotated[
    str | None,
    f.choice(
        "岸别", "Bank", BANKS, help="面向下游分左右", help_en="Left and right, looking downstream"
    ),
]
StructureOf = Annotated[
    str | None,
    f.ref(
        "所在工程",
        "Registered structure",
        "object",
        help="从工程名录里选",
        help_en="From the register of structures",
    ),
]

Note = Annotated[str | None, f.text("说明", "Note", 300)]
NoPhotoReason = Annotated[str | None, f.text("没有照片的原因", "Why there is no photo", 60)]
Correction = Annotated[
    str | None,
    f.text(
        "更正原因",
        "Reason of the correction",
        200,
        help="改了什么、为什么；原来的仍保留",
        help_en="What was changed and why; the old version is kept",
        merge="own",
    ),
]
"""Of every fact, so that the reason never takes the place of the note."""

About = Annotated[
    str,
    f.ref(
        "所属记录",
        "About",
        None,
        merge="fixed",
        help="险情隐患、事件或检查发现的问题",
        help_en="A hazard, an event or a finding of a check",
    ),
]
WaterLevel = Annotated[
    float | None,
    f.number(
        "水位",
        "Water level",
        "m",
        3,
        -10,
        9_000,
        help="注明测站基面",
        help_en="Above the datum of the station",
    ),
]
Flow = Annotated[float | None, f.number("流量", "Flow", "m3/s", 3, 0, 110_000)]

WEATHERS = f.options(
    ("fine", "晴", "Fine"),
    ("cloudy", "阴", "Cloudy"),
    ("rain", "雨", "Rain"),
    ("storm", "暴雨", "Rainstorm"),
    ("snow", "雪", "Snow"),
    ("fog", "雾", "Fog"),
    ("wind", "大风", "Wind"),
)
Weather = Annotated[str | None, f.choice("天气", "Weather", WEATHERS)]

LEVELS = f.options(
    ("general", "一般", "General"),
    ("larger", "较大", "Larger"),
    ("major", "重大", "Major"),
    ("extraordinary", "特别重大", "Extraordinary"),
)
RESPONSE_LEVELS = f.options(
    ("response_iv", "Ⅳ级", "Level IV"),
    ("response_iii", "Ⅲ级", "Level III"),
    ("response_ii", "Ⅱ级", "Level II"),
    ("response_i", "Ⅰ级", "Level I"),
)
TEAM_STATES = f.options(
    ("standby", "待命", "On standby"),
    ("called", "已通知", "Called"),
    ("assembled", "已集结", "Assembled"),
    ("en_route", "途中", "On the way"),
    ("on_site", "到场", "On site"),
    ("relieved", "已换下", "Relieved"),
    ("stood_down", "已撤收", "Stood down"),
)
VOLTAGES = f.options(
    ("0.4", "0.4 kV", "0.4 kV"),
    ("10", "10 kV", "10 kV"),
    ("35", "35 kV", "35 kV"),
    ("110", "110 kV", "110 kV"),
    ("220", "220 kV", "220 kV"),
    ("330", "330 kV", "330 kV"),
    ("500", "500 kV", "500 kV"),
)
"""Whose clearances are in tables.py, and 0.4 kV, which asks for none."""
