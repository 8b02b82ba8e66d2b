"""After the three taps of a hazard: who was told, which report is due, text for the chat."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Keep
from tests.e2e.house import Desk, House
from tests.e2e.phone import Screen

MINUTE_MS = 60_000
# The dialler of a phone is not among what a test has: the link is tapped, and goes nowhere.
NO_DIALLER = """
addEventListener('click', (event) => {
  if (event.target.closest('a[href^="tel:"]')) event.preventDefault()
})
"""
CLIPBOARD = ["geolocation", "camera", "clipboard-read", "clipboard-write"]


class Scene(NamedTuple):
    phone: Screen
    desk: Desk


@pytest.fixture(scope="module")
def scene(new_house: Callable[..., House], new_hand: Callable[..., Screen]) -> Scene:
    house = new_house()
    phone = new_hand(house)
    phone.page.context.add_init_script(NO_DIALLER)
    phone.page.context.grant_permissions(CLIPBOARD, origin=house.url)
    return Scene(phone, house.desk())


@contextmanager
def without_signal(phone: Screen) -> Iterator[None]:
    phone.page.context.set_offline(True)
    try:
        yield
    finally:
        phone.page.context.set_offline(False)


def report(phone: Screen, type: str, state: str) -> str:
    phone.step_aside()
    phone.go("/report")
    phone.tap(f"hazard-{type}")
    phone.shoot()
    return phone.just_saved(state)


def records(scene: Scene, kind: str, field: str, about: str) -> list[Any]:
    scene.phone.wait_sent()
    found = scene.desk.get("/api/records", kind=kind, limit=200)["records"]
    return [it["body"] for it in found if it["body"]["fields"].get(field) == about]


def test_whoever_was_called_is_kept_without_signal_and_known_to_the_office(
    scene: Scene, keep: Keep
) -> None:
    phone = scene.phone
    with without_signal(phone):
        hazard = report(phone, "leak_hole", "saved_local")
        expect(phone.shows("call-words")).to_contain_text("还剩")
        expect(phone.shows("saved-tell")).to_contain_text("已告知 0/")
        keep(phone.page, "saved")
        assert (phone.at("saved-call").get_attribute("href") or "").startswith("tel:1")
        phone.at("saved-call").tap()

        phone.shows("calls-page")
        first = phone.at("callee").first
        expect(first).to_contain_text("打通了吗？")
        expect(first).to_contain_text("****")
        dial = first.locator("[data-testid=callee-dial]").bounding_box()
        assert dial
        assert min(dial["width"], dial["height"]) >= 60
        keep(phone.page, "asked")
        person = first.get_attribute("data-person") or ""

        # The phone put the page away while somebody talked.
        phone.page.reload()
        expect(phone.at("callee", person=person)).to_contain_text("打通了吗？")
        phone.tap("callee-told")
        state = phone.at("callee", person=person).locator("[data-testid=callee-state]")
        expect(state).to_contain_text("已告知 · 张河记")
        expect(state).to_contain_text("只在这部手机上")
        phone.at("undo-bar").get_by_role("button").tap()
        expect(state).to_contain_text("还没告知")
        phone.at("callee", person=person).get_by_role("button", name="没打通").tap()
        expect(state).to_contain_text("没打通 · 张河记")
        phone.at("callee", person=person).get_by_role("button", name="已告知").tap()
        expect(state).to_contain_text("已告知 · 张河记")
        keep(phone.page, "told")

        phone.go(f"/records/{hazard}")
        expect(phone.shows("chain-tell")).to_contain_text("已告知 1/")
        expect(phone.at("due", kind="call_report")).to_have_count(0)
        expect(phone.shows("due", kind="first_report")).to_contain_text("首报 还有")
        expect(phone.shows("record-timeline")).to_contain_text("张河 告知")
        expect(phone.shows("record-timeline")).to_contain_text("只在这部手机上")
        keep(phone.page, "hazard")

    calls = records(scene, "call", "about", hazard)
    said = {it["fields"]["result"] for it in calls if not it["deleted"]}
    assert said == {"told", "no_answer"}
    assert {it["fields"]["member"] for it in calls} == {person}
    assert {it["fields"]["direction"] for it in calls} == {"out"}


def test_a_report_begins_with_what_is_known_and_the_next_one_is_due_by_its_level(
    scene: Scene, keep: Keep
) -> None:
    phone = scene.phone
    with without_signal(phone):
        hazard = report(phone, "leak_hole", "saved_local")
        phone.go("/tasks")
        expect(phone.shows("task-report", record=hazard)).to_contain_text("口报 还有")
        phone.tap("task-report", record=hazard)
        phone.tap("chain-write")
        page = phone.shows("draft-page")
        expect(page).to_contain_text("首报")
        expect(phone.at("field-text").locator("textarea")).to_have_value(
            re.compile(r"^漏洞 · Z03 K5\+\d{3} [左右]岸$")
        )
        keep(phone.page, "first-report")

        # Killed or put away, it goes on where it was; no second one is begun.
        phone.go(f"/records/{hazard}")
        expect(phone.shows("chain-write")).to_contain_text("继续写首报")
        phone.tap("chain-write")
        phone.tap("submit")
        first = phone.just_saved("saved_local")
        assert first != hazard
        expect(phone.shows("due", kind="follow_up")).to_contain_text("续报 还有 2 小时")
        keep(phone.page, "reported")
        phone.tap("saved-hazard")
        expect(phone.at("due")).to_have_count(1)
        expect(phone.shows("record-timeline")).to_contain_text("张河 首报 待编号")

    [sent] = records(scene, "hazard_report", "hazard", hazard)
    fields = sent["fields"]
    assert (fields["report_kind"], fields["level"]) == ("first_report", "major")
    assert fields["next_at"] - fields["at"] == 120 * MINUTE_MS
    expect(phone.shows("record-timeline")).to_contain_text("张河 首报 第 1 份")


def test_what_is_late_is_red_and_stands_first_among_the_tasks(scene: Scene, keep: Keep) -> None:
    phone = scene.phone
    hazard = report(phone, "leak_hole", "received")
    phone.wait_sent()
    now = phone.page.evaluate("() => Date.now()")
    with without_signal(phone):
        later = report(phone, "breach", "saved_local")
        phone.page.clock.set_system_time((now + 11 * MINUTE_MS) / 1000)
        phone.go("/tasks")
        rows = phone.at("task-report")
        expect(phone.shows("task-report", record=hazard)).to_have_attribute("data-late", "true")
        expect(phone.shows("task-report", record=hazard)).to_contain_text("口报 超时 1 分钟")
        order = [it.get_attribute("data-record") for it in rows.all()]
        assert order.index(hazard) < order.index(later)
        late = [it.get_attribute("data-late") for it in rows.all()]
        assert late == sorted(late, key=str, reverse=True)
        keep(phone.page, "tasks")
        phone.tap("task-report", record=hazard)
        expect(phone.shows("due", kind="call_report")).to_have_attribute("data-late", "true")
        keep(phone.page, "late")


def test_the_text_for_the_chat_says_what_is_known_in_its_order(scene: Scene) -> None:
    phone = scene.phone
    hazard = report(phone, "masonry_washout", "received")
    phone.tap("saved-copy")
    text = phone.page.evaluate("() => navigator.clipboard.readText()")
    heads = [line.split("：")[0] for line in text.splitlines()[1:]]
    assert heads == ["报告人", "地点", "险情", "下次报告"]
    assert re.search(r"地点：Z03 南河中段 K5\+\d{3} [左右]岸", text)
    assert " 米" not in text
    phone.tap("saved-details")
    phone.figure("length_m", "12")
    phone.tap("submit")
    phone.just_saved("received")
    phone.go(f"/records/{hazard}")
    phone.tap("chain-copy")
    expect(phone.shows("chain")).to_contain_text("已复制")
    text = phone.page.evaluate("() => navigator.clipboard.readText()")
    heads = [line.split("：")[0] for line in text.splitlines()[1:]]
    assert heads == ["报告人", "地点", "险情", "大小", "级别", "下次报告"]
    assert "长 12.00 米" in text
    assert "较大（待确认）" in text
