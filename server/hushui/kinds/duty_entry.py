"""A line of the duty log 值班记事. What is unfinished has an owner, who reports what came of it."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.guard import Guard, Look
from hushui.kinds.kind import Awaits, Fields, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import Correction

ENTRY_KINDS = f.options(
    ("weather", "气象", "Weather"),
    ("rain", "雨情", "Rain"),
    ("water", "水情", "Water"),
    ("works", "工情", "Works"),
    ("hazard", "险情", "Hazard"),
    ("disaster", "灾情", "Disaster"),
    ("drought", "旱情", "Drought"),
    ("instruction", "上级指令", "Instruction"),
    ("dispatch", "调度", "Dispatch"),
    ("call_in", "来电", "Call received"),
    ("call_out", "去电", "Call made"),
    ("fax_doc", "传真公文", "Fax or document"),
    ("patrol", "巡查", "Patrol"),
    ("visitor", "来访检查", "Visitors"),
    ("consult", "会商", "Consultation"),
    ("handover", "交接", "Hand-over"),
    ("other", "其他", "Other"),
)
SLACK_MIN = 10
"""Before and after the shift: who comes early and who stays on writes too."""
SLACK_MS = SLACK_MIN * 60_000


class DutyEntry(Fields, frozen=True, kw_only=True):
    entry_kind: Annotated[str, f.choice("类别", "Kind", ENTRY_KINDS)]
    at: Annotated[
        int,
        f.time(
            "时间",
            "Time",
            help="事情发生的时间，应在本班内",
            help_en="When it happened, within this shift",
        ),
    ]
    text: Annotated[str, f.text("内容", "Content", 500)]
    shift: Annotated[str | None, f.ref("班次", "Shift", "duty_shift")] = None
    about: Annotated[str | None, f.ref("有关记录", "About", None)] = None
    handling: Annotated[str | None, f.text("处理", "Handling", 300)] = None
    result: Annotated[str | None, f.text("结果", "Result", 300)] = None
    unfinished: Annotated[
        bool | None,
        f.yes_no(
            "未办完",
            "Unfinished",
            help="交班时必须有人接着办",
            help_en="At the hand-over somebody has to carry it on",
        ),
    ] = None
    owner: Annotated[str | None, f.ref("承办人", "Owner", "member")] = None
    due: Annotated[int | None, f.time("办结时限", "Due")] = None
    correction: Correction = None


class Progress(Fields, frozen=True, kw_only=True):
    at: Annotated[int, f.time("时间", "Time")]
    text: Annotated[str, f.text("进展", "Progress", 300)]
    done: Annotated[bool | None, f.yes_no("已办完", "Done")] = None


ORDER = {"entry_kind": "instruction", "at": 1_795_490_000_000, "text": "16 时前开启二号闸"}

KIND = kind(
    DutyEntry,
    "duty_entry",
    "值班记事",
    "Duty entry",
    "fact",
    happened="at",
    adds={"progress": Progress},
    awaits=Awaits("progress", "done", True, when="unfinished == true"),
    travels="author owner",
    named="owner",
    title="entry_kind text",
    groups={
        "main": "entry_kind at text shift about",
        "result": "handling result unfinished owner due",
        "correction": "correction",
    },
    rules=(
        Rule(
            code="due_before_it_came",
            effect="ask",
            field="due",
            when="due < at",
            zh="办结时限早于事情发生的时间",
            en="It is due before it came",
        ),
        Rule(
            code="no_owner",
            effect="ask",
            field="owner",
            when='unfinished == true && "owner" in absent',
            zh="未办完的事要有承办人，否则不能交班",
            en="What is unfinished needs an owner before the shift can end",
        ),
    ),
    guards=(
        Guard(
            code="outside_shift",
            effect="ask",
            field="at",
            looks=(
                Look(
                    kind="duty_shift",
                    reach="shift",
                    when=f"this.at < other.start - {SLACK_MS} || this.at > other.end + {SLACK_MS}",
                ),
            ),
            zh=f"时间不在这一班内（前后各放宽 {SLACK_MIN} 分钟）",
            en=f"The time is outside the shift, {SLACK_MIN} minutes before and after it allowed",
        ),
    ),
    valid={
        **ORDER,
        "unfinished": True,
        "owner": "00000000000000000000000012",
        "due": 1_795_507_200_000,
    },
    wrong=(
        Wrong({"entry_kind": "rain", "at": 1}, "required", "text"),
        Wrong({**ORDER, "entry_kind": "gossip"}, "unknown_choice", "entry_kind"),
        Wrong({**ORDER, "text": "雨" * 501}, "too_long", "text"),
        Wrong({**ORDER, "at": "16:00"}, "wrong_type", "at"),
        Wrong({**ORDER, "due": -1}, "out_of_range", "due"),
    ),
    doubtful=(
        Wrong({**ORDER, "due": 1}, "due_before_it_came", "due"),
        Wrong({**ORDER, "unfinished": True}, "no_owner", "owner"),
    ),
)
