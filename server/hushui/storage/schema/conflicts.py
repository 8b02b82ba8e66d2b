"""The records with an open conflict, which the office settles: few among many."""

from typing import Final

from sqlite_utils import Database

from hushui.storage.schema.search import value_at

CONFLICT: Final = f"{value_at('conflicts[0].field')} IS NOT NULL"


def create(db: Database) -> None:
    db.execute(f"CREATE INDEX IF NOT EXISTS record_conflict ON record (org, id) WHERE {CONFLICT}")
