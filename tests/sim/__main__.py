"""`python -m tests.sim --seeds 50 --from 1`, or `--seed 7` for one exactly as it was."""

import argparse
import os
import sys
import time

from tests.sim.faults import missing
from tests.sim.seeds import run

ENOUGH = 150


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--steps", type=int, help="of every seed; else 400, or 5,000 of each 25th")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    asked = parser.parse_args()
    seeds = (
        [asked.seed] if asked.seed is not None else range(asked.first, asked.first + asked.seeds)
    )
    begun = time.monotonic()
    total = run(list(seeds), asked.steps, asked.jobs)
    show("fired", total.fired)
    show("checked", total.checked)
    print(f"{time.monotonic() - begun:.1f} s, {total.device_days:.1f} device-days")
    for seed in total.failed:
        print(f"seed {seed} failed; again with: make sim SEED={seed}")
    # A run in which nobody met anybody shows nothing about meeting.
    idle = missing(total.fired) if len(seeds) >= ENOUGH else []
    for what in idle:
        print(f"in none of these seeds: {what}")
    print(f"{total.passed} passed, {len(total.failed)} failed")
    return 1 if total.failed or idle else 0


def show(title: str, counts: dict[str, int]) -> None:
    print(f"{title}:", ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))


if __name__ == "__main__":
    sys.exit(main())
