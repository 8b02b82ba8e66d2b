"""What the longer kinds ask of a phone: types behind 更多, safety under a line, a checklist."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from hushui.kinds.checklists import ROUND
from tests.e2e import kills
from tests.e2e.conftest import Keep
from tests.e2e.house import Desk, House
from tests.e2e.phone import Screen

ZONE = IDS.zone("Z03")
CHECKS = (
    "outage_permit",
    "voltage_tested",
    "earthed",
    "watcher_named",
    "felling_set",
    "road_guarded",
)

BEGUN_BEFORE = """async () => {
  const known = {
    bag_size: { type: 'number', zh: '袋容', en: 'Size of a bag', unit: 'L' },
    kv: { type: 'choice', zh: '电压等级', en: 'Voltage', choices: [
      { code: '66', zh: '66 千伏', en: '66 kV' },
    ] },
  }
  const done = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result)
    asked.onerror = () => reject(asked.error)
  })
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('hushui-outbox-')) continue
    const db = await done(indexedDB.open(name))
    const drafts = db.transaction('drafts', 'readwrite').objectStore('drafts')
    for (const draft of await done(drafts.getAll())) {
      const fields = { ...draft.fields, kv: '66', bag_size: 40 }
      await done(drafts.put({ ...draft, version: '0lder', fields, page: { ...draft.page, known } }))
    }
    db.close()
  }
}"""


class Scene(NamedTuple):
    phone: Screen
    desk: Desk


@pytest.fixture(scope="module")
def scene(new_house: Callable[..., House], new_hand: Callable[..., Screen]) -> Scene:
    house = new_house()
    return Scene(new_hand(house), house.desk())


def test_what_nobody_can_name_is_reported_and_named_later(scene: Scene, keep: Keep) -> None:
    phone, desk = scene
    phone.go("/report")
    phone.shows("hazard-more")
    keep(phone.page, "types")
    phone.tap("hazard-unsure")
    phone.shoot()
    record = phone.just_saved("received")
    assert desk.record(record)["body"]["fields"]["types"] == ["unclear"]
    phone.tap("saved-details")
    phone.shows("draft-page")
    phone.tap("hazard-more")
    keep(phone.page, "all-types")
    phone.at("hazard-flash_flood").scroll_into_view_if_needed()
    keep(phone.page, "last-types")
    phone.tap("hazard-gate_damage")
    assert phone.just_saved("received") == record
    assert desk.record(record)["body"]["fields"]["types"] == ["gate_damage"]
    expect(phone.at("saved-type")).to_have_count(0)


def test_what_nobody_could_name_is_named_right_after(scene: Scene, keep: Keep) -> None:
    phone, desk = scene
    phone.go("/report")
    phone.tap("hazard-unsure")
    phone.shoot()
    record = phone.just_saved("received")
    keep(phone.page, "unclear-saved")
    phone.tap("saved-type")
    phone.shows("type-sheet")
    keep(phone.page, "type-sheet")
    phone.at("type-sheet").get_by_test_id("hazard-piping").tap()
    expect(phone.at("saved-type")).to_have_count(0)
    phone.wait_sent()
    fields = desk.record(record)["body"]["fields"]
    assert fields["types"] == ["piping"]
    assert len(desk.history(record)["lines"]) == 2
    keep(phone.page, "named")


def test_growth_under_a_line_is_cleared_with_every_check_answered(scene: Scene, keep: Keep) -> None:
    phone, desk = scene
    to_work(phone, "line_clear", keep)
    phone.tap("choice-10")
    phone.figure("trees", "9")
    phone.tap("submit")
    expect(phone.shows("stops")).to_contain_text("监护人")
    phone.at("field-permit_no").get_by_role("textbox").fill("2026-07-118")
    phone.at("field-watcher").get_by_role("button").first.tap()
    for name in CHECKS:
        phone.tap(f"{name}-yes")
    keep(phone.page, "safety")
    for slot in ("before", "after"):
        kills.take(phone, slot)
    phone.tap("submit")
    fields = desk.record(phone.just_saved("received"))["body"]["fields"]
    assert fields["permit_no"] == "2026-07-118"
    assert all(fields[name] is True for name in CHECKS)


def test_nothing_of_the_moment_comes_from_the_last_time(scene: Scene, keep: Keep) -> None:
    """Yesterday's permit, and that the line was dead then, say nothing of today."""
    phone, _ = scene
    to_work(phone, "line_clear", keep)
    phone.tap("choice-10")
    phone.figure("trees", "9")
    phone.figure("people", "3")
    phone.at("field-permit_no").get_by_role("textbox").fill("2026-07-119")
    phone.at("field-watcher").get_by_role("button").first.tap()
    for name in CHECKS:
        phone.tap(f"{name}-yes")
    for slot in ("before", "after"):
        kills.take(phone, slot)
    phone.tap("submit")
    phone.just_saved("received")
    to_work(phone, "line_clear", keep)
    phone.tap("choice-110")
    phone.tap("same-as-last")
    expect(phone.at("field-people")).to_contain_text("3")
    expect(phone.at("choice-110")).to_have_attribute("aria-pressed", "true")
    expect(phone.at("field-permit_no").get_by_role("textbox")).to_have_value("")
    for name in CHECKS:
        for answer in ("yes", "no"):
            expect(phone.at(f"{name}-{answer}")).to_have_attribute("aria-pressed", "false")
    expect(phone.at("field-watcher").locator('[aria-pressed="true"]')).to_have_count(0)
    phone.tap("submit")
    stops = phone.shows("stops")
    for words in ("工作票号", "监护人", "已办停电许可", "已验电", "已接地"):
        expect(stops).to_contain_text(f"“{words}”没填")
    keep(phone.page, "same-as-last")
    phone.tap("draft-remove")
    expect(phone.shows("drop-sheet")).to_contain_text("填好的内容")
    keep(phone.page, "drop-asks")
    phone.tap("draft-remove-confirm")
    expect(phone.at("draft-page")).to_have_count(0)


def test_what_is_too_long_is_kept_and_said(scene: Scene, keep: Keep) -> None:
    phone, _ = scene
    to_work(phone, "line_guard", keep)
    box = phone.at("field-note").get_by_role("textbox")
    box.fill("堤" * 400)
    expect(phone.at("letters")).to_have_text("多了 100 字，删短再交")
    phone.tap("submit")
    expect(phone.shows("stops")).to_contain_text("“说明”太长")
    keep(phone.page, "too-long")
    assert len(box.input_value()) == 400
    box.fill("堤" * 290)
    expect(phone.at("letters")).to_have_text("还能写 10 字")
    expect(phone.at("stops")).not_to_contain_text("太长")


def test_a_draft_outlives_an_update_of_its_form(scene: Scene, keep: Keep) -> None:
    """As the app before the update left it: with a field and a choice that are gone since."""
    phone, desk = scene
    to_work(phone, "line_guard", keep)
    draft = phone.page.url
    phone.tap("save-draft")
    expect(phone.at("draft-page")).to_have_count(0)
    phone.page.evaluate(BEGUN_BEFORE)
    phone.page.goto(draft)
    expect(phone.shows("older-form")).to_contain_text("0lder")
    expect(phone.at("leftover-bag_size")).to_contain_text("袋容：40 L。")
    expect(phone.at("leftover-kv")).to_contain_text("电压等级：66 千伏。")
    keep(phone.page, "older-draft")
    phone.tap("leftover-note-kv")
    expect(phone.at("leftover-kv")).to_have_count(0)
    phone.tap("choice-10")
    for slot in ("before", "after"):
        kills.take(phone, slot)
    expect(phone.at("doubt-no_amount")).to_have_count(0)
    phone.tap("submit")
    expect(phone.shows("stops")).to_contain_text("没有填做了多少")
    phone.tap("sure-no_amount")
    phone.tap("submit")
    body = desk.record(phone.just_saved("received"))["body"]
    fields = body["fields"]
    assert (fields["kv"], fields["bag_size"]) == ("10", 40)
    assert fields["note"] == "电压等级：66 千伏"
    assert body["flags"] == ["no_amount"]


def test_a_checklist_is_all_in_order_but_one(scene: Scene, keep: Keep) -> None:
    phone, desk = scene
    to_work(phone, "pump_overhaul", keep)
    phone.tap("all-ok")
    expect(phone.shows("checklist-summary")).to_contain_text("正常 18 项")
    phone.tap("all-ok-undo")
    expect(phone.at("checklist-summary")).to_have_text("没填 18 项")
    phone.tap("all-ok")
    phone.tap("checklist-open")
    phone.tap("flap_valve-abnormal")
    phone.tap("checklist-open")
    phone.tap("submit")
    lacking = "“拍门”没写说明"
    expect(phone.shows("stops")).to_contain_text(lacking)
    expect(phone.at("field-checklist").locator('[data-item="flap_valve"]')).to_contain_text(lacking)
    expect(phone.at("draft-page")).not_to_contain_text("“检查项目”没填")
    phone.at("field-checklist").get_by_role("textbox").fill("关不严")
    expect(phone.at("draft-page")).not_to_contain_text(lacking)
    keep(phone.page, "checklist")
    for slot in ("before", "after"):
        kills.take(phone, slot)
    phone.step_aside()
    phone.tap("shoot-flap_valve")
    phone.shoot()
    expect(phone.shows("proof-flap_valve").get_by_test_id("draft-photo")).to_have_count(1)
    phone.tap("submit")
    rows = desk.record(phone.just_saved("received"))["body"]["fields"]["checklist"]
    wrong = [row for row in rows if row["answer"] != "ok"]
    assert wrong == [{"item": "flap_valve", "answer": "abnormal", "note": "关不严"}]
    assert len(rows) == 18


def test_a_round_looks_at_what_stands_in_its_zone_and_a_short_one_is_doubted(
    scene: Scene, keep: Keep
) -> None:
    """Z03 has a dike and a sluice: nobody says of a reservoir there that it is in order."""
    phone, desk = scene
    phone.go("/")
    phone.tap("start-patrol")
    phone.shows("patrol-page")
    phone.hold("patrol-end")
    page = phone.shows("patrol-end-page")
    expect(phone.at("doubt-patrol_short")).to_contain_text("不到 5 分钟")
    expect(phone.at("doubt-nothing_signed")).to_be_visible()
    phone.tap("all-ok")
    wrong_item(phone, keep)
    looked_at = [it.code for what in ("dike", "sluice") for it in ROUND[what]]
    expect(page.get_by_test_id("checklist-summary")).to_have_text(f"正常 {len(looked_at)} 项")
    phone.tap("choice-foot")
    keep(phone.page, "patrol-end")
    phone.tap("patrol-go-on")
    phone.shows("patrol-page")
    phone.hold("patrol-end")
    phone.shows("patrol-end-page")
    expect(phone.at("checklist-summary")).to_have_text(f"正常 {len(looked_at)} 项")
    phone.tap("patrol-submit")
    body = desk.record(phone.just_saved("received"))["body"]
    fields = body["fields"]
    assert fields["checklist"] == [{"item": it, "answer": "ok"} for it in looked_at]
    assert (fields["way"], fields["signed"], fields["points"]) == ("foot", 0, 8)
    assert body["flags"] == ["little_covered", "nothing_signed", "patrol_short"]


def test_outside_every_zone_none_is_claimed(scene: Scene, keep: Keep) -> None:
    """The same in the row, over the camera, in the words for the call and in the record."""
    phone, desk = scene
    fields = desk.record(ZONE)["body"]["fields"]
    inside = on_bank(fields["line"], fields["chainage_start"], 5200, 5)
    phone.go("/report")
    expect(phone.shows("place-words")).to_contain_text("Z03 K5+", timeout=20_000)
    phone.stand((116.4074, 39.9042))
    nowhere = "不在任何责任区里 39.90420, 116.40740"
    expect(phone.at("place-words")).to_have_text(nowhere, timeout=20_000)
    expect(phone.at("place")).to_contain_text("准到 6 米")
    keep(phone.page, "outside-report")
    phone.tap("hazard-piping")
    expect(phone.at("camera-place")).to_contain_text(nowhere, timeout=20_000)
    expect(phone.at("camera-page")).not_to_contain_text("Z03")
    phone.shoot()
    record = phone.just_saved("received")
    expect(phone.at("saved-page")).to_contain_text(f"地点：{nowhere}")
    keep(phone.page, "outside-saved")
    written = desk.record(record)["body"]["fields"]
    assert (written.get("zone"), written.get("chainage")) == (None, None)
    assert written["place"]["lat"] == 39.9042
    phone.stand(inside)


WIDTHS = """() => [...document.querySelectorAll(
  '[data-testid^=field-]:has(fieldset), [data-testid^=field-]:has(input, textarea)',
)].map((field) => [
  field.dataset.testid, field.offsetWidth / field.closest('.fields').offsetWidth,
])"""
# What sticks out of the screen, and answers that lie over their question.
OUTSIDE = """() => [...document.querySelectorAll('.part button, .part legend')].filter((it) => {
  const { left, right } = it.getBoundingClientRect()
  return left < 0 || right > innerWidth
}).map((it) => it.textContent)"""
OVER = """() => [...document.querySelectorAll('fieldset.asked')].filter((it) => {
  const asked = it.querySelector('legend').getBoundingClientRect()
  const chips = [...it.querySelectorAll('button')].map((one) => one.getBoundingClientRect())
  return chips.some((one) => one.left < asked.right - 1 && one.top < asked.bottom - 1)
}).map((it) => it.textContent)"""
ROWS = """(at) => new Set([...at.querySelectorAll('button')].map((it) => it.offsetTop)).size"""


def test_only_figures_stand_side_by_side(scene: Scene, keep: Keep) -> None:
    """Chips and words have the whole width; in large letters nothing lies out of sight or over."""
    phone, _ = scene
    to_work(phone, "line_clear", keep)
    phone.tap("choice-10")
    for folded in phone.page.locator("[data-testid^=unfold-]").all()[::-1]:
        folded.tap()
    assert phone.at("field-kv").evaluate(ROWS) == 2
    widths = dict(phone.page.evaluate(WIDTHS))
    assert {"field-kv", "field-watcher", "field-heat_reason", "field-rest_plan"} <= set(widths)
    assert {name: share for name, share in widths.items() if share < 0.99} == {}
    for name in ("heat_reason", "rest_plan"):
        box = phone.at(f"field-{name}").locator("textarea")
        assert int(box.get_attribute("rows") or 0) > 1
    people = phone.at("field-watcher").get_by_role("button").all_inner_texts()
    # His own team, then the others, each by name.
    assert people[:4] == ["李岸", "王闸", "赵渠", "柏清"]
    keep(phone.page, "whole-width")
    phone.page.set_viewport_size({"width": 360, "height": 640})
    phone.page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    assert phone.page.evaluate(OUTSIDE) == []
    assert phone.page.evaluate(OVER) == []
    keep(phone.page, "whole-width-large")
    phone.page.set_viewport_size({"width": 390, "height": 844})


def wrong_item(phone: Screen, keep: Keep) -> None:
    """Wrong without a word: the page says so where the thumb is, and at the item."""
    phone.tap("checklist-open")
    phone.tap("toe_boils-abnormal")
    phone.tap("patrol-submit")
    lacking = "“堤脚：泡泉”没写说明"
    expect(phone.shows("stops")).to_have_text(f"还不能交：{lacking}。")
    expect(phone.at("stops")).to_be_in_viewport()
    keep(phone.page, "item-without-words")
    item = phone.at("field-checklist").locator('[data-item="toe_boils"]')
    expect(item).to_contain_text(lacking)
    item.scroll_into_view_if_needed()
    keep(phone.page, "item-says-so")
    item.get_by_role("textbox").fill("冒清水")
    expect(phone.at("stops")).to_have_count(0)
    phone.tap("toe_boils-ok")
    phone.tap("checklist-open")


def to_work(phone: Screen, kind: str, keep: Keep) -> None:
    phone.go("/report")
    phone.at("report-kind").get_by_text("作业").tap()
    phone.shows(f"work-{kind}")
    keep(phone.page, "works")
    phone.tap(f"work-{kind}")
    phone.shows("draft-page")
