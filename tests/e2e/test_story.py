"""The story: a patrol without signal, ten sudden deaths of the browser, and the office gets it all.

Everything is done through the screens. `SEED=7` draws other points of death.
"""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e import kills
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
from tests.e2e.house import Desk, House
from tests.e2e.kills import Kill
from tests.e2e.phone import Phone, Position
from tests.support.proxy import Proxy

SEED = int(os.environ.get("SEED", "20261122"))
IDLE_S = 30
OFFICE_MS = 3000
LONG_SIDE = 1600
# Slower than a phone may be thought to move, further than two fixes must lie apart.
STEP_M, STEP_MS = 11, 620


class Levee:
    """Places along a zone's line, as the server knows it."""

    def __init__(self, desk: Desk, code: str) -> None:
        zones = desk.get("/api/records", kind="zone")["records"]
        (fields,) = [it["body"]["fields"] for it in zones if it["record"] == IDS.zone(code)]
        self.line = [(lon, lat) for lon, lat in fields["line"]]
        self.start = fields["chainage_start"]

    def at(self, chainage: float) -> Position:
        lon, lat = on_bank(self.line, self.start, chainage, 5)
        return round(lon, 7), round(lat, 7)


def test_the_story(
    new_house: Callable[..., House],
    new_cable: Callable[[House], Proxy],
    new_phone: Callable[[str], Phone],
    new_desk: Callable[..., BrowserContext],
    keep: Keep,
) -> None:
    house = new_house()
    cable = new_cable(house)
    desk = house.desk()
    levee = Levee(desk, "Z03")
    phone = new_phone(f"http://localhost:{cable.port}")
    office = Office(new_desk(), house.url)
    began = time.monotonic()

    def told(words: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {words}", flush=True)

    # The phone joins, loses the network, and is opened again without any.
    join(phone, house, keep)
    office.sign_in()
    keep(office.page, "office-before")
    told("joined")
    cable.cut()
    phone.close()
    phone.open()
    phone.stand(levee.at(4205))
    phone.go("/")
    phone.shows("zone-card")
    expect(phone.at("ledger-bar").first).to_have_attribute("data-state", "offline")
    keep(phone.page, "reopened-offline")
    told("reopened offline")
    quiet_since = office.settle()

    # A patrol, a job with its two photos, a hazard.
    patrol(phone, levee, keep)
    told("patrolled")
    said: dict[str, str] = {}
    shutters: list[Shutter] = []
    work = desilt(phone, levee.at(4722), shutters, keep)
    said[work] = "work"
    hazard = wash_out(phone, levee.at(4724), shutters, keep)
    said[hazard] = "hazard"
    told("worked and reported")

    # Ten deaths.
    plan = kills.draw(SEED)
    print(f"seed {SEED}: {', '.join(f'{kill.kind} at {kill.point}' for kill in plan)}")
    assert {kill.point for kill in plan} == set(kills.POINTS)
    for number, kill in enumerate(plan, 1):
        said |= die_and_rise(phone, levee, kill, said)
        told(f"killed {number}: {kill.kind} at {kill.point}")
    keep(phone.page, "after-ten-kills")
    end_patrol(phone, keep)
    states = phone.records()
    assert all(states[record] == "saved_local" for record in said)
    keep(phone.page, "all-on-this-phone")
    stored = phone.stored()
    assert len(stored["photos"]) == len(stored["drafts"]) == 0
    check_shutters(stored, shutters)

    # Meanwhile the office asked for nothing.
    office.page.wait_for_timeout(max(0, IDLE_S - (time.monotonic() - quiet_since)) * 1000)
    asked = [moment for moment in office.asked if moment > quiet_since]
    assert not asked, f"{len(asked)} requests in {time.monotonic() - quiet_since:.0f} idle seconds"
    told("the office was idle")

    # The network is back: every line and every photo gets its receipt.
    cable.restore()
    phone.send_now()
    phone.wait_sent()
    keep(phone.page, "received")
    states = phone.records()
    assert {states[record] for record in said} == {"received"}
    all_delivered(desk, stored)
    told("everything received")

    # The office sees it: the same bytes, the stamp in the picture.
    for record in said:
        expect(office.row(record)).to_be_visible(timeout=20_000)
    office.open(work)
    expect(office.at("photo-2").locator("img")).to_be_visible(timeout=20_000)
    keep(office.page, "office-work")
    check_photos(desk, stored)
    told("photos compared")

    # It returns one, pointing at a field; the phone opens there, and version 2 is approved.
    told_why = "长度和照片对不上，请再量一次。"
    office.send_back("length_m", told_why, lambda: keep(office.page, "office-returning"))
    expect(office.row(work)).to_have_count(0)
    fix(phone, work, keep)
    expect(office.row(work)).to_be_visible(timeout=20_000)
    office.open(work)
    expect(office.at("record-version")).to_have_text("第 2 版", timeout=20_000)
    keep(office.page, "office-version-2")
    office.press("approve")
    office.decided()
    phone.go("/records")
    phone.at("records-tabs").get_by_text("全部").tap()
    approved = phone.shows("record-row", record=work)
    expect(approved).to_contain_text("已通过", timeout=20_000)
    keep(phone.page, "approved")
    told("returned, fixed, approved")

    # What is new now stands on the desk three seconds after its receipt.
    fresh = report(phone, "breach")
    expect(phone.at("saved-state")).to_have_attribute("data-state", "received", timeout=30_000)
    expect(office.row(fresh)).to_be_visible(timeout=20_000)
    seen = time.time_ns() // 1_000_000
    first = desk.history(fresh)["lines"][0]["receipts"][0]["at"]
    assert seen - first <= OFFICE_MS, f"on the desk {seen - first} ms after its receipt"
    keep(office.page, "office-new")
    told(f"on the desk {seen - first} ms after its receipt")

    verify(house)
    told("the ledger is whole")


# ---- the phone -----------------------------------------------------------------------------------


def join(phone: Phone, house: House, keep: Keep) -> None:
    phone.go("/")
    phone.shows("enrol-page")
    keep(phone.page, "enrol")
    phone.enrol(house.printed_code())
    phone.shows("zone-card")
    keep(phone.page, "home")
    phone.wait_ready()


def patrol(phone: Phone, levee: Levee, keep: Keep) -> None:
    phone.tap("start-patrol")
    phone.shows("patrol-page")
    walk_to(phone, levee, 4240)
    expect(phone.at("recording")).to_have_attribute("data-recording", "on")
    expect(phone.at("patrol-place")).to_contain_text("K4+240")
    expect(phone.at("checkpoint")).to_have_attribute("data-checkpoint", IDS.checkpoint("Z03", 1))
    phone.tap("checkpoint-normal")
    expect(phone.at("undo-bar")).to_be_visible()
    keep(phone.page, "patrol")
    # By boat to the next one: a gap of the track, not a way that somebody walked.
    walk_to(phone, levee, 4720)
    expect(phone.at("checkpoint-distance")).to_have_text("到了")
    expect(phone.at("checkpoint")).to_have_attribute("data-checkpoint", IDS.checkpoint("Z03", 2))
    phone.tap("checkpoint-normal")
    expect(phone.at("patrol-page")).to_contain_text("2/8")
    keep(phone.page, "patrol-two-points")


def walk_to(phone: Phone, levee: Levee, chainage: float) -> None:
    for step in range(3, -1, -1):
        phone.stand(levee.at(max(levee.start, chainage - STEP_M * step)))
        phone.page.wait_for_timeout(STEP_MS)


class Shutter:
    """What was true when a photo was taken."""

    def __init__(self, phone: Phone) -> None:
        self.place = phone.place
        self.at = phone.passed("shutter")[-1]


def desilt(phone: Phone, place: Position, shutters: list[Shutter], keep: Keep) -> str:
    phone.stand(place)
    phone.tab("上报")
    phone.at("report-kind").get_by_text("作业").tap()
    keep(phone.page, "report-work")
    phone.tap("work-canal_desilt")
    kills.measure(phone)
    for slot in ("before", "after"):
        kills.take(phone, slot)
        shutters.append(Shutter(phone))
    keep(phone.page, "desilting")
    phone.tap("submit")
    record = phone.just_saved("saved_local")
    expect(phone.at("saved-state")).to_contain_text("已存本机")
    keep(phone.page, "desilting-saved")
    return record


def wash_out(phone: Phone, place: Position, shutters: list[Shutter], keep: Keep) -> str:
    phone.stand(place, heading=215)
    phone.tab("上报")
    keep(phone.page, "report")
    phone.tap("hazard-masonry_washout")
    expect(phone.at("camera-place")).to_contain_text("朝")
    keep(phone.page, "camera")
    phone.shoot()
    record = phone.just_saved("saved_local")
    shutters.append(Shutter(phone))
    keep(phone.page, "hazard-saved")
    return record


def report(phone: Phone, type: str) -> str:
    phone.tab("上报")
    phone.tap(f"hazard-{type}")
    phone.shoot()
    page = phone.shows("saved-page")
    return page.get_attribute("data-record") or ""


def die_and_rise(phone: Phone, levee: Levee, kill: Kill, said: dict[str, str]) -> dict[str, str]:
    """Answers the record that came of it, and how it was said to be saved."""
    known = len(phone.stored()["lines"])
    typed = kills.lead_to(phone, kill)
    before = phone.stored()
    phone.kill()

    phone.open()
    phone.stand(levee.at(4724))
    states = phone.records()
    kills.same(before, phone.stored())
    assert {record for record in said if states.get(record) == "saved_local"} == set(said)
    if kill.point == "after_line":
        # The line was on the disk, and so it is a record now, though nobody had been told.
        (new,) = [line for line in before["lines"] if line["n"] > known]
        record = new["entry"]["ops"][0]["record"]
        assert states[record] == "saved_local"
        assert not before["drafts"]
        phone.go("/")
        return {record: kill.kind}
    (draft,) = before["drafts"]
    assert len(before["lines"]) == known
    phone.tap("draft-row", draft=draft["id"])
    phone.shows("draft-page", kind=kill.kind)
    expect(phone.at("draft-photo")).to_have_count(len(before["photos"]))
    for field, value in typed.items():
        expect(phone.at(f"field-{field}")).to_contain_text(value)
    return {kills.finish(phone, kill.kind): kill.kind}


def end_patrol(phone: Phone, keep: Keep) -> None:
    """It went on through all of it."""
    phone.go("/")
    phone.tap("resume-patrol")
    expect(phone.at("patrol-page")).to_contain_text("2/8")
    phone.hold("patrol-end")
    phone.shows("patrol-end-page")
    keep(phone.page, "patrol-end")
    phone.tap("patrol-submit")
    phone.just_saved("saved_local")
    keep(phone.page, "patrol-saved")


def fix(phone: Phone, record: str, keep: Keep) -> None:
    phone.tab("任务")
    row = phone.shows("todo-returned", record=record)
    expect(phone.at("tasks-page")).to_contain_text("退回补正")
    expect(row).to_contain_text("长度和照片对不上")
    keep(phone.page, "returned")
    row.tap()
    phone.shows("marked-field", field="length_m")
    keep(phone.page, "fix")
    pad = phone.at("fix-keypad")
    phone.keys(pad, "15")
    pad.get_by_role("button", name="完成").tap()
    phone.tap("fix-submit")
    phone.just_saved("received")
    keep(phone.page, "fixed")


# ---- what was kept -------------------------------------------------------------------------------


def check_shutters(stored: Any, shutters: list[Shutter]) -> None:
    """Place and time in the lines are those of the shutter, not of the form or the upload."""
    photos = [
        op["set"]
        for line in stored["lines"]
        for op in line["entry"]["ops"]
        if op["kind"] == "photo"
    ]
    assert len(photos) >= len(shutters) + kills.KILLS
    for photo, shutter in zip(photos, shutters, strict=False):
        assert 0 <= photo["taken"] - shutter.at <= 100
        assert (photo["place"]["lon"], photo["place"]["lat"]) == shutter.place
        assert photo["place"]["acc"] == 6
        assert photo["place"]["source"] == "gps"
    assert photos[2]["heading"] == 215


def all_delivered(desk: Desk, stored: Any) -> None:
    device = stored["lines"][0]["entry"]["device"]
    (told,) = [it for it in desk.get("/api/devices")["devices"] if it["device"] == device]
    assert told["delivered"] == len(stored["lines"])
    assert told["missing"] == 0
    for line in stored["lines"]:
        history = desk.history(line["entry"]["ops"][0]["record"])
        (found,) = [it for it in history["lines"] if it["entry"]["id"] == line["id"]]
        assert found["receipts"][-1]["verdict"] == "applied"


def check_photos(desk: Desk, stored: Any) -> None:
    """`Desk.blob` compares bytes and name; the phone's own bytes were hashed on the phone."""
    types = {}
    for line in stored["lines"]:
        for op in line["entry"]["ops"]:
            if op["kind"] == "photo":
                types[op["set"]["sha256"]] = op["set"]
    names = {blob["name"] for blob in stored["blobs"]}
    assert set(types) <= names
    for blob in stored["blobs"]:
        assert blob["sha256"] == blob["name"]
        data = desk.blob(blob["name"])
        assert len(data) == blob["size"]
        if blob["name"] in types:
            check_picture(data, types[blob["name"]])


def check_picture(data: bytes, photo: Any) -> None:
    stored = Image.open(io.BytesIO(data))
    assert stored.format == "JPEG"
    picture = stored.convert("L")
    assert max(picture.size) <= LONG_SIDE
    assert picture.size == (photo["width"], photo["height"])
    width, height = picture.size
    strip = shares(picture.crop((0, height - 150, width, height)))
    above = shares(picture.crop((0, height - 450, width, height - 300)))
    assert strip.dark > 0.6, strip
    assert 0.02 < strip.light < 0.35, strip
    assert above.dark < 0.2, above


class Shares:
    def __init__(self, dark: float, light: float) -> None:
        self.dark, self.light = dark, light

    def __repr__(self) -> str:
        return f"dark {self.dark:.2f}, light {self.light:.2f}"


def shares(part: Image.Image) -> Shares:
    counts = part.histogram()
    total = part.width * part.height
    return Shares(sum(counts[:95]) / total, sum(counts[215:]) / total)


def verify(house: House) -> None:
    command = [sys.executable, "-m", "hushui", "verify", "--data", str(house.data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
