"""A server killed at its work loses nothing it acknowledged; 50 times in `make soak`."""

from pathlib import Path

from tests.soak import kills


def test_P04_P07_R01_killed_5_times_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    tally = kills.run(tmp_path, 5, seed=1)
    print(tally)
    assert tally.passed, tally
    assert tally.kills == 5
    assert tally.acknowledged == tally.stored > 5 * kills.PHONES
