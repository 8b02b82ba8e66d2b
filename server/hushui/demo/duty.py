"""The duty room during the storm: water, response, shifts, log, calls, hand-over."""

from msgspec import structs

from hushui.demo.bridge import found_at, hazard
from hushui.demo.happening import DEMO_NOTE, HOUR, MINUTE, added, fact
from hushui.demo.nanbeihe import IDS, STATION
from hushui.demo.values import Put
from hushui.kinds.checklists import STORES

LEVELS = ((29, 20.58), (28, 20.61), (20, 21.49), (18, 21.50), (9, 21.52), (1, 22.81))
"""Hours ago, metres. Fortification 20.60, warning 21.50, guarantee 22.80."""
SHIFT_AFTER = 110 * MINUTE
"""In the story the wash-out is found at 06:40; shifts begin at 08:30 and 17:30."""
DAY_SHIFT_H, NIGHT_SHIFT_H = 9, 15


def puts(now: int) -> list[Put]:
    return [*readings(now), *response(now), *shifts(now)]


def readings(now: int) -> list[Put]:
    water = [
        fact(
            *(IDS, "李岸", now - hours * HOUR, "reading", f"{STATION} {z_m}"),
            {
                "station": IDS.of("object", STATION),
                "at": now - hours * HOUR,
                "z_m": z_m,
                "trend": "rising",
                "zone": IDS.zone("Z03"),
                "note": DEMO_NOTE,
            },
        )
        for hours, z_m in LEVELS
    ]
    rain = {"rain_mm": 56.4, "rain_hours": 24, "zone": IDS.zone("Z03"), "note": DEMO_NOTE}
    at = now - 19 * HOUR
    fallen = {"station": IDS.of("object", STATION), "at": at, **rain}
    return [*water, fact(IDS, "李岸", at, "reading", f"{STATION} 雨量", fallen)]


def response(now: int) -> list[Put]:
    """Raised by the leader when the water reached the warning level."""
    begun = now - 29 * HOUR
    started = fact(
        *(IDS, "周汛", begun, "response", "防汛响应"),
        {
            "hazard_kind": "flood",
            "level": "response_iv",
            "area": "南北河、西湖湿地",
            "from": begun,
            "issuer": "南北河管理中心",
            "note": DEMO_NOTE,
        },
    )
    raised = {"level": "response_iii", "reason": "南河站到警戒水位 21.50 米"}
    author = IDS.member("郑渡")
    return [
        started,
        structs.replace(started, author=author, at=now - 1070 * MINUTE, fields=raised),
    ]


def shifts(now: int) -> list[Put]:
    """Of the day the bridge was washed out, of the night, and the one that runs."""
    found = found_at(now)
    day = found + SHIFT_AFTER
    night, today = day + DAY_SHIFT_H * HOUR, day + (DAY_SHIFT_H + NIGHT_SHIFT_H) * HOUR
    first = shift("白班", day, night, "周汛")
    second = shift("夜班", night, today, "吴堰")
    third = shift("今天白班", today, today + DAY_SHIFT_H * HOUR, "周汛")
    plan = [structs.replace(put, at=day - HOUR) for put in (first, second, third)]
    return [*plan, *log(day, first), *calls(day, first), *handed_over(found, night, first)]


def shift(name: str, start: int, end: int, officer: str) -> Put:
    fields = {
        "start": start,
        "end": end,
        "leader": IDS.member("郑渡"),
        "staff": [IDS.member(officer)],
        "level": "response_iv",
        "note": DEMO_NOTE,
    }
    return fact(IDS, "周汛", start, "duty_shift", name, fields)


def entry(at: int, shift: Put, kind: str, text: str, **fields: object) -> Put:
    said = {"entry_kind": kind, "at": at, "text": text + DEMO_NOTE, "shift": shift.record}
    return fact(IDS, "周汛", at, "duty_entry", f"{kind} {at}", {**said, **fields})


def instruction(day: int, shift: Put) -> Put:
    """Unfinished, and nobody's at first: so the shift cannot end yet."""
    due = day + 450 * MINUTE
    text = "市防汛办：16 时前开启二号闸，预降水位。"
    return entry(day + 150 * MINUTE, shift, "instruction", text, unfinished=True, due=due)


def log(day: int, shift: Put) -> list[Put]:
    order, evening = instruction(day, shift), day + 548 * MINUTE
    owned = {"owner": IDS.member("吴堰"), "handling": "闸门电源故障，已报修，交夜班接着办"}
    done = {"at": evening + 120 * MINUTE, "text": "备用电源接通，二号闸已开启", "done": True}
    return [
        entry(day + 40 * MINUTE, shift, "call_in", "铁路工务段来电：六孔桥限速，已派人到场。"),
        entry(day + 270 * MINUTE, shift, "call_in", "市水利局来电：询问六孔桥进度。"),
        order,
        structs.replace(order, at=evening, fields=owned),
        added(IDS, "吴堰", evening + 120 * MINUTE, order, "progress", done),
    ]


def calls(day: int, shift: Put) -> list[Put]:
    at = day + 40 * MINUTE
    fields = {
        "direction": "in",
        "at": at,
        "text": f"六孔桥上下行限速，工程师已到场会商。{DEMO_NOTE}",
        "number": "0434-0000000",
        "unit": "铁路工务段",
        "person": "韩工",
        "shift": shift.record,
        "told": "郑渡",
    }
    return [fact(IDS, "周汛", at, "call", "铁路工务段来电", fields)]


def handed_over(found: int, night: int, shift: Put) -> list[Put]:
    """Written by who goes; who comes confirms it on his own device, twelve minutes late."""
    order, at = instruction(found + SHIFT_AFTER, shift), night + 10 * MINUTE
    handover = fact(
        *(IDS, "周汛", at, "handover", "白班交夜班"),
        {
            "at": at,
            "outgoing": IDS.member("周汛"),
            "incoming": IDS.member("吴堰"),
            "leader": IDS.member("郑渡"),
            "shift": shift.record,
            "weather": "暴雨转小雨，24 小时 56.4 毫米",
            "gauges": "南河站 21.50 米，到警戒",
            "running": "排涝泵站 2 台机运行",
            "items": [
                {
                    "text": "二号闸还没有开启",
                    "record": order.record,
                    "owner": IDS.member("吴堰"),
                    "due": night + 180 * MINUTE,
                }
            ],
            "hazards": [
                {
                    "text": "六孔桥正在抢修，按时续报",
                    "record": hazard(found).record,
                    "owner": IDS.member("李岸"),
                }
            ],
            "stores": [{"item": item.code, "answer": "ok"} for item in STORES],
            "note": DEMO_NOTE,
        },
    )
    confirmed = {"at": night + 12 * MINUTE, "agreed": True}
    return [handover, added(IDS, "吴堰", night + 12 * MINUTE, handover, "confirm", confirmed)]
