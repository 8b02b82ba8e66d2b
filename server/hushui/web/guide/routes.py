"""Three files on one address, and nothing else: no code, no record, no sign-in stands here."""

from typing import Final

from litestar import Litestar, Response, get

from hushui.web import headers, problems
from hushui.web.guide.page import CERTIFICATE, PROFILE, Guide, page

HTML: Final = "text/html"
ANDROID: Final = "application/x-x509-ca-cert"
IPHONE: Final = "application/x-apple-aspen-config"


def create_guide(guide: Guide) -> Litestar:
    """The certificate of the authority goes out, its key never: it is not handed in."""
    written = page(guide).encode()

    @get("/", include_in_schema=False)
    async def show() -> Response[bytes]:
        return _file(written, HTML)

    @get(f"/{CERTIFICATE}", include_in_schema=False)
    async def certificate() -> Response[bytes]:
        return _file(guide.certificate, ANDROID, CERTIFICATE)

    @get(f"/{PROFILE}", include_in_schema=False)
    async def profile() -> Response[bytes]:
        return _file(guide.profile, IPHONE, PROFILE)

    return Litestar(
        [show, certificate, profile],
        exception_handlers={Exception: problems.answer},
        before_send=[headers.safety_headers("")],
        openapi_config=None,
        logging_config=None,
    )


def _file(body: bytes, media: str, name: str = "") -> Response[bytes]:
    """Never kept: an authority that was made anew must not be shadowed by the old one."""
    said = {"Cache-Control": "no-store"}
    if name:
        said["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(body, media_type=media, headers=said)
