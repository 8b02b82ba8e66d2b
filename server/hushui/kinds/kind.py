"""What a kind is: its words, its family, its fields, what its list takes, its examples."""

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_type_hints

import msgspec
from msgspec import Struct

from hushui.kinds.fields import Field, When
from hushui.kinds.rule import Rule

Family = Literal["fact", "decision", "reference"]
Slot = Literal["before", "after", "scene", "detail"]


class Fields(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fields of a record as msgspec parses them; a field nobody wrote is None."""


class Wrong(Struct, frozen=True):
    """An example that must be refused, with the code and field of its receipt."""

    fields: dict[str, Any]
    code: str
    field: str


class PhotoNeed(Struct, frozen=True):
    """Without a photo in each slot a reason must be given. ``when`` in CEL; None = always."""

    slots: tuple[Slot, ...]
    when: str | None = None


class Kind(Struct, frozen=True, kw_only=True):
    """``subject`` names the field whose record this one belongs to and travels with.

    ``photos``: the first need that applies counts.
    """

    code: str
    zh: str
    en: str
    family: Family
    fields: dict[str, Field]
    adds: dict[str, dict[str, Field]]
    subject: str | None
    rules: tuple[Rule, ...]
    photos: tuple[PhotoNeed, ...]
    valid: dict[str, Any]
    wrong: tuple[Wrong, ...]


def kind(
    struct: type[Fields],
    code: str,
    zh: str,
    en: str,
    family: Family,
    *,
    valid: dict[str, Any],
    wrong: tuple[Wrong, ...],
    adds: dict[str, type[Fields]] | None = None,
    subject: str | None = None,
    rules: tuple[Rule, ...] = (),
    photos: tuple[PhotoNeed, ...] = (),
    shown: tuple[str, Mapping[str, str]] | None = None,
) -> Kind:
    """``shown``: a field of choices, and for each choice the names of the fields that go with it;
    whatever none of them names is shown always.
    """
    return Kind(
        code=code,
        zh=zh,
        en=en,
        family=family,
        fields=fields_of(struct) if shown is None else by_choice(fields_of(struct), *shown),
        adds={name: fields_of(item) for name, item in (adds or {}).items()},
        subject=subject,
        rules=rules,
        photos=photos,
        valid=valid,
        wrong=wrong,
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
