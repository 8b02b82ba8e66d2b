"""Office sign-ins: made and reset by the administrator, the password changed by its owner.

What happens to a sign-in is written into the ledger beside its member, by the organisation's own
device: who did it, to which login. Passwords never are.
"""

import asyncio
from collections.abc import Callable
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, structs

from hushui.actions import attempts, passwords
from hushui.actions.parts import Caller, Parts, demand
from hushui.actions.secrets import one_time_password, token_hash
from hushui.domain import access
from hushui.errors import (
    BadRequest,
    HasAccount,
    HushuiError,
    LoginTaken,
    NotFound,
    PasswordWeak,
    WrongPassword,
)
from hushui.kinds import KINDS
from hushui.kinds.describe import fault_in
from hushui.ledger import SystemLine, Task
from hushui.storage.store import Account, Store
from hushui_sync.entry import Id, Op
from hushui_sync.working import World

Login = Annotated[str, Meta(min_length=1, max_length=64)]
Secret = Annotated[str, Meta(max_length=256)]
LENGTH: Final = 8
GIVEN_MS: Final = 7 * 24 * 3_600_000
"""How long a password that somebody gave out waits for its first sign-in."""


class AccountView(Struct, frozen=True):
    """``once``: nobody has signed in with it since its password was given out; it opens nothing
    from ``expires`` on (ms; null: it waits)."""

    login: str
    person: str
    once: bool
    expires: int | None


class AccountList(Struct, frozen=True):
    accounts: tuple[AccountView, ...]


class AccountRequest(Struct, frozen=True):
    person: Id
    login: Login


class ResetRequest(Struct, frozen=True):
    login: Login


class PasswordChange(Struct, frozen=True):
    old: Secret
    new: Secret


class GivenPassword(Struct, frozen=True):
    """Shown this once: only its hash is kept."""

    login: str
    person: str
    password: str


def list_accounts(parts: Parts, caller: Caller) -> AccountList:
    demand_admin(parts, caller)
    return AccountList(
        tuple(
            AccountView(it.login, it.person, it.once, it.expires)
            for it in parts.store.accounts(caller.org)
        )
    )


async def make(parts: Parts, caller: Caller, request: AccountRequest) -> GivenPassword:
    demand_admin(parts, caller)
    member = parts.store.record(request.person)
    if member is None or (member.org, member.kind) != (caller.org, "member") or member.deleted:
        raise NotFound
    if fault_in(KINDS["member"].fields["login"], request.login):
        raise BadRequest("login")
    if refusal := _taken(parts.store, caller.org, request):
        raise refusal
    password, hashed = await _given(parts)
    expires = parts.ports.now() + GIVEN_MS
    account = Account(caller.org, request.login, request.person, hashed, True, expires)

    def write(store: Store, world: World) -> HushuiError | None:
        refusal = _taken(store, caller.org, request)
        if refusal is None:
            store.put_account(account)
        return refusal

    await parts.commit(Task(write))
    await note(parts, account, "made", caller.person)
    return GivenPassword(account.login, account.person, password)


def _taken(store: Store, org: str, request: AccountRequest) -> HushuiError | None:
    if store.account(org, request.login) is not None:
        return LoginTaken()
    held = any(it.person == request.person for it in store.accounts(org))
    return HasAccount() if held else None


async def reset(
    parts: Parts, caller: Caller, request: ResetRequest, token: str | None
) -> GivenPassword:
    """A new password for once; whoever is signed in with the account is out. ``token``: the
    caller's own session, which goes on."""
    demand_admin(parts, caller)
    if parts.store.account(caller.org, request.login) is None:
        raise NotFound
    password, hashed = await _given(parts)
    keep = None if token is None else token_hash(token)
    expires = parts.ports.now() + GIVEN_MS

    def write(store: Store, world: World) -> Account | HushuiError:
        known = store.account(caller.org, request.login)
        if known is None:
            return NotFound()
        account = structs.replace(known, password=hashed, once=True, expires=expires)
        store.put_account(account)
        store.end_sessions(account.org, account.person, keep)
        return account

    account: Account = await parts.commit(Task(write))
    await note(parts, account, "reset", caller.person)
    return GivenPassword(account.login, account.person, password)


async def change(
    parts: Parts, caller: Caller, request: PasswordChange, token: str | None, address: str
) -> None:
    """One's own; every other session of it ends. A wrong old one counts as an attempt (N03)."""
    caller.active()
    store, org = parts.store, parts.store.org(caller.org)
    assert org is not None
    async with parts.hashing:
        now = parts.ports.now()
        if refusal := attempts.too_many(store, parts.settings, address, caller.org, now):
            raise refusal
        account = await _owned(parts, caller, request.old)
        if account is None:
            await parts.commit(Task(counting(parts, address, caller.org, now)))
            raise WrongPassword
        demand_strong(request.new, request.old, account.login, org.code)
        hashed = await asyncio.to_thread(passwords.password_hash, request.new, parts.ports)
    keep = None if token is None else token_hash(token)
    await parts.commit(Task(changing(account, hashed, keep)))
    await note(parts, account, "changed", caller.person)


def counting(parts: Parts, address: str, org: str, now: int) -> Callable[[Store, World], None]:
    def count(store: Store, world: World) -> None:
        attempts.count(store, parts.settings, address, org, now)

    return count


def changing(
    account: Account, hashed: str, keep: str | None
) -> Callable[[Store, World], HushuiError | None]:
    """Nothing, where the password was reset meanwhile."""

    def write(store: Store, world: World) -> HushuiError | None:
        if store.account(account.org, account.login) != account:
            return WrongPassword()
        own = structs.replace(account, password=hashed, once=False, expires=None)
        store.put_account(own)
        store.end_sessions(account.org, account.person, keep)
        return None

    return write


async def _owned(parts: Parts, caller: Caller, password: str) -> Account | None:
    """The caller's account with this password."""
    mine = [it for it in parts.store.accounts(caller.org) if it.person == caller.person]
    for account in mine:
        if await passwords.is_right(password, account.password):
            return account
    return None


async def _given(parts: Parts) -> tuple[str, str]:
    """(a password to be used once, its hash)."""
    password = one_time_password(parts.ports)
    async with parts.hashing:
        return password, await asyncio.to_thread(passwords.password_hash, password, parts.ports)


def demand_strong(new: str, *known: str) -> None:
    if not is_strong(new, *known):
        raise PasswordWeak


def is_strong(new: str, *known: str) -> bool:
    """Long enough, and nothing that anybody would try first."""
    return len(new) >= LENGTH and new.strip() != "" and new not in known


def demand_admin(parts: Parts, caller: Caller) -> None:
    demand("admin" in access.posts(parts.rights(caller.active())))


async def note(
    parts: Parts, account: Account, what: Literal["made", "reset", "changed"], by: str
) -> None:
    said = {"said": f"account.{what}", "login": account.login, "by": by}
    op = Op(kind="member", record=account.person, act="add", set=said)
    await parts.commit(SystemLine(account.org, (op,)))
