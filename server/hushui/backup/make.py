"""One backup, from the first look at the disk to the last old one removed."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from hushui.backup import tarball
from hushui.backup.copying import (
    Photos,
    blob_path,
    bundles_in,
    copy,
    copy_bundles,
    copy_photos,
    copy_secrets,
    missing_bytes,
    names_in,
    sync_folders,
)
from hushui.backup.shelf import HALF, NotBackedUp, Shelf, sync
from hushui.ports import Ports
from hushui.rebuild import as_of_now
from hushui.storage.files import Files, disk_failures
from hushui.storage.looking import looked_at
from hushui.storage.rescue import BUNDLE, Rescue
from hushui.storage.sqlite import STORE, SqliteStore
from hushui.verify import Finding, verify
from hushui_sync.policy import Policy
from hushui_sync.world import Ledger

RESERVE: Final = 32 * 1024 * 1024
"""Bytes left free beyond what is counted: folders, logs, what the server writes meanwhile."""
STORES: Final = 2
"""The copy of the ledger, and the one that `verify` writes from its lines to compare."""
OLDER: Final = 2
"""One that an older version wrote is verified as a copy of the copy, with its rows anew."""


class Made(Struct, frozen=True):
    where: Path
    ledger: Ledger
    photos: Photos
    removed: Sequence[Path]


def back_up(data: Path, to: Path, ports: Ports, policy: Policy, keep: int | None = None) -> Made:
    """``to`` is a folder that takes a dated folder each time, or one file NAME.tar, replaced each
    time. Raises NotBackedUp, StoreFailure and OSError; then what stood before stands."""
    file = to if tarball.is_name(to) else None
    if file is not None and keep is not None:
        raise NotBackedUp(
            "--keep 只用于文件夹，一个文件每次换新", "--keep is for folders; a file is replaced"
        )
    with disk_failures():
        shelf = Shelf(to if file is None else to.parent)
        with shelf.alone():
            name = file or shelf.free_name(ports)
            half = shelf.folder / f"{HALF}{name.name}"
            half.mkdir(mode=0o700)
            try:
                ledger, photos = _fill(half, data, shelf, policy, packed=file is not None)
                if file is not None:
                    half = tarball.pack(half, shelf.folder / f"{HALF}packed-{name.name}")
                shelf.put(half, name)
            finally:
                shelf.clear()
            removed = shelf.keep(keep, name) if keep is not None else []
    return Made(name, ledger, photos, removed)


def _fill(
    half: Path, data: Path, shelf: Shelf, policy: Policy, *, packed: bool
) -> tuple[Ledger, Photos]:
    """What stands in the folder is verified, and on the disk."""
    standing = shelf.standing()
    before = standing[-1] if standing and not packed else None
    files = Files(data)
    with looked_at(data / STORE) as store:
        _demand_room(store, files, data, before, shelf, packed=packed)
        store.copy_to(half / STORE)
    copy_secrets(data, half)
    photos = copy_photos(data, half, names_in(files), before)
    copy_bundles(data, half, bundles_in(data), before)
    with shelf.aside() as beside:
        ledger = _prove(half, data, before, policy, beside)
    sync(half / STORE)
    sync_folders(half)
    return ledger, photos


def _demand_room(
    store: SqliteStore,
    files: Files,
    data: Path,
    before: Path | None,
    shelf: Shelf,
    *,
    packed: bool,
) -> None:
    names, ledger = names_in(files), store.size()
    stores = STORES + OLDER * store.is_older()
    needed = stores * ledger + missing_bytes(data, names, before) + RESERVE
    if packed:
        needed += ledger + missing_bytes(data, names, None)
    free = shutil.disk_usage(shelf.folder).free
    if free < needed:
        raise NotBackedUp(
            f"{shelf.folder} 所在的磁盘要 {_mib(needed)} MiB，只剩 {_mib(free)} MiB",
            f"the disk needs {_mib(needed)} MiB and has {_mib(free)} MiB left",
        )


def _mib(size: int) -> int:
    return -(-size // (1024 * 1024))


def _prove(half: Path, data: Path, before: Path | None, policy: Policy, beside: Path) -> Ledger:
    """A photo or bundle that the backup before has let rot is taken anew, one that the server has
    let rot from the backup before; then all is asked again."""
    ledger, findings = _ask(half, policy, beside)
    photos = [finding.where for finding in findings if finding.what == "blob"]
    bundles = [finding.where for finding in findings if finding.what == "rescue"]
    mended = [_mend(half, data, before, name) for name in photos]
    mended += [_mend_bundle(half, data, before, where) for where in bundles]
    if any(mended):
        ledger, findings = _ask(half, policy, beside)
    if findings:
        first = findings[0]
        raise NotBackedUp(
            f"数据里有 {len(findings)} 处不对，先跑 hushui verify（{first.what} {first.where}）",
            f"{len(findings)} findings; run hushui verify ({first.what} {first.where}: "
            f"{first.detail})",
        )
    return ledger


def _ask(half: Path, policy: Policy, beside: Path) -> tuple[Ledger, list[Finding]]:
    store = SqliteStore(half / STORE, tolerant=True)
    try:
        with as_of_now(store, policy, beside) as now:
            return store.ledger(), verify(now, Files(half), policy, beside=beside)
    finally:
        store.close()


def _mend(half: Path, data: Path, before: Path | None, name: str) -> bool:
    for root in (data, before):
        if root is not None and Files(root).digest(name) == name:
            target = blob_path(half, name)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            copy(blob_path(root, name), target)
            return True
    return False


def _mend_bundle(half: Path, data: Path, before: Path | None, where: str) -> bool:
    path = f"rescue/{where}/{BUNDLE}"
    for root in (data, before):
        if root is None or not (root / path).exists():
            continue
        if Rescue(root).digest(where) == where.partition("/")[2]:
            copy(root / path, half / path)
            return True
    return False
