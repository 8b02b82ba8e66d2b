"""Rescue bundles as they were handed in, byte for byte: `rescue/ORG/SHA256/bundle`, and beside it
who brought it and when. Nothing here reads what is in them.

What has its name is whole and on the disk; it is never changed and never removed.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from hushui.errors import StoreFull
from hushui.storage.files import disk_failures, sync_folder
from hushui_sync.ids import is_id

SHA256: Final = re.compile(r"[0-9a-f]{64}")
HANDED: Final = re.compile(r"handed-([0-7][0-9a-v]{25})\.json")
BUNDLE: Final = "bundle"
COMING: Final = "coming"
READ: Final = "read.json"
"""What was found in it; can be found again."""
RESERVE: Final = 256 * 1024 * 1024
"""Bytes left to the ledger: a bundle waits, lines do not."""


class Handed(Struct, frozen=True):
    """One person brought it, for the first time. ``name``: of the file, as the person had it."""

    person: str
    at: int
    name: str


class Coming:
    """A bundle on its way in. Synchronous; `write` in order, then `keep` or `drop`."""

    def __init__(self, shelf: "Rescue", path: Path) -> None:
        self._shelf, self._path = shelf, path
        self._hash = sha256()
        with disk_failures():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = path.open("xb")

    def write(self, piece: bytes) -> None:
        self._hash.update(piece)
        with disk_failures():
            self._file.write(piece)

    def keep(self, org: str, handed: Handed) -> str:
        """Its SHA-256. Brought again, it lies there once."""
        name = self._hash.hexdigest()
        with disk_failures():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            folder = self._shelf.make(org, name)
            _write_once(folder / f"handed-{handed.person}.json", msgspec.json.encode(handed))
            if (folder / BUNDLE).exists():
                self._path.unlink()
            else:
                self._path.replace(folder / BUNDLE)
            sync_folder(folder)
        return name

    def drop(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


class Rescue:
    def __init__(self, root: Path) -> None:
        self.root = root / "rescue"

    # coming in --------------------------------------------------------------------------------
    def begin(self, id: str, size: int) -> Coming:
        """``size``: as announced. Raises StoreFull where it would leave the ledger no room."""
        assert is_id(id), f"not an id: {id!r}"
        with disk_failures():
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            if shutil.disk_usage(self.root).free < size + RESERVE:
                raise StoreFull("no room for a rescue bundle")
        return Coming(self, self.root / COMING / id)

    def make(self, org: str, name: str) -> Path:
        folder = self._folder(org, name)
        for path in (folder.parent, folder):
            if not path.is_dir():
                path.mkdir(exist_ok=True, mode=0o700)
                sync_folder(path.parent)
        return folder

    def sweep(self, before: float) -> None:
        """What a kill left half-written and nobody has touched since (s)."""
        with disk_failures():
            for path in (self.root / COMING).glob("*"):
                if path.stat().st_mtime < before:
                    path.unlink()

    # what is there ----------------------------------------------------------------------------
    def names(self, org: str) -> list[str]:
        """SHA-256 of each, in order."""
        with disk_failures():
            found = (path.parent.name for path in (self.root / org).glob(f"*/{BUNDLE}"))
            return sorted(name for name in found if SHA256.fullmatch(name))

    def open(self, org: str, name: str) -> BufferedReader | None:
        """For reading, to be closed by the caller; None: not here."""
        if not SHA256.fullmatch(name):
            return None
        try:
            with disk_failures():
                return (self._folder(org, name) / BUNDLE).open("rb")
        except FileNotFoundError:
            return None

    def handed(self, org: str, name: str) -> list[Handed]:
        """The first who brought it first."""
        found = []
        for path in self._folder(org, name).glob("handed-*.json"):
            with disk_failures(), suppress(msgspec.MsgspecError):
                found.append(msgspec.json.decode(path.read_bytes(), type=Handed))
        return sorted(found, key=lambda it: (it.at, it.person))

    def found(self, org: str, name: str) -> bytes | None:
        with disk_failures(), suppress(FileNotFoundError):
            return (self._folder(org, name) / READ).read_bytes()
        return None

    def note(self, org: str, name: str, found: bytes) -> None:
        with disk_failures():
            path = self._folder(org, name) / READ
            new = path.with_name(f"{READ}.new")
            new.write_bytes(found)
            new.replace(path)

    # verify, backup ---------------------------------------------------------------------------
    def every(self) -> Iterator[str]:
        """`ORG/SHA256` of each bundle, in order."""
        orgs = sorted(path.name for path in self.root.glob("*") if is_id(path.name))
        for org in orgs:
            yield from (f"{org}/{name}" for name in self.names(org))

    def digest(self, where: str) -> str:
        """Of what lies under `ORG/SHA256`."""
        with disk_failures(), (self.root / where / BUNDLE).open("rb") as file:
            return file_digest(file, "sha256").hexdigest()

    def files(self) -> Iterator[str]:
        """What of it belongs into a backup, below the data folder: each bundle after whoever
        brought it."""
        for where in self.every():
            handed = sorted(it.name for it in (self.root / where).glob("handed-*.json"))
            for name in (*(it for it in handed if HANDED.fullmatch(it)), BUNDLE):
                yield f"{self.root.name}/{where}/{name}"

    def _folder(self, org: str, name: str) -> Path:
        assert is_id(org), f"not an id: {org!r}"
        assert SHA256.fullmatch(name), f"not a SHA-256: {name!r}"
        return self.root / org / name


def _write_once(path: Path, data: bytes) -> None:
    if path.exists():
        return
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
