"""Connections to one SQLite file, and who may use which.

One connection writes. It belongs to whichever thread is inside `transaction`, one at a time; while
it is, that thread also reads through it and sees its own uncommitted rows. Every other read goes
through a connection of the reading thread's own, which sees only what is committed. So one object
serves the event loop's thread and the writer's thread together.
"""

import os
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlite_utils import Database

from hushui.errors import StoreBroken, StoreBusy, StoreFull, StoreNewer
from hushui.storage.callers import Callers
from hushui.storage.schema import MIGRATIONS, ROWS, STEPS

if TYPE_CHECKING:
    import sqlite3
else:  # as sqlite-utils chooses: its SQLite is newer than the interpreter's
    try:
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3

DatabaseError = sqlite3.DatabaseError

BUSY_MS: Final = 5_000
CACHE_KIB: Final = 65_536
LOG_PAGES: Final = 16_384
"""Pages of write-ahead log (64 MiB) after which a commit moves them itself. Idle moments come
first: see `checkpoint`."""

# Primary result codes, https://sqlite.org/rescode.html
FULL: Final = {13}
BUSY: Final = {5, 6}
BROKEN: Final = {3, 7, 8, 10, 11, 14, 26}

AT_ONCE: Final = 32
"""Rows taken from SQLite in one call where the caller may stop before the last."""

Values = Sequence[Any]


class Connections:
    """``max_pages`` bounds the file, in pages of 4 KiB: the way to try a full disk. ``tolerant``
    is for `verify`: the file stays as it is, also one of an older version, and text that is no
    longer UTF-8 is read. ``read_only`` is for a server's folder that may not be written to. Without
    ``durable`` a commit does not wait for the disk; only `close` does. Raises StoreNewer."""

    def __init__(
        self,
        path: Path,
        *,
        max_pages: int | None = None,
        tolerant: bool = False,
        read_only: bool = False,
        durable: bool = True,
    ) -> None:
        self._path = path
        self._durable = durable
        self._tolerant = tolerant
        self._read_only = read_only
        self._max_pages = max_pages
        self._turn = threading.Lock()
        self._callers = Callers()
        self._owner: int | None = None
        self._readers: weakref.WeakKeyDictionary[threading.Thread, sqlite3.Connection]
        self._readers = weakref.WeakKeyDictionary()
        self._opening = threading.Lock()
        self._own = threading.local()
        """The same as `_readers`, found without asking for the thread: once for each statement."""
        with sqlite_failures():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._open_writer()
            try:
                self._refuse_newer()
                if not tolerant:
                    self._migrate()
            except BaseException:
                self._writer.close()
                raise
            self._bound(self._writer)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """BEGIN IMMEDIATE … COMMIT. Waits for its turn; does not nest."""
        assert self._owner != threading.get_ident(), "a transaction does not nest"
        with self._turn:
            with sqlite_failures():
                self._writer.execute("BEGIN IMMEDIATE")
            self._owner = threading.get_ident()
            try:
                yield
                self.run("COMMIT")
            except BaseException:
                self._roll_back()
                self._callers.end(committed=False)
                raise
            else:
                self._callers.end(committed=True)
            finally:
                self._owner = None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything this thread reads inside is of one moment."""
        connection = self._connection()
        if connection.in_transaction:
            yield
            return
        with sqlite_failures():
            connection.execute("BEGIN")
        try:
            yield
        finally:
            with suppress(sqlite3.DatabaseError):
                connection.execute("ROLLBACK")

    def checkpoint(self) -> None:
        """Moves the write-ahead log into the file as far as readers allow; waits for nobody."""
        with self._turn, sqlite_failures():
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def copy_to(self, path: Path) -> None:
        """What is committed at one moment, as a new file, while others read and write. On the disk
        when it returns. All in one step: a copy in pieces begins anew at every commit."""
        with sqlite_failures():
            target = sqlite3.connect(os.fspath(path), isolation_level=None)
            try:
                self._connection().backup(target)
            finally:
                target.close()

    def has_old_rows(self) -> bool:
        """The same lines would make other rows today: see `rebuild`."""
        said = self.one("PRAGMA user_version")
        return said is not None and said[0] < ROWS

    def is_older(self) -> bool:
        """A version before this one wrote it, and the first start of this one has yet to come."""
        return self.has_old_rows() or bool(MIGRATIONS.pending(Database(self._connection())))

    def size(self) -> int:
        """Bytes of the store without its log."""
        pages, page = self.one("PRAGMA page_count"), self.one("PRAGMA page_size")
        return pages[0] * page[0] if pages and page else 0

    def close(self) -> None:
        """Once every other thread has stopped using the store."""
        with self._opening:
            for connection in self._readers.values():
                connection.close()
            self._readers.clear()
            self._own = threading.local()
        with self._turn:
            if not self._durable:
                # Closing moves the log into the file, and waits for the disk only if told to.
                self._writer.execute("PRAGMA synchronous = FULL")
            self._writer.close()

    # Twenty of these a line: `sqlite_failures` as a context manager would cost 5 µs each.
    def one(self, sql: str, values: Values = ()) -> tuple[Any, ...] | None:
        try:
            row: tuple[Any, ...] | None = self._connection().execute(sql, values).fetchone()
            return row
        except sqlite3.DatabaseError as error:
            raise told(error) from error

    def all(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection().execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise told(error) from error

    def each(self, sql: str, values: Values = ()) -> Iterator[tuple[Any, ...]]:
        with sqlite_failures():
            rows = self._connection().execute(sql, values)
            # `yield from` the cursor would close it too, perhaps after its connection.
            while some := rows.fetchmany(AT_ONCE):
                yield from some

    def run(self, sql: str, values: Values = ()) -> None:
        with sqlite_failures():
            self._mine().execute(sql, values)

    def many(self, sql: str, rows: Iterable[Values]) -> None:
        with sqlite_failures():
            self._mine().executemany(sql, rows)

    def _mine(self) -> sqlite3.Connection:
        assert self._owner == threading.get_ident(), "writing needs a transaction"
        return self._writer

    def _connection(self) -> sqlite3.Connection:
        if self._owner == threading.get_ident():
            return self._writer
        mine: sqlite3.Connection | None = getattr(self._own, "reader", None)
        if mine is None:
            with self._opening, sqlite_failures():
                mine = self._open()
                mine.execute("PRAGMA query_only = ON")
                self._readers[threading.current_thread()] = mine
                self._own.reader = mine
        return mine

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode={'ro' if self._read_only else 'rwc'}",
            uri=True,
            timeout=BUSY_MS / 1000,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        if self._tolerant:
            connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        return connection

    def _open_writer(self) -> sqlite3.Connection:
        connection = self._open()
        if not self._read_only:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'OFF'}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        return connection

    def _refuse_newer(self) -> None:
        """Tables and rows that only a later version understands are left alone."""
        said = self._writer.execute("PRAGMA user_version").fetchone()
        steps = {step.name for step in MIGRATIONS.applied(Database(self._writer))}
        if said[0] > ROWS or not steps <= STEPS.keys():
            raise StoreNewer(str(self._path))

    def _migrate(self) -> None:
        db = Database(self._writer)
        is_new = not MIGRATIONS.applied(db)
        MIGRATIONS.apply(db)
        if is_new:
            self._writer.execute(f"PRAGMA user_version = {ROWS}")

    def _bound(self, connection: sqlite3.Connection) -> None:
        if self._max_pages is not None:
            connection.execute(f"PRAGMA max_page_count = {self._max_pages}")

    def _roll_back(self) -> None:
        """A connection that cannot even roll back is given up; what it did not commit is lost."""
        try:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
        except sqlite3.DatabaseError:
            with suppress(sqlite3.DatabaseError):
                self._writer.close()
            self._writer = self._open_writer()
            self._bound(self._writer)


@contextmanager
def raw(path: Path) -> "Iterator[sqlite3.Connection]":
    """The file as it is, whatever version wrote it; to look at it, or before it goes."""
    with sqlite_failures():
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_MS / 1000,
            isolation_level=None,
        )
        try:
            yield db
        finally:
            db.close()


@contextmanager
def sqlite_failures() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise told(error) from error


def told(error: sqlite3.DatabaseError) -> Exception:
    """StoreFull, StoreBusy or StoreBroken for what is the machine's fault. Anything else is a wrong
    statement, a bug of ours, and stays what it is."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # text that is no UTF-8 any more
        return StoreBroken(str(error)) if isinstance(error, sqlite3.OperationalError) else error
    primary = code & 0xFF
    if primary in FULL:
        return StoreFull(str(error))
    if primary in BUSY:
        return StoreBusy(str(error))
    return StoreBroken(str(error)) if primary in BROKEN else error
