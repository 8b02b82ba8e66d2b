"""The map without signal: what is on the phone, by its symbols, each of it also in the list."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.conftest import Keep
from tests.e2e.house import House
from tests.e2e.looks import violations
from tests.e2e.phone import Screen

STEP_M, STEP_MS = 11, 620
FROM = 5200
# How many pixels of the map's canvas have the colour of this token.
PAINTED = """(token) => {
  const probe = document.createElement('canvas').getContext('2d')
  probe.fillStyle =
    getComputedStyle(document.documentElement).getPropertyValue(`--hs-${token}`).trim()
  probe.fillRect(0, 0, 1, 1)
  const [r, g, b] = probe.getImageData(0, 0, 1, 1).data
  const canvas = document.querySelector('.field-map canvas')
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  let found = 0
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] === r && data[at + 1] === g && data[at + 2] === b && data[at + 3] > 200) found++
  }
  return found
}"""


class Walked:
    def __init__(self, house: House, phone: Screen) -> None:
        self.desk, self.phone = house.desk(), phone
        zone = self.desk.record(IDS.zone("Z03"))["body"]["fields"]
        self.line = [(lon, lat) for lon, lat in zone["line"]]
        self.start = zone["chainage_start"]

    def walk(self, first: int, last: int) -> None:
        for chainage in range(first, last + 1, STEP_M):
            self.phone.stand(on_bank(self.line, self.start, chainage, 5))
            self.phone.page.wait_for_timeout(STEP_MS)

    def painted(self, token: str) -> int:
        return int(self.phone.page.evaluate(PAINTED, token))


@pytest.fixture(scope="module")
def walked(new_house: Callable[..., House], new_hand: Callable[..., Screen]) -> Walked:
    """A patrol with a pause in it, and a report; none of it sent."""
    house = new_house()
    walked = Walked(house, new_hand(house, zone="Z03", at=FROM))
    phone = walked.phone
    phone.page.context.set_offline(True)
    phone.tap("start-patrol")
    expect(phone.shows("recording")).to_have_attribute("data-recording", "on")
    walked.walk(FROM, FROM + 88)
    phone.tap("patrol-pause")
    phone.stand(on_bank(walked.line, walked.start, FROM + 140, 5))
    phone.tap("patrol-resume")
    walked.walk(FROM + 140, FROM + 228)
    phone.hold("patrol-end")
    phone.shows("patrol-end-page")
    phone.tap("patrol-submit")
    phone.just_saved("saved_local")
    return walked


def layer(phone: Screen, name: str) -> Any:
    return phone.at("map-layer", layer=name)


def structures(walked: Walked) -> dict[str, str]:
    """By record its name."""
    found = walked.desk.get("/api/records", kind="object", limit=200)["records"]
    return {str(it["record"]): str(it["body"]["fields"]["name"]) for it in found}


def listed(phone: Screen) -> set[str]:
    rows = phone.page.locator('[data-testid="map-row"]')
    return {str(it) for it in rows.evaluate_all("(all) => all.map((it) => it.dataset.record)")}


def close(phone: Screen) -> None:
    dialog = phone.page.get_by_role("dialog")
    dialog.locator("header button").tap()
    expect(dialog).to_have_count(0)


def test_own_walks_stand_on_it_with_their_gaps_and_the_reason(walked: Walked, keep: Keep) -> None:
    phone = walked.phone
    phone.go("/map")
    phone.shows("map-page")
    phone.tap("map-list")
    row = phone.at("map-walk")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("没记到 1 处：暂停")
    keep(phone.page, "list")
    assert violations(phone.page) == []
    row.tap()
    card = phone.shows("map-chosen", kind="patrol")
    expect(card).to_contain_text("没记到 1 处：暂停")
    expect(phone.page.locator(".hs-map-label", has_text="暂停")).to_have_count(1)
    assert walked.painted("cover") > 100
    assert walked.painted("gap") > 10
    keep(phone.page, "walk")
    assert violations(phone.page) == []
    phone.tap("map-open-record")
    phone.shows("record-page")


def test_what_is_not_wanted_is_switched_off_and_stays_so(walked: Walked, keep: Keep) -> None:
    phone = walked.phone
    phone.go("/map")
    phone.shows("map-page")
    expect(phone.page.locator(".hs-map-icon").first).to_be_visible()
    phone.tap("map-layers")
    phone.shows("map-layer-list")
    keep(phone.page, "layers")
    assert violations(phone.page) == []
    for name in ("walk", "object"):
        box = layer(phone, name).bounding_box()
        assert box
        assert box["height"] >= 60
        layer(phone, name).tap()
        expect(layer(phone, name)).to_have_attribute("aria-checked", "false")
    close(phone)
    phone.tap("map-list")
    expect(phone.at("map-walk")).to_have_count(0)
    phone.page.reload()
    phone.shows("map-page")
    phone.tap("map-list")
    phone.shows("map-row")
    expect(phone.at("map-walk")).to_have_count(0)
    assert not set(structures(walked)) & listed(phone)
    phone.tap("map-list")
    phone.tap("map-layers")
    for name in ("walk", "object"):
        layer(phone, name).tap()
        expect(layer(phone, name)).to_have_attribute("aria-checked", "true")
    close(phone)
    phone.tap("map-list")
    expect(phone.at("map-walk")).to_have_count(1)


def test_structures_are_on_it_and_lead_to_their_record(walked: Walked, keep: Keep) -> None:
    phone = walked.phone
    phone.go("/map")
    phone.shows("map-page")
    phone.tap("map-list")
    names = structures(walked)
    assert set(names) <= listed(phone)
    record = next(iter(names))
    phone.page.locator(f'[data-testid="map-row"][data-record="{record}"]').tap()
    expect(phone.shows("map-chosen")).to_contain_text(names[record])
    keep(phone.page, "structure")
    phone.tap("map-open-record")
    expect(phone.shows("record-page")).to_contain_text(names[record])
