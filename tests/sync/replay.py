"""The ledger once more from its lines: verdicts as given, their effects computed again."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import structs

from hushui_sync.apply import again, apply, blob_done
from hushui_sync.feed import FIRST_CHAIN, START
from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.policy import Policy
from hushui_sync.working import Nothing, World
from hushui_sync.world import Device, KnownEntry, Ledger, Line, Right


def replay(
    policy: Policy,
    epoch: str,
    devices: Sequence[Device],
    lines: Mapping[tuple[str, int], bytes],
    receipts: Iterable[Receipt | BlobReceipt],
    rights: Iterable[Right],
) -> World:
    """``devices`` and ``rights`` are what came from no line: enrolments, and the rights of the
    beginning. ``lines`` go by (device, n), ``receipts`` in the order of their commits; a receipt of
    another epoch begins that epoch. Raises KeyError for a receipt without its line or device.
    """
    world = World(Nothing(epoch))
    for device in devices:
        world.changes.devices[device.id] = structs.replace(
            device, n=START.n, hash=START.hash, eff=None, revoked=None
        )
    for right in rights:
        world.put_right(structs.replace(right, until=None))
    for receipt in receipts:
        if receipt.epoch != world.ledger().epoch:
            world.changes.ledger = Ledger(receipt.epoch, 0, FIRST_CHAIN)
        _once_more(world, policy, lines, receipt)
    return world


def _once_more(
    world: World,
    policy: Policy,
    lines: Mapping[tuple[str, int], bytes],
    receipt: Receipt | BlobReceipt,
) -> None:
    device = world.changes.devices[receipt.device]
    if isinstance(receipt, BlobReceipt):
        blob_done(world, device, receipt.blob, receipt.size, receipt.at)
    elif receipt.n == device.n + 1:
        apply(world, policy, device, lines[device.id, receipt.n], receipt.at, receipt)
    else:
        known = _known(world.changes.lines[device.id, receipt.n])
        again(world, policy, known, receipt.at, receipt)


def _known(line: Line) -> KnownEntry:
    """As much of an entry as judging it again looks at; a line without an id has none."""
    entry = line.entry or ""
    return KnownEntry(entry, line.org, line.device, line.n, line.author, "", line.eff, "held")
