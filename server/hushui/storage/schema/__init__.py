"""The tables of the SQLite store. A released migration is never changed; a new file is added."""

from typing import Final

from sqlite_utils import Migrations

from hushui.storage.schema import (
    accounts,
    conflicts,
    expiry,
    growth,
    kept,
    ledger,
    lost,
    numbers,
    passwords,
    search,
    shifts,
    tickets,
    upkeep,
)

ROWS: Final = 4
"""Raised whenever the same lines make other rows: then the first start writes all rows anew. It is
the file's `user_version`. 2: a conflict says whose value stands; words know ids. 3: the flags of
guards. 4: numbers; the flags of what was told late or ahead."""

STEPS: Final = {
    "0001_ledger": ledger.create,
    "0002_accounts": accounts.create,
    "0003_passwords": passwords.create,
    "0004_search": search.create,
    "0005_tickets": tickets.create,
    "0006_expiry": expiry.create,
    "0007_shifts": shifts.create,
    "0008_numbers": numbers.create,
    "0009_growth": growth.create,
    "0010_kept": kept.create,
    "0011_conflicts": conflicts.create,
    "0012_upkeep": upkeep.create,
    "0013_lost": lost.create,
}
MIGRATIONS: Final = Migrations("hushui")
for name, step in STEPS.items():
    MIGRATIONS(name=name)(step)
