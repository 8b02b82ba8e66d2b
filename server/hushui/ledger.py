"""The ledger: many jobs, one transaction, one fsync; every change goes through `drain`.

`drain` decides as values and then writes. Production calls it from one writer thread; the
simulator calls it as an event of its own clock.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from msgspec import Struct, structs

from hushui.errors import NotFound, UnknownDevice
from hushui.ports import Ports
from hushui.storage.remembered import Remembered
from hushui.storage.store import Code, Lost, Store
from hushui_sync import feed
from hushui_sync.apply import again, apply, blob_done
from hushui_sync.entry import At, Entry, Op, Read, read
from hushui_sync.errors import StoreFailure
from hushui_sync.judge import LINE_ACTS
from hushui_sync.messages import Fork, PushAnswer, Receipt
from hushui_sync.policy import Policy
from hushui_sync.push import take
from hushui_sync.rights import rights_at
from hushui_sync.working import World
from hushui_sync.world import Changes, Device, KnownEntry

log = logging.getLogger("hushui")

GROUP = 512
TICKET_MS = 24 * 3_600_000


class Push(Struct, frozen=True):
    device: str
    start: int
    lines: tuple[bytes, ...]
    lost: int | None = None
    """From here up to ``start`` the device has no lines any more (P11)."""


class BlobDone(Struct, frozen=True):
    device: str
    sha256: str
    size: int


class SystemLine(Struct, frozen=True):
    """A line of the organisation's own device 系统."""

    org: str
    ops: tuple[Op, ...]
    wall: int | None = None


class Task(Struct, frozen=True):
    """A small write of another kind in the same transaction. It must raise before it writes."""

    run: Callable[[Store, World], Any]


Job = Push | BlobDone | SystemLine | Task
Heads = dict[str, tuple[str, int]]
"""scope → (organisation, position)."""


def rights_now(store: Store, policy: Policy, person: str, org: str) -> Any:
    return rights_at(World(store), policy, person, org, None)


class Awaited:
    """Stands in for a Future where an event loop waits: a whole group's answers wake it once. Each
    wake-up on its own is a system call, and hands the interpreter over."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()

    def __await__(self) -> Generator[Any, None, Any]:
        return self.future.__await__()

    def set_running_or_notify_cancel(self) -> bool:
        return not self.future.cancelled()

    def done(self) -> bool:
        return self.future.done()

    def set_exception(self, failure: Exception) -> None:
        self.hear([(self, failure)])

    @staticmethod
    def hear(answers: "Sequence[tuple[Awaited, Any]]") -> None:
        """From any thread; all of one loop. One that has closed hears nothing any more."""
        with suppress(RuntimeError):
            answers[0][0].loop.call_soon_threadsafe(_tell, answers)


def _tell(answers: Sequence[tuple[Awaited, Any]]) -> None:
    for awaited, answer in answers:
        if awaited.future.done():
            continue
        if isinstance(answer, Exception):
            awaited.future.set_exception(answer)
        else:
            awaited.future.set_result(answer)


Answering = Future[Any] | Awaited


class LedgerWriter:
    def __init__(self, store: Store, ports: Ports, policy: Policy) -> None:
        self.store, self.ports, self.policy = store, ports, policy
        self.on_commit: list[Callable[[Heads], None]] = []
        self._queue: queue.SimpleQueue[tuple[Job, Answering] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._now = 0
        """Of the commit under way."""

    # the writer thread ------------------------------------------------------------------------
    def start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="ledger", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends after what is queued has been written."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def submit(self, job: Job) -> Any:
        """Its answer, after the commit: to be awaited where an event loop runs, else a Future."""
        try:
            asked: Answering = Awaited(asyncio.get_running_loop())
        except RuntimeError:
            asked = Future()
        self._queue.put((job, asked))
        return asked

    def pending(self) -> list[tuple[Job, Answering]]:
        """Takes what is queued without waiting (for callers that drain by themselves)."""
        group: list[tuple[Job, Answering]] = []
        while len(group) < GROUP:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is not None:
                group.append(item)
        return group

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = [first], False
            while len(group) < GROUP:
                try:
                    item = self._queue.get_nowait()
                except queue.Empty:
                    break
                if item is None:
                    last = True
                    break
                group.append(item)
            try:
                self.answer(group)
            except Exception as failure:
                log.exception("a group got no answer")
                for _, future in group:
                    if not future.done():
                        future.set_exception(failure)
            if last:
                return

    def answer(self, group: Sequence[tuple[Job, Answering]]) -> None:
        """Drains a group and hands out its answers, after the commit."""
        live = [(job, future) for job, future in group if future.set_running_or_notify_cancel()]
        answers = self.drain([job for job, _ in live])
        awaited: dict[asyncio.AbstractEventLoop, list[tuple[Awaited, Any]]] = {}
        for (_, future), answer in zip(live, answers, strict=True):
            if isinstance(future, Awaited):
                awaited.setdefault(future.loop, []).append((future, answer))
            elif isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
        for told in awaited.values():
            Awaited.hear(told)

    # one commit -------------------------------------------------------------------------------
    def drain(self, jobs: Sequence[Job]) -> list[Any]:
        """One answer for each job; an exception is an answer too. Nothing is published before the
        commit stands (P07)."""
        if not jobs:
            return []
        try:
            return self._commit(jobs)
        except StoreFailure as failure:
            return [failure] * len(jobs)
        except Exception:
            return [self._alone(job) for job in jobs]

    def release_kinds(self) -> None:
        """V08: lines whose kind this version knows now are judged again."""
        for org in self.store.orgs():
            held = [known for known in self.store.held_kinds(org.id) if self._is_known(known)]
            if held:
                self.drain([Task(partial(self._again, held))])

    def _is_known(self, held: KnownEntry) -> bool:
        """Every kind it speaks of: else each start would hold it once more, with a receipt that
        says nothing new."""
        line = self.store.line(held.device, held.n)
        entry = read(line.bytes) if line is not None else None
        return isinstance(entry, Entry) and all(
            op.act in LINE_ACTS or self.policy.kind_known(op.kind) for op in entry.ops
        )

    def _again(self, held: Sequence[KnownEntry], _: Store, world: World) -> None:
        for known in held:
            if known.waits is None:
                again(world, self.policy, known, self._now)

    def _commit(self, jobs: Sequence[Job]) -> list[Any]:
        now = self._now = self.ports.now()
        lines = [tuple(map(read, job.lines)) if isinstance(job, Push) else () for job in jobs]
        with self.store.transaction():
            world = World(self._remembered(jobs, lines))
            answers = [
                self._try(world, job, parsed, now) for job, parsed in zip(jobs, lines, strict=True)
            ]
            self.store.write(world.changes)
        self._publish(world.changes)
        return answers

    def _remembered(self, jobs: Sequence[Job], lines: Sequence[Sequence[Read]]) -> Remembered:
        remembered = Remembered(self.store)
        pushes = [
            (job.device, [line for line in parsed if isinstance(line, Entry)])
            for job, parsed in zip(jobs, lines, strict=True)
            if isinstance(job, Push)
        ]
        if pushes:
            remembered.learn(self.store.foresee(pushes))
        return remembered

    def _try(self, world: World, job: Job, lines: Sequence[Read], now: int) -> Any:
        trial = World(world)
        try:
            answer = self._run(trial, job, lines, now)
        except (UnknownDevice, NotFound) as refusal:
            return refusal
        world.absorb(trial)
        return answer

    def _run(self, world: World, job: Job, lines: Sequence[Read], now: int) -> Any:
        match job:
            case Push():
                return self._push(world, _known(world, job.device), job, lines, now)
            case BlobDone(device, sha, size):
                sender = _known(world, device)
                done = world.blob(sender.org, sha)
                return done or blob_done(world, sender, sha, size, now)
            case SystemLine(org, ops, wall):
                return self.tell(world, org, ops, wall)
            case Task(run):
                return run(self.store, world)

    def _push(
        self, world: World, device: Device, job: Push, lines: Sequence[Read], now: int
    ) -> PushAnswer:
        if job.lines and job.lost is not None and device.n + 1 == job.lost < job.start:
            self.store.put_lost(device.id, Lost(job.lost, job.start - 1, now))
            answer: PushAnswer = Fork(device.n, device.hash)
        else:
            answer = take(world, self.policy, device, job.start, job.lines, now, lines)
        if isinstance(answer, Fork):
            ticket = self.ports.new_id()
            made = Code(ticket, device.org, device.person, now, now + TICKET_MS, feed=device.id)
            self.store.put_code(made)
            return structs.replace(answer, ticket=ticket)
        return answer

    def tell(
        self, world: World, org_id: str, ops: tuple[Op, ...], wall: int | None = None
    ) -> Receipt:
        """A line of the organisation's own device, in the commit under way and at its time: a
        moment of the caller's own, before or after it, would let receipts go back in time."""
        now = self._now
        org = self.store.org(org_id)
        if org is None:
            raise NotFound
        device = _known(world, org.system_device)
        ledger = world.ledger()
        line = feed.capture(
            feed.Head(device.n, device.hash),
            device.id,
            At(
                wall=now if wall is None else wall,
                mono=0,
                boot=device.id,
                offset=0,
                contact=f"{ledger.epoch}:{ledger.number}",
            ),
            self.ports.new_id(),
            ops,
        )
        return apply(world, self.policy, device, line, now)[0]

    def _alone(self, job: Job) -> Any:
        """A group that could not be written, job by job; a push line by line (V10)."""
        answer = self._one(job)
        if not isinstance(job, Push) or not _is_surprise(answer):
            return answer
        for i in range(len(job.lines)):
            line = self._line(job, i)
            if isinstance(line, Exception):
                return line
        return self._one(job)

    def _line(self, job: Push, i: int) -> Any:
        one = Push(job.device, job.start + i, (job.lines[i],))
        answer = self._one(one)
        return self._one(Task(partial(self._quarantine, one))) if _is_surprise(answer) else answer

    def _one(self, job: Job) -> Any:
        """Its answer, or what went wrong: whoever asked hears it, and the thread lives on."""
        try:
            return self._commit([job])[0]
        except Exception as failure:
            return failure

    def _quarantine(self, one: Push, _: Store, world: World) -> None:
        device, now, ledger = _known(world, one.device), self._now, world.ledger()
        if device.n + 1 != one.start:
            return
        given = Receipt(
            epoch=ledger.epoch,
            number=0,
            device=device.id,
            n=one.start,
            entry=None,
            verdict="quarantined",
            code="internal",
            op=None,
            field=None,
            at=now,
            rev=None,
            waits=None,
        )
        apply(world, self.policy, device, one.lines[0], now, given)

    def _publish(self, changes: Changes) -> None:
        heads = {
            scope: (spot.org, changes.scopes[scope].position)
            for (scope, _), spot in changes.spots.items()
        }
        for tell in self.on_commit if heads else ():
            try:
                tell(heads)
            except Exception:
                # The commit stands: done once more it would be done twice.
                log.exception("a commit could not be told")


def _is_surprise(answer: Any) -> bool:
    """Neither a refusal nor the store: something in the line itself."""
    return isinstance(answer, Exception) and not isinstance(
        answer, StoreFailure | UnknownDevice | NotFound
    )


def _known(world: World, id: str) -> Device:
    device = world.device(id)
    if device is None:
        raise UnknownDevice
    return device
