"""Text before photos on a thin link: the core of the phone, the real server, a cable of 20 kbit/s.

The phone is the one of the simulator (its core in node); here its requests are real ones and its
clock is this machine's. First 200 MB of photos are under way, then twenty records are written; then
an upload is cut in the middle, by the cable and by a reload, and goes on.
"""

import json
import queue
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from msgspec import Struct

from hushui_sync.ids import uuid7
from tests.sim.network import WANTED, http_of
from tests.sim.phones import Phones, bundle
from tests.support.program import Program
from tests.support.proxy import Proxy
from tests.web.house import Handset, House

RATE = 20_000 / 8
"""20 kbit/s, in bytes a second, each way."""
PHOTOS = 7
PHOTO = 30 * 1024 * 1024 - 1
RECORDS = 20
WITHIN_S = 60
CHUNK = 256 * 1024
RESUMED = 6 * CHUNK + 17
RESUMED_RATE = 400_000


class Tally(Struct):
    seconds: float = 0
    """From the last record written to the receipt of each."""
    photos_under_way: bool = False
    """Whether bytes of photos passed in that time."""
    photo_bytes: int = 0
    """Waiting to be sent when the records were written."""
    resent: list[int] = []
    """Bytes sent a second time after the cut and after the reload."""

    @property
    def passed(self) -> bool:
        resumed = len(self.resent) == 2 and all(more <= CHUNK for more in self.resent)
        in_time = self.seconds <= WITHIN_S and self.photos_under_way
        return in_time and self.photo_bytes >= 200_000_000 and resumed

    def __str__(self) -> str:
        cut, reload = self.resent or (-1, -1)
        return (
            f"{RECORDS} records received {self.seconds:.0f} s after the last was written, at 20 "
            f"kbit/s beside {self.photo_bytes / 1e6:.0f} MB of photos; of a photo sent again after "
            f"a cut {cut} B, after a reload {reload} B, one chunk is {CHUNK} B"
        )


class Phone:
    """Runs the core on this clock. Its effects are carried out one after the other, its requests
    side by side."""

    def __init__(self, handset: Handset, phones: Phones) -> None:
        house = handset.house
        # What `http_of` asks of a phone: its photos stand where a simulation has them.
        self.token, self.zips = handset.token, True
        self.sim = SimpleNamespace(photos=dict[str, bytes]())
        self.name, self.zone, self.phones = handset.device, house.zone, phones
        self.born = time.monotonic()
        self.inbox: queue.Queue[Callable[[], None]] = queue.Queue()
        self.ring: float | None = None
        self.life = 0
        self.sent: list[tuple[str, int]] = []
        """(sha256, bytes) of every part of a photo that was sent, arrived or not."""
        self.flying = 0
        """Parts of photos that are on their way."""
        identity = {
            "device": handset.device,
            "person": house.patroller,
            "org": house.org,
            "epoch": handset.phone.at.contact.split(":")[0],
            "contact": handset.phone.at.contact,
            "app": "lanes",
        }
        self.call("create", identity=identity)

    def open(self, port: int) -> None:
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=400)
        self.event("start", online=True)

    @property
    def now(self) -> int:
        return int((time.monotonic() - self.born) * 1000)

    @property
    def wall(self) -> int:
        return time.time_ns() // 1_000_000

    def call(self, fn: str, **more: Any) -> dict[str, Any]:
        return self.phones.call(self.name, fn, **more)

    def event(self, type: str, **more: Any) -> None:
        self.effects(self.call("event", event={"type": type, "now": self.now, **more})["effects"])

    def effects(self, effects: list[dict[str, Any]]) -> None:
        for effect in effects:
            match effect["type"]:
                case "send":
                    threading.Thread(target=self._send, args=(effect, self.life)).start()
                case "store":
                    answer = self.call("store", id=effect["id"], how="ok", now=self.now)
                    self.effects(answer["effects"])
                case "timer":
                    self.ring = self.born + effect["at"] / 1000
                case _:
                    pass

    def _send(self, effect: dict[str, Any], life: int) -> None:
        method, path, headers, body = http_of(effect, self)  # type: ignore[arg-type]
        of_photo = effect["request"]["type"] == "blob_patch"
        if of_photo:
            self.sent.append((effect["request"]["sha256"], len(body)))
            self.flying += 1
        try:
            answer = self.http.request(method, path, headers=headers, content=body)
        except httpx.HTTPError:
            self.inbox.put(lambda: self._failed(effect["id"], life))
        else:
            self.inbox.put(lambda: self._land(effect["id"], life, answer))
        finally:
            self.flying -= of_photo

    def _land(self, id: str, life: int, answer: httpx.Response) -> None:
        if life != self.life:
            return
        told: dict[str, Any] = {
            "id": id,
            "status": answer.status_code,
            "headers": {k: answer.headers[k] for k in WANTED if k in answer.headers},
            "wall": self.wall,
            "jitter": random.random(),
        }
        if answer.content:
            told["body"] = json.loads(answer.content)
        self.event("answer", **told)

    def _failed(self, id: str, life: int) -> None:
        if life == self.life:
            self.event("failed", id=id, reason="network", jitter=random.random())

    def until(self, done: Callable[[], bool], seconds: float) -> float:
        """How long it took; raises TimeoutError."""
        begun = time.monotonic()
        while not done():
            if time.monotonic() - begun > seconds:
                raise TimeoutError
            with suppress(queue.Empty):
                self.inbox.get(timeout=0.05)()
            if self.ring is not None and time.monotonic() >= self.ring:
                self.ring = None
                self.event("tick")
        return time.monotonic() - begun

    def reload(self) -> None:
        self.life += 1
        self.call("crash")
        self.event("start", online=True)

    # what a person does -----------------------------------------------------------------------
    def _id(self) -> str:
        return uuid7(self.wall, random.randbytes(10))

    def capture(self, ops: list[dict[str, Any]], blobs: list[str] | None = None) -> int:
        draft = {"id": self._id(), "ops": ops, "blobs": blobs or []}
        answer = self.call("capture", draft=draft, wall=self.wall, now=self.now)
        self.effects(answer["effects"])
        return int(answer["line"]["n"])

    def record(self) -> int:
        fields = {"zone": self.zone, "types": ["piping"], "nature": "acute", "note": "坡脚渗清水"}
        op = {"kind": "hazard", "record": self._id(), "act": "put", "set": fields}
        return self.capture([op])

    def photos(self, sizes: list[int]) -> list[str]:
        hazard, names = self._id(), list[str]()
        set: dict[str, Any] = {"zone": self.zone, "types": ["piping"], "nature": "acute"}
        ops = [{"kind": "hazard", "record": hazard, "act": "put", "set": set}]
        for size in sizes:
            photo = random.randbytes(size)
            names.append(sha256(photo).hexdigest())
            self.sim.photos[names[-1]] = photo
            answer = self.call("photo", sha256=names[-1], size=size, now=self.now)
            self.effects(answer["effects"])
            about = {"subject": hazard, "slot": "scene", "sha256": names[-1], "taken": self.wall}
            set = {**about, "width": 4, "height": 3, "size": size}
            ops.append({"kind": "photo", "record": self._id(), "act": "put", "set": set})
        self.capture(ops, names)
        return names

    # what it knows ----------------------------------------------------------------------------
    def received(self, lines: list[int]) -> bool:
        held = {line["n"]: line["receipt"] for line in self.call("dump")["lines"]}
        return all(n not in held or held[n] is not None for n in lines)

    def parts(self, photo: str) -> list[int]:
        return [size for name, size in self.sent if name == photo]

    def has_sent(self, photo: str, parts: int) -> bool:
        return len(self.parts(photo)) >= parts

    def waiting(self) -> int:
        """Photos that the server has not confirmed."""
        return int(self.call("counts")["counts"]["photos"])


def run(folder: Path) -> Tally:
    tally, phones = Tally(resent=[]), Phones(str(bundle()))
    with House(folder) as house:
        handsets = [house.enrol(house.patroller, name) for name in ("one", "two")]
        one, two = (Phone(handset, phones) for handset in handsets)
    with Program(folder) as program:
        for phone, try_out in ((one, _text_beside_photos), (two, _cut_and_reloaded)):
            cable = Proxy(program.port)
            try:
                phone.open(cable.port)
                try_out(phone, cable, tally)
            finally:
                cable.close()
    phones.close()
    return tally


def _text_beside_photos(phone: Phone, cable: Proxy, tally: Tally) -> None:
    first = phone.record()
    phone.until(lambda: phone.received([first]), 60)
    cable.narrow(RATE)
    phone.photos([PHOTO] * PHOTOS)
    phone.until(lambda: phone.flying > 0, 120)
    tally.photo_bytes = phone.waiting() * PHOTO
    before = cable.up.carried
    lines = [phone.record() for _ in range(RECORDS)]
    tally.seconds = phone.until(lambda: phone.received(lines), 10 * WITHIN_S)
    # The text alone is a third of what passes in that time.
    busy = cable.up.carried - before > tally.seconds * RATE / 2
    tally.photos_under_way = phone.flying > 0 and busy


def _cut_and_reloaded(phone: Phone, cable: Proxy, tally: Tally) -> None:
    """Each time in the middle of a chunk, of one photo after the other."""
    cable.narrow(RESUMED_RATE)
    for way in ("cut", "reload"):
        (photo,) = phone.photos([RESUMED])
        phone.until(partial(phone.has_sent, photo, 3), 120)
        time.sleep(0.2)
        if way == "cut":
            cable.cut()
            phone.until(lambda: phone.flying == 0, 60)
            cable.restore()
        else:
            phone.reload()
        phone.until(lambda: phone.waiting() == 0, 300)
        tally.resent.append(sum(phone.parts(photo)) - RESUMED)
