"""A backup as one file, for a stick or another machine: a plain tar, as photos do not shrink."""

import os
import tarfile
from hashlib import file_digest
from pathlib import Path
from typing import Final

from hushui.backup.shelf import NotBackedUp, remove

SUFFIX: Final = ".tar"


def is_name(path: Path) -> bool:
    return path.suffix == SUFFIX and not path.is_dir()


def pack(folder: Path, file: Path) -> Path:
    """The file, on the disk and read back; the folder is gone."""
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as raw:
        with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
            tar.add(folder, arcname="hushui")
        raw.flush()
        os.fsync(raw.fileno())
    with tarfile.open(file) as tar:
        held = {member.name: _digest(tar, member) for member in tar if member.isfile()}
    wanted = {
        f"hushui/{path.relative_to(folder)}": _hash(path)
        for path in folder.rglob("*")
        if path.is_file()
    }
    if held != wanted:
        raise NotBackedUp(
            f"写进 {file.parent} 的和读回来的不一样，换一个盘",
            "what was read back is not what was written; take another disk",
        )
    remove(folder)
    return file


def _digest(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    held = tar.extractfile(member)
    assert held is not None
    with held:
        return file_digest(held, "sha256").hexdigest()  # type: ignore[arg-type]


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
