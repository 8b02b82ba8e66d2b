"""What was taken out of a store, or put in, by hand is named. One byte changed: `test_flips`."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hushui.verify import Finding, verify
from tests.storage.place import HAZARD, ORG, SHA, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.fill()
    return place


def verified(place: Place) -> list[Finding]:
    return verify(place.store, place.files, place.policy)


def named(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.what, finding.where) for finding in findings]


def test_the_filled_store_has_every_verdict_and_a_conflict(place: Place) -> None:
    verdicts = {receipt.verdict for _, _, receipt in place.store.unaccepted(ORG)}
    hazard = place.store.record(HAZARD)
    assert hazard is not None
    assert verdicts == {"held", "quarantined"}
    assert {conflict.field for conflict in hazard.conflicts} == {"note", "nature"}
    assert place.store.blob(ORG, SHA) is not None


def test_an_untouched_store_is_well(place: Place) -> None:
    assert verified(place) == []


def test_an_empty_store_is_well(tmp_path: Path) -> None:
    assert verified(Place(tmp_path)) == []


def test_a_photo_that_is_gone_is_named(place: Place) -> None:
    (place.root / "blobs" / SHA[:2] / SHA[2:]).unlink()
    assert named(verified(place)) == [("blob", SHA)]


@pytest.mark.parametrize(
    ("delete", "what"),
    [
        ("DELETE FROM line WHERE seq = (SELECT max(seq) FROM line)", "line"),
        ("DELETE FROM line WHERE seq = 2", "line"),
        ("DELETE FROM receipt WHERE seq = (SELECT max(seq) FROM receipt)", "receipt"),
        ("DELETE FROM receipt WHERE seq = 2", "receipt"),
        ("DELETE FROM record WHERE id = (SELECT min(id) FROM record)", "row"),
        ("DELETE FROM spot WHERE position = 1", "position"),
        ("DELETE FROM scope WHERE scope LIKE 'zone:%'", "scope"),
        ("DELETE FROM entry WHERE n = 1", "entry"),
        ("DELETE FROM touched WHERE n = 1", "index"),
        ("DELETE FROM naming", "index"),
        ("DELETE FROM unmade", "index"),
        ("DELETE FROM unaccepted", "index"),
        ("UPDATE record SET seq = seq + 100", "row"),
        ("UPDATE device SET n = n + 1", "device"),
        ("UPDATE record SET state = 'approved'", "row"),
        ("UPDATE entry SET verdict = 'applied' WHERE verdict = 'held'", "entry"),
        ("UPDATE line SET eff = eff + 1 WHERE seq = 1", "line"),
        ("INSERT INTO holding VALUES ('person:x', 'role', 'admin', 'x', 3, NULL)", "right"),
    ],
)
def test_what_was_taken_out_or_put_in_is_named(place: Place, delete: str, what: str) -> None:
    place.store.close()
    with closing(sqlite3.connect(place.root / "hushui.db")) as db, db:
        assert db.execute(delete).rowcount > 0
    place.open()
    assert what in {finding.what for finding in verified(place)}


def test_words_that_a_record_is_found_by_no_more_are_named(place: Place) -> None:
    with place.store.transaction():
        place.store.run("DELETE FROM record_words WHERE rowid = 1")
    assert named(verified(place)) == [("index", HAZARD)]
