"""A person's phone as the simulation sees it from outside."""

import base64
from math import ceil
from typing import TYPE_CHECKING, Any

from hushui_sync.ids import uuid7
from tests.sim.people import ORG, Person

if TYPE_CHECKING:
    from tests.sim.simulation import Simulation

YEAR = 365 * 86_400_000
CACHE = ["receipts", "rows", "members", "cursors", "meta"]
"""What the app keeps beside the outbox; it may go at any time and comes back from the server."""


class Stuck(AssertionError):
    """Something did not end in bounded time once the faults had stopped (H07)."""


class Phone:
    def __init__(self, sim: "Simulation", person: Person, name: str) -> None:
        self.sim, self.person, self.name = sim, person, name
        self.device, self.token = person.device, person.token
        self.online = True
        self.enrolled = True
        """False: the stores are gone, and the new code has not been used yet."""
        self.born = sim.now
        self.skew = 0
        self.life = 0
        """Counts pages: what was meant for an earlier one does not reach this one."""
        self.open = False
        self.timer = 0
        self.sent = self.arrived = self.landed = self.given_up = 0
        self.full_until = 0
        self.zips = False
        self.moving = False
        """A ticket is on its way, or a code after the server forgot the device."""
        self.epoch = ""
        """Of the last hello that was answered."""
        self.gone: set[str] = set()
        """Scopes that the last answer called revoked."""
        self.is_out = False
        """The server has said that the device is revoked."""

    def create(self, epoch: str) -> None:
        self.sim.phones.call(self.name, "create", identity=self.identity(epoch))

    def identity(self, epoch: str) -> dict[str, Any]:
        return {
            "device": self.device,
            "person": self.person.id,
            "org": ORG,
            "epoch": epoch,
            "contact": f"{epoch}:0",
            "app": "sim",
        }

    @property
    def mono(self) -> int:
        return self.sim.now - self.born

    @property
    def wall(self) -> int:
        return self.sim.now + self.skew

    def call(self, fn: str, **more: Any) -> dict[str, Any]:
        return self.sim.phones.call(self.name, fn, **more)

    def event(self, type: str, **more: Any) -> None:
        self.effects(self.call("event", event={"type": type, "now": self.mono, **more})["effects"])

    def start(self) -> None:
        if not self.open and self.enrolled:
            self.life, self.open = self.life + 1, True
            self.event("start", online=self.online)

    def set_online(self, online: bool) -> None:
        if online != self.online:
            self.online = online
            if self.open:
                self.event("online" if online else "offline")

    def crash(self) -> None:
        if self.open:
            self.call("crash")
            self.killed()

    def killed(self) -> None:
        """Somebody opens the page again: by and by, or for the next thing to write."""
        self.life, self.open = self.life + 1, False
        self.sim.after(self.sim.chance.randint(100, 60_000), self.start)

    # what a person does -----------------------------------------------------------------------
    def capture(
        self,
        ops: list[dict[str, Any]],
        blobs: list[str] | None = None,
        replaces: str | None = None,
    ) -> str | None:
        """The entry's id; None when the kill came before it was on the disk."""
        sim, faults = self.sim, self.sim.faults
        id = uuid7(max(0, self.wall), sim.chance.randbytes(10))
        draft: dict[str, Any] = {"id": id, "ops": ops, "blobs": blobs or []}
        if replaces is not None:
            draft["replaces"] = replaces
        more: dict[str, Any] = {}
        for when in ("before", "after"):
            if not more and faults.strikes(f"phone killed {when} its line"):
                more = {"crash": when}
        if not more and faults.strikes("two tabs"):
            more = {"told": False}
        answer = self.call("capture", draft=draft, wall=self.wall, now=self.mono, **more)
        line = answer["line"]
        if line is not None:
            sim.truth.captured(self, line["id"], line["n"], base64.b64decode(line["bytes"]))
        sim.note(self.name, f"captured {ops[0]['act']} {ops[0]['kind']} {more or ''}")
        if "crash" in more:
            sim.fire(f"phone killed {more['crash']} its line")
            self.killed()
            return id if line is not None else None
        if "told" in more:
            sim.fire("two tabs")
            life, n = self.life, line["n"]
            sim.after(sim.chance.randint(1, 20_000), lambda: self.tell(life, n, n))
            return id
        self.reads_own(ops, answer["shown"])
        self.effects(answer["effects"])
        return id

    def reads_own(self, ops: list[dict[str, Any]], shown: dict[str, Any]) -> None:
        """Read your writes: what was just captured is what the page shows (H05)."""
        for op in ops:
            if op["act"] not in ("put", "del", "undel"):
                continue
            view = shown[op["record"]]
            assert view is not None, ("read your writes", op)
            if op["act"] == "put":
                seen = {name: view["fields"].get(name) for name in op["set"]}
                assert seen == op["set"], ("read your writes", op, view)
            else:
                assert view["deleted"] == (op["act"] == "del"), ("read your writes", op, view)
            self.sim.checked["own_writes_are_read"] += 1

    def tell(self, life: int, first: int, last: int) -> None:
        """This tab hears what another one wrote."""
        if self.life == life:
            answer = self.call("tell", **{"from": first, "to": last}, now=self.mono)
            self.effects(answer["effects"])

    def look_for(self, life: int, first: int, last: int) -> None:
        """As the app does: what the disk has is told, and only what it has not is given up."""
        if self.life != life:
            return
        self.tell(life, first, last)
        if first in self.sim.truth.gone.get(self.name, ()):
            self.effects(self.call("gone", **{"from": first}, now=self.mono)["effects"])

    def photo(self, bytes: bytes) -> str:
        sha256 = self.sim.keep_photo(self, bytes)
        answer = self.call("photo", sha256=sha256, size=len(bytes), now=self.mono)
        self.effects(answer["effects"])
        return sha256

    def lose_photo(self, sha256: str) -> None:
        self.effects(self.call("lose", sha256=sha256, now=self.mono)["effects"])

    def free(self) -> None:
        self.effects(self.call("free", now=self.mono)["effects"])

    def choices(self, *kinds: str) -> list[dict[str, Any]]:
        """The records of these kinds that the phone shows, by id; each with its author."""
        choices = self.call("choices", kinds=kinds)["choices"]
        return sorted(choices, key=lambda choice: str(choice["record"]))

    def view(self, record: str) -> dict[str, Any]:
        view: dict[str, Any] = self.call("view", record=record)["view"]
        return view

    def standing(self, zone: str) -> list[str]:
        """The grants of this zone that the phone shows and that nobody ended, by id."""
        return sorted(self.call("standing", zone=zone)["grants"])

    def hides(self, gone: set[str]) -> None:
        """What was just said to be revoked is seen no more (S09)."""
        if gone:
            leaks = self.call("leaks", scopes=sorted(gone))["leaks"]
            assert not leaks, ("visible after its revoke", self.name, sorted(gone), leaks[:3])
            self.sim.checked["revoked_is_hidden"] += 1

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
        sim = self.sim
        sim.note(self.name, notice["what"])
        match notice["what"]:
            case "stopped":
                self._stopped(notice["stop"])
            case "lines_lost":
                lost = (self.device, notice["from"], notice["to"])
                sim.told_lost.add(lost)
                feed = sim.truth.feed(self.name)
                some = [feed[n] for n in range(lost[1], lost[2] + 1) if n in feed]
                sim.when_open(lambda: sim.truth.sweep(some, sim.server))
                sim.fire("lines told lost")
            case "unauthenticated" | "unknown_device":
                assert sim.put_back, (self.name, notice)
                sim.enrol_again(self)
            case "rejected" if notice["status"] < 500:
                assert notice["code"] == "device_revoked", (self.name, notice)
                assert sim.was_revoked(self.device), (self.name, notice)

    def _stopped(self, stop: dict[str, Any]) -> None:
        sim, life = self.sim, self.life
        match stop["why"]:
            case "fork":
                sim.fire("fork")
                sim.go_on(self, stop)
            case "lines_missing":
                # Another tab wrote them and its word was lost, or the disk lost them.
                assert stop["to"] >= stop["from"], (self.name, stop)
                sim.after(50, lambda: self.look_for(life, stop["from"], stop["to"]))
            case _:
                raise Stuck(f"{self.name}: {stop}")

    def _store(self, id: str) -> None:
        sim, faults, how = self.sim, self.sim.faults, "ok"
        if faults.on and sim.now < self.full_until:
            how = "fail"
            sim.fire("phone's disk full")
        elif faults.strikes("phone's store fails"):
            how = "fail"
            sim.fire("phone's store fails")
        elif faults.strikes("phone killed before storing"):
            how = "crash_before"
        elif faults.strikes("phone killed after storing"):
            how = "crash_after"
        life = self.life

        def end() -> None:
            if self.life != life:
                return
            answer = self.call("store", id=id, how=how, now=self.mono)
            if how.startswith("crash"):
                sim.fire(f"phone killed {how.removeprefix('crash_')} storing")
                self.killed()
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
