"""Something on the river that should not be 事件: the 清四乱 classes, outlets, floating matter."""

from typing import Annotated

from msgspec import field

from hushui.kinds import fields as f
from hushui.kinds.fields import When
from hushui.kinds.kind import Fields, PhotoNeed, Wrong, kind
from hushui.kinds.rule import Rule, figure
from hushui.kinds.shared import (
    Bank,
    Chainage,
    Correction,
    NoPhotoReason,
    Note,
    Place,
    StructureOf,
    ZoneOf,
)
from hushui.kinds.tables import MINED_M3, OCCUPIED_M2

CLASSES = f.options(
    ("occupy", "乱占", "Occupation"),
    ("mining", "乱采", "Mining"),
    ("dump", "乱堆", "Dumping"),
    ("build", "乱建", "Building"),
    ("outfall", "排污", "Outfall"),
    ("floating", "漂浮物", "Floating matter"),
    ("facility", "设施损坏", "Damaged facility"),
    ("other_violation", "其他涉水违法", "Other violation"),
)


SEVERITIES = f.options(
    ("general", "一般", "General"),
    ("more_serious", "较严重", "More serious"),
    ("major", "重大", "Major"),
)


class Event(Fields, frozen=True, kw_only=True):
    handled_on_spot: Annotated[
        bool | None,
        f.yes_no(
            "现场已处理",
            "Handled on the spot",
            help="处理前后各一张照片",
            help_en="One photo before and one after",
        ),
    ] = None
    area_m2: Annotated[float | None, f.number("面积", "Area", "m2", 1, 0, 100_000_000)] = None
    volume_m3: Annotated[
        float | None,
        f.number("方量", "Volume", "m3", 1, 0, 10_000_000, shown=When("class", ("mining", "dump"))),
    ] = None
    class_: Annotated[str, f.choice("类别", "Class", CLASSES)] = field(name="class")
    severity: Annotated[
        str | None,
        f.choice(
            "严重程度",
            "Severity",
            SEVERITIES,
            help="说不准可以不选",
            help_en="Leave it open when you are not sure",
        ),
    ] = None
    urgent: Annotated[
        bool | None,
        f.yes_no(
            "紧急",
            "Urgent",
            help="要按紧急时限办",
            help_en="Has to be dealt with within the urgent time limit",
        ),
    ] = None
    zone: ZoneOf = None
    place: Place = None
    chainage: Chainage = None
    bank: Bank = None
    structure: StructureOf = None
    note: Note = None
    no_photo_reason: NoPhotoReason = None
    correction: Correction = None


def below(class_: str, field: str, steps: dict[str, float]) -> str:
    """Called less bad than its size says."""
    codes = [item.code for item in SEVERITIES]
    lower = {code: ", ".join(f'"{it}"' for it in codes[: codes.index(code)]) for code in steps}
    called = (
        f"{field} >= {figure(value)} && severity in [{lower[code]}]"
        for code, value in steps.items()
    )
    return f'class == "{class_}" && ({" || ".join(called)})'


OCCUPIED = {"class": "occupy", "area_m2": 6000}

KIND = kind(
    Event,
    "event",
    "事件",
    "Event",
    "fact",
    closes="verified",
    numbered="year",
    title="class",
    groups={
        "handled": "handled_on_spot",
        "measures": "area_m2 volume_m3",
        "types": "class severity urgent",
        "place": "zone place chainage bank",
        "where": "structure",
        "note": "note",
        "photos": "no_photo_reason",
        "correction": "correction",
    },
    rules=(
        Rule(
            code="severity_low",
            effect="ask",
            field="severity",
            when=f"{below('occupy', 'area_m2', OCCUPIED_M2)}"
            f" || {below('mining', 'volume_m3', MINED_M3)}",
            zh=f"乱占 {OCCUPIED_M2['more_serious']:g} m² 以上是较严重、"
            f"{OCCUPIED_M2['major']:g} m² 以上是重大，"
            f"乱采 {MINED_M3['more_serious']:g} m³ 以上是较严重",
            en=f"Occupation is more serious from {OCCUPIED_M2['more_serious']:g} m² and major from"
            f" {OCCUPIED_M2['major']:g} m², mining more serious from"
            f" {MINED_M3['more_serious']:g} m³",
        ),
    ),
    photos=(
        PhotoNeed(("before", "after"), "handled_on_spot == true"),
        PhotoNeed(("scene",)),
    ),
    valid={"class": "dump", "chainage": 2340, "bank": "right", "area_m2": 35},
    also=(
        *({"class": item.code} for item in CLASSES),
        {**OCCUPIED, "severity": "major"},
    ),
    wrong=(
        Wrong({"area_m2": 35}, "required", "class"),
        Wrong({"class": "noise"}, "unknown_choice", "class"),
        Wrong({"class": None}, "required", "class"),
        Wrong({"class": "dump", "area_m2": -0.1}, "out_of_range", "area_m2"),
        Wrong({"class": "dump", "handled_on_spot": 1}, "wrong_type", "handled_on_spot"),
        Wrong({"class": "dump", "severity": "bad"}, "unknown_choice", "severity"),
        Wrong({"class": "dump", "note": "好" * 301}, "too_long", "note"),
    ),
    doubtful=(
        Wrong({**OCCUPIED, "severity": "more_serious"}, "severity_low", "severity"),
        Wrong({**OCCUPIED, "severity": "general"}, "severity_low", "severity"),
        Wrong(
            {"class": "mining", "volume_m3": MINED_M3["more_serious"], "severity": "general"},
            *("severity_low", "severity"),
        ),
    ),
)
