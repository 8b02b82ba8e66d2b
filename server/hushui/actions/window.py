"""Closed records leave the phones 90 days after their last change (S11), by lines of the
organisation's own device."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from hushui.actions.parts import Parts
from hushui.domain.access import LEAVING
from hushui.domain.window import closed_whole
from hushui.ledger import Task
from hushui.storage.store import Store
from hushui_sync import limits
from hushui_sync.entry import Op
from hushui_sync.working import World
from hushui_sync.world import Reader

AGE_MS: Final = 90 * 86_400_000
PAGE: Final = 256
"""Records looked at in one reading: a long one keeps the log of the store from being moved."""


async def close(parts: Parts, age_ms: int = AGE_MS) -> int:
    """How many left, those that follow others not counted. Each commit is a short one: lines that
    come in meanwhile go between."""
    upto = await parts.aside(parts.store.number_at, parts.ports.now() - age_ms)
    left = 0
    for org in await parts.aside(parts.store.orgs):
        for kind in LEAVING:
            after: str | None = ""
            while after is not None:
                found, after = await parts.aside(_page, parts.store, org.id, kind, upto, after)
                for ids in _bundles(found):
                    left += await parts.commit(Task(partial(_leave, parts, org.id, ids, upto)))
    return left


def _bundles(ids: Sequence[str]) -> list[Sequence[str]]:
    """E04: so many fit into one line."""
    return [ids[at : at + limits.OPS] for at in range(0, len(ids), limits.OPS)]


def _page(
    store: Store, org: str, kind: str, upto: int, after: str
) -> tuple[Sequence[str], str | None]:
    with store.reading():
        aged = store.aged(org, kind, upto, after, PAGE)
        found = [id for id in aged if _is_ripe(store, store, org, id, upto)]
    return found, aged[-1] if len(aged) == PAGE else None


def _is_ripe(store: Store, reader: Reader, org: str, id: str, upto: int) -> Sequence[str]:
    """The ids of the whole; empty: it stays."""
    whole = [record.id for record in closed_whole(reader, id, upto)]
    return () if not whole or store.unsettled(org, whole) else whole


def _leave(
    parts: Parts, org: str, ids: Sequence[str], upto: int, store: Store, world: World
) -> int:
    """Asked once more: lines came in since. What those of this very commit speak of stays."""
    spoken = _spoken_of(world)
    ops = []
    for id in ids:
        whole, record = _is_ripe(store, world, org, id, upto), store.record(id)
        if whole and record is not None and spoken.isdisjoint(whole):
            ops.append(Op(record.kind, id, "leave"))
    if not ops:
        return 0
    receipt = parts.ledger.tell(world, org, tuple(ops))
    return len(ops) if receipt.verdict == "applied" else 0


def _spoken_of(world: World) -> set[str]:
    found: set[str] = set()
    layer: Reader = world
    while isinstance(layer, World):
        found.update(record for _, record, _, _ in layer.changes.touched)
        layer = layer.reader
    return found
