"""The desk: what it points at, what it settles, and that its map and its list say the same."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from hushui.kinds import KINDS
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
from tests.e2e.desk_form import DeskForm
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


def test_a_reason_half_typed_outlives_the_panel(scene: Scene) -> None:
    office = scene.office
    record, other = (written(scene, "hazard", **HAZARD, note=note) for note in "ab")
    office.go("review")
    office.open(record)
    office.page.keyboard.press("2")
    own = office.at("reason-own").locator("input, textarea")
    own.fill("照片里看不见裂")
    for width in (1000, 360, 1440):
        office.page.set_viewport_size({"width": width, "height": 900})
        expect(own).to_have_value("照片里看不见裂")
    # A new version of it shuts the panel, and the words are there when it is opened again.
    scene.second.save("hazard", record, note="c")
    synced(scene.second)
    expect(office.at("newer-version")).to_be_visible(timeout=20_000)
    expect(office.at("return-panel")).to_have_count(0)
    office.page.keyboard.press("2")
    expect(own).to_have_value("照片里看不见裂")
    office.page.keyboard.press("Escape")
    office.open(other)
    office.page.keyboard.press("2")
    expect(own).to_have_value("")


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


def test_what_waits_to_be_settled_is_settled_where_it_is_listed(scene: Scene, keep: Keep) -> None:
    office = scene.office
    record = written(scene, "hazard", **HAZARD, note="墙脚")
    seen = {"note": scene.desk.record(record)["body"]["stamps"]["note"]}
    change = {"kind": "hazard", "record": record, "act": "put", "base": seen}
    scene.officer.capture(change | {"set": {"note": "背水面"}})
    scene.second.save("hazard", record, note="迎水面")
    synced(scene.officer)
    synced(scene.second)
    office.go("unaccepted")
    row = office.page.locator(f'[data-testid="conflict-row"][data-record="{record}"]')
    expect(row).to_contain_text("背水面")
    keep(office.page, "to-settle")
    row.get_by_text("背水面").click()
    row.get_by_test_id("conflict-settle").click()
    expect(office.at("settled-said")).to_contain_text("背水面", timeout=20_000)
    expect(row).to_have_count(0)
    body = scene.desk.record(record)["body"]
    assert (body["conflicts"], body["fields"]["note"]) == ([], "背水面")


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


def test_lines_that_a_phone_made_and_has_not_sent_are_listed(scene: Scene, keep: Keep) -> None:
    office = scene.office
    scene.second.save("hazard", mint_id(), **HAZARD, note="还在路上")
    scene.second.save("hazard", mint_id(), **HAZARD, note="也在路上")
    scene.second.hello()
    n = scene.second.head()[0]
    office.go("devices")
    owed = office.at("device-owed")
    expect(owed).to_contain_text(f"第 {n - 1}–{n} 条")
    expect(owed).to_contain_text("报的")
    expect(office.at("devices")).to_contain_text("不用来考勤")
    expect(office.at("device-mismatch")).to_have_count(0)
    keep(office.page, "owed")
    synced(scene.second)
    office.go("devices")
    expect(office.at("device-table")).to_be_visible()
    expect(owed).to_have_count(0)


# one key, two clicks ------------------------------------------------------------------------------
def test_one_key_approves(scene: Scene) -> None:
    office = scene.office
    record = written(scene, "hazard", **HAZARD, note="一键")
    office.go("review")
    office.open(record)
    office.page.keyboard.press("1")
    office.decided()
    review = scene.desk.record(record)["body"]["review"]
    assert review["decision"] == "approved"
    assert review["by"] == scene.desk.ids.member("周汛")


CLICKS = """() => {
  globalThis.__clicks = 0
  document.addEventListener('click', (event) => { if (event.isTrusted) __clicks++ }, true)
}"""


@pytest.mark.parametrize("words", [None, "桩号写的是上游"], ids=["usual", "own"])
def test_two_clicks_send_back(scene: Scene, words: str | None) -> None:
    """With a reason that is offered, or with one's own, which is typed."""
    office = scene.office
    record = written(scene, "hazard", **HAZARD, note="两下")
    office.go("review")
    office.open(record)
    office.page.evaluate(CLICKS)
    office.press("return")
    if words is None:
        words = "数值对不上"
        office.at("return-panel").get_by_role("button", name=words).click()
    else:
        own = office.at("reason-own").locator("input, textarea")
        own.click()
        office.page.keyboard.type(words)
        office.page.keyboard.press("Enter")
    assert office.page.evaluate("() => globalThis.__clicks") == 2
    office.decided()
    review = scene.desk.record(record)["body"]["review"]
    assert (review["decision"], review["reason"]) == ("returned", words)


# what one wrote oneself ---------------------------------------------------------------------------
def kept(office: Office, words: str) -> None:
    said = office.at("change-said")
    expect(said).to_contain_text(words, timeout=20_000)
    expect(said).to_contain_text("单位已收到", timeout=20_000)


def told(scene: Scene, record: str) -> Any:
    return scene.desk.record(record)["body"]


def test_own_record_is_corrected_with_a_reason_and_the_old_version_kept(
    scene: Scene, keep: Keep
) -> None:
    office = scene.office
    gauge = IDS.of("object", "南河站")
    record = mint_id()
    at = 1_795_500_000_000
    scene.officer.save("reading", record, station=gauge, at=at, z_m=20.4)
    synced(scene.officer)
    office.go(f"records/{record}")
    expect(office.at("approve")).to_contain_text("自己记的")
    office.press("correct-record")
    form = DeskForm(office.page, KINDS["reading"], {})
    form.save()
    reason = form.at.get_by_test_id("correction-reason")
    expect(reason).to_contain_text("还没有改什么")
    form.fill({"at": at + 3_600_000})
    expect(reason).to_contain_text("写一句原因")
    reason.get_by_test_id("own-reason").locator("input").fill("时间记早了一小时")
    keep(office.page, "correcting")
    form.save()
    kept(office, "更正了")
    body = told(scene, record)
    assert body["fields"]["at"] == at + 3_600_000
    assert body["fields"]["correction"] == "时间记早了一小时"
    course = office.at("record-course")
    expect(course).to_contain_text("时间记早了一小时", timeout=20_000)
    expect(course).to_contain_text("→")
    first, second = scene.desk.history(record)["lines"]
    assert first["entry"]["ops"][0]["set"]["at"] == at
    assert second["entry"]["ops"][0]["set"].keys() == {"at", "correction"}
    # Nobody judges his own, corrected or not; and it is no news to him.
    expect(office.at("approve")).to_contain_text("自己记的")
    expect(office.at("record-version")).to_contain_text("2")
    expect(office.at("newer-version")).to_have_count(0)
    keep(office.page, "corrected-own")


def test_own_record_is_void_with_a_reason_and_comes_back(scene: Scene, keep: Keep) -> None:
    office = scene.office
    record = mint_id()
    scene.officer.save("hazard", record, **HAZARD, note="记重了的")
    synced(scene.officer)
    office.go(f"records/{record}")
    office.press("void-record")
    sheet = office.at("void-sheet")
    office.press("void-confirm")
    expect(sheet).to_contain_text("写一句原因")
    office.at("void-reason").locator("input").fill("和上一条重了")
    keep(office.page, "voiding")
    office.press("void-confirm")
    kept(office, "作废了")
    # The reason and the deletion are one line.
    newest = scene.desk.history(record)["lines"][-1]
    assert [op["act"] for op in newest["entry"]["ops"]] == ["put", "del"]
    assert told(scene, record)["deleted"]
    voided = office.at("record-voided")
    for words in ("周汛", "已作废", "和上一条重了"):
        expect(voided).to_contain_text(words, timeout=20_000)
    expect(office.at("approve")).to_contain_text("自己记的")
    expect(office.at("record-stand")).to_have_count(0)
    keep(office.page, "voided")
    listed = scene.desk.get("/api/records", kind="hazard", limit=200)["records"]
    assert record not in [it["record"] for it in listed]
    office.go("records?kind=hazard")
    expect(office.at("table-row").first).to_be_visible(timeout=20_000)
    row = office.page.locator(f'[data-testid="table-row"][data-record="{record}"]')
    expect(row).to_have_count(0)

    office.go(f"records/{record}")
    office.press("restore-record")
    kept(office, "恢复了")
    expect(voided).to_have_count(0)
    body = told(scene, record)
    assert not body["deleted"]
    assert body["fields"]["correction"] == "恢复了这条记录"
    office.go("records?kind=hazard")
    expect(row).to_be_visible(timeout=20_000)


def test_what_another_wrote_is_sent_back_and_not_mended(scene: Scene) -> None:
    office = scene.office
    record = written(scene, "hazard", **HAZARD, note="别人的")
    office.go(f"records/{record}")
    expect(office.at("record-fields")).to_be_visible(timeout=20_000)
    expect(office.at("void-record")).to_have_count(0)
    expect(office.at("correct-record")).to_have_count(0)


def test_a_zone_made_twice_goes_and_one_that_is_held_is_told_of(scene: Scene, keep: Keep) -> None:
    office = scene.office
    fields = scene.desk.record(ZONE)["body"]["fields"]
    twice = mint_id()
    scene.officer.save("zone", twice, **fields | {"code": "220300-NBH-Z93", "name": "重复的"})
    synced(scene.officer)
    office.go(f"records/{ZONE}")
    office.press("void-record")
    expect(office.at("void-held")).to_contain_text("张河")
    keep(office.page, "void-held")
    office.page.keyboard.press("Escape")
    expect(office.at("void-sheet")).to_have_count(0)

    office.go(f"records/{twice}")
    office.press("void-record")
    expect(office.at("void-sheet")).to_contain_text("选不到")
    expect(office.at("void-reason")).to_have_count(0)
    expect(office.at("void-held")).to_have_count(0)
    office.press("void-confirm")
    kept(office, "作废了")
    expect(office.at("record-voided")).to_contain_text("周汛", timeout=20_000)
    office.go("records?kind=zone")
    expect(office.at("table-row").first).to_be_visible(timeout=20_000)
    expect(office.at("table")).not_to_contain_text("重复的")
    expect(office.at("filter-zone")).to_contain_text("南河中段")
    expect(office.at("filter-zone")).not_to_contain_text("重复的")
    office.go(f"records/{twice}")
    office.press("restore-record")
    kept(office, "恢复了")
    assert not told(scene, twice)["deleted"]
    office.press("void-record")
    office.press("void-confirm")
    kept(office, "作废了")
