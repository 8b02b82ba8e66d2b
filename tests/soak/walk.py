"""Eight hours on a dike: what tests/e2e/test_walk.py walks for half an hour in `make test`."""

import os
import re
import subprocess
import sys

HOURS = 8


def run() -> tuple[int, int, str]:
    """(passed, failed, what the test said of time and heap)."""
    command = [sys.executable, "-m", "pytest", "--quiet", "-s", "tests/e2e/test_walk.py"]
    env = {**os.environ, "HUSHUI_WALK_HOURS": str(HOURS)}
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, end="", flush=True)
    said = re.search(r"^.* h in .*heap.*$", done.stdout, re.MULTILINE)
    good = done.returncode == 0
    return int(good), int(not good), said[0] if said else "ended before its end"
