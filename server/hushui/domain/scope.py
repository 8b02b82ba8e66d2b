"""In which scopes a record travels."""

from collections.abc import Mapping, Sequence
from typing import Any

from hushui.domain.access import DEVICES, PEOPLE, PLACES

OF_ORGANISATION = frozenset({*PEOPLE, *PLACES, *DEVICES, "grant"})
FOLLOWING = frozenset({"photo", "review"})


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
    if kind in OF_ORGANISATION:
        return [f"org:{org}"]
    own = {f"person:{author}"}
    if kind in FOLLOWING:
        return sorted(own | set(subject or ()))
    zone = fields.get("zone")
    return sorted(own | ({f"zone:{zone}"} if isinstance(zone, str) else set()))
