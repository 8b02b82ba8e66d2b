"""CEL over the fields of a record: the same answers as pwa/src/forms/cel.ts (test_both.py)."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import cel

from hushui.kinds.fields import Field
from hushui.kinds.rule import Row, Rule, Table

Values = Mapping[str, Any]

NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
# Unicode's White_Space, as the phone has it; str.strip() takes four control characters more.
BLANK = re.compile(r"[^\S\x1c-\x1f]*")
# What an engine raises for what is unknown: also a part that a row does not have, and 1 / 0.
UNKNOWN = (RuntimeError, TypeError, ValueError, LookupError, ArithmeticError)


def inputs(fields: Mapping[str, Field], values: Values) -> dict[str, Any]:
    """The variables of a condition: every figure typed as described, what is missing left out."""
    found = {
        name: typed(field, values[name])
        for name, field in fields.items()
        if not is_missing(values.get(name))
    }
    return found | {"absent": [name for name in fields if name not in found]}


def typed(field: Field, value: Any) -> Any:
    """JSON knows one kind of number, CEL two: only what is described as whole is whole."""
    match field.type:
        case "integer" | "time" if is_number(value) and value == int(value):
            return int(value)
        case "rows" if isinstance(value, list | tuple):
            parts = field.fields or {}
            return [
                {n: typed(parts[n], item[n]) for n in parts if not is_missing(item.get(n))}
                for item in value
                if isinstance(item, Mapping)
            ]
        case _:
            return decimals(value)


def decimals(value: Any) -> Any:
    """Every number in it as JavaScript has it."""
    if isinstance(value, list | tuple):
        return [decimals(item) for item in value]
    if isinstance(value, Mapping):
        return {name: decimals(item) for name, item in value.items()}
    return float(value) if is_number(value) else value


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**63


def is_missing(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return not value
    return value is None or (isinstance(value, str) and BLANK.fullmatch(value) is not None)


def holds(condition: str, variables: Mapping[str, Any]) -> bool:
    """False also for what is unknown: something it asks for is missing, or of another type."""
    # Each variable is copied into the engine: of a record with 60 fields, only those asked for.
    known = {name: variables[name] for name in asks(condition) if name in variables}
    try:
        return compiled(condition).execute(known) is True
    except UNKNOWN:
        return False


@lru_cache(maxsize=1024)
def compiled(condition: str) -> cel.Program:
    return cel.compile(condition)


@lru_cache(maxsize=1024)
def asks(condition: str) -> frozenset[str]:
    """The names a condition may speak of, texts left out. In quotes only after `absent`."""
    named = set(NAME.findall(STRING.sub("", condition)))
    if "absent" in named:
        named |= {text.strip("\"'") for text in STRING.findall(condition)}
    return frozenset(named)


def triggered(rules: tuple[Rule, ...], variables: Mapping[str, Any]) -> Iterator[Rule]:
    return (rule for rule in rules if holds(rule.when, variables))


def decide(table: Table, variables: Mapping[str, Any]) -> Row | None:
    return next((row for row in table.rows if holds(row.when, variables)), None)
