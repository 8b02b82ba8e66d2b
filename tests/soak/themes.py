"""The pages that `make test` opens in one theme, in all three: axe, sizes, pictures."""

import os
import re
import subprocess
import sys

PAGES = ("people", "table", "shared_phone")


def run() -> tuple[int, int, str]:
    """(tests passed, tests failed, what pytest said last)."""
    files = [f"tests/e2e/test_{name}.py" for name in PAGES]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--quiet", *files],
        env={**os.environ, "HUSHUI_THEMES": "all"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    print(done.stdout, end="", flush=True)
    last = done.stdout.strip().splitlines()[-1]
    found = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error)", last)}
    passed = found.pop("passed", 0)
    return passed, sum(found.values()) or int(done.returncode != 0), f"{', '.join(PAGES)}: {last}"
