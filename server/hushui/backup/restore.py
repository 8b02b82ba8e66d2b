"""A backup in the place of the ledger, under a new epoch."""

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

from hushui.backup import taking
from hushui.backup.copying import blob_path, bundles_in
from hushui.backup.switch import (
    NEW,
    REPLACED,
    RESTORING,
    finish,
    is_cut_off,
    mark,
    step,
    unmark,
)
from hushui.backup.taking import NotRestored
from hushui.errors import StoreBroken, StoreFailure, StoreNewer
from hushui.ports import Ports
from hushui.rebuild import rebuild
from hushui.storage.connections import DatabaseError
from hushui.storage.files import Files, disk_failures
from hushui.storage.looking import looked_at
from hushui.storage.sqlite import STORE, SqliteStore
from hushui.storage.standing import birth, fold
from hushui.verify import Finding, verify
from hushui_sync.policy import Policy
from hushui_sync.world import Ledger

RESERVE: Final = 32 * 1024 * 1024
STORES: Final = 3
"""The copy, the one that `verify` writes to compare, and room for rows written anew."""


class Restored(Struct, frozen=True):
    ledger: Ledger
    """Its head, in the new epoch."""
    photos: int
    """Taken over from the backup, because they were not here."""
    replaced: Path | None
    """Where the ledger lies that stood here; None: none did."""


def put_back(source: Path, data: Path, ports: Ports, policy: Policy) -> Restored:
    """For who has the data folder alone. Raises NotRestored, StoreFailure and OSError; then the
    ledger that stood stands. An earlier restore that was cut off is finished first."""
    finish(data)
    step("begun")
    taking.demand_backup(source)
    if source.resolve() == data.resolve():
        raise NotRestored(f"{source} 就是现在的数据", "that is the present data itself")
    folder = data / RESTORING
    with disk_failures():
        try:
            folder.mkdir(mode=0o700)
            (folder / NEW).mkdir(mode=0o700)
            _demand_room(source, data)
            made = _make_ready(source, data, ports, policy)
            mark(data, _free_name(data / REPLACED, ports))
            step("ready")
            try:
                return Restored(*made, finish(data))
            except BaseException:
                # Somebody opened the old one: unless it is done already, nothing is.
                if (folder / NEW / STORE).exists():
                    unmark(data)
                raise
        finally:
            if not is_cut_off(data):
                taking.clear(folder)


def _make_ready(source: Path, data: Path, ports: Ports, policy: Policy) -> tuple[Ledger, int]:
    folder, stands = data / RESTORING, (data / STORE).exists()
    if source.is_file():
        source = taking.unpack(source, folder / "from")
        step("unpacked")
    new = folder / NEW
    _copy_ledger(source, new / STORE)
    taking.take_secrets(source, new)
    step("copied")
    if stands:
        ours, theirs = birth(data / STORE), birth(new / STORE)
        if ours is not None and ours != theirs:
            raise NotRestored(
                f"{data} 里是另一本账，这份备份不是它的。要恢复到别处，用 --data 换一个空文件夹",
                "the ledger there is another one than the backup's; "
                "take an empty folder with --data",
            )
    names = taking.names_of(source)
    files = Files(data)
    lacking = [name for name in names if files.size(name) is None]
    taken = sum(taking.take_photo(source, data, name, folder) for name in lacking)
    taking.take_bundles(source, data, folder)
    step("photos")
    _prove(source, data, policy, set(names))
    step("proved")
    return _mint(data, new / STORE, ports, stands=stands), taken


def _copy_ledger(source: Path, into: Path) -> None:
    try:
        with looked_at(source / STORE) as store:
            store.copy_to(into)
    except StoreNewer as fault:
        raise NotRestored(
            "这份备份是新版护水做的，这一版读不了。请装新版",
            "a newer version made it; install that",
        ) from fault
    except (DatabaseError, UnicodeDecodeError, StoreFailure) as fault:
        raise NotRestored(
            f"{source} 里的账本读不了，这份备份是坏的，换一份",
            f"its ledger cannot be read; take another backup: {fault}",
        ) from fault


def _prove(source: Path, data: Path, policy: Policy, names: set[str]) -> None:
    """As the next start would leave it, all of it is what its lines say, and its photos are here. A
    photo that rotted here comes from the backup."""
    findings = _ask(data, policy, names)
    folder = data / RESTORING
    rotten = [it.where for it in findings if it.what == "blob" and it.where in names]
    mended = [taking.take_photo(source, data, name, folder) for name in rotten]
    if any(mended):
        findings = _ask(data, policy, names)
    if findings:
        first = findings[0]
        raise NotRestored(
            f"这份备份有 {len(findings)} 处不对，换一份（{first.what} {first.where}）",
            f"{len(findings)} findings; take another backup ({first.what} {first.where}: "
            f"{first.detail})",
        )


def _ask(data: Path, policy: Policy, names: set[str]) -> list[Finding]:
    """Photos that are only here, and that no receipt of the backup knows, are no fault of its;
    nor is a rescue bundle, which the ledger does not need."""
    folder = data / RESTORING
    SqliteStore(folder / NEW / STORE).close()
    store = SqliteStore(folder / NEW / STORE, tolerant=True)
    try:
        faults = rebuild(store, policy, folder) if store.has_old_rows() else []
        faults = faults or verify(store, Files(data), policy, beside=folder)
        known = names | {receipt.blob for receipt in store.every_receipt() if receipt.blob}
        return [
            fault
            for fault in faults
            if fault.what != "rescue" and (fault.what != "blob" or fault.where in known)
        ]
    except (DatabaseError, UnicodeDecodeError, StoreBroken) as fault:
        return [Finding("file", STORE, str(fault))]
    finally:
        store.close()


def _mint(data: Path, path: Path, ports: Ports, *, stands: bool) -> Ledger:
    """H03: every receipt beyond the backup is void, and everybody looks again. Who was signed in
    at the office signs in anew: a password changed since is the old one again."""
    readable = stands and fold(data / STORE)
    store = SqliteStore(path)
    try:
        if readable:
            with suppress(DatabaseError, StoreBroken):  # one that can hardly be read tells nothing
                store.succeed(data / STORE)
        with store.transaction():
            store.end_every_session()
            store.new_epoch(ports.new_id())
        ledger = store.ledger()
    finally:
        store.close()
    fold(path)
    step("minted")
    return ledger


def _demand_room(source: Path, data: Path) -> None:
    ledger = (source / STORE).stat().st_size if source.is_dir() else taking.size_of(source)
    photos = [name for name in taking.names_of(source) if Files(data).size(name) is None]
    blobs = sum(blob_path(source, name).stat().st_size for name in photos)
    bundles = sum((source / name).stat().st_size for name in bundles_in(source))
    needed = STORES * ledger + blobs + bundles + taking.size_of(source) + RESERVE
    free = shutil.disk_usage(data).free
    if free < needed:
        raise NotRestored(
            f"{data} 所在的磁盘要 {_mib(needed)} MiB，只剩 {_mib(free)} MiB",
            f"the disk needs {_mib(needed)} MiB and has {_mib(free)} MiB left",
        )


def _mib(size: int) -> int:
    return -(-size // (1024 * 1024))


def _free_name(folder: Path, ports: Ports) -> str:
    at = datetime.fromtimestamp(ports.now() / 1000).strftime("%Y-%m-%d-%H%M%S")
    name, count = at, 1
    while (folder / name).exists():
        count += 1
        name = f"{at}-{count}"
    return name
