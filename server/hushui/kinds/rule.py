"""Rules that the phone must know offline: conditions as data, written in CEL.

A condition speaks of the fields of a record by their names, and of `absent`, the list of the names
of those nobody filled. A field that is missing makes what asks for it unknown, and what is unknown
never holds: so a rule about a figure says nothing while the figure is not there.
"""

from typing import Any, Literal

from msgspec import Struct

Effect = Literal["block", "ask"]


class Rule(Struct, frozen=True, kw_only=True):
    """``block``: stops the submit, and the server refuses the line (`blocked`, V09). ``ask``: the
    phone asks for a second look, and the server leaves the flag ``code`` for the reviewer.
    """

    code: str
    effect: Effect
    field: str
    """Where the form says it."""
    when: str
    zh: str
    en: str


class Row(Struct, frozen=True, kw_only=True):
    """``values``: what the row says beyond its code, by the names of the table's ``gives``."""

    code: str
    when: str
    zh: str
    en: str
    values: dict[str, Any] = {}


class Table(Struct, frozen=True, kw_only=True):
    """The first row whose condition holds decides; a row that is unknown is passed over."""

    code: str
    zh: str
    en: str
    rows: tuple[Row, ...]
    source: str
    """Where the figures are from; `default` = ours, an organisation sets its own."""


def figure(value: float) -> str:
    """A number as CEL reads it beside other decimals."""
    return repr(float(value))
