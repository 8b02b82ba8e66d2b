"""What an organisation is made of, by the forms that the desk draws from the descriptions: from an
empty organisation to a walk on the phone, and every kind the desk may make."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, expect

from hushui.demo.nanbeihe import CODE
from hushui.kinds import KINDS
from hushui.kinds.describe import broken, validate
from hushui.kinds.fields import Field
from hushui.kinds.kind import Kind, Wrong
from tests.e2e.conftest import Keep
from tests.e2e.desk_form import DeskForm
from tests.e2e.filling import NotOffered
from tests.e2e.founding import found
from tests.e2e.house import PASSWORD, House
from tests.e2e.house import Desk as Asking
from tests.e2e.phone import Screen
from tests.e2e.test_people import OWN, SHORT, Desk, digits
from tests.support.proxy import Proxy

Values = dict[str, Any]

ELSEWHERE = {"patrol", "photo", "review", "grant", "member", "team", "device", "consent"}
"""Made, but not by a form of the table."""
MADE = [kind for kind in KINDS.values() if kind.code not in ELSEWHERE]
REASON = "桌上补记，现场没有拍照"
LINE = [[120.1 + n * 0.004, 30.25 + (n % 3) * 0.0012] for n in range(6)]
WORDS = {
    "required": "“{}”没填",
    "out_of_range": "“{}”超出范围",
    "wrong_type": "“{}”填的不是这种内容",
    "too_long": "“{}”太长",
    "unknown_choice": "“{}”选的不在表里",
}


def start(desk: Desk, kind: Kind) -> None:
    desk.go(f"records?kind={kind.code}")
    expect(desk.at(f"kind-{kind.code}")).to_have_attribute("aria-current", "true")
    desk.press("make")


def kept(desk: Desk) -> None:
    expect(desk.at("make-said")).to_contain_text("单位已收到", timeout=20_000)


# a real organisation -----------------------------------------------------------------------------
@pytest.fixture(scope="module")
def own_house(
    stack: ExitStack, built_app: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[House, str]:
    data = tmp_path_factory.mktemp("founded")
    password = found(data, SHORT)
    house = House(data, tmp_path_factory.mktemp("house"), built_app)
    stack.callback(house.close)
    return house, password


@pytest.fixture(scope="module")
def admin(own_house: tuple[House, str], new_desk: Callable[..., BrowserContext]) -> Desk:
    house, password = own_house
    desk = Desk(new_desk(), house.url)
    desk.sign_in(SHORT, "zhengdu", password, new=OWN)
    return desk


def make(desk: Desk, code: str, values: Values, names: dict[str, str]) -> str:
    """By its form; the record that now stands in the table."""
    start(desk, KINDS[code])
    form = DeskForm(desk.page, KINDS[code], names)
    form.fill(values)
    form.save()
    kept(desk)
    row = desk.page.locator("[data-testid=table-row]").first
    expect(row).to_be_visible(timeout=20_000)
    record = row.get_attribute("data-record")
    assert record
    return record


def test_an_empty_organisation_is_set_up_at_the_desk_and_walked_on_the_phone(
    admin: Desk, own_house: tuple[House, str], new_screen: Callable[..., Screen], keep: Keep
) -> None:
    house, _ = own_house
    admin.people()
    admin.add("张河")
    admin.add("李岸")

    # The zone: its line from a file, its area along the line.
    start(admin, KINDS["zone"])
    form = DeskForm(admin.page, KINDS["zone"], {})
    form.fill({"code": "330100-LH-Z01", "name": "临河上段", "chainage_start": 0, "river": "临河"})
    line = form.at.get_by_test_id("field-line")
    swapped = {"type": "LineString", "coordinates": [[lat, lon] for lon, lat in LINE]}
    upload(line.get_by_test_id("shape-file"), "line.geojson", json.dumps(swapped))
    line.get_by_test_id("shape-swap").click()
    expect(line.get_by_test_id("shape-stands")).to_contain_text("6 个点")
    form.save()
    area = form.at.get_by_test_id("field-polygon")
    expect(area).to_contain_text("“范围”没填")
    area.get_by_test_id("shape-along").click()
    expect(area.get_by_test_id("shape-stands")).to_contain_text("平方千米")
    keep(admin.page, "zone")
    assert admin.axe() == ""
    form.save()
    kept(admin)
    row = admin.page.locator("[data-testid=table-row]").first
    expect(row).to_contain_text("临河上段", timeout=20_000)
    zone = str(row.get_attribute("data-record"))
    zones = {zone: "Z01 临河上段"}

    make(
        admin,
        "checkpoint",
        {"zone": zone, "name": "闸口", "number": 1, "chainage": 600},
        zones,
    )
    gauge = make(
        admin,
        "object",
        {"name": "临河站", "class": "gauge", "zone": zone, "datum": "cgd1985", "z_warning": 21.5},
        zones,
    )
    make(admin, "boat", {"no": "L1", "capacity": 4, "state": "ready"}, {})
    duties = [{"text": "看水位"}, {"text": "清漂"}]
    make(admin, "post", {"name": "闸口岗", "post_kind": "duty_post", "duties": duties}, {})
    make(
        admin,
        "response",
        {
            "hazard_kind": "flood",
            "level": "response_iv",
            "area": "临河全段",
            "from": 1_795_500_000_000,
            "issuer": "临河水务局",
        },
        {},
    )
    people = people_of(admin)
    zheng, zhang, li = people["郑渡"], people["张河"], people["李岸"]
    who = {id: name for name, id in people.items()}
    hour = 3_600_000
    at = 1_795_500_000_000
    make(
        admin,
        "duty_shift",
        {
            "start": at,
            "end": at + 12 * hour,
            "leader": zheng,
            "staff": [zhang],
        },
        who,
    )
    make(
        admin,
        "reading",
        {"station": gauge, "at": at + hour, "z_m": 20.4},
        {gauge: "临河站"},
    )
    make(admin, "duty_entry", plain(KINDS["duty_entry"]) | {"owner": zhang}, who)
    start(admin, KINDS["handover"])
    form = DeskForm(admin.page, KINDS["handover"], who)
    open_matters = [{"text": "16 时前开启二号闸", "owner": li}]
    given = {"outgoing": zhang, "incoming": li, "items": open_matters}
    form.fill(plain(KINDS["handover"]) | given)
    keep(admin.page, "handover")
    assert admin.axe() == ""
    form.save()
    kept(admin)

    # Closed in the middle, it goes on; and a reading is looked at.
    start(admin, KINDS["reading"])
    form = DeskForm(admin.page, KINDS["reading"], {gauge: "临河站"})
    form.fill({"station": gauge, "z_m": 22.1})
    keep(admin.page, "reading")
    assert admin.axe() == ""
    admin.page.wait_for_timeout(700)  # a draft is saved half a second after the last key
    start(admin, KINDS["reading"])
    form = DeskForm(admin.page, KINDS["reading"], {gauge: "临河站"}, afresh=False)
    expect(form.at.get_by_test_id("field-z_m").get_by_role("textbox")).to_have_value("22.1")
    admin.press("form-afresh")
    figure = form.at.get_by_test_id("field-z_m").get_by_role("textbox")
    expect(figure).to_have_value("")
    # One tap destroys nothing: what was typed before and what was typed since change places.
    figure.fill("20.9")
    keep(admin.page, "afresh")
    admin.press("form-back")
    expect(figure).to_have_value("22.1")
    admin.press("form-back")
    expect(figure).to_have_value("20.9")
    form.fill({"station": gauge})
    form.save()
    kept(admin)
    start(admin, KINDS["reading"])
    expect(form.at.get_by_test_id("form-fields")).to_be_visible()
    expect(form.at.get_by_test_id("form-back")).to_have_count(0)
    expect(form.at.get_by_test_id("form-afresh")).to_have_count(0)
    expect(figure).to_have_value("")
    admin.page.keyboard.press("Escape")

    # What is kept is changed on its own page.
    admin.go(f"records/{gauge}")
    admin.press("change-record")
    form = DeskForm(admin.page, KINDS["object"], {})
    form.fill({"z_warning": 21.8})
    form.save()
    expect(admin.at("change-said")).to_contain_text("单位已收到", timeout=20_000)
    expect(admin.at("office-record")).to_contain_text("21.8")

    # His zone, on his phone.
    admin.people()
    admin.open("张河")
    admin.at("zone-pick").select_option(value=zone)
    admin.press("give-zone")
    expect(admin.at("zones-panel")).to_contain_text("Z01", timeout=20_000)
    admin.page.keyboard.press("Escape")
    admin.press("person-code", admin.row("张河"))
    phone = new_screen(house.url)
    phone.stand((LINE[0][0], LINE[0][1]))
    phone.enrol(digits(admin))
    expect(phone.shows("zone-card", zone=zone)).to_contain_text("临河上段")
    phone.wait_ready()
    phone.tap("start-patrol")
    phone.shows("patrol-page")
    expect(phone.at("patrol-place")).to_contain_text("K0+")
    expect(phone.at("patrol-page")).to_contain_text("0/1")
    phone.hold("patrol-end")
    phone.shows("patrol-end-page")
    phone.tap("patrol-submit")
    phone.wait_sent()
    admin.go("records?kind=patrol")
    expect(admin.page.locator("[data-testid=table-row]")).to_have_count(1, timeout=20_000)


def upload(box: Any, name: str, text: str) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": text.encode()}
    box.set_input_files(file)


def plain(kind: Kind) -> Values:
    """The valid example without the records it names."""
    refs = ("ref", "refs")

    def bare(fields: dict[str, Field], values: Values) -> Values:
        return {
            name: [bare(fields[name].fields or {}, row) for row in it]
            if fields[name].type == "rows"
            else it
            for name, it in values.items()
            if fields[name].type not in refs
        }

    return bare(kind.fields, kind.valid)


def people_of(desk: Desk) -> dict[str, str]:
    answer = desk.page.request.get(f"{desk.url}/api/records?kind=member&limit=200").json()
    return {it["body"]["fields"]["name"]: it["record"] for it in answer["records"]}


# every kind --------------------------------------------------------------------------------------
class Scene(NamedTuple):
    desk: Desk
    asking: Asking
    stands: dict[str, list[str]]
    """Of each kind real records, for the invented ids of the examples."""
    names: dict[str, str]


@pytest.fixture(scope="module")
def scene(new_house: Callable[..., House], new_desk: Callable[..., BrowserContext]) -> Scene:
    house = new_house()
    desk = Desk(new_desk(), house.url)
    desk.sign_in(CODE, "zhouxun", PASSWORD)
    asking = house.desk()
    stands: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for kind in KINDS.values():
        found = asking.get("/api/records", kind=kind.code, limit=200)["records"]
        stands[kind.code] = [it["record"] for it in found]
        names |= {it["record"]: called(kind, it["body"]["fields"]) for it in found}
    stands[""] = stands["hazard"]
    return Scene(desk, asking, stands, names)


def called(kind: Kind, fields: Values) -> str:
    """What the desk calls it, or a word by which it is found."""
    if kind.code == "zone":
        return f"{fields['code'].rsplit('-', 1)[-1]} {fields['name']}"
    said = [words_of(kind.fields[name], fields[name]) for name in kind.title if fields.get(name)]
    return str(fields["name"]) if "name" in fields and kind.code != "boat" else " ".join(said[:1])


def words_of(field: Field, value: Any) -> str:
    first = value[0] if isinstance(value, list) else value
    return next((it.zh for it in field.choices if it.code == first), str(first))


def test_there_is_a_form_for_each_kind_but_for_what_is_made_elsewhere(scene: Scene) -> None:
    assert set(KINDS) >= ELSEWHERE
    scene.desk.go("records")
    for code in KINDS:
        scene.desk.at(f"kind-{code}").click()
        expect(scene.desk.at(f"kind-{code}")).to_have_attribute("aria-current", "true")
        expect(scene.desk.at("make")).to_have_count(0 if code in ELSEWHERE else 1)


def test_without_network_nothing_is_said_that_is_not_known_and_what_is_made_waits(
    new_house: Callable[..., House],
    new_cable: Callable[[House], Proxy],
    new_desk: Callable[..., BrowserContext],
    keep: Keep,
) -> None:
    """And a line is drawn by clicks, the last of them taken back."""
    cable = new_cable(new_house())
    desk = Desk(new_desk(), f"http://localhost:{cable.port}")
    desk.sign_in(CODE, "zhouxun", PASSWORD)
    start(desk, KINDS["object"])
    form = DeskForm(desk.page, KINDS["object"], {})
    form.fill({"name": "新渠", "class": "canal"})
    cable.cut()
    line = form.drawn("line", KINDS["object"].fields["line"])
    line.get_by_test_id("shape-type").click()
    line.get_by_test_id("shape-text").fill("43.17, 124.33\n43.18, 124.34")
    form.save()
    expect(line).to_contain_text("还没用上")
    line.get_by_test_id("shape-take").click()
    expect(line.get_by_test_id("shape-swap")).to_be_visible()
    form.save()
    expect(line).to_contain_text("还没用上")
    line.get_by_test_id("shape-not").click()
    line.get_by_test_id("shape-type").click()
    expect(line).not_to_contain_text("还没用上")
    line.get_by_test_id("shape-draw").click()
    ground = line.get_by_test_id("draw-map")
    box = ground.bounding_box()
    assert box is not None
    for x, y in ((0.3, 0.3), (0.5, 0.5), (0.7, 0.4)):
        ground.click(position={"x": box["width"] * x, "y": box["height"] * y})
    expect(line.get_by_test_id("shape-stands")).to_contain_text("3 个点")
    line.get_by_test_id("shape-undo").click()
    expect(line.get_by_test_id("shape-stands")).to_contain_text("2 个点")
    keep(desk.page, "drawn")
    assert desk.axe() == ""
    form.save()
    expect(desk.at("make-said")).to_contain_text("待发出", timeout=20_000)
    expect(desk.at("table-waiting")).to_contain_text("新渠")
    desk.at("kind-boat").click()
    failed = desk.at("table-failed")
    expect(failed).to_contain_text("这台电脑", timeout=20_000)
    expect(failed).not_to_contain_text("手机")
    expect(desk.at("table-count")).to_have_count(0)
    keep(desk.page, "offline")
    cable.restore()
    desk.at("kind-object").click()
    row = desk.at("table-row").filter(has_text="新渠")
    expect(row).to_be_visible(timeout=60_000)
    expect(desk.at("table-waiting")).to_have_count(0)


def test_a_track_that_could_not_be_fetched_is_not_called_missing(scene: Scene) -> None:
    patrols = scene.asking.get("/api/records", kind="patrol", limit=200)["records"]
    walked = next(it for it in patrols if any(add["set"].get("blob") for add in it["body"]["adds"]))
    page = scene.desk.page
    page.route("**/api/blobs/**", lambda route: route.abort())
    try:
        scene.desk.go(f"records/{walked['record']}")
        expect(scene.desk.at("track-failed")).to_contain_text("没取到", timeout=20_000)
        expect(page.get_by_text("有一段轨迹还没到单位")).to_have_count(0)
        page.unroute("**/api/blobs/**")
        page.route("**/api/blobs/**", lambda route: route.fulfill(status=404, body="{}"))
        page.reload()
        expect(page.get_by_text("有一段轨迹还没到单位")).to_be_visible(timeout=20_000)
        expect(scene.desk.at("track-failed")).to_have_count(0)
    finally:
        page.unroute("**/api/blobs/**")


def test_two_tabs_have_a_form_each_and_both_are_kept(scene: Scene) -> None:
    kind = KINDS["reading"]
    other = Desk(scene.desk.page.context, scene.desk.url)
    forms = []
    for desk, level in ((scene.desk, 21.31), (other, 21.32)):
        start(desk, kind)
        form = DeskForm(desk.page, kind, scene.names, afresh=desk is scene.desk)
        expect(form.at.get_by_test_id("form-afresh")).to_have_count(0)
        form.fill(known(scene, kind, {**kind.valid, "z_m": level}))
        desk.page.wait_for_timeout(700)  # a draft is saved half a second after the last key
        forms.append(form)
    for form, desk in zip(forms, (scene.desk, other), strict=True):
        form.save()
        kept(desk)
    newest = scene.asking.get("/api/records", kind="reading", limit=2)["records"]
    assert {it["body"]["fields"]["z_m"] for it in newest} == {21.31, 21.32}
    other.page.close()


@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.code)
def test_what_is_wrong_is_refused_and_what_is_right_is_kept(
    scene: Scene, kind: Kind, keep: Keep
) -> None:
    refused(scene, kind)
    for example in (kind.valid, *kind.also):
        wanted = known(scene, kind, example)
        start(scene.desk, kind)
        form = DeskForm(scene.desk.page, kind, scene.names)
        form.fill(wanted)
        keep(scene.desk.page, kind.code)
        form.save()
        kept(scene.desk)
        newest = scene.asking.get("/api/records", kind=kind.code, limit=1)["records"][0]
        held = {k: v for k, v in newest["body"]["fields"].items() if v is not None}
        assert held == wanted
        row = f'[data-testid="table-row"][data-record="{newest["record"]}"]'
        expect(scene.desk.page.locator(row)).to_be_visible(timeout=20_000)


def refused(scene: Scene, kind: Kind) -> None:
    """The first of the wrong examples that the form lets a person write."""
    for wrong in kind.wrong:
        start(scene.desk, kind)
        form = DeskForm(scene.desk.page, kind, scene.names)
        try:
            form.fill(known(scene, kind, wrong.fields))
        except NotOffered:
            form.at.page.keyboard.press("Escape")
            continue
        form.save()
        words = refusal(kind, wrong)
        expect(form.at.get_by_test_id(f"field-{wrong.field}").first).to_contain_text(words)
        expect(form.at.get_by_test_id("form-stops")).to_be_visible()
        expect(scene.desk.at("make-said")).to_have_count(0)
        scene.desk.page.keyboard.press("Escape")
        return
    raise AssertionError(f"the form of {kind.code} lets nothing wrong be tried")


def refusal(kind: Kind, wrong: Wrong) -> str:
    if fault := validate(kind.fields, wrong.fields, new=True):
        code, name = fault
        return WORDS[code].format(kind.fields[name].zh)
    return next(rule.zh for rule in broken(kind, wrong.fields, new=True) if rule.effect == "block")


def known(scene: Scene, kind: Kind, fields: Values) -> Values:
    """With real records in the place of invented ones of the same kind, each time another; and a
    reason where a form without a camera needs one."""
    taken: dict[str, str] = {}

    def real(field: Field, id: Any) -> Any:
        if not isinstance(id, str) or len(id) != 26:
            return id
        if id not in taken:
            free = [it for it in scene.stands[field.kind or ""] if it not in taken.values()]
            taken[id] = free[0]
        return taken[id]

    def value(field: Field, it: Any) -> Any:
        match field.type:
            case "ref":
                return real(field, it)
            case "refs" if isinstance(it, list):
                return [real(field, id) for id in it]
            case "rows" if isinstance(it, list):
                return [
                    {name: value((field.fields or {})[name], part) for name, part in row.items()}
                    for row in it
                ]
            case "time" if isinstance(it, int) and it > 0:
                return it - it % 1000
            case "geo" if isinstance(it, dict) and "lon" in it:
                return {"source": "map", "lon": it["lon"], "lat": it["lat"]}
            case _:
                return it

    found = {name: value(kind.fields[name], it) for name, it in fields.items() if it is not None}
    return found | ({"no_photo_reason": REASON} if "no_photo_reason" in kind.fields else {})
