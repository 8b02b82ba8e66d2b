"""Enrolment: a code, or a fork's ticket, makes a device (N01, P05)."""

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Annotated, Any

from msgspec import Meta, Struct, structs

from hushui.actions import attempts
from hushui.actions.parts import Parts
from hushui.actions.secrets import device_token, token_hash
from hushui.errors import (
    BadRequest,
    CodeExpired,
    CodeUnknown,
    CodeUsed,
    DeviceRevoked,
    DeviceTaken,
    HushuiError,
)
from hushui.ledger import SystemLine, Task
from hushui.storage.store import Code, Store
from hushui_sync.entry import Id, Op
from hushui_sync.working import World
from hushui_sync.world import Device

Key = Annotated[str, Meta(min_length=1, max_length=512)]
Label = Annotated[str, Meta(max_length=60)]


class EnrolRequest(Struct, frozen=True):
    """``code`` or ``ticket``; ``key`` is the public key, SPKI in base64."""

    device: Id
    key: Key
    code: Annotated[str, Meta(max_length=64)] | None = None
    ticket: Annotated[str, Meta(max_length=64)] | None = None
    label: Label = ""


class Enrolled(Struct, frozen=True):
    """``token`` is null for a session: there the cookie takes its place."""

    device: str
    token: str | None
    person: str
    org: str
    epoch: str
    contact: str
    now: int


async def enrol(parts: Parts, request: EnrolRequest, address: str) -> Enrolled:
    presented = request.code or request.ticket
    if not presented:
        raise BadRequest("code")
    check_key(request.key)
    now = parts.ports.now()

    def bind(store: Store, world: World) -> Code | HushuiError:
        code = _code(parts, store, request, presented, address, now)
        if isinstance(code, HushuiError):
            return code
        token = device_token(parts.secret, request.device, presented)
        refusal = register(world, code.org, code.person, request, now)
        revoked = _goes_on_revoked(world, code)
        if refusal is not None and not (revoked and isinstance(refusal, DeviceRevoked)):
            return refusal
        if revoked and world.record(request.device) is None:
            op = announcement(request.device, code.person, request.label, revoked=True)
            parts.ledger.tell(world, code.org, (op,))
        if code.feed is not None:
            _end_feed(store, world, code.feed)
        store.put_code(structs.replace(code, device=request.device, key=request.key))
        store.put_token(token_hash(token), request.device)
        return code

    code: Code = await parts.commit(Task(bind))
    await announce(parts, code.org, request.device, code.person, request.label)
    token = device_token(parts.secret, request.device, presented)
    return answer(parts, request.device, code.person, code.org, token)


def check_key(key: str) -> None:
    try:
        b64decode(key, validate=True)
    except NotBase64:
        raise BadRequest("key") from None


def _code(
    parts: Parts, store: Store, request: EnrolRequest, presented: str, address: str, now: int
) -> Code | HushuiError:
    """The code, if this device may use it. What is wrong counts as an attempt."""
    code, settings = store.code(presented), parts.settings
    org = code.org if code is not None else attempts.ANYONE
    # Guesses from many addresses stop the one that hits as well; who has his code goes on.
    guessable = code is None or (code.device is None and presented.isdigit())
    for counted in (org, attempts.ANYONE) if guessable else (org,):
        if refusal := attempts.too_many(store, settings, address, counted, now):
            return refusal
    wrong: HushuiError | None = None
    if code is None:
        wrong = CodeUnknown()
    elif code.expires <= now or (guessable and _has_left(store, code)):
        wrong = CodeExpired()
    elif code.device is not None and (code.device, code.key) != (request.device, request.key):
        wrong = CodeUsed()
    if wrong is not None or code is None:
        attempts.count(store, settings, address, org, now)
        return wrong or CodeUnknown()
    return code


def _has_left(store: Store, code: Code) -> bool:
    """Who left gives his codes back; the ticket of a fork still brings in what was not sent."""
    member = store.record(code.person)
    return member is not None and member.deleted


def _end_feed(store: Store, world: World, feed: str) -> None:
    """P05, P11: its lines go on elsewhere, and this device owes them no more. What is nowhere any
    more is noted as lost."""
    contact, device = store.contact(feed), world.device(feed)
    if contact is not None and device is not None:
        store.put_contact(structs.replace(contact, n=device.n, hash=device.hash, steps=()))


def _goes_on_revoked(world: World, code: Code) -> bool:
    """A ticket whose device was revoked, perhaps since it was given: what was not sent still comes
    in and waits for the office, and nothing is read."""
    feed = world.device(code.feed) if code.feed is not None else None
    return feed is not None and feed.revoked is not None


def register(
    world: World, org: str, person: str, request: Any, now: int
) -> DeviceTaken | DeviceRevoked | None:
    """Makes the device's row, unless the same person and key have it already."""
    known = world.device(request.device)
    if known is None:
        world.changes.devices[request.device] = Device(
            id=request.device,
            org=org,
            person=person,
            key=request.key,
            label=request.label,
            enrolled=now,
            enrolled_number=world.ledger().number,
        )
        return None
    if (known.org, known.person, known.key) != (org, person, request.key):
        return DeviceTaken()
    return DeviceRevoked() if known.revoked is not None else None


async def announce(parts: Parts, org: str, device: str, person: str, label: str) -> None:
    """The device as a record that everybody sees. Repeating an enrolment mends one that was cut."""
    if parts.store.record(device) is None:
        await parts.commit(SystemLine(org, (announcement(device, person, label),)))


def announcement(device: str, person: str, label: str, *, revoked: bool = False) -> Op:
    fields = {"person": person, "label": label} | ({"revoked": True} if revoked else {})
    return Op(kind="device", record=device, act="put", set=fields)


def answer(parts: Parts, device: str, person: str, org: str, token: str | None) -> Enrolled:
    epoch = parts.store.ledger().epoch
    return Enrolled(device, token, person, org, epoch, f"{epoch}:0", parts.ports.now())
