"""Ids: a UUIDv7 written as 26 base-32 digits, so that text order is time order."""

import re
from typing import Final

DIGITS: Final = "0123456789abcdefghijklmnopqrstuv"
ID: Final = re.compile(r"[0-7][0-9a-v]{25}")
PATTERN: Final = r"^[0-7][0-9a-v]{25}$(?!\n)"
"""As JavaScript reads `$`: Python's would let a newline follow."""


def is_id(text: object) -> bool:
    return isinstance(text, str) and ID.fullmatch(text) is not None


def to_text(number: int) -> str:
    """128-bit number → 26 digits."""
    return "".join(DIGITS[(number >> shift) & 31] for shift in range(125, -1, -5))


def to_number(text: str) -> int:
    """26 digits → 128-bit number; ValueError for anything else."""
    if not is_id(text):
        raise ValueError(f"not an id: {text!r}")
    return int(text, 32)


def uuid7(wall_ms: int, random: bytes) -> str:
    """The id minted at ``wall_ms`` (48 bits kept) from 10 random bytes (RFC 9562, 5.7)."""
    bits = int.from_bytes(random[:10], "big")
    rand_a, rand_b = bits >> 68, bits & ((1 << 62) - 1)
    milliseconds = wall_ms & ((1 << 48) - 1)
    return to_text(milliseconds << 80 | 7 << 76 | rand_a << 64 | 2 << 62 | rand_b)
