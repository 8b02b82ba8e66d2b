"""The embedded store: one SQLite file in WAL mode, one fsync for each commit."""

from typing import Final

from hushui.storage.accounts import Accounts
from hushui.storage.audit import Audit
from hushui.storage.lookups import Lookups
from hushui.storage.office import Office
from hushui.storage.pull import Pull
from hushui.storage.writing import Writing

STORE: Final = "hushui.db"
"""Its name in the data folder."""


class SqliteStore(Lookups, Writing, Accounts, Pull, Office, Audit):
    """Implements `store.Store`. Threads: see `connections`. Raises StoreFull, StoreBusy and
    StoreBroken, from any method.
    """
