"""A storm of the last two days at 南北河. All quantities and times are invented."""

from msgspec import structs

from hushui.demo.happening import HOUR, MINUTE, fact, here, patrol, review
from hushui.demo.nanbeihe import IDS, PLACES
from hushui.demo.values import Put

Z01, Z02, Z03, Z04, Z05 = PLACES
DEMO_NOTE = "（演示数据）"


def puts(now: int) -> list[Put]:
    """In no order; the loader goes by time."""
    return [*six_arch_bridge(now), *patrols(now), *works(now), *events(now), *seepage(now)]


def six_arch_bridge(now: int) -> list[Put]:
    """Washed out, reported, returned for a slip of the decimal point, mended, approved."""
    at = now - 26 * HOUR
    found = fact(
        IDS,
        "张河",
        at,
        "hazard",
        "六孔桥 砌体冲毁",
        {
            "types": ["masonry_washout"],
            "nature": "acute",
            **here(IDS, Z03, 5860, "left", at),
            "position": ["wall", "foundation"],
            "object_class": "bridge_abutment",
            "object_name": "南河六孔桥",
            "level": "larger",
            "threat": ["rail"],
            "threat_note": "铁路桥，下游城防墙约 60 米",
            "first_treatment": ["cordon"],
            "length_m": 120,
            "height_m": 2.5,
            "thickness_m": 1.2,
            "volume_m3": 36,
            "note": f"桥台护墙浆砌石底部被冲毁，墙体部分脱落。{DEMO_NOTE}",
        },
    )
    mended = structs.replace(found, at=at + 135 * MINUTE, fields={"length_m": 12})
    return [
        found,
        review(IDS, "周汛", at + 126 * MINUTE, found, 1, "returned", "长度与方量不符", "length_m"),
        mended,
        review(IDS, "周汛", at + 150 * MINUTE, found, 2, "approved"),
    ]


def patrols(now: int) -> list[Put]:
    return [
        *patrol(
            *(IDS, "张河", Z03, "Z03 第 1 遍", now - 30 * HOUR),
            [(4200, 5500), (5800, 7390)],
            weather="storm",
            stay_on=True,
        ),
        *patrol(
            *(IDS, "张河", Z03, "Z03 第 2 遍", now - 5 * HOUR),
            [(4200, 7390)],
            weather="rain",
            companions=[IDS.member("李岸")],
        ),
        *patrol(*(IDS, "孙澜", Z01, "Z01 第 1 遍", now - 28 * HOUR), [(0, 2190)], weather="storm"),
        *patrol(
            *(IDS, "赵渠", Z05, "Z05 第 2 遍", now - 40 * MINUTE),
            [(0, 1300)],
            ended=False,
            weather="rain",
        ),
    ]


def works(now: int) -> list[Put]:
    returned = fact(
        *(IDS, "赵渠", now - 8 * HOUR, "work", "打捞 B07"),
        {
            "work_kind": "salvage",
            **here(IDS, Z05, 480, "left", now - 8 * HOUR),
            "boat": "B07",
            "weight_t": 85,
            "boat_trips": 2,
            "boat_hours": 3,
            "people": 2,
            "hours": 3,
            "note": f"雨后水葫芦和树枝。{DEMO_NOTE}",
        },
    )
    approved = fact(
        *(IDS, "王闸", now - 7 * HOUR, "work", "打捞 B03"),
        {
            "work_kind": "salvage",
            **here(IDS, Z04, 8560, "right", now - 7 * HOUR),
            "boat": "B03",
            "weight_t": 1.2,
            "boat_trips": 3,
            "boat_hours": 4,
            "people": 2,
            "hours": 4,
            "note": f"桥墩前的漂浮物。{DEMO_NOTE}",
        },
    )
    # Entered a quarter too high, and in a zone that is not his: two doubts for the reviewer.
    doubtful = fact(
        *(IDS, "孙澜", now - 20 * HOUR, "work", "排水沟清淤"),
        {
            "work_kind": "canal_desilt",
            **here(IDS, Z03, 6800, "right", now - 20 * HOUR),
            "length_m": 80,
            "width_m": 1.5,
            "depth_m": 0.4,
            "volume_m3": 60,
            "people": 6,
            "hours": 3.5,
            "tools": [{"name": "铁锹", "count": 6, "owner": "station"}],
            "note": f"支援二队，泵站前排水沟。{DEMO_NOTE}",
        },
    )
    pump = fact(
        *(IDS, "李岸", now - 32 * HOUR, "work", "排涝泵站检修"),
        {
            "work_kind": "pump_overhaul",
            **here(IDS, Z03, 6800, "left", now - 32 * HOUR),
            "units": 2,
            "unit_no": "1、2 号机",
            "insulation_mohm": 1.2,
            "temp_c": 46,
            "vibration_mms": 2.1,
            "people": 3,
            "hours": 2,
            "note": f"汛前检查，开机正常。{DEMO_NOTE}",
        },
    )
    reason = "85 吨不像两船次的重量，是 0.850 吨吗？"
    return [
        *(returned, approved, doubtful, pump),
        review(IDS, "周汛", now - 6 * HOUR, returned, 1, "returned", reason, "weight_t"),
        review(IDS, "周汛", now - 6 * HOUR + 2 * MINUTE, approved, 1, "approved"),
        review(IDS, "郑渡", now - 24 * HOUR, pump, 1, "approved"),
    ]


def events(now: int) -> list[Put]:
    return [
        fact(
            *(IDS, "孙澜", now - 3 * HOUR, "event", "垃圾堆放"),
            {
                "class": "dump",
                **here(IDS, Z02, 2340, "right", now - 3 * HOUR),
                "area_m2": 35,
                "note": f"建筑垃圾，占滩地。{DEMO_NOTE}",
            },
        ),
        fact(
            *(IDS, "王闸", now - 10 * HOUR, "event", "漂浮物"),
            {
                "class": "floating",
                **here(IDS, Z04, 9900, "left", now - 10 * HOUR),
                "area_m2": 12,
                "handled_on_spot": True,
                "note": f"铁路桥下，已捞净。{DEMO_NOTE}",
            },
        ),
        fact(
            *(IDS, "王闸", now - 2 * HOUR, "event", "排口出水发黑"),
            {
                "class": "outfall",
                **here(IDS, Z04, 8900, "right", now - 2 * HOUR),
                "note": f"雨停后仍有黑水，有味。{DEMO_NOTE}",
            },
        ),
    ]


def seepage(now: int) -> list[Put]:
    at = now - 4 * HOUR
    return [
        fact(
            *(IDS, "张河", at, "hazard", "城防墙脚冒水"),
            {
                "types": ["piping"],
                "nature": "latent",
                **here(IDS, Z03, 5620, "left", at),
                "position": ["toe"],
                "object_class": "dike",
                "object_name": "南河城防墙",
                "level": "general",
                "water": "clear",
                "diameter_cm": 2,
                "toe_distance_m": 0.6,
                "note": f"清水，不带沙，已插旗。{DEMO_NOTE}",
            },
        )
    ]
