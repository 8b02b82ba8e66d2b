"""The folder in which backups stand: one at a time is made, and only whole ones have a name."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from hushui.locks import Locked, alone
from hushui.ports import Ports

NAME: Final = re.compile(r"hushui-\d{4}-\d\d-\d\d-\d{6}(-\d+)?")
HALF: Final = ".hushui-half-"
"""Begins the name of what is being made or removed; the next run clears it away."""
LOCK: Final = ".hushui-lock"


class NotBackedUp(Exception):
    """Nothing got a name; what stood before stands. ``zh`` and ``en`` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class Shelf:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Also clears what an earlier run left half-made. The lock ends with the process."""
        try:
            with alone(self.folder / LOCK):
                self.clear()
                yield
        except Locked as error:
            raise NotBackedUp(
                f"{self.folder} 里正在做另一个备份，等它做完",
                "another backup is being made there; wait for it",
            ) from error

    def clear(self) -> None:
        for left in self.folder.glob(f"{HALF}*"):
            remove(left)

    @contextmanager
    def aside(self) -> Iterator[Path]:
        """A folder to work in, beside the half one; who is killed meanwhile leaves no name here."""
        folder = self.folder / f"{HALF}aside"
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            remove(folder)

    def standing(self) -> list[Path]:
        """Oldest first."""
        found = (path for path in self.folder.iterdir() if NAME.fullmatch(path.name))
        return sorted((path for path in found if path.is_dir()), key=lambda path: path.name)

    def free_name(self, ports: Ports) -> Path:
        """By this machine's clock and zone, to the second."""
        at = datetime.fromtimestamp(ports.now() / 1000).strftime("%Y-%m-%d-%H%M%S")
        name, count = self.folder / f"hushui-{at}", 1
        while name.exists():
            count += 1
            name = self.folder / f"hushui-{at}-{count}"
        return name

    def put(self, half: Path, name: Path) -> None:
        """By one rename, on the disk when this returns."""
        half.replace(name)
        sync(self.folder)

    def keep(self, newest: int, made: Path) -> list[Path]:
        """Removes all but so many; never the one just made, whatever the clock said before."""
        others = [path for path in self.standing() if path != made]
        old = others[: max(0, len(others) - (newest - 1))]
        for path in old:
            half = self.folder / f"{HALF}{path.name}"
            path.replace(half)
            remove(half)
        return old


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Whatever was written to this file, or the names in this folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
