"""Pictures of the README and of every page, from the tests: `python -m tests.e2e.pictures`.

`docs/screens.md` shows every page; test_pages.py takes their pictures.
"""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results"
TAKEN = RESULTS / "pictures"
SHOWN = ROOT / "docs" / "pictures"
PAGES = SHOWN / "pages"
NAMES = ("home", "outbox", "review")
BYTES_MAX = 200_000


def main() -> int:
    PAGES.mkdir(parents=True, exist_ok=True)
    for name, taken in pages().items():
        shrink(taken, PAGES / f"{name}.png")
    for name in NAMES:
        taken = TAKEN / f"{name}.png"
        if not taken.exists():
            print(f"{taken} is missing: bash .ci/test browser", file=sys.stderr)
            return 1
        size = shrink(taken, SHOWN / f"{name}.png")
        print(f"{name}.png {size // 1000} kB")
    return 0


def pages() -> dict[str, Path]:
    """By name, in the order in which they were taken: `07-camera.png`, `33-office-map.png`."""
    found = sorted((RESULTS / "pages").glob("[0-9][0-9]-*.png"))
    return {taken.stem.partition("-")[2]: taken for taken in found}


def shrink(source: Path, target: Path) -> int:
    """With as many colours as fit."""
    picture = Image.open(source).convert("RGB")
    for colours in (256, 128, 64, 32):
        few = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(target, optimize=True)
        if target.stat().st_size < BYTES_MAX:
            break
    assert target.stat().st_size < BYTES_MAX, f"{target} is larger than {BYTES_MAX} bytes"
    return target.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
