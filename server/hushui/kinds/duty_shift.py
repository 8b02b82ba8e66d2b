"""A shift of the duty room 值班班次, planned by the office."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.guard import ORG, Guard, Look
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import RESPONSE_LEVELS

HOUR_MS = 3_600_000
SHORTEST_H, LONGEST_H = 4, 24
ON_DUTY = ("leader", "staff", "bureau_leader", "drivers")
"""Who stands by is not on duty: he may stand by for several, and be on duty himself."""


class DutyShift(Fields, frozen=True, kw_only=True):
    start: Annotated[int, f.time("上班", "Start")]
    end: Annotated[int, f.time("下班", "End")]
    leader: Annotated[str, f.ref("带班领导", "Leader on shift", "member")]
    staff: Annotated[list[str], f.refs("值班员", "Duty officers", "member", 12, count_min=1)]
    bureau_leader: Annotated[str | None, f.ref("局领导", "Bureau leader", "member")] = None
    drivers: Annotated[list[str] | None, f.refs("司机", "Drivers", "member", 6)] = None
    standby: Annotated[list[str] | None, f.refs("备勤", "On standby", "member", 30)] = None
    level: Annotated[str | None, f.choice("响应级别", "Response level", RESPONSE_LEVELS)] = None
    note: Annotated[str | None, f.text("备注", "Note", 25)] = None


DAY = {
    "start": 1_763_944_200_000,
    "end": 1_763_976_600_000,
    "leader": "00000000000000000000000011",
    "staff": ["00000000000000000000000012"],
}

KIND = kind(
    DutyShift,
    "duty_shift",
    "值班班次",
    "Duty shift",
    "reference",
    title="start leader",
    groups={
        "time": "start end",
        "people": "leader staff bureau_leader drivers standby",
        "level": "level",
        "note": "note",
    },
    rules=(
        Rule(
            code="shift_length",
            effect="block",
            field="end",
            when=f"end - start < {SHORTEST_H * HOUR_MS} || end - start > {LONGEST_H * HOUR_MS}",
            zh=f"一班 {SHORTEST_H} 到 {LONGEST_H} 小时",
            en=f"A shift is {SHORTEST_H} to {LONGEST_H} hours",
        ),
    ),
    guards=(
        Guard(
            code="shift_overlap",
            effect="block",
            field="start",
            who=ON_DUTY,
            looks=(
                Look(
                    kind="duty_shift",
                    reach=ORG,
                    during=("start", "end"),
                    who=ON_DUTY,
                    when="this.who.exists(person, person in other.who)",
                ),
            ),
            zh="有人同一时间已排在另一班",
            en="Somebody in it is on another shift at that time",
        ),
    ),
    valid={**DAY, "level": "response_iii"},
    wrong=(
        Wrong({**DAY, "leader": None}, "required", "leader"),
        Wrong({**DAY, "staff": []}, "required", "staff"),
        Wrong({**DAY, "staff": ["李岸"]}, "wrong_type", "staff"),
        Wrong({**DAY, "note": "长" * 26}, "too_long", "note"),
        Wrong({**DAY, "level": "high"}, "unknown_choice", "level"),
        Wrong({**DAY, "end": DAY["start"]}, "blocked", "end"),
    ),
)
