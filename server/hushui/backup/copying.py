"""Bytes from one data folder into another."""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec import Struct

from hushui.backup.shelf import sync
from hushui.storage.files import SHA256, Files
from hushui.storage.rescue import Rescue

SECRETS: Final = ("secret", "phone/authority.pem", "phone/site.pem")
"""What else a server cannot be itself without."""


class Photos(Struct):
    """What was done with the blobs."""

    linked: int = 0
    copied: int = 0
    bytes: int = 0


def blob_path(root: Path, name: str) -> Path:
    return root / "blobs" / name[:2] / name[2:]


def names_in(files: Files) -> list[str]:
    """Only what is named like a blob: other things in the folder are nobody's."""
    return [name for name in files.every() if SHA256.fullmatch(name)]


def missing_bytes(data: Path, names: Sequence[str], before: Path | None) -> int:
    """Of blobs and rescue bundles."""
    paths = [*(blob_path(Path(), name) for name in names), *map(Path, bundles_in(data))]
    return sum(
        (data / path).stat().st_size
        for path in paths
        if before is None or not (before / path).exists()
    )


def copy_photos(data: Path, into: Path, names: Sequence[str], before: Path | None) -> Photos:
    """A blob that the backup before has is the same file under two names, where the disk can."""
    done = Photos()
    for name in names:
        target = blob_path(into, name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if before is not None and _link(blob_path(before, name), target):
            done.linked += 1
            continue
        copy(blob_path(data, name), target)
        done.copied += 1
        done.bytes += target.stat().st_size
    return done


def bundles_in(data: Path) -> list[str]:
    """Paths below the data folder: rescue bundles, and who brought them."""
    return list(Rescue(data).files())


def copy_bundles(data: Path, into: Path, names: Sequence[str], before: Path | None) -> None:
    """None is ever changed, so the backup before has the same one."""
    for name in names:
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if before is None or not _link(before / name, target):
            copy(data / name, target)


def _link(source: Path, target: Path) -> bool:
    """False: not there, too many names, or a disk without such links."""
    with suppress(OSError):
        os.link(source, target)
        return True
    return False


def copy_secrets(data: Path, into: Path) -> None:
    for name in SECRETS:
        source, target = data / name, into / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            copy(source, target)


def copy(source: Path, target: Path) -> None:
    """On the disk when it returns; readable by its owner only. Replaces what was there, never
    through a second name of it."""
    target.unlink(missing_ok=True)
    with source.open("rb") as old:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
            new.flush()
            os.fsync(new.fileno())


def sync_folders(root: Path) -> None:
    for folder, _, _ in os.walk(root):
        sync(Path(folder))
