"""The hand-over of a shift 交接班: written by who goes, confirmed by who comes."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.checklists import STORES
from hushui.kinds.kind import Awaits, Fields, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import Correction

ITEM = {
    "text": f.text("事项", "Item", 200, required=True),
    "record": f.ref("记录", "Record", None),
    "owner": f.ref("承办人", "Owner", "member", required=True),
    "due": f.time("时限", "Due"),
}


class Handover(Fields, frozen=True, kw_only=True):
    at: Annotated[int, f.time("交接时间", "Time")]
    outgoing: Annotated[str, f.ref("交班人", "Outgoing", "member", merge="fixed")]
    incoming: Annotated[str, f.ref("接班人", "Incoming", "member", merge="fixed")]
    leader: Annotated[str | None, f.ref("带班领导", "Leader on shift", "member")] = None
    witness: Annotated[
        str | None,
        f.ref(
            "见证人",
            "Witness",
            "member",
            help="接班人的手机还没确认时，由谁在场作证",
            help_en="Who was there to see it, until the successor's phone has confirmed",
        ),
    ] = None
    shift: Annotated[str | None, f.ref("交出班次", "Shift handed over", "duty_shift")] = None

    weather: Annotated[str | None, f.text("天气雨情", "Weather and rain", 200)] = None
    gauges: Annotated[str | None, f.text("水情", "Gauges", 200)] = None
    running: Annotated[str | None, f.text("开机开闸", "Pumps and gates running", 200)] = None
    items: Annotated[
        list[dict[str, object]] | None,
        f.rows(
            "未办完的事",
            "Open items",
            ITEM,
            30,
            help="每一件都要有承办人",
            help_en="Each of them needs somebody in charge",
        ),
    ] = None
    hazards: Annotated[
        list[dict[str, object]] | None,
        f.rows("在办险情和看守点", "Open hazards and watch points", ITEM, 30),
    ] = None
    stores: Annotated[list[dict[str, object]] | None, f.checklist("物资设备", "Stores", STORES)] = (
        None
    )
    note: Annotated[str | None, f.text("说明", "Note", 300)] = None
    correction: Correction = None


class Confirm(Fields, frozen=True, kw_only=True):
    """Written by the successor's own device; until then the hand-over is provisional."""

    at: Annotated[int, f.time("确认时间", "Confirmed")]
    agreed: Annotated[bool, f.yes_no("同意接班", "Agreed")]
    note: Annotated[str | None, f.text("说明", "Note", 200, needed="agreed == false")] = None


EVENING = {
    "at": 1_795_512_600_000,
    "outgoing": "00000000000000000000000011",
    "incoming": "00000000000000000000000012",
}

KIND = kind(
    Handover,
    "handover",
    "交接班",
    "Hand-over",
    "fact",
    happened="at",
    adds={"confirm": Confirm},
    awaits=Awaits("confirm", "agreed", True),
    travels="author outgoing incoming",
    named="outgoing incoming",
    title="outgoing incoming",
    groups={
        "time": "at",
        "people": "outgoing incoming leader witness shift",
        "state": "weather gauges running items hazards",
        "checklist": "stores",
        "note": "note",
        "correction": "correction",
    },
    rules=(
        Rule(
            code="hands_to_himself",
            effect="block",
            field="incoming",
            when="outgoing == incoming",
            zh="交班人和接班人不能是同一个人",
            en="Nobody hands over to himself",
        ),
    ),
    valid={
        **EVENING,
        "items": [{"text": "16 时前开启二号闸", "owner": "00000000000000000000000012"}],
        "stores": [{"item": "radio", "answer": "ok"}],
    },
    wrong=(
        Wrong({"at": 1, "outgoing": "0" * 26}, "required", "incoming"),
        Wrong({**EVENING, "items": [{"text": "开闸"}]}, "required", "items"),
        Wrong(
            {**EVENING, "stores": [{"item": "gold", "answer": "ok"}]}, "unknown_choice", "stores"
        ),
        Wrong({**EVENING, "gauges": "涨" * 201}, "too_long", "gauges"),
        Wrong({**EVENING, "incoming": EVENING["outgoing"]}, "blocked", "incoming"),
    ),
)
