"""The last number of a series: who makes a record is given the next (V12)."""

from typing import Final

from sqlite_utils import Database

from hushui.storage.schema.search import value_at

SERIES: Final = value_at("number[0]")
COUNT: Final = value_at("number[1]")


def create(db: Database) -> None:
    db.execute(
        f"""CREATE INDEX IF NOT EXISTS record_number ON record (org, kind, {SERIES}, {COUNT})
        WHERE {SERIES} IS NOT NULL"""
    )
