"""What answers say to the browser about safety.

What a browser may show, run or frame says all of it: pages, scripts, pictures, files. JSON and
event streams are only ever read by our own code, and phones pay for each byte of them; that nobody
takes them for anything else is what ``nosniff`` is for.
"""

from typing import Final

from litestar.types import BeforeMessageSendHookHandler, Message, Scope

ALWAYS: Final = {"X-Content-Type-Options": "nosniff"}
SHOWN: Final = {
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self), "
    "screen-wake-lock=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
READ: Final = (b"application/json", b"application/problem+json", b"text/event-stream")
"""Types of answers that nobody is shown."""
NOTHING: Final = READ[0]
"""An answer without a body shows nothing either."""
UNKEPT: Final = (b"cache-control", b"no-store")


def policy(tiles: str) -> str:
    parts = {
        "default-src": "'self'",
        "script-src": "'self'",
        # Vant and Leaflet place things by style attributes.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' blob: data: {tiles}".strip(),
        "media-src": "'self' blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self' blob: data: {tiles}".strip(),
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def safety_headers(tiles: str) -> BeforeMessageSendHookHandler:
    always = _as_bytes(ALWAYS)
    shown = always + _as_bytes({**SHOWN, "Content-Security-Policy": policy(tiles)})

    async def add(message: Message, scope: Scope) -> None:
        """Where the answer does not say otherwise. As bytes: it is done for every answer."""
        if message["type"] != "http.response.start":
            return
        said = {name.lower(): value for name, value in message["headers"]}
        ours = always if said.get(b"content-type", NOTHING).startswith(READ) else shown
        # Nobody keeps the answer to a POST unless it says so itself.
        if scope["path"].startswith("/api/") and scope.get("method") != "POST":
            ours = [*ours, UNKEPT]
        message["headers"] = [*message["headers"], *(pair for pair in ours if pair[0] not in said)]

    return add


def _as_bytes(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
