"""The tables of the SQLite store. A released migration is never changed; a new file is added."""

from typing import Final

from sqlite_utils import Migrations

from hushui.storage.schema import accounts, ledger

MIGRATIONS: Final = Migrations("hushui")
MIGRATIONS(name="0001_ledger")(ledger.create)
MIGRATIONS(name="0002_accounts")(accounts.create)
