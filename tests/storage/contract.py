"""What a store is, as tests. A backend's test file names its factory and inherits the class."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from msgspec import structs

from hushui.storage.store import (
    Account,
    Code,
    Contact,
    Ending,
    Lost,
    Org,
    RecordQuery,
    Reporters,
    Session,
    Store,
    Term,
    Upload,
)
from hushui_sync.digest import scope_digest
from hushui_sync.feed import FIRST_CHAIN, receipt_chain
from hushui_sync.messages import Receipt, RecordBody, Row
from hushui_sync.rows import body, receipt_plain
from hushui_sync.working import World
from hushui_sync.world import Changes, Number, Record, Right, Span
from tests.storage.scribe import ZONE, Scribe, conflict, record, review
from tests.support import ids

ORG, OTHER = ids.make("org"), ids.make("other org")
PHOTO, FILM = sha256(b"photo").hexdigest(), sha256(b"film").hexdigest()
BUDGETS = (1, 100, 700, 1_500, 10_000, 1_000_000)
FOUND = (
    "闸",
    "涵闸",
    "启闭机",
    "涵闸启闭机漏油",
    "漏油 涵闸",
    "k12",
    "K12+300",
    "ｋ１２",
    "。闸。",
)
Factory = Callable[[], Store]


class Deliberate(BaseException):
    """Ends a transaction as a kill would."""


class StoreContract:
    @pytest.fixture
    def factory(self) -> Factory:
        """Opens the same store at every call."""
        raise NotImplementedError

    @pytest.fixture
    def store(self, factory: Factory) -> Iterator[Store]:
        store = factory()
        yield store
        store.close()

    @pytest.fixture
    def scribe(self, store: Store) -> Scribe:
        scribe = Scribe(store, ORG)
        scribe.begin()
        return scribe

    @pytest.fixture
    def stranger(self, store: Store, scribe: Scribe) -> Scribe:
        """Of another organisation."""
        stranger = Scribe(store, OTHER)
        stranger.begin()
        return stranger

    # the ledger -------------------------------------------------------------------------------
    def test_a_fresh_store_has_no_epoch(self, store: Store) -> None:
        assert structs.astuple(store.ledger()) == ("", 0, FIRST_CHAIN)

    def test_R01_a_new_epoch_goes_on_counting_and_keeps_everything(
        self, store: Store, scribe: Scribe
    ) -> None:
        written = scribe.write(record("a", ORG), blobs=[PHOTO])
        scribe.blob(PHOTO, 10)
        later = ids.make("later epoch")
        with store.transaction():
            store.new_epoch(later)
        assert structs.astuple(store.ledger()) == (later, 2, FIRST_CHAIN)
        assert store.newest(scribe.device.id, 1) == written
        assert store.received_at(ids.EPOCH, 1) == ids.NOW
        assert store.received_at(later, 2) == ids.NOW
        assert store.received_at(later, 3) is None
        assert store.blob(ORG, PHOTO) is None
        assert store.blob_receipts(ORG, [PHOTO]) == {}
        again = scribe.write(record("b", ORG))
        assert (again.epoch, again.number) == (later, 3)
        assert store.newest(scribe.device.id, 1) == written
        assert [ledger.epoch for ledger in store.every_epoch()] == [ids.EPOCH, later]

    def test_what_was_written_is_there_after_reopening(
        self, factory: Factory, store: Store, scribe: Scribe
    ) -> None:
        receipt = scribe.write(record("a", ORG), blobs=[PHOTO])
        store.close()
        reopened = factory()
        device = reopened.device(scribe.device.id)
        assert device is not None
        assert (device.n, device.hash) == (1, scribe.phone.head.hash)
        assert reopened.ledger().chain == receipt.chain
        assert reopened.newest(device.id, 1) == receipt
        assert reopened.record(ids.make("a")) is not None
        reopened.close()

    def test_lines_are_kept_byte_for_byte_E01(self, store: Store, scribe: Scribe) -> None:
        raw = b'\xff\x00 not even UTF-8 \r "'
        scribe.write(raw=raw, verdict="quarantined", code="unreadable")
        scribe.write(record("a", ORG))
        first, second = store.line(scribe.device.id, 1), store.line(scribe.device.id, 2)
        assert first is not None
        assert second is not None
        assert first.bytes == raw
        assert second.bytes == scribe.phone.lines[1]
        assert store.line(scribe.device.id, 3) is None
        assert store.line_by_hash(scribe.device.id, second.hash) == 2
        assert store.line_by_hash(ids.make("nobody"), second.hash) is None

    def test_a_line_cannot_be_written_twice(self, store: Store, scribe: Scribe) -> None:
        scribe.write(record("a", ORG))
        line = store.line(scribe.device.id, 1)
        assert line is not None
        changes = Changes(lines={(line.device, line.n): line})
        with pytest.raises(Exception, match="line"), store.transaction():
            store.write(changes)

    def test_the_receipt_chain_can_be_computed_again_R02(
        self, store: Store, scribe: Scribe
    ) -> None:
        receipts = [scribe.write(record(name, ORG)) for name in "abc"]
        scribe.blob(PHOTO, 10)
        chain = FIRST_CHAIN
        for stored in store.every_receipt():
            pairs = (pair.rpartition("=") for pair in stored.positions.split(","))
            positions = [(scope, int(position)) for scope, _, position in pairs]
            chain = receipt_chain(chain, stored.json, positions)
            assert stored.chain == chain
        assert store.ledger().chain == chain
        first = next(iter(store.every_receipt()))
        assert first.json == msgspec.json.encode(receipt_plain(receipts[0]))

    def test_the_newest_receipt_of_a_line_is_its_state_R01(
        self, store: Store, scribe: Scribe
    ) -> None:
        held = scribe.write(record("a", ORG), verdict="held", code="waits_for")
        assert store.newest(scribe.device.id, 1) == held
        applied = scribe.again(1, "applied")
        assert store.newest(scribe.device.id, 1) == applied
        assert store.newest(scribe.device.id, 2) is None

    # transactions -----------------------------------------------------------------------------
    def test_a_transaction_that_fails_leaves_nothing(self, store: Store, scribe: Scribe) -> None:
        scribe.write(record("a", ORG))
        before = everything(store)
        with suppress(Deliberate), store.transaction():
            world = World(store)
            scribe.line(world, record("b", ORG), blobs=[PHOTO])
            store.write(world.changes)
            store.put_org(Org(ORG, "code", "name", False, scribe.device.id))
            store.new_epoch(ids.make("e2"))
            raise Deliberate
        assert everything(store) == before
        assert store.orgs() == []

    def test_a_reader_does_not_see_what_is_not_committed(
        self, store: Store, scribe: Scribe
    ) -> None:
        seen: list[object] = []

        def look() -> None:
            seen.append(store.record(ids.make("a")))

        with store.transaction():
            world = World(store)
            scribe.line(world, record("a", ORG))
            store.write(world.changes)
            assert store.record(ids.make("a")) is not None
            in_thread(look)
        in_thread(look)
        assert seen[0] is None
        assert seen[1] is not None

    def test_reading_is_of_one_moment(self, store: Store, scribe: Scribe) -> None:
        with store.reading():
            assert store.heads([ZONE]) == {ZONE: 0}
            in_thread(lambda: scribe.write(record("a", ORG)))
            assert store.heads([ZONE]) == {ZONE: 0}
            assert store.page(ZONE, 0, 1000) == ([], False)
        assert store.heads([ZONE]) == {ZONE: 1}

    def test_writing_the_same_values_twice_changes_nothing(
        self, store: Store, scribe: Scribe
    ) -> None:
        world = World(store)
        scribe.line(world, record("a", ORG), blobs=[PHOTO])
        right = Right(f"person:{scribe.person}", "role", "member", ids.make("member"), 1)
        world.put_right(right)
        world.changes.unmade[ORG, ids.make("b"), ids.make("e")] = True
        with store.transaction():
            store.write(world.changes)
        before = everything(store)
        world.changes.lines.clear()
        world.changes.receipts.clear()
        with store.transaction():
            store.write(world.changes)
        assert everything(store) == before

    def test_a_reader_never_skips_a_slower_writer_S02(self, store: Store, scribe: Scribe) -> None:
        writers = [Scribe(store, ORG, f"phone {i}") for i in range(4)]
        for writer in writers:
            writer.begin()
        done = threading.Event()
        seen: list[int] = []

        def write(writer: Scribe) -> None:
            for i in range(15):
                writer.write(record(f"{writer.device.label} {i}", ORG))

        def read() -> None:
            position, last = 0, False
            while True:
                last = done.is_set()
                rows, _ = store.page(ZONE, position, 2_000)
                seen.extend(position for position, _ in rows)
                position = seen[-1] if seen else 0
                if last and not rows:
                    return

        threads = [threading.Thread(target=write, args=(writer,)) for writer in writers]
        reader = threading.Thread(target=read)
        for thread in (reader, *threads):
            thread.start()
        for thread in threads:
            thread.join()
        done.set()
        reader.join()
        assert seen == list(range(1, 61))

    # what apply looks up ----------------------------------------------------------------------
    def test_a_record_comes_back_as_it_was_written(self, store: Store, scribe: Scribe) -> None:
        full = record(
            "a",
            ORG,
            fields={"note": "管涌", "length": 1.0, "count": 3, "list": [{"x": None}], "ok": True},
            adds=({"entry": "e", "set": {"value": 2.5}},),
            deleted=True,
            conflicts=(conflict("length", [1, "二"]),),
            review=review("approved", 1),
            subject=ids.make("b"),
        )
        receipt = scribe.write(full)
        assert store.record(full.id) == structs.replace(full, rev=receipt.rev)
        assert store.record(ids.make("b")) is None

    def test_followers_are_the_records_with_this_subject(
        self, store: Store, scribe: Scribe
    ) -> None:
        hazard = record("hazard", ORG)
        photos = [record(f"photo {i}", ORG, i, subject=hazard.id) for i in (2, 1)]
        scribe.write(hazard, *photos)
        assert list(store.followers(hazard.id)) == [photos[1].id, photos[0].id]
        scribe.write(structs.replace(photos[1], subject=None))
        assert list(store.followers(hazard.id)) == [photos[0].id]

    @pytest.mark.parametrize(("start", "end"), [("start", "end"), ("from", "to")])
    def test_during_a_span_are_the_live_records_of_a_kind_that_share_a_moment_A04(
        self, store: Store, scribe: Scribe, stranger: Scribe, start: str, end: str
    ) -> None:
        kind = {"start": "duty_shift", "from": "response"}[start]

        def lasting(name: str, begun: Any, ended: Any, org: str = ORG, **more: Any) -> Record:
            fields = {start: begun, end: ended} if ended != "never" else {start: begun}
            return record(name, org, **{"kind": kind, "fields": fields, **more})

        meets = {
            "begins before": (5, 11),
            "within": (12, 13),
            "ends after": (19, 30),
            "around": (1, 99),
            "goes on": (19, None),
            "goes on since": (1, "never"),
            "as decimals": (10.0, 20.0),
        }
        misses = {
            "ends as it begins": (5, 10),
            "begins as it ends": (20, 30),
            "goes on later": (20, None),
            "long before": (1, 2),
            "no beginning": (None, 15),
            "a word": ("11", 15),
            "ends in a word": (11, "15"),
        }
        scribe.write(*(lasting(name, *times) for name, times in {**meets, **misses}.items()))
        gone = lasting("gone", 12, 13, deleted=True)
        scribe.write(gone, lasting("other kind", 12, 13, kind="notice"), record("hazard", ORG))
        stranger.write(lasting("theirs", 12, 13, OTHER))
        span = Span(start, end, 10, 20)
        found = store.during(ORG, kind, span)
        assert [it.id for it in found] == sorted(ids.make(name) for name in meets)
        assert list(found) == [store.record(it.id) for it in found]
        always = store.during(ORG, kind, structs.replace(span, until=None))
        later = {ids.make(name) for name in ("begins as it ends", "goes on later")}
        assert {it.id for it in always} == {it.id for it in found} | later
        scribe.write(structs.replace(gone, deleted=False, version=2))
        assert gone.id in {it.id for it in store.during(ORG, kind, span)}
        assert store.during(ORG, "post", span) == []

    def test_a_world_sees_what_is_not_committed_yet_of_a_span_too(
        self, store: Store, scribe: Scribe
    ) -> None:
        """Each trial on a group, each group on the store: what the later says stands."""

        def shift(name: str, start: int = 12) -> Record:
            return record(name, ORG, kind="duty_shift", fields={"start": start, "end": 15})

        old, moved, gone, new, last = (shift(name) for name in ("a", "b", "c", "d", "e"))
        scribe.write(old, moved, gone)
        group = World(store)
        group.put_record(structs.replace(gone, deleted=True))
        group.put_record(new)
        trial = World(group)
        trial.put_record(structs.replace(old, version=7))
        trial.put_record(structs.replace(moved, fields={"start": 50, "end": 60}))
        trial.put_record(structs.replace(new, deleted=True))
        trial.put_record(last)
        trial.put_record(record("hazard", ORG))
        span = Span("start", "end", 10, 20)

        def seen(world: World) -> set[tuple[str, int]]:
            return {(it.id, it.version) for it in world.during(ORG, "duty_shift", span)}

        assert seen(group) == {(old.id, 1), (moved.id, 1), (new.id, 1)}
        assert seen(trial) == {(old.id, 7), (last.id, 1)}
        assert trial.during(OTHER, "duty_shift", span) == []
        group.absorb(trial)
        assert seen(group) == {(old.id, 7), (last.id, 1)}
        both = [it.id for it in group.during(ORG, "duty_shift", span)]
        assert both == sorted(both)

    def test_alike_are_the_live_records_of_a_kind_with_this_text_in_a_field_A04(
        self, store: Store, scribe: Scribe, stranger: Scribe
    ) -> None:
        def coded(name: str, code: Any, org: str = ORG, **more: Any) -> Record:
            return record(name, org, **{"kind": "member", "fields": {"code": code}, **more})

        first, second = coded("a", "1"), coded("b", "1")
        scribe.write(first, second, coded("number", 1), coded("other", "2"))
        scribe.write(coded("gone", "1", deleted=True), coded("zone", "1", kind="zone"))
        stranger.write(coded("theirs", "1", OTHER))
        found = store.alike(ORG, "member", "code", "1")
        assert [it.id for it in found] == sorted([first.id, second.id])
        assert list(found) == [store.record(it.id) for it in found]
        group = World(store)
        group.put_record(structs.replace(first, deleted=True))
        trial = World(group)
        trial.put_record(structs.replace(second, fields={"code": "2"}))
        trial.put_record(coded("new", "1"))
        assert [it.id for it in group.alike(ORG, "member", "code", "1")] == [second.id]
        assert [it.id for it in trial.alike(ORG, "member", "code", "1")] == [ids.make("new")]
        assert trial.alike(OTHER, "member", "code", "2") == []

    def test_the_last_number_of_a_series_V12(
        self, store: Store, scribe: Scribe, stranger: Scribe
    ) -> None:
        def numbered(name: str, series: str, count: int, org: str = ORG, **more: Any) -> Record:
            return record(name, org, **{"number": Number(series, count), **more})

        assert store.last_number(ORG, "hazard", "2026") == 0
        scribe.write(numbered("a", "2026", 1), record("none", ORG), numbered("b", "2026", 10))
        scribe.write(numbered("c", "2026", 9, deleted=True), numbered("d", "2027", 3))
        scribe.write(numbered("e", "2026", 40, kind="event"))
        stranger.write(numbered("theirs", "2026", 77, OTHER))
        assert store.last_number(ORG, "hazard", "2026") == 10
        assert store.last_number(ORG, "hazard", "2027") == 3
        assert store.last_number(OTHER, "hazard", "2026") == 77
        group = World(store)
        group.put_record(numbered("f", "2026", 11))
        trial = World(group)
        trial.put_record(numbered("g", "2026", 12))
        trial.put_record(numbered("b", "2026", 10, version=2))
        assert trial.last_number(ORG, "hazard", "2026") == 12
        assert group.last_number(ORG, "hazard", "2026") == 11
        group.absorb(trial)
        assert group.last_number(ORG, "hazard", "2026") == 12

    def test_entries_wait_and_are_released(self, store: Store, scribe: Scribe) -> None:
        cause = scribe.write(verdict="refused", code="blocked").entry
        assert cause is not None
        scribe.write(verdict="held", code="waits_for", waits=cause)
        scribe.write(verdict="held", code="waits_for", waits=cause)
        scribe.write(verdict="held", code="unknown_kind")
        assert [known.n for known in store.waiting(ORG, cause)] == [2, 3]
        assert [known.n for known in store.held_kinds(ORG)] == [4]
        assert store.waiting(OTHER, cause) == []
        assert store.held_kinds(OTHER) == []
        scribe.again(2, "applied")
        scribe.again(4, "applied")
        assert [known.n for known in store.waiting(ORG, cause)] == [3]
        assert store.held_kinds(ORG) == []
        known = store.entry(ORG, cause)
        assert known is not None
        assert (known.n, known.verdict, known.abandoned) == (1, "refused", False)

    def test_the_first_of_those_that_would_have_made_a_record(
        self, store: Store, scribe: Scribe
    ) -> None:
        thing, late, early = ids.make("thing"), ids.make("late", ids.NOW + 9), ids.make("early")
        with store.transaction():
            store.write(Changes(unmade={(ORG, thing, late): True}))
            store.write(Changes(unmade={(ORG, thing, early): True}))
        assert store.unmade(ORG, thing) == late
        assert store.unmade(OTHER, thing) is None
        with store.transaction():
            store.write(Changes(unmade={(ORG, thing, late): False}))
        assert store.unmade(ORG, thing) == early

    def test_rights_are_rows_that_end(self, store: Store, scribe: Scribe) -> None:
        holder, source = f"person:{scribe.person}", ids.make("grant")
        zone = Right(holder, "zone", ids.make("z"), source, 5)
        role = Right(holder, "role", "member", source, 2)
        with store.transaction():
            store.write(Changes(rights={right_key(right): right for right in (zone, role)}))
        assert list(store.rights(holder)) == [role, zone]
        assert list(store.rights_from(source)) == [role, zone]
        ended = structs.replace(zone, until=9)
        with store.transaction():
            store.write(Changes(rights={right_key(ended): ended}))
        assert list(store.rights(holder)) == [role, ended]
        assert list(store.rights_from(source)) == [role]
        assert store.rights("person:nobody") == []

    def test_scopes_and_spots(self, store: Store, scribe: Scribe) -> None:
        assert store.scope(ZONE) is None
        a = record("a", ORG)
        receipt = scribe.write(a)
        head, spot = store.scope(ZONE), store.spot(ZONE, a.id)
        assert head is not None
        assert spot is not None
        assert (head.position, head.digest) == (1, scope_digest([(a.id, receipt.rev or "")]))
        assert (spot.position, spot.rev, spot.gone, spot.body) == (1, receipt.rev, False, None)
        assert store.spot(ZONE, ids.make("b")) is None

    def test_records_named_by_a_blob(self, store: Store, scribe: Scribe) -> None:
        a, b = record("a", ORG), record("b", ORG, -5)
        scribe.write(a, b, blobs=[PHOTO])
        scribe.write(record("c", ORG))
        assert list(store.naming(ORG, PHOTO)) == sorted([a.id, b.id])
        assert store.naming(OTHER, PHOTO) == []
        assert store.naming(ORG, FILM) == []

    # pull -------------------------------------------------------------------------------------
    @pytest.mark.parametrize("budget", BUDGETS)
    def test_pages_of_every_size_give_the_same_rows_S03(
        self, store: Store, scribe: Scribe, budget: int
    ) -> None:
        names = [f"r{i}" for i in range(12)]
        for i, name in enumerate(names):
            scribe.write(record(name, ORG, i))
        scribe.write(record("r3", ORG, 3))
        self.remove(store, scribe, ids.make("r5", ids.NOW + 5))
        seen, position, more = list[tuple[int, Row]](), 0, True
        while more:
            rows, more = store.page(ZONE, position, budget)
            assert rows
            seen += rows
            position = rows[-1][0]
        order = [0, 1, 2, 4, 6, 7, 8, 9, 10, 11, 3, 5]
        assert [row.record for _, row in seen] == [ids.make(f"r{i}", ids.NOW + i) for i in order]
        assert [at for at, _ in seen] == [1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14]
        assert [row.gone for _, row in seen] == [False] * 11 + [True]
        assert store.page(ZONE, position, budget) == ([], False)

    def test_a_page_is_no_longer_than_its_budget_and_one_row(
        self, store: Store, scribe: Scribe
    ) -> None:
        for i in range(20):
            scribe.write(record(f"r{i}", ORG, i))
        for budget in BUDGETS:
            rows, _ = store.page(ZONE, 0, budget)
            bytes_but_last = sum(len(bytes(row.body or b"")) for _, row in rows[:-1])
            assert bytes_but_last < budget

    @pytest.mark.parametrize("budget", BUDGETS)
    def test_snapshots_of_every_size_give_the_same_rows_S06(
        self, store: Store, scribe: Scribe, budget: int
    ) -> None:
        for i in range(12):
            scribe.write(record(f"r{i}", ORG, i))
        self.remove(store, scribe, ids.make("r5", ids.NOW + 5))
        head = store.heads([ZONE])[ZONE]
        scribe.write(record("later", ORG, 99))
        seen, before, more = list[str](), None, True
        while more:
            rows, more = store.snapshot(ZONE, before, head, budget)
            assert rows
            seen += [row.record for row in rows]
            before = rows[-1].record
        wanted = (i for i in range(12) if i != 5)
        assert seen == sorted((ids.make(f"r{i}", ids.NOW + i) for i in wanted), reverse=True)

    def test_a_row_is_the_records_body(self, store: Store, scribe: Scribe) -> None:
        a = record("a", ORG, conflicts=(conflict("note", "旧"),), review=review("returned", 1))
        receipt = scribe.write(a)
        ((_, row),), _ = store.page(ZONE, 0, 1)
        assert (row.record, row.rev, row.gone) == (a.id, receipt.rev, False)
        assert row.body is not None
        assert bytes(row.body) == body(structs.replace(a, rev=receipt.rev or ""))
        assert msgspec.json.decode(row.body, type=RecordBody).conflicts[0]["value"] == "旧"

    def test_a_receipt_travels_as_a_row_R03(self, store: Store, scribe: Scribe) -> None:
        receipt = scribe.write(record("a", ORG))
        home = f"device:{scribe.device.id}"
        ((_, row),), more = store.page(home, 0, 10_000)
        assert not more
        assert row.record == f"r:{scribe.device.id}:1"
        assert row.body is not None
        assert msgspec.json.decode(row.body, type=Receipt) == receipt

    def test_members_and_live_rows(self, store: Store, scribe: Scribe) -> None:
        a, b, c = (record(name, ORG, i) for i, name in enumerate("abc"))
        scribe.write(a, b, c)
        self.remove(store, scribe, b.id)
        members = store.members(ZONE)
        assert [record for record, _ in members] == [a.id, c.id]
        head = store.scope(ZONE)
        assert head is not None
        assert scope_digest(members) == head.digest
        asked = [c.id, b.id, ids.make("nothing")]
        assert [row.record for row in store.live_rows(ZONE, asked)] == [c.id]
        assert store.live_rows(ZONE, []) == []

    def test_heads_answer_for_every_scope_asked(self, store: Store, scribe: Scribe) -> None:
        scribe.write(record("a", ORG), record("b", ORG))
        assert store.heads([ZONE, "zone:empty"]) == {ZONE: 2, "zone:empty": 0}
        assert store.heads([]) == {}
        assert store.floor(ZONE) == 0

    def test_what_left_a_scope_is_forgotten_up_to_a_time(
        self, store: Store, scribe: Scribe
    ) -> None:
        a, b, c = (record(name, ORG, i) for i, name in enumerate("abc"))
        receipts = [scribe.write(it) for it in (a, b, c)]
        for it, receipt in zip((a, b), receipts[1:], strict=True):
            with store.transaction():
                world = World(store)
                world.remove(ORG, ZONE, it.id, f"{ids.EPOCH}:{receipt.number}")
                store.write(world.changes)
        before, head = store.scope(ZONE), store.heads([ZONE])[ZONE]
        with store.transaction():
            store.compact(receipts[0].number - 1)
        assert store.floor(ZONE) == 0
        with store.transaction():
            store.compact(receipts[2].number)
        # What is live is not touched, and neither are head and digest.
        assert store.floor(ZONE) == head
        assert [spot.record for spot in store.every_spot() if spot.scope == ZONE] == [c.id]
        assert (store.scope(ZONE), store.heads([ZONE])) == (before, {ZONE: head})
        with store.transaction():
            store.compact(receipts[2].number)
        assert store.floor(ZONE) == head

    def test_aged_is_what_stands_somewhere_since_before_a_receipt(
        self, store: Store, scribe: Scribe
    ) -> None:
        made = [record(name, ORG, i) for i, name in enumerate("abcd")]
        receipts = []
        for it in made:
            scribe.at += 10
            receipts.append(scribe.write(it))
        with store.transaction():
            world = World(store)
            for scope in made[1].scopes:
                world.remove(ORG, scope, made[1].id, f"{ids.EPOCH}:2")
            store.write(world.changes)
        numbers = [receipt.number for receipt in receipts]
        kind = made[0].kind
        assert store.aged(ORG, kind, numbers[2], "", 9) == [made[0].id, made[2].id]
        assert store.aged(ORG, kind, numbers[0] - 1, "", 9) == []
        assert store.aged(ORG, kind, numbers[3], made[0].id, 1) == [made[2].id]
        assert store.aged(ORG, "grant", numbers[3], "", 9) == []
        assert store.aged(ids.make("another"), kind, numbers[3], "", 9) == []
        assert store.number_at(receipts[1].at) == numbers[1]
        assert store.number_at(receipts[0].at - 1) < numbers[0]
        assert store.number_at(-1) == 0
        # The clock goes a year back, and forward again.
        scribe.at -= 365 * 86_400_000
        late = scribe.write(record("e", ORG, 4))
        assert late.number > numbers[3]
        assert store.number_at(receipts[1].at) == numbers[1]
        assert store.number_at(receipts[3].at) == late.number

    def test_P11_lost_lines_are_noted_once(self, store: Store, scribe: Scribe) -> None:
        device = scribe.device.id
        with store.transaction():
            for lost in (Lost(7, 9, 30), Lost(2, 3, 10), Lost(2, 4, 20)):
                store.put_lost(device, lost)
        assert store.lost(device) == [Lost(2, 4, 10), Lost(7, 9, 30)]
        assert store.lost(ids.make("nobody")) == []

    def test_mismatches_are_counted_by_device(self, store: Store, scribe: Scribe) -> None:
        assert store.mismatches(scribe.device.id) == (0, 0)
        with store.transaction():
            for scope, at in ((ZONE, 5), (ZONE, 9), ("zone:other", 7)):
                store.put_mismatch(scribe.device.id, scope, at)
        assert store.mismatches(scribe.device.id) == (3, 9)
        assert store.mismatches(ids.make("nobody")) == (0, 0)

    def remove(self, store: Store, scribe: Scribe, id: str) -> None:
        with store.transaction():
            world = World(store)
            world.remove(ORG, ZONE, id, f"{ids.EPOCH}:99")
            store.write(world.changes)

    # the office -------------------------------------------------------------------------------
    def test_records_come_newest_first_and_in_pages(self, store: Store, scribe: Scribe) -> None:
        scribe.write(*(record(f"r{i}", ORG, i) for i in range(7)))
        seen, after, more = list[str](), None, True
        while more:
            query = RecordQuery(org=ORG, scopes=None, after=after, limit=3)
            records, more = store.records(query)
            assert len(records) <= 3
            seen += [found.id for found in records]
            after = seen[-1]
        assert seen == [ids.make(f"r{i}", ids.NOW + i) for i in range(6, -1, -1)]

    def test_every_filter_of_records(self, store: Store, scribe: Scribe) -> None:
        elsewhere = ids.make("elsewhere")
        scribe.write(
            record("plain", ORG, 0),
            record("patrol", ORG, 1, kind="patrol"),
            record("far", ORG, 2, scopes=(f"zone:{elsewhere}",)),
            record("theirs", ORG, 3, author=ids.make("someone")),
            record("approved", ORG, 4, review=review("approved", 1)),
            record("changed", ORG, 5, version=2, review=review("approved", 1)),
            record("returned", ORG, 6, review=review("returned", 1)),
            record("deleted", ORG, 7, deleted=True),
            record("words", ORG, 8, fields={"note": "涵闸启闭机漏油"}),
        )

        def found(**filters: object) -> list[str]:
            query = structs.replace(RecordQuery(org=ORG, scopes=None), **filters)
            records, _ = store.records(query)
            assert sum(store.counts(query).values()) == len(records)
            names = {ids.make(name, ids.NOW + i): name for i, name in enumerate(NAMES)}
            return [names[found.id] for found in records]

        assert found() == [n for n in reversed(NAMES) if n != "deleted"]
        assert "deleted" in found(deleted=True)
        assert found(kind="patrol") == ["patrol"]
        assert found(zone=elsewhere) == ["far"]
        assert found(scopes=frozenset({f"zone:{elsewhere}"})) == ["far"]
        assert found(scopes=frozenset()) == []
        assert found(scopes=frozenset({ZONE}), zone=elsewhere) == []
        assert found(person=ids.make("someone")) == ["theirs"]
        assert found(state="approved") == ["approved"]
        assert found(state="returned") == ["returned"]
        assert "changed" in found(state="pending")
        assert found(since=ids.NOW + 6) == ["words", "returned"]
        assert found(until=ids.NOW + 1) == ["plain"]
        assert found(q="启闭") == ["words"]
        assert found(q="启闭", kind="patrol") == []

    def test_counts_are_by_review_state(self, store: Store, scribe: Scribe) -> None:
        scribe.write(
            record("a", ORG),
            record("b", ORG, review=review("approved", 1)),
            record("c", ORG, review=review("approved", 1)),
        )
        query = RecordQuery(org=ORG, scopes=None, limit=1, after=ids.make("a"))
        assert store.counts(query) == {"approved": 2, "pending": 1}

    @pytest.mark.parametrize(
        "q",
        [
            "闸",
            "涵闸",
            "启闭机",
            "涵闸启闭机漏油",
            "漏油 涵闸",
            "k12",
            "K12+300",
            "ｋ１２",
            "。闸。",
        ],
    )
    def test_search_finds_chinese_of_every_length(
        self, store: Store, scribe: Scribe, q: str
    ) -> None:
        note = record("a", ORG, fields={"note": "涵闸启闭机漏油", "where": ["桩号K12+300"]})
        scribe.write(note, record("b", ORG, 1, fields={"note": "护坡完好"}))
        records, _ = store.records(RecordQuery(org=ORG, scopes=None, q=q))
        assert [found.id for found in records] == [note.id]

    @pytest.mark.parametrize("q", ["闸涵", "油漏", "完好无损", "?", '"', "NEAR", "*", "one"])
    def test_search_finds_nothing_that_is_not_there(
        self, store: Store, scribe: Scribe, q: str
    ) -> None:
        scribe.write(record("a", ORG, fields={"note": "涵闸启闭机漏油", "more": "护坡完好"}))
        assert store.records(RecordQuery(org=ORG, scopes=None, q=q)) == ([], False)

    def test_search_follows_an_edit(self, store: Store, scribe: Scribe) -> None:
        scribe.write(record("a", ORG, fields={"note": "涵闸漏油"}))
        scribe.write(record("a", ORG, fields={"note": "泵站漏油"}))
        scribe.write(record("b", ORG, fields={}))

        def hits(q: str) -> int:
            return len(store.records(RecordQuery(org=ORG, scopes=None, q=q))[0])

        assert [hits(q) for q in ("涵闸", "泵站", "油")] == [0, 1, 1]
        scribe.write(record("a", ORG, fields={"length": 3}))
        assert [hits(q) for q in ("涵闸", "泵站", "油")] == [0, 0, 0]

    def test_a_term_is_had_in_any_of_its_ways_and_all_terms_hold(
        self, store: Store, scribe: Scribe, stranger: Scribe
    ) -> None:
        zone, boat = ids.make("zone two"), ids.make("boat")
        crew = {"crew": [{"boat": boat}], "chainage": 900, "chainage_to": 100}
        here = {"chainage": 500.5, "note": "涵闸"}
        scribe.write(
            record("a", ORG, fields={"note": "涵闸"}, scopes=(f"zone:{zone}",)),
            record("b", ORG, 1, fields=crew, author=ids.make("li")),
            record("c", ORG, 2, fields=here),
        )
        stranger.write(record("hidden", OTHER, fields={**crew, **here}))

        def hits(*terms: Term) -> str:
            found, _ = store.records(RecordQuery(org=ORG, scopes=None, terms=terms))
            names = {ids.make("a"): "a", ids.make("b", ids.NOW + 1): "b"}
            return "".join(sorted(names.get(record.id, "c") for record in found))

        assert hits(Term(ids=(zone,))) == "a"
        assert hits(Term(ids=(boat,))) == hits(Term(ids=(ids.make("li"),))) == "b"
        assert hits(Term(ids=(ids.make("a"), boat))) == "ab"
        assert hits(Term(text="涵闸", ids=(boat,))) == "abc"
        assert hits(Term(text="涵闸"), Term(chainage=(500, 501))) == "c"
        assert hits(Term(chainage=(100, 100))) == "b"
        assert hits(Term(chainage=(900.1, 9_000))) == ""
        assert hits(Term(captured=(ids.NOW + 1, ids.NOW + 2))) == "b"
        assert hits(Term(text="涵闸", kinds=("patrol",))) == "ac"
        assert (hits(Term(kinds=("hazard",))), hits(Term(kinds=("patrol",)))) == ("abc", "")
        many = tuple(("hazard", f"choice_{n}") for n in range(600))
        assert hits(Term(codes=many, ids=(boat,))) == "b"
        assert hits(Term(text="。")) == hits(Term()) == ""
        assert hits() == "abc"

    def test_an_ending_that_was_rejected_void_or_of_others_ends_nothing(
        self, store: Store, scribe: Scribe, stranger: Scribe
    ) -> None:
        hazard = record("a", ORG)
        passed: dict[str, Any] = {"kind": "verification", "subject": hazard.id}
        passed["fields"] = {"target": hazard.id, "result": "pass"}
        scribe.write(
            hazard,
            record("rejected", ORG, 1, **passed, review=review("rejected", 1)),
            record("void", ORG, 2, **passed, deleted=True),
            record("fail", ORG, 3, **{**passed, "fields": {"result": "fail"}}),
            record("other", ORG, 4, **{**passed, "kind": "repair"}),
        )
        stranger.write(record("theirs", OTHER, 5, **passed))
        asked = RecordQuery(
            org=ORG, scopes=None, kind="hazard", ending=Ending("verification", "result", "pass")
        )

        def is_open(wall: int) -> bool:
            return bool(store.records(structs.replace(asked, open_at=ids.NOW + wall))[0])

        assert is_open(100)
        scribe.write(record("done", ORG, 10, **passed))
        assert [is_open(wall) for wall in (0, 1, 10, 11)] == [False, True, True, False]
        ended = structs.replace(asked, ended=(ids.NOW + 10, ids.NOW + 11))
        assert store.counts(ended) == {"pending": 1}
        assert store.counts(structs.replace(asked, ended=(ids.NOW + 11, ids.NOW + 99))) == {}

    def test_an_ending_with_the_flag_that_forbids_it_ends_nothing(
        self, store: Store, scribe: Scribe
    ) -> None:
        hazard = record("a", ORG)
        passed: dict[str, Any] = {"kind": "verification", "subject": hazard.id}
        passed["fields"] = {"target": hazard.id, "result": "pass"}
        mine = record("mine", ORG, 1, **passed, flags=("late", "own"))
        scribe.write(hazard, mine)
        ending = Ending("verification", "result", "pass", "own")
        asked = RecordQuery(org=ORG, scopes=None, kind="hazard", ending=ending)
        ended = structs.replace(asked, ended=(ids.NOW, ids.NOW + 99))
        still = structs.replace(asked, open_at=ids.NOW + 99)
        late = structs.replace(ended, ending=structs.replace(ending, unless="ahead"))
        assert (store.counts(ended), store.counts(still)) == ({}, {"pending": 1})
        assert store.counts(late) == {"pending": 1}
        scribe.write(structs.replace(mine, flags=("late",), version=2))
        assert (store.counts(ended), store.counts(still)) == ({"pending": 1}, {})

    def test_where_a_record_lies_when_no_chainage_says_it(
        self, store: Store, scribe: Scribe, stranger: Scribe
    ) -> None:
        place = {"place": {"source": "gps", "lon": 124.5, "lat": 43.5}}
        scribe.write(
            record("a", ORG, fields=place),
            record("b", ORG, fields={**place, "chainage": 1}),
            record("c", ORG, fields={"place": {"source": "none"}}),
        )
        stranger.write(record("d", OTHER, fields=place))
        assert list(store.unplaced(ORG, (124, 43, 125, 44))) == [(ids.make("a"), 124.5, 43.5)]
        assert list(store.unplaced(ORG, (124, 43, 125, 43.4))) == []
        assert list(store.unplaced(ORG, (124.6, 43, 125, 44))) == []

    def test_when_a_record_was_received_and_who_reported(
        self, store: Store, scribe: Scribe, stranger: Scribe
    ) -> None:
        first = scribe.write(record("a", ORG))
        scribe.at += 5
        scribe.write(record("a", ORG, version=2), record("b", ORG, captured=7))
        scribe.write(record("void", ORG, deleted=True, author=ids.make("li")))
        stranger.write(record("c", OTHER))
        a, b = (store.record(ids.make(name)) for name in "ab")
        assert a is not None
        assert b is not None
        assert store.received([a, b]) == {a.id: first.at, b.id: first.at + 5}
        assert store.received([]) == {}
        zone = ZONE.removeprefix("zone:")
        day = (ids.NOW, ids.NOW + 1)
        nobody = Reporters(frozenset(), frozenset(), frozenset())
        mine = Reporters(frozenset({a.author}), frozenset({zone}), frozenset())
        assert store.reporters(ORG, {"hazard": None}, *day) == mine
        assert store.reporters(ORG, {"work": None}, *day) == nobody
        assert store.reporters(ORG, {"hazard": None}, 8, ids.NOW) == nobody
        wang = ids.make("wang")
        scribe.write(record("e", ORG, author=wang, scopes=(f"person:{wang}",)))
        found = store.reporters(ORG, {"hazard": None}, *day)
        assert found == Reporters(frozenset({a.author, wang}), frozenset({zone}), frozenset({wang}))

    def test_what_says_itself_when_it_happened_belongs_to_that_day(
        self, store: Store, scribe: Scribe, stranger: Scribe
    ) -> None:
        """What does not say it belongs to the day of its effective time."""
        authors = {name: ids.make(name) for name in ("zhou", "wen", "li")}

        def call(name: str, author: str, **more: Any) -> Record:
            return record(name, ORG, kind="call", author=authors[author], **more)

        scribe.write(
            call("told", "zhou", captured=25, fields={"at": 15}),
            call("untold", "wen", captured=15, fields={}),
            record("other", ORG, kind="event", captured=25, fields={"at": 15}),
            call("void", "li", fields={"at": 15}, deleted=True),
        )
        stranger.write(record("theirs", OTHER, kind="call", fields={"at": 15}))

        def who(since: int, until: int, kinds: Mapping[str, str | None]) -> str:
            found = store.reporters(ORG, kinds, since, until)
            return " ".join(name for name, id in authors.items() if id in found.authors)

        assert who(10, 20, {"call": "at", "event": None}) == "zhou wen"
        assert who(20, 30, {"call": "at"}) == ""
        assert who(20, 30, {"call": None}) == "zhou"

        def hits(since: int | None, until: int | None, **more: Any) -> str:
            asked: dict[str, Any] = {"kind": "call", "by": "at", "by_either": True, **more}
            query = RecordQuery(org=ORG, scopes=None, since=since, until=until, **asked)
            found = store.records(query)[0]
            assert sum(store.counts(query).values()) == len(found)
            names = {ids.make(name): name for name in ("told", "untold", "other", "void")}
            return " ".join(sorted(names[it.id] for it in found))

        assert hits(10, 20) == "told untold"
        assert hits(20, 30) == ""
        assert (hits(15, None), hits(16, None), hits(None, 15)) == ("told untold", "", "")
        assert hits(10, 20, by_either=False) == "told"
        assert hits(10, 20, deleted=True) == "told untold void"
        assert hits(10, 20, by=None, by_either=False) == "untold"

    def test_the_history_of_a_record(self, store: Store, scribe: Scribe) -> None:
        first = scribe.write(record("a", ORG))
        scribe.write(record("b", ORG))
        held = scribe.write(record("a", ORG), verdict="held", code="right_lost")
        applied = scribe.again(3, "applied")
        history = store.history(ORG, ids.make("a"))
        assert [(line.line.n, line.receipts) for line in history] == [
            (1, (first,)),
            (3, (held, applied)),
        ]
        assert store.history(OTHER, ids.make("a")) == []

    def test_unaccepted_lines_stand_until_they_are_settled_R05(
        self, store: Store, scribe: Scribe
    ) -> None:
        scribe.write(record("a", ORG))
        scribe.write(raw=b"\xff", verdict="quarantined", code="unreadable")
        scribe.write(verdict="held", code="right_lost")
        scribe.write(verdict="refused", code="blocked")
        scribe.write(verdict="refused", code="no_right")
        found = store.unaccepted(ORG)
        assert [(line.n, receipt.verdict) for _, line, receipt in found] == [
            (2, "quarantined"),
            (3, "held"),
            (4, "refused"),
            (5, "refused"),
        ]
        assert found[0][0] is None
        assert [known.n for known, _, _ in found[1:] if known] == [3, 4, 5]
        scribe.again(3, "applied")
        replaced, abandoned = found[2][0], found[3][0]
        assert replaced is not None
        assert abandoned is not None
        entries = [
            structs.replace(replaced, replaced_by=ids.make("repair")),
            structs.replace(abandoned, abandoned=True),
        ]
        with store.transaction():
            store.write(Changes(entries={(ORG, known.id): known for known in entries}))
        assert [line.n for _, line, _ in store.unaccepted(ORG)] == [2]
        assert store.unaccepted(OTHER) == []

    def test_blobs_their_lines_and_receipts(self, store: Store, scribe: Scribe) -> None:
        a = record("a", ORG)
        receipt = scribe.write(a, blobs=[PHOTO])
        assert store.blob_named(ORG, PHOTO)
        assert not store.blob_named(ORG, FILM)
        assert not store.blob_named(OTHER, PHOTO)
        assert [found.id for found in store.blob_records(ORG, PHOTO)] == [a.id]
        ((line, newest),) = store.blob_lines(ORG, PHOTO)
        assert (line.n, newest) == (1, receipt)
        assert store.blob(ORG, PHOTO) is None
        done = scribe.blob(PHOTO, 10)
        assert store.blob(ORG, PHOTO) == done
        assert store.blob_receipts(ORG, [PHOTO, FILM]) == {PHOTO: done}
        assert store.blob_held(ORG, PHOTO)
        assert store.blob(OTHER, PHOTO) is None
        assert store.blob_receipts(OTHER, [PHOTO]) == {}
        assert not store.blob_held(OTHER, PHOTO)
        assert not store.blob_held(ORG, FILM)
        assert store.received_at(done.epoch, done.number) == ids.NOW

    def test_what_accepted_lines_of_records_name(self, store: Store, scribe: Scribe) -> None:
        a, b, other = (record(name, ORG) for name in ("a", "b", "c"))
        scribe.write(a, blobs=[FILM, PHOTO])
        scribe.write(a, blobs=[PHOTO])
        scribe.write(b, verdict="refused", code="too_old", blobs=[PHOTO])
        scribe.write(other, blobs=[FILM])
        assert store.blobs_named(ORG, [a.id, b.id]) == {a.id: (FILM, PHOTO)}
        assert store.blobs_named(OTHER, [a.id, other.id]) == {}

    def test_the_photo_records_about_records(self, store: Store, scribe: Scribe) -> None:
        a, b = record("a", ORG), record("b", ORG)
        photos = [
            record(name, ORG, kind="photo", subject=about.id)
            for name, about in (("p1", a), ("p2", a), ("p3", b))
        ]
        scribe.write(a, b, *photos, record("seen", ORG, kind="review", subject=a.id))
        found = store.photo_records(ORG, [a.id])
        assert {key: [photo.id for photo in of] for key, of in found.items()} == {
            a.id: sorted(photo.id for photo in photos[:2])
        }
        assert store.photo_records(OTHER, [a.id]) == {}

    def test_organisations_never_mix_A04(
        self, store: Store, scribe: Scribe, stranger: Scribe
    ) -> None:
        hidden = record("hidden", OTHER, fields={"note": "涵闸"})
        stranger.write(hidden, blobs=[PHOTO])
        stranger.write(verdict="held", code="unknown_kind")
        scribe.write(record("own", ORG, fields={"note": "泵站"}))
        everywhere = frozenset({*hidden.scopes, ZONE})
        for scopes in (None, everywhere):
            query = RecordQuery(org=ORG, scopes=scopes, deleted=True)
            assert [found.org for found in store.records(query)[0]] == [ORG]
            assert store.counts(query) == {"pending": 1}
            assert store.records(structs.replace(query, q="涵闸"))[0] == []
        assert store.history(ORG, hidden.id) == []
        assert store.unaccepted(ORG) == []
        assert store.held_kinds(ORG) == []
        assert store.blob_records(ORG, PHOTO) == []
        assert store.blob_lines(ORG, PHOTO) == []
        known = next(store.every_entry())
        assert store.entry(ORG if known.org == OTHER else OTHER, known.id) is None
        assert [device.org for device in store.devices(ORG)] == [ORG]

    # accounts ---------------------------------------------------------------------------------
    def test_organisations_and_accounts(self, store: Store) -> None:
        org = Org(ORG, "linhe", "临河水务局", True, ids.make("system"))
        account = Account(ORG, "zhang", ids.make("zhang"), "$argon2id$")
        with store.transaction():
            store.put_org(structs.replace(org, name="旧名"))
            store.put_org(org)
            store.put_account(account)
        assert store.orgs() == [org]
        assert store.org(ORG) == org
        assert store.org_by_code("linhe") == org
        assert store.org_by_code("none") is None
        assert store.account(ORG, "zhang") == account
        assert store.account(OTHER, "zhang") is None
        first = Account(ORG, "an", ids.make("an"), "$argon2id$", once=True)
        with store.transaction():
            store.put_account(first)
            store.put_account(structs.replace(first, org=OTHER))
        assert store.accounts(ORG) == [first, account]
        assert [it.org for it in store.accounts(OTHER)] == [OTHER]

    def test_the_sessions_of_a_person_end_together_but_for_one(
        self, store: Store, scribe: Scribe
    ) -> None:
        def held() -> set[str]:
            return {token for token in "abcd" if store.session(token) is not None}

        mine = Session("a", ORG, scribe.person, scribe.device.id, ids.NOW)
        with store.transaction():
            for session in (
                mine,
                structs.replace(mine, token_hash="b"),
                structs.replace(mine, token_hash="c", person=ids.make("somebody else")),
                structs.replace(mine, token_hash="d", org=OTHER),
            ):
                store.put_session(session)
            store.end_sessions(ORG, scribe.person, keep="b")
        assert held() == {"b", "c", "d"}
        with store.transaction():
            store.end_sessions(ORG, scribe.person)
        assert held() == {"c", "d"}

    def test_codes_are_bound_N01(self, store: Store) -> None:
        code = Code("12345678", ORG, ids.make("li"), ids.NOW, ids.NOW + 1000)
        bound = structs.replace(code, device=ids.make("d"), key="key")
        with store.transaction():
            store.put_code(code)
        assert store.code(code.code) == code
        with store.transaction():
            store.put_code(bound)
        assert store.code(code.code) == bound
        assert store.code("87654321") is None

    def test_tokens_sessions_and_contacts(self, store: Store, scribe: Scribe) -> None:
        session = Session("hash", ORG, scribe.person, scribe.device.id, ids.NOW)
        contact = Contact(scribe.device.id, 5, 1, "0" * 32, 2, 3, "0.1", -4, ({"scope": ZONE},))
        with store.transaction():
            store.put_token("token", scribe.device.id)
            store.put_session(session)
            store.put_contact(structs.replace(contact, at=1))
            store.put_contact(contact)
        assert store.token_device("token") == store.device(scribe.device.id)
        assert store.token_device("hash") is None
        assert store.session("hash") == session
        assert store.contact(scribe.device.id) == contact
        assert store.contact(ids.make("nobody")) is None
        with store.transaction():
            store.end_session("hash")
        assert store.session("hash") is None

    def test_uploads_go_on_until_they_end_B05(self, store: Store) -> None:
        upload = Upload(ids.make("up"), ORG, ids.make("d"), PHOTO, 10, "image/jpeg", ids.NOW)
        with store.transaction():
            store.put_upload(upload)
        assert store.upload(upload.id) == upload
        assert store.uploads_before(ids.NOW) == []
        assert store.uploads_before(ids.NOW + 1) == [upload]
        with store.transaction():
            store.end_upload(upload.id)
        assert store.upload(upload.id) is None

    def test_attempts_are_counted_inside_their_window_N03(self, store: Store) -> None:
        with store.transaction():
            counts = [store.count_attempt("address", at, 100) for at in (0, 50, 99, 100, 160)]
            assert store.count_attempt("other", 160, 100) == 1
        assert counts == [1, 2, 3, 3, 3]
        assert store.attempts("address", 160, 100) == 3
        assert store.attempts("address", 500, 100) == 0

    # the end ----------------------------------------------------------------------------------
    def test_a_checkpoint_changes_nothing(self, store: Store, scribe: Scribe) -> None:
        scribe.write(record("a", ORG))
        before = everything(store)
        store.checkpoint()
        assert everything(store) == before


NAMES = (
    "plain",
    "patrol",
    "far",
    "theirs",
    "approved",
    "changed",
    "returned",
    "deleted",
    "words",
)


def everything(store: Store) -> list[object]:
    """All that `verify` reads, to compare before and after."""
    with store.reading():
        return [
            *store.every_epoch(),
            *store.every_misfit(),
            *store.every_line(),
            *store.every_arrival(),
            *store.every_receipt(),
            *store.every_record(),
            *store.every_entry(),
            *store.every_spot(),
            *store.every_scope(),
            *store.every_right(),
            *store.every_device(),
            *store.every_word(),
            *store.every_unaccepted(),
            *store.every_unmade(),
            *store.every_touched(),
            *store.every_naming(),
        ]


def in_thread(run: Callable[[], object]) -> None:
    failed: list[BaseException] = []

    def guarded() -> None:
        try:
            run()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=guarded)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def right_key(right: Right) -> tuple[str, str, str, str, int]:
    return (right.holder, right.sort, right.value, right.source, right.since)
