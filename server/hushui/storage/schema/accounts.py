"""Organisations, sign-ins, codes and what a device last said: nothing here comes from a line."""

from typing import Final

from sqlite_utils import Database

STATEMENTS: Final = (
    """CREATE TABLE org (
        id TEXT NOT NULL PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        demo INTEGER NOT NULL,
        system_device TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE account (
        org TEXT NOT NULL,
        login TEXT NOT NULL,
        person TEXT NOT NULL,
        password TEXT NOT NULL,
        PRIMARY KEY (org, login)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE code (
        code TEXT NOT NULL PRIMARY KEY,
        org TEXT NOT NULL,
        person TEXT NOT NULL,
        made INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        device TEXT,
        key TEXT
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX code_org ON code (org, expires)",
    """CREATE TABLE token (
        token_hash TEXT NOT NULL PRIMARY KEY,
        device TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE session (
        token_hash TEXT NOT NULL PRIMARY KEY,
        org TEXT NOT NULL,
        person TEXT NOT NULL,
        device TEXT NOT NULL,
        expires INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # json is store.Contact.
    """CREATE TABLE contact (
        device TEXT NOT NULL PRIMARY KEY,
        json BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE upload (
        id TEXT NOT NULL PRIMARY KEY,
        org TEXT NOT NULL,
        device TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        length INTEGER NOT NULL,
        type TEXT NOT NULL,
        expires INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX upload_expires ON upload (expires)",
    # The key names an address or an organisation; at is in milliseconds.
    "CREATE TABLE attempt (key TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
    "CREATE INDEX attempt_key ON attempt (key, at)",
    "CREATE INDEX attempt_at ON attempt (at)",
)


def create(db: Database) -> None:
    for statement in STATEMENTS:
        db.execute(statement)
