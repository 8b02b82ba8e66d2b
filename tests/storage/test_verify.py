"""One byte changed by hand in a store that real pushes have filled is named, and where it is."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from hushui.domain.policy import Domain
from hushui.storage.files import Files
from hushui.storage.sqlite import SqliteStore
from hushui.verify import Finding, verify
from hushui_sync.apply import blob_done
from hushui_sync.messages import Receipts
from hushui_sync.push import take
from hushui_sync.working import World
from hushui_sync.world import Device, Right
from tests.support import ids
from tests.support.phone import Phone, op

ORG, ZONE = ids.make("org"), ids.make("zone")
PHOTO = b"\xff\xd8 a photo of the dike \xff\xd9" * 40
SHA = sha256(PHOTO).hexdigest()
HAZARD, SEEPAGE, WELL = ids.make("hazard"), ids.make("seepage"), ids.make("well")
ZHANG, LI, WANG = ids.make("zhang"), ids.make("li"), ids.make("wang")
SEEDS = range(12)


class Place:
    """A store and its blobs on the disk, filled once for each test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.policy = Domain()
        self.now = ids.NOW
        self.open()

    def open(self) -> None:
        self.store, self.files = SqliteStore(self.root / "hushui.db"), Files(self.root)

    def fill(self) -> None:
        zhang, li = Phone(ids.make("phone of zhang")), Phone(ids.make("phone of li"))
        wang = Phone(ids.make("phone of wang"), ids.make("an epoch nobody knows"))
        self.enrol((zhang, ZHANG), (li, LI), (wang, WANG))
        made = zhang.capture(
            op("hazard", HAZARD, types=["piping"], nature="latent", zone=ZONE, note="堤脚渗水"),
            blobs=[SHA],
        )
        zhang.capture(op("hazard", SEEPAGE, types=["piping"], nature="acute", zone=ZONE))
        self.push(zhang)
        li.capture(op("hazard", HAZARD, note="李：管涌群", base={"note": made}))
        self.push(li)
        # Neither saw the other's: a loser for each of two fields.
        zhang.capture(op("hazard", HAZARD, note="张：清水", nature="acute", base={"note": made}))
        li.capture(op("hazard", HAZARD, nature="latent", level="major"))
        zhang.raw(b"\xff\xfe this cannot be read")
        zhang.capture(op("gauge", ids.make("gauge"), stage=12.5))
        refused = zhang.capture(op("hazard", WELL, types=["no such type"], nature="acute"))
        zhang.capture(op("hazard", WELL, note="等前一条"))
        self.push(zhang, li)
        zhang.capture(
            op("hazard", WELL, types=["breach"], nature="acute", zone=ZONE), replaces=refused
        )
        zhang.capture(op("hazard", SEEPAGE, "del"))
        hazard = self.store.record(HAZARD)
        assert hazard is not None
        review: dict[str, Any] = {
            "target": HAZARD,
            "version": hazard.version,
            "decision": "approved",
        }
        li.capture(op("review", ids.make("review"), **review))
        far: dict[str, Any] = {"types": ["breach"], "nature": "acute", "zone": ZONE}
        held = wang.capture(op("hazard", ids.make("far"), **far))
        self.push(zhang, wang, li)
        li.capture(op("entry", held, "adopt", entry=held))
        self.push(li)
        self.upload(zhang)
        with self.store.transaction():
            self.store.new_epoch(ids.make("after a restore"))
        li.capture(op("hazard", HAZARD, level="general"))
        self.push(li)
        self.upload(li)

    def enrol(self, *phones: tuple[Phone, str]) -> None:
        with self.store.transaction():
            self.store.new_epoch(ids.EPOCH)
            world = World(self.store)
            for phone, person in phones:
                device = Device(phone.device, ORG, person, "key", "label", self.now - 1000)
                world.changes.devices[device.id] = device
                role = "duty_officer" if person == LI else "member"
                if person != WANG:
                    world.put_right(Right(f"person:{person}", "role", role, person, 0))
                    world.put_right(Right(f"person:{person}", "zone", ZONE, person, 0))
            self.store.write(world.changes)

    def push(self, *phones: Phone) -> None:
        """One commit for all of them."""
        self.now += 60_000
        with self.store.transaction():
            world = World(self.store)
            for phone in phones:
                device = world.device(phone.device)
                assert device is not None
                lines = phone.lines[device.n :]
                answer = take(world, self.policy, device, device.n + 1, lines, self.now)
                assert isinstance(answer, Receipts), answer
            self.store.write(world.changes)

    def upload(self, phone: Phone) -> None:
        upload = ids.make("upload")
        self.files.begin(upload)
        assert self.files.append(upload, 0, PHOTO) == len(PHOTO)
        assert self.files.complete(upload, SHA)
        with self.store.transaction():
            world = World(self.store)
            device = world.device(phone.device)
            assert device is not None
            blob_done(world, device, SHA, len(PHOTO), self.now)
            self.store.write(world.changes)

    def verify(self) -> list[Finding]:
        return verify(self.store, self.files, self.policy)

    def change(self, select: str, update: str, alter: Callable[[Any], Any], *key: Any) -> None:
        """Alters one cell behind the store's back."""
        self.store.close()
        with closing(sqlite3.connect(self.root / "hushui.db")) as db, db:
            ((cell,),) = db.execute(select, key).fetchall()
            db.execute(update, (alter(cell), *key))
        self.open()

    def keys(self, sql: str) -> list[tuple[Any, ...]]:
        return self.store.all(sql)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.fill()
    return place


def flipped(chance: random.Random, cell: bytes, begin: int = 0, end: int | None = None) -> bytes:
    """One bit of one byte is another one."""
    at = chance.randrange(begin, len(cell) if end is None else end)
    return cell[:at] + bytes([cell[at] ^ (1 << chance.randrange(8))]) + cell[at + 1 :]


def named(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.what, finding.where) for finding in findings]


def test_the_filled_store_has_every_verdict_and_a_conflict(place: Place) -> None:
    verdicts = {receipt.verdict for _, _, receipt in place.store.unaccepted(ORG)}
    hazard = place.store.record(HAZARD)
    assert hazard is not None
    assert verdicts == {"held", "quarantined"}
    assert {conflict.field for conflict in hazard.conflicts} == {"note", "nature"}
    assert place.store.blob(ORG, SHA) is not None


def test_an_untouched_store_is_well(place: Place) -> None:
    assert place.verify() == []


def test_an_empty_store_is_well(tmp_path: Path) -> None:
    assert Place(tmp_path).verify() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_byte_of_a_line_is_named(place: Place, seed: int) -> None:
    chance = random.Random(seed)
    device, n = chance.choice(place.keys("SELECT device, n FROM line ORDER BY seq"))
    place.change(
        "SELECT bytes FROM line WHERE device = ? AND n = ?",
        "UPDATE line SET bytes = ? WHERE device = ? AND n = ?",
        lambda cell: flipped(chance, cell),
        device,
        n,
    )
    assert named(place.verify()) == [("line", f"{device}:{n}"), ("replay", "")]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_byte_of_a_receipt_is_named(place: Place, seed: int) -> None:
    chance = random.Random(seed)
    epoch, number = chance.choice(place.keys("SELECT epoch, number FROM receipt ORDER BY seq"))
    column = chance.choice(["json", "chain", "positions"])
    place.change(
        f"SELECT CAST({column} AS BLOB) FROM receipt WHERE epoch = ? AND number = ?",
        f"UPDATE receipt SET {column} = ? WHERE epoch = ? AND number = ?",
        lambda cell: flipped(chance, cell) if column == "json" else other_digit(chance, cell),
        epoch,
        number,
    )
    assert named(place.verify()) == [("receipt", f"{epoch}:{number}"), ("replay", "")]


def other_digit(chance: random.Random, cell: bytes) -> str:
    """Of the text's last character, a digit: text has to stay text."""
    digits = b"0123456789".replace(cell[-1:], b"")
    return (cell[:-1] + bytes([chance.choice(digits)])).decode()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_byte_of_a_row_is_named(place: Place, seed: int) -> None:
    chance = random.Random(seed)
    column = chance.choice(["body", "inner"])
    place.change(
        f"SELECT {column} FROM record WHERE id = ?",
        f"UPDATE record SET {column} = ? WHERE id = ?",
        lambda cell: flipped(chance, cell),
        SEEPAGE,
    )
    assert named(place.verify()) == [("row", SEEPAGE)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_byte_of_a_row_that_is_no_record_is_named(place: Place, seed: int) -> None:
    chance = random.Random(seed)
    rows = place.keys("SELECT scope, record FROM spot WHERE body IS NOT NULL ORDER BY 1, 2")
    scope, row = chance.choice(rows)
    place.change(
        "SELECT body FROM spot WHERE scope = ? AND record = ?",
        "UPDATE spot SET body = ? WHERE scope = ? AND record = ?",
        lambda cell: flipped(chance, cell),
        scope,
        row,
    )
    assert named(place.verify()) == [("row", f"{scope} {row}")]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_byte_of_a_conflict_is_named(place: Place, seed: int) -> None:
    chance = random.Random(seed)
    column = chance.choice(["body", "inner"])
    hazard = place.store.record(HAZARD)
    assert hazard is not None

    def alter(cell: bytes) -> bytes:
        begin = cell.index(b'"conflicts":[') + len(b'"conflicts":[')
        return flipped(chance, cell, begin, cell.index(b'],"review"', begin))

    place.change(
        f"SELECT {column} FROM record WHERE id = ?",
        f"UPDATE record SET {column} = ? WHERE id = ?",
        alter,
        HAZARD,
    )
    ((what, where),) = named(place.verify())
    assert what == "conflict"
    assert where in {f"{HAZARD} {conflict.field}" for conflict in hazard.conflicts}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_byte_of_a_position_is_named(place: Place, seed: int) -> None:
    chance = random.Random(seed)
    scope, row = chance.choice(place.keys("SELECT scope, record FROM spot ORDER BY 1, 2"))
    place.change(
        "SELECT position FROM spot WHERE scope = ? AND record = ?",
        "UPDATE spot SET position = ? WHERE scope = ? AND record = ?",
        lambda position: position ^ (1 << chance.randrange(8, 40)),
        scope,
        row,
    )
    assert named(place.verify()) == [("position", f"{scope} {row}")]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_byte_of_a_scopes_digest_is_named_G01(place: Place, seed: int) -> None:
    chance = random.Random(seed)
    (scope,) = chance.choice(place.keys("SELECT scope FROM scope ORDER BY 1"))
    place.change(
        "SELECT digest FROM scope WHERE scope = ?",
        "UPDATE scope SET digest = ? WHERE scope = ?",
        lambda cell: flipped(chance, cell),
        scope,
    )
    assert named(place.verify()) == [("scope", scope)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_byte_of_a_photo_is_named_B01(place: Place, seed: int) -> None:
    chance = random.Random(seed)
    blob = place.root / "blobs" / SHA[:2] / SHA[2:]
    blob.write_bytes(flipped(chance, blob.read_bytes()))
    assert named(place.verify()) == [("blob", SHA)]


def test_a_photo_that_is_gone_is_named(place: Place) -> None:
    (place.root / "blobs" / SHA[:2] / SHA[2:]).unlink()
    assert named(place.verify()) == [("blob", SHA)]


@pytest.mark.parametrize(
    ("delete", "what"),
    [
        ("DELETE FROM line WHERE seq = (SELECT max(seq) FROM line)", "line"),
        ("DELETE FROM line WHERE seq = 2", "line"),
        ("DELETE FROM receipt WHERE seq = (SELECT max(seq) FROM receipt)", "receipt"),
        ("DELETE FROM receipt WHERE seq = 2", "receipt"),
        ("DELETE FROM record WHERE id = (SELECT min(id) FROM record)", "row"),
        ("DELETE FROM spot WHERE position = 1", "position"),
        ("DELETE FROM scope WHERE scope LIKE 'zone:%'", "scope"),
        ("DELETE FROM entry WHERE n = 1", "entry"),
        ("DELETE FROM touched WHERE n = 1", "index"),
        ("DELETE FROM naming", "index"),
        ("DELETE FROM unmade", "index"),
        ("UPDATE device SET n = n + 1", "device"),
        ("UPDATE record SET state = 'approved'", "row"),
        ("UPDATE entry SET verdict = 'applied' WHERE verdict = 'held'", "entry"),
        ("UPDATE line SET eff = eff + 1 WHERE seq = 1", "line"),
        ("INSERT INTO holding VALUES ('person:x', 'role', 'admin', 'x', 3, NULL)", "right"),
    ],
)
def test_what_was_taken_out_or_put_in_is_named(place: Place, delete: str, what: str) -> None:
    place.store.close()
    with closing(sqlite3.connect(place.root / "hushui.db")) as db, db:
        assert db.execute(delete).rowcount > 0
    place.open()
    assert what in {finding.what for finding in place.verify()}
