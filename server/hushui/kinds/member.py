"""Somebody of the organisation. Teams and zones know their people through this."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.guard import ORG, Guard, Look
from hushui.kinds.kind import Fields, Wrong, kind

PHONE = r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$"
ROLES = f.options(
    ("member", "巡查队员", "Member"),
    ("zone_lead", "责任区负责人", "Zone lead"),
    ("team_leader", "队长", "Team leader"),
    ("duty_officer", "值班员", "Duty officer"),
    ("leader_on_shift", "带班领导", "Leader on shift"),
    ("secretary", "支部书记", "Secretary"),
    ("deputy", "副书记", "Deputy secretary"),
    ("org", "组织委员", "Organisation officer"),
    ("publicity", "宣传委员", "Publicity officer"),
    ("discipline", "纪检委员", "Discipline officer"),
    ("supervisor", "督导员", "Supervisor"),
    ("admin", "系统管理员", "Administrator"),
)
PARTY_STATES = f.options(
    ("full", "正式党员", "Full member"),
    ("probationary", "预备党员", "Probationary member"),
    ("applicant", "入党积极分子", "Applicant"),
    ("none", "群众", "Not a member"),
)
SKILLS = f.options(
    ("boat", "驾船", "Boat"),
    ("electric", "电工", "Electrician"),
    ("weld", "焊工", "Welder"),
    ("drive", "驾驶", "Driver"),
    ("first_aid", "急救", "First aid"),
    ("survey", "测量", "Survey"),
    ("pump", "机泵", "Pumps"),
    ("dive", "潜水", "Diver"),
    ("swim", "水性好", "Good swimmer"),
    ("machine", "挖掘机械", "Excavator"),
)


class Member(Fields, frozen=True, kw_only=True):
    name: Annotated[str, f.name("姓名", "Name", 20)]
    code: Annotated[
        str,
        f.name(
            "编号",
            "Number",
            20,
            help="单位内部编号，不重复",
            help_en="The organisation's own number, each once",
        ),
    ]
    roles: Annotated[list[str], f.several("角色", "Roles", ROLES, 12, least=1)]
    team: Annotated[str | None, f.ref("所在队", "Team", "team")] = None
    branch: Annotated[str | None, f.ref("所在支部", "Branch", "branch")] = None
    title: Annotated[str | None, f.text("职务", "Post", 40)] = None
    party_state: Annotated[str | None, f.choice("政治面貌", "Party membership", PARTY_STATES)] = (
        None
    )
    joined: Annotated[
        int | None,
        f.time(
            "入党时间",
            "Joined the party",
            min=f.YEAR_1920,
            help="填到日，不晚于今天",
            help_en="To the day, not later than today",
        ),
    ] = None
    skills: Annotated[list[str] | None, f.several("特长", "Skills", SKILLS, 10)] = None
    login: Annotated[
        str | None, f.text("登录名", "Login", 40, pattern=r"^[a-z][a-z0-9._-]{1,39}$")
    ] = None
    phone: Annotated[
        str | None,
        f.text(
            "电话",
            "Phone",
            20,
            pattern=PHONE,
            help="手机 11 位，或带区号的固定电话",
            help_en="Mobile, 11 digits, or a landline with its area code",
        ),
    ] = None


KIND = kind(
    Member,
    "member",
    "人员",
    "Member",
    "reference",
    guards=(
        Guard(
            code="member_code",
            effect="block",
            field="code",
            looks=(Look(kind="member", reach=ORG, same="code", when="this.code == other.code"),),
            zh="本单位已有人用这个编号",
            en="Somebody here has this number already",
        ),
    ),
    held_by="people",
    title="name",
    valid={
        "name": "张河",
        "code": "NBH-011",
        "roles": ["member", "zone_lead"],
        "party_state": "full",
        "joined": 1_120_000_000_000,
        "skills": ["boat", "first_aid"],
        "phone": "13900000011",
    },
    also=({"name": "老党员", "code": "NBH-001", "roles": ["member"], "joined": -600_000_000_000},),
    wrong=(
        Wrong({"name": "张\u202e河", "code": "1", "roles": ["member"]}, "wrong_type", "name"),
        Wrong({"name": "张\x07", "code": "1", "roles": ["member"]}, "wrong_type", "name"),
        Wrong({"name": "张\n河", "code": "1", "roles": ["member"]}, "wrong_type", "name"),
        Wrong(
            {"name": "张河", "code": "1", "roles": ["member"], "joined": f.YEAR_1920 - 1},
            *("out_of_range", "joined"),
        ),
        Wrong({"code": "NBH-011", "roles": ["member"]}, "required", "name"),
        Wrong({"name": "张河", "code": "1", "roles": []}, "required", "roles"),
        Wrong({"name": "张河", "code": "1", "roles": ["chief"]}, "unknown_choice", "roles"),
        Wrong(
            {"name": "张河", "code": "1", "roles": ["member"], "skills": ["fly"]},
            "unknown_choice",
            "skills",
        ),
        Wrong({"name": "河" * 21, "code": "1", "roles": ["member"]}, "too_long", "name"),
        Wrong(
            {"name": "张河", "code": "1", "roles": ["member"], "phone": "123"},
            "wrong_type",
            "phone",
        ),
    ),
)
