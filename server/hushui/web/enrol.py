"""Enrolling a device, signing in and out."""

from litestar import Response, delete, post

from hushui.actions import enrol as enrolment
from hushui.actions import pin_reset, session
from hushui.actions.codes import CodeRequest, NewCode, give_code
from hushui.actions.enrol import Enrolled, EnrolRequest
from hushui.actions.pin_reset import PinReset
from hushui.actions.session import SignIn
from hushui.web import auth, wire
from hushui.web.auth import AnyRequest, TheCaller, TheParts

SMALL = 8_192


@post(
    "/api/enrol",
    status_code=200,
    tags=["登记"],
    summary="登记一部设备 Enrol a device",
    description="With a code of 8 digits, or a fork's ticket. The same device gets the same answer "
    "again until the code expires (N01). Wrong codes are counted (N03).",
    request_max_body_size=wire.DRAINED * SMALL,
    opt={"takes": EnrolRequest, "bytes": SMALL, "open": True},
)
async def enrol(request: AnyRequest, parts: TheParts) -> Enrolled:
    message = await wire.read(request, EnrolRequest)
    return await enrolment.enrol(parts, message, auth.address_of(request))


@post(
    "/api/pin-reset",
    tags=["登记"],
    summary="清掉本机 PIN Clear a phone's PIN",
    description="204 when the code was given for the person whose device this is; then it is used "
    "up. The PIN itself is on the phone only, and so are its records: nothing else changes. The "
    "same device gets the same answer again until the code expires. Wrong codes are counted (N03).",
    request_max_body_size=wire.DRAINED * SMALL,
    status_code=204,
    opt={"takes": PinReset, "bytes": SMALL, "open": True},
)
async def reset_pin(request: AnyRequest, parts: TheParts) -> None:
    message = await wire.read(request, PinReset)
    await pin_reset.reset_pin(parts, message, auth.address_of(request))


@post(
    "/api/session",
    status_code=200,
    tags=["登记"],
    summary="登录 Sign in",
    description="Registers the browser's device and sets the session cookie; `token` is null, the "
    "cookie stands in its place. A session whose cookie came along ends. Wrong passwords are "
    "counted (N03).",
    request_max_body_size=wire.DRAINED * SMALL,
    opt={"takes": SignIn, "bytes": SMALL, "open": True},
)
async def sign_in(request: AnyRequest, parts: TheParts) -> Response[Enrolled]:
    if "origin" in request.headers:
        auth.demand_same_origin(request, parts)
    message = await wire.read(request, SignIn)
    before = request.cookies.get(auth.COOKIE)
    answer, token = await session.sign_in(parts, message, auth.address_of(request), before)
    cookie = auth.session_cookie(request, token, parts.settings.session_hours)
    return Response(answer, cookies=[cookie])


@delete("/api/session", tags=["登记"], summary="退出 Sign out", status_code=204)
async def sign_out(request: AnyRequest, parts: TheParts, caller: TheCaller) -> Response[None]:
    token = request.cookies.get(auth.COOKIE)
    if token is not None and caller.via == "cookie":
        await session.sign_out(parts, token)
    response: Response[None] = Response(None, status_code=204)
    response.delete_cookie(auth.COOKIE, path="/")
    return response


@post(
    "/api/codes",
    status_code=201,
    tags=["值班室"],
    summary="出一个加入码 Give an enrolment code",
    description="8 digits for one person, valid for 24 hours. Office and administrators only.",
    **wire.takes(CodeRequest, SMALL),
)
async def codes(request: AnyRequest, parts: TheParts, caller: TheCaller) -> NewCode:
    message = await wire.read(request, CodeRequest)
    return await give_code(parts, caller, message.person, str(request.base_url))


ROUTES = [enrol, reset_pin, sign_in, sign_out, codes]
