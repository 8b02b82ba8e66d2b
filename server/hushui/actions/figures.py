"""The day's figures, each with the query that finds exactly its records.

Which there are stands in kinds/figures.py, what they mean in domain/figures.py.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from msgspec import Struct, structs

from hushui.actions.asking import Filter, query_of
from hushui.actions.names import Names
from hushui.actions.parts import Caller, Parts, demand, is_office
from hushui.domain import workflow
from hushui.domain.access import FACTS
from hushui.domain.days import day_of, span
from hushui.domain.figures import holds, in_zone, value_of
from hushui.errors import BadFilter, NotFound
from hushui.kinds import KINDS
from hushui.kinds.figures import FIGURES, SILENT, Figure
from hushui.storage.store import RecordQuery, Store
from hushui_sync.world import Record

Judged = tuple[Record, str]
"""A record and its review state."""
PAGE: Final = 2_000
COUNTED: Final = "counted"
REPORTING: Final = {kind: KINDS[kind].happened for kind in FACTS if kind not in SILENT}


class Query(Struct, frozen=True, omit_defaults=True, rename="camel"):
    """The parameters of GET /api/records that find what was counted; ``where`` may stand several
    times."""

    kind: str
    state: str
    zone: str | None = None
    from_: int | None = None
    to: int | None = None
    by: str | None = None
    where: tuple[str, ...] = ()
    open_at: int | None = None
    ended_from: int | None = None
    ended_to: int | None = None


class FigureView(Struct, frozen=True):
    """``value`` null: 未报, nobody said; 0 is said. ``count``: how many records the query finds;
    of them ``pending`` wait for review, ``returned`` were sent back (counted, but in no sum), and
    ``missing`` do not say the amount. ``kind`` in words: see the query."""

    id: str
    zh: str
    en: str
    value: float | int | None
    unit: str
    decimals: int
    count: int
    pending: int
    returned: int
    missing: int
    query: Query


class ZoneFigures(Struct, frozen=True):
    zone: str
    name: str
    reported: bool
    figures: tuple[FigureView, ...]


class PersonFigures(Struct, frozen=True):
    """Who holds a zone, or made a record that day. ``reported``: made any."""

    person: str
    name: str
    zones: tuple[str, ...]
    reported: bool


class DayFigures(Struct, frozen=True, rename="camel"):
    """``day`` in the time of Shanghai, ``as_of`` in milliseconds. ``totals``: of the zone asked
    for, else of the organisation, records without a zone included."""

    day: str
    as_of: int
    reported: bool
    totals: tuple[FigureView, ...]
    zones: tuple[ZoneFigures, ...]
    people: tuple[PersonFigures, ...]


def day_figures(parts: Parts, caller: Caller, day: str | None, zone: str | None) -> DayFigures:
    """Office only. ``day`` None = today. Raises BadFilter for a day that the calendar lacks."""
    demand(is_office(parts.rights(caller.active())))
    now = parts.ports.now()
    chosen = day_of(now) if day is None else _day(day)
    since, until = span(chosen)
    with parts.store.reading():
        names = Names(parts.store, caller.org)
        zones = [id for id, named in names.of("zone").items() if not named.deleted]
        if zone is not None and zone not in zones:
            raise NotFound
        holders = holders_of(parts.store, caller.org, zones)
        said = parts.store.reporters(caller.org, REPORTING, since, until)
        spoke = {id for id in zones if id in said.zones or of_one(holders, id) & said.elsewhere}
        found = {figure: _found(parts, caller, figure, since, until) for figure in _distinct()}
    shown = [zone] if zone is not None else sorted(zones, key=names)

    def views(asked: str | None, is_reported: bool) -> tuple[FigureView, ...]:
        return tuple(
            _view(figure, found[_whole(figure)], asked, since, until, is_reported)
            for figure in FIGURES
        )

    anybody = bool(said.authors) if zone is None else zone in spoke
    people = _people(names, holders, said.authors, shown if zone is not None else None)
    return DayFigures(
        day=chosen.isoformat(),
        as_of=now,
        reported=anybody,
        totals=views(zone, anybody),
        zones=tuple(
            ZoneFigures(id, names(id), id in spoke, views(id, id in spoke)) for id in shown
        ),
        people=people,
    )


def query_for(figure: Figure, zone: str | None, since: int, until: int) -> Query:
    query = Query(
        kind=figure.kind,
        state=COUNTED,
        zone=zone,
        where=tuple(f"{name}:{code}" for name, code in figure.where),
    )
    match figure.moment:
        case "open":
            return structs.replace(query, open_at=until)
        case "ended":
            return structs.replace(query, ended_from=since, ended_to=until)
        case "new":
            return structs.replace(query, from_=since, to=until, by=figure.by)


# the records --------------------------------------------------------------------------------------
def _whole(figure: Figure) -> Figure:
    """The figure that many share their records with: of all codes and all zones."""
    return Figure(
        code="", zh="", en="", unit="", kind=figure.kind, moment=figure.moment, by=figure.by
    )


def _distinct() -> Iterable[Figure]:
    return dict.fromkeys(map(_whole, FIGURES))


def _found(
    parts: Parts, caller: Caller, figure: Figure, since: int, until: int
) -> Sequence[Judged]:
    asked = query_for(figure, None, since, until)
    filter = Filter(
        kind=asked.kind,
        state=asked.state,
        since=asked.from_,
        until=asked.to,
        by=asked.by,
        open_at=asked.open_at,
        ended_from=asked.ended_from,
        ended_to=asked.ended_to,
        limit=PAGE,
    )
    return [
        (record, workflow.state(record.review, record.version))
        for record in every(parts.store, query_of(parts, caller, filter))
    ]


def every(store: Store, query: RecordQuery) -> Iterable[Record]:
    more = True
    while more:
        found, more = store.records(query)
        yield from found
        if found:
            query = structs.replace(query, after=found[-1].id)


def _view(
    figure: Figure,
    found: Sequence[Judged],
    zone: str | None,
    since: int,
    until: int,
    reported: bool,
) -> FigureView:
    there = found if zone is None else in_zone(found, zone)
    counted = [(record, state) for record, state in there if holds(figure, record.fields)]
    value = value_of(figure, counted, reported=reported)
    return FigureView(
        id=figure.code,
        zh=figure.zh,
        en=figure.en,
        value=value.value,
        unit=figure.unit,
        decimals=figure.decimals,
        count=value.count,
        pending=value.pending,
        returned=value.returned,
        missing=value.missing,
        query=query_for(figure, zone, since, until),
    )


# the people ---------------------------------------------------------------------------------------
def holders_of(store: Store, org: str, zones: Iterable[str]) -> dict[str, set[str]]:
    """Zone → who holds it now: by a grant, or as one of the team that answers for it."""
    holders: dict[str, set[str]] = {id: set() for id in zones}
    for grant in every(store, _all_of(org, "grant")):
        held = holders.get(grant.fields["zone"])
        if held is not None and not grant.fields.get("ended"):
            held.add(grant.fields["person"])
    teams: dict[str, list[str]] = {}
    for zone in every(store, _all_of(org, "zone")):
        if zone.fields.get("team") and zone.id in holders:
            teams.setdefault(zone.fields["team"], []).append(zone.id)
    for member in every(store, _all_of(org, "member")):
        for id in teams.get(member.fields.get("team") or "", ()):
            holders[id].add(member.id)
    return holders


def of_one(holders: dict[str, set[str]], zone: str) -> set[str]:
    """Who holds this zone and no other."""
    others = (people for id, people in holders.items() if id != zone)
    return holders[zone].difference(*others)


def _all_of(org: str, kind: str) -> RecordQuery:
    return RecordQuery(org=org, scopes=None, kind=kind, limit=PAGE)


def _people(
    names: Names,
    holders: dict[str, set[str]],
    authors: frozenset[str],
    zones: Sequence[str] | None,
) -> tuple[PersonFigures, ...]:
    """Those who have not reported first."""
    held: dict[str, list[str]] = {} if zones is not None else {id: [] for id in authors}
    for zone, people in holders.items():
        if zones is None or zone in zones:
            for person in people:
                held.setdefault(person, []).append(zone)
    views = (
        PersonFigures(person, names(person), tuple(sorted(where)), person in authors)
        for person, where in held.items()
    )
    return tuple(sorted(views, key=lambda view: (view.reported, view.name, view.person)))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadFilter(field="day", asked=text) from None
    if not 1971 <= day.year <= 9000:
        raise BadFilter(field="day", asked=text)
    return day
