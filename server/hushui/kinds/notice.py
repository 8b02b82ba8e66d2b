"""A notice 通知通报 to everybody of the organisation."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind

NOTICE_KINDS = f.options(
    ("notice", "通知", "Notice"),
    ("circular", "通报", "Circular"),
    ("warning", "预警", "Warning"),
)


class Notice(Fields, frozen=True, kw_only=True):
    notice_kind: Annotated[
        str,
        f.choice(
            "类别",
            "Kind",
            NOTICE_KINDS,
            help="通报：检查情况；预警：天气水情",
            help_en="Bulletin: about checks; warning: weather and water",
        ),
    ]
    title: Annotated[str, f.text("标题", "Title", 60)]
    text: Annotated[str, f.text("正文", "Text", 2_000)]
    about: Annotated[
        list[str] | None,
        f.refs(
            "有关记录",
            "About",
            None,
            20,
            help="检查、问题、险情等",
            help_en="A check, a finding, a hazard …",
        ),
    ] = None
    until: Annotated[int | None, f.time("有效期至", "Valid until")] = None
    issuer: Annotated[str | None, f.text("发布单位", "Issuer", 60)] = None
    no: Annotated[str | None, f.text("文号", "Number", 40)] = None


AUTUMN = {"notice_kind": "circular", "title": "九月检查通报", "text": "两处问题已整改。"}

KIND = kind(
    Notice,
    "notice",
    "通知通报",
    "Notice",
    "decision",
    title="title",
    groups={"main": "notice_kind title text about", "more": "until issuer no"},
    valid={**AUTUMN, "about": ["00000000000000000000000091"]},
    wrong=(
        Wrong({"notice_kind": "notice", "title": "通知"}, "required", "text"),
        Wrong({**AUTUMN, "notice_kind": "rumour"}, "unknown_choice", "notice_kind"),
        Wrong({**AUTUMN, "title": "长" * 61}, "too_long", "title"),
        Wrong({**AUTUMN, "until": "明天"}, "wrong_type", "until"),
        Wrong({**AUTUMN, "about": ["九月"]}, "wrong_type", "about"),
    ),
)
