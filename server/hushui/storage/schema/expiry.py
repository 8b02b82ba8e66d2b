"""Until when a password that somebody else gave out opens anything."""

from sqlite_utils import Database


def create(db: Database) -> None:
    db.execute("ALTER TABLE account ADD COLUMN expires INTEGER")
