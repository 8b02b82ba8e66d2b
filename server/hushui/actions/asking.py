"""A filter as the office sets it, as the query of the store: checked, with names looked up."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from hushui.actions.names import Names
from hushui.actions.parts import Caller, Parts, seen_scopes
from hushui.domain import search
from hushui.domain.chainage import around, line_length, point_at, project
from hushui.errors import BadFilter
from hushui.kinds import KINDS
from hushui.kinds.fields import Field
from hushui.kinds.figures import ENDINGS
from hushui.storage.store import Ending, RecordQuery, Store, Term

REACH_M: Final = 500.0
"""How far from its line a place still has a chainage."""
ASKED_MAX: Final = 12
"""Terms of a search, and pairs of a filter."""


class Filter(Struct, frozen=True):
    """``where``: `field:code` pairs. ``open_at``, ``ended_from``, ``ended_to`` in milliseconds.
    ``by``: the field of time that ``since`` and ``until`` bound."""

    kind: str | None = None
    zone: str | None = None
    person: str | None = None
    state: str | None = None
    since: int | None = None
    until: int | None = None
    q: str | None = None
    after: str | None = None
    limit: int = 50
    deleted: bool = False
    conflict: bool = False
    where: tuple[str, ...] = ()
    open_at: int | None = None
    ended_from: int | None = None
    ended_to: int | None = None
    by: str | None = None


def query_of(parts: Parts, caller: Caller, filter: Filter) -> RecordQuery:
    """Inside `store.reading()`. Raises BadFilter, in words."""
    return RecordQuery(
        org=caller.org,
        scopes=seen_scopes(parts, caller),
        kind=filter.kind,
        zone=filter.zone,
        person=filter.person,
        state=filter.state,
        since=filter.since,
        until=filter.until,
        by=by_of(filter.kind, filter.by),
        by_either=filter.by is not None and filter.by == happened(filter.kind),
        terms=terms_of(parts.store, caller.org, filter.q, parts.ports.now()),
        where=where_of(filter.kind, filter.where),
        ending=ending_of(filter),
        open_at=filter.open_at,
        ended=ended_of(filter),
        after=filter.after,
        limit=filter.limit,
        deleted=filter.deleted,
        conflict=filter.conflict,
    )


# pairs of field and code --------------------------------------------------------------------------
def where_of(kind: str | None, pairs: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The codes of one field are joined: one of them is enough."""
    found: dict[str, list[str]] = {}
    for count, pair in enumerate(pairs):
        name, colon, code = pair.partition(":")
        if not colon or count >= ASKED_MAX:
            raise BadFilter(field="where", asked=pair)
        if kind not in KINDS:
            raise BadFilter(field="kind", asked=pair)
        field = KINDS[kind].fields.get(name)
        if field is None or code not in codes_of(field):
            raise BadFilter(field="where", asked=pair)
        found.setdefault(name, []).append(code)
    return tuple((name, tuple(codes)) for name, codes in found.items())


def codes_of(field: Field) -> set[str]:
    """What may be asked of it; the empty code stands for a field nobody filled."""
    if field.type in ("choice", "choices"):
        return {choice.code for choice in field.choices} | {""}
    return {"true", "false", ""} if field.type == "bool" else set()


def by_of(kind: str | None, by: str | None) -> str | None:
    field = KINDS[kind].fields.get(by or "") if kind in KINDS else None
    if by is not None and (field is None or field.type != "time"):
        raise BadFilter(field="by", asked=by)
    return by


def happened(kind: str | None) -> str | None:
    """The field in which it says when it happened."""
    return KINDS[kind].happened if kind in KINDS else None


# endings ------------------------------------------------------------------------------------------
def ending_of(filter: Filter) -> Ending | None:
    asked = (filter.open_at, filter.ended_from, filter.ended_to)
    if all(value is None for value in asked):
        return None
    end = ENDINGS.get(filter.kind or "")
    if end is None:
        raise BadFilter(field="kind", asked=filter.kind or "")
    return Ending(end.kind, end.field, end.value, end.unless)


def ended_of(filter: Filter) -> tuple[int, int] | None:
    if filter.ended_from is None and filter.ended_to is None:
        return None
    return (filter.ended_from or 0, 2**53 if filter.ended_to is None else filter.ended_to)


# what was typed -----------------------------------------------------------------------------------
def terms_of(store: Store, org: str, q: str | None, now: int) -> tuple[Term, ...]:
    asked = search.terms(q or "", now)
    if len(asked) > ASKED_MAX:
        raise BadFilter(field="q", asked=q or "")
    if not asked:
        return ()
    names = Names(store, org)
    return tuple(_term(store, org, names, term) for term in asked)


def _term(store: Store, org: str, names: Names, asked: search.Asked) -> Term:
    if asked.chainage is not None:
        near = tuple(_near(store, org, names, *asked.chainage))
        return Term(text=asked.text, ids=near, chainage=asked.chainage)
    if asked.text is None:
        return Term(captured=asked.captured)
    codes = tuple(search.choices_of(asked.text))
    kinds = search.kinds_of(asked.text)
    return Term(text=asked.text, codes=codes, kinds=kinds, ids=names.found(asked.text))


def _near(store: Store, org: str, names: Names, low: float, high: float) -> Iterable[str]:
    """Records that have a place but no chainage, where the place lies there along a zone's line."""
    for id, named in names.of("zone").items():
        zone = store.record(id)
        if named.deleted or zone is None or not zone.fields.get("line"):
            continue
        line = [(lon, lat) for lon, lat in zone.fields["line"]]
        start = float(zone.fields.get("chainage_start") or 0)
        if high < start or low > start + line_length(line):
            continue
        middle = point_at(line, start, (low + high) / 2)
        for record, lon, lat in store.unplaced(org, _box(middle)):
            place = project(line, start, (lon, lat))
            if low <= place.chainage <= high and place.offset <= REACH_M:
                yield record


def _box(middle: tuple[float, float]) -> tuple[float, float, float, float]:
    """West, south, east, north: far enough in every direction."""
    east, north = around(middle, (middle[0] + 1, middle[1] + 1))
    reach = REACH_M + search.NEAR_M
    wide, high = reach / east, reach / north
    return middle[0] - wide, middle[1] - high, middle[0] + wide, middle[1] + high
