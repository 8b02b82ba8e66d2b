"""险情 and 隐患: each has its own way, only one is called in, and a proposed level says why."""

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
from tests.e2e.test_taps import COUNT, from_duty, taps

ZONE = IDS.zone("Z03")


class Scene(NamedTuple):
    phone: Screen
    office: Office
    desk: Desk


@pytest.fixture(scope="module")
def scene(
    new_house: Callable[..., House],
    new_screen: Callable[..., Screen],
    new_desk: Callable[..., BrowserContext],
) -> Scene:
    house = new_house()
    phone = new_screen(house.url)
    phone.page.add_init_script(COUNT)
    fields = house.desk().record(ZONE)["body"]["fields"]
    phone.stand(on_bank(fields["line"], fields["chainage_start"], 5200, 5))
    phone.enrol(house.desk("admin").code("张河"))
    phone.wait_ready()
    office = Office(new_desk(), house.url)
    office.sign_in()
    return Scene(phone, office, house.desk())


def fields_of(scene: Scene, record: str) -> Any:
    scene.phone.wait_sent()
    return scene.desk.record(record)["body"]["fields"]


def test_a_danger_takes_three_taps_and_turns_into_a_latent_one_with_one(
    scene: Scene, keep: Keep
) -> None:
    phone = scene.phone
    from_duty(phone)
    phone.tab("上报")
    phone.tap("hazard-breach")
    phone.shoot()
    record = phone.just_saved("received")
    assert taps(phone) == 3
    expect(phone.at("saved-page")).to_contain_text("还剩 10 分钟")
    assert fields_of(scene, record)["level"] == "extraordinary"

    phone.go(f"/records/{record}")
    phone.tap("change-nature")
    expect(phone.shows("value-nature")).to_contain_text("隐患")
    keep(phone.page, "turned-latent")
    fields = fields_of(scene, record)
    assert (fields["nature"], fields["correction"]) == ("latent", "改成隐患")
    assert fields.get("level") is None
    phone.go(f"/saved/{record}")
    expect(phone.shows("latent-note")).to_contain_text("不用口报")
    expect(phone.at("saved-call")).to_have_count(0)


def test_a_latent_one_has_its_own_way_and_no_clock_until_it_breaks_out(
    scene: Scene, keep: Keep
) -> None:
    phone = scene.phone
    from_duty(phone)
    phone.tab("上报")
    phone.at("report-kind").get_by_text("隐患").tap()
    expect(phone.at("report-page")).to_contain_text("隐患：是哪一种？")
    phone.tap("hazard-breach")
    expect(phone.at("camera-page")).to_contain_text("隐患 · 决口")
    phone.shoot()
    record = phone.just_saved("received")
    assert taps(phone) == 4
    page = phone.at("saved-page")
    expect(phone.shows("latent-note")).to_contain_text("不用口报")
    expect(page).not_to_contain_text("分钟")
    expect(phone.at("saved-call")).to_have_count(0)
    expect(phone.at("saved-copy")).to_have_count(0)
    keep(phone.page, "latent-saved")
    fields = fields_of(scene, record)
    assert (fields["nature"], fields.get("level")) == ("latent", None)

    phone.tap("change-nature")
    expect(page).to_contain_text("还剩 10 分钟")
    expect(phone.at("latent-note")).to_have_count(0)
    keep(phone.page, "broken-out")
    fields = fields_of(scene, record)
    assert (fields["nature"], fields["level"]) == ("acute", "extraordinary")


def test_who_turns_back_before_the_shutter_is_where_he_chose(scene: Scene) -> None:
    phone = scene.phone
    phone.go("/report?kind=latent")
    phone.tap("hazard-crack")
    phone.shows("camera-page")
    phone.tap("camera-leave")
    expect(phone.shows("report-page")).to_contain_text("隐患：是哪一种？")


def test_a_proposed_level_says_why_in_the_form_after_it_and_at_the_desk(
    scene: Scene, keep: Keep
) -> None:
    phone, office, why = scene.phone, scene.office, "管涌出浑水 → 重大（建议）"
    phone.go("/report")
    phone.tap("hazard-piping")
    phone.shoot()
    record = phone.just_saved("received")
    phone.tap("saved-details")
    phone.shows("draft-page")
    expect(phone.at("level-why")).to_have_count(0)
    phone.tap("choice-turbid")
    expect(phone.shows("level-why")).to_have_text(why)
    keep(phone.page, "why-in-the-form")
    phone.tap("submit")
    assert phone.just_saved("received") == record
    expect(phone.shows("level-why")).to_have_text(why)
    keep(phone.page, "why-saved")
    office.go("review")
    office.open(record)
    expect(office.at("level-why")).to_have_text(why)
    keep(office.page, "why-at-the-desk")


def test_a_correction_takes_no_level_away_and_says_what_becomes_of_it(
    scene: Scene, keep: Keep
) -> None:
    phone = scene.phone
    phone.go("/report")
    phone.tap("hazard-piping")
    phone.shoot()
    record = phone.just_saved("received")
    phone.tap("saved-details")
    phone.tap("choice-turbid")
    phone.tap("submit")
    phone.just_saved("received")
    assert fields_of(scene, record)["level"] == "major"
    to_correction(phone, record)
    phone.tap("choice-clear")
    phone.figure("diameter_cm", "9")
    expect(phone.shows("level-why")).to_contain_text("级别从重大变成较大")
    keep(phone.page, "level-moves")
    phone.tap("draft-remove")
    phone.tap("draft-remove-confirm")
    phone.shows("tasks-page")
    to_correction(phone, record)
    phone.tap("choice-clear")
    expect(phone.shows("level-why")).to_contain_text("级别还是重大")
    expect(phone.at("choice-major")).to_have_attribute("aria-pressed", "true")
    keep(phone.page, "level-stays")
    phone.button("usual-reason").tap()
    phone.tap("submit")
    phone.just_saved("received")
    fields = fields_of(scene, record)
    assert (fields["water"], fields["level"]) == ("clear", "major")


def to_correction(phone: Screen, record: str) -> None:
    phone.go(f"/records/{record}")
    phone.tap("record-correct")
    phone.shows("draft-page")
