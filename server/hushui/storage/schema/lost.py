"""Lines that a device said are nowhere any more (P11)."""

from sqlite_utils import Database


def create(db: Database) -> None:
    db.execute(
        """CREATE TABLE lost (
            device TEXT NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (device, first)
        ) STRICT, WITHOUT ROWID"""
    )
