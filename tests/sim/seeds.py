"""Seeds, one after the other or side by side."""

import gc
import shutil
import sys
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from msgspec import Struct

from tests.sim.faults import Plan
from tests.sim.phones import Phones, bundle
from tests.sim.shorter import shorter
from tests.sim.simulation import Simulation, steps_of

DAY_MS = 86_400_000
BLOCK = 5
"""Seeds that a process takes at a time."""
SHORTENED = 1
"""Failing seeds of a block that are made shorter: that takes a minute."""


class Report(Struct):
    passed: int = 0
    failed: list[int] = []
    fired: dict[str, int] = {}
    checked: dict[str, int] = {}
    device_days: float = 0

    def __add__(self, other: "Report") -> "Report":
        return Report(
            self.passed + other.passed,
            sorted(self.failed + other.failed),
            dict(Counter(self.fired) + Counter(other.fired)),
            dict(Counter(self.checked) + Counter(other.checked)),
            self.device_days + other.device_days,
        )


def run(seeds: Sequence[int], steps: int | None, jobs: int) -> Report:
    """Seeds know nothing of each other, so they may run side by side."""
    script = bundle()
    try:
        return _run(str(script), seeds, steps, jobs)
    finally:
        shutil.rmtree(script.parent)


def _run(script: str, seeds: Sequence[int], steps: int | None, jobs: int) -> Report:
    blocks = [seeds[i : i + BLOCK] for i in range(0, len(seeds), BLOCK)]
    total = Report()
    if jobs == 1 or len(blocks) == 1:
        phones = Phones(script)
        for some in blocks:
            total += block(phones, some, steps)
        phones.close()
        return total
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(script,)
    ) as pool:
        for part in pool.map(_block, blocks, [steps] * len(blocks)):
            total += part
    return total


_phones: list[Phones] = []


def _settle() -> None:
    """What is loaded stays, and is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _begin(script: str) -> None:
    _phones.append(Phones(script))


def _block(seeds: Sequence[int], steps: int | None) -> Report:
    return block(_phones[0], seeds, steps)


def block(phones: Phones, seeds: Sequence[int], steps: int | None) -> Report:
    report, fired, checked = Report(failed=[]), Counter[str](), Counter[str]()
    _settle()
    for seed in seeds:
        sim = Simulation(seed, phones, Plan(steps or steps_of(seed)))
        begun = sim.now
        try:
            sim.run()
            sim.check()
            report.passed += 1
        except Exception:
            report.failed.append(seed)
            print(f"seed {seed}:", file=sys.stderr)
            traceback.print_exc()
        finally:
            sim.close()
        if seed in report.failed and len(report.failed) <= SHORTENED:
            print(shorter(seed, phones, sim.plan.steps), flush=True)
        fired.update(sim.faults.fired)
        checked.update(sim.checked)
        report.device_days += (sim.now - begun) * len(sim.all) / DAY_MS
    report.fired, report.checked = dict(fired), dict(checked)
    return report
