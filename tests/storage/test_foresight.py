"""What is asked once, or all together, is what would have been said one by one."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from hushui.storage.remembered import Remembered
from hushui.storage.sqlite import SqliteStore
from hushui_sync.entry import Entry, read
from hushui_sync.world import Changes, Device
from tests.storage.place import ORG, Place
from tests.support import ids
from tests.support.phone import Phone, op

FROM_RECORDS = {"followers", "rights_from"}


@pytest.fixture
def store(tmp_path: Path) -> Any:
    place = Place(tmp_path)
    place.fill()
    yield place.store
    place.store.close()


def pushes_of(store: SqliteStore) -> list[tuple[str, list[Entry]]]:
    """All that was ever written here, as if it came again; and a line nobody knows."""
    found: dict[str, list[Entry]] = {}
    for line in store.every_line():
        parsed = read(line.bytes)
        if isinstance(parsed, Entry):
            found.setdefault(line.device, []).append(parsed)
    stranger = Phone(ids.make("a phone nobody enrolled"))
    stranger.capture(op("hazard", ids.make("new"), zone=ids.make("no zone")))
    for right in store.every_right():
        stranger.capture(op("member", right.source, name="张"))
    news = [entry for entry in map(read, stranger.lines) if isinstance(entry, Entry)]
    known = next(iter(found))
    return [*found.items(), (stranger.device, news), (known, news)]


def test_what_is_foreseen_is_what_each_question_answers(store: SqliteStore) -> None:
    foreseen = store.foresee(pushes_of(store))
    asked = {name for name, _ in foreseen}
    assert asked == {"device", "entry", "unmade", "record", "scope", "rights"} | FROM_RECORDS
    for (name, arguments), answer in foreseen.items():
        told = getattr(store, name)(*arguments)
        assert answer == (list(told) if isinstance(told, list | tuple) else told), (name, arguments)
    for name in asked:
        answers = [answer for (said, _), answer in foreseen.items() if said == name]
        assert any(answers), f"nothing there to be wrong about: {name}"


def test_what_is_new_is_in_no_scope_and_awaited_by_nobody(store: SqliteStore) -> None:
    remembered = Remembered(store)
    for spot in store.every_spot():
        assert remembered.spot(spot.scope, spot.record) == spot
    for known in store.every_entry():
        assert remembered.waiting(ORG, known.id) == store.waiting(ORG, known.id)
        assert remembered.entry(known.org, known.id) == known
    device = next(iter(store.every_device()))
    assert remembered.spot(f"device:{device.id}", f"r:{device.id}:{device.n + 1}") is None


def test_a_caller_is_as_the_newest_commit_left_him(store: SqliteStore) -> None:
    device = next(iter(store.every_device()))
    with store.transaction():
        store.put_token("hash", device.id)
    assert store.token_device("hash") == store.token_device("hash") == device
    revoked = _changed(device, revoked=7)
    with store.transaction():
        _write(store, revoked)
        assert store.token_device("hash") == revoked
    assert store.token_device("hash") == revoked


def test_a_caller_is_not_what_was_rolled_back(store: SqliteStore) -> None:
    device = next(iter(store.every_device()))
    with store.transaction():
        store.put_token("hash", device.id)
    assert store.token_device("hash") == device
    with pytest.raises(ZeroDivisionError):
        _break_off(store, _changed(device, revoked=7))
    assert store.token_device("hash") == device


def test_a_caller_read_while_he_changed_is_not_kept(store: SqliteStore) -> None:
    """The row was read before the commit, and told after it."""
    device = next(iter(store.every_device()))
    with store.transaction():
        store.put_token("hash", device.id)
    with store.reading():
        assert store.token_device("hash") == device
    callers = store._callers
    before = callers.commits
    with store.transaction():
        _write(store, _changed(device, revoked=7))
    callers.keep("hash", device, before)
    assert store.token_device("hash") == _changed(device, revoked=7)


def test_a_token_that_moves_is_another_caller(store: SqliteStore) -> None:
    one, other = list(store.every_device())[:2]
    for device in (one, other):
        with store.transaction():
            store.put_token("hash", device.id)
        assert store.token_device("hash") == device


def _changed(device: Device, **changes: Any) -> Device:
    return structs.replace(device, **changes)


def _break_off(store: SqliteStore, device: Device) -> None:
    with store.transaction():
        _write(store, device)
        raise ZeroDivisionError


def _write(store: SqliteStore, device: Device) -> None:
    store.write(Changes(devices={device.id: device}))
