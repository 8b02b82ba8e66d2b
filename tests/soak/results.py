"""The committed table of what `make soak` found: the last run of each part, and every simulated
seed. What is cut writes nothing."""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

RESULTS: Final = Path(__file__).with_name("results.md")
SEEDS: Final = re.compile(
    r"^\| *(\S+) *\| *(\S+) *\| *(\d+) *\| *(\d+) *\| *(.*?) *\| *(\d+) *\|$", re.M
)
HEAD: Final = """# What the soak found

## Last runs

The newest run of each part of `make soak` that is not a block of seeds.

| part | commit | date | seed | passed | failed | seconds | words |
|---|---|---|---|---|---|---|---|

## Simulated seeds

Each row is a block of seeds that `make soak` ran, from the one after the last. `failed` names the
seeds that did not pass; `make sim SEED=…` runs one again exactly as it was.

| commit | date | from | count | failed | seconds |
|---|---|---|---|---|---|
"""
LAST: Final = "| part | commit | date | seed | passed | failed | seconds | words |\n"


class Run(Struct, frozen=True):
    part: str
    seed: int
    passed: int
    failed: int
    seconds: float
    words: str
    """What it says beyond the numbers, on one line."""


def put_run(run: Run, results: Path = RESULTS) -> None:
    """In the place of the part's row; a new part stands last."""
    before, heading, after = _text(results).partition(LAST)
    table, gap, rest = after.partition("\n\n")
    rule, *rows = table.splitlines()
    told = _row(
        run.part,
        commit(),
        _today(),
        run.seed,
        run.passed,
        run.failed,
        f"{run.seconds:.0f}",
        run.words.replace("|", "/").replace("\n", " "),
    )
    parts = {row.split("|")[1].strip(): row for row in rows} | {run.part: told}
    table = "\n".join([rule, *parts.values()])
    results.write_text(f"{before}{heading}{table}{gap}{rest}", encoding="utf-8")


def add_seeds(
    first: int, count: int, failed: list[int], seconds: float, results: Path = RESULTS
) -> None:
    named = " ".join(map(str, failed)) or "none"
    told = _row(commit(), _today(), first, count, named, f"{seconds:.0f}")
    results.write_text(f"{_text(results)}{told}\n", encoding="utf-8")


def next_seed(results: Path = RESULTS) -> int:
    found = SEEDS.finditer(_text(results))
    return max((int(row[3]) + int(row[4]) for row in found), default=1)


def commit() -> str:
    """The one checked out; with a `+` when something is changed since."""
    name = _git("rev-parse", "--short", "HEAD")
    return name + ("+" if _git("status", "--porcelain", "--", "server", "sync", "pwa/src") else "")


def _text(results: Path) -> str:
    return results.read_text(encoding="utf-8") if results.exists() else HEAD


def _row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", *words],
        cwd=RESULTS.parent.parent.parent,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
