"""A round of the grid: what floats is cleared and shown from the same angle, what was dumped is
handed on with its limit. All of it without signal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, expect

from hushui.demo.nanbeihe import IDS
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
from tests.e2e.house import Desk, House
from tests.e2e.phone import Screen

DAY_MS = 24 * 60 * 60_000
MATES = ("陈堤", "华浦")
WRONG = {"crest_ruts": "车辙深 6 cm", "landside_weeds": "高秆杂草 40 m"}
DUMPED_M2 = 35
# How far a picture lets the finder through, and whether it lies exactly over it.
LIES_OVER = """
() => {
  const [ghost, video] = [document.querySelector('[data-testid=ghost-picture]'),
    document.querySelector('video')]
  const [a, b] = [ghost.getBoundingClientRect(), video.getBoundingClientRect()]
  const same = ['x', 'y', 'width', 'height'].every((it) => Math.abs(a[it] - b[it]) < 1)
  const fit = getComputedStyle(ghost).objectFit === getComputedStyle(video).objectFit
  return [same && fit && ghost.naturalWidth > 0, Number(getComputedStyle(ghost).opacity)]
}
"""


class Scene(NamedTuple):
    phone: Screen
    desk: Desk
    house: House


@pytest.fixture(scope="module")
def scene(new_house: Callable[..., House], new_hand: Callable[..., Screen]) -> Scene:
    house = new_house()
    return Scene(
        new_hand(house, "孙澜", zone="Z02", at=5100, first="dispatch-zone"), house.desk(), house
    )


@contextmanager
def without_signal(phone: Screen) -> Iterator[None]:
    phone.page.context.set_offline(True)
    try:
        yield
    finally:
        phone.page.context.set_offline(False)


def begin(phone: Screen, code: str) -> None:
    """The place, and the picture as it was found."""
    phone.step_aside()
    phone.go("/report?kind=event")
    phone.tap(f"event-{code}")
    expect(phone.at("ghost")).to_have_count(0)
    phone.shoot()
    phone.shows("draft-page")


def body(scene: Scene, record: str) -> Any:
    scene.phone.wait_sent()
    return scene.desk.record(record)


def photos(scene: Scene, record: str) -> list[Any]:
    return [it["fields"] for it in body(scene, record)["photos"]]


def test_a_round_finds_two_things_one_is_cleared_at_once(scene: Scene, keep: Keep) -> None:
    phone = scene.phone
    with without_signal(phone):
        phone.go("/duty")
        phone.tap("start-patrol")
        phone.shows("patrol-page")

        begin(phone, "floating")
        phone.tap("submit")
        floating = phone.just_saved("saved_local")
        limit = phone.shows("event-limit")
        expect(limit).to_contain_text("前处理")
        expect(limit).to_contain_text("还有 1 天")
        keep(phone.page, "floating-reported")

        begin(phone, "dump")
        phone.figure("area_m2", str(DUMPED_M2))
        phone.tap("submit")
        dump = phone.just_saved("saved_local")
        expect(phone.shows("event-limit")).to_contain_text("还有 7 天")

        # What waits stands among the tasks, the shorter limit first.
        phone.go("/tasks")
        phone.shows("task-event", record=dump)
        order = [it.get_attribute("data-record") for it in phone.at("task-event").all()]
        assert order.index(floating) < order.index(dump)
        keep(phone.page, "tasks")

        # Cleared: the picture as it was found lies over the finder.
        phone.tap("task-event", record=floating)
        phone.step_aside()
        phone.tap("handle-event")
        expect(phone.shows("ghost")).to_have_attribute("data-state", "there")
        lies, middle = phone.page.evaluate(LIES_OVER)
        assert lies
        phone.tap("ghost-strong")
        _, strong = phone.page.evaluate(LIES_OVER)
        phone.tap("ghost-weak")
        _, weak = phone.page.evaluate(LIES_OVER)
        assert 0 < weak < middle < strong < 1
        for it in ("ghost-on", "ghost-weak"):
            box = phone.button(it).bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= 60
        phone.tap("ghost-middle")
        phone.page.wait_for_function("() => document.querySelector('video').currentTime > 0")
        keep(phone.page, "ghost")
        phone.tap("ghost-on")
        expect(phone.at("ghost-picture")).to_have_count(0)
        phone.tap("ghost-on")
        phone.shoot()
        assert phone.just_saved("saved_local") == floating
        expect(phone.shows("event-limit", handled="true")).to_contain_text("处理好了")
        expect(phone.at("handle-event")).to_have_count(0)
        keep(phone.page, "floating-cleared")
        phone.go("/tasks")
        phone.shows("task-event", record=dump)
        expect(phone.at("task-event", record=floating)).to_have_count(0)

        patrol = end_round(phone, keep)

    seen = body(scene, floating)["body"]
    assert seen["fields"]["handled_on_spot"] is True
    assert seen["fields"]["class"] == "floating"
    assert sorted(it["slot"] for it in photos(scene, floating)) == ["after", "scene"]
    left = body(scene, dump)["body"]["fields"]
    assert (left["class"], left["area_m2"]) == ("dump", DUMPED_M2)
    assert left.get("handled_on_spot") is None
    walked = body(scene, patrol)["body"]["fields"]
    assert sorted(walked["companions"]) == sorted(IDS.member(name) for name in MATES)
    wrong = {it["item"]: it["note"] for it in walked["checklist"] if it["answer"] == "abnormal"}
    assert wrong == WRONG
    assert len(walked["checklist"]) >= 18


def end_round(phone: Screen, keep: Keep) -> str:
    phone.go("/patrol")
    phone.hold("patrol-end")
    phone.shows("patrol-end-page")
    phone.tap("checklist-open")
    for item, note in WRONG.items():
        phone.tap(f"{item}-abnormal")
        phone.page.locator(f'[data-item="{item}"]').get_by_role("textbox").fill(note)
    phone.tap("all-ok")
    for name in MATES:
        choose(phone, name)
    keep(phone.page, "round-ends")
    phone.tap("patrol-submit")
    phone.shows("no-photo-sheet").get_by_role("button", name="下雨太暗", exact=True).tap()
    return phone.just_saved("saved_local")


def choose(phone: Screen, name: str) -> None:
    """One of the few that stand there, else by his name in the list of all."""
    mates = phone.at("field-companions")
    chip = mates.get_by_role("button", name=name, exact=True)
    if not chip.count():
        mates.get_by_test_id("pick-more").tap()
        sheet = phone.page.get_by_role("dialog")
        sheet.get_by_role("searchbox").fill(name)
        sheet.get_by_role("button", name=name, exact=True).tap()
        sheet.get_by_role("button", name="关上").tap()
    else:
        chip.tap()
    expect(chip).to_have_attribute("aria-pressed", "true")


def test_what_was_found_and_cleared_in_one_go_needs_no_second_picture_before(
    scene: Scene, keep: Keep
) -> None:
    phone = scene.phone
    with without_signal(phone):
        begin(phone, "floating")
        phone.tap("handled_on_spot-yes")
        phone.tap("submit")
        expect(phone.shows("stops")).to_contain_text("处理前")
        phone.tap("scene-as-before")
        phone.shows("draft-photo", slot="before")
        keep(phone.page, "before-taken")
        # Killed here, it stands as it stood.
        phone.page.reload()
        phone.shows("draft-photo", slot="before")
        phone.step_aside()
        phone.tap("take-after")
        expect(phone.shows("ghost")).to_have_attribute("data-state", "there")
        phone.shoot()
        phone.shows("draft-photo", slot="after")
        phone.tap("submit")
        record = phone.just_saved("saved_local")
        phone.shows("event-limit", handled="true")
    assert sorted(it["slot"] for it in photos(scene, record)) == ["after", "before"]


def test_a_picture_that_is_not_here_is_said_so_and_comes_with_the_signal(
    scene: Scene, new_screen: Callable[..., Screen], keep: Keep
) -> None:
    phone = scene.phone
    begin(phone, "facility")
    phone.tap("submit")
    record = phone.just_saved("received")
    phone.wait_sent()
    # The same person on another phone: the record is there, its picture only at the office.
    other = new_screen(scene.house.url)
    other.stand(phone.place or (0, 0))
    other.enrol(scene.house.desk("admin").code("孙澜"), agrees=False)
    other.shows("ledger-bar")
    other.wait_ready()
    other.go("/tasks")
    other.shows("task-event", record=record)
    other.page.context.set_offline(True)
    other.tap("task-event", record=record)
    other.shows("event-limit")
    other.tap("handle-event")
    expect(other.shows("ghost")).to_have_attribute("data-state", "gone")
    expect(other.shows("ghost-said")).to_contain_text("不在这部手机上")
    keep(other.page, "ghost-gone")
    other.page.context.set_offline(False)
    other.tap("ghost-again")
    expect(other.shows("ghost")).to_have_attribute("data-state", "there")


def test_a_limit_that_has_passed_is_red_on_the_phone_and_at_the_desk(
    scene: Scene,
    new_office: Callable[..., Office],
    new_desk: Callable[..., BrowserContext],
    keep: Keep,
) -> None:
    phone = scene.phone
    begin(phone, "floating")
    phone.tap("submit")
    record = phone.just_saved("received")
    now = phone.page.evaluate("() => Date.now()")
    office = new_office(scene.house)
    office.go(f"records/{record}")
    due = office.at("event-limit")
    expect(due).to_contain_text("前处理", timeout=20_000)
    expect(due).not_to_contain_text("超时")
    keep(office.page, "desk")
    phone.page.clock.set_system_time((now + DAY_MS + 2 * 60_000) / 1000)
    phone.go("/tasks")
    row = phone.shows("task-event", record=record)
    expect(row).to_have_attribute("data-late", "true")
    expect(row).to_contain_text("超时")
    keep(phone.page, "late")
    # Who was signed in since yesterday would be asked for his password first.
    later = Office(new_desk(), scene.house.url)
    later.page.clock.set_system_time((now + DAY_MS + 2 * 60_000) / 1000)
    later.sign_in()
    later.go(f"records/{record}")
    expect(later.at("event-limit")).to_contain_text("超时", timeout=20_000)
