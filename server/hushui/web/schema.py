"""The OpenAPI document, and a small page of our own that shows it without any network."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec
from litestar import Litestar, MediaType, Response, get
from litestar.di import NamedDependency, Provide
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute

from hushui.web.problems import MEDIA, Problem

FOLDER: Final = Path(__file__).parent / "viewer"
REF: Final = "#/components/schemas/{name}"
BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
SECURITY: Final = {
    "device": {"type": "http", "scheme": "bearer", "description": "A device's token (N02)."},
    "session": {"type": "apiKey", "in": "cookie", "name": "hushui_session"},
}


def document(routes: Sequence[Any], dependencies: dict[str, Provide]) -> dict[str, Any]:
    """What Litestar knows of the routes, with request bodies, errors and security put in.

    From an app of its own: the one that serves has no pages that load scripts from elsewhere.
    """
    about = OpenAPIConfig(title="护水 Hushui", version=version("hushui"))
    app = Litestar(
        list(routes), dependencies=dependencies, openapi_config=about, logging_config=None
    )
    found: dict[str, Any] = app.openapi_schema.to_schema()
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    found["components"]["securitySchemes"] = SECURITY
    _, problem = msgspec.json.schema_components([Problem], ref_template=REF)
    schemas.update(problem)
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            for method in handler.http_methods:
                path = found.get("paths", {}).get(route.path_format, {})
                operation = path.get(method.lower())
                if operation is not None:
                    _complete(operation, handler.opt, schemas)
    return found


class Api:
    """The document, made when first asked for."""

    def __init__(self, routes: Sequence[Any], dependencies: dict[str, Provide]) -> None:
        self._made_of = routes, dependencies
        self._document: dict[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        if self._document is None:
            self._document = document(*self._made_of)
        return self._document


def _complete(operation: dict[str, Any], opt: dict[str, Any], schemas: dict[str, Any]) -> None:
    takes = opt.get("takes")
    if takes is bytes:
        operation["requestBody"] = {"content": {"application/octet-stream": BYTES}}
    elif takes is not None:
        (schema,), parts = msgspec.json.schema_components([takes], ref_template=REF)
        schemas.update(parts)
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    if "gives" in opt:
        operation["responses"]["200"]["content"] = {opt["gives"]: BYTES}
    operation["security"] = [] if opt.get("open") else [{"device": []}, {"session": []}]
    responses = operation.setdefault("responses", {})
    for status in [status for status in responses if status.startswith("4")]:
        del responses[status]
    content = {MEDIA: {"schema": {"$ref": REF.format(name="Problem")}}}
    responses["default"] = {"description": "出错 A problem", "content": content}


@get("/api/schema", include_in_schema=False)
async def schema(api: NamedDependency[Api]) -> dict[str, Any]:
    return api.document()


@get("/api/schema/viewer", include_in_schema=False)
async def viewer() -> Response[bytes]:
    return _own("viewer.html", MediaType.HTML)


@get("/api/schema/viewer.js", include_in_schema=False)
async def viewer_script() -> Response[bytes]:
    return _own("viewer.js", "text/javascript; charset=utf-8")


@get("/api/schema/viewer.css", include_in_schema=False)
async def viewer_style() -> Response[bytes]:
    return _own("viewer.css", MediaType.CSS)


def _own(name: str, media: str) -> Response[bytes]:
    headers = {"Cache-Control": "no-cache"}
    return Response((FOLDER / name).read_bytes(), media_type=media, headers=headers)


ROUTES = [schema, viewer, viewer_script, viewer_style]
