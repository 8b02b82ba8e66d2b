"""A failing seed made shorter: faults are left out as long as it still fails in the same way."""

import time
from collections.abc import Callable
from typing import Final

from msgspec import structs

from tests.sim.faults import RATES, Plan
from tests.sim.phones import Phones
from tests.sim.simulation import Simulation

BUDGET_S: Final = 60
LINES: Final = 60


def failure(seed: int, phones: Phones, plan: Plan) -> tuple[str, Simulation] | None:
    """Where it fails, and the simulation as it stood then; None: it does not."""
    sim = Simulation(seed, phones, plan)
    try:
        sim.run()
        sim.check()
    except Exception as error:
        return where(error), sim
    finally:
        sim.close()
    return None


def where(error: BaseException) -> str:
    """The line of ours that raised: the same fault, whatever the ids in its words."""
    at, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "tests/sim" in code.co_filename:
            at = f"{code.co_name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} in {at}"


def shorter(seed: int, phones: Phones, steps: int) -> str:
    """What is left, in words."""
    plan = Plan(steps)
    first = failure(seed, phones, plan)
    if first is None:
        return f"seed {seed} does not fail any more"
    what, sim = first
    until = time.monotonic() + BUDGET_S

    def fails(tried: Plan) -> bool:
        nonlocal sim
        if time.monotonic() > until:
            return False
        found = failure(seed, phones, tried)
        if found is None or found[0] != what:
            return False
        sim = found[1]
        return True

    plan = fewer_steps(plan, sim.steps_made, fails)
    for kind in RATES:
        tried = structs.replace(plan, kinds=plan.kinds | {kind})
        if any(taken == kind for taken, _ in sim.faults.taken) and fails(tried):
            plan = tried
    plan = fewer_strikes(plan, lambda: sim.faults.taken, fails)
    return told(seed, what, plan, sim)


def fewer_steps(plan: Plan, made: int, fails: Callable[[Plan], bool]) -> Plan:
    for steps in (made, made * 3 // 4, made // 2, made // 4):
        tried = structs.replace(plan, steps=max(1, steps))
        if tried.steps < plan.steps and fails(tried):
            plan = tried
    return plan


def fewer_strikes(
    plan: Plan, taken: Callable[[], list[tuple[str, int]]], fails: Callable[[Plan], bool]
) -> Plan:
    """Halves, quarters … of what still strikes."""
    size = len(taken())
    while size > 1:
        size = -(-size // 2)
        begin = 0
        while begin < len(taken()):
            some = frozenset(taken()[begin : begin + size])
            tried = structs.replace(plan, strikes=plan.strikes | some)
            if fails(tried):
                plan = tried
            else:
                begin += size
    return plan


def told(seed: int, what: str, plan: Plan, sim: Simulation) -> str:
    left = ", ".join(f"{kind} {number}" for kind, number in sim.faults.taken) or "none"
    begun = sim.begun
    trace = [f"  {(at - begun) / 1000:9.1f} s  {who}: {said}" for at, who, said in sim.trace]
    return "\n".join(
        (
            f"seed {seed}, shortened: {what}",
            f"  {plan.steps} steps; faults that are needed: {left}",
            *trace[-LINES:],
        )
    )
