"""Who might do what at a moment, and what a record gives (section 9)."""

from collections.abc import Callable
from typing import Any

from msgspec import structs

from hushui_sync.entry import Entry
from hushui_sync.errors import Verdict
from hushui_sync.policy import Policy
from hushui_sync.working import World
from hushui_sync.world import Device, Record, Right


def denied(
    then: Any, now: Any, allowed: Callable[[Any], bool], *, decision: bool
) -> tuple[Verdict, str] | None:
    """A02, A03: (verdict, code) of an op that neither the rights at contact nor those now carry."""
    if allowed(now):
        return None
    if then is not None and allowed(then):
        return ("held", "right_lost") if decision else None
    if then is None and not decision:
        return ("held", "contact_unknown")
    return ("refused", "no_right")


def rights_at(world: World, policy: Policy, person: str, org: str, number: int | None) -> Any:
    """What a person may at a receipt number, or now (None)."""

    def rows(holder: str) -> list[Right]:
        return [right for right in world.rights(holder) if _holds(right, number)]

    own = rows(f"person:{person}")
    teams = [right.value for right in own if right.sort == "team"]
    return policy.rights(person, org, [*own, *(r for team in teams for r in rows(f"team:{team}"))])


def _holds(right: Right, number: int | None) -> bool:
    if number is None:
        return right.until is None
    return right.since <= number and (right.until is None or number < right.until)


def rights_then(world: World, policy: Policy, device: Device, entry: Entry) -> Any:
    epoch, _, number = entry.at.contact.partition(":")
    at = int(number) or device.enrolled_number
    if int(number) == 0 and epoch == world.ledger().epoch:
        return rights_at(world, policy, device.person, device.org, at)
    if world.received_at(epoch, int(number)) is None:
        return None
    return rights_at(world, policy, device.person, device.org, at)


def give(world: World, policy: Policy, record: Record) -> None:
    """Rights are rows from one receipt to another; a record gives them while it stands so."""
    number = int(record.rev.partition(":")[2])
    given = policy.given(record.kind, record.id, record.fields, record.deleted, record.org)
    for right in world.rights_from(record.id):
        if (right.holder, right.sort, right.value) in given:
            given = given - {(right.holder, right.sort, right.value)}
        else:
            world.put_right(structs.replace(right, until=number))
    for holder, sort, value in sorted(given):
        world.put_right(Right(holder, sort, value, record.id, number))
    if record.kind == "device":
        device = world.device(record.id)
        if device is not None and device.org == record.org:
            gone = record.deleted or bool(record.fields.get("revoked"))
            until = (device.revoked or number) if gone else None
            world.changes.devices[device.id] = structs.replace(device, revoked=until)
