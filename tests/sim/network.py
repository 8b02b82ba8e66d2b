"""The network between phones and server: it drops, repeats, delays, reorders, cuts and parts."""

import base64
import gzip
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from tests.sim.phone import Phone
    from tests.sim.simulation import Simulation

TIMEOUT_MS = 30_000
WANTED = ("retry-after", "location", "upload-offset", "hushui-receipt")
TUS = {"tus-resumable": "1.0.0"}
TELLING = ("hello", "pull")
WRITING = ("push", "blob_create", "blob_head", "blob_patch")

Http = tuple[str, str, dict[str, str], bytes]
"""Method, path, headers, body."""

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder().decode


class Gone(Struct, frozen=True):
    scope: str


class Telling(Struct, frozen=True):
    """As much of a hello's or a pull's answer as is looked at here."""

    epoch: str
    grants: tuple[str, ...]
    revoked: tuple[Gone, ...]


telling = msgspec.json.Decoder(Telling).decode


class Network:
    def __init__(self, sim: "Simulation") -> None:
        self.sim = sim
        self.life = 0
        """Counts lives of the server: an answer of an earlier one is lost."""
        self.parted: dict[str, tuple[str, int]] = {}
        """Phone → which way is closed, and until when."""

    def forget(self) -> None:
        self.life += 1

    def part(self, phone: "Phone", way: str) -> None:
        self.parted[phone.name] = (way, self.sim.now + self.sim.chance.randint(5_000, 400_000))

    def is_parted(self, phone: "Phone", way: str) -> bool:
        closed, until = self.parted.get(phone.name, ("", 0))
        if not self.sim.faults.on or closed != way or until < self.sim.now:
            return False
        self.sim.fire(way)
        return True

    def send(self, phone: "Phone", effect: dict[str, Any]) -> None:
        sim, faults, chance = self.sim, self.sim.faults, self.sim.chance
        request = effect["request"]
        flight = Flight(self, phone, effect["id"], request["type"], http_of(effect, phone))
        if request["type"] == "blob_patch" and not effect["here"]:
            # As the app does: the bytes are gone, and nothing was sent that could be answered.
            phone.event("blob_missing", sha256=request["sha256"])
            flight.fail("unparsable")
            return
        sim.after(TIMEOUT_MS, flight.time_out)
        if not phone.online:
            flight.fail("network")
            return
        if faults.strikes("request dropped"):
            sim.fire("request dropped")
            flight.fail("network")
            return
        if self.is_parted(phone, "requests vanish"):
            return
        wait = chance.randint(10, 400)
        if faults.strikes("request delayed"):
            sim.fire("request delayed")
            wait = chance.randint(2_000, 40_000)
        if faults.strikes("request cut"):
            cut = chance.randint(0, len(flight.http[3]))
            sim.after(wait, lambda: flight.arrive(cut))
        else:
            sim.after(wait, flight.arrive)
        if faults.strikes("request repeated"):
            sim.after(wait + chance.randint(0, 60_000), flight.repeat)


class Flight:
    """One request of a phone. The core hears of it exactly once."""

    def __init__(self, network: Network, phone: "Phone", id: str, what: str, http: Http) -> None:
        self.network, self.sim, self.phone = network, network.sim, phone
        self.id, self.what, self.http, self.life = id, what, http, phone.life
        self.over = self.arrived = False
        self.begun = network.life
        phone.sent += 1
        self.number = phone.sent

    def repeat(self) -> None:
        self.sim.fire("request repeated")
        self.arrive()

    def arrive(self, cut: int | None = None) -> None:
        sim, life, phone = self.sim, self.network.life, self.phone
        if not sim.server.open:
            self.fail("network")
            return
        # What was under way when the ledger was put back would hide it: its connection broke.
        if sim.must_come_first is not None and (sim.must_come_first, life) != (phone, self.begun):
            self.fail("network")
            return
        if self.number < phone.arrived and not self.arrived:
            sim.fire("request reordered")
        self.arrived, phone.arrived = True, max(phone.arrived, self.number)

        def answer(status: int, headers: dict[str, str], body: bytes) -> None:
            if self.network.life == life and cut is None:
                self.answer(status, headers, body)

        method, path, headers, body = self.http
        sim.note(phone.name, self.what if cut is None else f"{self.what} cut at {cut}")
        sim.guard(lambda: sim.server.send(method, path, headers, body, answer, cut))
        sim.want_drain()
        if cut is not None:
            sim.fire("request cut")
            self.fail("network")

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        sim, faults = self.sim, self.sim.faults
        if status == 503:
            sim.fire("status 503")
        assert status < 500 or status == 503, (self.what, status, body)
        if self.what == "hello" and status == 200:
            sim.heard(decode(self.http[3])["contact"])
        elif self.what in WRITING and status < 300:
            sim.heard(self.http[2]["hushui-contact"])
        if faults.strikes("answer dropped"):
            sim.fire("answer dropped")
            self.fail("network")
            return
        if self.network.is_parted(self.phone, "answers vanish"):
            return
        if faults.strikes("answer cut") and body:
            sim.fire("answer cut")
            self.fail("unparsable" if sim.chance.random() < 0.5 else "network")
            return
        sim.after(sim.chance.randint(10, 400), lambda: self.land(status, headers, body))

    def land(self, status: int, headers: dict[str, str], body: bytes) -> None:
        if not self._ends():
            return
        phone = self.phone
        if self.number < phone.landed:
            self.sim.fire("answer reordered")
        phone.landed = max(phone.landed, self.number)
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        answer: dict[str, Any] = {
            "id": self.id,
            "status": status,
            "headers": {k: headers[k] for k in WANTED if k in headers},
            "wall": phone.wall,
            "jitter": self.sim.chance.random(),
        }
        if body:
            answer["body"] = msgspec.Raw(body)
        if status == 403 and not phone.is_out:
            phone.is_out = True
            self.sim.fire("device revoked")
        elif self.what == "pull" and status == 200 and phone.is_out:
            phone.is_out = False
            self.sim.fire("device granted again")
        asked = phone.sent
        phone.event("answer", **answer)
        if self.what in TELLING and status == 200 and phone.open:
            self._told(telling(body), asked)

    def _told(self, said: Telling, asked: int) -> None:
        phone = self.phone
        if self.what == "hello":
            if phone.epoch != said.epoch:
                # What was asked of the ledger before is not waited for any more (H03).
                phone.epoch, phone.given_up = said.epoch, asked
        elif self.number <= phone.given_up:
            return
        # What another ledger says is not believed before its hello (H03).
        if said.epoch == phone.epoch:
            granted = set(said.grants)
            gone = {item.scope for item in said.revoked} - granted
            phone.hides(gone)
            self._tell_rights(gone, granted)

    def _tell_rights(self, gone: set[str], granted: set[str]) -> None:
        phone = self.phone
        for scope in gone - phone.gone:
            if scope.startswith("zone:"):
                self.sim.fire("zone revoked")
            elif scope.startswith("org:"):
                self.sim.fire("person revoked")
        for scope in granted & phone.gone:
            if scope.startswith("zone:"):
                self.sim.fire("zone granted again")
            elif scope.startswith("org:"):
                self.sim.fire("person granted again")
        phone.gone = gone

    def time_out(self) -> None:
        if not self.over and self.life == self.phone.life:
            self.sim.fire("request timed out")
            self.fail("timeout")

    def fail(self, reason: str) -> None:
        if self.over:
            return
        jitter = self.sim.chance.random()

        def tell() -> None:
            if self._ends():
                self.phone.event("failed", id=self.id, reason=reason, jitter=jitter)

        self.sim.after(1, tell)

    def _ends(self) -> bool:
        """True once, and only for the life of the page that sent it."""
        if self.over or self.life != self.phone.life:
            return False
        self.over = True
        return True


def http_of(effect: dict[str, Any], phone: "Phone") -> Http:
    request = effect["request"]
    headers = {"authorization": f"Bearer {phone.token}"}
    if request["type"] in WRITING:
        headers["hushui-contact"] = effect["contact"]
    match request["type"]:
        case "hello" | "pull" | "check" as exchange:
            said = request["body"] | ({"wall": phone.wall} if exchange == "hello" else {})
            if exchange == "pull" and phone.zips:
                headers["accept-encoding"] = "gzip"
            return "POST", f"/api/sync/{exchange}", headers, encode(said)
        case "push":
            body = b"".join(base64.b64decode(line) + b"\n" for line in effect["lines"])
            path = f"/api/sync/push?device={request['device']}&from={request['from']}"
            path += f"&lost={request['lost']}" if "lost" in request else ""
            if phone.zips:
                headers["content-encoding"] = "gzip"
                body = gzip.compress(body, 1, mtime=0)
            return "POST", path, headers, body
        case "blob_create":
            name = base64.b64encode(request["sha256"].encode()).decode()
            mime = base64.b64encode(request["mime"].encode()).decode()
            meta = {
                "upload-length": str(request["size"]),
                "upload-metadata": f"sha256 {name},type {mime}",
            }
            return "POST", "/api/blobs", headers | TUS | meta, b""
        case "blob_head":
            return "HEAD", request["location"], headers | TUS, b""
        case "blob_patch":
            begin, length = request["offset"], request["length"]
            meta = {
                "upload-offset": str(begin),
                "content-type": "application/offset+octet-stream",
            }
            bytes = phone.sim.photos[request["sha256"]][begin : begin + length]
            return "PATCH", request["location"], headers | TUS | meta, bytes
        case other:
            raise AssertionError(other)
