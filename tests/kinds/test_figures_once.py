"""No figure of severity, intervals and limits (B2, B6, B8 of the domain) is typed a second time.

Each stands in tables.py, and whatever else needs it takes it from there or from what is generated.
Looked for is the number near words that say what it would be: 75 near `bearing`, 40 near `℃`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from hushui.kinds import generate, tables

ROOT = Path(__file__).parents[2]
ROOMS = ("server/hushui", "sync/py", "sync/ts/src", "pwa/src")
SUFFIXES = {".py", ".ts", ".vue"}
PLACE = "server/hushui/kinds/tables.py"
NUMBER = re.compile(r"(?<![\w.:+-])(\d+(?:_\d+)*(?:\.\d+)?)(?![\d.:])")
NEAR = 40
"""Characters before and after a number in which a word makes it a figure."""
ALLOWED = {
    # What a share is, not a limit.
    ("server/hushui/kinds/hazard.py", "一半写 0.5"),
}


class Figure(Struct, frozen=True):
    """``values`` as tables.py has them; ``words``: one of them stands near the number, or ``unit``
    right behind it."""

    name: str
    values: tuple[float, ...]
    words: str
    unit: str = r"(?!)"


def values_of(code: str, *names: str) -> tuple[float, ...]:
    given = (row.values for row in tables.TABLES[code].rows)
    return tuple(float(values[name]) for values in given for name in names if name in values)


INTERVALS = [
    minutes
    for code in ("patrol_by_gauge", "patrol_by_response", "report_due")
    for minutes in values_of(code, "minutes")
]
FIRST_WORDS = values_of("report_first", "minutes")
SHARES = (tables.SHARE_HIGH, tables.SHARE_LOW)

FIGURES = (
    Figure(
        "volume against its sides",
        tuple(
            by + times * tables.VOLUME_SHARE for by, times in ((0, 1), (0, 100), (1, 1), (1, -1))
        ),
        r"volume_mismatch|VOLUME_|方量|相差|apart\b",
    ),
    Figure("load of a person", (tables.MANUAL_KG_PER_PERSON,), r"人抬|per_person", r"kg\b|公斤"),
    Figure(
        "heat",
        (tables.HEAT_STOP_C, tables.HEAT_SHORT_C, tables.HEAT_ROTATE_C),
        r"air_temp|\bheat|HEAT_|气温|高温",
        r"℃|°C|摄氏",
    ),
    Figure("hours in heat", values_of("heat", "hours_max", "hottest_hours_free"), r"HOT|高温|最热"),
    Figure(
        "clearances",
        (*tables.CLEARANCES.values(), *tables.WIND_CLEARANCES.values()),
        r"clearance|CLEARANCE|净距",
    ),
    Figure("live parts", (tables.LIVE_M, tables.BESIDE_LIVE_M), r"live_dist|beside_live|带电"),
    Figure(
        "salvage",
        (tables.TRIP_T, tables.TRIP_HOURS),
        r"\bTRIP_|per_trip|每船次|weight_t\W+[<>]|boat_hours\W+[<>]",
    ),
    Figure("hours of work", (tables.WORK_HOURS_LEAST,), r"hours_short|WORK_HOURS|工时不足"),
    Figure(
        "rounds",
        (tables.PATROL_MINUTES_LEAST, tables.PATROL_HOURS_MOST, tables.COVERED_LEAST),
        r"patrol_short|patrol_long|little_covered|COVERED|PATROL_|不到线路|一遍",
    ),
    Figure("speeds", (tables.WALK_KMH, tables.BOAT_KMH), r"too_fast|KMH|走得|时速", r"km/h|公里每"),
    Figure(
        "bearings",
        (tables.SLIDING_BEARING_C, tables.ROLLING_BEARING_C),
        r"bearing|BEARING|轴承",
        r"℃|°C|摄氏",
    ),
    Figure(
        "insulation",
        (tables.INSULATION_LOW_MOHM, tables.INSULATION_MOHM_PER_KV),
        r"insulation_mohm\W+[<>]|INSULATION|绝缘电阻",
        r"MΩ|兆欧",
    ),
    Figure("earthing", (tables.EARTHING_OHM,), r"earthing|EARTHING|接地电阻", r"Ω|欧姆"),
    Figure("piping", (tables.PIPE_CM,), r"diameter_cm|孔径|PIPE", r"cm\b|厘米"),
    Figure("slides", (tables.SLIDE_LONG_M, tables.SLIDE_SHORT_M), r"slope_failure|滑坡|SLIDE"),
    Figure("wave cuts", (tables.WAVE_HIGH_M, tables.WAVE_LOW_M), r"wave_cut|浪坎|face_height"),
    Figure("collapse", (*SHARES, *(100 * it for it in SHARES)), r"height_share|堤高|坍塌|collapse"),
    Figure(
        "washed-out walls",
        (tables.WASHOUT_LONG_M, tables.WASHOUT_SHORT_M),
        r"washout|WASHOUT|冲毁|\bscour\b",
    ),
    Figure(
        "rain",
        tuple(mm for grade in tables.RAIN_MM.values() for mm in grade.values()),
        r"rain_24|rain_12|rain_grade|RAIN|暴雨|大雨|中雨|小雨|雨量等级",
    ),
    Figure(
        "intervals",
        (*INTERVALS, *(it / 60 for it in INTERVALS)),
        r"patrol_by|PATROL_BY|巡查间隔|\bresponse_i|级响应|report_due|续报",
    ),
    Figure(
        "first words",
        (*FIRST_WORDS, *(it / 60 for it in FIRST_WORDS if it > 60)),
        r"首报|口报|FIRST_REPORT|CALL_REPORT|report_first|CALL_MS|[cC]all[ _]?[rR]eport|callBefore",
    ),
    Figure(
        "the hour of the daily report",
        (tables.DAILY_REPORT_HOUR, *values_of("report_due", "clock_minutes")),
        r"DAILY_REPORT|clock_minutes|每天\D*报告|daily report",
    ),
    Figure(
        "nights and falling water",
        (
            *(tables.NIGHT_FROM_HOUR, tables.NIGHT_TO_HOUR),
            *(tables.RECESSION_HOURS, tables.RECESSION_LASTS_HOURS),
        ),
        r"NIGHT_|RECESSION|night_from|night_to|after_hours|退水",
    ),
    Figure("limits of events", values_of("event_due", "days"), r"event_due|EVENT_DUE|处理期限"),
    Figure(
        "how bad events are",
        (*tables.OCCUPIED_M2.values(), *tables.MINED_M3.values()),
        r"occupy|OCCUPIED|mining|MINED|乱占|乱采|severity",
    ),
)


class Hit(Struct, frozen=True):
    figure: str
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.figure}: {self.text.strip()}"


def sources(root: Path) -> Iterator[Path]:
    generated = {root / path.relative_to(ROOT) for path in generate.generated()}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            is_test = ".test." in path.name or "node_modules" in path.parts
            if path.suffix in SUFFIXES and not is_test and path not in generated:
                yield path


def hits(root: Path) -> Iterator[Hit]:
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        if name != PLACE:
            yield from hits_in(name, path.read_text(encoding="utf-8"))


def hits_in(name: str, text: str) -> Iterator[Hit]:
    for found in NUMBER.finditer(text):
        value = float(found[1])
        near = re.sub(r"\s+", " ", text[max(0, found.start() - NEAR) : found.end() + NEAR])
        behind = text[found.end() : found.end() + 8].lstrip(" %")
        for figure in FIGURES:
            is_value = any(abs(value - it) < 1e-9 for it in figure.values)
            if is_value and (re.search(figure.words, near) or re.match(figure.unit, behind)):
                number = text.count("\n", 0, found.start()) + 1
                yield Hit(figure.name, name, number, text.splitlines()[number - 1])


def second(root: Path) -> list[str]:
    return [str(hit) for hit in hits(root) if not any(it in hit.text for _, it in ALLOWED)]


def test_no_figure_is_typed_a_second_time() -> None:
    assert second(ROOT) == []


def test_what_is_allowed_still_stands_there() -> None:
    for name, text in ALLOWED:
        assert text in (ROOT / name).read_text(encoding="utf-8")


PLANTED = {
    "volume against its sides": ("pwa/src/forms/x.ts", "const isOff = apart > 0.2"),
    "load of a person": ("pwa/src/text/x.ts", "lift: '每人不超过 50 kg',"),
    "heat": ("server/hushui/domain/x.py", "STOP = 40  # air_temp_c"),
    "hours in heat": ("pwa/src/text/x.ts", "hot: '最热 3 小时不作业',"),
    "clearances": ("pwa/src/pages/x.vue", "const clearance = { 220: 4.5 }"),
    "bearings": (
        "server/hushui/kinds/x.py",
        'f.number(\n    "轴承温度", "Bearing", "℃", 1, 0, 95)',
    ),
    "insulation": ("server/hushui/kinds/x.py", 'when="insulation_mohm < 0.5"'),
    "earthing": ("pwa/src/text/x.ts", "earthing: 'not above 4 Ω',"),
    "piping": ("pwa/src/text/x.ts", "piping: '孔径超过 5 厘米',"),
    "slides": ("sync/ts/src/x.ts", "if (type === 'slope_failure' && length > 50) {}"),
    "wave cuts": ("server/hushui/domain/x.py", "high = face_height_m > 1.5"),
    "collapse": ("pwa/src/text/x.ts", "collapse: 'more than 25 % of the height',"),
    "washed-out walls": ("sync/py/x.py", "WASHOUT = 20"),
    "rain": ("pwa/src/ui/x.vue", "<p>暴雨：50.0–99.9 mm</p>"),
    "intervals": ("pwa/src/app/x.ts", "const every = level === 'response_iii' ? 240 : 720"),
    "first words": ("pwa/src/pages/x.vue", "const CALL_MS = 10 * 60_000"),
    "nights and falling water": ("pwa/src/forms/x.ts", "const night_from_hour = 18"),
    "the hour of the daily report": ("pwa/src/forms/x.ts", "const clock_minutes = 480"),
    "live parts": ("server/hushui/kinds/x.py", "live_distance_m < 0.7"),
    "salvage": ("server/hushui/kinds/x.py", 'when="weight_t > 20.0"'),
    "hours of work": ("pwa/src/text/x.ts", "least: '工时不足 0.5 小时',"),
    "rounds": ("server/hushui/domain/x.py", "PATROL_LEAST = 5"),
    "speeds": ("pwa/src/text/x.ts", "fast: '时速超过 20 公里',"),
    "how bad events are": ("pwa/src/forms/x.ts", "if (area > 5000) severity = 'major'"),
    "limits of events": ("server/hushui/domain/x.py", "# 处理期限\nDAYS = 60"),
}


@pytest.mark.parametrize("figure", FIGURES, ids=lambda it: it.name)
def test_a_figure_typed_again_is_found(figure: Figure, tmp_path: Path) -> None:
    name, text = PLANTED[figure.name]
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert {hit.figure for hit in hits(tmp_path)} == {figure.name}


# ---- inside tables.py ----------------------------------------------------------------------------

TREE = ast.parse((ROOT / PLACE).read_text(encoding="utf-8"))
COUNTS = {0.0, 1.0}
UNITS = {"MINUTES_PER_HOUR", "MINUTES_PER_DAY"}
IN_WORDS = re.compile(r"\d\s*(?:小时|分钟|天|米|厘米|℃|%|h\b|minutes|days?\b|c?m\b)")
NAME_OF_THE_MEASURE = re.compile(r"_\d+h$")


def constants() -> Iterator[ast.Constant]:
    """But for what turns hours into minutes."""
    for statement in TREE.body:
        names = {it.id for it in ast.walk(statement) if isinstance(it, ast.Name)}
        if not (isinstance(statement, ast.Assign) and names <= UNITS):
            yield from (it for it in ast.walk(statement) if isinstance(it, ast.Constant))


def test_every_figure_of_the_tables_is_looked_for() -> None:
    known = {value for figure in FIGURES for value in figure.values} | COUNTS
    typed = {it.value for it in constants() if type(it.value) in (int, float)}
    assert typed - known == set()


def test_the_words_of_a_row_take_their_figures_from_it() -> None:
    texts = [it.value for it in constants() if isinstance(it.value, str)]
    assert any("续报" in text for text in texts)
    typed = [text for text in texts if IN_WORDS.search(NAME_OF_THE_MEASURE.sub("", text))]
    assert typed == []
