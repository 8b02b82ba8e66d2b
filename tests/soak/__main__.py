"""`python -m tests.soak [PART|all] [--seed S]`: the tests too slow for every change."""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sim import mutants
from tests.soak import backups, exports, kills, lanes, restores, rules, sim, themes, walk
from tests.soak.results import Run, put_run

PARTS = [
    "rules", "kills", "backups", "restores", "lanes", "exports", "walk", "themes", "mutants", "sim",
]  # fmt: skip
KILLS = 50
KILLS_AT_ONCE = 10
BACKUPS = 30
RESTORES = 40
RULES = 10


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("part", nargs="?", choices=[*PARTS, "all"], default="all")
    parser.add_argument("--seed", type=int, default=time.time_ns() // 1_000_000 % 1_000_000)
    parser.add_argument("--rules", type=int, default=RULES, help="how many are broken")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--backups", type=int, default=BACKUPS, help="how many are killed")
    parser.add_argument("--restores", type=int, default=RESTORES, help="how many are killed")
    parser.add_argument("--blocks", type=int, default=1, help=f"of {sim.BLOCK} seeds")
    asked = parser.parse_args()
    print(f"seed {asked.seed}; again with --seed {asked.seed}", flush=True)
    parts = PARTS if asked.part == "all" else [asked.part]
    passed = failed = 0
    for part in parts:
        print(f"== {part}", flush=True)
        begun, words = time.monotonic(), ""
        match part:
            case "rules":
                *one, words = rules.run(rules.drawn(asked.seed, asked.rules))
            case "kills":
                *one, words = kill(asked.kills, asked.seed)
            case "backups":
                *one, words = back_up(asked.backups, asked.seed)
            case "restores":
                *one, words = put_back(asked.restores, asked.seed)
            case "lanes":
                *one, words = thin()
            case "exports":
                *one, words = exports.run()
            case "walk":
                *one, words = walk.run()
            case "themes":
                *one, words = themes.run()
            case "mutants":
                *one, words = mutants.run()
            case _:
                one = list(sim.run(asked.blocks))
        seconds = time.monotonic() - begun
        if words:
            put_run(Run(part, asked.seed, one[0], one[1], seconds, words))
        passed, failed = passed + one[0], failed + one[1]
        print(f"{part}: {one[0]} passed, {one[1]} failed, {seconds:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def kill(count: int, seed: int) -> tuple[int, int, str]:
    """(kills passed, kills failed, the tally), a new ledger for every ten."""
    total, failed = kills.Tally(), 0
    for begun in range(0, count, KILLS_AT_ONCE):
        some = min(KILLS_AT_ONCE, count - begun)
        with TemporaryDirectory(prefix="hushui-kills-") as folder:
            tally = kills.run(Path(folder), some, seed + begun)
        print(tally, flush=True)
        failed += 0 if tally.passed else some
        total += tally
    print(f"in all: {total}")
    return count - failed, failed, str(total)


def back_up(count: int, seed: int) -> tuple[int, int, str]:
    """(kills passed, kills failed, the tally), on one ledger that grows."""
    with TemporaryDirectory(prefix="hushui-backups-") as folder:
        tally = backups.run(Path(folder), count, seed)
    return (count, 0, str(tally)) if tally.passed else (0, count, str(tally))


def put_back(count: int, seed: int) -> tuple[int, int, str]:
    """(kills passed, kills failed, the tally), on one ledger that is put back again and again."""
    with TemporaryDirectory(prefix="hushui-restores-") as folder:
        tally = restores.run(Path(folder), count, seed)
    return (count, 0, str(tally)) if tally.passed else (0, count, str(tally))


def thin() -> tuple[int, int, str]:
    """(passed, failed, the tally) of one phone on a thin link."""
    with TemporaryDirectory(prefix="hushui-lanes-") as folder:
        tally = lanes.run(Path(folder))
    return int(tally.passed), int(not tally.passed), str(tally)


if __name__ == "__main__":
    sys.exit(main())
