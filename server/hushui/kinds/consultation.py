"""A consultation on the spot 会商研判: who judged what, and what was decided."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import LEVELS, About, Correction, Place

GUEST = {
    "name": f.text("姓名", "Name", 20, required=True),
    "unit": f.text("单位", "Unit", 50),
}


class Consultation(Fields, frozen=True, kw_only=True):
    target: About
    at: Annotated[int, f.time("时间", "Time")]
    place: Place = None
    members: Annotated[list[str] | None, f.refs("本单位人员", "Own people", "member", 30)] = None
    guests: Annotated[list[dict[str, object]] | None, f.rows("外单位人员", "Guests", GUEST, 20)] = (
        None
    )
    judgement: Annotated[str, f.text("研判", "Judgement", 500)]
    decision: Annotated[str, f.text("决定", "Decision", 500)]
    plan: Annotated[str | None, f.text("抢护方案", "Plan", 1_000)] = None
    level: Annotated[str | None, f.choice("建议级别", "Level proposed", LEVELS)] = None
    signer: Annotated[str | None, f.ref("签发人", "Signer", "member")] = None
    correction: Correction = None


BRIDGE = {
    "target": "00000000000000000000000091",
    "at": 1_795_500_000_000,
    "judgement": "基础淘空，墙体失稳",
    "decision": "抛石护脚，封闭交通",
}
TWO = ["00000000000000000000000011", "00000000000000000000000012"]

KIND = kind(
    Consultation,
    "consultation",
    "会商",
    "Consultation",
    "fact",
    happened="at",
    subject="target",
    title="decision",
    groups={
        "main": "target at place",
        "people": "members guests",
        "result": "judgement decision plan level signer",
        "correction": "correction",
    },
    rules=(
        Rule(
            code="two_people",
            effect="block",
            field="members",
            when='("members" in absent ? 0 : size(members))'
            ' + ("guests" in absent ? 0 : size(guests)) < 2',
            zh="会商至少两人",
            en="A consultation takes two people",
        ),
    ),
    valid={**BRIDGE, "members": TWO, "guests": [{"name": "桥工段专家", "unit": "铁路"}]},
    also=({**BRIDGE, "members": TWO[:1], "guests": [{"name": "设计代表"}]},),
    wrong=(
        Wrong({**BRIDGE, "members": TWO, "judgement": ""}, "required", "judgement"),
        Wrong({**BRIDGE, "members": TWO, "plan": "长" * 1_001}, "too_long", "plan"),
        Wrong({**BRIDGE, "members": TWO, "level": "5"}, "unknown_choice", "level"),
        Wrong({**BRIDGE, "members": TWO, "guests": [{"unit": "铁路"}]}, "required", "guests"),
        Wrong({**BRIDGE, "members": "张河"}, "wrong_type", "members"),
        Wrong({**BRIDGE, "members": TWO[:1]}, "blocked", "members"),
        Wrong(BRIDGE, "blocked", "members"),
    ),
)
