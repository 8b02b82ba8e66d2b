"""When shifts begin and end: whoever plans one is told who else is on duty then (V11)."""

from sqlite_utils import Database

from hushui.storage.schema.search import number_at


def create(db: Database) -> None:
    db.execute(
        f"""CREATE INDEX IF NOT EXISTS record_shift
        ON record (org, kind, {number_at("end")}, {number_at("start")})
        WHERE kind = 'duty_shift'"""
    )
