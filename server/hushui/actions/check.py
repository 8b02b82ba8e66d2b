"""Check: 256 buckets of one scope, then the rows of exactly the members that differ (section
11)."""

from hushui.actions.grants import grants
from hushui.actions.parts import Caller, Parts
from hushui.actions.pull import digest_of
from hushui.errors import BadRequest, NotFound
from hushui.ledger import Task
from hushui.storage.store import Store
from hushui_sync import digest
from hushui_sync.messages import Behind, CheckAnswer, CheckRequest, Differs, Rows, Same
from hushui_sync.working import World


async def check(parts: Parts, caller: Caller, request: CheckRequest) -> CheckAnswer:
    """A mismatch is counted, so that the office hears of it."""
    answer = await parts.aside(compared, parts, caller, request)
    if isinstance(answer, Differs):
        at = parts.ports.now()

        def count(store: Store, world: World) -> None:
            store.put_mismatch(request.device, request.scope, at)

        await parts.commit(Task(count))
    return answer


def compared(parts: Parts, caller: Caller, request: CheckRequest) -> CheckAnswer:
    caller.active()
    store, scope = parts.store, request.scope
    with store.reading():
        if scope not in grants(parts, caller):
            raise NotFound
        head = store.heads([scope])[scope]
        if request.epoch != store.ledger().epoch:
            return Behind(head)
        if request.records is not None:
            # At whatever position: what is newer than the client's comes again with its next page.
            rows = store.live_rows(scope, request.records)
            return Rows(tuple(rows), digest_of(store, scope))
        if request.buckets is None:
            raise BadRequest("buckets")
        if request.position != head:
            return Behind(head)
        members = store.members(scope)
        numbers = digest.differing(digest.buckets(members), request.buckets)
        if not numbers:
            return Same()
        those = tuple(member for member in members if digest.bucket(member[0]) in numbers)
        return Differs(tuple(numbers), those, digest_of(store, scope))
