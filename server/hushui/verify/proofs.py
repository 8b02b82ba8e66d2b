"""What proves itself: lines by hash and chain, receipts by R02, photos by their name."""

import re
from collections.abc import Container, Iterator
from typing import Final

import msgspec

from hushui.storage.files import Files
from hushui.storage.rescue import Rescue
from hushui.storage.store import Store, StoredReceipt
from hushui.verify.finding import Finding, What
from hushui_sync.entry import Entry, Malformed, read
from hushui_sync.feed import FIRST_CHAIN, FIRST_PREV, line_hash, receipt_chain
from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.world import Ledger, Line

TABLES: Final[dict[str, What]] = {
    "epoch": "epoch",
    "device": "device",
    "line": "line",
    "receipt": "receipt",
    "unaccepted": "index",
    "record": "row",
    "entry": "entry",
    "unmade": "index",
    "spot": "position",
    "scope": "scope",
    "holding": "right",
    "touched": "index",
    "naming": "index",
}
NAME: Final = re.compile(r"[0-9a-f]{64}")
POSITION: Final = re.compile(r"([a-z]+:[0-7][0-9a-v]{25})=([1-9][0-9]*)")


def misfits(store: Store) -> Iterator[Finding]:
    """Nothing else can be asked of a store that holds a text where a number belongs."""
    for misfit in store.every_misfit():
        what = TABLES[misfit.table]
        where = (":" if what in ("line", "receipt") else " ").join(map(str, misfit.key))
        yield Finding(what, where, f"its {misfit.column} is of another type")


def lines(store: Store) -> Iterator[Finding]:
    """C01: every feed counts from 1 without a hole, and every line names the one before."""
    before: Line | None = None
    for line in store.every_line():
        if before is not None and before.device != line.device:
            before = None
        where, n = f"{line.device}:{line.n}", before.n + 1 if before else 1
        if line.n != n:
            yield Finding("line", f"{line.device}:{n}", f"is not there; the next one is {line.n}")
        elif line_hash(line.bytes) != line.hash:
            yield Finding("line", where, f"its bytes do not hash to {line.hash}")
        elif not _chains(line, before):
            yield Finding("line", where, "its prev is not the hash of the line before")
        before = line


def _chains(line: Line, before: Line | None) -> bool:
    parsed = read(line.bytes)
    prev = parsed.prev if isinstance(parsed, Entry | Malformed) else None
    if prev is None:
        return True
    return prev in ((before.hash, line_hash(before.bytes)) if before else (FIRST_PREV,))


def receipts(store: Store) -> Iterator[Finding]:
    """R01, R02, and one receipt at least for each line."""
    ends = {ledger.epoch: ledger for ledger in store.every_epoch()}
    heads, counted = {}, 0
    for epoch, end in ends.items():
        heads[epoch], counted = Ledger(epoch, counted, FIRST_CHAIN), end.number
    open_lines = {(line.device, line.n) for line in store.every_line()}
    known = set(open_lines)
    repaired: dict[str, str] = {}
    for seq, stored in enumerate(store.every_receipt(), 1):
        where = f"{stored.epoch}:{stored.number}"
        head = heads.get(stored.epoch)
        if head is None:
            yield Finding("receipt", where, "its epoch is not in the ledger")
            continue
        if stored.number != head.number + 1:
            missing = f"{stored.epoch}:{head.number + 1}"
            yield Finding("receipt", missing, f"is not there; the next one is {stored.number}")
        elif fault := _fault(stored, head.chain, repaired.get(stored.epoch, head.chain)):
            yield Finding("receipt", where, fault)
        elif stored.seq != seq:
            yield Finding("receipt", where, f"is said to be number {stored.seq} of all, not {seq}")
        chain = _chain(head.chain, stored, _positions(stored))
        repaired[stored.epoch] = chain
        heads[stored.epoch] = Ledger(stored.epoch, stored.number, stored.chain)
        if stored.n is not None:
            if (stored.device, stored.n) not in known:
                yield Finding("line", f"{stored.device}:{stored.n}", f"is not there; see {where}")
            open_lines.discard((stored.device, stored.n))
    for device, n in sorted(open_lines):
        yield Finding("line", f"{device}:{n}", "has no receipt")
    for epoch, end in ends.items():
        said = (end.number, end.chain)
        last = heads[epoch]
        if said not in ((last.number, last.chain), (last.number, repaired.get(epoch))):
            where = f"{epoch}:{end.number}"
            yield Finding("receipt", where, "the ledger does not end with its last receipt")


def _fault(stored: StoredReceipt, *previous: str) -> str | None:
    """``previous``: the chain before as stored, and as computed where that one was changed."""
    positions = _positions(stored)
    if ",".join(f"{scope}={position}" for scope, position in positions) != stored.positions:
        return f"its positions cannot be read: {stored.positions!r}"
    if stored.chain not in {_chain(before, stored, positions) for before in previous}:
        return "its chain does not follow from its text, its positions and the chain before"
    columns = (stored.epoch, stored.number, stored.device, stored.n, stored.blob, stored.at)
    said = _said(stored.json)
    return None if said == (*columns, stored.code) else "its columns say another thing"


def _said(json: bytes) -> tuple[object, ...]:
    """The columns of the receipt with this text."""
    try:
        line = msgspec.json.decode(json, type=Receipt)
        return (line.epoch, line.number, line.device, line.n, None, line.at, line.code)
    except msgspec.ValidationError:
        blob = msgspec.json.decode(json, type=BlobReceipt)
        return (blob.epoch, blob.number, blob.device, None, blob.blob, blob.at, None)


def _chain(before: str, stored: StoredReceipt, positions: list[tuple[str, int]]) -> str:
    """R02, where the chain before may be no text any more."""
    return receipt_chain(before.encode(errors="replace").decode(), stored.json, positions)


def _positions(stored: StoredReceipt) -> list[tuple[str, int]]:
    matches = (POSITION.fullmatch(part) for part in stored.positions.split(","))
    return [(match[1], int(match[2])) for match in matches if match]


def blobs(store: Store, files: Files, doubted: Container[str]) -> Iterator[Finding]:
    """B01, and every receipt of the present epoch has its blob (B03). ``doubted``: receipts that
    were named already and prove nothing."""
    broken = set[str]()
    for name in files.every():
        if NAME.fullmatch(name) is None:
            yield Finding("blob", name, "is not the name of a blob")
        elif files.digest(name) != name:
            broken.add(name)
            yield Finding("blob", name, "its bytes do not hash to its name")
    epoch = store.ledger().epoch
    for stored in store.every_receipt():
        where = f"{stored.epoch}:{stored.number}"
        if stored.blob is None or stored.epoch != epoch or where in doubted:
            continue
        said = msgspec.json.decode(stored.json, type=BlobReceipt).size
        size = files.size(stored.blob)
        if size is None:
            yield Finding("blob", stored.blob, f"is not there; see {where}")
        elif stored.blob not in broken and size != said:
            yield Finding("blob", stored.blob, f"has {size} bytes; {where} says {said}")


def bundles(files: Files) -> Iterator[Finding]:
    """Kept as they came (K02), whatever they hold."""
    shelf = Rescue(files.root)
    for where in shelf.every():
        if shelf.digest(where) != where.partition("/")[2]:
            yield Finding("rescue", where, "its bytes do not hash to its name")
