"""One ledger in the place of another: cut off anywhere, the old one stands or the new one does.

What is to come in is made ready in a folder of the data folder, which then gets a mark. Without the
mark it is nothing and is cleared away; with it whoever comes next goes on to the end. The ledger
itself changes by one rename, and the old one has a second name before.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from hushui.backup.copying import SECRETS, copy
from hushui.backup.shelf import remove, sync
from hushui.storage.looking import beside
from hushui.storage.sqlite import STORE
from hushui.storage.standing import fold

RESTORING: Final = "restoring"
NEW: Final = "new"
MARK: Final = "ready"
"""Holds the name of the folder below REPLACED that takes the old ledger."""
REPLACED: Final = "replaced"


def step(name: str) -> None:
    """Each step has a name, for who listens (`sys.addaudithook`)."""
    sys.audit("hushui.restore", name)


def is_cut_off(data: Path) -> bool:
    """A restore got its mark and did not come to its end."""
    return (data / RESTORING / MARK).exists()


def mark(data: Path, name: str) -> None:
    """From here on the new ledger stands. All of it is on the disk before."""
    folder = data / RESTORING
    for path in (folder / NEW).rglob("*"):
        sync(path)
    sync(folder / NEW)
    written = folder / f"{MARK}.new"
    written.write_text(name, encoding="utf-8")
    sync(written)
    written.replace(folder / MARK)
    sync(folder)
    sync(data)


def unmark(data: Path) -> None:
    """Only while the old ledger has its place: `finish` raised."""
    (data / RESTORING / MARK).unlink(missing_ok=True)


def finish(data: Path) -> Path | None:
    """Where the replaced ledger lies; None: nothing was under way, or nothing stood there before.
    For who has the folder alone. Raises StoreBusy while somebody still has the old one open."""
    folder = data / RESTORING
    if not is_cut_off(data):
        if folder.exists():
            remove(folder)
        return None
    old = data / REPLACED / (folder / MARK).read_text(encoding="utf-8")
    new = folder / NEW
    if (new / STORE).exists():
        if (data / STORE).exists():
            whole = fold(data / STORE)
            keep(data, old, whole=whole)
        step("kept")
        for end in ("wal", "shm"):
            beside(data / STORE, end).unlink(missing_ok=True)
        (new / STORE).replace(data / STORE)
        sync(data)
    step("switched")
    for name in SECRETS:
        _take_in(new / name, data / name)
    (folder / MARK).unlink()
    sync(folder)
    step("unmarked")
    remove(folder)
    step("done")
    return old if old.exists() else None


def keep(data: Path, old: Path, *, whole: bool) -> None:
    """Second names for the old ledger's files; of a broken one its log too."""
    old.mkdir(parents=True, exist_ok=True, mode=0o700)
    names = [STORE, "secret"] + ([] if whole else [beside(data / STORE, "wal").name])
    for name in names:
        if (data / name).exists():
            _second_name(data / name, old / name)
    for path in (old, old.parent, data):
        sync(path)


def _second_name(path: Path, other: Path) -> None:
    """A half copy never has the name."""
    if other.exists():
        return
    with suppress(OSError):
        os.link(path, other)
        return
    copy(path, other.with_name(f"{other.name}.new"))
    other.with_name(f"{other.name}.new").replace(other)


def _take_in(new: Path, place: Path) -> None:
    """The secret belongs to its ledger. Certificates that phones trust by now stay."""
    if not new.exists() or (place.parent.name == "phone" and place.exists()):
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new.replace(place)
    sync(place.parent)
