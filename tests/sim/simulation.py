"""One seed: phones, people, a bad network and a server that dies, on one virtual clock."""

import base64
import heapq
import shutil
from collections import Counter
from collections.abc import Callable
from math import ceil
from random import Random
from typing import Any

from hushui_sync.ids import uuid7
from tests.sim.network import Network
from tests.sim.people import ORG, PHONES, Person, store_folder
from tests.sim.phones import Phones
from tests.sim.server import Kill, Server
from tests.sim.work import Work
from tests.support import ids

STEPS = 200
QUIET_MS = 45 * 60_000
MAX_EVENTS = 200_000
TEN_YEARS = 10 * 365 * 86_400_000
SKEWS = (0, 0, 0, 400_000, -90_000, TEN_YEARS, -TEN_YEARS)


class Stuck(AssertionError):
    """The outbox did not drain in bounded time once the faults had stopped (H07)."""


class Phone:
    """A person's phone as the simulation sees it from outside."""

    def __init__(self, sim: "Simulation", person: Person) -> None:
        self.sim, self.person = sim, person
        self.name = f"{sim.seed}-{person.name}{person.phone}"
        self.online = True
        self.born = sim.now
        self.skew = sim.chance.choice(SKEWS)
        self.life = 0
        """Counts pages: what was meant for an earlier one does not reach this one."""
        self.open = False
        self.timer = 0
        self.captured: dict[int, bytes] = {}
        self.photos: dict[str, bytes] = {}
        epoch = sim.server.store.ledger().epoch
        identity = {
            "device": person.device,
            "person": person.id,
            "org": ORG,
            "epoch": epoch,
            "contact": f"{epoch}:0",
            "app": "sim",
        }
        sim.phones.call(self.name, "create", identity=identity)

    @property
    def mono(self) -> int:
        return self.sim.now - self.born

    @property
    def wall(self) -> int:
        return self.sim.now + self.skew

    def event(self, type: str, **more: Any) -> None:
        sent = {"type": type, "now": self.mono, **more}
        self.effects(self.sim.phones.call(self.name, "event", event=sent)["effects"])

    def start(self) -> None:
        if not self.open:
            self.life, self.open = self.life + 1, True
            self.event("start", online=self.online)

    def set_online(self, online: bool) -> None:
        if online != self.online:
            self.online = online
            if self.open:
                self.event("online" if online else "offline")

    def crash(self) -> None:
        if self.open:
            self.sim.fired["phone killed"] += 1
            self.sim.phones.call(self.name, "crash")
            self._killed()

    def _killed(self) -> None:
        """Somebody opens the page again: by and by, or for the next thing to write."""
        self.life, self.open = self.life + 1, False
        self.sim.after(self.sim.chance.randint(100, 60_000), self.start)

    # what a person does -----------------------------------------------------------------------
    def capture(
        self,
        ops: list[dict[str, Any]],
        blobs: list[str] | None = None,
        replaces: str | None = None,
        crash: str | None = None,
    ) -> str | None:
        """The entry's id; None when the kill came before it was on the disk."""
        sim = self.sim
        id = uuid7(sim.now, sim.chance.randbytes(10))
        draft = {"id": id, "ops": ops, "blobs": blobs or []}
        if replaces is not None:
            draft["replaces"] = replaces
        more = {"crash": crash} if crash else {}
        answer = sim.phones.call(
            self.name, "capture", draft=draft, wall=self.wall, now=self.mono, **more
        )
        line = answer["line"]
        if line is not None:
            self.captured[line["n"]] = base64.b64decode(line["bytes"])
            sim.fired["line captured"] += 1
        if crash:
            sim.fired[f"phone killed {crash} its line"] += 1
            self._killed()
            return id if line is not None else None
        self.effects(answer["effects"])
        return id

    def photo(self, bytes: bytes) -> str:
        sent = base64.b64encode(bytes).decode()
        answer = self.sim.phones.call(self.name, "photo", bytes=sent, now=self.mono)
        self.photos[answer["sha256"]] = bytes
        self.effects(answer["effects"])
        return str(answer["sha256"])

    def views(self) -> list[dict[str, Any]]:
        views: list[dict[str, Any]] = self.sim.phones.call(self.name, "view")["views"]
        return views

    def dump(self) -> dict[str, Any]:
        return self.sim.phones.call(self.name, "dump")

    # what the core wants ----------------------------------------------------------------------
    def effects(self, effects: list[dict[str, Any]]) -> None:
        for effect in effects:
            match effect["type"]:
                case "send":
                    self.sim.network.send(self, effect)
                case "store":
                    self._store(effect["id"])
                case "timer":
                    self._set_timer(effect["at"])
                case _:
                    self._notice(effect["notice"])

    def _notice(self, notice: dict[str, Any]) -> None:
        self.sim.fired[f"notice {notice['what']}"] += 1
        if notice["what"] == "stopped":
            raise Stuck(f"{self.name}: push stopped: {notice}")
        if notice["what"] in ("unauthenticated", "unknown_device"):
            raise Stuck(f"{self.name}: {notice}")
        if notice["what"] == "rejected" and notice["status"] < 500:
            raise AssertionError(f"{self.name}: {notice}")

    def _store(self, id: str) -> None:
        sim, how = self.sim, "ok"
        if sim.faulty and sim.chance.random() < sim.rate["store"]:
            how = sim.chance.choice(["fail", "crash_before", "crash_after"])
        life = self.life

        def end() -> None:
            if self.life != life:
                return
            if how != "ok":
                sim.fired[f"phone store {how}"] += 1
            answer = sim.phones.call(self.name, "store", id=id, how=how, now=self.mono)
            if how.startswith("crash"):
                self._killed()
            else:
                self.effects(answer["effects"])

        sim.after(sim.chance.randint(1, 50), end)

    def _set_timer(self, at: int) -> None:
        self.timer += 1
        timer, life = self.timer, self.life

        def ring() -> None:
            if (self.timer, self.life) == (timer, life):
                self.event("tick")

        self.sim.after(max(0, ceil(at) - self.mono), ring)


class Simulation:
    def __init__(self, seed: int, phones: Phones, steps: int = STEPS) -> None:
        self.seed, self.phones, self.steps = seed, phones, steps
        self.chance = Random(seed)
        self.now = ids.NOW
        self.fired: Counter[str] = Counter()
        self.faulty = True
        self.events: list[tuple[int, int, Callable[[], None]]] = []
        self.count = 0
        draw = self.chance.random
        self.rate = {
            "drop": draw() * 0.3,
            "duplicate": draw() * 0.2,
            "cut": draw() * 0.2,
            "slow": draw() * 0.3,
            "store": draw() * 0.05,
            "kill": draw() * 0.1,
            "crash": draw() * 0.1,
        }
        self.folder = store_folder()
        self.server = Server(self.folder, lambda: self.now, Random(seed + 1))
        self.network = Network(self)
        self.draining = False
        self.all = [Phone(self, person) for person in PHONES]
        self.work = Work(self)

    def close(self) -> None:
        if self.server.open:
            self.server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    # the clock --------------------------------------------------------------------------------
    def after(self, wait: int, run: Callable[[], None]) -> None:
        self.count += 1
        heapq.heappush(self.events, (self.now + wait, self.count, run))

    def run(self) -> None:
        """Work under faults, then quiet until everything has settled."""
        for phone in self.all:
            phone.start()
        at = 0
        for _ in range(self.steps):
            at += self.chance.randint(100, 20_000)
            self.after(at, self._step)
        self.after(at + 1_000, self._calm)
        self._until(self.now + at + 2_000)
        self._until(self.now + QUIET_MS)
        for line in self.server.store.every_line():
            receipt = self.server.store.newest(line.device, line.n)
            assert receipt is not None
            self.fired[f"verdict {receipt.verdict}"] += 1

    def _until(self, end: int) -> None:
        events = 0
        while self.events and self.events[0][0] <= end:
            at, _, run = heapq.heappop(self.events)
            self.now = at
            run()
            events += 1
            if events > MAX_EVENTS:
                raise Stuck("more events than a phone's life has")
        self.now = end

    def _step(self) -> None:
        phone = self.chance.choice(self.all)
        match self.chance.random():
            case x if x < 0.1:
                phone.set_online(not phone.online)
                self.fired["phone off or on line"] += 1
            case x if x < 0.1 + self.rate["crash"] * 0.3:
                phone.crash()
            case x if x < 0.1 + (self.rate["crash"] + self.rate["kill"]) * 0.3:
                self._arm_kill()
            case _:
                phone.start()
                self.work.do(phone)

    def _calm(self) -> None:
        self.faulty = False
        self.server.store.statements_left = None
        if not self.server.open:
            self._restart()
        for phone in self.all:
            phone.set_online(True)
            phone.start()

    # the server -------------------------------------------------------------------------------
    def _arm_kill(self) -> None:
        if self.server.open:
            self.server.store.statements_left = self.chance.randint(1, 40)
            self.server.store.after = self.chance.random() < 0.5

    def want_drain(self) -> None:
        """The writer thread's turn comes a little later: what arrives meanwhile joins its group."""
        if not self.draining:
            self.draining = True
            self.after(self.chance.randint(1, 30), self._drain)

    def _drain(self) -> None:
        self.draining = False
        if self.server.open:
            self.guard(self.server.drain)

    def guard(self, run: Callable[[], None]) -> None:
        """Whatever touches the server may be what kills it."""
        try:
            run()
        except Kill:
            self.fired["server killed"] += 1
            self.server.kill()
            self.network.forget()
            self.after(self.chance.randint(1_000, 120_000), self._restart)

    def _restart(self) -> None:
        if not self.server.open:
            self.server.start()
            self.draining = False
