"""The data folder as an operator may find it: in use, newer, damaged, not to be written to."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from hushui.__main__ import main
from hushui.locks import alone
from hushui.storage.connections import DatabaseError
from hushui.storage.schema import ROWS
from hushui.storage.sqlite import SqliteStore
from tests.support.program import Program, free_port
from tests.web.house import House

NOBODY = 65_534
COMMANDS = {
    "run": ["run", "--port", "0"],
    "verify": ["verify"],
    "backup": ["backup", "--to", "{to}"],
    "code": ["code", "张河"],
    "init": ["init", "--name", "新站", "--short", "xz", "--admin", "刘江", "--login", "liu"],
}


@pytest.fixture
def folder() -> Iterator[Path]:
    """Below a folder that every user of the machine may enter."""
    with TemporaryDirectory(prefix="hushui-folder-") as name:
        Path(name).chmod(0o755)
        data = Path(name) / "data"
        with House(data) as house:
            phone = house.enrol(house.patroller, "phone")
            phone.hazard("seepage")
            assert phone.push(phone.phone.count).status_code == 200
        yield data


@pytest.fixture
def words(folder: Path) -> dict[str, list[str]]:
    to = str(folder.parent / "backups")
    return {
        name: [word.format(to=to) for word in given] + ["--data", str(folder)]
        for name, given in COMMANDS.items()
    }


def ask(words: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "hushui", *words],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=60,
        env=os.environ | {"HUSHUI_DEMO": "false"},
    )


def refused(words: list[str], because: str) -> None:
    done = ask(words)
    assert done.returncode == 1, done
    assert because in done.stderr
    assert "Traceback" not in done.stderr


def refused_here(words: list[str], because: str, said: pytest.CaptureFixture[str]) -> None:
    """As `refused`, in this process where that cannot begin to serve."""
    if words[0] == "run":
        refused(words, because)
        return
    assert main(words) == 1
    heard = said.readouterr()
    assert because in heard.err + heard.out


# in use ------------------------------------------------------------------------------------------
def test_one_server_serves_a_folder_and_the_next_one_waits_for_its_end(
    folder: Path, words: dict[str, list[str]]
) -> None:
    with Program(folder) as program:
        refused(words["run"], "another server uses it")
        refused(["phone", "--host", "127.0.0.1", *words["run"][1:]], "another server uses it")
        assert httpx.get(f"{program.url}/api/health").status_code == 200
        assert ask(words["code"]).returncode == 0, "which a running server does not hinder"
        assert ask(words["verify"]).returncode == 0
        program.kill()
        with Program(folder) as next_one:
            assert next_one.answers()


def test_of_two_first_starts_one_loads_the_demo(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    start = [sys.executable, "-m", "hushui", "run", "--data", str(folder), "--port"]
    both = [
        subprocess.Popen([*start, str(free_port())], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    try:
        while not any(process.poll() is not None for process in both):
            time.sleep(0.05)
        late = next(process for process in both if process.poll() is not None)
        assert late.returncode == 1
        assert late.stderr is not None
        assert "another server uses it" in late.stderr.read().decode()
        while not (folder / "hushui.db").exists():
            assert sum(process.poll() is None for process in both) == 1
            time.sleep(0.05)
    finally:
        for process in both:
            process.terminate()
            process.communicate()
    assert main(["verify", "--data", str(folder)]) == 0


def test_what_is_made_beside_a_first_start_is_not_overwritten_by_its_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*COMMANDS["init"], "--data", str(tmp_path)]
    with alone(tmp_path / "lock"):  # as the start holds it while it loads
        assert main(words) == 1
    assert "another server uses it" in capsys.readouterr().err
    assert not (tmp_path / "hushui.db").exists()


def test_a_bug_of_ours_is_not_told_as_a_broken_ledger(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(store: SqliteStore) -> object:
        return store.one("SELECT nobody FROM org")

    monkeypatch.setattr(SqliteStore, "orgs", wrong)
    with pytest.raises(DatabaseError):
        main(["code", "张河", "--data", str(folder)])


# of a newer version ------------------------------------------------------------------------------
NEWER = {
    "rows": f"PRAGMA user_version = {ROWS + 1}",
    "tables": "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
    " VALUES ('hushui', '9999_later', '')",
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("newer", NEWER)
def test_what_a_newer_version_wrote_is_left_alone(
    newer: str,
    command: str,
    folder: Path,
    words: dict[str, list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    with closing(sqlite3.connect(folder / "hushui.db")) as db, db:
        db.execute(NEWER[newer])
    before = (folder / "hushui.db").read_bytes()
    refused_here(words[command], "newer version", capsys)
    assert (folder / "hushui.db").read_bytes() == before


# damaged -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_no_ledger_is_said_in_words(
    command: str,
    folder: Path,
    words: dict[str, list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / "hushui.db").write_bytes(b"no ledger " * 1_000)
    refused_here(words[command], "file is not a database", capsys)
    assert (folder / "hushui.db").read_bytes() == b"no ledger " * 1_000


# not to be written to ----------------------------------------------------------------------------
def as_nobody(folder: Path, words: list[str]) -> tuple[int, str]:
    """Code and words of the command, run by one who may read the folder and not write there. In a
    child of this process: another user may not even enter the place this program lies in."""
    said = folder.parent / "said.txt"
    said.write_bytes(b"")
    child = os.fork()
    if child == 0:
        code = 99
        try:
            out = os.open(said, os.O_WRONLY)
            os.dup2(out, 1)
            os.dup2(out, 2)
            sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
            sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
            if os.getuid() == 0:
                os.setuid(NOBODY)
            code = main(words)
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said.read_text()


def closed(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)


def test_a_folder_that_cannot_be_written_to_is_verified_and_backed_up(folder: Path) -> None:
    closed(folder)
    names = sorted(folder.iterdir())
    code, said = as_nobody(folder, ["verify", "--data", str(folder)])
    assert (code, "all is well" in said) == (0, True), said
    to = folder.parent / "backups"
    to.mkdir()
    to.chmod(0o777)
    code, said = as_nobody(folder, ["backup", "--data", str(folder), "--to", str(to)])
    assert code == 0, said
    (made,) = (path for path in to.iterdir() if path.name.startswith("hushui-"))
    assert main(["verify", "--data", str(made)]) == 0
    assert sorted(folder.iterdir()) == names


def test_what_a_killed_server_left_in_its_log_is_verified_too(folder: Path) -> None:
    killed = folder.parent / "killed"
    with Program(folder) as program:
        assert ask(["code", "张河", "--data", str(folder)]).returncode == 0
        program.kill()
    shutil.copytree(folder, killed)
    (killed / "hushui.db-shm").unlink()
    assert (killed / "hushui.db-wal").stat().st_size > 0
    (killed / "hushui.db").write_bytes((folder / "hushui.db").read_bytes())
    closed(killed)
    code, said = as_nobody(killed, ["verify", "--data", str(killed)])
    assert (code, "all is well" in said) == (0, True), said


def test_one_who_may_only_read_verifies_beside_the_server(folder: Path) -> None:
    with Program(folder):
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        code, said = as_nobody(folder, ["verify", "--data", str(folder)])
    assert (code, "all is well" in said) == (0, True), said


@pytest.mark.parametrize("command", ["run", "code", "init"])
def test_who_must_write_there_says_that_he_cannot(
    command: str, folder: Path, words: dict[str, list[str]]
) -> None:
    closed(folder)
    code, said = as_nobody(folder, words[command])
    assert code == 1, said
    assert "cannot write there" in said
    assert "Traceback" not in said
