"""Seeds that once failed, each by the rule it broke; and that the simulator does what it says."""

import shutil
from collections.abc import Iterator
from typing import Any, Final

import pytest

from hushui_sync import clock
from tests.sim.faults import MET, RATES, Plan, missing
from tests.sim.phones import Phones, bundle
from tests.sim.shorter import shorter
from tests.sim.simulation import LONG_STEPS, STEPS, Simulation, steps_of

ONCE_FAILED: Final = {
    "P04 receipts of a revoked phone whose answer was lost": 4,
    "D02 two lines that would have made one record": 6,
    "D02 the same, released in another order": 7,
    "S09 zones of somebody who has left": 20,
    "H03 a clone below the head of a ledger that was put back": 22,
    "H04 a ledger put back under a phone that need not greet": 72,
    "H04 a live page that sent before it greeted after a ledger was put back": 1319,
    "T03 a line of the system's, told at the time of the request and written later": 1286,
}
TWICE: Final = (11, 12, 13, 14, 15)


@pytest.fixture(scope="module")
def phones() -> Iterator[Phones]:
    script = bundle()
    phones = Phones(str(script))
    yield phones
    phones.close()
    shutil.rmtree(script.parent)


@pytest.mark.parametrize("seed", ONCE_FAILED.values(), ids=ONCE_FAILED.keys())
def test_a_seed_that_once_failed_passes(phones: Phones, seed: int) -> None:
    told(phones, seed, STEPS)


@pytest.mark.parametrize("seed", TWICE)
def test_the_same_seed_twice_gives_the_same_trace(phones: Phones, seed: int) -> None:
    assert told(phones, seed, 80) == told(phones, seed, 80)


def test_another_seed_gives_another_trace(phones: Phones) -> None:
    assert told(phones, 16, 20)[0] != told(phones, 17, 20)[0]


def told(phones: Phones, seed: int, steps: int) -> tuple[Any, ...]:
    sim = Simulation(seed, phones, Plan(steps))
    try:
        sim.run()
        sim.check()
        return sim.trace, sim.faults.fired, sim.checked, sim.server.store.ledger()
    finally:
        sim.close()


def test_a_failing_seed_is_made_shorter(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    """This one needs no fault at all: every one of them is left out."""
    monkeypatch.setattr(clock, "effective", lambda **said: said["received"] + 1)
    said = shorter(3, phones, 40)
    assert "AssertionError in times_are_in_bounds" in said
    assert "faults that are needed: none" in said


def test_a_seed_that_does_not_fail_says_so(phones: Phones) -> None:
    assert shorter(3, phones, 10) == "seed 3 does not fail any more"


def test_every_fault_must_have_fired() -> None:
    assert set(RATES) <= set(MET)
    assert missing(dict.fromkeys(MET, 1)) == []
    assert missing({what: 1 for what in MET if what != "fork"}) == ["fork"]


def test_every_25th_seed_is_a_long_one() -> None:
    assert [steps_of(seed) for seed in (24, 25, 26, 50)] == [STEPS, LONG_STEPS, STEPS, LONG_STEPS]
