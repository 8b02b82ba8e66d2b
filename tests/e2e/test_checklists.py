"""A check of a pump or a line, and what is not in order: its photo, its words, what is reported."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, expect

from hushui.demo.nanbeihe import IDS
from hushui.kinds.checklists import LINE_ITEMS, PUMP_ITEMS
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
from tests.e2e.house import Desk, House, until
from tests.e2e.phone import Screen
from tests.e2e.test_taps import COUNT, from_duty, taps

PUMP = IDS.of("object", "南河排涝泵站")
LINE = IDS.of("object", "南河排涝专线")
MOST = 3


class Scene(NamedTuple):
    house: House
    phone: Screen
    desk: Desk


@pytest.fixture(scope="module")
def scene(new_house: Callable[..., House], new_hand: Callable[..., Screen]) -> Scene:
    house = new_house()
    phone = new_hand(house, at=6790)
    phone.page.add_init_script(COUNT)
    return Scene(house, phone, house.desk())


@pytest.fixture(autouse=True)
def on_air(scene: Scene) -> Iterator[None]:
    yield
    scene.phone.page.context.set_offline(False)


def fields_of(desk: Desk, record: str) -> dict[str, Any]:
    fields: dict[str, Any] = desk.record(record)["body"]["fields"]
    return fields


def photos_of(desk: Desk, record: str) -> list[dict[str, Any]]:
    return [photo["fields"] for photo in desk.record(record)["photos"]]


@pytest.mark.parametrize(
    ("structure", "work_kind", "items", "name"),
    [
        (PUMP, "pump_check", PUMP_ITEMS, "南河排涝泵站"),
        (LINE, "line_patrol", LINE_ITEMS, "南河排涝专线"),
    ],
    ids=["pump", "line"],
)
def test_a_check_where_all_is_normal_takes_three_taps_without_signal(
    scene: Scene, keep: Keep, structure: str, work_kind: str, items: tuple[Any, ...], name: str
) -> None:
    _, phone, desk = scene
    from_duty(phone)
    row = phone.at("check-row", structure=structure)
    expect(row).to_contain_text(name)
    expect(row).to_contain_text("还没检查过")
    keep(phone.page, f"duty-{work_kind}")
    before = taps(phone)
    phone.page.context.set_offline(True)
    row.tap()
    page = phone.shows("draft-page")
    expect(page).to_contain_text(name)
    keep(phone.page, work_kind)
    phone.tap("all-ok")
    expect(phone.at("checklist-summary")).to_have_text(f"正常 {len(items)} 项")
    keep(phone.page, f"{work_kind}-ok")
    phone.tap("submit")
    record = phone.just_saved("saved_local")
    assert taps(phone) - before == MOST
    expect(phone.at("saved-page")).to_contain_text(name)
    phone.page.context.set_offline(False)
    phone.wait_sent()
    fields = fields_of(desk, record)
    assert fields["checklist"] == [{"item": it.code, "answer": "ok"} for it in items]
    assert (fields["work_kind"], fields["structure"]) == (work_kind, structure)
    assert (fields["people"], fields["zone"]) == (1, IDS.zone("Z03"))
    assert desk.record(record)["body"]["flags"] == []
    from_duty(phone)
    expect(row).to_contain_text("全部正常")


def test_what_was_pressed_too_fast_is_taken_back_at_each_step(scene: Scene) -> None:
    _, phone, desk = scene
    from_duty(phone)
    phone.tap("check-row", structure=PUMP)
    phone.tap("all-ok")
    phone.tap("all-ok-undo")
    expect(phone.at("checklist-summary")).to_have_text("没填 18 项")
    phone.tap("all-ok")
    phone.tap("submit")
    record = phone.just_saved("received")
    phone.at("saved-page").get_by_role("button", name="撤销").first.tap()
    phone.shows("record-page")
    phone.wait_sent()
    assert desk.record(record)["body"]["deleted"] is True


def test_a_check_goes_on_after_a_reload_from_the_row_it_began_at(scene: Scene, keep: Keep) -> None:
    _, phone, desk = scene
    from_duty(phone)
    phone.page.context.set_offline(True)
    phone.tap("check-row", structure=LINE)
    phone.tap("all-ok")
    until(lambda: phone.stored()["drafts"][0]["fields"].get("checklist"), "the answers")
    phone.page.reload()
    expect(phone.shows("checklist-summary")).to_have_text("正常 16 项")
    phone.tap("save-draft")
    row = phone.shows("check-row", structure=LINE)
    expect(row).to_contain_text("接着填")
    keep(phone.page, "begun")
    row.tap()
    expect(phone.shows("checklist-summary")).to_have_text("正常 16 项")
    phone.tap("submit")
    record = phone.just_saved("saved_local")
    assert phone.stored()["drafts"] == []
    phone.page.context.set_offline(False)
    phone.wait_sent()
    assert len(fields_of(desk, record)["checklist"]) == 16


def wrong(phone: Screen, item: str, note: str) -> None:
    phone.tap(f"{item}-abnormal")
    phone.page.locator(f'[data-item="{item}"]').get_by_role("textbox").fill(note)


def test_what_is_not_in_order_has_its_photo_or_says_why_not(
    scene: Scene, keep: Keep, new_desk: Callable[..., BrowserContext]
) -> None:
    house, phone, desk = scene
    phone.go("/report?kind=work")
    phone.tap("work-pump_check")
    phone.shows("draft-page")
    phone.tap("checklist-open")
    wrong(phone, "flap_valve", "关不严")
    wrong(phone, "packing", "滴水快")
    phone.tap("all-ok")
    phone.tap("checklist-open")
    phone.step_aside()
    phone.tap("shoot-flap_valve")
    phone.shoot()
    mine = phone.shows("proof-flap_valve")
    expect(mine.get_by_test_id("draft-photo")).to_have_count(1)
    expect(phone.at("draft-photo")).to_have_count(1)
    keep(phone.page, "exceptions")
    phone.page.reload()
    expect(phone.shows("proof-flap_valve").get_by_test_id("draft-photo")).to_have_count(1)
    phone.tap("submit")
    sheet = phone.shows("no-photo-sheet")
    expect(sheet).to_contain_text("没拍照：填料")
    keep(phone.page, "why-no-photo")
    sheet.get_by_role("button").first.tap()
    record = phone.just_saved("received")
    phone.wait_sent()
    fields = fields_of(desk, record)
    assert (fields["structure"], fields["chainage"]) == (PUMP, 6800)
    rows = {it["item"]: it for it in fields["checklist"] if it["answer"] != "ok"}
    assert set(rows) == {"flap_valve", "packing"}
    assert rows["packing"]["no_photo"]
    assert "no_photo" not in rows["flap_valve"]
    assert [it["field"] for it in photos_of(desk, record)] == ["checklist.flap_valve"]
    phone.go(f"/records/{record}")
    expect(phone.shows("record-photo")).to_contain_text("拍门")
    keep(phone.page, "record")
    office = Office(new_desk(), house.url)
    office.sign_in()
    office.go(f"records/{record}")
    expect(office.page.get_by_test_id("record-photos")).to_contain_text("拍门")
    expect(
        office.page.locator('[data-testid="record-fields"] [data-field="checklist"]')
    ).to_contain_text(rows["packing"]["no_photo"])
    keep(office.page, "desk")


def test_what_a_round_finds_is_reported_from_its_item_and_nothing_is_lost(
    scene: Scene, keep: Keep
) -> None:
    _, phone, desk = scene
    phone.page.context.set_offline(True)
    from_duty(phone)
    phone.tap("start-patrol")
    phone.shows("patrol-page")
    phone.hold("patrol-end")
    phone.shows("patrol-end-page")
    phone.tap("checklist-open")
    wrong(phone, "toe_boils", "冒清水")
    wrong(phone, "crest_ruts", "车辙 6 cm")
    phone.tap("all-ok")
    phone.tap("checklist-open")
    keep(phone.page, "round")
    phone.step_aside()
    phone.tap("acute-toe_boils")
    phone.shoot()
    hazard = phone.just_saved("saved_local")
    phone.go("/patrol/end")
    expect(phone.shows("told-toe_boils")).to_contain_text("管涌")
    phone.step_aside()
    phone.tap("shoot-crest_ruts")
    phone.shoot()
    phone.shows("patrol-end-page")
    phone.page.reload()
    expect(phone.shows("proof-crest_ruts").get_by_test_id("draft-photo")).to_have_count(1)
    keep(phone.page, "round-shown")
    phone.tap("patrol-submit")
    record = phone.just_saved("saved_local")
    assert phone.stored()["drafts"] == []
    phone.page.context.set_offline(False)
    phone.wait_sent()
    found = fields_of(desk, hazard)
    assert (found["nature"], found["types"], found["zone"]) == (
        "acute",
        ["piping"],
        IDS.zone("Z03"),
    )
    assert found["note"] == "检查发现堤脚：泡泉：冒清水"
    assert [it["field"] for it in photos_of(desk, record)] == ["checklist.crest_ruts"]
    rows = {it["item"]: it for it in fields_of(desk, record)["checklist"]}
    assert rows["toe_boils"]["note"] == "冒清水"
    assert "no_photo" not in rows["toe_boils"]
