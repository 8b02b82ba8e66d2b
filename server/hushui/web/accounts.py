"""Office sign-ins and their passwords."""

from litestar import get, post

from hushui.actions import accounts
from hushui.actions.accounts import (
    AccountList,
    AccountRequest,
    GivenPassword,
    PasswordChange,
    ResetRequest,
)
from hushui.web import auth, wire
from hushui.web.auth import AnyRequest, TheCaller, TheParts

SMALL = 8_192


@get(
    "/api/accounts",
    tags=["人员"],
    summary="登录名 Sign-ins",
    description="Who may sign in at the office. Administrators only.",
)
async def list_accounts(parts: TheParts, caller: TheCaller) -> AccountList:
    return await parts.aside(accounts.list_accounts, parts, caller)


@post(
    "/api/accounts",
    status_code=201,
    tags=["人员"],
    summary="给一个人登录名 Make a sign-in",
    description="With a password shown once, to be changed at the first sign-in. "
    "Administrators only.",
    **wire.takes(AccountRequest, SMALL),
)
async def make_account(request: AnyRequest, parts: TheParts, caller: TheCaller) -> GivenPassword:
    return await accounts.make(parts, caller, await wire.read(request, AccountRequest))


@post(
    "/api/accounts/reset",
    status_code=200,
    tags=["人员"],
    summary="重设密码 Reset a password",
    description="A new password shown once, to be changed at the first sign-in; who is signed in "
    "with the account is out. Administrators only.",
    **wire.takes(ResetRequest, SMALL),
)
async def reset_password(request: AnyRequest, parts: TheParts, caller: TheCaller) -> GivenPassword:
    message = await wire.read(request, ResetRequest)
    return await accounts.reset(parts, caller, message, own_session(request, caller))


@post(
    "/api/accounts/password",
    status_code=204,
    tags=["人员"],
    summary="改自己的密码 Change one's own password",
    description="Every other session of the account ends. Wrong passwords are counted (N03).",
    **wire.takes(PasswordChange, SMALL),
)
async def change_password(request: AnyRequest, parts: TheParts, caller: TheCaller) -> None:
    message = await wire.read(request, PasswordChange)
    token, address = own_session(request, caller), auth.address_of(request)
    await accounts.change(parts, caller, message, token, address)


def own_session(request: AnyRequest, caller: TheCaller) -> str | None:
    return request.cookies.get(auth.COOKIE) if caller.via == "cookie" else None


ROUTES = [list_accounts, make_account, reset_password, change_password]
