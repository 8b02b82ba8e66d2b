"""One person on one installation 终端, under the device's own id. Revoking it is a record too."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind


class Device(Fields, frozen=True, kw_only=True):
    person: Annotated[str, f.ref("人员", "Person", "member", merge="fixed")]
    label: Annotated[str | None, f.text("名称", "Label", 60)] = None
    revoked: Annotated[
        bool | None,
        f.yes_no(
            "已停用",
            "Revoked",
            help="遗失或换机；之后送来的只留底，不采用",
            help_en="Lost or replaced; what it sends later is kept and not used",
        ),
    ] = None
    note: Annotated[str | None, f.text("说明", "Note", 200)] = None


KIND = kind(
    Device,
    "device",
    "终端",
    "Device",
    "reference",
    held_by="devices",
    title="label",
    valid={"person": "00000000000000000000000011", "label": "张河的手机"},
    wrong=(
        Wrong({"label": "手机"}, "required", "person"),
        Wrong({"person": "0" * 26, "revoked": "yes"}, "wrong_type", "revoked"),
        Wrong({"person": "0" * 26, "label": "长" * 61}, "too_long", "label"),
    ),
)
