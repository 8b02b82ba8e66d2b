"""An organisation of one's own, as `hushui init` makes it: nothing in it but its administrator."""

import subprocess
import sys
from pathlib import Path


def found(data: Path, short: str) -> str:
    """The password it printed."""
    asked = {"name": "临河水务局", "short": short, "admin": "郑渡", "login": "zhengdu"}
    flags = [part for name, value in asked.items() for part in (f"--{name}", value)]
    made = subprocess.run(
        [sys.executable, "-m", "hushui", "init", "--data", str(data), *flags],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = [line for line in made.stdout.splitlines() if line.startswith("  密码 password")]
    return line.split()[-1]
