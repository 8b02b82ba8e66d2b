"""Two demo organisations, drawn from public articles; people, times and quantities are invented.

Everything here is a value. Whoever loads it writes the lines and fills `base` from what stands.
"""

from hushui.demo import nanbeihe, storm, xintang
from hushui.demo.values import Demo, Put

DEMOS: tuple[Demo, ...] = (nanbeihe.DEMO, xintang.DEMO)


def puts(demo: Demo, now: int) -> list[Put]:
    """Everything of one organisation, oldest first: what is so, then what happened lately."""
    lately = storm.puts(now) if demo.code == nanbeihe.CODE else xintang.lately(now)
    return [*demo.reference, *sorted(lately, key=lambda put: put.at)]
