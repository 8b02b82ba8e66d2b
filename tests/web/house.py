"""A whole server in this process for tests: the real app on a real SQLite file, with a clock and
chance of its own."""

import gzip
import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from httpx import Response
from litestar.testing import TestClient
from msgspec import structs

from hushui.actions import organisation
from hushui.actions.codes import code_for
from hushui.actions.passwords import password_hash
from hushui.app import create_app, open_epoch
from hushui.domain.days import DAY_MS
from hushui.domain.policy import Domain
from hushui.kinds import KINDS
from hushui.kinds.describe import unseen_in
from hushui.ledger import LedgerWriter, SystemLine, Task
from hushui.ports import Ports
from hushui.settings import Settings
from hushui.storage.files import Files
from hushui.storage.sqlite import SqliteStore
from hushui.storage.store import Account, Code
from hushui_sync.entry import Op
from hushui_sync.ids import uuid7
from tests.support import ids
from tests.support.phone import Phone, op

SHAPE: dict[str, Any] = {
    "polygon": [[124.33, 43.17], [124.34, 43.17], [124.34, 43.18], [124.33, 43.18]],
    "line": [[124.33, 43.175], [124.34, 43.176]],
    "chainage_start": 0,
}
PLACE = {"source": "none"}


def excused(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Of a new record; without the photos it should come with it says why."""
    unseen = kind in KINDS and unseen_in(KINDS[kind], fields, ()) is not None
    return {**fields, "no_photo_reason": "夜里"} if unseen else fields


ONE_MORE = count(1)


def apart(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Each time another day, area or code: no two stand in each other's way (V11)."""
    number = next(ONE_MORE)
    match kind:
        case "duty_shift":
            return fields | {name: fields[name] + number * DAY_MS for name in ("start", "end")}
        case "response":
            return fields | {"area": f"{fields['area']} {number}"}
        case "member":
            return fields | {"code": f"{fields['code']}-{number}"}
        case "zone":
            return fields | {"code": f"{100_000 + number}-NBH-Z01"}
        case _:
            return dict(fields)


def fact(kind: str, record: str, **fields: Any) -> Op:
    """A new record."""
    return op(kind, record, **excused(kind, fields))


class House:
    """One organisation with an office, an administrator and two patrollers, and a second one."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.now = ids.NOW
        self.count = 0
        given: dict[str, Any] = {"data": folder, "demo": False, "live_ping_s": 0.2, **settings}
        self.settings = Settings(**given)
        self.ports = Ports(now=lambda: self.now, new_id=self._id, random=self._random)
        self.store = SqliteStore(folder / "hushui.db")
        self.files = Files(folder)
        open_epoch(self.store, self.ports)
        self.ledger = LedgerWriter(self.store, self.ports, Domain())
        self.org, self.other_org = ids.make("org one"), ids.make("org two")
        self._found(self.org, "nbh", "四平市南北河管理中心")
        self._found(self.other_org, "xt", "衡南县新塘电灌站")
        self.zone = self.make_zone("zone", "220300-NBH-Z03")
        self.office = self.member("周汛", "duty_officer")
        self.admin = self.member("管理员", "admin")
        self.patroller = self.member("张河", "member", zone=self.zone)
        self.colleague = self.member("孙澜", "member")
        self.stranger = self.member("谭泵", "duty_officer", org=self.other_org)
        self.account("zhouxun", self.office)
        self.app = create_app(self.settings, self.ports, self.store, self.files)
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def __enter__(self) -> "House":
        self.client.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.client.__exit__(*error)
        self.store.close()

    # people and places ------------------------------------------------------------------------
    def _found(self, org: str, code: str, name: str) -> None:
        organisation.make(self.ledger, org, code, name, demo=False, now=self.now)

    def member(self, name: str, *roles: str, org: str | None = None, zone: str = "") -> str:
        person = ids.make(name)
        fields: dict[str, Any] = {"name": name, "code": f"NBH-{name}", "roles": list(roles)}
        self.system(op("member", person, **fields), org=org)
        if zone:
            self.grant(person, zone)
        return person

    def grant(self, person: str, zone: str) -> str:
        grant = ids.make(f"grant {person} {zone}")
        self.system(op("grant", grant, person=person, zone=zone, role="member"))
        return grant

    def make_zone(self, name: str, code: str) -> str:
        zone = ids.make(name)
        self.system(op("zone", zone, code=code, name="南河中段", **SHAPE))
        return zone

    def account(self, login: str, person: str, password: str = "right password") -> None:
        hashed = password_hash(password, self.ports)
        with self.store.transaction():
            self.store.put_account(Account(self.org, login, person, hashed))

    def system(self, *ops: Op, org: str | None = None) -> None:
        receipt = self.ledger.drain([SystemLine(org or self.org, ops)])[0]
        assert receipt.verdict == "applied", receipt

    def before_guards(self, *ops: Op) -> None:
        """What an older version took, which asked nothing of others."""
        kinds = {code: structs.replace(kind, guards=()) for code, kind in KINDS.items()}
        older = LedgerWriter(self.store, self.ports, Domain(kinds))
        receipt = older.drain([SystemLine(self.org, ops)])[0]
        assert receipt.verdict == "applied", receipt

    def code(self, person: str, org: str | None = None) -> str:
        made = self.ledger.drain([Task(code_for(self.ports, org or self.org, person))])[0]
        assert isinstance(made, Code), made
        return made.code

    # talking to it ----------------------------------------------------------------------------
    def enrol(self, person: str, name: str = "phone", org: str | None = None) -> "Handset":
        device = ids.make(f"{name} of {person}")
        asked = {"code": self.code(person, org), "device": device, "key": "a2V5", "label": name}
        answer = self.client.post("/api/enrol", json=asked)
        assert answer.status_code == 200, answer.text
        return Handset(self, device, answer.json()["token"], answer.json()["epoch"])

    def sign_in(self, login: str = "zhouxun", **changes: Any) -> Response:
        asked = {
            "org": "nbh",
            "login": login,
            "password": "right password",
            "device": ids.make(f"browser {login}"),
            "key": "a2V5",
            **changes,
        }
        return self.client.post("/api/session", json=asked)

    def _id(self) -> str:
        return uuid7(self.now, self._random(10))

    def _random(self, n: int) -> bytes:
        self.count += 1
        return sha256(f"chance {self.count}".encode()).digest()[:n]


class Handset:
    """An enrolled phone: its feed, and its requests."""

    def __init__(self, house: House, device: str, token: str, epoch: str) -> None:
        self.house, self.device, self.token = house, device, token
        self.phone = Phone(device, epoch)
        self.headers = {"Authorization": f"Bearer {token}"}

    def send(self, method: str, path: str, **request: Any) -> Response:
        headers = self.headers | request.pop("headers", {})
        return self.house.client.request(method, path, headers=headers, **request)

    def push(self, start: int = 1, *, packed: bool = False, device: str | None = None) -> Response:
        body = b"".join(line + b"\n" for line in self.phone.lines[start - 1 :])
        headers = {"Content-Encoding": "gzip"} if packed else {}
        return self.push_bytes(gzip.compress(body) if packed else body, start, headers, device)

    def push_bytes(
        self,
        body: bytes,
        start: int = 1,
        headers: dict[str, str] | None = None,
        device: str | None = None,
        lost: int | None = None,
    ) -> Response:
        path = f"/api/sync/push?device={device or self.device}&from={start}"
        path += "" if lost is None else f"&lost={lost}"
        return self.send("POST", path, content=body, headers=headers or {})

    def hazard(self, name: str, *blobs: str, zone: str | None = None) -> str:
        """Captures a hazard in the zone; answers the record's id."""
        record = ids.make(name)
        fields = {
            "type": ["piping"],
            "sort": "acute",
            "level": "general",
            "zone": zone or self.house.zone,
            "place": PLACE,
            "note": name,
        }
        self.phone.capture(op("hazard", record, **hazard_fields(fields)), blobs=blobs)
        return record

    def hello(self, **changes: Any) -> Response:
        head = self.phone.head
        asked = {
            "device": self.device,
            "app": "test",
            "format": 1,
            "head": {"n": head.n, "hash": head.hash},
            "pending": {"lines": head.n, "blobs": 0},
            "contact": self.phone.at.contact,
            "wall": self.house.now,
            **changes,
        }
        return self.send("POST", "/api/sync/hello", json=asked)

    def pull(self, cursors: list[dict[str, Any]] | None = None, **changes: Any) -> Response:
        asked = {"device": self.device, "cursors": cursors or [], **changes}
        return self.send("POST", "/api/sync/pull", json=asked)

    def upload(self, blob: bytes, name: str | None = None, **more: str) -> Response:
        """POST only."""
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(blob)),
            "Upload-Metadata": metadata(name or sha256(blob).hexdigest()),
            **more,
        }
        return self.send("POST", "/api/blobs", headers=headers)

    def patch(self, where: str, offset: int, piece: bytes, **headers: str) -> Response:
        sent = {
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            **headers,
        }
        return self.send("PATCH", where, content=piece, headers=sent)

    def head(self, where: str, **more: str) -> Response:
        return self.send("HEAD", where, headers={"Tus-Resumable": "1.0.0", **more})


def hazard_fields(fields: dict[str, Any]) -> dict[str, Any]:
    from hushui.kinds import KINDS

    valid = {**KINDS["hazard"].valid, "zone": fields["zone"], "note": fields["note"]}
    return {name: value for name, value in valid.items() if name in KINDS["hazard"].fields}


def metadata(name: str) -> str:
    from base64 import b64encode

    return f"sha256 {b64encode(name.encode()).decode()},type {b64encode(b'image/jpeg').decode()}"


def problem(answer: Response) -> tuple[int, str]:
    """(status, code), after looking at the form that every error has."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = json.loads(answer.content)
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["detail"]
    assert body["type"] == f"urn:hushui:problem:{body['code']}"
    return answer.status_code, body["code"]


def rows(answer: Response) -> Iterator[tuple[str, dict[str, Any]]]:
    for page in answer.json()["pages"]:
        for row in page["rows"]:
            yield page["scope"], row
