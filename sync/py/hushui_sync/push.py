"""Taking a push (section 5): gaps and forks first, then one verdict for each line."""

from collections.abc import Sequence

from msgspec.structs import astuple

from hushui_sync import feed, limits
from hushui_sync.apply import apply
from hushui_sync.entry import Entry, Malformed, Read, read
from hushui_sync.messages import Fork, Gap, PushAnswer, Receipt, Receipts, TooLarge
from hushui_sync.policy import Policy
from hushui_sync.working import World
from hushui_sync.world import Device


def take(
    world: World,
    policy: Policy,
    device: Device,
    start: int,
    lines: Sequence[bytes],
    received: int,
    read_ones: Sequence[Read] | None = None,
) -> PushAnswer:
    """Line i is entry ``start + i`` (P01). A gap, fork or too_large takes nothing. ``read_ones``:
    the lines, where they have been read already."""
    if start > device.n + 1:
        return Gap(device.n + 1)
    for i, line in enumerate(lines):
        if len(line) > limits.LINE_BYTES_KEPT:
            return TooLarge(start + i)
    read_ones = read_ones or [read(line) for line in lines]
    if fork := _fork(world, device, start, lines, read_ones):
        return fork
    for i, (line, parsed) in enumerate(zip(lines, read_ones, strict=True)):
        n = start + i
        if n > device.n:
            apply(world, policy, device, line, received, parsed=parsed)
            device = world.device(device.id) or device
    return _answer(world, device, start, len(lines), received)


def _answer(world: World, device: Device, start: int, count: int, received: int) -> Receipts:
    """Every line's newest receipt (P02, P04): one released in this push has two."""
    newest = [world.newest(device.id, start + i) for i in range(count)]
    ledger = world.ledger()
    return Receipts(
        epoch=ledger.epoch,
        now=received,
        contact=f"{ledger.epoch}:{ledger.number}",
        receipts=tuple(receipt for receipt in newest if isinstance(receipt, Receipt)),
    )


def _fork(
    world: World, device: Device, start: int, lines: Sequence[bytes], read_ones: Sequence[Read]
) -> Fork | None:
    """P05: another history than the one the server holds."""
    heads = feed.chain(feed.Head(start - 1, ""), lines)
    common = feed.START if start == 1 else None
    before = device.hash
    for parsed, (n, line_hash) in zip(read_ones, map(astuple, heads), strict=True):
        if n <= device.n:
            stored = world.line(device.id, n)
            if stored is None or stored.hash != line_hash:
                return _common(world, device, common, _prev(parsed), below=n)
            common = feed.Head(n, line_hash)
            continue
        prev = _prev(parsed)
        if prev is not None and prev != before:
            return _common(world, device, common, prev, below=n)
        if prev is not None and n == device.n + 1:
            common = feed.Head(device.n, device.hash)
        before = line_hash
    return None


def _prev(parsed: Read) -> str | None:
    return parsed.prev if isinstance(parsed, Entry | Malformed) else None


def _common(
    world: World, device: Device, common: feed.Head | None, prev: str | None, below: int
) -> Fork:
    """The last line both have: the last one this push has shown to be the same, else the one
    `prev` names, if the server holds it below there."""
    if common is not None:
        return Fork(common.n, common.hash)
    n = world.line_by_hash(device.id, prev) if prev is not None else None
    return Fork(n, prev) if n is not None and n < below else Fork(None, None)
