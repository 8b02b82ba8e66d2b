"""What every answer says to the browser about safety."""

from typing import Final

from litestar.types import BeforeMessageSendHookHandler, Message, Scope

ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self), "
    "screen-wake-lock=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


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
    fixed = [
        (name.lower().encode(), value.encode())
        for name, value in {**ALWAYS, "Content-Security-Policy": policy(tiles)}.items()
    ]
    of_api = [*fixed, (b"cache-control", b"no-store")]

    async def add(message: Message, scope: Scope) -> None:
        """Where the answer does not say otherwise. As bytes: it is done for every answer."""
        if message["type"] != "http.response.start":
            return
        said = list(message["headers"])
        names = {name.lower() for name, _ in said}
        ours = of_api if scope["path"].startswith("/api/") else fixed
        message["headers"] = [*said, *(pair for pair in ours if pair[0] not in names)]

    return add
