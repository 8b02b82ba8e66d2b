"""How much of everything: as the goals say it, or tiny, to go through every measurement once."""

from msgspec import Struct


class Sizes(Struct, frozen=True):
    rounds: int = 5
    devices: int = 100
    """For single entries and for the storm."""
    singles: int = 20
    """Entries of each device in a round."""
    senders: int = 10
    batch: int = 200
    batches: int = 2
    """Of each sender in a round."""
    logs: int = 100
    """Of each device in a storm."""
    storms: int = 3
    small: int = 10_000
    large: int = 100_000
    huge: int = 0
    """Records; 0 = not measured."""
    scopes: int = 20
    clients: int = 20
    changes: int = 100
    poisoned: int = 1_000
    streams: int = 5_000
    phones: int = 3


TINY = Sizes(
    rounds=2,
    devices=3,
    singles=2,
    senders=2,
    batch=4,
    batches=1,
    logs=4,
    storms=1,
    small=120,
    large=240,
    huge=360,
    scopes=4,
    clients=2,
    changes=8,
    poisoned=6,
    streams=5,
    phones=1,
)
