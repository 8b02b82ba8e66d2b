"""tus 1.0 over HTTP: creation, checksum, expiration (section 13); and reading blobs."""

import hmac
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import AsyncIterator
from email.utils import formatdate
from hashlib import sha1, sha256
from typing import BinaryIO, Final

from litestar import Response, get, head, patch, post, route
from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Stream

from hushui.actions import blob, epoch, upload
from hushui.actions.parts import Parts
from hushui.actions.upload import Standing
from hushui.errors import BadRequest, HashMismatch, NotFound, TusVersion, UnsupportedMedia
from hushui.storage.store import Upload
from hushui.web.auth import AnyRequest, TheCaller, TheContact, TheParts
from hushui_sync import ids
from hushui_sync.limits import BLOB_BYTES

VERSION: Final = "1.0.0"
OFFSET_TYPE: Final = "application/offset+octet-stream"
CHUNK: Final = 1_048_576
"""Bytes gathered before they are written: each write ends with an fsync."""
CHECKSUMS: Final = {"sha1": sha1, "sha256": sha256}
NUMBER: Final = re.compile(r"[0-9]{1,15}")
RANGE: Final = re.compile(r"bytes=([0-9]*)-([0-9]*)")
KEPT: Final = "private, max-age=31536000, immutable"


@route(
    ["/api/blobs", "/api/blobs/{name:str}"],
    http_method=[HttpMethod.OPTIONS],
    tags=["照片"],
    summary="能怎样上传 Upload abilities",
    status_code=204,
    opt={"open": True},
)
async def abilities() -> Response[None]:
    headers = {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,checksum,expiration",
        "Tus-Max-Size": str(BLOB_BYTES),
        "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
    }
    return Response(None, status_code=204, headers=headers)


@post(
    "/api/blobs",
    tags=["照片"],
    summary="开始上传 Begin an upload",
    description="Headers `Upload-Length` and `Upload-Metadata: sha256 BASE64(hex)[,type "
    "BASE64(mime)]`. A stored line must name the blob (B02). `Location` is where the bytes go.",
    status_code=201,
)
async def begin(
    request: AnyRequest, parts: TheParts, caller: TheCaller, contact: TheContact = None
) -> Response[None]:
    demand_tus(request)
    epoch.renew(parts, caller.device.id, contact)
    length = _number(request, "upload-length")
    said = metadata(request.headers.get("upload-metadata", ""))
    name = said.get("sha256", "")
    if not blob.SHA256.fullmatch(name):
        raise BadRequest("Upload-Metadata")
    stands = await upload.create(parts, caller, name, length, said.get("type", ""))
    headers = {**_headers(stands), "Location": f"/api/blobs/{stands.id}"}
    return Response(None, status_code=201, headers=headers)


@head(
    "/api/blobs/{name:str}",
    tags=["照片"],
    summary="传到哪里了 Where an upload stands",
    description="Of an upload: `Upload-Offset`, and `Hushui-Receipt` once it is complete (B04, "
    "B05). Of a blob by its SHA-256: its size and receipt.",
)
async def ask(
    name: FromPath[str],
    request: AnyRequest,
    parts: TheParts,
    caller: TheCaller,
    contact: TheContact = None,
) -> Response[None]:
    if ids.is_id(name):
        demand_tus(request)
        epoch.renew(parts, caller.device.id, contact)
        stands = await upload.standing(parts, caller, name)
        headers = {**_headers(stands), "Upload-Length": str(stands.length)}
        return Response(None, headers=headers | {"Cache-Control": "no-store"})
    with blob.open_blob(parts, caller, name) as file:
        size = file.seek(0, 2)
    found = parts.store.blob(caller.org, name)
    headers = {"Upload-Offset": str(size), "Cache-Control": "no-store"}
    if found is not None:
        headers["Hushui-Receipt"] = f"{found.epoch}:{found.number}"
    return Response(None, headers=headers)


@patch(
    "/api/blobs/{name:str}",
    tags=["照片"],
    summary="接着传 Go on with an upload",
    description="Body of `application/offset+octet-stream` at `Upload-Offset`; with "
    "`Upload-Checksum` it is taken whole or not at all. What arrived before a cut stays (B05).",
    status_code=204,
    request_max_body_size=BLOB_BYTES,
    opt={"takes": bytes},
)
async def go_on(
    name: FromPath[str],
    request: AnyRequest,
    parts: TheParts,
    caller: TheCaller,
    contact: TheContact = None,
) -> Response[None]:
    demand_tus(request)
    epoch.renew(parts, caller.device.id, contact)
    if request.headers.get("content-type", "").split(";")[0].strip() != OFFSET_TYPE:
        raise UnsupportedMedia(expected=OFFSET_TYPE)
    if not ids.is_id(name):
        raise NotFound
    offset = _number(request, "upload-offset")
    checksum = request.headers.get("upload-checksum")
    size = request.headers.get("content-length", "")
    announced = int(size) if NUMBER.fullmatch(size) else None
    target = await upload.begin_append(parts, caller, name, offset, announced)
    if checksum is None:
        offset = await _as_it_comes(request, parts, target, offset)
    else:
        offset = await _whole(request, parts, target, offset, checksum)
    stands = await upload.end_append(parts, caller, target, offset)
    return Response(None, status_code=204, headers=_headers(stands))


@get(
    "/api/blobs/{name:str}",
    tags=["照片"],
    summary="看照片 Read a blob",
    description="By its SHA-256; 404 unless a record the caller may see names it (B06).",
    opt={"plain": True, "gives": "application/octet-stream"},
)
async def read(
    name: FromPath[str],
    request: AnyRequest,
    parts: TheParts,
    caller: TheCaller,
) -> Stream:
    file = blob.open_blob(parts, caller, name)
    size = file.seek(0, 2)
    file.seek(0)
    headers = {
        "Cache-Control": KEPT,
        "ETag": f'"{name}"',
        "Vary": "Authorization, Cookie",
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    media = blob.media_type(file.read(16))
    if request.headers.get("if-none-match") == headers["ETag"]:
        file.close()
        return Stream(_nothing(), status_code=304, headers=headers, media_type=media)
    start, end = _range(request.headers.get("range", ""), size)
    partial = (start, end) != (0, size)
    headers["Content-Length"] = str(end - start)
    if partial:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return Stream(
        _bytes(file, start, end),
        status_code=206 if partial else 200,
        headers=headers,
        media_type=media,
    )


def demand_tus(request: AnyRequest) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise TusVersion


def metadata(header: str) -> dict[str, str]:
    """`key BASE64,key BASE64` → texts."""
    found: dict[str, str] = {}
    for item in header.split(","):
        key, _, value = item.strip().partition(" ")
        try:
            found[key] = b64decode(value.strip(), validate=True).decode()
        except (NotBase64, UnicodeDecodeError, ValueError):
            raise BadRequest("Upload-Metadata") from None
    return found


async def _as_it_comes(request: AnyRequest, parts: Parts, target: Upload, offset: int) -> int:
    """Keeps what arrived even when the connection is cut."""
    gathered = bytearray()
    try:
        async for piece in request.stream():
            gathered += piece
            if len(gathered) >= CHUNK:
                offset = await upload.append(parts, target, offset, bytes(gathered))
                gathered.clear()
    except HTTPException:
        if gathered:
            await upload.append(parts, target, offset, bytes(gathered))
        raise
    return await upload.append(parts, target, offset, bytes(gathered)) if gathered else offset


async def _whole(
    request: AnyRequest, parts: Parts, target: Upload, offset: int, checksum: str
) -> int:
    algorithm, _, expected = checksum.strip().partition(" ")
    if algorithm not in CHECKSUMS:
        raise BadRequest("Upload-Checksum")
    try:
        wanted = b64decode(expected, validate=True)
    except NotBase64:
        raise BadRequest("Upload-Checksum") from None
    body = await request.body()
    hashed = await parts.aside(CHECKSUMS[algorithm], body)
    if not hmac.compare_digest(hashed.digest(), wanted):
        raise HashMismatch
    return await upload.append(parts, target, offset, body) if body else offset


def _headers(stands: Standing) -> dict[str, str]:
    headers = {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(stands.offset),
        "Upload-Expires": formatdate(stands.expires / 1000, usegmt=True),
    }
    if stands.receipt is not None:
        headers["Hushui-Receipt"] = f"{stands.receipt.epoch}:{stands.receipt.number}"
    return headers


def _number(request: AnyRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not NUMBER.fullmatch(text):
        raise BadRequest(header.title())
    return int(text)


def _range(header: str, size: int) -> tuple[int, int]:
    """(first, behind the last) byte; everything for a header that makes no sense."""
    found = RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return 0, size
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    return (start, end) if start < end else (0, size)


async def _bytes(file: BinaryIO, start: int, end: int) -> AsyncIterator[bytes]:
    with file:
        file.seek(start)
        while start < end and (chunk := file.read(min(CHUNK // 4, end - start))):
            start += len(chunk)
            yield chunk


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


ROUTES = [abilities, begin, ask, go_on, read]
