"""The records on a map: RFC 7946, WGS-84, properties under the headers of the table.

The geometry is the record's area, else its line, else its point; of a patrol it is the track, one
line for each unbroken part. A record that says no place has no geometry, and is there all the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, BinaryIO, Final

import msgspec

from hushui.domain.cells import Cell, Row, position, positions
from hushui.domain.track import Track
from hushui.exports import gpx
from hushui.exports.table import Table
from hushui.kinds.columns import Column, header
from hushui_sync.world import Record

SHAPES: Final = {"line", "polygon"}
encode = msgspec.json.Encoder().encode


def write(table: Table, rows: Iterable[Row], out: BinaryIO) -> None:
    """Foreign members say what the file is; GDAL names its layer after ``name``."""
    head = encode({"type": "FeatureCollection", "name": table.kind.zh, "about": dict(table.about)})
    out.write(head[:-1] + b',"features":[')
    for count, row in enumerate(rows):
        out.write((b",\n" if count else b"\n") + encode(feature(table, row)))
    out.write(b"\n]}\n")


def feature(table: Table, row: Row) -> dict[str, Any]:
    pairs = zip(table.columns, table.cells(row), strict=True)
    return {
        "type": "Feature",
        "id": row.record.id,
        "geometry": geometry(table, row.record),
        "properties": {
            header(column): plain(cell) for column, cell in pairs if not is_shape(table, column)
        },
    }


def is_shape(table: Table, column: Column) -> bool:
    return column.field is not None and table.kind.fields[column.field].type in SHAPES


def plain(cell: Cell) -> str | int | float | None:
    return cell.isoformat(timespec="seconds") if isinstance(cell, datetime) else cell


def geometry(table: Table, record: Record) -> dict[str, Any] | None:
    if table.kind.code == gpx.KIND:
        return of_track(table.tracks(record))
    found = {
        field.type: shape
        for name, field in reversed(table.kind.fields.items())
        if field.type in ("polygon", "line", "geo")
        if (shape := OF_TYPE[field.type](record.fields.get(name))) is not None
    }
    return found.get("polygon") or found.get("line") or found.get("geo")


def of_area(value: Any) -> dict[str, Any] | None:
    points = positions(value)
    return {"type": "Polygon", "coordinates": [ring(points)]} if points else None


def of_line(value: Any) -> dict[str, Any] | None:
    """A single point is no line."""
    points = positions(value)
    return {"type": "LineString", "coordinates": points} if points and len(points) > 1 else None


def of_point(value: Any) -> dict[str, Any] | None:
    place = value if isinstance(value, Mapping) else {}
    point = position((place.get("lon"), place.get("lat")))
    return {"type": "Point", "coordinates": point} if point else None


OF_TYPE: Final = {"polygon": of_area, "line": of_line, "geo": of_point}


def of_track(track: Track) -> dict[str, Any] | None:
    """A single fix is no line."""
    lines = [[(fix.lon, fix.lat) for fix in part] for part in track.parts if len(part) > 1]
    return {"type": "MultiLineString", "coordinates": lines} if lines else None


def ring(positions: Sequence[Sequence[float]]) -> list[Sequence[float]]:
    """Closed, and counter-clockwise as the standard wants an outer ring."""
    closed = list(positions)
    if list(closed[0]) != list(closed[-1]):
        closed.append(closed[0])
    doubled = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(closed))
    return closed if doubled >= 0 else closed[::-1]
