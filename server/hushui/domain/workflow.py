"""The review of a record: what was decided about the version that stands now."""

from hushui_sync.errors import Verdict
from hushui_sync.world import Review

PENDING = "pending"
STEPS: frozenset[tuple[str, str]] = frozenset(
    {
        ("pending", "approved"),
        ("pending", "returned"),
        ("pending", "rejected"),
        ("approved", "returned"),
        ("approved", "rejected"),
        ("returned", "approved"),
        ("returned", "rejected"),
        ("rejected", "returned"),
    }
)


def state(current: Review | None, version: int) -> str:
    """A new version waits again, whatever was decided about the one before."""
    if current is None or current.version != version:
        return PENDING
    return current.decision


def decide(
    current: Review | None, version: int, asked: str, judged: int, seen: str | None
) -> tuple[Verdict, str | None]:
    """The verdict on a review of version ``judged`` (A05, A06).

    ``current`` is the newest review, ``version`` the record's; ``seen`` is the entry of the review
    that the reviewer saw (None: saw none).
    """
    if judged != version:
        known = current is not None and current.version == judged
        if known and state(current, judged) == asked:
            return ("noop", "already")
        return ("held", "older_version")
    now = state(current, version)
    if now == asked:
        return ("noop", "already")
    if saw_present(current, now, seen) and (now, asked) in STEPS:
        return ("applied", None)
    return ("refused", "decided")


def saw_present(current: Review | None, now: str, seen: str | None) -> bool:
    stamp = None if current is None else current.entry
    return seen == stamp or (now == PENDING and seen is None)
