"""Every address of the app once, with something on it: axe finds nothing, its picture is kept."""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import ROOT, Keep
from tests.e2e.desk import Office
from tests.e2e.house import House
from tests.e2e.looks import violations
from tests.e2e.phone import Screen

PHONE, DESK = ROOT / "pwa/src/router.ts", ROOT / "pwa/src/pages/office/routes.ts"
# Of each page: what stands on it.
FIELD = {
    "enrol": "enrol-keypad", "duty": "zone-card", "tasks": "tasks-page", "report": "report-page",
    "camera": "camera-page", "saved": "saved-page", "draft": "draft-page",
    "records": "records-page", "record": "record-page", "calls": "calls-page", "fix": "fix-page",
    "patrol": "patrol-page", "pocket": "pocket-page", "scan": "scan-page",
    "patrol-end": "patrol-end-page", "map": "tab-bar", "me": "me-page", "consent": "consent-page",
    "my-data": "my-data-page", "people": "people-page", "pin": "pin-page",
    "cannot-sync": "cannot-page",
}  # fmt: skip
LEADER = {"dispatch": "dispatch-page", "zones": "zones-page"}
OFFICE = {
    "signin": "signin-org", "review": "queue", "records": "records", "figures": "figures",
    "record": "office-record", "evidence": "evidence-sum", "unaccepted": "unaccepted",
    "devices": "device-table", "rescue": "rescue-page", "people": "people",
    "people-import": "people-import-page", "people-cards": "cards-page", "labels": "labels-page",
    "map": "onemap",
}  # fmt: skip


class Stage(NamedTuple):
    house: House
    phone: Screen
    leader: Screen


@pytest.fixture(scope="module")
def stage(
    new_house: Callable[..., House],
    new_screen: Callable[..., Screen],
    new_hand: Callable[..., Screen],
) -> Stage:
    house = new_house()
    return Stage(house, new_screen(house.url), new_hand(house, "李岸", first="dispatch-zone"))


def names(source: Path) -> set[str]:
    """Of its pages; what only leads elsewhere is none."""
    text = source.read_text(encoding="utf-8")
    page = r"path: '[^']*',\s*name: '([\w-]+)',(?!\s*redirect)(?! component: noDesk)"
    return set(re.findall(page, text))


def test_no_page_is_left_out() -> None:
    assert names(PHONE) == {*FIELD, *LEADER}
    assert names(DESK) == {f"office-{name}" for name in OFFICE}


def test_axe_finds_nothing_on_the_pages_of_the_phone(
    stage: Stage, new_office: Callable[..., Office], keep: Keep
) -> None:
    house, phone, leader = stage
    office = new_office(house)
    told: list[str] = []
    for name, screen in chain(walked(house, phone, office), led(leader)):
        there = FIELD.get(name) or LEADER[name]
        screen.shows(there)
        look(screen.page, name, keep, told)
    assert not told, "\n".join(told)


def look(page: Page, name: str, keep: Keep, told: list[str]) -> None:
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    keep(page, name)
    told += [f"{name}: {it}" for it in violations(page)]


def walked(house: House, phone: Screen, office: Office) -> Iterator[tuple[str, Screen]]:
    """As a day goes: joins, reports, patrols, looks at what became of it."""
    phone.stand((124.37, 43.16))
    phone.go("/enrol")
    yield "enrol", phone
    zone = house.desk().record(house.desk().ids.zone("Z03"))["body"]["fields"]
    lon, lat = zone["line"][1]
    phone.stand((lon, lat))
    phone.enrol(house.desk("admin").code("张河"), agrees=False)
    phone.shows("ledger-bar")
    phone.go("/consent")
    yield "consent", phone
    phone.agree()
    for name in ("duty", "report"):
        phone.go(f"/{name}")
        yield name, phone
    phone.tap("hazard-masonry_washout")
    expect(phone.at("shutter")).not_to_have_attribute("aria-disabled", "true", timeout=20_000)
    yield "camera", phone
    phone.shoot()
    record = phone.just_saved("received")
    yield "saved", phone
    phone.tap("saved-details")
    yield "draft", phone
    phone.figure("length_m", "12")
    phone.tap("submit")
    phone.just_saved("received")
    office.open(record)
    office.send_back("length_m", "请再量一次。")
    for name in ("record", "calls", "fix"):
        phone.go(f"/records/{record}" + {"record": ""}.get(name, f"/{name}"))
        yield name, phone
    phone.go("/duty")
    phone.tap("start-patrol")
    yield "patrol", phone
    phone.go("/patrol/scan")
    yield "scan", phone
    phone.go("/patrol/pocket")
    yield "pocket", phone
    phone.go("/patrol/end")
    yield "patrol-end", phone
    for name in ("records", "tasks", "map", "me", "my-data", "people", "pin", "cannot-sync"):
        phone.go(f"/{name}")
        yield name, phone


def led(leader: Screen) -> Iterator[tuple[str, Screen]]:
    leader.go("/dispatch")
    yield "dispatch", leader
    leader.tap("dispatch-zone")
    yield "zones", leader


def test_axe_finds_nothing_on_the_pages_of_the_desk(
    stage: Stage, new_desk: Callable[..., BrowserContext], keep: Keep
) -> None:
    office = Office(new_desk(), stage.house.url)
    hazard = stage.house.desk().get("/api/records", kind="hazard")["records"][0]["record"]
    path = {
        "record": f"records/{hazard}",
        "evidence": f"records/{hazard}/evidence",
        "people-import": "people/import",
        "people-cards": "people/cards",
    }
    told: list[str] = []
    for name, there in OFFICE.items():
        office.go(path.get(name, name))
        expect(office.at(there).first).to_be_visible(timeout=20_000)
        if name != "signin":
            office.settle()
        look(office.page, f"office-{name}", keep, told)
        if name == "signin":
            office.sign_in()
    assert not told, "\n".join(told)
