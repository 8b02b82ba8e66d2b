"""A working set over a Reader. It is a Reader itself, so that one entry can be tried on top of a
group and dropped whole (E05), and a group on top of the store (P07)."""

from collections.abc import Sequence

from hushui_sync.digest import EMPTY, member, xor
from hushui_sync.feed import FIRST_CHAIN
from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.world import (
    Changes,
    Device,
    KnownEntry,
    Ledger,
    Line,
    Reader,
    Record,
    Right,
    ScopeHead,
    Span,
    Spot,
)


class World:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.changes = Changes()
        # Ways into the changes, so that a long replay does not search them.
        self._newest: dict[tuple[str, int], Receipt] = {}
        self._received: dict[tuple[str, int], int] = {}
        self._followers: dict[str, set[str]] = {}
        self._kinds: dict[tuple[str, str], set[str]] = {}
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._waiting: dict[tuple[str, str], set[str]] = {}
        self._naming: dict[tuple[str, str], set[str]] = {}
        self._blobs: dict[str, list[BlobReceipt]] = {}

    # reading: own changes first ---------------------------------------------------------------
    def ledger(self) -> Ledger:
        return self.changes.ledger or self.reader.ledger()

    def device(self, device: str) -> Device | None:
        return self.changes.devices.get(device) or self.reader.device(device)

    def line(self, device: str, n: int) -> Line | None:
        return self.changes.lines.get((device, n)) or self.reader.line(device, n)

    def line_by_hash(self, device: str, hash: str) -> int | None:
        for line in self.changes.lines.values():
            if line.device == device and line.hash == hash:
                return line.n
        return self.reader.line_by_hash(device, hash)

    def newest(self, device: str, n: int) -> Receipt | None:
        return self._newest.get((device, n)) or self.reader.newest(device, n)

    def received_at(self, epoch: str, number: int) -> int | None:
        at = self._received.get((epoch, number))
        return at if at is not None else self.reader.received_at(epoch, number)

    def record(self, record: str) -> Record | None:
        return self.changes.records.get(record) or self.reader.record(record)

    def followers(self, record: str) -> Sequence[str]:
        found = self._followers.get(record, set()) | set(self.reader.followers(record))
        changed = self.changes.records
        return sorted(id for id in found if id not in changed or changed[id].subject == record)

    def during(self, org: str, kind: str, span: Span) -> Sequence[Record]:
        changed = self.changes.records
        found = [it for it in self.reader.during(org, kind, span) if it.id not in changed]
        own = (changed[id] for id in self._kinds.get((org, kind), ()))
        found += [it for it in own if span.meets(it.fields) and not it.deleted]
        return sorted(found, key=lambda record: record.id)

    def alike(self, org: str, kind: str, field: str, value: str) -> Sequence[Record]:
        changed = self.changes.records
        found = [it for it in self.reader.alike(org, kind, field, value) if it.id not in changed]
        own = (changed[id] for id in self._kinds.get((org, kind), ()))
        found += [it for it in own if it.fields.get(field) == value and not it.deleted]
        return sorted(found, key=lambda record: record.id)

    def last_number(self, org: str, kind: str, series: str) -> int:
        last = self._numbers.get((org, kind, series))
        return last if last is not None else self.reader.last_number(org, kind, series)

    def entry(self, org: str, entry: str) -> KnownEntry | None:
        return self.changes.entries.get((org, entry)) or self.reader.entry(org, entry)

    def unmade(self, org: str, record: str) -> str | None:
        own = [
            entry
            for (o, r, entry), stands in self.changes.unmade.items()
            if stands and (o, r) == (org, record)
        ]
        below = self.reader.unmade(org, record)
        if below is not None and self.changes.unmade.get((org, record, below), True):
            return below
        return own[0] if own else None

    def waiting(self, org: str, entry: str) -> Sequence[KnownEntry]:
        below = {known.id: known for known in self.reader.waiting(org, entry)}
        entries = self.changes.entries
        for id in below.keys() | self._waiting.get((org, entry), set()):
            known = entries.get((org, id)) or below[id]
            if known.verdict == "held" and known.waits == entry:
                below[id] = known
            else:
                below.pop(id, None)
        return sorted(below.values(), key=_by_feed)

    def held_kinds(self, org: str) -> Sequence[KnownEntry]:
        return self.reader.held_kinds(org)

    def rights(self, holder: str) -> Sequence[Right]:
        if not any(right.holder == holder for right in self.changes.rights.values()):
            return self.reader.rights(holder)
        rows = {_right_key(right): right for right in self.reader.rights(holder)}
        rows |= {k: right for k, right in self.changes.rights.items() if right.holder == holder}
        return sorted(rows.values(), key=lambda right: (right.since, right.sort, right.value))

    def rights_from(self, source: str) -> Sequence[Right]:
        if not any(right.source == source for right in self.changes.rights.values()):
            return self.reader.rights_from(source)
        rows = {_right_key(right): right for right in self.reader.rights_from(source)}
        rows |= {k: right for k, right in self.changes.rights.items() if right.source == source}
        return [rows[key] for key in sorted(rows) if rows[key].until is None]

    def scope(self, scope: str) -> ScopeHead | None:
        return self.changes.scopes.get(scope) or self.reader.scope(scope)

    def spot(self, scope: str, record: str) -> Spot | None:
        return self.changes.spots.get((scope, record)) or self.reader.spot(scope, record)

    def blob(self, org: str, sha256: str) -> BlobReceipt | None:
        for receipt in self._blobs.get(sha256, ()):
            device = self.device(receipt.device)
            if device is not None and device.org == org:
                return receipt
        return self.reader.blob(org, sha256)

    def naming(self, org: str, sha256: str) -> Sequence[str]:
        own = self._naming.get((org, sha256), set())
        return sorted(own | set(self.reader.naming(org, sha256)))

    # writing ----------------------------------------------------------------------------------
    def place(self, org: str, scope: str, record: str, rev: str, body: bytes | None) -> int:
        """A live row at the scope's next position (S02); answers the position."""
        return self._place(org, scope, record, rev, body, gone=False)

    def remove(self, org: str, scope: str, record: str, rev: str) -> int:
        return self._place(org, scope, record, rev, None, gone=True)

    def _place(
        self, org: str, scope: str, record: str, rev: str, body: bytes | None, *, gone: bool
    ) -> int:
        head = self.scope(scope) or ScopeHead(0, EMPTY)
        before = self.spot(scope, record)
        digest = head.digest
        if before is not None and not before.gone:
            digest = xor(digest, member(record, before.rev))
        if not gone:
            digest = xor(digest, member(record, rev))
        position = head.position + 1
        self.changes.scopes[scope] = ScopeHead(position, digest)
        self.changes.spots[scope, record] = Spot(scope, record, org, position, rev, gone, body)
        return position

    def put_receipt(self, receipt: Receipt | BlobReceipt) -> None:
        self.changes.receipts.append(receipt)
        self._received[receipt.epoch, receipt.number] = receipt.at
        if isinstance(receipt, Receipt):
            self._newest[receipt.device, receipt.n] = receipt
        else:
            self._blobs.setdefault(receipt.blob, []).append(receipt)

    def put_record(self, record: Record) -> None:
        self.changes.records[record.id] = record
        self._kinds.setdefault((record.org, record.kind), set()).add(record.id)
        if record.number is not None:
            place = (record.org, record.kind, record.number.series)
            self._numbers[place] = max(record.number.count, self.last_number(*place))
        if record.subject is not None:
            self._followers.setdefault(record.subject, set()).add(record.id)

    def put_names(
        self, org: str, device: str, n: int, records: Sequence[str], blobs: Sequence[str]
    ) -> None:
        """Which records and blobs a line speaks of, whatever becomes of it."""
        self.changes.touched += [(org, record, device, n) for record in records]
        self.changes.blobs += [(org, sha256, device, n) for sha256 in blobs]
        for sha256 in blobs:
            self._naming.setdefault((org, sha256), set()).update(records)

    def put_entry(self, known: KnownEntry) -> None:
        self.changes.entries[known.org, known.id] = known
        if known.waits is not None:
            self._waiting.setdefault((known.org, known.waits), set()).add(known.id)

    def put_right(self, right: Right) -> None:
        self.changes.rights[_right_key(right)] = right

    def absorb(self, tried: "World") -> None:
        """Takes over what a trial on top of this world has changed."""
        mine, its = self.changes, tried.changes
        mine.ledger = its.ledger or mine.ledger
        mine.lines |= its.lines
        self._newest |= tried._newest
        self._received |= tried._received
        for subject, followers in tried._followers.items():
            self._followers.setdefault(subject, set()).update(followers)
        for place, ids in tried._kinds.items():
            self._kinds.setdefault(place, set()).update(ids)
        self._numbers |= tried._numbers
        for waits, entries in tried._waiting.items():
            self._waiting.setdefault(waits, set()).update(entries)
        for named, records in tried._naming.items():
            self._naming.setdefault(named, set()).update(records)
        for blob, receipts in tried._blobs.items():
            self._blobs.setdefault(blob, []).extend(receipts)
        mine.receipts += its.receipts
        mine.positions |= its.positions
        mine.touched += its.touched
        mine.blobs += its.blobs
        mine.devices |= its.devices
        mine.records |= its.records
        mine.entries |= its.entries
        mine.unmade |= its.unmade
        mine.spots |= its.spots
        mine.scopes |= its.scopes
        mine.rights |= its.rights


def _right_key(right: Right) -> tuple[str, str, str, str, int]:
    return (right.holder, right.sort, right.value, right.source, right.since)


def _by_feed(known: KnownEntry) -> tuple[str, int]:
    return (known.device, known.n)


class Nothing:
    """A ledger nobody has written to: what a replay, or a test, begins on."""

    def __init__(self, epoch: str) -> None:
        self.epoch = epoch

    def ledger(self) -> Ledger:
        return Ledger(self.epoch, 0, FIRST_CHAIN)

    def device(self, device: str) -> Device | None:
        return None

    def line(self, device: str, n: int) -> Line | None:
        return None

    def line_by_hash(self, device: str, hash: str) -> int | None:
        return None

    def newest(self, device: str, n: int) -> Receipt | None:
        return None

    def received_at(self, epoch: str, number: int) -> int | None:
        return None

    def record(self, record: str) -> Record | None:
        return None

    def followers(self, record: str) -> Sequence[str]:
        return ()

    def during(self, org: str, kind: str, span: Span) -> Sequence[Record]:
        return ()

    def alike(self, org: str, kind: str, field: str, value: str) -> Sequence[Record]:
        return ()

    def last_number(self, org: str, kind: str, series: str) -> int:
        return 0

    def entry(self, org: str, entry: str) -> KnownEntry | None:
        return None

    def unmade(self, org: str, record: str) -> str | None:
        return None

    def waiting(self, org: str, entry: str) -> Sequence[KnownEntry]:
        return ()

    def held_kinds(self, org: str) -> Sequence[KnownEntry]:
        return ()

    def rights(self, holder: str) -> Sequence[Right]:
        return ()

    def rights_from(self, source: str) -> Sequence[Right]:
        return ()

    def scope(self, scope: str) -> ScopeHead | None:
        return None

    def spot(self, scope: str, record: str) -> Spot | None:
        return None

    def blob(self, org: str, sha256: str) -> BlobReceipt | None:
        return None

    def naming(self, org: str, sha256: str) -> Sequence[str]:
        return ()
