"""Every export opened by LibreOffice: the sheets come back with the same values and types, the CSV
with the same text, and nothing that somebody typed has become a formula."""

import csv
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import load_workbook

from hushui.domain.cells import Row
from hushui.kinds import KINDS
from tests.exports.build import example, row, written

LIMIT_S = 600
CSV_IN = "CSV:44,34,76,1,,0,true,false"
"""Commas, double quotes, UTF-8, from the first line, quoted is text, numbers but no dates."""
CSV_OUT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
HOSTILE = (
    '=HYPERLINK("http://x","点")',
    "+1+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    '"引号"，\n行',
)


def run() -> tuple[int, int, str]:
    """(kinds that held, kinds that did not, which). Without LibreOffice everything has failed."""
    office = shutil.which("soffice")
    if office is None:
        return 0, len(KINDS), "LibreOffice is missing: bash .ci/system office"
    with TemporaryDirectory(prefix="hushui-exports-") as folder:
        faults = dict(checked(Path(folder), office))
    for kind, fault in faults.items():
        print(f"{kind}: {fault or 'holds'}", flush=True)
    failed = [f"{kind} {fault}" for kind, fault in faults.items() if fault]
    said = "every kind's examples through LibreOffice, xlsx and CSV; " + (
        "; ".join(failed) or "held"
    )
    return len(faults) - len(failed), len(failed), said


def checked(folder: Path, office: str) -> Iterator[tuple[str, str | None]]:
    made, back = folder / "made", folder / "back"
    for place in (made / "xlsx", made / "csv", back / "xlsx", back / "csv"):
        place.mkdir(parents=True)
    for kind in KINDS:
        for format in ("xlsx", "csv"):
            data = written(format, kind, examples(kind))
            (made / format / f"{kind}.{format}").write_bytes(data)
    convert(office, folder, made / "xlsx", back / "xlsx", "xlsx:Calc MS Excel 2007 XML")
    convert(office, folder, made / "csv", back / "csv", CSV_OUT, f"--infilter={CSV_IN}")
    for kind in KINDS:
        yield (
            kind,
            first_fault(
                (made / "xlsx" / f"{kind}.xlsx", back / "xlsx" / f"{kind}.xlsx", sheet),
                (made / "csv" / f"{kind}.csv", back / "csv" / f"{kind}.csv", lines),
            ),
        )


def examples(kind: str) -> list[Row]:
    """The valid ones, and one for each thing that a spreadsheet might take for a formula."""
    known = KINDS[kind]
    rows = [row(kind, example(kind, n), str(n)) for n in range(1 + len(known.also))]
    texts = [name for name, field in known.fields.items() if field.type == "text"]
    for text in HOSTILE:
        rows.append(row(kind, {**known.valid, **dict.fromkeys(texts, text)}, text))
    return rows


def convert(office: str, folder: Path, made: Path, out: Path, to: str, *more: str) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = sorted(map(str, made.iterdir()))
    command = [
        office,
        profile,
        "--headless",
        *more,
        "--convert-to",
        to,
        "--outdir",
        str(out),
        *files,
    ]
    subprocess.run(command, check=True, timeout=LIMIT_S, stdout=subprocess.DEVNULL)


def first_fault(*pairs: tuple[Path, Path, Callable[[Path], list[list[Any]]]]) -> str | None:
    for made, back, read in pairs:
        if not back.exists():
            return f"{made.name} was not opened"
        for number, (one, other) in enumerate(zip_longest(read(made), read(back)), start=1):
            if one != other:
                return f"{made.name} line {number}: {one} came back as {other}"
    return None


def sheet(path: Path) -> list[list[Any]]:
    """(type, value) of every cell of both sheets; a formula has a type of its own."""
    return [
        [(cell.data_type, plain(cell.value)) for cell in line]
        for sheet in load_workbook(path)
        for line in trimmed(sheet)
    ]


def trimmed(sheet: Any) -> Iterator[Any]:
    """Without the empty cells that one program writes and another leaves out."""
    for line in sheet.iter_rows():
        cells = list(line)
        while cells and cells[-1].value is None:
            cells.pop()
        yield cells


def plain(value: Any) -> Any:
    """Times to the second: as a fraction of a day they are not exact."""
    return round(value.timestamp()) if isinstance(value, datetime) else value


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [[text.replace("\r\n", "\n") for text in line] for line in csv.reader(file)]
