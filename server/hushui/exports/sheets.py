"""The table as xlsx.

By XlsxWriter: it is alive (a release this year; openpyxl's last is two years old), its
`constant_memory` writes each row to the disk as it comes, and it needs nothing but Python. Text is
written as text whatever it begins with, so nothing that a person typed is ever a formula.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO, Final
from unicodedata import east_asian_width

from xlsxwriter import Workbook

from hushui.domain.cells import Cell, Row
from hushui.domain.harmless import harmless
from hushui.exports.table import Table
from hushui.kinds.columns import Column

LONGEST: Final = 32_767
"""Characters in a cell, by the format itself."""
CUT: Final = "…（太长，下略）"
TIME_FORMAT: Final = "yyyy-mm-dd hh:mm:ss"
TIME_WIDTH, LEAST_WIDTH, MOST_WIDTH, ABOUT_WIDTH = 20, 9, 48, 90
WIDE: Final = frozenset({"说明", "内容", "处理", "结果", "小结", "原因"})
OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
ABOUT: Final = "说明"


def write(table: Table, rows: Iterable[Row], out: BinaryIO) -> None:
    book = Workbook(out, OPTIONS)
    book.set_properties({"title": table.kind.zh, "created": table.made.replace(tzinfo=None)})
    _records(book, table, rows)
    _about(book, table)
    book.close()


def _records(book: Any, table: Table, rows: Iterable[Row]) -> None:
    sheet = book.add_worksheet(table.kind.zh)
    top = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
    formats = [book.add_format(format_of(column)) for column in table.columns]
    sheet.freeze_panes(1, 1)
    for index, (column, text) in enumerate(zip(table.columns, table.headers(), strict=True)):
        sheet.set_column(index, index, width_of(column, text), formats[index])
    for index, text in enumerate(table.headers()):
        sheet.write_string(0, index, text, top)
    last = 0
    for last, row in enumerate(rows, start=1):
        for index, cell in enumerate(table.cells(row)):
            _put(sheet, last, index, cell, formats[index])
    sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _put(sheet: Any, row: int, index: int, cell: Cell, format: Any) -> None:
    match cell:
        case None:
            return
        case datetime():
            sheet.write_datetime(row, index, cell.replace(tzinfo=None), format)
        case bool() | int() | float():
            sheet.write_number(row, index, cell, format)
        case str():
            sheet.write_string(row, index, in_cell(cell), format)


def _about(book: Any, table: Table) -> None:
    sheet = book.add_worksheet(ABOUT if table.kind.zh != ABOUT else ABOUT + "页")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, ABOUT_WIDTH)
    for index, (what, words) in enumerate(table.about):
        sheet.write_string(index, 0, harmless(what), bold)
        sheet.write_string(index, 1, in_cell(words), wrapped)


def format_of(column: Column) -> dict[str, Any]:
    if column.sort == "time":
        return {"num_format": TIME_FORMAT, "align": "left"}
    if column.sort == "number" and column.decimals is not None:
        return {"num_format": "0." + "0" * column.decimals if column.decimals else "0"}
    return {"num_format": "@"} if column.sort == "text" else {}


def width_of(column: Column, text: str) -> float:
    if column.sort == "time":
        return TIME_WIDTH
    wide = width(text) + 4  # the filter's button
    if column.sort == "text" and any(text.endswith(word) for word in WIDE):
        return MOST_WIDTH
    return max(LEAST_WIDTH, min(wide, MOST_WIDTH))


def width(text: str) -> int:
    """Chinese takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def in_cell(text: str) -> str:
    """A cell knows one sort of line end."""
    return shortened(harmless(text.replace("\r\n", "\n").replace("\r", "\n")))


def shortened(text: str) -> str:
    """Counted as the format counts: characters beyond the first plane are two."""
    if len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    room = LONGEST - len(CUT)
    return text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + CUT
