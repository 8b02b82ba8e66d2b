"""Digests of scopes: XOR over members (G01, G02). A digest is 16 bytes."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

EMPTY: Final = bytes(16)
BUCKETS: Final = 256


def member(record: str, rev: str) -> bytes:
    return sha256(f"{record} {rev}".encode()).digest()[:16]


def bucket(record: str) -> int:
    return sha256(record.encode()).digest()[0]


def xor(a: bytes, b: bytes) -> bytes:
    return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).to_bytes(16, "big")


def scope_digest(members: Iterable[tuple[str, str]]) -> bytes:
    """Members are (record, rev)."""
    total = 0
    for record, rev in members:
        total ^= int.from_bytes(member(record, rev), "big")
    return total.to_bytes(16, "big")


def buckets(members: Iterable[tuple[str, str]]) -> list[str]:
    """256 digests in hex."""
    totals = [0] * BUCKETS
    for record, rev in members:
        totals[bucket(record)] ^= int.from_bytes(member(record, rev), "big")
    return [total.to_bytes(16, "big").hex() for total in totals]
