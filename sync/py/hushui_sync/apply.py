"""Judging one line: `apply(world, policy, …)` changes the working set and answers with receipts.

No clock, no randomness, no disk: time of receipt and the world are arguments. `given` replays a
verdict as it was once decided and recomputes its effects only (`hushui verify`).
"""

from typing import Any, Final

import msgspec
from msgspec import Struct, structs

from hushui_sync import clock, feed
from hushui_sync.entry import Entry, Malformed, Read, Unread, read
from hushui_sync.errors import StoreFailure
from hushui_sync.ids import is_id
from hushui_sync.judge import Case, Outcome, Stop, Trial, judge
from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.policy import Policy
from hushui_sync.rights import rights_at, rights_then
from hushui_sync.rows import chained, content_hash, fill, receipt
from hushui_sync.working import World
from hushui_sync.world import Device, KnownEntry, Line

SAID: Final = {"refer": Outcome("held", "referred"), "decline": Outcome("refused", "declined")}
"""What becomes of a line that somebody speaks about, without judging it again (D05, D06)."""


def apply(
    world: World,
    policy: Policy,
    device: Device,
    raw: bytes,
    received: int,
    given: Receipt | None = None,
    parsed: Read | None = None,
) -> list[Receipt]:
    """The next line of a feed → its receipt, then those of the lines it released (D02).

    `device` is the feed as it stands; the caller has seen to gaps and forks. ``parsed``: the line,
    where it has been read already.
    """
    n = device.n + 1
    parsed = read(raw) if parsed is None else parsed
    entry = parsed if isinstance(parsed, Entry) else None
    eff = _effective(world, device, entry, received)
    known_id = None if isinstance(parsed, Unread) else parsed.id
    line_hash = feed.line_hash(raw)
    world.changes.lines[device.id, n] = Line(
        device.id, n, device.org, device.person, line_hash, raw, known_id, eff, received
    )
    world.changes.devices[device.id] = structs.replace(device, n=n, hash=line_hash, eff=eff)
    if entry is not None:
        _index(world, policy, device, entry)
    outcome = _first_verdict(world, device, n, parsed)
    if given is not None:
        outcome = None if _has_effects(given) else _as_given(given)
    return _settle(world, policy, device, n, parsed, received, outcome, given)


def _has_effects(given: Receipt) -> bool:
    return given.verdict in ("applied", "merged") or given.code == "already"


def again(
    world: World,
    policy: Policy,
    known: KnownEntry,
    received: int,
    given: Receipt | None = None,
    adopter: Any = None,
) -> list[Receipt]:
    """Judges a stored line once more: released, adopted, or its kind now known."""
    if given is None and known.given_up:
        return []
    device, line = world.device(known.device), world.line(known.device, known.n)
    assert device is not None
    assert line is not None
    parsed = read(line.bytes)
    outcome = _unfit(device, known.n, parsed) or _repeated(world, device, known.n, parsed)
    if given is not None:
        outcome = None if _has_effects(given) else _as_given(given)
    return _settle(world, policy, device, known.n, parsed, received, outcome, given, adopter)


def blob_done(world: World, device: Device, sha: str, size: int, received: int) -> BlobReceipt:
    """The receipt of a complete blob; its records move up in their scopes so that readers look."""
    ledger = world.ledger()
    number = ledger.number + 1
    rev = f"{ledger.epoch}:{number}"
    moved = []
    for id in world.naming(device.org, sha):
        record = world.record(id)
        for scope in record.scopes if record is not None and record.org == device.org else ():
            spot = world.spot(scope, id)
            if spot is not None and not spot.gone:
                moved.append((scope, world.place(device.org, scope, id, spot.rev, spot.body)))
    row = f"b:{sha}"
    position = world.place(device.org, f"device:{device.id}", row, rev, b"")
    moved.append((f"device:{device.id}", position))
    done = BlobReceipt(ledger.epoch, number, device.id, sha, size, received)
    done = chained(world, ledger, done, moved)
    fill(world, f"device:{device.id}", row, msgspec.json.encode(done))
    return done


# --- the verdict ---------------------------------------------------------------------------------


def _first_verdict(
    world: World, device: Device, n: int, parsed: Entry | Malformed | Unread
) -> Outcome | None:
    """What can be said before looking at the ops; None: judge them."""
    if not isinstance(parsed, Unread) and device.revoked is not None:
        return Outcome("quarantined", "device_revoked")
    return _unfit(device, n, parsed) or _repeated(world, device, n, parsed)


def _repeated(
    world: World, device: Device, n: int, parsed: Entry | Malformed | Unread
) -> Outcome | None:
    """P08: its id is that of another line."""
    if not isinstance(parsed, Entry):
        return None
    known = world.entry(device.org, parsed.id)
    if known is None or known.content == "" or (known.device, known.n) == (device.id, n):
        return None
    if known.content == content_hash(parsed):
        return Outcome("noop", "reissued")
    return Outcome("refused", "id_reused")


def _unfit(device: Device, n: int, parsed: Entry | Malformed | Unread) -> Outcome | None:
    """E02 to E04: why these bytes are no entry of this feed."""
    match parsed:
        case Unread(code):
            return Outcome("quarantined", code)
        case Malformed(field):
            return Outcome("refused", "malformed", field=field or None)
        case Entry() if parsed.device != device.id:
            return Outcome("refused", "malformed", field="device")
        case Entry() if parsed.n != n:
            return Outcome("refused", "malformed", field="n")
        case Entry():
            return None


class _Judged(Struct, frozen=True):
    receipt: Receipt
    entry: Entry | None = None
    trial: Trial | None = None


def _settle(
    world: World,
    policy: Policy,
    device: Device,
    n: int,
    parsed: Entry | Malformed | Unread,
    received: int,
    outcome: Outcome | None,
    given: Receipt | None,
    adopter: Any = None,
) -> list[Receipt]:
    judged = _judged(world, policy, device, n, parsed, received, outcome, given, adopter)
    if given is not None:
        return [judged.receipt]
    return [judged.receipt, *_released(world, policy, device, judged, received)]


def _judged(
    world: World,
    policy: Policy,
    device: Device,
    n: int,
    parsed: Entry | Malformed | Unread,
    received: int,
    outcome: Outcome | None,
    given: Receipt | None,
    adopter: Any,
) -> _Judged:
    if outcome is not None or not isinstance(parsed, Entry):
        outcome = outcome or Outcome("quarantined", "internal")
        trial = Trial(World(world))
        return _Judged(receipt(world, policy, device, n, parsed, outcome, received, trial))
    trial = Trial(World(world))
    try:
        case = _case(world, policy, device, parsed, n, received, given, adopter)
        outcome = judge(trial, policy, case)
    except Stop as stop:
        outcome, trial = stop.outcome, Trial(World(world))
    except StoreFailure:
        raise
    except Exception:
        outcome, trial = Outcome("quarantined", "internal"), Trial(World(world))
    if given is not None:
        outcome = _as_given(given)
    answer = receipt(world, policy, device, n, parsed, outcome, received, trial)
    return _Judged(answer, parsed, trial if outcome.written else None)


def _as_given(given: Receipt) -> Outcome:
    return Outcome(given.verdict, given.code, given.op, given.field, given.waits)


def _case(
    world: World,
    policy: Policy,
    device: Device,
    entry: Entry,
    n: int,
    received: int,
    given: Receipt | None,
    adopter: Any,
) -> Case:
    ledger, line = world.ledger(), world.line(device.id, n)
    now = rights_at(world, policy, device.person, device.org, None)
    then = rights_then(world, policy, device, entry)
    return Case(
        entry=entry,
        device=device,
        eff=line.eff if line else received,
        received=line.received if line else received,
        then=adopter or then,
        now=adopter or now,
        author=then or now,
        rev=f"{ledger.epoch}:{ledger.number + 1}",
        given=given,
    )


def _effective(world: World, device: Device, entry: Entry | None, received: int) -> int:
    if entry is None:
        return device.eff if device.eff is not None else device.enrolled
    epoch, _, number = entry.at.contact.partition(":")
    contact = (
        device.enrolled
        if int(number) == 0 and epoch == world.ledger().epoch
        else world.received_at(epoch, int(number))
    )
    return clock.effective(
        wall=entry.at.wall,
        offset=entry.at.offset,
        previous=device.eff,
        contact=contact,
        received=received,
    )


def _released(
    world: World, policy: Policy, device: Device, judged: _Judged, received: int
) -> list[Receipt]:
    """New receipts for lines that this one referred, adopted, declined or set free, and for those
    they set free in turn. None in a replay: there they come as receipts of their own."""
    receipts: list[Receipt] = []
    free = _freed(world, device.org, judged)
    for target, act in judged.trial.rejudge.values() if judged.trial else ():
        if act in SAID:
            receipts.append(_said(world, policy, target, received, SAID[act]))
            continue
        adopter = rights_at(world, policy, device.person, device.org, None)
        adopted = _once_more(world, policy, target, received, adopter)
        receipts.append(adopted.receipt)
        free |= _freed(world, device.org, adopted)
    while free:
        device_n = min(free)
        known = world.entry(device.org, free.pop(device_n))
        if known is not None and known.verdict == "held" and not known.given_up:
            again_judged = _once_more(world, policy, known, received, None)
            receipts.append(again_judged.receipt)
            free |= _freed(world, device.org, again_judged)
    return receipts


def _freed(world: World, org: str, judged: _Judged) -> dict[tuple[str, int], str]:
    """The entries that waited for this one, or for what it replaced, by device and n (D02)."""
    if judged.trial is None or judged.entry is None:
        return {}
    settled = (world.entry(org, id) for id in judged.trial.settled)
    causes = [judged.entry.id, *(known.id for known in settled if known and known.replaced_by)]
    waiting = (known for id in causes for known in world.waiting(org, id))
    return {(known.device, known.n): known.id for known in waiting}


def _once_more(
    world: World, policy: Policy, known: KnownEntry, received: int, adopter: Any
) -> _Judged:
    device, line = world.device(known.device), world.line(known.device, known.n)
    assert device is not None
    assert line is not None
    parsed = read(line.bytes)
    outcome = _unfit(device, known.n, parsed) or _repeated(world, device, known.n, parsed)
    return _judged(world, policy, device, known.n, parsed, received, outcome, None, adopter)


def _said(
    world: World, policy: Policy, target: KnownEntry, received: int, outcome: Outcome
) -> Receipt:
    device, line = world.device(target.device), world.line(target.device, target.n)
    assert device is not None
    assert line is not None
    return receipt(
        world, policy, device, target.n, read(line.bytes), outcome, received, Trial(World(world))
    )


def _index(world: World, policy: Policy, device: Device, entry: Entry) -> None:
    """Which records and blobs the line speaks of, for histories and uploads."""
    named = set[str]()
    for op in entry.ops:
        named.add(op.record)
        subject = policy.subject(op.kind, op.set) if policy.kind_known(op.kind) else None
        if subject is not None and is_id(subject):
            named.add(subject)
    world.put_names(device.org, device.id, entry.n, sorted(named), entry.blobs)
