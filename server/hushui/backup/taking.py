"""A backup opened to be put back: the folder or the file that `back_up` made."""

import shutil
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from hushui.backup.copying import SECRETS, blob_path, copy
from hushui.backup.shelf import HALF, NAME, sync
from hushui.storage.files import SHA256
from hushui.storage.rescue import BUNDLE, Rescue
from hushui.storage.sqlite import STORE

INSIDE: Final = "hushui"
"""The one folder in a backup that is a file."""


class NotRestored(Exception):
    """The ledger that stood stands. ``zh`` and ``en`` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def size_of(source: Path) -> int:
    """Bytes of a backup that is one file and has to be unpacked first."""
    return source.stat().st_size if source.is_file() else 0


def demand_backup(source: Path) -> None:
    """Whole ones have their name by one rename: what has none is half."""
    if not source.exists():
        raise NotRestored(f"没有 {source}", "there is no such backup")
    if source.name.startswith(HALF):
        raise NotRestored(
            f"{source.name} 是没做完的备份，换一份做完的", "a half backup; take a whole one"
        )
    if source.is_dir() and not (source / STORE).exists():
        inside = sorted(path.name for path in source.iterdir() if NAME.fullmatch(path.name))
        if inside:
            newest = source / inside[-1]
            raise NotRestored(
                f"{source} 里有 {len(inside)} 份备份，指明一份，最新的是 {newest}",
                f"{len(inside)} backups there; name one, the newest is {newest}",
            )
        raise NotRestored(f"{source} 里没有护水的账本", "there is no ledger in it")


def unpack(source: Path, into: Path) -> Path:
    """The folder that a file holds."""
    try:
        with tarfile.open(source) as tar:
            odd = [name for name in tar.getnames() if name.partition("/")[0] != INSIDE]
            if odd:
                raise NotRestored(f"{source} 不是护水的备份", f"not a backup of hushui: {odd[0]}")
            tar.extractall(into, filter="data")
    except (tarfile.TarError, EOFError) as fault:
        raise NotRestored(
            f"{source} 读不全，文件是坏的或没拷完，换一份",
            f"the file is broken or was not copied whole; take another: {fault}",
        ) from fault
    if not (into / INSIDE / STORE).exists():
        raise NotRestored(f"{source} 里没有护水的账本", "there is no ledger in it")
    return into / INSIDE


def names_of(folder: Path) -> list[str]:
    """Photos in it. Nothing is made there: it may be a disk that only reads."""
    blobs = folder / "blobs"
    found = (path.parent.name + path.name for path in blobs.glob("??/*") if path.is_file())
    return sorted(name for name in found if SHA256.fullmatch(name))


def take_photo(source: Path, data: Path, name: str, aside: Path) -> bool:
    """By one rename, on the disk when it returns. False: the backup has let it rot."""
    new = aside / "photo"
    copy(blob_path(source, name), new)
    if sha256(new.read_bytes()).hexdigest() != name:
        return False
    target = blob_path(data, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    new.replace(target)
    sync(target.parent)
    return True


def take_bundles(source: Path, data: Path, aside: Path) -> None:
    """Rescue bundles that are not here, or have rotted here; none that rotted in the backup."""
    theirs, ours = Rescue(source), Rescue(data)
    rotten = {where for where in theirs.every() if not _is_sound(theirs, where)}
    for name in theirs.files():
        where = name.removeprefix("rescue/").rpartition("/")[0]
        is_here = (data / name).exists() and (not name.endswith(BUNDLE) or _is_sound(ours, where))
        if where in rotten or is_here:
            continue
        new = aside / "bundle"
        copy(source / name, new)
        (data / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new.replace(data / name)
        sync((data / name).parent)


def _is_sound(shelf: Rescue, where: str) -> bool:
    return shelf.digest(where) == where.partition("/")[2]


def take_secrets(source: Path, into: Path) -> None:
    for name in SECRETS:
        if (source / name).exists():
            (into / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            copy(source / name, into / name)


def clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
