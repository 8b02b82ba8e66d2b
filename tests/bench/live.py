"""Streams that are open and silent, as phones in pockets hold them."""

import resource
import socket
import time
from pathlib import Path

from tests.bench.figure import Figure, Goal, figure
from tests.bench.load import request
from tests.bench.place import Ground, Place
from tests.bench.sizes import Sizes
from tests.support.program import Program

AT_ONCE = 100
SPARE_FILES = 200


def idle(folder: Path, sizes: Sizes, ground: Ground) -> list[Figure]:
    place = Place(folder)
    phones = place.enrol(min(sizes.streams, 100))
    place.close()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    assert sizes.streams + SPARE_FILES < most, f"only {most} open files are allowed here"
    streams: list[socket.socket] = []
    with Program(folder) as program:
        before = memory(program.process.pid)
        while len(streams) < sizes.streams:
            some = [
                socket.create_connection(("127.0.0.1", program.port))
                for _ in range(min(AT_ONCE, sizes.streams - len(streams)))
            ]
            for i, stream in enumerate(some, len(streams)):
                stream.sendall(request("GET", "/api/live", phones[i % len(phones)].token))
            for stream in some:
                hear_first(stream)
            streams += some
        # What is said once has been said; the next ping is far.
        time.sleep(min(1, sizes.streams / 1_000))
        after = memory(program.process.pid)
        for stream in streams:
            stream.close()
    name = f"{sizes.streams:,} idle live streams"
    print(f"  the whole server: {before / 1e6:.0f} MB before them, {after / 1e6:.0f} MB with them")
    return [figure(name, "MB", Goal("value", "<=", 200), [(after - before) / 1e6])]


def hear_first(stream: socket.socket) -> None:
    heard = b""
    while b"\r\n\r\n" not in heard:
        piece = stream.recv(4_096)
        assert piece, heard
        heard += piece
    assert heard.startswith(b"HTTP/1.1 200"), heard


def memory(process: int) -> int:
    """Resident bytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize()
