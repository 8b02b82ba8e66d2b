"""S11: what is closed leaves the phones after 90 days, and the office keeps it."""

import asyncio
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from hushui import app
from hushui.actions import window
from hushui.actions.compaction import compact
from hushui.actions.window import AGE_MS, close
from hushui.app import Pace, create_app
from hushui.domain.days import DAY_MS, day_of
from hushui.domain.policy import Domain
from hushui.kinds import KINDS
from hushui.ledger import Push, Task
from hushui.verify import verify
from hushui_sync import limits
from tests.support import ids
from tests.support.phone import op
from tests.web.house import PLACE, Handset, House, fact
from tests.web.real_phone import Node, World, bundled

EXCUSE = {"no_photo_reason": "夜里"}


class Office:
    """A zone with a phone, the office, and time that passes."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.phone = house.enrol(house.patroller)
        self.desk = house.enrol(house.office, "desk")
        self.other = house.enrol(house.colleague)
        self.count = 0

    def say(self, phone: Handset, *ops: Any) -> None:
        phone.phone.capture(*ops, wall=self.house.now)
        receipt = phone.push(len(phone.phone.lines)).json()["receipts"][0]
        assert receipt["verdict"] == "applied", receipt

    def work(self, name: str, **fields: Any) -> str:
        record = ids.make(name)
        made = {**KINDS["work"].valid, "zone": self.house.zone, "note": name, **fields}
        self.say(self.phone, fact("work", record, **made))
        return record

    def review(self, target: str, decision: str = "approved", version: int = 1) -> None:
        self.count += 1
        said = {"target": target, "version": version, "decision": decision, "reason": "x"}
        self.say(self.desk, op("review", ids.make(f"review {self.count}"), **said))

    def closed(self, name: str) -> str:
        record = self.work(name)
        self.review(record)
        return record

    def hazard(self, name: str) -> str:
        """With a photo, a report and a verification by somebody else, all of it reviewed."""
        record, report = self.phone.hazard(name), ids.make(f"report {name}")
        picture, verified = ids.make(f"photo {name}"), ids.make(f"verification {name}")
        receipt = self.phone.push(len(self.phone.phone.lines)).json()["receipts"][0]
        assert receipt["verdict"] == "applied", receipt
        shown = {**KINDS["photo"].valid, "subject": record}
        told = {**KINDS["hazard_report"].valid, "hazard": record}
        self.say(self.phone, op("photo", picture, **shown), fact("hazard_report", report, **told))
        passed = {"target": record, "result": "pass"}
        self.say(self.other, fact("verification", verified, **passed))
        for target in (record, report, verified):
            self.review(target)
        return record

    def wait(self, days: float) -> None:
        self.house.now += int(days * DAY_MS)

    def close(self) -> int:
        return asyncio.run(close(self.house.app.state.parts))

    def here(self, scope: str = "") -> set[str]:
        found = self.house.store.members(scope or f"zone:{self.house.zone}")
        return {record for record, _ in found if ":" not in record}

    @property
    def own(self) -> set[str]:
        return self.here(f"person:{self.house.patroller}")

    def found(self, reader: Handset, **params: Any) -> set[str]:
        answer = reader.send("GET", "/api/records", params={"limit": 200, **params})
        assert answer.status_code == 200, answer.text
        listed = answer.json()
        assert sum(listed["counts"].values()) == len(listed["records"])
        return {it["record"] for it in listed["records"]}

    def whole(self) -> None:
        assert verify(self.house.store, self.house.files, Domain()) == []


@pytest.fixture
def office(house: House) -> Office:
    return Office(house)


def test_S11_what_is_closed_leaves_90_days_after_its_last_change_and_nothing_else(
    office: Office,
) -> None:
    closed, open_one, returned = office.closed("closed"), office.work("open"), office.work("back")
    office.review(returned, "returned")
    office.wait(1)
    later = office.closed("later")
    everything = {closed, open_one, returned, later}
    office.wait(88.9)
    assert office.close() == 0
    assert everything <= office.here()
    office.wait(0.2)
    assert office.close() == 1
    assert office.here() & everything == office.own & everything == {open_one, returned, later}
    assert office.close() == 0
    office.wait(1)
    assert office.close() == 1
    assert office.here() & everything == {open_one, returned}
    office.whole()


def test_S11_a_hazard_leaves_with_everything_about_it(office: Office) -> None:
    office.hazard("leaves")
    stays = office.hazard("stays")
    before = office.here()
    assert len(before) == 14
    office.wait(91)
    office.say(office.desk, fact("hazard_report", ids.make("late"), **TOLD, hazard=stays))
    assert office.close() == 1
    assert len(office.here()) == 8
    assert office.here() - before == {ids.make("late")}
    assert stays in office.here()
    office.whole()


TOLD = {name: value for name, value in KINDS["hazard_report"].valid.items() if name != "hazard"}


def test_S11_a_late_line_brings_it_back_and_90_days_later_it_leaves_again(office: Office) -> None:
    record = office.hazard("late")
    before = office.here()
    office.wait(91)
    assert (office.close(), office.here()) == (1, set())
    office.say(office.phone, op("hazard", record, note="nachgetragen"))
    assert office.here() == before <= office.own | before
    office.wait(91)
    assert office.close() == 0, "nobody reviewed what was added"
    office.review(record, version=2)
    office.wait(91)
    assert (office.close(), office.here()) == (1, set())
    office.whole()


def test_S11_what_waits_for_the_office_keeps_its_record(office: Office) -> None:
    record = office.closed("held")
    office.phone.phone.capture(op("work", record, work_kind="nothing of the sort"))
    entry = office.phone.push(len(office.phone.phone.lines)).json()["receipts"][0]
    assert entry["verdict"] == "refused"
    office.wait(91)
    assert office.close() == 0
    office.say(office.phone, op("entry", entry["entry"], "abandon", entry=entry["entry"]))
    assert office.close() == 1


def test_S11_the_office_finds_what_left_and_a_phone_does_not(office: Office) -> None:
    house = office.house
    # Who holds two zones and spoke of one has reported of that one.
    house.grant(house.patroller, house.make_zone("next", "220300-NBH-Z04"))
    record = office.hazard("left")
    everything: dict[str, Any] = {"zone": house.zone}
    asked: list[dict[str, Any]] = [
        everything,
        {"kind": "hazard"},
        {"kind": "hazard", "zone": house.zone, "state": "approved"},
        {"q": "left"},
        {"q": "南河中段"},
        {"q": "220300-NBH-Z03"},
        {"kind": "photo", "zone": house.zone, "q": "南河中段"},
        {"kind": "photo", "q": "南河中段"},
        {"person": house.patroller},
    ]
    day = day_of(house.now).isoformat()
    figures = [{"day": day, **zone} for zone in ({}, everything)]
    before = [office.found(office.desk, **params) for params in asked]
    assert record in before[0]
    assert all(before)
    told = [office.desk.send("GET", "/api/figures", params=it).json() for it in figures]
    assert {zone["zone"] for zone in told[0]["zones"] if zone["reported"]} == {house.zone}
    file = office.desk.send("GET", "/api/exports/hazard.csv", params=everything).content
    assert record in office.found(office.phone)
    office.wait(91)
    assert office.close() == 1
    assert [office.found(office.desk, **params) for params in asked] == before
    for params, was in zip(figures, told, strict=True):
        now = office.desk.send("GET", "/api/figures", params=params).json()
        assert {**now, "asOf": 0} == {**was, "asOf": 0}
    assert office.desk.send("GET", "/api/exports/hazard.csv", params=everything).content == file
    detail = office.desk.send("GET", f"/api/records/{record}").json()
    assert {it["body"]["kind"] for it in detail["followers"]} >= {"photo", "verification"}
    lines = office.desk.send("GET", f"/api/records/{record}/history").json()["lines"]
    (op_,) = lines[-1]["entry"]["ops"]
    assert (op_["act"], op_["record"]) == ("leave", record)
    assert lines[-1]["receipts"][-1]["verdict"] == "applied"
    assert lines[-1]["version"] == lines[0]["version"]
    assert not office.found(office.phone) & before[0]
    assert office.phone.send("GET", f"/api/records/{record}").status_code == 404
    counts = office.desk.send("GET", "/api/records/counts", params=everything).json()["counts"]
    assert counts["hazard"] == {"approved": 1}


def test_S11_a_line_takes_no_more_than_it_holds(office: Office) -> None:
    made = {office.closed(f"closed {i}") for i in range(limits.OPS + 3)}
    before = office.house.store.ledger().number
    office.wait(91)
    assert office.close() == len(made)
    assert office.house.store.ledger().number == before + 2
    assert not made & office.here()
    office.whole()


def test_S11_what_comes_in_with_the_very_same_commit_keeps_its_record(office: Office) -> None:
    """The store does not know of that line yet."""
    house = office.house
    first, second = office.closed("first"), office.closed("second")
    office.wait(91)
    parts = house.app.state.parts
    phone = office.phone
    start = len(phone.phone.lines) + 1
    phone.phone.capture(op("work", first, note="just now"), wall=house.now)
    push = Push(phone.device, start, tuple(phone.phone.lines[start - 1 :]))
    submit = parts.ledger.submit
    grouped: list[Task] = []

    def together(job: Any) -> Any:
        """Both in one group, the line first."""
        if isinstance(job, Task) and not grouped:
            grouped.append(job)
            answers = parts.ledger.drain([push, job])
            answered = asyncio.get_running_loop().create_future()
            answered.set_result(answers[1])
            return answered
        return submit(job)

    parts.ledger.submit = together
    try:
        assert office.close() == 1
    finally:
        parts.ledger.submit = submit
    assert office.here() & {first, second} == {first}
    assert house.store.record(first).fields["note"] == "just now"  # type: ignore[union-attr]
    office.whole()


def test_S11_a_server_looks_for_it_by_itself(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour after it started."""
    monkeypatch.setattr(app, "FIRST", 0)
    record = office.closed("closed")
    office.wait(91)
    left = threading.Event()
    house = office.house
    again = create_app(house.settings, house.ports, house.store, house.files)
    again.state.parts.ledger.on_commit.append(lambda heads: left.set())
    with TestClient(again):
        assert left.wait(30)
    assert record not in office.here()


# phones that were away ---------------------------------------------------------------------------


class Years(World):
    def run(self, work: Any) -> Any:
        return asyncio.run(work(self.client.app.state.parts))

    def review(self, target: str, version: int, decision: str) -> None:
        said: dict[str, Any] = {"target": target, "version": version, "decision": decision}
        self.phones["desk"].capture("review", self.id(), **said, reason="x")

    def night(self) -> None:
        """As the server does it once a day."""
        self.run(close)
        self.run(compact)

    def nights(self, days: int) -> None:
        """Those on which something may happen, and the rest of the time as one."""
        for _ in range(days // 10):
            self.now += 10 * DAY_MS
            self.night()


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


@pytest.mark.parametrize("unsent", [False, True], ids=["nothing unsent", "a line unsent"])
@pytest.mark.parametrize("days", [100, 200])
def test_S11_S05_S06_H06_a_phone_that_was_away_sees_it_go_and_brings_back_what_it_wrote(
    years: Years, days: int, unsent: bool
) -> None:
    """After 100 days it is told that the record left; after 200 nobody knows any more (S06)."""
    li = years.phones["li"]
    closed, stays, scope = years.id(), years.id(), f"zone:{years.zone}"
    made: dict[str, Any] = {**KINDS["work"].valid, "zone": years.zone, "place": PLACE, **EXCUSE}
    for record in (closed, stays):
        li.capture("work", record, **made)
    years.wait(5)
    for record in (closed, stays):
        decision = "approved" if record == closed else "returned"
        years.review(record, 1, decision)
    years.wait(30)
    assert {closed, stays} <= dict(years.store.members(scope)).keys()
    li.set_online(False)
    if unsent:
        li.capture("work", closed, note="unterwegs geschrieben")
    years.nights(days)
    assert closed not in dict(years.store.members(scope))
    assert (years.store.floor(scope) > 0) == (days == 200)
    assert li.look(closed)["view"] is not None
    li.set_online(True)
    years.wait(30)
    here = li.look(closed)["view"]
    if unsent:
        assert here["fields"] == {**made, "note": "unterwegs geschrieben"}
        assert here["status"]["state"] == "received"
    else:
        assert here is None
    assert (closed in dict(years.store.members(scope))) == unsent
    assert li.look(stays)["view"]["fields"] == made
    years.whole()
    # What came back leaves again, once it was reviewed.
    if unsent:
        years.review(closed, 2, "approved")
        years.wait(30)
        years.nights(AGE_MS // DAY_MS + 10)
        years.wait(30)
        assert li.look(closed)["view"] is None
        years.whole()


@pytest.mark.parametrize(("hours", "kept"), [(1, True), (1 + 24 * 365, False), (-23, False)])
def test_S11_a_clock_that_was_set_tells_nothing_about_age(hours: int, kept: bool) -> None:
    """An hour passed on the machine."""
    began = Pace(ids.NOW, 100.0)
    assert began.kept(ids.NOW + hours * 3_600_000, 100.0 + 3_600) is kept


def test_S11_a_clock_that_once_went_back_makes_nothing_new_old(office: Office) -> None:
    house = office.house
    office.closed("closed yesterday")
    house.now -= 365 * 86_400_000
    office.closed("written a year ago, says the clock")
    house.now += 366 * 86_400_000
    assert office.close() == 0


def test_S11_what_names_a_record_in_the_very_same_commit_keeps_it(office: Office) -> None:
    """A finding of a check is open until it is put right."""
    house, phone = office.house, office.phone
    check, zone = ids.make("check"), office.house.zone
    office.say(phone, fact("check", check, **{**KINDS["check"].valid, "zone": zone}))
    office.review(check)
    office.wait(91)
    store = house.store
    ledger = house.app.state.parts.ledger
    found = {**KINDS["finding"].valid, "zone": zone, "check": check}
    start = len(phone.phone.lines) + 1
    phone.phone.capture(fact("finding", ids.make("found"), **found), wall=house.now)
    push = Push(phone.device, start, tuple(phone.phone.lines[start - 1 :]))
    upto = store.number_at(house.now - AGE_MS)
    leave = partial(window._leave, house.app.state.parts, house.org, [check], upto)
    answers = ledger.drain([push, Task(leave)])
    assert answers[0].receipts[0].verdict == "applied", answers
    assert answers[1] == 0
    record = store.record(check)
    assert record is not None
    assert not record.left
