"""What an action works with, and who asked for it."""

import asyncio
from collections.abc import Callable
from typing import Any, Literal, TypeVar

from msgspec import Struct

from hushui.domain import access
from hushui.domain.policy import Domain
from hushui.domain.views import Rights
from hushui.errors import DeviceRevoked, Forbidden, HushuiError
from hushui.ledger import Job, LedgerWriter, rights_now
from hushui.ports import Ports
from hushui.settings import Settings
from hushui.storage.files import Files
from hushui.storage.store import Store
from hushui_sync.world import Device

T = TypeVar("T")


class Parts(Struct, frozen=True):
    settings: Settings
    ports: Ports
    store: Store
    files: Files
    ledger: LedgerWriter
    policy: Domain
    secret: bytes
    """32 bytes; device tokens are derived from it."""
    hashing: asyncio.Semaphore
    """How many passwords are checked at a time: each costs 19 MiB and a thread."""
    exporting: asyncio.Semaphore
    """How many files are written for the office at a time: the next waits, phones do not."""

    threads: bool
    """False in virtual time: everything happens on the event loop."""

    async def aside(self, work: Callable[..., T], *given: Any) -> T:
        """Work that waits for the disk or hashes much; others are answered meanwhile."""
        return await asyncio.to_thread(work, *given) if self.threads else work(*given)

    async def commit(self, job: Job) -> Any:
        """The job's answer. A refusal that a task returned as a value is raised here."""
        answer = await self.ledger.submit(job)
        if isinstance(answer, HushuiError):
            raise answer
        return answer

    def rights(self, caller: "Caller") -> Rights:
        rights: Rights = rights_now(self.store, self.policy, caller.person, caller.org)
        return rights


class Caller(Struct, frozen=True):
    device: Device
    via: Literal["token", "cookie"]

    @property
    def person(self) -> str:
        return self.device.person

    @property
    def org(self) -> str:
        return self.device.org

    @property
    def revoked(self) -> bool:
        return self.device.revoked is not None

    def active(self) -> "Caller":
        """Itself, unless its device was revoked: then it reads nothing."""
        if self.revoked:
            raise DeviceRevoked
        return self


def scopes_of(parts: Parts, caller: Caller) -> list[str]:
    """What the caller may pull (S01); nothing once the device is revoked."""
    if caller.revoked:
        return []
    scopes = access.readable(parts.rights(caller), caller.device.id)
    return [scope for scope in scopes if not _is_foreign(parts.store, scope, caller.org)]


def seen_scopes(parts: Parts, caller: Caller) -> frozenset[str] | None:
    """The scopes the caller may see; None = the whole organisation."""
    return None if is_office(parts.rights(caller)) else frozenset(scopes_of(parts, caller))


def _is_foreign(store: Store, scope: str, org: str) -> bool:
    """A right may name any zone or team; one of another organisation opens nothing (A04)."""
    sort, _, id = scope.partition(":")
    found = store.record(id) if sort in ("zone", "team") else None
    return found is not None and found.org != org


def is_office(rights: Rights) -> bool:
    return access.may(rights, "read_records", "hazard", "others")


def manages_devices(rights: Rights) -> bool:
    return access.may(rights, "manage_devices", "device", "others")


def demand(allowed: bool) -> None:
    if not allowed:
        raise Forbidden
