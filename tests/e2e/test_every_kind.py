"""Every hazard type and every kind of work, through its own form: what the description calls wrong
is refused as the server would, and the valid example reaches the server as it was filled in.

The types, their examples and the answers the server would give come from the kinds' description.
Some wrong examples no form can produce (`out_of_reach`); there the form must offer no way.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from hushui.kinds import KINDS, cel
from hushui.kinds.checklists import CHECKS
from hushui.kinds.describe import broken, fault_in, validate
from hushui.kinds.fields import Field
from hushui.kinds.kind import Kind, Wrong
from hushui.kinds.tables import TABLES
from tests.e2e import kills
from tests.e2e.conftest import Keep
from tests.e2e.filling import Form, NotOffered
from tests.e2e.house import Desk, House
from tests.e2e.phone import Screen

Values = dict[str, Any]

ZONE = IDS.zone("Z03")
HAZARD, WORK = KINDS["hazard"], KINDS["work"]
CHOOSER = {"hazard": "types", "work": "work_kind"}
"""What a report begins with: a picture."""
# Whoever checks, alone, and the one structure of its class in the zone.
BY_CHECK = ("people", "structure")
BY_PAGE = ("zone", "place", "chainage", "bank", "no_photo_reason")
"""What the phone itself says of where it stands, and the reason every form without a photo asks."""
DIGITS_MAX = 9
WORDS = {"required": "“{}”没填", "out_of_range": "“{}”超出范围", "too_long": "“{}”太长"}


class Scene(NamedTuple):
    phone: Screen
    desk: Desk
    names: Mapping[str, str]
    stand_ins: Mapping[str, str]
    """Of each kind a real record, for the invented ids of the examples."""


@pytest.fixture(scope="module")
def scene(new_house: Callable[..., House], new_screen: Callable[..., Screen]) -> Scene:
    house = new_house()
    desk = house.desk()
    phone = new_screen(house.url)
    zone = desk.record(ZONE)["body"]["fields"]
    phone.stand(on_bank(zone["line"], zone["chainage_start"], 5200, 5))
    phone.enrol(house.desk("admin").code("张河"))
    phone.shows("zone-card")
    phone.wait_ready()
    boat = desk.get("/api/records", kind="boat", limit=200)["records"][-1]
    fields = boat["body"]["fields"]
    watcher = IDS.member("潘潮")
    return Scene(
        phone,
        desk,
        names={
            ZONE: f"Z03 {zone['name']}",
            watcher: "潘潮",
            boat["record"]: " ".join(filter(None, (fields["no"], fields.get("name")))),
        },
        stand_ins={"zone": ZONE, "member": watcher, "boat": boat["record"]},
    )


def types_of(kind: Kind) -> list[str]:
    return [choice.code for choice in kind.fields[CHOOSER[kind.code]].choices]


@pytest.mark.parametrize(
    ("kind", "code"),
    [(kind, code) for kind in (HAZARD, WORK) for code in types_of(kind)],
    ids=lambda item: item if isinstance(item, str) else item.code,
)
def test_a_type_refuses_what_is_wrong_and_keeps_what_is_right(
    scene: Scene, kind: Kind, code: str, keep: Keep
) -> None:
    first, *others = examples_of(kind, code)
    form = begin(scene, kind, code)
    for wrong in wrongs_of(kind, code):
        if form.sticks(wrong.fields):
            form = begin(scene, kind, code)
        try_wrong(scene, form, wrong)
    hand_in(scene, form, first, keep)
    for example in others:
        hand_in(scene, begin(scene, kind, code), example, keep)


def test_a_figure_below_the_open_keys_gets_its_own_with_one_tap(scene: Scene) -> None:
    """The form moves when the keys go: not before the finger has let go."""
    form = begin(scene, WORK, "canal_desilt")
    pad = scene.phone.shows("amount-pad")
    form.put("hours", 3.5)
    expect(scene.phone.at("field-hours")).to_contain_text("3.5")
    expect(pad).to_have_count(0)


def test_every_example_belongs_to_one_type() -> None:
    for kind in (HAZARD, WORK):
        tried = [it for code in types_of(kind) for it in wrongs_of(kind, code)]
        assert all(wrong in tried for wrong in kind.wrong)
        handed_in = [it for code in types_of(kind) for it in examples_of(kind, code)]
        assert len(handed_in) == 1 + len(kind.also)


# ---- what the description gives ------------------------------------------------------------------


def examples_of(kind: Kind, code: str) -> list[Values]:
    return [it for it in (kind.valid, *kind.also) if leading(kind, it) == code]


def wrongs_of(kind: Kind, code: str) -> Iterator[Wrong]:
    """Those the kind declares; where no form can produce any of them, one figure too large."""
    declared = [it for it in kind.wrong if leading(kind, it.fields) == code]
    yield from declared
    if all(out_of_reach(kind, it) for it in declared):
        yield from too_much(kind, examples_of(kind, code)[0])


def leading(kind: Kind, fields: Values) -> str:
    """What does not say a type the kind knows, or none at all, is tried in the form of the valid
    example."""
    said = fields.get(CHOOSER[kind.code])
    first = (said[0] if said else None) if isinstance(said, list) else said
    known = types_of(kind)
    return first if first in known else leading(kind, kind.valid)


def too_much(kind: Kind, example: Values) -> Iterator[Wrong]:
    for name in example:
        most = kind.fields[name].max
        if is_figure(kind.fields[name]) and most is not None and most + 1 < 10**DIGITS_MAX:
            yield Wrong({**example, name: most + 1}, "out_of_range", name)
            return


def out_of_reach(kind: Kind, wrong: Wrong) -> bool:
    """No form can produce it: every widget writes its own type, offers only what is declared, and
    no row without its name; the keys have no minus where nothing is below zero, and nine digits;
    the work is a picture chosen before; degrees are measured. Text is never cut."""
    field, value = kind.fields[wrong.field], wrong.fields.get(wrong.field)
    match wrong.code:
        case "wrong_type" | "unknown_choice":
            return True
        case "too_long":
            # Why it is corrected is asked of a record that is out.
            return field.type != "text" or field.group == "correction"
        case "out_of_range" if is_figure(field):
            assert isinstance(value, int | float)
            return value < 0 <= (field.min or 0) or value >= 10**DIGITS_MAX
        case "required":
            return wrong.field == "work_kind" or field.type == "rows"
        case _:
            return field.type == "geo"


def is_figure(field: Field) -> bool:
    return field.type in ("number", "integer")


def refusal(kind: Kind, values: Values) -> tuple[str, str, str] | None:
    """What the server answers, and in which words the phone says the same."""
    if fault := validate(kind.fields, values, new=True):
        code, name = fault
        return code, name, WORDS.get(code, "").format(kind.fields[name].zh)
    blocking = (rule for rule in broken(kind, values, new=True) if rule.effect == "block")
    return next((("blocked", rule.field, rule.zh) for rule in blocking), None)


# ---- what a person does --------------------------------------------------------------------------


def begin(scene: Scene, kind: Kind, code: str) -> Form:
    """From wherever he is, to the open form of this type."""
    phone = scene.phone
    if phone.at("saved-home").count():
        phone.tap("saved-home")
    elif phone.at("draft-page").count() and not phone.page.get_by_role("dialog").count():
        phone.tap("draft-remove")
        phone.tap("draft-remove-confirm")
    else:
        phone.go("/")
    phone.step_aside()  # a fix is believed for a minute
    phone.tab("上报")
    expect(phone.at("report-page").get_by_test_id("place-words")).to_contain_text("K5+")
    begun: Values = {CHOOSER[kind.code]: code}
    if kind is WORK:
        phone.at("report-kind").get_by_text("作业").tap()
        phone.tap(f"work-{code}")
    else:
        begun = {"types": [code], "nature": "acute"}
        name = "hazard-unsure" if code == "unclear" else f"hazard-{code}"
        phone.shows("hazard-unsure")
        if not phone.at(name).count():
            phone.tap("hazard-more")
        phone.tap(name)
        phone.tap("camera-count")
    expect(phone.at("draft-page").get_by_test_id("place-edit")).to_be_visible()
    return Form(phone, kind, begun, scene.names)


def try_wrong(scene: Scene, form: Form, wrong: Wrong) -> None:
    server = refusal(form.kind, wrong.fields)
    assert server is not None
    code, name, words = server
    assert (code, name) == (wrong.code, wrong.field)
    if out_of_reach(form.kind, wrong):
        with pytest.raises(NotOffered) as told:
            form.bring_to(known(scene, form.kind, wrong.fields))
        assert told.value.field == name
        return
    form.bring_to(known(scene, form.kind, wrong.fields))
    scene.phone.tap("submit")
    expect(scene.phone.shows("stops")).to_contain_text(f"还不能交：{words}")
    expect(scene.phone.at(f"field-{name}")).to_contain_text(words)


def hand_in(scene: Scene, form: Form, example: Values, keep: Keep) -> None:
    phone, kind = scene.phone, form.kind
    wanted = known(scene, kind, example)
    form.bring_to(wanted)
    keep(phone.page, f"{kind.code}-{leading(kind, example)}")
    is_check = example.get("work_kind") in CHECKS
    if is_check:
        phone.tap("submit")
    elif example is not kind.valid:
        phone.tap("submit")
        expect(phone.shows("stops")).to_contain_text("还不能交：还差照片")
        phone.tap("no-photo-reason")
        phone.tap("submit")
    elif kind is HAZARD:
        # Its shutter hands it in.
        phone.tap("take-scene")
        phone.shoot()
    else:
        for slot in kind.photos[0].slots:
            kills.take(phone, slot)
        phone.tap("submit")
    record = phone.just_saved("received")
    fields = scene.desk.record(record)["body"]["fields"]
    held = {name: it for name, it in fields.items() if it is not None}
    assert held.keys() >= {"zone", "place", "chainage"}
    if example is not kind.valid and not is_check:
        assert held["no_photo_reason"]
    for name in (*BY_PAGE, *(BY_CHECK if is_check else ())):
        if name not in wanted:
            held.pop(name, None)
    assert held == wanted | proposed(kind, wanted)


def known(scene: Scene, kind: Kind, fields: Values) -> Values:
    """With a real record in the place of an invented one of the same kind."""

    def real(field: Field, value: Any) -> Any:
        is_id = field.type == "ref" and fault_in(field, value) is None
        return scene.stand_ins[field.kind or ""] if is_id else value

    return {name: real(kind.fields[name], it) for name, it in fields.items()}


def proposed(kind: Kind, fields: Values) -> Values:
    """The level that the phone puts where nobody has chosen one."""
    if kind is not HAZARD or "level" in fields:
        return {}
    row = cel.decide(TABLES["severity"], cel.inputs(kind.fields, fields))
    return {"level": row.code} if row else {}
