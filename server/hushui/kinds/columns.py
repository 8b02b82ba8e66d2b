"""Which columns a table of a kind has: the one rule for the office's table and for every export.

First the common columns in the order of `COMMON`: area and 桩号 only where the kind has such a
field, the number where its records have one, the review only of facts, which alone are reviewed.
Then every field of the description in the order of its form, each under its label, its unit in
brackets. A position takes two columns, longitude and latitude in degrees of WGS-84; a shape
(`line`, `polygon`) stands as WKT. Nothing is left out because it is empty. A label that a common
column of the table has already is said together with the kind's name, so that no two headers are
the same.
"""

from typing import Literal

from msgspec import Struct

from hushui.kinds.fields import Field
from hushui.kinds.kind import Kind

Sort = Literal["text", "number", "time"]
Part = Literal["whole", "lon", "lat"]

DEGREE_DECIMALS = 6


class Column(Struct, frozen=True, kw_only=True):
    """``code``: of a field `fields.NAME`, else the code of the common column. ``decimals``: how
    many a number shows; None = as it is."""

    code: str
    zh: str
    en: str
    sort: Sort
    unit: str | None = None
    decimals: int | None = None
    field: str | None = None
    part: Part = "whole"


COMMON: tuple[Column, ...] = (
    Column(code="id", zh="记录号", en="Record", sort="text"),
    Column(code="number", zh="编号", en="Number", sort="text"),
    Column(code="author", zh="记录人", en="Recorded by", sort="text"),
    Column(code="zone", zh="区域", en="Area", sort="text"),
    Column(code="chainage", zh="桩号", en="Chainage", sort="text"),
    Column(code="captured", zh="记录时间", en="Recorded", sort="time"),
    Column(code="received", zh="单位收到", en="Received", sort="time"),
    Column(code="state", zh="审核状态", en="Review", sort="text"),
    Column(code="version", zh="版本", en="Version", sort="number", decimals=0),
)

REVIEWS: dict[str, tuple[str, str]] = {
    "pending": ("待审核", "Waiting"),
    "approved": ("通过", "Approved"),
    "returned": ("退回补正", "Sent back"),
    "rejected": ("不予采用", "Not used"),
}
"""The words of the review states, as the office says them."""
PARTS: tuple[tuple[Part, str, str], ...] = (
    ("lon", "经度", "longitude"),
    ("lat", "纬度", "latitude"),
)


def columns(kind: Kind) -> tuple[Column, ...]:
    shared = (column for column in COMMON if is_of(kind, column.code))
    own = (column for name, field in kind.fields.items() for column in of_field(kind, name, field))
    return (*shared, *own)


def is_of(kind: Kind, code: str) -> bool:
    if code == "state":
        return kind.family == "fact"
    if code == "number":
        return kind.numbered is not None
    return code in kind.fields if code in ("zone", "chainage") else True


def header(column: Column) -> str:
    """``面积（m²）``: what stands over the column, and the name of the property in GeoJSON."""
    return column.zh + (f"（{printed(column.unit)}）" if column.unit else "")


def printed(unit: str) -> str:
    return unit.replace("m2", "m²").replace("m3", "m³")


def of_field(kind: Kind, name: str, field: Field) -> tuple[Column, ...]:
    zh, en = label(kind, field)
    if field.type == "geo":
        return tuple(
            Column(
                code=f"fields.{name}.{part}",
                zh=zh + word,
                en=f"{en}, {word_en}",
                sort="number",
                unit="°",
                decimals=DEGREE_DECIMALS,
                field=name,
                part=part,
            )
            for part, word, word_en in PARTS
        )
    return (
        Column(
            code=f"fields.{name}",
            zh=zh,
            en=en,
            sort=sort_of(field),
            unit=unit_of(field),
            decimals=field.decimals,
            field=name,
        ),
    )


def label(kind: Kind, field: Field) -> tuple[str, str]:
    shared = (column for column in COMMON if is_of(kind, column.code))
    taken = any(column.zh == field.zh and not field.unit for column in shared)
    return (f"{kind.zh}{field.zh}", f"{kind.en}: {field.en}") if taken else (field.zh, field.en)


def sort_of(field: Field) -> Sort:
    if field.type in ("number", "integer"):
        return "number"
    return "time" if field.type == "time" else "text"


def unit_of(field: Field) -> str | None:
    return "WKT" if field.type in ("line", "polygon") else field.unit or None
