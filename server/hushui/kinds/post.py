"""A post 责任岗 that members claim: what is to be done there."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.shared import Place, ZoneOf

POST_KINDS = f.options(
    ("duty_post", "责任岗", "Duty post"),
    ("demo_post", "示范岗", "Model post"),
    ("pioneer_post", "先锋岗", "Pioneer post"),
    ("volunteer_post", "义务岗", "Volunteer post"),
    ("guard_post", "护安岗", "Guard post"),
    ("zone", "责任区", "Zone"),
)
DUTY = {"text": f.text("职责", "Duty", 60, required=True)}


class Post(Fields, frozen=True, kw_only=True):
    name: Annotated[str, f.name("名称", "Name", 40)]
    post_kind: Annotated[str, f.choice("岗位类别", "Kind of post", POST_KINDS)]
    duties: Annotated[list[dict[str, object]], f.rows("岗位职责", "Duties", DUTY, 10, count_min=1)]
    seats: Annotated[
        int | None,
        f.integer(
            "人数",
            "Places",
            "人",
            1,
            99,
            help="一岗可多人，一人可多岗",
            help_en="A post may have several people, a person several posts",
        ),
    ] = None
    zone: ZoneOf = None
    place: Place = None
    place_name: Annotated[str | None, f.text("地点", "Where", 60)] = None
    closed: Annotated[bool | None, f.yes_no("已停用", "Closed")] = None
    note: Annotated[str | None, f.text("说明", "Note", 200)] = None


YUEPING = {"name": "悦平滩先锋岗", "post_kind": "pioneer_post"}

KIND = kind(
    Post,
    "post",
    "岗位",
    "Post",
    "reference",
    title="name",
    groups={
        "main": "name post_kind duties seats",
        "place": "zone place place_name",
        "state": "closed",
        "note": "note",
    },
    valid={
        **YUEPING,
        "duties": [{"text": word} for word in ("秩序", "环境", "水面", "设施")],
        "place_name": "悦平滩",
    },
    wrong=(
        Wrong({**YUEPING}, "required", "duties"),
        Wrong({**YUEPING, "duties": []}, "required", "duties"),
        Wrong({**YUEPING, "duties": [{"text": "看护"}] * 11}, "too_long", "duties"),
        Wrong(
            {"name": "岗", "post_kind": "seat", "duties": [{"text": "看护"}]},
            "unknown_choice",
            "post_kind",
        ),
        Wrong({**YUEPING, "duties": [{"text": "看护"}], "seats": 0}, "out_of_range", "seats"),
    ),
)
