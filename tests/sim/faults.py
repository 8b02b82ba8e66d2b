"""What goes wrong: every kind with its own chance, so that one can be left out and the others stay.

A seed draws which kinds it has and how often. `strikes` says whether this chance is taken. While a
failing seed is made shorter, kinds and single strikes are left out.
"""

from collections import Counter
from collections.abc import Collection
from random import Random
from typing import Final

from msgspec import Struct

RATES: Final = {
    # each request or answer
    "request dropped": 0.2,
    "answer dropped": 0.2,
    "request repeated": 0.2,
    "request delayed": 0.3,
    "request cut": 0.15,
    "answer cut": 0.15,
    # each capture and each store
    "phone killed before its line": 0.03,
    "phone killed after its line": 0.03,
    "two tabs": 0.15,
    "phone killed before storing": 0.02,
    "phone killed after storing": 0.02,
    "phone's store fails": 0.05,
    # each step
    "phone killed": 0.03,
    "phone's disk full": 0.01,
    "requests vanish": 0.015,
    "answers vanish": 0.015,
    "server killed": 0.03,
    "server's disk full": 0.02,
    "server put back": 0.006,
    "server put back unnoticed": 0.006,
    "phone evicted": 0.005,
    "phone's cache evicted": 0.01,
    "phone cloned": 0.006,
    "clock jumps": 0.02,
    "photo lost": 0.01,
    "server upgraded": 0.01,
    "record left": 0.03,
    "past forgotten": 0.02,
    "phone's lines gone": 0.02,
    # each time the server is put back
    "lines gone everywhere": 1.0,
}
"""The highest share of chances taken. Which of them a seed has is drawn."""
SHARE: Final = 0.5
"""Of the kinds, in one seed."""

MET: Final = (
    *RATES,
    "clock off from the start",
    "request reordered",
    "answer reordered",
    "request timed out",
    "epoch minted by a device",
    "fork",
    "feed reissued",
    "conflict settled",
    "line adopted",
    "line declined",
    "line referred",
    "zone revoked",
    "zone granted again",
    "person revoked",
    "person granted again",
    "device revoked",
    "device granted again",
    "line of an old app",
    "line that nobody can read",
    "unknown field kept",
    "unknown kind held",
    "unknown kind released",
    "record came back",
    "lines told lost",
    "status 503",
    *(f"verdict {it}" for it in ("applied", "merged", "noop", "held", "refused", "quarantined")),
)
"""Faults and meetings. A long run without one of them shows nothing about it."""


class Plan(Struct, frozen=True):
    """What is left out of a seed, and how many of its steps are made."""

    steps: int
    kinds: frozenset[str] = frozenset()
    strikes: frozenset[tuple[str, int]] = frozenset()


class Faults:
    def __init__(self, seed: int, plan: Plan) -> None:
        self.plan = plan
        self.on = True
        self.fired: Counter[str] = Counter()
        self.taken: list[tuple[str, int]] = []
        chance = Random(f"{seed} rates")
        self.rates: dict[str, float] = {}
        for kind, most in RATES.items():
            has, share = chance.random() < SHARE, chance.random()
            self.rates[kind] = most * share if has else 0.0
        self.chances = {kind: Random(f"{seed} {kind}") for kind in RATES}
        self.count: Counter[str] = Counter()

    def strikes(self, kind: str) -> bool:
        rate = self.rates[kind]
        if not self.on or rate == 0 or self.chances[kind].random() >= rate:
            return False
        self.count[kind] += 1
        strike = (kind, self.count[kind])
        if kind in self.plan.kinds or strike in self.plan.strikes:
            return False
        self.taken.append(strike)
        return True

    def fire(self, what: str) -> None:
        """It happened, as opposed to: was tried."""
        self.fired[what] += 1


def missing(fired: Collection[str]) -> list[str]:
    return [what for what in MET if what not in fired]
