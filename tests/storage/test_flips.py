"""One bit of what lies in the store is another one: `hushui verify` says which thing, and where.

Each flip is printed with its seed; a failing test shows it.
"""

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from hashlib import sha256
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from hushui.__main__ import main
from hushui.storage.audit import KEYS
from hushui.storage.sqlite import STORE
from hushui.verify.proofs import TABLES
from tests.storage.place import HAZARD, SEEPAGE, SHA, Place

SEEDS = range(20)


class Cell(Struct, frozen=True):
    """One value of one row; ``what`` and ``where`` are how `verify` has to call it."""

    what: str
    where: str
    table: str
    column: str
    key: tuple[Any, ...]

    @property
    def condition(self) -> str:
        return f"FROM {self.table} WHERE " + " AND ".join(f"{k} = ?" for k in KEYS[self.table])


Flip = Callable[[random.Random, Path], tuple[str, str]]
"""Changes one bit of the store in a folder → (what, where) it is."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    place = Place(folder)
    place.fill()
    place.store.close()
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "data"))


def verified(folder: Path) -> tuple[int, list[str]]:
    """Exit code and lines of the command. Its output takes nothing but UTF-8, as a terminal."""
    with TextIOWrapper(BytesIO(), encoding="utf-8") as said, redirect_stdout(said):
        code = main(["verify", "--data", str(folder)])
        said.seek(0)
        return code, said.read().splitlines()


def is_named(what: str, where: str, lines: list[str]) -> bool:
    return any(line.startswith(f"{what} {where}: ") for line in lines)


# what is flipped ---------------------------------------------------------------------------------
def drawn(chance: random.Random, db: Any, what: str, table: str, columns: list[str]) -> Cell:
    """Any value there is."""
    while True:
        column = chance.choice(columns)
        keys = ", ".join(KEYS[table])
        rows = db.execute(
            f"SELECT {keys} FROM {table} WHERE length(CAST({column} AS BLOB)) > 0 ORDER BY {keys}"
        ).fetchall()
        if rows:
            key = chance.choice(rows)
            between = ":" if what in ("line", "receipt") else " "
            return Cell(what, between.join(map(str, key)), table, column, tuple(key))


def columns_of(db: Any, table: str) -> list[str]:
    return [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})").fetchall()]


def flip_cell(chance: random.Random, db: Any, cell: Cell, begin: int = 0, end: int = -1) -> None:
    """One bit; of the bytes between ``begin`` and ``end`` of a text or a blob."""
    ((sort, value),) = db.execute(
        f"SELECT typeof({cell.column}), {cell.column} {cell.condition}", cell.key
    ).fetchall()
    raw = value if sort == "blob" else integer(value) if sort == "integer" else value.encode()
    at, bit = chance.randrange(begin, len(raw) if end < 0 else end), chance.randrange(8)
    print(f"{cell.table}.{cell.column} of {cell.where}: byte {at}, bit {bit}")
    other = raw[:at] + bytes([raw[at] ^ (1 << bit)]) + raw[at + 1 :]
    new = int.from_bytes(other, "big", signed=True) if sort == "integer" else other
    where = " AND ".join(f"{k} = ?" for k in KEYS[cell.table])
    db.execute(
        f"UPDATE {cell.table} SET {cell.column} = CAST(? AS {sort}) WHERE {where}",
        (new, *cell.key),
    )


def integer(value: int) -> bytes:
    return value.to_bytes(8, "big", signed=True)


def of_table(what: str, table: str, *without: str) -> Flip:
    def flip(chance: random.Random, folder: Path) -> tuple[str, str]:
        with closing(sqlite3.connect(folder / STORE)) as db, db:
            columns = [name for name in columns_of(db, table) if name not in without]
            cell = drawn(chance, db, what, table, columns)
            flip_cell(chance, db, cell)
        return cell.what, cell.where

    return flip


def bytes_of_a_line(chance: random.Random, folder: Path) -> tuple[str, str]:
    with closing(sqlite3.connect(folder / STORE)) as db, db:
        cell = drawn(chance, db, "line", "line", ["bytes"])
        flip_cell(chance, db, cell)
    return cell.what, cell.where


def text_of_a_row(chance: random.Random, folder: Path) -> tuple[str, str]:
    """The JSON of a record without conflicts, or of a row that is no record."""
    with closing(sqlite3.connect(folder / STORE)) as db, db:
        if chance.random() < 0.5:
            cell = drawn(chance, db, "row", "spot", ["body"])
        else:
            column = chance.choice(["body", "inner"])
            cell = Cell("row", SEEPAGE, "record", column, (SEEPAGE,))
        flip_cell(chance, db, cell)
    return cell.what, cell.where


def a_conflict(chance: random.Random, folder: Path) -> tuple[str, str]:
    """Any byte between its braces; there are two of them."""
    with closing(sqlite3.connect(folder / STORE)) as db, db:
        column = chance.choice(["body", "inner"])
        ((text,),) = db.execute(f"SELECT {column} FROM record WHERE id = ?", (HAZARD,)).fetchall()
        start = text.index(b'"conflicts":[') + len(b'"conflicts":[')
        middle, end = text.index(b"},{", start), text.index(b'],"review"', start)
        begin, end = chance.choice([(start, middle + 1), (middle + 2, end)])
        field = text[begin:end].split(b'"field":"')[1].split(b'"')[0].decode()
        flip_cell(chance, db, Cell("conflict", field, "record", column, (HAZARD,)), begin, end)
    return "conflict", f"{HAZARD} {field}"


def a_photo(chance: random.Random, folder: Path) -> tuple[str, str]:
    blob = folder / "blobs" / SHA[:2] / SHA[2:]
    whole = blob.read_bytes()
    at, bit = chance.randrange(len(whole)), chance.randrange(8)
    print(f"blob: byte {at}, bit {bit}")
    blob.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :])
    return "blob", SHA


@pytest.mark.parametrize(
    "flip",
    [
        pytest.param(bytes_of_a_line, id="a line"),
        pytest.param(of_table("line", "line"), id="any column of a line"),
        pytest.param(of_table("receipt", "receipt"), id="a receipt"),
        pytest.param(text_of_a_row, id="a row"),
        pytest.param(of_table("row", "record", "body", "inner"), id="any column of a row"),
        pytest.param(a_photo, id="a blob"),
        pytest.param(of_table("position", "spot", "body"), id="a position"),
        pytest.param(a_conflict, id="a conflict"),
    ],
)
def test_one_flipped_bit_is_named(flip: Flip, filled: Path, tmp_path: Path) -> None:
    judged = 0
    for seed in SEEDS:
        folder = Path(shutil.copytree(filled, tmp_path / str(seed)))
        print(f"seed {seed}", end=" ")
        try:
            what, where = flip(random.Random(seed), folder)
        except sqlite3.IntegrityError:
            print("cannot be: two rows of one key")
            continue
        code, lines = verified(folder)
        assert code == 1
        assert is_named(what, where, lines), "\n".join([f"{what} {where} is not named:", *lines])
        shutil.rmtree(folder)
        judged += 1
    assert judged > len(SEEDS) / 2


def test_every_table_of_the_ledger_is_looked_at(filled: Path) -> None:
    with closing(sqlite3.connect(filled / STORE)) as db:
        made = {
            name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        }
    ledger = {name for name in made if name in KEYS}
    assert ledger == KEYS.keys() == TABLES.keys()
    beside = {"org", "account", "attempt", "code", "contact", "session", "token", "upload"}
    beside |= {"kept", "former", "mismatch", "compaction", "lost"}
    words = {name for name in made if name.startswith(("record_words", "sqlite_", "_"))}
    assert made - ledger - words <= beside, "a table that verify does not know"


# what SQLite itself would never write ------------------------------------------------------------
@pytest.mark.parametrize("table", ["line", "receipt", "record", "spot"])
def test_a_value_of_another_type_is_named(table: str, filled: Path, tmp_path: Path) -> None:
    """A number that has become text, a text that has become bytes, and so on, in every column."""
    what = {"record": "row", "spot": "position"}.get(table, table)
    with closing(sqlite3.connect(filled / STORE)) as db:
        columns = columns_of(db, table)
    for column in columns:
        if table in ("line", "receipt", "record") and column == "seq":
            continue  # the rowid: nothing but an integer can be there
        folder = Path(shutil.copytree(filled, tmp_path / column))
        with closing(sqlite3.connect(folder / STORE)) as db, db:
            cell = drawn(random.Random(column), db, what, table, [column])
        force(folder, cell)
        code, lines = verified(folder)
        said = "\n".join(lines)
        assert code == 1
        # Of a key that is gone only what stands there now can be said.
        named = f"{what} " if column in KEYS[table] else f"{what} {cell.where}: "
        assert f"its {column} is of another type" in said, said
        assert any(line.startswith(named) for line in lines), said


def force(folder: Path, cell: Cell) -> None:
    """A text where a number or bytes belong, bytes where a text does."""
    path = folder / STORE

    def schema(old: str, new: str) -> None:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("PRAGMA writable_schema = ON")
            db.execute(
                "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = ?",
                (old, new, cell.table),
            )

    with closing(sqlite3.connect(path)) as db:
        ((sort,),) = db.execute(f"SELECT typeof({cell.column}) {cell.condition}", cell.key)
    schema(") STRICT", ") /*st*/ ")
    with closing(sqlite3.connect(path)) as db, db:
        where = " AND ".join(f"{k} = ?" for k in KEYS[cell.table])
        odd: str | bytes = b"\xff\x00" if sort == "text" else "x"
        db.execute(f"UPDATE {cell.table} SET {cell.column} = ? WHERE {where}", (odd, *cell.key))
    schema(") /*st*/ ", ") STRICT")


def test_a_file_that_is_no_store_is_named(folder: Path) -> None:
    (folder / STORE).write_bytes(b"not a store" * 1000)
    code, lines = verified(folder)
    assert code == 1
    assert is_named("file", str(folder), lines), lines


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("deleted INTEGER", "delated INTEGER"),
        ("(org, kind, id)", "(org, kind)"),
        ("NULL", None),
    ],
)
def test_a_table_that_is_made_otherwise_is_named(old: str, new: str | None, folder: Path) -> None:
    path = folder / STORE
    if new is None:
        raw = path.read_bytes()
        path.write_bytes(
            raw.replace(b"id TEXT NOT NULL PRIMARY KEY", b"id TEXT NOT N\xd5LL PRIMARY KEY")
        )
    else:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("PRAGMA writable_schema = ON")
            db.execute("UPDATE sqlite_schema SET sql = replace(sql, ?, ?)", (old, new))
    code, lines = verified(folder)
    assert code == 1
    assert any(line.startswith("file ") for line in lines), lines


def test_the_program_itself_names_a_text_that_is_none_any_more(folder: Path) -> None:
    with closing(sqlite3.connect(folder / STORE)) as db, db:
        ((epoch, number),) = db.execute("SELECT epoch, number FROM receipt WHERE seq = 2")
        db.execute(
            "UPDATE receipt SET chain = CAST(x'ff' || substr(chain, 2) AS TEXT) WHERE seq = 2"
        )
    done = subprocess.run(
        [sys.executable, "-m", "hushui", "verify", "--data", str(folder)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(f"receipt {epoch}:{number}: its chain".encode())


def test_the_photo_of_the_store_is_the_one_its_name_says(folder: Path) -> None:
    assert sha256((folder / "blobs" / SHA[:2] / SHA[2:]).read_bytes()).hexdigest() == SHA
    assert verified(folder)[0] == 0
