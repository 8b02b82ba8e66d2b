"""Wrong codes and passwords, counted per address and per organisation (N03)."""

from hushui.errors import TooManyAttempts
from hushui.settings import Settings
from hushui.storage.store import Store

ANYONE = "*"
"""The organisation of a code that nobody made: counted for the whole server."""


def too_many(
    store: Store, settings: Settings, address: str, org: str, now: int
) -> TooManyAttempts | None:
    window = settings.attempts_window_s * 1000
    limits = (
        (f"address:{address}", settings.attempts_address),
        (f"org:{org}", settings.attempts_org),
    )
    if any(store.attempts(key, now, window) >= limit for key, limit in limits):
        return TooManyAttempts(settings.attempts_window_s)
    return None


def count(store: Store, settings: Settings, address: str, org: str, now: int) -> None:
    """Inside a transaction."""
    window = settings.attempts_window_s * 1000
    store.count_attempt(f"address:{address}", now, window)
    store.count_attempt(f"org:{org}", now, window)
