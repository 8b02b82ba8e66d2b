"""A team 队: who goes out together. Who belongs to it is said by each member's `team`; a commando
team, called together from several, names its people here."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.shared import TEAM_STATES

SORTS = f.options(
    ("commando", "突击队", "Commando team"),
    ("patrol", "巡查队", "Patrol team"),
    ("salvage", "打捞队", "Salvage team"),
    ("service", "服务队", "Service team"),
    ("supervision", "督导组", "Supervision group"),
    ("volunteer", "志愿队", "Volunteers"),
)
TEAM_ROLES = f.options(
    ("leader", "队长", "Leader"),
    ("deputy", "副队长", "Deputy"),
    ("tech", "技术", "Technical"),
    ("rescue", "抢险", "Rescue"),
    ("supply", "后勤", "Supply"),
    ("safety", "安全员", "Safety"),
    ("recorder", "信息员", "Recorder"),
)
PLACE = {
    "person": f.ref("人员", "Person", "member", required=True),
    "role": f.choice("分工", "Role", TEAM_ROLES, required=True),
}


class Team(Fields, frozen=True, kw_only=True):
    name: Annotated[str, f.name("队名", "Name", 20)]
    sort: Annotated[str | None, f.choice("队伍类别", "Sort of team", SORTS)] = None
    leader: Annotated[str | None, f.ref("队长", "Leader", "member")] = None
    branch: Annotated[str | None, f.ref("所属支部", "Branch", "branch")] = None
    state: Annotated[str | None, f.choice("状态", "State", TEAM_STATES)] = None
    assemble_min: Annotated[
        int | None, f.integer("集结时限", "Time to assemble", "min", 0, 1_440)
    ] = None
    crew: Annotated[
        list[dict[str, object]] | None,
        f.rows(
            "分工名单",
            "Who does what",
            PLACE,
            60,
            help="抽调组成的队才要填",
            help_en="Only of a team drawn from others",
        ),
    ] = None
    note: Annotated[str | None, f.text("说明", "Note", 200)] = None


KIND = kind(
    Team,
    "team",
    "队伍",
    "Team",
    "reference",
    held_by="people",
    title="name",
    groups={
        "main": "name sort leader branch",
        "state": "state assemble_min",
        "people": "crew",
        "note": "note",
    },
    valid={
        "name": "二队",
        "leader": "00000000000000000000000011",
        "sort": "commando",
        "state": "standby",
        "assemble_min": 30,
        "crew": [{"person": "00000000000000000000000012", "role": "safety"}],
    },
    wrong=(
        Wrong({"leader": "00000000000000000000000011"}, "required", "name"),
        Wrong({"name": "二队", "leader": "李岸"}, "wrong_type", "leader"),
        Wrong({"name": 2}, "wrong_type", "name"),
        Wrong({"name": "二队", "state": "asleep"}, "unknown_choice", "state"),
        Wrong({"name": "二队", "crew": [{"role": "tech"}]}, "required", "crew"),
    ),
)
