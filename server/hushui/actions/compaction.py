"""What left a scope long ago need not be told any more: who was away that long takes a snapshot."""

from typing import Final

from hushui.actions.parts import Parts
from hushui.ledger import Task
from hushui.storage.store import Store
from hushui_sync.working import World

CODES_KEPT_MS: Final = 7 * 86_400_000
"""After their end: so long somebody hears that the code has expired, and not that there is none."""
AWAY_MS: Final = 90 * 86_400_000
"""A phone that was away no longer than this goes on from its cursors."""


CONTACTS_KEPT_MS: Final = 90 * 86_400_000
"""When somebody's phone was last there is nobody's business for longer, unless it owes lines."""


async def compact(parts: Parts, away_ms: int = AWAY_MS) -> None:
    now = parts.ports.now()
    upto = await parts.aside(parts.store.number_at, now - away_ms)

    def forget(store: Store, world: World) -> None:
        store.compact(upto)
        store.forget_contacts(now - CONTACTS_KEPT_MS)
        store.forget_codes(now - CODES_KEPT_MS)

    await parts.commit(Task(forget))
