"""The wash-out at the six-arch bridge, from the first look to the verification."""

from typing import Any

from msgspec import structs

from hushui.demo.happening import DEMO_NOTE, HOUR, MINUTE, added, fact, here, review
from hushui.demo.nanbeihe import BRIDGE, COMMANDO, IDS, PLACES
from hushui.demo.values import Put

SOUTH = PLACES[2]
FOUND_H = 27
"""So many hours ago; what follows is told by the minute since."""
TEAM = [IDS.member(name) for name in COMMANDO]


def found_at(now: int) -> int:
    return now - FOUND_H * HOUR


def puts(now: int) -> list[Put]:
    at = found_at(now)
    found = hazard(at)
    return [*judged(found), *reports(found), *sent(found), *repaired(found), *verified(found)]


def hazard(at: int) -> Put:
    return fact(
        IDS,
        "张河",
        at,
        "hazard",
        "六孔桥 砌体冲毁",
        {
            "types": ["masonry_washout", "collapse"],
            "nature": "acute",
            **here(IDS, SOUTH, 5860, "left", at),
            "position": ["wall", "foundation"],
            "structure": IDS.of("object", BRIDGE),
            "object_class": "bridge_abutment",
            "object_name": BRIDGE,
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


def judged(found: Put) -> list[Put]:
    """Raised by the secretary; returned for a slip of the decimal point, mended, approved."""
    at = found.at
    raised = Put(
        *(IDS.member("郑渡"), at + 30 * MINUTE, "hazard", found.record),
        {"level": "major", "correction": "危及铁路桥，由较大提为重大"},
    )
    mended = structs.replace(found, at=at + 135 * MINUTE, fields={"length_m": 12})
    return [
        *(found, raised),
        review(IDS, "周汛", at + 126 * MINUTE, found, 2, "returned", "长度与方量不符", "length_m"),
        mended,
        review(IDS, "周汛", at + 150 * MINUTE, found, 3, "approved"),
    ]


FOLLOW_UPS = (
    (140, "会商定了方案，施工队在路上", "墙脚仍在淘刷", 12),
    (260, "开始抛石，护脚 8 立方米", "淘刷减缓", 26),
    (380, "护脚 20 立方米，开始砌墙", "趋于稳定", 26),
    (500, "护脚 32 立方米，墙砌到一半", "稳定", 26),
    (620, "护脚 42 立方米，墙砌到 2 米", "稳定", 26),
    (740, "石料 48 立方米用完，正在勾缝", "稳定，水位平", 26),
)
"""Minutes since it was found, text, forecast, people on the spot."""


def reports(found: Put) -> list[Put]:
    """By voice, the first, six follow-ups never more than 2 h apart, and the final one."""

    def report(minute: int, author: str, kind: str, text: str, **fields: Any) -> Put:
        at = found.at + minute * MINUTE
        said = {"hazard": found.record, "report_kind": kind, "at": at, "text": text + DEMO_NOTE}
        return fact(IDS, author, at, "hazard_report", f"六孔桥 {minute}", {**said, **fields})

    def next_at(minute: int) -> int:
        return found.at + minute * MINUTE

    signed: dict[str, Any] = {"told": "市水利局", "signer": IDS.member("郑渡"), "level": "major"}
    call: dict[str, Any] = {"told": "值班室 周汛", "at_risk": "铁路桥，无人被困"}
    first = {"at_risk": "铁路桥，下游城防墙约 60 米", "action": "拉警戒线，通知突击队"}
    times = [minute for minute, *_ in FOLLOW_UPS]
    return [
        report(8, "张河", "call_report", "六孔桥桥台护墙冲毁约 12 米，没有人受困。", **call),
        report(
            *(30, "周汛", "first_report", "浆砌石底部冲毁，长 12 米、高 2.5 米、厚 1.2 米。"),
            **{**first, **signed, "weather": "storm", "next_at": next_at(times[0])},
        ),
        *(
            report(
                *(minute, "周汛", "follow_up", f"{text}。"),
                **{**signed, "action": text, "forecast": forecast, "masses": people},
                next_at=next_at(following),
            )
            for (minute, text, forecast, people), following in zip(
                FOLLOW_UPS, [*times[1:], 830], strict=True
            )
        ),
        report(
            *(830, "周汛", "final_report", "20 时处置完成，转入观察。"),
            **{**signed, "cause": "暴雨洪水淘刷桥台基础", "cost_wan": 6.8, "masses": 26},
            lessons="雨前先看桥台和城防墙的墙脚",
        ),
    ]


def sent(found: Put) -> list[Put]:
    """Called, assembled, on the spot; four people consult there."""
    at, record = found.at, found.record
    called = at + 35 * MINUTE
    dispatch = fact(
        *(IDS, "周汛", called, "dispatch", "六孔桥 突击队"),
        {
            "target": record,
            "task": "六孔桥抢险，带编织袋和石料",
            "leader": TEAM[0],
            "called": called,
            "team": IDS.team("党员突击队"),
            "members": TEAM[1:],
            "assemble_by": at + 60 * MINUTE,
            "assemble_at": "中心院内",
            "urgent": True,
            "note": f"十二人。{DEMO_NOTE}",
        },
    )

    def answer(name: str, minute: int, state: str, **fields: Any) -> Put:
        when = at + minute * MINUTE
        return added(IDS, name, when, dispatch, "answer", {"state": state, "at": when, **fields})

    people = {"members": [IDS.member(name) for name in ("郑渡", "李岸", "陈堤")]}
    consulted = fact(
        *(IDS, "李岸", at + 140 * MINUTE, "consultation", "六孔桥 会商"),
        {
            "target": record,
            "at": at + 110 * MINUTE,
            **people,
            "guests": [{"name": "韩工", "unit": "铁路工务段"}],
            "judgement": f"基础淘空，墙体失稳，水位再涨会危及铁路桥。{DEMO_NOTE}",
            "decision": "抛石护脚，浆砌石恢复墙体，铁路限速",
            "plan": "施工队带挖掘机 2 台、自卸车 3 台，天黑前完成；突击队护桥和警戒。",
            "level": "major",
            "signer": IDS.member("郑渡"),
        },
    )
    return [
        dispatch,
        answer("李岸", 37, "accepted"),
        answer("张河", 38, "accepted"),
        answer("郑渡", 60, "assembled", people=12),
        answer("郑渡", 85, "on_site", people=12),
        consulted,
        answer("郑渡", 800, "stood_down", people=12),
    ]


def repaired(found: Put) -> list[Put]:
    """Two excavators and three trucks for ten hours: 50 machine-hours are 6.25 shifts."""
    at = found.at
    begun = fact(
        *(IDS, "李岸", at + 175 * MINUTE, "repair", "六孔桥 抢修"),
        {
            "target": found.record,
            "plan": "抛石护脚，浆砌石恢复墙体",
            "started": at + 170 * MINUTE,
            "contractor": "四平某建筑公司",
            "members": TEAM,
            "note": f"突击队 12 人，施工队 14 人。{DEMO_NOTE}",
        },
    )
    done = {
        "ended": at + 770 * MINUTE,
        "people": 26,
        "machines": [
            {"name": "挖掘机", "count": 2, "shifts": 2.5},
            {"name": "自卸车", "count": 3, "shifts": 3.75},
        ],
        "stone_m3": 48,
    }
    return [begun, structs.replace(begun, at=at + 800 * MINUTE, fields=done, photos=("after",))]


def verified(found: Put) -> list[Put]:
    """The next morning, by one who had no hand in it."""
    at = found.at + 1520 * MINUTE
    fields = {"target": found.record, "result": "pass", "stable_hours": 12}
    note = {"note": f"墙体无位移，墙脚无渗水。{DEMO_NOTE}"}
    return [fact(IDS, "周汛", at, "verification", "六孔桥 核查", {**fields, **note})]
