"""A boat 船只 of the salvage fleet."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.shared import ZoneOf

BOAT_STATES = f.options(
    ("ready", "可用", "Ready"),
    ("repair", "维修", "Under repair"),
    ("out", "停用", "Out of use"),
)


class Boat(Fields, frozen=True, kw_only=True):
    no: Annotated[str, f.text("船号", "Number", 20)]
    name: Annotated[str | None, f.name("船名", "Name", 40)] = None
    capacity: Annotated[int, f.integer("核载", "Capacity", "人", 2, 10)]
    state: Annotated[str, f.choice("状态", "State", BOAT_STATES)]
    team: Annotated[str | None, f.ref("所属队", "Team", "team")] = None
    zone: ZoneOf = None
    note: Annotated[str | None, f.text("说明", "Note", 200)] = None


B07 = {"no": "B07", "capacity": 4, "state": "ready"}

KIND = kind(
    Boat,
    "boat",
    "船只",
    "Boat",
    "reference",
    title="no name",
    valid={**B07, "name": "碧水七号"},
    wrong=(
        Wrong({"capacity": 4, "state": "ready"}, "required", "no"),
        Wrong({**B07, "capacity": 1}, "out_of_range", "capacity"),
        Wrong({**B07, "capacity": 2.5}, "wrong_type", "capacity"),
        Wrong({**B07, "state": "sunk"}, "unknown_choice", "state"),
        Wrong({**B07, "name": "长" * 41}, "too_long", "name"),
    ),
)
