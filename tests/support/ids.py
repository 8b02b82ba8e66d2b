"""Ids and a clock for tests: the same every run."""

from functools import cache
from hashlib import sha256

from hushui_sync import ids

NOW = 1_795_500_000_000


@cache
def make(name: str, wall: int = NOW) -> str:
    """An id that a test can call by its name."""
    return ids.uuid7(wall, sha256(name.encode()).digest()[:10])


EPOCH = make("epoch", 1_790_000_000_000)
