"""A backup put back under phones that know more: both sides' real code (H02, H03, H04)."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from hushui.__main__ import main
from hushui.backup import back_up, put_back
from hushui.domain.policy import Domain
from hushui.kinds import KINDS
from hushui.ledger import SystemLine
from hushui.ports import system
from hushui.storage.store import Former
from hushui_sync.entry import Op
from hushui_sync.messages import Receipt
from tests.support import ids
from tests.support.program import Program
from tests.web.house import Handset, House, problem
from tests.web.real_phone import Node, Phone, World, bundled

PHOTO, LATER, FREED = b"seen before" * 50, b"seen since" * 50, b"freed since" * 50


class Years(World):
    def backup(self) -> Path:
        return back_up(self.folder, self.folder.parent / "shelf", self.ports, Domain()).where

    def restore(self, backup: Path) -> None:
        self.end()
        put_back(backup, self.folder, self.ports, Domain())
        self.start()

    def hazard(self, phone: Phone, note: str, photo: bytes | None = None) -> str:
        record, valid = self.id(), KINDS["hazard"].valid
        phone.capture("hazard", record, photo, **{**valid, "zone": self.zone, "note": note})
        return record

    def verdicts(self, phone: Phone) -> list[Receipt]:
        found = [self.store.newest(phone.device, n + 1) for n in range(len(phone.captured))]
        return [receipt for receipt in found if receipt is not None]


def state(phone: Phone, record: str) -> str:
    return str(phone.look(record)["status"]["state"])


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory.mktemp("phone"))


@pytest.fixture
def years(script: Path, tmp_path: Path) -> Iterator[Years]:
    node = Node(script)
    years = Years(tmp_path / "data", node)
    yield years
    years.end()
    node.close()


def test_H02_H03_H04_phones_send_again_what_a_restored_server_forgot_and_nothing_is_lost(
    years: Years,
) -> None:
    li, sun = years.phones["li"], years.phones["sun"]
    kept = years.hazard(li, "备份以前", PHOTO)
    years.wait(5)
    backup, before = years.backup(), years.store.ledger().epoch
    since = years.hazard(li, "备份以后", LATER)
    years.hazard(sun, "也是以后")
    li.capture("hazard", kept, note="备份以后改的")
    years.wait(5)
    told = years.verdicts(li)
    assert [it.verdict for it in told] == ["applied"] * 3
    assert state(li, since) == "received"
    sun.set_online(False)
    unsent = years.hazard(sun, "没网时写的")
    years.restore(backup)
    after = years.store.ledger().epoch
    assert after != before, "at once, not when a phone complains"
    assert years.store.record(since) is None
    assert state(li, since) == "received", "as it was told"
    years.wait(30)
    assert state(sun, unsent) == "saved_local"
    sun.set_online(True)
    years.wait(30)
    years.whole()
    assert [state(li, record) for record in (kept, since)] == ["received"] * 2
    assert state(sun, unsent) == "received"
    again = years.verdicts(li)
    assert again[0] == told[0], "the backup has it"
    assert [(it.epoch, it.verdict) for it in again[1:]] == [(after, "applied")] * 2
    assert li.look(kept)["view"]["fields"]["note"] == "备份以后改的"
    blobs = li.look()["blobs"]
    assert [(blob["epoch"], blob["bytes"]) for blob in blobs] == [(after, "here")] * 2
    assert years.noticed["epoch"] == len(years.phones)


def test_H03_B04_a_photo_freed_on_the_word_of_the_old_ledger_is_still_here(years: Years) -> None:
    li = years.phones["li"]
    backup = years.backup()
    record = years.hazard(li, "备份以后", FREED)
    years.wait(5)
    freed = li.call("free")["sha256s"]
    assert len(freed) == 1
    years.restore(backup)
    years.wait(30)
    assert state(li, record) == "received"
    assert years.files.size(freed[0]) == len(FREED)
    years.whole()


def test_H03_a_backup_put_back_twice_and_a_phone_that_slept_through_both(years: Years) -> None:
    li, sun = years.phones["li"], years.phones["sun"]
    backup = years.backup()
    first = years.hazard(li, "一")
    years.wait(5)
    li.set_online(False)
    years.restore(backup)
    years.hazard(sun, "二")
    years.wait(5)
    years.restore(backup)
    third = years.hazard(li, "三")
    years.wait(5)
    li.set_online(True)
    years.wait(30)
    assert [state(li, record) for record in (first, third)] == ["received"] * 2
    years.whole()


def test_H03_a_line_judged_otherwise_the_second_time_says_so_to_phone_and_office(
    years: Years,
) -> None:
    """Somebody else took the code while the office's line was forgotten (V11)."""
    desk, li = years.phones["desk"], years.phones["li"]
    backup = years.backup()
    member, other = years.id(), years.id()
    fields: dict[str, Any] = {"name": "堤一", "code": "NBH-77", "roles": ["member"]}
    desk.capture("member", member, **fields)
    same = years.hazard(li, "判得一样")
    years.wait(5)
    assert years.verdicts(desk)[0].verdict == "applied"
    years.restore(backup)
    made = Op("member", other, "put", {**fields, "name": "堤二"})
    (receipt,) = years.ledger.drain([SystemLine(years.org, (made,))])
    assert receipt.verdict == "applied", receipt
    years.wait(30)
    again = years.verdicts(desk)[0]
    assert (again.verdict, again.code) == ("refused", "blocked")
    status = desk.look(member)["status"]
    assert (status["state"], status["code"]) == ("unaccepted", "blocked")
    assert [line["former"] for line in desk.look()["lines"]] == ["applied"]
    assert [line["former"] for line in li.look()["lines"]] == [None]
    for record in (member, same):
        (line,) = years.store.history(years.org, record)
        assert line.former == Former("applied", None)
    years.whole()


def test_H02_N01_a_phone_enrolled_since_needs_a_new_code_and_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its device, its key and its lines are the old ones; the server never heard of them."""
    data = tmp_path / "data"
    with House(data):
        pass
    backup = back_up(data, tmp_path / "shelf", system(), Domain()).where
    with Program(data) as program:
        phone = joined(program, capsys)
        phone.hazard("one")
        assert phone.push().json()["receipts"][0]["verdict"] == "applied"
        phone.hazard("two")
    assert main(["restore", str(backup), "--data", str(data)]) == 0
    with Program(data) as program:
        lost = Handset(reached(program), phone.device, phone.token, ids.EPOCH)
        assert problem(lost.hello()) == (401, "unknown_device")
        again = joined(program, capsys)
        again.phone = phone.phone
        assert again.device == phone.device
        assert again.hello().json()["known"]["n"] == 0
        verdicts = [receipt["verdict"] for receipt in again.push().json()["receipts"]]
        assert verdicts == ["applied", "applied"]
    assert main(["verify", "--data", str(data)]) == 0


def joined(program: Program, capsys: pytest.CaptureFixture[str]) -> Handset:
    """The same phone each time, with a code of its own."""
    assert main(["code", "张河", "--data", str(program.folder)]) == 0
    digits = re.findall(r"\b\d{4} ?\d{4}\b", capsys.readouterr().out)[0].replace(" ", "")
    device, house = ids.make("enrolled since"), reached(program)
    asked = {"code": digits, "device": device, "key": "a2V5", "label": "phone"}
    answer = house.client.post("/api/enrol", json=asked)
    assert answer.status_code == 200, answer.text
    return Handset(house, device, answer.json()["token"], answer.json()["epoch"])


def reached(program: Program) -> Any:
    """As much of a house as a phone needs."""
    client = httpx.Client(base_url=program.url, verify=False)
    return SimpleNamespace(client=client, now=system().now(), zone=ids.make("zone"))
