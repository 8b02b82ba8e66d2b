"""One round through a zone 巡查. Track segments and visits are added to it while it runs."""

from typing import Annotated

from msgspec import field

from hushui.kinds import fields as f
from hushui.kinds.checklists import PATROL_ITEMS
from hushui.kinds.fields import Geo
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.rule import Rule, figure
from hushui.kinds.shared import Correction, Weather, ZoneOf
from hushui.kinds.tables import (
    BOAT_KMH,
    COVERED_LEAST,
    PATROL_HOURS_MOST,
    PATROL_MINUTES_LEAST,
    WALK_KMH,
)

GAPS = f.options(
    ("screen_off", "熄屏", "Screen off"),
    ("no_fix", "没有定位", "No position"),
    ("paused", "暂停", "Paused"),
    ("no_consent", "未同意记录位置", "Location not agreed"),
)
RESULTS = f.options(
    ("normal", "正常", "Normal"),
    ("abnormal", "异常", "Abnormal"),
    ("withdrawn", "撤销", "Withdrawn"),
)
"""A visit is never taken away: a later one of the same point withdraws it."""

PROOFS = f.options(
    ("tap", "点按", "By tap"),
    ("code", "扫码", "By code"),
    ("typed", "手输编号", "Code typed in"),
)
"""Whoever scanned the label stood at it; the others say so."""

STRIPS = f.options(
    ("crest", "堤顶", "Crest"),
    ("waterside_slope", "迎水坡", "Waterside slope"),
    ("landside_slope", "背水坡", "Landside slope"),
    ("toe", "堤脚", "Toe"),
)
"""What of a dike is walked side by side, with the codes of positions: a group walks several at a
time."""

WAYS = f.options(
    ("foot", "步行", "On foot"), ("boat", "乘船", "By boat"), ("vehicle", "骑车乘车", "By vehicle")
)


def share_of(zh: str, en: str) -> f.Field:
    help = {"help": "手机按轨迹算", "help_en": "The phone works it out from the track"}
    return f.integer(zh, en, "%", 0, 100, **help)


class Patrol(Fields, frozen=True, kw_only=True):
    zone: ZoneOf = None
    started: Annotated[int, f.time("开始", "Started")]
    ended: Annotated[int | None, f.time("结束", "Ended")] = None
    distance_m: Annotated[int | None, f.integer("里程", "Distance", "m", 0, 60_000)] = None
    covered: Annotated[int | None, share_of("走到的线路", "Line covered")] = None
    covered_crest: Annotated[int | None, share_of("走到的堤顶", "Crest covered")] = None
    covered_waterside_slope: Annotated[
        int | None, share_of("走到的迎水坡", "Waterside covered")
    ] = None
    covered_landside_slope: Annotated[int | None, share_of("走到的背水坡", "Landside covered")] = (
        None
    )
    covered_toe: Annotated[int | None, share_of("走到的堤脚", "Toe covered")] = None
    signed: Annotated[int | None, f.integer("签到的点", "Points signed at", "处", 0, 999)] = None
    points: Annotated[int | None, f.integer("应签的点", "Points there", "处", 0, 999)] = None
    checklist: Annotated[
        list[dict[str, object]] | None, f.checklist("检查项目", "Checklist", PATROL_ITEMS)
    ] = None
    way: Annotated[
        str | None,
        f.choice("方式", "How", WAYS, help="不填就是步行", help_en="Empty means on foot"),
    ] = None
    weather: Weather = None
    companions: Annotated[list[str] | None, f.refs("同行", "Companions", "member", 11)] = None
    stay_on: Annotated[
        bool | None,
        f.yes_no(
            "坚守岗位",
            "Stayed on post",
            help="险情时段没有离开",
            help_en="Did not leave while there was danger",
        ),
    ] = None
    summary: Annotated[str | None, f.text("小结", "Summary", 300)] = None
    correction: Correction = None


class Segment(Fields, frozen=True, kw_only=True):
    """A sealed piece of the track (a blob), or a gap with its reason."""

    blob: Annotated[str | None, f.sha256("轨迹文件", "Track file")] = None
    from_: Annotated[int, f.time("从", "From")] = field(name="from")
    to: Annotated[int, f.time("到", "To")]
    points: Annotated[int | None, f.integer("点数", "Points", "", 0, 2_000)] = None
    gap: Annotated[str | None, f.choice("缺口原因", "Reason of the gap", GAPS)] = None
    strips: Annotated[list[str] | None, f.several("走的部位", "Strips", STRIPS, 4)] = None


class Visit(Fields, frozen=True, kw_only=True):
    checkpoint: Annotated[str, f.ref("巡查点", "Check-point", "checkpoint")]
    at: Annotated[int, f.time("时间", "Time")]
    point: Annotated[Geo | None, f.geo("位置", "Place")] = None
    result: Annotated[str, f.choice("结果", "Result", RESULTS)]
    by: Annotated[str | None, f.choice("签到方式", "Signed by", PROOFS)] = None
    note: Annotated[str | None, f.text("说明", "Note", 300)] = None


MINUTE_MS, HOUR_MS, METRES_PER_KM = 60_000, 3_600_000, 1_000
LASTED = "ended >= started"


def faster(kmh: float) -> str:
    return (
        f"double(distance_m) * {figure(HOUR_MS)}"
        f" > {figure(kmh * METRES_PER_KM)} * double(ended - started)"
    )


WALKED = {"started": 1_795_500_000_000, "ended": 1_795_504_200_000}
AT_ONCE = {"started": 1_795_500_000_000, "ended": 1_795_500_032_000}

KIND = kind(
    Patrol,
    "patrol",
    "巡查",
    "Patrol",
    "fact",
    happened="started",
    adds={"segment": Segment, "visit": Visit},
    title="zone",
    groups={
        "place": "zone",
        "time": "started ended distance_m covered covered_crest"
        " covered_waterside_slope covered_landside_slope covered_toe signed points",
        "checklist": "checklist",
        "note": "way weather companions stay_on summary",
        "correction": "correction",
    },
    rules=(
        Rule(
            code="ends_before_it_starts",
            effect="ask",
            field="ended",
            when="ended < started",
            zh="结束早于开始，请看看手机的时间",
            en="It ends before it starts: look at the clock of the phone",
        ),
        Rule(
            code="patrol_short",
            effect="ask",
            field="ended",
            when=f"{LASTED} && ended - started < {PATROL_MINUTES_LEAST * MINUTE_MS}",
            zh=f"不到 {PATROL_MINUTES_LEAST} 分钟",
            en=f"It took less than {PATROL_MINUTES_LEAST} minutes",
        ),
        Rule(
            code="patrol_long",
            effect="ask",
            field="ended",
            when=f"ended - started > {PATROL_HOURS_MOST * HOUR_MS}",
            zh=f"超过 {PATROL_HOURS_MOST} 小时",
            en=f"It took more than {PATROL_HOURS_MOST} hours",
        ),
        Rule(
            code="too_fast",
            effect="ask",
            field="distance_m",
            when=f'{LASTED} && (("way" in absent || way == "foot") && {faster(WALK_KMH)}'
            f' || way in ["boat", "vehicle"] && {faster(BOAT_KMH)})',
            zh=f"时速超过 {WALK_KMH:g} 公里（乘船乘车 {BOAT_KMH:g} 公里）",
            en=f"Faster than {WALK_KMH:g} km/h, by boat or vehicle {BOAT_KMH:g} km/h",
        ),
        Rule(
            code="nothing_signed",
            effect="ask",
            field="signed",
            when="points > 0 && signed == 0",
            zh="一个巡查点也没有签到",
            en="Not one check-point was signed at",
        ),
        Rule(
            code="little_covered",
            effect="ask",
            field="covered",
            when=f"covered < {COVERED_LEAST}",
            zh=f"走到的线路不到 {COVERED_LEAST}%",
            en=f"Less than {COVERED_LEAST}% of the line was covered",
        ),
    ),
    valid={
        "zone": "00000000000000000000000031",
        **WALKED,
        "way": "foot",
        "weather": "rain",
        "distance_m": 4200,
        "covered": 96,
        "covered_crest": 96,
        "covered_waterside_slope": 94,
        "covered_landside_slope": 88,
        "covered_toe": 0,
        "signed": 7,
        "points": 8,
    },
    wrong=(
        Wrong({"zone": "00000000000000000000000031"}, "required", "started"),
        Wrong({"started": "07:00"}, "wrong_type", "started"),
        Wrong({"started": 1, "distance_m": 60_001}, "out_of_range", "distance_m"),
        Wrong({"started": 1, "weather": "typhoon"}, "unknown_choice", "weather"),
        Wrong({"started": 1, "companions": ["0" * 26] * 12}, "too_long", "companions"),
        Wrong(
            {"started": 1, "checklist": [{"item": "toe_boils", "answer": "abnormal"}]},
            "required",
            "checklist",
        ),
    ),
    doubtful=(
        Wrong({"started": 2, "ended": 1}, "ends_before_it_starts", "ended"),
        Wrong({**AT_ONCE, "distance_m": 19}, "patrol_short", "ended"),
        Wrong({"started": 1, "ended": 2 + PATROL_HOURS_MOST * HOUR_MS}, "patrol_long", "ended"),
        Wrong({**WALKED, "distance_m": 23_334}, "too_fast", "distance_m"),
        Wrong({**WALKED, "way": "foot", "distance_m": 23_334}, "too_fast", "distance_m"),
        Wrong({**WALKED, "signed": 0, "points": 8}, "nothing_signed", "signed"),
        Wrong({**WALKED, "covered": 6}, "little_covered", "covered"),
    ),
)
