"""The tables of the domain whose figures more than one place needs, each figure once.

What is marked `default` is our habit, not law: an organisation sets its own. Every condition reads
fields by name; a row that asks for what is missing is passed over.
"""

from hushui.kinds.rule import Row, Table, figure

# ---- figures that rules of kinds use --------------------------------------------------------

VOLUME_SHARE = 0.2
"""A volume that differs by more from length × width × depth is asked about (B8)."""
MANUAL_KG_PER_PERSON = 50.0
HEAT_STOP_C = 40.0
HEAT_SHORT_C = 37.0
HEAT_ROTATE_C = 35.0
HOT_HOURS_MOST, HOTTEST_HOURS = 6, 3
CLEARANCES: dict[str, float] = {
    "10": 3.0,
    "35": 4.0,
    "110": 4.0,
    "220": 4.5,
    "330": 5.5,
    "500": 7.0,
}
"""Line voltage kV → metres between wire and tree after clearing, vertical (B8)."""
WIND_CLEARANCES: dict[str, float] = {"35": 3.5, "110": 3.5, "220": 4.0, "330": 5.0, "500": 7.0}
"""The same with the wire blown out as far as it goes."""
LIVE_M, BESIDE_LIVE_M = 0.7, 1.0
"""Nearer than this nobody works at 10 kV that is live, nor beside it (B8)."""
SLIDING_BEARING_C = 75.0
ROLLING_BEARING_C = 95.0
INSULATION_LOW_MOHM = 0.5
INSULATION_MOHM_PER_KV = 1.0
EARTHING_OHM = 4.0
TRIP_T, TRIP_HOURS = 20.0, 12.0
"""What one trip of a salvage boat brings, and how long it is out (C)."""
WORK_HOURS_LEAST = 0.5
PATROL_MINUTES_LEAST, PATROL_HOURS_MOST = 5, 12
WALK_KMH, BOAT_KMH = 20.0, 60.0
COVERED_LEAST = 50
"""Per cent of the zone's line; default."""

# ---- how bad 险情级别 (B2) --------------------------------------------------------------------

MINUTES_PER_HOUR, MINUTES_PER_DAY = 60, 24 * 60
PIPE_CM = 5.0
SLIDE_LONG_M, SLIDE_SHORT_M = 50.0, 20.0
WAVE_HIGH_M, WAVE_LOW_M = 1.5, 0.5
SHARE_HIGH, SHARE_LOW = 0.5, 0.25
WASHOUT_LONG_M, WASHOUT_SHORT_M = 20.0, 5.0


def level(code: str, types: str, when: str, zh: str, en: str) -> Row:
    """``types``: the hazard types it is about, by blanks. Of several types the worst row wins."""
    names = ", ".join(f'"{name}"' for name in types.split())
    about = f"types.exists(it, it in [{names}])"
    return Row(code=code, when=f"{about} && ({when})" if when else about, zh=zh, en=en)


WASHOUTS = "masonry_washout scour"
WALL_AT_RISK = (
    f"open_through || length_m > {figure(WASHOUT_LONG_M)}"
    ' || threat.exists(it, it in ["people", "road", "rail"])'
)

SEVERITY = Table(
    code="severity",
    zh="险情级别建议",
    en="Proposed severity",
    source="the Yellow River commission's grading table, recalled; washed-out walls: default",
    rows=(
        level("extraordinary", "breach dam_break", "", "决口、溃坝", "Breach or dam break"),
        level(
            "major",
            "overtopping leak_hole structure_slide",
            "",
            "漫溢、漏洞、滑动一律重大",
            "Overtopping, leak hole and sliding always are",
        ),
        level("major", "piping", 'water == "turbid"', "管涌出浑水", "Piping with turbid water"),
        level("major", "seepage", 'water == "turbid"', "渗水浑浊", "Turbid seepage"),
        level(
            "major", "contact_scour", 'water == "turbid"', "接触冲刷出浑水", "Turbid contact scour"
        ),
        level(
            "major",
            "slope_failure",
            f"length_m > {figure(SLIDE_LONG_M)}",
            f"滑坡长超过 {SLIDE_LONG_M:g} 米",
            f"Slide longer than {SLIDE_LONG_M:g} m",
        ),
        level(
            "major",
            "collapse",
            f"height_share > {figure(SHARE_HIGH)}",
            "坍塌超过堤高一半",
            "Collapse of more than half the height",
        ),
        level(
            "major",
            "wave_cut",
            f"face_height_m > {figure(WAVE_HIGH_M)}",
            f"浪坎高超过 {WAVE_HIGH_M:g} 米",
            f"Wave-cut face higher than {WAVE_HIGH_M:g} m",
        ),
        level(
            "major",
            "crack",
            'crack_direction == "transverse" && crack_through'
            ' || crack_direction == "longitudinal" && crack_sliding',
            "贯穿的横缝或滑动性纵缝",
            "Transverse and through, or longitudinal and sliding",
        ),
        level("major", "sinkhole", "under_water", "水下陷坑", "Sinkhole under water"),
        level(
            "major",
            WASHOUTS,
            WALL_AT_RISK,
            f"墙体穿透、长超过 {WASHOUT_LONG_M:g} 米，或威胁人员、道路、铁路",
            f"Open through, longer than {WASHOUT_LONG_M:g} m, or people, road or rail at risk",
        ),
        level(
            "larger",
            "piping",
            f'water == "clear" && diameter_cm > {figure(PIPE_CM)}',
            f"管涌清水，孔径超过 {PIPE_CM:g} 厘米",
            f"Piping, clear, wider than {PIPE_CM:g} cm",
        ),
        level(
            "larger",
            "seepage contact_scour",
            'water == "clear" && sand_moving',
            "清水带砂",
            "Clear, with sand moving",
        ),
        level(
            "larger",
            "slope_failure",
            f"length_m >= {figure(SLIDE_SHORT_M)} && length_m <= {figure(SLIDE_LONG_M)}",
            f"滑坡长 {SLIDE_SHORT_M:g}–{SLIDE_LONG_M:g} 米",
            f"Slide of {SLIDE_SHORT_M:g}–{SLIDE_LONG_M:g} m",
        ),
        level(
            "larger",
            "collapse",
            f"height_share >= {figure(SHARE_LOW)} && height_share <= {figure(SHARE_HIGH)}",
            "坍塌占堤高四分之一至一半",
            "Collapse of a quarter to half the height",
        ),
        level(
            "larger",
            "wave_cut",
            f"face_height_m >= {figure(WAVE_LOW_M)} && face_height_m <= {figure(WAVE_HIGH_M)}",
            f"浪坎高 {WAVE_LOW_M:g}–{WAVE_HIGH_M:g} 米",
            f"Wave-cut face of {WAVE_LOW_M:g}–{WAVE_HIGH_M:g} m",
        ),
        level(
            "larger",
            "crack",
            'crack_direction == "transverse" && !crack_through',
            "未贯穿的横缝",
            "Transverse, not through",
        ),
        level(
            "larger",
            "sinkhole",
            "!under_water && tied_to_leak",
            "水上陷坑，与管涌漏洞相连",
            "Above water, tied to piping or a leak",
        ),
        level(
            "larger",
            WASHOUTS,
            f"length_m >= {figure(WASHOUT_SHORT_M)} && length_m <= {figure(WASHOUT_LONG_M)}",
            f"冲毁长 {WASHOUT_SHORT_M:g}–{WASHOUT_LONG_M:g} 米",
            f"Washed out over {WASHOUT_SHORT_M:g}–{WASHOUT_LONG_M:g} m",
        ),
        level(
            "general",
            "piping",
            f'water == "clear" && diameter_cm <= {figure(PIPE_CM)}',
            f"管涌清水，孔径不超过 {PIPE_CM:g} 厘米",
            f"Piping, clear, not wider than {PIPE_CM:g} cm",
        ),
        level(
            "general",
            "seepage contact_scour",
            'water == "clear" && !sand_moving',
            "清水不带砂",
            "Clear, without sand",
        ),
        level(
            "general",
            "slope_failure",
            f"length_m < {figure(SLIDE_SHORT_M)}",
            f"滑坡长不足 {SLIDE_SHORT_M:g} 米",
            f"Slide shorter than {SLIDE_SHORT_M:g} m",
        ),
        level(
            "general",
            "collapse",
            f"height_share < {figure(SHARE_LOW)}",
            "坍塌不足堤高四分之一",
            "Collapse of less than a quarter of the height",
        ),
        level(
            "general",
            "wave_cut",
            f"face_height_m < {figure(WAVE_LOW_M)}",
            f"浪坎高不足 {WAVE_LOW_M:g} 米",
            f"Wave-cut face lower than {WAVE_LOW_M:g} m",
        ),
        level(
            "general",
            "crack",
            'crack_direction == "longitudinal" && !crack_sliding',
            "非滑动性纵缝",
            "Longitudinal, not sliding",
        ),
        level(
            "general",
            "sinkhole",
            "!under_water && !tied_to_leak",
            "水上陷坑",
            "Sinkhole above water",
        ),
        level(
            "general",
            WASHOUTS,
            f"length_m < {figure(WASHOUT_SHORT_M)}",
            f"冲毁长不足 {WASHOUT_SHORT_M:g} 米",
            f"Washed out over less than {WASHOUT_SHORT_M:g} m",
        ),
    ),
)

# ---- water and rain (B4, B6) ----------------------------------------------------------------

GAUGE = Table(
    code="gauge_state",
    zh="水位状态",
    en="State of the water level",
    source="national practice; the thresholds are each station's own",
    rows=(
        Row(code="guarantee", when="z >= z_guarantee", zh="保证水位以上", en="At guarantee level"),
        Row(code="warning", when="z >= z_warning", zh="警戒水位以上", en="At warning level"),
        Row(code="guard", when="z >= z_fortify", zh="设防水位以上", en="At fortification level"),
        Row(code="normal", when="z < z_fortify", zh="设防水位以下", en="Below fortification level"),
    ),
)

RAIN_MM: dict[str, dict[int, float]] = {
    "extreme_storm": {24: 250.0, 12: 140.0},
    "severe_storm": {24: 100.0, 12: 70.0},
    "storm": {24: 50.0, 12: 30.0},
    "heavy": {24: 25.0, 12: 15.0},
    "moderate": {24: 10.0, 12: 5.0},
    "light": {24: 0.1, 12: 0.1},
}
"""Grade → hours → from how much on, the worst first."""
RAIN_WORDS = {
    "extreme_storm": ("特大暴雨", "Extreme rainstorm"),
    "severe_storm": ("大暴雨", "Severe rainstorm"),
    "storm": ("暴雨", "Rainstorm"),
    "heavy": ("大雨", "Heavy rain"),
    "moderate": ("中雨", "Moderate rain"),
    "light": ("小雨", "Light rain"),
}


def rain_grade(code: str, hours: int) -> Table:
    fell, trace = f"rain_{hours}h_mm", figure(RAIN_MM["light"][hours])
    return Table(
        code=code,
        zh=f"{hours} 小时雨量等级",
        en=f"Grade of {hours} h rain",
        source="GB/T 28592-2012",
        rows=(
            *(
                Row(
                    code=grade,
                    when=f"{fell} >= {figure(mm[hours])}",
                    zh=RAIN_WORDS[grade][0],
                    en=RAIN_WORDS[grade][1],
                )
                for grade, mm in RAIN_MM.items()
            ),
            Row(code="trace", when=f"{fell} < {trace}", zh="微量", en="Trace"),
        ),
    )


RAIN = rain_grade("rain_grade", 24)
RAIN_12H = rain_grade("rain_grade_12h", 12)


def every(code: str, when: str, zh: str, en: str, minutes: int) -> Row:
    return Row(code=code, when=when, zh=zh, en=en, values={"minutes": minutes})


def every_hours(
    code: str, when: str, hours: int, zh: str = "每 {} 小时", en: str = "Every {} h"
) -> Row:
    return every(code, when, zh.format(hours), en.format(hours), hours * MINUTES_PER_HOUR)


def every_minutes(
    code: str, when: str, minutes: int, zh: str = "每 {} 分钟", en: str = "Every {} minutes"
) -> Row:
    return every(code, when, zh.format(minutes), en.format(minutes), minutes)


NIGHT_FROM_HOUR, NIGHT_TO_HOUR = 18, 6
"""When it is night to those who patrol, on the clock of the unit; default."""
RECESSION_HOURS, RECESSION_LASTS_HOURS = 4, 48
"""Every so many hours, for so long after the water has left fortification level (B4)."""

PATROL_BY_GAUGE = Table(
    code="patrol_by_gauge",
    zh="按水位的巡查间隔",
    en="Patrol interval by water level",
    source="default",
    rows=(
        every_minutes("guarantee", 'state == "guarantee"', 30),
        Row(
            code="warning_fast",
            when='state == "warning" && (night || rising_fast)',
            zh="夜间或陡涨，每小时",
            en="At night or rising fast, hourly",
            values={
                "minutes": MINUTES_PER_HOUR,
                "night_from_hour": NIGHT_FROM_HOUR,
                "night_to_hour": NIGHT_TO_HOUR,
            },
        ),
        every_hours("warning", 'state == "warning"', 2),
        every_hours("guard", 'state == "guard"', 4),
        Row(
            code="recession",
            when='state == "recession"',
            zh=f"退水 {RECESSION_LASTS_HOURS} 小时内，每 {RECESSION_HOURS} 小时",
            en=f"Within {RECESSION_LASTS_HOURS} h of falling, every {RECESSION_HOURS} h",
            values={
                "minutes": RECESSION_HOURS * MINUTES_PER_HOUR,
                "after_hours": RECESSION_LASTS_HOURS,
            },
        ),
        every("normal", 'state == "normal"', "汛期每天", "Daily in season", MINUTES_PER_DAY),
    ),
)

PATROL_BY_RESPONSE = Table(
    code="patrol_by_response",
    zh="按响应级别的巡查间隔",
    en="Patrol interval by response level",
    source="default",
    rows=(
        every_minutes(
            "response_i", 'level == "response_i"', 30, "Ⅰ级，连续巡查", "Level I, continuous"
        ),
        every_hours(
            "response_ii",
            'level == "response_ii"',
            2,
            "Ⅱ级，每 1–{} 小时",
            "Level II, every 1–{} h",
        ),
        every_hours(
            "response_iii",
            'level == "response_iii"',
            4,
            "Ⅲ级，每 {} 小时",
            "Level III, every {} h",
        ),
        every(
            "response_iv",
            'level == "response_iv"',
            "Ⅳ级，每天两次",
            "Level IV, twice a day",
            MINUTES_PER_DAY // 2,
        ),
    ),
)

# ---- people at work (B8) --------------------------------------------------------------------

HEAT = Table(
    code="heat",
    zh="高温作业",
    en="Work in heat",
    source="安监总安健〔2012〕89号",
    rows=(
        Row(
            code="stop",
            when=f"air_temp_c >= {figure(HEAT_STOP_C)}",
            zh=f"{HEAT_STOP_C:g}℃ 以上停止室外作业",
            en=f"From {HEAT_STOP_C:g} ℃ no work outdoors",
        ),
        Row(
            code="short",
            when=f"air_temp_c >= {figure(HEAT_SHORT_C)}",
            zh=f"全天不超过 {HOT_HOURS_MOST} 小时，最热 {HOTTEST_HOURS} 小时不作业",
            en=f"At most {HOT_HOURS_MOST} h a day, none in the hottest {HOTTEST_HOURS} h",
            values={"hours_max": HOT_HOURS_MOST, "hottest_hours_free": HOTTEST_HOURS},
        ),
        Row(
            code="rotate",
            when=f"air_temp_c >= {figure(HEAT_ROTATE_C)}",
            zh="换班轮休，缩短连续作业，不加班",
            en="Rotate, shorten, no overtime",
        ),
        Row(code="free", when=f"air_temp_c < {figure(HEAT_ROTATE_C)}", zh="正常", en="Normal"),
    ),
)

# ---- when the next word is due (B3, B5) -----------------------------------------------------

DAILY_REPORT_HOUR = 8
"""On the clock of the unit, +08:00."""

REPORT_DUE = Table(
    code="report_due",
    zh="续报间隔",
    en="Interval of follow-up reports",
    source="default",
    rows=(
        every_hours(
            "major",
            'level in ["major", "extraordinary"]',
            2,
            "每 {} 小时续报",
        ),
        every_hours("larger", 'level == "larger"', 6, "每 {} 小时续报"),
        Row(
            code="general",
            when='level == "general"',
            zh=f"每天 {DAILY_REPORT_HOUR:02}:00 续报",
            en=f"Daily at {DAILY_REPORT_HOUR:02}:00",
            values={
                "minutes": MINUTES_PER_DAY,
                "clock_minutes": DAILY_REPORT_HOUR * MINUTES_PER_HOUR,
            },
        ),
    ),
)

REPORT_FIRST = Table(
    code="report_first",
    zh="首次报告时限",
    en="Limit of the first words",
    source="default; a preliminary report of a serious disaster within an hour: national rule",
    rows=(
        every_minutes(
            "call_report",
            'report_kind == "call_report"',
            10,
            "发现后 {} 分钟内口报",
            "By word of mouth within {} minutes of the find",
        ),
        every_minutes(
            "first_report",
            'report_kind == "first_report" && to == "branch"',
            30,
            "{} 分钟内首报到支部",
            "In writing to the branch within {} minutes",
        ),
        every_minutes(
            "first_report",
            'report_kind == "first_report" && to == "bureau"',
            60,
            "{} 分钟内首报到局",
            "In writing to the bureau within {} minutes",
        ),
        every_hours(
            "final_report",
            'report_kind == "final_report"',
            24,
            "排除后 {} 小时内终报",
            "Final report within {} h of the removal",
        ),
    ),
)


def due(code: str, days: int, zh: str = "{} 天", en: str = "{} days") -> Row:
    words = zh.format(days), en.format(days)
    return Row(
        code=code, when=f'class == "{code}"', zh=words[0], en=words[1], values={"days": days}
    )


EVENT_DUE = Table(
    code="event_due",
    zh="事件处理期限",
    en="Limit for handling an event",
    source="default",
    rows=(
        due("mining", 0, "立即制止", "Stop at once"),
        due("floating", 1, en="{} day"),
        due("dump", 7),
        due("facility", 7),
        due("other_violation", 7),
        due("outfall", 15),
        due("occupy", 30),
        due("build", 60),
    ),
)

# ---- how bad an event is (B5) ---------------------------------------------------------------

OCCUPIED_M2 = {"major": 5000.0, "more_serious": 1000.0}
MINED_M3 = {"more_serious": 500.0}


def taken(code: str, class_: str, when: str, zh: str, en: str) -> Row:
    return Row(code=code, when=f'class == "{class_}" && {when}', zh=zh, en=en)


def from_on(class_: str, field: str, unit: str, steps: dict[str, float]) -> tuple[Row, ...]:
    """The steps with the worst first, and what is below all of them."""
    least = min(steps.values())
    word, of = {"occupy": ("占用", "taken"), "mining": ("采挖", "dug")}[class_]
    return (
        *(
            taken(
                *(code, class_, f"{field} >= {figure(value)}"),
                zh=f"{word} {value:g} {unit} 以上",
                en=f"{value:g} {unit} {of} or more",
            )
            for code, value in steps.items()
        ),
        taken(
            *("general", class_, f"{field} < {figure(least)}"),
            zh=f"{word}不足 {least:g} {unit}",
            en=f"Less than {least:g} {unit} {of}",
        ),
    )


EVENT_SEVERITY = Table(
    code="event_severity",
    zh="事件严重程度建议",
    en="Proposed severity of an event",
    source="steps: national practice of 清四乱; what the one step of mining parts: default",
    rows=(
        *from_on("occupy", "area_m2", "m²", OCCUPIED_M2),
        *from_on("mining", "volume_m3", "m³", MINED_M3),
    ),
)

TABLES: dict[str, Table] = {
    table.code: table
    for table in (
        SEVERITY,
        GAUGE,
        RAIN,
        RAIN_12H,
        PATROL_BY_GAUGE,
        PATROL_BY_RESPONSE,
        HEAT,
        REPORT_DUE,
        REPORT_FIRST,
        EVENT_DUE,
        EVENT_SEVERITY,
    )
}
