"""One line of the table: a value, what the machine gives at most, and whether the goal is met."""

from collections.abc import Sequence
from statistics import median
from typing import Literal

from msgspec import Struct

COLUMNS = ("name", "value", "unit", "limit", "ratio", "spread", "goal", "met")


class Goal(Struct, frozen=True):
    of: Literal["value", "ratio"]
    sign: Literal["<=", "<", ">=", "=="]
    bound: float

    def __str__(self) -> str:
        return f"{self.of} {self.sign} {shown(self.bound)}"

    def holds(self, value: float) -> bool:
        match self.sign:
            case "<=":
                return value <= self.bound
            case "<":
                return value < self.bound
            case ">=":
                return value >= self.bound
            case "==":
                return value == self.bound


class Figure(Struct, frozen=True):
    name: str
    value: float
    unit: str
    limit: float | None
    ratio: float | None
    goal: str
    met: bool
    spread: str
    """Lowest to highest of what the goal speaks of; empty where nothing varies."""


def figure(
    name: str,
    unit: str,
    goal: Goal,
    values: Sequence[float],
    limits: Sequence[float] = (),
) -> Figure:
    """Medians of the rounds. Value and limit of one round were measured one after the other, so
    their ratio is taken first: the machine may drift from round to round."""
    ratios = [value / limit for value, limit in zip(values, limits, strict=True)] if limits else []
    judged = ratios if goal.of == "ratio" else list(values)
    varied = f"{shown(min(judged))} … {shown(max(judged))}" if len(judged) > 1 else ""
    return Figure(
        name=name,
        value=median(values),
        unit=unit,
        limit=median(limits) if limits else None,
        ratio=median(ratios) if ratios else None,
        goal=str(goal),
        met=goal.holds(median(judged)),
        spread=varied,
    )


def shown(number: float) -> str:
    """Three digits that count; whole thousands in full."""
    return f"{number:,.0f}" if abs(number) >= 100 or number == int(number) else f"{number:.3g}"


def cells(found: Figure) -> tuple[str, ...]:
    def optional(number: float | None) -> str:
        return "" if number is None else shown(number)

    return (
        found.name,
        shown(found.value),
        found.unit,
        optional(found.limit),
        optional(found.ratio),
        found.spread,
        found.goal,
        "yes" if found.met else "NO",
    )


def table(figures: Sequence[Figure]) -> str:
    """Markdown, its columns aligned: for the eye and for docs/bench.md."""
    rows = [COLUMNS, *map(cells, figures)]
    wide = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]

    def line(row: Sequence[str]) -> str:
        said = (cell.ljust(width) for cell, width in zip(row, wide, strict=True))
        return f"| {' | '.join(said)} |"

    rule = f"|{'|'.join('-' * (width + 2) for width in wide)}|"
    return "\n".join([line(COLUMNS), rule, *map(line, rows[1:])])
