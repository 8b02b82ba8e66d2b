"""Fills the form of any kind at the desk, field by field, by what each field is drawn as.

It knows the boxes and no kind. What a form does not let a person say is told as `NotOffered`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from playwright.sync_api import Locator, Page, expect

from hushui.kinds.fields import Field
from hushui.kinds.kind import Kind
from tests.e2e.filling import NotOffered, written

Values = Mapping[str, Any]

SECOND_MS = 1_000
HERE = timezone(timedelta(hours=8))


class DeskForm:
    """One open form. ``names``: what a field that names another record shows for an id, and what
    one types to find it."""

    def __init__(
        self, page: Page, kind: Kind, names: Mapping[str, str], *, afresh: bool = True
    ) -> None:
        self.kind, self.names = kind, names
        self.at = page.get_by_test_id(f"form-{kind.code}")
        fields = self.at.get_by_test_id("form-fields")
        expect(fields).to_be_visible(timeout=20_000)
        begun = self.at.get_by_test_id("form-afresh")
        if afresh and begun.count():
            begun.click()
            expect(begun).to_have_count(0)
            expect(fields).to_be_visible()

    def fill(self, values: Values) -> None:
        unknown = values.keys() - self.kind.fields.keys()
        assert not unknown, unknown
        for name, field in self.kind.fields.items():
            if values.get(name) is not None:
                self.put(self.drawn(name, field), name, field, values[name])

    def save(self) -> None:
        self.at.get_by_test_id("form-save").click()

    def drawn(self, name: str, field: Field) -> Locator:
        at = self.at.get_by_test_id(f"field-{name}")
        if not at.count():
            fold = self.at.get_by_test_id(f"unfold-{field.group}")
            if not fold.count():
                raise NotOffered(name, "it is not in this form")
            fold.click()
        return at.first

    def put(self, at: Locator, name: str, field: Field, value: Any) -> None:
        match field.type:
            case "number" | "integer":
                self.figure(at, name, value)
            case "text":
                self.text(at, name, value)
            case "bool":
                self.answer(at, name, value)
            case "choice":
                self.choose(at, name, value)
            case "choices":
                self.choose_several(at, name, value)
            case "ref":
                self.pick(at, name, value)
            case "refs":
                for id in self.list_of(name, value):
                    self.pick(at, name, id)
            case "time":
                self.moment(at, name, value)
            case "rows" if "item" in (field.fields or {}):
                self.checklist(at, name, value)
            case "rows":
                self.rows(at, name, field, value)
            case "line" | "polygon":
                self.shape(at, name, self.list_of(name, value))
            case "geo":
                self.shape(at, name, [(value["lon"], value["lat"])])
            case _:
                raise NotOffered(name, f"nothing draws {field.type}")

    def list_of(self, name: str, value: Any) -> list[Any]:
        if not isinstance(value, list | tuple):
            raise NotOffered(name, "it takes a list")
        return list(value)

    # one box each ------------------------------------------------------------------------------
    def figure(self, at: Locator, name: str, value: Any) -> None:
        if isinstance(value, bool):
            raise NotOffered(name, "it is no answer")
        at.get_by_role("textbox").fill(value if isinstance(value, str) else written(value))

    def text(self, at: Locator, name: str, value: Any) -> None:
        box = at.get_by_role("textbox")
        box.fill(str(value))
        if box.input_value() != value:
            raise NotOffered(name, "it takes no such letters")

    def answer(self, at: Locator, name: str, value: Any) -> None:
        if not isinstance(value, bool):
            raise NotOffered(name, "yes or no")
        at.get_by_test_id(f"{name}-{'yes' if value else 'no'}").click()

    def choose(self, at: Locator, name: str, code: Any) -> None:
        chip = at.get_by_test_id(f"choice-{code}")
        if not chip.count():
            raise NotOffered(name, f"{code} is no choice")
        chip.click()

    def choose_several(self, at: Locator, name: str, codes: Any) -> None:
        more = at.get_by_test_id("choices-more")
        if more.count():
            more.click()
        for code in self.list_of(name, codes):
            self.choose(at, name, code)

    def pick(self, at: Locator, name: str, id: Any) -> None:
        """A chip, or by a search."""
        if id not in self.names:
            raise NotOffered(name, "nobody knows it")
        words = self.names[id]
        seek = at.get_by_test_id("pick-seek")
        if not seek.count():
            at.locator(f'button[data-record="{id}"]').click()
            return
        seek.fill(words)
        option = at.locator(f'[data-testid="pick-option"][data-record="{id}"]')
        option.click(timeout=20_000)
        expect(option).to_have_count(0)

    def moment(self, at: Locator, name: str, value: Any) -> None:
        if isinstance(value, int):
            if value < 0 or value % SECOND_MS:
                raise NotOffered(name, "the clock has seconds")
            value = datetime.fromtimestamp(value / 1000, HERE).strftime("%Y-%m-%d %H:%M:%S")
        at.get_by_role("textbox").fill(value)

    def checklist(self, at: Locator, name: str, rows: Any) -> None:
        at.get_by_test_id("checklist-open").click()
        for row in self.list_of(name, rows):
            chip = at.get_by_test_id(f"{row.get('item')}-{row.get('answer')}")
            if not chip.count():
                raise NotOffered(name, f"{row} is no answer")
            chip.click()
            if row.get("note"):
                at.locator(f'[data-item="{row["item"]}"]').get_by_role("textbox").fill(row["note"])

    def rows(self, at: Locator, name: str, field: Field, rows: Any) -> None:
        for n, row in enumerate(self.list_of(name, rows)):
            add = at.get_by_test_id("row-add")
            if not add.count():
                raise NotOffered(name, "it takes no more rows")
            add.click()
            box = at.get_by_test_id("row").nth(n)
            for part, described in (field.fields or {}).items():
                if row.get(part) is not None:
                    self.put(box.get_by_test_id(f"field-{part}"), part, described, row[part])

    def shape(self, at: Locator, name: str, points: list[Any]) -> None:
        at.get_by_test_id("shape-type").click()
        lines = "\n".join(f"{lon}，{lat}" for lon, lat in points)
        at.get_by_test_id("shape-text").fill(lines)
        at.get_by_test_id("shape-take").click()
        told = at.get_by_test_id("shape-said").or_(at.get_by_test_id("shape-as-is"))
        expect(told.or_(at.get_by_test_id("shape-stands")).first).to_be_visible()
        if at.get_by_test_id("shape-as-is").count():
            at.get_by_test_id("shape-as-is").click()
