"""A party branch 支部: standing, temporary for one task, or joint of several units."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.rule import Rule

BRANCH_KINDS = f.options(
    ("standing", "常设支部", "Standing"),
    ("temporary", "临时党支部", "Temporary"),
    ("joint", "联合党支部", "Joint"),
)
MEMBERS_LEAST = 3


class Branch(Fields, frozen=True, kw_only=True):
    name: Annotated[str, f.name("名称", "Name", 40)]
    branch_kind: Annotated[
        str,
        f.choice(
            "类别",
            "Kind",
            BRANCH_KINDS,
            help="临时支部随任务设立和撤销，党员组织关系不转",
            help_en="A temporary branch comes and goes with its task; memberships stay",
        ),
    ]
    adcode: Annotated[
        str | None,
        f.text(
            "行政区划",
            "Region code",
            6,
            pattern=r"^\d{6}$",
            help="六位，如 220300",
            help_en="Six digits, as 220300",
        ),
    ] = None
    project: Annotated[
        str | None,
        f.text("所在项目", "Project or task", 60, needed='branch_kind == "temporary"'),
    ] = None
    units: Annotated[
        str | None,
        f.text("联合单位", "Units joined", 200, needed='branch_kind == "joint"'),
    ] = None
    starts: Annotated[int | None, f.time("设立时间", "Set up")] = None
    ends: Annotated[int | None, f.time("撤销时间", "Ends", needed='branch_kind == "temporary"')] = (
        None
    )
    secretary: Annotated[str | None, f.ref("书记", "Secretary", "member")] = None
    committee: Annotated[
        list[str] | None,
        f.refs(
            "支委",
            "Committee",
            "member",
            7,
            help="党员不足 7 人不设支委会",
            help_en="Below seven members there is no committee",
        ),
    ] = None
    members: Annotated[
        list[str] | None,
        f.refs(
            "编入党员",
            "Members",
            "member",
            50,
            help="常设支部不用填，按人员档案算",
            help_en="Not of a standing branch: it follows from the members",
        ),
    ] = None
    note: Annotated[str | None, f.text("说明", "Note", 300)] = None


WEST_LAKE = {"name": "西湖湿地项目临时党支部", "branch_kind": "temporary"}

KIND = kind(
    Branch,
    "branch",
    "支部",
    "Party branch",
    "reference",
    title="name",
    groups={
        "main": "name branch_kind adcode project units",
        "time": "starts ends",
        "people": "secretary committee members",
        "note": "note",
    },
    rules=(
        Rule(
            code="ends_before_it_starts",
            effect="block",
            field="ends",
            when="ends <= starts",
            zh="撤销时间早于设立时间",
            en="It ends before it is set up",
        ),
        Rule(
            code="few_members",
            effect="ask",
            field="members",
            # The size of a text is no number of people, and the engines count it differently.
            when='branch_kind != "standing" && members.all(it, it == it)'
            f" && size(members) < {MEMBERS_LEAST}",
            zh=f"正式党员不足 {MEMBERS_LEAST} 人，不能成立支部",
            en=f"A branch takes {MEMBERS_LEAST} full members",
        ),
    ),
    valid={
        **WEST_LAKE,
        "adcode": "220300",
        "project": "西湖湿地水质提升",
        "starts": 1_795_000_000_000,
        "ends": 1_810_000_000_000,
        "secretary": "00000000000000000000000011",
    },
    also=({"name": "新塘电灌站支部", "branch_kind": "standing"},),
    wrong=(
        Wrong({"branch_kind": "standing"}, "required", "name"),
        Wrong({"name": "支部", "branch_kind": "secret"}, "unknown_choice", "branch_kind"),
        Wrong({**WEST_LAKE, "project": "西湖"}, "required", "ends"),
        Wrong({**WEST_LAKE, "ends": 2}, "required", "project"),
        Wrong({"name": "联合", "branch_kind": "joint"}, "required", "units"),
        Wrong(
            {"name": "支部", "branch_kind": "standing", "adcode": "2203"}, "wrong_type", "adcode"
        ),
        Wrong(
            {"name": "支部", "branch_kind": "standing", "starts": 2, "ends": 1}, "blocked", "ends"
        ),
    ),
    doubtful=(
        Wrong(
            {**WEST_LAKE, "project": "西湖", "ends": 2, "members": ["0" * 26] * 2},
            *("few_members", "members"),
        ),
    ),
)
