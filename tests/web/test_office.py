"""What the office reads."""

import asyncio
from base64 import b64decode
from contextlib import suppress
from typing import Any

import pytest

from hushui.kinds import KINDS
from hushui_sync.entry import Op
from tests.support import ids
from tests.support.phone import op
from tests.web.house import Handset, House, problem


@pytest.fixture
def phone(house: House) -> Handset:
    return house.enrol(house.patroller)


@pytest.fixture
def office(house: House) -> Handset:
    return house.enrol(house.office)


def listed(reader: Handset, query: str = "") -> list[str]:
    answer = reader.send("GET", f"/api/records?kind=hazard{query}")
    assert answer.status_code == 200, answer.text
    return [item["record"] for item in answer.json()["records"]]


def test_records_are_seen_by_the_same_scopes_as_pull(
    house: House, phone: Handset, office: Handset
) -> None:
    record = phone.hazard("one")
    phone.push()
    colleague = house.enrol(house.colleague)
    assert listed(phone) == listed(office) == [record]
    assert listed(colleague) == []
    assert problem(colleague.send("GET", f"/api/records/{record}")) == (404, "not_found")
    house.grant(house.colleague, house.zone)
    assert listed(colleague) == [record]


def test_records_are_filtered_counted_and_paged(phone: Handset, office: Handset) -> None:
    made = [phone.hazard(f"隐患 {i}") for i in range(3)]
    phone.push()
    newest_first = sorted(made, reverse=True)
    assert listed(office) == newest_first
    first = office.send("GET", "/api/records?kind=hazard&limit=2").json()
    assert first["more"]
    assert first["counts"] == {"pending": 3}
    last = first["records"][-1]["record"]
    assert listed(office, f"&limit=2&after={last}") == newest_first[2:]
    assert listed(office, "&state=approved") == []
    assert listed(office, f"&person={phone.house.office}") == []
    assert listed(office, f"&from={phone.house.now + 1}") == []
    assert len(listed(office, "&q=隐患")) == 3


def test_records_are_counted_kind_by_kind_by_the_filter_of_the_list(
    house: House, phone: Handset, office: Handset
) -> None:
    """As many, by the same scopes, as each kind's own list says."""
    kept, dropped = phone.hazard("一"), phone.hazard("二")
    phone.phone.capture(op("hazard", dropped, "del", base={}))
    phone.push()
    fields = {"target": kept, "version": 1, "decision": "approved", "reason": ""}
    office.phone.capture(op("review", ids.make("r"), **fields, base={"$review": None}))
    office.push()
    zone = f"zone={house.zone}"
    for reader in (office, phone, house.enrol(house.colleague)):
        for query in ("", "deleted=true", zone, "state=pending", "q=一", f"from={house.now + 1}"):
            found = reader.send("GET", f"/api/records/counts?{query}").json()["counts"]
            lists = {
                kind: reader.send("GET", f"/api/records?kind={kind}&{query}").json()["counts"]
                for kind in KINDS
            }
            assert found == {kind: counts for kind, counts in lists.items() if counts}, query
    everything = office.send("GET", "/api/records/counts").json()["counts"]
    assert everything["hazard"] == {"approved": 1}
    assert office.send("GET", "/api/records/counts?deleted=true&kind=hazard").json() == {
        "counts": {"hazard": {"approved": 1, "pending": 1}}
    }
    seen = house.enrol(house.colleague, "b").send("GET", "/api/records/counts").json()["counts"]
    assert "hazard" not in seen


def test_nothing_that_is_only_read_keeps_the_others_waiting(
    house: House, phone: Handset, office: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever may find many rows is asked beside the event loop."""
    record = phone.hazard("one")
    phone.push()
    on_loop: list[str] = []
    ask = house.store.all

    def noted(sql: str, values: Any = ()) -> Any:
        with suppress(RuntimeError):
            asyncio.get_running_loop()
            on_loop.append(sql)
        return ask(sql, values)

    bundle = office.send("POST", "/api/rescue", content=b"anything").json()["sha256"]
    paths = office.send("GET", "/api/schema").json()["paths"]
    asked = [
        path.replace("{record}", record).replace("{name}", "hazard.csv").replace("{sha256}", bundle)
        for path, methods in paths.items()
        if "get" in methods and path not in ("/api/live", "/api/blobs/{name}")
    ]
    assert {"/api/records", "/api/records/counts", "/api/figures"} < set(asked)
    admin = house.enrol(house.admin)
    monkeypatch.setattr(house.store, "all", noted)
    for path in asked:
        answers = {caller.send("GET", path).status_code for caller in (office, admin)}
        assert 200 in answers, path
        assert (path, on_loop) == (path, [])


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=9999", "limit=x", "zone=abc", "state=odd", "from=-1", "after=1"]
)
def test_a_filter_that_makes_no_sense_is_named(office: Handset, query: str) -> None:
    answer = office.send("GET", f"/api/records?{query}")
    assert problem(answer) == (400, "bad_request")
    assert answer.json()["field"] == query.split("=")[0]


def test_one_record_comes_with_its_photos_and_reviews(phone: Handset, office: Handset) -> None:
    name = "ab" * 32
    record = phone.hazard("one", name)
    phone.push()
    review = ids.make("review")
    decision = op(
        "review", review, target=record, version=1, decision="approved", base={"$review": None}
    )
    office.phone.capture(decision)
    assert office.push().json()["receipts"][0]["verdict"] == "applied"
    found = office.send("GET", f"/api/records/{record}").json()
    assert found["body"]["fields"]["note"] == "one"
    assert found["body"]["review"]["decision"] == "approved"
    assert [(photo["sha256"], photo["received"]) for photo in found["photos"]] == [(name, None)]
    assert [item["record"] for item in found["followers"]] == [review]


def test_a_list_counts_photos_as_the_record_shows_them(phone: Handset, office: Handset) -> None:
    """Two records of the same bytes are two, a voided one is none, a line alone names one, a track
    is none."""
    same, lone, track = ("ab" * 32, "cd" * 32, "ef" * 32)
    record, patrol = phone.hazard("one"), ids.make("patrol")
    shots = sorted(ids.make(f"shot {n}") for n in range(3))
    for shot in shots:
        photo = {**KINDS["photo"].valid, "subject": record, "sha256": same}
        phone.phone.capture(op("photo", shot, **photo), blobs=[same])
    phone.phone.capture(op("photo", shots[2], "del", base={}))
    phone.phone.capture(op("hazard", record, note="再看", base={"note": None}), blobs=[lone])
    void = ids.make("void")
    gone = {**KINDS["photo"].valid, "subject": record, "sha256": "99" * 32}
    more = {"height_m": 3, "base": {"height_m": None}}
    phone.phone.capture(op("hazard", record, **more), op("photo", void, **gone), blobs=["99" * 32])
    phone.phone.capture(op("photo", void, "del", base={}))
    walked = {**KINDS["patrol"].valid, "zone": phone.house.zone}
    segment = {"type": "segment", "blob": track, "from": ids.NOW, "to": ids.NOW + 60_000}
    phone.phone.capture(
        op("patrol", patrol, **walked), op("patrol", patrol, "add", **segment), blobs=[track]
    )
    receipts = phone.push().json()["receipts"]
    assert all(it["verdict"] in ("applied", "merged") for it in receipts), receipts
    rows = office.send("GET", "/api/records").json()["records"]
    counts = {row["record"]: row["photo_count"] for row in rows}
    assert counts[record] == {"named": 3, "received": 0}
    assert counts[patrol] == {"named": 0, "received": 0}
    found = office.send("GET", f"/api/records/{record}").json()["photos"]
    told = [(it["record"], it["sha256"]) for it in found]
    assert told == [(shots[0], same), (shots[1], same), (None, lone)]


def test_history_counts_versions_as_the_judge_does(
    house: House, phone: Handset, office: Handset
) -> None:
    """After every line the history says what the record's version was then: a settling may make
    one, a deletion never does."""
    record = phone.hazard("one")
    phone.push()
    first = office.send("GET", f"/api/records/{record}").json()["body"]["stamps"]["note"]
    versions = [1]

    def does(handset: Handset, *ops: Op) -> None:
        handset.phone.capture(*ops)
        handset.push(len(handset.phone.lines))
        stands = house.store.record(record)
        assert stands is not None
        versions.append(stands.version)

    does(phone, op("hazard", record, note="迎水面", base={"note": first}))
    does(office, op("hazard", record, note="背水面", base={"note": first}))
    conflict = office.send("GET", f"/api/records/{record}").json()["body"]["conflicts"][0]
    assert in_conflict(office) == [record]
    does(office, op("hazard", record, "settle", field="note", stamp=conflict["entry"]))
    assert in_conflict(office) == []
    decision = {"target": record, "version": versions[-1], "decision": "approved"}
    does(office, op("review", ids.make("it"), **decision, base={"$review": None}))
    does(office, op("hazard", record, "del", base={}))
    does(office, op("hazard", record, "undel", base={}))
    found = office.send("GET", f"/api/records/{record}/history").json()["lines"]
    assert [line["version"] for line in found] == versions


def in_conflict(office: Handset) -> list[str]:
    found = office.send("GET", "/api/records?conflict=true&deleted=true").json()["records"]
    return [row["record"] for row in found]


def test_history_tells_lines_verdicts_versions_and_three_times(
    house: House, phone: Handset, office: Handset
) -> None:
    record = phone.hazard("one")
    phone.push()
    stamps = office.send("GET", f"/api/records/{record}").json()["body"]["stamps"]
    house.now += 60_000
    phone.phone.capture(
        op("hazard", record, note="更正", base={"note": stamps["note"]}),
        wall=ids.NOW + 30_000 + 1_200,
        offset=1_200,
    )
    phone.push(2)
    found = office.send("GET", f"/api/records/{record}/history").json()["lines"]
    assert [line["version"] for line in found] == [1, 2]
    assert found[-1]["version"] == house.store.record(record).version  # type: ignore[union-attr]
    assert [line["receipts"][-1]["verdict"] for line in found] == ["applied", "applied"]
    assert b64decode(found[1]["line"]) == phone.phone.lines[1]
    assert found[1]["entry"]["ops"][0]["set"] == {"note": "更正"}
    assert found[1]["at"] == {
        "phone": ids.NOW + 31_200,
        "corrected": ids.NOW + 30_000,
        "server": ids.NOW + 60_000,
    }


def test_history_shows_colleagues_only_what_speaks_of_the_record(
    house: House, phone: Handset
) -> None:
    seen, secret = ids.make("seen"), ids.make("secret zone")
    record = phone.hazard("one")
    phone.phone.capture(
        op("hazard", record, note="two"), op("member", seen, name=secret, code="1", roles=["x"])
    )
    phone.push()
    house.grant(house.colleague, house.zone)
    colleague = house.enrol(house.colleague)
    answer = colleague.send("GET", f"/api/records/{record}/history")
    assert [line["line"] for line in answer.json()["lines"]] == [None]
    assert secret not in answer.text


def test_unaccepted_lines_are_shown_to_the_office_alone(phone: Handset, office: Handset) -> None:
    phone.phone.raw(b"\xff not a line")
    phone.phone.capture(op("hazard", ids.make("bad"), type="nonsense"))
    phone.push()
    found = office.send("GET", "/api/unaccepted").json()["lines"]
    assert [(line["receipt"]["verdict"], line["entry"] is None) for line in found] == [
        ("quarantined", True),
        ("refused", False),
    ]
    assert b64decode(found[0]["line"]) == b"\xff not a line"
    assert problem(phone.send("GET", "/api/unaccepted")) == (403, "forbidden")


def test_devices_are_listed_for_office_and_administrators(
    house: House, phone: Handset, office: Handset
) -> None:
    admin = house.enrol(house.admin)
    for reader in (office, admin):
        listed = reader.send("GET", "/api/devices").json()["devices"]
        assert {d["device"] for d in listed} >= {phone.device, office.device, admin.device}
    assert problem(phone.send("GET", "/api/devices")) == (403, "forbidden")


def test_everybody_can_ask_what_he_may_do(house: House, phone: Handset, office: Handset) -> None:
    mine = phone.send("GET", "/api/orgs/me").json()
    assert (mine["name"], mine["demo"]) == ("四平市南北河管理中心", False)
    assert (mine["posts"], mine["zones"]) == (["patroller"], [house.zone])
    assert office.send("GET", "/api/orgs/me").json()["posts"] == ["office", "patroller"]
