"""A member claims a post or a zone 认领, for himself: its author is who claims. Shown to all."""

from typing import Annotated

from msgspec import field

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import Correction

AT_LEAST_5 = r"^([^\d]|\d){5,200}$"
"""Characters of any sort, as both engines read it."""


class Claim(Fields, frozen=True, kw_only=True):
    target: Annotated[
        str,
        f.ref(
            "岗位或责任区",
            "Post or zone",
            None,
            merge="fixed",
            help="一人可领多岗",
            help_en="One may claim several posts",
        ),
    ]
    from_: Annotated[int, f.time("从", "From")] = field(name="from")
    to: Annotated[
        int | None, f.time("到", "To", help="不填就是长期", help_en="Empty means without an end")
    ] = None
    promise: Annotated[
        str,
        f.text(
            "承诺",
            "Promise",
            200,
            pattern=AT_LEAST_5,
            help="5 到 200 字，公开",
            help_en="5 to 200 characters, public",
        ),
    ]
    recommended_by: Annotated[str | None, f.text("推荐人", "Recommended by", 40)] = None
    released: Annotated[bool | None, f.yes_no("已退出", "Released")] = None
    note: Annotated[str | None, f.text("说明", "Note", 200)] = None
    correction: Correction = None


DUTY = {
    "target": "00000000000000000000000081",
    "from": 1_795_500_000_000,
    "promise": "我在岗，险情时不走。",
}

KIND = kind(
    Claim,
    "claim",
    "认领",
    "Claim",
    "fact",
    travels="author org",
    title="target",
    groups={
        "main": "target",
        "time": "from to",
        "result": "promise recommended_by released",
        "note": "note",
        "correction": "correction",
    },
    rules=(
        Rule(
            code="ends_before_it_starts",
            effect="block",
            field="to",
            when="to <= from",
            zh="结束要晚于开始",
            en="It ends after it begins",
        ),
    ),
    valid={**DUTY, "to": 1_827_000_000_000},
    wrong=(
        Wrong({"from": 1, "promise": "我在岗，我不走"}, "required", "target"),
        Wrong({**DUTY, "promise": "好"}, "wrong_type", "promise"),
        Wrong({**DUTY, "promise": 5}, "wrong_type", "promise"),
        Wrong({**DUTY, "promise": "好" * 201}, "too_long", "promise"),
        Wrong({**DUTY, "from": -1}, "out_of_range", "from"),
        Wrong({**DUTY, "to": DUTY["from"]}, "blocked", "to"),
    ),
)
