"""A report about a hazard 险情报告: by voice, first, follow-up, final, or the correction of one.

Its number among those about the hazard is given at receipt.
"""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import LEVELS, Correction, Flow, WaterLevel, Weather

REPORT_KINDS = f.options(
    ("call_report", "口报", "By voice"),
    ("first_report", "首报", "First report"),
    ("follow_up", "续报", "Follow-up"),
    ("final_report", "终报", "Final report"),
    ("correction", "更正", "Correction"),
)
FORCES = "masses army police"
SHOWN = {
    "call_report": "at_risk told",
    "first_report": f"z_m flow_m3s weather at_risk action responsible {FORCES} next_at told",
    "follow_up": f"z_m flow_m3s weather at_risk action {FORCES} forecast next_at told",
    "final_report": f"{FORCES} cause cost_wan lessons told",
    "correction": "corrects",
}


class HazardReport(Fields, frozen=True, kw_only=True):
    hazard: Annotated[str, f.ref("险情", "Hazard", "hazard", merge="fixed")]
    report_kind: Annotated[str, f.choice("报告种类", "Kind of report", REPORT_KINDS, merge="fixed")]
    at: Annotated[int, f.time("报告时间", "Reported")]
    text: Annotated[
        str,
        f.text(
            "报告内容",
            "Text",
            1_000,
            help="口报：谁、哪里、什么、多大、有没有人；续报：变化和进展",
            help_en="By voice: who, where, what, how large, who is in danger; then: what changed",
        ),
    ]
    corrects: Annotated[
        str | None,
        f.ref(
            "更正哪一份",
            "Which report",
            "hazard_report",
            needed='report_kind == "correction"',
        ),
    ] = None
    level: Annotated[str | None, f.choice("级别", "Level", LEVELS)] = None
    z_m: WaterLevel = None
    flow_m3s: Flow = None
    weather: Weather = None
    at_risk: Annotated[str | None, f.text("威胁范围和人员", "Area and people at risk", 200)] = None
    action: Annotated[str | None, f.text("已采取措施", "Action taken", 300)] = None
    responsible: Annotated[
        str | None, f.text("责任人和电话", "Responsible persons and phones", 200)
    ] = None
    masses: Annotated[int | None, f.integer("群众", "Civilians", "人", 0, 1_000_000)] = None
    army: Annotated[int | None, f.integer("解放军", "Army", "人", 0, 1_000_000)] = None
    police: Annotated[int | None, f.integer("武警", "Armed police", "人", 0, 1_000_000)] = None
    forecast: Annotated[
        str | None, f.text("发展趋势", "Forecast", 200, needed='report_kind == "follow_up"')
    ] = None
    cause: Annotated[
        str | None, f.text("原因分析", "Cause", 300, needed='report_kind == "final_report"')
    ] = None
    cost_wan: Annotated[float | None, f.number("投入费用", "Cost", "万元", 2, 0, 100_000_000)] = (
        None
    )
    lessons: Annotated[str | None, f.text("经验教训", "Lessons", 300)] = None
    next_at: Annotated[
        int | None,
        f.time(
            "下次报告时间",
            "Next report",
            needed='report_kind in ["first_report", "follow_up"]',
        ),
    ] = None
    told: Annotated[str | None, f.text("报给", "Told to", 60)] = None
    signer: Annotated[str | None, f.ref("签发人", "Signer", "member")] = None
    correction: Correction = None


BRIDGE = {"hazard": "00000000000000000000000091", "at": 1_795_500_000_000, "text": "砌体冲毁 12 米"}
AT_ONCE = {**BRIDGE, "report_kind": "first_report", "next_at": 1_795_507_200_000}

KIND = kind(
    HazardReport,
    "hazard_report",
    "险情报告",
    "Hazard report",
    "fact",
    happened="at",
    subject="hazard",
    numbered="subject",
    title="report_kind text",
    groups={
        "main": "hazard report_kind at text corrects",
        "level": "level",
        "state": "z_m flow_m3s weather at_risk",
        "treatment": "action responsible",
        "resources": FORCES,
        "result": "forecast cause cost_wan lessons next_at",
        "people": "told signer",
        "correction": "correction",
    },
    shown=("report_kind", SHOWN),
    rules=(
        Rule(
            code="next_before_this",
            effect="block",
            field="next_at",
            when="next_at <= at",
            zh="下次报告时间要晚于这一次",
            en="The next report comes after this one",
        ),
    ),
    valid={**AT_ONCE, "level": "larger", "weather": "storm", "at_risk": "铁路桥", "masses": 12},
    also=(
        {**BRIDGE, "report_kind": "call_report", "told": "支部书记"},
        {**AT_ONCE, "report_kind": "follow_up", "forecast": "趋于稳定"},
        {**BRIDGE, "report_kind": "final_report", "cause": "暴雨淘刷基础"},
        {**BRIDGE, "report_kind": "correction", "corrects": "00000000000000000000000092"},
    ),
    wrong=(
        Wrong({**BRIDGE, "report_kind": "tweet"}, "unknown_choice", "report_kind"),
        Wrong({**AT_ONCE, "hazard": None}, "required", "hazard"),
        Wrong({**AT_ONCE, "hazard": "六孔桥"}, "wrong_type", "hazard"),
        Wrong({**BRIDGE, "report_kind": "first_report"}, "required", "next_at"),
        Wrong({**AT_ONCE, "report_kind": "follow_up"}, "required", "forecast"),
        Wrong({**BRIDGE, "report_kind": "final_report"}, "required", "cause"),
        Wrong({**BRIDGE, "report_kind": "correction"}, "required", "corrects"),
        Wrong({**AT_ONCE, "masses": -1}, "out_of_range", "masses"),
        Wrong({**AT_ONCE, "text": "长" * 1_001}, "too_long", "text"),
        Wrong({**AT_ONCE, "next_at": BRIDGE["at"]}, "blocked", "next_at"),
    ),
)
