"""Signing in with a password; the browser's device is registered as enrolment does a phone's."""

from typing import Annotated

from msgspec import Meta, Struct

from hushui.actions import attempts, passwords
from hushui.actions.enrol import Enrolled, Key, Label, announce, answer, check_key, register
from hushui.actions.parts import Parts
from hushui.actions.secrets import new_token, token_hash
from hushui.errors import HushuiError, WrongPassword
from hushui.ledger import Task
from hushui.storage.store import Account, Session, Store
from hushui_sync.entry import Id
from hushui_sync.working import World


class SignIn(Struct, frozen=True):
    """``org`` is the organisation's short name."""

    org: Annotated[str, Meta(max_length=64)]
    login: Annotated[str, Meta(max_length=64)]
    password: Annotated[str, Meta(max_length=256)]
    device: Id
    key: Key
    label: Label = ""


async def sign_in(parts: Parts, request: SignIn, address: str) -> tuple[Enrolled, str]:
    """What enrolment answers, and the cookie's token."""
    check_key(request.key)
    account = await _account(parts, request, address)
    token, now = new_token(parts.ports), parts.ports.now()
    hours = parts.settings.session_hours

    def open_session(store: Store, world: World) -> HushuiError | None:
        refusal = register(world, account.org, account.person, request, now)
        if refusal is None:
            expires = now + hours * 3_600_000
            store.put_session(
                Session(token_hash(token), account.org, account.person, request.device, expires)
            )
        return refusal

    await parts.commit(Task(open_session))
    await announce(parts, account.org, request.device, account.person, request.label)
    return answer(parts, request.device, account.person, account.org, None), token


async def sign_out(parts: Parts, token: str) -> None:
    def end(store: Store, world: World) -> None:
        store.end_session(token_hash(token))

    await parts.commit(Task(end))


async def _account(parts: Parts, request: SignIn, address: str) -> Account:
    """Attempts are looked at inside the limiter, so that a burst gains nothing."""
    store, settings = parts.store, parts.settings
    org = store.org_by_code(request.org)
    key = org.id if org is not None else attempts.ANYONE
    async with parts.hashing:
        if refusal := attempts.too_many(store, settings, address, key, parts.ports.now()):
            raise refusal
        account = store.account(org.id, request.login) if org is not None else None
        right = await passwords.is_right(request.password, account.password if account else None)
        if right and account is not None:
            return account
        now = parts.ports.now()

        def count(store: Store, world: World) -> None:
            attempts.count(store, settings, address, key, now)

        await parts.commit(Task(count))
    raise WrongPassword
