"""The filters of a list of records as SQL."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from hushui.storage import words
from hushui.storage.schema.conflicts import CONFLICT
from hushui.storage.schema.search import CHAINAGE, CHAINAGE_TO, number_at, text_in
from hushui.storage.store import Ending, RecordQuery, Term

# Not EXISTS: SQLite 3.51.1 makes a join of it and finds a record once for each of its scopes.
LIVE_IN: Final = """(SELECT 1 FROM spot WHERE spot.scope IN (SELECT value FROM json_each(?))
    AND spot.record = record.id AND NOT spot.gone LIMIT 1) IS NOT NULL"""
IN_WORDS: Final = "SELECT rowid FROM record_words WHERE record_words MATCH ?"
STANDS_NOWHERE: Final = """(SELECT 1 FROM spot
    WHERE spot.record = record.id AND NOT spot.gone LIMIT 1) IS NULL"""
OF_A_SCOPE: Final = f"""(SELECT 1 FROM json_each({text_in("record")}, '$.scopes') AS belongs
    WHERE belongs.value IN (SELECT value FROM json_each(?)) LIMIT 1) IS NOT NULL"""
BELONGS: Final = f"({LIVE_IN} OR ({STANDS_NOWHERE} AND {OF_A_SCOPE}))"
"""S11: what left the phones stands in no scope, and is of the zone all the same."""
LEFT_BELOW: Final = f"""SELECT record.seq FROM record WHERE record.id IN (
    WITH RECURSIVE below (id) AS (SELECT id FROM record WHERE seq IN ({IN_WORDS})
        UNION SELECT follower.id FROM below JOIN record AS follower ON follower.subject = below.id)
    SELECT id FROM below)
    AND {STANDS_NOWHERE} AND {OF_A_SCOPE} AND record.org = ?"""
"""What followed a record there, and left with it."""
HOLDS: Final = f"""(SELECT 1 FROM json_each({text_in("record")}, ?) AS held
    WHERE held.value IN (SELECT value FROM json_each(?)) LIMIT 1) IS NOT NULL"""
EMPTY: Final = f"""(SELECT 1 FROM json_each({text_in("record")}, ?) AS held
    WHERE held.value IS NOT NULL AND held.value <> '' LIMIT 1) IS NULL"""
FIRST_ENDING: Final = f"""(SELECT min(e.captured) FROM record AS e
    WHERE e.subject = record.id AND e.org = record.org AND e.kind = ? AND e.deleted = 0
    AND e.state <> 'rejected' AND json_extract({text_in("e")}, ?) = ?
    AND ? NOT IN (SELECT value FROM json_each({text_in("e")}, '$.flags')))"""

Condition = tuple[str, list[Any]]
"""SQL with its values."""


def where_of(query: RecordQuery) -> tuple[str, list[Any]]:
    conditions = list(_conditions(query))
    sql = " AND ".join(sql for sql, _ in conditions)
    return sql, [value for _, values in conditions for value in values]


def ending_values(ending: Ending) -> tuple[str, str, str, str]:
    return ending.kind, _path(ending.field), ending.value, ending.unless


def _conditions(query: RecordQuery) -> list[Condition]:
    found: list[Condition] = [("record.org = ?", [query.org])]
    if query.scopes is not None:
        found.append((LIVE_IN, [json.dumps(sorted(query.scopes))]))
    if query.kind is not None:
        found.append(("record.kind = ?", [query.kind]))
    if query.zone is not None:
        zone = json.dumps([f"zone:{query.zone}"])
        found.append((BELONGS, [zone, zone]))
    if query.person is not None:
        found.append(("record.author = ?", [query.person]))
    if query.state == "counted":
        found.append(("record.state <> 'rejected'", []))
    elif query.state is not None:
        found.append(("record.state = ?", [query.state]))
    if query.since is not None or query.until is not None:
        found.append(_when(query))
    found += [_where(name, codes) for name, codes in query.where]
    found += _endings(query)
    if query.q:
        found.append(_has(query.org, Term(text=query.q)))
    found += [_has(query.org, term) for term in query.terms]
    if query.conflict:
        found.append((CONFLICT, []))
    if not query.deleted:
        found.append(("record.deleted = 0", []))
    return found


def _when(query: RecordQuery) -> Condition:
    bounds = query.since, query.until
    if query.by is None:
        return between("record.captured", *bounds)
    if not query.by_either:
        return between(time_at(query.by), *bounds)
    either = happened(query.org, [query.kind or ""], query.by, *bounds)
    sql = " UNION ALL ".join(f"SELECT seq FROM record WHERE {sql}" for sql, _ in either)
    return f"record.seq IN ({sql})", [value for _, values in either for value in values]


def happened(
    org: str, kinds: Sequence[str], by: str | None, since: int | None, until: int | None
) -> list[Condition]:
    """Of these kinds in that time, in ways that share no record: each has its own index."""
    of = "org = ? AND kind IN (SELECT value FROM json_each(?))"
    whose = [org, json.dumps(kinds)]
    captured, values = between("captured", since, until)
    if by is None:
        return [(f"{of} AND {captured}", [*whose, *values])]
    told = time_at(by)
    said, _ = between(told, since, until)
    return [
        (f"{of} AND {said}", [*whose, *values]),
        (f"{of} AND {captured} AND {told} IS NULL", [*whose, *values]),
    ]


def between(what: str, since: int | None, until: int | None) -> Condition:
    bounds = [(f"{what} >= ?", since), (f"{what} < ?", until)]
    there = [bound for bound in bounds if bound[1] is not None]
    return " AND ".join(sql for sql, _ in there), [value for _, value in there]


def time_at(name: str) -> str:
    """Written out, not bound: only so SQLite sees that an index fits."""
    assert name.isidentifier()
    return number_at(name)


def _where(name: str, codes: tuple[str, ...]) -> Condition:
    """JSON's true and false are 1 and 0 to SQLite."""
    path = _path(name)
    wanted = [{"true": 1, "false": 0}.get(code, code) for code in codes if code]
    either: list[Condition] = [(HOLDS, [path, json.dumps(wanted)])] if wanted else []
    if "" in codes:
        either.append((EMPTY, [path]))
    return _any(either)


def _endings(query: RecordQuery) -> list[Condition]:
    """Without an ending nothing ever ends."""
    found: list[Condition] = []
    first = (FIRST_ENDING, [*ending_values(query.ending)]) if query.ending else ("NULL", [])
    if query.open_at is not None:
        found.append(("record.captured < ?", [query.open_at]))
        found.append((f"coalesce({first[0]} >= ?, 1)", [*first[1], query.open_at]))
    if query.ended is not None:
        since, until = query.ended
        # BETWEEN asks once.
        found.append((f"{first[0]} BETWEEN ? AND ?", [*first[1], since, until - 1]))
    return found


def _has(org: str, term: Term) -> Condition:
    """Each way of having it by its own index; together they are a set of record.seq."""
    ways: list[Condition] = []
    match = words.match(term.text) if term.text else None
    if match is not None:
        ways.append((IN_WORDS, [match]))
    ways += _coded(org, term.codes)
    if term.kinds:
        sql = "SELECT seq FROM record WHERE org = ? AND kind IN (SELECT value FROM json_each(?))"
        ways.append((sql, [org, json.dumps(term.kinds)]))
    if term.ids:
        ways += _names(org, term.ids)
    if term.chainage is not None:
        ways += _lies(org, *term.chainage)
    if term.captured is not None:
        sql = "SELECT seq FROM record WHERE org = ? AND captured >= ? AND captured < ?"
        ways.append((sql, [org, *term.captured]))
    if not ways:
        return "0", []
    union = " UNION ALL ".join(sql for sql, _ in ways)
    return f"record.seq IN ({union})", [value for _, values in ways for value in values]


def _coded(org: str, codes: Iterable[tuple[str, str]]) -> list[Condition]:
    """One way for each kind: SQLite joins no more than 500."""
    sql = f"SELECT seq FROM record WHERE org = ? AND kind = ? AND seq IN ({IN_WORDS})"
    of_kind: dict[str, list[str]] = {}
    for kind, code in codes:
        of_kind.setdefault(kind, []).append(f"({words.match(code)})")
    return [(sql, [org, kind, " OR ".join(found)]) for kind, found in of_kind.items()]


def _names(org: str, ids: tuple[str, ...]) -> list[Condition]:
    listed = json.dumps(ids)
    zones = json.dumps([f"zone:{id}" for id in ids])
    given = "(SELECT value FROM json_each(?))"
    return [
        (f"SELECT seq FROM record WHERE org = ? AND id IN {given}", [org, listed]),
        (f"SELECT seq FROM record WHERE org = ? AND author IN {given}", [org, listed]),
        (IN_WORDS, [words.naming(ids)]),
        (
            "SELECT named.seq FROM spot JOIN record AS named ON named.id = spot.record"
            f" WHERE spot.scope IN {given} AND NOT spot.gone AND named.org = ?",
            [zones, org],
        ),
        (LEFT_BELOW, [words.naming(ids), zones, org]),
    ]


def _lies(org: str, low: float, high: float) -> list[Condition]:
    """A stretch may be written from its far end."""
    return [
        (f"SELECT seq FROM record WHERE org = ? AND {CHAINAGE} BETWEEN ? AND ?", [org, low, high]),
        (
            f"SELECT seq FROM record WHERE org = ? AND {CHAINAGE_TO} IS NOT NULL"
            f" AND min({CHAINAGE}, {CHAINAGE_TO}) <= ? AND max({CHAINAGE}, {CHAINAGE_TO}) >= ?",
            [org, high, low],
        ),
    ]


def _any(either: list[Condition]) -> Condition:
    sql = " OR ".join(sql for sql, _ in either)
    return f"({sql})", [value for _, values in either for value in values]


def _path(name: str) -> str:
    return f'$.fields."{name}"'
