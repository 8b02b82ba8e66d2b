"""Something on the river that should not be 事件: the 清四乱 classes, outlets, floating matter."""

from typing import Annotated

from msgspec import field

from hushui.kinds import fields as f
from hushui.kinds.fields import Geo, When
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.places import BANKS

CLASSES = f.options(
    ("occupy", "乱占", "Occupation"),
    ("mining", "乱采", "Mining"),
    ("dump", "乱堆", "Dumping"),
    ("build", "乱建", "Building"),
    ("outfall", "排污", "Outfall"),
    ("floating", "漂浮物", "Floating matter"),
    ("facility", "设施损坏", "Damaged facility"),
    ("other_violation", "其他涉水违法", "Other violation"),
)


class Event(Fields, frozen=True, kw_only=True):
    class_: Annotated[str, f.choice("类别", "Class", CLASSES)] = field(name="class")
    zone: Annotated[str | None, f.ref("责任区", "Zone", "zone")] = None
    place: Annotated[Geo | None, f.geo("位置", "Place")] = None
    chainage: Annotated[float | None, f.chainage()] = None
    bank: Annotated[str | None, f.choice("岸别", "Bank", BANKS)] = None
    area_m2: Annotated[
        float | None, f.number("面积", "Area", "m2", 1, 0, 100_000_000, group="measures")
    ] = None
    volume_m3: Annotated[
        float | None,
        f.number(
            "方量",
            "Volume",
            "m3",
            1,
            0,
            10_000_000,
            group="measures",
            shown=When("class", ("mining", "dump")),
        ),
    ] = None
    handled_on_spot: Annotated[
        bool | None, f.yes_no("现场已处理", "Handled on the spot", help="处理前后各一张照片")
    ] = None
    note: Annotated[str | None, f.text("说明", "Note", 300)] = None
    no_photo_reason: Annotated[
        str | None, f.text("没有照片的原因", "Why there is no photo", 60)
    ] = None


KIND = kind(
    Event,
    "event",
    "事件",
    "Event",
    "fact",
    valid={"class": "dump", "chainage": 2340, "bank": "right", "area_m2": 35},
    wrong=(
        Wrong({"area_m2": 35}, "required", "class"),
        Wrong({"class": "noise"}, "unknown_choice", "class"),
        Wrong({"class": None}, "required", "class"),
        Wrong({"class": "dump", "area_m2": -0.1}, "out_of_range", "area_m2"),
        Wrong({"class": "dump", "handled_on_spot": 1}, "wrong_type", "handled_on_spot"),
    ),
)
