"""What holds for every history, and that a ledger follows from its lines and receipts alone."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from hushui_sync import digest
from hushui_sync.entry import Entry, read
from hushui_sync.errors import UNACCEPTED
from hushui_sync.guards import Neighbours
from hushui_sync.messages import Receipt, Receipts
from hushui_sync.world import Changes
from tests.support import ids
from tests.support.books import ORG, ZONE, Books
from tests.support.phone import Phone, hazard, op
from tests.sync.history import Play, Turn, at_once, histories, line_by_line
from tests.sync.replay import replay

random = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def same(one: Changes, other: Changes) -> None:
    for name in one.__struct_fields__:
        a, b = getattr(one, name), getattr(other, name)
        assert (sorted(a) == sorted(b)) if name in ("touched", "blobs") else (a == b), name


@given(histories)
@random
def test_P04_R01_cut_anywhere_and_sent_twice_it_is_the_same_ledger(history: list[Turn]) -> None:
    once = Play(at_once).play(history)
    twice = Play(line_by_line).play(history)
    same(once.world.changes, twice.world.changes)


@given(histories)
@random
def test_R01_R05_S02_G01_T03_V10_what_holds_for_every_history(history: list[Turn]) -> None:
    books = Play(at_once).play(history)
    changes = books.world.changes
    newest = {(r.device, r.n): r for r in changes.receipts if isinstance(r, Receipt)}
    assert newest.keys() == changes.lines.keys()
    assert [r.number for r in changes.receipts] == list(range(1, len(changes.receipts) + 1))
    assert "internal" not in {r.code for r in newest.values()}
    for (device, n), line in changes.lines.items():
        before = changes.lines.get((device, n - 1))
        assert before is None or before.eff <= line.eff
        assert line.eff <= line.received
        assert books.world.newest(device, n) == newest[device, n]
    positions = [place for places in changes.positions.values() for place in places]
    for scope, head in changes.scopes.items():
        assert sorted(p for s, p in positions if s == scope) == list(range(1, head.position + 1))
        members = [(record, spot.rev) for record, spot in books.rows(scope).items()]
        assert head.digest == digest.scope_digest(members), scope
    stands: dict[str, set[str]] = {}
    for scope in changes.scopes:
        for id in books.rows(scope):
            stands.setdefault(id, set()).add(scope)
    for record in changes.records.values():
        assert stands.get(record.id, set()) == set(record.places)
        above = changes.records.get(record.subject or "")
        assert above is None or above.left == record.left
        pairs = [(c.field, c.author) for c in record.conflicts]
        assert len(pairs) == len(set(pairs))
    _unaccepted_come_home(books, newest)


@given(histories)
@random
def test_V11_flags_say_what_is_so_and_no_two_shifts_are_in_each_others_way(
    history: list[Turn],
) -> None:
    books = Play(at_once).play(history)
    for record in books.world.changes.records.values():
        around = Neighbours(books.world, record)
        doubts = books.policy.doubted(record, around)
        assert {code for code in doubts if code in record.flags} == {
            code for code, holds in doubts.items() if holds
        }
        if not record.deleted:
            assert books.policy.blocked(record, None, around) is None


def _unaccepted_come_home(books: Books, newest: dict[tuple[str, int], Receipt]) -> None:
    """R04, R05: exactly what is not settled."""
    known = {(k.device, k.n): k for k in books.world.changes.entries.values()}
    expected: dict[str, set[str]] = {}
    for (device, n), receipt in newest.items():
        entry = known.get((device, n))
        if receipt.verdict in UNACCEPTED and not (entry is not None and entry.given_up):
            person = books.world.changes.devices[device].person
            expected.setdefault(person, set()).add(f"u:{device}:{n}")
    people = {device.person for device in books.world.changes.devices.values()}
    assert {p: books.unaccepted(p) for p in people if books.unaccepted(p)} == expected


@given(histories)
@random
def test_R02_the_ledger_follows_from_its_lines_and_receipts(history: list[Turn]) -> None:
    books = Play(at_once).play(history)
    again = replayed(books)
    same(books.world.changes, again)


def replayed(books: Books) -> Changes:
    changes = books.world.changes
    # As they were sent, without the text their chains make: that is computed again.
    given = [structs.replace(receipt, chain="") for receipt in changes.receipts]
    lines = {place: line.bytes for place, line in changes.lines.items()}
    return replay(books.policy, ids.EPOCH, books.devices, lines, given, books.seeded).changes


def test_D02_D05_R02_a_replay_with_releases_adoptions_and_a_blob() -> None:
    books = Books()
    li, wen = books.person("li"), books.person("wen", "duty_officer")
    phone, desk = books.phone(li, "phone"), books.phone(wen, "desk")
    old = books.phone(ids.make("nobody any more"), "old phone")
    record, gone = ids.make("record"), f"{ids.make('gone')}:7"
    refused = phone.capture(hazard(record, level="none", zone=ZONE), blobs=["ab" * 32])
    phone.capture(op("hazard", record, note="x"))
    fact = old.capture(hazard(ids.make("b"), zone=ZONE), contact=gone)
    other = old.capture(hazard(ids.make("c"), zone=ZONE), contact=gone)
    for one in (phone, old):
        books.push(one)
    books.now += 30 * 86_400_000
    desk.capture(op("entry", fact, "adopt", entry=fact), op("entry", other, "decline", entry=other))
    books.push(desk)
    books.blob(phone, "ab" * 32)
    phone.capture(hazard(record, zone=ZONE), replaces=refused)
    books.push(phone)
    assert [books.newest(old, n)[:2] for n in (1, 2)] == [
        ("applied", None),
        ("refused", "declined"),
    ]
    assert books.newest(phone, 2)[0] == "applied"
    same(books.world.changes, replayed(books))
    known = books.world.entry(ORG, refused)
    assert known is not None
    assert known.replaced_by is not None


def test_R01_a_replay_names_a_changed_line() -> None:
    books = Play(at_once).play([])
    place = next(iter(books.world.changes.lines))
    line = books.world.changes.lines[place]
    books.world.changes.lines[place] = structs.replace(
        line, bytes=line.bytes.replace(b"acute", b"latent")
    )
    assert replayed(books).records != books.world.changes.records


# --- in any order --------------------------------------------------------------------------------

FACTS = ("put", "put", "put", "del", "undel", "add")
facts = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(FACTS),
        st.sampled_from(("note", "bank")),
        st.integers(0, 2),
        st.booleans(),
        st.integers(-900, -1),
    ),
    min_size=2,
    max_size=9,
)
RECORD = ids.make("record")
SEEN_BY_ALL = ids.NOW - 940
BANKS = ("left", "right", None)


def _lost(books: Books) -> set[tuple[str, str]]:
    """The last word of everybody who does not stand. What all had seen is left out: whether
    somebody overwrote it knowingly depends on who came first."""
    last: dict[tuple[str, str], tuple[int, str, int, str]] = {}
    for line in books.world.changes.lines.values():
        entry = read(line.bytes)
        assert isinstance(entry, Entry)
        for name in entry.ops[0].set if entry.ops[0].act == "put" else ():
            word = (line.eff, line.device, line.n, entry.id)
            last[line.author, name] = max(word, last.get((line.author, name), word))
    record = books.record(RECORD)
    return {
        (c.entry, c.winner)
        for c in record.conflicts
        if c.field == "note" and c.eff > SEEN_BY_ALL and c.entry == last[c.author, c.field][3]
    }


def captured(
    lines: list[tuple[int, str, str, int, bool, int]], deleted: bool, distinct: bool
) -> tuple[Books, list[Phone]]:
    """Four phones of three people who all saw the same record, and what each wrote alone."""
    books = Books()
    people = [books.person(name, "duty_officer") for name in ("li", "hu", "wen")]
    phones = [books.phone(people[i % 3], f"phone {i}") for i in range(4)]
    first = phones[0].capture(op("patrol", RECORD, started=1, note="a"), wall=ids.NOW - 950)
    last: dict[tuple[int, str], str] = {(i, "note"): first for i in range(4)}
    view = dict.fromkeys(range(4), deleted)
    if deleted:
        deletion = phones[0].capture(op("patrol", RECORD, "del"), wall=SEEN_BY_ALL)
        last |= {(i, "$deleted"): deletion for i in range(4)}
    books.push(phones[0])
    for i, (who, act, field, value, sees, wall) in enumerate(lines):
        phone = phones[who]
        base: dict[str, str | None] = {}
        if sees:
            base = {name: last.get((who, name)) for name in ("note", "bank", "$deleted")}
        values: dict[str, Any] = {field: BANKS[value]}
        if field == "note":
            values = {field: f"value {i if distinct else value}"}
        at = ids.NOW + wall
        if act == "put":
            last[who, field] = phone.capture(op("patrol", RECORD, base=base, **values), wall=at)
        elif act == "add":
            visit = {"type": "visit", "checkpoint": RECORD, "at": wall + 1000, "result": "normal"}
            phone.capture(op("patrol", RECORD, "add", **visit), wall=at)
        elif view[who] != (act == "del"):
            view[who] = not view[who]
            last[who, "$deleted"] = phone.capture(op("patrol", RECORD, act, base=base), wall=at)
    return books, phones


@given(facts, st.lists(st.integers(0, 3), min_size=4, max_size=12), st.booleans(), st.booleans())
@settings(random, max_examples=200)
def test_V02_V03_V05_in_any_order_the_same_values_stand(
    lines: list[tuple[int, str, str, int, bool, int]],
    order: list[int],
    deleted: bool,
    distinct: bool,
) -> None:
    stands, lost = [], []
    for turns in (order, []):
        books, phones = captured(lines, deleted, distinct)
        for who in turns:
            n = books.device(phones[who]).n + 1
            assert isinstance(books.take(phones[who], n, phones[who].lines[n - 1 : n]), Receipts)
        for phone in phones:
            books.push(phone)
        record = books.record(RECORD)
        adds = sorted(add["entry"] for add in record.adds)
        stands.append((record.fields, record.stamps, record.deleted, adds))
        lost.append(_lost(books) if distinct else set())
    assert stands[0] == stands[1]
    assert lost[0] == lost[1]
