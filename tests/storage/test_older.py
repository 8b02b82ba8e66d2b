"""Folders that released versions wrote: this one verifies them before its first start, and starts.

`older/rows-N.db.gz` is what `place.Place.fill` left with the version whose `schema.ROWS` was N. Who
raises it adds a file of the version before. In rows-2 stands besides what only rows 3 know:
somebody who leads a dispatch verified the hazard.
"""

import gzip
import json
import os
import signal
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from hushui import rebuild as rebuilding
from hushui.__main__ import main
from hushui.backup import back_up
from hushui.commands.data import opened
from hushui.domain.policy import Domain
from hushui.errors import StoreFull
from hushui.ports import system
from hushui.settings import Settings
from hushui.storage.files import Files
from hushui.storage.schema import ROWS
from hushui.storage.sqlite import SqliteStore
from hushui.verify import verify
from hushui_sync.working import World
from hushui_sync.world import Device
from tests.storage.place import HAZARD, ORG, PHOTO, SEEPAGE, SHA, WELL
from tests.support import ids

ROWS_ARE = "f969a04616334a363de62bddbde8c270884611fad2e7084c4bed90c9a19b8fe8"
"""SHA-256 of what the lines of rows-1 lead to in this version."""

VERIFICATION = ids.make("by who handled it")
OLDER = sorted((Path(__file__).parent / "older").glob("*.db.gz"))


@pytest.fixture(params=OLDER, ids=lambda path: path.name.split(".")[0])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return unpacked(request.param, tmp_path / "data")


def unpacked(older: Path, data: Path) -> Path:
    photo = data / "blobs" / SHA[:2] / SHA[2:]
    photo.parent.mkdir(parents=True)
    photo.write_bytes(PHOTO)
    (data / "hushui.db").write_bytes(gzip.decompress(older.read_bytes()))
    return data


def settings(data: Path) -> Settings:
    return Settings(data=data, demo=False)


def lines(data: Path) -> list[tuple[object, ...]]:
    """What happened: it never changes."""
    with closing(sqlite3.connect(data / "hushui.db")) as db:
        line = db.execute("SELECT * FROM line ORDER BY seq").fetchall()
        return line + db.execute("SELECT * FROM receipt ORDER BY seq").fetchall()


def start(data: Path) -> None:
    with opened(settings(data), system()):
        pass


def test_the_first_start_writes_its_rows_anew_and_all_is_well(folder: Path) -> None:
    before = lines(folder)
    assert len(before) > 20
    with opened(settings(folder), system()) as (store, files):
        assert not store.is_older()
        assert verify(store, files, Domain()) == []
        hazard = store.record(HAZARD)
        assert hazard is not None
        assert {conflict.field for conflict in hazard.conflicts} == {"note", "nature"}
        body = next(record.body for record in store.every_record() if record.id == HAZARD)
        assert all(conflict["stands"] for conflict in json.loads(body)["conflicts"])
        assert store.unaccepted(ORG)
    assert lines(folder) == before
    assert not (folder / "rebuilding").exists()


def test_who_lets_the_same_lines_make_other_rows_raises_ROWS(tmp_path: Path) -> None:
    """Then folders in use get them too: raise it, add a folder of the version before, write the new
    sum here."""
    data = unpacked(OLDER[0], tmp_path / "data")
    start(data)
    with closing(SqliteStore(data / "hushui.db")) as store:
        said: list[object] = [
            (it.seq, it.id, it.state, it.body, it.inner) for it in store.every_record()
        ]
        said += [*store.every_spot(), *store.every_entry()]
    assert (ROWS, sha256(repr(said).encode()).hexdigest()) == (4, ROWS_ARE)


def test_rows_3_flag_who_verified_what_he_handled(tmp_path: Path) -> None:
    data = unpacked(OLDER[1], tmp_path / "data")
    with closing(SqliteStore(data / "hushui.db", tolerant=True)) as store:
        before = store.record(VERIFICATION)
    start(data)
    with closing(SqliteStore(data / "hushui.db")) as store:
        after = store.record(VERIFICATION)
    assert before is not None
    assert after is not None
    assert (before.flags, after.flags) == ((), ("verified_by_handler",))


def test_rows_4_number_hazards_in_the_order_in_which_they_came(folder: Path) -> None:
    start(folder)
    with closing(SqliteStore(folder / "hushui.db")) as store:
        hazards = [store.record(id) for id in (HAZARD, SEEPAGE, WELL, ids.make("far"))]
        counts = [it.number.count for it in hazards if it and it.number]
        assert counts == [1, 2, 3, 4]


def test_before_it_the_folder_is_verified_as_it_will_be_and_stays_as_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "hushui.db").read_bytes()
    assert main(["verify", "--data", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "旧版本写的" in said
    assert "账本完好" in said
    with closing(SqliteStore(folder / "hushui.db", tolerant=True)) as store:
        assert store.is_older()
    with closing(sqlite3.connect(folder / "hushui.db")) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    assert (folder / "hushui.db").read_bytes()[100:] == before[100:]


def test_a_flipped_line_of_it_is_named_and_its_rows_stay(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(folder / "hushui.db")) as db, db:
        drier = "CAST(replace(CAST(bytes AS TEXT), '渗水', '干燥') AS BLOB)"
        db.execute(f"UPDATE line SET bytes = {drier} WHERE seq = 1")
        rows = db.execute("SELECT id, body FROM record ORDER BY id").fetchall()
    assert main(["verify", "--data", str(folder)]) == 1
    assert "its bytes do not hash" in capsys.readouterr().out
    start(folder)
    assert "没有按新版本重写" in capsys.readouterr().err
    with closing(sqlite3.connect(folder / "hushui.db")) as db:
        assert db.execute("SELECT id, body FROM record ORDER BY id").fetchall() == rows


def test_what_another_program_writes_meanwhile_is_not_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    take_rows = SqliteStore.take_rows
    late = Device("0" * 26, ORG, "1" * 26, "key", "enrolled meanwhile", 1)

    def meanwhile(store: SqliteStore, other: Path) -> bool:
        with closing(SqliteStore(folder / "hushui.db")) as second, second.transaction():
            world = World(second)
            world.changes.devices[late.id] = late
            second.write(world.changes)
        return take_rows(store, other)

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStore, "take_rows", meanwhile)
        start(folder)
    assert "没有按新版本重写" in capsys.readouterr().err
    with closing(SqliteStore(folder / "hushui.db")) as store:
        assert store.device(late.id) == late
        assert store.is_older()
    start(folder)
    with closing(SqliteStore(folder / "hushui.db")) as store:
        assert store.device(late.id) == late
        assert not store.is_older()


def test_without_room_for_a_second_store_it_says_so_and_stays_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = lines(folder)

    def full(store: SqliteStore, changes: object) -> None:
        raise StoreFull("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStore, "write", full)
        assert main(["run", "--data", str(folder), "--port", "0"]) == 1
        assert main(["verify", "--data", str(folder)]) == 1
    assert "磁盘满了" in capsys.readouterr().err
    assert lines(folder) == before
    assert not (folder / "rebuilding").exists()
    start(folder)
    with closing(SqliteStore(folder / "hushui.db")) as store:
        assert not store.is_older()


def test_it_can_be_backed_up_before_the_first_start_as_it_is(folder: Path, tmp_path: Path) -> None:
    made = back_up(folder, tmp_path / "backups", system(), Domain())
    with closing(SqliteStore(made.where / "hushui.db", tolerant=True)) as store:
        assert store.is_older()
    assert lines(made.where) == lines(folder)
    start(made.where)
    with closing(SqliteStore(made.where / "hushui.db")) as store:
        assert verify(store, Files(made.where), Domain()) == []


@pytest.mark.parametrize("at", ["replay", "take_rows", "COMMIT"])
def test_killed_in_the_first_start_the_next_one_does_it(
    folder: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lines(folder)
    child = os.fork()
    if child == 0:  # pragma: no cover
        _die_at(at, monkeypatch)
        start(folder)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    start(folder)
    with closing(SqliteStore(folder / "hushui.db")) as store:
        assert not store.is_older()
        assert verify(store, Files(folder), Domain()) == []
    assert lines(folder) == before
    assert not (folder / "rebuilding").exists()


def _die_at(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if at == "replay":
        monkeypatch.setattr(rebuilding, "same_receipts", die)
    elif at == "take_rows":
        monkeypatch.setattr(SqliteStore, "take_rows", die)
    else:
        run = SqliteStore.run

        def last(store: SqliteStore, sql: str, values: tuple[object, ...] = ()) -> None:
            if sql.startswith("PRAGMA user_version"):
                die()
            run(store, sql, values)

        monkeypatch.setattr(SqliteStore, "run", last)
