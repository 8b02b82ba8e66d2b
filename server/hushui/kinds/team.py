"""A team 队. Who belongs to it is said by each member's `team`."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind


class Team(Fields, frozen=True, kw_only=True):
    name: Annotated[str, f.text("队名", "Name", 20)]
    leader: Annotated[str | None, f.ref("队长", "Leader", "member")] = None


KIND = kind(
    Team,
    "team",
    "队伍",
    "Team",
    "reference",
    valid={"name": "二队", "leader": "00000000000000000000000011"},
    wrong=(
        Wrong({"leader": "00000000000000000000000011"}, "required", "name"),
        Wrong({"name": "二队", "leader": "李岸"}, "wrong_type", "leader"),
        Wrong({"name": 2}, "wrong_type", "name"),
    ),
)
