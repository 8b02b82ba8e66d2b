"""Seeds, one after the other or side by side."""

import sys
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from msgspec import Struct

from tests.sim import invariants
from tests.sim.phones import Phones, bundle
from tests.sim.simulation import Simulation

DAY_MS = 86_400_000


class Report(Struct):
    passed: int = 0
    failed: list[int] = []
    fired: dict[str, int] = {}
    checked: dict[str, int] = {}
    device_days: float = 0


def run(seeds: Sequence[int], steps: int, jobs: int) -> Report:
    """Seeds know nothing of each other, so they may run side by side."""
    script = str(bundle())
    blocks = [seeds[i::jobs] for i in range(jobs) if seeds[i::jobs]]
    if len(blocks) == 1:
        return block(script, blocks[0], steps)
    total = Report()
    with ProcessPoolExecutor(len(blocks), mp_context=get_context("spawn")) as pool:
        for part in pool.map(block, [script] * len(blocks), blocks, [steps] * len(blocks)):
            total = Report(
                total.passed + part.passed,
                sorted(total.failed + part.failed),
                dict(Counter(total.fired) + Counter(part.fired)),
                dict(Counter(total.checked) + Counter(part.checked)),
                total.device_days + part.device_days,
            )
    return total


def block(script: str, seeds: Sequence[int], steps: int) -> Report:
    """One process: its own node, its own copy of the enrolled store."""
    phones = Phones(script)
    report, fired, checked = Report(failed=[]), Counter[str](), Counter[str]()
    for seed in seeds:
        sim = Simulation(seed, phones, steps)
        begun = sim.now
        try:
            sim.run()
            invariants.check(sim, checked)
            report.passed += 1
        except Exception:
            report.failed.append(seed)
            print(f"seed {seed}:", file=sys.stderr)
            traceback.print_exc()
        finally:
            sim.close()
        fired.update(sim.fired)
        report.device_days += (sim.now - begun) * len(sim.all) / DAY_MS
    phones.close()
    report.fired, report.checked = dict(fired), dict(checked)
    return report
