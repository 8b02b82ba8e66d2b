"""A danger to a structure 险情, or one that may come 隐患. The first type leads.

The measures of a type are those of the national databases of engineering situations (D001–D026)
and what the proposal of its level asks for (tables.py).
"""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.fields import When
from hushui.kinds.kind import Fields, PhotoNeed, Wrong, kind
from hushui.kinds.places import OBJECTS, POSITIONS
from hushui.kinds.rule import Rule
from hushui.kinds.shared import (
    LEVELS,
    VOLTAGES,
    Bank,
    Chainage,
    Correction,
    Flow,
    NoPhotoReason,
    Place,
    StructureOf,
    WaterLevel,
    ZoneOf,
)
from hushui.kinds.volume import volume_rule

TYPES = f.options(
    ("breach", "决口", "Breach", "D001"),
    ("overtopping", "漫溢", "Overtopping", "D002"),
    ("leak_hole", "漏洞", "Leak hole", "D003"),
    ("piping", "管涌", "Piping", "D004"),
    ("sinkhole", "陷坑", "Sinkhole", "D005"),
    ("slope_failure", "滑坡", "Slope failure", "D006"),
    ("scour", "淘刷", "Scour", "D007"),
    ("crack", "裂缝", "Crack", "D008"),
    ("bank_collapse", "崩岸", "Bank collapse", "D009"),
    ("seepage", "渗水", "Seepage", "D010"),
    ("wave_cut", "浪坎", "Wave cut", "D011"),
    ("structure_slide", "滑动", "Structure sliding", "D012"),
    ("hoist_failure", "启闭失灵", "Hoist failure", "D013"),
    ("gate_damage", "闸门破坏", "Gate damage", "D014"),
    ("dam_break", "溃坝", "Dam break", "D015"),
    ("overturning", "倾覆", "Overturning", "D016"),
    ("overstress", "应力过大", "Overstress", "D017"),
    ("collapse", "坍塌", "Collapse", "D018"),
    ("blockage", "堵塞", "Blockage", "D019"),
    ("foundation_damage", "基础破坏", "Foundation damage", "D020"),
    ("stilling_damage", "消能工破坏", "Stilling works damage", "D021"),
    ("drain_failure", "基础排水失效", "Foundation drain failure", "D022"),
    ("conduit_damage", "洞身破坏", "Conduit damage", "D023"),
    ("training_work_damage", "控导工程局部破坏", "Training works damaged", "D024"),
    ("training_work_washout", "控导工程冲毁", "Training works washed out", "D025"),
    ("flash_flood", "山洪灾害", "Flash flood", "D026"),
    ("contact_scour", "接触冲刷", "Contact scour"),
    ("masonry_washout", "砌体冲毁", "Masonry washed out", "D007+D018"),
    ("canal_bank_failure", "渠堤垮塌", "Canal bank failure"),
    ("pump_fault", "机埠故障", "Pump station fault"),
    ("power_fault", "线路故障", "Power line fault"),
    ("unclear", "说不清", "Not clear"),
)
NATURES = f.options(("acute", "险情", "Acute"), ("latent", "隐患", "Latent"))
CLASSES = f.options(
    ("ordinary", "一般隐患", "Ordinary"),
    ("serious", "重大隐患", "Serious"),
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
CRACKS = f.options(
    ("transverse", "横缝", "Transverse"),
    ("longitudinal", "纵缝", "Longitudinal"),
    ("oblique", "斜缝", "Oblique"),
    ("mesh", "龟纹", "Mesh"),
)
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

LOSSES = "affected injured dead houses crop_mu loss_wan"
MEASURES = {
    "breach": f"breach_width_m velocity_ms head_m flow_m3s ground {LOSSES}",
    "overtopping": "length_m z_m flow_m3s",
    "leak_hole": "crest_drop_m diameter_cm flow_m3s jet_height_m water group_area_m2",
    "piping": "water diameter_cm toe_distance_m flow_m3s jet_height_m group_area_m2",
    "sinkhole": "depth_m area_m2 under_water tied_to_leak",
    "slope_failure": "length_m volume_m3 angle_deg",
    "scour": "length_m depth_m area_m2 toe_distance_m open_through",
    "crack": "crack_direction length_m depth_m crack_width_mm crack_through crack_sliding",
    "bank_collapse": "length_m height_m volume_m3 toe_distance_m river_flow_m3s",
    "seepage": "area_m2 flow_m3s water sand_moving",
    "wave_cut": "face_height_m wave_height_m wind_force river_flow_m3s",
    "structure_slide": "angle_deg displacement_m form",
    "hoist_failure": "power_cut hoist_fault shaft_deformed gate_opening_m",
    "gate_damage": "form flow_m3s",
    "dam_break": f"breach_width_m z_m storage_wan_m3 flow_m3s {LOSSES}",
    "overturning": "direction angle_deg",
    "overstress": "tension_mpa compression_mpa allowed_mpa",
    "collapse": "area_m2 volume_m3 height_share",
    "blockage": "material volume_m3",
    "foundation_damage": "seepage_note settlement_m overloaded",
    "stilling_damage": "slab_uplift water_stop_damaged",
    "drain_failure": "drain_blocked equipment_failed",
    "conduit_damage": "area_m2 direction lining_effect",
    "training_work_damage": "length_m depth_m area_m2",
    "training_work_washout": "length_m depth_m volume_m3",
    "flash_flood": LOSSES,
    "contact_scour": "water sand_moving flow_m3s",
    "masonry_washout": "length_m height_m thickness_m volume_m3 open_through",
    "canal_bank_failure": "length_m flow_m3s",
    "pump_fault": "equipment kv outage_start",
    "power_fault": "equipment kv outage_start",
    "unclear": "",
}


SERIOUS = When("latent_class", ("serious",))
FIVE = "answerable remedy funds remedy_by contingency"
"""责任、措施、资金、时限、预案: all there before a serious hidden danger is scheduled (B2)."""


class Hazard(Fields, frozen=True, kw_only=True):
    types: Annotated[
        list[str],
        f.several(
            "类型",
            "Types",
            TYPES,
            3,
            least=1,
            help="最多三种，主要的放第一",
            help_en="Up to three, the main one first",
        ),
    ]
    nature: Annotated[
        str,
        f.choice(
            "性质",
            "Nature",
            NATURES,
            help="险情：正在发生；隐患：可能发生",
            help_en="Acute: it is happening; latent: it may happen",
        ),
    ]
    latent_class: Annotated[
        str | None,
        f.choice("隐患分类", "Class", CLASSES, shown=When("nature", ("latent",))),
    ] = None

    zone: ZoneOf = None
    place: Place = None
    chainage: Chainage = None
    bank: Bank = None

    length_m: Annotated[float | None, f.metres("长", "Length", 100_000)] = None
    height_m: Annotated[float | None, f.metres("高", "Height", 200)] = None
    thickness_m: Annotated[float | None, f.metres("厚", "Thickness", 100)] = None
    depth_m: Annotated[float | None, f.metres("深", "Depth", 200)] = None
    area_m2: Annotated[float | None, f.number("面积", "Area", "m2", 1, 0, 100_000_000)] = None
    volume_m3: Annotated[float | None, f.number("方量", "Volume", "m3", 1, 0, 1_000_000)] = None
    height_share: Annotated[
        float | None,
        f.number(
            "占堤高比例",
            "Share of the height",
            "",
            2,
            0,
            1,
            help="一半写 0.5",
            help_en="Half of it is 0.5",
        ),
    ] = None
    open_through: Annotated[bool | None, f.yes_no("墙体穿透", "Open through")] = None

    water: Annotated[str | None, f.choice("水的清浑", "Water", WATERS)] = None
    sand_moving: Annotated[bool | None, f.yes_no("带砂", "Sand moving")] = None
    diameter_cm: Annotated[float | None, f.number("孔径", "Diameter", "cm", 1, 0, 1_000)] = None
    crest_drop_m: Annotated[float | None, f.metres("距堤顶", "Below the crest", 200)] = None
    toe_distance_m: Annotated[float | None, f.metres("距堤脚", "From the toe", 10_000)] = None
    jet_height_m: Annotated[float | None, f.metres("涌水高", "Jet height", 100)] = None
    group_area_m2: Annotated[
        float | None, f.number("群孔面积", "Group area", "m2", 1, 0, 1_000_000)
    ] = None
    under_water: Annotated[bool | None, f.yes_no("在水下", "Under water")] = None
    tied_to_leak: Annotated[
        bool | None, f.yes_no("与管涌、漏洞相连", "Tied to piping or a leak")
    ] = None

    crack_direction: Annotated[str | None, f.choice("裂缝方向", "Direction of crack", CRACKS)] = (
        None
    )
    crack_width_mm: Annotated[
        float | None, f.number("缝宽", "Width of crack", "mm", 1, 0, 10_000)
    ] = None
    crack_through: Annotated[bool | None, f.yes_no("贯穿堤身", "Through the body")] = None
    crack_sliding: Annotated[bool | None, f.yes_no("伴有滑动", "With sliding")] = None
    angle_deg: Annotated[
        float | None,
        f.number(
            "角度",
            "Angle",
            "°",
            1,
            0,
            90,
            help="滑坡为滑裂面角",
            help_en="For a slope failure the angle of the slip surface",
        ),
    ] = None
    displacement_m: Annotated[float | None, f.metres("位移", "Displacement", 100, 3)] = None
    direction: Annotated[str | None, f.text("方向", "Direction", 20)] = None
    form: Annotated[str | None, f.text("形式", "Form", 60)] = None

    breach_width_m: Annotated[float | None, f.metres("口门宽", "Breach width", 10_000)] = None
    velocity_ms: Annotated[float | None, f.number("流速", "Velocity", "m/s", 2, 0, 30)] = None
    head_m: Annotated[float | None, f.metres("水头差", "Head", 100)] = None
    z_m: WaterLevel = None
    flow_m3s: Flow = None
    river_flow_m3s: Annotated[
        float | None, f.number("河道流量", "Flow of the river", "m3/s", 3, 0, 110_000)
    ] = None
    storage_wan_m3: Annotated[
        float | None, f.number("蓄水量", "Storage", "万m3", 2, 0, 10_000_000)
    ] = None
    ground: Annotated[str | None, f.text("土质", "Ground", 60)] = None
    face_height_m: Annotated[float | None, f.metres("浪坎高", "Height of the face", 50)] = None
    wave_height_m: Annotated[float | None, f.metres("浪高", "Wave height", 30)] = None
    wind_force: Annotated[int | None, f.integer("风力", "Wind force", "级", 0, 17)] = None

    power_cut: Annotated[bool | None, f.yes_no("断电", "Power cut")] = None
    hoist_fault: Annotated[str | None, f.text("启闭机故障", "Fault of the hoist", 60)] = None
    shaft_deformed: Annotated[bool | None, f.yes_no("轴杆变形", "Shaft deformed")] = None
    gate_opening_m: Annotated[float | None, f.metres("闸门开度", "Gate opening", 50)] = None
    tension_mpa: Annotated[
        float | None, f.number("最大拉应力", "Largest tension", "MPa", 2, 0, 2_000)
    ] = None
    compression_mpa: Annotated[
        float | None, f.number("最大压应力", "Largest compression", "MPa", 2, 0, 2_000)
    ] = None
    allowed_mpa: Annotated[
        float | None, f.number("允许应力", "Allowed stress", "MPa", 2, 0, 2_000)
    ] = None
    material: Annotated[str | None, f.text("堵塞物", "Material", 60)] = None
    seepage_note: Annotated[str | None, f.text("渗流情况", "Seepage", 100)] = None
    settlement_m: Annotated[
        float | None, f.metres("不均匀沉降", "Differential settlement", 100, 3)
    ] = None
    overloaded: Annotated[bool | None, f.yes_no("超载", "Overloaded")] = None
    slab_uplift: Annotated[bool | None, f.yes_no("底板上抬", "Slab uplifted")] = None
    water_stop_damaged: Annotated[bool | None, f.yes_no("止水破坏", "Water stop damaged")] = None
    drain_blocked: Annotated[bool | None, f.yes_no("排水孔堵塞", "Drain holes blocked")] = None
    equipment_failed: Annotated[bool | None, f.yes_no("设备失效", "Equipment failed")] = None
    lining_effect: Annotated[str | None, f.text("对衬砌的影响", "Effect on the lining", 100)] = None
    equipment: Annotated[str | None, f.text("故障设备", "Equipment", 60)] = None
    kv: Annotated[str | None, f.choice("电压等级", "Voltage", VOLTAGES)] = None
    outage_start: Annotated[int | None, f.time("停机停电时间", "Out since")] = None

    level: Annotated[
        str | None,
        f.choice(
            "级别",
            "Level",
            LEVELS,
            help="上报人提出，由有权的人确认",
            help_en="Proposed by who reports it, confirmed by who may",
        ),
    ] = None
    threat: Annotated[list[str] | None, f.several("威胁", "Threatens", THREATS, 6)] = None
    threat_note: Annotated[str | None, f.text("威胁范围", "What is threatened", 200)] = None
    first_treatment: Annotated[
        list[str] | None, f.several("先期处置", "First treatment", TREATMENTS, 6)
    ] = None

    answerable: Annotated[
        str | None, f.text("治理责任人", "Who answers for it", 60, shown=SERIOUS)
    ] = None
    remedy: Annotated[str | None, f.text("治理措施", "What will be done", 200, shown=SERIOUS)] = (
        None
    )
    funds: Annotated[
        str | None,
        f.text(
            "资金",
            "Money",
            60,
            shown=SERIOUS,
            help="多少、从哪里来",
            help_en="How much, and from where",
        ),
    ] = None
    remedy_by: Annotated[int | None, f.time("治理时限", "To be done by", shown=SERIOUS)] = None
    contingency: Annotated[
        str | None, f.text("应急预案", "What if it fails first", 200, shown=SERIOUS)
    ] = None

    position: Annotated[
        list[str] | None,
        f.several(
            "部位",
            "Position",
            POSITIONS,
            4,
            help="出险部位，可多选",
            help_en="Where on the structure, several if need be",
        ),
    ] = None
    structure: StructureOf = None
    object_name: Annotated[
        str | None,
        f.text(
            "工程名称",
            "Structure",
            60,
            help="名录里没有的写在这里",
            help_en="What the register does not have",
        ),
    ] = None
    object_class: Annotated[str | None, f.choice("工程类别", "Structure class", OBJECTS)] = None

    affected: Annotated[
        int | None, f.integer("受灾人口", "People affected", "人", 0, 10_000_000)
    ] = None
    injured: Annotated[int | None, f.integer("受伤", "Injured", "人", 0, 100_000)] = None
    dead: Annotated[int | None, f.integer("死亡", "Dead", "人", 0, 100_000)] = None
    houses: Annotated[int | None, f.integer("受损房屋", "Houses damaged", "间", 0, 1_000_000)] = (
        None
    )
    crop_mu: Annotated[float | None, f.number("受灾作物", "Crop area", "亩", 1, 0, 100_000_000)] = (
        None
    )
    loss_wan: Annotated[float | None, f.number("直接损失", "Loss", "万元", 2, 0, 100_000_000)] = (
        None
    )

    note: Annotated[str | None, f.text("说明", "Note", 500)] = None
    no_photo_reason: NoPhotoReason = None
    correction: Correction = None


GROUPS = {
    "types": "types nature latent_class",
    "place": "zone place chainage bank",
    "measures": "length_m height_m thickness_m depth_m area_m2 volume_m3 height_share open_through"
    " water sand_moving diameter_cm crest_drop_m toe_distance_m jet_height_m group_area_m2"
    " under_water tied_to_leak crack_direction crack_width_mm crack_through crack_sliding"
    " angle_deg displacement_m direction form breach_width_m velocity_ms head_m z_m flow_m3s"
    " river_flow_m3s storage_wan_m3 ground face_height_m wave_height_m wind_force power_cut"
    " hoist_fault shaft_deformed gate_opening_m tension_mpa compression_mpa allowed_mpa material"
    " seepage_note settlement_m overloaded slab_uplift water_stop_damaged drain_blocked"
    " equipment_failed lining_effect equipment kv outage_start",
    "level": "level",
    "threat": "threat threat_note",
    "treatment": "first_treatment",
    "more": FIVE,
    "where": "position structure object_name object_class",
    "losses": LOSSES,
    "note": "note",
    "photos": "no_photo_reason",
    "correction": "correction",
}
SAMPLE = {
    "length_m": 12, "height_m": 2.5, "thickness_m": 1.2, "depth_m": 0.8, "area_m2": 35.5,
    "volume_m3": 36, "height_share": 0.3, "open_through": False, "water": "clear",
    "sand_moving": True, "diameter_cm": 6, "crest_drop_m": 3.2, "toe_distance_m": 15,
    "jet_height_m": 0.2, "group_area_m2": 4, "under_water": False, "tied_to_leak": True,
    "crack_direction": "longitudinal", "crack_width_mm": 15, "crack_through": False,
    "crack_sliding": False, "angle_deg": 30, "displacement_m": 0.12, "direction": "向下游",
    "form": "面板脱落", "breach_width_m": 25, "velocity_ms": 2.5, "head_m": 3, "z_m": 21.52,
    "flow_m3s": 0.35, "river_flow_m3s": 850, "storage_wan_m3": 120, "ground": "粉砂",
    "face_height_m": 0.6, "wave_height_m": 0.9, "wind_force": 7, "power_cut": True,
    "hoist_fault": "钢丝绳脱槽", "shaft_deformed": False, "gate_opening_m": 0.4,
    "tension_mpa": 2.1, "compression_mpa": 18, "allowed_mpa": 16, "material": "树枝、水草",
    "seepage_note": "闸基渗水增大", "settlement_m": 0.05, "overloaded": False,
    "slab_uplift": True, "water_stop_damaged": True, "drain_blocked": True,
    "equipment_failed": False, "lining_effect": "衬砌开裂", "equipment": "2 号机组", "kv": "10",
    "outage_start": 1_795_500_000_000, "affected": 120, "injured": 0, "dead": 0, "houses": 3,
    "crop_mu": 260, "loss_wan": 45.5,
}  # fmt: skip
LEAKING = {"types": ["seepage"], "nature": "latent", "latent_class": "serious"}
PROVIDED = {
    "answerable": "李岸",
    "remedy": "背水坡导渗，汛后灌浆",
    "funds": "维修养护费 12 万元",
    "remedy_by": 1_806_000_000_000,
    "contingency": "超警戒水位加密看守，备反滤料",
}
PIPING = {"types": ["piping"], "nature": "acute"}

KIND = kind(
    Hazard,
    "hazard",
    "险情隐患",
    "Hazard",
    "fact",
    closes="verified",
    numbered="year",
    title="types object_name",
    groups=GROUPS,
    shown=("types", MEASURES),
    rules=(
        volume_rule("length_m", "height_m", "thickness_m"),
        Rule(
            code="five_items",
            effect="ask",
            field="latent_class",
            when='nature == "latent" && latent_class == "serious" && ('
            + " || ".join(f'"{name}" in absent' for name in FIVE.split())
            + ")",
            zh="重大隐患要落实责任、措施、资金、时限、预案，还没有填齐",
            en="A serious one needs who, what, money, by when and what if it fails: not all there",
        ),
    ),
    photos=(PhotoNeed(("scene",)),),
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
    also=(
        *(
            {"types": [code], "nature": "acute", **{name: SAMPLE[name] for name in names.split()}}
            for code, names in MEASURES.items()
        ),
        {"types": ["crack"], "nature": "latent", "latent_class": "ordinary", "note": "新见发丝缝"},
        {**LEAKING, **PROVIDED},
    ),
    wrong=(
        Wrong({"nature": "acute"}, "required", "types"),
        Wrong({"types": [], "nature": "acute"}, "required", "types"),
        Wrong({"types": "piping", "nature": "acute"}, "wrong_type", "types"),
        Wrong({"types": ["piping", "dragon"], "nature": "acute"}, "unknown_choice", "types"),
        Wrong({"types": ["piping"] * 4, "nature": "acute"}, "too_long", "types"),
        Wrong({**PIPING, "level": "4"}, "unknown_choice", "level"),
        Wrong({**PIPING, "diameter_cm": 1e9}, "out_of_range", "diameter_cm"),
        Wrong({**PIPING, "zone": "Z03"}, "wrong_type", "zone"),
        Wrong({**PIPING, "correction": "改" * 201}, "too_long", "correction"),
        Wrong(
            {"types": ["collapse"], "nature": "acute", "height_share": 1.1},
            "out_of_range",
            "height_share",
        ),
        Wrong(
            {"types": ["crack"], "nature": "latent", "crack_direction": "up"},
            "unknown_choice",
            "crack_direction",
        ),
    ),
    doubtful=(
        Wrong(
            {
                "types": ["masonry_washout"],
                "nature": "acute",
                "length_m": 12,
                "height_m": 2.5,
                "thickness_m": 1.2,
                "volume_m3": 63,
            },
            "volume_mismatch",
            "volume_m3",
        ),
        *(
            Wrong({**LEAKING, **PROVIDED, name: None}, "five_items", "latent_class")
            for name in FIVE.split()
        ),
    ),
)
