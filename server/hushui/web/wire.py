"""Request bodies: gzip or plain, never more than the route's limit, parsed strictly."""

import zlib
from typing import Any, Final, TypeVar

import msgspec
from litestar import Request

from hushui.errors import BadRequest, BodyTooLarge, UnsupportedMedia
from hushui_sync import limits

T = TypeVar("T")
GZIP: Final = 16 + zlib.MAX_WBITS
DRAINED: Final = 4
"""Times the limit of a body that is still read to its end. Closing on somebody who is still sending
resets his connection, and he hears "no network" instead of 413 (P06)."""


def takes(message: Any, limit: int) -> dict[str, Any]:
    """What a route says of its body: its type, and at most how many bytes."""
    return {
        "opt": {"takes": message, "bytes": limit},
        "request_max_body_size": DRAINED * limit,
    }


async def read(request: Request[Any, Any, Any], message: type[T]) -> T:
    return msgspec.json.decode(await read_bytes(request), type=message)


async def read_bytes(request: Request[Any, Any, Any]) -> bytes:
    """The route's ``bytes`` bound what arrives and what it unpacks to."""
    limit: int = request.route_handler.opt["bytes"]
    body = await request.body()
    if len(body) > limit:
        raise BodyTooLarge
    match request.headers.get("content-encoding", "identity").strip().lower():
        case "identity" | "":
            return body
        case "gzip":
            return unpack(body, limit)
        case _:
            raise UnsupportedMedia(expected="gzip")


def unpack(packed: bytes, limit: int) -> bytes:
    """One gzip member; stops one byte beyond the limit, however far it would grow (P06)."""
    unpacker = zlib.decompressobj(GZIP)
    try:
        body = unpacker.decompress(packed, limit + 1)
    except zlib.error:
        raise BadRequest("gzip") from None
    if len(body) > limit:
        raise BodyTooLarge
    if not unpacker.eof or unpacker.unused_data:
        raise BadRequest("gzip")
    return body


def lines(body: bytes) -> tuple[bytes, ...]:
    """Each line is ended by a newline; without it the body was cut on its way."""
    if not body:
        return ()
    if not body.endswith(b"\n"):
        raise BadRequest("body")
    if body.count(b"\n") > limits.PUSH_LINES:
        raise BodyTooLarge
    return tuple(body[:-1].split(b"\n"))
