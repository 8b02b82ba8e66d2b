"""The tables of the SQLite store. A released migration is never changed; a new file is added."""

from typing import Final

from sqlite_utils import Migrations

from hushui.storage.schema import accounts, expiry, ledger, passwords, search, shifts, tickets

ROWS: Final = 3
"""Raised whenever the same lines make other rows: then the first start writes all rows anew. It is
the file's `user_version`. 2: a conflict says whose value stands; words know ids. 3: the flags of
guards."""

STEPS: Final = {
    "0001_ledger": ledger.create,
    "0002_accounts": accounts.create,
    "0003_passwords": passwords.create,
    "0004_search": search.create,
    "0005_tickets": tickets.create,
    "0006_expiry": expiry.create,
    "0007_shifts": shifts.create,
}
MIGRATIONS: Final = Migrations("hushui")
for name, step in STEPS.items():
    MIGRATIONS(name=name)(step)
