"""The data folder: opened, and filled with the demo when it is new."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

from hushui.app import open_epoch
from hushui.backup import finish, is_cut_off
from hushui.commands.notdone import NotDone, all_in_words
from hushui.demo.load import load_demo
from hushui.domain.policy import Domain
from hushui.ledger import LedgerWriter
from hushui.locks import alone
from hushui.ports import Ports
from hushui.rebuild import rebuild
from hushui.settings import Settings
from hushui.storage.files import Files
from hushui.storage.sqlite import STORE, SqliteStore

LOCK: Final = "lock"
"""Held by the server that serves the folder, and by who puts a backup back."""
FINISHED: Final = (
    "上次放回备份断在半路，接着做完了\n(a restore was cut off half-way; it is finished now)"
)
ANEW: Final = (
    "旧版本写的账本，正在按新版本重写各行，每分钟约 30 万条\n"
    "(an older version's ledger: writing its rows anew, some 300,000 lines a minute)"
)
UNTOUCHED: Final = (
    "旧版本写的账本有 {} 处不对，没有按新版本重写，照旧使用；请跑 hushui verify\n"
    "(an older version's ledger has faults and stays as it is; run hushui verify)"
)


@contextmanager
def opened(settings: Settings, ports: Ports) -> Iterator[tuple[SqliteStore, Files]]:
    """The data folder for one server alone, with the demo if it is new; lines whose kind is known
    by now are judged (V08). Raises NotDone when it is not to be had."""
    with ExitStack() as opening:
        with all_in_words(settings.data):
            settings.data.mkdir(parents=True, exist_ok=True)
            opening.enter_context(alone(settings.data / LOCK))
            finish_cut_off(settings.data)
            store, files = _ready(settings, ports)
        opening.enter_context(closing(store))
        yield store, files


def _ready(settings: Settings, ports: Ports) -> tuple[SqliteStore, Files]:
    if settings.demo and not (settings.data / STORE).exists():
        load_aside(settings.data, ports)
    store, files = SqliteStore(settings.data / STORE), Files(settings.data)
    policy = Domain()
    if store.has_old_rows():
        print(ANEW, flush=True)
        if findings := rebuild(store, policy, settings.data):
            print(UNTOUCHED.format(len(findings)), file=sys.stderr)
    open_epoch(store, ports)
    LedgerWriter(store, ports, policy).release_kinds()
    return store, files


def load_aside(data: Path, ports: Ports) -> None:
    """The demo is told beside and put in place by one rename: who ends a first start in the middle
    finds nothing half-loaded at the next."""
    aside = data / "demo-loading"
    shutil.rmtree(aside, ignore_errors=True)
    store, files = SqliteStore(aside / STORE, durable=False), Files(aside)
    open_epoch(store, ports)
    load_demo(store, files, ports, Domain())
    store.close()
    shutil.copytree(aside / "blobs", data / "blobs", dirs_exist_ok=True)
    (aside / STORE).replace(data / STORE)
    shutil.rmtree(aside)


def open_store(settings: Settings) -> SqliteStore:
    """Beside a server at its work, or without one. Raises NotDone where there is nothing."""
    path = ledger_in(settings)
    with all_in_words(settings.data):
        return SqliteStore(path)


def finish_cut_off(data: Path) -> None:
    was_cut_off = is_cut_off(data)
    finish(data)
    if was_cut_off:
        print(FINISHED, file=sys.stderr)


def ledger_in(settings: Settings) -> Path:
    """The one that stands. Of a restore that was cut off, the new one."""
    if is_cut_off(settings.data):
        with all_in_words(settings.data), alone(settings.data / LOCK):
            finish_cut_off(settings.data)
    path = settings.data / STORE
    if not path.exists():
        raise NotDone(f"{settings.data} 里没有护水的数据 (no data there)")
    return path
