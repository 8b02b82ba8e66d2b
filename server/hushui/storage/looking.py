"""The store for who only looks."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hushui.storage.sqlite import SqliteStore


@contextmanager
def looked_at(path: Path) -> Iterator[SqliteStore]:
    """Tolerant, for who only looks, also at a folder that cannot be written to. SQLite wants files
    of its own beside: those of the server at its work there, else a copy is looked at."""
    if os.access(path.parent, os.W_OK) and os.access(path, os.W_OK):
        with closing(SqliteStore(path, tolerant=True)) as store:
            yield store
    elif beside(path, "shm").exists():
        with closing(SqliteStore(path, tolerant=True, read_only=True)) as store:
            yield store
    else:
        with TemporaryDirectory(prefix="hushui-copy-") as folder:
            copy = Path(folder) / path.name
            for end in ("", "wal"):
                if (file := beside(path, end)).exists():
                    shutil.copyfile(file, beside(copy, end))
            with closing(SqliteStore(copy, tolerant=True)) as store:
                yield store


def beside(path: Path, end: str) -> Path:
    """SQLite's own file of that sort: `hushui.db-wal`."""
    return path.with_name(f"{path.name}-{end}") if end else path
