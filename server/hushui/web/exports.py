"""The office's table as a file."""

from collections.abc import AsyncIterator
from typing import BinaryIO, Final
from urllib.parse import quote

import anyio.to_thread
from litestar import get
from litestar.params import FromPath
from litestar.response import Stream

from hushui.actions import exporting
from hushui.errors import UnknownExport
from hushui.web.asked import FILTER, TheFilter
from hushui.web.auth import TheCaller, TheParts

CHUNK: Final = 262_144


@get(
    "/api/exports/{name:str}",
    tags=["值班室"],
    summary="导出 Export the table",
    description="`KIND.FORMAT` with format xlsx, csv, geojson or gpx (patrols only), and the "
    "filter of `/api/records` without limit and after. At most 200,000 rows, the newest; "
    "`Hushui-Rows` says how many are in the file, `Hushui-Found` how many there are. Office only.",
    dependencies=FILTER,
    opt={"plain": True, "gives": "application/octet-stream"},
)
async def export(
    name: FromPath[str], parts: TheParts, caller: TheCaller, asked: TheFilter
) -> Stream:
    kind, dot, format = name.rpartition(".")
    if not dot:
        raise UnknownExport(asked=name[:60])
    async with parts.exporting:
        done = await anyio.to_thread.run_sync(exporting.export, parts, caller, kind, format, asked)
    headers = {
        "Content-Disposition": disposition(done.name, f"{kind}.{format}"),
        "Content-Length": str(done.size),
        "Hushui-Rows": str(done.rows),
        "Hushui-Found": str(done.found),
        "Cache-Control": "no-store",
    }
    return Stream(_bytes(done.file), headers=headers, media_type=done.media)


def disposition(name: str, plain: str) -> str:
    """RFC 6266: the Chinese name as RFC 5987 writes it, and a plain one for old programs."""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


async def _bytes(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while chunk := await anyio.to_thread.run_sync(file.read, CHUNK):
            yield chunk


ROUTES = [export]
