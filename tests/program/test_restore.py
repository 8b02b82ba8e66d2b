"""`hushui restore`: a backup in the place of the ledger, whole, or the ledger that stood."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from hushui.__main__ import main
from hushui.backup import restore
from hushui.backup.copying import blob_path
from hushui.backup.shelf import HALF
from hushui.commands.data import opened
from hushui.ports import system
from hushui.settings import Settings
from hushui.storage.files import Files
from hushui.storage.rescue import Handed, Rescue
from hushui.storage.schema import ROWS
from hushui.storage.sqlite import SqliteStore
from hushui.storage.store import Contact
from tests.soak import restores
from tests.storage.test_older import OLDER, unpacked
from tests.support import ids
from tests.support.dying import Death
from tests.support.program import Program
from tests.web.house import House

BEFORE, AFTER = b"before the backup" * 200, b"after it" * 200


def name(photo: bytes) -> str:
    return sha256(photo).hexdigest()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`data`, and two backups of an earlier day, `backup` and `backup.tar`. Each side has a photo
    that the other lacks."""
    folder = tmp_path_factory.mktemp("made")
    data = folder / "data"
    with House(data) as house:
        phone = house.enrol(house.patroller, "phone")
        send(phone, BEFORE)
        assert main(["backup", "--data", str(data), "--to", str(folder / "backup.tar")]) == 0
        assert main(["backup", "--data", str(data), "--to", str(folder / "shelf")]) == 0
        send(phone, AFTER)
        phone.hello(head={"n": 9, "hash": "0" * 32})
        assert house.sign_in().status_code == 200
    next((folder / "shelf").glob("hushui-*")).rename(folder / "backup")
    shutil.rmtree(folder / "shelf")
    blob_path(data, name(BEFORE)).unlink()
    return folder


def send(phone: Any, photo: bytes) -> None:
    phone.hazard(name(photo), name(photo))
    assert phone.push(phone.phone.count).status_code == 200
    where = phone.upload(photo).headers["location"]
    assert phone.patch(where, 0, photo).status_code == 204


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy for this test alone."""
    shutil.copytree(made, tmp_path / "place")
    return tmp_path / "place"


def put_back(place: Path, source: str = "backup", data: str = "data") -> tuple[int, str]:
    """Code and words."""
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = main(["restore", str(place / source), "--data", str(place / data)])
    return code, said.getvalue()


def verified(folder: Path) -> bool:
    return main(["verify", "--data", str(folder)]) == 0


Told = tuple[list[str], list[bytes], list[bytes]]


def told(path: Path) -> Told:
    """Epochs, lines and receipts of a ledger."""
    with closing(SqliteStore(path, tolerant=True)) as store:
        return (
            [end.epoch for end in store.every_epoch()],
            [line.bytes for line in store.every_line()],
            [receipt.json for receipt in store.every_receipt()],
        )


def is_new(place: Path, data: str = "data") -> bool:
    """True: wholly the backup's, in an epoch of its own. False: wholly the one that stood."""
    epochs, *rest = told(place / data / "hushui.db")
    old, new = STOOD[0], STOOD[1]
    if [epochs, *rest] == list(old):
        return False
    assert rest == list(new[1:])
    assert epochs[:-1] == new[0]
    assert epochs[-1] not in old[0]
    return True


STOOD: list[Told] = []


@pytest.fixture(autouse=True)
def stood(made: Path) -> None:
    """What the ledger and the backup say before anything is done."""
    STOOD[:] = [told(made / "data" / "hushui.db"), told(made / "backup" / "hushui.db")]


def photos(folder: Path) -> list[str]:
    return sorted(Files(folder).every())


# put back ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("source", ["backup", "backup.tar"])
def test_the_backup_stands_in_a_new_epoch_and_the_ledger_that_stood_lies_beside(
    place: Path, source: str
) -> None:
    code, said = put_back(place, source)
    assert code == 0, said
    assert is_new(place)
    assert verified(place / "data")
    assert photos(place / "data") == sorted([name(BEFORE), name(AFTER)])
    (replaced,) = (place / "data" / "replaced").iterdir()
    assert str(replaced) in said
    assert told(replaced / "hushui.db") == STOOD[0]
    assert sorted(path.name for path in (place / "data").iterdir()) == [
        "blobs",
        "hushui.db",
        "lock",
        "replaced",
        "secret",
        "staging",
    ]
    with Program(place / "data") as program:
        assert program.answers()


def test_what_was_replaced_is_put_back_in_its_turn(place: Path) -> None:
    assert put_back(place)[0] == 0
    (replaced,) = (place / "data" / "replaced").iterdir()
    assert put_back(place, str(replaced.relative_to(place)))[0] == 0
    epochs, *rest = told(place / "data" / "hushui.db")
    assert rest == list(STOOD[0][1:])
    assert epochs[:-1] == STOOD[0][0]
    assert verified(place / "data")
    assert len(list((place / "data" / "replaced").iterdir())) == 2


def test_into_a_folder_that_is_not_there_yet_it_is_all_that_there_is(place: Path) -> None:
    code, said = put_back(place, data="elsewhere")
    assert (code, "replaced" in said) == (0, False)
    assert is_new(place, "elsewhere")
    assert verified(place / "elsewhere")
    secret = (place / "backup" / "secret").read_bytes()
    assert (place / "elsewhere" / "secret").read_bytes() == secret


def test_the_secret_comes_with_its_ledger_and_certificates_that_phones_trust_stay(
    place: Path,
) -> None:
    for folder, key in (("data", "trusted"), ("backup", "older")):
        (place / folder / "phone").mkdir(mode=0o700)
        (place / folder / "phone" / "authority.pem").write_text(key)
    (place / "backup" / "phone" / "site.pem").write_text("site")
    (place / "data" / "secret").write_bytes(b"of a server set up anew")
    wanted = (place / "backup" / "secret").read_bytes()
    assert put_back(place)[0] == 0
    assert (place / "data" / "secret").read_bytes() == wanted
    assert (place / "data" / "phone" / "authority.pem").read_text() == "trusted"
    assert (place / "data" / "phone" / "site.pem").read_text() == "site"
    (replaced,) = (place / "data" / "replaced").iterdir()
    assert (replaced / "secret").read_bytes() == b"of a server set up anew"


def test_nobody_at_the_office_is_signed_in_and_what_phones_announced_is_known(place: Path) -> None:
    assert put_back(place)[0] == 0
    with closing(SqliteStore(place / "data" / "hushui.db")) as store:
        assert store.one("SELECT count(*) FROM session") == (0,)
        (phone,) = (
            it for org in store.orgs() for it in store.devices(org.id) if it.label == "phone"
        )
        contact = store.contact(phone.id)
        assert isinstance(contact, Contact)
        assert contact.n == 9
        assert [it.blob for it in store.every_receipt() if it.blob] == [name(BEFORE)]
        held = [org.id for org in store.orgs() if store.blob_held(org.id, name(AFTER))]
        assert held == [phone.org]


def test_a_backup_that_an_older_version_made_is_written_anew(tmp_path: Path) -> None:
    unpacked(OLDER[0], tmp_path / "older")
    assert put_back(tmp_path, "older")[0] == 0
    with closing(SqliteStore(tmp_path / "data" / "hushui.db")) as store:
        assert not store.is_older()
        assert store.one("PRAGMA user_version") == (ROWS,)
    assert verified(tmp_path / "data")


def test_a_photo_that_rotted_here_comes_from_the_backup(place: Path) -> None:
    blob_path(place / "data", name(BEFORE)).write_bytes(b"rot")
    assert put_back(place)[0] == 0
    assert verified(place / "data")


def test_a_ledger_that_cannot_be_read_is_kept_as_it_is_with_its_log(place: Path) -> None:
    (place / "data" / "hushui.db").write_bytes(b"no ledger " * 1_000)
    (place / "data" / "hushui.db-wal").write_bytes(b"its log")
    assert put_back(place)[0] == 0
    assert is_new(place)
    assert verified(place / "data")
    (replaced,) = (place / "data" / "replaced").iterdir()
    assert (replaced / "hushui.db").read_bytes() == b"no ledger " * 1_000
    assert (replaced / "hushui.db-wal").read_bytes() == b"its log"


def test_what_a_killed_server_left_in_its_log_is_in_what_is_replaced(place: Path) -> None:
    with Program(place / "data") as program:
        assert main(["code", "张河", "--data", str(place / "data")]) == 0
        program.kill()
    assert (place / "data" / "hushui.db-wal").stat().st_size > 0
    assert put_back(place)[0] == 0
    (replaced,) = (place / "data" / "replaced").iterdir()
    assert [path.name for path in replaced.iterdir() if path.name.startswith("hushui")] == [
        "hushui.db"
    ]
    with closing(SqliteStore(replaced / "hushui.db", tolerant=True)) as store:
        assert store.one("SELECT count(*) FROM code WHERE device IS NULL") == (1,)


# killed ------------------------------------------------------------------------------------------
def dying(place: Path, at: int | str, source: str = "backup") -> tuple[bool, Death]:
    """Whether it died there; a child of this process, which need not begin anew each time."""
    death = Death(at, str(place / "data"))
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        sys.addaudithook(death.hear)
        code = put_back(place, source)[0]
        os.write(write, f"{code} {death.count} {' '.join(death.steps)}".encode())
        os._exit(0)
    os.close(write)
    _, status = os.waitpid(child, 0)
    with os.fdopen(read) as answer:
        said, count, *death.steps = answer.read().split() or ["", "0"]
    death.count = int(count)
    if os.waitstatus_to_exitcode(status) == -signal.SIGKILL:
        return True, death
    assert said == "0"
    return False, death


STEPS = ["begun", "copied", "photos", "proved", "minted", "ready"]
STEPS += ["kept", "switched", "unmarked", "done"]


def test_killed_at_any_named_step_it_leaves_the_old_ledger_or_the_new(
    made: Path, tmp_path: Path
) -> None:
    for step in STEPS:
        place = tmp_path / step
        shutil.copytree(made, place)
        died, _ = dying(place, step)
        assert died, step
        whole_one_way(place)
        assert is_new(place) == (STEPS.index(step) >= STEPS.index("ready")), step
    shutil.copytree(made, tmp_path / "all")
    assert dying(tmp_path / "all", 0)[1].steps == STEPS


def test_killed_at_whatever_it_does_to_a_file_it_leaves_the_old_ledger_or_the_new(
    made: Path, tmp_path: Path
) -> None:
    """Every touch from the mark on, and some before."""
    shutil.copytree(made, tmp_path / "trial")
    last = dying(tmp_path / "trial", 0)[1].count
    assert last > 40
    outcomes = []
    for at in [*range(5, last - 30, 29), *range(last - 30, last + 1)]:
        place = tmp_path / str(at)
        shutil.copytree(made, place)
        assert dying(place, at)[0], at
        whole_one_way(place)
        outcomes.append(is_new(place))
        shutil.rmtree(place)
    assert outcomes == sorted(outcomes), "from one moment on it is the new one"
    assert {*outcomes} == {False, True}


def whole_one_way(place: Path) -> None:
    had = {name(AFTER)}
    rotten = not blob_path(place / "data", name(BEFORE)).exists()
    assert verified(place / "data") or (rotten and not is_new(place)), "as it was before"
    assert had <= set(photos(place / "data"))


@pytest.mark.parametrize("way", ["run", "verify", "code", "backup"])
def test_whoever_comes_next_finishes_one_that_was_cut_off(
    place: Path, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dying(place, "ready")[0]
    commands: dict[str, Callable[[], Any]] = {
        "run": lambda: begun(place / "data"),
        "verify": lambda: main(["verify", "--data", str(place / "data")]),
        "code": lambda: main(["code", "张河", "--data", str(place / "data")]),
        "backup": lambda: main(
            ["backup", "--data", str(place / "data"), "--to", str(place / "to")]
        ),
    }
    assert commands[way]() == 0
    assert "finished now" in capsys.readouterr().err
    assert is_new(place)
    assert not (place / "data" / "restoring").exists()


def begun(data: Path) -> int:
    with opened(Settings(data=data, demo=False), system()):
        return 0


def test_another_restore_finishes_the_one_that_was_cut_off_first(place: Path) -> None:
    assert dying(place, "ready")[0]
    code, said = put_back(place, "backup.tar")
    assert code == 0
    assert "finished now" in said
    assert len(list((place / "data" / "replaced").iterdir())) == 2, "each lies beside"
    assert verified(place / "data")


def test_one_that_was_cut_off_before_it_was_ready_is_cleared_away_by_the_next_start(
    place: Path,
) -> None:
    assert dying(place, "proved")[0]
    assert (place / "data" / "restoring").exists()
    assert begun(place / "data") == 0
    assert not is_new(place)
    assert not (place / "data" / "restoring").exists()


def test_restores_killed_twice_leave_the_old_ledger_or_the_new(tmp_path: Path) -> None:
    tally = restores.run(tmp_path, 2, seed=1)
    print(tally)
    assert tally.passed, tally
    assert tally.kills == 2


# refused -----------------------------------------------------------------------------------------
def refused(place: Path, because: str, source: str = "backup") -> None:
    """In words of both languages; nothing has changed."""
    code, said = put_back(place, source)
    assert code == 1
    assert because in said, said
    assert said.startswith("没有放回备份："), said
    assert not is_new(place)
    assert sorted(path.name for path in (place / "data").iterdir()) == [
        "blobs",
        "hushui.db",
        "lock",
        "secret",
        "staging",
    ]


def test_while_a_server_runs_there_nothing_is_put_back(place: Path) -> None:
    with Program(place / "data") as program:
        code, said = put_back_alone(place)
        assert program.answers()
    assert code == 1
    assert "another server uses it" in said
    assert not is_new(place)


def put_back_alone(place: Path) -> tuple[int, str]:
    words = ["restore", str(place / "backup"), "--data", str(place / "data")]
    done = subprocess.run(
        [sys.executable, "-m", "hushui", *words], capture_output=True, text=True, timeout=60
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_while_another_command_has_the_ledger_open_nothing_is_put_back(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hushui.storage.connections.BUSY_MS", 10)
    with closing(SqliteStore(place / "data" / "hushui.db")) as store, store.reading():
        store.ledger()
        code, said = put_back(place)
    assert code == 1
    assert "another program holds the ledger" in said
    assert not is_new(place)
    assert not (place / "data" / "restoring").exists()


def test_a_half_backup_is_refused(place: Path) -> None:
    (place / "backup").rename(place / f"{HALF}backup")
    refused(place, "a half backup", f"{HALF}backup")


def test_a_folder_of_backups_is_asked_which(place: Path) -> None:
    (place / "shelf").mkdir()
    (place / "backup").rename(place / "shelf" / "hushui-2026-07-01-030000")
    refused(place, "hushui-2026-07-01-030000", "shelf")


@pytest.mark.parametrize("what", ["nothing", "empty", "text", "tar of others", "tar cut"])
def test_what_is_no_backup_is_refused(place: Path, what: str) -> None:
    source = place / "source"
    match what:
        case "empty":
            source.mkdir()
        case "text":
            source.write_text("no backup " * 5_000)
        case "tar of others":
            with tarfile.open(source, "w") as tar:
                tar.add(place / "backup" / "secret", "../../secret")
        case "tar cut":
            whole = (place / "backup.tar").read_bytes()
            source.write_bytes(whole[: len(whole) // 2])
        case _:
            pass
    refused(place, "", "source")


def test_a_backup_with_a_fault_is_refused_and_the_fault_is_named(place: Path) -> None:
    with closing(SqliteStore(place / "backup" / "hushui.db")) as store, store.transaction():
        store.run("UPDATE line SET bytes = x'00' WHERE n = 1")
    refused(place, "findings; take another backup")


def test_a_backup_whose_ledger_cannot_be_read_is_refused(place: Path) -> None:
    (place / "backup" / "hushui.db").write_bytes(b"no ledger " * 1_000)
    refused(place, "cannot be read")


def test_a_backup_that_lacks_a_photo_that_is_not_here_either_is_refused(place: Path) -> None:
    blob_path(place / "backup", name(BEFORE)).unlink()
    refused(place, name(BEFORE))


def test_a_backup_that_let_a_photo_rot_is_refused_unless_it_is_here(place: Path) -> None:
    blob_path(place / "backup", name(BEFORE)).write_bytes(b"rot")
    refused(place, name(BEFORE))
    blob_path(place / "data", name(BEFORE)).write_bytes(BEFORE)
    assert put_back(place)[0] == 0


def test_a_backup_of_another_ledger_is_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("a password of ten words\n"))
    other = ["--name", "新站", "--short", "xz", "--admin", "刘江", "--login", "liu"]
    assert main(["init", *other, "--data", str(place / "other")]) == 0
    refused(place, "another one than the backup's", "other")
    assert put_back(place, "other", data="empty")[0] == 0


def test_a_backup_that_a_newer_version_made_is_refused(place: Path) -> None:
    with closing(sqlite3.connect(place / "backup" / "hushui.db")) as db, db:
        db.execute(f"PRAGMA user_version = {ROWS + 1}")
    refused(place, "a newer version made it")


def test_what_a_newer_version_wrote_makes_room_for_the_backup_from_before(place: Path) -> None:
    with closing(sqlite3.connect(place / "data" / "hushui.db")) as db, db:
        db.execute(f"PRAGMA user_version = {ROWS + 1}")
    assert put_back(place)[0] == 0
    assert is_new(place)


def test_the_present_data_is_no_backup_of_itself(place: Path) -> None:
    refused(place, "the present data itself", "data")


def test_too_little_room_is_said_before_anything_is_written(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "RESERVE", 1 << 60)
    monkeypatch.setattr(SqliteStore, "copy_to", None)
    refused(place, "MiB")


def test_a_full_disk_is_said_and_the_ledger_that_stood_stands(place: Path) -> None:
    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    words = ["restore", str(place / "backup"), "--data", str(place / "data")]
    start = "import sys; from hushui.__main__ import main; "
    done = subprocess.run(
        [sys.executable, "-B", "-c", f"{start}sys.exit(main({words}))"],
        capture_output=True,
        text=True,
        preexec_fn=bound,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert not is_new(place)
    assert not (place / "data" / "restoring").exists()


# rescue bundles ----------------------------------------------------------------------------------
def bring(data: Path, bundle: bytes) -> Path:
    coming = Rescue(data).begin(ids.make("coming"), len(bundle))
    coming.write(bundle)
    org = ids.make("org one")
    return Path("rescue", org, coming.keep(org, Handed(ids.make("周汛"), 1, "包.zip")), "bundle")


@pytest.mark.parametrize("source", ["backup", "backup.tar"])
def test_rescue_bundles_of_both_sides_are_there_afterwards(place: Path, source: str) -> None:
    theirs = bring(place / "data", b"before the backup")
    shutil.rmtree(place / "backup")
    (place / "backup.tar").unlink()
    to = place / ("shelf" if source == "backup" else source)
    assert main(["backup", "--data", str(place / "data"), "--to", str(to)]) == 0
    if source == "backup":
        next(to.glob("hushui-*")).rename(place / "backup")
    shutil.rmtree((place / "data" / theirs).parent)
    ours = bring(place / "data", b"after it")
    assert put_back(place, source)[0] == 0
    assert (place / "data" / theirs).read_bytes() == b"before the backup"
    assert len(list((place / "data" / theirs).parent.glob("handed-*.json"))) == 1
    assert (place / "data" / ours).read_bytes() == b"after it"


def test_a_rescue_bundle_that_rotted_is_mended_or_stands_in_nobodys_way(place: Path) -> None:
    both = bring(place / "data", b"in both")
    shutil.copytree(place / "data" / "rescue", place / "backup" / "rescue")
    (place / "data" / both).write_bytes(b"rotten")
    rotten = bring(place / "backup", b"only there")
    (place / "backup" / rotten).write_bytes(b"rotten there")
    assert put_back(place)[0] == 0
    assert (place / "data" / both).read_bytes() == b"in both"
    assert not (place / "data" / rotten).exists()
