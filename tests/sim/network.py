"""The network between phones and server: it drops, repeats, delays, reorders and cuts."""

import base64
import gzip
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.sim.simulation import Phone, Simulation

TIMEOUT_MS = 30_000
WANTED = ("retry-after", "location", "upload-offset", "hushui-receipt")
TUS = {"tus-resumable": "1.0.0"}

Http = tuple[str, str, dict[str, str], bytes]
"""Method, path, headers, body."""


class Network:
    def __init__(self, sim: "Simulation") -> None:
        self.sim = sim
        self.epoch = 0
        """Counts lives of the server: an answer of an earlier one is lost."""

    def forget(self) -> None:
        self.epoch += 1

    def send(self, phone: "Phone", effect: dict[str, Any]) -> None:
        sim, chance = self.sim, self.sim.chance
        request = effect["request"]
        sim.fired[f"request {request['type']}"] += 1
        if request["type"] == "blob_patch" and effect["bytes"] is None:
            phone.event("blob_missing", sha256=request["sha256"])
            return
        flight = Flight(self, phone, effect["id"], http_of(effect, phone))
        faulty = sim.faulty
        if not phone.online or (faulty and chance.random() < sim.rate["drop"]):
            sim.fired["request dropped"] += 1
            flight.fail("network")
            return
        wait = self._wait(faulty)
        if faulty and chance.random() < sim.rate["cut"]:
            sim.fired["request cut"] += 1
            body = flight.http[3]
            sim.after(wait, lambda: flight.arrive(chance.randint(0, len(body))))
        else:
            sim.after(wait, flight.arrive)
        if faulty and chance.random() < sim.rate["duplicate"]:
            sim.fired["request repeated"] += 1
            sim.after(wait + chance.randint(0, 60_000), flight.arrive)
        sim.after(TIMEOUT_MS, lambda: flight.fail("timeout"))

    def _wait(self, faulty: bool) -> int:
        slow = faulty and self.sim.chance.random() < self.sim.rate["slow"]
        return self.sim.chance.randint(2_000, 25_000) if slow else self.sim.chance.randint(10, 400)


class Flight:
    """One request of a phone. The core hears of it exactly once."""

    def __init__(self, network: Network, phone: "Phone", id: str, http: Http) -> None:
        self.network, self.sim, self.phone = network, network.sim, phone
        self.id, self.http, self.life = id, http, phone.life
        self.over = False

    def arrive(self, cut: int | None = None) -> None:
        sim, epoch = self.sim, self.network.epoch
        if not sim.server.open:
            self.fail("network")
            return

        def answer(status: int, headers: dict[str, str], body: bytes) -> None:
            if self.network.epoch != epoch or cut is not None:
                return
            if sim.faulty and sim.chance.random() < sim.rate["drop"]:
                sim.fired["answer dropped"] += 1
                self.fail("network")
                return
            sim.after(sim.chance.randint(10, 400), lambda: self.land(status, headers, body))

        method, path, headers, body = self.http
        sim.guard(lambda: sim.server.send(method, path, headers, body, answer, cut))
        sim.want_drain()
        if cut is not None:
            self.fail("network")

    def land(self, status: int, headers: dict[str, str], body: bytes) -> None:
        if not self._ends():
            return
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        answer: dict[str, Any] = {
            "id": self.id,
            "status": status,
            "headers": {k: headers[k] for k in WANTED if k in headers},
            "wall": self.phone.wall,
            "jitter": self.sim.chance.random(),
        }
        if body:
            answer["body"] = json.loads(body)
        if status >= 500:
            self.sim.fired[f"status {status}"] += 1
        self.phone.event("answer", **answer)

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
    headers = {"authorization": f"Bearer {phone.person.token}"}
    match request["type"]:
        case "hello" | "pull" | "check" as exchange:
            said = request["body"] | ({"wall": phone.wall} if exchange == "hello" else {})
            body = json.dumps(said, ensure_ascii=False).encode()
            return "POST", f"/api/sync/{exchange}", headers, body
        case "push":
            body = b"".join(base64.b64decode(line) + b"\n" for line in effect["lines"])
            path = f"/api/sync/push?device={request['device']}&from={request['from']}"
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
            meta = {
                "upload-offset": str(request["offset"]),
                "content-type": "application/offset+octet-stream",
            }
            return (
                "PATCH",
                request["location"],
                headers | TUS | meta,
                effect["bytes"] and (base64.b64decode(effect["bytes"])),
            )
        case other:
            raise AssertionError(other)
