"""The built app: compressed once and kept, unknown pages are the app's own."""

import gzip
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Final, cast

from litestar import Response, get, head
from litestar.di import NamedDependency
from msgspec import Struct

from hushui.errors import NotFound
from hushui.web.auth import AnyRequest

TYPES: Final = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
PACKED: Final = {".html", ".js", ".mjs", ".css", ".json", ".map", ".webmanifest", ".svg", ".txt"}
FOREVER: Final = "public, max-age=31536000, immutable"
ASK_FIRST: Final = "no-cache"


class File(Struct, frozen=True):
    body: bytes
    packed: bytes | None
    media: str
    etag: str
    cache: str


class Site:
    """Reads each file when first asked for, and again when it was built anew."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._kept: dict[str, tuple[tuple[int, int], File]] = {}

    def file(self, path: str) -> File:
        """What lies there; the app's page for a path that looks like a page."""
        name = path.strip("/") or "index.html"
        found = self._load(name)
        if found is None and "." not in name.rsplit("/", 1)[-1]:
            found = self._load("index.html")
        if found is None:
            raise NotFound
        return found

    def _load(self, name: str) -> File | None:
        if "\0" in name:
            return None
        path = (self._root / name).resolve()
        if not path.is_relative_to(self._root) or not path.is_file():
            return None
        stat = path.stat()
        mark = (stat.st_mtime_ns, stat.st_size)
        kept = self._kept.get(name)
        if kept is None or kept[0] != mark:
            kept = self._kept[name] = (mark, _read(path, name))
        return kept[1]


def _read(path: Path, name: str) -> File:
    body = path.read_bytes()
    suffix = path.suffix.lower()
    packed = gzip.compress(body, 9, mtime=0) if suffix in PACKED and len(body) > 512 else None
    return File(
        body=body,
        packed=packed,
        media=TYPES.get(suffix) or guess_type(name)[0] or "application/octet-stream",
        etag=f'"{sha256(body).hexdigest()[:32]}"',
        cache=FOREVER if name.startswith("assets/") else ASK_FIRST,
    )


def respond(request: AnyRequest, file: File) -> Response[bytes]:
    headers = {"Cache-Control": file.cache, "ETag": file.etag, "Vary": "Accept-Encoding"}
    known = request.headers.get("if-none-match", "")
    if file.etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(b"", status_code=304, headers=headers, media_type=file.media)
    body = file.body
    if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body = file.packed
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, media_type=file.media)


@get(["/", "/{path:path}"], include_in_schema=False, opt={"plain": True})
async def page(request: AnyRequest, site: NamedDependency[Site]) -> Response[bytes]:
    return respond(request, _asked(request, site))


@head(["/", "/{path:path}"], include_in_schema=False, opt={"plain": True})
async def page_head(request: AnyRequest, site: NamedDependency[Site]) -> Response[None]:
    file = _asked(request, site)
    headers = {"Cache-Control": file.cache, "ETag": file.etag}
    # Litestar writes no body for None, but knows only its own media types for it.
    return Response(cast(None, b""), headers=headers, media_type=file.media)


def _asked(request: AnyRequest, site: Site) -> File:
    path = request.url.path
    if path == "/api" or path.startswith("/api/"):
        raise NotFound
    return site.file(path)


ROUTES = [page, page_head]
