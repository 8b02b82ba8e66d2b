"""The simulator for as long as somebody lets it run: blocks of seeds, each a row of results.md."""

import os
import time

from tests.sim.faults import missing
from tests.sim.seeds import run as run_seeds
from tests.soak import results

BLOCK = 500


def run(blocks: int, count: int = BLOCK) -> tuple[int, int]:
    """(seeds passed, seeds failed). A row is written when its block is over, so what was cut begins
    anew."""
    passed = failed = 0
    for _ in range(blocks):
        first, begun = results.next_seed(), time.monotonic()
        report = run_seeds(range(first, first + count), None, min(2, os.cpu_count() or 1))
        results.add_seeds(first, count, report.failed, time.monotonic() - begun)
        passed, failed = passed + report.passed, failed + len(report.failed)
        years = report.device_days / 365.25
        print(f"seeds {first} to {first + count - 1}: {len(report.failed)} failed", end="")
        print(f", {years:.2f} device-years", flush=True)
        for what in missing(report.fired):
            failed += 1
            print(f"in none of these seeds: {what}", flush=True)
    return passed, failed
