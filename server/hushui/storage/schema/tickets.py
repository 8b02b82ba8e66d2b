"""Whose feed a ticket goes on: with that device it is revoked."""

from sqlite_utils import Database


def create(db: Database) -> None:
    db.execute("ALTER TABLE code ADD COLUMN feed TEXT")
