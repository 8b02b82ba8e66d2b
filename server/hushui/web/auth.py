"""Who is calling: a device's token, or an office browser's session cookie."""

from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import HeaderParameter

from hushui.actions.parts import Caller, Parts
from hushui.actions.secrets import token_hash
from hushui.errors import CrossOrigin, NotYourDevice, Unauthenticated, UnknownDevice
from hushui_sync.entry import CONTACT

COOKIE: Final = "hushui_session"
SAFE: Final = {"GET", "HEAD", "OPTIONS"}
AnyRequest = Request[Any, Any, Any]
TheParts = NamedDependency[Parts]
TheCaller = NamedDependency[Caller]
TheContact = Annotated[str | None, HeaderParameter(name="Hushui-Contact", pattern=CONTACT)]
"""The newest answer the device knows of (T04); whatever writes shows it (H04)."""


def provide_caller(request: AnyRequest, parts: TheParts) -> Caller:
    """A Bearer token decides where there is one; a cookie is believed only from our own pages."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return _by_token(parts, authorization)
    token = request.cookies.get(COOKIE)
    if token is None:
        raise Unauthenticated
    caller = by_cookie(parts, token)
    if request.method not in SAFE:
        demand_same_origin(request, parts)
    return caller


def device_caller(request: AnyRequest, parts: Parts, device: str) -> Caller:
    """The caller, who must be the device he names (N04). A device that the server has forgotten
    hears so, and deletes nothing (P10)."""
    try:
        caller = provide_caller(request, parts)
    except Unauthenticated:
        if parts.store.device(device) is None:
            raise UnknownDevice from None
        raise
    if caller.device.id != device:
        raise NotYourDevice
    return caller


def _by_token(parts: Parts, authorization: str) -> Caller:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated
    device = parts.store.token_device(token_hash(token.strip()))
    if device is None:
        raise Unauthenticated
    return Caller(device, "token")


def by_cookie(parts: Parts, token: str) -> Caller:
    session = parts.store.session(token_hash(token))
    if session is None or session.expires <= parts.ports.now():
        raise Unauthenticated
    device = parts.store.device(session.device)
    if device is None:
        raise Unauthenticated
    return Caller(device, "cookie")


def demand_same_origin(request: AnyRequest, parts: Parts) -> None:
    """SameSite=Strict is the first wall, this the second: it also stops a neighbour's subdomain."""
    origin = request.headers.get("origin")
    if origin is None:
        if request.headers.get("sec-fetch-site") == "same-origin":
            return
        raise CrossOrigin
    host = urlsplit(origin).netloc
    ours = {request.headers.get("host", ""), urlsplit(parts.settings.public_url).netloc} - {""}
    if host not in ours:
        raise CrossOrigin


def session_cookie(request: AnyRequest, token: str, hours: int) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=token,
        max_age=hours * 3600,
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def address_of(request: AnyRequest) -> str:
    """Behind a proxy it is the one that uvicorn took from X-Forwarded-For."""
    return request.client.host if request.client is not None else ""
