"""A record's lines with their verdicts, versions and three times."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct, structs

from hushui.actions.parts import Caller, Parts, is_office
from hushui.actions.records import visible
from hushui.storage.store import Former, HistoryLine
from hushui_sync import merge
from hushui_sync.entry import Entry, Op, read
from hushui_sync.errors import UNACCEPTED
from hushui_sync.messages import Receipt
from hushui_sync.world import Record, Review, Stamp


class Times(Struct, frozen=True):
    """Milliseconds: what the phone's clock said, the effective time (T03), the server's receipt.
    ``phone`` is null for a line that cannot be read."""

    phone: int | None
    corrected: int
    server: int


class HistoryItem(Struct, frozen=True):
    """``entry`` is the line parsed, of other people's lines only what speaks of this record;
    ``line`` its bytes in base64, for the office and its author. ``version``: the record's after
    it. ``former``: what was said of it before a backup was put back, for those two as well."""

    device: str
    n: int
    author: str
    at: Times
    entry: dict[str, Any] | None
    line: str | None
    receipts: tuple[Receipt, ...]
    version: int
    former: Former | None = None


class History(Struct, frozen=True):
    record: str
    lines: tuple[HistoryItem, ...]


def history(parts: Parts, caller: Caller, record: str) -> History:
    with parts.store.reading():
        found = visible(parts, caller, record)
        office = is_office(parts.rights(caller))
        lines = parts.store.history(caller.org, record)
        versions = versions_of(found, lines)
        return History(
            record,
            tuple(
                _item(line, version, record, whole=office or line.line.author == caller.person)
                for line, version in zip(lines, versions, strict=True)
                if office or line.line.author == caller.person or _accepted(line)
            ),
        )


def _accepted(line: HistoryLine) -> bool:
    return line.receipts[-1].verdict not in UNACCEPTED


def _item(found: HistoryLine, version: int, record: str, *, whole: bool) -> HistoryItem:
    line, parsed = found.line, read(found.line.bytes)
    entry = msgspec.json.decode(line.bytes) if isinstance(parsed, Entry) else None
    if entry is not None and not whole:
        entry["ops"] = [op for op in entry["ops"] if _speaks_of(op, record)]
        entry["blobs"] = []
    phone = parsed.at.wall if isinstance(parsed, Entry) else None
    return HistoryItem(
        device=line.device,
        n=line.n,
        author=line.author,
        at=Times(phone, line.eff, line.received),
        entry=entry,
        line=b64encode(line.bytes).decode() if whole else None,
        receipts=found.receipts,
        version=version,
        former=found.former if whole else None,
    )


def _speaks_of(op: dict[str, Any], record: str) -> bool:
    return op["record"] == record or record in op.get("set", {}).values()


def versions_of(record: Record, lines: Sequence[HistoryLine]) -> list[int]:
    """The record's version after each line, by writing the lines again in order of arrival."""
    state = structs.replace(
        record, fields={}, stamps={}, adds=(), version=0, conflicts=(), review=None, deleted=False
    )
    versions = []
    for line in lines:
        entry = read(line.line.bytes)
        if isinstance(entry, Entry) and line.receipts[-1].verdict in ("applied", "merged"):
            stamp = Stamp(entry.id, line.line.device, entry.n, line.line.author, line.line.eff)
            for op in entry.ops:
                state = _step(state, op, stamp)
        versions.append(state.version)
    return versions


def _step(state: Record, op: Op, stamp: Stamp) -> Record:
    if op.record == state.id:
        after = _written(state, op, stamp)
        counts = op.act in ("put", "settle")
        return merge.next_version(state, after, stamp) if counts else after
    if op.kind == "review" and op.set.get("target") == state.id:
        judged = int(op.set.get("version") or 0)
        decision = str(op.set.get("decision"))
        review = Review(decision, judged, "", (), stamp.author, stamp.entry, stamp.eff)
        return structs.replace(state, review=review)
    return state


def _written(state: Record, op: Op, stamp: Stamp) -> Record:
    match op.act:
        case "put":
            return merge.put(state, op, stamp, op.base)[0]
        case "del":
            return merge.delete(state, stamp, op.base)[0]
        case "undel":
            return merge.undelete(state, stamp, op.base)[0]
        case "settle":
            field, kept = str(op.set.get("field")), str(op.set.get("stamp"))
            return merge.settle(state, field, kept, stamp) or state
        case _:
            return state
