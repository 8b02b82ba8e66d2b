"""Every exception becomes problem+json (RFC 9457) here and nowhere else."""

import logging
import re
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    ValidationException,
)
from msgspec import Struct

from hushui import errors
from hushui.errors import HushuiError, Language

MEDIA: Final = "application/problem+json"
BY_STATUS: Final[dict[int, type[HushuiError]]] = {
    400: errors.BadRequest,
    401: errors.Unauthenticated,
    403: errors.Forbidden,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    413: errors.BodyTooLarge,
    415: errors.UnsupportedMedia,
}
UNPARSABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

log = logging.getLogger("hushui")


class Problem(Struct, frozen=True, omit_defaults=True):
    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None = None
    """What is wrong in a request: ``head.n``."""


def answer(request: Request[Any, Any, Any], exception: Exception) -> Response[Problem]:
    error = known(exception)
    if isinstance(exception, ValidationException):
        error = errors.BadRequest(_first_culprit(request, exception))
    if type(error) is HushuiError:
        log.error("%s %s", request.method, request.url.path, exc_info=exception)
    language = preferred_language(request.headers.get("accept-language", ""))
    problem = Problem(
        type=f"urn:hushui:problem:{error.code}",
        title=error.title_in(language),
        status=error.status,
        code=error.code,
        detail=error.detail_in(language),
        field=error.params.get("field"),
    )
    headers = {"Content-Language": language, "Cache-Control": "no-store", **error.headers_now()}
    return Response(problem, status_code=error.status, media_type=MEDIA, headers=headers)


def known(exception: Exception) -> HushuiError:
    match exception:
        case HushuiError():
            return exception
        case InternalServerException() if "disconnected" in exception.detail:
            return errors.BadRequest("body")  # nobody hears it: the client has gone
        case HTTPException():
            return _from_status(exception.status_code)
        case msgspec.ValidationError():
            return errors.BadRequest(culprit(str(exception)))
        case _ if isinstance(exception, UNPARSABLE):
            return errors.BadRequest()
        case _:
            return HushuiError()


def culprit(message: str) -> str:
    """The member that msgspec complains about, as a path without the leading ``$.``."""
    path = re.search(r"at `\$\.?([^`]*)`", message)
    missing = re.search(r"required field `([^`]+)`", message)
    parts = [path.group(1) if path else "", missing.group(1) if missing else ""]
    return ".".join(part for part in parts if part)


def preferred_language(accepted: str) -> Language:
    """English only where it is wanted more than Chinese; Chinese otherwise."""
    wanted = {"zh": -1.0, "en": -1.0}
    for item in accepted.lower().split(","):
        tag, _, parameters = item.strip().partition(";")
        name = tag.strip().split("-")[0]
        if name in wanted:
            wanted[name] = max(wanted[name], _quality(parameters))
    return "en" if wanted["en"] > max(wanted["zh"], 0) else "zh"


def _quality(parameters: str) -> float:
    found = re.search(r"q\s*=\s*([01](?:\.\d{0,3})?)", parameters)
    return float(found.group(1)) if found else 1.0


def _from_status(status: int) -> HushuiError:
    found = BY_STATUS.get(status)
    if found is errors.UnsupportedMedia:
        return errors.UnsupportedMedia(expected="application/json")
    if found is not None:
        return found()
    return errors.BadRequest() if 400 <= status < 500 else HushuiError()


def _first_culprit(request: Request[Any, Any, Any], exception: ValidationException) -> str:
    """The parameter's name as it stands in the address."""
    extra = exception.extra
    first = extra[0] if isinstance(extra, list) and extra else None
    key = str(first.get("key", "")) if isinstance(first, dict) else ""
    handler = request.route_handler
    provided = (given.parsed_fn_signature for given in handler.resolve_dependencies().values())
    for signature in (handler.parsed_fn_signature, *provided):
        parameter = signature.parameters.get(key)
        if parameter is not None:
            return getattr(parameter.kwarg_definition, "name", None) or key
    return key
