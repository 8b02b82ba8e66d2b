"""In which scopes a record travels: its kind says it (`travels`)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hushui.kinds import KINDS
from hushui.kinds.fields import Field

OF_ORGANISATION = frozenset(kind.code for kind in KINDS.values() if "org" in kind.travels)
SORTS = {"zone": "zone", "team": "team", "member": "person"}
"""The kind a field names → the sort of scope."""


def scopes(
    kind: str,
    fields: Mapping[str, Any],
    org: str,
    author: str,
    subject: Sequence[str] | None,
) -> list[str]:
    """Sorted. ``subject``: the scopes of the record this one follows, if that is known.

    What a person wrote always stays in his own scope too (S09).
    """
    found: set[str] = set()
    for name in KINDS[kind].travels:
        match name:
            case "org":
                found.add(f"org:{org}")
            case "author":
                found.add(f"person:{author}")
            case "subject":
                found |= set(subject or ())
            case _:
                found |= set(named(KINDS[kind].fields[name], fields.get(name)))
    return sorted(found)


def named(field: Field, value: Any) -> Iterator[str]:
    sort = SORTS[field.kind or ""]
    ids = value if isinstance(value, list | tuple) else [value]
    return (f"{sort}:{id}" for id in ids if isinstance(id, str))
