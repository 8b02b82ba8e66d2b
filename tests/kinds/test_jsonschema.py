"""The JSON Schema for outsiders says what our own validation says, read by somebody else's."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hushui.kinds import KINDS, generate
from hushui.kinds.describe import validate
from hushui.kinds.fields import Field
from hushui.kinds.kind import Kind

DOCUMENT = json.loads((generate.ROOT / "docs/kinds.schema.json").read_text(encoding="utf-8"))
EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
STRUCTURAL = {"required", "wrong_type", "out_of_range", "too_long", "unknown_choice"}


def validator(kind: Kind) -> Draft202012Validator:
    return Draft202012Validator({**DOCUMENT, "$ref": f"#/$defs/{kind.code}"})


def test_it_is_a_schema_of_the_dialect() -> None:
    Draft202012Validator.check_schema(DOCUMENT)
    assert set(KINDS) <= set(DOCUMENT["$defs"])


@EVERY_KIND
def test_valid_examples_pass(kind: Kind) -> None:
    for example in (kind.valid, *kind.also, *(it.fields for it in kind.doubtful)):
        assert list(validator(kind).iter_errors(example)) == []


@EVERY_KIND
def test_examples_that_are_wrong_in_themselves_fail(kind: Kind) -> None:
    """What is wrong only because of another field (in CEL) or another record is beyond a schema."""
    for wrong in kind.wrong:
        if wrong.code in STRUCTURAL and not depends(kind.fields.get(wrong.field)):
            assert list(validator(kind).iter_errors(wrong.fields)), wrong


def depends(field: Field | None) -> bool:
    """Required only in the case named, or one of its parts is."""
    if field is None:
        return True
    parts = (field.fields or {}).values()
    return field.needed is not None or any(part.needed is not None for part in parts)


@EVERY_KIND
def test_both_say_the_same_of_every_broken_value(kind: Kind) -> None:
    """One value of an example after the other, put out of shape."""
    broken: list[Any] = [
        "",
        0,
        -1e12,
        1e12,
        "x" * 5000,
        [],
        [[]],
        {},
        {"source": "gps"},
        True,
        None,
    ]
    for name, field in kind.fields.items():
        if depends(field):
            continue
        for value in broken:
            fault = validate({name: field}, {name: value}, new=True)
            errors = [
                it
                for it in validator(kind).iter_errors({**kind.valid, name: value})
                if name in it.path
                or (it.validator == "required" and not it.path and name in it.message)
            ]
            assert bool(errors) == (fault is not None), (name, value, fault)
