"""A client that knows nothing but PROTOCOL.md, against the real server with its demo."""

import ast
import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.stranger.client import (
    ZEROS,
    Answer,
    Client,
    Json,
    Problem,
    digest_of,
    mint_id,
    short_hash,
)

HERE = Path(__file__).parent
NOWHERE = "http://127.0.0.1:9"
ZONE, OTHER_ZONE = "220300-NBH-Z03", "220300-NBH-Z05"


class Phone(Client):
    """A client that remembers what was said, and whose connection can be cut."""

    cut = False

    def __init__(self, server: str, path: str) -> None:
        super().__init__(server, path)
        self.sql("PRAGMA synchronous = OFF")  # a test need not outlive a power cut
        self.said: list[tuple[str, Any, Any]] = []
        self.sent: list[tuple[str, int]] = []

    def post(self, path: str, message: Json | bytes) -> Json:
        answer = super().post(path, message)
        self.said.append((path.split("?")[0].split("/")[-1], message, answer))
        return answer

    def request(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self.cut and method == "PATCH" and body:
            self.send_half(method, url, body, headers)
            raise Problem(0, "offline")
        self.sent.append((method, len(body or b"")))
        return super().request(method, url, body, headers)

    def send_half(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> None:
        line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
        line.putrequest(method, urlsplit(url).path)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            line.putheader(name, value)
        line.endheaders()
        line.send(body[: len(body) // 2])
        line.close()

    def answers(self) -> list[str]:
        return [answer["answer"] for what, _, answer in self.said if what == "push"]

    def verdict(self, entry: str) -> tuple[str, str | None]:
        receipt = self.receipt(entry)
        assert receipt
        return receipt["verdict"], receipt["code"]

    def body(self, record: str) -> Json:
        return dict(self.rows()[record]["body"])

    def synced(self) -> None:
        assert self.sync() == []


class Office(Phone):
    """The office's browser: a cookie, which counts only together with the server's own origin."""

    cookie = ""

    def request(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        headers.pop("Authorization", None)
        if self.cookie:
            headers |= {"Cookie": self.cookie, "Origin": self.server}
        told, data = super().request(method, url, body, headers)
        if told["Set-Cookie"]:
            self.cookie = str(told["Set-Cookie"]).split(";")[0]
        return told, data

    def sign_in(self, org: str, login: str, password: str) -> None:
        words = {"org": org, "login": login, "password": password}
        answer = self.introduce("/api/session", "office", **words)
        with self.transaction():
            self.admit(answer)

    def record(self, record: str) -> Json:
        return dict(json.loads(self.call("GET", f"/api/records/{record}", None)[1])["body"])


class House:
    """The server, and everybody who ever spoke to it."""

    def __init__(self, url: str, folder: Path, code: str) -> None:
        self.url, self.folder, self.code = url, folder, code
        self.phones: list[Phone] = []
        self.office = Office(url, str(folder / "office.db"))
        self.office.sign_in("nbh", "zhouxun", "hushui-2026")
        self.office.synced()
        people = self.of_kind(self.office, "member")
        self.person = {fields["name"]: record for record, fields in people.items()}

    def of_kind(self, client: Client, kind: str) -> dict[str, Json]:
        bodies = {k: row["body"] for k, row in client.rows().items() if ":" not in k}
        return {k: body["fields"] for k, body in bodies.items() if body["kind"] == kind}

    def zone(self, code: str) -> str:
        zones = self.of_kind(self.office, "zone")
        return next(record for record, fields in zones.items() if fields["code"] == code)

    def phone(self, name: str = "张河", code: str = "") -> Phone:
        phone = Phone(self.url, str(self.folder / f"{mint_id()}.db"))
        asked = {"person": self.person[name]}
        phone.enrol(name, code=code or self.office.post("/api/codes", asked)["code"])
        phone.synced()
        self.phones.append(phone)
        return phone

    def hazard(self, phone: Phone, **fields: Any) -> tuple[str, str]:
        record = mint_id()
        given = {"types": ["piping"], "nature": "latent", "zone": self.zone(ZONE)} | fields
        return record, phone.save("hazard", record, **given)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("stranger")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url, said = f"http://127.0.0.1:{port}", folder / "said.txt"
    program = str(Path(sys.executable).with_name("hushui"))
    command = [program, "run", "--port", str(port), "--data", str(folder / "data")]
    with said.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT,
                                  env=os.environ | {"PYTHONUNBUFFERED": "1"})  # fmt: skip
    try:
        code = None
        for _ in range(200):
            assert server.poll() is None, said.read_text()
            code = re.search(r"code\s+(\d{8})", said.read_text())
            try:
                urllib.request.urlopen(url + "/api/health", timeout=5).close()
            except OSError:
                code = None
            if code:
                break
            time.sleep(0.1)
        assert code, said.read_text()
        yield House(url, folder, code[1])
    finally:
        server.terminate()
        server.wait(10)


def doubts(client: Client, digest: str = "") -> set[str]:
    """G03: the scopes for which the server finds another digest than the one it is told."""
    cursors = client.sql("SELECT scope, epoch, position FROM cursors")
    told = [{**dict(row), "digest": digest or digest_of(client.members(row[0]))} for row in cursors]
    answer = client.post("/api/sync/pull", {"device": client.device, "cursors": told})
    assert not any(page["rows"] for page in answer["pages"])
    return {page["scope"] for page in answer["pages"] if page["check"]}


def agree(client: Client) -> None:
    """G01, G03, G04 for everything the client may pull."""
    client.pull()
    scopes = json.loads(client.get("grants"))
    assert [client.check(scope) for scope in scopes] == ["same"] * len(scopes)
    assert doubts(client) == set()
    assert doubts(client, "f" * 32) == set(scopes)


def state(client: Client) -> list[tuple[Any, ...]]:
    """Everything a client has been told."""
    rows = client.sql("SELECT scope, record, rev, body FROM members ORDER BY scope, record")
    lines = client.sql("SELECT device, n, receipt FROM feed ORDER BY device, n")
    return [tuple(row) for row in rows + lines]


def test_the_client_imports_the_standard_library_alone() -> None:
    tree = ast.parse((HERE / "client.py").read_text())
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module).split(".")[0])
    assert names
    assert names <= sys.stdlib_module_names
    assert len((HERE / "client.py").read_text().splitlines()) <= 500


def test_N01_the_printed_code_enrols_one_device_and_answers_it_again(house: House) -> None:
    phone = house.phone(code=house.code)
    assert phone.get("person") == house.person["张河"]
    again = Phone(house.url, ":memory:")
    again.put(enrolling=phone.device)
    again.enrol("张河", code=house.code)
    assert (again.device, again.get("person")) == (phone.device, phone.get("person"))
    with pytest.raises(Problem, match="410 code_used"):
        Phone(house.url, ":memory:").enrol("张河", code=house.code)


def test_S01_S02_S03_the_zones_of_the_demo_arrive(house: House) -> None:
    phone = house.phone()
    granted = "zone:" + house.zone(ZONE)
    assert granted in json.loads(phone.get("grants"))
    assert {"org:" + phone.get("org"), "person:" + phone.get("person")} <= set(
        json.loads(phone.get("grants"))
    )
    zones = {fields["code"] for fields in house.of_kind(phone, "zone").values()}
    assert {ZONE, OTHER_ZONE} <= zones
    assert len(phone.members(granted)) > 0
    agree(phone)


def test_S04_S06_small_pages_show_the_same(house: House) -> None:
    phone, patient = house.phone(), house.phone()
    patient.sql("DELETE FROM members")
    patient.sql("DELETE FROM cursors")
    patient.pull(size=4000)
    assert sum(what == "pull" for what, _, _ in patient.said) > 5
    assert phone.sync() == []
    for scope in set(json.loads(phone.get("grants"))) - {"device:" + phone.device}:
        assert digest_of(patient.members(scope)) == digest_of(phone.members(scope))
    agree(patient)


def test_E01_C01_H02_H05_H07_captured_offline_and_sent_later(house: House) -> None:
    phone = house.phone()
    phone.server = NOWHERE
    record, first = house.hazard(phone, note="没有信号")
    second = phone.save("hazard", record, note="还是没有信号")
    third = phone.capture(
        {"kind": "patrol", "record": mint_id(), "act": "put", "set": {"started": 1_795_500_000_000}}
    )
    assert [str(problem) for problem in phone.sync()] == ["0 offline"]
    assert phone.delay() == 1
    phone.sync()
    assert phone.delay() == 2
    seen = phone.view()[record]
    assert (seen["fields"]["note"], seen["state"]) == ("还是没有信号", "unsent")
    lines = [json.loads(line["line"]) for line in phone.feed()]
    assert lines[1]["ops"][0]["base"] == {"note": first}
    assert [line["prev"] for line in lines] == [ZEROS, *(row["hash"] for row in phone.feed()[:2])]
    before = [bytes(line["line"]) for line in phone.feed()]
    phone.server = house.url
    phone.synced()
    assert phone.delay() == 0
    assert [phone.verdict(entry) for entry in (first, second, third)] == [("applied", None)] * 3
    assert [bytes(line["line"]) for line in phone.feed()] == before
    assert phone.body(record)["fields"]["note"] == "还是没有信号"
    assert "state" not in phone.view()[record]  # H06: the overlay has left


def test_B02_B03_B04_B05_B06_a_photo_cut_and_resumed(house: House) -> None:
    phone = house.phone()
    record, _ = house.hazard(phone)
    photo, taken = os.urandom(300_000), 1_795_500_000_000
    sha = hashlib.sha256(photo).hexdigest()
    fields = {"subject": record, "slot": "scene", "sha256": sha, "size": len(photo)}
    fields |= {"width": 40, "height": 30, "taken": taken}
    op = {"kind": "photo", "record": mint_id(), "act": "put", "set": fields}
    named = phone.capture(op, photos=[photo])
    with pytest.raises(Problem, match="409 blob_not_named"):
        phone.upload()
    phone.hello()
    phone.push()
    assert phone.verdict(named) == ("applied", None)
    phone.cut = True
    with pytest.raises(Problem, match="0 offline"):
        phone.upload(chunk=200_000)
    (url,) = phone.sql("SELECT url FROM blobs")[0]
    kept = 0
    for _ in range(100):  # the server needs a moment to see that the line is dead
        kept = int(phone.call("HEAD", url, None, Tus_Resumable="1.0.0")[0]["Upload-Offset"])
        if kept:
            break
        time.sleep(0.05)
    assert 0 < kept <= 100_000
    again = Phone(house.url, phone.sql("PRAGMA database_list")[0]["file"])
    again.upload(chunk=150_000)
    assert [method for method, _ in again.sent] == ["HEAD", "PATCH", "PATCH"]
    assert sum(size for _, size in again.sent) == len(photo) - kept
    phone.cut = False
    assert phone.call("GET", f"/api/blobs/{sha}", None)[1] == photo
    phone.synced()
    assert "b:" + sha in phone.rows()
    with pytest.raises(Problem, match="404"):
        house.phone("赵渠").call("GET", f"/api/blobs/{sha}", None)


def test_P03_a_push_from_too_far_is_a_gap_and_heals(house: House) -> None:
    phone = house.phone()
    entries = [house.hazard(phone)[1] for _ in range(3)]
    phone.push(start=3)
    gap, receipts = (answer for what, _, answer in phone.said if what == "push")
    assert gap == {"answer": "gap", "expected": 1}
    assert [receipt["n"] for receipt in receipts["receipts"]] == [1, 2, 3]
    assert [phone.verdict(entry)[0] for entry in entries] == ["applied"] * 3


def test_P05_a_wrong_prev_forks_and_the_lines_go_on_under_a_new_device(house: House) -> None:
    phone = house.phone()
    _, first = house.hazard(phone)
    phone.synced()
    old = phone.device
    phone.sql("UPDATE feed SET hash = ?", "f" * 32)
    record, second = house.hazard(phone, note="断了链")
    phone.push(start=2)
    assert phone.answers()[-3:] == ["fork", "fork", "receipts"]
    unknown, known = (answer["n"] for _, _, answer in phone.said if answer.get("answer") == "fork")
    assert (unknown, known) == (None, 1)
    assert phone.device != old
    assert phone.verdict(first) == phone.verdict(second) == ("applied", None)
    assert phone.receipt(second)["device"] == phone.device  # type: ignore[index]
    phone.synced()
    assert phone.body(record)["device"] == phone.device
    assert phone.body(record)["stamps"]["note"] == second


def test_P05_P08_a_phone_restored_twice_reissues_and_is_told_noop(house: House) -> None:
    phone = house.phone()
    house.hazard(phone)
    phone.synced()
    backup, second = (str(house.folder / f"{mint_id()}.db") for _ in range(2))
    shutil.copy(phone.sql("PRAGMA database_list")[0]["file"], backup)
    house.hazard(phone, note="备份之后")
    phone.synced()
    restored = Phone(house.url, backup)
    record, entry = house.hazard(restored, note="恢复之后")
    shutil.copy(backup, second)
    restored.synced()
    assert "fork" in restored.answers()
    assert restored.verdict(entry) == ("applied", None)
    twice = Phone(house.url, second)
    twice.synced()
    assert twice.verdict(entry) == ("noop", "reissued")
    assert len({phone.device, restored.device, twice.device}) == 3
    assert twice.body(record)["stamps"]["note"] == entry
    assert "state" not in twice.view()[record]
    house.phones += [restored, twice]


def test_V09_R04_R05_D01_D02_a_refused_line_comes_home_and_is_repaired(house: House) -> None:
    phone, other = house.phone(), house.phone()
    record, refused = house.hazard(phone, chainage=-5)
    waiting = phone.save("hazard", record, note="等着")
    phone.synced()
    assert phone.verdict(refused) == ("refused", "out_of_range")
    receipt = phone.receipt(refused)
    assert receipt
    assert (receipt["op"], receipt["field"], receipt["rev"]) == (0, "chainage", None)
    assert phone.verdict(waiting) == ("held", "waits_for")
    assert phone.receipt(waiting)["waits"] == refused  # type: ignore[index]
    assert phone.view()[record]["state"] == "held"
    other.synced()
    assert {refused, waiting} <= set(other.unaccepted())
    repaired = other.replace(refused, chainage=5)
    other.synced()
    assert other.verdict(repaired) == ("applied", None)
    phone.synced()
    assert phone.verdict(refused) == ("refused", "out_of_range")
    assert phone.verdict(waiting) == ("applied", None)
    assert not {refused, waiting} & set(phone.unaccepted())
    phone.synced()
    assert "state" not in phone.view()[record]
    assert phone.body(record)["fields"]["chainage"] == 5
    assert phone.body(record)["fields"]["note"] == "等着"


def test_V08_D04_V07_an_unknown_kind_is_held_and_given_up_once(house: House) -> None:
    phone = house.phone()
    held = phone.save("drone_flight", mint_id(), height=120)
    phone.synced()
    assert phone.verdict(held) == ("held", "unknown_kind")
    assert phone.unaccepted()[held]["ops"][0]["set"] == {"height": 120}
    given_up, again = phone.abandon(held), phone.abandon(held)
    phone.synced()
    assert phone.verdict(given_up) == ("applied", None)
    assert phone.verdict(again) == ("noop", "already")
    assert held not in phone.unaccepted()


def test_E03_C03_R04_an_unreadable_line_is_quarantined_and_stops_nothing(house: House) -> None:
    phone = house.phone()
    house.hazard(phone)
    (row,) = phone.feed()
    broken = bytes(row["line"])[:-1] + b',"x":"\\u0000"}'
    phone.sql("UPDATE feed SET line = ?, hash = ?", broken, short_hash(broken))
    _, after = house.hazard(phone)
    phone.synced()
    assert phone.verdict(row["id"]) == ("quarantined", "unreadable")
    home = phone.body(f"u:{phone.device}:1")
    assert (home["line"], home["receipt"]["entry"]) == (None, None)
    assert phone.verdict(after) == ("applied", None)


def test_V02_V06_two_devices_meet_and_the_office_settles(house: House) -> None:
    phone, office = house.phone(), house.office
    record, first = house.hazard(phone, note="清水")
    phone.synced()
    ours = phone.save("hazard", record, note="浑水")
    op = {"kind": "hazard", "record": record, "act": "put", "set": {"note": "清水，已复核"}}
    phone.synced()
    office.put(offset=-5000)  # T03: so it counts from its arrival, which is later than the other
    theirs = office.capture(op | {"base": {"note": first}})
    office.synced()
    assert phone.verdict(ours) == ("applied", None)
    assert office.verdict(theirs) == ("merged", "conflict")
    phone.synced()
    (conflict,) = phone.body(record)["conflicts"]
    assert (conflict["field"], conflict["value"], conflict["entry"]) == ("note", "浑水", ours)
    kept = {"field": "note", "stamp": ours}
    settled = office.capture({"kind": "hazard", "record": record, "act": "settle", "set": kept})
    office.synced()
    assert office.verdict(settled) == ("applied", None)
    phone.synced()
    assert phone.body(record)["conflicts"] == []
    assert phone.body(record)["fields"]["note"] == "浑水"


def test_A05_A06_a_returned_record_is_corrected_and_comes_as_version_2(house: House) -> None:
    phone, office = house.phone(), house.office
    record, _ = house.hazard(phone, note="有水")
    phone.synced()
    points = [{"field": "note", "note": "请写清水还是浑水"}]
    review = {"target": record, "version": office.record(record)["version"]}
    review |= {"decision": "returned", "reason": "说明不够", "points": points}
    said = office.save("review", mint_id(), **review)
    office.synced()
    assert office.verdict(said) == ("applied", None)
    phone.synced()
    told = phone.body(record)["review"]
    assert (told["decision"], told["version"], told["points"]) == ("returned", 1, points)
    phone.save("hazard", record, note="清水，不带沙")
    phone.synced()
    assert (phone.body(record)["version"], phone.body(record)["review"]["version"]) == (2, 1)
    late = office.save("review", mint_id(), **review | {"decision": "approved"})
    same = office.save("review", mint_id(), **review)
    office.synced()
    assert office.verdict(late) == ("held", "older_version")
    assert office.verdict(same) == ("noop", "already")
    accepted = office.save("review", mint_id(), target=record, version=2, decision="approved")
    office.synced()
    phone.synced()
    assert office.verdict(accepted) == ("applied", None)
    assert phone.body(record)["review"]["decision"] == "approved"


def test_A02_A07_S05_S09_S10_a_zone_given_moved_out_of_and_taken_away(house: House) -> None:
    phone, office, zone = house.phone("赵渠"), house.office, house.zone(ZONE)
    granted = mint_id()
    words = {"person": phone.get("person"), "zone": zone, "role": "member"}
    given = office.save("grant", granted, **words)
    office.synced()
    assert office.verdict(given) == ("applied", None)
    phone.synced()
    scope = "zone:" + zone
    assert phone.members(scope)
    foreign = {row["record"] for row in phone.members(scope)}
    record, _ = house.hazard(phone)
    phone.synced()
    assert record in {row["record"] for row in phone.members(scope)}
    phone.save("hazard", record, zone=house.zone(OTHER_ZONE))
    phone.synced()
    assert record not in {row["record"] for row in phone.members(scope)}  # S05
    assert phone.body(record)["fields"]["zone"] == house.zone(OTHER_ZONE)
    unsent, _ = house.hazard(phone, note="没传")
    office.save("grant", granted, ended=True)
    office.synced()
    phone.hello()
    assert not foreign & set(phone.view())  # hidden at once
    assert foreign <= {row["record"] for row in phone.members(scope)}
    assert phone.view()[unsent]["state"] == "unsent"
    phone.sql("UPDATE revoked SET first = first - ?", 11 * 60 * 1000)
    phone.hello()
    assert phone.members(scope) == []
    phone.synced()
    phone.synced()
    told = [message["purged"] for what, message, _ in phone.said if what == "hello"]
    assert [report["scope"] for purged in told for report in purged] == [scope]
    assert unsent in phone.view()
    assert phone.body(unsent)["flags"] == []  # A02: he had the zone at contact


def test_H03_H04_S06_a_new_epoch_is_a_snapshot_and_not_a_wipe(house: House) -> None:
    phone = house.phone()
    record, _ = house.hazard(phone, note="两段")
    phone.synced()
    before = phone.get("epoch")
    phone.put(contact=before + ":999999")
    shown = set(phone.view())
    phone.hello()
    assert phone.get("epoch") != before
    assert set(phone.view()) == shown
    phone.synced()
    assert {row["epoch"] for row in phone.sql("SELECT epoch FROM cursors")} == {phone.get("epoch")}
    assert set(phone.view()) == shown
    phone.save("hazard", record, note="三段")
    phone.synced()
    assert phone.rows()[record]["rev"].startswith(phone.get("epoch"))
    agree(phone)


def test_P10_N04_an_unknown_token_deletes_nothing(house: House) -> None:
    phone, other = house.phone(), house.phone()
    house.hazard(phone)
    known, token = state(phone), phone.get("token")
    phone.put(token="wrong")
    assert [str(problem) for problem in phone.sync()] == ["401 unauthenticated"]
    phone.put(token=other.get("token"))
    assert [str(problem) for problem in phone.sync()] == ["403 not_your_device"]
    assert state(phone) == known
    phone.put(token=token)
    phone.synced()


def test_P04_every_line_replayed_twice_changes_nothing(house: House) -> None:
    phone = house.phone()
    record, _ = house.hazard(phone, note="一遍")
    house.hazard(phone, chainage=-1)
    phone.save("hazard", record, note="两遍")
    phone.save("drone_flight", mint_id(), height=1)
    phone.synced()
    phone.synced()
    for client in (phone, *house.phones, house.office):
        client.pull()
        told = state(client)
        client.push(start=1)
        client.push(start=1)
        client.pull()
        assert state(client) == told
        rows = client.rows()
        for row in client.feed():
            travelled = rows[f"r:{client.device}:{row['n']}"]["body"]
            # P02: the answer to a push leaves the chain out.
            assert {**json.loads(row["receipt"]), "chain": travelled["chain"]} == travelled


def test_G01_G02_G03_G04_everybody_agrees_with_the_server(house: House) -> None:
    phone = house.phone()
    scope = "zone:" + house.zone(ZONE)
    some = phone.members(scope)[0]["record"]
    phone.sql("DELETE FROM members WHERE scope = ? AND record = ?", scope, some)
    phone.sql("INSERT INTO members VALUES (?, ?, ?, '{}', NULL, 1)", scope, "x", "y:1")
    assert phone.check(scope) == "differs"
    assert some in {row["record"] for row in phone.members(scope)}
    assert "x" not in {row["record"] for row in phone.members(scope)}
    phone.sql("UPDATE cursors SET position = position - 1 WHERE scope = ?", scope)
    assert phone.check(scope) == "behind"
    phone.sql("DELETE FROM members WHERE scope = ? AND record = ?", scope, some)
    phone.synced()  # the page says so, and the client asks
    assert some in {row["record"] for row in phone.members(scope)}
    for client in (*house.phones, house.office):
        client.pull()
        assert doubts(client) == set()
    agree(phone)
    agree(house.office)
