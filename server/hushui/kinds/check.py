"""A check 检查: by oneself, of each other, at random, unannounced. What it finds are findings."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.fields import ANSWERS
from hushui.kinds.guard import Guard, Look
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import Correction, Note

CHECK_KINDS = f.options(
    ("self", "自查", "Self-check"),
    ("mutual", "互查", "Mutual check"),
    ("random", "随机抽查", "Random check"),
    ("flying", "飞行巡查", "Flying check"),
    ("walk", "走动式检查", "Walking about"),
    ("superior_verify", "上级核查", "Check from above"),
)
ITEM = {
    "text": f.text("项目", "Item", 100, required=True),
    "answer": f.choice("结果", "Answer", ANSWERS, required=True),
    "note": f.text("说明", "Note", 100, needed='answer == "abnormal"'),
}
BY_OTHERS = 'this.check_kind != "self"'


class Check(Fields, frozen=True, kw_only=True):
    check_kind: Annotated[
        str,
        f.choice(
            "检查方式",
            "Kind of check",
            CHECK_KINDS,
            help="飞行巡查：开始前对方不知道",
            help_en="A flying check: nobody there knows before it begins",
        ),
    ]
    target_branch: Annotated[str | None, f.ref("受检支部", "Branch checked", "branch")] = None
    target_zone: Annotated[str | None, f.ref("受检责任区", "Zone checked", "zone")] = None
    target_name: Annotated[
        str | None,
        f.text(
            "受检对象",
            "What is checked",
            60,
            needed='"target_branch" in absent && "target_zone" in absent',
        ),
    ] = None
    team: Annotated[
        list[str],
        f.refs(
            "检查组",
            "Team",
            "member",
            12,
            count_min=1,
            help="不含受检方的人",
            help_en="Without the people of those who are checked",
        ),
    ]
    starts: Annotated[
        int | None,
        f.time(
            "开始",
            "Starts",
            needed='check_kind == "flying"',
            help="飞行巡查到这时才公开",
            help_en="A flying check is shown to others from then on",
        ),
    ] = None
    ended: Annotated[int | None, f.time("结束", "Ended")] = None
    items: Annotated[list[dict[str, object]] | None, f.rows("项目", "Items", ITEM, 60)] = None
    score: Annotated[float | None, f.number("得分", "Score", "分", 1, 0, 100)] = None
    summary: Annotated[str | None, f.text("小结", "Summary", 500)] = None
    note: Note = None
    correction: Correction = None


SELF = {"check_kind": "self", "target_name": "值班室", "team": ["00000000000000000000000011"]}

KIND = kind(
    Check,
    "check",
    "检查",
    "Check",
    "fact",
    travels="author team",
    followed_by=(("finding", "check"),),
    title="check_kind target_name",
    groups={
        "main": "check_kind target_branch target_zone target_name",
        "people": "team",
        "time": "starts ended",
        "checklist": "items",
        "result": "score summary",
        "note": "note",
        "correction": "correction",
    },
    rules=(
        Rule(
            code="ends_before_it_starts",
            effect="block",
            field="ended",
            when="ended <= starts",
            zh="结束要晚于开始",
            en="It ends after it starts",
        ),
    ),
    guards=(
        Guard(
            code="checks_his_own",
            effect="ask",
            field="team",
            who=("team",),
            looks=(
                Look(
                    kind="member",
                    reach="team",
                    when=f"{BY_OTHERS} && other.branch == this.target_branch",
                ),
                Look(
                    kind="branch",
                    reach="target_branch",
                    who=("secretary", "committee", "members"),
                    when=f"{BY_OTHERS} && this.who.exists(person, person in other.who)",
                ),
            ),
            zh="检查组里有受检支部的人",
            en="Somebody of the team belongs to the branch that is checked",
        ),
    ),
    valid={
        **SELF,
        "items": [
            {"text": "值班记录", "answer": "abnormal", "note": "缺 3 日"},
            {"text": "灭火器", "answer": "ok"},
        ],
        "score": 92.5,
    },
    also=({**SELF, "check_kind": "flying", "starts": 1_795_500_000_000},),
    wrong=(
        Wrong({**SELF, "check_kind": "secret"}, "unknown_choice", "check_kind"),
        Wrong({**SELF, "target_name": None}, "required", "target_name"),
        Wrong({**SELF, "team": []}, "required", "team"),
        Wrong({**SELF, "check_kind": "flying"}, "required", "starts"),
        Wrong({**SELF, "score": 101}, "out_of_range", "score"),
        Wrong({**SELF, "items": [{"text": "灭火器"}]}, "required", "items"),
        Wrong({**SELF, "target_zone": "Z03"}, "wrong_type", "target_zone"),
        Wrong({**SELF, "starts": 2, "ended": 1}, "blocked", "ended"),
    ),
)
