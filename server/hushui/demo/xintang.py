"""衡南县新塘电灌站: 17 members, a canal and its pumps. Shapes and people are invented."""

from collections.abc import Iterator
from typing import Any

from hushui.demo.build import Branch, Ids, Person, Place, Team, reference
from hushui.demo.happening import DEMO_NOTE, HOUR, fact, here, noted, patrol, review, spot
from hushui.demo.shapes import band, river
from hushui.demo.values import Account, Demo, Put, id_of

CODE = "xt"
NAME = "衡南县新塘电灌站"
IDS = Ids(CODE)
ADMIN = "管理员"
TEAM = "抗旱先锋队"

PEOPLE = (
    Person(ADMIN, ("admin",), login="admin", party=None),
    Person("罗坝", ("member", "secretary"), TEAM, "luoba", "支部书记"),
    Person("谭泵", ("member", "duty_officer"), TEAM, "tanbeng", "支委、组织委员"),
    Person("蒋渠", ("member", "zone_lead"), TEAM, title="支委、宣传委员"),
    Person("欧闸", ("member", "team_leader"), TEAM, title="队长"),
    *(
        Person(name, ("member",), TEAM)
        for name in (
            *("肖田", "唐埂", "刘涵", "邓洪", "贺源", "周塘", "彭溪"),
            *("廖沟", "段垅", "阳陂", "何槽", "王岭"),
        )
    ),
    Person("尹泉", ("member", "zone_lead"), TEAM),
)
TEAMS = (Team(TEAM, "欧闸"),)
BRANCH = Branch("新塘电灌站党支部", "430422", ("罗坝", "谭泵", "蒋渠"))

CANAL_UPPER = river(
    (112.6610, 26.7420), [(20, 480), (48, 620), (75, 540), (40, 560), (12, 500), (55, 500)]
)
CANAL_LOWER = river(
    CANAL_UPPER[-1], [(80, 640), (62, 520), (95, 600), (70, 480), (38, 460), (66, 500)]
)
LINE = "抗旱专线"
HV_LINE = river((112.6480, 26.7520), [(120, 900), (135, 800), (110, 700), (125, 800)])
INTAKE = river((112.6586, 26.7402), [(55, 150), (45, 150)])

PLACES = (
    Place(
        1,
        "干渠上段",
        "干渠",
        0,
        CANAL_UPPER,
        band(CANAL_UPPER, 60, 60),
        TEAM,
        (
            *((20, "渠首闸"), (480, "弯道"), (1200, "分水口"), (1520, "倒虹吸")),
            *((2200, "渡槽"), (2700, "险工段"), (3160, "节制闸")),
        ),
        (("蒋渠", "lead"), ("肖田", "member"), ("唐埂", "member")),
        ("canal",),
    ),
    Place(
        2,
        "干渠下段",
        "干渠",
        3200,
        CANAL_LOWER,
        band(CANAL_LOWER, 60, 60),
        TEAM,
        (
            *((3240, "分水口"), (3840, "机耕桥"), (4360, "涵洞"), (4960, "弯道")),
            *((5440, "退水闸"), (5900, "分水口"), (6360, "渠尾")),
        ),
        (("尹泉", "lead"), ("刘涵", "member")),
        ("canal",),
    ),
    Place(
        3,
        "机埠",
        "引水渠",
        0,
        INTAKE,
        band(INTAKE, 80, 80),
        TEAM,
        ((20, "进水拦污栅"), (150, "机房"), (280, "出水池")),
        (("谭泵", "lead"), ("邓洪", "member"), ("贺源", "member")),
        ("canal",),
    ),
)

OWN_TOOLS = [
    {"name": "铁锹", "count": 2, "owner": "personal"},
    {"name": "洋镐", "count": 1, "owner": "personal"},
]


def registered() -> Iterator[Put]:
    """The station's structures."""
    station = PLACES[2]

    def structure(name: str, **fields: Any) -> Put:
        return noted(IDS, "谭泵", "object", name, {"name": name, **fields})

    yield structure(
        "干渠",
        **{"class": "canal", "line": [*CANAL_UPPER, *CANAL_LOWER[1:]], "length_km": 6.4},
        keeper=IDS.member("蒋渠"),
        design_flow_m3s=4.2,
    )
    yield structure(
        LINE,
        **{"class": "power_line", "line": HV_LINE, "kv": "10", "length_km": 3.2, "poles": 41},
        zone=spot(IDS, station, 150, "left")["zone"],
        keeper=IDS.member("肖田"),
    )
    yield structure(
        "新塘机埠",
        **{"class": "pump_station", "units": 4, "power_kw": 620, "kv": "10"},
        **spot(IDS, station, 150, "left"),
        keeper=IDS.member("邓洪"),
    )


DEMO = Demo(
    id=id_of("organisation xt"),
    code=CODE,
    name=NAME,
    admin=IDS.member(ADMIN),
    reference=(
        *reference(IDS, "430422-XT", "谭泵", PEOPLE, TEAMS, PLACES, BRANCH),
        *registered(),
    ),
    accounts=(
        Account("tanbeng", IDS.member("谭泵")),
        Account("luoba", IDS.member("罗坝")),
        Account("admin", IDS.member(ADMIN)),
    ),
    phones=tuple(IDS.member(name) for name in ("蒋渠", "尹泉", "欧闸", "邓洪")),
)


def lately(now: int) -> list[Put]:
    """A drought day: the canal cleaned with own tools, the pumps looked after, one round walked."""
    canal, _, station = PLACES
    at = now - 22 * HOUR
    desilted = fact(
        *(IDS, "肖田", at, "work", "干渠清淤"),
        {
            "work_kind": "canal_desilt",
            **here(IDS, canal, 1200, "left", at),
            "chainage_to": 1520,
            "length_m": 320,
            "width_m": 1.2,
            "depth_m": 0.3,
            "volume_m3": 118,
            "people": 5,
            "hours": 3.5,
            "tools": OWN_TOOLS,
            "structure": IDS.of("object", "干渠"),
            "note": f"自带工具，清到分水口。{DEMO_NOTE}",
        },
    )
    pumps = fact(
        *(IDS, "邓洪", now - 6 * HOUR, "work", "机埠检修"),
        {
            "work_kind": "pump_overhaul",
            **here(IDS, station, 150, "left", now - 6 * HOUR),
            "units": 1,
            "unit_no": "1 号机",
            "insulation_mohm": 0.8,
            "temp_c": 62,
            "people": 3,
            "hours": 2.5,
            "note": f"换填料，试机正常。{DEMO_NOTE}",
        },
    )
    return [
        *drought(now),
        *(desilted, pumps, review(IDS, "谭泵", now - 20 * HOUR, desilted, 1, "approved")),
        *patrol(IDS, "蒋渠", canal, "干渠第 1 遍", now - 4 * HOUR, [(0, 3190)], weather="fine"),
    ]


def drought(now: int) -> list[Put]:
    """The response, and what else the same member did on the same day."""
    canal, at = PLACES[0], now - 22 * HOUR
    begun = now - 6 * 24 * HOUR
    response = fact(
        *(IDS, "罗坝", begun, "response", "抗旱响应"),
        {
            "hazard_kind": "drought",
            "level": "response_iii",
            "area": "衡南县新塘灌区",
            "from": begun,
            "issuer": "县防汛抗旱指挥部",
            "note": f"干渠沿线缺水，专线送电提水。{DEMO_NOTE}",
        },
    )
    weeded = fact(
        *(IDS, "肖田", at + 4 * HOUR, "work", "干渠除草"),
        {
            "work_kind": "canal_weed",
            **here(IDS, canal, 1540, "left", at + 4 * HOUR),
            "chainage_to": 1860,
            "structure": IDS.of("object", "干渠"),
            "length_m": 320,
            "both_sides": True,
            "area_m2": 640,
            "people": 5,
            "hours": 2,
            "tools": OWN_TOOLS,
            "note": f"两侧渠坡，各清 1 米。{DEMO_NOTE}",
        },
    )
    cleared = fact(
        *(IDS, "肖田", at + 8 * HOUR, "work", "专线砍青"),
        {
            "work_kind": "line_clear",
            **here(IDS, canal, 2200, "right", at + 8 * HOUR),
            "structure": IDS.of("object", LINE),
            "kv": "10",
            "spans": 2,
            "trees": 9,
            "clearance_before_m": 1.1,
            "clearance_after_m": 3.4,
            "permit_no": "XT-017",
            "watcher": IDS.member("唐埂"),
            **dict.fromkeys(
                (
                    *("outage_permit", "voltage_tested", "earthed"),
                    *("watcher_named", "felling_set", "road_guarded"),
                ),
                True,
            ),
            "people": 4,
            "hours": 3,
            "tools": OWN_TOOLS,
            "note": f"抗旱专线下的杨树，停电后砍。{DEMO_NOTE}",
        },
    )
    return [response, weeded, cleared]
