"""A danger to a structure 险情, or one that may come 隐患. The first type leads."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.fields import Geo, When
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.places import BANKS, OBJECTS, POSITIONS

TYPES = f.options(
    ("breach", "决口", "Breach"),
    ("piping", "管涌", "Piping"),
    ("masonry_washout", "砌体冲毁", "Masonry washed out"),
)
NATURES = f.options(("acute", "险情", "Acute"), ("latent", "隐患", "Latent"))
LEVELS = f.options(
    ("general", "一般", "General"),
    ("larger", "较大", "Larger"),
    ("major", "重大", "Major"),
    ("extraordinary", "特别重大", "Extraordinary"),
)
THREATS = f.options(
    ("people", "人员", "People"),
    ("houses", "房屋", "Houses"),
    ("road", "道路", "Road"),
    ("rail", "铁路", "Railway"),
    ("farmland", "农田", "Farmland"),
    ("facility", "设施", "Facilities"),
)
WATERS = f.options(("clear", "清水", "Clear"), ("turbid", "浑水", "Turbid"))
TREATMENTS = f.options(
    ("filter_well", "反滤围井", "Filter well"),
    ("filter_blanket", "反滤铺盖", "Filter blanket"),
    ("waterside_cutoff", "临水截渗", "Waterside cut-off"),
    ("filter_trench", "导渗沟", "Filter trench"),
    ("pervious_berm", "透水后戗", "Pervious berm"),
    ("refill", "翻筑夯实", "Refill and tamp"),
    ("rock_toe", "抛石护脚", "Rock at the toe"),
    ("crest_dike", "子堤", "Crest dike"),
    ("cover_plug", "盖堵", "Cover or plug"),
    ("cofferdam", "围堰", "Cofferdam"),
    ("cordon", "警戒看守", "Cordon and watch"),
)

BREACH = When("types", ("breach",))
PIPING = When("types", ("piping",))
MASONRY = When("types", ("masonry_washout",))
FLOWING = When("types", ("breach", "piping"))


class Hazard(Fields, frozen=True, kw_only=True):
    types: Annotated[list[str], f.several("类型", "Types", TYPES, 3, least=1)]
    nature: Annotated[str, f.choice("性质", "Nature", NATURES)]
    zone: Annotated[str | None, f.ref("责任区", "Zone", "zone")] = None
    place: Annotated[Geo | None, f.geo("位置", "Place")] = None
    chainage: Annotated[float | None, f.chainage()] = None
    bank: Annotated[str | None, f.choice("岸别", "Bank", BANKS)] = None
    position: Annotated[
        list[str] | None, f.several("部位", "Position", POSITIONS, 4, help="出险部位，可多选")
    ] = None
    object_class: Annotated[str | None, f.choice("工程类别", "Structure class", OBJECTS)] = None
    object_name: Annotated[str | None, f.text("工程", "Structure", 60)] = None
    level: Annotated[
        str | None, f.choice("级别", "Level", LEVELS, help="上报人提出，由有权的人确认")
    ] = None
    threat: Annotated[list[str] | None, f.several("威胁", "Threatens", THREATS, 6)] = None
    threat_note: Annotated[str | None, f.text("威胁范围", "What is threatened", 200)] = None
    first_treatment: Annotated[
        list[str] | None, f.several("先期处置", "First treatment", TREATMENTS, 6)
    ] = None

    breach_width_m: Annotated[
        float | None, f.metres("口门宽", "Breach width", 10_000, group="measures", shown=BREACH)
    ] = None
    velocity_ms: Annotated[
        float | None,
        f.number("流速", "Velocity", "m/s", 2, 0, 30, group="measures", shown=BREACH),
    ] = None
    head_m: Annotated[
        float | None, f.metres("水头差", "Head", 100, group="measures", shown=BREACH)
    ] = None
    flow_m3s: Annotated[
        float | None,
        f.number("流量", "Flow", "m3/s", 3, 0, 110_000, group="measures", shown=FLOWING),
    ] = None
    ground: Annotated[str | None, f.text("土质", "Ground", 60, group="measures", shown=BREACH)] = (
        None
    )
    affected: Annotated[
        int | None,
        f.integer(
            "受灾人口", "People affected", "人", 0, 10_000_000, group="measures", shown=BREACH
        ),
    ] = None
    injured: Annotated[
        int | None, f.integer("受伤", "Injured", "人", 0, 100_000, group="measures", shown=BREACH)
    ] = None
    dead: Annotated[
        int | None, f.integer("死亡", "Dead", "人", 0, 100_000, group="measures", shown=BREACH)
    ] = None
    houses: Annotated[
        int | None,
        f.integer("受损房屋", "Houses damaged", "间", 0, 1_000_000, group="measures", shown=BREACH),
    ] = None
    crop_mu: Annotated[
        float | None,
        f.number("受灾作物", "Crop area", "亩", 1, 0, 100_000_000, group="measures", shown=BREACH),
    ] = None
    loss_wan: Annotated[
        float | None,
        f.number("直接损失", "Loss", "万元", 2, 0, 100_000_000, group="measures", shown=BREACH),
    ] = None

    water: Annotated[
        str | None, f.choice("水的清浑", "Water", WATERS, group="measures", shown=PIPING)
    ] = None
    diameter_cm: Annotated[
        float | None,
        f.number("孔径", "Diameter", "cm", 1, 0, 1_000, group="measures", shown=PIPING),
    ] = None
    toe_distance_m: Annotated[
        float | None, f.metres("距堤脚", "From the toe", 10_000, group="measures", shown=PIPING)
    ] = None
    jet_height_m: Annotated[
        float | None, f.metres("涌水高", "Jet height", 100, group="measures", shown=PIPING)
    ] = None
    group_area_m2: Annotated[
        float | None,
        f.number("群孔面积", "Group area", "m2", 1, 0, 1_000_000, group="measures", shown=PIPING),
    ] = None

    length_m: Annotated[
        float | None, f.metres("长", "Length", 100_000, group="measures", shown=MASONRY)
    ] = None
    height_m: Annotated[
        float | None, f.metres("高", "Height", 200, group="measures", shown=MASONRY)
    ] = None
    thickness_m: Annotated[
        float | None, f.metres("厚", "Thickness", 100, group="measures", shown=MASONRY)
    ] = None
    volume_m3: Annotated[
        float | None,
        f.number("方量", "Volume", "m3", 1, 0, 1_000_000, group="measures", shown=MASONRY),
    ] = None
    open_through: Annotated[
        bool | None, f.yes_no("墙体穿透", "Open through", group="measures", shown=MASONRY)
    ] = None

    note: Annotated[str | None, f.text("说明", "Note", 500)] = None
    no_photo_reason: Annotated[
        str | None, f.text("没有照片的原因", "Why there is no photo", 60)
    ] = None


KIND = kind(
    Hazard,
    "hazard",
    "险情隐患",
    "Hazard",
    "fact",
    valid={
        "types": ["masonry_washout"],
        "nature": "acute",
        "zone": "00000000000000000000000031",
        "chainage": 5860,
        "bank": "left",
        "position": ["wall", "foundation"],
        "object_class": "bridge_abutment",
        "object_name": "南河六孔桥",
        "level": "larger",
        "threat": ["rail"],
        "length_m": 12,
        "height_m": 2.5,
        "thickness_m": 1.2,
        "volume_m3": 36,
    },
    wrong=(
        Wrong({"nature": "acute"}, "required", "types"),
        Wrong({"types": [], "nature": "acute"}, "required", "types"),
        Wrong({"types": "piping", "nature": "acute"}, "wrong_type", "types"),
        Wrong({"types": ["piping", "dragon"], "nature": "acute"}, "unknown_choice", "types"),
        Wrong({"types": ["piping"] * 4, "nature": "acute"}, "too_long", "types"),
        Wrong({"types": ["piping"], "nature": "acute", "level": "4"}, "unknown_choice", "level"),
        Wrong(
            {"types": ["piping"], "nature": "acute", "diameter_cm": 1e9},
            "out_of_range",
            "diameter_cm",
        ),
        Wrong({"types": ["piping"], "nature": "acute", "zone": "Z03"}, "wrong_type", "zone"),
    ),
)
