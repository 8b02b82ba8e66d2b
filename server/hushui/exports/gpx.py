"""Tracks of patrols as GPX 1.1: a `trk` for each patrol, a `trkseg` for each unbroken part of it.
What was not recorded stays a gap; times are UTC, as the format wants."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import BinaryIO, Final
from xml.sax.saxutils import escape

from hushui.domain.cells import Row, moment
from hushui.domain.chainage import Fix
from hushui.domain.days import local
from hushui.domain.harmless import harmless
from hushui.exports.table import Table, said

KIND: Final = "patrol"
HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Hushui" xmlns="http://www.topografix.com/GPX/1/1">
"""
NAMED: Final = ("author", "zone")


def write(table: Table, rows: Iterable[Row], out: BinaryIO) -> None:
    desc = f"<desc>{text(said(table.about))}</desc>"
    about = f"<name>{text(table.kind.zh)}</name>{desc}<time>{utc(table.made)}</time>"
    out.write(f"{HEAD}<metadata>{about}</metadata>\n".encode())
    for row in rows:
        out.write(track(table, row).encode())
    out.write(b"</gpx>\n")


def track(table: Table, row: Row) -> str:
    shown = dict(zip((column.code for column in table.columns), table.cells(row), strict=True))
    begun = moment(row.record.fields.get("started")) or local(row.record.captured)
    words = [str(shown[code]) for code in NAMED if shown.get(code)]
    name = " ".join([*words, begun.strftime("%Y-%m-%d %H:%M")])
    parts = "".join(map(segment, table.tracks(row.record).parts))
    summary = shown.get("fields.summary")
    desc = f"<desc>{text(str(summary))}</desc>" if summary else ""
    return f"<trk><name>{text(name)}</name>{desc}{parts}</trk>\n"


def segment(fixes: Iterable[Fix]) -> str:
    return f"<trkseg>{''.join(map(point, fixes))}</trkseg>\n"


def point(fix: Fix) -> str:
    where = f'lat="{fix.lat:.7f}" lon="{fix.lon:.7f}"'
    return f"<trkpt {where}><time>{utc(local(fix.at))}</time></trkpt>"


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def text(words: str) -> str:
    return escape(harmless(words))
