"""Loads the demo organisations through the ledger's own door: lines, receipts and blobs as if
phones had sent them, at the times the story says."""

from hashlib import sha256
from typing import Any

from msgspec import structs

from hushui.actions import organisation
from hushui.actions.passwords import password_hash
from hushui.demo import DEMOS, puts
from hushui.demo.pictures import picture
from hushui.demo.values import Account as Login
from hushui.demo.values import Demo, Put, device_of
from hushui.ledger import BlobDone, LedgerWriter, Push, SystemLine, Task
from hushui.ports import Ports
from hushui.storage.files import Files
from hushui.storage.store import Account, Store
from hushui_sync import feed
from hushui_sync.entry import At, Op
from hushui_sync.ids import uuid7
from hushui_sync.messages import Receipts
from hushui_sync.working import World
from hushui_sync.world import Device


class DemoBroken(AssertionError):
    """A demo line was not applied: the data or the rules are wrong."""


def load_demo(store: Store, files: Files, ports: Ports, policy: Any) -> list[Demo]:
    """Those loaded now; one that is there already is left as it is."""
    new = [demo for demo in DEMOS if store.org(demo.id) is None]
    for demo in new:
        Story(store, files, ports, policy, demo).tell()
    return new


class Story:
    """One demo organisation, told put by put on a clock of its own."""

    def __init__(self, store: Store, files: Files, ports: Ports, policy: Any, demo: Demo) -> None:
        self.store, self.files, self.demo = store, files, demo
        self.ports = ports
        self.lines = puts(demo, ports.now())
        self.at = self.lines[0].at
        self.count = 0
        told = structs.replace(ports, now=lambda: self.at, new_id=self._id)
        self.ledger = LedgerWriter(store, told, policy)

    def tell(self) -> None:
        demo, first = self.demo, self.lines[0]
        organisation.make(self.ledger, demo.id, demo.code, demo.name, demo=True, now=self.at)
        self._one(SystemLine(demo.id, tuple(first.ops())))
        for put in self.lines[1:]:
            self.at = put.at
            self._write(put)
        accounts = [self._account(login) for login in demo.accounts]

        def write(store: Store, _: World) -> None:
            for account in accounts:
                store.put_account(account)

        self._one(Task(write))

    def _account(self, login: Login) -> Account:
        hashed = password_hash(login.password, self.ports)
        return Account(self.demo.id, login.login, login.person, hashed)

    def _write(self, put: Put) -> None:
        device = self.store.device(device_of(put.author)) or self._enrol(put.author)
        blobs = [*put.blobs, *(picture(slot, put.record) for slot in put.photos)]
        ledger = self.store.ledger()
        record = self.store.record(put.record)
        op, *photos = put.ops()
        if record is not None and put.act == "put":
            known = {name: stamp.entry for name, stamp in record.stamps.items()}
            op = structs.replace(op, base={k: v for k, v in known.items() if k in put.fields})
        if put.kind == "review":
            target = self.store.record(put.fields["target"])
            seen = target.review.entry if target is not None and target.review else None
            op = structs.replace(op, base={"$review": seen})
        line = feed.capture(
            feed.Head(device.n, device.hash),
            device.id,
            At(put.at, 0, device.id, 0, f"{ledger.epoch}:{ledger.number}"),
            self._id(),
            (op, *photos),
            [sha256(blob).hexdigest() for blob in blobs],
        )
        answer = self._one(Push(device.id, device.n + 1, (line,)))
        if not isinstance(answer, Receipts) or answer.receipts[0].verdict != "applied":
            raise DemoBroken(f"{put.kind} {put.fields}: {answer}")
        for blob in blobs:
            self._blob(device.id, blob)

    def _blob(self, device: str, blob: bytes) -> None:
        name, upload = sha256(blob).hexdigest(), self._id()
        self.files.begin(upload)
        self.files.append(upload, 0, blob)
        self.files.complete(upload, name)
        self._one(BlobDone(device, name, len(blob)))

    def _enrol(self, person: str) -> Device:
        device = Device(
            id=device_of(person),
            org=self.demo.id,
            person=person,
            key="",
            label="演示",
            enrolled=self.at,
            enrolled_number=self.store.ledger().number,
        )

        def write(_: Store, world: World) -> None:
            world.changes.devices[device.id] = device

        self._one(Task(write))
        op = Op("device", device.id, "put", {"person": person, "label": "演示手机"})
        self._one(SystemLine(self.demo.id, (op,)))
        return device

    def _one(self, job: Any) -> Any:
        answer = self.ledger.drain([job])[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _id(self) -> str:
        """The same ids every time the same story is told."""
        self.count += 1
        name = sha256(f"{self.demo.id} line {self.count}".encode()).digest()
        return uuid7(self.at, name[:10])
