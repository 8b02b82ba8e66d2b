"""Somebody else looks whether it is done 核查. Who handled it cannot verify it; that is judged at
the server, which knows the dispatch and the repair."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.guard import SUBJECT, Guard, Look
from hushui.kinds.kind import Fields, PhotoNeed, Wrong, kind
from hushui.kinds.shared import About, Correction, NoPhotoReason, Note

RESULTS = f.options(("pass", "通过", "Pass"), ("fail", "不通过", "Fail"))
BY_HANDLER = "verified_by_handler"


class Verification(Fields, frozen=True, kw_only=True):
    target: About
    result: Annotated[str, f.choice("结果", "Result", RESULTS)]
    reason: Annotated[
        str | None, f.text("不通过的原因", "Reason", 300, needed='result == "fail"')
    ] = None
    stable_hours: Annotated[
        float | None,
        f.number("稳定时长", "Stable for", "h", 1, 0, 10_000, help="处置完成后没有变化的小时数"),
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
        "note": "note",
        "photos": "no_photo_reason",
        "correction": "correction",
    },
    guards=(
        Guard(
            code=BY_HANDLER,
            effect="ask",
            field="result",
            looks=(
                Look(
                    kind="dispatch",
                    reach=SUBJECT,
                    who=("leader", "members"),
                    when="this.author in other.who",
                ),
                Look(
                    kind="repair",
                    reach=SUBJECT,
                    who=("members",),
                    when="this.author == other.author || this.author in other.who",
                ),
                Look(
                    kind="event",
                    reach="target",
                    when="other.handled_on_spot == true && this.author == other.author",
                ),
                Look(
                    kind="finding",
                    reach="target",
                    who=("owner",),
                    when="this.author in other.who || this.author in other.added",
                ),
            ),
            zh="核查的人参加过处置，要另找人核查",
            en="Who verified it had a hand in it: somebody else has to",
        ),
    ),
    photos=(PhotoNeed(("scene",)),),
    valid={**BRIDGE, "result": "pass", "stable_hours": 12.5},
    also=({**BRIDGE, "result": "fail", "reason": "墙脚仍在渗水"},),
    wrong=(
        Wrong({"result": "pass"}, "required", "target"),
        Wrong({**BRIDGE, "result": "maybe"}, "unknown_choice", "result"),
        Wrong({**BRIDGE, "result": "fail"}, "required", "reason"),
        Wrong({**BRIDGE, "result": "pass", "stable_hours": -1}, "out_of_range", "stable_hours"),
        Wrong({**BRIDGE, "result": "pass", "note": 3}, "wrong_type", "note"),
    ),
)
