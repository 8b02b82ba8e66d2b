"""四平市南北河管理中心: two rivers and a lake in five zones. Shapes and people are invented."""

from collections.abc import Iterator
from typing import Any

from hushui.demo.build import Branch, Ids, Person, Place, Team, reference
from hushui.demo.happening import DAY, noted, spot
from hushui.demo.shapes import band, lake, river
from hushui.demo.values import SINCE, Account, Demo, Put, id_of

CODE = "nbh"
NAME = "四平市南北河管理中心"
IDS = Ids(CODE)
ADMIN = "管理员"

CREWS = {
    f"B{number:02d}": crew
    for number, crew in enumerate(
        (
            *(("冯桨", "褚舵"), ("卫帆", "沈舟"), ("韩篙", "杨柳"), ("朱苇", "秦萍")),
            *(("尤汀", "许洲"), ("何湾", "吕港"), ("施埠", "孔渡"), ("曹滩", "严沙")),
            *(("华浦", "金川"), ("魏汊", "陶溪"), ("姜泽", "戚浪"), ("谢涛", "邹波")),
            *(("喻澄", "柏清"), ("窦泉", "章流"), ("云澈", "苏漪"), ("潘潮", "葛涌")),
        ),
        start=1,
    )
}
"""Each boat's two people."""
COMMANDO = (
    "郑渡",
    "李岸",
    "陈堤",
    "王闸",
    "张河",
    *CREWS["B09"],
    *CREWS["B10"],
    *CREWS["B11"],
    "谢涛",
)
STATION = "南河站"
BRIDGE = "南河六孔桥"
POST = "悦平滩先锋岗"

PEOPLE = (
    Person(ADMIN, ("admin",), login="admin", party=None),
    Person("郑渡", ("secretary",), login="zhengdu", title="支部书记"),
    Person("周汛", ("duty_officer",), login="zhouxun", title="值班员"),
    Person("陈堤", ("member", "team_leader", "zone_lead"), "一队", title="一队队长"),
    Person("李岸", ("member", "team_leader", "zone_lead"), "二队", title="二队队长"),
    Person("张河", ("member",), "二队"),
    Person("赵渠", ("member", "zone_lead"), "二队"),
    Person("王闸", ("member", "zone_lead"), "二队"),
    Person("孙澜", ("member", "zone_lead"), "一队"),
    Person("吴堰", ("duty_officer",), title="值班员"),
    *(
        Person(name, team=f"{boat}船组", title="打捞员", party="none")
        for boat, crew in CREWS.items()
        for name in crew
    ),
)
TEAMS = (
    *(Team("一队", "陈堤", "patrol"), Team("二队", "李岸", "patrol")),
    *(Team(f"{boat}船组", sort="salvage") for boat in CREWS),
)
BRANCH = Branch("南北河管理中心党支部", "220300", ("郑渡", "周汛", "陈堤"))

NORTH_UPPER = river((124.3840, 43.1760), [(292, 500), (278, 600), (300, 500), (285, 600)])
NORTH_LOWER = river(
    NORTH_UPPER[-1],
    [(270, 700), (295, 800), (312, 700), (290, 900), (268, 800), (284, 1000), (300, 1100)],
)
SOUTH_MIDDLE = river(
    (124.3720, 43.1585), [(305, 520), (318, 480), (296, 660), (280, 440), (262, 500), (286, 600)]
)
SOUTH_LOWER = river(
    SOUTH_MIDDLE[-1], [(300, 620), (322, 540), (308, 700), (288, 640), (270, 500), (295, 300)]
)
LAKE_CENTRE = (124.3310, 43.1560)
SHORE = lake(LAKE_CENTRE, 600)

PLACES = (
    Place(
        1,
        "北河上段",
        "北河",
        0,
        NORTH_UPPER,
        band(NORTH_UPPER, 80, 80),
        "一队",
        ((40, "上游界桩"), (640, "右岸排口"), (1100, "弯道"), (1600, "公路桥"), (2060, "拦渣栅")),
        (("孙澜", "lead"),),
    ),
    Place(
        2,
        "北河下段",
        "北河",
        2200,
        NORTH_LOWER,
        band(NORTH_LOWER, 110, 90),
        "一队",
        (
            *((2240, "橡胶坝"), (2700, "弯道"), (3300, "人行桥"), (3700, "护岸"), (4100, "公路桥")),
            *((4600, "雨水口"), (5100, "弯道险段"), (5500, "跌水"), (6000, "铁路桥")),
            *((6500, "护岸"), (7000, "弯道"), (7500, "公路桥"), (8150, "下游界桩")),
        ),
        (("孙澜", "member"), ("陈堤", "lead")),
    ),
    Place(
        3,
        "南河中段",
        "南河",
        4200,
        SOUTH_MIDDLE,
        band(SOUTH_MIDDLE, 90, 70),
        "二队",
        (
            *((4240, "拦河闸"), (4720, "弯道"), (5200, "人行桥"), (5620, "城防墙")),
            *((5860, "六孔桥"), (6300, "弯道险段"), (6800, "排涝泵站"), (7360, "下游界桩")),
        ),
        (("张河", "member"), ("李岸", "lead")),
        ("dike", "sluice"),
    ),
    Place(
        4,
        "南河下段",
        "南河",
        7400,
        SOUTH_LOWER,
        band(SOUTH_LOWER, 120, 120),
        "二队",
        (
            *((7440, "公路桥"), (8020, "弯道"), (8560, "护岸"), (8900, "右岸排口")),
            *((9260, "弯道险段"), (9900, "铁路桥"), (10400, "人行桥"), (10660, "下游界桩")),
        ),
        (("王闸", "lead"),),
    ),
    Place(
        5,
        "西湖湿地",
        "西湖",
        0,
        SHORE,
        lake(LAKE_CENTRE, 740),
        "二队",
        (
            *((60, "南门"), (480, "打捞码头"), (900, "栈桥"), (1300, "悦平滩")),
            *((1750, "进水口"), (2200, "观鸟台"), (2700, "出水闸"), (3200, "东门")),
        ),
        (("赵渠", "lead"),),
        ("dike", "sluice"),
    ),
)

DIGITS = "一二三四五六七八九十"
MOORED = {5: range(5, 11), 4: range(1, 5), 3: range(11, 14), 2: range(14, 16), 1: range(16, 17)}
"""Zone → its boats."""


def boats() -> Iterator[Put]:
    for place, numbers in MOORED.items():
        for number in numbers:
            no = f"B{number:02d}"
            name = DIGITS[number - 1] if number <= len(DIGITS) else f"十{DIGITS[number - 11]}"
            fields = {
                "no": no,
                "name": f"碧水{name}号",
                "capacity": 4,
                "state": "repair" if no == "B13" else "ready",
                "team": IDS.team(f"{no}船组"),
                "zone": IDS.zone(f"Z{place:02d}"),
            }
            yield noted(IDS, "周汛", "boat", no, fields)


def structures() -> Iterator[Put]:
    south, lake_shore = PLACES[2], PLACES[4]

    def structure(name: str, **fields: Any) -> Put:
        return noted(IDS, "周汛", "object", name, {"name": name, **fields})

    yield structure(
        STATION,
        **{"class": "gauge", "stcd": "NBH00001", "station_type": "ZZ", "datum": "local"},
        **spot(IDS, south, 5200, "left"),
        **{"z_fortify": 20.6, "z_warning": 21.5, "z_guarantee": 22.8},
        keeper=IDS.member("李岸"),
    )
    yield structure(
        BRIDGE, **{"class": "bridge_abutment", "openings": 6}, **spot(IDS, south, 5860, "left")
    )
    yield structure("南河城防墙", **{"class": "dike"}, **spot(IDS, south, 5620, "left"))
    yield structure(
        "南河排涝泵站",
        **{"class": "pump_station", "units": 2, "power_kw": 310, "kv": "10"},
        **spot(IDS, south, 6800, "left"),
        keeper=IDS.member("李岸"),
    )
    yield structure(
        "南河排涝专线",
        **{"class": "power_line", "kv": "10", "length_km": 1.4, "poles": 29},
        **spot(IDS, south, 6820, "left"),
        keeper=IDS.member("李岸"),
    )
    duties = [{"text": word} for word in ("维护秩序", "清洁环境", "巡看水面", "看护设施")]
    post = {"name": POST, "post_kind": "pioneer_post", "duties": duties, "seats": 4}
    shore = spot(IDS, lake_shore, 1300, "left")
    where = {"zone": shore["zone"], "place": shore["place"], "place_name": "悦平滩"}
    yield noted(IDS, "周汛", "post", POST, {**post, **where})


def branches() -> Iterator[Put]:
    for name, project, secretary in (
        ("南河治理临时党支部", "南河水环境治理一期", "李岸"),
        ("西湖湿地临时党支部", "西湖湿地水质提升", "赵渠"),
    ):
        fields = {
            "name": name,
            "branch_kind": "temporary",
            "project": project,
            "starts": SINCE,
            "ends": SINCE + 730 * DAY,
            "secretary": IDS.member(secretary),
        }
        yield noted(IDS, "周汛", "branch", name, fields)


def commando() -> Put:
    roles = {"郑渡": "leader", "陈堤": "deputy", "王闸": "safety", "张河": "recorder"}
    crew = [{"person": IDS.member(name), "role": roles.get(name, "rescue")} for name in COMMANDO]
    fields = {
        "name": "党员突击队",
        "sort": "commando",
        "leader": IDS.member("郑渡"),
        "state": "standby",
        "assemble_min": 30,
        "crew": crew,
    }
    return noted(IDS, ADMIN, "team", "党员突击队", fields)


DEMO = Demo(
    id=id_of("organisation nbh"),
    code=CODE,
    name=NAME,
    admin=IDS.member(ADMIN),
    reference=(
        *reference(IDS, "220300-NBH", "周汛", PEOPLE, TEAMS, PLACES, BRANCH),
        *(*boats(), *structures(), *branches(), commando()),
    ),
    accounts=(
        Account("zhouxun", IDS.member("周汛")),
        Account("zhengdu", IDS.member("郑渡")),
        Account("admin", IDS.member(ADMIN)),
    ),
    phones=tuple(IDS.member(name) for name in ("张河", "赵渠", "孙澜", "王闸", "李岸", "陈堤")),
)
