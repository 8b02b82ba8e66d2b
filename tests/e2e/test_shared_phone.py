"""One phone, several people: each feed arrives with its own author, behind a PIN too; mistakes are
put right with a reason; and a phone that cannot send says why."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e import kills
from tests.e2e.conftest import Keep
from tests.e2e.house import Desk, House, until
from tests.e2e.looks import LARGE, violations
from tests.e2e.phone import Phone
from tests.stranger.client import Client
from tests.support.proxy import Proxy

ZONE = IDS.zone("Z03")
FIRST, SECOND = "张河", "李岸"
PINS_OF = {FIRST: "4711", SECOND: "082615"}

LOCKED = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("hushui-devices");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const rows = opening.result.transaction("devices").objectStore("devices").getAll();
    rows.onerror = () => reject(rows.error);
    rows.onsuccess = () => {
      opening.result.close();
      resolve(rows.result.some((row) => row.pin?.locked));
    };
  };
})"""


class Scene(NamedTuple):
    house: House
    phone: Phone
    cable: Proxy
    desk: Desk
    admin: Desk


@pytest.fixture(scope="module")
def scene(
    new_house: Callable[..., House],
    new_cable: Callable[[House], Proxy],
    new_phone: Callable[[str], Phone],
) -> Scene:
    """Two people on one phone, each with a PIN; the second in front."""
    house = new_house()
    cable = new_cable(house)
    desk, admin = house.desk(), house.desk("admin")
    phone = new_phone(f"http://localhost:{cable.port}")
    stand(phone, desk)
    phone.enrol(admin.code(FIRST))
    phone.shows("zone-card")
    phone.wait_ready()
    set_pin(phone, PINS_OF[FIRST])
    phone.go("/me")
    phone.tap("me-people")
    phone.tap("add-person")
    phone.shows("enrol-keypad")
    type_code(phone, admin.code(SECOND), "enrol-keypad")
    phone.shows("enrol-done")
    phone.tap("enrol-start")
    phone.agree()
    phone.wait_sent()
    set_pin(phone, PINS_OF[SECOND])
    return Scene(house, phone, cable, desk, admin)


@pytest.fixture(autouse=True)
def healed(scene: Scene) -> Iterator[None]:
    yield
    scene.cable.restore()


def stand(phone: Phone, desk: Desk) -> None:
    fields = desk.record(ZONE)["body"]["fields"]
    phone.stand(on_bank(fields["line"], fields["chainage_start"], 5200, 5))


def type_code(phone: Phone, digits: str, pad: str = "pin-keypad") -> None:
    for digit in digits:
        phone.at(pad).get_by_role("button", name=digit, exact=True).tap()


def enter(phone: Phone, pin: str) -> None:
    """A PIN of six ends by itself."""
    type_code(phone, pin)
    if len(pin) < 6:
        phone.at("pin-keypad").get_by_role("button", name="完成").tap()


def set_pin(phone: Phone, pin: str) -> None:
    phone.go("/pin")
    phone.tap("pin-set")
    for step in ("first", "second"):
        expect(phone.at("pin-page", doing=step)).to_be_visible()
        enter(phone, pin)
    phone.shows("pin-good")


def person(phone: Phone, name: str) -> Any:
    return phone.at("person").filter(has_text=name)


def switch(phone: Phone, name: str, pin: str | None = None) -> None:
    phone.go("/people")
    phone.shows("people-list")
    person(phone, name).tap()
    expect(phone.shows("lock-title")).to_contain_text(name)
    enter(phone, pin or PINS_OF[name])
    phone.shows("ledger-bar")


def work(phone: Phone, state: str = "saved_local") -> str:
    phone.go("/report")
    phone.at("report-kind").get_by_text("作业").tap()
    phone.tap("work-canal_desilt")
    kills.measure(phone)
    for slot in ("before", "after"):
        kills.take(phone, slot)
    phone.tap("submit")
    return phone.just_saved(state)


def in_front(phone: Phone) -> str:
    phone.go("/me")
    return phone.shows("me-name").inner_text()


def author(desk: Desk, record: str) -> str:
    return str(desk.record(record)["body"]["author"])


def arrived(desk: Desk, record: str) -> bool:
    answer = desk.http.get(f"/api/records/{record}")
    return answer.status_code == 200


def test_offline_each_line_arrives_with_its_own_author(scene: Scene, keep: Keep) -> None:
    _, phone, cable, desk, _ = scene
    cable.cut()
    switch(phone, FIRST)
    firsts = [work(phone), work(phone)]
    switch(phone, SECOND)
    seconds = [work(phone)]
    phone.go("/people")
    row = person(phone, FIRST)
    expect(row).to_have_attribute("data-lines", "2", timeout=20_000)
    expect(row).to_contain_text("还有 2 条、4 张照片待上传")
    keep(phone.page, "people")
    phone.go("/me")
    expect(phone.shows("me-people")).to_contain_text(f"{FIRST}还有 2 条")
    keep(phone.page, "me")
    before = phone.stored()
    cable.restore()
    # Nobody switches back: what the first left goes on from behind the second.
    for record in (*firsts, *seconds):
        until(lambda record=record: arrived(desk, record), f"{record} arrives")  # type: ignore[misc]
    assert {author(desk, it) for it in firsts} == {IDS.member(FIRST)}
    assert {author(desk, it) for it in seconds} == {IDS.member(SECOND)}
    names = {blob["name"] for blob in before["blobs"]}
    assert len(names) == 6
    for name in names:
        until(lambda name=name: received(desk, name), f"photo {name}")  # type: ignore[misc]
    expect(phone.shows("me-people")).to_have_attribute("data-waiting", "0", timeout=30_000)
    expect(phone.at("ledger-bar").first).to_have_attribute("data-lines", "0", timeout=20_000)


def received(desk: Desk, name: str) -> bool:
    return desk.http.get(f"/api/blobs/{name}").status_code == 200


def test_killed_while_locked_the_lines_are_there_and_are_sent_locked(
    scene: Scene, keep: Keep
) -> None:
    _, phone, cable, desk, _ = scene
    cable.cut()
    record = work(phone)
    phone.go("/pin")
    phone.tap("pin-lock-now")
    phone.shows("lock-page")
    # It is shown before it is written: nobody waits for a disk to hide their records.
    until(lambda: phone.page.evaluate(LOCKED), "the lock lies on the disk")
    phone.kill()
    phone.open()
    stand(phone, desk)
    phone.go("/records")
    expect(phone.shows("lock-unsent")).to_have_attribute("data-lines", "1", timeout=20_000)
    assert phone.at("records-page").count() == 0, "the address opens nothing"
    assert record in json.dumps(phone.stored()["lines"])
    keep(phone.page, "locked")
    cable.restore()
    until(lambda: arrived(desk, record), "it is sent while locked")
    expect(phone.at("lock-unsent")).to_have_attribute("data-lines", "0", timeout=30_000)
    phone.shows("lock-page")
    enter(phone, PINS_OF[SECOND])
    phone.shows("records-page")


def test_a_wrong_pin_slows_and_a_reload_does_not_help(scene: Scene, keep: Keep) -> None:
    phone = scene.phone
    pin = PINS_OF[in_front(phone)]
    phone.go("/pin")
    phone.tap("pin-lock-now")
    for seconds in (1, 2, 4, 8):
        phone.shows("lock-page")
        enter(phone, "0000")
        expect(phone.shows("pin-wrong")).to_contain_text(f"{seconds} 秒后再试")
        if seconds < 8:
            expect(phone.at("pin-wrong")).to_have_text("PIN 不对。", timeout=seconds * 1500 + 2000)
    keep(phone.page, "wrong-pin")
    phone.page.reload()
    phone.shows("lock-page")
    expect(phone.shows("pin-wrong")).to_contain_text("秒后再试")
    type_code(phone, pin)
    expect(phone.at("pin-boxes")).to_have_attribute("data-length", "0")
    expect(phone.at("pin-wrong")).to_have_count(0, timeout=12_000)
    enter(phone, pin)
    phone.shows("pin-page")


def test_a_forgotten_pin_is_cleared_by_a_code_and_keeps_the_outbox(
    scene: Scene, keep: Keep
) -> None:
    _, phone, cable, desk, admin = scene
    cable.cut()
    record = work(phone)
    phone.go("/pin")
    phone.tap("pin-lock-now")
    phone.tap("lock-forgot")
    stored = phone.stored()
    type_code(phone, admin.code(SECOND))
    expect(phone.shows("pin-wrong")).to_contain_text("要有信号")
    cable.restore()
    type_code(phone, admin.code(FIRST))
    expect(phone.shows("pin-wrong")).to_contain_text("给别人的")
    keep(phone.page, "code-of-another")
    type_code(phone, admin.code(SECOND))
    page = phone.shows("pin-page")
    expect(page).to_have_attribute("data-pin", "false")
    assert lines(phone.stored()) == lines(stored)
    until(lambda: arrived(desk, record), "its line")
    assert author(desk, record) == IDS.member(SECOND)
    phone.tap("pin-set")
    enter(phone, PINS_OF[SECOND])
    enter(phone, PINS_OF[SECOND])
    phone.shows("pin-good")
    keep(phone.page, "pin")


def lines(stored: Any) -> list[tuple[str, str]]:
    return sorted((line["id"], line["hash"]) for line in stored["lines"])


def test_a_patrol_goes_on_behind_the_lock_and_is_ended_there(scene: Scene, keep: Keep) -> None:
    _, phone, _, desk, _ = scene
    switch(phone, FIRST)
    phone.go("/duty")
    phone.tap("start-patrol")
    phone.shows("patrol-place")
    phone.hold("patrol-end")
    phone.tap("checklist-open")
    phone.tap("toe_boils-abnormal")
    phone.tap("patrol-go-on")
    phone.shows("patrol-page")
    phone.go("/people")
    person(phone, SECOND).tap()
    phone.shows("patrol-stops")
    phone.page.keyboard.press("Escape")
    phone.go("/pin")
    phone.tap("pin-lock-now")
    expect(phone.shows("lock-patrol")).to_contain_text("正在记录位置", timeout=20_000)
    keep(phone.page, "locked-patrol")
    phone.hold("lock-end-patrol")
    expect(phone.at("lock-patrol")).to_have_count(0)
    enter(phone, PINS_OF[FIRST])
    phone.shows("pin-page")
    phone.wait_sent()
    found = desk.get("/api/records", kind="patrol")["records"]
    newest = max((it for it in found if not it["body"]["deleted"]), key=lambda it: it["record"])
    assert newest["body"]["author"] == IDS.member(FIRST)
    fields = newest["body"]["fields"]
    assert fields["ended"] > fields["started"]
    words = "没写说明，锁屏时交的"
    assert fields["checklist"] == [{"item": "toe_boils", "answer": "abnormal", "note": words}]


# ---- mistakes ------------------------------------------------------------------------------------


def test_every_own_record_is_corrected_with_a_reason_and_keeps_the_old(
    scene: Scene, keep: Keep
) -> None:
    """A patrol, which the phone wrote itself; void, back again; no reason outlives its version."""
    _, phone, _, desk, _ = scene
    phone.go("/records")
    phone.shows("records-tabs").get_by_text("全部").tap()
    row = phone.at("record-row").filter(has_text="巡查").first
    record = row.get_attribute("data-record") or ""
    phone.go(f"/records/{record}")
    phone.tap("record-correct")
    phone.shows("draft-page")
    assert phone.at("field-started").count() == 0
    phone.tap("choice-rain")
    phone.tap("submit")
    expect(phone.shows("stops")).to_contain_text("原因")
    fill(phone, "correction-reason", "忘了写天气")
    phone.tap("sure-patrol_short")
    keep(phone.page, "correct-patrol")
    phone.tap("submit")
    phone.just_saved("received")
    fields = desk.record(record)["body"]["fields"]
    assert (fields["weather"], fields["correction"]) == ("rain", "忘了写天气")

    phone.go(f"/records/{record}")
    phone.tap("record-void")
    phone.tap("void-confirm")
    expect(phone.shows("void-sheet")).to_contain_text("原因")
    fill(phone, "void-reason", "记重了")
    phone.tap("void-confirm")
    phone.shows("record-restore")
    phone.wait_sent()
    body = until(lambda: deleted(desk, record), "it is void")
    assert body["fields"]["correction"] == "已作废：记重了"
    phone.tap("record-restore")
    phone.shows("record-void")
    phone.wait_sent()
    body = desk.record(record)["body"]
    assert not body["deleted"]
    assert body["fields"]["correction"] == "恢复了这条记录"
    reasons = [
        op["set"].get("correction")
        for line in desk.history(record)["lines"]
        for op in line["entry"]["ops"]
        if op["act"] == "put"
    ]
    wanted = ["忘了写天气", "已作废：记重了", "恢复了这条记录"]
    assert [it for it in reasons if it] == wanted
    told = phone.shows("record-timeline")
    for words in ("作废", "已作废：记重了", "恢复", "恢复了这条记录"):
        expect(told).to_contain_text(words)
    keep(phone.page, "void-and-restored")


def deleted(desk: Desk, record: str) -> Any:
    body = desk.record(record)["body"]
    return body if body["deleted"] else None


def fill(phone: Phone, testid: str, words: str) -> None:
    phone.at(testid).locator("input, textarea").fill(words)


# ---- cannot send ---------------------------------------------------------------------------------


def steps(phone: Phone) -> dict[str, str]:
    expect(phone.at("cannot-page")).to_have_attribute("data-testing", "false", timeout=60_000)
    return {
        row.get_attribute("data-step") or "": row.get_attribute("data-answer") or ""
        for row in phone.at("step").all()
    }


def test_cut_off_it_says_so_and_what_waits(scene: Scene, keep: Keep) -> None:
    _, phone, cable, _, _ = scene
    phone.page.context.grant_permissions(
        ["clipboard-read", "clipboard-write", "geolocation", "camera"], origin=phone.url
    )
    phone.go("/me")
    phone.tap("me-cannot")
    phone.tap("cannot-test")
    assert steps(phone) == {
        "network": "on",
        "server": "reached",
        "signed_in": "known",
        "clock": "right",
        "storage": "room",
        "send": "nothing",
    }
    cable.cut()
    work(phone)
    phone.go("/records")
    phone.tap("records-cannot")
    row = phone.shows("waiting")
    expect(row).to_have_attribute("data-lines", "1")
    assert int(row.get_attribute("data-bytes") or 0) > 10_000, "with its photos"
    expect(phone.shows("cannot-failure")).to_have_attribute("data-code", "offline", timeout=30_000)
    phone.tap("cannot-test")
    assert steps(phone) == {"network": "on", "server": "silent", "storage": "room"}
    keep(phone.page, "cannot-cut")
    phone.tap("cannot-copy")
    text = phone.shows("cannot-text").input_value()
    assert phone.page.evaluate("() => navigator.clipboard.readText()") == text
    assert "server silent" in text
    assert " lines 1 photos 2 " in text
    for personal in (FIRST, SECOND, "忘了写天气", "南河"):
        assert personal not in text
    cable.restore()
    phone.tap("cannot-test")
    assert steps(phone)["send"] == "all"


def test_a_clock_that_is_off_is_told(scene: Scene) -> None:
    phone = scene.phone
    phone.page.route(
        "**/api/health",
        lambda route: route.fulfill(
            status=200,
            headers={"content-type": "application/json", "date": "Sun, 06 Nov 2011 08:49:37 GMT"},
            body="{}",
        ),
    )
    try:
        phone.go("/cannot-sync")
        phone.tap("cannot-test")
        assert steps(phone)["clock"] == "fast"
    finally:
        phone.page.unroute("**/api/health")


RARE = ("people", "pin", "cannot-sync", "me")


def test_the_pages_are_for_everybody(scene: Scene, keep: Keep) -> None:
    """axe, and a small screen with letters twice as large. The lock last."""
    phone = scene.phone
    pin = PINS_OF[in_front(phone)]
    told: list[str] = []

    def look(name: str) -> None:
        keep(phone.page, name)
        told.extend(f"{name}: {it}" for it in violations(phone.page))

    for name in RARE:
        phone.go(f"/{name}")
        phone.shows("ledger-bar")
        if name == "cannot-sync":
            phone.tap("cannot-test")
            steps(phone)
        phone.page.wait_for_timeout(300)
        look(name)
    phone.go("/pin")
    phone.tap("pin-lock-now")
    phone.shows("lock-page")
    look("lock")
    enter(phone, pin)
    phone.shows("pin-page")
    phone.page.set_viewport_size({"width": 360, "height": 640})
    try:
        for name in RARE:
            phone.go(f"/{name}")
            phone.shows("ledger-bar")
            phone.page.evaluate(LARGE)
            fits(phone, name)
            look(f"large-{name}")
        phone.go("/pin")
        phone.tap("pin-lock-now")
        phone.shows("lock-page")
        phone.page.evaluate(LARGE)
        fits(phone, "lock")
        look("large-lock")
        done = phone.at("pin-keypad").get_by_role("button", name="完成")
        expect(done).to_be_in_viewport(ratio=0.9)
        for button in ("lock-people", "lock-forgot"):
            phone.button(button).scroll_into_view_if_needed()
            expect(phone.button(button)).to_be_in_viewport(ratio=0.5)
        phone.tap("lock-forgot")
        look("large-code")
        phone.tap("lock-back")
        enter(phone, pin)
        phone.shows("pin-page")
    finally:
        phone.page.set_viewport_size({"width": 390, "height": 844})
    assert not told, "\n".join(told)


def fits(phone: Phone, name: str) -> None:
    wide = phone.page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 360, f"{name} is {wide} px wide"


def test_a_revoked_phone_says_so_and_still_sends(
    scene: Scene, tmp_path_factory: pytest.TempPathFactory, keep: Keep
) -> None:
    """Last: the phone is of no more use."""
    house, phone, _, desk, admin = scene
    name = in_front(phone)
    own = phone.page.evaluate(OUTBOXES)
    device = next(
        it["device"]
        for it in desk.get("/api/devices")["devices"]
        if it["device"] in own and it["person"] == IDS.member(name)
    )
    client = Client(house.url, str(tmp_path_factory.mktemp("admin") / "admin.db"))
    client.enrol("helper", code=admin.code("管理员"))
    assert client.sync() == []
    stopped: Any = {"person": IDS.member(name), "revoked": True}
    client.save("device", device, **stopped)
    assert client.sync() == []
    phone.go("/cannot-sync")
    phone.tap("cannot-test")
    found = steps(phone)
    assert found["signed_in"] == "revoked"
    expect(phone.at("step", step="signed_in")).to_contain_text("停用")
    keep(phone.page, "revoked")
    # What is held about him left the phone with its right to it: he is asked again.
    phone.agree()
    record = work(phone, "unaccepted")
    until(lambda: waits_at_the_office(desk, record), "it is taken all the same, for the office")


def waits_at_the_office(desk: Desk, record: str) -> bool:
    found = json.dumps(desk.get("/api/unaccepted"))
    return record in found and "device_revoked" in found


OUTBOXES = """
async () => (await indexedDB.databases()).map((it) => it.name.replace('hushui-outbox-', ''))
"""
