"""Entry formats: a line is stored as it was written, and read as if it had been written today.

Push has no age limit. Who changes the entry raises `CURRENT`, adds the step from the format before,
and keeps `sync/vectors/format-N.json` of that one as it is.
"""

from collections.abc import Callable
from typing import Any, Final

CURRENT: Final = 1
Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: Final[dict[int, Step]] = {}
"""v → the same entry as format v + 1 says it, its `v` with it. None yet: format 1 is the first."""


def migrate(value: dict[str, Any]) -> dict[str, Any]:
    """Upward as far as there are steps. One that no step knows is left as it is: E04 names its
    `v`."""
    v = value.get("v")
    while type(v) is int and v in STEPS:
        value = STEPS[v](value)
        v = value["v"]
    return value
