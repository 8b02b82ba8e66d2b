"""Which lines a device says it has made, since when, and which of them have not come."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

STEPS_MAX: Final = 64

Step = tuple[int, int]
"""(up to which line the device's feed went, since when the server knows: ms)."""


class Owed(Struct, frozen=True):
    """Lines ``first`` to ``last``, announced at ``since`` (ms) and not here."""

    first: int
    last: int
    since: int


def stepped(steps: Sequence[Step], delivered: int, head: int, now: int) -> tuple[Step, ...]:
    """After a hello. What came is forgotten; what was announced once stays announced, even by a
    device that later knows less of itself."""
    left = [step for step in steps if step[0] > delivered]
    if head > max(delivered, *(n for n, _ in left), 0):
        left.append((head, now))
    while len(left) > STEPS_MAX:
        # The two oldest as one, known since the first of them.
        left[:2] = [(left[1][0], left[0][1])]
    return tuple(left)


def owed(steps: Sequence[Step], delivered: int) -> Iterator[Owed]:
    """In order of the feed."""
    before = delivered
    for last, since in steps:
        if last > before:
            yield Owed(before + 1, last, since)
            before = last
