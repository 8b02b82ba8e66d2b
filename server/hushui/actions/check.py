"""Check: 256 buckets of one scope, to repair exactly the rows that differ (section 11)."""

from hushui.actions.grants import grants
from hushui.actions.parts import Caller, Parts
from hushui.errors import NotFound
from hushui.ledger import Task
from hushui.storage.store import Store
from hushui_sync import digest
from hushui_sync.messages import Behind, CheckAnswer, CheckRequest, Differs, Same
from hushui_sync.working import World


async def check(parts: Parts, caller: Caller, request: CheckRequest) -> CheckAnswer:
    """A mismatch is counted, so that the office hears of it."""
    answer = compared(parts, caller, request)
    if isinstance(answer, Differs):
        at = parts.ports.now()

        def count(store: Store, world: World) -> None:
            store.put_mismatch(request.device, request.scope, at)

        await parts.commit(Task(count))
    return answer


def compared(parts: Parts, caller: Caller, request: CheckRequest) -> CheckAnswer:
    caller.active()
    store = parts.store
    with store.reading():
        if request.scope not in grants(parts, caller):
            raise NotFound
        head = store.heads([request.scope])[request.scope]
        if request.epoch != store.ledger().epoch or request.position != head:
            return Behind(head)
        members = store.members(request.scope)
        here = digest.buckets(members)
        differing = tuple(i for i in range(digest.BUCKETS) if here[i] != request.buckets[i])
        if not differing:
            return Same()
        wanted = [record for record, _ in members if digest.bucket(record) in differing]
        return Differs(differing, tuple(store.live_rows(request.scope, wanted)))
