"""A zone given to a person 责任区授予. It ends by `ended`, never by forgetting."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind

GRANT_ROLES = f.options(("member", "队员", "Member"), ("lead", "负责人", "Lead"))


class Grant(Fields, frozen=True, kw_only=True):
    person: Annotated[str, f.ref("人员", "Person", "member", merge="fixed")]
    zone: Annotated[str, f.ref("责任区", "Zone", "zone", merge="fixed")]
    role: Annotated[str, f.choice("职责", "Role", GRANT_ROLES)]
    ended: Annotated[bool | None, f.yes_no("已收回", "Ended")] = None
    note: Annotated[str | None, f.text("说明", "Note", 200)] = None


KIND = kind(
    Grant,
    "grant",
    "责任区授予",
    "Grant",
    "decision",
    held_by="zones",
    title="role",
    valid={
        "person": "00000000000000000000000011",
        "zone": "00000000000000000000000031",
        "role": "member",
    },
    wrong=(
        Wrong({"zone": "0" * 26, "role": "member"}, "required", "person"),
        Wrong({"person": "0" * 26, "zone": "0" * 26, "role": "boss"}, "unknown_choice", "role"),
        Wrong(
            {"person": "0" * 26, "zone": "0" * 26, "role": "lead", "ended": "no"},
            "wrong_type",
            "ended",
        ),
    ),
)
