"""One thing that is not as it should be."""

from typing import Literal

from msgspec import Struct

What = Literal[
    "file",
    "epoch",
    "line",
    "receipt",
    "blob",
    "replay",
    "row",
    "conflict",
    "position",
    "scope",
    "entry",
    "right",
    "device",
    "index",
    "rescue",
]


class Finding(Struct, frozen=True):
    what: What
    where: str
    """A line is DEVICE:N, a receipt EPOCH:NUMBER, a conflict RECORD FIELD, a position SCOPE ROW, a
    rescue bundle ORG/SHA256; all else goes by its id. It may hold any character: what lies there
    may be no text any more."""
    detail: str
