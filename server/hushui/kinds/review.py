"""What the office decided about one version of a record 审核. Written once, never corrected."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind

DECISIONS = f.options(
    ("approved", "通过", "Approved"),
    ("returned", "退回补正", "Returned"),
    ("rejected", "不予采用", "Rejected"),
)
POINT = {
    "field": f.text("字段", "Field", 60),
    "photo": f.ref("照片", "Photo", "photo"),
    "note": f.text("说明", "Note", 200),
}


class Review(Fields, frozen=True, kw_only=True):
    target: Annotated[str, f.ref("记录", "Record", None, merge="fixed")]
    version: Annotated[int, f.integer("版本", "Version", "", 1, 1_000_000, merge="fixed")]
    decision: Annotated[str, f.choice("决定", "Decision", DECISIONS, merge="fixed")]
    reason: Annotated[
        str | None,
        f.text(
            "原因",
            "Reason",
            300,
            merge="fixed",
            needed='decision in ["returned", "rejected"]',
        ),
    ] = None
    points: Annotated[
        list[dict[str, object]] | None,
        f.rows("请改这里", "What to mend", POINT, 12, merge="fixed"),
    ] = None


KIND = kind(
    Review,
    "review",
    "审核",
    "Review",
    "decision",
    subject="target",
    held_by="reviewers",
    title="decision",
    valid={
        "target": "00000000000000000000000091",
        "version": 1,
        "decision": "returned",
        "reason": "长度与方量不符",
        "points": [{"field": "length_m"}],
    },
    wrong=(
        Wrong({"version": 1, "decision": "approved"}, "required", "target"),
        Wrong(
            {"target": "0" * 26, "version": 0, "decision": "approved"}, "out_of_range", "version"
        ),
        Wrong({"target": "0" * 26, "version": 1, "decision": "ok"}, "unknown_choice", "decision"),
        Wrong({"target": "0" * 26, "version": 1, "decision": "returned"}, "required", "reason"),
        Wrong(
            {"target": "0" * 26, "version": 1, "decision": "approved", "points": [{"photo": "x"}]},
            "wrong_type",
            "points",
        ),
    ),
)
