"""The only place where time, identity and chance enter. Tests and simulator hand in their own."""

import os
import time
from collections.abc import Callable

from msgspec import Struct

from hushui_sync.ids import uuid7


def uptime() -> float:
    """Seconds by the machine's own time, which nobody sets."""
    return time.monotonic()


class Ports(Struct, frozen=True):
    """``now`` answers milliseconds since 1970-01-01 UTC, ``random(n)`` n bytes."""

    now: Callable[[], int]
    new_id: Callable[[], str]
    random: Callable[[int], bytes]


def system() -> Ports:
    def now() -> int:
        return time.time_ns() // 1_000_000

    return Ports(now=now, new_id=lambda: uuid7(now(), os.urandom(10)), random=os.urandom)
