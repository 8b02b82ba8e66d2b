"""What every answer says to the browser about safety."""

from typing import Any, Final

from litestar.datastructures import MutableScopeHeaders
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
    fixed = {**ALWAYS, "Content-Security-Policy": policy(tiles)}

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers: Any = MutableScopeHeaders.from_message(message)
        for name, value in fixed.items():
            headers.setdefault(name, value)
        if scope["path"].startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")

    return add
