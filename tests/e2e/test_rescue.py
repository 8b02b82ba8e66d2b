"""What a phone cannot send leaves it as one file, the office keeps that, and later all of it
arrives once by the usual way."""

import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
from tests.e2e.house import Desk, House
from tests.e2e.looks import violations
from tests.e2e.phone import Screen

# A browser that shares files, and what was shared; the next one may be turned down.
SHARES = """
globalThis.__shared = []
globalThis.__refuse = null
navigator.canShare = () => true
navigator.share = async ({ files }) => {
  if (globalThis.__refuse) throw new DOMException('no', globalThis.__refuse)
  for (const file of files) {
    const bytes = [...new Uint8Array(await file.arrayBuffer())]
    globalThis.__shared.push({ name: file.name, bytes })
  }
}
"""
FRAMED = ("/duty", "/tasks", "/report", "/map", "/me", "/patrol", "/consent", "/my-data", "/people")


class Scene(NamedTuple):
    house: House
    phone: Screen
    desk: Desk
    office: Office


@pytest.fixture(scope="module")
def scene(
    new_house: Callable[..., House],
    new_hand: Callable[..., Screen],
    new_office: Callable[..., Office],
) -> Scene:
    house = new_house()
    phone = new_hand(house)
    phone.page.add_init_script(SHARES)
    return Scene(house, phone, house.desk(), new_office(house))


def report(phone: Screen, type: str, state: str) -> str:
    phone.step_aside()
    phone.go("/report")
    phone.tap(f"hazard-{type}")
    phone.shoot()
    return phone.just_saved(state)


def shared(phone: Screen) -> tuple[str, bytes]:
    (file,) = phone.page.evaluate("() => globalThis.__shared.splice(0)")
    return str(file["name"]), bytes(file["bytes"])


def brought(office: Office, data: bytes, name: str = "应急导出包.zip") -> Any:
    office.at("rescue-file").set_input_files(
        {"name": name, "mimeType": "application/zip", "buffer": data}
    )
    row = office.page.locator(f'[data-sha="{sha256(data).hexdigest()}"]')
    expect(row).to_be_visible(timeout=20_000)
    return row


def test_what_is_not_sent_goes_by_one_file_and_later_arrives_once(
    scene: Scene, keep: Keep, tmp_path: Path
) -> None:
    _, phone, desk, office = scene
    phone.page.context.set_offline(True)
    hazards = [report(phone, type, "saved_local") for type in ("leak_hole", "piping")]
    assert phone.unsent() == (2, 2)
    for path in FRAMED:
        phone.go(path)
        bar = phone.shows("ledger-bar")
        assert bar.get_attribute("data-lines") == "2", path
        phone.button("ledger-bar").tap()
        phone.shows("records-page")
    phone.go("/duty")
    phone.button("ledger-bar").tap()
    for hazard in hazards:
        phone.shows("record-row", record=hazard)
    keep(phone.page, "not-sent")
    phone.tap("rescue-share")
    phone.shows("rescue", step="shared")
    expect(phone.shows("rescue-said")).to_contain_text("单位收下前，手机上的一份不会删")
    keep(phone.page, "shared")
    assert violations(phone.page) == []
    name, data = shared(phone)
    assert name.startswith("应急导出包-四平市南北河")
    assert "张河" in name
    assert phone.unsent() == (2, 2)

    stored = phone.stored()
    kept = tmp_path / "bundle.zip"
    kept.write_bytes(data)
    with zipfile.ZipFile(kept) as packed:
        assert packed.testzip() is None
        told = json.loads(packed.read("bundle.json"))
        (feed,) = told["feeds"]
        lines = packed.read(f"feeds/{feed['device']}/{feed['from']}.ndjson").splitlines()
        entries = [json.loads(line) for line in lines]
        photos = {
            it.filename[6:]: packed.read(it) for it in packed.infolist() if "blobs/" in it.filename
        }
    unsent = [it["entry"] for it in stored["lines"] if it["n"] >= feed["from"]]
    assert entries == unsent
    assert len(entries) == 2
    assert sorted(photos) == sorted(name for entry in entries for name in entry["blobs"])
    assert all(sha256(photo).hexdigest() == name for name, photo in photos.items())

    office.go("rescue")
    row = brought(office, data, name)
    expect(row).to_have_attribute("data-stand", "open")
    expect(row).to_contain_text("张河")
    expect(row).to_contain_text("2 条，单位已有 0 条")
    expect(row).to_contain_text("照片和轨迹 2 份，单位已有 0 份")
    keep(office.page, "taken-in")
    assert violations(office.page) == []
    raw = desk.http.get(f"/api/rescue/{sha256(data).hexdigest()}")
    assert raw.content == data
    with office.page.expect_download() as down:
        row.get_by_test_id("rescue-download").click()
    assert Path(down.value.path()).read_bytes() == data
    for hazard in hazards:
        assert desk.http.get(f"/api/records/{hazard}").status_code == 404

    phone.page.context.set_offline(False)
    phone.go("/duty")
    phone.wait_sent()
    for hazard, entry in zip(hazards, entries, strict=True):
        (line,) = desk.history(hazard)["lines"]
        assert line["entry"]["id"] == entry["id"]
    for photo in photos:
        assert desk.blob(photo) == photos[photo]
    expect(row).to_have_attribute("data-stand", "known", timeout=30_000)
    expect(row).to_contain_text("2 条，单位已有 2 条")
    keep(office.page, "all-known")
    assert [it["person"] for it in desk.get("/api/rescue")["bundles"]] == [IDS.member("张河")]


def test_a_phone_that_shares_no_such_file_saves_it(scene: Scene, keep: Keep) -> None:
    phone = scene.phone
    phone.page.context.set_offline(True)
    report(phone, "leak_hole", "saved_local")
    phone.button("ledger-bar").tap()
    phone.shows("rescue")
    phone.page.evaluate("() => { globalThis.__refuse = 'NotAllowedError' }")
    with phone.page.expect_download() as down:
        phone.tap("rescue-share")
    assert down.value.suggested_filename.endswith(".zip")
    phone.shows("rescue", step="saved")
    keep(phone.page, "saved")
    # Closing the other app's sheet is no failure, and the file stands ready.
    phone.page.reload()
    phone.shows("rescue")
    phone.page.evaluate("() => { globalThis.__refuse = 'AbortError' }")
    phone.tap("rescue-share")
    phone.shows("rescue", step="ready")
    keep(phone.page, "ready")
    phone.page.evaluate("() => { globalThis.__refuse = null }")
    phone.tap("rescue-again")
    phone.shows("rescue", step="shared")
    assert shared(phone)[1][:2] == b"PK"
    phone.page.context.set_offline(False)
    phone.go("/duty")
    phone.wait_sent()
    phone.button("ledger-bar").tap()
    phone.shows("records-page")
    expect(phone.at("rescue")).to_have_count(0)


def test_what_is_broken_is_kept_too_and_the_keyboard_is_enough(
    scene: Scene, keep: Keep, tmp_path: Path
) -> None:
    office = scene.office
    before = len(scene.desk.get("/api/rescue")["bundles"])
    office.go("rescue")
    data = "今天没有异常".encode()
    row = brought(office, data, "说明.txt")
    expect(row).to_have_attribute("data-stand", "unread")
    expect(row).to_contain_text("这不是应急导出包")
    expect(office.at("rescue-told")).to_contain_text("收下留底了，但有不对的地方")
    keep(office.page, "broken")
    assert violations(office.page) == []
    assert scene.desk.http.get(f"/api/rescue/{sha256(data).hexdigest()}").content == data
    button = office.at("rescue-choose").locator("xpath=descendant-or-self::button").first
    expect(button).to_be_enabled()
    with office.page.expect_file_chooser() as chooser:
        button.press("Enter")
    halves = [tmp_path / "一.zip", tmp_path / "二.zip"]
    for half, bytes_ in zip(halves, (b"PK\x03\x04half", b"other"), strict=True):
        half.write_bytes(bytes_)
    chooser.value.set_files(halves)
    expect(office.at("rescue-told")).to_have_count(2)
    expect(office.at("rescue-bundle")).to_have_count(before + 3)
