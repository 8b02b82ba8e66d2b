"""Pull: what is new in every scope the device may read, as far as the bytes go (section 10)."""

from collections.abc import Mapping

from hushui.actions.grants import grants, revoked
from hushui.actions.parts import Caller, Parts
from hushui.storage.store import Store
from hushui_sync import digest
from hushui_sync.messages import Cursor, Page, PullAnswer, PullRequest, Row, Snapshot

ENVELOPE = 40
"""Bytes a row costs beside its record, rev and body."""


def pull(parts: Parts, caller: Caller, request: PullRequest) -> PullAnswer:
    caller.active()
    store = parts.store
    with store.reading():
        ledger = store.ledger()
        granted = grants(parts, caller)
        heads = store.heads(granted)
        cursors = {cursor.scope: cursor for cursor in request.cursors}
        pages = tuple(_pages(store, ledger.epoch, heads, cursors, request.bytes))
        return PullAnswer(
            epoch=ledger.epoch,
            now=parts.ports.now(),
            contact=f"{ledger.epoch}:{ledger.number}",
            grants=granted,
            revoked=revoked(parts, caller, granted),
            heads=heads,
            pages=pages,
            more=any(page.more for page in pages),
        )


def _pages(
    store: Store, epoch: str, heads: Mapping[str, int], cursors: Mapping[str, Cursor], budget: int
) -> list[Page]:
    """Scopes in the order granted. When the bytes are used up, a scope with news still says so by
    an empty page with ``more``: a round is over when no page has it (S04)."""
    pages: list[Page] = []
    for scope, head in heads.items():
        page = page_of(store, epoch, scope, head, cursors.get(scope), budget)
        if page is not None:
            budget -= sum(size(row) for row in page.rows)
            pages.append(page)
    return pages


def page_of(
    store: Store, epoch: str, scope: str, head: int, cursor: Cursor | None, budget: int
) -> Page | None:
    """None: the cursor stands at the head with the right digest."""
    if cursor is not None and _in_snapshot(cursor, epoch, head):
        return _snapshot(store, scope, head, cursor.position, cursor.after, budget)
    if _needs_snapshot(store, epoch, scope, head, cursor):
        return _snapshot(store, scope, head, head, None, budget)
    position = cursor.position if cursor is not None and cursor.epoch == epoch else 0
    if position < head:
        return _ordinary(store, scope, head, position, budget)
    here = digest_of(store, scope)
    if cursor is not None and cursor.epoch == epoch and cursor.digest == here:
        return None
    check = cursor is not None and cursor.epoch == epoch
    return Page(scope, position, position, digest=here, check=check)


def _in_snapshot(cursor: Cursor, epoch: str, head: int) -> bool:
    return cursor.epoch == epoch and cursor.after is not None and cursor.position <= head


def _needs_snapshot(store: Store, epoch: str, scope: str, head: int, cursor: Cursor | None) -> bool:
    """S06. A cursor beyond the head is of a ledger that was put back. Of an empty scope only who
    holds rows from another epoch needs one, to sweep them."""
    if cursor is not None and cursor.epoch != epoch:
        return True
    if cursor is None or cursor.position == 0:
        return head > 0
    return not store.floor(scope) <= cursor.position <= head


def _ordinary(store: Store, scope: str, head: int, position: int, budget: int) -> Page:
    if budget <= 0:
        return Page(scope, position, position, more=True)
    found, more = store.page(scope, position, budget)
    return Page(
        scope,
        position,
        found[-1][0] if more else head,
        tuple(row for _, row in found),
        more,
        digest=None if more else digest_of(store, scope),
    )


def _snapshot(
    store: Store, scope: str, head: int, position: int, after: str | None, budget: int
) -> Page:
    """Its last page has ``after`` null; what came meanwhile follows from ``position`` on."""
    if budget <= 0:
        if after is None:
            return Page(scope, 0, 0, more=True)
        return Page(scope, position, position, more=True, snapshot=Snapshot(position, after))
    rows, rest = store.snapshot(scope, after, position, budget)
    more = rest or position < head
    return Page(
        scope,
        position,
        position,
        tuple(rows),
        more,
        Snapshot(position, rows[-1].record if rest else None),
        digest=None if more else digest_of(store, scope),
    )


def digest_of(store: Store, scope: str) -> str:
    head = store.scope(scope)
    return digest.text(head.digest if head is not None else digest.EMPTY)


def size(row: Row) -> int:
    body = 0 if row.body is None else len(memoryview(row.body))
    return ENVELOPE + len(row.record) + len(row.rev) + body
