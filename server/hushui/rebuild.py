"""All rows anew from the lines, for a store that an older version wrote.

Lines and receipts are what happened and never change. Rows say what follows from them, and a newer
version may draw another conclusion from the same lines: a conflict it words otherwise, a member it
adds. The first start of such a version judges all lines again, with the verdicts they were given,
in a store beside, and takes its rows over in one commit.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hushui.storage.sqlite import SqliteStore
from hushui.verify import Finding, replay
from hushui.verify.compare import receipts as same_receipts
from hushui.verify.proofs import lines, misfits, receipts
from hushui_sync.policy import Policy


def rebuild(store: SqliteStore, policy: Policy, beside: Path) -> list[Finding]:
    """Empty: done. Otherwise nothing was changed: what does not prove itself, or would lead to
    other receipts, is nothing to write rows from.

    ``beside`` is a folder on a disk with room for a second store; what an earlier try left there is
    removed. Raises StoreFull without that room.
    """
    folder = beside / "rebuilding"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        again = SqliteStore(folder / "again.db", durable=False)
        try:
            with store.reading():
                faults = list(misfits(store)) or [*lines(store), *receipts(store)]
                if not faults:
                    replay(store, policy, again)
                    faults = list(same_receipts(again, store))
        finally:
            again.close()
        if not faults and not store.take_rows(folder / "again.db"):
            faults = [Finding("replay", "", "another program writes here; stop it and start again")]
        return faults
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def as_of_now(
    store: SqliteStore, policy: Policy, beside: Path | None = None
) -> Iterator[SqliteStore]:
    """The store; one that is older, as the first start of this version will leave it: a copy, so
    that it can be verified before. ``beside`` as for `verify`."""
    if not store.is_older():
        yield store
        return
    with TemporaryDirectory(prefix="hushui-older-", dir=beside) as name:
        folder = Path(name)
        store.copy_to(folder / "now.db")
        SqliteStore(folder / "now.db", durable=False).close()
        now = SqliteStore(folder / "now.db", tolerant=True, durable=False)
        try:
            rebuild(now, policy, folder)
            yield now
        finally:
            now.close()
