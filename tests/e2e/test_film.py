"""A short video: recorded without signal, kept through a sudden death, and played at the desk."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import FilePayload, expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
from tests.e2e.house import Desk, House
from tests.e2e.phone import Phone, Screen
from tests.support.proxy import Proxy

SECONDS_MAX = 30
BYTES_MAX = 20 * 1024 * 1024
PIECES = """
(count) => globalThis.__points.filter(([name]) => name === 'film_piece').length >= count
"""
PUT_AWAY = """
() => {
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
  delete document.visibilityState
}
"""
PLAYED = """
() => {
  const film = document.querySelector('[data-testid=film]')
  return film !== null && film.currentTime > 0.3 && !film.paused
}
"""


class Stage(NamedTuple):
    phone: Phone
    cable: Proxy
    house: House
    desk: Desk


@pytest.fixture(scope="module")
def stage(
    new_house: Callable[..., House],
    new_cable: Callable[[House], Proxy],
    new_phone: Callable[[str], Phone],
) -> Stage:
    house = new_house()
    cable = new_cable(house)
    desk = house.desk("admin")
    phone = new_phone(f"http://localhost:{cable.port}")
    stand(phone, desk)
    phone.enrol(desk.code("张河"))
    phone.shows("zone-card")
    phone.wait_ready()
    return Stage(phone, cable, house, house.desk())


def stand(phone: Screen, desk: Desk) -> None:
    fields = desk.record(IDS.zone("Z03"))["body"]["fields"]
    phone.stand(on_bank(fields["line"], fields["chainage_start"], 5200, 5))


def to_camera(phone: Screen, tile: str, way: str = "") -> None:
    phone.step_aside()
    phone.go(f"/report{way}")
    phone.tap(tile)
    phone.shows("camera-page")
    phone.tap("mode-video")
    expect(phone.at("record")).not_to_have_attribute("aria-disabled", "true", timeout=20_000)


def film(phone: Screen, pieces: int = 2) -> None:
    """Until so many pieces of it are on the disk."""
    before = len(phone.passed("film_piece"))
    phone.tap("record")
    phone.page.wait_for_function(PIECES, arg=before + pieces, timeout=40_000)


def videos(desk: Desk, record: str) -> list[Any]:
    photos = desk.record(record)["photos"]
    return [it for it in photos if it["fields"].get("media") == "video"]


def test_a_video_outlives_the_page_and_is_played_at_the_desk(
    stage: Stage, new_office: Callable[..., Office], keep: Keep
) -> None:
    phone, cable, house, desk = stage
    cable.cut()
    to_camera(phone, "hazard-breach")
    keep(phone.page, "ready")
    film(phone, pieces=3)
    expect(phone.shows("film-left")).to_contain_text("剩")
    expect(phone.at("film-controls")).to_have_attribute("data-filming", "true")
    keep(phone.page, "recording")
    phone.kill()

    phone.open()
    stand(phone, house.desk("admin"))
    phone.go("/report")
    left = phone.stored()
    assert len([it for it in left["photos"] if it["draft"].startswith("film:")]) >= 3
    phone.tap("draft-continue")
    tile = phone.shows("draft-photo")
    expect(tile).to_contain_text("视频")
    keep(phone.page, "restored")
    tile.get_by_role("button").first.tap()
    expect(phone.shows("film")).to_have_js_property("error", None)
    phone.page.get_by_role("dialog").get_by_role("button", name="关上").last.tap()

    held = phone.stored()
    [photo] = held["photos"]
    assert photo["about"]["media"] == "video"
    assert 2 <= photo["about"]["seconds"] <= SECONDS_MAX
    pieces = {it["sha256"] for it in left["photos"]}
    assert not pieces & {it["name"] for it in held["blobs"]}, "its pieces were left over"
    phone.tap("submit")
    record = phone.just_saved("saved_local")
    expect(phone.shows("ledger-bar")).to_contain_text("视频")
    keep(phone.page, "saved")

    cable.restore()
    phone.send_now()
    phone.wait_sent(120)
    [sent] = videos(desk, record)
    assert sent["sha256"] == photo["sha256"]
    bytes_ = desk.blob(sent["sha256"])
    assert len(bytes_) == photo["about"]["size"] == sent["fields"]["size"]
    assert sent["fields"]["place"]["source"] == "gps"
    answer = desk.http.get(f"/api/blobs/{sent['sha256']}", headers={"Range": "bytes=100-199"})
    assert (answer.status_code, answer.content) == (206, bytes_[100:200])
    assert answer.headers["content-type"] in ("video/mp4", "video/webm")

    office = new_office(house)
    office.go(f"records/{record}")
    expect(office.at("photo-1")).to_contain_text("视频", timeout=20_000)
    keep(office.page, "desk-record")
    office.page.keyboard.press("p")
    expect(office.at("photo-zoom")).to_be_visible()
    expect(office.at("photo-check")).to_contain_text("一致", timeout=20_000)
    office.page.keyboard.press(" ")
    office.page.wait_for_function(PLAYED)
    office.page.keyboard.press(" ")
    expect(office.at("film")).to_have_js_property("paused", True)
    keep(office.page, "desk-plays")
    office.go(f"records/{record}/evidence")
    expect(office.at("film")).to_be_visible(timeout=20_000)
    keep(office.page, "evidence")


def test_it_stops_by_itself_after_thirty_seconds(stage: Stage) -> None:
    phone, cable, _, desk = stage
    cable.cut()
    to_camera(phone, "hazard-breach")
    phone.tap("record")
    # Nobody presses anything: the report goes out with it.
    page = phone.at("saved-page")
    expect(page).to_be_visible(timeout=60_000)
    record = page.get_attribute("data-record") or ""
    cable.restore()
    phone.send_now()
    phone.wait_sent(120)
    [sent] = videos(desk, record)
    assert 29 <= sent["fields"]["seconds"] <= SECONDS_MAX
    assert sent["fields"]["size"] <= BYTES_MAX


def test_a_page_put_away_keeps_what_was_recorded(stage: Stage) -> None:
    phone, _, _, desk = stage
    to_camera(phone, "event-floating", "?kind=event")
    film(phone)
    phone.page.evaluate(PUT_AWAY)
    phone.shows("draft-photo")
    phone.tap("submit")
    record = phone.just_saved("received")
    [sent] = videos(desk, record)
    assert sent["fields"]["seconds"] >= 1


def test_a_film_of_the_system_camera_is_taken_or_refused_with_what_to_do(
    stage: Stage, keep: Keep
) -> None:
    phone, _, _, desk = stage
    everything = desk.get("/api/records", kind="photo", limit=200)["records"]
    filmed = [it for it in everything if it["body"]["fields"].get("media") == "video"]
    good = desk.blob(filmed[0]["body"]["fields"]["sha256"])

    to_camera(phone, "event-dump", "?kind=event")
    picker = phone.at("system-film-file")
    files: dict[str, FilePayload] = {
        "打不开": {"name": "a.mp4", "mimeType": "video/mp4", "buffer": b"no film at all" * 99},
    }
    for words, file in files.items():
        picker.set_input_files(file)
        expect(phone.shows("photo-unsaved")).to_contain_text(words)
        expect(phone.shows("photo-unsaved")).to_contain_text("草稿没丢")
    keep(phone.page, "refused")
    picker.set_input_files({"name": "b.mp4", "mimeType": "video/mp4", "buffer": good})
    expect(phone.shows("draft-photo")).to_contain_text("视频")
    phone.tap("submit")
    record = phone.just_saved("received")
    [sent] = videos(desk, record)
    assert sent["sha256"] == sha256(good).hexdigest()
