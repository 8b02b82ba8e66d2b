"""Verdicts and receipt codes (PROTOCOL section 14). Expected outcomes are values."""

from typing import Final, Literal


class StoreFailure(Exception):
    """The store or the machine failed: never a verdict (P07). Backends raise subclasses."""


Verdict = Literal["applied", "merged", "noop", "held", "refused", "quarantined"]
UNACCEPTED: Final[frozenset[str]] = frozenset({"held", "refused", "quarantined"})

CODES: Final[dict[str, tuple[str, ...]]] = {
    "applied": (),
    "merged": ("conflict", "deleted_meanwhile"),
    "noop": ("reissued", "already"),
    "held": (
        "unknown_kind",
        "waits_for",
        "right_lost",
        "contact_unknown",
        "older_version",
        "referred",
    ),
    "refused": (
        "malformed",
        "wrong_type",
        "out_of_range",
        "too_long",
        "unknown_choice",
        "required",
        "blocked",
        "no_right",
        "decided",
        "id_reused",
        "declined",
    ),
    "quarantined": ("unreadable", "line_too_long", "device_revoked", "internal"),
}
