"""What the lines say against what the store holds: two stores, walked side by side."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from hushui.storage import codec
from hushui.storage.store import Store, StoredRecord
from hushui.verify.finding import Finding, What
from hushui_sync.world import ScopeHead, Spot

T = TypeVar("T")
Key = tuple[Any, ...]


def compare(expected: Store, found: Store) -> Iterator[Finding]:
    """``expected`` was written from the lines alone. Inside `reading` of the found one."""
    yield from _pairs(
        "file", expected.every_table(), found.every_table(), lambda table: (table[0],)
    )
    yield from _pairs(
        "line", expected.every_line(), found.every_line(), lambda line: (line.device, line.n), ":"
    )
    yield from _pairs(
        "line", expected.every_arrival(), found.every_arrival(), lambda came: came[:2], ":"
    )
    yield from receipts(expected, found)
    yield from _records(expected, found)
    yield from _spots(expected, found)
    yield from _pairs("scope", expected.every_scope(), found.every_scope(), _scope)
    yield from _entries(expected, found)
    yield from _pairs(
        "right",
        expected.every_right(),
        found.every_right(),
        lambda right: (right.holder, right.sort, right.value, right.source, right.since),
    )
    yield from _pairs(
        "device", expected.every_device(), found.every_device(), lambda device: (device.id,)
    )
    yield from _words(expected, found)
    yield from _index("waits as", expected.every_unaccepted(), found.every_unaccepted())
    yield from _index("would make", expected.every_unmade(), found.every_unmade())
    yield from _index("speaks of", expected.every_touched(), found.every_touched())
    yield from _index("names", expected.every_naming(), found.every_naming())


def _scope(head: tuple[str, ScopeHead]) -> Key:
    return (head[0],)


def receipts(expected: Store, found: Store) -> Iterator[Finding]:
    """Their chains hold, so another one means that the lines now lead to other rows."""
    for one, other in zip(expected.every_receipt(), found.every_receipt(), strict=False):
        if one != other:
            where = f"{other.epoch}:{other.number}"
            yield Finding("replay", where, "from here on the lines lead to other receipts")
            return


def _entries(expected: Store, found: Store) -> Iterator[Finding]:
    pairs = _joined(
        expected.every_entry(), found.every_entry(), lambda known: (known.org, known.id)
    )
    for (_, id), one, other in pairs:
        if one != other:
            yield Finding("entry", id, _said(one, other))


def _records(expected: Store, found: Store) -> Iterator[Finding]:
    pairs = _joined(expected.every_record(), found.every_record(), lambda record: (record.id,))
    for (id,), one, other in pairs:
        if one is None or other is None:
            yield Finding("row", id, _said(one, other))
        elif one != other:
            yield from _record(one, other)


def _record(one: StoredRecord, other: StoredRecord) -> Iterator[Finding]:
    parts = (("body", one.body, other.body), ("inner", one.inner, other.inner))
    for part, expected, found in parts:
        if fault := _difference(expected, found):
            yield _in_record(one, fault, part)
    if one.body == other.body and one.inner == other.inner:
        yield Finding("row", one.id, "its columns say another thing")


def _in_record(one: StoredRecord, fault: tuple[str, int], part: str) -> Finding:
    member, index = fault
    conflicts = codec.record(one.inner).conflicts
    if member == "conflicts" and conflicts:
        field = conflicts[min(index, len(conflicts) - 1)].field
        return Finding("conflict", f"{one.id} {field}", f"differs in its {part}")
    return Finding("row", one.id, f"differs in its {part}, at {member}")


def _difference(expected: bytes, found: bytes) -> tuple[str, int] | None:
    """The member of the expected JSON object where the first other byte lies, and its element."""
    if expected == found:
        return None
    both = min(len(expected), len(found))
    at = next((i for i in range(both) if expected[i] != found[i]), both)
    end = 1
    for member, value in msgspec.json.decode(expected, type=dict[str, Raw]).items():
        begin = end + len(msgspec.json.encode(member)) + 1
        end = begin + len(bytes(value)) + 1
        if at < end:
            return member, _element(bytes(value), at - begin)
    return "its end", 0


def _element(value: bytes, at: int) -> int:
    """Which element of a JSON array holds this byte; 0 for anything else."""
    if not value.startswith(b"["):
        return 0
    end = 1
    for index, element in enumerate(msgspec.json.decode(value, type=list[Raw])):
        end += len(bytes(element)) + 1
        if at < end:
            return index
    return 0


def _spots(expected: Store, found: Store) -> Iterator[Finding]:
    pairs = _joined(
        expected.every_spot(), found.every_spot(), lambda spot: (spot.scope, spot.record)
    )
    for key, one, other in pairs:
        where = " ".join(key)
        if other is None and one is not None and _forgotten(one, found):
            continue
        if one is None or other is None:
            yield Finding("position", where, _said(one, other))
            continue
        if _place(one) != _place(other):
            yield Finding("position", where, f"is {_place(other)}, should be {_place(one)}")
        if one.body != other.body:
            yield Finding("row", where, "differs in its body")


def _forgotten(spot: Spot, found: Store) -> bool:
    """By compaction, as the floor of its scope says."""
    return spot.gone and spot.position <= found.floor(spot.scope)


def _words(expected: Store, found: Store) -> Iterator[Finding]:
    """Once for each record, by its place in the table."""
    pairs = _differing(expected.every_word(), found.every_word(), lambda word: word)
    wrong = sorted({seq for (_, seq, *_), _, _ in pairs})
    ids = {record.seq: record.id for record in expected.every_record()} if wrong else {}
    for seq in wrong:
        where = ids.get(seq, str(seq))
        yield Finding("index", where, "the words it is found by are not those of its fields")


def _place(spot: Spot) -> tuple[int, str, bool, str]:
    return (spot.position, spot.rev, spot.gone, spot.org)


def _index(says: str, expected: Iterable[Key], found: Iterable[Key]) -> Iterator[Finding]:
    for key, one, _ in _differing(expected, found, lambda row: row):
        _, thing, *line = key
        by = ":".join(map(str, line))
        not_there = f"{by} {says} it, and that is not there"
        yield Finding("index", thing, not_there if one else f"no line says that {by} {says} it")


def _pairs(
    what: What,
    expected: Iterable[T],
    found: Iterable[T],
    key: Callable[[T], Key],
    between: str = " ",
) -> Iterator[Finding]:
    for where, one, other in _differing(expected, found, key):
        yield Finding(what, between.join(map(str, where)), _said(one, other))


def _said(one: object | None, other: object | None) -> str:
    if other is None:
        return "is not there"
    return "no line says so" if one is None else f"is {other}, should be {one}"


def _differing(
    expected: Iterable[T], found: Iterable[T], key: Callable[[T], Key]
) -> Iterator[tuple[Key, T | None, T | None]]:
    return (pair for pair in _joined(expected, found, key) if pair[1] != pair[2])


def _joined(
    expected: Iterable[T], found: Iterable[T], key: Callable[[T], Key]
) -> Iterator[tuple[Key, T | None, T | None]]:
    """Both in order of the key, side by side; None where one has nothing."""
    left, right = iter(expected), iter(found)
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and key(one) < key(other)):
            assert one is not None
            yield key(one), one, None
            one = next(left, None)
        elif one is None or key(other) < key(one):
            yield key(other), None, other
            other = next(right, None)
        else:
            yield key(one), one, other
            one, other = next(left, None), next(right, None)
