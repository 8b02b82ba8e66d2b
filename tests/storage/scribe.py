"""Writes into a store what the ledger would, without judging anything."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import structs

from hushui.storage.store import Store
from hushui_sync.errors import Verdict
from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.rows import chained, fill
from hushui_sync.working import World
from hushui_sync.world import Conflict, Device, KnownEntry, Line, Record, Review, Stamp
from tests.support import ids
from tests.support.phone import Phone, op

ZONE = f"zone:{ids.make('zone')}"


def record(name: str, org: str, wall: int = 0, **members: Any) -> Record:
    """A hazard called by its name; ``wall`` milliseconds later than others."""
    author = ids.make(f"{org} author")
    entry = ids.make(f"{name} entry")
    default = Record(
        id=ids.make(name, ids.NOW + wall),
        org=org,
        kind="hazard",
        fields={"type": "piping", "note": f"{name}：堤脚渗水"},
        stamps={"type": Stamp(entry, ids.make("device"), 1, author, ids.NOW)},
        adds=(),
        deleted=False,
        version=1,
        author=author,
        device=ids.make(f"{org} device"),
        captured=ids.NOW + wall,
        flags=("late",),
        conflicts=(),
        review=None,
        subject=None,
        scopes=(ZONE, f"person:{author}"),
        rev="",
    )
    return structs.replace(default, **members)


def review(decision: str, version: int) -> Review:
    return Review(decision, version, "", (), ids.make("chief"), ids.make("review"), ids.NOW)


def conflict(field: str, value: Any) -> Conflict:
    who = ids.make("loser")
    return Conflict(field, value, ids.make("lost"), ids.make("d2"), who, ids.NOW, ids.make("won"))


class Scribe:
    """One device of one organisation."""

    def __init__(self, store: Store, org: str, name: str = "device") -> None:
        self.store, self.org, self.at = store, org, ids.NOW
        self.person = ids.make(f"{org} author")
        self.phone = Phone(ids.make(f"{org} {name}"))
        self.device = Device(self.phone.device, org, self.person, "key", name, ids.NOW)

    def begin(self) -> None:
        """The first epoch, if there is none, and the device."""
        with self.store.transaction():
            if not self.store.ledger().epoch:
                self.store.new_epoch(ids.EPOCH)
            world = World(self.store)
            world.changes.devices[self.device.id] = self.device
            self.store.write(world.changes)

    def write(self, *records: Record, **rest: Any) -> Receipt:
        """One line that writes these records, in one commit."""
        with self.store.transaction():
            world = World(self.store)
            receipt = self.line(world, *records, **rest)
            self.store.write(world.changes)
        return receipt

    def again(self, n: int, verdict: Verdict, code: str | None = None) -> Receipt:
        """A new receipt for a line that is there."""
        with self.store.transaction():
            world = World(self.store)
            old = world.newest(self.device.id, n)
            assert old is not None
            receipt = self._receipt(world, n, old.entry, verdict, code, None)
            if old.entry and (known := world.entry(self.org, old.entry)):
                world.put_entry(structs.replace(known, verdict=verdict, waits=None))
            self.store.write(world.changes)
        return receipt

    def line(
        self,
        world: World,
        *records: Record,
        verdict: Verdict = "applied",
        code: str | None = None,
        waits: str | None = None,
        blobs: Sequence[str] = (),
        raw: bytes | None = None,
    ) -> Receipt:
        device = world.device(self.device.id)
        assert device is not None
        n, ops = device.n + 1, [op(r.kind, r.id, **r.fields) for r in records]
        if raw is None:
            entry = self.phone.capture(*ops or [op("hazard", ids.make(f"{n}"))], blobs=blobs)
        else:
            entry = None
            self.phone.raw(raw)
        head = self.phone.head
        changes = world.changes
        changes.lines[device.id, n] = Line(
            device.id,
            n,
            self.org,
            self.person,
            head.hash,
            self.phone.lines[-1],
            entry,
            self.at,
            self.at,
        )
        changes.devices[device.id] = structs.replace(device, n=n, hash=head.hash, eff=self.at)
        if entry is not None:
            known = KnownEntry(
                entry, self.org, device.id, n, self.person, "", self.at, verdict, waits
            )
            world.put_entry(known)
        changes.touched += [(self.org, r.id, device.id, n) for r in records]
        changes.blobs += [(self.org, sha, device.id, n) for sha in blobs]
        return self._receipt(world, n, entry, verdict, code, waits, *records)

    def blob(self, sha256: str, size: int) -> BlobReceipt:
        with self.store.transaction():
            world = World(self.store)
            ledger = world.ledger()
            place = f"device:{self.device.id}"
            rev = f"{ledger.epoch}:{ledger.number + 1}"
            spots = [(place, world.place(self.org, place, f"b:{sha256}", rev, b"{}"))]
            plain = BlobReceipt(
                ledger.epoch, ledger.number + 1, self.device.id, sha256, size, self.at
            )
            done = chained(world, ledger, plain, spots)
            self.store.write(world.changes)
        return done

    def _receipt(
        self,
        world: World,
        n: int,
        entry: str | None,
        verdict: Verdict,
        code: str | None,
        waits: str | None,
        *records: Record,
    ) -> Receipt:
        ledger = world.ledger()
        number = ledger.number + 1
        rev = f"{ledger.epoch}:{number}"
        home, row = f"device:{self.device.id}", f"r:{self.device.id}:{n}"
        spots = [(home, world.place(self.org, home, row, rev, b""))]
        for record in records:
            world.changes.records[record.id] = structs.replace(record, rev=rev)
            for scope in record.scopes:
                spots.append((scope, world.place(self.org, scope, record.id, rev, None)))
        plain = Receipt(
            ledger.epoch,
            number,
            self.device.id,
            n,
            entry,
            verdict,
            code,
            None,
            None,
            self.at,
            rev,
            waits,
        )
        receipt = chained(world, ledger, plain, spots)
        fill(world, home, row, msgspec.json.encode(receipt))
        return receipt
