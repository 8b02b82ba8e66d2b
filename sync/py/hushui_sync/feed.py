"""Lines and heads: how a feed is chained (section 3) and how receipts are (R02)."""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from hushui_sync import limits
from hushui_sync.entry import At, Op

FIRST_PREV: Final = "0" * 32
FIRST_CHAIN: Final = "0" * 64


class Head(Struct, frozen=True):
    n: int
    hash: str


START: Final = Head(0, FIRST_PREV)


def line_hash(line: bytes) -> str:
    return sha256(line).hexdigest()[:32]


def chain(head: Head, lines: Iterable[bytes]) -> list[Head]:
    """The heads after each of these lines, whatever their bytes are (C03)."""
    return [Head(head.n + i, line_hash(line)) for i, line in enumerate(lines, 1)]


def receipt_chain(previous: str, receipt_json: bytes, positions: Iterable[tuple[str, int]]) -> str:
    """SHA-256 over the previous chain, the receipt without ``chain``, and its positions."""
    allocated = ",".join(f"{scope}={position}" for scope, position in sorted(positions))
    return sha256(b"\n".join((previous.encode(), receipt_json, allocated.encode()))).hexdigest()


CaptureCode = Literal[
    "no_op",
    "too_many_ops",
    "too_many_fields",
    "too_many_blobs",
    "integer_too_large",
    "too_deep",
    "line_too_long",
]


class CaptureError(ValueError):
    """What the server could not take is not captured: whoever writes it must split or mend it."""

    def __init__(self, code: CaptureCode) -> None:
        super().__init__(code)
        self.code = code


DEPTH_OF_SET: Final = 4
_UNREADABLE: Final = re.compile("[\0\ud800-\udfff]")


def capture(
    head: Head,
    device: str,
    at: At,
    id: str,
    ops: Sequence[Op],
    blobs: Sequence[str] = (),
    replaces: str | None = None,
) -> bytes:
    """The next line of a feed (C02), without its newline."""
    entry: dict[str, Any] = {
        "v": 1,
        "device": device,
        "n": head.n + 1,
        "prev": head.hash,
        "id": id,
        "at": at,
        "ops": ops,
        "blobs": blobs,
    }
    if replaces is not None:
        entry["replaces"] = replaces
    _fits("no_op", len(ops) > 0)
    _fits("too_many_ops", len(ops) <= limits.OPS)
    _fits("too_many_blobs", len(blobs) <= limits.BLOBS_PER_ENTRY)
    for op in ops:
        _fits("too_many_fields", len(op.set) <= limits.FIELDS_PER_OP)
        _readable(op.set, DEPTH_OF_SET)
    line = msgspec.json.encode(_clean(msgspec.to_builtins(entry)))
    _fits("line_too_long", len(line) <= limits.LINE_BYTES)
    return line


def _readable(value: Any, depth: int) -> None:
    """What JSON can write and the server cannot take (E03, E04)."""
    if isinstance(value, int):
        _fits("integer_too_large", abs(value) <= limits.INTEGER)
    if not isinstance(value, dict | list | tuple):
        return
    _fits("too_deep", depth <= limits.DEPTH)
    for child in value.values() if isinstance(value, dict) else value:
        _readable(child, depth + 1)


def _fits(code: CaptureCode, fits: bool) -> None:
    if not fits:
        raise CaptureError(code)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _UNREADABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_clean(key): _clean(child) for key, child in value.items()}
    return [_clean(child) for child in value] if isinstance(value, list | tuple) else value
