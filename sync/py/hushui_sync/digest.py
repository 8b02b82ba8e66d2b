"""Digests of scopes: XOR over members (G01, G02). A digest is 16 bytes, in messages base64."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

EMPTY: Final = bytes(16)
BUCKETS: Final = 256
BUCKET_BYTES: Final = 4
"""Of each digest, in a check: whether the right one was found, the whole digest proves."""


def text(digest: bytes) -> str:
    return b64encode(digest).decode()


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


def buckets(members: Iterable[tuple[str, str]]) -> bytes:
    """Of each of 256 digests the first BUCKET_BYTES, one after the other."""
    totals = [0] * BUCKETS
    for record, rev in members:
        totals[bucket(record)] ^= int.from_bytes(member(record, rev), "big")
    return b"".join(total.to_bytes(16, "big")[:BUCKET_BYTES] for total in totals)


def differing(here: bytes, there: bytes) -> list[int]:
    """Numbers of the buckets that are not the same."""
    starts = range(0, BUCKETS * BUCKET_BYTES, BUCKET_BYTES)
    pieces = ((here[at : at + BUCKET_BYTES], there[at : at + BUCKET_BYTES]) for at in starts)
    return [number for number, (ours, theirs) in enumerate(pieces) if ours != theirs]
