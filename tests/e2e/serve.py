"""The real server with a clock that a test can move: the file given holds milliseconds to add."""

import argparse
import sys
from pathlib import Path

import uvicorn
from msgspec import structs

from hushui.app import create_app
from hushui.commands.data import opened
from hushui.commands.serving import Server, options
from hushui.ports import Ports, system
from hushui.settings import Settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.serve")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clock", type=Path, required=True)
    given = parser.parse_args()
    settings = Settings(data=given.data, port=given.port, host="127.0.0.1")
    ports = moved(system(), given.clock)
    with opened(settings, ports) as (store, files):
        app = create_app(settings, ports, store, files)
        Server(uvicorn.Config(app, **options(settings)), app).run()
    return 0


def moved(real: Ports, clock: Path) -> Ports:
    def now() -> int:
        return real.now() + int(clock.read_text())

    return structs.replace(real, now=now)


if __name__ == "__main__":
    sys.exit(main())
