"""The six verdicts, each brought about and then read on the phone's screen in words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
from tests.e2e.house import Desk, House
from tests.e2e.phone import CACHED, Screen
from tests.stranger.client import Client, mint_id
from tests.support.proxy import Proxy

ZONE = IDS.zone("Z03")
HAZARD = {"types": ["masonry_washout"], "nature": "latent", "zone": ZONE, "chainage": 5200}


class Scene(NamedTuple):
    house: House
    phone: Screen
    cable: Proxy
    """Of the phone only."""
    second: Client
    """Another phone of the same person."""
    officer: Client
    admin: Client
    desk: Desk


@pytest.fixture(scope="module")
def scene(
    new_house: Callable[..., House],
    new_cable: Callable[[House], Proxy],
    new_screen: Callable[..., Screen],
    tmp_path_factory: pytest.TempPathFactory,
) -> Scene:
    house = new_house()
    cable = new_cable(house)
    admin = house.desk("admin")
    folder = tmp_path_factory.mktemp("clients")
    phone = new_screen(f"http://localhost:{cable.port}")
    phone.stand(on_zone(house.desk()))
    phone.enrol(admin.code("张河"))
    phone.shows("zone-card")
    phone.wait_ready()

    def join(name: str) -> Client:
        client = Client(house.url, str(folder / f"{name}.db"))
        client.enrol("helper", code=admin.code(name))
        synced(client)
        return client

    clients = join("张河"), join("周汛"), join("管理员")
    return Scene(house, phone, cable, *clients, house.desk())


def on_zone(desk: Desk) -> tuple[float, float]:
    fields = desk.record(ZONE)["body"]["fields"]
    return on_bank(fields["line"], fields["chainage_start"], 5200, 5)


def synced(client: Client) -> None:
    assert client.sync() == []


def verdict(client: Client, entry: str) -> tuple[str, str | None]:
    receipt = client.receipt(entry)
    assert receipt
    return receipt["verdict"], receipt["code"]


def newest_verdict(desk: Desk, record: str) -> tuple[str, str | None]:
    receipt = desk.history(record)["lines"][-1]["receipts"][-1]
    return receipt["verdict"], receipt["code"]


def report(phone: Screen, type: str = "breach") -> str:
    phone.go("/report")
    phone.tap(f"hazard-{type}")
    phone.shoot()
    return phone.just_saved("received")


def in_tray(phone: Screen, record: str, *words: str) -> None:
    """未受理 with its reason, among the tasks."""
    phone.go("/tasks")
    row = phone.shows("todo-unaccepted", record=record)
    expect(phone.at("tasks-page")).to_contain_text("未受理")
    for word in words:
        expect(row).to_contain_text(word)


def gone_from_tray(phone: Screen, record: str) -> None:
    phone.go("/tasks")
    phone.shows("tasks-page")
    expect(phone.at("todo-unaccepted", record=record)).to_have_count(0, timeout=20_000)


def open_record(phone: Screen, record: str, state: str) -> None:
    phone.go(f"/records/{record}")
    said = phone.shows("record-state")
    expect(said).to_have_attribute("data-state", state, timeout=20_000)


def test_applied_is_received(scene: Scene, keep: Keep) -> None:
    record = report(scene.phone)
    expect(scene.phone.at("saved-state")).to_contain_text("单位已收到")
    assert newest_verdict(scene.desk, record) == ("applied", None)
    keep(scene.phone.page, "applied")


def test_merged_shows_its_conflict(scene: Scene, keep: Keep) -> None:
    phone = scene.phone
    record = report(phone, "piping")
    synced(scene.officer)
    scene.cable.cut()
    entry = scene.officer.save("hazard", record, level="major")
    synced(scene.officer)
    assert verdict(scene.officer, entry) == ("applied", None)
    phone.page.goto("about:blank")
    phone.go(f"/records/{record}")
    phone.tap("record-correct")
    phone.shows("draft-page").get_by_test_id("choice-larger").tap()
    phone.at("correction-reason").locator("input, textarea").fill("孔又大了")
    phone.tap("submit")
    phone.just_saved("saved_local")
    scene.cable.restore()
    phone.go("/records")
    phone.send_now()
    phone.wait_sent()
    assert newest_verdict(scene.desk, record) == ("merged", "conflict")
    open_record(phone, record, "received")
    conflict = phone.shows("conflict", field="level")
    expect(conflict).to_contain_text("两个人同时改了“级别”")
    for words in ("较大", "重大", "周汛", "张河"):
        expect(conflict).to_contain_text(words)
    keep(phone.page, "merged")


def test_a_conflict_is_settled_on_the_phone_without_signal(scene: Scene, keep: Keep) -> None:
    phone = scene.phone
    record = report(phone, "piping")
    synced(scene.officer)
    scene.cable.cut()
    scene.officer.save("hazard", record, level="major")
    synced(scene.officer)
    phone.page.goto("about:blank")
    phone.go(f"/records/{record}")
    phone.tap("record-correct")
    phone.shows("draft-page").get_by_test_id("choice-larger").tap()
    phone.at("usual-reason").first.tap()
    phone.tap("submit")
    phone.just_saved("saved_local")
    scene.cable.restore()
    phone.go("/records")
    phone.send_now()
    phone.wait_sent()
    phone.go("/tasks")
    phone.shows("todo-conflict", record=record)
    scene.cable.cut()
    task = phone.shows("task-conflict", record=record)
    conflict = task.get_by_test_id("conflict")
    keep(phone.page, "conflict-in-the-tray")
    # Where it is listed, in two taps.
    conflict.get_by_text("重大").tap()
    keep(phone.page, "conflict-chosen")
    task.get_by_test_id("conflict-settle").tap()
    expect(task.get_by_test_id("conflict-told")).to_contain_text("定为 重大 · 待发出")
    expect(conflict).to_have_count(0)
    keep(phone.page, "conflict-settled-offline")
    scene.cable.restore()
    phone.go("/records")
    phone.send_now()
    phone.wait_sent()
    body = scene.desk.record(record)["body"]
    assert (body["fields"]["level"], body["conflicts"]) == ("major", [])
    assert body["fields"]["correction"] == "量错了"
    phone.go("/tasks")
    phone.shows("tasks-page")
    expect(phone.at("todo-conflict", record=record)).to_have_count(0)


def test_refused_comes_home_and_a_repair_settles_it(scene: Scene, keep: Keep) -> None:
    phone, record = scene.phone, mint_id()
    refused = scene.second.save("hazard", record, **HAZARD, length_m=1e9, object_name="城防墙")
    synced(scene.second)
    assert verdict(scene.second, refused) == ("refused", "out_of_range")
    in_tray(phone, record, "“长”超出范围")
    keep(phone.page, "refused-in-the-tray")
    phone.tap("todo-unaccepted", record=record)
    expect(phone.shows("unaccepted")).to_contain_text("原样留着")
    keep(phone.page, "refused")
    phone.tap("unaccepted-repair")
    phone.shows("draft-page")
    phone.figure("length_m", "12")
    phone.tap("submit")
    if phone.at("stops").count():
        phone.tap("no-photo-reason")
        phone.tap("submit")
    phone.just_saved("received")
    repaired = scene.desk.history(record)["lines"][-1]
    assert repaired["entry"]["replaces"] == refused
    assert repaired["receipts"][-1]["verdict"] == "applied"
    assert scene.desk.record(record)["body"]["fields"]["length_m"] == 12
    gone_from_tray(phone, record)
    keep(phone.page, "refused-repaired")


def test_a_refused_line_is_handed_to_the_office_and_comes_home(
    scene: Scene, new_office: Callable[[House], Office], keep: Keep
) -> None:
    phone, office, record = scene.phone, new_office(scene.house), mint_id()
    refused = scene.second.save("hazard", record, **HAZARD, length_m=1e9)
    scene.second.save("hazard", record, note="又塌了一块")
    synced(scene.second)
    in_tray(phone, record)
    scene.cable.cut()
    phone.tap("unaccepted-refer")
    expect(phone.shows("unaccepted")).to_contain_text("已交办公室，等发出")
    expect(phone.at("unaccepted-refer")).to_have_count(0)
    keep(phone.page, "refused-handed-over-offline")
    scene.cable.restore()
    phone.send_now()
    phone.wait_sent()
    synced(scene.second)
    assert verdict(scene.second, refused) == ("held", "referred")
    in_tray(phone, record, "已交办公室，等办公室定")

    office.go("unaccepted")
    row = office.page.locator('[data-testid="unaccepted-line"]').filter(has_text="等办公室定")
    expect(row).to_contain_text("还有 1 条等它")
    expect(office.at("unaccepted-line")).to_have_count(1)
    keep(office.page, "refused-handed-over")
    row.get_by_test_id("decline").click()
    expect(office.at("unaccepted-said")).to_contain_text("没采用", timeout=20_000)
    phone.send_now()
    in_tray(phone, record, "值班室没采用")
    expect(phone.at("unaccepted-refer")).to_have_count(0)
    keep(phone.page, "refused-declined")
    phone.tap("unaccepted-abandon")
    phone.tap("abandon-confirm")
    phone.wait_sent()


def test_what_waits_for_a_refused_line_is_held_and_goes_with_it(scene: Scene, keep: Keep) -> None:
    phone, record = scene.phone, mint_id()
    refused = scene.second.save("hazard", record, **HAZARD, length_m=1e9)
    waiting = scene.second.save("hazard", record, note="又塌了一块")
    synced(scene.second)
    assert verdict(scene.second, refused) == ("refused", "out_of_range")
    assert verdict(scene.second, waiting) == ("held", "waits_for")
    in_tray(phone, record)
    open_record(phone, record, "unaccepted")
    keep(phone.page, "held-behind-refused")
    scene.second.replace(refused, length_m=3)
    synced(scene.second)
    synced(scene.second)
    assert verdict(scene.second, waiting) == ("applied", None)
    gone_from_tray(phone, record)


def test_held_waits_for_the_office(
    scene: Scene, new_screen: Callable[..., Screen], new_cable: Callable[[House], Proxy], keep: Keep
) -> None:
    """He gave a zone away without signal; meanwhile he was a team leader no more."""
    cable = new_cable(scene.house)
    leader = new_screen(f"http://localhost:{cable.port}")
    leader.enrol(scene.house.desk("admin").code("李岸"))
    leader.wait_ready()
    cable.cut()
    leader.go(f"/dispatch/zones?zone={ZONE}")
    leader.tap("person", person=IDS.member("王闸"))
    leader.tap("zones-give")
    leader.shows("dispatch-page")
    scene.admin.save("member", IDS.member("李岸"), roles=["member"])
    synced(scene.admin)
    cable.restore()
    leader.go("/tasks")
    row = leader.shows("todo-unaccepted")
    expect(row).to_contain_text("办的时候职务变了，等值班室定")
    expect(leader.at("tasks-page")).to_contain_text("未受理")
    # One line gave the zone to one and took it from another.
    expect(leader.at("todo-unaccepted")).to_have_count(1)
    keep(leader.page, "held-in-the-tray")
    row.tap()
    expect(leader.shows("record-state")).to_have_attribute("data-state", "unaccepted")
    keep(leader.page, "held")
    last = leader.stored()["lines"][-1]
    assert receipt_of(leader, last) == ("held", "right_lost")


def test_a_line_of_an_unknown_kind_is_no_trouble_here(scene: Scene) -> None:
    """Written by a newer app on the second phone: this one cannot show it, and goes on working."""
    phone, record = scene.phone, mint_id()
    held = scene.second.save("drone_flight", record, zone=ZONE, minutes=12)
    synced(scene.second)
    assert verdict(scene.second, held) == ("held", "unknown_kind")
    shown = mint_id()
    refused = scene.second.save("hazard", shown, **HAZARD, length_m=1e9)
    synced(scene.second)
    in_tray(phone, shown)
    assert phone.at("todo-unaccepted", record=record).count() == 0
    scene.second.abandon(held)
    scene.second.abandon(refused)
    synced(scene.second)
    gone_from_tray(phone, shown)


def test_noop_leaves_nothing_to_do(scene: Scene, keep: Keep) -> None:
    """Given up on this phone while the other one had put it right: there was nothing left to do."""
    phone, record = scene.phone, mint_id()
    refused = scene.second.save("hazard", record, **HAZARD, length_m=1e9)
    synced(scene.second)
    in_tray(phone, record)
    scene.cable.cut()
    open_record(phone, record, "unaccepted")
    scene.second.replace(refused, length_m=4)
    synced(scene.second)
    phone.tap("unaccepted-abandon")
    phone.tap("abandon-confirm")
    phone.shows("tasks-page")
    assert phone.unsent()[0] == 1
    scene.cable.restore()
    phone.go("/records")
    phone.send_now()
    phone.wait_sent()
    last = phone.stored()["lines"][-1]
    assert last["entry"]["ops"][0]["act"] == "abandon"
    assert receipt_of(phone, last) == ("noop", "already")
    open_record(phone, record, "received")
    expect(phone.at("record-page")).to_contain_text("单位已收到")
    keep(phone.page, "noop")
    gone_from_tray(phone, record)


def receipt_of(phone: Screen, line: Any) -> tuple[str, str | None]:
    """As the row of the phone's own scope has it."""
    held = phone.page.evaluate(CACHED, "receipts")
    (receipt,) = [it["receipt"] for it in held if it["n"] == line["n"]]
    return receipt["verdict"], receipt["code"]


def test_quarantined_is_kept_for_the_office(scene: Scene, keep: Keep, tmp_path: Path) -> None:
    """Last: a phone that the office has stopped still delivers what it saved."""
    phone, record = scene.phone, mint_id()
    stopped: Any = {"person": IDS.member("张河"), "revoked": True}
    scene.admin.save("device", scene.second.device, **stopped)
    synced(scene.admin)
    kept = scene.second.save("hazard", record, **HAZARD, note="停用前记的")
    problems = scene.second.sync()
    assert {problem.code for problem in problems} <= {"device_revoked"}
    assert verdict(scene.second, kept) == ("quarantined", "device_revoked")
    in_tray(phone, record, "这部手机停用了")
    keep(phone.page, "quarantined-in-the-tray")
    open_record(phone, record, "unaccepted")
    keep(phone.page, "quarantined")
    scene.officer.capture({"kind": "entry", "record": kept, "act": "adopt", "set": {"entry": kept}})
    synced(scene.officer)
    gone_from_tray(phone, record)
