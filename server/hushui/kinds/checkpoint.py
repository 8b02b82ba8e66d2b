"""A point of a zone that a patrol visits 巡查点: the proof of presence."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.fields import Geo
from hushui.kinds.kind import Fields, Wrong, kind


class Checkpoint(Fields, frozen=True, kw_only=True):
    zone: Annotated[str, f.ref("责任区", "Zone", "zone")]
    name: Annotated[str, f.name("名称", "Name", 40)]
    number: Annotated[int, f.integer("序号", "Number", "", 1, 999)]
    chainage: Annotated[float, f.chainage()]
    point: Annotated[Geo | None, f.geo("位置", "Place")] = None
    code: Annotated[
        str | None,
        f.text(
            "二维码",
            "QR code",
            40,
            pattern=r"^[A-Z0-9-]{4,40}$",
            help="贴在现场，扫码签到",
            help_en="Put up at the spot, scanned to sign in",
        ),
    ] = None


KIND = kind(
    Checkpoint,
    "checkpoint",
    "巡查点",
    "Check-point",
    "reference",
    held_by="places",
    title="name",
    valid={
        "zone": "00000000000000000000000031",
        "name": "六孔桥",
        "number": 5,
        "chainage": 5860,
        "point": {"source": "map", "lon": 124.35, "lat": 43.171},
        "code": "NBH-Z03-05",
    },
    wrong=(
        Wrong({"name": "六孔桥", "number": 5, "chainage": 5860}, "required", "zone"),
        Wrong(
            {"zone": "0" * 26, "name": "六孔桥", "number": 0, "chainage": 1},
            "out_of_range",
            "number",
        ),
        Wrong(
            {"zone": "0" * 26, "name": "六孔桥", "number": 1.5, "chainage": 1},
            "wrong_type",
            "number",
        ),
    ),
)
