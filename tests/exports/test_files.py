"""The files themselves, read by programs that are not ours."""

import csv
import gc
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from openpyxl import load_workbook

from hushui.domain.cells import Cell, Row
from hushui.domain.track import Track
from hushui.exports import FORMATS
from hushui.exports.sheets import CUT, LONGEST
from hushui.kinds import KINDS
from hushui.kinds.columns import columns
from tests.exports.build import KINDS_AND_EXAMPLES, example, row, table, walked, written

HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "=cmd|' /C calc'!A0",
]
GPX = "{http://www.topografix.com/GPX/1/1}"
T0 = 1_795_329_125_000


def sheet_of(data: bytes) -> Any:
    return load_workbook(BytesIO(data))


# xlsx ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("code", "number"), KINDS_AND_EXAMPLES)
def test_a_sheet_holds_every_example_with_the_right_types(code: str, number: int) -> None:
    item = row(code, example(code, number))
    book = sheet_of(written("xlsx", code, [item]))
    assert book.sheetnames == [KINDS[code].zh, "说明"]
    sheet = book.worksheets[0]
    header, (read,) = next(sheet.values), list(sheet.iter_rows(min_row=2))
    assert list(header) == table(code).headers()
    expected = table(code).cells(item)
    for column, cell, wanted in zip(columns(KINDS[code]), read, expected, strict=True):
        assert in_sheet(cell.value) == in_sheet(wanted), column.code
        assert cell.data_type == {"time": "d", "number": "n", "text": "s"}[column.sort] or (
            wanted is None and cell.data_type == "n"
        )
    assert (sheet.freeze_panes, sheet.auto_filter.ref.split(":")[0]) == ("B2", "A1")


def in_sheet(value: Cell) -> Cell:
    """Whole seconds: a day is a number, and its fraction is not exact."""
    if isinstance(value, datetime):
        return round(value.replace(tzinfo=None).timestamp())
    return value


def test_numbers_show_the_decimals_of_their_field() -> None:
    data = written("xlsx", "hazard", [row("hazard", {"types": ["crack"], "length_m": 12.5})])
    sheet = sheet_of(data).worksheets[0]
    shown = {cell.value: sheet.cell(2, cell.column) for cell in sheet[1]}
    assert (shown["长（m）"].value, shown["长（m）"].number_format) == (12.5, "0.00")
    assert shown["记录时间"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert shown["记录时间"].value.replace(microsecond=0) == datetime(2026, 11, 22, 14, 32, 5)
    assert shown["高（m）"].value is None


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_a_formula(text: str) -> None:
    item = row("work", {"work_kind": "salvage", "note": text, "tools": [{"name": text}]})
    book = sheet_of(written("xlsx", "work", [item]))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert text.replace("\r", "\n") in [str(cell.value).replace("\r", "\n") for cell in cells]


def test_what_no_sheet_can_hold_is_said_and_breaks_nothing() -> None:
    notes = ["长" * (LONGEST + 1), "😀" * LONGEST, "a\x00b\x0b\x1f￾c"]
    items = [row("event", {"class": "dump", "note": note}, note[:1]) for note in notes]
    sheet = sheet_of(written("xlsx", "event", items)).worksheets[0]
    at = [cell.value for cell in sheet[1]].index("说明") + 1
    long, wide, odd = (sheet.cell(line, at).value for line in (2, 3, 4))
    assert len(long) == LONGEST
    assert long.endswith(CUT)
    assert wide.endswith(CUT)
    assert set(wide.removesuffix(CUT)) == {"😀"}
    assert (odd[0], odd[2], odd[-1]) == ("a", "b", "c")


def test_an_empty_table_has_its_header_and_its_words() -> None:
    book = sheet_of(written("xlsx", "patrol", []))
    assert [list(values) for values in book.worksheets[0].values] == [table("patrol").headers()]
    assert ("导出人", "张河") in list(book["说明"].values)


# CSV ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("code", "number"), KINDS_AND_EXAMPLES)
def test_csv_comes_back_as_it_was(code: str, number: int) -> None:
    item = row(code, example(code, number))
    data = written("csv", code, [item])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    header, read = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))
    assert header == table(code).headers()
    for column, text, wanted in zip(
        columns(KINDS[code]), read, table(code).cells(item), strict=True
    ):
        match wanted:
            case None:
                assert text == "", column.code
            case datetime():
                assert text == wanted.strftime("%Y-%m-%d %H:%M:%S")
            case str():
                assert text.removeprefix("'") == wanted.removeprefix("'")
            case _:
                assert float(text) == wanted
                assert "e" not in text.lower()


@pytest.mark.parametrize("text", [*HOSTILE, '说"好"，\r\n换行', "a,b;c", "'=1"])
def test_csv_text_is_quoted_and_never_a_formula(text: str) -> None:
    data = written("csv", "event", [row("event", {"class": "dump", "note": text})])
    header, read = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))
    found = read[header.index("说明")]
    assert found == (f"'{text}" if text in HOSTILE else text)


def test_a_negative_number_stays_a_number() -> None:
    data = written("csv", "reading", [row("reading", {"z_m": -0.00001, "flow_m3s": 850.25})])
    header, read = csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))
    assert read[header.index("水位（m）")] == "-0.00001"


# on the map ---------------------------------------------------------------------------------------
def layer(path: Path, data: bytes, name: str | None = None) -> tuple[dict[str, Any], list[Any]]:
    """(what GDAL says of it, geometries as WKB)."""
    path.write_bytes(data)
    meta, _, shapes, _ = pyogrio.raw.read(path, layer=name)
    return meta, list(shapes)


@pytest.mark.parametrize("code", KINDS)
def test_geojson_is_read_by_gdal_with_chinese_names(code: str, tmp_path: Path) -> None:
    items = [row(code, example(code, n), str(n)) for n in range(1 + len(KINDS[code].also))]
    data = written("geojson", code, items)
    meta, shapes = layer(tmp_path / "file.geojson", data)
    assert pyogrio.list_layers(tmp_path / "file.geojson")[0][0] == KINDS[code].zh
    assert len(shapes) == len(items)
    properties = json.loads(data)["features"][0]["properties"]
    assert set(properties) <= set(meta["fields"])
    assert properties["记录人"] == "张河"
    assert {name for name in table(code).headers() if "WKT" not in name} == set(properties)


def test_shapes_are_those_of_the_standard() -> None:
    clockwise = [[0, 0], [0, 1], [1, 1], [1, 0]]
    line = [[0, 0], [1, 1]]
    zone = json.loads(
        written("geojson", "zone", [row("zone", {"polygon": clockwise, "line": line})])
    )
    shape = zone["features"][0]["geometry"]
    assert shape == {
        "type": "Polygon",
        "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]],
    }
    place = {"source": "gps", "lon": 124.3, "lat": 43.1}
    items = [row("event", {"class": "dump", "place": it}) for it in (place, {"source": "none"})]
    shapes = [it["geometry"] for it in json.loads(written("geojson", "event", items))["features"]]
    assert shapes == [{"type": "Point", "coordinates": [124.3, 43.1]}, None]


TRACK = Track(
    (
        walked((124.3, 43.1, T0), (124.3001, 43.1, T0 + 20_000)),
        walked((124.31, 43.1, T0 + 600_000), (124.3101, 43.1, T0 + 620_000)),
        walked((124.32, 43.1, T0 + 900_000)),
    )
)


def test_a_track_is_a_line_for_each_unbroken_part(tmp_path: Path) -> None:
    data = written("geojson", "patrol", [row("patrol", example("patrol"))], TRACK)
    shape = json.loads(data)["features"][0]["geometry"]
    assert shape["type"] == "MultiLineString"
    assert [len(part) for part in shape["coordinates"]] == [2, 2]


def test_gpx_has_time_and_a_segment_for_each_part(tmp_path: Path) -> None:
    fields = {**example("patrol"), "summary": "<巡完> & \x00"}
    data = written("gpx", "patrol", [row("patrol", fields), row("patrol", fields, "b")], TRACK)
    root = ET.fromstring(data)
    segments = root.findall(f"{GPX}trk/{GPX}trkseg")
    assert [len(part) for part in segments] == [2, 2, 1] * 2
    times = [time.text for time in root.iter(f"{GPX}time")]
    assert times[:2] == ["2026-11-22T06:32:05.000Z"] * 2
    path = tmp_path / "file.gpx"
    meta, tracks = layer(path, data, "tracks")
    assert len(tracks) == 2
    _, points = layer(path, data, "track_points")
    assert len(points) == 10
    names = pyogrio.raw.read(path, layer="tracks")[3][list(meta["fields"]).index("name")]
    assert names[0].startswith("张河 ")


def test_only_what_was_walked_has_tracks() -> None:
    assert FORMATS["gpx"].kinds == frozenset({"patrol"})


@pytest.mark.parametrize("format", FORMATS)
def test_no_row_is_kept(format: str) -> None:
    alive: list[int] = []

    def rows() -> Iterator[Row]:
        for number in range(50):
            yield row("patrol", example("patrol"), str(number))
            alive.append(sum(type(it) is Row for it in gc.get_objects()))

    written(format, "patrol", rows())
    assert len(alive) == 50
    assert max(alive) <= 3
