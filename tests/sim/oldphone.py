"""A phone with an app of long ago, or somebody else's: it knows the format and nothing besides."""

from typing import TYPE_CHECKING, Any

import msgspec

from hushui_sync import feed
from hushui_sync.entry import At, Op
from hushui_sync.ids import uuid7
from tests.sim.people import ZONES, Person

if TYPE_CHECKING:
    from tests.sim.simulation import Simulation

EVERY_MS = 20_000
RUBBISH = (b"\xff\xfe", b"{", b"[]", b"{}", b'"\\ud800"', b"[" * 70 + b"]" * 70)
encode, decode = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode


class OldPhone:
    """Pushes from the first line the server lacks until all are there, and pulls nothing."""

    def __init__(self, sim: "Simulation", person: Person) -> None:
        self.sim, self.person = sim, person
        self.name = f"{sim.seed}-{person.name}"
        self.device, self.token = person.device, person.token
        self.life = 0
        self.contact = f"{sim.epoch}:0"
        self.head = feed.START
        self.lines: list[bytes] = []
        self.known = 0
        self.waiting = False
        self.receipts: dict[int, dict[str, Any]] = {}

    def work(self) -> None:
        chance = self.sim.chance
        if chance.random() < 0.15:
            line, entry = chance.choice(RUBBISH), ""
            self.sim.fire("line that nobody can read")
        else:
            line, entry = self._line()
            self.sim.fire("line of an old app")
        self.head = feed.chain(self.head, [line])[0]
        self.lines.append(line)
        self.sim.truth.captured(self, entry or f"{self.device}:{self.head.n}", self.head.n, line)
        self.ask()

    def _line(self) -> tuple[bytes, str]:
        """What the format lets out is left out, and what it does not know is there."""
        sim, chance = self.sim, self.sim.chance
        entry = uuid7(sim.now, chance.randbytes(10))
        fields = {"zone": chance.choice(ZONES), "class": "dump", "note": "老手机"}
        if chance.random() < 0.3:
            fields["field_of_tomorrow"] = "留着"
        op = Op("event", uuid7(sim.now, chance.randbytes(10)), "put", fields)
        at = At(sim.now, 1, self.device, 0, self.contact)
        said = decode(feed.capture(self.head, self.device, at, entry, [op]))
        del said["blobs"], said["ops"][0]["base"]
        said["mood"] = {"of": "tomorrow"}
        return encode(said), entry

    def calm(self) -> None:
        """From the first line: the ledger may have been put back without it."""
        self.known = 0
        self.ask()

    def ask(self) -> None:
        if self.waiting:
            return
        if self.known >= len(self.lines):
            return
        self.waiting = True
        self.sim.after(self.sim.chance.randint(10, 5_000), self._push)

    def _push(self) -> None:
        sim = self.sim
        self.waiting = False
        if self.known >= len(self.lines):
            return
        self.waiting = True
        sim.after(EVERY_MS, self._again)
        dropped = sim.faults.strikes("request dropped")
        if dropped or not sim.server.open or sim.must_come_first is not None:
            return
        first, life = self.known + 1, sim.network.life
        body = b"".join(line + b"\n" for line in self.lines[first - 1 :])
        path = f"/api/sync/push?device={self.device}&from={first}"
        headers = {"authorization": f"Bearer {self.token}"}

        def answer(status: int, headers: dict[str, str], body: bytes) -> None:
            if life == sim.network.life and not sim.faults.strikes("answer dropped"):
                self._hear(first, status, decode(body))

        sim.note(self.name, f"push from {first}")
        sim.guard(lambda: sim.server.send("POST", path, headers, body, answer))
        sim.want_drain()

    def _again(self) -> None:
        self.waiting = False
        self.ask()

    def _hear(self, first: int, status: int, said: dict[str, Any]) -> None:
        if status == 503:
            return
        assert status == 200, (status, said)
        match said["answer"]:
            case "gap":
                self.known = said["expected"] - 1
            case "receipts":
                self.contact = said["contact"]
                for receipt in said["receipts"]:
                    self.receipts[receipt["n"]] = receipt
                self.known = first - 1 + len(said["receipts"])
            case other:
                raise AssertionError(other)
