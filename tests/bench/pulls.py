"""What phones fetch: everything at first, what is new, and the proof that nothing differs."""

import gzip
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from hushui.actions import pull as pulling
from hushui.storage.sqlite import SqliteStore
from hushui_sync import digest, limits
from hushui_sync.messages import (
    CheckRequest,
    Cursor,
    Differs,
    PullRequest,
    Snapshot,
)
from tests.bench.figure import Figure, Goal, figure
from tests.bench.limits import stored
from tests.bench.load import Answer, Script, drive, request
from tests.bench.place import Ground, Handset
from tests.bench.sizes import Sizes
from tests.support.program import Program

PACKED_FROM = 256
"""As the phone does: pwa/src/sync/transport.ts."""
NOTHING = digest.text(digest.EMPTY)


def sync_request(phone: Handset, what: str, message: PullRequest | CheckRequest) -> bytes:
    body = msgspec.json.encode(message)
    headers = {"Content_Type": "application/json", "Accept_Encoding": "gzip"}
    if len(body) > PACKED_FROM:
        body, headers["Content_Encoding"] = gzip.compress(body, 6, mtime=0), "gzip"
    path = f"/api/sync/{what}"
    return request("POST", path, phone.token, body, Accept_Language="zh-CN", **headers)


class HeardRow(Struct, frozen=True):
    """The rest of it is passed over."""

    record: str
    rev: str


class HeardPage(Struct, frozen=True):
    scope: str
    to: int
    rows: tuple[HeardRow, ...]
    more: bool
    snapshot: Snapshot | None
    digest: str | None
    check: bool


class HeardPull(Struct, frozen=True):
    epoch: str
    pages: tuple[HeardPage, ...]
    more: bool


class HeardRows(Struct, frozen=True, tag_field="answer", tag="rows"):
    rows: tuple[HeardRow, ...]
    digest: str


class Reader:
    """One phone that pulls; knows its cursors and, of the scopes it was told to, the members."""

    def __init__(self, phone: Handset) -> None:
        self.phone = phone
        self.cursors: dict[str, Cursor] = {}
        self.members: dict[str, dict[str, str]] = {}
        self.records = 0
        self.seconds = 0.0
        """Of the server, from request to whole answer."""
        self.down = self.up = self.trips = 0
        self.checks: list[str] = []

    def script(self) -> Script:
        """One round."""
        more = True
        while more:
            cursors = tuple(self.cursors.values())
            asked = PullRequest(self.phone.device, cursors, limits.PULL_BYTES)
            answer = yield self.sent(sync_request(self.phone, "pull", asked))
            self.heard(answer)
            told = msgspec.json.decode(answer.text(), type=HeardPull)
            more = told.more
            for page in told.pages:
                self.take(told.epoch, page)

    def sent(self, asked: bytes) -> bytes:
        self.up += len(asked.partition(b"\r\n\r\n")[2])
        self.trips += 1
        return asked

    def heard(self, answer: Answer) -> None:
        assert answer.status == 200, answer.text()
        self.seconds += answer.seconds
        self.down += len(answer.body)

    def take(self, epoch: str, page: HeardPage) -> None:
        if page.more and not page.rows and page.snapshot is None:
            return
        if page.check:
            self.checks.append(page.scope)
        snapshot = page.snapshot
        self.cursors[page.scope] = Cursor(
            page.scope,
            epoch,
            page.to if snapshot is None else snapshot.position,
            page.digest or NOTHING,
            None if snapshot is None else snapshot.after,
        )
        self.records += len(page.rows)
        self.members.setdefault(page.scope, {}).update((r.record, r.rev) for r in page.rows)


def few(folder: Path, sizes: Sizes, ground: Ground) -> list[Figure]:
    """Of 10,000 records in one zone."""
    ground.small.lend(folder)
    place = ground.small.place
    readers = [Reader(phone) for phone in ground.small.readers[sizes.phones :]]
    crowd, alone = readers[: sizes.clients], readers[sizes.clients :]
    with Program(folder) as program:
        for reader in alone:
            drive(program.port, [reader.script()])
        zone = f"zone:{place.zones[0]}"
        assert all(len(reader.members[zone]) == sizes.small for reader in alone)
        waits = [crowd_at_once(program.port, crowd, alone[0], zone, sizes) for _ in alone]
        repaired = repair(program.port, alone[-1], zone)
    said = f"first pull of {sizes.small:,} records"
    rates = [reader.records / reader.seconds for reader in alone]
    down = [reader.down / 1e6 for reader in readers[sizes.clients :]]
    return [
        figure(said, "records/s", Goal("value", ">=", 100_000), rates),
        figure(f"{said}, down", "MB", Goal("value", "<=", 1.8), down[:-1] or down),
        figure(
            f"{sizes.clients} clients pull {sizes.changes} changes of {sizes.small:,}",
            "s",
            Goal("value", "<=", 0.1),
            waits,
        ),
        *repaired,
    ]


def crowd_at_once(
    port: int, crowd: Sequence[Reader], known: Reader, zone: str, sizes: Sizes
) -> float:
    """All ask in the same moment; until the last one has everything."""
    head = known.cursors[zone].position
    for reader in crowd:
        reader.records = 0
        reader.cursors = {s: c for s, c in known.cursors.items() if s[:4] in ("org:", "zone")}
        reader.cursors[zone] = structs.replace(
            known.cursors[zone], position=head - sizes.changes, digest=NOTHING
        )
    seconds = drive(port, [reader.script() for reader in crowd])
    assert all(reader.records == sizes.changes for reader in crowd)
    return seconds


def repair(port: int, reader: Reader, zone: str) -> list[Figure]:
    """Nothing differs; then one row does."""
    reader.up = reader.down = reader.trips = 0
    drive(port, [reader.script()])
    equal_trips = reader.trips - 1
    assert not reader.checks
    members = reader.members[zone]
    record = sorted(members)[len(members) // 2]
    members[record] = members[record] + "0"
    wrong = digest.text(digest.scope_digest(members.items()))
    reader.cursors[zone] = structs.replace(reader.cursors[zone], digest=wrong)
    reader.up = reader.down = reader.trips = 0

    def check() -> Script:
        cursor = reader.cursors[zone]
        asked = CheckRequest(reader.phone.device, zone, cursor.epoch, cursor.position)
        buckets = digest.buckets(members.items())
        answer = yield reader.sent(
            sync_request(reader.phone, "check", structs.replace(asked, buckets=buckets))
        )
        reader.heard(answer)
        differs = msgspec.json.decode(answer.text(), type=Differs)
        lacking = tuple(record for record, rev in differs.members if members.get(record) != rev)
        assert lacking == (record,)
        answer = yield reader.sent(
            sync_request(reader.phone, "check", structs.replace(asked, records=lacking))
        )
        reader.heard(answer)
        told = msgspec.json.decode(answer.text(), type=HeardRows)
        members.update((row.record, row.rev) for row in told.rows)
        assert digest.text(digest.scope_digest(members.items())) == told.digest, "nothing to ask"

    drive(port, [reader.script()])
    assert reader.checks == [zone]
    drive(port, [check()])
    said = f"repair of 1 row of {len(members):,}"
    return [
        figure("scope proved equal", "B", Goal("value", "<=", 40), [proof_bytes(reader)]),
        figure("scope proved equal: extra trips", "trips", Goal("value", "==", 0), [equal_trips]),
        figure(said, "trips", Goal("value", "<=", 3), [reader.trips]),
        figure(said, "B", Goal("value", "<=", 4_096), [reader.up + reader.down]),
    ]


def proof_bytes(reader: Reader) -> float:
    """What the digest of one scope adds to a pull that is asked anyway."""
    device, cursors = reader.phone.device, tuple(reader.cursors.values())
    plain = msgspec.to_builtins(PullRequest(device, cursors))
    without = dict(plain)
    without["cursors"] = [
        {name: value for name, value in cursor.items() if name != "digest"}
        for cursor in plain["cursors"]
    ]
    sizes = [travels(msgspec.json.encode(said)) for said in (plain, without)]
    return (sizes[0] - sizes[1]) / len(cursors)


def travels(body: bytes) -> int:
    """Before it is packed: what packing makes of it depends on the rest."""
    return len(body)


def many(folder: Path, sizes: Sizes, ground: Ground) -> list[Figure]:
    """Of 100,000 records in 20 zones."""
    database = ground.large.lend(folder)
    readers = [Reader(phone) for phone in ground.large.readers]
    rates, limits_ = [], []
    with Program(folder) as program:
        for reader in readers:
            limits_.append(stored.per_second(database))
            drive(program.port, [reader.script()])
            rates.append(reader.records / reader.seconds)
            # The organisation itself is 20 zones and a few people.
            assert reader.records >= sizes.large
    store = SqliteStore(database)
    waits = [in_store(store, readers[0], sizes) for _ in range(20 * sizes.rounds)]
    store.close()
    said = f"first pull of {sizes.large:,} records"
    return [
        figure(f"{said} / stored bytes", "records/s", Goal("ratio", ">=", 0.35), rates, limits_),
        figure(
            f"{sizes.changes} of {sizes.large:,}, {sizes.scopes} scopes, in the store",
            "ms",
            Goal("value", "<", 1),
            waits[sizes.rounds :],
        ),
    ]


def in_store(store: SqliteStore, reader: Reader, sizes: Sizes) -> float:
    """Milliseconds for heads and pages of every scope, each a few behind."""
    behind = sizes.changes // sizes.scopes
    cursors = {
        scope: structs.replace(cursor, position=cursor.position - behind, digest=NOTHING)
        if scope.startswith("zone:")
        else cursor
        for scope, cursor in reader.cursors.items()
    }
    begun = time.perf_counter()
    with store.reading():
        epoch = store.ledger().epoch
        heads = store.heads(list(cursors))
        pages = pulling._pages(store, epoch, heads, cursors, limits.PULL_BYTES)
    seconds = time.perf_counter() - begun
    assert sum(len(page.rows) for page in pages) == behind * sizes.scopes
    return seconds * 1_000
