"""The branch beside the storm: a check and what it found, an activity, who missed it, a claim."""

from hushui.demo.happening import DAY, DEMO_NOTE, HOUR, MINUTE, added, fact
from hushui.demo.nanbeihe import IDS, POST
from hushui.demo.values import Put


def puts(now: int) -> list[Put]:
    return [*checked(now), *theme_day(now), *promised(now)]


def checked(now: int) -> list[Put]:
    """Found, put right, sent back once, put right again, verified, told to all."""
    at = now - 11 * DAY
    members = [IDS.member(name) for name in ("郑渡", "陈堤", "吴堰")]
    check = fact(
        *(IDS, "郑渡", at, "check", "西湖互查"),
        {
            "check_kind": "mutual",
            "target_zone": IDS.zone("Z05"),
            "target_name": "西湖湿地责任区",
            "team": members,
            "starts": at - 2 * HOUR,
            "ended": at - HOUR,
            "items": [
                {"text": "值班记录", "answer": "abnormal", "note": "缺一天"},
                {"text": "救生衣和船只", "answer": "ok"},
                {"text": "巡查点标牌", "answer": "ok"},
            ],
            "score": 92.5,
            "note": DEMO_NOTE,
        },
    )
    finding = fact(
        *(IDS, "郑渡", at, "finding", "无值班记录"),
        {
            "text": "打捞码头有一天无值班记录",
            "level": "general",
            "check": check.record,
            "zone": IDS.zone("Z05"),
            "found": at - 90 * MINUTE,
            "due": at + 7 * DAY,
            "owner": IDS.member("赵渠"),
            "demand": "补齐记录，交接班当面签",
            "note": DEMO_NOTE,
        },
    )

    def fix(days: int, text: str) -> Put:
        when = at + days * DAY
        return added(IDS, "赵渠", when, finding, "fix", {"at": when, "text": text})

    def verify(days: float, **fields: object) -> Put:
        said = {"target": finding.record, **fields, "note": DEMO_NOTE}
        return fact(IDS, "郑渡", at + int(days * DAY), "verification", f"核查问题 {days}", said)

    notice = fact(
        *(IDS, "周汛", at + 8 * DAY, "notice", "检查通报"),
        {
            "notice_kind": "circular",
            "title": "责任区互查通报",
            "text": f"发现问题一处，已整改。请各责任区补看交接班记录。{DEMO_NOTE}",
            "about": [check.record, finding.record],
            "issuer": "南北河管理中心",
        },
    )
    return [
        *(check, finding, fix(5, "已补记录")),
        verify(6, result="fail", reason="补的记录没有交接双方签名"),
        fix(7, "已由交接双方补签"),
        *(verify(7.25, result="pass"), notice),
    ]


def theme_day(now: int) -> list[Put]:
    """Who was on duty at the pumps makes up for it."""
    at = now - 16 * DAY
    present = ("郑渡", "周汛", "陈堤", "李岸", "赵渠", "王闸", "孙澜")
    activity = fact(
        *(IDS, "郑渡", at, "activity", "美丽河湖在我中心"),
        {
            "activity_kind": "theme_day",
            "title": "美丽河湖在我中心",
            "at": at - 3 * HOUR,
            "minutes": 150,
            "host": IDS.member("郑渡"),
            "place_name": "悦平滩",
            "branch": IDS.of("branch", "南北河管理中心党支部"),
            "attendees": [IDS.member(name) for name in present],
            "parts": [{"name": "捡拾岸边垃圾"}, {"name": "植树"}, {"name": "防汛课"}],
            "note": DEMO_NOTE,
        },
    )
    absence = fact(
        *(IDS, "郑渡", at, "absence", "张河缺席"),
        {
            "activity": activity.record,
            "person": IDS.member("张河"),
            "reason": "official_duty",
            "reason_note": f"值守南河排涝泵站。{DEMO_NOTE}",
            "return_on": at + DAY,
        },
    )

    def step(author: str, days: int, name: str, **fields: object) -> Put:
        when = at + days * DAY
        said = {"step": name, "at": when, **fields}
        return added(IDS, author, when, absence, "make_up", said)

    return [
        *(activity, absence),
        step("张河", 2, "claimed", task="补看防汛课，补清六孔桥下游岸线"),
        step("张河", 4, "reported", result="课已看，岸线清了 300 米"),
        step("郑渡", 5, "accepted"),
    ]


def promised(now: int) -> list[Put]:
    at = now - 30 * DAY
    claim = {
        "target": IDS.of("post", POST),
        "from": at,
        "promise": "我在岗，险情时不走。",
        "note": DEMO_NOTE,
    }
    consent = {"purpose": "track", "version": "2026-11", "given": True, "at": at}
    return [
        fact(IDS, "赵渠", at, "claim", POST, claim),
        fact(IDS, "张河", at, "consent", "行踪轨迹", {**consent, "note": DEMO_NOTE}),
    ]
