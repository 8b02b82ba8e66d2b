"""How a field is described: one frozen value that travels as plain data to phone, form and export.

A kind writes its fields as ``name: Annotated[type, number(...)] = None``. The Python type is what
msgspec parses; the description beside it is what is validated, drawn, translated and printed.
A field without a default is required.
"""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

Type = Literal[
    "text", "number", "integer", "bool", "choice", "choices", "ref", "refs", "time",
    "geo", "polygon", "line", "sha256", "rows",
]  # fmt: skip
Merge = Literal["later", "fixed", "own"]

TIME_MAX = 2**53 - 1
YEAR_1920 = -1_577_952_000_000
"""As the day begins in China; no papers of anybody here are older."""
NAME = r"[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+"
"""Nothing that turns the writing round or rings, and one line."""
CHAINAGE_MAX = 9_999_999.99


class Choice(Struct, frozen=True, omit_defaults=True):
    """``source``: its code in a national database, for exports."""

    code: str
    zh: str
    en: str
    source: str | None = None


class When(Struct, frozen=True):
    """True when ``field`` holds (or, for a list, contains) one of ``any``."""

    field: str
    any: tuple[str, ...]

    def holds(self, fields: Mapping[str, Any]) -> bool:
        value = fields.get(self.field)
        values = value if isinstance(value, list | tuple) else [value]
        return any(item in self.any for item in values)


class Field(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``min``/``max`` bound numbers, ``count_min``/``count_max`` lists, ``length`` characters.

    ``merge``: later = the later effective time wins and the loser is kept; fixed = written once;
    own = each version says its own, the earlier is read there and opens no conflict.
    ``shown``: the field belongs to the form only then. ``needed``: a condition in CEL (rule.py)
    under which it is required. ``group``: the section of the form, by its code in groups.py.
    ``once``: where it is, or is not, of this one time unlike its group. ``table``: whose row, by
    the record's values, the form says beside it.
    """

    type: Type
    zh: str
    en: str
    help: str | None = None
    help_en: str | None = None
    required: bool = False
    group: str | None = None
    unit: str | None = None
    decimals: int | None = None
    min: float | None = None
    max: float | None = None
    length: int | None = None
    pattern: str | None = None
    count_min: int | None = None
    count_max: int | None = None
    choices: tuple[Choice, ...] = ()
    kind: str | None = None
    fields: dict[str, "Field"] | None = None
    merge: Merge = "later"
    shown: When | None = None
    needed: str | None = None
    once: bool | None = None
    table: str | None = None


class Geo(Struct, frozen=True, omit_defaults=True):
    """Where something is: WGS-84 degrees, accuracy in metres, heading in degrees from north.

    ``source`` none says honestly that there is no position; then nothing else is needed.
    """

    source: Literal["gps", "map", "chainage", "none"]
    lon: float | None = None
    lat: float | None = None
    acc: float | None = None
    at: int | None = None
    heading: float | None = None


Position = tuple[float, float]
"""Longitude, latitude in degrees, WGS-84."""


def text(zh: str, en: str, length: int = 100, **more: Any) -> Field:
    return Field(type="text", zh=zh, en=en, length=length, **more)


def name(zh: str, en: str, length: int, **more: Any) -> Field:
    """What something goes by everywhere; only of reference kinds, for no fact is refused for it."""
    return text(zh, en, length, pattern=NAME, **more)


def number(
    zh: str, en: str, unit: str, decimals: int, min: float, max: float, **more: Any
) -> Field:
    return Field(
        type="number", zh=zh, en=en, unit=unit, decimals=decimals, min=min, max=max, **more
    )


def integer(zh: str, en: str, unit: str, min: int, max: int, **more: Any) -> Field:
    return Field(type="integer", zh=zh, en=en, unit=unit, decimals=0, min=min, max=max, **more)


def yes_no(zh: str, en: str, **more: Any) -> Field:
    return Field(type="bool", zh=zh, en=en, **more)


def choice(zh: str, en: str, choices: tuple[Choice, ...], **more: Any) -> Field:
    return Field(type="choice", zh=zh, en=en, choices=choices, **more)


def several(
    zh: str, en: str, choices: tuple[Choice, ...], most: int, least: int = 0, **more: Any
) -> Field:
    return Field(
        type="choices", zh=zh, en=en, choices=choices, count_min=least, count_max=most, **more
    )


def ref(zh: str, en: str, kind: str | None, **more: Any) -> Field:
    """The id of another record; ``kind`` None = of any kind."""
    return Field(type="ref", zh=zh, en=en, kind=kind, **more)


def refs(zh: str, en: str, kind: str | None, most: int, **more: Any) -> Field:
    return Field(type="refs", zh=zh, en=en, kind=kind, count_max=most, **more)


def time(zh: str, en: str, min: int = 0, **more: Any) -> Field:
    """Milliseconds since 1970-01-01 UTC. Any clock is accepted (T01)."""
    return Field(type="time", zh=zh, en=en, min=min, max=TIME_MAX, **more)


def geo(zh: str, en: str, **more: Any) -> Field:
    return Field(type="geo", zh=zh, en=en, **more)


def polygon(zh: str, en: str, **more: Any) -> Field:
    """One ring; repeating the first position at the end is allowed and means nothing."""
    return Field(type="polygon", zh=zh, en=en, count_min=3, count_max=1000, **more)


def line(zh: str, en: str, **more: Any) -> Field:
    return Field(type="line", zh=zh, en=en, count_min=2, count_max=1000, **more)


def sha256(zh: str, en: str, **more: Any) -> Field:
    return Field(type="sha256", zh=zh, en=en, **more)


def rows(zh: str, en: str, fields: dict[str, Field], most: int, **more: Any) -> Field:
    """A short list of groups of fields, written as one value."""
    return Field(type="rows", zh=zh, en=en, fields=fields, count_max=most, **more)


def metres(zh: str, en: str, max: float, decimals: int = 2, **more: Any) -> Field:
    return number(zh, en, "m", decimals, 0, max, **more)


def chainage(zh: str = "桩号", en: str = "Chainage", **more: Any) -> Field:
    return number(zh, en, "m", 2, 0, CHAINAGE_MAX, **more)


def options(*codes: tuple[str, str, str] | tuple[str, str, str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(*code) for code in codes)


ANSWERS = options(
    ("ok", "正常", "In order"),
    ("abnormal", "异常", "Abnormal"),
    ("not_checked", "未检查", "Not checked"),
)


def checklist(zh: str, en: str, items: tuple[Choice, ...], **more: Any) -> Field:
    """One row for each item looked at: its answer, and a word where something was wrong. Its photo
    names it, as ``checklist.toe_boils``; without one there is a word why."""
    row = {
        "item": choice("项目", "Item", items, required=True),
        "answer": choice("结果", "Answer", ANSWERS, required=True),
        "note": text("说明", "Note", 100, needed='answer == "abnormal"'),
        "no_photo": text("没拍照的原因", "Why there is no photo", 60),
    }
    return rows(zh, en, row, len(items), **more)
