"""Tables to write, from the examples of the kinds."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from hushui.domain.cells import Row, short_id
from hushui.domain.chainage import Fix
from hushui.domain.days import SHANGHAI
from hushui.domain.track import Track
from hushui.exports import FORMATS
from hushui.exports.table import Table
from hushui.kinds import KINDS
from hushui.kinds.columns import columns
from hushui_sync.world import Record
from tests.support import ids

MADE = datetime(2026, 11, 22, 14, 32, 5, tzinfo=SHANGHAI)
CAPTURED = 1_795_329_125_250
"""2026-11-22 14:32:05.250 in Shanghai."""
NAMES = {ids.make("zhang"): "张河", ids.make("zone"): "南河中段"}
KINDS_AND_EXAMPLES = [
    (code, number)
    for code, kind in KINDS.items()
    for number in range(len((kind.valid, *kind.also)))
]


def example(code: str, number: int = 0) -> dict[str, Any]:
    return (KINDS[code].valid, *KINDS[code].also)[number]


def record(kind: str, fields: Mapping[str, Any], name: str = "a", **more: Any) -> Record:
    given: dict[str, Any] = {
        "id": ids.make(name),
        "org": ids.make("org"),
        "kind": kind,
        "fields": dict(fields),
        "stamps": {},
        "adds": (),
        "deleted": False,
        "version": 1,
        "author": ids.make("zhang"),
        "device": ids.make("phone"),
        "captured": CAPTURED,
        "flags": (),
        "conflicts": (),
        "review": None,
        "subject": None,
        "scopes": (f"zone:{ids.make('zone')}",),
        "rev": "e:1",
        **more,
    }
    return Record(**given)


def row(kind: str, fields: Mapping[str, Any], name: str = "a", **more: Any) -> Row:
    return Row(record(kind, fields, name, **more), "pending", CAPTURED)


def naming(id: str) -> str:
    return NAMES.get(id, short_id(id))


def table(kind: str, track: Track | None = None) -> Table:
    return Table(
        kind=KINDS[kind],
        columns=columns(KINDS[kind]),
        about=(("导出人", "张河"), ("筛选", '=HYPERLINK("x")')),
        made=MADE,
        naming=naming,
        tracks=lambda _: track or Track(()),
    )


def written(format: str, kind: str, rows: Iterable[Row], track: Track | None = None) -> bytes:
    out = BytesIO()
    FORMATS[format].write(table(kind, track), rows, out)
    return out.getvalue()


def walked(*spots: tuple[float, float, int]) -> tuple[Fix, ...]:
    return tuple(Fix(lon, lat, 5, at) for lon, lat, at in spots)
