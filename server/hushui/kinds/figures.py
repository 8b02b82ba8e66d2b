"""Which figures a day has: counts, sums and person-times, declared beside the kinds they count.

A new work kind, a new level or a new amount in a description brings its figures by itself.
"""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from hushui.kinds import KINDS
from hushui.kinds.fields import Choice, Field
from hushui.kinds.verification import BY_HANDLER

Measure = Literal["count", "sum", "people"]
Moment = Literal["new", "open", "ended"]


class Figure(Struct, frozen=True, kw_only=True):
    """One figure. ``measure``: how many records; the sum of ``field`` divided by ``per``; or
    person-times: one member, one task, one day is one, however many records say so. The task is the
    kind, or what its field ``task`` says. ``where``: (field, code), all of them.

    ``moment``: of what came that day; of what was open when it ended; of what ended that day.
    ``by``: the field of time that puts a record into a day, None = its effective time (which also
    does where a fact does not say when it happened).
    """

    code: str
    zh: str
    en: str
    kind: str
    measure: Measure = "count"
    field: str | None = None
    unit: str
    decimals: int = 0
    per: int = 1
    where: tuple[tuple[str, str], ...] = ()
    moment: Moment = "new"
    by: str | None = None
    task: str | None = None


class End(Struct, frozen=True):
    """A record of ``kind`` about it, whose ``field`` is ``value``, ends a record; not as long as it
    carries the flag ``unless``."""

    kind: str
    field: str
    value: str
    unless: str


VERIFIED = End("verification", "result", "pass", BY_HANDLER)
ENDINGS: dict[str, End] = {"hazard": VERIFIED, "event": VERIFIED, "finding": VERIFIED}
"""A hazard, an event, a finding is closed once somebody who had no hand in it verified that it is
put right."""
SILENT = frozenset({"consent"})
"""Facts that say nothing about what happened where their author answers for."""
PEOPLE, COMPANIONS = "people", "companions"
"""Who took part: the author and those named; a number says how many there were in all."""
CREW = ("zone", "boat", "boat_ref")
"""The same here: whoever is only counted is taken to be the same crew of the same author."""
TASKS = {"work": "work_kind"}
"""What somebody who does two of a day has done two tasks of."""
AMOUNTS: tuple[str, ...] = (
    "weight_t", "weight_kg", "bags", "boat_trips", "boat_hours", "stone_m3", "earth_m3", "cloth_m2",
    "machine_shifts", "volume_m3", "area_m2", "length_km", "spans", "poles", "defects", "sites",
    "trees", "units",
)  # fmt: skip
"""What of a piece of work may be added up over a day: a depth or a temperature may not."""
METRES_PER_KM = 1_000


def person_times(kind: str, zh: str, en: str, **more: object) -> Figure:
    where = more.get("where", ())
    assert isinstance(where, tuple)
    name = "_".join([kind, *(code for _, code in where), "people"])
    return Figure(
        code=name,
        zh=f"{zh}人次",
        en=f"{en}, person-times",
        kind=kind,
        measure="people",
        unit="人次",
        where=where,
        by=KINDS[kind].happened,
        task=TASKS.get(kind),
    )


def plain(code: str, zh: str, en: str, kind: str, unit: str, **more: object) -> Figure:
    given = {"by": KINDS[kind].happened, **more}
    return Figure(code=code, zh=zh, en=en, kind=kind, unit=unit, **given)  # type: ignore[arg-type]


GRADED = {"acute": "level", "latent": "latent_class"}
"""What happens has a level, what may happen a class."""


def of_hazards() -> Iterator[Figure]:
    """New, open and closed: in all; what happens and what may happen apart, each by how bad it is,
    and those of which nobody said it."""
    moments: tuple[tuple[Moment, str, str], ...] = (
        ("new", "新增", "new"),
        ("open", "未结案", "open"),
        ("ended", "结案", "closed"),
    )
    known = KINDS["hazard"]

    def counted(name: str, zh: str, en: str, moment: Moment, *where: tuple[str, str]) -> Figure:
        return plain(name, zh, en, "hazard", "处", moment=moment, where=where)

    for moment, zh, en in moments:
        yield counted(f"hazard_{moment}", f"{known.zh}{zh}", f"{known.en}: {en}", moment)
        for nature in known.fields["nature"].choices:
            name, one = f"hazard_{nature.code}_{moment}", ("nature", nature.code)
            words = f"{nature.zh}{zh}", f"{known.en}, {nature.en.lower()}: {en}"
            yield counted(name, *words, moment, one)
            graded = GRADED[nature.code]
            for grade in (*known.fields[graded].choices, Choice("", "未定级", "not graded")):
                yield counted(
                    f"{name}_{grade.code or 'none'}",
                    f"{words[0]}·{grade.zh}",
                    f"{words[1]}, {grade.en.lower()}",
                    *(moment, one, (graded, grade.code)),
                )


def of_works() -> Iterator[Figure]:
    kind = KINDS["work"]
    yield plain("work", f"{kind.zh}", kind.en, "work", "次")
    yield person_times("work", kind.zh, kind.en)
    for choice in kind.fields["work_kind"].choices:
        where = (("work_kind", choice.code),)
        name = f"work_{choice.code}"
        yield plain(name, choice.zh, choice.en, "work", "次", where=where)
        yield person_times("work", choice.zh, choice.en, where=where)
        for code, field in kind.fields.items():
            if code in AMOUNTS and field.shown is not None and choice.code in field.shown.any:
                yield amount(name, choice, code, field)


def amount(name: str, choice: Choice, code: str, field: Field) -> Figure:
    return Figure(
        code=f"{name}_{code}",
        zh=f"{choice.zh}{field.zh}",
        en=f"{choice.en}: {field.en.lower()}",
        kind="work",
        measure="sum",
        field=code,
        unit=field.unit or "",
        decimals=field.decimals or 0,
        where=(("work_kind", choice.code),),
    )


FIGURES: tuple[Figure, ...] = (
    plain("patrol", "巡查", "Patrols", "patrol", "次"),
    plain(
        *("patrol_km", "巡查里程", "Patrols: distance", "patrol", "km"),
        measure="sum", field="distance_m", per=METRES_PER_KM, decimals=2,
    ),
    person_times("patrol", "巡查", "Patrols"),
    *of_hazards(),
    plain("event_new", "事件新增", "Events: new", "event", "件"),
    plain(
        *("event_on_spot", "现场已处理", "Events: handled on the spot", "event", "件"),
        where=(("handled_on_spot", "true"),),
    ),
    plain("event_open", "事件未结案", "Events: open", "event", "件", moment="open"),
    plain("event_ended", "事件结案", "Events: closed", "event", "件", moment="ended"),
    *of_works(),
    plain("reading", "水雨情", "Gauge readings", "reading", "次"),
    plain("duty_shift", "值班班次", "Duty shifts", "duty_shift", "班", by="start"),
    plain("duty_entry", "值班记事", "Duty entries", "duty_entry", "条"),
    plain("handover", "交接班", "Hand-overs", "handover", "次"),
)  # fmt: skip
