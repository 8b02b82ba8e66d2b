"""Phones that run today's TypeScript core, against a real app on a folder that may be put back.
One clock for all; requests are answered at once."""

import base64
import gzip
import heapq
import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from hushui.app import create_app
from hushui.domain.policy import Domain
from hushui.ledger import LedgerWriter
from hushui.ports import Ports
from hushui.settings import Settings
from hushui.storage.files import Files
from hushui.storage.sqlite import SqliteStore
from hushui.verify import verify
from hushui_sync import digest
from hushui_sync.ids import uuid7
from tests.web.house import House

ROOT = Path(__file__).parents[2]
MINUTE = 60_000
EMPTY = digest.text(digest.EMPTY)
WANTED = ("retry-after", "location", "upload-offset", "hushui-receipt")
TUS = {"tus-resumable": "1.0.0"}


def bundled(folder: Path) -> Path:
    """`phone.ts` as plain JavaScript."""
    script = folder / "phone.mjs"
    subprocess.run(
        [
            *("npx", "--no-install", "rolldown", "tests/web/phone.ts", "--platform", "node"),
            *("--format", "esm", "--file", str(script)),
        ],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return script


class Node:
    def __init__(self, script: Path) -> None:
        self.process = subprocess.Popen(
            ["node", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )

    def call(self, phone: str, fn: str, **more: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = json.dumps({"phone": phone, "fn": fn, **more})
        self.process.stdin.write(asked.encode() + b"\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


class World:
    """A house with phones, and its server, which ends and begins again."""

    def __init__(self, folder: Path, node: Node) -> None:
        self.folder, self.node = folder, node
        with House(folder) as house:
            self.now, self.org, self.zone = house.now, house.org, house.zone
            people = {"li": house.patroller, "sun": house.colleague, "desk": house.office}
            joined = {name: house.enrol(person, name) for name, person in people.items()}
            epoch = house.store.ledger().epoch
        self.ports = Ports(now=lambda: self.now, new_id=self.id, random=os.urandom)
        self.noticed: Counter[str] = Counter()
        self.start()
        self.phones = {
            name: Phone(self, name, people[name], joined[name].device, joined[name].token, epoch)
            for name in people
        }
        for phone in self.phones.values():
            phone.event("start", online=True)

    def start(self) -> None:
        self.store, self.files = SqliteStore(self.folder / "hushui.db"), Files(self.folder)
        self.ledger = LedgerWriter(self.store, self.ports, Domain())
        settings = Settings(data=self.folder, demo=False)
        self.client = TestClient(create_app(settings, self.ports, self.store, self.files))
        self.client.__enter__()

    def end(self) -> None:
        self.client.__exit__(None, None, None)
        self.store.close()

    def id(self) -> str:
        return uuid7(self.now, os.urandom(10))

    def wait(self, minutes: int) -> None:
        """As many timers as ring until then."""
        end = self.now + minutes * MINUTE
        for _ in range(5_000):
            rings = [(phone.due, name) for name, phone in self.phones.items() if phone.due]
            at, name = heapq.nsmallest(1, rings)[0] if rings else (end + 1, "")
            if at > end:
                self.now = end
                return
            self.now = max(self.now, int(at))
            self.phones[name].event("tick")
        raise AssertionError("they never come to rest")

    def whole(self) -> None:
        """Nothing captured is missing, phones and server say the same of it, and hold the same."""
        for phone in self.phones.values():
            seen = phone.look()
            assert seen["counts"]["lines"] == seen["counts"]["photos"] == 0, seen["counts"]
            for n, line in enumerate(phone.captured, 1):
                stored = self.store.line(phone.device, n)
                newest = self.store.newest(phone.device, n)
                assert stored is not None
                assert newest is not None
                assert stored.bytes == line
                told = seen["lines"][n - 1]["receipt"]
                assert (told["number"], told["verdict"]) == (newest.number, newest.verdict)
            for scope in seen["grants"]:
                head = self.store.scope(scope)
                mine = seen["scopes"].get(scope, {"members": {}, "digest": EMPTY})
                assert mine["members"] == dict(self.store.members(scope)), (phone.name, scope)
                assert mine["digest"] == (digest.text(head.digest) if head else EMPTY)
        assert verify(self.store, self.files, Domain()) == []


class Phone:
    def __init__(
        self, world: World, name: str, person: str, device: str, token: str, epoch: str
    ) -> None:
        self.world, self.name, self.device, self.token = world, name, device, token
        self.begun, self.online = world.now, True
        self.due: float | None = None
        self.captured: list[bytes] = []
        who = {"device": device, "person": person, "org": world.org, "epoch": epoch}
        self.call("create", identity={**who, "contact": f"{epoch}:0", "app": "test"})

    def call(self, fn: str, **more: Any) -> dict[str, Any]:
        """Then everything that it wants done, and what follows from that."""
        now = self.world.now - self.begun
        answer = self.world.node.call(self.name, fn, now=now, **more)
        wanted = list(answer.get("effects", ()))
        while wanted:
            effect = wanted.pop(0)
            match effect["type"]:
                case "send":
                    said = self._sent(effect)
                    wanted += self.world.node.call(self.name, "event", event={**said, "now": now})[
                        "effects"
                    ]
                case "store":
                    stored = self.world.node.call(self.name, "stored", id=effect["id"], now=now)
                    wanted += stored["effects"]
                case "timer":
                    self.due = self.begun + effect["at"]
                case _:
                    self.world.noticed[effect["notice"]["what"]] += 1
        return answer

    def event(self, type: str, **more: Any) -> None:
        if type == "tick":
            self.due = None
        now = self.world.now - self.begun
        self.call("event", event={"type": type, "now": now, **more})

    def set_online(self, online: bool) -> None:
        self.online = online
        self.event("online" if online else "offline")

    def capture(self, kind: str, record: str, photo: bytes | None = None, **fields: Any) -> None:
        op = {"kind": kind, "record": record, "act": "put", "set": fields, "base": {}}
        blobs = [self.photo(photo)] if photo is not None else []
        at = {"wall": self.world.now, "mono": 0, "boot": self.device}
        draft = {"id": self.world.id(), "ops": [op], "blobs": blobs}
        answer = self.call("capture", draft=draft, at=at)
        self.captured.append(base64.b64decode(answer["line"]))

    def photo(self, bytes: bytes) -> str:
        return str(self.call("photo", bytes=base64.b64encode(bytes).decode())["sha256"])

    def look(self, record: str = "") -> dict[str, Any]:
        return self.call("look", record=record)

    def _sent(self, effect: dict[str, Any]) -> dict[str, Any]:
        if not self.online:
            return {"type": "failed", "id": effect["id"], "reason": "network"}
        method, path, headers, body = self._http(effect)
        headers["authorization"] = f"Bearer {self.token}"
        if "body" not in effect["request"]:
            headers["hushui-contact"] = effect["contact"]
        answer = self.world.client.request(method, path, headers=headers, content=body)
        said: dict[str, Any] = {
            "type": "answer",
            "id": effect["id"],
            "status": answer.status_code,
            "headers": {name: answer.headers[name] for name in WANTED if name in answer.headers},
            "wall": self.world.now,
        }
        return said | ({"body": answer.json()} if answer.content else {})

    def _http(self, effect: dict[str, Any]) -> tuple[str, str, dict[str, str], bytes]:
        request = effect["request"]
        match request["type"]:
            case "hello" | "pull" | "check" as what:
                wall = {"wall": self.world.now} if what == "hello" else {}
                body = json.dumps(request["body"] | wall).encode()
                return "POST", f"/api/sync/{what}", {}, body
            case "push":
                lines = b"".join(base64.b64decode(line) + b"\n" for line in effect["lines"])
                path = f"/api/sync/push?device={request['device']}&from={request['from']}"
                path += f"&lost={request['lost']}" if "lost" in request else ""
                return "POST", path, {"content-encoding": "gzip"}, gzip.compress(lines)
            case "blob_create":
                name, mime = (
                    base64.b64encode(request[it].encode()).decode() for it in ("sha256", "mime")
                )
                length = {"upload-length": str(request["size"])}
                meta = {"upload-metadata": f"sha256 {name},type {mime}"}
                return "POST", "/api/blobs", TUS | length | meta, b""
            case "blob_head":
                return "HEAD", request["location"], dict(TUS), b""
            case _:
                where = {"upload-offset": str(request["offset"])}
                sort = {"content-type": "application/offset+octet-stream"}
                bytes = base64.b64decode(effect["bytes"])
                return "PATCH", request["location"], TUS | where | sort, bytes
