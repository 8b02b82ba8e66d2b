"""The first start: the demo is there whole, or not at all."""

from pathlib import Path

from hushui.__main__ import check
from hushui.commands.data import load_aside, opened
from hushui.domain.policy import Domain
from hushui.ports import system
from hushui.settings import Settings
from hushui.storage.files import Files
from hushui.storage.sqlite import STORE, SqliteStore
from hushui.verify import verify


def test_a_first_start_that_was_ended_begins_anew(tmp_path: Path) -> None:
    half = tmp_path / "demo-loading"
    half.mkdir()
    (half / STORE).write_bytes(b"half a store")
    load_aside(tmp_path, system())
    assert not half.exists()
    with opened(Settings(data=tmp_path), system()) as (store, files):
        orgs, number = store.orgs(), store.ledger().number
        assert {org.code for org in orgs} == {"nbh", "xt"}
        assert all(store.account(org.id, "admin") for org in orgs)
        assert verify(store, files, Domain()) == []
    with opened(Settings(data=tmp_path), system()) as (again, _):
        assert again.ledger().number == number


def test_verify_names_a_line_whose_hash_is_no_text_any_more(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with opened(settings, system()) as (store, _), store.transaction():
        store.run("UPDATE line SET hash = CAST(x'ff' || substr(hash, 2) AS TEXT) WHERE n = 1")
    assert check(settings) == 1
    found = verify(SqliteStore(tmp_path / STORE, tolerant=True), Files(tmp_path), Domain())
    assert {finding.what for finding in found} == {"line", "replay"}
