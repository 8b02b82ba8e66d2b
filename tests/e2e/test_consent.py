"""Nobody's place is taken before he was asked; who refuses works by hand; what is on is seen and is
stopped; and what a phone holds about its person is his to take."""

import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.conftest import Keep
from tests.e2e.house import Desk, House, until
from tests.e2e.looks import LARGE, USUAL, violations
from tests.e2e.phone import Screen

ZONE = IDS.zone("Z03")
FIRST, SECOND = "李岸", "孙澜"
# Every question to the system, over all loads of a page, and what is being watched at this moment.
SPY = """
if (location.protocol.startsWith('http')) {
  const { watchPosition, clearWatch, getCurrentPosition } = Geolocation.prototype
  const count = () => { localStorage.asked = 1 + Number(localStorage.asked ?? 0) }
  globalThis.__watches = new Set()
  Geolocation.prototype.watchPosition = function (...args) {
    count()
    const id = watchPosition.apply(this, args)
    globalThis.__watches.add(id)
    return id
  }
  Geolocation.prototype.getCurrentPosition = function (...args) {
    count()
    return getCurrentPosition.apply(this, args)
  }
  Geolocation.prototype.clearWatch = function (id) {
    globalThis.__watches.delete(id)
    return clearWatch.call(this, id)
  }
}
"""


class Scene(NamedTuple):
    house: House
    phone: Screen
    desk: Desk
    admin: Desk


@pytest.fixture(scope="module")
def scene(new_house: Callable[..., House], new_screen: Callable[..., Screen]) -> Scene:
    """A phone whose person was never asked."""
    house = new_house()
    desk, admin = house.desk(), house.desk("admin")
    phone = new_screen(house.url)
    phone.page.add_init_script(SPY)
    fields = desk.record(ZONE)["body"]["fields"]
    phone.stand(on_bank(fields["line"], fields["chainage_start"], 5200, 5))
    phone.enrol(admin.code(FIRST), agrees=False)
    phone.shows("ledger-bar")
    phone.wait_ready()
    return Scene(house, phone, desk, admin)


def asked(phone: Screen) -> int:
    return int(phone.page.evaluate("() => localStorage.asked ?? 0"))


def watches(phone: Screen) -> int:
    return int(phone.page.evaluate("() => globalThis.__watches.size"))


def consents(desk: Desk, name: str) -> list[tuple[str, bool]]:
    """What the office has of it, the oldest first."""
    found = desk.get("/api/records", kind="consent")["records"]
    own = [it["body"] for it in found if it["body"]["author"] == IDS.member(name)]
    said = sorted(own, key=lambda body: int(body["fields"]["at"]))
    assert all(body["fields"]["version"] for body in said)
    return [(body["fields"]["purpose"], body["fields"]["given"]) for body in said]


def newest(desk: Desk, kind: str, name: str) -> Any:
    found = desk.get("/api/records", kind=kind)["records"]
    own = [it for it in found if it["body"]["author"] == IDS.member(name)]
    return max(own, key=lambda it: str(it["record"]))


def test_who_refuses_offline_patrols_without_a_place(scene: Scene, keep: Keep) -> None:
    _, phone, desk, _ = scene
    phone.page.context.set_offline(True)
    phone.go("/duty")
    phone.tap("start-patrol")
    phone.shows("consent-page")
    for words in ("轨迹", "不会自动删", "带班", "随时能改"):
        expect(phone.at("notice")).to_contain_text(words)
    assert asked(phone) == 0, "the system is not asked before the person is"
    no, yes = (phone.button(f"consent-{it}").bounding_box() for it in ("no", "yes"))
    assert no
    assert yes
    assert (no["width"], no["height"]) == (yes["width"], yes["height"])
    keep(phone.page, "asked")
    phone.tap("consent-no")
    phone.shows("patrol-page")
    expect(phone.at("patrol-page")).to_contain_text("没同意")
    keep(phone.page, "patrol-refused")
    phone.page.reload()
    phone.shows("patrol-page")
    phone.hold("patrol-end")
    phone.tap("checklist-open")
    phone.tap("patrol-go-on")
    phone.shows("patrol-page")
    assert asked(phone) == 0
    phone.page.context.set_offline(False)
    phone.go("/duty")
    phone.wait_sent()
    assert sorted(consents(desk, FIRST)) == [("place", False), ("track", False)]


def test_who_refuses_reports_with_a_place_by_hand(scene: Scene, keep: Keep) -> None:
    _, phone, desk, _ = scene
    phone.tab("上报")
    phone.shows("report-page")
    phone.shows("place-sign", state="refused")
    phone.tap("place-edit")
    sheet = phone.page.get_by_role("dialog")
    sheet.get_by_text("Z03").first.tap()
    sheet.locator("input").first.fill("K5+200")
    keep(phone.page, "place-by-hand")
    phone.tap("place-keep")
    phone.tap("hazard-piping")
    phone.shows("place-sign", state="refused")
    keep(phone.page, "camera-refused")
    phone.shoot()
    record = phone.just_saved("received")
    fields = desk.record(record)["body"]["fields"]
    assert (fields["place"]["source"], fields["chainage"]) == ("chainage", 5200)
    photo = newest(desk, "photo", FIRST)["body"]["fields"]
    assert photo["subject"] == record
    assert (photo.get("place") or {"source": "none"})["source"] == "none"
    phone.go("/map")
    phone.shows("place-sign", state="refused")
    assert asked(phone) == 0


def test_the_answer_is_shown_and_changed_under_me(scene: Scene, keep: Keep) -> None:
    _, phone, desk, _ = scene
    phone.go("/me")
    expect(phone.shows("me-location")).to_contain_text("没同意")
    phone.tap("me-location")
    assert phone.at("consent-history").get_by_text("不同意").count() == 2
    phone.tap("agree-place")
    expect(phone.at("answer-place").locator("[data-answer]")).to_have_attribute(
        "data-answer", "yes"
    )
    keep(phone.page, "my-location")
    expect(phone.at("consent-history").get_by_text("记录现场位置")).to_have_count(2)
    phone.page.reload()
    expect(phone.at("answer-place").locator("[data-answer]")).to_have_attribute(
        "data-answer", "yes"
    )
    phone.wait_sent()
    assert consents(desk, FIRST)[-1] == ("place", True)
    phone.go("/me")
    expect(phone.shows("me-location")).to_contain_text("只在上报时记")


def test_what_is_on_is_seen_and_stopped_and_ends_with_its_page(scene: Scene, keep: Keep) -> None:
    """A patrol runs, whose walker agreed to no track: what a page is told is no track either."""
    _, phone, _, _ = scene
    for tab, page in (("上报", "report-page"), ("地图", "map-page")):
        phone.go("/duty")
        assert watches(phone) == 0
        phone.tab(tab)
        phone.shows(page)
        phone.shows("place-sign", state="on")
        assert watches(phone) == 1
        keep(phone.page, f"on-{page}")
        phone.tap("place-stop")
        phone.shows("place-sign", state="stopped")
        assert watches(phone) == 0
        keep(phone.page, f"stopped-{page}")
        phone.tap("place-go-on")
        phone.shows("place-sign", state="on")
        assert watches(phone) == 1
        phone.page.go_back()
        phone.shows("duty-page")
        assert watches(phone) == 0, f"{page} is left, and its watch goes on"
    phone.tab("上报")
    expect(phone.shows("place-words")).to_contain_text("K5+")
    phone.tap("place-stop")
    phone.tap("hazard-crack")
    phone.shows("place-sign", state="stopped")
    assert watches(phone) == 0, "stopped for this report, not for this page only"
    keep(phone.page, "camera-stopped")
    phone.tap("place-go-on")
    phone.shows("place-sign", state="on")
    keep(phone.page, "camera-on")
    phone.tap("camera-leave")
    phone.shows("report-page")
    phone.go("/patrol")
    expect(phone.shows("patrol-page")).to_contain_text("没同意")
    assert watches(phone) == 0


def test_taken_back_in_the_middle_of_a_patrol_it_ends_at_once(scene: Scene) -> None:
    phone = scene.phone
    phone.go("/consent")
    phone.tap("agree-track")
    until(lambda: watches(phone) == 1, "the patrol that runs is recorded from now on")
    phone.tap("refuse-track")
    until(lambda: watches(phone) == 0, "and no more")
    phone.tap("agree-track")
    until(lambda: watches(phone) == 1, "again")
    phone.go("/patrol")
    phone.hold("patrol-end")
    phone.tap("all-ok")
    phone.tap("patrol-submit")
    phone.just_saved("received")
    assert watches(phone) == 0, "it ends with its patrol"
    phone.go("/duty")
    phone.wait_sent()
    # Once answered, it is one tap.
    phone.tap("start-patrol")
    phone.shows("patrol-page")
    expect(phone.at("consent-page")).to_have_count(0)


def test_another_person_on_the_phone_is_asked_himself(scene: Scene) -> None:
    _, phone, desk, admin = scene
    phone.go("/people")
    phone.tap("add-person")
    phone.tap("switch-anyway")
    for digit in admin.code(SECOND):
        phone.at("enrol-keypad").get_by_role("button", name=digit, exact=True).tap()
    phone.shows("enrol-done")
    phone.tap("enrol-start")
    phone.shows("ledger-bar")
    assert watches(phone) == 0, "the patrol of the other one stands still"
    before = asked(phone)
    phone.go("/report")
    phone.shows("consent-page")
    assert asked(phone) == before
    phone.tap("consent-yes")
    phone.shows("report-page")
    phone.shows("place-sign", state="on")
    phone.wait_sent()
    assert sorted(consents(desk, SECOND)) == [("place", True), ("track", True)]


def test_what_the_phone_holds_is_taken_offline_as_one_file(
    scene: Scene, tmp_path: Path, keep: Keep
) -> None:
    _, phone, _, _ = scene
    phone.go("/report")
    phone.page.context.set_offline(True)
    phone.tap("hazard-breach")
    phone.shoot()
    record = phone.just_saved("saved_local")
    phone.tab("我的")
    phone.tap("me-data")
    expect(phone.shows("mine-lines")).not_to_have_attribute("data-n", "0")
    expect(phone.at("mine-photos")).to_have_attribute("data-n", "1")
    expect(phone.at("mine-consents")).to_have_attribute("data-n", "2")
    expect(phone.at("mine-only-here")).to_contain_text("1 条")
    keep(phone.page, "my-data")
    with phone.page.expect_download() as told:
        phone.tap("mine-save")
    keep(phone.page, "my-data-saved")
    assert told.value.suggested_filename.endswith(".zip")
    path = tmp_path / "mine.zip"
    told.value.save_as(path)
    phone.page.context.set_offline(False)

    stored = phone.stored()
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        held = {it["id"]: it for it in json.loads(packed.read("records.json"))}
        assert held[record]["fields"]["types"] == ["breach"]
        said = json.loads(packed.read("consents.json"))
        assert {it["fields"]["purpose"] for it in said} == {"track", "place"}
        assert all(it["author"] == IDS.member(SECOND) for it in said), "nobody else's"
        (photo,) = [name for name in names if name.startswith("photos/")]
        assert sha256(packed.read(photo)).hexdigest() in photo
        assert packed.read(photo)[:2] == b"\xff\xd8", "a JPEG"
        for line in json.loads(packed.read("lines.json")):
            bytes_ = packed.read(f"lines/{line['device']}-{line['n']:06d}.json")
            kept = next(it for it in stored["lines"] if it["id"] == line["id"])
            assert json.loads(bytes_) == kept["entry"]
    phone.wait_sent()


def test_the_pages_are_for_everybody(scene: Scene, keep: Keep) -> None:
    phone = scene.phone
    told: list[str] = []

    def look(name: str) -> None:
        keep(phone.page, name)
        told.extend(f"{name}: {it}" for it in violations(phone.page))

    for large in (False, True):
        if large:
            phone.page.set_viewport_size({"width": 360, "height": 640})
        for path in ("consent", "consent?to=/report", "my-data", "report", "map"):
            phone.go(f"/{path}")
            phone.shows("ledger-bar")
            if path == "my-data":
                phone.shows("mine-lines")
            phone.page.evaluate(LARGE if large else USUAL)
            wide = phone.page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= (360 if large else 390), f"{path} is {wide} px wide"
            if "?" in path:
                expect(phone.button("consent-yes")).to_be_in_viewport(ratio=0.9)
                expect(phone.button("consent-no")).to_be_in_viewport(ratio=0.9)
            look(f"{'large-' if large else ''}{path.split('?')[0]}{'-asks' * ('?' in path)}")
    assert not told, "\n".join(told)
