"""What searching needs besides words: where a record lies along its line, who wrote it, and when.

The indexes are over expressions of the record's own JSON, so nothing is kept twice: SQLite fills
them for records that are there already, keeps them with every write, and `REINDEX` makes them anew.
Cut off in the middle, it is done again from the beginning.
"""

from typing import Final

from sqlite_utils import Database

from hushui.storage import words


def text_in(table: str) -> str:
    """Of a damaged file too: what is no JSON has no fields, and `verify` says what is wrong."""
    text = f"CAST({table}.inner AS TEXT)"
    return f"CASE WHEN json_valid({text}) THEN {text} ELSE '{{}}' END"


def number_at(path: str) -> str:
    return value_at(f"fields.{path}")


def value_at(path: str) -> str:
    text = "CAST(inner AS TEXT)"
    return f"CASE WHEN json_valid({text}) THEN json_extract({text}, '$.{path}') END"


CHAINAGE: Final = number_at("chainage")
CHAINAGE_TO: Final = number_at("chainage_to")
LON: Final = number_at("place.lon")
LAT: Final = number_at("place.lat")

INDEXES: Final = (
    "CREATE INDEX IF NOT EXISTS record_captured ON record (org, captured)",
    "CREATE INDEX IF NOT EXISTS record_author ON record (org, author, id)",
    f"""CREATE INDEX IF NOT EXISTS record_chainage ON record (org, {CHAINAGE})
        WHERE {CHAINAGE} IS NOT NULL""",
    f"""CREATE INDEX IF NOT EXISTS record_chainage_to ON record (org, {CHAINAGE_TO})
        WHERE {CHAINAGE_TO} IS NOT NULL""",
    f"""CREATE INDEX IF NOT EXISTS record_lat ON record (org, {LAT})
        WHERE {LAT} IS NOT NULL""",
)


def create(db: Database) -> None:
    for statement in INDEXES:
        db.execute(statement)
    words.rebuild(db)
