"""Rescue bundles (section 15): kept as they come, compared with the ledger, never taken into it."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED
from zlib import crc32

import pytest
from httpx import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hushui.actions import rescue
from hushui.domain.policy import Domain
from hushui.errors import StoreFailure
from hushui.storage.rescue import BUNDLE, Rescue
from hushui.verify import verify
from hushui_sync import limits
from tests.support import ids
from tests.support.bundle import digest, members, packed
from tests.support.phone import Phone, hazard, op
from tests.web.house import Handset, House, problem

PHOTOS = [b"\xff\xd8\xff" + bytes([n]) * 3_000 for n in (1, 2)]


class Desk:
    """A browser of the office."""

    def __init__(self, house: House, person: str, org: str | None = None) -> None:
        self.house = house
        self.hand: Handset = house.enrol(person, "desk", org)

    def bring(self, data: bytes, name: str = "应急导出包.zip") -> Response:
        return self.hand.send("POST", "/api/rescue", content=data, params={"name": name})

    def brought(self, data: bytes) -> Any:
        answer = self.bring(data)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def listed(self) -> list[Any]:
        answer = self.hand.send("GET", "/api/rescue")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["bundles"])

    def raw(self, name: str) -> Response:
        return self.hand.send("GET", f"/api/rescue/{name}")


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, house.office)


@pytest.fixture
def phone(house: House) -> Handset:
    """Two records with a photo each; nothing sent."""
    phone = house.enrol(house.patroller)
    for n, photo in enumerate(PHOTOS):
        phone.hazard(f"unsent {n}", digest(photo))
    return phone


def files_of(house: House, phone: Handset) -> dict[str, bytes]:
    return members(house.org, house.patroller, phone.phone, PHOTOS)


def standing(house: House) -> tuple[object, ...]:
    """Everything of the ledger that a bundle could touch."""
    store = house.store
    with store.reading():
        lines = [line.bytes for line in store.every_line()]
        records = [record.inner for record in store.every_record()]
        names = [*house.files.every(), *house.files.staged()]
        return (store.ledger(), lines, records, names)


def codes(view: Any) -> list[str]:
    return sorted({fault["code"] for fault in view["faults"]})


# what is in it -----------------------------------------------------------------------------------
def test_K01_a_bundle_says_whose_it_is_and_holds_lines_as_captured_and_photos_by_hash(
    house: House, desk: Desk, phone: Handset
) -> None:
    data = packed(files_of(house, phone))
    view = desk.brought(data)
    assert (view["whole"], view["faults"], view["org"]) == (True, [], "own")
    assert (view["person"], view["name"], view["size"]) == (house.patroller, "张河", len(data))
    assert (view["lines"], view["lines_held"]) == (2, 0)
    assert (view["photos"], view["photos_held"], view["photos_gone"]) == (2, 0, 0)
    assert view["since"] == view["until"] == ids.NOW
    (feed,) = view["feeds"]
    assert (feed["device"], feed["person"]) == (phone.device, house.patroller)
    assert (feed["first"], feed["last"], feed["lines"]) == (1, 2, 2)


def test_K01_each_feed_of_it_is_the_body_of_a_push(house: House, phone: Handset) -> None:
    body = files_of(house, phone)[f"feeds/{phone.device}/1.ndjson"]
    answer = phone.push_bytes(body)
    assert [it["verdict"] for it in answer.json()["receipts"]] == ["applied", "applied"]


def changed(house: House, phone: Handset, how: str) -> bytes:
    files = files_of(house, phone)
    feed, photo = f"feeds/{phone.device}/1.ndjson", f"blobs/{digest(PHOTOS[0])}"
    told = json.loads(files["bundle.json"])
    lines = files[feed].splitlines(keepends=True)
    match how:
        case "photo damaged":
            files[photo] = files[photo][:-1] + b"?"
        case "photo missing":
            del files[photo]
        case "line damaged":
            files[feed] = lines[0].replace(b"unsent 0", b"unsent 9") + lines[1]
        case "line gone":
            files[feed] = lines[0]
        case "line cut":
            files[feed] = files[feed][:-10]
        case "line of another device":
            other = Phone(ids.make("another"))
            other.capture(hazard(ids.make("theirs")))
            files[feed] = other.lines[0] + b"\n"
        case "no line":
            files[feed] = b"no json\n" + lines[1]
        case "other head":
            told["feeds"][0]["head"]["hash"] = "0" * 32
        case "no about":
            del files["bundle.json"]
        case "newer":
            told["v"] = 2
        case "bad about":
            told["feeds"] = "none"
        case "deep about":
            files["bundle.json"] = b"[" * 100_000
        case "other name":
            files["../../secret"] = b"a path out"
        case "packed":
            return packed(files, ZIP_DEFLATED)
        case "cut in a photo" | "cut at its end":
            whole = packed(files)
            end = whole.index(b"PK\x01\x02")
            return whole[: end - 100] if how == "cut in a photo" else whole[:end]
        case "text":
            return "今天没有异常".encode()
        case _:
            raise AssertionError(how)
    if "bundle.json" in files and how != "deep about":
        files["bundle.json"] = json.dumps(told).encode()
    return packed(files)


WRONG = {
    "photo damaged": ["bad_blob", "blob_missing"],
    "photo missing": ["blob_missing"],
    "line damaged": ["chain"],
    "line gone": ["line_missing"],
    "line cut": ["bad_line", "line_missing"],
    "line of another device": ["bad_line", "line_missing"],
    "no line": ["bad_line", "chain"],
    "other head": ["head"],
    "no about": ["no_about"],
    "newer": ["newer"],
    "bad about": ["bad_about"],
    "deep about": ["bad_about"],
    "other name": ["other_name"],
    "packed": ["no_about", "packed"],
    "cut in a photo": ["blob_missing", "cut"],
    "cut at its end": ["cut"],
    "text": ["no_bundle"],
}


@pytest.mark.parametrize("how", WRONG)
def test_K01_K02_what_is_wrong_with_it_is_said_and_it_is_kept_all_the_same(
    house: House, desk: Desk, phone: Handset, how: str
) -> None:
    data, before = changed(house, phone, how), standing(house)
    view = desk.brought(data)
    assert (view["whole"], codes(view)) == (False, WRONG[how])
    assert desk.raw(view["sha256"]).content == data
    assert standing(house) == before
    assert [it["sha256"] for it in desk.listed()] == [sha256(data).hexdigest()]


def test_K01_a_zip_that_would_grow_is_not_unpacked(
    house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = packed({"bundle.json": b" " * 50_000_000}, ZIP_DEFLATED)
    assert len(bomb) < 100_000
    asked: list[int] = []

    def watched(data: bytes, crc: int = 0) -> int:
        asked.append(len(data))
        return crc32(data, crc)

    monkeypatch.setattr("hushui.actions.bundle.crc32", watched)
    assert codes(desk.brought(bomb)) == ["no_about", "packed"]
    assert asked == []


def test_K01_more_lines_than_a_bundle_may_have_are_counted_up_to_there(
    house: House, desk: Desk, phone: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RESCUE_LINES", 1)
    view = desk.brought(packed(files_of(house, phone)))
    assert (view["lines"], "too_many" in codes(view)) == (1, True)


# kept --------------------------------------------------------------------------------------------
def test_K02_the_same_bytes_lie_there_once_with_everybody_who_brought_them(
    house: House, desk: Desk, phone: Handset
) -> None:
    data = packed(files_of(house, phone))
    name = desk.brought(data)["sha256"]
    house.now += 60_000
    second = Desk(house, house.member("另一位值班员", "secretary"))
    assert second.bring(data, "再交一次.zip").json()["sha256"] == name
    assert desk.bring(data, "又交一次.zip").json()["sha256"] == name
    (view,) = desk.listed()
    brought = [(it["person"], it["at"], it["name"]) for it in view["handed"]]
    other = ids.make("另一位值班员")
    assert brought == [
        (house.office, ids.NOW, "应急导出包.zip"),
        (other, ids.NOW + 60_000, "再交一次.zip"),
    ]
    assert name == sha256(data).hexdigest()
    folder = house.files.root / "rescue"
    assert [path.read_bytes() for path in folder.rglob(BUNDLE)] == [data]
    assert list((folder / "coming").iterdir()) == []


def test_K02_nobody_but_the_office_brings_sees_or_takes_one(
    house: House, desk: Desk, phone: Handset
) -> None:
    data = packed(files_of(house, phone))
    name = desk.brought(data)["sha256"]
    for person in (house.patroller, house.colleague, house.admin):
        other = Desk(house, person)
        assert problem(other.bring(data)) == (403, "forbidden")
        assert problem(other.hand.send("GET", "/api/rescue")) == (403, "forbidden")
        assert problem(other.raw(name)) == (403, "forbidden")
    answer = house.client.post("/api/rescue", content=data)
    assert problem(answer) == (401, "unauthenticated")


def test_K02_of_another_organisations_bundle_nothing_is_told_but_that_it_is(
    house: House, desk: Desk, phone: Handset
) -> None:
    phone.push()
    data = packed(files_of(house, phone))
    name = desk.brought(data)["sha256"]
    theirs = Desk(house, house.stranger, house.other_org)
    assert problem(theirs.raw(name)) == (404, "not_found")
    assert theirs.listed() == []
    view = theirs.brought(data)
    assert (view["org"], view["whole"]) == ("other", False)
    assert (view["person"], view["name"], view["lines_held"]) == (None, None, 0)
    assert [feed["person"] for feed in view["feeds"]] == [None]


def test_K02_a_name_that_is_none_opens_nothing(desk: Desk) -> None:
    for name in ("..", "%2e%2e%2fsecret", "0" * 64, "secret"):
        assert desk.raw(name).status_code == 404


def test_K02_more_than_a_bundle_may_have_is_turned_away_and_leaves_nothing(
    house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescue, "RESCUE_BYTES", 1_000)
    assert problem(desk.bring(b"x" * 1_001)) == (413, "body_too_large")

    def unannounced() -> Iterator[bytes]:
        yield b"x" * 600
        yield b"x" * 600

    answer = desk.hand.send("POST", "/api/rescue", content=unannounced())
    assert problem(answer) == (413, "body_too_large")
    assert problem(desk.bring(b"")) == (400, "bad_request")
    assert desk.listed() == []
    assert [path for path in (house.files.root / "rescue").rglob("*") if path.is_file()] == []


def test_K02_without_room_beyond_what_the_ledger_needs_it_is_turned_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hushui.storage.rescue.RESERVE", 1 << 60)
    assert problem(desk.bring(b"a bundle")) == (503, "store_failed")


def test_K02_what_a_kill_left_half_is_cleared_away_a_day_later(house: House) -> None:
    shelf = Rescue(house.files.root)
    shelf.begin(ids.make("coming"), 1).write(b"half")
    (half,) = (house.files.root / "rescue" / "coming").iterdir()
    shelf.sweep(half.stat().st_mtime - 1)
    assert half.exists()
    shelf.sweep(half.stat().st_mtime + 1)
    assert not half.exists()


def test_K02_one_that_our_own_code_trips_over_hides_no_other(
    house: House, desk: Desk, phone: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = desk.brought(packed(files_of(house, phone)))["sha256"]

    def trip(file: object) -> None:
        raise KeyError("ours")

    monkeypatch.setattr(rescue, "look_into", trip)
    assert codes(desk.brought(b"poison")) == ["internal"]
    assert {it["sha256"] for it in desk.listed()} == {good, digest(b"poison")}


def test_K02_what_was_noted_of_it_can_be_lost_or_damaged(
    house: House, desk: Desk, phone: Handset
) -> None:
    view = desk.brought(packed(files_of(house, phone)))
    (noted,) = (house.files.root / "rescue").rglob("read.json")
    noted.write_bytes(b"half a no")
    assert desk.listed() == [view]
    noted.unlink()
    assert desk.listed() == [view]


def test_K02_verify_names_one_whose_bytes_were_changed(
    house: House, desk: Desk, phone: Handset
) -> None:
    desk.brought(packed(files_of(house, phone)))
    assert verify(house.store, house.files, Domain()) == []
    (path,) = (house.files.root / "rescue").rglob(BUNDLE)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    (finding,) = verify(house.store, house.files, Domain())
    assert (finding.what, finding.where) == ("rescue", f"{house.org}/{path.parent.name}")


# beside the ledger -------------------------------------------------------------------------------
def test_K03_what_the_ledger_has_is_counted_and_nothing_comes_into_it(
    house: House, desk: Desk, phone: Handset
) -> None:
    data, before = packed(files_of(house, phone)), standing(house)
    desk.brought(data)
    assert standing(house) == before
    phone.push_bytes(phone.phone.lines[0] + b"\n")
    (view,) = desk.listed()
    assert (view["lines"], view["lines_held"], view["photos_held"]) == (2, 1, 0)
    phone.push_bytes(phone.phone.lines[1] + b"\n", 2)
    for photo in PHOTOS:
        where = phone.upload(photo).headers["location"]
        assert phone.patch(where, 0, photo).status_code == 204
    (view,) = desk.listed()
    assert (view["lines_held"], view["photos_held"]) == (2, 2)


def test_K03_another_line_in_its_place_is_not_the_line(house: House, desk: Desk) -> None:
    phone = house.enrol(house.patroller)
    phone.hazard("one")
    phone.push()
    twin = Phone(phone.device)
    twin.capture(hazard(ids.make("another"), zone=house.zone), id=ids.make("another entry"))
    view = desk.brought(packed(members(house.org, house.patroller, twin)))
    assert (view["lines"], view["lines_held"]) == (1, 0)
    assert [feed["other"] for feed in view["feeds"]] == [True]


def test_K03_a_line_issued_again_under_another_device_is_held(house: House, desk: Desk) -> None:
    """After a fork (P05, P08): the old feed's lines arrived by the new one."""
    old, new = Phone(ids.make("old")), house.enrol(house.patroller)
    entry, record = ids.make("entry"), ids.make("record")
    for phone in (old, new.phone):
        phone.capture(op("duty_entry", record, note="一样的话"), id=entry)
    new.push()
    view = desk.brought(packed(members(house.org, house.patroller, old)))
    assert view["lines_held"] == 1


def test_K03_a_photo_that_nobody_has_is_said(house: House, desk: Desk, phone: Handset) -> None:
    files = files_of(house, phone)
    told = json.loads(files["bundle.json"])
    del files[f"blobs/{digest(PHOTOS[0])}"]
    told["blobs"][0]["here"] = False
    files["bundle.json"] = json.dumps(told).encode()
    view = desk.brought(packed(files))
    assert (view["whole"], view["photos"], view["photos_gone"]) == (True, 1, 1)


# whatever it is ----------------------------------------------------------------------------------
@st.composite
def mutations(draw: st.DrawFn) -> Any:
    """Cuts, flips, repeats and insertions, as shares of the file's length."""
    places = st.floats(0, 1, exclude_max=True)
    one = st.tuples(
        st.sampled_from(["cut", "flip", "double", "insert", "drop"]),
        places,
        st.integers(0, 255),
        st.binary(max_size=40),
    )
    return draw(st.lists(one, min_size=1, max_size=4))


def mutated(data: bytes, steps: Any) -> bytes:
    for how, share, byte, extra in steps:
        at = int(share * len(data))
        match how:
            case "cut":
                data = data[: max(1, at)]
            case "flip":
                data = data[:at] + bytes([byte]) + data[at + 1 :]
            case "double":
                data = data[:at] + data
            case "insert":
                data = data[:at] + extra + data[at:]
            case "drop":
                data = data[:at] + data[at + byte :] or b"?"
            case _:
                raise AssertionError(how)
    return data


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Desk, bytes]]:
    with House(tmp_path_factory.mktemp("shared")) as house:
        phone = house.enrol(house.patroller)
        for n, photo in enumerate(PHOTOS):
            phone.hazard(f"unsent {n}", digest(photo))
        yield house, Desk(house, house.office), packed(files_of(house, phone))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=mutations())
def test_K02_K03_however_it_was_changed_it_is_kept_and_the_ledger_stays(
    shared: tuple[House, Desk, bytes], steps: Any
) -> None:
    house, desk, whole = shared
    before, data = standing(house), mutated(whole, steps)
    view = desk.brought(data)
    assert view["sha256"] == digest(data)
    assert desk.raw(view["sha256"]).content == data
    assert standing(house) == before
    if data != whole and view["whole"]:
        # Only what nobody reads may differ: the directory at the end, a date, a version.
        assert (view["lines"], view["photos"]) == (2, 2)


@settings(max_examples=40, deadline=None)
@given(data=st.binary(min_size=1, max_size=400))
def test_K02_any_bytes_are_kept(shared: tuple[House, Desk, bytes], data: bytes) -> None:
    _, desk, _ = shared
    view = desk.brought(data)
    assert not view["whole"]
    assert desk.raw(view["sha256"]).content == data


def test_K02_a_disk_that_fails_is_no_verdict(
    house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object, piece: bytes) -> None:
        raise StoreFailure("broken")

    monkeypatch.setattr("hushui.storage.rescue.Coming.write", fail)
    assert problem(desk.bring(b"bundle")) == (503, "store_failed")
    assert desk.listed() == []
    assert list((Path(house.files.root) / "rescue" / "coming").iterdir()) == []
