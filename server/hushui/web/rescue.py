"""Rescue bundles over HTTP (section 15): the body is the file."""

from collections.abc import AsyncIterator
from typing import Annotated, BinaryIO, Final

from litestar import get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from hushui.actions import rescue
from hushui.actions.rescue import BundleList, BundleView
from hushui.web.auth import AnyRequest, TheCaller, TheParts
from hushui_sync.limits import RESCUE_BYTES

PIECE: Final = 262_144
ZIP: Final = "application/zip"
NameQuery = Annotated[str, QueryParameter(max_length=255)]


@post(
    "/api/rescue",
    status_code=200,
    tags=["应急导出包"],
    summary="收下一个应急导出包 Take in a rescue bundle",
    description="The file's bytes, whatever state they are in, are kept raw; the answer says what "
    "is in them and what the office has already. The same bytes are kept once. `name`: of the "
    "file. Nothing comes into the ledger. The office.",
    request_max_body_size=RESCUE_BYTES + 1,
    opt={"takes": bytes},
)
async def take_in(
    request: AnyRequest, parts: TheParts, caller: TheCaller, name: NameQuery = ""
) -> BundleView:
    said = request.headers.get("content-length", "")
    size = int(said) if said.isdecimal() and len(said) < 16 else None
    return await rescue.take_in(parts, caller, name, size, request.stream())


@get(
    "/api/rescue",
    tags=["应急导出包"],
    summary="收下的应急导出包 Rescue bundles taken in",
    description="Newest first, each compared with what the office has now. The office.",
)
async def list_bundles(parts: TheParts, caller: TheCaller) -> BundleList:
    return await parts.aside(rescue.listed, parts, caller)


@get(
    "/api/rescue/{sha256:str}",
    tags=["应急导出包"],
    summary="取出原件 The bundle as it came",
    description="By its SHA-256, byte for byte. The office.",
    opt={"gives": ZIP, "plain": True},
)
async def rescue_bundle(sha256: FromPath[str], parts: TheParts, caller: TheCaller) -> Stream:
    file = await parts.aside(rescue.open_bundle, parts, caller, sha256)
    headers = {
        "Content-Length": str(file.seek(0, 2)),
        "Content-Disposition": f'attachment; filename="rescue-{sha256[:12]}.zip"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Stream(_bytes(file), headers=headers, media_type=ZIP)


async def _bytes(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


ROUTES = [take_in, list_bundles, rescue_bundle]
