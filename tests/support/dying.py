"""`python -m tests.support.dying AT FOLDER WORDS…`: the command `hushui WORDS…`, dead by SIGKILL at
the ATth thing it does to a file below FOLDER; with 0 it lives, and says how many there were."""

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


class Death:
    def __init__(self, at: int, folder: str) -> None:
        self.at, self.folder, self.count = at, folder, 0

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event not in TOUCHING:
            return
        if any(os.fspath(arg).startswith(self.folder) for arg in args if is_path(arg)):
            self.count += 1
            if self.count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)


def is_path(arg: object) -> bool:
    return isinstance(arg, str | os.PathLike) and isinstance(os.fspath(arg), str)


if __name__ == "__main__":
    death = Death(int(sys.argv[1]), sys.argv[2])
    sys.addaudithook(death.hear)
    code = main(sys.argv[3:])
    print(f"touched {death.count}")
    sys.exit(code)
