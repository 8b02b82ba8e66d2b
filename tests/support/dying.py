"""`python -m tests.support.dying AT FOLDER WORDS…`: the command `hushui WORDS…`, dead by SIGKILL at
the ATth thing it does to a file below FOLDER, or at the step of that name; with 0 it lives, and
says how many things there were."""

import os
import signal
import sys
from typing import Any, Final

from hushui.__main__ import main

TOUCHING: Final = {
    "open",
    "os.link",
    "os.listdir",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.scandir",
}
STEP: Final = "hushui.restore"
"""The named steps of `hushui restore`; each counts as one thing more."""


class Death:
    def __init__(self, at: int | str, folder: str) -> None:
        self.at, self.folder, self.count = at, folder, 0
        self.steps: list[str] = []

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event == STEP:
            self.steps.append(args[0])
        elif event not in TOUCHING or not any(
            os.fspath(arg).startswith(self.folder) for arg in args if is_path(arg)
        ):
            return
        self.count += 1
        if self.at in (self.count, args[0] if event == STEP else None):
            os.kill(os.getpid(), signal.SIGKILL)


def is_path(arg: object) -> bool:
    return isinstance(arg, str | os.PathLike) and isinstance(os.fspath(arg), str)


if __name__ == "__main__":
    at = sys.argv[1]
    death = Death(int(at) if at.isdigit() else at, sys.argv[2])
    sys.addaudithook(death.hear)
    code = main(sys.argv[3:])
    print(f"touched {death.count}")
    sys.exit(code)
