"""What a kind is: its words, its family, its fields, what its list takes, its examples."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any, Literal, get_args, get_type_hints

import msgspec
from msgspec import Struct

from hushui.kinds.fields import Field, When
from hushui.kinds.guard import Guard
from hushui.kinds.rule import Rule

Family = Literal["fact", "decision", "reference"]
Held = Literal["author", "command", "office", "people", "devices", "places", "zones", "reviewers"]
Numbered = Literal["year", "subject"]
Closes = Literal["reviewed", "verified", "subject", "never"]
Slot = Literal["before", "after", "scene", "detail"]


class Fields(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fields of a record as msgspec parses them; a field nobody wrote is None."""


class Wrong(Struct, frozen=True):
    """An example that must be refused, with the code and field of its receipt (a blocking rule:
    `blocked`); or one that is only asked about, with the code and field of the rule."""

    fields: dict[str, Any]
    code: str
    field: str


class PhotoNeed(Struct, frozen=True):
    """Without a photo in each slot a reason must be given; a line without either is refused, unless
    it is the `scene` that is missing. ``when`` in CEL; None = always."""

    slots: tuple[Slot, ...]
    when: str | None = None


class Awaits(Struct, frozen=True):
    """It is open until the newest `add` of this type says so: its ``field`` is ``value``. ``when``
    in CEL, of the record; None = always."""

    type: str
    field: str
    value: Any
    when: str | None = None


class Kind(Struct, frozen=True, kw_only=True):
    """``subject`` names the field whose record this one belongs to.

    ``held_by``: who makes and mends it; the rows are in domain/access.py. ``travels``: the scopes
    it is in: `org`, `author`, `subject` (where its subject is), or the name of a field that names
    a zone, a team or people. ``named``: fields whose people may add to it, though not theirs.
    ``title``: the fields whose values name the record in a list.
    ``happened``: the field that says when it happened: it is counted on that day, or if nobody
    filled it on that of its effective time; far from the receipt it is a doubt (domain/facts.py).
    ``numbered``: its records get a number with their receipt, counted by the year of the receipt,
    or among those about the same record.
    ``closes``: what makes it closed, so that it may leave the phones (S11): that it was `reviewed`
    and not sent back; that it was also `verified`, as figures.ENDINGS say; nothing of its own, only
    what its `subject` needs; nothing at all. ``awaits``: and this. ``followed_by``: (kind, field)
    of the records that name it and have to be closed before it.
    ``photos``: the first need that applies counts. ``also``: more valid examples, one for each
    choice that shows fields. ``doubtful``: valid ones that make a rule ask.
    """

    code: str
    zh: str
    en: str
    family: Family
    held_by: Held
    travels: tuple[str, ...]
    named: tuple[str, ...]
    title: tuple[str, ...]
    fields: dict[str, Field]
    adds: dict[str, dict[str, Field]]
    subject: str | None
    happened: str | None
    numbered: Numbered | None
    closes: Closes
    awaits: Awaits | None
    followed_by: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]
    guards: tuple[Guard, ...]
    photos: tuple[PhotoNeed, ...]
    valid: dict[str, Any]
    also: tuple[dict[str, Any], ...]
    wrong: tuple[Wrong, ...]
    doubtful: tuple[Wrong, ...]


def kind(
    struct: type[Fields],
    code: str,
    zh: str,
    en: str,
    family: Family,
    *,
    valid: dict[str, Any],
    wrong: tuple[Wrong, ...],
    also: tuple[dict[str, Any], ...] = (),
    doubtful: tuple[Wrong, ...] = (),
    adds: dict[str, type[Fields]] | None = None,
    subject: str | None = None,
    happened: str | None = None,
    numbered: Numbered | None = None,
    closes: Closes | None = None,
    awaits: Awaits | None = None,
    followed_by: tuple[tuple[str, str], ...] = (),
    held_by: Held | None = None,
    travels: str | None = None,
    named: str = "",
    title: str = "",
    rules: tuple[Rule, ...] = (),
    guards: tuple[Guard, ...] = (),
    photos: tuple[PhotoNeed, ...] = (),
    groups: Mapping[str, str] | None = None,
    shown: tuple[str, Mapping[str, str]] | None = None,
) -> Kind:
    """``groups``: the sections of the form in its order (groups.py), and the fields of each;
    without, all stand in one. ``shown``: a field of choices, and for each choice the fields that
    go with it; whatever none of them names is shown always. Names are parted by blanks.
    """
    fields = by_group(fields_of(struct), groups)
    if shown is not None:
        fields = by_choice(fields, *shown)
    sent = tuple((travels or usual_travels(family, fields, subject)).split())
    return Kind(
        code=code,
        zh=zh,
        en=en,
        family=family,
        held_by=held_by or ("author" if family == "fact" else "office"),
        travels=sent,
        named=tuple(named.split()),
        title=tuple(title.split()),
        fields=fields,
        adds={name: fields_of(item) for name, item in (adds or {}).items()},
        subject=subject,
        happened=happened,
        numbered=numbered,
        closes=closes or usual_closes(family, sent, subject),
        awaits=awaits,
        followed_by=followed_by,
        rules=rules,
        guards=guards,
        photos=photos,
        valid=valid,
        also=also,
        wrong=wrong,
        doubtful=doubtful,
    )


def fields_of(struct: type[Fields]) -> dict[str, Field]:
    """The descriptions beside the annotations, in the order they are written."""
    hints = get_type_hints(struct, include_extras=True)
    return {
        info.encode_name: msgspec.structs.replace(
            description(struct, info.name, hints[info.name]), required=info.required
        )
        for info in msgspec.structs.fields(struct)
    }


def usual_travels(family: Family, fields: Mapping[str, Field], subject: str | None) -> str:
    if subject is not None:
        return "author subject"
    if family != "fact":
        return "org"
    return "author zone" if "zone" in fields else "author"


def usual_closes(family: Family, travels: tuple[str, ...], subject: str | None) -> Closes:
    """What travels to everybody is there to be looked up; a decision is no more than what it is
    about."""
    if "org" in travels or family == "reference":
        return "never"
    return "reviewed" if family == "fact" else "subject" if subject else "never"


def by_group(fields: dict[str, Field], groups: Mapping[str, str] | None) -> dict[str, Field]:
    """The fields, each with its section. The order of the struct is the order of the form."""
    if groups is None:
        groups = {"main": " ".join(fields)}
    named = [(name, group) for group, names in groups.items() for name in names.split()]
    order = [name for name, _ in named]
    assert order == list(fields), f"not in the order of the form: {first_apart(order, fields)}"
    return {name: msgspec.structs.replace(fields[name], group=group) for name, group in named}


def first_apart(order: list[str], fields: Mapping[str, Field]) -> tuple[str | None, str | None]:
    return next((pair for pair in zip_longest(order, fields) if pair[0] != pair[1]), (None, None))


def by_choice(fields: dict[str, Field], chooser: str, shown: Mapping[str, str]) -> dict[str, Field]:
    """The fields, each with the choices that show it."""
    known = {choice.code for choice in fields[chooser].choices}
    assert set(shown) == known, f"{chooser}: {sorted(set(shown) ^ known)}"
    names = {code: text.split() for code, text in shown.items()}
    unknown = {name for group in names.values() for name in group} - set(fields)
    assert not unknown, f"{chooser}: no fields {sorted(unknown)}"
    described = {}
    for name, field in fields.items():
        codes = tuple(code for code, group in names.items() if name in group)
        described[name] = (
            msgspec.structs.replace(field, shown=When(chooser, codes)) if codes else field
        )
    return described


def description(struct: type, name: str, hint: Any) -> Field:
    found = [item for item in get_args(hint)[1:] if isinstance(item, Field)]
    assert len(found) == 1, f"{struct.__name__}.{name} needs one description"
    return found[0]
