"""One seed: phones, people, a bad network and a server that dies, on one virtual clock."""

import heapq
import shutil
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

import msgspec

from hushui.actions import compaction, window
from hushui.ledger import Task
from hushui.storage.store import Code, Store
from hushui_sync.entry import Entry, read
from hushui_sync.ids import uuid7
from hushui_sync.working import World
from hushui_sync.world import Line
from tests.sim import invariants
from tests.sim.faults import Faults, Plan
from tests.sim.network import Network
from tests.sim.oldphone import OldPhone
from tests.sim.people import MEMORY, OLD, ORG, Person, phones_of, store_folder
from tests.sim.phone import CACHE, YEAR, Phone, Stuck
from tests.sim.phones import Phones
from tests.sim.server import POLICY, Kill, Server, older_policy
from tests.sim.truth import Truth
from tests.sim.work import Work
from tests.support import ids

STEPS = 400
LONG_STEPS = 5_000
LONG_EVERY = 25
DRAIN_MS = 15 * 60_000
"""Faults over, everybody has got rid of everything by then."""
QUIET_MS = 26 * 60_000
"""Three hellos: what was revoked last is deleted at the second (S09)."""
EVENTS_PER_STEP = 400
CHECK_EVERY = 40
MOST_PHONES = 8
LATER_KINDS = ("event", "patrol", "work")
FAR = (-10 * YEAR, 10 * YEAR)


def steps_of(seed: int) -> int:
    return LONG_STEPS if seed % LONG_EVERY == 0 else STEPS


class Simulation:
    def __init__(self, seed: int, phones: Phones, plan: Plan | None = None) -> None:
        self.seed, self.phones = seed, phones
        self.plan = plan or Plan(steps_of(seed))
        self.faults = Faults(seed, self.plan)
        self.chance = Random(seed)
        self.now = self.begun = ids.NOW
        self.steps_made = 0
        self.events: list[tuple[int, int, Callable[[], None]]] = []
        self.count = 0
        self.checked: Counter[str] = Counter()
        self.trace: list[tuple[int, str, str]] = []
        self.truth = Truth()
        self.photos: dict[str, bytes] = {}
        self.put_back = False
        """Whether the server was ever put back: then it may have forgotten devices."""
        self.must_come_first: Phone | None = None
        """The phone that shows a ledger put back unnoticed that it was (H04)."""
        self.backup: Path | None = None
        self.folder = store_folder()
        later = self.chance.choice((None, None, *LATER_KINDS))
        self.later_kind = later
        policy = POLICY if later is None else older_policy(later)
        self.backed_up_by = policy
        """The version that was running when the backup was made."""
        self.server = Server(self.folder, lambda: self.now, Random(f"{seed} server"), policy)
        self.network = Network(self)
        self.draining = False
        self.epoch = self.server.store.ledger().epoch
        self.names = 0
        self.all = [self._phone(person) for person in phones_of(self.chance)]
        self.old = OldPhone(self, OLD)
        self.told_lost: set[tuple[str, int, int]] = set()
        """Device and lines, since the ledger was last put back."""
        self.evicted: list[str] = []
        """Devices whose stores went."""
        self.work = Work(self)
        self.dumps: dict[str, dict[str, Any]] = {}
        """What the phones hold at the end."""

    def _phone(self, person: Person) -> Phone:
        phone = Phone(self, person, self._name(person))
        if self.chance.random() < 0.4:
            phone.skew = self._skew(phone)
            self.fire("clock off from the start")
        phone.zips = self.chance.random() < 0.3
        phone.create(self.epoch)
        return phone

    def _name(self, person: Person) -> str:
        self.names += 1
        return f"{self.seed}-{person.name}{person.phone}-{self.names}"

    def close(self) -> None:
        if self.server.open:
            self.server.kill()
        for phone in self.all:
            phone.call("forget")
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.backup is not None:
            shutil.rmtree(self.backup, ignore_errors=True)

    # telling ----------------------------------------------------------------------------------
    def fire(self, what: str) -> None:
        self.faults.fire(what)

    def note(self, who: str, what: str) -> None:
        self.trace.append((self.now, who, what))

    # the clock --------------------------------------------------------------------------------
    def after(self, wait: int, run: Callable[[], None]) -> None:
        self.count += 1
        heapq.heappush(self.events, (self.now + wait, self.count, run))

    def run(self) -> None:
        """Work under faults, then quiet until everything has settled."""
        for phone in self.all:
            phone.start()
        at = 0
        for step in range(self.plan.steps):
            # People work in bursts, and then nothing happens for a while.
            pause = self.chance.random() < 0.01
            at += self.chance.randint(120_000, 900_000) if pause else self.chance.randint(50, 4_000)
            self.after(at, lambda step=step: self._step(step))  # type: ignore[misc]
        self._until(self.now + at + 1_000)
        self._calm()
        self._until(self.now + DRAIN_MS)
        self._check(invariants.outboxes_are_empty)
        self._until(self.now + QUIET_MS - DRAIN_MS)
        for line in self.server.store.every_line():
            receipt = self.server.store.newest(line.device, line.n)
            assert receipt is not None
            self.fire(f"verdict {receipt.verdict}")
            self._look_for_leave(line)

    def _look_for_leave(self, line: Line) -> None:
        entry = read(line.bytes)
        for op in entry.ops if isinstance(entry, Entry) else ():
            record = self.server.store.record(op.record)
            if op.act == "leave" and record is not None and not record.left:
                self.fire("record came back")

    def _check(self, invariant: Callable[["Simulation"], int | None]) -> None:
        done = invariant(self)
        self.checked[invariant.__name__] += 1 if done is None else done

    def check(self) -> None:
        for invariant in invariants.AT_THE_END:
            self._check(invariant)

    def _until(self, end: int) -> None:
        events = 0
        most = EVENTS_PER_STEP * (self.plan.steps + 100)
        while self.events and self.events[0][0] <= end:
            at, _, run = heapq.heappop(self.events)
            self.now = at
            run()
            events += 1
            if events > most:
                raise Stuck("more events than a phone's life has")
        self.now = end

    def _step(self, number: int) -> None:
        self.steps_made = number + 1
        if number % CHECK_EVERY == CHECK_EVERY - 1:
            self._check(invariants.digests_agree)
        for kind, mishap in self._mishaps():
            if self.faults.strikes(kind):
                self.note("fault", kind)
                mishap()
        if self.chance.random() < 0.08:
            phone = self.chance.choice(self.all)
            phone.set_online(not phone.online)
        elif self.chance.random() < 0.06:
            self.old.work()
        else:
            phone = self.chance.choice(self.all)
            phone.start()
            if phone.open:
                self.work.do(phone)

    def _calm(self) -> None:
        self.faults.on = False
        store, files = self.server.store, self.server.files
        store.statements_left = store.full_from = None
        files.full = False
        if self.server.policy is not POLICY:
            self._upgrade()
        if not self.server.open:
            self._restart()
        self.work.restore_rights()
        for phone in self.all:
            phone.set_online(True)
            phone.start()
        self.old.calm()

    # mishaps ----------------------------------------------------------------------------------
    def _mishaps(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        return (
            ("phone killed", self._crash),
            ("phone's disk full", self._fill_phone),
            ("requests vanish", lambda: self._part("requests vanish")),
            ("answers vanish", lambda: self._part("answers vanish")),
            ("server killed", self._arm_kill),
            ("server's disk full", self._fill_server),
            ("server put back", lambda: self._put_back(minting=True)),
            ("server put back unnoticed", lambda: self._put_back(minting=False)),
            ("phone evicted", self._evict),
            ("phone's cache evicted", self._evict_cache),
            ("phone cloned", self._clone),
            ("clock jumps", self._jump),
            ("photo lost", self._lose_photo),
            ("server upgraded", self._upgrade),
            ("record left", self._close_window),
            ("past forgotten", self._forget),
            ("phone's lines gone", self._drop_lines),
        )

    def _crash(self) -> None:
        phone = self.chance.choice(self.all)
        if phone.open:
            self.fire("phone killed")
            phone.crash()

    def _fill_phone(self) -> None:
        self.chance.choice(self.all).full_until = self.now + self.chance.randint(1_000, 120_000)

    def _part(self, way: str) -> None:
        self.network.part(self.chance.choice(self.all), way)

    def _arm_kill(self) -> None:
        if self.server.open:
            self.server.store.statements_left = self.chance.randint(1, 40)
            self.server.store.after = self.chance.random() < 0.5

    def _drop_lines(self) -> None:
        """Some that the server holds, from one in the middle or from the first."""
        phone = self.chance.choice(self.all)
        if not (self.server.open and phone.open) or phone.moving or phone is self.must_come_first:
            return
        head = phone.call("dump")["state"]["head"]["n"]
        held = min(self._held_of(phone), head - 1)
        if held < 1:
            return
        last = self.chance.randint(1, held)
        first = self.chance.choice((1, self.chance.randint(1, last)))
        self._lose_lines(phone, first, last)
        self.fire("phone's lines gone")

    def _lose_lines(self, phone: Phone, first: int, last: int) -> None:
        phone.call("drop", **{"from": first, "to": last})
        self.truth.dropped(phone.name, first, last)
        phone.killed()

    def _close_window(self) -> None:
        """S11, and what is closed need not wait for 90 days."""
        if not self.server.open:
            return
        parts = self.server.program.app.state.parts
        age = self.chance.choice((0, 0, self.chance.randint(1_000, 600_000)))

        def close() -> None:
            left = self.server.housekeep(window.close(parts, age))
            for _ in range(left or 0):
                self.fire("record left")

        self.guard(close)

    def _forget(self) -> None:
        """S06: who was away takes a snapshot, and need not be away for 90 days."""
        if not self.server.open:
            return
        parts, store = self.server.program.app.state.parts, self.server.store
        away = self.chance.choice((0, self.chance.randint(1_000, 600_000)))

        def forget() -> None:
            scopes = [scope for scope, _ in store.every_scope()]
            before = [store.floor(scope) for scope in scopes]
            self.server.housekeep(compaction.compact(parts, away))
            if before != [store.floor(scope) for scope in scopes]:
                self.fire("past forgotten")

        self.guard(forget)

    def _fill_server(self) -> None:
        if not self.server.open:
            return
        store, files = self.server.store, self.server.files
        store.full_from = self.chance.randint(1, 30)
        files.full = True
        self.fire("server's disk full")

        def empty() -> None:
            store.full_from, files.full = None, False

        self.after(self.chance.randint(500, 60_000), empty)

    def _skew(self, phone: Phone) -> int:
        """Years off, minutes off, 1970, 2038."""
        return self.chance.choice(
            (
                *FAR,
                400_000,
                -90_000,
                self.chance.randint(*FAR),
                -self.now,
                2_147_483_647_000 - self.now,
            )
        )

    def _jump(self) -> None:
        phone = self.chance.choice(self.all)
        if phone.open:
            phone.skew = 0 if self.chance.random() < 0.3 else self._skew(phone)
            self.fire("clock jumps")

    def _lose_photo(self) -> None:
        phone = self.chance.choice(self.all)
        if not phone.open:
            return
        blobs = [blob for blob in phone.call("dump")["blobs"] if blob["held"]]
        if blobs:
            phone.lose_photo(self.chance.choice(blobs)["sha256"])
            self.fire("photo lost")

    def keep_photo(self, phone: Phone, bytes: bytes) -> str:
        name = sha256(bytes).hexdigest()
        self.photos[name] = bytes
        return name

    def _clone(self) -> None:
        """A backup of the phone on another one: both go on."""
        if len(self.all) >= MOST_PHONES:
            return
        phone = self.chance.choice(self.all)
        if not phone.enrolled or phone.moving:
            return
        clone = Phone(self, phone.person, self._name(phone.person))
        clone.device, clone.token, clone.born = phone.device, phone.token, phone.born
        phone.call("copy", to=clone.name)
        self.truth.cloned(phone.name, clone.name)
        self.all.append(clone)
        self.fire("phone cloned")
        clone.start()

    def _evict_cache(self) -> None:
        phone = self.chance.choice(self.all)
        if phone.enrolled and phone is not self.must_come_first:
            phone.call("evict", stores=CACHE)
            phone.killed()
            self.fire("phone's cache evicted")

    def _evict(self) -> None:
        """The stores are gone, the key too: the person enrols anew, with a code of the office."""
        phone = self.chance.choice(self.all)
        if not phone.enrolled or phone.moving or phone is self.must_come_first:
            return
        self.fire("phone evicted")
        self.when_open(lambda: self._drop(phone))

    def _drop(self, phone: Phone) -> None:
        # Once the faults are over, who left stays away, and would never get a code.
        if not self.faults.on:
            return
        if not phone.enrolled or phone.moving or phone is self.must_come_first:
            return
        phone.call("forget")
        phone.enrolled = False
        phone.life, phone.open = phone.life + 1, False
        self.evicted.append(phone.device)
        self.truth.evicted(phone.name, self.server)
        phone.name = self._name(phone.person)
        phone.device = uuid7(self.now, self.chance.randbytes(10))
        phone.call("create", identity=phone.identity(self.epoch))

        def enrolled(answer: dict[str, Any]) -> None:
            phone.token, phone.enrolled, phone.born = answer["token"], True, self.now
            phone.create(answer["epoch"])
            phone.start()

        self._enrol(phone, phone.device, None, enrolled)

    # enrolling --------------------------------------------------------------------------------
    def when_open(self, run: Callable[[], None]) -> None:
        """At once, or as soon as the server is there again."""

        def look() -> None:
            if self.server.open:
                run()
            else:
                self.after(5_000, look)

        look()

    def go_on(self, phone: Phone, stop: dict[str, Any]) -> None:
        """After a fork: the lines the server has not got go out again under a new device (P05)."""
        if phone.moving:
            return
        phone.moving = True
        device = uuid7(self.now, self.chance.randbytes(10))

        def enrolled(answer: dict[str, Any]) -> None:
            phone.moving = False
            name, old = self._name(phone.person), phone.name
            phone.device, phone.token = device, answer["token"]
            identity = phone.identity(answer["epoch"])
            lines = phone.call("reissue", n=stop["n"], to=name, identity=identity)["lines"]
            phone.call("forget")
            phone.name, phone.born = name, self.now
            phone.life, phone.open = phone.life + 1, False
            for line in lines:
                self.truth.captured(phone, line["id"], line["n"], b64decode(line["bytes"]))
            self.when_open(lambda: self.truth.evicted(old, self.server, stop["n"]))
            self.fire("feed reissued")
            phone.start()

        def refused() -> None:
            # The ledger that gave the ticket is gone: the next push hears of the fork anew.
            phone.moving = False
            phone.crash()

        self._enrol(phone, device, stop["ticket"], enrolled, refused)

    def enrol_again(self, phone: Phone) -> None:
        """The ledger that was put back does not know the device: the office gives a new code."""
        if phone.moving:
            return
        phone.moving = True

        def enrolled(answer: dict[str, Any]) -> None:
            phone.moving = False
            phone.token = answer["token"]
            phone.crash()

        self._enrol(phone, phone.device, None, enrolled)

    def _enrol(
        self,
        phone: Phone,
        device: str,
        ticket: str | None,
        enrolled: Callable[[dict[str, Any]], None],
        refused: Callable[[], None] | None = None,
    ) -> None:
        """POST /api/enrol until it answers; the code or ticket stays the same (N01)."""
        said: dict[str, Any] = {"device": device, "key": "a2V5", "label": phone.person.name}
        code = f"{self.chance.randint(0, 10**8 - 1):08}"

        def ask() -> None:
            if not self.server.open or self.must_come_first is not None:
                self.after(2_000, ask)
                return
            person = self.server.store.record(phone.person.id)
            if ticket is None and (person is None or person.deleted):
                # The word that he left may have come in again after all rights were given back.
                if person is not None and not self.faults.on:
                    self.work.take_back(person)
                self.after(5_000, ask)
                return
            if ticket is None:
                self.guard(lambda: self._give_code(code, phone.person.id))
            # Killed, or without room for the code.
            if not self._has(None if ticket else code):
                self.after(2_000, ask)
                return
            body = msgspec.json.encode(said | ({"ticket": ticket} if ticket else {"code": code}))
            life, over = self.network.life, False

            def answer(status: int, headers: dict[str, str], body: bytes) -> None:
                nonlocal over
                if over or life != self.network.life:
                    return
                over = True
                told = msgspec.json.decode(body)
                if status < 300:
                    self.after(20, lambda: enrolled(told))
                elif status >= 500:
                    self.after(2_000, ask)
                else:
                    assert told["code"] == "code_unknown", (status, told)
                    assert refused is not None, (status, told)
                    self.after(20, refused)

            self.guard(lambda: self.server.send("POST", "/api/enrol", {}, body, answer))
            self.want_drain()

            def again() -> None:
                nonlocal over
                if not over:
                    over = True
                    ask()

            self.after(10_000, again)

        ask()

    def _has(self, code: str | None) -> bool:
        """The server is there, and knows the code."""
        return self.server.open and (code is None or self.server.store.code(code) is not None)

    def _give_code(self, code: str, person: str) -> None:
        made = Code(code, ORG, person, self.now, self.now + 86_400_000)

        def give(store: Store, world: World) -> None:
            if store.code(code) is None:
                store.put_code(made)

        self.server.ledger.drain([Task(give)])

    def is_revoked(self, phone: Phone) -> bool:
        device = self.server.store.device(phone.device)
        return device is not None and device.revoked is not None

    def was_revoked(self, device: str) -> bool:
        record = self.server.store.record(device) if self.server.open else None
        return self.put_back or record is None or "revoked" in record.fields

    def heard(self, contact: str) -> None:
        """H04: one that knows more than the ledger makes it begin a new epoch."""
        ledger = self.server.store.ledger()
        of, _, number = contact.partition(":")
        assert of != ledger.epoch or int(number) <= ledger.number, (contact, ledger)
        epoch = self.server.store.ledger().epoch
        if epoch != self.epoch:
            self.epoch = epoch
            self.must_come_first = None
            self.fire("epoch minted by a device")

    # the server -------------------------------------------------------------------------------
    def want_drain(self) -> None:
        """The writer thread's turn comes a little later: what arrives meanwhile joins its group."""
        if not self.draining:
            self.draining = True
            self.after(self.chance.randint(1, 400), self._drain)

    def _drain(self) -> None:
        self.draining = False
        if self.server.open:
            self.guard(self.server.drain)
            if self.server.requests:
                self.want_drain()

    def guard(self, run: Callable[[], None]) -> None:
        """Whatever touches the server may be what kills it."""
        try:
            run()
        except Kill:
            self.fire("server killed")
            self.note("server", "killed")
            self.server.kill()
            self.network.forget()
            self.after(self.chance.randint(1_000, 120_000), self._restart)

    def _restart(self) -> None:
        if not self.server.open:
            self.note("server", "starts")
            self.server.start()
            self.draining = False

    def _upgrade(self) -> None:
        """A version that knows one kind more judges what it held (V08)."""
        if self.server.policy is POLICY:
            return
        held = self._held_kind() if self.server.open else 0
        if self.server.open:
            self.server.kill()
            self.network.forget()
        self.fire("server upgraded")
        self.server.policy = POLICY
        self._restart()
        if held and not self._held_kind():
            self.fire("unknown kind released")

    def _held_kind(self) -> int:
        """Lines that wait for the kind this server does not know yet."""
        store = self.server.store
        lines = [store.line(known.device, known.n) for known in store.held_kinds(ORG)]
        kind = f'"kind":"{self.later_kind}"'.encode()
        found = sum(line is not None and kind in line.bytes for line in lines)
        if found:
            self.fire("unknown kind held")
        return found

    def _put_back(self, *, minting: bool) -> None:
        """The ledger of an earlier moment in the place of the present one."""
        if self.must_come_first is not None or not self.server.open:
            return
        if self.backup is None:
            self.backup = Path(
                mkdtemp(prefix="hushui-sim-", dir=MEMORY if MEMORY.is_dir() else None)
            )
            self.server.copy_to(self.backup)
            self.backed_up_by = self.server.policy
            return
        folder, self.backup = self.backup, None
        held = {phone: self._held_of(phone) for phone in self.all}
        self.server.put_back(folder)
        shutil.rmtree(folder)
        self.network.forget()
        self.put_back = True
        self.told_lost.clear()
        # Unnoticed, a newer version would write receipts before anybody could tell it.
        minting = minting or self.backed_up_by is not self.server.policy
        epoch = uuid7(self.now, self.chance.randbytes(10))
        self.server.start(epoch if minting else None)
        self.draining = False
        self.must_come_first = None if minting else self._who_knows_more()
        if self.must_come_first is None and not minting:
            minting = True
            with self.server.store.transaction():
                self.server.store.new_epoch(epoch)
        self.epoch = self.server.store.ledger().epoch
        if self.faults.strikes("lines gone everywhere"):
            self._drop_forgotten(held)
        self.truth.sweep([one for one in self.truth.lines.values() if not one.copies], self.server)
        self.fire("server put back" if minting else "server put back unnoticed")

    def _held_of(self, phone: Phone) -> int:
        """Up to which of its lines the server has its feed: a clone's are others."""
        feed, n = self.truth.feed(phone.name), 0
        while n + 1 in feed:
            line = self.server.store.line(phone.device, n + 1)
            if line is None or line.bytes != feed[n + 1].bytes:
                break
            n += 1
        return n

    def _drop_forgotten(self, held: dict[Phone, int]) -> None:
        """Lines that the ledger has just forgotten, from a phone that no longer kept them."""
        for phone in self.all:
            first, last = self._held_of(phone) + 1, held[phone]
            known = phone.open and not phone.moving and phone is not self.must_come_first
            if known and first < last and self.server.store.device(phone.device) is not None:
                last = self.chance.randint(first, last - 1)
                self._lose_lines(phone, first, last)
                self.fire("lines gone everywhere")
                return

    def _who_knows_more(self) -> Phone | None:
        """One whose hello will show it; nobody else comes before."""
        store = self.server.store
        ledger = store.ledger()
        for phone in self.all:
            device = store.device(phone.device)
            if not phone.open or phone.moving or device is None or device.revoked is not None:
                continue
            epoch, _, number = phone.call("dump")["state"]["contact"].partition(":")
            if epoch == ledger.epoch and int(number) > ledger.number:
                phone.set_online(True)
                return phone
        return None
