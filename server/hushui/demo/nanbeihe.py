"""四平市南北河管理中心: two rivers and a lake in five zones. Shapes and people are invented."""

from hushui.demo.build import Ids, Person, Place, reference
from hushui.demo.shapes import band, lake, river
from hushui.demo.values import Account, Demo, id_of

CODE = "nbh"
NAME = "四平市南北河管理中心"
IDS = Ids(CODE)
ADMIN = "管理员"

PEOPLE = (
    Person(ADMIN, ("admin",), login="admin"),
    Person("郑渡", ("secretary",), login="zhengdu", title="支部书记"),
    Person("周汛", ("duty_officer",), login="zhouxun", title="值班员"),
    Person("陈堤", ("member", "team_leader", "zone_lead"), "一队", title="一队队长"),
    Person("李岸", ("member", "team_leader", "zone_lead"), "二队", title="二队队长"),
    Person("张河", ("member",), "二队"),
    Person("赵渠", ("member", "zone_lead"), "二队"),
    Person("王闸", ("member", "zone_lead"), "二队"),
    Person("孙澜", ("member", "zone_lead"), "一队"),
)
TEAMS = (("一队", "陈堤"), ("二队", "李岸"))

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
    ),
)

DEMO = Demo(
    id=id_of("organisation nbh"),
    code=CODE,
    name=NAME,
    admin=IDS.member(ADMIN),
    reference=tuple(reference(IDS, "220300-NBH", "周汛", PEOPLE, TEAMS, PLACES)),
    accounts=(
        Account("zhouxun", IDS.member("周汛")),
        Account("zhengdu", IDS.member("郑渡")),
        Account("admin", IDS.member(ADMIN)),
    ),
    phones=tuple(IDS.member(name) for name in ("张河", "赵渠", "孙澜", "王闸", "李岸", "陈堤")),
)
