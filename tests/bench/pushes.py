"""What phones send: single entries, batches, a storm, a poisoned line, one edit."""

import gzip
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import structs

from hushui.ledger import Push
from hushui_sync.entry import Entry, Op, read
from hushui_sync.messages import Receipts
from tests.bench.figure import Figure, Goal, figure
from tests.bench.limits import noop
from tests.bench.load import Answer, Script, drive, each, request
from tests.bench.place import ROOT, Ground, Handset, Place, blind_script
from tests.bench.sizes import Sizes
from tests.support.program import Program

PACKED_FROM = 256
WINDOW_FIRST, WINDOW_MAX = 256 * 1_024, 1_048_576
"""As the phone has them: pwa/src/sync/transport.ts, sync/ts/src/limits.ts."""


def push_request(phone: Handset, push: Push) -> bytes:
    body = b"".join(line + b"\n" for line in push.lines)
    headers = {"Content_Type": "application/x-ndjson", "Accept_Encoding": "gzip"}
    if len(body) > PACKED_FROM:
        body, headers["Content_Encoding"] = gzip.compress(body, 6), "gzip"
    path = f"/api/sync/push?device={push.device}&from={push.start}"
    return request("POST", path, phone.token, body, Accept_Language="zh-CN", **headers)


def blind(twin: Path, pushes: Sequence[list[tuple[str, list[object]]]]) -> float:
    """Seconds, in a process of its own."""
    script = twin.with_suffix(".script")
    script.write_bytes(pickle.dumps(list(pushes)))
    command = [sys.executable, "-m", "tests.bench.limits.blind", str(twin), str(script)]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    script.unlink()
    return float(said.stdout)


def singles(folder: Path, sizes: Sizes, ground: Ground) -> list[Figure]:
    place = Place(folder)
    phones = place.enrol(sizes.devices)
    place.close()
    rates, limits = [], []
    with Program(folder) as program:
        for _ in range(sizes.rounds + 1):
            asked = [
                [push_request(phone, phone.job([phone.log()])) for _ in range(sizes.singles)]
                for phone in phones
            ]
            limits.append(noop.per_second(program.port, sizes.devices, sizes.singles))
            seconds = drive(program.port, [each(requests) for requests in asked])
            rates.append(sizes.devices * sizes.singles / seconds)
    # The first round only warms up.
    goal = Goal("ratio", ">=", 0.65)
    name = f"single entries from {sizes.devices} devices / no-op requests"
    return [figure(name, "entries/s", goal, rates[1:], limits[1:])]


def rounds_of_pushes(
    folder: Path, sizes: Sizes, devices: int, lines: int, pushes: int, rounds: int
) -> Iterator[tuple[float, float, int]]:
    """(seconds of the server, seconds of the blind writer, bytes up) of each round."""
    place = Place(folder)
    phones = place.enrol(devices)
    place.close()
    jobs = [
        [[phone.job(phone.logs(lines)) for _ in range(pushes)] for phone in phones]
        for _ in range(rounds)
    ]
    twin = folder / "twin.db"
    flat = [job for each_round in jobs for of_phone in each_round for job in of_phone]
    script = iter(blind_script(place.database, twin, flat))
    with Program(folder) as program:
        for each_round in jobs:
            asked = [
                [push_request(phone, job) for job in of_phone]
                for phone, of_phone in zip(phones, each_round, strict=True)
            ]
            up = sum(len(one) for requests in asked for one in requests)
            commits = [next(script) for _ in range(devices * pushes)]
            limit = blind(twin, commits)
            yield drive(program.port, [each(requests) for requests in asked]), limit, up


def batches(folder: Path, sizes: Sizes, ground: Ground) -> list[Figure]:
    count = sizes.senders * sizes.batches * sizes.batch
    found = rounds_of_pushes(
        folder, sizes, sizes.senders, sizes.batch, sizes.batches, sizes.rounds + 1
    )
    measured = list(found)[1:]
    goal = Goal("ratio", ">=", 0.5)
    name = f"batches of {sizes.batch} from {sizes.senders} devices / blind writes"
    rates = [count / seconds for seconds, _, _ in measured]
    limits = [count / limit for _, limit, _ in measured]
    return [figure(name, "entries/s", goal, rates, limits)]


def storm(folder: Path, sizes: Sizes, ground: Ground) -> list[Figure]:
    found = rounds_of_pushes(folder, sizes, sizes.devices, sizes.logs, 1, sizes.storms)
    measured = list(found)
    said = f"storm, {sizes.devices} devices × {sizes.logs} logs of 600 B"
    seconds, limits = [s for s, _, _ in measured], [limit for _, limit, _ in measured]
    wall = figure(f"{said} / blind writes", "s", Goal("ratio", "<=", 2), seconds, limits)
    up = [bytes / 1e6 for _, _, bytes in measured]
    return [wall, figure(f"{said}, up", "MB", Goal("value", "<=", 2.2), up)]


def small_things(folder: Path, sizes: Sizes, ground: Ground) -> list[Figure]:
    """What has no spread: bytes and trips."""
    place = Place(folder)
    editor, sender, poisoner = place.enrol(3)
    place.close()
    with Program(folder) as program:
        return [*edits(program.port, editor, sizes), poison(program.port, sender, poisoner, sizes)]


def exchange(port: int, asked: bytes) -> Answer:
    found: list[Answer] = []
    drive(port, [each([asked])], found.append)
    return found[0]


def edits(port: int, phone: Handset, sizes: Sizes) -> list[Figure]:
    made = [phone.hazard() for _ in range(sizes.changes + 1)]
    exchange(port, push_request(phone, phone.job(made)))
    changed = [edit(phone, line) for line in made]
    many, alone = phone.job(changed[:-1]), phone.job(changed[-1:])
    many = structs.replace(many, start=many.start - 1)
    asked = push_request(phone, many)
    answer = exchange(port, asked)
    up = len(asked.partition(b"\r\n\r\n")[2])
    each_one = (up + len(answer.body)) / sizes.changes
    asked = push_request(phone, alone)
    whole = len(asked) + exchange(port, asked).wire
    return [
        figure(
            f"two-field edit with receipt, one of {sizes.changes}, gzipped",
            "B",
            Goal("value", "<=", 150),
            [each_one],
        ),
        figure(
            "two-field edit with receipt, alone, with headers",
            "B",
            Goal("value", "<=", 700),
            [whole],
        ),
    ]


def edit(phone: Handset, made: bytes) -> bytes:
    entry = read(made)
    assert isinstance(entry, Entry)
    length = round(phone.place.chance.uniform(1, 90), 1)
    op = Op(
        "hazard",
        entry.ops[0].record,
        "put",
        {"level": "larger", "length_m": length},
        {"level": entry.id, "length_m": entry.id},
    )
    return phone.capture(op)


def poison(port: int, sender: Handset, poisoner: Handset, sizes: Sizes) -> Figure:
    """How many more trips the same lines take when one of them cannot be read."""
    whole = sender.logs(sizes.poisoned)
    broken = poisoner.logs(sizes.poisoned // 2)
    broken.append(poisoner.spoil())
    broken += poisoner.logs(sizes.poisoned - len(broken))
    trips = [trips_of(port, phone, lines) for phone, lines in ((sender, whole), (poisoner, broken))]
    name = f"1 poison line among {sizes.poisoned:,}: extra trips"
    return figure(name, "trips", Goal("value", "==", 0), [trips[1] - trips[0]])


def trips_of(port: int, phone: Handset, lines: Sequence[bytes]) -> int:
    """Pushed as the phone does: a window that doubles; until each line has its receipt."""
    asked = 0

    def script() -> Script:
        nonlocal asked
        start, window = 0, WINDOW_FIRST
        while start < len(lines):
            end, size = start, 0
            while end < len(lines) and (size + len(lines[end]) < window or end == start):
                size, end = size + len(lines[end]) + 1, end + 1
            answer = yield push_request(
                phone, Push(phone.device, start + 1, tuple(lines[start:end]))
            )
            asked += 1
            receipts = msgspec.json.decode(answer.text(), type=Receipts).receipts
            assert len(receipts) == end - start
            start, window = end, min(2 * window, WINDOW_MAX)

    drive(port, [script()])
    return asked
