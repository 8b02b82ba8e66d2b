"""A ledger file as it stands, of any version and perhaps broken: what it is asked before another
takes its place."""

from pathlib import Path

from hushui.errors import StoreBroken, StoreBusy
from hushui.storage.connections import DatabaseError, raw

BIRTH = """SELECT epoch FROM epoch
    WHERE EXISTS (SELECT 1 FROM line) OR EXISTS (SELECT 1 FROM org) ORDER BY seq LIMIT 1"""


MAGIC = b"SQLite format 3\0"


def fold(path: Path) -> bool:
    """Moves its log into the file, which then is all there is of it. False: a broken one, left as
    it is. Raises StoreBusy while somebody else has it open, StoreFull."""
    if not _has_head(path):
        return False
    try:
        with raw(path) as db:
            said = db.execute("PRAGMA journal_mode = DELETE").fetchone()
    except StoreBroken:
        return False
    if said != ("delete",):
        raise StoreBusy(f"{path} is open elsewhere")
    return True


def birth(path: Path) -> str | None:
    """The first epoch of its life, which no other ledger has. None: it holds nothing, or cannot be
    read."""
    if not _has_head(path):
        return None
    try:
        with raw(path) as db:
            row = db.execute(BIRTH).fetchone()
    except (StoreBroken, DatabaseError):
        return None
    return None if row is None else str(row[0])


def _has_head(path: Path) -> bool:
    """SQLite takes the log beside a file that is none of its own for rubbish, and removes it."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
