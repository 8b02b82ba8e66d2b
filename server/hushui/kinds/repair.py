"""What a repair took 抢修: from when to when, people, machines, materials, money."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, PhotoNeed, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import About, Correction, NoPhotoReason, Note

MACHINE = {
    "name": f.text("机械", "Machine", 20, required=True),
    "count": f.integer("数量", "Count", "台", 1, 999, required=True),
    "shifts": f.number(
        "台班",
        "Machine shifts",
        "台班",
        2,
        0,
        9_999,
        help="8 小时为 1 台班",
        help_en="8 hours are one machine shift",
    ),
}


def amount(zh: str, en: str, unit: str, decimals: int = 1) -> f.Field:
    return f.number(zh, en, unit, decimals, 0, 1_000_000)


class Repair(Fields, frozen=True, kw_only=True):
    target: About
    plan: Annotated[str, f.text("做法", "Plan", 500)]
    started: Annotated[int, f.time("开工", "Started")]
    ended: Annotated[
        int | None,
        f.time(
            "完工",
            "Ended",
            help="没完工先不填，完工后更正",
            help_en="Leave it empty until it is done, then correct the record",
        ),
    ] = None
    contractor: Annotated[str | None, f.text("施工单位", "Contractor", 60)] = None
    members: Annotated[
        list[str] | None,
        f.refs(
            "本单位人员",
            "Own people",
            "member",
            60,
            help="参加的人以后不能核查",
            help_en="Whoever took part may not verify later",
        ),
    ] = None
    people: Annotated[
        int | None,
        f.integer(
            "投入人力",
            "Person-times",
            "人次",
            0,
            99_999,
            help="一人一天算 1",
            help_en="One person on one day counts 1",
        ),
    ] = None
    machines: Annotated[list[dict[str, object]] | None, f.rows("机械", "Machines", MACHINE, 20)] = (
        None
    )
    earth_m3: Annotated[float | None, amount("土方", "Earth", "m3")] = None
    stone_m3: Annotated[float | None, amount("石料", "Stone", "m3")] = None
    bags: Annotated[int | None, f.integer("编织袋", "Bags", "条", 0, 1_000_000)] = None
    cloth_m2: Annotated[float | None, amount("土工布", "Cloth", "m2")] = None
    fuel_kg: Annotated[float | None, amount("油料", "Fuel", "kg")] = None
    cost_yuan: Annotated[float | None, f.number("费用", "Cost", "元", 2, 0, 1_000_000_000)] = None
    note: Note = None
    no_photo_reason: NoPhotoReason = None
    correction: Correction = None


BRIDGE = {
    "target": "00000000000000000000000091",
    "plan": "抛石护脚，浆砌石恢复墙体",
    "started": 1_795_500_000_000,
}

KIND = kind(
    Repair,
    "repair",
    "抢修",
    "Repair",
    "fact",
    happened="started",
    subject="target",
    title="plan",
    groups={
        "main": "target plan",
        "time": "started ended",
        "people": "contractor members people",
        "resources": "machines earth_m3 stone_m3 bags cloth_m2 fuel_kg cost_yuan",
        "note": "note",
        "photos": "no_photo_reason",
        "correction": "correction",
    },
    rules=(
        Rule(
            code="ends_before_it_starts",
            effect="block",
            field="ended",
            when="ended <= started",
            zh="完工要晚于开工",
            en="It ends after it starts",
        ),
    ),
    photos=(PhotoNeed(("before", "after"), '!("ended" in absent)'), PhotoNeed(("before",))),
    valid={
        **BRIDGE,
        "ended": 1_795_536_000_000,
        "contractor": "四平某建筑公司",
        "people": 26,
        "machines": [
            {"name": "挖掘机", "count": 2, "shifts": 2.5},
            {"name": "自卸车", "count": 3, "shifts": 3.75},
        ],
        "stone_m3": 48,
    },
    wrong=(
        Wrong({**BRIDGE, "plan": None}, "required", "plan"),
        Wrong({**BRIDGE, "stone_m3": -1}, "out_of_range", "stone_m3"),
        Wrong({**BRIDGE, "bags": 1.5}, "wrong_type", "bags"),
        Wrong({**BRIDGE, "machines": [{"name": "挖掘机"}]}, "required", "machines"),
        Wrong({**BRIDGE, "contractor": "长" * 61}, "too_long", "contractor"),
        Wrong({**BRIDGE, "ended": BRIDGE["started"]}, "blocked", "ended"),
    ),
)
