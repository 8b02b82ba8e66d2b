"""How many taps a job takes, counted in the browser. The digits of a figure are typing, no taps."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
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

# What one or the other of Chrome 87, Safari 15 and Firefox 78 lacks.
TOO_NEW = """
const iterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))
for (const [owner, ...names] of [
  [globalThis, 'structuredClone', 'reportError'],
  [Object, 'hasOwn', 'groupBy'],
  [Map, 'groupBy'],
  [Array, 'fromAsync'],
  [Array.prototype, 'at', 'findLast', 'findLastIndex', 'toReversed', 'toSorted', 'toSpliced'],
  [String.prototype, 'at', 'isWellFormed', 'toWellFormed'],
  [Promise, 'any', 'withResolvers', 'try'],
  [AbortSignal, 'timeout', 'any'],
  [AbortSignal.prototype, 'throwIfAborted'],
  [Set.prototype, 'union', 'intersection', 'difference', 'isSubsetOf'],
  [iterator, 'map', 'filter', 'toArray', 'some', 'find'],
  [Crypto.prototype, 'randomUUID'],
]) for (const name of names) delete owner[name]
"""


class Scene(NamedTuple):
    house: House
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
    return Scene(house, phone, desk)


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
    _, phone, desk = scene
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
    _, phone, desk = scene
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


def test_a_patrol_of_ones_zone_begins_with_one_tap_and_a_point_is_signed_with_one(
    scene: Scene, keep: Keep
) -> None:
    """Zone, place and time are known; what was signed by mistake is taken back by one more."""
    _, phone, desk = scene
    from_duty(phone)
    phone.tap("start-patrol")
    expect(phone.shows("patrol-page")).to_contain_text("K5+")
    assert taps(phone) == 1
    here = phone.shows("checkpoint").get_attribute("data-checkpoint")
    phone.tap("checkpoint-normal")
    expect(phone.shows("undo-bar")).to_contain_text("已记")
    assert taps(phone) == 2
    keep(phone.page, "signed")
    phone.at("undo-bar").get_by_role("button").tap()
    expect(phone.at("checkpoint")).to_have_attribute("data-checkpoint", here or "")
    phone.tap("checkpoint-normal")
    expect(phone.at("checkpoint")).not_to_have_attribute("data-checkpoint", here or "")
    phone.hold("patrol-end")
    phone.shows("patrol-end-page")
    phone.tap("patrol-submit")
    body = desk.record(phone.just_saved("received"))["body"]
    assert (body["fields"]["zone"], body["fields"]["signed"]) == (ZONE, 1)
    signed = [it["set"] for it in body["adds"] if it["set"]["type"] == "visit"]
    assert [it["result"] for it in signed] == ["normal", "withdrawn", "normal"]
    assert {it["checkpoint"] for it in signed} == {here}


def test_what_was_sent_back_is_two_taps_from_its_figure(
    scene: Scene, new_office: Callable[..., Office]
) -> None:
    house, phone, desk = scene
    from_duty(phone)
    to_desilting(phone)
    phone.keys(phone.shows("amount-pad"), "30")
    phone.at("no-photo-reason").first.tap()
    phone.tap("submit")
    record = phone.just_saved("received")
    office = new_office(house)
    office.go("review")
    office.open(record)
    office.send_back("volume_m3", "方量不对")
    from_duty(phone)
    phone.tap("todo-returned", record=record)
    phone.shows("marked-field", field="volume_m3")
    phone.shows("fix-keypad")
    assert taps(phone) <= 2
    phone.keys(phone.at("fix-keypad"), "36")
    phone.tap("fix-submit")
    phone.just_saved("received")
    assert desk.record(record)["body"]["fields"]["volume_m3"] == 36


def test_the_keys_give_way_to_whoever_writes_words(scene: Scene) -> None:
    phone = scene.phone
    from_duty(phone)
    to_desilting(phone)
    phone.shows("amount-pad")
    phone.at("field-note").get_by_role("textbox").first.tap()
    expect(phone.at("amount-pad")).to_have_count(0)
    phone.tap("draft-remove")
    phone.tap("draft-remove-confirm")


def test_the_oldest_browser_starts_joins_saves_and_sends(
    scene: Scene, new_screen: Callable[..., Screen]
) -> None:
    phone = new_screen(scene.house.url)
    faults: list[str] = []
    phone.page.on("pageerror", lambda error: faults.append(str(error)))
    phone.page.add_init_script(TOO_NEW)
    phone.enrol(scene.house.desk("admin").code("孙澜"))
    phone.wait_ready()
    gone = "() => [typeof structuredClone, typeof AbortSignal.timeout, typeof Promise.any]"
    assert phone.page.evaluate(gone) == ["undefined"] * 3
    fields = scene.desk.record(ZONE)["body"]["fields"]
    phone.stand(on_bank(fields["line"], fields["chainage_start"], 5200, 5))
    phone.tab("地图")
    expect(phone.page.locator(".leaflet-container").first).to_be_visible()
    phone.tab("值班")
    to_desilting(phone)
    phone.keys(phone.shows("amount-pad"), "12")
    phone.at("no-photo-reason").first.tap()
    phone.tap("submit")
    record = phone.just_saved("received")
    assert scene.desk.record(record)["body"]["fields"]["volume_m3"] == 12
    assert faults == []
