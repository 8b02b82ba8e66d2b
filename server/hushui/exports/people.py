"""The list of members as a sheet: written for whoever keeps it in Excel, and read back again.

Its columns are the fields of `member`, headed by their labels. Reading trusts nothing: what unpacks
too far, has too many rows or declares entities is refused before a parser sees it.
"""

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import islice
from typing import Any, Final, Literal

from msgspec import Struct
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from hushui.domain.harmless import harmless
from hushui.errors import SheetUnreadable
from hushui.kinds import KINDS
from hushui.kinds.describe import fault_in
from hushui.kinds.fields import Field

FIELDS: Final = KINDS["member"].fields
ROWS: Final = 5_000
COLUMNS: Final = 60
UNPACKED: Final = 32 * 1_048_576
PARTS: Final = 200
CHINA: Final = timedelta(hours=8)
"""Days are China's."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
BETWEEN: Final = "、"
APART: Final = re.compile(r"[、,，;；/|\n]+")
DAY: Final = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
DAMAGED: Final = ("不是 xlsx 表格，或已损坏", "It is no xlsx sheet, or damaged")
DECLARES: Final = (b"<!doctype", b"<!entity")

Names = Mapping[str, str]
"""id → the name by which a sheet knows it."""
Known = Mapping[str, Mapping[str, Sequence[str]]]
"""kind → name → ids: two may have one name."""
Fault = Literal[
    "required", "too_long", "wrong_type", "unknown_choice", "out_of_range", "unknown_name",
    "ambiguous_name",
]  # fmt: skip


class Trouble(Struct, frozen=True):
    """What is wrong in a cell; ``value`` as it stands there."""

    field: str
    code: str
    value: str


class Row(Struct, frozen=True):
    """``row`` counts as the sheet does. ``said``: its cells as they stand there; ``values``: what
    they mean, null for an empty one."""

    row: int
    said: dict[str, str]
    values: dict[str, Any]
    wrong: tuple[Trouble, ...]


class Sheet(Struct, frozen=True):
    """``ignored``: headers that no field has."""

    rows: tuple[Row, ...]
    ignored: tuple[str, ...]


# out ---------------------------------------------------------------------------------------------
def write(members: Iterable[Mapping[str, Any]], names: Names) -> bytes:
    """One row for each member's fields, in the order given; without any, the empty sheet."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = KINDS["member"].zh
    for column, field in enumerate(FIELDS.values(), 1):
        _head(sheet, column, field)
    for row, fields in enumerate(members, 2):
        for column, (name, field) in enumerate(FIELDS.items(), 1):
            _fill(sheet.cell(row, column), field, fields.get(name), names)
    sheet.freeze_panes = "C2"
    _explain(book.create_sheet("填写说明"))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, column: int, field: Field) -> None:
    cell = sheet.cell(1, column, field.zh)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DCE9F2")
    letter = get_column_letter(column)
    sheet.column_dimensions[letter].width = WIDTHS.get(field.type, 14)
    for row in range(2, 302):
        sheet.cell(row, column).number_format = "yyyy-mm-dd" if field.type == "time" else "@"
    if field.type == "choice":
        words = ",".join(choice.zh for choice in field.choices)
        allowed = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
        sheet.add_data_validation(allowed)
        allowed.add(f"{letter}2:{letter}{ROWS}")


WIDTHS: Final = {"choices": 26, "ref": 16, "time": 13}


def _fill(cell: Any, field: Field, value: Any, names: Names) -> None:
    if value is None:
        return
    if field.type == "time":
        cell.value = (EPOCH + timedelta(milliseconds=int(value)) + CHINA).date()
        cell.number_format = "yyyy-mm-dd"
        return
    cell.value = words(field, value, names)
    # Whatever it begins with: text, never a formula.
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(vertical="top", wrap_text=field.type == "choices")


def words(field: Field, value: Any, names: Names) -> str:
    """A value as the sheet writes it."""
    match field.type:
        case "choice":
            return _label(field, value)
        case "choices":
            return BETWEEN.join(_label(field, item) for item in value)
        case "ref":
            return text(names.get(str(value), ""))
        case "time":
            return str((EPOCH + timedelta(milliseconds=int(value)) + CHINA).date())
        case _:
            return text(value)


def _label(field: Field, code: object) -> str:
    return next((it.zh for it in field.choices if it.code == code), str(code))


def _explain(sheet: Worksheet) -> None:
    sheet.append(["列", "必填", "怎么填"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for field in FIELDS.values():
        sheet.append([field.zh, "是" if field.required else "", how(field)])
    sheet.append(["", "", "编号相同的算同一个人：有变化的改，没有的添。选填的格子空着，就是去掉。"])
    for letter, width in (("A", 14), ("B", 6), ("C", 90)):
        sheet.column_dimensions[letter].width = width


def how(field: Field) -> str:
    """What a cell of its column takes, in Chinese."""
    match field.type:
        case "choice":
            said = f"填一个：{BETWEEN.join(it.zh for it in field.choices)}"
        case "choices":
            said = f"可填几个，用顿号隔开：{BETWEEN.join(it.zh for it in field.choices)}"
        case "ref":
            said = "填名称，系统里要先有"
        case "time":
            said = "年-月-日，如 2022-07-08"
        case _:
            said = f"至多 {field.length} 个字"
    return "。".join(filter(None, (said, field.help)))


# in ----------------------------------------------------------------------------------------------
def read(data: bytes, known: Known) -> Sheet:
    """Raises SheetUnreadable where it is no such sheet at all."""
    demand_tame(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        first = book.worksheets[0]
        first.reset_dimensions()
        found = list(islice(first.iter_rows(max_col=COLUMNS, values_only=True), ROWS + 2))
    except SheetUnreadable:
        raise
    except Exception as error:  # whatever the library trips over, the sheet is the cause
        raise SheetUnreadable(*DAMAGED) from error
    if len(found) > ROWS + 1:
        raise SheetUnreadable(f"一次最多 {ROWS} 行", f"{ROWS} rows at most at a time")
    if not found:
        raise SheetUnreadable("是张空表", "The sheet is empty")
    columns, ignored = headers([text(cell) for cell in found[0]])
    rows = (_row(number, cells, columns, known) for number, cells in enumerate(found[1:], 2))
    return Sheet(tuple(row for row in rows if row is not None), ignored)


def demand_tame(data: bytes) -> None:
    """A zip whose parts stay small when unpacked, and whose XML declares nothing."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
                raise SheetUnreadable("展开后太大", "It unpacks too far")
            # Each is read no further than the size it has said.
            contents = (packed.read(part).replace(b"\0", b"").lower() for part in parts)
            if any(sign in content for content in contents for sign in DECLARES):
                raise SheetUnreadable(*DAMAGED)
    except SheetUnreadable:
        raise
    except Exception as error:
        raise SheetUnreadable(*DAMAGED) from error


def headers(cells: Sequence[str]) -> tuple[dict[int, str], tuple[str, ...]]:
    """(column → field, headers that no field has)."""
    labels = {label(it): name for name, field in FIELDS.items() for it in (field.zh, field.en)}
    columns: dict[int, str] = {}
    ignored: list[str] = []
    for at, cell in enumerate(cells):
        name = labels.get(label(cell))
        if name is not None and name in columns.values():
            raise SheetUnreadable(f"“{cell}”有两列", f"Two columns are headed {cell}")
        if name is not None:
            columns[at] = name
        elif cell:
            ignored.append(cell)
    for must in ("code", "name"):
        if must not in columns.values():
            field = FIELDS[must]
            raise SheetUnreadable(f"没有“{field.zh}”这一列", f"There is no column {field.en}")
    return columns, tuple(ignored)


def label(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().strip("*").casefold()


def text(cell: Any) -> str:
    """A cell as a person reads it: 13900000011 is no 1.39e10."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return harmless(str(cell)).replace("\r\n", "\n").replace("\r", "\n").strip()


def _row(number: int, cells: Sequence[Any], columns: Mapping[int, str], known: Known) -> Row | None:
    said = {name: text(cells[at]) for at, name in columns.items() if at < len(cells)}
    if not any(said.values()):
        return None
    values: dict[str, Any] = {}
    wrong: list[Trouble] = []
    for name, cell in said.items():
        value, fault = value_of(FIELDS[name], cell, known)
        values[name] = value
        if fault is not None:
            wrong.append(Trouble(name, fault, cell))
    return Row(number, said, values, tuple(wrong))


def value_of(field: Field, cell: str, known: Known) -> tuple[Any, str | None]:
    """(what the cell means, what is wrong with it). An empty one of a field that must stand is
    `required`."""
    if cell == "":
        return None, "required" if field.required else None
    value, fault = READERS[field.type](field, cell, known)
    return (value, fault) if fault else (value, fault_in(field, value))


def _read_text(field: Field, cell: str, known: Known) -> tuple[Any, str | None]:
    return cell, None


def _read_choice(field: Field, cell: str, known: Known) -> tuple[Any, str | None]:
    code = _code(field, cell)
    return code, None if code else "unknown_choice"


def _read_choices(field: Field, cell: str, known: Known) -> tuple[Any, str | None]:
    codes = [_code(field, word) for word in _words(cell)]
    found = list(dict.fromkeys(code for code in codes if code))
    return found, "unknown_choice" if None in codes else None


def _read_ref(field: Field, cell: str, known: Known) -> tuple[Any, str | None]:
    ids = known.get(field.kind or "", {}).get(cell, ())
    if len(ids) == 1:
        return ids[0], None
    return None, "ambiguous_name" if ids else "unknown_name"


def _read_time(field: Field, cell: str, known: Known) -> tuple[Any, str | None]:
    found = DAY.fullmatch(unicodedata.normalize("NFKC", cell))
    try:
        year, month, day = map(int, found.groups()) if found else (0, 0, 0)
        at = datetime(year, month, day, tzinfo=UTC) - CHINA
    except ValueError:
        return None, "wrong_type"
    return int((at - EPOCH) / timedelta(milliseconds=1)), None


def _code(field: Field, word: str) -> str | None:
    wanted = label(word)
    names = ((it, name) for it in field.choices for name in (it.zh, it.en, it.code))
    return next((it.code for it, name in names if label(name) == wanted), None)


def _words(cell: str) -> Iterator[str]:
    return (word.strip() for word in APART.split(cell) if word.strip())


READERS: Final[Mapping[str, Callable[[Field, str, Known], tuple[Any, str | None]]]] = {
    "text": _read_text,
    "choice": _read_choice,
    "choices": _read_choices,
    "ref": _read_ref,
    "time": _read_time,
}
