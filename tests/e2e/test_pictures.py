"""Pictures for the README and for the look; sizes, colours and contrast that axe can measure."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.conftest import RESULTS
from tests.e2e.desk import Office
from tests.e2e.house import Desk, House
from tests.e2e.looks import LARGE, violations
from tests.e2e.phone import Screen
from tests.support.proxy import Proxy

FOLDER = RESULTS / "pictures"
ZONE = IDS.zone("Z03")
SIZES = {"length_m": "12", "height_m": "2.5", "thickness_m": "1.2"}
THEMES = ("sun", "night", "day")


class Stage(NamedTuple):
    phone: Screen
    cable: Proxy
    office: Office
    desk: Desk


@pytest.fixture(scope="module")
def stage(
    new_house: Callable[..., House],
    new_cable: Callable[[House], Proxy],
    new_screen: Callable[..., Screen],
    new_desk: Callable[..., BrowserContext],
) -> Stage:
    """A phone with something of everything, and the desk beside it."""
    house = new_house()
    desk, cable = house.desk(), new_cable(house)
    fields = desk.record(ZONE)["body"]["fields"]
    phone = new_screen(f"http://localhost:{cable.port}", device_scale_factor=2)
    phone.stand(on_bank(fields["line"], fields["chainage_start"], 5862, 6), heading=215)
    phone.enrol(house.desk("admin").code("张河"))
    phone.shows("zone-card")
    phone.wait_ready()
    office = Office(new_desk(), house.url)
    office.sign_in()
    # One that comes back, one that is not accepted anywhere yet, and a draft.
    returned = report(phone, "masonry_washout", "received")
    measure(phone, "3.6")
    report(phone, "masonry_washout", "received")
    measure(phone, "36")
    office.open(returned)
    office.send_back("volume_m3", "方量和尺寸对不上，请再量一次。")
    expect(phone.at("tab-bar")).to_contain_text("1", timeout=20_000)
    cable.cut()
    report(phone, "breach", "saved_local")
    phone.go("/report")
    phone.at("report-kind").get_by_text("作业").tap()
    phone.tap("work-canal_desilt")
    phone.shows("draft-page")
    return Stage(phone, cable, office, desk)


def measure(phone: Screen, volume: str) -> None:
    """Sizes of the washed-out wall; a volume that does not fit them is asked about."""
    phone.tap("saved-details")
    phone.shows("draft-page")
    for field, figure in (SIZES | {"volume_m3": volume}).items():
        phone.figure(field, figure)
    if phone.at("volume-doubt").count():
        phone.tap("volume-sure")
    phone.tap("submit")
    phone.just_saved("received")


def report(phone: Screen, type: str, state: str) -> str:
    phone.go("/report")
    phone.tap(f"hazard-{type}")
    phone.shoot()
    return phone.just_saved(state)


def keep(page: Page, name: str) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    return path


def wait_pictures(page: Page) -> None:
    page.wait_for_function(
        "() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)"
    )


# The phone's pages: the address and what is there when it is whole.
PAGES = {
    "home": ("/duty", "zone-card"),
    "report": ("/report", "report-kind"),
    "outbox": ("/records", "record-row"),
    "returned": ("/tasks", "todo-returned"),
    "map": ("/map", "tab-bar"),
    "me": ("/me", "me-can"),
}
IN_ALL_COLOURS = ("home", "report", "outbox")


def show(phone: Screen, name: str) -> None:
    path, there = PAGES[name]
    phone.go(path)
    phone.shows(there)
    if name == "returned":
        phone.tap("todo-returned")
        phone.shows("marked-field")
    if name in ("home", "report", "map"):
        wait_place(phone)
    wait_pictures(phone.page)


def wait_place(phone: Screen) -> None:
    """Long enough for the first fix to be drawn."""
    if phone.at("place-words").count():
        expect(phone.at("place-words")).to_contain_text("K5+86")


def test_pictures_of_the_phone(stage: Stage) -> None:
    phone = stage.phone
    for name in PAGES:
        show(phone, name)
        keep(phone.page, name)
    camera_and_saved(phone)
    for theme in THEMES[:-1]:
        set_theme(phone, theme)
        for name in IN_ALL_COLOURS:
            show(phone, name)
            keep(phone.page, f"{name}-{theme}")
    set_theme(phone, "day")


def camera_and_saved(phone: Screen) -> None:
    phone.go("/report")
    phone.tap("hazard-masonry_washout")
    expect(phone.at("shutter")).not_to_have_attribute("aria-disabled", "true", timeout=20_000)
    expect(phone.at("camera-place")).to_contain_text("K5+86")
    phone.page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    keep(phone.page, "camera")
    phone.shoot()
    phone.just_saved("saved_local")
    wait_pictures(phone.page)
    keep(phone.page, "saved")


def set_theme(phone: Screen, theme: str) -> None:
    phone.go("/me")
    words = {"sun": "日光", "day": "普通", "night": "夜间"}[theme]
    phone.at("me-theme").get_by_text(words).tap()
    expect(phone.page.locator("html")).to_have_attribute("data-theme", theme)


def test_pictures_of_the_desk(stage: Stage) -> None:
    office = stage.office
    page = office.page
    page.goto(f"{office.url}/office/review")
    expect(office.at("record-photos").locator("img").first).to_be_visible(timeout=20_000)
    wait_pictures(page)
    keep(page, "review")
    page.goto(f"{office.url}/office/devices")
    expect(office.at("device-table")).to_be_visible()
    keep(page, "devices")
    newest = stage.desk.get("/api/records", kind="hazard", state="returned")["records"][0]
    page.goto(f"{office.url}/office/records/{newest['record']}/evidence")
    expect(page.locator("[data-testid=evidence-sum]").first).to_be_visible()
    wait_pictures(page)
    keep(page, "evidence")


# ---- everybody can read it -----------------------------------------------------------------------


def test_axe_finds_nothing_on_the_phone(stage: Stage) -> None:
    told = []
    for name in PAGES:
        show(stage.phone, name)
        told += [f"{name}: {violation}" for violation in violations(stage.phone.page)]
    assert not told, "\n".join(told)


@pytest.mark.parametrize("path", ["review", "devices", "unaccepted", "map"])
def test_axe_finds_nothing_on_the_desk(stage: Stage, path: str) -> None:
    page = stage.office.page
    page.goto(f"{stage.office.url}/office/{path}")
    expect(stage.office.at("office")).to_be_visible()
    page.wait_for_timeout(500)
    assert not violations(page)


BUTTONS = {
    "home": "start-patrol",
    "report": "hazard-breach",
    "outbox": "sync-now",
    "returned": "marked-field",
    "me": "me-sign-out",
}


def test_a_small_screen_with_letters_twice_as_large_keeps_its_buttons(stage: Stage) -> None:
    phone = stage.phone
    phone.page.set_viewport_size({"width": 360, "height": 640})
    try:
        for name, testid in BUTTONS.items():
            show(phone, name)
            phone.page.evaluate(LARGE)
            button = phone.button(testid)
            button.scroll_into_view_if_needed()
            expect(button).to_be_in_viewport(ratio=0.5)
            box = button.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360.5, (name, box)
            wide = phone.page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= 360, f"{name} is {wide} px wide"
            keep(phone.page, f"large-{name}")
    finally:
        phone.page.set_viewport_size({"width": 390, "height": 844})


def test_what_is_being_put_right_stays_in_sight(stage: Stage) -> None:
    phone = stage.phone
    phone.page.set_viewport_size({"width": 360, "height": 640})
    try:
        phone.go("/tasks")
        phone.shows("todo-returned")
        phone.page.evaluate(LARGE)
        phone.tap("todo-returned")
        field = phone.shows("marked-field").locator("button.value")
        pad = phone.shows("fix-keypad")
        expect(field).to_be_in_viewport(ratio=1)
        done = pad.get_by_role("button", name="完成")
        expect(done).to_be_in_viewport(ratio=1)
        keep(phone.page, "large-writing")
        box, keys = field.bounding_box(), pad.bounding_box()
        assert box
        assert keys
        assert box["y"] + box["height"] <= keys["y"] + 1
        done.tap()
        button = phone.button("fix-submit")
        expect(button).to_be_in_viewport(ratio=1)
    finally:
        phone.page.set_viewport_size({"width": 390, "height": 844})


# ---- nothing lies over what a finger wants -------------------------------------------------------

# What cannot be pressed in its middle although it was scrolled into sight.
COVERED = """
() => [...document.querySelectorAll('button, a[href], input, textarea')].flatMap((it) => {
  if (it.tabIndex < 0 || it.closest('.hs-unseen, .leaflet-container')) return []
  if (it.offsetParent === null) return []
  it.scrollIntoView({ block: 'center' })
  const { left, top, width, height } = it.getBoundingClientRect()
  const hit = document.elementFromPoint(left + width / 2, top + height / 2)
  return it.contains(hit) ? [] : [(it.dataset.testid ?? '') + ' ' + it.innerText]
})
"""
HELD = {"normal": (390, 844, False), "small": (360, 640, False), "large": (360, 640, True)}


def test_an_undo_covers_nothing(stage: Stage) -> None:
    """On the patrol page, the page after a save, and a form that was begun meanwhile.

    Last: the patrol goes on.
    """
    phone = stage.phone
    phone.go("/duty")
    phone.tap("start-patrol")
    phone.shows("patrol-place")
    told: list[str] = []

    def check(name: str) -> None:
        told.extend(f"{name}: {it}" for it in phone.page.evaluate(COVERED))

    try:
        for size, (width, height, large) in HELD.items():
            phone.page.set_viewport_size({"width": width, "height": height})
            phone.go("/patrol")
            phone.shows("patrol-place")
            if large:
                phone.page.evaluate(LARGE)
            normal = phone.button("checkpoint-normal")
            normal.scroll_into_view_if_needed()
            phone.page.wait_for_timeout(300)
            stood = normal.bounding_box()
            normal.tap()
            phone.shows("undo-bar")
            keep(phone.page, f"undo-patrol-{size}")
            moved = normal.bounding_box()
            assert stood
            assert moved
            if not large:
                assert abs(moved["y"] - stood["y"]) < 2, "it moved under the thumb"
            check(f"patrol, {size}")
            phone.tab("上报")
            phone.shows("report-kind")
            phone.at("report-kind").get_by_text("作业").tap()
            phone.tap("work-canal_desilt")
            phone.shows("draft-page")
            assert phone.at("undo-bar").count() == 0
            keep(phone.page, f"undo-draft-{size}")
            check(f"draft, {size}")
            phone.tap("draft-remove")
            phone.tap("draft-remove-confirm")
            phone.shows("tasks-page")
            phone.tab("上报")
            phone.tap("hazard-breach")
            phone.shoot()
            phone.shows("saved-undo")
            keep(phone.page, f"undo-saved-{size}")
            check(f"saved, {size}")
    finally:
        phone.page.set_viewport_size({"width": 390, "height": 844})
    assert not told, "\n".join(told)
