"""The embedded store: the contract, and what only a file can suffer."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import hushui_sync.errors
from hushui.errors import StoreBroken, StoreBusy, StoreFull
from hushui.storage.sqlite import SqliteStore
from hushui.storage.store import Store
from tests.storage.contract import ORG, StoreContract, everything, in_thread
from tests.storage.scribe import Scribe, record
from tests.support import ids


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def factory(self, tmp_path: Path) -> Callable[[], Store]:
        return lambda: SqliteStore(tmp_path / "hushui.db")


def test_a_commit_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "hushui.db")
    with store.transaction():
        assert store.one("PRAGMA synchronous") == (2,)
        assert store.one("PRAGMA journal_mode") == ("wal",)
    store.close()


def test_a_failure_of_the_store_is_never_a_verdict_P07() -> None:
    for failure in (StoreFull, StoreBusy, StoreBroken):
        assert issubclass(failure, hushui_sync.errors.StoreFailure)


def test_a_full_disk_is_told_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "hushui.db"
    roomy = SqliteStore(path)
    scribe = Scribe(roomy, ORG)
    scribe.begin()
    scribe.write(record("a", ORG))
    pages = roomy.one("PRAGMA page_count")
    roomy.close()
    assert pages is not None
    store = SqliteStore(path, max_pages=pages[0] + 20)
    full = Scribe(store, ORG)
    full.phone = scribe.phone
    written = 1
    while (before := everything(store)) and written < 1_000:
        try:
            full.write(record(f"r{written}", ORG, written))
        except StoreFull:
            break
        written += 1
    assert written < 1_000
    assert everything(store) == before
    full.phone.lines.pop()
    store.close()
    again = SqliteStore(path)
    full.store = again
    assert full.write(record("room", ORG)).number == written + 1
    assert again.all("PRAGMA integrity_check") == [("ok",)]
    again.close()


def test_another_writer_on_the_file_makes_the_store_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hushui.storage.connections.BUSY_MS", 10)
    path = tmp_path / "hushui.db"
    store, other = SqliteStore(path), SqliteStore(path)
    with other.transaction(), pytest.raises(StoreBusy), store.transaction():
        pass
    other.close()
    with store.transaction():
        store.new_epoch(ids.EPOCH)
    store.close()


def test_a_file_that_is_no_store_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "hushui.db"
    path.write_bytes(b"this was once a database" * 1000)
    with pytest.raises(StoreBroken):
        SqliteStore(path)


def test_text_that_is_no_text_any_more_is_broken(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "hushui.db")
    Scribe(store, ORG).begin()
    with store.transaction():
        store.run("UPDATE device SET label = CAST(x'ff' AS TEXT)")
    with pytest.raises(StoreBroken):
        store.devices(ORG)
    store.close()


def test_a_wrong_statement_is_a_bug_and_no_failure_of_the_store(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "hushui.db")
    with pytest.raises(Exception, match="syntax") as raised:
        store.all("SELEKT")
    assert not isinstance(raised.value, hushui_sync.errors.StoreFailure)
    store.close()


def test_what_a_closed_thread_read_with_is_let_go(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "hushui.db")
    for _ in range(20):
        in_thread(store.orgs)
    gc.collect()
    assert len(store._readers) == 0
    store.close()


def test_writing_outside_a_transaction_is_a_bug(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "hushui.db")
    with pytest.raises(AssertionError, match="transaction"):
        store.new_epoch(ids.EPOCH)
    with store.transaction(), pytest.raises(AssertionError, match="nest"), store.transaction():
        pass
    store.close()


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_every_acknowledged_commit_is_there(tmp_path: Path, seed: int) -> None:
    """The child says each receipt after its commit; it is killed somewhere in its loop."""
    path = tmp_path / "hushui.db"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.loop", os.fspath(path)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    said = [child.stdout.readline() for _ in range(20 + 37 * seed)]
    child.send_signal(signal.SIGKILL)
    said += child.stdout.readlines()
    child.wait()
    child.stdout.close()
    whole = [line.decode().split() for line in said if line.endswith(b"\n")]
    store = SqliteStore(path)
    assert store.all("PRAGMA integrity_check") == [("ok",)]
    stored = {str(receipt.number): receipt.chain for receipt in store.every_receipt()}
    assert len(whole) > 10
    assert all(stored[number] == chain for number, chain in whole)
    assert len(stored) - len(whole) <= 1
    ledger, lines = store.ledger(), list(store.every_line())
    assert ledger.number == len(stored) == len(lines)
    assert ledger.chain == stored[str(ledger.number)]
    device = store.device(lines[0].device)
    assert device is not None
    assert (device.n, device.hash) == (lines[-1].n, lines[-1].hash)
    store.close()
