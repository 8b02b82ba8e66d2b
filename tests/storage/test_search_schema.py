"""What searching needs is made for a store that is older than it, and made anew."""

from pathlib import Path

from hushui.storage import words
from hushui.storage.sqlite import SqliteStore
from hushui.storage.store import RecordQuery, Term
from tests.storage.contract import ORG, everything
from tests.storage.scribe import Scribe, record
from tests.support import ids

STATION = ids.make("station")
INDEXES = ("captured", "author", "chainage", "chainage_to", "lat")


def hits(store: SqliteStore, term: Term) -> list[str]:
    return [it.id for it in store.records(RecordQuery(org=ORG, scopes=None, terms=(term,)))[0]]


def write(path: Path) -> list[object]:
    store = SqliteStore(path)
    scribe = Scribe(store, ORG)
    scribe.begin()
    scribe.write(record("a", ORG, fields={"note": "涵闸", "station": STATION, "chainage": 3250}))
    scribe.write(record("b", ORG, 1, fields={"note": "泵站"}), record("c", ORG, 2, fields={}))
    before = everything(store)
    store.close()
    return before


def test_an_older_store_gets_its_indexes_and_its_words_again(tmp_path: Path) -> None:
    path = tmp_path / "hushui.db"
    before = write(path)
    old = SqliteStore(path, tolerant=True)
    tables = list(old.every_table())
    with old.transaction():
        for index in INDEXES:
            old.run(f"DROP INDEX record_{index}")
        old.run("INSERT INTO record_words (record_words) VALUES ('delete-all')")
        old.run("INSERT INTO record_words (rowid, one, two) VALUES (1, '涵 闸', '涵闸')")
        old.run("DELETE FROM _sqlite_migrations WHERE name = '0004_search'")
        # The first half of the work was done already when it was cut off.
        old.run("CREATE INDEX record_captured ON record (org, captured)")
    old.close()
    store = SqliteStore(path)
    assert list(store.every_table()) == tables
    assert everything(store) == before
    assert hits(store, Term(ids=(STATION,))) == [ids.make("a")]
    assert hits(store, Term(text="泵站")) == [ids.make("b", ids.NOW + 1)]
    assert hits(store, Term(chainage=(3200, 3300))) == [ids.make("a")]
    store.close()


def test_an_id_is_found_as_a_name_and_never_as_a_word(tmp_path: Path) -> None:
    write(tmp_path / "hushui.db")
    store = SqliteStore(tmp_path / "hushui.db")
    assert hits(store, Term(text=STATION)) == []
    assert hits(store, Term(text=STATION[0])) == []
    assert words.match(STATION) is not None
    store.close()
