"""Passwords that somebody else gave out, and sessions by their person."""

from typing import Final

from sqlite_utils import Database

STATEMENTS: Final = (
    "ALTER TABLE account ADD COLUMN once INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX session_person ON session (org, person)",
)


def create(db: Database) -> None:
    for statement in STATEMENTS:
        db.execute(statement)
