"""A page that fails says so and keeps what was typed; and two tabs, which share a cookie."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import (
    BrowserContext,
    Locator,
    Page,
    Request,
    Route,
    expect,
)

from hushui.demo.nanbeihe import CODE
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
from tests.e2e.house import PASSWORD, House
from tests.e2e.phone import Screen
from tests.e2e.test_taps import to_desilting

BREAK = """() => {
  globalThis.__whole = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = () => { throw new Error('the disk is gone') }
}"""
MEND = "() => { IDBDatabase.prototype.transaction = globalThis.__whole }"
REJECT = """() => {
  setTimeout(() => Promise.reject(new Error('of "Zhang He", 张河 13800001234')))
}"""
NOTED = "() => JSON.parse(localStorage.getItem('hushui-surprises'))"
TOLD = "这一步没做成。"
SAFE = "已存的记录都在。"
# What a finger in the middle of it would meet.
MET = """(it) => {
  const { x, y, width, height } = it.getBoundingClientRect()
  const met = document.elementFromPoint(x + width / 2, y + height / 2)
  return met !== null && (it === met || it.contains(met))
}"""


class Scene(NamedTuple):
    house: House
    phone: Screen


@pytest.fixture(scope="module")
def scene(new_house: Callable[..., House], new_hand: Callable[..., Screen]) -> Scene:
    house = new_house()
    return Scene(house, new_hand(house))


def told(page: Page) -> Locator:
    note = page.get_by_test_id("surprise")
    expect(note).to_be_visible()
    expect(note).to_contain_text(TOLD)
    expect(note).to_contain_text(SAFE)
    return note


def close(note: Locator) -> None:
    note.get_by_role("button", name="关上").click()
    expect(note).to_have_count(0)


def test_a_form_that_cannot_be_saved_says_so_and_keeps_what_was_typed(
    scene: Scene, keep: Keep
) -> None:
    phone = scene.phone
    phone.go("/")
    to_desilting(phone)
    pad = phone.shows("amount-pad")
    phone.page.evaluate(BREAK)
    phone.keys(pad, "118.5")
    expect(phone.at("surprise")).to_have_count(0)
    phone.tap("save-draft")
    note = told(phone.page)
    keep(phone.page, "form")
    expect(phone.at("draft-page")).to_contain_text("118.5")
    assert phone.button("save-draft").evaluate(MET)
    assert phone.button("submit").evaluate(MET)

    phone.tap("save-draft")
    expect(phone.at("draft-page")).to_be_visible()
    expect(note).to_have_count(1)

    phone.tap("surprise-reopen")
    expect(note).to_contain_text("先抄下来")
    expect(phone.at("draft-page")).to_contain_text("118.5")

    phone.page.evaluate(MEND)
    close(note)
    phone.tap("save-draft")
    expect(phone.at("draft-page")).to_have_count(0)
    phone.go("/")
    phone.tap("todo-draft")
    expect(phone.at("draft-page")).to_contain_text("118.5")
    noted = [(it["page"], it["what"]) for it in phone.page.evaluate(NOTED)]
    assert any("/draft/" in page and "the disk is gone" in what for page, what in noted), noted


def test_it_is_noted_for_whoever_helps_without_a_persons_words(scene: Scene, keep: Keep) -> None:
    phone = scene.phone
    phone.go("/")
    phone.shows("zone-card")
    phone.page.evaluate(REJECT)
    told(phone.page)
    keep(phone.page, "duty")
    for place in ("report", "map"):
        assert phone.at("tab-bar").locator("button").nth(1).evaluate(MET), place
    phone.tap("surprise-help")
    phone.shows("cannot-page")
    expect(phone.at("surprise")).to_have_count(0)
    phone.tap("cannot-copy")
    words = phone.shows("cannot-text").input_value()
    lines = [line for line in words.splitlines() if line.startswith("surprise ")]
    assert any(" /duty Error of " in line for line in lines), lines
    assert not any(word in line for line in lines for word in ("Zhang", "张河", "1380")), lines


def test_where_the_note_cannot_be_fetched_the_words_come_without_it(
    scene: Scene, new_screen: Callable[..., Screen], keep: Keep
) -> None:
    phone = new_screen(scene.house.url, service_workers="block")
    phone.page.route("**/assets/*urprise*", lambda route: route.abort())
    phone.go("/enrol")
    phone.shows("enrol-keypad")
    phone.page.evaluate(REJECT)
    words = phone.page.get_by_role("alert").filter(has_text=TOLD)
    expect(words).to_contain_text(SAFE)
    keep(phone.page, "plain")
    expect(phone.at("surprise")).to_have_count(0)
    words.click()
    expect(words).to_have_count(0)


def test_the_desk_says_so_and_keeps_what_was_typed(
    scene: Scene, new_office: Callable[..., Office], keep: Keep
) -> None:
    office = new_office(scene.house)
    office.page.locator("[data-testid=queue-row] button.open").first.click()
    expect(office.at("record-fields")).to_be_visible(timeout=20_000)
    office.page.keyboard.press("2")
    reason = office.at("reason-own").locator("input, textarea")
    reason.fill("少一张干之后的照片")
    office.page.evaluate(REJECT)
    note = told(office.page)
    keep(office.page, "desk")
    expect(reason).to_have_value("少一张干之后的照片")
    assert office.at("reason-send").locator("xpath=descendant-or-self::button").evaluate(MET)
    office.press("surprise-reopen")
    expect(note).to_contain_text("先抄下来")
    close(note)
    expect(reason).to_have_value("少一张干之后的照片")
    with office.page.context.expect_page() as helped:
        office.page.evaluate(REJECT.replace("of ", "again "))
        told(office.page)
        office.press("surprise-help")
    expect(helped.value.get_by_test_id("cannot-page")).to_be_visible(timeout=20_000)
    keep(helped.value, "desk-help")


# ---- two tabs of one browser: they share the cookie ----------------------------------------------

PENDING = """async () => {
  const { pending } = await navigator.locks.query()
  return pending.some((it) => it.name === 'hushui-session')
}"""

# Whether somebody's end is still to be told.
ENDING = """() => new Promise((resolve) => {
  const opening = indexedDB.open('hushui-devices')
  opening.onsuccess = () => {
    const db = opening.result
    const all = db.transaction('devices').objectStore('devices').getAll()
    all.onsuccess = () => { db.close(); resolve(all.result.some((row) => row.ending)) }
  }
})"""


def type_account(office: Office, login: str) -> None:
    """Also where somebody is in: as if his time were over."""
    office.page.goto(f"{office.url}/office/signin?why=expired")
    for field, value in (("org", CODE), ("login", login), ("password", PASSWORD)):
        office.at(f"signin-{field}").locator("input").fill(value)


def sign_out(office: Office) -> None:
    office.page.locator("button.person").click()
    office.press("sign-out")
    expect(office.at("signin-login")).to_be_visible()


def is_in(office: Office, name: str) -> None:
    expect(office.page.locator("button.person")).to_contain_text(name, timeout=20_000)
    assert office.page.evaluate("() => fetch('/api/orgs/me').then((it) => it.status)") == 200


def test_a_sign_out_that_is_told_late_leaves_the_sign_in_of_another_tab(
    scene: Scene, new_desk: Callable[..., BrowserContext]
) -> None:
    context = new_desk()
    one, two = Office(context, scene.house.url), Office(context, scene.house.url)
    one.sign_in()
    held: list[Route] = []
    over: list[str] = []

    def hold(route: Route) -> None:
        if route.request.method == "DELETE":
            held.append(route)
        else:
            route.continue_()

    def note(request: Request) -> None:
        if request.url.endswith("/api/session"):
            over.append(request.method)

    context.route("**/api/session", hold)
    context.on("requestfinished", note)
    context.on("requestfailed", note)
    type_account(two, "admin")
    sign_out(one)
    until_shown(one.page, lambda: bool(held))
    two.press("signin-submit")
    until_shown(two.page, lambda: "POST" in over or two.page.evaluate(PENDING))
    held[0].continue_()
    until_shown(two.page, lambda: "DELETE" in over)
    is_in(two, "管理员")
    two.go("review")
    is_in(two, "管理员")


def test_who_leaves_a_tab_does_not_sign_out_who_signed_in_since(
    scene: Scene, new_desk: Callable[..., BrowserContext]
) -> None:
    context = new_desk()
    one, two = Office(context, scene.house.url), Office(context, scene.house.url)
    one.sign_in()
    type_account(two, "admin")
    two.press("signin-submit")
    is_in(two, "管理员")
    sign_out(one)
    until_shown(one.page, lambda: not one.page.evaluate(ENDING))
    is_in(two, "管理员")


def until_shown(page: Page, is_so: Callable[[], bool]) -> None:
    """Playwright hears of requests only while a call of it runs."""
    for _ in range(200):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("never so")
