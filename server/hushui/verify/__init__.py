"""Does the store still say what its lines and receipts say? Names any byte changed by hand.

First what proves itself: lines by their hash and chain, receipts by R02, photos and rescue
bundles by their name. If
all of it holds, the lines are judged again with the verdicts they were given, in a store beside,
and every column of all that follows from them is compared: records, rows, positions, scopes,
rights, words. What follows from no line is not: enrolments, accounts, an epoch without receipts.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from hushui.storage.files import Files
from hushui.storage.sqlite import SqliteStore
from hushui.storage.store import Store
from hushui.verify.compare import compare
from hushui.verify.finding import Finding
from hushui.verify.proofs import blobs, bundles, lines, misfits, receipts
from hushui.verify.replay import replay
from hushui_sync.policy import Policy

__all__ = ["Finding", "replay", "verify"]

NOT_AGAIN = "not judged again; first come"


def verify(
    store: Store, files: Files, policy: Policy, *, beside: Path | None = None
) -> list[Finding]:
    """Empty: all is well. Changes nothing; reads one moment while a writer may go on.

    ``beside`` is a folder with room for a second store, removed at the end (None: where temporary
    files go). Raises StoreBroken when a file cannot be read at all, StoreFull without that room.
    """
    with store.reading():
        file = [Finding("file", "", fault) for fault in store.faults()]
        if odd := list(misfits(store)):
            return [*file, *odd, Finding("replay", "", f"{NOT_AGAIN} the values named above")]
        proofs = [*lines(store), *receipts(store)]
        doubted = {finding.where for finding in proofs}
        photos = [*blobs(store, files, doubted), *bundles(files)]
        if proofs:
            cause = f"{NOT_AGAIN} the lines or receipts named above"
            return [*file, *proofs, *photos, Finding("replay", "", cause)]
        with TemporaryDirectory(prefix="hushui-verify-", dir=beside) as folder:
            again = SqliteStore(Path(folder) / "again.db", durable=False)
            try:
                replay(store, policy, again)
                return [*file, *photos, *compare(again, store)]
            finally:
                again.close()
