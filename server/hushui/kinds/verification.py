"""Somebody else looks whether it is done 核查. Who handled it cannot verify it; that is judged at
the server, which knows the dispatch and the repair. A clerk may write down what another found, so
the verifier is a field: where it is empty, it was the author."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.guard import SUBJECT, Guard, Look
from hushui.kinds.kind import Fields, PhotoNeed, Wrong, kind
from hushui.kinds.shared import About, Correction, NoPhotoReason, Note

RESULTS = f.options(("pass", "通过", "Pass"), ("fail", "不通过", "Fail"))
BY_HANDLER = "verified_by_handler"
IT_WAS = "(size(this.who) > 0 ? this.who[0] : this.author)"
"""Who verified, in a condition."""


class Verification(Fields, frozen=True, kw_only=True):
    target: About
    result: Annotated[str, f.choice("结果", "Result", RESULTS)]
    reason: Annotated[
        str | None, f.text("不通过的原因", "Reason", 300, needed='result == "fail"')
    ] = None
    stable_hours: Annotated[
        float | None,
        f.number(
            "稳定时长",
            "Stable for",
            "h",
            1,
            0,
            10_000,
            help="处置完成后没有变化的小时数",
            help_en="Hours without a change since it was treated",
        ),
    ] = None
    verifier: Annotated[
        str | None,
        f.ref(
            "核查人",
            "Verifier",
            "member",
            help="替别人记时选他；不填就是记录人自己",
            help_en="Whoever you write this down for; empty means yourself",
        ),
    ] = None
    note: Note = None
    no_photo_reason: NoPhotoReason = None
    correction: Correction = None


BRIDGE = {"target": "00000000000000000000000091"}

KIND = kind(
    Verification,
    "verification",
    "核查",
    "Verification",
    "fact",
    subject="target",
    title="result",
    groups={
        "main": "target result reason stable_hours",
        "people": "verifier",
        "note": "note",
        "photos": "no_photo_reason",
        "correction": "correction",
    },
    guards=(
        Guard(
            code=BY_HANDLER,
            effect="ask",
            field="result",
            who=("verifier",),
            looks=(
                Look(
                    kind="dispatch",
                    reach=SUBJECT,
                    who=("leader", "members"),
                    when=f"{IT_WAS} in other.who",
                ),
                Look(
                    kind="repair",
                    reach=SUBJECT,
                    who=("members",),
                    when=f"{IT_WAS} == other.author || {IT_WAS} in other.who",
                ),
                Look(
                    kind="event",
                    reach="target",
                    when=f"other.handled_on_spot == true && {IT_WAS} == other.author",
                ),
                Look(
                    kind="finding",
                    reach="target",
                    who=("owner",),
                    when=f"{IT_WAS} in other.who || {IT_WAS} in other.added",
                ),
            ),
            zh="核查的人参加过处置，要另找人核查",
            en="Who verified it had a hand in it: somebody else has to",
        ),
    ),
    photos=(PhotoNeed(("scene",)),),
    valid={**BRIDGE, "result": "pass", "stable_hours": 12.5},
    also=(
        {
            **BRIDGE,
            "result": "fail",
            "reason": "墙脚仍在渗水",
            "verifier": "00000000000000000000000012",
        },
    ),
    wrong=(
        Wrong({"result": "pass"}, "required", "target"),
        Wrong({**BRIDGE, "result": "maybe"}, "unknown_choice", "result"),
        Wrong({**BRIDGE, "result": "fail"}, "required", "reason"),
        Wrong({**BRIDGE, "result": "pass", "stable_hours": -1}, "out_of_range", "stable_hours"),
        Wrong({**BRIDGE, "result": "pass", "verifier": "王站长"}, "wrong_type", "verifier"),
        Wrong({**BRIDGE, "result": "pass", "note": 3}, "wrong_type", "note"),
    ),
)
