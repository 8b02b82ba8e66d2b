"""A ledger to measure: one organisation, its zones, people with phones, and what they wrote.

Everything comes in through the ledger's own door; only while it is being built no commit waits for
the disk. Ids and times are those of a real clock and of chance with a seed.
"""

import random
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from hushui.actions import organisation
from hushui.actions.secrets import token_hash
from hushui.app import open_epoch
from hushui.domain.policy import Domain
from hushui.kinds import KINDS
from hushui.kinds.describe import unseen_in
from hushui.ledger import LedgerWriter, Push, SystemLine, Task
from hushui.ports import Ports
from hushui.storage.sqlite import STORE, SqliteStore
from hushui.storage.store import Store
from hushui_sync import feed
from hushui_sync.entry import At, Op
from hushui_sync.ids import uuid7
from hushui_sync.messages import Receipts
from hushui_sync.working import World
from hushui_sync.world import Device
from tests.bench.sizes import Sizes

ROOT: Final = Path(__file__).parents[2]
LINE_BYTES: Final = 600
LOGS: Final = ("hazard", "work", "event", "reading")
"""What is written in a storm, in turn."""
LEFT_OUT: Final = {"object_name", "object_class", "threat", "position", "tools"}
"""So that there is room for a note."""
REFERRED: Final = ("object",)
WORDS: Final = "堤脚渗水浸泡背水坡裂缝管涌清水浑水沙袋反滤铁丝石笼水位雨量闸门泵站清淤巡查值守"
SHAPE: Final[dict[str, Any]] = {
    "polygon": [[124.33, 43.17], [124.34, 43.17], [124.34, 43.18], [124.33, 43.18]],
    "line": [[124.33, 43.175], [124.34, 43.176]],
    "chainage_start": 0,
}


class Handset:
    """One phone's feed; keeps nothing but its head."""

    def __init__(self, place: "Place", person: str, zone: str) -> None:
        self.place, self.person, self.zone = place, person, zone
        self.device = place.new_id()
        self.token = f"token of {self.device}"
        self.head = feed.START
        self.contact = ""

    def capture(self, *ops: Op) -> bytes:
        wall = self.place.tick()
        at = At(wall=wall, mono=self.head.n, boot=self.device, offset=-1200, contact=self.contact)
        line = feed.capture(self.head, self.device, at, self.place.new_id(), ops)
        self.head = feed.Head(self.head.n + 1, feed.line_hash(line))
        return line

    def hazard(self) -> bytes:
        return self.log(kind="hazard")

    def spoil(self) -> bytes:
        """A line that nobody can read; the chain goes on from it."""
        line = b'{"v":1,"device":"' + b"\xff" * 40
        self.head = feed.Head(self.head.n + 1, feed.line_hash(line))
        return line

    def log(self, zone: str | None = None, kind: str = "") -> bytes:
        """A new record; its line has LINE_BYTES."""
        kind = kind or LOGS[self.head.n % len(LOGS)]
        op = Op(kind, self.place.new_id(), "put", self.place.fields(kind, zone or self.zone))
        bare = len(self._as_line(op))
        op.set["note"] = self.place.note(LINE_BYTES - bare)
        return self.capture(op)

    def _as_line(self, op: Op) -> bytes:
        at = At(self.place.now, self.head.n, self.device, -1200, self.contact)
        return feed.capture(self.head, self.device, at, self.device, (op,))

    def logs(self, count: int) -> list[bytes]:
        return [self.log() for _ in range(count)]

    def job(self, lines: Sequence[bytes]) -> Push:
        """Of lines that were captured last."""
        return Push(self.device, self.head.n - len(lines) + 1, tuple(lines))


class Place:
    def __init__(self, folder: Path, zones: int = 1, seed: int = 1) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.now = time.time_ns() // 1_000_000
        self.store = SqliteStore(folder / STORE, durable=False)
        self.ports = Ports(now=lambda: self.now, new_id=self.new_id, random=self.chance.randbytes)
        self.ledger = LedgerWriter(self.store, self.ports, Domain())
        open_epoch(self.store, self.ports)
        self.org = self.new_id()
        organisation.make(self.ledger, self.org, "bench", "测量", demo=False, now=self.now)
        self.zones = [self.new_id() for _ in range(zones)]
        for i, zone in enumerate(self.zones):
            named = {"code": f"{100_000 + i}-NBH-Z01", "name": f"南河 {i}", **SHAPE}
            self._tell(Op("zone", zone, "put", named))
        self.objects = {name: self.new_id() for name in REFERRED}
        for kind, id in self.objects.items():
            self._tell(Op(kind, id, "put", dict(KINDS[kind].valid)))

    @property
    def database(self) -> Path:
        return self.folder / STORE

    def close(self) -> None:
        self.store.close()

    def new_id(self) -> str:
        return uuid7(self.tick(), self.chance.randbytes(10))

    def tick(self) -> int:
        """Never behind the machine's clock, so that the server finds nobody ahead of it."""
        self.now = time.time_ns() // 1_000_000
        return self.now

    def fields(self, kind: str, zone: str) -> dict[str, Any]:
        """A few fields of each kind, the figures never the same twice."""
        described = KINDS[kind]
        left = LEFT_OUT | {"zone"}
        fields = {name: described.valid[name] for name in described.valid if name not in left}
        for name, value in fields.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                varied = value * self.chance.uniform(0.5, 1)
                fields[name] = round(varied, 2) if isinstance(value, float) else round(varied)
            elif described.fields[name].type == "ref":
                fields[name] = self.objects[described.fields[name].kind or ""]
        if "zone" in described.fields:
            fields["zone"] = zone
        if unseen_in(described, fields, ()) is not None:
            fields["no_photo_reason"] = "夜里"
        return fields

    def note(self, size: int) -> str:
        """Chinese of so many bytes once it is a member of the line."""
        letters, rest = divmod(max(0, size - len(',"note":""')), 3)
        return "".join(self.chance.choices(WORDS, k=letters)) + "." * rest

    def enrol(self, count: int, zones: Sequence[str] | None = None) -> list[Handset]:
        """So many people, each with one phone; granted one zone in turn, or all of these."""
        found = []
        for i in range(count):
            person = self.new_id()
            mine = zones or [self.zones[i % len(self.zones)]]
            member = {"name": f"队员{i}", "code": f"NBH-{person[-8:]}", "roles": ["member"]}
            self._tell(Op("member", person, "put", member))
            for zone in mine:
                grant = {"person": person, "zone": zone, "role": "member"}
                self._tell(Op("grant", self.new_id(), "put", grant))
            found.append(Handset(self, person, mine[0]))
        ledger = self.store.ledger()

        def write(store: Store, world: World) -> None:
            for phone in found:
                world.changes.devices[phone.device] = Device(
                    id=phone.device,
                    org=self.org,
                    person=phone.person,
                    key="a2V5",
                    label="bench",
                    enrolled=self.now,
                    enrolled_number=ledger.number,
                )
                store.put_token(token_hash(phone.token), phone.device)

        self._one(Task(write))
        for phone in found:
            phone.contact = f"{ledger.epoch}:{ledger.number}"
        return found

    def fill(self, phones: Sequence[Handset], records: int, at_once: int = 500) -> None:
        """So many logs, spread over the zones; each group is one commit."""
        made = 0
        turns: Iterator[str] = iter(())
        while made < records:
            for phone in phones:
                count = min(at_once, records - made)
                lines = []
                for _ in range(count):
                    zone = next(turns, None)
                    if zone is None:
                        turns = iter(self.zones)
                        zone = next(turns)
                    lines.append(phone.log(zone))
                taken(self._one(phone.job(lines)), count)
                made += count

    def _tell(self, op: Op) -> None:
        answer = self._one(SystemLine(self.org, (op,)))
        assert answer.verdict == "applied", answer

    def _one(self, job: Any) -> Any:
        answer = self.ledger.drain([job])[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Stocked:
    """A ledger with so many records and phones that have not pulled them, to be measured on as a
    copy. Built when somebody first asks."""

    def __init__(self, folder: Path, records: int, zones: int, readers: int) -> None:
        self.records = records
        self._of = (folder, zones, readers)
        self._place: Place | None = None

    @property
    def place(self) -> Place:
        if self._place is None:
            folder, zones, readers = self._of
            begun = time.perf_counter()
            place = self._place = Place(folder, zones)
            self.readers = place.enrol(readers, place.zones)
            self.writer = place.enrol(1)[0]
            place.fill(place.enrol(10), self.records)
            place.close()
            took = time.perf_counter() - begun
            print(f"{self.records:,} records: {took:.0f} s", flush=True)
        return self._place

    def lend(self, folder: Path) -> Path:
        """The database in a folder of its own."""
        folder.mkdir(exist_ok=True)
        return Path(shutil.copy(self.place.database, folder / STORE))


class Ground:
    """What several measurements stand on."""

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        crowd = sizes.clients + sizes.rounds + sizes.phones
        self.small = Stocked(folder / "small", sizes.small, 1, crowd)
        self.large = Stocked(folder / "large", sizes.large, sizes.scopes, 3)
        self.huge = Stocked(folder / "huge", sizes.huge, sizes.scopes, 1) if sizes.huge else None


def taken(answer: Any, count: int) -> None:
    assert isinstance(answer, Receipts), answer
    others = [r for r in answer.receipts if r.verdict != "applied"]
    assert not others, others[0]
    assert len(answer.receipts) == count


class Noted(SqliteStore):
    """Notes what each commit writes, for limits/blind.py."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, durable=False)
        self.commits: list[list[tuple[str, list[Any]]]] = []

    def many(self, sql: str, rows: Iterable[Any]) -> None:
        rows = list(rows)
        if rows:
            self.commits[-1].append((sql, rows))
        super().many(sql, rows)

    def run(self, sql: str, values: Any = ()) -> None:
        if sql != "COMMIT":
            self.commits[-1].append((sql, [tuple(values)]))
        super().run(sql, values)


def blind_script(database: Path, twin: Path, pushes: Sequence[Push]) -> list[Any]:
    """What the store writes for each of these pushes, one commit each. ``twin`` is made a copy of
    the database as it was before, for the blind writer."""
    used = twin.with_suffix(".used")
    shutil.copy(database, twin)
    shutil.copy(database, used)
    store = Noted(used)
    ports = Ports(lambda: time.time_ns() // 1_000_000, lambda: "", lambda n: bytes(n))
    ledger = LedgerWriter(store, ports, Domain())
    for push in pushes:
        store.commits.append([])
        taken(ledger.drain([push])[0], len(push.lines))
    store.close()
    used.unlink()
    return store.commits
