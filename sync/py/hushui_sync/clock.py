"""Effective time (T03) and what the reviewer is told about a clock (T05)."""

from hushui_sync.limits import AHEAD_MS, CLOCK_OFF_MS, LATE_MS


def effective(
    *, wall: int, offset: int, previous: int | None, contact: int | None, received: int
) -> int:
    """Milliseconds. ``contact`` is None when the ledger does not know it: no lower bound (T04)."""
    eff = min(wall - offset, received)
    if contact is not None:
        eff = max(eff, contact)
    if previous is not None:
        eff = max(eff, previous)
    return eff


def clock_flags(*, wall: int, offset: int, received: int) -> list[str]:
    flags = []
    if abs(offset) > CLOCK_OFF_MS:
        flags.append("clock_off")
    if received - (wall - offset) > LATE_MS:
        flags.append("late")
    if (wall - offset) - received > AHEAD_MS:
        flags.append("ahead")
    return flags
