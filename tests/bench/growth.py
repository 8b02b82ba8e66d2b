"""The same batch into ledgers of different sizes: an index that is missing shows here."""

import time
from pathlib import Path

from hushui.domain.policy import Domain
from hushui.ledger import LedgerWriter
from hushui.ports import system
from hushui.storage.sqlite import SqliteStore
from tests.bench.figure import Figure, Goal, figure
from tests.bench.place import Ground, Handset, Stocked, taken
from tests.bench.sizes import Sizes

BATCHES = 5
"""In a round, one after the other."""


class Grown:
    """A ledger of this size, with one phone that goes on writing."""

    def __init__(self, folder: Path, stocked: Stocked) -> None:
        self.store = SqliteStore(stocked.lend(folder / str(stocked.records)))
        self.phone: Handset = stocked.writer
        self.ledger = LedgerWriter(self.store, system(), Domain())

    def batch(self, size: int) -> float:
        """Seconds."""
        pushes = [self.phone.job(self.phone.logs(size)) for _ in range(BATCHES)]
        begun = time.perf_counter()
        answers = [self.ledger.drain([push])[0] for push in pushes]
        seconds = (time.perf_counter() - begun) / BATCHES
        for answer in answers:
            taken(answer, size)
        return seconds


def growth(folder: Path, sizes: Sizes, ground: Ground) -> list[Figure]:
    stocks = [stock for stock in (ground.small, ground.large, ground.huge) if stock is not None]
    counts = [stock.records for stock in stocks]
    grown = [Grown(folder, stock) for stock in stocks]
    rounds = [[ledger.batch(sizes.batch) for ledger in grown] for _ in range(sizes.rounds + 1)]
    for ledger in grown:
        ledger.store.close()
    least = [times[0] * 1_000 for times in rounds[1:]]
    return [
        figure(
            f"batch of {sizes.batch} at {count:,} records / at {counts[0]:,}",
            "ms",
            Goal("ratio", "<=", 2),
            [times[i] * 1_000 for times in rounds[1:]],
            least,
        )
        for i, count in enumerate(counts)
        if i
    ]
