"""What stands in a table: the cells of a record under the columns of its kind."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from msgspec import Struct

from hushui.domain.chainage import chainage_text
from hushui.domain.days import local
from hushui.domain.harmless import harmless
from hushui.kinds.columns import REVIEWS, Column
from hushui.kinds.describe import ID
from hushui.kinds.fields import Field
from hushui.kinds.kind import Kind
from hushui_sync.world import Record

Cell: TypeAlias = str | int | float | datetime | None
"""None is an empty cell, and never 0. A time has the zone of Shanghai."""
Naming: TypeAlias = Callable[[str], str]
"""The name of the record with this id."""

JOINED: Final = "、"
ROWS_JOINED: Final = "；"
SHORT: Final = 6
FIRST_YEAR_MS: Final = -2_208_988_800_000
"""The year 1900: no sheet has a day before it."""
LAST_YEAR_MS: Final = 253_370_736_000_000
"""The year 9999: what comes after it is a broken clock, and no calendar shows it."""


class Row(Struct, frozen=True):
    """A record, the state its review left it in, and when the server received it."""

    record: Record
    state: str
    received: int | None


def cells(kind: Kind, columns: Sequence[Column], row: Row, naming: Naming) -> tuple[Cell, ...]:
    return tuple(cell(kind, column, row, naming) for column in columns)


def cell(kind: Kind, column: Column, row: Row, naming: Naming) -> Cell:
    said = cell_as_it_stands(kind, column, row, naming)
    return harmless(said) if isinstance(said, str) else said


def cell_as_it_stands(kind: Kind, column: Column, row: Row, naming: Naming) -> Cell:
    if column.field is None:
        return common(column.code, row, naming)
    value = row.record.fields.get(column.field)
    if column.part != "whole":
        return number(value.get(column.part)) if isinstance(value, Mapping) else None
    return shown(kind.fields[column.field], value, naming)


def common(code: str, row: Row, naming: Naming) -> Cell:
    record = row.record
    match code:
        case "id":
            return short_id(record.id)
        case "number":
            return str(record.number) if record.number else None
        case "author":
            return naming(record.author)
        case "zone":
            return JOINED.join(map(naming, zones_of(record))) or None
        case "chainage":
            return stretch(record.fields)
        case "captured":
            return moment(record.captured)
        case "received":
            return moment(row.received)
        case "state":
            return REVIEWS[row.state][0]
        case "version":
            return record.version
        case _:
            raise AssertionError(code)


def shown(field: Field, value: Any, naming: Naming) -> Cell:
    """What nobody filled is empty; a value of an older description is shown as it was written."""
    if value is None or value == "" or value == [] or value == ():
        return None
    match field.type:
        case "number" | "integer":
            return number(value) if isinstance(value, int | float) else str(value)
        case "time":
            return moment(value) if isinstance(value, int | float) else str(value)
        case "bool":
            return str(value) if not isinstance(value, bool) else "是" if value else "否"
        case "choice":
            return word(field, value)
        case "choices":
            return JOINED.join(word(field, item) for item in listed(value))
        case "ref":
            return named(value, naming)
        case "refs":
            return JOINED.join(named(item, naming) for item in listed(value))
        case "geo":
            return place(value)
        case "line" | "polygon":
            return wkt(field, value)
        case "rows":
            return ROWS_JOINED.join(row_text(field, item, naming) for item in listed(value))
        case _:
            return str(value)


def row_text(field: Field, value: Any, naming: Naming) -> str:
    """``堤脚管涌 异常 冒清水``: the parts in their order, numbers with their units."""
    if not isinstance(value, Mapping):
        return str(value)
    parts = ((part, shown(part, value.get(name), naming)) for name, part in part_of(field))
    return " ".join(part_text(part, cell) for part, cell in parts if cell is not None)


def part_of(field: Field) -> Iterable[tuple[str, Field]]:
    return (field.fields or {}).items()


def part_text(part: Field, cell: Cell) -> str:
    match cell:
        case datetime():
            return cell.strftime("%Y-%m-%d %H:%M")
        case bool() | int() | float():
            return f"{cell:.10g}{part.unit or ''}"
        case _:
            return str(cell)


def number(value: Any) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def moment(value: Any) -> datetime | None:
    known = number(value)
    return (
        local(int(known)) if known is not None and FIRST_YEAR_MS <= known < LAST_YEAR_MS else None
    )


def word(field: Field, code: Any) -> str:
    return next((choice.zh for choice in field.choices if choice.code == code), str(code))


def named(id: Any, naming: Naming) -> str:
    return naming(id) if isinstance(id, str) and ID.fullmatch(id) else str(id)


def listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def place(value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return str(value)
    found = position((value.get("lon"), value.get("lat")))
    if found is not None:
        return f"{found[0]:.6f} {found[1]:.6f}"
    return None if value.get("lon") is None and value.get("lat") is None else str(dict(value))


def position(value: Any) -> tuple[float, float] | None:
    """Longitude and latitude, where two numbers stand."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    lon, lat = map(number, value)
    return None if lon is None or lat is None else (lon, lat)


def positions(value: Any) -> list[tuple[float, float]] | None:
    """None where one of them is none, or there is not any."""
    found = [position(item) for item in listed(value)]
    return [it for it in found if it is not None] if found and None not in found else None


def wkt(field: Field, value: Any) -> str:
    points = positions(value)
    if points is None:
        return str(value)
    if field.type == "polygon" and points[0] != points[-1]:
        points.append(points[0])
    text = ", ".join(f"{lon:.10g} {lat:.10g}" for lon, lat in points)
    return f"POLYGON (({text}))" if field.type == "polygon" else f"LINESTRING ({text})"


def stretch(fields: Mapping[str, Any]) -> str | None:
    """``K3+250``, and for a stretch ``K3+250–K3+400``."""
    ends = (number(fields.get(name)) for name in ("chainage", "chainage_to"))
    return "–".join(chainage_words(end) for end in ends if end is not None) or None


def chainage_words(metres: float) -> str:
    return chainage_text(metres, 0 if metres == round(metres) else 2)


def zones_of(record: Record) -> list[str]:
    """The zone it names, else those it travels in because of what it is about."""
    zone = record.fields.get("zone")
    if isinstance(zone, str):
        return [zone]
    return [scope.removeprefix("zone:") for scope in record.scopes if scope.startswith("zone:")]


def short_id(id: str) -> str:
    """The end is what tells ids of one day apart."""
    return id[-SHORT:]
