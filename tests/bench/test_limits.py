"""The bench itself: what is a limit, and how a goal is judged."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pysqlite3
import pytest

from tests.bench.__main__ import MEASURES
from tests.bench.figure import Goal, figure, shown, table
from tests.bench.limits import blind
from tests.bench.place import ROOT

LIMITS = sorted((Path(__file__).parent / "limits").glob("*.py"))
LINES = 40


@pytest.mark.parametrize("program", LIMITS, ids=lambda path: path.stem)
def test_a_limit_is_a_program_of_at_most_40_lines(program: Path) -> None:
    assert len(program.read_text(encoding="utf-8").splitlines()) <= LINES


def test_the_blind_writer_waits_for_the_disk_at_every_push(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As durable as the store: the same log, the same wait, and a commit for each push."""
    said: list[str] = []
    connect = pysqlite3.connect

    def noted(path: Path, **settings: object) -> object:
        connection = connect(path, **settings)
        connection.set_trace_callback(said.append)
        return connection

    store = tmp_path / "some.db"
    connect(store).execute("CREATE TABLE it (n)")
    monkeypatch.setattr(pysqlite3, "connect", noted)
    insert = ("INSERT INTO it VALUES (?)", [(1,), (2,)])
    assert blind.run(store, [[insert], [insert]]) > 0
    assert "PRAGMA synchronous = FULL" in said
    assert "PRAGMA journal_mode = WAL" in said
    assert said.count("COMMIT") == 2
    assert connect(store).execute("SELECT count(*) FROM it").fetchone() == (4,)


def test_a_ratio_is_taken_round_by_round() -> None:
    """The machine was half as fast in the last two rounds: nothing else has changed."""
    goal = Goal("ratio", ">=", 0.5)
    found = figure("it", "entries/s", goal, [60.0, 25.0, 30.0], [100.0, 50.0, 60.0])
    assert (found.value, found.limit, found.ratio) == (30.0, 60.0, 0.5)
    assert (found.met, found.goal, found.spread) == (True, "ratio >= 0.5", "0.5 … 0.6")


@pytest.mark.parametrize(
    ("sign", "bound", "met"),
    [
        ("<=", 2, True),
        ("<=", 1.9, False),
        ("<", 2, False),
        ("<", 2.1, True),
        (">=", 2, True),
        (">=", 2.1, False),
        ("==", 2, True),
        ("==", 0, False),
    ],
)
def test_a_goal_is_met_or_missed_by_the_median(sign: str, bound: float, met: bool) -> None:
    goal = msgspec.convert({"of": "value", "sign": sign, "bound": bound}, Goal)
    assert figure("it", "s", goal, [1.0, 2.0, 90.0]).met is met


def test_without_a_limit_there_is_no_ratio() -> None:
    found = figure("it", "B", Goal("value", "<=", 150), [149.5])
    assert (found.limit, found.ratio, found.spread, found.met) == (None, None, "", True)


def test_rounds_without_their_limit_are_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        figure("it", "s", Goal("ratio", "<=", 2), [1.0, 2.0], [1.0])


def test_a_missed_figure_stands_in_the_table() -> None:
    met = figure("fast", "s", Goal("value", "<=", 1), [0.25])
    missed = figure("slow", "s", Goal("ratio", "<=", 2), [1_234.0, 1_236.0], [100.0, 100.0])
    lines = table([met, missed]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert [cell.strip() for cell in lines[3].strip("|").split("|")] == [
        *("slow", "1,235", "s", "100", "12.3", "12.3 … 12.4", "ratio <= 2", "NO")
    ]
    assert lines[2].rstrip(" |").endswith("yes")


def test_figures_are_shown_with_three_digits_that_count() -> None:
    assert [shown(n) for n in (0.08154, 0, 4.0, 12.34, 1_234_567.8)] == [
        *("0.0815", "0", "4", "12.3", "1,234,568")
    ]


def test_the_command_knows_its_words() -> None:
    asked = [sys.executable, "-m", "tests.bench", "--help"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(name in said for name in (*MEASURES, "--quick", "--big", "--data"))
