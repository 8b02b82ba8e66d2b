"""Hello: what a device announces, and what the server holds of it (section 12)."""

from typing import Any

from msgspec import structs, to_builtins

from hushui.actions import epoch
from hushui.actions.announced import stepped
from hushui.actions.grants import grants, revoked
from hushui.actions.parts import Caller, Parts
from hushui.errors import UnknownDevice
from hushui.ledger import Task
from hushui.storage.store import Contact, Store
from hushui_sync.messages import HelloAnswer, HelloRequest, Known
from hushui_sync.working import World


async def hello(parts: Parts, caller: Caller, request: HelloRequest) -> HelloAnswer:
    # Receipted are those before the pending ones.
    receipted = request.head.n - request.pending.lines
    epoch.renew(parts, request.device, request.contact, receipted)
    heard = heard_of(request, parts.ports.now())

    def note(store: Store, world: World) -> None:
        before, device = store.contact(heard.device), world.device(heard.device)
        steps = () if before is None else before.steps
        delivered = 0 if device is None else device.n
        steps = stepped(steps, delivered, heard.n, heard.at)
        store.put_contact(structs.replace(heard, steps=steps))

    await parts.commit(Task(note))
    with parts.store.reading():
        device = parts.store.device(request.device)
        if device is None:
            raise UnknownDevice
        ledger = parts.store.ledger()
        granted = grants(parts, caller)
        return HelloAnswer(
            epoch=ledger.epoch,
            now=parts.ports.now(),
            contact=f"{ledger.epoch}:{ledger.number}",
            known=Known(device.n, device.hash),
            grants=granted,
            revoked=revoked(parts, caller, granted),
        )


def heard_of(request: HelloRequest, now: int) -> Contact:
    purged: tuple[dict[str, Any], ...] = tuple(to_builtins(item) for item in request.purged)
    return Contact(
        device=request.device,
        at=now,
        n=request.head.n,
        hash=request.head.hash,
        pending_lines=request.pending.lines,
        pending_blobs=request.pending.blobs,
        app=request.app,
        offset=request.wall - now,
        purged=purged,
    )
