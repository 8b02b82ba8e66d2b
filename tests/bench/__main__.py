"""`python -m tests.bench`: prints the table, writes DATA/bench.json. Ends by itself."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from tests.bench import app, growth, live, phone, pulls, pushes
from tests.bench.figure import Figure, table
from tests.bench.place import ROOT, Ground
from tests.bench.sizes import TINY, Sizes

Measure = Callable[[Path, Sizes, Ground], list[Figure]]
MEASURES: dict[str, Measure] = {
    "singles": pushes.singles,
    "batches": pushes.batches,
    "storm": pushes.storm,
    "small": pushes.small_things,
    "few": pulls.few,
    "many": pulls.many,
    "phone": phone.applied,
    "app": app.app,
    "live": live.idle,
    "growth": growth.growth,
}
HUGE = 1_000_000


def run(names: Sequence[str], sizes: Sizes, where: Path) -> list[Figure]:
    """Each measurement in a folder of its own on the disk that will hold the data."""
    found: list[Figure] = []
    with TemporaryDirectory(prefix="bench-", dir=where) as root:
        ground = Ground(Path(root), sizes)
        for name in names:
            begun = time.perf_counter()
            with TemporaryDirectory(prefix=f"{name}-", dir=root) as folder:
                found += MEASURES[name](Path(folder), sizes, ground)
            print(f"{name}: {time.perf_counter() - begun:.0f} s", flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("only", nargs="*", choices=[*MEASURES, []])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--quick", action="store_true", help="tiny: nothing it says means anything")
    parser.add_argument("--big", action="store_true", help=f"also at {HUGE:,} records")
    asked = parser.parse_args()
    sizes = TINY if asked.quick else Sizes(huge=HUGE if asked.big else 0)
    asked.data.mkdir(parents=True, exist_ok=True)
    found = run(asked.only or list(MEASURES), sizes, asked.data.resolve())
    print(f"\n{commit()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine()}\n")
    print(table(found))
    (asked.data / "bench.json").write_bytes(msgspec.json.format(msgspec.json.encode(found)))
    missed = [figure.name for figure in found if not figure.met]
    print(f"\n{len(found) - len(missed)} met, {len(missed)} missed")
    return 0


def commit() -> str:
    asked = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def machine() -> str:
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {load:.1f} at work"


if __name__ == "__main__":
    sys.exit(main())
