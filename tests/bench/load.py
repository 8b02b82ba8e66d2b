"""Many connections in one thread: each sends its next request when the last one was answered."""

import re
import selectors
import socket
import time
import zlib
from collections.abc import Callable, Generator, Sequence

from msgspec import Struct

CHUNK = 1 << 20
WAIT_S = 120.0
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: chunked", re.IGNORECASE)
PACKED = re.compile(rb"\r\ncontent-encoding: gzip", re.IGNORECASE)


class Answer(Struct, frozen=True):
    head: bytes
    body: bytes
    """As it travelled."""
    seconds: float
    wire: int
    """Bytes of head and body."""

    @property
    def status(self) -> int:
        return int(self.head[9:12])

    def text(self) -> bytes:
        packed = PACKED.search(self.head) is not None
        return zlib.decompress(self.body, 16 + zlib.MAX_WBITS) if packed else self.body


Script = Generator[bytes, Answer, None]
"""Yields a request, is sent its answer."""


def each(requests: Sequence[bytes]) -> Script:
    for request in requests:
        answer = yield request
        assert answer.status == 200, answer.head + answer.text()


def request(
    method: str, path: str, token: str | None = None, body: bytes = b"", **headers: str
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Line:
    """One connection and its script."""

    def __init__(self, port: int, script: Script) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.script = script
        self.heard = bytearray()
        self.asked = 0.0
        self.needed: int | None = None
        self.is_chunked = False

    def ask(self, request: bytes) -> None:
        self.heard, self.needed, self.is_chunked = bytearray(), None, False
        self.asked = time.perf_counter()
        self.socket.sendall(request)

    def hear(self) -> Answer | None:
        piece = self.socket.recv(CHUNK)
        assert piece, bytes(self.heard)
        self.heard += piece
        if self.needed is None and not self.is_chunked:
            at = self.heard.find(b"\r\n\r\n")
            if at < 0:
                return None
            length = LENGTH.search(self.heard, 0, at)
            if length is not None:
                self.needed = at + 4 + int(length[1])
            else:
                assert CHUNKED.search(self.heard, 0, at), bytes(self.heard[:at])
                self.is_chunked = True
        whole = len(self.heard) == self.needed
        if not whole and not (self.is_chunked and self.heard.endswith(b"0\r\n\r\n")):
            return None
        seconds = time.perf_counter() - self.asked
        head, _, body = bytes(self.heard).partition(b"\r\n\r\n")
        return Answer(head, _joined(body) if self.is_chunked else body, seconds, len(self.heard))


def _joined(chunks: bytes) -> bytes:
    body, at = bytearray(), 0
    while True:
        end = chunks.index(b"\r\n", at)
        size = int(chunks[at:end], 16)
        if size == 0:
            return bytes(body)
        body += chunks[end + 2 : end + 2 + size]
        at = end + 4 + size


def drive(port: int, scripts: Sequence[Script], heard: Callable[[Answer], object] = id) -> float:
    """Seconds from the first request to the last answer. Connecting is not counted."""
    lines = [_Line(port, script) for script in scripts]
    ready = selectors.DefaultSelector()
    for line in lines:
        ready.register(line.socket, selectors.EVENT_READ, line)
    open_lines = len(lines)
    begun = time.perf_counter()
    for line in lines:
        line.ask(next(line.script))
    while open_lines:
        events = ready.select(WAIT_S)
        assert events, f"no answer within {WAIT_S:.0f} s"
        for key, _ in events:
            line = key.data
            answer = line.hear()
            if answer is None:
                continue
            heard(answer)
            try:
                line.ask(line.script.send(answer))
            except StopIteration:
                open_lines -= 1
                ready.unregister(line.socket)
    seconds = time.perf_counter() - begun
    for line in lines:
        line.socket.close()
    ready.close()
    return seconds
