"""The receipt of an outcome, and the rows that travel with it (sections 6 and 10)."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from msgspec import structs

from hushui_sync import feed
from hushui_sync.entry import Entry, Malformed, Unread, content
from hushui_sync.judge import Outcome, Trial, scopes_of
from hushui_sync.messages import BlobReceipt, Receipt, RecordBody
from hushui_sync.policy import Policy
from hushui_sync.working import World
from hushui_sync.world import Conflict, Device, KnownEntry, Ledger, Record, Spot, Stamp

AnyReceipt = TypeVar("AnyReceipt", Receipt, BlobReceipt)


def content_hash(entry: Entry) -> str:
    """What P08 compares, 32 hex digits."""
    return sha256(content(entry)).hexdigest()[:32]


def receipt(
    world: World,
    policy: Policy,
    device: Device,
    n: int,
    parsed: Entry | Malformed | Unread,
    outcome: Outcome,
    received: int,
    trial: Trial,
) -> Receipt:
    """Takes the trial over, numbers the outcome, places the rows, chains the receipt."""
    tried = trial.world.changes.records
    before = {id: world.record(id) for id in tried}
    world.absorb(trial.world)
    ledger = world.ledger()
    number = ledger.number + 1
    rev = f"{ledger.epoch}:{number}"
    id = None if isinstance(parsed, Unread) else parsed.id
    positions = _place_records(world, policy, before, rev)
    answer = Receipt(
        epoch=ledger.epoch,
        number=number,
        device=device.id,
        n=n,
        entry=id,
        verdict=outcome.verdict,
        code=outcome.code,
        op=outcome.op,
        field=outcome.field,
        at=received,
        rev=rev if tried else None,
        waits=outcome.waits,
    )
    home, row = f"device:{device.id}", f"r:{device.id}:{n}"
    positions.append((home, world.place(device.org, home, row, rev, b"")))
    positions += _place_unaccepted(world, device, n, outcome, rev)
    positions += _withdraw(world, device, trial.settled, rev)
    answer = chained(world, ledger, answer, positions)
    text = msgspec.json.encode(answer)
    fill(world, home, row, text)
    if outcome.verdict in ("held", "refused", "quarantined"):
        fill(
            world,
            f"person:{device.person}",
            f"u:{device.id}:{n}",
            _unaccepted_body(world, device, n, parsed, text),
        )
    _note(world, device, n, parsed, outcome)
    return answer


def chained(
    world: World, ledger: Ledger, receipt: AnyReceipt, positions: Sequence[tuple[str, int]]
) -> AnyReceipt:
    text = msgspec.json.encode(receipt_plain(receipt))
    chain = feed.receipt_chain(ledger.chain, text, positions)
    receipt = structs.replace(receipt, chain=chain)
    world.changes.ledger = Ledger(ledger.epoch, receipt.number, chain)
    world.put_receipt(receipt)
    world.changes.positions[receipt.number] = tuple(sorted(positions))
    return receipt


def receipt_plain(receipt: Receipt | BlobReceipt) -> dict[str, Any]:
    """The receipt without its chain, members in the order of the protocol: what R02 hashes."""
    plain = structs.asdict(receipt)
    del plain["chain"]
    return plain


def fill(world: World, scope: str, row: str, body: bytes) -> None:
    spot = world.changes.spots[scope, row]
    world.changes.spots[scope, row] = structs.replace(spot, body=body)


def _place_records(
    world: World, policy: Policy, before: dict[str, Record | None], rev: str
) -> list[tuple[str, int]]:
    positions = []
    for id in sorted(before):
        record, old = world.changes.records[id], before[id]
        gone = set(old.places if old else ()) - set(record.places)
        positions += [(s, world.remove(record.org, s, id, rev)) for s in sorted(gone)]
        positions += [(s, world.place(record.org, s, id, rev, None)) for s in record.places]
    for id in sorted(before):
        record, old = world.changes.records[id], before[id]
        if old is None or (old.scopes, old.left) != (record.scopes, record.left):
            positions += _move_followers(world, policy, record, rev)
    return positions


def _move_followers(
    world: World, policy: Policy, subject: Record, rev: str
) -> list[tuple[str, int]]:
    """What follows a record goes where it goes; its own content, and so its rev, stay."""
    positions: list[tuple[str, int]] = []
    for id in world.followers(subject.id):
        follower = world.record(id)
        if follower is None or follower.org != subject.org:
            continue
        scopes = scopes_of(world, policy, follower, subject)
        if (scopes, subject.left) == (follower.scopes, follower.left):
            continue
        moved = structs.replace(follower, scopes=scopes, left=subject.left)
        for scope in sorted(set(follower.places) - set(moved.places)):
            positions.append((scope, world.remove(follower.org, scope, id, rev)))
        for scope in sorted(set(moved.places) - set(follower.places)):
            positions.append((scope, world.place(follower.org, scope, id, follower.rev, None)))
        world.put_record(moved)
        positions += _move_followers(world, policy, moved, rev)
    return positions


def _place_unaccepted(
    world: World, device: Device, n: int, outcome: Outcome, rev: str
) -> list[tuple[str, int]]:
    """R04: it comes home to its author, and goes when it is settled."""
    scope, row = f"person:{device.person}", f"u:{device.id}:{n}"
    if outcome.verdict in ("held", "refused", "quarantined"):
        return [(scope, world.place(device.org, scope, row, rev, b""))]
    return _take_home(world, device.org, scope, row, rev)


def _withdraw(
    world: World, device: Device, settled: Sequence[str], rev: str
) -> list[tuple[str, int]]:
    positions = []
    for id in settled:
        known = world.entry(device.org, id)
        if known is not None:
            scope, row = f"person:{known.author}", f"u:{known.device}:{known.n}"
            positions += _take_home(world, device.org, scope, row, rev)
    return positions


def _take_home(world: World, org: str, scope: str, row: str, rev: str) -> list[tuple[str, int]]:
    spot: Spot | None = world.spot(scope, row)
    if spot is None or spot.gone:
        return []
    return [(scope, world.remove(org, scope, row, rev))]


def _unaccepted_body(
    world: World, device: Device, n: int, parsed: Entry | Malformed | Unread, receipt: bytes
) -> bytes:
    line = world.line(device.id, n)
    assert line is not None
    text = None if isinstance(parsed, Unread) else line.bytes.decode()
    return msgspec.json.encode({"receipt": msgspec.Raw(receipt), "line": text})


def _note(
    world: World,
    device: Device,
    n: int,
    parsed: Entry | Malformed | Unread,
    outcome: Outcome,
) -> None:
    """Keeps what later lines may name: the entry, and the records it would have made."""
    org, line = device.org, world.line(device.id, n)
    name = _named(world, device, n, parsed, outcome)
    before = world.entry(org, name)
    if before is not None and (before.device, before.n) != (device.id, n):
        # It was no entry: the line that bore this id falsely goes by its place from now on.
        world.put_entry(structs.replace(before, id=line_name(before.device, before.n)))
        before = None
    if outcome.code == "reissued" and before is None:
        return
    world.put_entry(
        KnownEntry(
            id=name,
            org=org,
            device=device.id,
            n=n,
            author=device.person,
            content=_content(parsed, outcome),
            eff=line.eff if line else 0,
            verdict=outcome.verdict,
            waits=outcome.waits,
            replaced_by=before.replaced_by if before else None,
            abandoned=before.abandoned if before else False,
        )
    )
    if isinstance(parsed, Entry) and name == parsed.id:
        for op in parsed.ops:
            if op.act == "put" and (not outcome.written) and world.record(op.record) is None:
                world.changes.unmade[org, op.record, parsed.id] = True
            elif outcome.written and before is not None:
                world.changes.unmade[org, op.record, parsed.id] = False


def line_name(device: str, n: int) -> str:
    """What D04 and D05 call a line that its own id does not name."""
    return f"{device}:{n}"


def _named(
    world: World, device: Device, n: int, parsed: Entry | Malformed | Unread, outcome: Outcome
) -> str:
    """Its own id, unless that cannot be read or belongs to another line."""
    place = line_name(device.id, n)
    if isinstance(parsed, Unread) or parsed.id is None:
        return place
    holder = world.entry(device.org, parsed.id)
    if holder is None or (holder.device, holder.n) == (device.id, n):
        return parsed.id
    return place if holder.content or outcome.code == "malformed" else parsed.id


def _content(parsed: Entry | Malformed | Unread, outcome: Outcome) -> str:
    """None for what is no entry (E04): the true line with this id may still come."""
    is_entry = isinstance(parsed, Entry) and outcome.code != "malformed"
    return content_hash(parsed) if is_entry and isinstance(parsed, Entry) else ""


def _conflict(lost: Conflict, stands: Stamp | None) -> dict[str, Any]:
    """With who wrote what stands, so that a phone can show both without asking."""
    by = stands and {"device": stands.device, "author": stands.author, "eff": stands.eff}
    return {**msgspec.to_builtins(lost), "stands": by}


def body(record: Record) -> bytes:
    """The row of a record (section 10), as JSON."""
    return msgspec.json.encode(
        RecordBody(
            kind=record.kind,
            fields=record.fields,
            stamps={name: stamp.entry for name, stamp in record.stamps.items()},
            adds=record.adds,
            deleted=record.deleted,
            version=record.version,
            author=record.author,
            device=record.device,
            captured=record.captured,
            flags=record.flags,
            conflicts=tuple(_conflict(c, record.stamps.get(c.field)) for c in record.conflicts),
            review=msgspec.to_builtins(record.review) if record.review else None,
            number=str(record.number) if record.number else None,
        )
    )
