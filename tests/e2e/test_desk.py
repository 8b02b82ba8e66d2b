"""The desk: what it points at, what it settles, and that its map and its list say the same."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
from tests.e2e.house import Desk, House
from tests.e2e.phone import Screen
from tests.stranger.client import Client, mint_id

ZONE = IDS.zone("Z03")
HAZARD = {"types": ["masonry_washout"], "nature": "acute", "zone": ZONE, "chainage": 5200}
DESILTED = {"work_kind": "canal_desilt", "zone": ZONE, "chainage": 5300, "length_m": 120}


class Scene(NamedTuple):
    phone: Screen
    second: Client
    """Another phone of the same person."""
    officer: Client
    """A phone of the duty officer, who may correct what others wrote."""
    office: Office
    desk: Desk


@pytest.fixture(scope="module")
def scene(
    new_house: Callable[..., House],
    new_screen: Callable[..., Screen],
    new_desk: Callable[..., BrowserContext],
    tmp_path_factory: pytest.TempPathFactory,
) -> Scene:
    house = new_house()
    admin = house.desk("admin")
    fields = house.desk().record(ZONE)["body"]["fields"]
    phone = new_screen(house.url)
    phone.stand(on_bank(fields["line"], fields["chainage_start"], 5200, 5))
    phone.enrol(admin.code("张河"))
    phone.wait_ready()
    folder = tmp_path_factory.mktemp("clients")

    def join(name: str) -> Client:
        client = Client(house.url, str(folder / f"{name}.db"))
        client.enrol(f"{name}的手机", code=admin.code(name))
        synced(client)
        return client

    # A browser whose language writes dates the other way round.
    office = Office(new_desk(locale="en-US"), house.url)
    office.sign_in()
    return Scene(phone, join("张河"), join("周汛"), office, house.desk())


def synced(client: Client) -> None:
    assert client.sync() == []


def written(scene: Scene, kind: str, **fields: Any) -> str:
    record = mint_id()
    scene.second.save(kind, record, **fields)
    synced(scene.second)
    return record


def test_an_empty_field_and_a_missing_photo_are_pointed_at(scene: Scene, keep: Keep) -> None:
    office, phone = scene.office, scene.phone
    record = written(scene, "work", **DESILTED, no_photo_reason="没带手机")
    office.go("review")
    office.open(record)
    office.send_back(
        "volume_m3", "方量没填", lambda: keep(office.page, "pointing"), lacking="after"
    )
    points = scene.desk.record(record)["body"]["review"]["points"]
    assert points == [{"field": "volume_m3"}, {"field": "photo.after"}]
    phone.go("/tasks")
    phone.tap("todo-returned", record=record)
    phone.shows("marked-field", field="volume_m3")
    expect(phone.shows("marked-lacking", slot="after")).to_contain_text("缺处理后照片")
    keep(phone.page, "pointed-at")

    # What was asked for is red until the correction has come, and then no longer.
    office.go(f"records/{record}")
    asked = office.page.locator('[data-testid="record-fields"] [data-field="volume_m3"]')
    expect(asked).to_contain_text("要改这里")
    scene.second.save("work", record, volume_m3=36)
    synced(scene.second)
    expect(office.at("newer-version")).to_be_visible(timeout=20_000)
    expect(asked).to_contain_text("上次要改这里")
    expect(asked).not_to_have_class(re.compile(r"\basked\b"))
    keep(office.page, "corrected")


def test_a_missing_photo_is_taken_where_it_was_asked_for(scene: Scene, keep: Keep) -> None:
    office, phone = scene.office, scene.phone
    record = written(scene, "work", **DESILTED, volume_m3=36, no_photo_reason="没带手机")
    office.go("review")
    office.open(record)
    office.page.keyboard.press("2")
    office.page.locator('[data-testid="pick-lacking"][data-slot="after"]').click()
    office.at("reason-own").locator("input, textarea").fill("清完什么样")
    office.press("reason-send")
    office.decided()

    phone.go("/tasks")
    phone.tap("todo-returned", record=record)
    lacking = phone.shows("marked-lacking", slot="after")
    expect(lacking).to_contain_text("缺处理后照片")
    expect(lacking).to_contain_text("清完什么样")
    keep(phone.page, "lacking")
    phone.tap("take-lacking")
    phone.shoot()
    expect(phone.shows("marked-lacking", slot="after")).to_contain_text("照片 1 张")
    keep(phone.page, "taken")
    phone.tap("fix-submit")
    phone.just_saved("received")
    phone.wait_sent()
    detail = scene.desk.record(record)
    (photo,) = [it["body"] for it in detail["followers"] if it["body"]["kind"] == "photo"]
    assert photo["fields"]["slot"] == "after"
    # A new version, for the office to judge again.
    assert detail["body"]["review"]["version"] < detail["body"]["version"]
    assert phone.records()[record] == "received"


def test_a_record_opened_again_is_no_newer_version(scene: Scene) -> None:
    office = scene.office
    record, other = (written(scene, "hazard", **HAZARD, note=note) for note in "ab")
    office.go("review")
    office.open(record)
    office.open(other)
    scene.second.save("hazard", record, note="c")
    synced(scene.second)
    expect(office.row(record)).to_contain_text("第 2 版", timeout=20_000)
    office.open(record)
    expect(office.at("record-version")).to_contain_text("2")
    expect(office.at("newer-version")).to_have_count(0)
    scene.second.save("hazard", record, note="d")
    synced(scene.second)
    expect(office.at("newer-version")).to_contain_text("第 3 版", timeout=20_000)


def test_a_conflict_is_settled_in_two_taps(scene: Scene, keep: Keep) -> None:
    office = scene.office
    record = written(scene, "hazard", **HAZARD, length_m=12, note="墙脚")
    seen = {"length_m": scene.desk.record(record)["body"]["stamps"]["length_m"]}
    # Two people change the same field, neither having seen the other's change.
    change = {"kind": "hazard", "record": record, "act": "put", "base": seen}
    scene.officer.capture(change | {"set": {"length_m": 10}})
    scene.second.save("hazard", record, length_m=21)
    synced(scene.officer)
    synced(scene.second)
    (conflict,) = scene.desk.record(record)["body"]["conflicts"]
    office.go(f"records/{record}")
    block = office.at("conflict")
    for words in ("21.0", "10.0", "张河", "周汛", "周汛的手机", "现在用的"):
        expect(block).to_contain_text(words)
    keep(office.page, "conflict")
    lost = f"{conflict['value']:.1f}"
    block.get_by_text(lost).click()
    office.press("conflict-settle")
    expect(office.at("conflict-told")).to_contain_text(lost, timeout=20_000)
    expect(block).to_have_count(0)
    expect(office.at("conflict-told")).to_be_visible()
    expect(office.at("record-course")).to_contain_text(f"21.00 米 → {lost}")
    expect(office.at("newer-version")).to_have_count(0)
    keep(office.page, "settled")
    body = scene.desk.record(record)["body"]
    assert body["conflicts"] == []
    assert body["fields"]["length_m"] == conflict["value"]
    newest = scene.desk.history(record)["lines"][-1]
    assert newest["entry"]["ops"][0]["act"] == "settle"
    assert newest["receipts"][-1]["verdict"] == "applied"


def test_the_list_has_what_the_map_has_and_keys_reach_it(scene: Scene, keep: Keep) -> None:
    """So that the pins need not be large enough for a finger each (WCAG 2.5.8, equivalent)."""
    office, page = scene.office, scene.office.page
    written(scene, "hazard", **HAZARD)
    written(scene, "hazard", types=["piping"], nature="acute", zone=ZONE)
    office.go("map")
    expect(office.at("map-rows")).to_be_visible()
    while office.page.get_by_role("button", name="更多", exact=True).count():
        office.page.get_by_role("button", name="更多", exact=True).first.click()
        page.wait_for_timeout(500)
    pins = page.locator('.leaflet-marker-pane [role="button"]')
    rows = office.page.locator('[data-testid="map-row"][data-pinned="true"]')
    expect(pins).to_have_count(rows.count())
    titles = page.locator('[data-testid="map-row"][data-pinned="true"] .hs-row-title')
    labels = pins.evaluate_all("(all) => all.map((pin) => pin.title)")
    assert sorted(labels) == sorted(titles.all_inner_texts())
    assert len(labels) > 3
    expect(page.get_by_test_id("map-row").filter(has_text="未定级").first).to_be_visible()
    expect(page.get_by_test_id("map-row").filter(has_text="图上没有").first).to_be_visible()
    keep(page, "map")

    # From the order of the list by Tab into it, by Enter to the place and on to the record.
    office.at("map-order").get_by_text("按桩号").click()
    page.keyboard.press("Tab")
    first = page.get_by_test_id("map-row").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-current", "true")
    keep(page, "map-by-chainage")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(office.at("office-record")).to_be_visible()


def test_a_day_is_written_the_same_in_every_browser(scene: Scene, keep: Keep) -> None:
    office, page = scene.office, scene.office.page
    office.go("review")
    begin = office.at("filter-from").locator("input")
    begin.fill("2022/7/8")
    begin.press("Enter")
    expect(begin).to_have_value("2022-07-08")
    assert "from=1657209600000" in page.url
    end = office.at("filter-to").locator("input")
    end.fill("07/08/2022")
    end.press("Enter")
    expect(office.at("filter-to")).to_contain_text("没有这一天")
    keep(page, "days")
    end.fill("")
    end.press("Enter")
    expect(office.at("filter-to")).not_to_contain_text("没有这一天")


def test_browsers_stand_apart_from_phones(scene: Scene, keep: Keep) -> None:
    office = scene.office
    office.go("devices")
    expect(office.at("device-phones")).to_contain_text("周汛的手机")
    expect(office.at("device-phones")).not_to_contain_text("浏览器")
    office.press("show-browsers")
    expect(office.at("device-browsers")).to_contain_text("正在用")
    keep(office.page, "devices")
