"""What keeps answers quick as the ledger grows: where a record travels, how many stand how, what
happened on a day, by the record's own word or else by its effective time, and whose code it is."""

from typing import Final

from sqlite_utils import Database

from hushui.storage.schema.search import number_at, value_at

TIMES: Final = ("at", "started", "taken")
"""Of what there is much of; a field without an index is looked for in the records of its kind."""
INDEXES: Final = (
    "CREATE INDEX IF NOT EXISTS spot_record ON spot (record) WHERE NOT gone",
    """CREATE INDEX IF NOT EXISTS record_state ON record (org, kind, state)
        WHERE deleted = 0""",
    "CREATE INDEX IF NOT EXISTS record_day ON record (org, kind, captured)",
    f"""CREATE INDEX IF NOT EXISTS record_code ON record (org, kind, {value_at("fields.code")})
        WHERE deleted = 0 AND {value_at("fields.code")} IS NOT NULL""",
    *(
        f"""CREATE INDEX IF NOT EXISTS record_{name} ON record (org, kind, {number_at(name)})
        WHERE {number_at(name)} IS NOT NULL"""
        for name in TIMES
    ),
)


def create(db: Database) -> None:
    for statement in INDEXES:
        db.execute(statement)
