"""What is forgotten of the past of a scope, and what phones held that was not the ledger's."""

from typing import Final

from sqlite_utils import Database

STATEMENTS: Final = (
    "CREATE INDEX IF NOT EXISTS receipt_at ON receipt (at)",
    "CREATE INDEX IF NOT EXISTS spot_gone ON spot (scope, position) WHERE gone",
    """CREATE TABLE compaction (
        scope TEXT NOT NULL PRIMARY KEY,
        floor INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE mismatch (
        device TEXT NOT NULL,
        scope TEXT NOT NULL,
        at INTEGER NOT NULL,
        times INTEGER NOT NULL,
        PRIMARY KEY (device, scope)
    ) STRICT, WITHOUT ROWID""",
)


def create(db: Database) -> None:
    for statement in STATEMENTS:
        db.execute(statement)
