"""What must hold when the faults have stopped and everything has been said. Each raises
AssertionError with what it found; `checked` counts how often each was evaluated."""

import json
from collections import Counter
from typing import Any

from msgspec import Struct

from hushui.ledger import Push
from hushui.verify import verify
from hushui_sync.entry import Entry, read
from hushui_sync.feed import line_hash
from hushui_sync.messages import Receipts
from tests.sim.people import ORG
from tests.sim.simulation import Simulation


def check(sim: Simulation, checked: Counter[str]) -> None:
    for invariant in ALL:
        invariant(sim)
        checked[invariant.__name__] += 1


def every_line_has_one_verdict(sim: Simulation) -> None:
    """Nothing that was captured is missing, byte for byte, and each line is answered."""
    for phone in sim.all:
        device = sim.server.store.device(phone.person.device)
        assert device is not None
        assert device.n == len(phone.captured), (phone.name, device.n, len(phone.captured))
        for n, line in phone.captured.items():
            stored = sim.server.store.line(device.id, n)
            assert stored is not None, (phone.name, n)
            assert stored.bytes == line, (phone.name, n)
            newest = sim.server.store.newest(device.id, n)
            assert newest is not None, (phone.name, n)
            assert newest.code != "internal", newest


def phones_know_their_verdicts(sim: Simulation) -> None:
    for phone in sim.all:
        for line in phone.dump()["lines"]:
            newest = sim.server.store.newest(phone.person.device, line["n"])
            assert newest is not None
            known = line["receipt"]
            if known is None:
                assert newest.verdict in ("applied", "merged", "noop"), (phone.name, line)
                continue
            told = (known["number"], known["verdict"])
            assert told == (newest.number, newest.verdict), (phone.name, line, newest)


def outboxes_are_empty(sim: Simulation) -> None:
    for phone in sim.all:
        counts = phone.dump()["counts"]
        assert counts["lines"] == 0, (phone.name, counts)
        assert counts["photos"] == 0, (phone.name, counts)


def views_converge(sim: Simulation) -> None:
    """Every phone holds of its scopes exactly what the server holds, and the same digest."""
    store = sim.server.store
    for phone in sim.all:
        dump = phone.dump()
        rows = {row["record"]: row for row in dump["rows"]}
        scopes = dump["state"]["scopes"]
        for scope in dump["state"]["meta"]["grants"]:
            mine = dict(scopes.get(scope, {}).get("members", []))
            theirs = dict(store.members(scope))
            assert mine == theirs, (phone.name, scope, differing(mine, theirs))
            head = store.scope(scope)
            if head is not None:
                assert scopes[scope]["digest"] == head.digest.hex(), (phone.name, scope)
                assert scopes[scope]["cursor"]["position"] == head.position, (phone.name, scope)
            shown = [record for record in sorted(theirs) if record[:2] not in ("r:", "b:")]
            for row in store.live_rows(scope, shown):
                assert row.body is not None
                body = json.loads(bytes(row.body))
                assert rows[row.record]["body"] == body, (phone.name, row.record)


def differing(mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    keys = sorted(mine.keys() | theirs.keys())
    return {k: (mine.get(k), theirs.get(k)) for k in keys if mine.get(k) != theirs.get(k)}


def revoked_scopes_are_gone(sim: Simulation) -> None:
    """No row is on a phone that none of its scopes, and no open line of its own, holds there."""
    for phone in sim.all:
        dump = phone.dump()
        granted = set(dump["state"]["meta"]["grants"])
        for scope, held in dump["state"]["scopes"].items():
            assert scope in granted or not held["members"], (phone.name, scope)


def times_are_in_bounds(sim: Simulation) -> None:
    """T03: never after receipt, never backwards inside a feed."""
    last: dict[str, int] = {}
    for line in sim.server.store.every_line():
        assert line.eff <= max(line.received, last.get(line.device, 0)), line
        assert line.eff >= last.get(line.device, line.eff), line
        last[line.device] = line.eff


def numbers_have_no_holes(sim: Simulation) -> None:
    """V12: in each series 1, 2, 3 …, each once."""
    given: dict[tuple[str, str, str], list[int]] = {}
    for stored in sim.server.store.every_record():
        record = sim.server.store.record(stored.id)
        assert record is not None
        if record.number is not None:
            series = (record.org, record.kind, record.number.series)
            given.setdefault(series, []).append(record.number.count)
    assert given
    for series, counts in given.items():
        assert sorted(counts) == [*range(1, len(counts) + 1)], (series, counts)


def photos_arrived(sim: Simulation) -> None:
    named = {name for _, name, _, _ in sim.server.store.every_naming()}
    for phone in sim.all:
        for name, bytes in phone.photos.items():
            if name not in named:
                continue  # its line was killed before it was captured
            with sim.server.files.open(name) or _missing(name) as file:
                assert file.read() == bytes, name
            assert sim.server.store.blob(ORG, name) is not None, name


def _missing(name: str) -> Any:
    raise AssertionError(f"photo {name} never arrived")


def unaccepted_came_home(sim: Simulation) -> None:
    store = sim.server.store
    for phone in sim.all:
        rows = {row["record"] for row in phone.dump()["rows"]}
        for known, line, _ in store.unaccepted(ORG):
            if line.device == phone.person.device:
                row = f"u:{line.device}:{line.n}"
                assert row in rows, (phone.name, row, known)


def replay_changes_nothing(sim: Simulation) -> None:
    """Every line once more: the same receipts, and the ledger has not moved."""
    ledger, before = sim.server.ledger, sim.server.store.ledger()
    for phone in sim.all:
        lines = tuple(phone.captured[n] for n in sorted(phone.captured))
        answer = ledger.drain([Push(phone.person.device, 1, lines)])[0]
        assert isinstance(answer, Receipts), answer
        assert len(answer.receipts) == len(lines)
    assert sim.server.store.ledger() == before


class Written(Struct, frozen=True):
    """One field as one accepted line wrote it. ``place``: in order of arrival."""

    place: int
    entry: str
    device: str
    author: str
    value: Any
    saw: str | None


def _excuses(other: Written, one: Written) -> bool:
    """V03: an equal value, or a later one of the same person."""
    later = other.device != one.device or other.place > one.place
    return other.value == one.value or (other.author == one.author and later)


def overwritten_values_are_kept(sim: Simulation) -> None:
    """Every value anybody wrote stands, or was overwritten by somebody who had seen it or by its
    own author, or is the same, or was settled, or lies in a conflict under its author's name."""
    store = sim.server.store
    written: dict[tuple[str, str], list[Written]] = {}
    settled: dict[tuple[str, str], int] = {}
    replaced: dict[str, str] = {}
    arrived = {(device, n): seq for device, n, seq in store.every_arrival()}
    for line in store.every_line():
        entry, newest = read(line.bytes), store.newest(line.device, line.n)
        assert newest is not None
        if not isinstance(entry, Entry) or newest.verdict not in ("applied", "merged"):
            continue
        if entry.replaces is not None:
            replaced[entry.replaces] = entry.id
        place = arrived[line.device, line.n]
        for op in entry.ops:
            if op.act == "settle":
                field = (op.record, str(op.set.get("field")))
                settled[field] = max(place, settled.get(field, 0))
            for name, value in op.set.items() if op.act == "put" else ():
                one = Written(place, entry.id, line.device, line.author, value, op.base.get(name))
                written.setdefault((op.record, name), []).append(one)
    for (id, name), values in written.items():
        record = store.record(id)
        assert record is not None, id
        for one in values:
            others = [other for other in values if other.entry != one.entry]
            assert (
                record.stamps[name].entry == one.entry
                or settled.get((id, name), 0) > one.place
                or any(c.field == name and c.author == one.author for c in record.conflicts)
                or any(_excuses(other, one) for other in others)
                or any(one.entry in (o.saw, replaced.get(o.saw or "")) for o in others)
            ), (id, name, one, record)


def the_ledger_verifies(sim: Simulation) -> None:
    findings = verify(sim.server.store, sim.server.files, sim.server.policy, beside=sim.folder)
    assert not findings, findings[:5]


def chains_hold(sim: Simulation) -> None:
    for phone in sim.all:
        prev = "0" * 32
        for n in sorted(phone.captured):
            entry = read(phone.captured[n])
            assert isinstance(entry, Entry)
            assert entry.prev == prev, (phone.name, n)
            prev = line_hash(phone.captured[n])


ALL = (
    every_line_has_one_verdict,
    phones_know_their_verdicts,
    outboxes_are_empty,
    views_converge,
    revoked_scopes_are_gone,
    times_are_in_bounds,
    numbers_have_no_holes,
    photos_arrived,
    unaccepted_came_home,
    overwritten_values_are_kept,
    chains_hold,
    replay_changes_nothing,
    the_ledger_verifies,
)
