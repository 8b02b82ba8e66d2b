"""Hello, push, pull and check over HTTP."""

import asyncio
import gzip
import zlib
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest

from hushui.actions.compaction import compact
from hushui.domain.policy import Domain
from hushui.verify import verify
from hushui_sync import digest, limits
from tests.support import ids
from tests.support.phone import op
from tests.web.house import Handset, House, problem, rows


@pytest.fixture
def phone(house: House) -> Handset:
    return house.enrol(house.patroller)


# push --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("packed", [False, True])
def test_P02_a_push_is_answered_by_one_receipt_for_each_line(phone: Handset, packed: bool) -> None:
    phone.hazard("one")
    phone.phone.raw(b"not json")
    phone.phone.capture(op("nonsense", ids.make("x"), a=1))
    answer = phone.push(packed=packed)
    assert answer.status_code == 200, answer.text
    verdicts = [receipt["verdict"] for receipt in answer.json()["receipts"]]
    assert verdicts == ["applied", "quarantined", "held"]
    assert answer.json()["answer"] == "receipts"


def test_P02_R02_the_chain_of_a_receipt_travels_with_its_row_only(phone: Handset) -> None:
    phone.hazard("one")
    (receipt,) = phone.push().json()["receipts"]
    mine = {row["record"]: row["body"] for _, row in rows(phone.pull())}
    travelled = mine[f"r:{phone.device}:1"]
    (stored,) = (it for it in phone.house.store.every_receipt() if it.number == receipt["number"])
    assert travelled == {**receipt, "chain": stored.chain}
    assert len(stored.chain) == 64
    assert "chain" not in receipt


def test_P03_a_gap_takes_nothing(phone: Handset) -> None:
    phone.hazard("one")
    phone.hazard("two")
    assert phone.push(2).json() == {"answer": "gap", "expected": 1}


def test_P05_a_fork_gives_a_ticket_that_registers_a_new_device(phone: Handset) -> None:
    phone.hazard("one")
    phone.push()
    phone.phone.lines = []
    phone.hazard("other")
    answer = phone.push().json()
    assert (answer["answer"], answer["n"]) == ("fork", 0)
    asked = {"ticket": answer["ticket"], "device": ids.make("anew"), "key": "a2V5", "label": ""}
    enrolled = phone.house.client.post("/api/enrol", json=asked)
    assert enrolled.status_code == 200
    assert enrolled.json()["person"] == phone.house.patroller


@pytest.mark.parametrize("held", [0, 1])
def test_P11_lost_lines_are_noted_and_the_feed_goes_on_under_another_device(
    phone: Handset, held: int
) -> None:
    house, office = phone.house, phone.house.enrol(phone.house.office)
    for name in ("one", "two", "three", "four"):
        phone.hazard(name)
    phone.hello()
    kept = phone.phone.lines[3]
    if held:
        phone.push_bytes(phone.phone.lines[0] + b"\n")
    line = kept + b"\n"
    for wrong in (held or 3, held + 2, 4):
        answer = phone.push_bytes(line, 4, lost=wrong).json()
        assert answer == {"answer": "gap", "expected": held + 1}, wrong
    assert house.store.lost(phone.device) == []
    phone.push_bytes(b"", 4, lost=held + 1)
    assert house.store.lost(phone.device) == [], "without a line it says nothing"
    answers = [phone.push_bytes(line, 4, lost=held + 1).json() for _ in range(2)]
    assert [(it["answer"], it["n"]) for it in answers] == [("fork", held)] * 2
    assert house.store.line(phone.device, 4) is None, "nothing was taken"
    (seen,) = (
        it
        for it in office.send("GET", "/api/devices").json()["devices"]
        if it["device"] == phone.device
    )
    noted = [{"first": held + 1, "last": 3, "at": house.now}]
    assert seen["lost"] == noted
    assert seen["missing"] == 4 - held
    asked = {"ticket": answers[1]["ticket"], "device": ids.make("on"), "key": "a2V5", "label": ""}
    assert house.client.post("/api/enrol", json=asked).status_code == 200
    listed = {it["device"]: it for it in office.send("GET", "/api/devices").json()["devices"]}
    ended = listed[phone.device]
    assert (ended["missing"], ended["owed"], ended["lost"]) == (0, [], noted), (
        "it goes on elsewhere"
    )
    assert verify(house.store, house.files, Domain()) == []


def test_P11_where_nothing_is_missing_it_is_a_push_like_any_other(phone: Handset) -> None:
    phone.hazard("one")
    answer = phone.push_bytes(phone.phone.lines[0] + b"\n", 1, lost=1).json()
    assert answer["answer"] == "receipts"
    assert phone.house.store.lost(phone.device) == []


@pytest.mark.parametrize("first", ["revoked", "ticket"])
def test_P05_a_revoked_device_does_not_let_itself_in_again(phone: Handset, first: str) -> None:
    """Who holds a stolen phone can fork its feed whenever he likes, before it was missed too."""
    house = phone.house
    phone.hazard("one")
    phone.push()
    revoke = op("device", phone.device, person=house.patroller, label="x", revoked=True)
    if first == "revoked":
        house.system(revoke)
    ticket = phone.push_bytes(b"{}\n").json()["ticket"]
    if first == "ticket":
        house.system(revoke)
    asked = {"ticket": ticket, "device": ids.make("anew"), "key": "a2V5", "label": "x"}
    for _ in range(2):
        answer = house.client.post("/api/enrol", json=asked)
        assert answer.status_code == 200, answer.text
        anew = Handset(house, asked["device"], answer.json()["token"], answer.json()["epoch"])
        assert problem(anew.pull()) == (403, "device_revoked")
    anew.hazard("what was not sent")
    (receipt,) = anew.push().json()["receipts"]
    assert (receipt["verdict"], receipt["code"]) == ("quarantined", "device_revoked")
    office = house.enrol(house.office)
    shown = office.send("GET", f"/api/records/{asked['device']}").json()["body"]["fields"]
    assert shown["revoked"] is True
    again = anew.push_bytes(b"{}\n").json()["ticket"]
    asked = {"ticket": again, "device": ids.make("once more"), "key": "a2V5", "label": "x"}
    answer = house.client.post("/api/enrol", json=asked).json()
    last = Handset(house, asked["device"], answer["token"], answer["epoch"])
    assert problem(last.pull()) == (403, "device_revoked")
    assert verify(house.store, house.files, Domain()) == []


def test_D02_what_two_lines_would_have_made_is_forgotten_with_both(
    house: House, phone: Handset
) -> None:
    """Released by one commit, neither is remembered as the maker of a record that is there now."""
    work = ids.make("work")
    fields = {"zone": house.zone, "work_kind": "canal_desilt", "no_photo_reason": "夜里"}
    refused = phone.phone.capture(op("work", work, **fields, length_m=10**12))
    phone.phone.capture(op("work", work, note="one"))
    phone.phone.capture(op("work", work, note="two"))
    phone.push()
    assert [entry for _, _, entry, _ in house.store.every_unmade()] != []
    phone.phone.capture(op("work", work, **fields, length_m=12), replaces=refused)
    verdicts = [it["verdict"] for it in phone.push().json()["receipts"]]
    assert verdicts == ["refused", "applied", "applied", "applied"]
    assert [entry for _, _, entry, _ in house.store.every_unmade()] == [refused]
    assert verify(house.store, house.files, Domain()) == []


def test_P06_a_line_over_a_mebibyte_takes_nothing(phone: Handset) -> None:
    answer = phone.push_bytes(b"x" * (limits.LINE_BYTES_KEPT + 1) + b"\n")
    assert answer.json() == {"answer": "too_large", "n": 1}


def test_P06_a_body_over_the_limit_is_413(phone: Handset) -> None:
    body = b"x" * limits.PUSH_BYTES + b"\n"
    assert problem(phone.push_bytes(body)) == (413, "body_too_large")


def test_P06_a_gzip_bomb_is_unpacked_only_up_to_the_limit(
    phone: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = gzip.compress(b"\0" * (64 * 1_048_576), 1)
    assert len(bomb) < limits.PUSH_BYTES
    seen: list[int] = []
    real = zlib.decompressobj

    class Watched:
        def __init__(self, bits: int) -> None:
            self.inner = real(bits)
            self.eof, self.unused_data = False, b""

        def decompress(self, data: bytes, limit: int) -> bytes:
            out = self.inner.decompress(data, limit)
            seen.append(len(out))
            return out

    monkeypatch.setattr("hushui.web.wire.zlib.decompressobj", Watched)
    answer = phone.push_bytes(bomb, headers={"Content-Encoding": "gzip"})
    assert problem(answer) == (413, "body_too_large")
    assert seen == [limits.PUSH_BYTES + 1]


@pytest.mark.parametrize(
    ("body", "encoding", "expected"),
    [
        (gzip.compress(b"a\n", mtime=0)[:-4], "gzip", (400, "bad_request")),
        (gzip.compress(b"a\n", mtime=0) + b"more", "gzip", (400, "bad_request")),
        (b"no gzip\n", "gzip", (400, "bad_request")),
        (b"a\n", "br", (415, "unsupported_media")),
        (b"cut on its w", "identity", (400, "bad_request")),
    ],
)
def test_a_body_that_was_cut_or_is_no_gzip_takes_nothing(
    phone: Handset, body: bytes, encoding: str, expected: tuple[int, str]
) -> None:
    answer = phone.push_bytes(body, headers={"Content-Encoding": encoding})
    assert problem(answer) == expected
    assert phone.hello().json()["known"]["n"] == 0


def test_P07_a_full_disk_is_never_a_verdict(phone: Handset) -> None:
    from hushui.errors import StoreBusy, StoreFull

    phone.hazard("one")
    store = phone.house.store
    whole = store.write
    for failure, code in ((StoreFull, "store_failed"), (StoreBusy, "busy")):

        def fail(changes: object, failure: Any = failure) -> None:
            raise failure("no")

        store.write = fail  # type: ignore[method-assign]
        answer = phone.push()
        assert problem(answer) == (503, code)
        assert "Retry-After" in answer.headers
        store.write = whole  # type: ignore[method-assign]
        assert phone.hello().json()["known"]["n"] == 0
    assert phone.push().json()["receipts"][0]["verdict"] == "applied"


def test_P09_a_revoked_device_is_heard_but_sees_nothing(house: House, phone: Handset) -> None:
    phone.hazard("before")
    phone.push()
    house.system(op("device", phone.device, revoked=True))
    phone.hazard("after")
    receipts = phone.push(2).json()["receipts"]
    assert [(r["verdict"], r["code"]) for r in receipts] == [("quarantined", "device_revoked")]
    hello = phone.hello().json()
    assert hello["grants"] == []
    revoked = {item["scope"] for item in hello["revoked"]}
    assert revoked == {f"org:{house.org}", f"person:{house.patroller}", f"zone:{house.zone}"}
    assert problem(phone.pull()) == (403, "device_revoked")
    assert problem(phone.send("GET", "/api/records")) == (403, "device_revoked")
    assert problem(phone.send("GET", "/api/live")) == (403, "device_revoked")


# hello -------------------------------------------------------------------------------------------
def test_H01_hello_announces_the_head_so_that_the_office_knows(
    house: House, phone: Handset
) -> None:
    phone.hazard("one")
    phone.hazard("two")
    phone.push_bytes(phone.phone.lines[0] + b"\n")
    phone.hello()
    office = house.enrol(house.office)
    listed = office.send("GET", "/api/devices").json()["devices"]
    seen = next(device for device in listed if device["device"] == phone.device)
    assert (seen["announced"], seen["delivered"], seen["missing"]) == (2, 1, 1)
    assert seen["owed"] == [{"first": 2, "last": 2, "since": house.now}]
    assert (seen["last_contact"], seen["revoked"]) == (house.now, False)
    assert house.store.org(house.org).system_device not in {d["device"] for d in listed}  # type: ignore[union-attr]


def test_H01_the_office_knows_which_lines_are_missing_and_since_when(
    house: House, phone: Handset
) -> None:
    """What was announced once stays announced, whatever the phone knows of itself later."""
    office = house.enrol(house.office)

    def owed() -> list[tuple[int, int, int]]:
        listed = office.send("GET", "/api/devices").json()["devices"]
        seen = next(device for device in listed if device["device"] == phone.device)
        assert seen["missing"] == sum(it["last"] - it["first"] + 1 for it in seen["owed"])
        return [(it["first"], it["last"], it["since"]) for it in seen["owed"]]

    phone.hazard("one")
    phone.hazard("two")
    phone.hello()
    first = house.now
    assert owed() == [(1, 2, first)]
    house.now += 60_000
    phone.hello()
    assert owed() == [(1, 2, first)]
    phone.hazard("three")
    phone.hello()
    second = house.now
    assert owed() == [(1, 2, first), (3, 3, second)]
    phone.push_bytes(phone.phone.lines[0] + b"\n")
    assert owed() == [(2, 2, first), (3, 3, second)]
    lines, phone.phone.lines = phone.phone.lines, phone.phone.lines[:1]
    house.now += 60_000
    phone.hello()
    assert owed() == [(2, 2, first), (3, 3, second)]
    phone.phone.lines = lines
    phone.push()
    assert owed() == []


def test_H01_a_contact_is_forgotten_after_90_days_unless_it_owes_lines(
    house: House, phone: Handset
) -> None:
    owing = house.enrol(house.patroller, "second phone")
    owing.hazard("never sent")
    for device in (phone, owing):
        device.hello()
    office = house.enrol(house.office)
    house.now += 91 * 86_400_000
    asyncio.run(compact(house.app.state.parts))
    listed = {it["device"]: it for it in office.send("GET", "/api/devices").json()["devices"]}
    assert listed[phone.device]["last_contact"] is None
    assert listed[owing.device]["last_contact"] is not None
    assert listed[owing.device]["missing"] == 1


def test_H02_known_is_what_the_server_holds(phone: Handset) -> None:
    phone.hazard("one")
    phone.push()
    head = phone.phone.head
    assert phone.hello().json()["known"] == {"n": 1, "hash": head.hash}


def test_H04_a_device_that_has_seen_more_makes_a_new_epoch(phone: Handset) -> None:
    before = phone.hello().json()
    epoch, number = before["contact"].split(":")
    same = phone.hello(contact=before["contact"]).json()
    assert same["epoch"] == epoch
    after = phone.hello(contact=f"{epoch}:{int(number) + 1}").json()
    assert after["epoch"] != epoch
    assert after["contact"] == f"{after['epoch']}:{number}"
    assert phone.hello(contact=after["contact"]).json()["epoch"] == after["epoch"]
    phone.hazard("goes on")
    assert phone.push().json()["receipts"][0]["number"] == int(number) + 1


def test_H04_a_head_that_the_server_had_and_lost_makes_a_new_epoch(phone: Handset) -> None:
    epoch = phone.hello().json()["epoch"]
    phone.hazard("unsent")
    assert phone.hello().json()["epoch"] == epoch
    lost = phone.hello(pending={"lines": 0, "blobs": 0}).json()
    assert lost["epoch"] != epoch


def test_H04_what_writes_shows_what_the_device_has_seen(phone: Handset) -> None:
    """The numbers it has seen are not given again before anybody greets."""
    epoch, number = phone.hello().json()["contact"].split(":")
    phone.hazard("one")
    known = phone.push_bytes(phone.phone.lines[0] + b"\n", 1, contact(f"{epoch}:{number}"))
    assert (known.json()["epoch"], known.json()["receipts"][0]["epoch"]) == (epoch, epoch)
    phone.hazard("two")
    more = contact(f"{epoch}:{int(number) + 9}")
    answer = phone.push_bytes(phone.phone.lines[1] + b"\n", 2, more).json()
    assert answer["epoch"] != epoch
    assert answer["receipts"][0]["epoch"] == answer["epoch"]
    # What it has seen is of another ledger now, and shows nothing more.
    again = phone.push_bytes(phone.phone.lines[1] + b"\n", 2, more).json()
    assert again == answer
    assert problem(phone.push_bytes(b"", 3, contact("yesterday"))) == (400, "bad_request")


@pytest.mark.parametrize("what", ["begun", "asked for", "gone on with"])
def test_H04_an_upload_shows_what_the_device_has_seen(phone: Handset, what: str) -> None:
    epoch, number = phone.hello().json()["contact"].split(":")
    photo, more = b"a wall in the water", contact(f"{epoch}:{int(number) + 9}")
    phone.hazard("with a photo", sha256(photo).hexdigest())
    phone.push()
    where = phone.upload(photo, **shown(what, "begun", more))
    assert where.status_code == 201, where.text
    phone.head(where.headers["location"], **shown(what, "asked for", more))
    done = phone.patch(
        where.headers["location"], 0, photo, **shown(what, "gone on with", more)
    ).headers["hushui-receipt"]
    assert phone.hello().json()["epoch"] == done.split(":")[0] != epoch


def contact(said: str) -> dict[str, str]:
    return {"Hushui-Contact": said}


def shown(what: str, where: str, headers: dict[str, str]) -> dict[str, str]:
    return headers if what == where else {}


def test_H04_a_revoked_device_makes_no_new_epoch(house: House, phone: Handset) -> None:
    before = phone.hello().json()
    epoch, number = before["contact"].split(":")
    house.system(op("device", phone.device, person=house.patroller, label="x", revoked=True))
    assert phone.pull().json()["code"] == "device_revoked"
    phone.hazard("still sends")
    sent = phone.push_bytes(phone.phone.lines[0] + b"\n", 1, contact(f"{epoch}:{10**9}"))
    assert sent.json()["epoch"] == epoch
    for claim in (
        {"contact": f"{epoch}:{int(number) + 1_000_000}"},
        {"head": {"n": 1_000_000, "hash": "0" * 32}, "pending": {"lines": 0, "blobs": 0}},
    ):
        answer = phone.hello(**claim)
        assert answer.status_code == 200, answer.text
        assert answer.json()["epoch"] == epoch
    assert [ledger.epoch for ledger in house.store.every_epoch()] == [epoch]


def test_S09_a_zone_given_away_is_an_explicit_item(house: House, phone: Handset) -> None:
    scope = f"zone:{house.zone}"
    assert scope in phone.hello().json()["grants"]
    grant = ids.make(f"grant {house.patroller} {house.zone}")
    house.system(op("grant", grant, ended=True, base={}))
    hello = phone.hello().json()
    assert scope not in hello["grants"]
    assert [item["scope"] for item in hello["revoked"]] == [scope]
    assert phone.pull().json()["revoked"] == hello["revoked"]
    house.system(op("grant", grant, ended=False))
    assert phone.hello().json()["revoked"] == []


def test_S09_who_has_left_loses_the_zones_that_nobody_took_from_him(
    house: House, phone: Handset
) -> None:
    scope = f"zone:{house.zone}"
    assert scope in phone.hello().json()["grants"]
    member = op("member", house.patroller, "del")
    house.system(member)
    hello = phone.hello().json()
    gone = {item["scope"] for item in hello["revoked"]}
    assert {scope, f"org:{house.org}"} <= gone
    assert not gone & set(hello["grants"])
    house.system(op("member", house.patroller, "undel"))
    assert scope in phone.hello().json()["grants"]
    assert phone.hello().json()["revoked"] == []


# pull --------------------------------------------------------------------------------------------
def test_S01_a_pull_takes_as_many_cursors_as_are_written_and_no_more(phone: Handset) -> None:
    longest = {
        "epoch": ids.EPOCH,
        "position": limits.INTEGER,
        "digest": "f" * 24,
        "after": "x" * 80,
    }
    cursors = [
        {"scope": f"person:{ids.make(f'person {i}')}", **longest}
        for i in range(limits.CURSORS_PER_PULL + 1)
    ]
    assert phone.pull(cursors[1:]).status_code == 200
    assert problem(phone.pull(cursors)) == (400, "bad_request")


class Shelf:
    """What a client keeps: rows and cursors, by the rules of section 10."""

    def __init__(self, phone: Handset) -> None:
        self.phone = phone
        self.rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.cursors: dict[str, dict[str, Any]] = {}

    def round(self, **asked: Any) -> int:
        """Pulls until no page has more; answers how many pulls it took."""
        for count in range(1, 200):
            answer = self.phone.pull(list(self.cursors.values()), **asked)
            assert answer.status_code == 200, answer.text
            found = answer.json()
            for page in found["pages"]:
                self.take(found["epoch"], page)
            if not any(page.get("more") for page in found["pages"]):
                return count
        raise AssertionError("the round does not end")

    def take(self, epoch: str, page: dict[str, Any]) -> None:
        kept = self.rows.setdefault(page["scope"], {})
        for row in page["rows"]:
            if row.get("gone"):
                kept.pop(row["record"], None)
            else:
                kept[row["record"]] = row
        cursor = {"scope": page["scope"], "epoch": epoch, "position": page["to"]}
        if snapshot := page.get("snapshot"):
            cursor |= {"position": snapshot["position"], "after": snapshot["after"]}
        cursor["digest"] = self.digest(page["scope"])
        self.cursors[page["scope"]] = cursor
        if page.get("digest") is not None:
            assert page["digest"] == cursor["digest"], "G03"
        assert not page.get("check")

    def digest(self, scope: str) -> str:
        members = [(id, row["rev"]) for id, row in self.rows.get(scope, {}).items()]
        return digest.text(digest.scope_digest(members))


def test_S01_a_first_pull_brings_every_scope_granted(house: House, phone: Handset) -> None:
    record = phone.hazard("one")
    phone.push()
    answer = phone.pull().json()
    assert set(answer["grants"]) == {
        f"device:{phone.device}",
        f"person:{house.patroller}",
        f"org:{house.org}",
        f"zone:{house.zone}",
    }
    assert set(answer["heads"]) == set(answer["grants"])
    found = {(scope, row["record"]) for scope, row in rows(phone.pull())}
    assert (f"zone:{house.zone}", record) in found
    assert (f"person:{house.patroller}", record) in found
    assert (f"device:{phone.device}", f"r:{phone.device}:1") in found


@pytest.mark.parametrize("bytes", [1, 700, 262_144])
def test_S04_rounds_end_with_everything_whatever_the_budget(phone: Handset, bytes: int) -> None:
    for i in range(6):
        phone.hazard(f"hazard {i}")
    phone.push()
    shelf = Shelf(phone)
    shelf.round(bytes=bytes)
    assert len(shelf.rows[f"zone:{phone.house.zone}"]) == 6
    phone.hazard("one more")
    phone.push(7)
    shelf.round(bytes=bytes)
    assert len(shelf.rows[f"zone:{phone.house.zone}"]) == 7
    assert phone.pull(list(shelf.cursors.values())).json()["pages"] == []


def test_S06_what_changes_during_a_snapshot_follows_it(phone: Handset) -> None:
    for i in range(5):
        phone.hazard(f"hazard {i}")
    phone.push()
    shelf = Shelf(phone)
    first = phone.pull(bytes=1).json()
    for page in first["pages"]:
        shelf.take(first["epoch"], page)
    phone.hazard("meanwhile")
    phone.push(6)
    shelf.round(bytes=1)
    assert len(shelf.rows[f"zone:{phone.house.zone}"]) == 6


def test_S06_a_cursor_of_another_epoch_gets_a_snapshot(phone: Handset) -> None:
    phone.hazard("one")
    phone.push()
    scope = f"zone:{phone.house.zone}"
    old = {
        "scope": scope,
        "epoch": ids.make("old epoch"),
        "position": 1,
        "digest": digest.text(digest.EMPTY),
    }
    page = next(p for p in phone.pull([old]).json()["pages"] if p["scope"] == scope)
    assert page["snapshot"] == {"position": page["to"], "after": None}


def test_S06_who_was_away_when_the_past_was_forgotten_gets_a_snapshot(
    house: House, phone: Handset
) -> None:
    """90 days after a record left its zone nobody is told any more that it did."""
    stays, leaves = phone.hazard("stays"), phone.hazard("leaves")
    phone.push()
    away = house.enrol(house.patroller, "away")
    scope = f"zone:{house.zone}"
    shelves = {handset.device: Shelf(handset) for handset in (phone, away)}
    for shelf in shelves.values():
        shelf.round()
    phone.phone.capture(op("hazard", leaves, zone=house.make_zone("next", "220300-NBH-Z04")))
    phone.push(3)
    shelves[phone.device].round()
    house.now += 89 * 86_400_000
    asyncio.run(compact(house.app.state.parts))
    assert house.store.floor(scope) == 0
    house.now += 2 * 86_400_000
    asyncio.run(compact(house.app.state.parts))
    assert house.store.floor(scope) == house.store.heads([scope])[scope]
    assert verify(house.store, house.files, Domain()) == []

    asked = list(shelves[phone.device].cursors.values())
    assert not [page for page in phone.pull(asked).json()["pages"] if page["scope"] == scope]
    old = shelves[away.device]
    pages = away.pull(list(old.cursors.values())).json()["pages"]
    (page,) = [page for page in pages if page["scope"] == scope]
    assert page["snapshot"] is not None
    assert [row["record"] for row in page["rows"]] == [stays]
    # Back again, it is told as anything new is.
    phone.phone.capture(op("hazard", leaves, zone=house.zone))
    phone.push(4)
    shelves[phone.device].round()
    assert set(shelves[phone.device].rows[scope]) == {stays, leaves}
    assert verify(house.store, house.files, Domain()) == []


@pytest.mark.parametrize("told", [digest.text(bytes(15) + b"1"), "f" * 32, ""])
def test_G03_a_cursor_at_the_head_with_another_digest_is_told_to_check(
    phone: Handset, told: str
) -> None:
    """Whatever it is instead: 32 hex digits are what an older app says."""
    phone.hazard("one")
    phone.push()
    shelf = Shelf(phone)
    shelf.round()
    scope = f"zone:{phone.house.zone}"
    shelf.cursors[scope]["digest"] = told
    pages = phone.pull(list(shelf.cursors.values())).json()["pages"]
    assert [(page["scope"], page["check"]) for page in pages] == [(scope, True)]


def test_G04_check_names_the_members_that_differ_and_gives_their_rows(
    house: House, phone: Handset
) -> None:
    records = [phone.hazard(f"hazard {i}") for i in range(5)]
    phone.push()
    shelf = Shelf(phone)
    shelf.round()
    scope = f"zone:{house.zone}"
    cursor = shelf.cursors[scope]
    members = [(id, row["rev"]) for id, row in shelf.rows[scope].items()]

    def ask(position: int = cursor["position"], **what: Any) -> dict[str, Any]:
        asked = {
            "device": phone.device,
            "scope": scope,
            "epoch": cursor["epoch"],
            "position": position,
            **what,
        }
        answer: dict[str, Any] = phone.send("POST", "/api/sync/check", json=asked).json()
        return answer

    def packed(members: list[tuple[str, str]]) -> str:
        return b64encode(digest.buckets(members)).decode()

    head = cursor["position"]
    assert ask(buckets=packed(members)) == {"answer": "same"}
    assert ask(head - 1, buckets=packed(members)) == {"answer": "behind", "head": head}
    missing = [member for member in members if member[0] != records[2]]
    (number,) = sha256(records[2].encode()).digest()[:1]
    assert ask(buckets=packed(missing)) == {
        "answer": "differs",
        "buckets": [number],
        "members": [list(m) for m in members if sha256(m[0].encode()).digest()[0] == number],
        "digest": cursor["digest"],
    }
    # Only what is live in this scope, at whatever position; of another epoch nothing.
    elsewhere = f"r:{phone.device}:1"
    answer = ask(head - 1, records=[records[2], elsewhere, "nothing"])
    assert answer == {
        "answer": "rows",
        "rows": [shelf.rows[scope][records[2]]],
        "digest": cursor["digest"],
    }
    for what in ({"records": [records[2]]}, {"buckets": packed(missing)}):
        assert ask(epoch=ids.make("epoch"), **what) == {"answer": "behind", "head": head}
    for what in (
        {},
        {"buckets": packed(members)[:-4]},
        {"buckets": ["0" * 32] * 256},
        {"records": ["x"] * (limits.CHECK_RECORDS + 1)},
    ):
        assert ask(**what)["code"] == "bad_request"
    # The office hears of it: how often, and when last.
    ask(buckets=packed(missing))
    office = house.enrol(house.office)
    listed = office.send("GET", "/api/devices").json()["devices"]
    told = {it["device"]: (it["mismatches"], it["mismatch_at"]) for it in listed}
    assert told[phone.device] == (2, house.now)
    assert told[office.device] == (0, None)


def test_A04_check_of_a_scope_not_granted_is_not_found(house: House, phone: Handset) -> None:
    for scope in (f"org:{house.other_org}", f"person:{house.colleague}"):
        asked = {
            "device": phone.device,
            "scope": scope,
            "epoch": house.store.ledger().epoch,
            "position": 0,
            "buckets": "A" * 1_366 + "==",
        }
        assert problem(phone.send("POST", "/api/sync/check", json=asked)) == (404, "not_found")


def test_A04_nothing_of_another_organisation_is_seen_anywhere(house: House) -> None:
    theirs = house.enrol(house.stranger, org=house.other_org)
    record = theirs.hazard("theirs", zone=ids.make("their zone"))
    assert theirs.push().json()["receipts"][0]["verdict"] == "applied"
    office = house.enrol(house.office)
    found = {row["record"] for _, row in rows(office.pull())}
    assert record not in found
    assert problem(office.send("GET", f"/api/records/{record}")) == (404, "not_found")
    assert problem(office.send("GET", f"/api/records/{record}/history")) == (404, "not_found")
    listed = office.send("GET", "/api/records").json()["records"]
    assert record not in {item["record"] for item in listed}
    assert theirs.device not in office.send("GET", "/api/devices").text
    theirs.phone.raw(b"broken")
    theirs.push(2)
    assert theirs.device not in office.send("GET", "/api/unaccepted").text
