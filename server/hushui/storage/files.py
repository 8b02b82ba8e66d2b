"""Photos on the disk: `blobs/ab/cdef…` named by their SHA-256, `staging/ID` until complete.

Synchronous; of two threads with one upload the later waits. A full disk raises StoreFull, anything
else the disk refuses StoreBroken; what was there before stays.
"""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from threading import Lock
from typing import Final
from zlib import crc32

from hushui.errors import StoreBroken, StoreFull
from hushui_sync.ids import is_id

SHA256: Final = re.compile(r"[0-9a-f]{64}")
TURNS: Final = 64
"""Locks that uploads share."""
FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Files:
    def __init__(self, root: Path) -> None:
        self.root = root
        self._blobs, self._staging = root / "blobs", root / "staging"
        self._turns = [Lock() for _ in range(TURNS)]
        with disk_failures():
            self._blobs.mkdir(parents=True, exist_ok=True)
            self._staging.mkdir(exist_ok=True)
            sync_folder(root)

    # uploads ----------------------------------------------------------------------------------
    def begin(self, upload: str) -> None:
        """An empty staging file; bytes of an earlier attempt are dropped."""
        with self._turn(upload), disk_failures():
            self._staged(upload).write_bytes(b"")
            sync_folder(self._staging)

    def offset(self, upload: str) -> int | None:
        """Bytes there; None: no such upload."""
        try:
            with disk_failures():
                return self._staged(upload).stat().st_size
        except FileNotFoundError:
            return None

    def append(self, upload: str, offset: int, chunk: bytes) -> int | None:
        """The new offset, on the disk; None: the file does not end at ``offset``."""
        staged = self._staged(upload)
        with (
            self._turn(upload),
            disk_failures(),
            suppress(FileNotFoundError),
            staged.open("r+b", buffering=0) as file,
        ):
            if file.seek(0, os.SEEK_END) != offset:
                return None
            try:
                rest = memoryview(chunk)
                while rest:
                    rest = rest[file.write(rest) :]
                os.fsync(file.fileno())
            except BaseException:
                file.truncate(offset)
                raise
            return offset + len(chunk)
        return None

    def complete(self, upload: str, sha256: str) -> bool | None:
        """Moves the staged bytes to their name if they hash to it (B03). False: they do not;
        None: nothing is staged."""
        staged, blob = self._staged(upload), self._blob(sha256)
        with self._turn(upload), disk_failures():
            if not staged.exists():
                return None
            with staged.open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != sha256:
                    return False
                os.fsync(file.fileno())
            if not blob.parent.is_dir():
                blob.parent.mkdir(exist_ok=True)
                sync_folder(self._blobs)
            staged.replace(blob)
            sync_folder(blob.parent)
            sync_folder(self._staging)
        return True

    def discard(self, upload: str) -> None:
        """Ends an upload that failed or expired."""
        with self._turn(upload), disk_failures():
            self._staged(upload).unlink(missing_ok=True)

    def staged(self) -> list[str]:
        """Ids of all uploads that have a staging file, in order."""
        with disk_failures():
            return sorted(file.name for file in self._staging.iterdir() if is_id(file.name))

    def touched(self, upload: str) -> int | None:
        """When its staging file was last written to, ms; None: there is none."""
        try:
            with disk_failures():
                return int(self._staged(upload).stat().st_mtime * 1000)
        except FileNotFoundError:
            return None

    # blobs ------------------------------------------------------------------------------------
    def size(self, sha256: str) -> int | None:
        """Bytes; None: not here."""
        try:
            with disk_failures():
                return self._blob(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def open(self, sha256: str) -> BufferedReader | None:
        """For reading, to be closed by the caller; None: not here."""
        try:
            with disk_failures():
                return self._blob(sha256).open("rb")
        except FileNotFoundError:
            return None

    def every(self) -> Iterator[str]:
        """Names of all blobs, in order."""
        with disk_failures():
            for folder in sorted(path for path in self._blobs.iterdir() if path.is_dir()):
                yield from sorted(folder.name + file.name for file in folder.iterdir())

    def digest(self, sha256: str) -> str | None:
        """The SHA-256 of what lies under the name, 64 hex digits; None: nothing does."""
        file = self.open(sha256)
        if file is None:
            return None
        with file, disk_failures():
            return file_digest(file, "sha256").hexdigest()

    def _turn(self, upload: str) -> Lock:
        return self._turns[crc32(upload.encode()) % TURNS]

    def _blob(self, sha256: str) -> Path:
        assert SHA256.fullmatch(sha256), f"not a SHA-256: {sha256!r}"
        return self._blobs / sha256[:2] / sha256[2:]

    def _staged(self, upload: str) -> Path:
        assert is_id(upload), f"not an id: {upload!r}"
        return self._staging / upload


@contextmanager
def disk_failures() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        failure = StoreFull if error.errno in FULL else StoreBroken
        raise failure(str(error)) from error


def sync_folder(folder: Path) -> None:
    """Without this a new name may be gone after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
