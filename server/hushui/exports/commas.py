"""The table as CSV: RFC 4180 with a byte order mark, so that every office program reads Chinese.

Text stands in quotes, numbers and times without: whoever reads quoted fields as text keeps the
zeros before a person's number (Excel does not ask; for Excel there is xlsx). A spreadsheet takes
text that begins with one of `LEADS` for a formula: an apostrophe before it says that it is text.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO, Final

from hushui.domain.cells import Cell, Row
from hushui.exports.table import Table

LEADS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TIME: Final = "%Y-%m-%d %H:%M:%S"
MARK: Final = b"\xef\xbb\xbf"


def write(table: Table, rows: Iterable[Row], out: BinaryIO) -> None:
    out.write(MARK + line(table.headers()))
    for row in rows:
        out.write(line(table.cells(row)))


def line(cells: Iterable[Cell]) -> bytes:
    return (",".join(map(said, cells)) + "\r\n").encode("utf-8", "replace")


def said(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.strftime(TIME)
        case bool() | int():
            return str(int(cell))
        case float():
            return f"{Decimal(repr(cell)):f}"
        case str():
            return quoted(neutral(cell))


def neutral(text: str) -> str:
    return f"'{text}" if text.startswith(LEADS) else text


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
