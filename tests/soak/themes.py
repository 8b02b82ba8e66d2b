"""Every page of which `make test` keeps one picture, in every look: axe, sizes, pictures."""

import os
import re
import subprocess
import sys

PAGES = (
    "every_kind", "forms", "hazards", "taps", "shared_phone",
    "kinds_at_the_desk", "people", "table", "desk",
)  # fmt: skip


def run() -> tuple[int, int, str]:
    """(tests passed, tests failed, what pytest said last)."""
    files = [f"tests/e2e/test_{name}.py" for name in PAGES]
    at_once = ["--numprocesses", "2", "--dist", "loadfile"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--quiet", *at_once, *files],
        env={**os.environ, "HUSHUI_LOOKS": "all"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    print(done.stdout, end="", flush=True)
    last = done.stdout.strip().splitlines()[-1]
    found = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error)", last)}
    passed = found.pop("passed", 0)
    return passed, sum(found.values()) or int(done.returncode != 0), f"{', '.join(PAGES)}: {last}"
