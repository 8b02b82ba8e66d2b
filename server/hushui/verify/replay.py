"""The ledger once more from its lines: verdicts as given, in the order of their receipts."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from typing import Any, Final

import msgspec
from msgspec import structs

from hushui.storage.store import Store, StoredReceipt
from hushui_sync.apply import again, apply, blob_done
from hushui_sync.entry import Entry, read
from hushui_sync.feed import START
from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.policy import Policy
from hushui_sync.rights import rights_at
from hushui_sync.rows import line_name
from hushui_sync.working import World
from hushui_sync.world import Device, KnownEntry, Line

GROUP: Final = 200
"""Receipts in one commit: a working set searches what it has changed from end to end."""


def replay(store: Store, policy: Policy, into: Store) -> None:
    """Writes everything that follows from the lines into an empty store. Enrolments, and rights
    older than the first receipt, come from no line: they are taken over."""
    with _commit(into) as world:
        for device in store.every_device():
            world.changes.devices[device.id] = structs.replace(
                device, n=START.n, hash=START.hash, eff=None, revoked=None
            )
        for right in store.every_right():
            if right.since == 0:
                world.put_right(structs.replace(right, until=None))
    replay = _Replay(store, policy)
    stored = groupby(store.every_receipt(), key=lambda receipt: receipt.epoch)
    epoch, receipts = next(stored, (None, iter(())))
    for end in store.every_epoch():
        with into.transaction():
            into.new_epoch(end.epoch)
        if epoch != end.epoch:
            continue
        while group := list(islice(receipts, GROUP)):
            with _commit(into) as world:
                for receipt in group:
                    replay.once_more(world, receipt)
        epoch, receipts = next(stored, (None, iter(())))


@contextmanager
def _commit(into: Store) -> Iterator[World]:
    with into.transaction():
        world = World(into)
        yield world
        into.write(world.changes)


class _Replay:
    def __init__(self, store: Store, policy: Policy) -> None:
        self.store, self.policy = store, policy
        self.adopters: dict[str, Device] = {}
        """Entry → who adopted it, until its new receipt comes (D05)."""

    def once_more(self, world: World, stored: StoredReceipt) -> None:
        device = world.device(stored.device)
        if device is None:
            return
        if stored.n is None:
            blob = msgspec.json.decode(stored.json, type=BlobReceipt)
            blob_done(world, device, blob.blob, blob.size, blob.at)
            return
        given = msgspec.json.decode(stored.json, type=Receipt)
        line = self.store.line(stored.device, stored.n)
        assert line is not None, "a receipt proves its line"
        if stored.n == device.n + 1:
            apply(world, self.policy, device, line.bytes, given.at, given)
            self._note_adoptions(device, line, given)
        else:
            names = (line.entry or "", line_name(line.device, line.n))
            found = [self.adopters.pop(name) for name in names if name in self.adopters]
            adopter = self._rights(world, found[0] if found else None)
            again(world, self.policy, _known(device, line), given.at, given, adopter)

    def _note_adoptions(self, device: Device, line: Line, given: Receipt) -> None:
        parsed = read(line.bytes) if given.verdict == "applied" else None
        if isinstance(parsed, Entry):
            adopted = (str(op.set.get("entry")) for op in parsed.ops if op.act == "adopt")
            self.adopters |= dict.fromkeys(adopted, device)

    def _rights(self, world: World, adopter: Device | None) -> Any:
        if adopter is None:
            return None
        return rights_at(world, self.policy, adopter.person, adopter.org, None)


def _known(device: Device, line: Line) -> KnownEntry:
    """As much of it as judging again looks at."""
    entry = line.entry or ""
    return KnownEntry(entry, line.org, device.id, line.n, device.person, "", line.eff, "held")
