"""Answers gzipped for who takes it, each in one go.

Litestar's own way opens and closes a packer for every answer, also for the receipt of one line,
which is too short to be packed; and each call of zlib lets the ledger's thread in between.
"""

import zlib
from typing import Any, Final

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

BYTES_MIN: Final = 1_024
LEVEL: Final = 1
"""A page of rows shrinks to a sixth already; the next levels take three times as long."""
SHORT: Final = 65_536
SHORT_LEVEL: Final = 6
"""Of the receipts of a hundred lines a twelfth less, for 0.2 ms."""
WINDOW: Final = 16 + zlib.MAX_WBITS
MEMORY: Final = 9


def packing(app: ASGIApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and not _is_plain(scope) and _takes_gzip(scope):
            await app(scope, receive, _packed(send))
        else:
            await app(scope, receive, send)

    return answer


def _is_plain(scope: Scope) -> bool:
    return "plain" in getattr(scope.get("route_handler"), "opt", ())


def _takes_gzip(scope: Scope) -> bool:
    return any(b"gzip" in value for name, value in scope["headers"] if name == b"accept-encoding")


def _packed(send: Send) -> Send:
    start: Any = None

    async def pass_on(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        if start is not None:
            begun, start = start, None
            if message["type"] == "http.response.body":
                _pack(begun, message)
            await send(begun)
        await send(message)

    return pass_on


def _pack(start: Any, body: Any) -> None:
    """Both messages are changed. What comes in pieces goes as it is."""
    if body.get("more_body") or len(body["body"]) < BYTES_MIN:
        return
    level = SHORT_LEVEL if len(body["body"]) <= SHORT else LEVEL
    packer = zlib.compressobj(level, zlib.DEFLATED, WINDOW, MEMORY)
    body["body"] = packer.compress(body["body"]) + packer.flush()
    headers = MutableScopeHeaders(start)
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body["body"]))
    headers.extend_header_value("Vary", "Accept-Encoding")
