"""The simulator for as long as somebody lets it run: blocks of seeds, each a row of results.md."""

import os
import re
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.sim.seeds import run as run_seeds
from tests.sim.simulation import STEPS

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).with_name("results.md")
BLOCK = 500
ROW = re.compile(r"^\| *(\S+) *\| *(\S+) *\| *(\d+) *\| *(\d+) *\| *(.*?) *\| *(\d+) *\|$", re.M)
HEAD = """# Simulated seeds

Each row is a block of seeds that `make soak` ran, from the one after the last. `failed` names the
seeds that did not pass; `make sim SEED=…` runs one again exactly as it was.

| commit | date | from | count | failed | seconds |
|---|---|---|---|---|---|
"""


def run(blocks: int, count: int = BLOCK) -> tuple[int, int]:
    """(seeds passed, seeds failed). A row is written when its block is over, so what was cut begins
    anew."""
    passed = failed = 0
    for _ in range(blocks):
        first, begun = next_seed(), time.monotonic()
        report = run_seeds(range(first, first + count), STEPS, min(2, os.cpu_count() or 1))
        row(first, count, report.failed, time.monotonic() - begun)
        passed, failed = passed + report.passed, failed + len(report.failed)
        print(f"seeds {first} to {first + count - 1}: {len(report.failed)} failed", flush=True)
    return passed, failed


def next_seed(results: Path = RESULTS) -> int:
    text = results.read_text(encoding="utf-8") if results.exists() else ""
    return max((int(found[3]) + int(found[4]) for found in ROW.finditer(text)), default=1)


def row(first: int, count: int, failed: list[int], seconds: float, results: Path = RESULTS) -> None:
    text = results.read_text(encoding="utf-8") if results.exists() else HEAD
    day = datetime.now(UTC).date().isoformat()
    named = " ".join(map(str, failed)) or "none"
    told = f"| {commit()} | {day} | {first} | {count} | {named} | {seconds:.0f} |\n"
    results.write_text(text + told, encoding="utf-8")


def commit() -> str:
    """The one checked out; with a `+` when something is changed since."""
    name = _git("rev-parse", "--short", "HEAD")
    return name + ("+" if _git("status", "--porcelain", "--", "server", "sync", "pwa/src") else "")


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", *words],
        cwd=RESULTS.parent.parent.parent,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
