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
ABSENT = "absent"
IN_ABSENT = re.compile(rf"({STRING.pattern})\s+in\s+{ABSENT}\b")
LISTS = (list, tuple)
# What an engine raises for what is unknown: also a part that a row does not have, and 1 / 0.
UNKNOWN = (RuntimeError, TypeError, ValueError, LookupError, ArithmeticError)


class Inputs(Mapping[str, Any]):
    """The variables of a condition: every figure typed as described, what is missing left out, and
    `absent`. Each when it is asked for: a condition asks for two or three of 60 fields."""

    def __init__(self, fields: Mapping[str, Field], values: Values) -> None:
        self._fields, self._values = fields, values
        self._typed: dict[str, Any] = {}
        self.present = {
            name for name, value in values.items() if name in fields and not is_missing(value)
        } - {ABSENT}

    def __getitem__(self, name: str) -> Any:
        if name == ABSENT:
            return [other for other in self._fields if other not in self.present]
        if name not in self.present:
            raise KeyError(name)
        if name not in self._typed:
            self._typed[name] = typed(self._fields[name], self._values[name])
        return self._typed[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*self.present, ABSENT))

    def __len__(self) -> int:
        return len(self.present) + 1

    def known(self, asked: frozenset[str], *, whole: bool) -> dict[str, Any]:
        """As much of it as one condition can see: of `absent` most ask nothing but `in`, and for
        them it is short; ``whole``: all of it."""
        found = {name: self[name] for name in asked & self.present}
        if ABSENT in asked:
            names = self._fields if whole else asked & self._fields.keys()
            found[ABSENT] = [name for name in names if name not in self.present]
        return found


def inputs(fields: Mapping[str, Field], values: Values) -> Inputs:
    return Inputs(fields, values)


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
    if value is None or value == "":
        return True
    if isinstance(value, str):
        return BLANK.fullmatch(value) is not None
    return isinstance(value, LISTS) and not value


def holds(condition: str, variables: Mapping[str, Any]) -> bool:
    """False also for what is unknown: something it asks for is missing, or of another type."""
    # Each variable is copied into the engine: of a record with 60 fields, only those asked for.
    asked = asks(condition)
    if isinstance(variables, Inputs):
        known = variables.known(asked, whole=asks_whole(condition))
    else:
        known = {name: variables[name] for name in asked if name in variables}
    said = (condition, repr(known))
    if said in ANSWERS:
        return ANSWERS[said]
    answer = answered(condition, known)
    if len(said[1]) <= ANSWER_LENGTH:
        if len(ANSWERS) >= ANSWERS_KEPT:
            ANSWERS.clear()
        ANSWERS[said] = answer
    return answer


def answered(condition: str, known: dict[str, Any]) -> bool:
    try:
        return compiled(condition).execute(known) is True
    except UNKNOWN:
        return False


ANSWERS: dict[tuple[str, str], bool] = {}
"""What was asked lately: a condition sees nothing but its variables, and most of them are not there
or one of a few choices. `repr` tells 1, 1.0, True and "1" apart."""
ANSWERS_KEPT = 16_384
ANSWER_LENGTH = 256


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


@lru_cache(maxsize=1024)
def asks_whole(condition: str) -> bool:
    """Whether it asks more of `absent` than which names are in it."""
    return ABSENT in NAME.findall(STRING.sub("", IN_ABSENT.sub("", condition)))


def triggered(rules: tuple[Rule, ...], variables: Mapping[str, Any]) -> Iterator[Rule]:
    return (rule for rule in rules if holds(rule.when, variables))


def decide(table: Table, variables: Mapping[str, Any]) -> Row | None:
    return next((row for row in table.rows if holds(row.when, variables)), None)
