"""Where the phone is when it cannot tell or tells nonsense: said in words, nothing stands still."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.conftest import Keep
from tests.e2e.house import Desk, House
from tests.e2e.looks import violations
from tests.e2e.phone import Position, Screen

FROM, STEP_M, STEP_MS = 5200, 11, 620
KM_3 = 3000 / 81_090
"""Degrees of longitude here."""

POOR = "不准，可能差 300 米。还在原地就再测一次，不在就用这个，不耽误提交。"
NOT_HERE = "手机没让用位置"
NOT_ON_PATROL = "手机没让用位置。照样能巡，巡查点照样签到，没定到的画成缺口。"
HOW = [
    "安卓手机：设置 → 应用 → 正在用的浏览器 → 权限 → 位置信息 → 使用时允许。",
    "苹果手机：设置 → 隐私与安全性 → 定位服务 → Safari 网站 → 使用期间。",
    "在微信里打开的：设置 → 应用 → 微信 → 权限 → 位置信息，苹果在“设置 → 微信 → 位置”。",
    "还不行，就点网址旁边的锁，把“位置”改成允许。",
    "改好回到这里，会自动接着取。",
    "不改也能记：点地点旁的“改”填桩号，巡查点照样签到，地图照样看。",
]
NO_FIX = "这会儿定不到位，还在找。照样能巡、能记，没定到的那段画成缺口。"
JUMPED = "定位跳了 3.0 千米，没有算进去。"


class Hand:
    def __init__(self, house: House, phone: Screen) -> None:
        self.desk: Desk = house.desk()
        self.phone = phone
        self.zone = self.desk.record(IDS.zone("Z03"))["body"]["fields"]

    def at(self, chainage: float) -> Position:
        line = [(lon, lat) for lon, lat in self.zone["line"]]
        return on_bank(line, self.zone["chainage_start"], chainage, 5)

    def walk(self, first: int, last: int) -> None:
        for chainage in range(first, last + 1, STEP_M):
            self.phone.stand(self.at(chainage))
            self.phone.page.wait_for_timeout(STEP_MS)

    def metres(self) -> int:
        return int(self.phone.shows("patrol-distance").inner_text().split()[0])

    def end(self) -> tuple[dict[str, object], list[dict[str, object]]]:
        self.phone.hold("patrol-end")
        self.phone.shows("patrol-end-page")
        self.phone.tap("patrol-submit")
        body = self.desk.record(self.phone.just_saved("received"))["body"]
        return body["fields"], [it["set"] for it in body["adds"]]


@pytest.fixture
def hand(new_house: Callable[..., House], new_hand: Callable[..., Screen]) -> Hand:
    house = new_house()
    return Hand(house, new_hand(house, zone="Z03", at=FROM))


def lose(phone: Screen) -> None:
    """No satellite, no mast."""
    phone.cdp.send("Emulation.setGeolocationOverride")


def test_how_sure_a_place_is_stands_in_words_and_stops_nobody(hand: Hand, keep: Keep) -> None:
    phone = hand.phone
    phone.stand(hand.at(FROM), 300)
    phone.go("/report")
    gate = phone.shows("place-gate")
    expect(gate.locator("p").first).to_have_text(POOR)
    assert violations(phone.page) == []
    keep(phone.page, "poor")
    # Measured once more it is better, and nothing is asked any more.
    phone.tap("place-again")
    expect(gate).to_contain_text("正在测，最多 5 秒")
    phone.stand(hand.at(FROM), 45)
    expect(phone.at("place-gate")).to_have_count(0)
    expect(phone.at("place")).to_contain_text("大致，差 45 米以内")
    phone.stand(hand.at(FROM), 8)
    expect(phone.at("place")).to_contain_text("准到 8 米")
    keep(phone.page, "good")


def test_a_poor_place_is_used_and_the_record_says_how_poor(hand: Hand) -> None:
    phone = hand.phone
    phone.stand(hand.at(FROM), 300)
    phone.go("/report")
    phone.shows("place-gate")
    phone.tap("place-use")
    expect(phone.at("place-gate")).to_have_count(0)
    phone.tap("hazard-masonry_washout")
    expect(phone.shows("camera-place")).to_contain_text("不准，可能差 300 米")
    phone.shoot()
    fields = hand.desk.record(phone.just_saved("received"))["body"]["fields"]
    assert fields["place"]["acc"] == 300


def test_of_several_seconds_the_surest_is_taken(hand: Hand) -> None:
    phone = hand.phone
    phone.go("/report")
    # However slow this machine is: by the phone’s clock both are heard at once.
    phone.page.clock.set_fixed_time(time.time() + 86_400)
    phone.stand(hand.at(FROM), 8)
    expect(phone.at("place")).to_contain_text("准到 8 米")
    phone.stand(hand.at(FROM + 2), 60)
    expect(phone.at("place")).to_contain_text("准到 8 米")
    expect(phone.at("place-gate")).to_have_count(0)


def test_where_the_phone_refuses_it_says_how_to_allow_it_and_goes_on_when_it_is(
    hand: Hand, keep: Keep
) -> None:
    phone = hand.phone
    phone.page.context.clear_permissions()
    phone.go("/report")
    expect(phone.at("place-sign").get_by_role("status")).to_have_text(NOT_HERE)
    phone.tap("place-help")
    sheet = phone.shows("place-help-sheet")
    expect(sheet.locator("p")).to_have_text(HOW)
    assert violations(phone.page) == []
    keep(phone.page, "how-to-allow")
    phone.page.keyboard.press("Escape")
    # By hand meanwhile.
    phone.tap("place-edit")
    phone.at("place-chainage").locator("input").fill("K5+200")
    phone.tap("place-keep")
    expect(phone.at("place-words")).to_contain_text("K5+200")
    phone.go("/duty")
    phone.tap("start-patrol")
    expect(phone.shows("patrol-page")).to_contain_text(NOT_ON_PATROL)
    keep(phone.page, "patrol-refused")
    phone.tap("checkpoint-normal")
    expect(phone.shows("recording")).to_have_attribute("data-recording", "refused")
    phone.page.context.grant_permissions(["geolocation", "camera"], origin=phone.url)
    phone.stand(hand.at(FROM))
    expect(phone.at("recording")).to_have_attribute("data-recording", "on")
    expect(phone.at("place-help")).to_have_count(0)
    _, adds = hand.end()
    assert [it["result"] for it in adds if it["type"] == "visit"] == ["normal"]
    assert [it for it in adds if it.get("blob")]


def test_without_a_fix_the_patrol_says_so_and_goes_on(hand: Hand, keep: Keep) -> None:
    phone = hand.phone
    lose(phone)
    phone.go("/report")
    expect(phone.at("place-sign").get_by_role("status")).to_have_text("还没取到位置，接着在找")
    phone.go("/duty")
    phone.tap("start-patrol")
    expect(phone.shows("patrol-page")).to_contain_text(NO_FIX)
    expect(phone.at("recording")).to_have_attribute("data-recording", "lost")
    keep(phone.page, "no-fix")
    phone.tap("checkpoint-normal")
    phone.stand(hand.at(FROM))
    expect(phone.at("recording")).to_have_attribute("data-recording", "on")
    expect(phone.page.get_by_text(NO_FIX)).to_have_count(0)
    _, adds = hand.end()
    assert [it["result"] for it in adds if it["type"] == "visit"] == ["normal"]


def test_a_fix_that_jumps_is_told_and_not_walked(hand: Hand, keep: Keep) -> None:
    phone = hand.phone
    phone.tap("start-patrol")
    expect(phone.shows("recording")).to_have_attribute("data-recording", "on")
    hand.walk(FROM, FROM + 44)
    before, covered = hand.metres(), phone.shows("patrol-ruler").inner_text()
    lon, lat = hand.at(FROM + 44)
    phone.stand((lon + KM_3, lat))
    expect(phone.shows("patrol-jump")).to_have_text(JUMPED)
    keep(phone.page, "jump")
    assert (hand.metres(), phone.shows("patrol-ruler").inner_text()) == (before, covered)
    # Back where it was, it goes on from there.
    hand.walk(FROM + 55, FROM + 66)
    assert before < hand.metres() < before + 60
    fields, adds = hand.end()
    assert before < int(str(fields["distance_m"])) < before + 60
    assert [it for it in adds if it.get("gap")] == []


def test_a_jump_that_stays_is_the_new_place_with_a_gap_between(hand: Hand) -> None:
    phone = hand.phone
    phone.tap("start-patrol")
    expect(phone.shows("recording")).to_have_attribute("data-recording", "on")
    hand.walk(FROM, FROM + 22)
    before = hand.metres()
    lon, lat = hand.at(FROM + 22)
    for step in range(4):
        phone.stand((lon + KM_3 + step * 0.0001, lat))
        phone.page.wait_for_timeout(STEP_MS)
    assert hand.metres() < before + 30
    fields, adds = hand.end()
    assert int(str(fields["distance_m"])) < before + 30
    assert [it["gap"] for it in adds if it.get("gap")] == ["no_fix"]
