"""A forgotten PIN: a code given for its person lets the phone clear it. The server knows no PIN."""

from typing import Annotated, Final

from msgspec import Meta, Struct, structs

from hushui.actions import attempts
from hushui.actions.parts import Parts
from hushui.errors import (
    CodeExpired,
    CodeOfAnother,
    CodeUnknown,
    CodeUsed,
    HushuiError,
    UnknownDevice,
)
from hushui.ledger import Task
from hushui.storage.store import Code, Store
from hushui_sync.entry import Id
from hushui_sync.working import World
from hushui_sync.world import Device

USED_FOR_PIN: Final = "pin-reset"
"""In the place of a key, and never one: not base64. Such a code enrols nothing any more, and one
that enrolled this very phone clears no PIN."""


class PinReset(Struct, frozen=True):
    code: Annotated[str, Meta(min_length=1, max_length=64)]
    device: Id


async def reset_pin(parts: Parts, request: PinReset, address: str) -> None:
    """Returns when the code is used up by this device, now or before; else raises.

    A revoked device too: it still holds its person's records.
    """
    now, settings = parts.ports.now(), parts.settings

    def use(store: Store, world: World) -> HushuiError | None:
        device = world.device(request.device)
        if device is None:
            return UnknownDevice()
        # Only this organisation's and nobody's: guesses never stop another organisation's phones.
        for counted in (device.org, attempts.ANYONE):
            if refusal := attempts.too_many(store, settings, address, counted, now):
                return refusal
        code = store.code(request.code)
        wrong = _wrong(code, device, now)
        if code is None or wrong is not None:
            attempts.count(store, settings, address, device.org, now)
            return wrong
        store.put_code(structs.replace(code, device=device.id, key=USED_FOR_PIN))
        return None

    await parts.commit(Task(use))


def _wrong(code: Code | None, device: Device, now: int) -> HushuiError | None:
    if code is None:
        return CodeUnknown()
    if (code.org, code.person) != (device.org, device.person):
        return CodeOfAnother()
    if code.expires <= now:
        return CodeExpired()
    if code.device is not None and (code.device, code.key) != (device.id, USED_FOR_PIN):
        return CodeUsed()
    return None
