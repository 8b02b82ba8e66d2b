"""An activity of the branch 活动: a meeting, a lesson, labour, a drill."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.shared import Correction

ACTIVITY_KINDS = f.options(
    ("branch_meeting", "党员大会", "Branch meeting"),
    ("committee_meeting", "支委会", "Committee meeting"),
    ("group_meeting", "党小组会", "Group meeting"),
    ("party_class", "党课", "Party class"),
    ("theme_day", "主题党日", "Theme day"),
    ("org_life", "组织生活会", "Organisation life meeting"),
    ("democratic_review", "民主评议", "Democratic review"),
    ("training", "培训", "Training"),
    ("study", "学习", "Study"),
    ("volunteer", "志愿服务", "Volunteering"),
    ("labour", "义务劳动", "Labour"),
    ("visit", "走访", "Visit"),
    ("safety_lesson", "安全课", "Safety lesson"),
    ("drill", "演练", "Drill"),
)
PART = {
    "name": f.text(
        "环节",
        "Part",
        60,
        required=True,
        help="如一课、一片、一实践",
        help_en="As one lesson, one film, one practice",
    ),
    "minutes": f.integer("时长", "Minutes", "min", 1, 600),
}


class Activity(Fields, frozen=True, kw_only=True):
    activity_kind: Annotated[str, f.choice("活动类别", "Kind of activity", ACTIVITY_KINDS)]
    title: Annotated[str, f.text("主题", "Title", 60)]
    at: Annotated[int, f.time("开始", "Start")]
    minutes: Annotated[int, f.integer("时长", "Minutes", "min", 10, 600)]
    host: Annotated[str, f.ref("主持人", "Host", "member")]
    place_name: Annotated[str | None, f.text("地点", "Where", 60)] = None
    branch: Annotated[str | None, f.ref("支部", "Branch", "branch")] = None
    attendees: Annotated[
        list[str] | None,
        f.refs(
            "到场",
            "Present",
            "member",
            100,
            help="没到的另记缺席，只有本人和办公室看得到",
            help_en="Who was not there has an absence of his own, which only he and the office see",
        ),
    ] = None
    guests: Annotated[int | None, f.integer("外单位人数", "Guests", "人", 0, 9_999)] = None
    parts: Annotated[list[dict[str, object]] | None, f.rows("环节", "Parts", PART, 10)] = None
    reader: Annotated[str | None, f.ref("领学人", "Reader", "member")] = None
    note: Annotated[str | None, f.text("记录", "Minutes of it", 2_000)] = None
    correction: Correction = None


CLASS = {
    "activity_kind": "party_class",
    "title": "防汛抗旱先锋课",
    "at": 1_795_500_000_000,
    "minutes": 60,
    "host": "00000000000000000000000011",
}

KIND = kind(
    Activity,
    "activity",
    "活动",
    "Activity",
    "fact",
    happened="at",
    travels="author org",
    title="activity_kind title",
    groups={
        "main": "activity_kind title at minutes host place_name branch",
        "people": "attendees guests",
        "more": "parts reader",
        "note": "note",
        "correction": "correction",
    },
    valid={**CLASS, "parts": [{"name": "一课"}, {"name": "一片"}, {"name": "一实践"}]},
    wrong=(
        Wrong({**CLASS, "host": None}, "required", "host"),
        Wrong({**CLASS, "minutes": 9}, "out_of_range", "minutes"),
        Wrong({**CLASS, "activity_kind": "party"}, "unknown_choice", "activity_kind"),
        Wrong({**CLASS, "title": "长" * 61}, "too_long", "title"),
        Wrong({**CLASS, "attendees": "全体"}, "wrong_type", "attendees"),
    ),
)
