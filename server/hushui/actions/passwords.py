"""argon2id, m = 19 MiB, t = 2, p = 1: about 45 ms each, so only a few at a time and in a thread."""

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hushui.ports import Ports

HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
AT_A_TIME: Final = 2
NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""Compared when there is no such account, so that the answer takes as long."""


def password_hash(password: str, ports: Ports) -> str:
    return HASHER.hash(password, salt=ports.random(16))


async def is_right(password: str, stored: str | None) -> bool:
    return await asyncio.to_thread(_verify, stored or NOBODY, password)


def _verify(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
