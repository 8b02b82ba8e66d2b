"""Own tools, three works, one day: a drought at 新塘, through the forms of a member's phone."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

from hushui.demo.xintang import CODE, IDS
from hushui.kinds import KINDS
from tests.e2e import kills
from tests.e2e.filling import Form
from tests.e2e.house import Desk, House
from tests.e2e.phone import Screen

MEMBER, WATCHER = "唐埂", "肖田"
TOOLS = [
    {"name": "铁锹", "count": 2, "owner": "personal"},
    {"name": "洋镐", "count": 1, "owner": "personal"},
]
DESILTED = {
    "work_kind": "canal_desilt",
    "length_m": 320,
    "width_m": 1.2,
    "depth_m": 0.3,
    "tools": TOOLS,
}
WEEDED = {"work_kind": "canal_weed", "area_m2": 640, "tools": TOOLS}
CLEARED = {
    "work_kind": "line_clear",
    "kv": "10",
    "trees": 9,
    "clearance_before_m": 1.1,
    "clearance_after_m": 3.4,
    "outage_permit": True,
    "voltage_tested": True,
    "earthed": True,
    "watcher_named": True,
    "felling_set": True,
    "road_guarded": True,
    "tools": TOOLS,
}
NAMED = {"permit_no": "XT-2026-021", "watcher": IDS.member(WATCHER)}


class Scene(NamedTuple):
    phone: Screen
    desk: Desk


@pytest.fixture(scope="module")
def scene(new_house: Callable[..., House], new_hand: Callable[..., Screen]) -> Scene:
    house = new_house()
    phone = new_hand(house, MEMBER, org=CODE, zone="Z01", at=1200)
    return Scene(phone, house.desk("tanbeng", CODE))


def test_three_works_of_one_day(scene: Scene) -> None:
    phone, desk = scene
    (response,) = desk.get("/api/records", kind="response")["records"]
    assert response["body"]["fields"]["level"] == "response_iii"
    assert response["body"]["fields"].get("to") is None
    before = figures(desk)

    form = begin(phone, "canal_desilt")
    form.bring_to(DESILTED | {"volume_m3": 250})
    doubt = phone.shows("volume-doubt")
    expect(doubt).to_contain_text("115.2")
    phone.tap("submit")
    expect(phone.shows("stops")).to_contain_text("方量先核对一下")
    form.bring_to(DESILTED | {"volume_m3": 118})
    expect(doubt).to_have_count(0)
    expect(phone.shows("volume-agrees")).to_contain_text("115.2")
    desilted = hand_in(form)

    form = begin(phone, "canal_weed")
    form.bring_to(WEEDED)
    weeded = hand_in(form)

    form = begin(phone, "line_clear")
    form.bring_to(CLEARED)
    phone.tap("submit")
    expect(phone.shows("stops")).to_contain_text("“工作票号”没填；“监护人”没填")
    form.bring_to(CLEARED | {"permit_no": NAMED["permit_no"]})
    phone.tap("submit")
    expect(phone.shows("stops")).to_contain_text("还不能交：“监护人”没填")
    form.bring_to(CLEARED | NAMED)
    cleared = hand_in(form)

    held_at_the_office(desk, desilted, DESILTED | {"volume_m3": 118})
    held_at_the_office(desk, weeded, WEEDED)
    held_at_the_office(desk, cleared, CLEARED | NAMED)
    # One member, one task, one day is one person-time.
    assert more(before, figures(desk)) == {
        "work": 3,
        "work_people": 3,
        "work_canal_desilt": 1,
        "work_canal_desilt_people": 1,
        "work_canal_desilt_volume_m3": 118,
        "work_canal_weed": 1,
        "work_canal_weed_people": 1,
        "work_canal_weed_area_m2": 640,
        "work_line_clear": 1,
        "work_line_clear_people": 1,
        "work_line_clear_trees": 9,
    }


def test_who_says_that_it_is_right_is_believed_and_the_office_is_told(scene: Scene) -> None:
    phone, desk = scene
    form = begin(phone, "canal_desilt")
    form.bring_to(DESILTED | {"volume_m3": 250})
    phone.tap("volume-sure")
    expect(phone.at("volume-doubt")).to_have_count(0)
    record = desk.record(hand_in(form))["body"]
    assert record["fields"]["volume_m3"] == 250
    assert record["flags"] == ["volume_mismatch"]


def begin(phone: Screen, code: str) -> Form:
    if phone.at("saved-home").count():
        phone.tap("saved-home")
    phone.tab("上报")
    phone.at("report-kind").get_by_text("作业").tap()
    phone.tap(f"work-{code}")
    expect(phone.at("draft-page").get_by_test_id("place-edit")).to_be_visible()
    names = {IDS.member(WATCHER): WATCHER}
    return Form(phone, KINDS["work"], {"work_kind": code}, names)


def hand_in(form: Form) -> str:
    for slot in ("before", "after"):
        kills.take(form.screen, slot)
    form.screen.tap("submit")
    return form.screen.just_saved("received")


def held_at_the_office(desk: Desk, record: str, wanted: dict[str, Any]) -> None:
    body = desk.record(record)["body"]
    place = ("zone", "place", "chainage", "bank")
    fields = {name: it for name, it in body["fields"].items() if it is not None}
    assert fields["zone"] == IDS.zone("Z01")
    assert {name: it for name, it in fields.items() if name not in place} == wanted
    assert body["author"] == IDS.member(MEMBER)
    assert body["flags"] == []


def figures(desk: Desk) -> dict[str, float]:
    """Today's; the demo has works of its own."""
    return {it["id"]: it["value"] or 0 for it in desk.get("/api/figures")["totals"]}


def more(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    grown = {name: after[name] - before[name] for name in after}
    return {name: it for name, it in grown.items() if it}
