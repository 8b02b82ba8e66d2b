"""Why a command did nothing: what the operator reads instead of a traceback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from hushui.errors import StoreBusy, StoreFailure, StoreFull, StoreNewer
from hushui.locks import Locked
from hushui.storage.connections import DatabaseError

UNREADABLE: Final = (DatabaseError, UnicodeDecodeError)
"""A file whose very tables are not what they were says so on being opened."""


class NotDone(Exception):
    """Its text is in both languages, and names the next step."""


@contextmanager
def in_words(data: Path) -> Iterator[None]:
    """What store and disk refuse becomes NotDone. Anything else is a bug of ours and stays one."""
    try:
        yield
    except StoreFailure as fault:
        raise NotDone(words(data, fault)) from fault


@contextmanager
def all_in_words(data: Path) -> Iterator[None]:
    """Also what the folder refuses, and a file that is no ledger."""
    try:
        yield
    except (Locked, StoreFailure, *UNREADABLE, OSError) as fault:
        raise NotDone(words(data, fault)) from fault


def words(data: Path, fault: Exception) -> str:
    match fault:
        case Locked():
            return (
                f"{data} 已有一个护水在用。先停掉它，或用 --data 换一个文件夹 "
                "(another server uses it; stop it or take another folder)"
            )
        case StoreNewer():
            return (
                f"{data} 是新版护水写的，这一版读不了，什么都没动。请装新版，或放回升级前的备份 "
                "(a newer version wrote it; install that, or put the backup from before back)"
            )
        case StoreFull():
            return f"磁盘满了，{data} 里的都在 (disk full, nothing lost: {fault})"
        case StoreBusy():
            return (
                f"别的程序正占着 {data} 里的账本，过一会儿再来 "
                f"(another program holds the ledger; try again later: {fault})"
            )
        case _ if data.exists() and not os.access(data, os.W_OK):
            return (
                f"{data} 写不进去：看看这个文件夹归谁，磁盘是不是只读 "
                f"(cannot write there; whose folder is it, is the disk read-only: {fault})"
            )
        case OSError():
            return f"{data} 读写出错 (cannot read or write there: {fault})"
        case _:
            return (
                f"{data} 里的账本读不了。先照原样留一份，再跑 hushui verify，或从备份放回来 "
                "(the ledger cannot be read; keep a copy of it, run hushui verify, "
                f"or put a backup back: {fault})"
            )
