"""A store that real pushes have filled with every verdict, conflicts and a photo."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from hushui.domain.policy import Domain
from hushui.storage.files import Files
from hushui.storage.sqlite import SqliteStore
from hushui_sync.apply import blob_done
from hushui_sync.messages import Receipts
from hushui_sync.push import take
from hushui_sync.working import World
from hushui_sync.world import Device, Right
from tests.support import ids
from tests.support.phone import Phone, op

ORG, ZONE = ids.make("org"), ids.make("zone")
PHOTO = b"\xff\xd8 a photo of the dike \xff\xd9" * 40
SHA = sha256(PHOTO).hexdigest()
HAZARD, SEEPAGE, WELL = ids.make("hazard"), ids.make("seepage"), ids.make("well")
ZHANG, LI, WANG = ids.make("zhang"), ids.make("li"), ids.make("wang")


class Place:
    """The store and its blobs on the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.policy = Domain()
        self.now = ids.NOW
        self.open()

    def open(self) -> None:
        self.store, self.files = SqliteStore(self.root / "hushui.db"), Files(self.root)

    def fill(self) -> None:
        zhang, li = Phone(ids.make("phone of zhang")), Phone(ids.make("phone of li"))
        wang = Phone(ids.make("phone of wang"), ids.make("an epoch nobody knows"))
        self.enrol((zhang, ZHANG), (li, LI), (wang, WANG))
        made = zhang.capture(
            op("hazard", HAZARD, types=["piping"], nature="latent", zone=ZONE, note="堤脚渗水"),
            blobs=[SHA],
        )
        zhang.capture(op("hazard", SEEPAGE, types=["piping"], nature="acute", zone=ZONE))
        self.push(zhang)
        li.capture(op("hazard", HAZARD, note="李：管涌群", base={"note": made}))
        self.push(li)
        # Neither saw the other's: a loser for each of two fields.
        zhang.capture(op("hazard", HAZARD, note="张：清水", nature="acute", base={"note": made}))
        li.capture(op("hazard", HAZARD, nature="latent", level="major"))
        zhang.raw(b"\xff\xfe this cannot be read")
        zhang.capture(op("gauge", ids.make("gauge"), stage=12.5))
        refused = zhang.capture(op("hazard", WELL, types=["no such type"], nature="acute"))
        zhang.capture(op("hazard", WELL, note="等前一条"))
        self.push(zhang, li)
        zhang.capture(
            op("hazard", WELL, types=["breach"], nature="acute", zone=ZONE), replaces=refused
        )
        zhang.capture(op("hazard", SEEPAGE, "del"))
        hazard = self.store.record(HAZARD)
        assert hazard is not None
        review: dict[str, Any] = {
            "target": HAZARD,
            "version": hazard.version,
            "decision": "approved",
        }
        li.capture(op("review", ids.make("review"), **review))
        far: dict[str, Any] = {"types": ["breach"], "nature": "acute", "zone": ZONE}
        held = wang.capture(op("hazard", ids.make("far"), **far))
        self.push(zhang, wang, li)
        li.capture(op("entry", held, "adopt", entry=held))
        self.push(li)
        self.upload(zhang)
        with self.store.transaction():
            self.store.new_epoch(ids.make("after a restore"))
        li.capture(op("hazard", HAZARD, level="general"))
        self.push(li)
        self.upload(li)

    def enrol(self, *phones: tuple[Phone, str]) -> None:
        with self.store.transaction():
            self.store.new_epoch(ids.EPOCH)
            world = World(self.store)
            for phone, person in phones:
                device = Device(phone.device, ORG, person, "key", "label", self.now - 1000)
                world.changes.devices[device.id] = device
                role = "duty_officer" if person == LI else "member"
                if person != WANG:
                    world.put_right(Right(f"person:{person}", "role", role, person, 0))
                    world.put_right(Right(f"person:{person}", "zone", ZONE, person, 0))
            self.store.write(world.changes)

    def push(self, *phones: Phone) -> None:
        """One commit for all of them."""
        self.now += 60_000
        with self.store.transaction():
            world = World(self.store)
            for phone in phones:
                device = world.device(phone.device)
                assert device is not None
                lines = phone.lines[device.n :]
                answer = take(world, self.policy, device, device.n + 1, lines, self.now)
                assert isinstance(answer, Receipts), answer
            self.store.write(world.changes)

    def upload(self, phone: Phone) -> None:
        upload = ids.make("upload")
        self.files.begin(upload)
        assert self.files.append(upload, 0, PHOTO) == len(PHOTO)
        assert self.files.complete(upload, SHA)
        with self.store.transaction():
            world = World(self.store)
            device = world.device(phone.device)
            assert device is not None
            blob_done(world, device, SHA, len(PHOTO), self.now)
            self.store.write(world.changes)
