"""The office's table, a record's page of every kind, exports and the day's figures in a browser."""

import csv
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from hushui.kinds import KINDS
from hushui.kinds.columns import columns
from hushui.kinds.fields import Field
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
from tests.e2e.house import Desk, House
from tests.e2e.looks import LARGE, violations

ID = re.compile(r"\b[0-7][0-9a-v]{25}\b")
SHA = re.compile(r"\b[0-9a-f]{32,}\b")
WORD = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
WRONG = ("undefined", "[object", "NaN", "null", "office.")
SILENT_DAY = "2026-02-03"


class Scene(NamedTuple):
    office: Office
    desk: Desk


@pytest.fixture(scope="module")
def scene(new_house: Callable[..., House], new_office: Callable[..., Office]) -> Scene:
    house = new_house()
    return Scene(new_office(house, accept_downloads=True), house.desk())


def codes_of(fields: dict[str, Field]) -> set[str]:
    found = set(fields)
    for field in fields.values():
        found |= {choice.code for choice in field.choices}
        found |= codes_of(field.fields or {})
    return found


CODES = {
    code
    for kind in KINDS.values()
    for code in {kind.code}
    | codes_of(kind.fields)
    | set().union(*map(codes_of, kind.adds.values()))
    if len(code) > 2
}


LOGINS = {"admin"}
"""Of the demo: a name that a person types, and by chance the code of a role."""


def in_words(text: str) -> list[str]:
    """What no person should read: ids, codes, and what a program says when it has no words."""
    told = [*ID.findall(text), *SHA.findall(text), *(it for it in WRONG if it in text)]
    return told + [word for word in WORD.findall(text) if word in CODES - LOGINS]


def show(office: Office, path: str) -> Locator:
    office.go(path)
    page = office.at("records")
    expect(page).to_have_attribute("data-standing", "ready", timeout=20_000)
    return page


def total(office: Office) -> int:
    page = office.at("records")
    expect(page).to_have_attribute("data-standing", "ready", timeout=20_000)
    return int(page.get_attribute("data-total") or -1)


def count(desk: Desk, **query: Any) -> int:
    return sum(desk.get("/api/records", limit=1, **query)["counts"].values())


def ready(page: Page) -> None:
    """Names that were asked for have come."""
    page.wait_for_function("() => !document.querySelector('main')?.innerText.includes('……')")


# ---- every kind ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_its_table_and_its_page_in_words(scene: Scene, kind: str) -> None:
    office, desk = scene
    if office.at("records").count() == 0:
        show(office, "records")
    link = office.at(f"kind-{kind}")
    link.click()
    expect(link).to_have_attribute("aria-current", "true")
    found = desk.get("/api/records", kind=kind, limit=200)
    assert total(office) == sum(found["counts"].values())
    expect(office.at("table-count")).to_contain_text(str(total(office)))
    records = found["records"]
    if not records:
        expect(office.at("table-empty")).to_contain_text(KINDS[kind].zh)
        return
    expect(office.at("table-row")).to_have_count(min(100, total(office)))
    ready(office.page)
    assert not in_words(office.at("table").inner_text())

    fullest = max(records, key=lambda it: (len(it["body"]["fields"]), len(it["body"]["adds"])))
    office.page.locator(f'[data-record="{fullest["record"]}"] td').last.click()
    pane = office.page.locator(f'[data-testid="record-pane"][data-record="{fullest["record"]}"]')
    fields = pane.get_by_test_id("record-fields")
    expect(fields).to_be_visible(timeout=20_000)
    ready(office.page)
    assert not in_words(pane.inner_text())
    for name, value in fullest["body"]["fields"].items():
        if value not in (None, "", []):
            expect(fields.locator(f'[data-field="{name}"] dd').first).not_to_be_empty()
            label = KINDS[kind].fields[name].zh
            expect(fields.locator(f'[data-field="{name}"] dt').first).to_have_text(label)
    office.press("to-queue")
    expect(office.at("records")).to_be_visible()


def test_all_columns_of_the_longest_kind_are_in_words(scene: Scene) -> None:
    office, _ = scene
    show(office, "records?kind=hazard")
    office.press("columns")
    office.at("columns-all").click()
    office.page.keyboard.press("Escape")
    heads = office.at("table").locator("thead th")
    # What it is called stands in the place of its id.
    all_of_them = len(columns(KINDS["hazard"]))
    expect(heads).to_have_count(all_of_them)
    assert not in_words(office.at("table").inner_text())
    office.page.reload()
    expect(heads).to_have_count(all_of_them)
    office.press("columns")
    office.at("columns-start").click()
    expect(heads).not_to_have_count(all_of_them)


def test_a_name_leads_to_the_record_it_names(scene: Scene) -> None:
    office, desk = scene
    dispatch = desk.get("/api/records", kind="dispatch", limit=1)["records"][0]
    target = dispatch["body"]["fields"]["target"]
    office.go(f"records/{dispatch['record']}")
    link = office.page.locator('[data-field="target"]').get_by_test_id("record-link")
    expect(link).to_contain_text("K5+860", timeout=20_000)
    link.click()
    pane = office.page.locator(f'[data-testid="record-pane"][data-record="{target}"]')
    followers = pane.get_by_test_id("record-followers")
    expect(followers).to_contain_text("派遣", timeout=20_000)
    expect(followers).to_contain_text("终报")


# ---- filters -------------------------------------------------------------------------------------


def test_a_filter_of_choices_is_in_the_address(scene: Scene, keep: Keep) -> None:
    office, desk = scene
    show(office, "records?kind=hazard")
    everything = total(office)
    office.at("where-nature").select_option("latent")
    expect(office.page).to_have_url(re.compile(r"where=nature(:|%3A)latent"))
    expect(office.at("table-row")).to_have_count(count(desk, kind="hazard", where="nature:latent"))
    assert 0 < total(office) < everything
    keep(office.page, "filtered")
    office.page.reload()
    expect(office.at("where-nature")).to_have_value("latent")
    assert total(office) == count(desk, kind="hazard", where="nature:latent")
    office.at("filter-clear").click()
    expect(office.at("records")).to_have_attribute("data-total", str(everything))


@pytest.mark.parametrize("words", ["六孔桥", "张河", "K5+860", "桥", "zhang不在"])
def test_search_finds_across_kinds(scene: Scene, words: str) -> None:
    office, desk = scene
    office.go("devices")
    office.page.keyboard.press("/")
    expect(office.at("search-hint")).to_contain_text("桩号")
    office.at("office-search").fill(words)
    expect(office.page).to_have_url(re.compile("/office/records"))
    assert total(office) == count(desk, q=words)
    kinds = office.at("table-row").locator("td").first
    if total(office) > 0:
        expect(kinds).not_to_be_empty()
    else:
        expect(office.at("table-empty")).to_contain_text("没有符合")


def test_from_the_review_one_searches_everything(scene: Scene) -> None:
    office, desk = scene
    office.go("review")
    office.at("office-search").fill("南河站")
    office.at("search-all").click()
    assert total(office) == count(desk, q="南河站")
    expect(office.at("filter-q")).to_contain_text("全部记录")


def test_arrows_and_enter_open_a_row(scene: Scene) -> None:
    office, desk = scene
    show(office, "records?kind=event")
    second = desk.get("/api/records", kind="event", limit=2)["records"][1]["record"]
    for key in ("ArrowDown", "ArrowDown"):
        office.page.keyboard.press(key)
    expect(office.page.locator(f'[data-record="{second}"] a')).to_be_focused()
    office.page.keyboard.press("Enter")
    expect(office.at("record-pane")).to_have_attribute("data-record", second)
    # The way back is the same table.
    office.press("to-queue")
    expect(office.page).to_have_url(re.compile("kind=event"))


def test_without_network_it_says_so_and_comes_back(scene: Scene) -> None:
    office, _ = scene
    show(office, "records?kind=work")
    context = office.page.context
    context.set_offline(True)
    try:
        office.at("kind-event").click()
        expect(office.at("table-failed")).to_be_visible()
        office.at("table-failed").get_by_role("button").click()
        expect(office.at("table-failed")).to_be_visible()
    finally:
        context.set_offline(False)
    # By itself: whoever waits at the desk need not ask again.
    expect(office.at("table-row").first).to_be_visible(timeout=45_000)


# ---- exports -------------------------------------------------------------------------------------


def taken(office: Office, format: str, folder: Path) -> Path:
    with office.page.expect_download() as coming:
        office.at(f"export-{format}").click()
    name = coming.value.suggested_filename
    assert name.endswith(f".{format}"), name
    path = folder / name
    coming.value.save_as(path)
    expect(office.at("export-done")).to_contain_text(name)
    return path


def test_a_workbook_has_the_rows_of_the_table(scene: Scene, tmp_path: Path, keep: Keep) -> None:
    office, _ = scene
    show(office, "records?kind=work&where=work_kind:salvage")
    shown = total(office)
    assert shown == 2
    office.page.keyboard.press("e")
    expect(office.at("export-count")).to_contain_text(str(shown))
    keep(office.page, "export")
    book = openpyxl.load_workbook(taken(office, "xlsx", tmp_path))
    sheet = book.worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if any(it is not None for it in row)]
    head = next(n for n, row in enumerate(rows) if "桩号" in row)
    assert len(rows) - head - 1 == shown
    at = rows[head].index("桩号")
    cells = office.at("table-row").locator("td", has_text=re.compile(r"^K\d+\+\d{3}$"))
    assert [row[at] for row in rows[head + 1 :]] == cells.all_inner_texts()


def test_a_text_table_and_a_map_have_the_same_rows(scene: Scene, tmp_path: Path) -> None:
    office, _ = scene
    show(office, "records?kind=event")
    office.page.keyboard.press("e")
    table = taken(office, "csv", tmp_path)
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == total(office)
    features = json.loads(taken(office, "geojson", tmp_path).read_text("utf-8"))["features"]
    assert len(features) == total(office)
    assert office.at("export-gpx").count() == 0


def test_of_all_kinds_together_there_is_no_file(scene: Scene) -> None:
    office, _ = scene
    show(office, "records")
    office.page.keyboard.press("e")
    expect(office.at("export-kind")).to_be_visible()
    assert office.at("export-xlsx").count() == 0


# ---- the day's figures ---------------------------------------------------------------------------


def busy_day(desk: Desk, figure: str) -> str:
    """The newest day with something in this figure: just after midnight today has nothing yet."""
    today = date.fromisoformat(desk.get("/api/figures")["day"])
    days = [(today - timedelta(days=ago)).isoformat() for ago in range(3)]
    found = (desk.get("/api/figures", day=day) for day in days)
    return next(
        str(it["day"])
        for it in found
        if any(total["id"] == figure and total["value"] for total in it["totals"])
    )


def figures(office: Office, path: str = "figures") -> None:
    office.go(path)
    expect(office.at("figures-totals")).to_be_visible(timeout=20_000)


def test_every_figure_opens_exactly_its_records(scene: Scene) -> None:
    office, desk = scene
    figures(office)
    told = desk.get("/api/figures", day=office.at("figures").get_attribute("data-day"))
    counts = {it["id"]: it["count"] for it in told["totals"]}
    cells = office.at("figures-totals").locator("[data-figure]")
    shown = cells.evaluate_all(
        "all => all.map(it => [it.dataset.figure, it.querySelector('a')?.getAttribute('href')])"
    )
    assert {name for name, _ in shown} == set(counts)
    for name, href in shown:
        if href is None:
            continue
        asked = parse_qs(urlsplit(href).query, keep_blank_values=True)
        assert count(desk, **asked) == counts[name], (name, asked)


@pytest.mark.parametrize("figure", ["hazard_new", "event_new", "patrol", "work", "duty_shift"])
def test_a_figure_is_what_the_table_shows(scene: Scene, figure: str, keep: Keep) -> None:
    office, desk = scene
    figures(office, f"figures?day={busy_day(desk, figure)}")
    cell = office.at("figures-totals").locator(f'[data-figure="{figure}"] a')
    value = int(re.sub(r"\D", "", cell.locator("b").inner_text()))
    cell.click()
    expect(office.page).to_have_url(re.compile("/office/records"))
    assert total(office) == value
    keep(office.page, f"figure-{figure}")


def test_a_figure_of_a_zone_opens_the_records_of_the_zone(scene: Scene) -> None:
    office, desk = scene
    figures(office, f"figures?day={busy_day(desk, 'event_new')}")
    day = desk.get("/api/figures", day=office.at("figures").get_attribute("data-day"))
    zone = next(
        it for it in day["zones"] for f in it["figures"] if f["id"] == "event_new" and f["value"]
    )
    value = next(f["value"] for f in zone["figures"] if f["id"] == "event_new")
    row = office.page.locator(f'tr[data-zone="{zone["zone"]}"]')
    row.locator('[data-figure="event_new"] a').click()
    assert total(office) == value
    expect(office.at("filter-zone")).to_have_value(zone["zone"])


def test_nobody_said_anything_is_not_nothing(scene: Scene, keep: Keep) -> None:
    office, _ = scene
    figures(office, f"figures?day={SILENT_DAY}")
    patrols = office.at("figures-totals").locator('[data-figure="patrol"]')
    expect(patrols.get_by_test_id("unreported")).to_have_text("未报")
    assert patrols.locator("a").count() == 0
    # What is open is known from before: nothing is nothing.
    open_hazards = office.at("figures-totals").locator('[data-figure="hazard_open"]')
    assert open_hazards.get_by_test_id("unreported").count() == 0
    expect(office.at("zones-unreported")).to_contain_text("未报")
    keep(office.page, "unreported")


def test_arrow_keys_go_from_day_to_day(scene: Scene) -> None:
    office, _ = scene
    figures(office, f"figures?day={SILENT_DAY}")
    for key, day in (("ArrowLeft", "2026-02-02"), ("ArrowRight", SILENT_DAY)):
        office.page.keyboard.press(key)
        expect(office.at("figures")).to_have_attribute("data-day", day)
        expect(office.page).to_have_url(re.compile(day))


# ---- everybody can read it -----------------------------------------------------------------------


def test_axe_finds_nothing(scene: Scene, keep: Keep) -> None:
    office, desk = scene
    handover = desk.get("/api/records", kind="handover", limit=1)["records"][0]["record"]
    told: list[str] = []

    def look(name: str) -> None:
        ready(office.page)
        told.extend(f"{name}: {it}" for it in violations(office.page))
        keep(office.page, name)

    show(office, "records")
    look("all")
    show(office, "records?kind=hazard&state=pending")
    office.press("columns")
    look("columns")
    show(office, "records?kind=patrol")
    office.page.keyboard.press("e")
    look("export")
    office.go(f"records/{handover}")
    expect(office.at("record-fields")).to_be_visible(timeout=20_000)
    look("handover")
    figures(office)
    look("figures")
    assert not told, "\n".join(told)


PLACES = (
    *("review", "map", "records", "figures", "unaccepted", "people", "people/import", "devices"),
    *(f"records?kind={kind}" for kind in ("hazard", "reading", "zone", "handover", "member")),
)
WIDE = """() => [...document.querySelectorAll('body *')]
  .filter((it) => it.getBoundingClientRect().right > innerWidth + 1)
  .filter((it) => !it.closest('.scroll, .sheet, .side, .kinds, .leaflet-container, .hs-unseen'))
  .map((it) => `${it.className} ${it.textContent.slice(0, 30)}`)"""
WIDE_FORM = """() => [...document.querySelectorAll('[role="dialog"] *')]
  .filter((it) => it.getBoundingClientRect().right > innerWidth + 1)
  .filter((it) => !it.closest('.leaflet-container, .hs-unseen'))
  .map((it) => `${it.className} ${it.textContent.slice(0, 30)}`)"""


@pytest.fixture(scope="module")
def small(scene: Scene, new_desk: Callable[..., BrowserContext]) -> Office:
    office = Office(new_desk(viewport={"width": 360, "height": 640}), scene.office.url)
    office.sign_in()
    return office


def enlarged(small: Office, place: str) -> None:
    small.go(place)
    expect(small.page.locator("main h1, main h2").first).to_be_visible(timeout=20_000)
    small.page.evaluate(LARGE)
    ready(small.page)


def fits(small: Office, place: str, how: str = WIDE) -> None:
    assert small.page.evaluate(how) == [], place
    wide = small.page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 361, f"{place} is {wide} px wide"


@pytest.mark.parametrize("place", PLACES)
def test_on_a_small_screen_with_letters_twice_as_large_nothing_is_cut_off(
    small: Office, place: str, keep: Keep
) -> None:
    """What is wider than the screen scrolls within its own frame; all else is below one another."""
    enlarged(small, place)
    if "kind=" in place:
        expect(small.at("table-row").first).to_be_visible(timeout=20_000)
    fits(small, place)
    here = small.page.locator(".side a[aria-current]")
    here.scroll_into_view_if_needed()
    expect(here).to_be_in_viewport(ratio=0.9)
    keep(small.page, f"small-{re.sub('[^a-z]', '-', place)}")


@pytest.mark.parametrize("kind", ["hazard", "patrol", "handover", "zone", "dispatch"])
def test_a_record_fits_a_small_screen(scene: Scene, small: Office, kind: str, keep: Keep) -> None:
    records = scene.desk.get("/api/records", kind=kind, limit=200)["records"]
    fullest = max(records, key=lambda it: (len(it["body"]["fields"]), len(it["body"]["adds"])))
    enlarged(small, f"records/{fullest['record']}")
    expect(small.at("record-fields")).to_be_visible(timeout=20_000)
    ready(small.page)
    fits(small, kind)
    keep(small.page, f"small-record-{kind}")


@pytest.mark.parametrize("kind", ["hazard", "reading", "handover", "zone"])
def test_a_form_fits_a_small_screen(small: Office, kind: str, keep: Keep) -> None:
    enlarged(small, f"records?kind={kind}")
    small.press("make")
    form = small.at(f"form-{kind}")
    expect(form.get_by_test_id("form-fields")).to_be_visible(timeout=20_000)
    while form.locator("[data-testid^=unfold-]").count():
        form.locator("[data-testid^=unfold-]").first.click()
    # All it can say against it stands there.
    form.get_by_test_id("form-save").click()
    fits(small, kind, WIDE_FORM)
    save = form.get_by_test_id("form-save")
    expect(save).to_be_in_viewport(ratio=0.9)
    keep(small.page, f"small-form-{kind}")
    small.page.keyboard.press("Escape")
    expect(form).to_have_count(0)
