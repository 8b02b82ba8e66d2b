"""Somebody missed an activity 缺席, and makes up for it 补学补领. Only he and the office see it."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Awaits, Fields, Wrong, kind
from hushui.kinds.shared import Correction

REASONS = f.options(
    ("leave", "请假", "Leave"),
    ("official_duty", "公差", "Official duty"),
    ("late", "迟到", "Late"),
    ("absent", "缺席", "Absent"),
)
STEPS = f.options(
    ("claimed", "认领", "Claimed"),
    ("reported", "报告完成", "Reported done"),
    ("accepted", "已认可", "Accepted"),
)


class Absence(Fields, frozen=True, kw_only=True):
    activity: Annotated[str, f.ref("活动", "Activity", "activity", merge="fixed")]
    person: Annotated[str, f.ref("人员", "Person", "member", merge="fixed")]
    reason: Annotated[str, f.choice("原因", "Reason", REASONS)]
    reason_note: Annotated[str | None, f.text("原因说明", "Reason in words", 200)] = None
    return_on: Annotated[
        int | None,
        f.time(
            "返岗时间",
            "Back at post",
            help="从次日起算两个工作日内认领；长期值守未结束先不填",
            help_en="Within two working days from the next day; empty while the duty goes on",
        ),
    ] = None
    correction: Correction = None


class MakeUp(Fields, frozen=True, kw_only=True):
    """A step of making up: what was claimed, that it is done, that it counts."""

    step: Annotated[str, f.choice("进度", "Step", STEPS)]
    at: Annotated[int, f.time("时间", "Time")]
    task: Annotated[
        str | None, f.text("补学或补领任务", "Task", 200, needed='step == "claimed"')
    ] = None
    record: Annotated[str | None, f.ref("作业记录", "Record", None)] = None
    result: Annotated[
        str | None, f.text("完成情况", "Result", 300, needed='step == "reported"')
    ] = None


MISSED = {
    "activity": "00000000000000000000000071",
    "person": "00000000000000000000000012",
    "reason": "official_duty",
}

KIND = kind(
    Absence,
    "absence",
    "缺席",
    "Absence",
    "fact",
    adds={"make_up": MakeUp},
    awaits=Awaits("make_up", "step", "accepted"),
    travels="author person",
    named="person",
    title="person reason",
    groups={
        "main": "activity person reason reason_note return_on",
        "correction": "correction",
    },
    valid={**MISSED, "reason_note": "值守南河泵站", "return_on": 1_795_600_000_000},
    wrong=(
        Wrong({**MISSED, "person": None}, "required", "person"),
        Wrong({**MISSED, "reason": "lazy"}, "unknown_choice", "reason"),
        Wrong({**MISSED, "activity": "党课"}, "wrong_type", "activity"),
        Wrong({**MISSED, "reason_note": "忙" * 201}, "too_long", "reason_note"),
        Wrong({**MISSED, "return_on": -1}, "out_of_range", "return_on"),
    ),
)
