"""Guards: what a rule cannot know, because it is about a record and others. Conditions as data, in
CEL; only the server asks them, for only the server has all the others.

A condition speaks of `this` and `other`. Each has the fields of its record by their names and
`absent`, as in a rule; beside them `author`, `who` (the people in the fields listed as such) and
`added` (the authors of what was added to it). Texts are compared without blanks around them.
"""

from msgspec import Struct

from hushui.kinds.rule import Effect

ORG, SUBJECT = "org", "subject"
BESIDE = ("author", "who", "added", "absent")
"""No field is called so."""


class Look(Struct, frozen=True, kw_only=True):
    """Other records of the organisation, and when one of them makes the guard speak. Deleted ones
    are not looked at, nor is the record itself.

    ``reach``: `org`, those of the kind that share a moment with it, from and until the times in the
    two fields ``during`` of both, and what has no end goes on, or those with the text of its field
    ``same`` in their own; `subject`, those about the same
    record; else the field of this record that names them. ``who``: of the other.
    """

    kind: str
    reach: str
    when: str
    who: tuple[str, ...] = ()
    during: tuple[str, str] | None = None
    same: str | None = None


class Guard(Struct, frozen=True, kw_only=True):
    """It speaks when any of ``looks`` does. ``block``: the entry is refused (`blocked`). ``ask``:
    the record carries the flag ``code`` as long as it is so, whichever of them came first.
    """

    code: str
    effect: Effect
    field: str
    """Where it is said."""
    who: tuple[str, ...] = ()
    """Of this record."""
    looks: tuple[Look, ...]
    zh: str
    en: str
