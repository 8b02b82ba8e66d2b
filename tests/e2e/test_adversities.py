"""What goes wrong on a dike: each says the same plain words, and nothing is lost.

A tab killed with the camera open stands in test_story, a phone of several people in
test_shared_phone, places in test_places, an update in the middle of a form in test_forms.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.conftest import Keep
from tests.e2e.house import House
from tests.e2e.looks import violations
from tests.e2e.phone import SCREEN, Screen

WECHAT = (
    "Mozilla/5.0 (Linux; Android 10; V1986A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
    " Chrome/107.0.5304.141 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.44 WeChat/arm64"
)
INSIDE = (
    "这是微信里的网页，别在这里记",
    "微信清理缓存时，这里没传的会一起没了；熄了屏，位置和相机也会停。",
    "点右上角的“···”",
    "选“在浏览器打开”",
    "没有这一项？复制网址，粘贴到浏览器里",
)
STRIP = "在微信里打开的：没传的可能被清掉，早点传。"
NO_CAMERA = "相机打不开，可能没给权限。去“设置”里允许，或用系统相机。草稿没丢。"
CLOCK = "手机时钟比单位慢 365 天。照常记，时间会自动校正。"
DAY_MS = 86_400_000


class Scene(NamedTuple):
    house: House
    phone: Screen


@pytest.fixture
def scene(new_house: Callable[..., House], new_hand: Callable[..., Screen]) -> Scene:
    house = new_house()
    return Scene(house, new_hand(house))


def test_inside_a_chat_nothing_is_recorded_unnoticed(
    new_house: Callable[..., House], new_screen: Callable[..., Screen], keep: Keep
) -> None:
    house = new_house()
    code = house.desk("admin").code("张河")
    inside = new_screen(house.url, user_agent=WECHAT)
    inside.go(f"/enrol#code={code}")
    page = inside.shows("chat-browser")
    for words in INSIDE:
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    expect(page).to_contain_text(f"/enrol#code={code}")
    assert violations(inside.page) == []
    keep(inside.page, "chat")
    inside.go("/report")
    expect(inside.shows("chat-browser")).to_be_visible()
    # The invitation was not used up there.
    outside = new_screen(house.url)
    outside.go(f"/enrol#code={code}")
    outside.shows("enrol-done")
    expect(outside.at("chat-strip")).to_have_count(0)


def test_who_stays_inside_the_chat_is_told_on_every_page_and_again(
    new_house: Callable[..., House], new_screen: Callable[..., Screen], keep: Keep
) -> None:
    house = new_house()
    inside = new_screen(house.url, user_agent=WECHAT)
    inside.go("/enrol")
    inside.tap("chat-stay")
    inside.stand((124.37, 43.16))
    inside.enrol(house.desk("admin").code("张河"))
    for path in ("/", "/report", "/records", "/me"):
        inside.go(path)
        expect(inside.shows("chat-strip")).to_have_text(STRIP)
    assert violations(inside.page) == []
    keep(inside.page, "chat-strip")
    # Opened again it asks again, and says what waits there.
    inside.wait_ready()
    inside.page.context.set_offline(True)
    to_form(inside)
    inside.at("no-photo-reason").first.tap()
    inside.tap("submit")
    inside.just_saved("saved_local")
    again = inside.page.context.new_page()
    again.goto(f"{house.url}/")
    expect(again.get_by_test_id("chat-unsent")).to_contain_text("没传")


def test_a_camera_refused_is_said_and_the_draft_goes_on(
    new_house: Callable[..., House],
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    keep: Keep,
) -> None:
    """A browser that has a camera and asks: nobody answers, which refuses it."""
    house = new_house()
    args = [*browser_type_launch_args["args"], "--use-fake-device-for-media-stream"]
    with playwright.chromium.launch(**browser_type_launch_args | {"args": args}) as browser:
        context = browser.new_context(**SCREEN)
        context.grant_permissions(["geolocation"], origin=house.url)
        phone = Screen(context.new_page(), house.url)
        phone.stand((124.37, 43.16))
        phone.enrol(house.desk("admin").code("张河"))
        phone.go("/report")
        phone.tap("hazard-piping")
        expect(phone.shows("camera-refused")).to_contain_text(NO_CAMERA)
        assert violations(phone.page) == []
        keep(phone.page, "camera-refused")
        context.grant_permissions(["geolocation", "camera"], origin=house.url)
        phone.page.reload()
        phone.shoot()
        phone.just_saved("received")


def test_a_clock_a_year_behind_is_said_and_put_right(scene: Scene, keep: Keep) -> None:
    house, phone = scene
    phone.page.clock.set_system_time(time.time() - 365 * DAY_MS / 1000)
    phone.go("/duty")
    phone.wait_sent()
    expect(phone.shows("clock-trouble")).to_have_text(CLOCK)
    assert violations(phone.page) == []
    keep(phone.page, "clock")
    phone.wait_ready()
    phone.page.context.set_offline(True)
    to_form(phone)
    phone.at("no-photo-reason").first.tap()
    phone.tap("submit")
    record = phone.just_saved("saved_local")
    phone.page.context.set_offline(False)
    phone.wait_sent()
    captured = house.desk().record(record)["body"]["captured"]
    assert abs(captured - time.time() * 1000) < DAY_MS


def test_another_language_in_the_middle_of_a_form_loses_nothing(scene: Scene, keep: Keep) -> None:
    house, phone = scene
    to_form(phone)
    phone.page.get_by_role("textbox").first.fill("水从堤脚往外冒")
    form = phone.page.url
    phone.tap("save-draft")
    expect(phone.page).not_to_have_url(form)
    phone.go("/me")
    phone.at("me-language").get_by_text("English").tap()
    phone.page.goto(form)
    expect(phone.at("submit")).to_contain_text("Submit")
    expect(phone.page.get_by_role("textbox").first).to_have_value("水从堤脚往外冒")
    expect(phone.shows("draft-page")).to_contain_text("12")
    keep(phone.page, "english")
    phone.at("no-photo-reason").first.tap()
    phone.tap("submit")
    fields = house.desk().record(phone.just_saved("received"))["body"]["fields"]
    assert (fields["volume_m3"], fields["note"]) == (12, "水从堤脚往外冒")


def to_form(phone: Screen) -> None:
    """A form with a figure in it."""
    phone.go("/")
    phone.tab("上报")
    phone.at("report-kind").get_by_text("作业").tap()
    phone.tap("work-canal_desilt")
    phone.keys(phone.shows("amount-pad"), "12")
