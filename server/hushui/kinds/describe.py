"""A kind as plain data, and the one validation that reads it.

`validate` knows no kind by name, so a description that came from elsewhere is checked the same way.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any, TypeAlias

import msgspec

from hushui.kinds import cel
from hushui.kinds.cel import is_missing
from hushui.kinds.fields import TIME_MAX, Field
from hushui.kinds.kind import Kind
from hushui.kinds.rule import Effect, Rule

Fault: TypeAlias = tuple[str, str]
"""A code of PROTOCOL.md section 14, and the field it is about."""

REASON = "no_photo_reason"
GEO_SOURCES = ("gps", "map", "chainage", "none")
ID = re.compile(r"[0-7][0-9a-v]{25}")
SHA256 = re.compile(r"[0-9a-f]{64}")


def describe(kind: Kind) -> dict[str, Any]:
    """Only dicts, lists, text, numbers and booleans."""
    plain: dict[str, Any] = msgspec.to_builtins(kind)
    return plain


def validate(
    fields: Mapping[str, Field],
    values: Mapping[str, Any],
    *,
    new: bool,
    after: Mapping[str, Any] | None = None,
) -> Fault | None:
    """The first fault in the order of the form, or None. Unknown fields pass: they are kept.

    ``values`` are those an op writes, ``after`` the record with them (default: the same). Null
    clears a field, unless it is required.
    """
    variables = cel.inputs(fields, values if after is None else after)
    for name, field in fields.items():
        value = values.get(name)
        if (
            (field.required or field.needed is not None)
            and is_missing(value)
            and must_stand(name, field, values, variables, new)
        ):
            return ("required", name)
        if value is not None:
            code = fault_in(field, value)
            if code:
                return (code, name)
    return None


def must_stand(
    name: str, field: Field, values: Mapping[str, Any], after: cel.Inputs, new: bool
) -> bool:
    """An edit that touches nothing a condition asks for is not held to it."""
    if field.required:
        return new or name in values
    if field.needed is None or name in after.present:
        return False
    touched = new or name in values or bool(cel.asks(field.needed) & values.keys())
    return touched and cel.holds(field.needed, after)


def broken(
    kind: Kind,
    values: Mapping[str, Any],
    *,
    new: bool,
    after: Mapping[str, Any] | None = None,
    effect: Effect | None = None,
) -> Iterator[Rule]:
    """The rules that speak up about what an op writes, in their order; arguments as `validate`.
    ``effect``: only those."""
    asked = tuple(
        rule
        for rule in kind.rules
        if effect in (None, rule.effect)
        if new or cel.asks(rule.when) & values.keys()
    )
    variables = cel.inputs(kind.fields, values if after is None else after) if asked else {}
    return cel.triggered(asked, variables)


def unseen_in(kind: Kind, after: Mapping[str, Any], taken: Container[str]) -> Fault | None:
    """A new record without the photos before and after the work that its kind asks for, and without
    a reason. A `scene` is only asked for, on the phone: nothing that is there goes unreported."""
    variables = cel.inputs(kind.fields, after)
    need = next((it for it in kind.photos if not it.when or cel.holds(it.when, variables)), None)
    proofs = [slot for slot in need.slots if slot != "scene"] if need else []
    unseen = any(slot not in taken for slot in proofs)
    return ("blocked", REASON) if unseen and is_missing(after.get(REASON)) else None


def fault_in(field: Field, value: Any) -> str | None:
    return CHECKS[field.type](field, value)


def check_text(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        return "wrong_type"
    if field.length is not None and len(value) > field.length:
        return "too_long"
    # As JavaScript reads it: \d is 0-9 and $ is the very end.
    if value and field.pattern and not re.fullmatch(field.pattern, value, re.ASCII):
        return "wrong_type"
    return None


def check_number(field: Field, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "wrong_type"
    below = field.min is not None and value < field.min
    above = field.max is not None and value > field.max
    return "out_of_range" if below or above or value != value else None


def check_integer(field: Field, value: Any) -> str | None:
    # 3.0 and 3 are one number in JSON.
    if isinstance(value, float) and not value.is_integer():
        return "wrong_type"
    return check_number(field, value)


def check_bool(field: Field, value: Any) -> str | None:
    return None if isinstance(value, bool) else "wrong_type"


def check_choice(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        return "wrong_type"
    known = any(choice.code == value for choice in field.choices)
    return None if known else "unknown_choice"


def check_choices(field: Field, value: Any) -> str | None:
    return check_list(field, value, lambda item: check_choice(field, item))


def check_ref(field: Field, value: Any) -> str | None:
    return None if isinstance(value, str) and ID.fullmatch(value) else "wrong_type"


def check_refs(field: Field, value: Any) -> str | None:
    return check_list(field, value, lambda item: check_ref(field, item))


def check_list(field: Field, value: Any, check: Callable[[Any], str | None]) -> str | None:
    if not isinstance(value, list | tuple):
        return "wrong_type"
    if field.count_max is not None and len(value) > field.count_max:
        return "too_long"
    if field.count_min is not None and len(value) < field.count_min:
        return "required"
    return next((code for code in map(check, value) if code), None)


def check_sha256(field: Field, value: Any) -> str | None:
    return None if isinstance(value, str) and SHA256.fullmatch(value) else "wrong_type"


def check_geo(field: Field, value: Any) -> str | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("source"), str):
        return "wrong_type"
    if value["source"] not in GEO_SOURCES:
        return "unknown_choice"
    must = () if value["source"] == "none" else ("lon", "lat")
    if any(value.get(name) is None for name in must):
        return "wrong_type"
    checks = (
        check_number(part, value[name])
        for name, part in GEO_PARTS.items()
        if value.get(name) is not None
    )
    return next((code for code in checks if code), None)


def check_positions(field: Field, value: Any) -> str | None:
    code = check_list(field, value, check_position)
    return "wrong_type" if code == "required" else code


def check_position(value: Any) -> str | None:
    if not isinstance(value, list | tuple) or len(value) != 2:
        return "wrong_type"
    return check_number(GEO_PARTS["lon"], value[0]) or check_number(GEO_PARTS["lat"], value[1])


def check_rows(field: Field, value: Any) -> str | None:
    return check_list(field, value, lambda item: check_row(field, item))


def check_row(field: Field, value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return "wrong_type"
    fault = validate(field.fields or {}, value, new=True)
    return fault[0] if fault else None


# A phone's confused position is a doubt for the reviewer, never a reason to lose a fact: the whole
# globe is inside the hard range.
GEO_PARTS = {
    "lon": Field(type="number", zh="经度", en="Longitude", min=-180, max=180),
    "lat": Field(type="number", zh="纬度", en="Latitude", min=-90, max=90),
    "acc": Field(type="number", zh="精度", en="Accuracy", min=0, max=1e7),
    "at": Field(type="number", zh="时间", en="Time", min=0, max=TIME_MAX),
    "heading": Field(type="number", zh="方向", en="Heading", min=0, max=360),
}

CHECKS: Mapping[str, Callable[[Field, Any], str | None]] = {
    "text": check_text,
    "number": check_number,
    "integer": check_integer,
    "time": check_integer,
    "bool": check_bool,
    "choice": check_choice,
    "choices": check_choices,
    "ref": check_ref,
    "refs": check_refs,
    "sha256": check_sha256,
    "geo": check_geo,
    "polygon": check_positions,
    "line": check_positions,
    "rows": check_rows,
}
