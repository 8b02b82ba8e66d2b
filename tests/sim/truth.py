"""What really happened: every line that was captured, and where copies of it are."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from hushui_sync.entry import Entry, content, read

if TYPE_CHECKING:
    from tests.sim.server import Server


class Captured(Struct):
    entry: str
    """Its id, or DEVICE:N where nobody can read it."""
    device: str
    n: int
    bytes: bytes
    copies: set[str]
    """Phones that have it on their disk."""
    lost: bool = False
    """No phone and no server has it; what was under way may still arrive."""


class Truth:
    def __init__(self) -> None:
        self.lines: dict[tuple[str, int, bytes], Captured] = {}
        self.feeds: dict[str, dict[int, Captured]] = {}
        """Phone → its feed."""
        self.gone: dict[str, set[int]] = {}
        """Phone → lines of its feed that its disk has no more, though it has others."""
        self.by_entry: dict[str, list[Captured]] = {}
        """A line that was issued again under another device has the same id."""

    def captured(self, phone: Any, entry: str, n: int, line: bytes) -> None:
        key = (phone.device, n, line)
        if key not in self.lines:
            self.lines[key] = Captured(entry, phone.device, n, line, set())
            self.by_entry.setdefault(entry, []).append(self.lines[key])
        one = self.lines[key]
        one.copies.add(phone.name)
        self.feeds.setdefault(phone.name, {})[n] = one

    def feed(self, name: str) -> dict[int, Captured]:
        return self.feeds.get(name, {})

    def cloned(self, name: str, clone: str) -> None:
        self.feeds[clone] = dict(self.feed(name))
        self.gone[clone] = set(self.gone.get(name, ()))
        for n, one in self.feeds[clone].items():
            if n not in self.gone[clone]:
                one.copies.add(clone)

    def dropped(self, name: str, first: int, last: int) -> None:
        """Lines the server holds went from a phone's disk. Nobody misses them, unless the ledger is
        put back."""
        for n in range(first, last + 1):
            if (one := self.feed(name).get(n)) is not None:
                one.copies.discard(name)
                self.gone.setdefault(name, set()).add(n)

    def evicted(self, name: str, server: "Server", upto: int | None = None) -> None:
        """The stores of a phone are gone. After a fork only what the server had before it may be
        left behind: its lines up to `upto`."""
        mine = self.feeds.pop(name, {})
        for one in mine.values():
            one.copies.discard(name)
        self.sweep([one for n, one in mine.items() if upto is None or n <= upto], server)

    def sweep(self, lines: Iterable[Captured], server: "Server") -> None:
        """Those of them that nobody has any more are lost, and nobody is to blame; as they were
        before they were issued again, too."""
        for one in lines:
            same_ones = self.by_entry[one.entry]
            if any(other.copies for other in same_ones) or is_held(server.store, one):
                continue
            for other in same_ones:
                other.lost = True


def is_held(store: Any, one: Captured) -> bool:
    """The line itself, or the same content under the same id (P08)."""
    line = store.line(one.device, one.n)
    if line is not None and line.bytes == one.bytes:
        return True
    mine = read(one.bytes)
    if not isinstance(mine, Entry):
        return False
    return any(same(mine, line) for line in lines_of(store, one.entry))


def same(mine: Entry, line: bytes) -> bool:
    theirs = read(line)
    return isinstance(theirs, Entry) and content(theirs) == content(mine)


def lines_of(store: Any, entry: str) -> list[bytes]:
    rows = store.all("SELECT bytes FROM line WHERE entry = ? ORDER BY device, n", (entry,))
    return [bytes for (bytes,) in rows]
