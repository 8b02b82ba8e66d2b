"""Asking the guards of a kind: what they look at, and whether they speak."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hushui.kinds import cel
from hushui.kinds.guard import ORG, SUBJECT, Guard, Look
from hushui.kinds.kind import Kind
from hushui_sync.policy import Around
from hushui_sync.world import Record, Span

Kinds = Mapping[str, Kind]


def speaks(kinds: Kinds, guard: Guard, this: Record, around: Around) -> bool:
    own = side(kinds[this.kind], this, guard.who)
    return any(
        cel.holds(look.when, {"this": own, "other": side(kinds[look.kind], other, look.who)})
        for look in guard.looks
        for other in looked_at(look, this, around)
    )


def looked_at(look: Look, this: Record, around: Around) -> Iterator[Record]:
    return (other for other in reached(look, this, around) if other.kind == look.kind)


def reached(look: Look, this: Record, around: Around) -> Sequence[Record]:
    match look.reach:
        case "org" if look.same is not None:
            value = this.fields.get(look.same)
            return around.alike(look.kind, look.same, value) if isinstance(value, str) else ()
        case "org":
            span = span_of(look, this)
            return around.during(look.kind, span) if span is not None else ()
        case "subject":
            return around.about(this.subject) if this.subject is not None else ()
        case field:
            return around.named(ids_in(this, (field,)))


def span_of(look: Look, this: Record) -> Span | None:
    if look.during is None:
        return None
    start, end = look.during
    since, until = this.fields.get(start), this.fields.get(end)
    if since is None or not cel.is_number(since):
        return None
    return Span(start, end, since, until)


def side(kind: Kind, record: Record, who: Sequence[str]) -> dict[str, Any]:
    """One of the two as a condition sees it."""
    plain = {
        name: as_read(value) if kind.fields[name].type == "text" else value
        for name, value in record.fields.items()
        if name in kind.fields
    }
    beside = {
        "author": record.author,
        "who": ids_in(record, who),
        "added": sorted({str(line["author"]) for line in record.adds}),
    }
    return {**cel.inputs(kind.fields, plain), **beside}


def as_read(value: Any) -> Any:
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def ids_in(record: Record, names: Sequence[str]) -> list[str]:
    """The ids that stand in these fields."""
    values = (record.fields.get(name) for name in names)
    lists = (value if isinstance(value, list | tuple) else [value] for value in values)
    return [id for ids in lists for id in ids if isinstance(id, str)]


def touched(guard: Guard, before: Record | None, after: Record) -> bool:
    """An edit of what stands is held to a guard only when it changes something the guard asks for.
    What comes back is as new."""
    if before is None or before.deleted:
        return True
    return any(before.fields.get(name) != after.fields.get(name) for name in asked(guard))


def asked(guard: Guard) -> set[str]:
    names = {*guard.who}
    for look in guard.looks:
        names |= {*(look.during or ()), *filter(None, (look.same,)), *cel.asks(look.when)}
        names |= {look.reach} - {ORG, SUBJECT}
    return names


def onlookers(kinds: Kinds) -> dict[str, frozenset[str]]:
    """Kind → the kinds with flags that come and go with it: those about the same record, and those
    about it. A field that names it in another way is asked when its record is written."""
    found: dict[str, set[str]] = {}
    for kind in kinds.values():
        for guard in kind.guards:
            for look in guard.looks:
                if guard.effect == "ask" and look.reach in (SUBJECT, kind.subject):
                    found.setdefault(look.kind, set()).add(kind.code)
    return {code: frozenset(kinds) for code, kinds in found.items()}
