"""An emergency response 应急响应: its level, where, from when until when."""

from typing import Annotated

from msgspec import field

from hushui.kinds import fields as f
from hushui.kinds.guard import ORG, Guard, Look
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import RESPONSE_LEVELS

HAZARD_KINDS = f.options(
    ("flood", "洪水", "Flood"),
    ("drought", "干旱", "Drought"),
    ("typhoon", "台风", "Typhoon"),
    ("waterlogging", "内涝", "Waterlogging"),
)


class Response(Fields, frozen=True, kw_only=True):
    hazard_kind: Annotated[str, f.choice("灾种", "Kind of hazard", HAZARD_KINDS)]
    level: Annotated[str, f.choice("响应级别", "Level", RESPONSE_LEVELS)]
    area: Annotated[str, f.text("范围", "Area", 100)]
    from_: Annotated[int, f.time("启动时间", "From")] = field(name="from")
    to: Annotated[int | None, f.time("终止时间", "Until")] = None
    issuer: Annotated[str, f.text("发布单位", "Issuer", 60)]
    no: Annotated[str | None, f.text("文号", "Number", 40)] = None
    reason: Annotated[
        str | None,
        f.text(
            "依据",
            "Reason",
            200,
            help="调整级别时写明为什么",
            help_en="Say why when the level is changed",
        ),
    ] = None
    note: Annotated[str | None, f.text("说明", "Note", 300)] = None


DROUGHT = {
    "hazard_kind": "drought",
    "level": "response_iii",
    "area": "衡南县",
    "from": 1_795_000_000_000,
    "issuer": "县防指",
}

KIND = kind(
    Response,
    "response",
    "应急响应",
    "Response",
    "decision",
    title="level hazard_kind area",
    groups={
        "level": "hazard_kind level area",
        "time": "from to",
        "more": "issuer no reason",
        "note": "note",
    },
    rules=(
        Rule(
            code="ends_before_it_starts",
            effect="block",
            field="to",
            when="to <= from",
            zh="终止时间早于启动时间",
            en="It ends before it begins",
        ),
    ),
    guards=(
        Guard(
            code="response_in_force",
            effect="block",
            field="area",
            looks=(
                Look(
                    kind="response",
                    reach=ORG,
                    during=("from", "to"),
                    when="this.hazard_kind == other.hazard_kind && this.area == other.area",
                ),
            ),
            zh="同一灾种、同一范围已有响应；先终止它，或在它上面改级别",
            en="One for this kind and area is in force: end it first, or change its level",
        ),
    ),
    valid={**DROUGHT, "no": "衡南防指〔2022〕7号"},
    wrong=(
        Wrong({**DROUGHT, "level": "response_v"}, "unknown_choice", "level"),
        Wrong({**DROUGHT, "hazard_kind": None}, "required", "hazard_kind"),
        Wrong({**DROUGHT, "issuer": " "}, "required", "issuer"),
        Wrong({**DROUGHT, "from": "08:00"}, "wrong_type", "from"),
        Wrong({**DROUGHT, "to": 1_794_000_000_000}, "blocked", "to"),
    ),
)
