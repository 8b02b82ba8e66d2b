"""A stretch of river, dike or canal that somebody answers for 责任区."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.checklists import ROUND
from hushui.kinds.fields import Position
from hushui.kinds.guard import ORG, Guard, Look
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.places import OBJECTS

WALKED = tuple(item for item in OBJECTS if item.code in ROUND)


class Zone(Fields, frozen=True, kw_only=True):
    code: Annotated[
        str,
        f.text(
            "编号",
            "Code",
            30,
            pattern=r"^\d{6}-[A-Z]{2,6}-Z\d{2}$",
            help="行政区划-河段或站所-序号，如 220300-NBH-Z01",
            help_en="Region, reach or station, number, as 220300-NBH-Z01",
        ),
    ]
    name: Annotated[str, f.name("名称", "Name", 40)]
    polygon: Annotated[
        list[Position],
        f.polygon("范围", "Area", help="WGS-84 经纬度", help_en="Longitude and latitude, WGS-84"),
    ]
    line: Annotated[
        list[Position],
        f.line(
            "中心线",
            "Centre line",
            help="顺水流方向；左岸右岸由此而定",
            help_en="With the flow: left and right bank follow from it",
        ),
    ]
    chainage_start: Annotated[float, f.chainage("起点桩号", "Chainage of the first vertex")]
    river: Annotated[str | None, f.text("河渠", "River or canal", 40)] = None
    object_classes: Annotated[
        list[str] | None,
        f.several(
            "有哪些工程",
            "What stands there",
            WALKED,
            len(WALKED),
            help="巡查要看的项目由此而定；不填按堤防",
            help_en="What a round looks at follows from it; empty means a dike",
        ),
    ] = None
    team: Annotated[str | None, f.ref("责任队", "Team", "team")] = None


SHAPE = {
    "polygon": [[124.33, 43.17], [124.34, 43.17], [124.34, 43.18], [124.33, 43.18]],
    "line": [[124.33, 43.175], [124.34, 43.176]],
}

NAMED = {"code": "220300-NBH-Z23", "name": "南河中段", "chainage_start": 4200}

KIND = kind(
    Zone,
    "zone",
    "责任区",
    "Zone",
    "reference",
    guards=(
        Guard(
            code="zone_code",
            effect="block",
            field="code",
            looks=(Look(kind="zone", reach=ORG, same="code", when="this.code == other.code"),),
            zh="本单位已有责任区用这个编号",
            en="A zone here has this code already",
        ),
    ),
    held_by="places",
    title="name code",
    valid={
        **NAMED,
        **SHAPE,
        "river": "南河",
        "object_classes": ["dike", "sluice"],
    },
    wrong=(
        Wrong(
            {**SHAPE, **NAMED, "object_classes": ["gauge"]},
            *("unknown_choice", "object_classes"),
        ),
        Wrong({"code": "Z03", "name": "中段", **SHAPE, "chainage_start": 0}, "wrong_type", "code"),
        Wrong(
            {"code": "220300-NBH-Z03", "name": "中段", **SHAPE, "chainage_start": -1},
            "out_of_range",
            "chainage_start",
        ),
        Wrong(
            {
                "code": "220300-NBH-Z03",
                "name": "中段",
                **SHAPE,
                "line": [[190, 43]] * 2,
                "chainage_start": 0,
            },
            "out_of_range",
            "line",
        ),
        Wrong(
            {
                "code": "220300-NBH-Z03",
                "name": "中段",
                **SHAPE,
                "polygon": [[124.33, 43.17]],
                "chainage_start": 0,
            },
            "wrong_type",
            "polygon",
        ),
    ),
)
