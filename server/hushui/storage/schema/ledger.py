"""What `Changes` writes: lines, receipts, records and where they stand in their scopes.

Ids are time-ordered, so new rows go to the end of most trees. Ids of devices and records are unique
on the whole server and belong to one organisation each; whatever is asked for by organisation has
the organisation first in its key.
"""

from typing import Final

from sqlite_utils import Database

STATEMENTS: Final = (
    # One row for each epoch; the last one is the present ledger, the others say how theirs ended.
    """CREATE TABLE epoch (
        seq INTEGER PRIMARY KEY,
        epoch TEXT NOT NULL UNIQUE,
        number INTEGER NOT NULL,
        chain TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE device (
        id TEXT NOT NULL PRIMARY KEY,
        org TEXT NOT NULL,
        person TEXT NOT NULL,
        key TEXT NOT NULL,
        label TEXT NOT NULL,
        enrolled INTEGER NOT NULL,
        enrolled_number INTEGER NOT NULL,
        revoked INTEGER,
        n INTEGER NOT NULL,
        hash TEXT NOT NULL,
        eff INTEGER
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX device_org ON device (org, id)",
    # seq is the order of arrival.
    """CREATE TABLE line (
        seq INTEGER PRIMARY KEY,
        device TEXT NOT NULL,
        n INTEGER NOT NULL,
        org TEXT NOT NULL,
        author TEXT NOT NULL,
        hash TEXT NOT NULL,
        bytes BLOB NOT NULL,
        entry TEXT,
        eff INTEGER NOT NULL,
        received INTEGER NOT NULL,
        UNIQUE (device, n)
    ) STRICT""",
    "CREATE INDEX line_hash ON line (device, hash, n)",
    # seq is commit order over all epochs. json is what R02 hashes; positions are sorted and joined.
    """CREATE TABLE receipt (
        seq INTEGER PRIMARY KEY,
        epoch TEXT NOT NULL,
        number INTEGER NOT NULL,
        device TEXT NOT NULL,
        n INTEGER,
        blob TEXT,
        code TEXT,
        at INTEGER NOT NULL,
        json BLOB NOT NULL,
        chain TEXT NOT NULL,
        positions TEXT NOT NULL,
        UNIQUE (epoch, number)
    ) STRICT""",
    "CREATE INDEX receipt_line ON receipt (device, n, seq) WHERE n IS NOT NULL",
    "CREATE INDEX receipt_blob ON receipt (blob, epoch) WHERE blob IS NOT NULL",
    # Lines whose newest verdict is held, refused or quarantined.
    """CREATE TABLE unaccepted (
        org TEXT NOT NULL,
        device TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (org, device, n)
    ) STRICT, WITHOUT ROWID""",
    # body is the JSON of messages.RecordBody as it travels; inner the JSON of world.Record.
    """CREATE TABLE record (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        org TEXT NOT NULL,
        kind TEXT NOT NULL,
        author TEXT NOT NULL,
        captured INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        subject TEXT,
        state TEXT NOT NULL,
        body BLOB NOT NULL,
        inner BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX record_org ON record (org, id)",
    "CREATE INDEX record_kind ON record (org, kind, id)",
    "CREATE INDEX record_subject ON record (subject, id) WHERE subject IS NOT NULL",
    # Words as storage/words.py writes them, by record.seq. Only the index is kept, not the text.
    """CREATE VIRTUAL TABLE record_words USING fts5 (
        one, two, content = '', contentless_delete = 1,
        tokenize = 'unicode61 remove_diacritics 0'
    )""",
    """CREATE TABLE entry (
        org TEXT NOT NULL,
        id TEXT NOT NULL,
        device TEXT NOT NULL,
        n INTEGER NOT NULL,
        author TEXT NOT NULL,
        content TEXT NOT NULL,
        eff INTEGER NOT NULL,
        verdict TEXT NOT NULL,
        waits TEXT,
        replaced_by TEXT,
        abandoned INTEGER NOT NULL,
        PRIMARY KEY (org, id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX entry_held ON entry (org, waits, device, n) WHERE verdict = 'held'",
    # seq is the order in which they would have made the record.
    """CREATE TABLE unmade (
        seq INTEGER PRIMARY KEY,
        org TEXT NOT NULL,
        record TEXT NOT NULL,
        entry TEXT NOT NULL,
        UNIQUE (org, record, entry)
    ) STRICT""",
    # body is null for records: the record table has it.
    """CREATE TABLE spot (
        scope TEXT NOT NULL,
        record TEXT NOT NULL,
        org TEXT NOT NULL,
        position INTEGER NOT NULL,
        rev TEXT NOT NULL,
        gone INTEGER NOT NULL,
        body BLOB,
        PRIMARY KEY (scope, record)
    ) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX spot_position ON spot (scope, position)",
    """CREATE TABLE scope (
        scope TEXT NOT NULL PRIMARY KEY,
        position INTEGER NOT NULL,
        digest BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE holding (
        holder TEXT NOT NULL,
        sort TEXT NOT NULL,
        value TEXT NOT NULL,
        source TEXT NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER,
        PRIMARY KEY (holder, sort, value, source, since)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX holding_source ON holding (source) WHERE until IS NULL",
    """CREATE TABLE touched (
        org TEXT NOT NULL,
        record TEXT NOT NULL,
        device TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (org, record, device, n)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX touched_line ON touched (org, device, n)",
    """CREATE TABLE naming (
        org TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        device TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (org, sha256, device, n)
    ) STRICT, WITHOUT ROWID""",
)


def create(db: Database) -> None:
    for statement in STATEMENTS:
        db.execute(statement)
