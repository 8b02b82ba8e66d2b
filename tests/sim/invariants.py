"""What must hold: while people work, and when the faults have stopped and everything has been said.
Each raises AssertionError with what it found; how often each was evaluated is counted."""

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from hushui.ledger import Push
from hushui.verify import verify
from hushui_sync.digest import text as digest_text
from hushui_sync.entry import Entry, read
from hushui_sync.feed import line_hash
from hushui_sync.messages import Receipts
from tests.sim.people import ORG
from tests.sim.truth import is_held

if TYPE_CHECKING:
    from tests.sim.phone import Phone
    from tests.sim.simulation import Simulation

VERIFIED_EVERY = 3
GOOD = ("applied", "merged", "noop")


def usable(sim: "Simulation") -> list["Phone"]:
    return [phone for phone in sim.all if phone.enrolled]


def readers(sim: "Simulation") -> list["Phone"]:
    """Phones that are not revoked: they hear everything."""
    store = sim.server.store
    known = [(phone, store.device(phone.device)) for phone in usable(sim)]
    return [phone for phone, device in known if device is None or device.revoked is None]


def dumps(sim: "Simulation") -> dict[str, dict[str, Any]]:
    """Asked once: nothing moves any more."""
    if not sim.dumps:
        sim.dumps = {phone.name: phone.call("dump") for phone in usable(sim)}
    return sim.dumps


# while people work ------------------------------------------------------------------------------


def digests_agree(sim: "Simulation") -> int:
    """At equal positions of one epoch, equal digests. Answers how many were compared."""
    if not sim.server.open or sim.must_come_first is not None:
        return 0
    store, compared = sim.server.store, 0
    epoch = store.ledger().epoch
    for phone in sim.all:
        if not phone.open:
            continue
        for scope, of, position, digest in phone.call("digests")["digests"]:
            head = store.scope(scope)
            if head is not None and (of, position) == (epoch, head.position):
                assert digest == digest_text(head.digest), (phone.name, scope, position)
                compared += 1
    return compared


def outboxes_are_empty(sim: "Simulation") -> None:
    """H07: some minutes after the last fault nobody has anything left to send."""
    for phone in usable(sim):
        counts = phone.call("counts")["counts"]
        assert counts["lines"] == 0, (phone.name, counts)
        if not sim.is_revoked(phone):
            assert counts["photos"] == 0, (phone.name, counts)
    assert all(phone.enrolled and not phone.moving for phone in sim.all), "not enrolled yet"


# at the end -------------------------------------------------------------------------------------


def captured_is_somewhere(sim: "Simulation") -> int:
    """Every line that was ever captured has a verdict, as it was or under another device; or no
    phone has it any more, and it went with a phone or with a ledger that was put back."""
    store = sim.server.store
    for one in sim.truth.lines.values():
        line = store.line(one.device, one.n)
        if line is not None and line.bytes == one.bytes:
            newest = store.newest(one.device, one.n)
            assert newest is not None, ("no verdict", one)
            assert newest.code != "internal", newest
        else:
            assert is_held(store, one) or one.lost, ("lost", one)
    return len(sim.truth.lines)


def lost_was_announced(sim: "Simulation") -> int:
    """Of a phone whose stores went, the office knows how many lines it had announced; each of them
    that is missing is one that went with it."""
    store, count = sim.server.store, 0
    for device in sim.evicted:
        known, contact = store.device(device), store.contact(device)
        held = known.n if known is not None else 0
        for n in range(held + 1, contact.n + 1 if contact is not None else 0):
            named = [one for one in sim.truth.lines.values() if (one.device, one.n) == (device, n)]
            assert named, ("announced and never captured", device, n)
            assert any(one.lost or is_held(store, one) for one in named), (device, n)
        count += 1
    return count


def told_lost_is_noted(sim: "Simulation") -> int:
    """P11: what a device said to be nowhere any more the office can see; a copy of it may have lost
    more."""
    store = sim.server.store
    for device, first, last in sim.told_lost:
        noted = store.lost(device)
        held = any(it.first == first and it.last >= last for it in noted)
        assert held, (device, first, last, noted)
    return len(sim.told_lost)


def one_verdict_each(sim: "Simulation") -> int:
    """Each line has one current verdict, and whoever asks is told the same one."""
    store = sim.server.store
    entries = {(known.device, known.n): known for known in store.every_entry()}
    waiting = {(device, n) for _, device, n in store.every_unaccepted()}
    ledger, seen = store.ledger(), set[str]()
    lines = list(store.every_line())
    for line in lines:
        newest = store.newest(line.device, line.n)
        assert newest is not None, line
        known = entries.get((line.device, line.n))
        if known is not None:
            assert known.verdict == newest.verdict, (known, newest)
            assert known.id not in seen, known
            seen.add(known.id)
        assert ((line.device, line.n) in waiting) == (newest.verdict not in GOOD), newest
        assert newest.number <= ledger.number
    return len(lines)


def phones_know_their_verdicts(sim: "Simulation") -> int:
    store, count = sim.server.store, 0
    for phone in readers(sim):
        for line in dumps(sim)[phone.name]["lines"]:
            newest = store.newest(phone.device, line["n"])
            assert newest is not None, (phone.name, line)
            known = line["receipt"]
            if known is None:
                assert newest.verdict in GOOD, (phone.name, line)
                continue
            told = (known["number"], known["verdict"])
            assert told == (newest.number, newest.verdict), (phone.name, line, newest)
            count += 1
    return count


def known_kinds_are_judged(sim: "Simulation") -> int:
    """V08: nothing waits for a kind that the server knows."""
    store = sim.server.store
    waiting = [known for known in store.held_kinds(ORG) if not known.given_up]
    held = [(known, store.line(known.device, known.n)) for known in waiting]
    for known, line in held:
        entry = read(line.bytes) if line is not None else None
        assert isinstance(entry, Entry)
        unknown = [op.kind for op in entry.ops if not sim.server.policy.kind_known(op.kind)]
        assert unknown, known
    return 1


def views_converge(sim: "Simulation") -> int:
    """Every phone holds of its scopes exactly what the server holds, and the same digest."""
    store, count = sim.server.store, 0
    for phone in readers(sim):
        dump = dumps(sim)[phone.name]
        rows = {row["record"]: row for row in dump["rows"]}
        scopes = dump["state"]["scopes"]
        for scope in dump["state"]["meta"]["grants"]:
            mine = dict(scopes.get(scope, {}).get("members", []))
            theirs = dict(store.members(scope))
            assert mine == theirs, (phone.name, scope, differing(mine, theirs))
            head = store.scope(scope)
            if head is not None:
                assert scopes[scope]["digest"] == digest_text(head.digest), (phone.name, scope)
                assert scopes[scope]["cursor"]["position"] == head.position, (phone.name, scope)
            shown = [record for record in sorted(theirs) if record[:2] not in ("r:", "b:")]
            for row in store.live_rows(scope, shown):
                assert row.body is not None
                body = json.loads(bytes(row.body))
                assert rows[row.record]["body"] == body, (phone.name, row.record)
                if "field_of_tomorrow" in body.get("fields", {}):
                    sim.fire("unknown field kept")
            count += 1
    return count


def differing(mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    keys = sorted(mine.keys() | theirs.keys())
    return {k: (mine.get(k), theirs.get(k)) for k in keys if mine.get(k) != theirs.get(k)}


def grants_are_the_servers(sim: "Simulation") -> int:
    """What a phone may read is what the rights now give."""
    for phone in readers(sim):
        person = sim.server.store.record(phone.person.id)
        org = f"org:{ORG}" in dumps(sim)[phone.name]["state"]["meta"]["grants"]
        assert person is not None
        assert org == (not person.deleted), (phone.name, person.deleted)
    return 1


def revoked_is_gone(sim: "Simulation") -> int:
    """No row is on a phone that none of its scopes, and no open line of its own, holds there. What
    a ledger gave that was put back to before, no ledger ever takes away again (S09)."""
    epoch = sim.server.store.ledger().epoch
    for phone in usable(sim):
        dump = dumps(sim)[phone.name]
        granted = set(dump["state"]["meta"]["grants"])
        if sim.is_revoked(phone):
            granted = {f"device:{phone.device}"}
        for scope, held in dump["state"]["scopes"].items():
            of = (held["cursor"] or {}).get("epoch", epoch)
            assert scope in granted or not held["members"] or of != epoch, (phone.name, scope)
    return len(usable(sim))


def times_are_in_bounds(sim: "Simulation") -> int:
    """T03: never after receipt, never backwards inside a feed."""
    last: dict[str, int] = {}
    count = 0
    for line in sim.server.store.every_line():
        assert line.eff <= max(line.received, last.get(line.device, 0)), line
        assert line.eff >= last.get(line.device, line.eff), line
        last[line.device] = line.eff
        count += 1
    return count


def numbers_have_no_holes(sim: "Simulation") -> int:
    """V12: in each series 1, 2, 3 …, each once."""
    given: dict[tuple[str, str, str], list[int]] = {}
    for stored in sim.server.store.every_record():
        record = sim.server.store.record(stored.id)
        assert record is not None
        if record.number is not None:
            series = (record.org, record.kind, record.number.series)
            given.setdefault(series, []).append(record.number.count)
    for series, counts in given.items():
        assert sorted(counts) == [*range(1, len(counts) + 1)], (series, counts)
    return len(given)


def photos_are_accounted_for(sim: "Simulation") -> int:
    """A photo that a line names is at the server, whole; or on a phone that may not send it; or a
    phone says that it is lost; or no phone that has the line is left to say so."""
    store, files, count = sim.server.store, sim.server.files, 0
    named: dict[str, set[str]] = {}
    for one in sim.truth.lines.values():
        entry = read(one.bytes)
        for name in entry.blobs if isinstance(entry, Entry) else ():
            named.setdefault(name, set()).update(one.copies)
    for name, phones in sorted(named.items()):
        count += 1
        file = files.open(name)
        if file is not None and store.blob(ORG, name) is not None:
            with file:
                assert file.read() == sim.photos[name], name
            continue
        live = [it for it in sim.all if it.enrolled and it.name in phones]
        assert not live or any(_accounts(sim, it, name) for it in live), (name, phones)
    return count


def _accounts(sim: "Simulation", phone: "Phone", name: str) -> bool:
    dump = dumps(sim)[phone.name]
    held = any(blob["sha256"] == name and blob["held"] for blob in dump["blobs"])
    return name in dump["counts"]["lost"] or (held and sim.is_revoked(phone))


def unaccepted_came_home(sim: "Simulation") -> int:
    store, count = sim.server.store, 0
    for phone in readers(sim):
        rows = {row["record"] for row in dumps(sim)[phone.name]["rows"]}
        for known, line, _ in store.unaccepted(ORG):
            if line.device == phone.device:
                row = f"u:{line.device}:{line.n}"
                assert row in rows, (phone.name, row, known)
                count += 1
    return count


def replay_changes_nothing(sim: "Simulation") -> int:
    """Any beginning of a feed once more: the same receipts, and the ledger has not moved."""
    ledger, store = sim.server.ledger, sim.server.store
    before, scopes, count = store.ledger(), list(store.every_scope()), 0
    for name in sorted({phone.name for phone in usable(sim)} | {sim.old.name}):
        feed = sim.truth.feed(name)
        if not feed:
            continue
        upto = sim.chance.randint(1, len(feed))
        device = feed[1].device
        lines = tuple(feed[n].bytes for n in range(1, upto + 1))
        answer = ledger.drain([Push(device, 1, lines)])[0]
        assert isinstance(answer, Receipts), (name, answer)
        newest = [store.newest(device, n) for n in range(1, upto + 1)]
        assert list(answer.receipts) == newest, name
        count += 1
    assert store.ledger() == before
    assert list(store.every_scope()) == scopes
    return count


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


def overwritten_values_are_kept(sim: "Simulation") -> int:
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
    return len(written)


def the_ledger_verifies(sim: "Simulation") -> int:
    """It judges every line once more: of every third seed, which leaves time for more seeds."""
    if sim.seed % VERIFIED_EVERY:
        return 0
    findings = verify(sim.server.store, sim.server.files, sim.server.policy, beside=sim.folder)
    assert not findings, findings[:5]
    return 1


def chains_hold(sim: "Simulation") -> int:
    """C01, C02: two tabs never wrote the same n."""
    for phone in usable(sim):
        prev = "0" * 32
        feed = sim.truth.feed(phone.name)
        assert sorted(feed) == [*range(1, len(feed) + 1)], phone.name
        there = [one.n for one in sim.truth.lines.values() if phone.name in one.copies]
        gone = sim.truth.gone.get(phone.name, set())
        assert sorted([*there, *gone]) == sorted(feed), ("two lines of one number", phone.name)
        for n in sorted(feed):
            entry = read(feed[n].bytes)
            assert isinstance(entry, Entry)
            assert (entry.prev, entry.n) == (prev, n), (phone.name, n)
            prev = line_hash(feed[n].bytes)
    return len(usable(sim))


def what_left_is_closed(sim: "Simulation") -> int:
    """S11: nobody had to judge it when it left, and whatever came since brought it back."""
    store = sim.server.store
    stands = {spot.record for spot in store.every_spot() if not spot.gone}
    left = 0
    for stored in store.every_record():
        record = store.record(stored.id)
        assert record is not None
        if not record.left:
            continue
        assert record.id not in stands, record
        judged = stored.deleted or stored.state in ("approved", "rejected")
        assert judged or record.subject is not None, record
        left += 1
    return left


AT_THE_END = (
    outboxes_are_empty,
    captured_is_somewhere,
    lost_was_announced,
    told_lost_is_noted,
    one_verdict_each,
    phones_know_their_verdicts,
    known_kinds_are_judged,
    digests_agree,
    views_converge,
    grants_are_the_servers,
    revoked_is_gone,
    times_are_in_bounds,
    numbers_have_no_holes,
    photos_are_accounted_for,
    unaccepted_came_home,
    overwritten_values_are_kept,
    what_left_is_closed,
    chains_hold,
    replay_changes_nothing,
    the_ledger_verifies,
)
