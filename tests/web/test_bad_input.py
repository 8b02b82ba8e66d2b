"""Whatever comes in beside them, good lines are receipted, readable and chained on. That the bad
ones get their own answers the neighbours of this file show; here it is that nothing else is lost.
"""

import gzip
import json
import tracemalloc
from base64 import b64decode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from hushui.__main__ import main
from hushui.domain.policy import Domain
from hushui.errors import StoreFull
from hushui.ledger import LedgerWriter, Push
from hushui.storage.sqlite import SqliteStore
from hushui.verify import verify
from hushui_sync import feed, limits
from tests.support import ids
from tests.support.phone import op
from tests.support.program import Program
from tests.web.house import Handset, House, metadata, problem

GOOD = 20
Bad = Callable[[Handset], Any]


class Feed:
    """A phone whose good lines must all be there at the end, each with the receipt it once got."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.phone = house.enrol(house.patroller)
        self.office = house.enrol(house.office)
        self.good: dict[str, int] = {}
        self.receipts: dict[int, dict[str, Any]] = {}

    def capture(self, count: int) -> None:
        for _ in range(count):
            record = self.phone.hazard(f"good {len(self.good)}")
            self.good[record] = len(self.phone.phone.lines)

    def push(self) -> list[dict[str, Any]]:
        """What the server does not hold yet; keeps the receipts."""
        start = self.held() + 1
        answer = self.phone.push(start)
        assert answer.status_code == 200, answer.text
        assert answer.json()["answer"] == "receipts", answer.text
        found: list[dict[str, Any]] = answer.json()["receipts"]
        assert [receipt["n"] for receipt in found] == [
            *range(start, len(self.phone.phone.lines) + 1)
        ]
        self.receipts |= {receipt["n"]: receipt for receipt in found}
        return found

    def held(self) -> int:
        device = self.house.store.device(self.phone.device)
        assert device is not None
        return device.n

    def whole(self) -> None:
        """Nothing is lost: receipts, records, heads, and the ledger as a whole."""
        lines = self.phone.phone.lines
        known = self.phone.hello().json()["known"]
        assert known == {"n": len(lines), "hash": self.phone.phone.head.hash}
        again = self.phone.push().json()["receipts"]
        assert {receipt["n"]: receipt for receipt in again} == self.receipts
        for record, n in self.good.items():
            assert self.receipts[n]["verdict"] == "applied", self.receipts[n]
            found = self.office.send("GET", f"/api/records/{record}/history").json()
            assert [line["n"] for line in found["lines"]][:1] == [n]
        for n, line in enumerate(lines, 1):
            stored = self.house.store.line(self.phone.device, n)
            assert stored is not None
            assert (stored.bytes, stored.hash) == (line, feed.line_hash(line))
        assert verify(self.house.store, self.house.files, Domain()) == []


@pytest.fixture
def kept(house: House) -> Iterator[Feed]:
    """Five lines are there already; the end looks whether they, and all others, still are."""
    feed = Feed(house)
    feed.capture(5)
    feed.push()
    yield feed
    feed.whole()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feed]:
    """One feed through all the bad lines there are."""
    with House(tmp_path_factory.mktemp("running")) as house:
        feed = Feed(house)
        feed.capture(5)
        feed.push()
        yield feed
        feed.whole()


# one bad line among good ones --------------------------------------------------------------------
def raw(line: bytes) -> Bad:
    return lambda phone: phone.phone.raw(line)


def somebody_elses(phone: Handset) -> None:
    """A colleague's record, corrected by one who may not."""
    colleague = phone.house.enrol(phone.house.colleague)
    record = colleague.hazard("of a colleague")
    colleague.push()
    phone.phone.capture(op("hazard", record, note="mine now"))


def out_of_range(phone: Handset) -> None:
    fields = {"types": ["piping"], "nature": "acute", "diameter_cm": 1e9}
    phone.phone.capture(op("hazard", ids.make("too wide"), **fields))


def member_missing(phone: Handset) -> None:
    head = phone.phone.head
    phone.phone.raw(json.dumps({"v": 1, "n": head.n + 1, "prev": head.hash}).encode())


def named_twice(phone: Handset) -> None:
    """Another entry under the id of the first."""
    known = json.loads(phone.phone.lines[0])["id"]
    phone.phone.capture(op("hazard", ids.make("other"), types=["breach"], nature="acute"), id=known)


BAD: dict[str, tuple[Bad, str, str]] = {
    "not JSON": (raw(b"this is no JSON"), "quarantined", "unreadable"),
    "half a line": (raw(b'{"v":1,"device":"'), "quarantined", "unreadable"),
    "nothing at all": (raw(b""), "quarantined", "unreadable"),
    "not UTF-8": (raw(b'{"v":1,"note":"\xc3\x28\xff"}'), "quarantined", "unreadable"),
    "NUL": (raw(b'{"v":1,"note":"\\u0000"}'), "quarantined", "unreadable"),
    "a lone surrogate": (raw(b'{"v":1,"note":"\\ud800"}'), "quarantined", "unreadable"),
    "30,000 lists deep": (raw(b"[" * 30_000 + b"]" * 30_000), "quarantined", "unreadable"),
    "10,000 objects deep": (
        raw(b'{"a":' * 10_000 + b"1" + b"}" * 10_000), "quarantined", "unreadable",
    ),
    "over 64 KiB": (raw(b'"' + b"x" * limits.LINE_BYTES + b'"'), "quarantined", "line_too_long"),
    "exactly 1 MiB": (raw(b"x" * limits.LINE_BYTES_KEPT), "quarantined", "line_too_long"),
    "a member missing": (member_missing, "refused", "malformed"),
    "JSON and no entry": (raw(b"[1,2,3]"), "refused", "malformed"),
    "an unknown kind": (
        lambda phone: phone.phone.capture(op("gauge", ids.make("gauge"), stage=12.5)),
        "held", "unknown_kind",
    ),
    "out of range": (out_of_range, "refused", "out_of_range"),
    "somebody else's record": (somebody_elses, "refused", "no_right"),
    "an id used before": (named_twice, "refused", "id_reused"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_C03_E02_E03_E04_V08_V09_a_bad_line_costs_none_of_the_others(
    running: Feed, bad: str
) -> None:
    write, verdict, code = BAD[bad]
    running.capture(GOOD // 2)
    write(running.phone)
    n = len(running.phone.phone.lines)
    running.capture(GOOD // 2)
    receipts = running.push()
    assert len(receipts) == GOOD + 1
    assert [(r["n"], r["verdict"], r["code"]) for r in receipts if r["verdict"] != "applied"] == [
        (n, verdict, code)
    ]
    # It comes home to its author, and the office sees its bytes.
    shown = running.office.send("GET", "/api/unaccepted").json()["lines"]
    assert (shown[-1]["device"], shown[-1]["n"]) == (running.phone.device, n)
    assert b64decode(shown[-1]["line"]) == running.phone.phone.lines[n - 1]


def test_C03_R04_all_bad_lines_in_one_packed_push_cost_none_of_the_others(kept: Feed) -> None:
    bad = []
    for write, _, code in BAD.values():
        write(kept.phone)
        bad.append((len(kept.phone.phone.lines), code))
        kept.capture(2)
    body = b"".join(line + b"\n" for line in kept.phone.phone.lines[5:])
    packed = gzip.compress(body)
    answer = kept.phone.push_bytes(packed, 6, {"Content-Encoding": "gzip"})
    receipts = answer.json()["receipts"]
    kept.receipts |= {receipt["n"]: receipt for receipt in receipts}
    assert [(r["n"], r["code"]) for r in receipts if r["verdict"] != "applied"] == bad
    rows = {row["record"] for page in kept.phone.pull(bytes=limits.PULL_BYTES_MAX).json()["pages"]
            for row in page["rows"]}  # fmt: skip
    assert {f"u:{kept.phone.device}:{n}" for n, _ in bad} <= rows


def test_D04_D05_R05_lines_that_no_id_names_are_declined_and_given_up(kept: Feed) -> None:
    """And the office's list, the author's rows and `verify` agree."""
    device, bad = kept.phone.device, ("not UTF-8", "over 64 KiB", "a member missing")
    for name in (*bad, "an id used before"):
        BAD[name][0](kept.phone)
    kept.push()
    places = [f"{device}:{n}" for n in range(6, 10)]

    def listed() -> list[str]:
        """What of this phone waits for the office."""
        lines = kept.office.send("GET", "/api/unaccepted").json()["lines"]
        return [f"{device}:{line['n']}" for line in lines if line["device"] == device]

    def home() -> set[str]:
        pages = kept.phone.pull(bytes=limits.PULL_BYTES_MAX).json()["pages"]
        rows = (row for page in pages for row in page["rows"] if not row.get("gone"))
        return {row["record"][2:] for row in rows if row["record"].startswith("u:")}

    def say(by: Handset, act: str, place: str) -> tuple[str, str | None]:
        by.phone.capture(op("entry", device, act, entry=place))
        start = len(by.phone.lines)
        receipt = by.push(start).json()["receipts"][0]
        if by is kept.phone:
            kept.receipts[start] = receipt
        return receipt["verdict"], receipt["code"]

    assert listed() == places
    for place in places[:2]:
        assert say(kept.office, "adopt", place) == ("refused", "decided")
        assert say(kept.office, "decline", place) == ("applied", None)
    assert listed() == places[2:]
    for left, place in enumerate(places):
        assert home() == set(places[left:])
        assert say(kept.phone, "abandon", place) == ("applied", None)
    assert (listed(), home()) == ([], set())
    again = kept.phone.push().json()["receipts"]
    kept.receipts |= {receipt["n"]: receipt for receipt in again}
    assert [receipt["code"] for receipt in again[5:7]] == ["declined", "declined"]


# a push that takes nothing -----------------------------------------------------------------------
def test_P06_a_line_over_1_MiB_takes_nothing_and_what_is_before_it_goes_without_it(
    kept: Feed,
) -> None:
    kept.capture(GOOD)
    lines = kept.phone.phone.lines
    body = [*lines[5:], b"x" * (limits.LINE_BYTES_KEPT + 1)]
    answer = kept.phone.push_bytes(b"".join(line + b"\n" for line in body), 6)
    assert answer.json() == {"answer": "too_large", "n": 6 + GOOD}
    assert kept.held() == 5
    kept.push()


def test_P03_after_a_gap_the_missing_lines_make_it_whole(kept: Feed) -> None:
    kept.capture(GOOD)
    assert kept.phone.push(8).json() == {"answer": "gap", "expected": 6}
    assert kept.held() == 5
    kept.push()


def test_P05_a_wrong_prev_takes_nothing_and_the_right_line_still_goes(kept: Feed) -> None:
    kept.capture(GOOD)
    lines = list(kept.phone.phone.lines)
    wrong = json.loads(lines[10])
    wrong["prev"] = "f" * 32
    body = [*lines[5:10], json.dumps(wrong).encode(), *lines[11:]]
    answer = kept.phone.push_bytes(b"".join(line + b"\n" for line in body), 6).json()
    assert (answer["answer"], answer["n"], answer["hash"]) == ("fork", 5, feed.line_hash(lines[4]))
    assert kept.held() == 5
    kept.push()


def test_P06_a_gzip_bomb_takes_nothing_and_holds_up_nobody(kept: Feed) -> None:
    bomb = gzip.compress(b"\n" * (128 * 1_048_576), 1)
    assert len(bomb) < 1_048_576
    tracemalloc.start()
    try:
        answer = kept.phone.push_bytes(bomb, 6, {"Content-Encoding": "gzip"})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert problem(answer) == (413, "body_too_large")
    assert peak < 4 * limits.PUSH_BYTES, "it was unpacked"
    twice = gzip.compress(bomb)
    answer = kept.phone.push_bytes(twice, 6, {"Content-Encoding": "gzip, gzip"})
    assert problem(answer) == (415, "unsupported_media")
    kept.capture(GOOD)
    kept.push()


def test_P06_4_MiB_of_empty_lines_are_too_many_and_take_nothing(kept: Feed) -> None:
    """Four million receipts, an hour of the one writer, for four kilobytes on the wire."""
    body = gzip.compress(b"\n" * limits.PUSH_BYTES)
    answer = kept.phone.push_bytes(body, 6, {"Content-Encoding": "gzip"})
    assert problem(answer) == (413, "body_too_large")
    assert problem(kept.phone.push_bytes(b"\n" * (limits.PUSH_LINES + 1), 6)) == (
        413,
        "body_too_large",
    )
    kept.capture(GOOD)
    kept.push()


def test_N01_an_expired_and_a_reused_code_leave_the_phone_and_its_lines_alone(kept: Feed) -> None:
    house = kept.house
    kept.capture(GOOD)
    used, old = house.code(house.patroller), house.code(house.patroller)

    def enrol(code: str, name: str) -> Any:
        asked = {"code": code, "device": ids.make(name), "key": "a2V5", "label": name}
        return house.client.post("/api/enrol", json=asked)

    first = enrol(used, "first")
    assert first.status_code == 200
    assert problem(enrol(used, "second")) == (410, "code_used")
    kept.push()
    house.now += limits.CODE_HOURS * 3_600_000
    assert problem(enrol(old, "third")) == (410, "code_expired")
    assert problem(enrol(used, "first")) == (410, "code_expired")
    for name in ("second", "third"):
        assert house.store.device(ids.make(name)) is None
    # Whom it was bound to goes on.
    headers = {"Authorization": f"Bearer {first.json()['token']}"}
    assert house.client.get("/api/orgs/me", headers=headers).status_code == 200
    kept.capture(1)
    kept.push()


# photos ------------------------------------------------------------------------------------------
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 4_000
NAME = sha256(PHOTO).hexdigest()


def test_B03_a_photo_that_does_not_match_costs_neither_its_line_nor_other_photos(
    kept: Feed,
) -> None:
    other = b"\xff\xd8\xff another one"
    names = [NAME, sha256(other).hexdigest()]
    kept.phone.hazard("with photos", *names)
    kept.push()
    done = kept.phone.upload(other).headers["location"]
    assert kept.phone.patch(done, 0, other).status_code == 204
    where = kept.phone.upload(PHOTO).headers["location"]
    for damaged in (PHOTO[:-1] + b"?", b"?" + PHOTO[1:], bytes(len(PHOTO))):
        assert problem(kept.phone.patch(where, 0, damaged)) == (460, "hash_mismatch")
        assert problem(kept.phone.send("GET", f"/api/blobs/{NAME}")) == (404, "not_found")
    assert kept.phone.send("GET", f"/api/blobs/{names[1]}").content == other
    assert kept.phone.patch(where, 0, PHOTO).status_code == 204
    assert kept.phone.send("GET", f"/api/blobs/{NAME}").content == PHOTO


def test_B05_an_upload_cut_again_and_again_is_the_same_bytes_in_the_end(kept: Feed) -> None:
    kept.phone.hazard("with a photo", NAME)
    kept.push()
    where = kept.phone.upload(PHOTO).headers["location"]
    offset, rounds = 0, 0
    while offset < len(PHOTO):
        piece = PHOTO[offset : offset + 90_001]
        answer = kept.phone.patch(where, offset, piece)
        assert answer.status_code == 204
        # The answer got lost: the same piece again is a wrong offset, and HEAD says the right one.
        late = kept.phone.patch(where, offset, piece)
        offset += len(piece)
        if offset < len(PHOTO):
            assert problem(late) == (409, "wrong_offset")
            assert int(kept.phone.head(where).headers["upload-offset"]) == offset
        rounds += 1
    assert rounds > 10
    assert kept.phone.send("GET", f"/api/blobs/{NAME}").content == PHOTO
    assert kept.phone.head(where).headers["hushui-receipt"]


# a full disk -------------------------------------------------------------------------------------
def pages(house: House, most: int) -> None:
    """As `SqliteStore(max_pages=most)` bounds the file from the beginning."""
    house.store._max_pages = most
    house.store._bound(house.store._writer)


def test_P07_a_full_store_gives_no_receipt_and_after_room_is_made_the_same_lines_go(
    kept: Feed,
) -> None:
    house, store = kept.house, kept.house.store
    count = store.one("PRAGMA page_count")
    assert count is not None
    pages(house, count[0] + 15)
    taken = 0
    for _ in range(200):
        kept.capture(GOOD)
        before = store.ledger(), kept.held()
        answer = kept.phone.push(kept.held() + 1)
        if answer.status_code != 200:
            break
        kept.receipts |= {receipt["n"]: receipt for receipt in answer.json()["receipts"]}
        taken += GOOD
    assert problem(answer) == (503, "store_failed")
    assert "Retry-After" in answer.headers
    assert "receipts" not in answer.json()
    assert (store.ledger(), kept.held()) == before
    # Everything taken before can be read, and the same push fails in the same way.
    assert problem(kept.phone.push(kept.held() + 1)) == (503, "store_failed")
    assert kept.phone.pull().status_code == 200
    last = list(kept.good)[4 + taken]
    assert kept.office.send("GET", f"/api/records/{last}").status_code == 200
    pages(house, 1_000_000)
    assert len(kept.push()) == GOOD


def test_P07_a_store_opened_with_too_little_room_says_so_and_opens_again(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        feed = Feed(house)
        feed.capture(5)
        feed.push()
        line = feed.phone.phone.lines[-1]
    store = SqliteStore(tmp_path / "hushui.db", max_pages=1)
    writer = LedgerWriter(store, house.ports, Domain())
    again = writer.drain([Push(feed.phone.device, 5, (line,))])[0]
    feed.capture(200)
    lines = tuple(feed.phone.phone.lines[5:])
    refused = writer.drain([Push(feed.phone.device, 6, lines)])[0]
    assert again.receipts[0].verdict == "applied", "what is there is answered without writing"
    assert isinstance(refused, StoreFull)
    store.close()
    store = SqliteStore(tmp_path / "hushui.db")
    writer = LedgerWriter(store, house.ports, Domain())
    assert len(writer.drain([Push(feed.phone.device, 6, lines)])[0].receipts) == 200
    store.close()


def test_P07_a_disk_that_is_full_for_every_file_gives_no_receipt_until_there_is_room(
    tmp_path: Path,
) -> None:
    """The whole server, bounded from outside as a full disk would (RLIMIT_FSIZE)."""
    photo = bytes(2_000_000)
    name = sha256(photo).hexdigest()
    with House(tmp_path) as house:
        phone = house.enrol(house.patroller)
        named = phone.hazard("with a photo", name)
        phone.push()
        other = house.enrol(house.colleague)
    with Program(tmp_path) as program, httpx.Client(base_url=program.url) as client:

        def push(by: Handset, start: int) -> httpx.Response:
            body = b"".join(line + b"\n" for line in by.phone.lines[start - 1 :])
            where = f"/api/sync/push?device={by.device}&from={start}"
            return client.post(where, content=body, headers=by.headers)

        upload = client.post(
            "/api/blobs",
            headers={**phone.headers, "Tus-Resumable": "1.0.0", "Upload-Length": str(len(photo)),
                     "Upload-Metadata": metadata(name)},
        ).headers["location"]  # fmt: skip
        piece = {**phone.headers, "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                 "Content-Type": "application/offset+octet-stream"}  # fmt: skip
        log = tmp_path / "hushui.db-wal"
        program.bound_files(log.stat().st_size + 400_000)
        taken, answer = 1, httpx.Response(200)
        for _ in range(100):
            for i in range(GOOD):
                phone.hazard(f"line {taken + i}")
            answer = push(phone, taken + 1)
            if answer.status_code != 200:
                break
            taken += GOOD
        assert problem(answer) == (503, "store_failed")
        assert 1 < taken < 100 * GOOD
        assert problem(push(phone, taken + 1)) == (503, "store_failed")
        assert problem(client.patch(upload, content=photo, headers=piece)) == (503, "store_failed")
        assert client.get(f"/api/records/{named}", headers=phone.headers).status_code == 200
        # What was acknowledged is answered again, without a byte written.
        known = b"".join(line + b"\n" for line in phone.phone.lines[:taken])
        where = f"/api/sync/push?device={phone.device}&from=1"
        again = client.post(where, content=known, headers=phone.headers).json()
        assert len(again["receipts"]) == taken
        program.bound_files(None)
        assert len(push(phone, taken + 1).json()["receipts"]) == GOOD
        other.hazard("of another phone")
        assert push(other, 1).json()["receipts"][0]["verdict"] == "applied"
        offset = client.head(upload, headers={**phone.headers, "Tus-Resumable": "1.0.0"})
        done = int(offset.headers["upload-offset"])
        piece["Upload-Offset"] = str(done)
        assert client.patch(upload, content=photo[done:], headers=piece).status_code == 204
        assert client.get(f"/api/blobs/{name}", headers=phone.headers).content == photo
    assert main(["verify", "--data", str(tmp_path)]) == 0
