"""The writer's thread outlives whatever goes wrong in a commit, and whoever asked hears of it."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from hushui.domain.policy import Domain
from hushui.errors import StoreFull
from hushui.ledger import Job, LedgerWriter, Push, SystemLine, Task
from hushui.storage.store import Store
from hushui_sync.entry import Op
from hushui_sync.messages import Receipt, Receipts
from hushui_sync.working import World
from tests.web.house import Handset, House

SOON_S = 10


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def writer(house: House) -> Iterator[LedgerWriter]:
    """A second thread on the same store: the app's own has nothing to do."""
    writer = LedgerWriter(house.store, house.ports, Domain())
    yield writer
    writer.stop()


def pushed(phone: Handset, count: int = 1) -> Push:
    for i in range(count):
        phone.hazard(f"line {i}")
    return Push(phone.device, 1, tuple(phone.phone.lines))


def break_writes(
    house: House, monkeypatch: pytest.MonkeyPatch, *failures: Exception
) -> Callable[[], int]:
    """The next writes fail, one after the other; answers how many are still to fail."""
    left, write = list(failures), house.store.write

    def failing(changes: Any) -> None:
        if left and changes.lines:
            raise left.pop(0)
        write(changes)

    monkeypatch.setattr(house.store, "write", failing)
    return lambda: len(left)


def nothing(store: Store, world: World) -> str:
    return "done"


def wrong(store: Store, world: World) -> None:
    raise ValueError("nobody thought of this")


def test_P07_whatever_a_write_raises_the_thread_goes_on(
    house: House, writer: LedgerWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = house.enrol(house.patroller)
    job = pushed(phone)
    left = break_writes(
        house, monkeypatch, *(ValueError(f"no {i}") for i in range(3)), StoreFull("no room")
    )
    writer.start()
    with pytest.raises((ValueError, StoreFull)):
        writer.submit(job).result(SOON_S)
    assert writer.submit(Task(nothing)).result(SOON_S) == "done"
    monkeypatch.undo()
    assert left() < 4
    answer = writer.submit(job).result(SOON_S)
    assert isinstance(answer, Receipts)
    assert [receipt.n for receipt in answer.receipts] == [1]


def test_V10_jobs_beside_a_wrong_one_get_answers_of_their_own(
    house: House, writer: LedgerWriter
) -> None:
    phone = house.enrol(house.patroller)
    jobs: list[Job] = [Task(wrong), pushed(phone, 3), Task(nothing)]
    failure, answer, done = writer.drain(jobs)
    assert isinstance(failure, ValueError)
    assert isinstance(answer, Receipts)
    assert [receipt.verdict for receipt in answer.receipts] == ["applied"] * 3
    assert done == "done"


def test_a_listener_that_fails_does_not_write_twice(
    house: House, writer: LedgerWriter, caplog: pytest.LogCaptureFixture
) -> None:
    def deaf(heads: object) -> None:
        raise RuntimeError("nobody listens")

    writer.on_commit.append(deaf)
    phone = house.enrol(house.patroller)
    before = house.store.ledger().number
    answer = writer.drain([pushed(phone)])[0]
    assert isinstance(answer, Receipts)
    assert house.store.ledger().number == before + 1
    assert "nobody listens" in caplog.text


def test_T03_all_of_a_commit_is_of_one_moment(house: House) -> None:
    """What a task says comes between lines that were received before and after it."""
    phone, other = house.enrol(house.patroller), house.enrol(house.patroller, "another")
    moments = count(house.now, 5)
    writer = LedgerWriter(
        house.store, structs.replace(house.ports, now=lambda: next(moments)), Domain()
    )
    op = Op("org", house.org, "put", {"name": "别的名字"})

    def tell(store: Store, world: World) -> Receipt:
        moments.__next__()
        return writer.tell(world, house.org, (op,))

    answers = writer.drain([pushed(phone), Task(tell), pushed(other), SystemLine(house.org, (op,))])
    times = [it.at for answer in answers for it in getattr(answer, "receipts", (answer,))]
    assert len(times) == 4
    assert len(set(times)) == 1
