"""A phone for tests: captures lines by the shared code, and keeps them."""

from collections.abc import Sequence
from typing import Any

from msgspec import structs

from hushui_sync import feed
from hushui_sync.entry import At, Op
from tests.support import ids


def op(kind: str, record: str, act: str = "put", /, **set: Any) -> Op:
    base = set.pop("base", {})
    return Op(kind=kind, record=record, act=act, set=set, base=base)  # type: ignore[arg-type]


def hazard(record: str, **set: Any) -> Op:
    """A new hazard with what it must have."""
    return op("hazard", record, **{"types": ["piping"], "nature": "acute", **set})


def about(act: str, entry: str) -> Op:
    """abandon, adopt or decline."""
    return op("entry", entry, act, entry=entry)


class Phone:
    def __init__(self, device: str, epoch: str = ids.EPOCH) -> None:
        self.device = device
        self.at = At(wall=ids.NOW, mono=0, boot=device, offset=0, contact=f"{epoch}:0")
        self.lines: list[bytes] = []
        self.count = 0

    @property
    def head(self) -> feed.Head:
        if not self.lines:
            return feed.START
        return feed.Head(len(self.lines), feed.line_hash(self.lines[-1]))

    def hear(self, contact: str) -> None:
        self.at = structs.replace(self.at, contact=contact)

    def capture(
        self,
        *ops: Op,
        id: str | None = None,
        blobs: Sequence[str] = (),
        replaces: str | None = None,
        **at: Any,
    ) -> str:
        """Captures one entry; answers its id. Keyword arguments change `at` for this line only."""
        self.count += 1
        entry = id or ids.make(f"{self.device} {self.count}")
        where = structs.replace(self.at, **at)
        self.lines.append(feed.capture(self.head, self.device, where, entry, ops, blobs, replaces))
        return entry

    def raw(self, line: bytes) -> None:
        """A line as no capture would write it."""
        self.lines.append(line)
