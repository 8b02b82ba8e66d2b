"""The version of a form: by it a draft knows that it was begun with another one."""

from typing import Any

import pytest
from msgspec.structs import replace

from hushui.kinds import KINDS
from hushui.kinds import fields as f
from hushui.kinds.fields import Field
from hushui.kinds.kind import Kind
from hushui.kinds.typescript import version

READING = KINDS["reading"]
TREND = READING.fields["trend"]


def with_field(name: str, field: Field) -> Kind:
    return replace(READING, fields=READING.fields | {name: field})


def changed(name: str, **changes: Any) -> Kind:
    return with_field(name, replace(READING.fields[name], **changes))


OTHER_FORMS = {
    "a field more": with_field("silt_kgm3", f.number("含沙量", "Silt", "kg/m3", 2, 0, 1_200)),
    "a field less": replace(
        READING, fields={name: it for name, it in READING.fields.items() if name != "note"}
    ),
    "a choice less": changed("trend", choices=TREND.choices[:2]),
    "required now": changed("trend", required=True),
    "another limit": changed("rain_mm", max=1_000.0),
    "shown at times": changed("trend", shown=f.When("note", ("x",))),
    "a rule more": replace(READING, rules=KINDS["duty_entry"].rules),
}


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_what_may_be_filled_in_makes_the_version(form: str) -> None:
    assert version(OTHER_FORMS[form]) != version(READING)


def test_other_words_are_the_same_form() -> None:
    assert version(changed("trend", zh="涨落", en="Up or down", help="看水尺")) == version(READING)
    choices = tuple(replace(choice, zh=choice.zh + "水") for choice in TREND.choices)
    assert version(changed("trend", choices=choices)) == version(READING)
