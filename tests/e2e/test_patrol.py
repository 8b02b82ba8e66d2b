"""A round along a dike: which strips were walked, what was left out, what the office gets."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.conftest import Keep
from tests.e2e.house import Desk, House
from tests.e2e.phone import Screen

# Slower than a phone may be thought to move, further than two fixes must lie apart.
STEP_M, STEP_MS = 11, 620
FROM = 5200


class Round:
    def __init__(self, house: House, phone: Screen) -> None:
        self.desk: Desk = house.desk()
        zone = self.desk.record(IDS.zone("Z03"))["body"]["fields"]
        self.line = [(lon, lat) for lon, lat in zone["line"]]
        self.start, self.phone = zone["chainage_start"], phone

    def walk(self, first: int, last: int) -> None:
        way = range(first, last + 1, STEP_M) if first <= last else range(first, last - 1, -STEP_M)
        for chainage in way:
            self.phone.stand(on_bank(self.line, self.start, chainage, 5))
            self.phone.page.wait_for_timeout(STEP_MS)

    def share(self, strip: str) -> str:
        """What the lane of this strip says, as ears hear the ruler."""
        said = self.phone.at("patrol-ruler").locator("[role=img]").get_attribute("aria-label") or ""
        return next(it for it in said.split("，") if it.startswith(strip))


@pytest.fixture(scope="module")
def round(new_house: Callable[..., House], new_hand: Callable[..., Screen]) -> Round:
    house = new_house()
    return Round(house, new_hand(house, zone="Z03", at=FROM))


def test_how_often_and_why_stands_on_the_first_page_without_signal(round: Round) -> None:
    """The water stands at guarantee level, and the response asks for a round each 4 hours."""
    phone = round.phone
    phone.page.context.set_offline(True)
    phone.page.reload()
    said = phone.shows("patrol-interval")
    expect(said).to_contain_text("每 30 分钟：南河站")
    expect(said).to_contain_text("22.81 米，保证水位以上")
    expect(said).to_have_attribute("data-late", "true")
    expect(said).to_contain_text("该巡了，晚了")
    phone.page.context.set_offline(False)


def test_each_strip_is_covered_by_itself_and_the_office_gets_it(round: Round, keep: Keep) -> None:
    phone = round.phone
    phone.tap("start-patrol")
    phone.shows("patrol-page")
    expect(phone.at("recording")).to_have_attribute("data-recording", "on")
    expect(phone.at("strip-crest")).to_have_attribute("aria-pressed", "true")
    expect(phone.at("strip-toe")).to_have_attribute("aria-pressed", "false")
    round.walk(FROM, FROM + 110)
    expect(phone.at("patrol-ruler")).to_contain_text("3%")
    # Back along the toe, a second one on the slope beside.
    phone.tap("strip-toe")
    phone.tap("strip-landside_slope")
    phone.tap("strip-crest")
    expect(phone.at("strip-crest")).to_have_attribute("aria-pressed", "false")
    round.walk(FROM + 110, FROM + 33)
    assert "3%" in round.share("堤顶")
    assert "2%" in round.share("背水坡")
    assert "2%" in round.share("堤脚")
    assert "0%" in round.share("迎水坡")
    keep(phone.page, "strips")

    # What is on the phone only stands after the page was gone.
    phone.page.reload()
    phone.shows("patrol-page")
    expect(phone.at("strip-toe")).to_have_attribute("aria-pressed", "true")
    expect(phone.at("strip-crest")).to_have_attribute("aria-pressed", "false")
    assert "3%" in round.share("堤顶")

    # Nobody walks nowhere: the last one stays.
    phone.tap("strip-landside_slope")
    phone.tap("strip-toe")
    expect(phone.at("strip-toe")).to_have_attribute("aria-pressed", "true")

    phone.hold("patrol-end")
    phone.shows("patrol-end-page")
    left = phone.at("summary-unwalked")
    expect(left).to_contain_text("迎水坡没走")
    expect(left).to_contain_text("堤顶没走到：K4+200–K5+20")
    expect(left).to_contain_text("下游交界 20 米")
    keep(phone.page, "left-out")
    phone.tap("patrol-submit")
    record = phone.just_saved("received")
    body = round.desk.record(record)["body"]
    fields = body["fields"]
    strips = ("crest", "waterside_slope", "landside_slope", "toe")
    assert [fields[f"covered_{it}"] for it in strips] == [3, 0, 2, 2]
    walked = [it["set"] for it in body["adds"] if it["set"].get("blob")]
    assert walked[0]["strips"] == ["crest"]
    assert ["landside_slope", "toe"] in [sorted(it["strips"]) for it in walked]
    assert sum(points_of(round.desk.blob(it["blob"])) for it in walked) >= 14


def points_of(blob: bytes) -> int:
    return len(json.loads(blob)["points"])
