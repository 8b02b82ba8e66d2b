"""A telephone call 电话记录: of the duty room, or of whoever told somebody about a hazard.

Who was told when is recorded here, because a dispatch never depends on a push.
"""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import Correction

DIRECTIONS = f.options(("in", "来电", "Received"), ("out", "去电", "Made"))
RESULTS = f.options(("told", "已告知", "Told"), ("no_answer", "没打通", "No answer"))


class Call(Fields, frozen=True, kw_only=True):
    direction: Annotated[str, f.choice("来电去电", "Direction", DIRECTIONS)]
    at: Annotated[int, f.time("时间", "Time")]
    text: Annotated[str, f.text("内容", "Content", 250)]
    number: Annotated[str | None, f.text("号码", "Number", 20, pattern=r"^[0-9+*#() -]{3,20}$")] = (
        None
    )
    unit: Annotated[str | None, f.text("对方单位", "Unit", 50)] = None
    person: Annotated[str | None, f.text("对方姓名", "Person", 20)] = None
    member: Annotated[
        str | None,
        f.ref(
            "对方（本单位）",
            "Of our own",
            "member",
            help="本单位的人从这里选",
            help_en="Somebody of the organisation",
        ),
    ] = None
    about: Annotated[str | None, f.ref("有关记录", "About", None, merge="fixed")] = None
    shift: Annotated[str | None, f.ref("班次", "Shift", "duty_shift")] = None
    result: Annotated[str | None, f.choice("结果", "Result", RESULTS)] = None
    handling: Annotated[str | None, f.text("处理", "Handling", 250)] = None
    told: Annotated[str | None, f.text("已告知", "Told to", 50)] = None
    finished: Annotated[int | None, f.time("办结时间", "Finished")] = None
    correction: Correction = None


CALLED = {"direction": "in", "at": 1_795_490_000_000, "text": "六孔桥下游水位上涨，注意巡查"}

KIND = kind(
    Call,
    "call",
    "电话记录",
    "Call",
    "fact",
    subject="about",
    closes="subject",
    happened="at",
    title="direction unit text",
    groups={
        "main": "direction at text number unit person member about shift",
        "result": "result handling told finished",
        "correction": "correction",
    },
    rules=(
        Rule(
            code="ends_before_it_starts",
            effect="ask",
            field="finished",
            when="finished < at",
            zh="办结早于来电时间",
            en="It was finished before it came",
        ),
    ),
    valid={**CALLED, "number": "0434-3267890", "unit": "市水利局", "person": "值班员"},
    also=(
        {
            "direction": "out",
            "at": 1_795_490_400_000,
            "text": "管涌 Z03 K5+860 左岸",
            "person": "王站长",
            "member": "00000000000000000000000011",
            "about": "00000000000000000000000091",
            "result": "told",
        },
    ),
    wrong=(
        Wrong({"direction": "in", "at": 1}, "required", "text"),
        Wrong({**CALLED, "direction": "up"}, "unknown_choice", "direction"),
        Wrong({**CALLED, "text": "话" * 251}, "too_long", "text"),
        Wrong({**CALLED, "number": "老王"}, "wrong_type", "number"),
        Wrong({**CALLED, "result": "busy"}, "unknown_choice", "result"),
        Wrong({**CALLED, "member": "老王"}, "wrong_type", "member"),
        Wrong({**CALLED, "about": "六孔桥"}, "wrong_type", "about"),
        Wrong({**CALLED, "unit": "局" * 51}, "too_long", "unit"),
    ),
    doubtful=(Wrong({**CALLED, "finished": 1}, "ends_before_it_starts", "finished"),),
)
