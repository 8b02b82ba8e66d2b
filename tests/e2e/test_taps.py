"""How many taps a job takes, counted in the browser. The digits of a figure are typing, no taps."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.conftest import Keep
from tests.e2e.house import Desk, House
from tests.e2e.phone import Screen

ZONE = IDS.zone("Z03")
MOST = 6
COUNT = """
globalThis.__taps = 0
addEventListener('click', ({ isTrusted, target }) => {
  const key = target.closest('.keypad button')
  // A label clicks its input once more, which is no finger.
  const isEcho = target.matches('label input')
  if (isTrusted && !isEcho && !(key && !key.matches('.done'))) globalThis.__taps++
}, true)
"""


class Scene(NamedTuple):
    phone: Screen
    desk: Desk


@pytest.fixture(scope="module")
def scene(new_house: Callable[..., House], new_screen: Callable[..., Screen]) -> Scene:
    house = new_house()
    desk = house.desk()
    phone = new_screen(house.url)
    phone.page.add_init_script(COUNT)
    fields = desk.record(ZONE)["body"]["fields"]
    phone.stand(on_bank(fields["line"], fields["chainage_start"], 5200, 5))
    phone.enrol(house.desk("admin").code("张河"))
    phone.shows("zone-card")
    phone.wait_ready()
    return Scene(phone, desk)


def from_duty(phone: Screen) -> None:
    """Counts from here."""
    phone.go("/")
    phone.shows("duty-page")


def taps(phone: Screen) -> int:
    return int(phone.page.evaluate("() => globalThis.__taps"))


def to_desilting(phone: Screen) -> None:
    phone.tab("上报")
    phone.at("report-kind").get_by_text("作业").tap()
    phone.tap("work-canal_desilt")


def test_clearing_with_a_typed_amount_and_no_photo(scene: Scene, keep: Keep) -> None:
    phone, desk = scene
    from_duty(phone)
    to_desilting(phone)
    pad = phone.shows("amount-pad")
    keep(phone.page, "amount-first")
    phone.keys(pad, "118.5")
    expect(phone.at("amount-pad")).to_contain_text("118.5 立方米")
    phone.at("no-photo-reason").first.tap()
    keep(phone.page, "ready")
    phone.tap("submit")
    record = phone.just_saved("received")
    assert taps(phone) <= MOST
    assert desk.record(record)["body"]["fields"]["volume_m3"] == 118.5


def test_clearing_with_both_photos_taken_when_they_can_be(scene: Scene, keep: Keep) -> None:
    """Before the work one photo; after it the other one, the amount, and it is handed in."""
    phone, desk = scene
    from_duty(phone)
    to_desilting(phone)
    phone.tap("take-before")
    phone.shoot()
    phone.shows("draft-photo", slot="before")
    assert taps(phone) <= MOST
    phone.tap("save-draft")
    phone.step_aside()
    from_duty(phone)
    phone.tap("todo-draft")
    phone.tap("take-after")
    phone.shoot()
    phone.shows("draft-photo", slot="after")
    phone.keys(phone.shows("amount-pad"), "12")
    keep(phone.page, "both-photos")
    phone.tap("submit")
    record = phone.just_saved("received")
    assert taps(phone) <= MOST
    assert desk.record(record)["body"]["fields"]["volume_m3"] == 12


def test_the_keys_give_way_to_whoever_writes_words(scene: Scene) -> None:
    phone, _ = scene
    from_duty(phone)
    to_desilting(phone)
    phone.shows("amount-pad")
    phone.at("field-note").get_by_role("textbox").first.tap()
    expect(phone.at("amount-pad")).to_have_count(0)
    phone.tap("draft-remove")
