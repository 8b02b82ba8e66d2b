"""A real organisation from its first minute: made by the command, its people by the desk."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import BrowserContext, Locator, Page, expect

from hushui.demo.nanbeihe import CODE, IDS
from tests.e2e.conftest import Keep
from tests.e2e.founding import found
from tests.e2e.house import PASSWORD, House, until
from tests.e2e.looks import violations
from tests.e2e.phone import Screen
from tests.support.proxy import Proxy

OWN = "my own password"
SHORT = "linhe"
MINUTE = 60_000
# What a person presses, and nothing that a script does.
COUNT = """
() => {
  globalThis.__presses = 0
  document.addEventListener('pointerdown', (event) => { if (event.isTrusted) __presses++ }, true)
}
"""


class Desk:
    """An office browser at the pages of people."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.url = url
        self.page.add_init_script(f"({COUNT})()")

    def at(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def press(self, testid: str, within: Locator | None = None) -> None:
        found = (within or self.page).get_by_test_id(testid).first
        found.locator("xpath=descendant-or-self::*[self::button or self::a]").first.click()

    def fill(self, testid: str, text: str) -> None:
        field = self.at(testid).locator(
            "xpath=descendant-or-self::*[self::input or self::textarea]"
        )
        field.first.fill(text)

    def sign_in(self, org: str, login: str, password: str, new: str | None = None) -> None:
        self.page.goto(f"{self.url}/office")
        for field, value in (("org", org), ("login", login), ("password", password)):
            self.fill(f"signin-{field}", value)
        self.press("signin-submit")
        if new is not None:
            expect(self.at("signin-once")).to_be_visible()
            self.fill("signin-new", new)
            self.fill("signin-again", new)
            self.press("signin-submit")
        expect(self.at("office")).to_be_visible(timeout=20_000)

    def go(self, path: str = "people") -> None:
        self.page.goto(f"{self.url}/office/{path}")

    def people(self) -> None:
        self.page.locator('a[href="/office/people"]').click()
        expect(self.at("people-table")).to_be_visible(timeout=20_000)

    def row(self, name: str) -> Locator:
        return self.at("person-row").filter(has=self.page.get_by_role("button", name=f"看{name}"))

    def open(self, name: str) -> Locator:
        self.press("open-person", self.row(name))
        sheet = self.at("member-sheet")
        expect(sheet).to_be_visible()
        return sheet

    def said(self, words: str) -> None:
        expect(self.at("people-said")).to_contain_text(words, timeout=20_000)

    def add(self, name: str, **chosen: str) -> None:
        self.press("add-person")
        self.fill("field-name", name)
        for field, words in chosen.items():
            self.at(f"field-{field}").get_by_role("button", name=words, exact=True).click()
        self.press("form-save")
        self.said(f"添了{name}，单位已收到")

    def presses(self) -> int:
        return int(self.page.evaluate("() => globalThis.__presses"))

    def axe(self) -> str:
        return "\n".join(violations(self.page))


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder by `hushui init`, and the password it printed."""
    data = tmp_path_factory.mktemp("founded")
    return data, found(data, SHORT)


@pytest.fixture(scope="module")
def own_house(
    founded: tuple[Path, str],
    stack: ExitStack,
    built_app: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> House:
    house = House(founded[0], tmp_path_factory.mktemp("house"), built_app)
    stack.callback(house.close)
    return house


@pytest.fixture(scope="module")
def admin(
    own_house: House, founded: tuple[Path, str], new_desk: Callable[..., BrowserContext]
) -> Desk:
    desk = Desk(new_desk(), own_house.url)
    desk.sign_in(SHORT, "zhengdu", founded[1], new=OWN)
    return desk


def digits(desk: Desk) -> str:
    found = desk.at("code-digits")
    expect(found).to_be_visible(timeout=20_000)
    return re.sub(r"\D", "", found.inner_text())


# a real organisation -----------------------------------------------------------------------------
def test_from_an_empty_folder_to_a_phone_that_joined(
    admin: Desk, own_house: House, new_screen: Callable[..., Screen], keep: Keep
) -> None:
    admin.people()
    admin.at("people-what").get_by_text("队伍").click()
    admin.press("add-team")
    admin.fill("field-name", "一队")
    admin.press("form-save")
    admin.said("一队定了，单位已收到")
    admin.at("people-what").get_by_text("人员").click()
    admin.add("张河", team="一队", party_state="正式党员")
    expect(admin.row("张河")).to_contain_text("一队")
    expect(admin.row("张河")).to_contain_text("正式党员")
    keep(admin.page, "added")

    # From the desk's first page, by what a hand presses.
    admin.go("")
    expect(admin.at("office")).to_be_visible()
    before = admin.presses()
    admin.people()
    admin.press("person-code", admin.row("张河"))
    code = digits(admin)
    assert admin.presses() - before <= 4
    keep(admin.page, "code")

    phone = new_screen(own_house.url)
    phone.enrol(code)
    phone.wait_ready()
    phone.go("/me")
    expect(phone.page.get_by_text("张河").first).to_be_visible()
    # Used once.
    other = new_screen(own_house.url)
    other.go("/enrol")
    for digit in code:
        other.at("enrol-keypad").get_by_role("button", name=digit, exact=True).tap()
    expect(other.page.get_by_text("用过").first).to_be_visible(timeout=20_000)
    admin.go()
    expect(admin.row("张河")).to_contain_text("1 部", timeout=20_000)


def test_a_form_is_checked_and_goes_on_where_it_stopped(admin: Desk) -> None:
    admin.go()
    admin.press("add-person")
    admin.press("form-save")
    form = admin.at("form-member")
    expect(form).to_contain_text("“姓名”没填")
    admin.fill("field-name", "没写完")
    admin.fill("field-phone", "123")
    admin.press("form-save")
    expect(form).to_contain_text("“电话”填的不是这种内容")
    expect(admin.at("field-code").locator("input")).to_have_value(re.compile(r"00\d"))
    admin.page.wait_for_timeout(700)  # a draft is saved half a second after the last key
    admin.page.reload()
    admin.press("add-person")
    expect(admin.at("field-name").locator("input")).to_have_value("没写完")
    admin.fill("field-code", "001")
    admin.press("form-save")
    expect(form).to_contain_text("这个编号有人用了")
    admin.press("form-afresh")
    expect(admin.at("field-name").locator("input")).to_have_value("")
    admin.page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    assert "没写完" not in admin.at("people-table").inner_text()


def sheet(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_list_of_members_comes_in_after_a_look_and_goes_out_again(
    admin: Desk, keep: Keep
) -> None:
    admin.go()
    admin.press("people-import")
    data = sheet(
        ("姓名", "编号", "角色", "所在队", "电话", "备注"),
        ("张河", "002", "巡查队员、责任区负责人", "一队", "13900000002", ""),
        ("孙澜", "003", "巡查队员", "一队", "13900000003", ""),
        ("李岸", "004", "队长", "一队", "", "x"),
        ("写错", "005", "船长", "九队", "12", ""),
    )
    admin.at("sheet-file").set_input_files(
        {"name": "名单.xlsx", "mimeType": "application/octet-stream", "buffer": data}
    )
    rows = admin.at("sheet-row")
    expect(rows).to_have_count(4, timeout=20_000)
    assert [row.get_attribute("data-what") for row in rows.all()] == [
        "changed",
        "new",
        "new",
        "wrong",
    ]
    expect(rows.nth(3)).to_contain_text("“角色”选的不在表里：船长")
    expect(rows.nth(3)).to_contain_text("“所在队”没有叫“九队”的")
    expect(admin.page.get_by_text("备注")).to_be_visible()
    keep(admin.page, "import")
    assert admin.axe() == ""
    admin.press("sheet-write")
    admin.said("写入 3 人，单位已收到")
    expect(admin.row("张河")).to_contain_text("责任区负责人")
    expect(admin.row("李岸")).to_contain_text("队长")
    assert admin.row("写错").count() == 0
    with admin.page.expect_download() as down:
        admin.press("people-download")
    book = load_workbook(BytesIO(Path(down.value.path()).read_bytes()))
    names = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True) if row[0]]
    assert names == ["郑渡", "张河", "孙澜", "李岸"]
    again = sheet(("乱", "七八糟"))
    admin.press("people-import")
    admin.at("sheet-file").set_input_files(
        {"name": "x.xlsx", "mimeType": "application/octet-stream", "buffer": again}
    )
    expect(admin.at("sheet-problem")).to_contain_text("没有“编号”这一列")


def test_cards_for_those_chosen_and_no_others(admin: Desk, keep: Keep) -> None:
    admin.go()
    admin.at("people-team").select_option(label="一队")
    expect(admin.at("person-row")).to_have_count(3)
    admin.page.get_by_label("选中孙澜").check()
    admin.page.get_by_label("选中李岸").check()
    admin.press("print-cards")
    admin.press("make-cards")
    expect(admin.at("card")).to_have_count(2, timeout=20_000)
    said = [card.inner_text() for card in admin.at("card").all()]
    assert ["孙澜" in said[0], "李岸" in said[1]] == [True, True]
    assert all("一队" in words and "24" not in words.split("\n")[1] for words in said)
    admin.page.emulate_media(media="print")
    keep(admin.page, "cards-on-paper", paper=True)
    assert not admin.at("make-cards").is_visible()
    assert admin.page.locator(".desk > .side").is_hidden()
    admin.page.emulate_media(media="screen")


def test_who_leaves_stays_in_the_books_and_holds_nothing(
    admin: Desk, own_house: House, new_screen: Callable[..., Screen], keep: Keep
) -> None:
    admin.go()
    admin.press("person-code", admin.row("孙澜"))
    used = digits(admin)
    phone = new_screen(own_house.url)
    phone.enrol(used)
    phone.wait_ready()
    admin.go()
    admin.press("person-code", admin.row("孙澜"))
    unused = digits(admin)
    admin.page.keyboard.press("Escape")
    expect(admin.row("孙澜")).to_contain_text("1 部", timeout=20_000)
    admin.open("孙澜")
    admin.press("leave")
    expect(admin.at("leave-sheet")).to_contain_text("停用手机和电脑 1 部")
    keep(admin.page, "leaving")
    admin.press("leave-confirm")
    admin.said("孙澜离岗，单位已收到")
    expect(admin.row("孙澜")).to_have_count(0)
    late = new_screen(own_house.url)
    late.go("/enrol")
    for digit in unused:
        late.at("enrol-keypad").get_by_role("button", name=digit, exact=True).tap()
    expect(late.page.get_by_text("过期").first).to_be_visible(timeout=20_000)
    admin.go("devices")
    expect(admin.at("device-row").filter(has_text="孙澜")).to_contain_text("已停用")
    admin.go()
    admin.at("people-who").get_by_text("离岗").click()
    expect(admin.row("孙澜")).to_contain_text("离岗")
    admin.open("孙澜")
    admin.press("come-back")
    admin.said("孙澜返岗，单位已收到")
    admin.at("people-who").get_by_text("在岗").click()
    expect(admin.row("孙澜")).to_be_visible()


def test_a_sign_in_is_given_changed_and_reset(
    admin: Desk, own_house: House, new_desk: Callable[..., BrowserContext], keep: Keep
) -> None:
    admin.go()
    admin.open("李岸")
    admin.press("give-login")
    admin.fill("new-login", "李岸")
    admin.press("give-confirm")
    expect(admin.at("account-panel")).to_contain_text("小写字母开头，2 到 40 位")
    admin.fill("new-login", "lian")
    admin.press("give-confirm")
    given = admin.at("given-password")
    expect(given).to_be_visible(timeout=20_000)
    once = given.locator("code").inner_text()
    keep(admin.page, "given")
    assert admin.axe() == ""
    admin.page.keyboard.press("Escape")
    admin.open("李岸")
    expect(admin.at("account-panel")).to_contain_text("还没换过密码")
    expect(admin.at("account-panel")).to_contain_text("日前有效")
    keep(admin.page, "waits")
    admin.page.keyboard.press("Escape")

    his = Desk(new_desk(), own_house.url)
    his.sign_in(SHORT, "lian", once, new="one of his own")
    his.page.get_by_role("button", name="李岸").click()
    his.press("change-password")
    for field, value in (("old", "wrong"), ("new", "another one"), ("again", "another one")):
        his.fill(f"password-{field}", value)
    his.press("password-save")
    expect(his.at("password-said")).to_contain_text("密码不对")
    his.fill("password-old", "one of his own")
    his.press("password-save")
    expect(his.at("password-said")).to_contain_text("密码改好了")

    admin.go()
    admin.open("李岸")
    admin.press("reset-password")
    admin.press("reset-confirm")
    expect(given).to_be_visible(timeout=20_000)
    assert given.locator("code").inner_text() != once
    # His session has ended: whatever he asks next shows him the sign-in.
    his.page.reload()
    expect(his.at("signin-submit")).to_be_visible(timeout=20_000)


# with the demo's zones ---------------------------------------------------------------------------
@pytest.fixture(scope="module")
def demo_house(new_house: Callable[..., House]) -> House:
    return new_house()


@pytest.fixture(scope="module")
def officer(demo_house: House, new_desk: Callable[..., BrowserContext]) -> Desk:
    desk = Desk(new_desk(), demo_house.url)
    desk.sign_in(CODE, "zhouxun", PASSWORD)
    return desk


def test_an_officer_gives_zones_and_cannot_raise_himself(
    officer: Desk, demo_house: House, keep: Keep
) -> None:
    officer.people()
    officer.open("赵渠")
    officer.at("zone-pick").select_option(value=IDS.zone("Z01"))
    officer.press("give-zone")
    expect(officer.at("zones-panel")).to_contain_text("Z01", timeout=20_000)
    keep(officer.page, "zones")
    officer.page.keyboard.press("Escape")
    officer.said("给了赵渠，单位已收到")
    grants = demo_house.desk().get("/api/records", kind="grant", limit=200)["records"]
    held = [it["body"]["fields"] for it in grants if not it["body"]["fields"].get("ended")]
    given = {"person": IDS.member("赵渠"), "zone": IDS.zone("Z01"), "role": "member"}
    assert given in held

    officer.open("周汛")
    assert officer.at("account-panel").count() == 0
    expect(officer.at("leave").locator("xpath=descendant-or-self::button")).to_have_attribute(
        "aria-disabled", "true"
    )
    officer.press("change")
    officer.at("field-roles").get_by_role("button", name="系统管理员").click()
    officer.press("form-save")
    expect(officer.at("form-member")).to_contain_text("由系统管理员定")
    officer.press("form-afresh") if officer.at("form-afresh").count() else None
    officer.page.keyboard.press("Escape")


def test_axe_finds_nothing_on_the_pages_of_people(officer: Desk, keep: Keep) -> None:
    officer.go()
    expect(officer.at("people-table")).to_be_visible(timeout=20_000)
    keep(officer.page, "people")
    assert officer.axe() == ""
    officer.open("陈堤")
    keep(officer.page, "member")
    assert officer.axe() == ""
    officer.press("change")
    expect(officer.at("form-member")).to_be_visible()
    keep(officer.page, "form")
    assert officer.axe() == ""
    officer.page.keyboard.press("Escape")
    officer.at("people-what").get_by_text("队伍").click()
    expect(officer.at("team-table")).to_be_visible()
    keep(officer.page, "teams")
    assert officer.axe() == ""


# nobody at the desk ------------------------------------------------------------------------------
def test_nobody_at_the_desk_signs_out_and_what_was_written_goes_out_after(
    new_house: Callable[..., House],
    new_cable: Callable[[House], Proxy],
    new_desk: Callable[..., BrowserContext],
    keep: Keep,
) -> None:
    house = new_house()
    cable = new_cable(house)
    desk = Desk(new_desk(), f"http://localhost:{cable.port}")
    desk.page.clock.install()
    desk.sign_in(CODE, "zhouxun", PASSWORD)
    desk.people()
    cable.cut()
    desk.open("赵渠")
    desk.at("zone-pick").select_option(value=IDS.zone("Z01"))
    desk.press("give-zone")
    desk.page.clock.run_for(3_000)
    desk.said("待发出")
    desk.page.keyboard.press("Escape")
    desk.page.clock.fast_forward(28 * MINUTE)
    assert desk.at("idle-sheet").count() == 0
    desk.page.clock.fast_forward(MINUTE + 30_000)
    expect(desk.at("idle-sheet")).to_be_visible()
    keep(desk.page, "idle")
    # A key, and it begins anew.
    desk.page.keyboard.press("Shift")
    expect(desk.at("idle-sheet")).to_have_count(0)
    desk.page.clock.fast_forward(29 * MINUTE + 30_000)
    expect(desk.at("idle-sheet")).to_be_visible()
    desk.page.clock.fast_forward(MINUTE)
    expect(desk.at("office")).to_have_count(0)
    expect(desk.at("signin-idle")).to_be_visible(timeout=20_000)
    assert "赵渠" not in desk.page.content()
    keep(desk.page, "signed-out")

    cable.restore()
    grant = {"person": IDS.member("赵渠"), "zone": IDS.zone("Z01"), "role": "member"}
    seen = house.desk("zhengdu")

    def came() -> bool:
        grants = seen.get("/api/records", kind="grant", limit=200)["records"]
        return grant in [it["body"]["fields"] for it in grants]

    assert not came()
    for field, value in (("login", "zhouxun"), ("password", PASSWORD)):
        desk.fill(f"signin-{field}", value)
    desk.press("signin-submit")
    expect(desk.at("people-table")).to_be_visible(timeout=20_000)
    desk.page.clock.run_for(5_000)
    until(came, "the zone given before signing out")


def test_the_session_ends_with_the_page(
    demo_house: House, new_desk: Callable[..., BrowserContext]
) -> None:
    """Also where there was no network to say so: as soon as there is."""
    context = new_desk()
    desk = Desk(context, demo_house.url)
    desk.page.clock.install()
    desk.sign_in(CODE, "zhouxun", PASSWORD)
    context.set_offline(True)
    desk.page.clock.fast_forward(31 * MINUTE)
    expect(desk.at("signin-idle")).to_be_visible(timeout=20_000)
    cookies = {it["name"]: it["value"] for it in context.cookies()}
    context.set_offline(False)

    def is_over() -> bool:
        asked = context.request.get(f"{demo_house.url}/api/orgs/me")
        return asked.status == 401

    assert "hushui_session" in cookies
    until(is_over, "the session ends")


def test_signed_out_with_the_cable_cut_the_session_ends_when_the_browser_is_opened_again(
    demo_house: House,
    new_cable: Callable[[House], Proxy],
    new_desk: Callable[..., BrowserContext],
) -> None:
    """No event tells of a cable: who opens it next finds a sign-in, and ends what stood open."""
    cable = new_cable(demo_house)
    context = new_desk()
    desk = Desk(context, f"http://localhost:{cable.port}")
    desk.sign_in(CODE, "zhouxun", PASSWORD)
    desk.people()
    token = {it["name"]: it["value"] for it in context.cookies()}["hushui_session"]

    def is_over() -> bool:
        asked = httpx.get(f"{demo_house.url}/api/orgs/me", cookies={"hushui_session": token})
        return asked.status_code == 401

    assert not is_over()
    cable.cut()
    desk.page.locator("button.person").click()
    desk.press("sign-out")
    expect(desk.at("signin-submit")).to_be_visible(timeout=20_000)
    desk.page.close()
    cable.restore()
    assert not is_over()
    desk.page = context.new_page()
    desk.page.goto(f"{desk.url}/office")
    expect(desk.at("signin-submit")).to_be_visible(timeout=20_000)
    until(is_over, "the session ends")
