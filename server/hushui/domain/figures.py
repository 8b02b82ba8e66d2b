"""The day's figures: what a day's records count and add up to, in all and zone by zone.

A fact counts on the day it says it happened, one that does not say so on that of its effective time
(both in Shanghai): what is typed at the desk afterwards belongs to its own day.

0 and 未报 are two things. A zone has reported when on that day
somebody made a fact that travels in it, or somebody who holds it and no other made one that
travels in none: a duty entry, an activity. Who holds several zones and speaks of one has said
nothing about the others. Consents say nothing and do not count as such. Void
records do not count as a report; rejected ones do, although no figure counts them: somebody spoke.
Where nobody reported every figure of the day is None (未报), else a figure with no record is 0.
What is open at the end of the day is known from before and is never 未报. The whole organisation
has reported when anybody in it made a fact.

A sum over records of which none says the amount is None too; ``missing`` is how many do not say it.
What was sent back happened, so it is counted; its amounts are in doubt and in no sum.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from hushui.kinds.figures import COMPANIONS, CREW, PEOPLE, Figure
from hushui_sync.world import Record


class Value(Struct, frozen=True):
    """``value`` None = 未报. Of the records ``pending`` wait for review, ``returned`` were sent
    back and ``missing`` do not say the amount."""

    value: float | int | None
    count: int
    pending: int
    returned: int
    missing: int


def value_of(figure: Figure, records: Sequence[tuple[Record, str]], *, reported: bool) -> Value:
    """``records``, each with its review state, are those that the figure's query finds."""
    amounts = (
        [person_times(figure, [record for record, _ in records])]
        if figure.measure == "people"
        else [
            amount_of(figure, record.fields)
            for record, state in records
            if figure.measure != "sum" or state != "returned"
        ]
    )
    known = [amount for amount in amounts if amount is not None]
    return Value(
        value=total(figure, known, bool(records), reported),
        count=len(records),
        pending=sum(state == "pending" for _, state in records),
        returned=sum(state == "returned" for _, state in records),
        missing=len(amounts) - len(known),
    )


def total(
    figure: Figure, known: Sequence[float], any_record: bool, reported: bool
) -> float | int | None:
    if not any_record:
        return 0 if reported or figure.moment == "open" else None
    if not known:
        return None
    # As decimals are counted by hand: 0.1 + 0.2 is 0.3.
    summed = round(sum(known) / figure.per, 6)
    return int(summed) if summed == int(summed) else summed


def amount_of(figure: Figure, fields: Mapping[str, Any]) -> float | None:
    if figure.measure == "count":
        return 1
    value = fields.get(figure.field or "")
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def person_times(figure: Figure, records: Iterable[Record]) -> int:
    """Of one day's records: who is named once for each task, and beside them the largest number
    that was told of each crew."""
    named: set[tuple[object, str]] = set()
    others: dict[tuple[object, ...], int] = {}
    for record in records:
        task = record.fields.get(figure.task or "")
        people, more = people_of(record)
        named |= {(task, person) for person in people}
        crew = (task, record.author, *(record.fields.get(name) for name in CREW))
        others[crew] = max(others.get(crew, 0), more)
    return len(named) + sum(others.values())


def people_of(record: Record) -> tuple[set[str], int]:
    """Who took part by name, and how many more there were. Where the number is used up by those
    who came along the author was not one of them: he wrote it down."""
    companions = record.fields.get(COMPANIONS)
    named = set(companions) if isinstance(companions, list | tuple) else set()
    counted = record.fields.get(PEOPLE)
    if not isinstance(counted, int | float) or isinstance(counted, bool):
        return named | {record.author}, 0
    if counted > len(named):
        named |= {record.author}
    return named, max(int(counted) - len(named), 0)


def holds(figure: Figure, fields: Mapping[str, Any]) -> bool:
    """Whether the record is one of those that the figure's ``where`` asks for."""
    return all(holds_code(fields.get(name), code) for name, code in figure.where)


def holds_code(value: Any, code: str) -> bool:
    if code == "":
        return value is None or value == "" or value == []
    if isinstance(value, bool):
        return code == ("true" if value else "false")
    return code in value if isinstance(value, list | tuple) else value == code


def in_zone(records: Iterable[tuple[Record, str]], zone: str) -> list[tuple[Record, str]]:
    scope = f"zone:{zone}"
    return [(record, state) for record, state in records if scope in record.scopes]
