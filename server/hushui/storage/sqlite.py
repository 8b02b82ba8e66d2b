"""The embedded store: one SQLite file in WAL mode, one fsync for each commit."""

from typing import Final

from hushui.storage.accounts import Accounts
from hushui.storage.audit import Audit
from hushui.storage.foresight import Foresight
from hushui.storage.office import Office
from hushui.storage.pull import Pull
from hushui.storage.upkeep import Upkeep
from hushui.storage.writing import Writing

STORE: Final = "hushui.db"
"""Its name in the data folder."""


class SqliteStore(Foresight, Writing, Accounts, Pull, Upkeep, Office, Audit):
    """Implements `store.Store`. Threads: see `connections`. Raises StoreFull, StoreBusy and
    StoreBroken, from any method.
    """
