"""Field work that is measured 作业. One kind; `work_kind` says which group of fields it fills."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.checklists import CHECKS as STRUCTURE_CHECKS
from hushui.kinds.checklists import WORK_ITEMS
from hushui.kinds.kind import Fields, PhotoNeed, Wrong, fields_of, kind
from hushui.kinds.rule import Rule, figure
from hushui.kinds.shared import (
    VOLTAGES,
    Bank,
    Correction,
    NoPhotoReason,
    Note,
    Place,
    StructureOf,
    ZoneOf,
)
from hushui.kinds.tables import (
    BESIDE_LIVE_M,
    CLEARANCES,
    EARTHING_OHM,
    HEAT_SHORT_C,
    HEAT_STOP_C,
    HOT_HOURS_MOST,
    INSULATION_LOW_MOHM,
    INSULATION_MOHM_PER_KV,
    LIVE_M,
    MANUAL_KG_PER_PERSON,
    ROLLING_BEARING_C,
    SLIDING_BEARING_C,
    TRIP_HOURS,
    TRIP_T,
    WIND_CLEARANCES,
    WORK_HOURS_LEAST,
)
from hushui.kinds.volume import volume_rule

WORK_KINDS = f.options(
    ("canal_desilt", "渠道清淤", "Canal desilting"),
    ("canal_weed", "渠道除草", "Canal weeding"),
    ("bank_clean", "岸线保洁", "Bank cleaning"),
    ("salvage", "漂浮物打捞", "Salvage of floating matter"),
    ("pump_check", "机埠巡检", "Pump station check"),
    ("line_patrol", "巡线", "Line patrol"),
    ("line_guard", "护线", "Line guard"),
    ("line_clear", "砍青", "Clearing growth under a line"),
    ("pump_overhaul", "机埠检修", "Pump station overhaul"),
    ("pump_platform_desilt", "机房水泵平台清淤", "Desilting of the pump platform"),
    ("emergency_repair", "抢修施工", "Emergency repair"),
    ("heavy_lift", "人工起重吊装", "Heavy lift by hand"),
    ("tree_planting", "义务植树", "Tree planting"),
)
OWNERS = f.options(("personal", "自带", "Own"), ("station", "单位", "The unit's"))
METHODS = f.options(
    ("rope", "牵引绳", "Traction rope"),
    ("manual", "人抬", "Carried by hand"),
    ("crane", "吊车", "Crane"),
)
BEARINGS = f.options(("sliding", "滑动轴承", "Sliding"), ("rolling", "滚动轴承", "Rolling"))
TOOL = {
    "name": f.text("工具", "Tool", 20, required=True),
    "count": f.integer("数量", "Count", "件", 1, 999, required=True),
    "owner": f.choice("归属", "Owner", OWNERS),
}

HEAT = "air_temp_c heat_exception heat_leader heat_reason rest_plan drinks first_aid"
CHECKS = "outage_permit voltage_tested earthed watcher_named felling_set road_guarded"
SHOWN = {
    "canal_desilt": f"length_m width_m depth_m volume_m3 spoil_place {HEAT}",
    "canal_weed": f"length_m both_sides area_m2 {HEAT}",
    "bank_clean": f"weight_kg bags length_m {HEAT}",
    "salvage": "weight_t boat boat_ref boat_trips boat_hours volume_m3 area_m2 life_jackets"
    f" {HEAT}",
    "pump_check": "unit_no motor_kv insulation_mohm bearing temp_c vibration_mms earthing_ohm"
    " checklist",
    "line_patrol": f"kv length_km spans poles defects checklist {HEAT}",
    "line_guard": f"kv sites {HEAT}",
    "line_clear": "kv spans trees area_m2 clearance_before_m clearance_after_m clearance_wind_m"
    f" permit_no watcher {CHECKS} beside_live live_distance_m {HEAT}",
    "pump_overhaul": "units unit_no motor_kv insulation_mohm bearing temp_c vibration_mms"
    " earthing_ohm checklist",
    "pump_platform_desilt": "length_m width_m depth_m volume_m3 area_m2",
    "emergency_repair": f"stone_m3 earth_m3 bags cloth_m2 machine_shifts {HEAT}",
    "heavy_lift": f"load_item load_kg lift_method rope_count lift_height_m {HEAT}",
    "tree_planting": f"trees area_m2 {HEAT}",
}

LINE = 'work_kind == "line_clear"'
CREW = 'work_kind == "salvage"'
CHECKED = "work_kind in [" + ", ".join(f'"{code}"' for code in STRUCTURE_CHECKS) + "]"
LIFT = 'work_kind == "heavy_lift"'
LIVE_KV = min(CLEARANCES, key=float)
LIVE = f"{LINE} && kv in [" + ", ".join(f'"{kv}"' for kv in CLEARANCES) + "]"
LOW_VOLTAGE_KV = 1.0
CREW_LEAST = 2
EXCEPTION = "heat_exception == true"


def check(zh: str, en: str) -> f.Field:
    return f.yes_no(zh, en, needed=LIVE)


class Work(Fields, frozen=True, kw_only=True):
    work_kind: Annotated[str, f.choice("作业", "Work", WORK_KINDS)]

    zone: ZoneOf = None
    place: Place = None
    chainage: Annotated[float | None, f.chainage("起点桩号", "Chainage from")] = None
    chainage_to: Annotated[float | None, f.chainage("终点桩号", "Chainage to")] = None
    bank: Bank = None

    load_item: Annotated[str | None, f.text("吊装物", "Load", 60, needed=LIFT)] = None
    load_kg: Annotated[
        float | None,
        f.number("吊装物重量", "Weight of the load", "kg", 0, 1, 5_000, needed=LIFT),
    ] = None
    lift_method: Annotated[str | None, f.choice("方法", "Method", METHODS, needed=LIFT)] = None
    rope_count: Annotated[int | None, f.integer("绳索", "Ropes", "根", 0, 99)] = None
    lift_height_m: Annotated[float | None, f.metres("起吊高度", "Height of lift", 100)] = None

    kv: Annotated[str | None, f.choice("电压等级", "Voltage", VOLTAGES, needed=LINE)] = None
    length_km: Annotated[float | None, f.number("长", "Length", "km", 2, 0, 1_000)] = None
    spans: Annotated[int | None, f.integer("档数", "Spans", "档", 0, 9_999)] = None
    poles: Annotated[int | None, f.integer("杆塔", "Poles", "基", 0, 9_999)] = None
    defects: Annotated[int | None, f.integer("缺陷", "Defects", "处", 0, 999)] = None
    sites: Annotated[int | None, f.integer("看护点", "Sites guarded", "处", 0, 999)] = None
    trees: Annotated[int | None, f.integer("树木", "Trees", "棵", 0, 100_000)] = None
    clearance_before_m: Annotated[
        float | None,
        f.metres(
            "清理前净距",
            "Clearance before",
            100,
            help="导线到树的最小距离",
            help_en="The least distance from conductor to tree",
        ),
    ] = None
    clearance_after_m: Annotated[float | None, f.metres("清理后净距", "Clearance after", 100)] = (
        None
    )

    clearance_wind_m: Annotated[
        float | None, f.metres("最大风偏净距", "Clearance in the strongest wind", 100)
    ] = None

    weight_t: Annotated[float | None, f.number("重量", "Weight", "t", 3, 0, 1_000)] = None
    weight_kg: Annotated[
        float | None, f.number("垃圾重量", "Weight of rubbish", "kg", 1, 0, 1_000_000)
    ] = None
    boat: Annotated[str | None, f.text("船号", "Boat", 20, once=False)] = None
    boat_ref: Annotated[str | None, f.ref("船只", "Registered boat", "boat", once=False)] = None
    boat_trips: Annotated[int | None, f.integer("出船次数", "Boat trips", "船次", 0, 999)] = None
    boat_hours: Annotated[float | None, f.number("船时", "Boat hours", "h", 1, 0, 999)] = None

    stone_m3: Annotated[float | None, f.number("石料", "Stone", "m3", 1, 0, 1_000_000)] = None
    earth_m3: Annotated[float | None, f.number("土方", "Earth", "m3", 1, 0, 1_000_000)] = None
    bags: Annotated[
        int | None,
        f.integer(
            "袋数",
            "Bags",
            "条",
            0,
            1_000_000,
            help="垃圾袋或编织袋",
            help_en="Rubbish bags or woven bags",
        ),
    ] = None
    cloth_m2: Annotated[float | None, f.number("土工布", "Cloth", "m2", 1, 0, 1_000_000)] = None
    machine_shifts: Annotated[
        float | None,
        f.number(
            "机械台班",
            "Machine shifts",
            "台班",
            2,
            0,
            9_999,
            help="8 小时为 1 台班",
            help_en="8 hours are one machine shift",
        ),
    ] = None

    length_m: Annotated[float | None, f.metres("长", "Length", 100_000)] = None
    width_m: Annotated[float | None, f.metres("平均宽", "Mean width", 1_000)] = None
    depth_m: Annotated[float | None, f.metres("平均深", "Mean depth", 50)] = None
    volume_m3: Annotated[
        float | None,
        f.number(
            "方量",
            "Volume",
            "m3",
            1,
            0,
            1_000_000,
            help="与长×宽×深相差太大时会请您再看一眼",
            help_en="You are asked to look again where it is far from length × width × depth",
        ),
    ] = None
    both_sides: Annotated[bool | None, f.yes_no("两侧都做", "Both sides")] = None
    area_m2: Annotated[
        float | None,
        f.number(
            "面积",
            "Area",
            "m2",
            0,
            0,
            10_000_000,
            help="打捞填水面面积",
            help_en="For a salvage the area of water",
        ),
    ] = None

    units: Annotated[int | None, f.integer("台数", "Units", "台", 0, 99)] = None
    unit_no: Annotated[str | None, f.text("机组号", "Unit number", 20)] = None
    motor_kv: Annotated[
        float | None,
        f.number(
            "电机电压",
            "Motor voltage",
            "kV",
            2,
            0,
            35,
            help="380 V 写 0.38",
            help_en="380 V is 0.38",
        ),
    ] = None
    insulation_mohm: Annotated[
        float | None, f.number("绝缘电阻", "Insulation", "MΩ", 2, 0, 10_000)
    ] = None
    bearing: Annotated[str | None, f.choice("轴承", "Bearing", BEARINGS)] = None
    temp_c: Annotated[
        float | None, f.number("轴承温度", "Bearing temperature", "℃", 1, -20, 200)
    ] = None
    vibration_mms: Annotated[float | None, f.number("振动", "Vibration", "mm/s", 1, 0, 50)] = None
    earthing_ohm: Annotated[
        float | None, f.number("接地电阻", "Earthing resistance", "Ω", 2, 0, 10_000)
    ] = None

    permit_no: Annotated[
        str | None,
        f.text(
            "工作票号",
            "Permit number",
            40,
            needed=LIVE,
            help=f"{LIVE_KV} kV 及以上必填",
            help_en=f"Required from {LIVE_KV} kV",
        ),
    ] = None
    watcher: Annotated[
        str | None,
        f.ref(
            "监护人",
            "Watcher",
            "member",
            needed=LIVE,
            help="不动手，只看护",
            help_en="Watching only, no work",
        ),
    ] = None
    outage_permit: Annotated[bool | None, check("已办停电许可", "Outage permitted")] = None
    voltage_tested: Annotated[bool | None, check("已验电", "Voltage tested")] = None
    earthed: Annotated[bool | None, check("已接地", "Earthed")] = None
    watcher_named: Annotated[bool | None, check("监护人到位", "Watcher in place")] = None
    felling_set: Annotated[bool | None, check("倒树方向已定", "Felling direction set")] = None
    road_guarded: Annotated[bool | None, check("道路有人看守", "Road guarded")] = None
    beside_live: Annotated[
        bool | None,
        f.yes_no(
            "旁边有带电线路",
            "A live line beside",
            help="本线停电，邻近的没停",
            help_en="This line is dead, its neighbour is not",
        ),
    ] = None
    live_distance_m: Annotated[
        float | None, f.metres("人和工具距带电处", "People and tools from live parts", 100)
    ] = None
    life_jackets: Annotated[
        int | None,
        f.integer(
            "救生衣",
            "Life jackets",
            "件",
            0,
            99,
            help="船上每人一件",
            help_en="One for everybody on board",
        ),
    ] = None

    checklist: Annotated[
        list[dict[str, object]] | None, f.checklist("检查项目", "Checklist", WORK_ITEMS)
    ] = None

    people: Annotated[
        int | None,
        f.integer("人数", "People", "人", 1, 999, needed=f"{CREW} || {LIFT}"),
    ] = None
    hours: Annotated[float | None, f.number("工时", "Hours", "h", 1, 0, 24, once=True)] = None

    air_temp_c: Annotated[
        float | None,
        f.number(
            "气温",
            "Air temperature",
            "℃",
            1,
            -30,
            50,
            help=f"{HEAT_STOP_C:g}℃ 以上停止室外作业，抢险除外",
            help_en=f"From {HEAT_STOP_C:g} ℃ no work outdoors, but for an emergency",
            table="heat",
        ),
    ] = None
    heat_exception: Annotated[
        bool | None,
        f.yes_no(
            "抢险例外",
            "Exception for an emergency",
            help="须写明下面五项",
            help_en="The five items below must be written",
        ),
    ] = None
    heat_leader: Annotated[
        str | None, f.text("批准的带班领导", "Leader who allows it", 20, needed=EXCEPTION)
    ] = None
    heat_reason: Annotated[
        str | None, f.text("不能停的原因", "Why it cannot wait", 200, needed=EXCEPTION)
    ] = None
    rest_plan: Annotated[str | None, f.text("轮休安排", "Rest plan", 200, needed=EXCEPTION)] = None
    drinks: Annotated[bool | None, f.yes_no("备有饮水", "Drinks at hand", needed=EXCEPTION)] = None
    first_aid: Annotated[
        bool | None, f.yes_no("备有急救", "First aid at hand", needed=EXCEPTION)
    ] = None

    tools: Annotated[list[dict[str, object]] | None, f.rows("工具", "Tools", TOOL, 12)] = None
    spoil_place: Annotated[str | None, f.text("弃土地点", "Spoil place", 60)] = None
    companions: Annotated[list[str] | None, f.refs("同行", "Companions", "member", 30)] = None
    structure: StructureOf = None
    note: Note = None
    no_photo_reason: NoPhotoReason = None
    correction: Correction = None


GROUPS = {
    "types": "work_kind",
    "place": "zone place chainage chainage_to bank",
    "measures": "load_item load_kg lift_method rope_count lift_height_m kv length_km spans poles"
    " defects sites trees clearance_before_m clearance_after_m clearance_wind_m weight_t weight_kg"
    " boat boat_ref boat_trips boat_hours stone_m3 earth_m3 bags cloth_m2 machine_shifts length_m"
    " width_m depth_m volume_m3 both_sides area_m2 units unit_no motor_kv insulation_mohm bearing"
    " temp_c vibration_mms earthing_ohm",
    "safety": f"permit_no watcher {CHECKS} beside_live live_distance_m life_jackets",
    "checklist": "checklist",
    "crew": "people hours",
    "heat": HEAT,
    "tools": "tools",
    "more": "spoil_place companions structure",
    "note": "note",
    "photos": "no_photo_reason",
    "correction": "correction",
}

DONE = {
    "canal_desilt": "volume_m3",
    "canal_weed": "area_m2",
    "bank_clean": "weight_kg bags",
    "salvage": "weight_t volume_m3",
    "pump_check": "checklist",
    "line_patrol": "length_km checklist",
    "line_guard": "hours",
    "line_clear": "trees area_m2",
    "pump_overhaul": "units checklist",
    "pump_platform_desilt": "volume_m3",
    "emergency_repair": "stone_m3 earth_m3 bags cloth_m2 machine_shifts",
    "heavy_lift": "load_kg",
    "tree_planting": "trees",
}
"""What says how much was done; where there are several, one of them is enough."""


def nothing(name: str) -> str:
    absent, type = f'"{name}" in absent', fields_of(Work)[name].type
    if type == "rows":
        return absent
    return f"({absent} || {name} <= {0 if type == 'integer' else figure(0)})"


def too_close(field: str, limits: dict[str, float]) -> str:
    return " || ".join(f'kv == "{kv}" && {field} < {figure(it)}' for kv, it in limits.items())


NOTHING_DONE = " || ".join(
    f'work_kind == "{code}" && {" && ".join(map(nothing, names.split()))}'
    for code, names in DONE.items()
)


def beyond_trips(field: str, most: float) -> str:
    """More than so many trips bring; one that nobody counted is one."""
    limit = figure(most)
    return (
        f'{field} > {limit} && ("boat_trips" in absent || {field} > {limit} * double(boat_trips))'
    )


LOW_INSULATION = (
    f"motor_kv <= {figure(LOW_VOLTAGE_KV)} && insulation_mohm < {figure(INSULATION_LOW_MOHM)}"
    f" || motor_kv > {figure(LOW_VOLTAGE_KV)}"
    f" && insulation_mohm < {figure(INSULATION_MOHM_PER_KV)} * motor_kv"
)
RULES = (
    volume_rule("length_m", "width_m", "depth_m"),
    Rule(
        code="no_amount",
        effect="ask",
        field="work_kind",
        when=NOTHING_DONE,
        zh="没有填做了多少",
        en="It does not say how much was done",
    ),
    Rule(
        code="hours_short",
        effect="ask",
        field="hours",
        when=f"hours < {figure(WORK_HOURS_LEAST)}",
        zh=f"工时不足 {WORK_HOURS_LEAST:g} 小时",
        en=f"Less than {WORK_HOURS_LEAST:g} h of work",
    ),
    Rule(
        code="heavy_trip",
        effect="ask",
        field="weight_t",
        when=f"{CREW} && {beyond_trips('weight_t', TRIP_T)}",
        zh=f"每船次超过 {TRIP_T:g} 吨，请再看一眼小数点",
        en=f"More than {TRIP_T:g} t a trip: look at the decimal point again",
    ),
    Rule(
        code="long_trip",
        effect="ask",
        field="boat_hours",
        when=f"{CREW} && (hours > {figure(TRIP_HOURS)}"
        f" || {beyond_trips('boat_hours', TRIP_HOURS)})",
        zh=f"每船次超过 {TRIP_HOURS:g} 小时",
        en=f"More than {TRIP_HOURS:g} h a trip",
    ),
    Rule(
        code="crew_of_two",
        effect="block",
        field="people",
        when=f"{CREW} && people < {CREW_LEAST}",
        zh="打捞每船至少两人",
        en="Salvage takes two people to a boat",
    ),
    Rule(
        code="life_jackets_short",
        effect="ask",
        field="life_jackets",
        when=f"{CREW} && life_jackets < people",
        zh="救生衣少于人数",
        en="Fewer life jackets than people",
    ),
    Rule(
        code="heat_stop",
        effect="block",
        field="heat_exception",
        when=f'air_temp_c >= {figure(HEAT_STOP_C)} && ("heat_exception" in absent'
        " || heat_exception == false)",
        zh=f"{HEAT_STOP_C:g}℃ 以上停止室外作业；抢险须写明例外",
        en=f"From {HEAT_STOP_C:g} ℃ no work outdoors; an emergency must be declared",
    ),
    Rule(
        code="heat_hours",
        effect="ask",
        field="hours",
        when=f"air_temp_c >= {figure(HEAT_SHORT_C)} && hours > {figure(HOT_HOURS_MOST)}",
        zh=f"{HEAT_SHORT_C:g}℃ 以上一天作业不超过 {HOT_HOURS_MOST} 小时",
        en=f"From {HEAT_SHORT_C:g} ℃ not more than {HOT_HOURS_MOST} h of work a day",
    ),
    Rule(
        code="heat_care",
        effect="block",
        field="drinks",
        when=f"{EXCEPTION} && (drinks == false || first_aid == false)",
        zh="高温抢险必须备有饮水和急救",
        en="Work in such heat needs drinks and first aid at hand",
    ),
    Rule(
        code="clearance_short",
        effect="ask",
        field="clearance_after_m",
        when=f"{LINE} && ({too_close('clearance_after_m', CLEARANCES)})",
        zh="清理后净距仍小于该电压的要求",
        en="The clearance is still less than this voltage asks for",
    ),
    Rule(
        code="wind_clearance_short",
        effect="ask",
        field="clearance_wind_m",
        when=f"{LINE} && ({too_close('clearance_wind_m', WIND_CLEARANCES)})",
        zh="最大风偏时的净距小于该电压的要求",
        en="In the strongest wind the clearance is less than this voltage asks for",
    ),
    Rule(
        code="live_too_close",
        effect="ask",
        field="live_distance_m",
        when=f'{LINE} && kv == "{LIVE_KV}" && (live_distance_m < {figure(LIVE_M)}'
        f" || beside_live == true && live_distance_m < {figure(BESIDE_LIVE_M)})",
        zh=f"{LIVE_KV} kV 带电处 {LIVE_M:g} 米内不作业，在带电线路旁 {BESIDE_LIVE_M:g} 米内不作业",
        en=f"No work within {LIVE_M:g} m of live {LIVE_KV} kV, nor within {BESIDE_LIVE_M:g} m of"
        " a live line beside",
    ),
    Rule(
        code="line_unsafe",
        effect="ask",
        field="outage_permit",
        when=f"{LIVE} && (outage_permit == false || voltage_tested == false || earthed == false)",
        zh="停电、验电、接地有一项没有做",
        en="The line was not switched off, tested or earthed",
    ),
    Rule(
        code="load_per_person",
        effect="ask",
        field="load_kg",
        when=f'{LIFT} && lift_method == "manual"'
        f" && load_kg > {figure(MANUAL_KG_PER_PERSON)} * double(people)",
        zh=f"人抬每人不超过 {MANUAL_KG_PER_PERSON:g} kg",
        en=f"By hand not more than {MANUAL_KG_PER_PERSON:g} kg a person",
    ),
    Rule(
        code="bearing_hot",
        effect="ask",
        field="temp_c",
        when=f'bearing == "sliding" && temp_c >= {figure(SLIDING_BEARING_C)}'
        f' || bearing == "rolling" && temp_c >= {figure(ROLLING_BEARING_C)}',
        zh="轴承温度到了报警值",
        en="The bearing is as hot as its alarm",
    ),
    Rule(
        code="insulation_low",
        effect="ask",
        field="insulation_mohm",
        when=LOW_INSULATION,
        zh="绝缘电阻低于要求",
        en="The insulation is below what is asked for",
    ),
    Rule(
        code="earthing_high",
        effect="ask",
        field="earthing_ohm",
        when=f"earthing_ohm > {figure(EARTHING_OHM)}",
        zh=f"接地电阻大于 {EARTHING_OHM:g} Ω",
        en=f"The earthing resistance is above {EARTHING_OHM:g} Ω",
    ),
)

SAMPLE = {
    "length_m": 320, "width_m": 1.2, "depth_m": 0.3, "volume_m3": 118, "spoil_place": "渠堤外侧",
    "both_sides": True, "area_m2": 640, "weight_t": 0.85, "weight_kg": 42.5, "bags": 12,
    "boat": "B07", "boat_ref": "00000000000000000000000051", "boat_trips": 3, "boat_hours": 4.5,
    "life_jackets": 2, "kv": "10", "length_km": 3.2, "spans": 6, "poles": 7, "defects": 1,
    "sites": 2, "trees": 9, "clearance_before_m": 1.1, "clearance_after_m": 3.4,
    "clearance_wind_m": 3.2, "beside_live": True, "live_distance_m": 1.2,
    "permit_no": "XT-2022-017", "watcher": "00000000000000000000000012", "outage_permit": True,
    "voltage_tested": True, "earthed": True, "watcher_named": True, "felling_set": True,
    "road_guarded": True, "units": 2, "unit_no": "2", "motor_kv": 0.38, "insulation_mohm": 5,
    "bearing": "rolling", "temp_c": 62, "vibration_mms": 2.8, "earthing_ohm": 3.1,
    "checklist": [
        {"item": "packing", "answer": "ok"},
        {"item": "hoist", "answer": "not_checked"},
    ],
    "stone_m3": 48, "earth_m3": 12, "cloth_m2": 200, "machine_shifts": 6.25,
    "load_item": "旧计量箱", "load_kg": 410, "lift_method": "rope", "rope_count": 2,
    "lift_height_m": 4, "air_temp_c": 33, "heat_exception": True, "heat_leader": "谭泵",
    "heat_reason": "计量箱烧毁，全线停机", "rest_plan": "每 20 分钟换一组", "drinks": True,
    "first_aid": True,
}  # fmt: skip
CREWED: dict[str, dict[str, object]] = {
    "salvage": {"people": 2},
    "line_patrol": {
        "checklist": [
            {"item": "line_poles", "answer": "ok"},
            {"item": "line_trees", "answer": "not_checked"},
        ]
    },
    "line_guard": {"hours": 8},
    "heavy_lift": {"people": 8},
}
LIFTED = {
    "work_kind": "heavy_lift",
    "load_item": "旧计量箱",
    "load_kg": 410,
    "lift_method": "rope",
    "people": 8,
}
CLEARED = {
    "work_kind": "line_clear",
    **{name: SAMPLE[name] for name in f"kv trees permit_no watcher {CHECKS}".split()},
}
EXCEPTED = {name: SAMPLE[name] for name in HEAT.split()} | {"air_temp_c": 41}
SALVAGED = {"work_kind": "salvage", "people": 2, "weight_t": 0.85}
OVERHAULED = {"work_kind": "pump_overhaul", "units": 1}
DESILTED = {"work_kind": "canal_desilt", "length_m": 320, "width_m": 1.2, "depth_m": 0.3}


def without(values: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in values.items() if key != name}


KIND = kind(
    Work,
    "work",
    "作业",
    "Field work",
    "fact",
    title="work_kind",
    groups=GROUPS,
    shown=("work_kind", SHOWN),
    rules=RULES,
    photos=(PhotoNeed(("before", "after"), f'"work_kind" in absent || !({CHECKED})'),),
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
    also=(
        *(
            {
                "work_kind": code,
                **{name: SAMPLE[name] for name in names.split()},
                **CREWED.get(code, {}),
            }
            for code, names in SHOWN.items()
        ),
        {**LIFTED, **EXCEPTED},
        {"work_kind": "line_clear", "kv": "0.4", "trees": 3},
    ),
    wrong=(
        Wrong({"length_m": 320}, "required", "work_kind"),
        Wrong({"work_kind": "digging"}, "unknown_choice", "work_kind"),
        Wrong({"work_kind": "salvage", "people": 2, "weight_t": -1}, "out_of_range", "weight_t"),
        Wrong({"work_kind": "salvage", "people": 2, "weight_t": "0.85"}, "wrong_type", "weight_t"),
        Wrong({"work_kind": "canal_desilt", "hours": 24.5}, "out_of_range", "hours"),
        Wrong({"work_kind": "canal_desilt", "note": "好" * 301}, "too_long", "note"),
        Wrong({"work_kind": "canal_desilt", "tools": [{"count": 2}]}, "required", "tools"),
        Wrong({"work_kind": "pump_overhaul", "units": True}, "wrong_type", "units"),
        Wrong(
            {"work_kind": "pump_overhaul", "checklist": [{"item": "packing", "answer": "fine"}]},
            "unknown_choice",
            "checklist",
        ),
        Wrong(
            {
                "work_kind": "salvage",
                "people": 2,
                "place": {"source": "gps", "lon": 124, "lat": 91},
            },
            "out_of_range",
            "place",
        ),
        Wrong({"work_kind": "salvage", "weight_t": 0.5}, "required", "people"),
        Wrong({"work_kind": "salvage", "people": 1}, "blocked", "people"),
        Wrong({"work_kind": "line_clear", "trees": 9}, "required", "kv"),
        Wrong(without(CLEARED, "permit_no"), "required", "permit_no"),
        Wrong(without(CLEARED, "watcher"), "required", "watcher"),
        Wrong(without(CLEARED, "earthed"), "required", "earthed"),
        Wrong({**LIFTED, "load_kg": 5_001}, "out_of_range", "load_kg"),
        Wrong({**LIFTED, "air_temp_c": 41}, "blocked", "heat_exception"),
        Wrong(
            {**LIFTED, "air_temp_c": HEAT_STOP_C, "heat_exception": False},
            "blocked",
            "heat_exception",
        ),
        Wrong(without({**LIFTED, **EXCEPTED}, "rest_plan"), "required", "rest_plan"),
        Wrong({**LIFTED, **EXCEPTED, "first_aid": False}, "blocked", "drinks"),
    ),
    doubtful=(
        Wrong(
            {**LIFTED, "air_temp_c": HEAT_SHORT_C, "hours": HOT_HOURS_MOST + 0.5},
            "heat_hours",
            "hours",
        ),
        Wrong({**DESILTED, "volume_m3": 250}, "volume_mismatch", "volume_m3"),
        Wrong({**DESILTED, "volume_m3": 92}, "volume_mismatch", "volume_m3"),
        Wrong({**SALVAGED, "life_jackets": 1}, "life_jackets_short", "life_jackets"),
        Wrong({**SALVAGED, "weight_t": 20.001}, "heavy_trip", "weight_t"),
        Wrong({**SALVAGED, "weight_t": 85, "boat_trips": 2}, "heavy_trip", "weight_t"),
        Wrong({**SALVAGED, "boat_hours": 99, "boat_trips": 1}, "long_trip", "boat_hours"),
        Wrong({**SALVAGED, "hours": 24}, "long_trip", "boat_hours"),
        Wrong({"work_kind": "canal_desilt"}, "no_amount", "work_kind"),
        Wrong({"work_kind": "tree_planting", "trees": 0}, "no_amount", "work_kind"),
        Wrong({**DESILTED, "volume_m3": 118, "hours": 0.4}, "hours_short", "hours"),
        Wrong({**CLEARED, "clearance_after_m": 2.9}, "clearance_short", "clearance_after_m"),
        Wrong(
            {**CLEARED, "kv": "110", "clearance_wind_m": 3.4},
            "wind_clearance_short",
            "clearance_wind_m",
        ),
        Wrong({**CLEARED, "live_distance_m": 0.6}, "live_too_close", "live_distance_m"),
        Wrong(
            {**CLEARED, "beside_live": True, "live_distance_m": 0.9},
            "live_too_close",
            "live_distance_m",
        ),
        *(
            Wrong({**CLEARED, name: False}, "line_unsafe", "outage_permit")
            for name in ("outage_permit", "voltage_tested", "earthed")
        ),
        Wrong({**LIFTED, "lift_method": "manual"}, "load_per_person", "load_kg"),
        Wrong(
            {**OVERHAULED, "bearing": "sliding", "temp_c": SLIDING_BEARING_C},
            "bearing_hot",
            "temp_c",
        ),
        Wrong(
            {**OVERHAULED, "motor_kv": 10, "insulation_mohm": 9.5},
            "insulation_low",
            "insulation_mohm",
        ),
        Wrong({**OVERHAULED, "earthing_ohm": 4.1}, "earthing_high", "earthing_ohm"),
    ),
)
