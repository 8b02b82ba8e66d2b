"""What a check found 问题: who puts it right until when. Its owner reports what he did."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, PhotoNeed, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import Correction, NoPhotoReason, Note, ZoneOf

FINDING_LEVELS = f.options(("general", "一般", "General"), ("serious", "严重", "Serious"))


class Finding(Fields, frozen=True, kw_only=True):
    text: Annotated[str, f.text("问题", "Finding", 500)]
    level: Annotated[str, f.choice("程度", "How serious", FINDING_LEVELS)]
    check: Annotated[str | None, f.ref("检查", "Check", "check")] = None
    zone: ZoneOf = None
    found: Annotated[int, f.time("发现时间", "Found")]
    due: Annotated[int, f.time("整改期限", "Due")]
    owner: Annotated[str, f.ref("整改责任人", "Owner", "member")]
    demand: Annotated[str | None, f.text("整改要求", "What is asked for", 300)] = None
    note: Note = None
    no_photo_reason: NoPhotoReason = None
    correction: Correction = None


class Fix(Fields, frozen=True, kw_only=True):
    at: Annotated[int, f.time("整改时间", "Time")]
    text: Annotated[str, f.text("整改情况", "What was done", 300)]


LOG = {
    "text": "9 月 3 日无值班记录",
    "level": "general",
    "found": 1_795_500_000_000,
    "due": 1_796_100_000_000,
    "owner": "00000000000000000000000012",
}

KIND = kind(
    Finding,
    "finding",
    "问题",
    "Finding",
    "fact",
    closes="verified",
    happened="found",
    adds={"fix": Fix},
    travels="author zone owner",
    named="owner",
    title="text",
    groups={
        "main": "text level check",
        "place": "zone",
        "time": "found due",
        "people": "owner demand",
        "note": "note",
        "photos": "no_photo_reason",
        "correction": "correction",
    },
    rules=(
        Rule(
            code="due_before_it_was_found",
            effect="block",
            field="due",
            when="due < found",
            zh="整改期限早于发现时间",
            en="It is due before it was found",
        ),
    ),
    photos=(PhotoNeed(("scene",)),),
    valid=LOG,
    wrong=(
        Wrong({**LOG, "text": None}, "required", "text"),
        Wrong({**LOG, "level": "fatal"}, "unknown_choice", "level"),
        Wrong({**LOG, "owner": "赵渠"}, "wrong_type", "owner"),
        Wrong({**LOG, "text": "长" * 501}, "too_long", "text"),
        Wrong({**LOG, "due": -1}, "out_of_range", "due"),
        Wrong({**LOG, "due": 1}, "blocked", "due"),
    ),
)
