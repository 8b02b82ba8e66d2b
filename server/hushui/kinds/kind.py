"""What a kind is: its words, its family, its fields, what its list takes, its examples."""

from typing import Any, Literal, get_args, get_type_hints

import msgspec
from msgspec import Struct

from hushui.kinds.fields import Field

Family = Literal["fact", "decision", "reference"]


class Fields(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fields of a record as msgspec parses them; a field nobody wrote is None."""


class Wrong(Struct, frozen=True):
    """An example that must be refused, with the code and field of its receipt."""

    fields: dict[str, Any]
    code: str
    field: str


class Kind(Struct, frozen=True):
    """``subject`` names the field whose record this one belongs to and travels with."""

    code: str
    zh: str
    en: str
    family: Family
    fields: dict[str, Field]
    adds: dict[str, dict[str, Field]]
    subject: str | None
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
) -> Kind:
    return Kind(
        code=code,
        zh=zh,
        en=en,
        family=family,
        fields=fields_of(struct),
        adds={name: fields_of(item) for name, item in (adds or {}).items()},
        subject=subject,
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


def description(struct: type, name: str, hint: Any) -> Field:
    found = [item for item in get_args(hint)[1:] if isinstance(item, Field)]
    assert len(found) == 1, f"{struct.__name__}.{name} needs one description"
    return found[0]
