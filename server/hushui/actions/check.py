"""Check: 256 buckets of one scope, to repair exactly the rows that differ (section 11)."""

from hushui.actions.grants import grants
from hushui.actions.parts import Caller, Parts
from hushui.errors import NotFound
from hushui_sync import digest
from hushui_sync.messages import Behind, CheckAnswer, CheckRequest, Differs, Same


def check(parts: Parts, caller: Caller, request: CheckRequest) -> CheckAnswer:
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
