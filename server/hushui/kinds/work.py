"""Field work that is measured 作业. One kind; `work_kind` says which group of fields it fills."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.fields import Geo, When
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.places import BANKS

WORK_KINDS = f.options(
    ("canal_desilt", "渠道清淤", "Canal desilting"),
    ("salvage", "漂浮物打捞", "Salvage of floating matter"),
    ("pump_overhaul", "机埠检修", "Pump station overhaul"),
)
OWNERS = f.options(("personal", "自带", "Own"), ("station", "单位", "The unit's"))

DESILT = When("work_kind", ("canal_desilt",))
SALVAGE = When("work_kind", ("salvage",))
PUMP = When("work_kind", ("pump_overhaul",))

TOOL = {
    "name": f.text("工具", "Tool", 20, required=True),
    "count": f.integer("数量", "Count", "件", 1, 999, required=True),
    "owner": f.choice("归属", "Owner", OWNERS),
}


class Work(Fields, frozen=True, kw_only=True):
    work_kind: Annotated[str, f.choice("作业", "Work", WORK_KINDS)]
    zone: Annotated[str | None, f.ref("责任区", "Zone", "zone")] = None
    place: Annotated[Geo | None, f.geo("位置", "Place")] = None
    chainage: Annotated[float | None, f.chainage("起点桩号", "Chainage from")] = None
    chainage_to: Annotated[float | None, f.chainage("终点桩号", "Chainage to")] = None
    bank: Annotated[str | None, f.choice("岸别", "Bank", BANKS)] = None

    length_m: Annotated[
        float | None, f.metres("长", "Length", 100_000, group="measures", shown=DESILT)
    ] = None
    width_m: Annotated[
        float | None, f.metres("平均宽", "Mean width", 1_000, group="measures", shown=DESILT)
    ] = None
    depth_m: Annotated[
        float | None, f.metres("平均深", "Mean depth", 50, group="measures", shown=DESILT)
    ] = None
    volume_m3: Annotated[
        float | None,
        f.number(
            "方量",
            "Volume",
            "m3",
            1,
            0,
            1_000_000,
            group="measures",
            shown=When("work_kind", ("canal_desilt", "salvage")),
            help="与长×宽×深相差超过 20% 时会请您再看一眼",
        ),
    ] = None
    spoil_place: Annotated[
        str | None, f.text("弃土地点", "Spoil place", 60, group="measures", shown=DESILT)
    ] = None

    weight_t: Annotated[
        float | None, f.number("重量", "Weight", "t", 3, 0, 1_000, group="measures", shown=SALVAGE)
    ] = None
    boat: Annotated[str | None, f.text("船号", "Boat", 20, group="measures", shown=SALVAGE)] = None
    boat_trips: Annotated[
        int | None, f.integer("船次", "Boat trips", "船次", 0, 999, group="measures", shown=SALVAGE)
    ] = None
    boat_hours: Annotated[
        float | None,
        f.number("船时", "Boat hours", "h", 1, 0, 999, group="measures", shown=SALVAGE),
    ] = None
    area_m2: Annotated[
        float | None,
        f.number("水面面积", "Water area", "m2", 0, 0, 10_000_000, group="measures", shown=SALVAGE),
    ] = None

    units: Annotated[
        int | None, f.integer("台数", "Units", "台", 0, 99, group="measures", shown=PUMP)
    ] = None
    unit_no: Annotated[
        str | None, f.text("机组号", "Unit number", 20, group="measures", shown=PUMP)
    ] = None
    insulation_mohm: Annotated[
        float | None,
        f.number("绝缘电阻", "Insulation", "MΩ", 2, 0, 10_000, group="measures", shown=PUMP),
    ] = None
    temp_c: Annotated[
        float | None,
        f.number("轴承温度", "Bearing temperature", "℃", 1, -20, 200, group="measures", shown=PUMP),
    ] = None
    vibration_mms: Annotated[
        float | None,
        f.number("振动", "Vibration", "mm/s", 1, 0, 50, group="measures", shown=PUMP),
    ] = None

    people: Annotated[int | None, f.integer("人数", "People", "人", 1, 999)] = None
    companions: Annotated[list[str] | None, f.refs("同行", "Companions", "member", 30)] = None
    hours: Annotated[float | None, f.number("工时", "Hours", "h", 1, 0, 24)] = None
    tools: Annotated[list[dict[str, object]] | None, f.rows("工具", "Tools", TOOL, 12)] = None
    note: Annotated[str | None, f.text("说明", "Note", 300)] = None
    no_photo_reason: Annotated[
        str | None, f.text("没有照片的原因", "Why there is no photo", 60)
    ] = None


KIND = kind(
    Work,
    "work",
    "作业",
    "Field work",
    "fact",
    valid={
        "work_kind": "canal_desilt",
        "length_m": 320,
        "width_m": 1.2,
        "depth_m": 0.3,
        "volume_m3": 118,
        "people": 5,
        "hours": 3.5,
        "tools": [
            {"name": "铁锹", "count": 2, "owner": "personal"},
            {"name": "洋镐", "count": 1, "owner": "personal"},
        ],
    },
    wrong=(
        Wrong({"length_m": 320}, "required", "work_kind"),
        Wrong({"work_kind": "digging"}, "unknown_choice", "work_kind"),
        Wrong({"work_kind": "salvage", "weight_t": -1}, "out_of_range", "weight_t"),
        Wrong({"work_kind": "salvage", "weight_t": "0.85"}, "wrong_type", "weight_t"),
        Wrong({"work_kind": "canal_desilt", "hours": 24.5}, "out_of_range", "hours"),
        Wrong({"work_kind": "canal_desilt", "note": "好" * 301}, "too_long", "note"),
        Wrong({"work_kind": "canal_desilt", "tools": [{"count": 2}]}, "required", "tools"),
        Wrong({"work_kind": "pump_overhaul", "units": True}, "wrong_type", "units"),
        Wrong(
            {"work_kind": "salvage", "place": {"source": "gps", "lon": 124, "lat": 91}},
            "out_of_range",
            "place",
        ),
    ),
)
