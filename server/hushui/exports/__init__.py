"""What the table shows, as a file: xlsx, CSV, GeoJSON, GPX. Values in, bytes out.

Every writer goes through the rows once and keeps none, so a file of 200,000 rows costs no more
memory than one of ten.
"""

from collections.abc import Callable, Iterable
from typing import BinaryIO, Final

from msgspec import Struct

from hushui.domain.cells import Row
from hushui.exports import commas, geojson, gpx, sheets
from hushui.exports.table import Table

Write = Callable[[Table, Iterable[Row], BinaryIO], None]


class Format(Struct, frozen=True):
    """``kinds``: those it can show; None = all."""

    media: str
    write: Write
    kinds: frozenset[str] | None = None


FORMATS: Final[dict[str, Format]] = {
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheets.write
    ),
    "csv": Format("text/csv", commas.write),
    "geojson": Format("application/geo+json", geojson.write),
    "gpx": Format("application/gpx+xml", gpx.write, frozenset({gpx.KIND})),
}
