"""Signing in with a password; the browser's device is registered as enrolment does a phone's."""

import asyncio
from typing import Annotated

from msgspec import Meta, Struct

from hushui.actions import accounts, attempts, passwords
from hushui.actions.enrol import Enrolled, Key, Label, announce, answer, check_key, register
from hushui.actions.parts import Parts
from hushui.actions.secrets import new_token, token_hash
from hushui.errors import HushuiError, PasswordExpired, PasswordOnce, WrongPassword
from hushui.ledger import Task
from hushui.storage.store import Account, Session, Store
from hushui_sync.entry import Id
from hushui_sync.working import World


class SignIn(Struct, frozen=True):
    """``org`` is the organisation's short name. ``new_password`` takes the place of one that
    somebody else gave out; without it such a one opens nothing."""

    org: Annotated[str, Meta(max_length=64)]
    login: Annotated[str, Meta(max_length=64)]
    password: Annotated[str, Meta(max_length=256)]
    device: Id
    key: Key
    label: Label = ""
    new_password: Annotated[str, Meta(max_length=256)] | None = None


async def sign_in(
    parts: Parts, request: SignIn, address: str, before: str | None = None
) -> tuple[Enrolled, str]:
    """What enrolment answers, and the cookie's token. ``before``: that of the cookie it came with,
    whose session ends."""
    check_key(request.key)
    account, hashed = await _account(parts, request, address)
    token, now = new_token(parts.ports), parts.ports.now()
    hours = parts.settings.session_hours

    def open_session(store: Store, world: World) -> HushuiError | None:
        if store.account(account.org, account.login) != account:
            return WrongPassword()  # reset meanwhile
        refusal = register(world, account.org, account.person, request, now)
        if refusal is None:
            if hashed is not None:
                accounts.changing(account, hashed, None)(store, world)
            if before is not None:
                store.end_session(token_hash(before))
            expires = now + hours * 3_600_000
            store.put_session(
                Session(token_hash(token), account.org, account.person, request.device, expires)
            )
        return refusal

    await parts.commit(Task(open_session))
    if hashed is not None:
        await accounts.note(parts, account, "changed", account.person)
    await announce(parts, account.org, request.device, account.person, request.label)
    return answer(parts, request.device, account.person, account.org, None), token


async def sign_out(parts: Parts, token: str) -> None:
    def end(store: Store, world: World) -> None:
        store.end_session(token_hash(token))

    await parts.commit(Task(end))


async def _account(parts: Parts, request: SignIn, address: str) -> tuple[Account, str | None]:
    """With the hash of the new password, where one is due. Attempts are looked at inside the
    limiter, so that a burst gains nothing."""
    store, settings = parts.store, parts.settings
    org = store.org_by_code(request.org)
    key = org.id if org is not None else attempts.ANYONE
    async with parts.hashing:
        if refusal := attempts.too_many(store, settings, address, key, parts.ports.now()):
            raise refusal
        account = store.account(org.id, request.login) if org is not None else None
        right = await passwords.is_right(request.password, account.password if account else None)
        if right and account is not None and not _has_left(store, account):
            return account, await _renewed(parts, account, request)
        now = parts.ports.now()
        await parts.commit(Task(accounts.counting(parts, address, key, now)))
    raise WrongPassword


def _has_left(store: Store, account: Account) -> bool:
    member = store.record(account.person)
    return member is not None and member.deleted


async def _renewed(parts: Parts, account: Account, request: SignIn) -> str | None:
    if not account.once:
        return None
    if account.expires is not None and account.expires <= parts.ports.now():
        raise PasswordExpired
    if request.new_password is None:
        raise PasswordOnce
    known = (request.password, account.login, request.org)
    accounts.demand_strong(request.new_password, *known)
    return await asyncio.to_thread(passwords.password_hash, request.new_password, parts.ports)
