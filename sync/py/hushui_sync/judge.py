"""Judging the ops of one entry on top of the world (sections 7 to 9): all of them or none (E05)."""

from collections.abc import Callable
from typing import Any

from msgspec import UNSET, Struct, structs

from hushui_sync import clock, guards, ids, merge, rights
from hushui_sync.entry import Entry, Op, Unread, read
from hushui_sync.errors import Verdict
from hushui_sync.messages import Receipt
from hushui_sync.policy import Policy
from hushui_sync.working import World
from hushui_sync.world import Device, KnownEntry, Number, Reader, Record, Review, Stamp

LINE_ACTS = ("abandon", "refer", "adopt", "decline")
OWN_ACTS = ("abandon", "refer")
"""Of one's own lines; the others are the office's."""


class Outcome(Struct, frozen=True):
    """What was decided about a line, before it has a number."""

    verdict: Verdict
    code: str | None = None
    op: int | None = None
    field: str | None = None
    waits: str | None = None

    @property
    def written(self) -> bool:
        return self.verdict in ("applied", "merged", "noop")


class Stop(Exception):
    """Ends the trial of an entry: one op cannot be taken, so none is (E05)."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


class Case(Struct, frozen=True):
    """One entry before its judge: who wrote it, with which rights then and now."""

    entry: Entry
    device: Device
    eff: int
    received: int
    """When the line first came, however often it is judged again."""
    then: Any
    """Rights at contact; None when the ledger does not know the contact (A03)."""
    now: Any
    author: Any
    """The author's own rights, whoever adopted the line: what doubts are judged by."""
    rev: str
    given: Receipt | None
    """Set in a replay: the verdict stands, only its effects are computed again."""

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.entry.id, self.device.id, self.entry.n, self.device.person, self.eff)


class Trial:
    """The world with one entry on top, and what that entry did besides."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.index = 0
        self.met: Outcome | None = None
        self.changed = False
        self.repeated = False
        self.settled: list[str] = []
        self.rejudge: dict[str, tuple[KnownEntry, str]] = {}

    def meet(self, code: str, field: str) -> None:
        """Keeps the first concurrent writer that was met (V02, V05)."""
        self.met = self.met or Outcome("merged", code, self.index, field)


def judge(trial: Trial, policy: Policy, case: Case) -> Outcome:
    if case.given is None:
        _wait(trial.world, policy, case)
    ops = () if case.given is not None and case.given.verdict == "noop" else case.entry.ops
    for index, op in enumerate(ops):
        trial.index = index
        try:
            _op(trial, policy, case, op)
        except Stop as stop:
            raise Stop(structs.replace(stop.outcome, op=index)) from None
    _guard(trial, policy, case)
    _replace(trial, case)
    if trial.met is not None:
        return trial.met
    if trial.repeated and not trial.changed:
        return Outcome("noop", "already")
    return Outcome("applied")


def _guard(trial: Trial, policy: Policy, case: Case) -> None:
    """V11."""
    stopped = guards.stopped(trial.world, policy, case.entry.ops) if case.given is None else None
    if stopped is not None:
        raise Stop(Outcome("refused", "blocked", *stopped))
    guards.flag(trial.world, policy, case.rev)


def _wait(world: World, policy: Policy, case: Case) -> None:
    """D01: the first thing the entry leans on that only an unaccepted line made."""
    org, own = case.device.org, set[str]()
    mine = {case.entry.id, *(known.id for known in _replaced(world, case))}
    for index, op in enumerate(case.entry.ops):
        if op.act in LINE_ACTS:
            continue
        named = [op.record, *policy.references(op.kind, op.act, op.set)]
        makers = [world.unmade(org, r) for r in named if r not in own and not _own(world, org, r)]
        stamps = [stamp for stamp in op.base.values() if stamp is not None]
        for entry_id in [*(maker for maker in makers if maker), *stamps]:
            cause = _unaccepted(world, org, entry_id)
            if cause is not None and not _leans_on(world, cause, mine):
                raise Stop(Outcome("held", "waits_for", op=index, waits=cause.id))
        own.add(op.record)


def _own(world: Reader, org: str, record: str) -> Record | None:
    """A04: a record of another organisation is as if it did not exist."""
    found = world.record(record)
    return found if found is not None and found.org == org else None


def _leans_on(world: World, cause: KnownEntry, mine: set[str]) -> bool:
    """Whether the cause is the entry itself, what it replaces, or waits for one of these:
    waiting for it would be for ever."""
    waits: KnownEntry | None = cause
    while waits is not None:
        if waits.id in mine:
            return True
        waits = world.entry(waits.org, waits.waits) if waits.waits is not None else None
    return False


def _unaccepted(world: World, org: str, entry_id: str) -> KnownEntry | None:
    known = world.entry(org, entry_id)
    while known is not None and known.replaced_by is not None:
        known = world.entry(org, known.replaced_by)
    return known if known is not None and known.unaccepted else None


def _op(trial: Trial, policy: Policy, case: Case, op: Op) -> None:
    if op.act in LINE_ACTS:
        _line_op(trial, policy, case, op)
        return
    if not policy.kind_known(op.kind):
        raise Stop(Outcome("held", "unknown_kind", field="kind"))
    world = trial.world
    record = _own(world, case.device.org, op.record)
    if record is not None and record.kind != op.kind:
        raise Stop(Outcome("refused", "malformed", field="kind"))
    if record is None and (op.act != "put" or world.record(op.record) is not None):
        raise Stop(Outcome("refused", "required", field="record"))
    if op.act == "put" and merge.DELETED in op.set:
        raise Stop(Outcome("refused", "malformed", field=merge.DELETED))
    subject = _subject(world, policy, case, op, record)
    if case.given is None:
        _check(policy, case, op, record)
        _may(policy, case, op, record, subject)
    decides = op.kind == "review" and op.act == "put"
    if decides and not _review(trial, policy, case, op, subject):
        trial.repeated = True
        return
    written = _write(trial, policy, case, op, record, subject)
    if written == record:
        trial.repeated = True
        return
    trial.changed = True
    number = _number(world, policy, case, written) if record is None else written.number
    left = op.act == "leave" or UNSET
    written = structs.replace(written, rev=case.rev, number=number, left=left)
    world.put_record(written)
    _bring_back(world, case, written)
    rights.give(world, policy, written)


def _bring_back(world: World, case: Case, record: Record) -> None:
    """S11: with what is spoken of, all that it belongs to; from there the rest follows."""
    top = record
    while top.subject is not None:
        above = _own(world, record.org, top.subject)
        if above is None or not above.left:
            break
        top = above
    if top.left and top is not record:
        world.put_record(structs.replace(top, left=UNSET, rev=case.rev))


def _number(world: World, policy: Policy, case: Case, made: Record) -> Number | None:
    """V12."""
    series = policy.series(made.kind, made.subject, case.received)
    if series is None:
        return None
    return Number(series, world.last_number(made.org, made.kind, series) + 1)


def _subject(
    world: World, policy: Policy, case: Case, op: Op, record: Record | None
) -> Record | None:
    fields = {**(record.fields if record else {}), **(op.set if op.act == "put" else {})}
    id = policy.subject(op.kind, fields)
    return _own(world, case.device.org, id) if ids.is_id(id) and id is not None else None


def _may(policy: Policy, case: Case, op: Op, record: Record | None, subject: Record | None) -> None:
    """A02, A03."""

    def allowed(holder: Any) -> bool:
        return policy.allowed(holder, op.kind, op.act, record, op.set, subject)

    _allowed(case, allowed, decision=policy.is_decision(op.kind, op.act))


def _allowed(case: Case, allowed: Callable[[Any], bool], *, decision: bool) -> None:
    if said := rights.denied(case.then, case.now, allowed, decision=decision):
        raise Stop(Outcome(*said))


def _check(policy: Policy, case: Case, op: Op, record: Record | None) -> None:
    if op.act not in ("put", "add"):
        return
    after = {**(record.fields if record and op.act == "put" else {}), **op.set}
    if broken := policy.check(op, after, case.entry.ops, new=record is None):
        raise Stop(Outcome("refused", broken[0], field=broken[1]))


def _write(
    trial: Trial, policy: Policy, case: Case, op: Op, record: Record | None, subject: Record | None
) -> Record:
    stamp, base = case.stamp, _base(trial.world, case, op)
    before = record or _new(case, op)
    first = _own(trial.world.reader, case.device.org, op.record) or before
    after = before
    match op.act:
        case "put":
            after, undead = merge.edited_deleted(before, stamp, base)
            after, met = merge.put(after, op, stamp, base, policy.quiet(op.kind))
            if met is not None:
                trial.meet("conflict", met)
            if undead:
                trial.meet("deleted_meanwhile", merge.DELETED)
            after = _counted(first, before, after, stamp)
        case "add":
            line = {
                "entry": stamp.entry,
                "device": stamp.device,
                "author": stamp.author,
                "captured": case.eff,
                "set": op.set,
            }
            after = structs.replace(before, adds=(*before.adds, line))
        case "del":
            after, opened = merge.delete(before, stamp, base)
            if opened:
                trial.meet("deleted_meanwhile", merge.DELETED)
        case "undel":
            after, opened = merge.undelete(before, stamp, base)
            if opened:
                trial.meet("deleted_meanwhile", merge.DELETED)
        case "settle":
            field, kept = op.set.get("field"), op.set.get("stamp")
            settled = merge.settle(before, str(field), str(kept), stamp)
            if settled is None:
                raise Stop(Outcome("refused", "decided", field="stamp"))
            after = _counted(first, before, settled, stamp)
        case "leave":
            return structs.replace(before, left=True)
        case _:
            raise Stop(Outcome("refused", "malformed", field="act"))
    if after == before and record is not None:
        return after
    return _placed(trial.world, policy, case, op, before, after, subject)


def _placed(
    world: World,
    policy: Policy,
    case: Case,
    op: Op,
    before: Record,
    record: Record,
    subject: Record | None,
) -> Record:
    """With what follows from its fields: subject, scopes, flags. A later writer's rights do not
    change what was said about the first: only what the fields changed is doubted anew."""

    def lookup(id: str) -> dict[str, Any] | None:
        found = _own(world, record.org, id)
        return found.fields if found is not None else None

    def doubts(of: Record) -> set[str]:
        said = policy.flags(of.kind, of.fields, case.author, case.eff, case.received, lookup)
        return set(said)

    at = case.entry.at
    flags = set(record.flags)
    if op.act in ("put", "add"):
        flags |= set(clock.clock_flags(wall=at.wall, offset=at.offset, received=case.received))
    if record.fields != before.fields:
        past = doubts(before) if before.version else set()
        now = doubts(record)
        flags = (flags - (past - now)) | (now - past)
    return structs.replace(
        record,
        flags=tuple(sorted(flags)),
        scopes=scopes_of(world, policy, record, subject),
        subject=policy.subject(record.kind, record.fields),
    )


def scopes_of(
    world: World, policy: Policy, record: Record, subject: Record | None
) -> tuple[str, ...]:
    """Where the record travels, sorted. A zone or team of another organisation is as if it did not
    exist (A04): a field that names one leads nowhere."""
    named = policy.scopes(record.kind, record.fields, record.org, record.author, subject)
    places = {scope: world.record(scope.partition(":")[2]) for scope in named}
    return tuple(sorted(s for s, at in places.items() if at is None or at.org == record.org))


def _base(world: World, case: Case, op: Op) -> merge.Base:
    """`base`, a replaced entry read as the one that replaced it (D02)."""
    resolved: merge.Base = {}
    for name, id in op.base.items():
        for replaced in _replaced(world, case):
            if id == replaced.id:
                id = _based_on(world, replaced, op.record, name)
        known = world.entry(case.device.org, id) if id is not None else None
        resolved[name] = known.replaced_by if known and known.replaced_by else id
    return resolved


def _based_on(world: World, known: KnownEntry, record: str, field: str) -> str | None:
    """What an unaccepted line itself had seen: who takes its place has seen as much."""
    entry = _entry(world, known)
    ops = [op for op in entry.ops if op.record == record] if entry is not None else []
    return next((op.base[field] for op in ops if field in op.base), None)


def _new(case: Case, op: Op) -> Record:
    return Record(
        id=op.record,
        org=case.device.org,
        kind=op.kind,
        fields={},
        stamps={},
        adds=(),
        deleted=False,
        version=0,
        author=case.device.person,
        device=case.device.id,
        captured=case.eff,
        flags=(),
        conflicts=(),
        review=None,
        subject=None,
        scopes=(),
        rev=case.rev,
    )


def _counted(first: Record, before: Record, after: Record, stamp: Stamp) -> Record:
    """One version for one entry: seen from the record as it was before it, though a review in the
    same entry counts."""
    return merge.next_version(structs.replace(first, review=before.review), after, stamp)


def _review(trial: Trial, policy: Policy, case: Case, op: Op, target: Record | None) -> bool:
    """A05, A06: the decision goes onto the record it judges. False: it was taken already."""
    if target is None:
        raise Stop(Outcome("refused", "required", field="target"))
    asked, judged = str(op.set.get("decision")), int(op.set.get("version") or 0)
    seen = op.base.get("$review")
    current = target.review
    if current is not None and current.version != judged != target.version:
        current = _once_reviewed(trial.world, target, asked, judged) or current
    verdict, code = policy.decide(current, target.version, asked, judged, seen)
    if verdict == "noop":
        return False
    if verdict != "applied" and case.given is None:
        raise Stop(Outcome(verdict, code))
    review = Review(
        decision=asked,
        version=judged,
        reason=str(op.set.get("reason") or ""),
        points=tuple(op.set.get("points") or ()),
        by=case.device.person,
        entry=case.entry.id,
        at=case.eff,
    )
    trial.changed = True
    trial.world.put_record(structs.replace(target, review=review, rev=case.rev))
    return True


def _once_reviewed(world: World, target: Record, asked: str, judged: int) -> Review | None:
    """A06: the same decision about an older version, when a newer one has its own review."""
    for id in world.followers(target.id):
        found = _own(world, target.org, id)
        if found is None or found.kind != "review":
            continue
        if (found.fields.get("decision"), found.fields.get("version")) == (asked, judged):
            return Review(asked, judged, "", (), found.author, id, found.captured)
    return None


def _line_op(trial: Trial, policy: Policy, case: Case, op: Op) -> None:
    """D04, D05, D06."""
    world, org = trial.world, case.device.org
    target = world.entry(org, str(op.set.get("entry")))
    if target is None:
        raise Stop(Outcome("refused", "required", field="entry"))
    if op.act in OWN_ACTS:
        if case.given is None and target.author != case.device.person:
            raise Stop(Outcome("refused", "no_right"))
    elif case.given is None:
        _allowed(
            case,
            lambda holder: policy.allowed(holder, "entry", op.act, None, op.set, None),
            decision=True,
        )
        if op.act == "adopt" and _is_unread(world, target):
            raise Stop(Outcome("refused", "decided", field="entry"))
    answered = op.act not in OWN_ACTS and _answered(trial, op.act, target)
    if answered or not target.unaccepted or target.given_up:
        trial.repeated = True
        return
    if op.act == "refer" and _in_office(trial, target):
        trial.repeated = True
        return
    trial.changed = True
    if op.act == "abandon":
        world.put_entry(structs.replace(target, abandoned=True))
        trial.settled.append(target.id)
        return
    trial.rejudge[target.id] = (target, op.act)


def _is_unread(world: World, known: KnownEntry) -> bool:
    """D05: what nobody can read nobody can take over."""
    line = world.line(known.device, known.n)
    return line is not None and isinstance(read(line.bytes), Unread)


def _in_office(trial: Trial, target: KnownEntry) -> bool:
    """D06: whether it lies there already. What came back declined stays with its author."""
    newest = trial.world.newest(target.device, target.n)
    if newest is not None and newest.code == "declined":
        raise Stop(Outcome("refused", "decided", field="entry"))
    return target.verdict != "refused" or target.id in trial.rejudge


def _answered(trial: Trial, act: str, target: KnownEntry) -> bool:
    """Whether the office gave this answer before (A05). The other answer contradicts it."""
    _, before = trial.rejudge.get(target.id, (None, None))
    if before == act:
        return True
    if before is None and (target.given_up or target.verdict in ("held", "quarantined")):
        return False
    newest = trial.world.newest(target.device, target.n)
    declined = newest is not None and newest.code == "declined"
    if before is None and (declined if act == "decline" else not target.unaccepted):
        return True
    raise Stop(Outcome("refused", "decided", field="entry"))


def _replace(trial: Trial, case: Case) -> None:
    for target in _replaced(trial.world, case):
        trial.world.put_entry(structs.replace(target, replaced_by=case.entry.id))
        trial.settled.append(target.id)


def _replaced(world: World, case: Case) -> list[KnownEntry]:
    """D02, D03: only the first replacement by the same person settles. A line that was itself to
    take the place of another leaves that to its own replacement."""
    found: list[KnownEntry] = []
    id = case.entry.replaces
    while id is not None and id not in (case.entry.id, *(known.id for known in found)):
        target = world.entry(case.device.org, id)
        if target is None or target.author != case.device.person:
            break
        if not target.unaccepted or target.replaced_by is not None:
            break
        found.append(target)
        entry = _entry(world, target)
        id = entry.replaces if entry is not None else None
    return found


def _entry(world: World, known: KnownEntry) -> Entry | None:
    line = world.line(known.device, known.n)
    parsed = read(line.bytes) if line is not None else None
    return parsed if isinstance(parsed, Entry) else None
