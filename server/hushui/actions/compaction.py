"""What left a scope long ago need not be told any more: who was away that long takes a snapshot."""

from typing import Final

from hushui.actions.parts import Parts
from hushui.ledger import Task
from hushui.storage.store import Store
from hushui_sync.working import World

AWAY_MS: Final = 90 * 86_400_000
"""A phone that was away no longer than this goes on from its cursors."""


async def compact(parts: Parts, away_ms: int = AWAY_MS) -> None:
    before = parts.ports.now() - away_ms

    def forget(store: Store, world: World) -> None:
        store.compact(before)

    await parts.commit(Task(forget))
