"""Brings the form of any kind to given values, field by field, by what each field is drawn as.

It knows the widgets and no kind: what a field is comes from the kind's description. What a form
does not let a person say is told as `NotOffered`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from playwright.sync_api import Locator, expect

from hushui.domain.chainage import chainage_text
from hushui.kinds.fields import Field
from hushui.kinds.kind import Kind
from tests.e2e.phone import Screen

Values = Mapping[str, Any]

PLACE = ("zone", "place", "chainage", "bank")
"""In a sheet of their own, together."""
LAST = "level"
"""Follows what the other fields say until a hand chooses it."""
MINUTE_MS = 60_000
HERE = timezone(timedelta(hours=8))
SIDES = {"left": "左岸", "right": "右岸"}
OWNERS = {"personal": "自带", "station": "单位的"}
# What stands there, and the middle of every key, none of which moves while a figure is typed.
KEYS = """
(pad) => [pad.querySelector('p b').innerText, Object.fromEntries(
  [...pad.querySelectorAll('.keypad button')].map((key) => {
    const { x, y, width, height } = key.getBoundingClientRect()
    return [key.ariaLabel ?? key.innerText.trim(), [x + width / 2, y + height / 2]]
  }),
)]
"""


class NotOffered(Exception):
    """The form gives no way to say this."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field


class Form:
    """One open form. ``begun``: what stands in it already. ``names``: what a field that names
    another record shows for an id."""

    def __init__(self, screen: Screen, kind: Kind, begun: Values, names: Mapping[str, str]) -> None:
        self.screen, self.kind, self.names = screen, kind, names
        self.values = dict(begun)

    def bring_to(self, wanted: Values) -> None:
        """Whatever differs is put right, in the order of the form."""
        if any(self.values.get(name) != wanted.get(name) for name in PLACE):
            self.place(wanted)
        unknown = wanted.keys() - self.kind.fields.keys()
        assert not unknown, unknown
        for name in sorted(self.kind.fields, key=LAST.__eq__):
            if self.values.get(name) != wanted.get(name):
                self.put(name, wanted.get(name))

    def sticks(self, wanted: Values) -> bool:
        """What somebody must choose can be chosen anew, but not be taken back."""
        return any(
            value is not None and wanted.get(name) is None
            for name, value in self.values.items()
            if self.kind.fields[name].type in ("choice", "ref")
        )

    def put(self, name: str, value: Any) -> None:
        field = self.kind.fields[name]
        at = self.drawn(name, field)
        match field.type:
            case "number" | "integer":
                self.figure(name, at, value)
            case "text":
                self.text(name, at, value)
            case "bool":
                self.answer(name, at, value)
            case "choice":
                self.choose(name, at, value)
            case "choices":
                self.choose_several(name, at, value)
            case "ref":
                self.pick(name, at, value)
            case "time":
                self.moment(name, at, value)
            case "rows" if "item" in (field.fields or {}):
                self.checklist(name, at, value)
            case "rows":
                self.tools(name, at, value)
            case _:
                raise NotOffered(name, f"nothing draws {field.type}")

    def drawn(self, name: str, field: Field) -> Locator:
        at = self.screen.at(f"field-{name}")
        if not at.count():
            fold = self.screen.at(f"unfold-{field.group}")
            if not fold.count():
                raise NotOffered(name, "it is not in this form")
            fold.tap()
            expect(at).to_have_count(1)
        return at

    # one widget each ---------------------------------------------------------------------------
    def figure(self, name: str, at: Locator, value: Any) -> None:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise NotOffered(name, "the keys write figures")
        own = self.screen.at("amount-pad", field=name)
        if own.count():
            self.type(name, own, value)
            return
        at.locator(".plate, .figure").tap()
        sheet = self.dialog()
        self.type(name, sheet, value)
        expect(sheet).to_have_count(0)

    def type(self, name: str, pad: Locator, value: float | None) -> None:
        """Each key by a finger at its place; what stands there in the end is read."""
        standing: str
        keys: dict[str, tuple[float, float]]
        standing, keys = pad.evaluate(KEYS)
        touch = self.screen.page.touchscreen.tap
        if value is None:
            signs = ["退格"] * (0 if standing == "—" else len(standing))
        else:
            signs = [{".": "小数点", "-": "负号"}.get(it, it) for it in written(value)]
        for sign in signs:
            if sign in keys:
                touch(*keys[sign])
        said = pad.locator("p b").first.inner_text()
        touch(*keys["完成"])
        self.values[name] = None if said == "—" else float(said)
        if self.values[name] != value:
            raise NotOffered(name, f"the keys write {said}")

    def text(self, name: str, at: Locator, value: Any) -> None:
        box = at.get_by_role("textbox")
        box.fill(value or "")
        self.values[name] = box.input_value() or None
        if self.values[name] != value:
            raise NotOffered(name, "it takes no more letters")

    def answer(self, name: str, at: Locator, value: Any) -> None:
        if value is None:
            value = self.values[name]
            self.press(at.get_by_test_id(f"{name}-{'yes' if value else 'no'}"), on=False)
            self.values[name] = None
            return
        self.press(at.get_by_test_id(f"{name}-{'yes' if value else 'no'}"))
        self.values[name] = value

    def choose(self, name: str, at: Locator, value: Any) -> None:
        code = self.values[name] if value is None else value
        chip = at.get_by_test_id(f"choice-{code}")
        if not chip.count():
            raise NotOffered(name, f"{code} is no choice")
        self.press(chip, on=value is not None)
        self.values[name] = value

    def choose_several(self, name: str, at: Locator, value: Any) -> None:
        """In the order in which they are to stand."""
        wanted = [] if value is None else value
        if not isinstance(wanted, list) or len(set(wanted)) < len(wanted):
            raise NotOffered(name, "each choice is made once")
        more = at.get_by_test_id("choices-more")
        if more.count():
            more.tap()
        for code in wanted:
            if not at.get_by_test_id(f"choice-{code}").count():
                raise NotOffered(name, f"{code} is no choice")
        for code in [it for it in self.values.get(name) or [] if it not in wanted]:
            self.press(at.get_by_test_id(f"choice-{code}"), on=False)
        for code in wanted:
            self.press(at.get_by_test_id(f"choice-{code}"))
        self.values[name] = value

    def pick(self, name: str, at: Locator, value: Any) -> None:
        """By name: a chip, or by a search in the list of all."""
        id = self.values[name] if value is None else value
        if id not in self.names:
            raise NotOffered(name, "nobody knows it")
        words = self.names[id]
        chip = at.get_by_role("button", name=words, exact=True)
        if chip.count():
            self.press(chip, on=value is not None)
        else:
            at.get_by_test_id("pick-more").tap()
            sheet = self.dialog()
            sheet.get_by_role("searchbox").fill(words)
            self.press(sheet.get_by_role("button", name=words, exact=True))
            sheet.get_by_role("button", name="关上").tap()
            expect(chip).to_have_attribute("aria-pressed", "true")
        self.values[name] = value

    def moment(self, name: str, at: Locator, value: Any) -> None:
        if value is not None and value % MINUTE_MS:
            raise NotOffered(name, "the clock has minutes")
        text = "" if value is None else datetime.fromtimestamp(value / 1000, HERE).isoformat()[:16]
        at.get_by_test_id("time").fill(text)
        self.values[name] = value

    def checklist(self, name: str, at: Locator, value: Any) -> None:
        old = {row["item"]: row for row in self.values.get(name) or []}
        new = {row["item"]: row for row in value or []}
        changed = [item for item in {**old, **new} if old.get(item) != new.get(item)]
        for item in changed:
            row = new.get(item)
            chip = at.get_by_test_id(f"{item}-{(row or old[item])['answer']}")
            if not chip.count() and not at.locator("[data-item]").count():
                at.get_by_test_id("checklist-open").tap()
                expect(at.locator("[data-item]")).not_to_have_count(0)
            if not chip.count():
                raise NotOffered(name, f"{row} is no answer")
            self.press(chip, on=row is not None)
            if row and row.get("note"):
                at.locator(f'[data-item="{item}"]').get_by_role("textbox").fill(row["note"])
        self.values[name] = value

    def tools(self, name: str, at: Locator, value: Any) -> None:
        if any(not row.get("name") for row in value or []):
            raise NotOffered(name, "a row without its name is not kept")
        for _ in self.values.get(name) or []:
            at.get_by_test_id("tool").first.tap()
            self.dialog().get_by_role("button", name="删掉").tap()
        for row in value or []:
            at.get_by_test_id("tool-add").tap()
            sheet = self.dialog()
            sheet.get_by_role("textbox").fill(row["name"])
            sheet.locator(".figure").tap()
            self.type(name, self.dialog(), row["count"])
            self.press(sheet.get_by_role("button", name=OWNERS[row["owner"]], exact=True))
            sheet.get_by_test_id("tool-keep").tap()
            expect(sheet).to_have_count(0)
        self.values[name] = value

    def place(self, wanted: Values) -> None:
        """Where the phone does not stand: by hand."""
        if wanted.get("place") is not None:
            raise NotOffered("place", "nobody types degrees")
        if wanted.get("zone") is not None and wanted["zone"] not in self.names:
            raise NotOffered("zone", "nobody knows it")
        self.screen.tap("place-edit")
        sheet = self.screen.shows("place-sheet")
        if zone := wanted.get("zone"):
            self.press(sheet.get_by_role("button", name=self.names[zone], exact=True))
        if (chainage := wanted.get("chainage")) is not None:
            typed = sheet.get_by_test_id("place-chainage").get_by_role("textbox")
            typed.fill(chainage_text(chainage))
        if bank := wanted.get("bank"):
            self.press(sheet.get_by_role("button", name=SIDES[bank], exact=True))
        sheet.get_by_test_id("place-keep").tap()
        expect(sheet).to_have_count(0)
        self.values |= {name: wanted.get(name) for name in PLACE}

    # fingers -----------------------------------------------------------------------------------
    def dialog(self) -> Locator:
        """The one on top."""
        return self.screen.page.get_by_role("dialog").last

    def press(self, chip: Locator, *, on: bool = True) -> None:
        if (chip.get_attribute("aria-pressed") == "true") is not on:
            chip.tap()


def written(value: float) -> str:
    """As a person writes it: 320, not 320.0; 0.05, not 5e-2."""
    text = format(Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
