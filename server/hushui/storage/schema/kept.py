"""What a restored ledger knows of the one whose place it took: whose photos were there, whose bytes
are here still, and what was said of lines that have yet to come again."""

from sqlite_utils import Database


def create(db: Database) -> None:
    db.execute(
        """CREATE TABLE kept (
            org TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            PRIMARY KEY (org, sha256)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE former (
            device TEXT NOT NULL,
            n INTEGER NOT NULL,
            hash TEXT NOT NULL,
            verdict TEXT NOT NULL,
            code TEXT,
            PRIMARY KEY (device, n, hash)
        ) STRICT, WITHOUT ROWID"""
    )
