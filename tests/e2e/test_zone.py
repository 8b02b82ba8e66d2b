"""A zone changes hands on the leader's phone, without signal; three phones and the server agree."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from tests.e2e.conftest import Keep
from tests.e2e.house import House
from tests.e2e.phone import CACHED, Screen
from tests.support.proxy import Proxy

ZONE = IDS.zone("Z03")
ZHAO = IDS.member("赵渠")
MINUTE = 60_000


def test_a_zone_changes_hands_without_signal(
    new_house: Callable[..., House],
    new_cable: Callable[[House], Proxy],
    new_hand: Callable[..., Screen],
    keep: Keep,
) -> None:
    house = new_house(clock=True)

    def hand(name: str, first: str = "zone-card") -> tuple[Screen, Proxy]:
        cable = new_cable(house)
        url = f"http://localhost:{cable.port}"
        return new_hand(house, name, url=url, first=first), cable

    leader, leader_cable = hand("李岸", "dispatch-zone")
    zhang, zhang_cable = hand("张河")
    zhao, _ = hand("赵渠", "dispatch-zone")

    # Three records of the zone: the leader's, 张河's, and one that is only on his phone.
    of_leader = report(leader, "piping", "received")
    of_zhang = report(zhang, "breach", "received")
    shows_record(zhang, of_leader)
    has_no_record(zhao, of_zhang)
    zhang_cable.cut()
    unsent = report(zhang, "masonry_washout", "saved_local")
    keep(zhang.page, "zhang-unsent")

    # The leader has no signal either, and gives the zone away.
    leader_cable.cut()
    leader.go("/dispatch")
    leader.tap("dispatch-zone", zone=ZONE)
    leader.shows("zones-page")
    expect(leader.button("zone-chip", zone=ZONE)).to_have_attribute("aria-pressed", "true")
    leader.tap("person", person=ZHAO)
    expect(leader.at("grant-replace")).to_contain_text("张河")
    keep(leader.page, "giving")
    leader.tap("zones-give")
    row = leader.shows("dispatch-zone", zone=ZONE)
    expect(row).to_contain_text("赵渠")
    expect(row).to_contain_text("待发出")
    keep(leader.page, "given-not-sent")
    zhao.go("/duty")
    expect(zhao.shows("duty-page")).not_to_contain_text("Z03")

    # With signal the new holder gains the zone.
    leader_cable.restore()
    leader.go("/records")
    leader.send_now()
    leader.wait_sent()
    zhao.go("/duty")
    zhao.shows("zone-card", zone=ZONE)
    shows_record(zhao, of_zhang)
    shows_record(zhao, of_leader)
    keep(zhao.page, "zhao-sees-it")

    # The old one loses it: hidden at once, his own work stays, and what he had not sent arrives.
    zhang_cable.restore()
    zhang.go("/records")
    zhang.send_now()
    zhang.wait_sent()
    zhang.go("/")
    zhang.shows("no-zone")
    expect(zhang.at("zone-card")).to_have_count(0)
    keep(zhang.page, "zhang-lost-it")
    has_no_record(zhang, of_leader)
    mine = zhang.records()
    assert mine[of_zhang] == mine[unsent] == "received"
    keep(zhang.page, "zhang-keeps-his")
    receipt = house.desk().history(unsent)["lines"][0]["receipts"][-1]
    assert receipt["verdict"] == "applied"
    shows_record(zhao, unsent)

    # Hidden is not deleted: that is for the second hello, ten minutes of the server's later.
    assert of_leader in members(zhang)
    zhang.go("/")
    zhang.wait_sent()
    assert of_leader in members(zhang)
    house.move_clock(11 * MINUTE)
    zhang.go("/")
    zhang.page.wait_for_function(
        f"async (scope) => !(await ({CACHED})('members')).some((it) => it.scope === scope)",
        arg=SCOPE,
    )
    mine = zhang.records()
    assert {of_zhang, unsent} <= set(mine)
    shows_record(zhang, of_zhang)


SCOPE = f"zone:{ZONE}"


def members(phone: Screen) -> Any:
    held = phone.page.evaluate(CACHED, "members")
    return [member["record"] for member in held if member["scope"] == SCOPE]


def report(phone: Screen, type: str, state: str) -> str:
    phone.go("/report")
    phone.tap(f"hazard-{type}")
    phone.shoot()
    return phone.just_saved(state)


def shows_record(phone: Screen, record: str) -> None:
    phone.go(f"/records/{record}")
    phone.shows("record-state")


def has_no_record(phone: Screen, record: str) -> None:
    phone.go(f"/records/{record}")
    expect(phone.shows("record-page")).to_contain_text("这部手机上没有这一条")
    expect(phone.at("record-state")).to_have_count(0)
