"""`python -m tests.sim --seeds 50 --from 1`, or `--seed 7` for one exactly as it was."""

import argparse
import os
import sys
import time

from tests.sim.seeds import run
from tests.sim.simulation import STEPS

ENOUGH = 20
MET = tuple(f"verdict {name}" for name in ("applied", "merged", "noop", "held", "refused"))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--steps", type=int, default=STEPS)
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
    idle = [verdict for verdict in MET if len(seeds) >= ENOUGH and verdict not in total.fired]
    for verdict in idle:
        print(f"none of these seeds had a {verdict}")
    print(f"{total.passed} passed, {len(total.failed)} failed")
    return 1 if total.failed or idle else 0


def show(title: str, counts: dict[str, int]) -> None:
    print(f"{title}:", ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))


if __name__ == "__main__":
    sys.exit(main())
