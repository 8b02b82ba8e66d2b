"""People sent to a hazard, an event or a finding 派遣. Those named answer by adding to it."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.fields import Geo
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import TEAM_STATES, About

ANSWERS = (
    *f.options(("accepted", "接受", "Accepted"), ("declined", "不能去", "Declined")),
    *(state for state in TEAM_STATES if state.code not in ("standby", "called")),
)


class Dispatch(Fields, frozen=True, kw_only=True):
    target: About
    task: Annotated[str, f.text("任务", "Task", 300)]
    leader: Annotated[str, f.ref("带队人", "Leader", "member")]
    called: Annotated[int, f.time("通知时间", "Called")]
    team: Annotated[str | None, f.ref("队伍", "Team", "team")] = None
    members: Annotated[list[str] | None, f.refs("队员", "Members", "member", 60)] = None
    assemble_by: Annotated[int | None, f.time("集结时限", "Assemble by")] = None
    assemble_at: Annotated[str | None, f.text("集结地点", "Assemble at", 60)] = None
    due: Annotated[int | None, f.time("完成时限", "Due")] = None
    urgent: Annotated[
        bool | None,
        f.yes_no("紧急", "Urgent", help="按紧急时限办", help_en="Within the urgent time limit"),
    ] = None
    note: Annotated[str | None, f.text("说明", "Note", 300)] = None


class Answer(Fields, frozen=True, kw_only=True):
    """What one of them says of himself, or the leader of his team."""

    state: Annotated[str, f.choice("答复", "Answer", ANSWERS)]
    at: Annotated[int, f.time("时间", "Time")]
    people: Annotated[int | None, f.integer("人数", "People", "人", 0, 999)] = None
    place: Annotated[Geo | None, f.geo("位置", "Place")] = None
    note: Annotated[str | None, f.text("说明", "Note", 200, needed='state == "declined"')] = None


BRIDGE = {
    "target": "00000000000000000000000091",
    "task": "六孔桥抢险，带编织袋和石料",
    "leader": "00000000000000000000000011",
    "called": 1_795_500_000_000,
}

KIND = kind(
    Dispatch,
    "dispatch",
    "派遣",
    "Dispatch",
    "decision",
    adds={"answer": Answer},
    subject="target",
    held_by="command",
    travels="author subject team leader members",
    named="leader members",
    title="task",
    groups={
        "main": "target task",
        "people": "leader",
        "time": "called",
        "more": "team members assemble_by assemble_at due urgent",
        "note": "note",
    },
    rules=(
        Rule(
            code="due_before_the_call",
            effect="block",
            field="assemble_by",
            when="assemble_by <= called",
            zh="集结时限要晚于通知时间",
            en="They assemble after they are called",
        ),
    ),
    valid={**BRIDGE, "assemble_by": 1_795_501_500_000, "members": ["00000000000000000000000012"]},
    wrong=(
        Wrong({**BRIDGE, "leader": None}, "required", "leader"),
        Wrong({**BRIDGE, "task": "长" * 301}, "too_long", "task"),
        Wrong({**BRIDGE, "target": "六孔桥"}, "wrong_type", "target"),
        Wrong({**BRIDGE, "members": ["0" * 26] * 61}, "too_long", "members"),
        Wrong({**BRIDGE, "called": -1}, "out_of_range", "called"),
        Wrong({**BRIDGE, "assemble_by": BRIDGE["called"]}, "blocked", "assemble_by"),
    ),
)
