"""Every measurement once, tiny: `pytest tests/bench/quick.py`. Half a minute of starting servers
and a browser, so it is not among the tests of every change; no figure of it is asserted."""

from pathlib import Path

import msgspec

from tests.bench.__main__ import MEASURES, run
from tests.bench.figure import Figure
from tests.bench.sizes import TINY


def test_every_measurement_runs(tmp_path: Path) -> None:
    found = run(list(MEASURES), TINY, tmp_path)
    assert not list(tmp_path.iterdir()), "what was measured on is gone"
    again = msgspec.json.decode(msgspec.json.encode(found), type=list[Figure])
    assert again == found
    assert len({one.name + one.unit for one in found}) == len(found) >= 20
    assert all(one.value >= 0 for one in found)
