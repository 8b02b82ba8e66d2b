"""What the duty room watches: lines not accepted, and the organisation's devices."""

from base64 import b64encode
from typing import Any

import msgspec
from msgspec import Struct

from hushui.actions.announced import Owed, owed
from hushui.actions.parts import Caller, Parts, demand, is_office, manages_devices
from hushui.domain import access
from hushui.storage.store import Lost
from hushui_sync.entry import Unread, read
from hushui_sync.messages import Receipt
from hushui_sync.world import Device


class UnacceptedLine(Struct, frozen=True):
    """``line`` is its bytes in base64, ``entry`` the same parsed; null when it cannot be read."""

    device: str
    n: int
    author: str
    received: int
    receipt: Receipt
    entry: dict[str, Any] | None
    line: str


class UnacceptedList(Struct, frozen=True):
    lines: tuple[UnacceptedLine, ...]


class DeviceView(Struct, frozen=True):
    """``last_contact`` and ``announced`` come from the last hello: how far the device's own feed
    goes. ``delivered`` is how far the server holds it, ``missing`` the difference, and ``owed``
    says which lines these are and since when they are known of. ``lost`` are lines that the device
    itself no longer has; the feed ends before them (P11). ``mismatches``: how often it held
    other members of a scope than the server, which was mended each time (G04)."""

    device: str
    person: str
    label: str
    enrolled: int
    revoked: bool
    last_contact: int | None
    app: str | None
    announced: int
    delivered: int
    missing: int
    owed: tuple[Owed, ...]
    lost: tuple[Lost, ...]
    pending_blobs: int
    clock_offset: int | None
    mismatches: int
    mismatch_at: int | None


class DeviceList(Struct, frozen=True):
    devices: tuple[DeviceView, ...]


class OrgView(Struct, frozen=True):
    """The organisation, and what the caller may do in it."""

    org: str
    name: str
    code: str
    demo: bool
    person: str
    device: str
    posts: tuple[str, ...]
    roles: tuple[str, ...]
    zones: tuple[str, ...]
    lead_zones: tuple[str, ...]
    team: str | None
    team_zones: tuple[str, ...]


def unaccepted(parts: Parts, caller: Caller) -> UnacceptedList:
    demand(is_office(parts.rights(caller.active())))
    found = parts.store.unaccepted(caller.org)
    return UnacceptedList(
        tuple(
            UnacceptedLine(
                device=line.device,
                n=line.n,
                author=line.author,
                received=line.received,
                receipt=receipt,
                entry=_parsed(line.bytes),
                line=b64encode(line.bytes).decode(),
            )
            for _, line, receipt in found
            if receipt.code != "declined"  # the office has answered; the rest is its author's
        )
    )


def _parsed(line: bytes) -> dict[str, Any] | None:
    if isinstance(read(line), Unread):
        return None
    value = msgspec.json.decode(line)
    return value if isinstance(value, dict) else None


def devices(parts: Parts, caller: Caller) -> DeviceList:
    rights = parts.rights(caller.active())
    demand(is_office(rights) or manages_devices(rights))
    with parts.store.reading():
        org = parts.store.org(caller.org)
        system = org.system_device if org is not None else ""
        known = (device for device in parts.store.devices(caller.org) if device.id != system)
        return DeviceList(tuple(_device(parts, device) for device in known))


def _device(parts: Parts, device: Device) -> DeviceView:
    contact = parts.store.contact(device.id)
    lacking = tuple(owed(contact.steps, device.n)) if contact is not None else ()
    said = max(contact.n, *(it.last for it in lacking), 0) if contact is not None else 0
    announced = max(device.n, said)
    times, at = parts.store.mismatches(device.id)
    return DeviceView(
        device=device.id,
        person=device.person,
        label=device.label,
        enrolled=device.enrolled,
        revoked=device.revoked is not None,
        last_contact=contact.at if contact is not None else None,
        app=contact.app if contact is not None else None,
        announced=announced,
        delivered=device.n,
        missing=announced - device.n,
        owed=lacking,
        lost=tuple(parts.store.lost(device.id)),
        pending_blobs=contact.pending_blobs if contact is not None else 0,
        clock_offset=contact.offset if contact is not None else None,
        mismatches=times,
        mismatch_at=at if times else None,
    )


def my_org(parts: Parts, caller: Caller) -> OrgView:
    rights, org = parts.rights(caller.active()), parts.store.org(caller.org)
    assert org is not None
    return OrgView(
        org=org.id,
        name=org.name,
        code=org.code,
        demo=org.demo,
        person=caller.person,
        device=caller.device.id,
        posts=tuple(sorted(access.posts(rights))),
        roles=tuple(sorted(rights.roles)),
        zones=tuple(sorted(rights.zones)),
        lead_zones=tuple(sorted(rights.lead_zones)),
        team=rights.team,
        team_zones=tuple(sorted(rights.team_zones)),
    )
