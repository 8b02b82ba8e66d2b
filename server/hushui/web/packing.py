"""Answers gzipped for who takes it, each in one go.

Litestar's own way opens and closes a packer for every answer, also for those too short to shrink;
and each call of zlib lets the ledger's thread in between.
"""

import zlib
from typing import Any, Final

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

BYTES_MIN: Final = 256
SAID: Final = len(b"content-encoding: gzip\r\n")
"""What a packed answer says of itself: it must shrink by more."""
LEVEL: Final = 1
"""A page of rows shrinks to a sixth already; the next levels take three times as long."""
SHORT: Final = 65_536
SHORT_LEVEL: Final = 6
"""Of the receipts of a hundred lines a twelfth less, for 0.2 ms."""
GZIP: Final = 16
"""In zlib's window bits: with a gzip header."""
WINDOW, MEMORY = zlib.MAX_WBITS, 9
TINY: Final = 4_096
"""The receipt of one line: making room for the largest window costs nine times its packing."""
TINY_WINDOW, TINY_MEMORY = 12, 4


def packing(app: ASGIApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and not _is_plain(scope) and _takes_gzip(scope):
            await app(scope, receive, _packed(scope["method"], send))
        else:
            await app(scope, receive, send)

    return answer


def _is_plain(scope: Scope) -> bool:
    return "plain" in getattr(scope.get("route_handler"), "opt", ())


def _takes_gzip(scope: Scope) -> bool:
    return any(b"gzip" in value for name, value in scope["headers"] if name == b"accept-encoding")


def _packed(method: str, send: Send) -> Send:
    start: Any = None

    async def pass_on(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        if start is not None:
            begun, start = start, None
            if message["type"] == "http.response.body":
                _pack(method, begun, message)
            await send(begun)
        await send(message)

    return pass_on


def _pack(method: str, start: Any, body: Any) -> None:
    """Both messages are changed. What comes in pieces goes as it is."""
    if body.get("more_body") or len(body["body"]) < BYTES_MIN:
        return
    packed = pack(body["body"])
    if len(packed) + SAID >= len(body["body"]):
        return
    body["body"] = packed
    headers = MutableScopeHeaders(start)
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(packed))
    # Only for who keeps answers: nobody keeps that to a POST.
    if method != "POST":
        headers.extend_header_value("Vary", "Accept-Encoding")


def pack(body: bytes) -> bytes:
    level = SHORT_LEVEL if len(body) <= SHORT else LEVEL
    window, memory = (TINY_WINDOW, TINY_MEMORY) if len(body) <= TINY else (WINDOW, MEMORY)
    packer = zlib.compressobj(level, zlib.DEFLATED, GZIP + window, memory)
    return packer.compress(body) + packer.flush()
