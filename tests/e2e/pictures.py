"""Pictures of the README from those of the tests: `python -m tests.e2e.pictures`."""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
TAKEN = ROOT / "test-results" / "pictures"
SHOWN = ROOT / "docs" / "pictures"
NAMES = ("home", "outbox", "review")
BYTES_MAX = 200_000


def main() -> int:
    SHOWN.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        taken = TAKEN / f"{name}.png"
        if not taken.exists():
            print(f"{taken} is missing: bash .ci/test browser", file=sys.stderr)
            return 1
        size = shrink(taken, SHOWN / f"{name}.png")
        print(f"{name}.png {size // 1000} kB")
    return 0


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
