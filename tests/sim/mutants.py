"""The product broken on purpose, so that each invariant is seen to catch something.

Python is broken by putting another function in the place of one; TypeScript by other text in a
module of the bundle. Nothing is ever changed in place. `python -m tests.sim.mutants` runs them all.
"""

import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, Final
from unittest.mock import patch

from msgspec import Struct, structs

from hushui.actions import epoch, hello
from hushui.domain import access
from hushui.domain import window as closing
from hushui.ledger import LedgerWriter
from hushui.storage import writing
from hushui_sync import clock, merge, push, working
from hushui_sync.messages import Receipts
from tests.sim import invariants
from tests.sim.faults import Plan
from tests.sim.phones import Phones, Swap, bundle
from tests.sim.server import MortalStore
from tests.sim.shorter import where
from tests.sim.simulation import STEPS, Simulation

WITHIN: Final = 50
AT_WORK: Final = {"reads_own": "own_writes_are_read", "hides": "revoked_is_hidden"}
"""Invariants that are evaluated while people work, by the function that does it."""
SRC: Final = "sync/ts/src"
BRIDGE: Final = "tests/sim/bridge.ts"
Patch = Callable[[], AbstractContextManager[Any]]


class Mutant(Struct, frozen=True):
    name: str
    """What is wrong, in a few words."""
    caught_by: str
    """The invariant that must see it."""
    patches: tuple[Patch, ...] = ()
    swaps: tuple[Swap, ...] = ()


def replace(target: Any, name: str, value: Any) -> Patch:
    return lambda: patch.object(target, name, value)


def eff_as_the_phone_says(**said: Any) -> int:
    eff: int = max(said["wall"] - said["offset"], said["previous"] or 0, said["contact"] or 0)
    return eff


def numbers_of_the_store(world: Any, org: str, kind: str, series: str) -> int:
    return int(world.reader.last_number(org, kind, series))


@contextmanager
def rows_move_when_asked_again() -> Iterator[None]:
    real = push.take

    def take(world: Any, policy: Any, device: Any, start: int, lines: Any, *more: Any) -> Any:
        held = device.n
        answer = real(world, policy, device, start, lines, *more)
        if lines and start + len(lines) - 1 <= held and isinstance(answer, Receipts):
            scope, row = f"device:{device.id}", f"r:{device.id}:{start}"
            spot = world.spot(scope, row)
            world.place(device.org, scope, row, spot.rev, spot.body)
        return answer

    with patch("hushui.ledger.take", take):
        yield


@contextmanager
def history_forgets() -> Iterator[None]:
    real = MortalStore.write

    def write(store: Any, changes: Any) -> None:
        changes.touched = changes.touched[:1]
        real(store, changes)

    with patch.object(MortalStore, "write", write):
        yield


@contextmanager
def heads_are_announced_too_high() -> Iterator[None]:
    real = hello.heard_of

    def heard_of(request: Any, now: int) -> Any:
        return structs.replace(real(request, now), n=request.head.n + 3)

    with patch.object(hello, "heard_of", heard_of):
        yield


@contextmanager
def who_left_reads_on() -> Iterator[None]:
    real = access.readable

    def readable(rights: Any, device: str) -> list[str]:
        return sorted({*real(rights, device), f"org:{rights.org}"})

    with patch.object(access, "readable", readable):
        yield


@contextmanager
def second_verdicts_are_lost() -> Iterator[None]:
    """A line judged again keeps its first verdict in the table of entries."""
    real = working.World.put_entry

    def put_entry(world: Any, known: Any) -> None:
        before = world.entry(known.org, known.id)
        if before is not None and before.verdict == "held":
            known = structs.replace(known, verdict="held")
        real(world, known)

    with patch.object(working.World, "put_entry", put_entry):
        yield


MUTANTS: Final = (
    Mutant(
        "after a fork the first line is not issued again",
        "captured_is_somewhere",
        swaps=(Swap(f"{SRC}/reissue.ts", "line.n > n)", "line.n > n + 1)"),),
    ),
    Mutant(
        "heads are announced too high",
        "lost_was_announced",
        (heads_are_announced_too_high,),
    ),
    Mutant(
        "what a device has lost is not written down",
        "told_lost_is_noted",
        (replace(MortalStore, "put_lost", lambda store, device, lost: None),),
    ),
    Mutant(
        "what is quarantined waits for nobody",
        "one_verdict_each",
        (replace(writing, "UNACCEPTED", frozenset({"held", "refused"})),),
    ),
    Mutant(
        "a line judged again keeps its verdict", "one_verdict_each", (second_verdicts_are_lost,)
    ),
    Mutant(
        "a second receipt for a line is not taken",
        "phones_know_their_verdicts",
        swaps=(
            Swap(
                f"{SRC}/receipts.ts",
                "if (line.receipt && !beats(revOf(receipt), revOf(line.receipt), meta.epoch))",
                "if (line.receipt)",
            ),
        ),
    ),
    Mutant(
        "what was held for its kind is not judged after the upgrade",
        "known_kinds_are_judged",
        (replace(LedgerWriter, "release_kinds", lambda ledger: None),),
    ),
    Mutant(
        "removals are not noted",
        "digests_agree",
        swaps=(
            Swap(
                f"{SRC}/rows.ts",
                "if (old) setMember(turn, { ...old, rev: row.rev, gone: true })",
                "void old",
            ),
        ),
    ),
    Mutant(
        "a newer body does not take the place of an older one",
        "views_converge",
        swaps=(
            Swap(f"{SRC}/rows.ts", "if (held && !isBetter(held.rev)) return", "if (held) return"),
        ),
    ),
    Mutant("who left goes on reading", "grants_are_the_servers", (who_left_reads_on,)),
    Mutant(
        "own lines lie below the row",
        "own_writes_are_read",
        swaps=(
            Swap(
                f"{SRC}/overlay.ts",
                "fields: { ...body.fields, ...op.set },",
                "fields: { ...op.set, ...body.fields },",
            ),
        ),
    ),
    Mutant(
        "what is revoked stays to be seen",
        "revoked_is_hidden",
        swaps=(
            Swap(
                f"{SRC}/overlay.ts",
                "!state.meta.revoked.some((gone) => gone.scope === scope)",
                "scope !== ''",
            ),
        ),
    ),
    Mutant(
        "what is revoked is never deleted",
        "revoked_is_gone",
        swaps=(Swap(f"{SRC}/hello.ts", "      purge(turn, scope)\n", ""),),
    ),
    Mutant(
        "an effective time is whatever the phone says",
        "times_are_in_bounds",
        (replace(clock, "effective", eff_as_the_phone_says),),
    ),
    Mutant(
        "numbers are counted without the commit under way",
        "numbers_have_no_holes",
        (replace(working.World, "last_number", numbers_of_the_store),),
    ),
    Mutant(
        "receipts of photos outlive their epoch",
        "photos_are_accounted_for",
        swaps=(
            Swap(
                f"{SRC}/receipts.ts",
                "return blob?.receipt != null && blob.epoch === state.meta.epoch",
                "return blob?.receipt != null",
            ),
        ),
    ),
    Mutant(
        "unaccepted lines do not come home",
        "unaccepted_came_home",
        swaps=(
            Swap(
                f"{SRC}/rows.ts",
                "  const held = turn.state.rows.get(record)\n  if (held && !isBetter",
                "  if (record.startsWith('u:')) return\n"
                "  const held = turn.state.rows.get(record)\n  if (held && !isBetter",
            ),
        ),
    ),
    Mutant(
        "who loses a field is forgotten",
        "overwritten_values_are_kept",
        (replace(merge, "_kept", lambda conflicts, new: conflicts),),
    ),
    Mutant(
        "a tab captures on the head it remembers",
        "chains_hold",
        swaps=(
            Swap(BRIDGE, "import {\n  baseFor,", "import {\n  baseFor,\n  capture as captureLine,"),
            Swap(
                BRIDGE,
                "const line = disk.capture(at, { ...draft, ops })",
                "const line = captureLine(state.head, disk.identity.device, at, { ...draft, ops });"
                " disk.lines.set(line.n, line)",
            ),
        ),
    ),
    Mutant(
        "a repeated push moves its rows", "replay_changes_nothing", (rows_move_when_asked_again,)
    ),
    Mutant(
        "what nobody judged leaves the phones",
        "what_left_is_closed",
        (replace(closing, "is_open", lambda record: False),),
    ),
    Mutant("a commit forgets which records it touched", "the_ledger_verifies", (history_forgets,)),
    Mutant(
        "retries grow beyond all bounds",
        "outboxes_are_empty",
        swaps=(
            Swap(
                f"{SRC}/turn.ts",
                "return Math.min(wait * (1 + jitter / 4), RETRY_MS_MAX)",
                "return wait * (1 + jitter / 4) * RETRY_MS_MAX",
            ),
        ),
    ),
    Mutant(
        "a device that shows more than the ledger has changes nothing",
        "heard",
        (replace(epoch, "shows_more", lambda store, device, contact, receipted: False),),
    ),
)


def caught(mutant: Mutant, within: int = WITHIN) -> tuple[int, Counter[str]]:
    """(the first seed at which its invariant saw it, or 0; what saw it how often until then)."""
    seen = Counter[str]()
    script = bundle(mutant.swaps)
    phones = Phones(str(script))
    try:
        with ExitStack() as stack:
            for broken in mutant.patches:
                stack.enter_context(broken())
            for seed in range(1, within + 1):
                names = failing(seed, phones)
                seen.update(names)
                if mutant.caught_by in names:
                    return seed, seen
    finally:
        phones.close()
        shutil.rmtree(script.parent)
    return 0, seen


def failing(seed: int, phones: Phones) -> set[str]:
    """Every invariant that does not hold at this seed."""
    sim, names = Simulation(seed, phones, Plan(STEPS)), set[str]()
    try:
        sim.run()
        for invariant in invariants.AT_THE_END:
            try:
                invariant(sim)
            except Exception:
                names.add(invariant.__name__)
    except Exception as error:
        place = where(error).rpartition(" ")[2].partition(":")[0]
        names.add(AT_WORK.get(place, place))
    finally:
        sim.close()
    return names


def run() -> tuple[int, int, str]:
    """(caught, missed, which)."""
    missed: list[str] = []
    seeds: list[int] = []
    for mutant in MUTANTS:
        seed, seen = caught(mutant)
        others = ", ".join(f"{name} {count}" for name, count in sorted(seen.items()))
        if seed:
            seeds.append(seed)
            print(f"{mutant.name}: {mutant.caught_by} at seed {seed} ({others})", flush=True)
        else:
            missed.append(mutant.name)
            print(
                f"{mutant.name}: NOT by {mutant.caught_by} ({others or 'by nothing'})", flush=True
            )
    latest = max(seeds, default=0)
    said = f"{len(MUTANTS)} mutants, each for its invariant; the latest caught at seed {latest}"
    return len(seeds), len(missed), "; ".join([said, *(f"missed: {name}" for name in missed)])


if __name__ == "__main__":
    held, lost, words = run()
    print(words)
    print(f"{held} passed, {lost} failed")
    sys.exit(1 if lost else 0)
