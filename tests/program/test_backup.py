"""`hushui backup`: whole and checked, or not there."""

import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from hushui import verify
from hushui.__main__ import main
from hushui.backup import NotBackedUp, back_up, make
from hushui.backup.copying import blob_path, missing_bytes
from hushui.backup.shelf import HALF, Shelf
from hushui.domain.policy import Domain
from hushui.ports import system
from hushui.storage.files import Files
from hushui.storage.rescue import Handed, Rescue
from hushui.storage.sqlite import SqliteStore
from hushui.verify.replay import replay
from tests.soak import backups
from tests.support import ids
from tests.web.house import House

PHOTOS = [bytes([number]) * 3_000 for number in range(3)]
NAMES = [sha256(photo).hexdigest() for photo in PHOTOS]
NOW = 1_790_000_000_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A ledger with lines and three photos, its server stopped."""
    folder = tmp_path / "data"
    with House(folder) as house:
        phone = house.enrol(house.patroller, "phone")
        for name, photo in zip(NAMES, PHOTOS, strict=True):
            phone.hazard(name, name)
            assert phone.push(phone.phone.count).status_code == 200
            where = phone.upload(photo).headers["location"]
            assert phone.patch(where, 0, photo).status_code == 204
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def again(data: Path, to: Path, later: int = 0, keep: int | None = None) -> make.Made:
    ports = structs.replace(system(), now=lambda: NOW + later * 1_000)
    return back_up(data, to, ports, Domain(), keep)


def names(shelf: Path) -> list[str]:
    """Everything there but the lock."""
    return sorted(path.name for path in shelf.iterdir() if path.name != ".hushui-lock")


def verified(folder: Path) -> bool:
    return main(["verify", "--data", str(folder)]) == 0


# whole -------------------------------------------------------------------------------------------
def test_a_backup_of_a_server_at_its_work_killed_5_times_is_whole_or_not_there(
    tmp_path: Path,
) -> None:
    tally = backups.run(tmp_path, 5, seed=1)
    print(tally)
    assert tally.passed, tally
    assert tally.kills == 5
    assert tally.whole >= 2
    assert tally.photos >= 2 * backups.PHONES


def test_it_is_a_data_folder_that_only_its_owner_reads(data: Path, shelf: Path) -> None:
    (data / "phone").mkdir(mode=0o700)
    (data / "phone" / "authority.pem").write_text("key")
    (data / "blobs" / ".directory").write_text("a file manager was here")
    made = again(data, shelf)
    assert verified(made.where)
    assert (made.where / "secret").read_bytes() == (data / "secret").read_bytes()
    assert (made.where / "phone" / "authority.pem").read_text() == "key"
    assert stat.S_IMODE(made.where.stat().st_mode) == 0o700
    assert sorted(path.name for path in made.where.iterdir()) == [
        "blobs",
        "hushui.db",
        "phone",
        "secret",
        "staging",
    ]
    assert sorted(Files(made.where).every()) == sorted(NAMES)
    with closing(SqliteStore(data / "hushui.db")) as live:
        assert made.ledger == live.ledger()


def test_only_photos_that_the_one_before_lacks_are_copied(data: Path, shelf: Path) -> None:
    first, second = again(data, shelf), again(data, shelf, 1)
    assert (first.photos.copied, first.photos.linked) == (3, 0)
    assert (second.photos.copied, second.photos.linked) == (0, 3)
    for name in NAMES:
        same = [blob_path(made.where, name).stat().st_ino for made in (first, second)]
        assert len(set(same)) == 1
        assert blob_path(data, name).stat().st_ino not in same, "or one rotten sector takes both"
    shutil.rmtree(first.where)
    assert verified(second.where)


def test_where_the_disk_knows_no_second_names_photos_are_copied(
    data: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again(data, shelf)

    def refuse(*names: object) -> None:
        raise PermissionError("not on this disk")

    monkeypatch.setattr(os, "link", refuse)
    second = again(data, shelf, 1)
    assert second.photos.copied == 3
    assert verified(second.where)


def test_a_photo_that_the_one_before_let_rot_is_copied_anew(data: Path, shelf: Path) -> None:
    first = again(data, shelf)
    blob_path(first.where, NAMES[0]).write_bytes(b"rot")
    second = again(data, shelf, 1)
    assert verified(second.where)
    assert blob_path(first.where, NAMES[0]).read_bytes() == b"rot"


@pytest.mark.parametrize("fault", ["rotten", "gone"])
def test_a_photo_that_the_server_let_rot_comes_from_the_one_before(
    data: Path, shelf: Path, fault: str
) -> None:
    first = again(data, shelf)
    lost = blob_path(data, NAMES[1])
    if fault == "gone":
        lost.unlink()
    else:
        lost.write_bytes(b"rot")
    assert verified(again(data, shelf, 1).where)
    shutil.rmtree(first.where)


def test_as_one_file_it_is_the_same_data_folder(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "stick" / "hushui.tar"
    again(data, file)
    first = file.read_bytes()
    again(data, file, 1)
    assert file.read_bytes() != first or file.stat().st_size == len(first)
    assert names(file.parent) == ["hushui.tar"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        tar.extractall(tmp_path / "out", filter="data")
    assert verified(tmp_path / "out" / "hushui")
    with pytest.raises(NotBackedUp):
        again(data, file, 2, keep=1)


# old ones ----------------------------------------------------------------------------------------
def test_the_newest_are_kept_and_what_is_not_ours_is_left_alone(data: Path, shelf: Path) -> None:
    made = [again(data, shelf, later).where.name for later in range(3)]
    (shelf / "hushui-notes").mkdir()
    (shelf / "photos.zip").write_text("mine")
    last = again(data, shelf, 3, keep=2)
    assert [path.name for path in last.removed] == made[:2]
    assert names(shelf) == sorted([made[2], last.where.name, "hushui-notes", "photos.zip"])


def test_the_one_just_made_is_kept_though_the_clock_went_back(data: Path, shelf: Path) -> None:
    again(data, shelf, 5_000)
    made = again(data, shelf, 0, keep=1)
    assert names(shelf) == [made.where.name]


def test_two_of_the_same_second_have_two_names(data: Path, shelf: Path) -> None:
    assert again(data, shelf).where.name + "-2" == again(data, shelf).where.name


# refused -----------------------------------------------------------------------------------------
def test_a_ledger_with_a_fault_gets_no_backup(
    data: Path, shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = again(data, shelf).where.name
    with closing(SqliteStore(data / "hushui.db")) as store, store.transaction():
        store.run("UPDATE line SET bytes = x'00' WHERE n = 1")
    assert main(["backup", "--data", str(data), "--to", str(shelf), "--keep", "1"]) == 1
    assert "hushui verify" in capsys.readouterr().err
    assert names(shelf) == [old]
    assert verified(shelf / old)


def test_a_photo_missing_everywhere_is_named(data: Path, shelf: Path) -> None:
    blob_path(data, NAMES[2]).unlink()
    with pytest.raises(NotBackedUp, match=NAMES[2]):
        again(data, shelf)
    assert names(shelf) == []


def test_too_little_room_is_said_before_anything_is_written(
    data: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = again(data, shelf).where.name
    monkeypatch.setattr(make, "RESERVE", 1 << 60)
    monkeypatch.setattr(SqliteStore, "copy_to", None)
    with pytest.raises(NotBackedUp, match="MiB"):
        again(data, shelf, 1)
    assert names(shelf) == [old]


@pytest.mark.parametrize("bytes", [1_000, 200_000])
def test_a_full_disk_is_said_and_the_old_ones_stand(data: Path, shelf: Path, bytes: int) -> None:
    """At the first byte, and in the middle of the ledger."""
    old = again(data, shelf).where.name
    done = command(data, shelf, bytes, full=True)
    assert done.returncode == 1
    said = done.stderr.decode()
    assert said.startswith("备份没做成：")
    assert "older ones stand" in said
    assert "Traceback" not in said
    assert names(shelf) == [old]
    assert verified(shelf / old)


def test_killed_in_the_middle_of_the_ledger_it_leaves_no_name(data: Path, shelf: Path) -> None:
    old = again(data, shelf).where.name
    done = command(data, shelf, 200_000, full=False)
    assert done.returncode == -signal.SIGXFSZ
    left, *rest = names(shelf)
    assert left.startswith(HALF)
    assert rest == [old]
    assert (shelf / left / "hushui.db").stat().st_size > 0
    made = again(data, shelf, 9)
    assert names(shelf) == sorted([old, made.where.name])
    assert verified(made.where)


def test_whatever_it_does_nothing_half_made_has_a_name(
    data: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its longest step writes a second ledger to compare: killed there, the next run clears it."""
    seen: list[str] = []

    def look(*given: Any) -> None:
        seen.extend(names(shelf))
        replay(*given)

    monkeypatch.setattr(verify, "replay", look)
    again(data, shelf)
    assert len(seen) == 2
    assert all(name.startswith(HALF) for name in seen), seen


def test_killed_while_it_removes_an_old_one_it_leaves_no_half_of_that(
    data: Path, shelf: Path, tmp_path: Path
) -> None:
    """The last thing it does to a file is to remove the emptied folder of the old one."""
    shutil.copytree(again(data, shelf).where.parent, tmp_path / "trial")
    whole = dying(0, data, tmp_path / "trial")
    last = int(whole.stdout.decode().rsplit("touched ", 1)[1])
    done = dying(last, data, shelf)
    assert done.returncode == -signal.SIGKILL
    left, made = names(shelf)
    assert left.startswith(HALF)
    assert not any((shelf / left).iterdir())
    assert verified(shelf / made)


def dying(at: int, data: Path, shelf: Path) -> "subprocess.CompletedProcess[bytes]":
    words = ["backup", "--data", str(data), "--to", str(shelf), "--keep", "1"]
    return subprocess.run(
        [sys.executable, "-m", "tests.support.dying", str(at), str(shelf), *words],
        capture_output=True,
    )


def command(
    data: Path, shelf: Path, bytes: int, *, full: bool
) -> "subprocess.CompletedProcess[bytes]":
    """No file grows beyond so many bytes: the disk is full, or whoever tries dies on the spot."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    words = ["backup", "--data", str(data), "--to", str(shelf)]
    start = "import signal, sys; from hushui.__main__ import main; "
    start += "" if full else "signal.signal(signal.SIGXFSZ, signal.SIG_DFL); "
    return subprocess.run(
        [sys.executable, "-B", "-c", f"{start}sys.exit(main({words}))"],
        capture_output=True,
        preexec_fn=bound,
    )


def test_two_at_once_do_not_clear_each_other_away(data: Path, shelf: Path) -> None:
    with Shelf(shelf).alone():
        half = shelf / f"{HALF}of-the-other"
        half.mkdir()
        assert main(["backup", "--data", str(data), "--to", str(shelf)]) == 1
        assert half.exists()
    again(data, shelf)
    assert not half.exists()


def test_no_data_no_backup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "--data", str(tmp_path / "no"), "--to", str(tmp_path / "to")]) == 1
    assert "no data there" in capsys.readouterr().err
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize("keep", ["0", "-1", "two"])
def test_at_least_one_is_kept(tmp_path: Path, keep: str) -> None:
    with pytest.raises(SystemExit):
        main(["backup", "--data", str(tmp_path), "--keep", keep])


# rescue bundles ----------------------------------------------------------------------------------
def bring(data: Path, bundle: bytes) -> str:
    """Kept as the office keeps it; where it lies, below the data folder."""
    org, coming = ids.make("org one"), Rescue(data).begin(ids.make("coming"), len(bundle))
    coming.write(bundle)
    name = coming.keep(org, Handed(ids.make("周汛"), NOW, "包.zip"))
    return f"rescue/{org}/{name}/bundle"


def test_rescue_bundles_come_along_and_the_same_one_lies_there_once(
    data: Path, shelf: Path
) -> None:
    where = bring(data, b"a bundle, whatever is in it")
    first = again(data, shelf).where
    second = again(data, shelf, later=60).where
    for made in (first, second):
        assert (made / where).read_bytes() == b"a bundle, whatever is in it"
        (handed,) = (made / where).parent.glob("handed-*.json")
        assert b"\u5305.zip" in handed.read_bytes() or "包.zip".encode() in handed.read_bytes()
        assert sorted(it.name for it in (made / where).parent.iterdir()) == [
            "bundle",
            handed.name,
        ]
    assert (first / where).stat().st_ino == (second / where).stat().st_ino


def test_a_rescue_bundle_that_rotted_comes_from_the_backup_before(data: Path, shelf: Path) -> None:
    where = bring(data, b"a bundle")
    again(data, shelf)
    (data / where).write_bytes(b"a rotten")
    assert (again(data, shelf, later=60).where / where).read_bytes() == b"a bundle"
    shutil.rmtree(shelf)
    with pytest.raises(NotBackedUp, match="rescue"):
        again(data, shelf, later=120)


def test_a_rescue_bundle_needs_its_room(
    data: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(data, b"a bundle" * 1_000)
    small = missing_bytes(data, [], None)
    assert small > 8_000
    assert missing_bytes(data, [], again(data, shelf).where) == 0
