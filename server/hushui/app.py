"""The composition root: everything that is made once is made here."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any, Final

from litestar import Litestar
from litestar.di import Provide
from msgspec import Struct

from hushui.actions import compaction, exporting, passwords, rescue, upload, window
from hushui.actions.parts import Parts
from hushui.actions.secrets import open_secret
from hushui.domain.policy import Domain
from hushui.ledger import LedgerWriter
from hushui.ports import Ports, uptime
from hushui.settings import Settings
from hushui.storage.files import Files
from hushui.storage.store import Store
from hushui.web import (
    accounts,
    auth,
    blobs,
    enrol,
    exports,
    figures,
    headers,
    live,
    office,
    people,
    problems,
    schema,
    static,
    sync,
)
from hushui.web import rescue as bundles
from hushui.web.live import Hub
from hushui.web.packing import packing
from hushui.web.schema import Api
from hushui.web.static import Site
from hushui_sync.limits import CLOCK_OFF_MS

BODY_BYTES: Final = 65_536
"""What a route takes that does not say otherwise."""
log = logging.getLogger("hushui")

IDLE_S: Final = 60
FIRST: Final = 60
DAY: Final = 24 * 60
"""Turns of the housekeeping: what is old is looked for an hour after the start, then once a day."""
ROUTES: Final = (
    *enrol.ROUTES,
    *sync.ROUTES,
    *live.ROUTES,
    *blobs.ROUTES,
    *office.ROUTES,
    *people.ROUTES,
    *accounts.ROUTES,
    *exports.ROUTES,
    *figures.ROUTES,
    *bundles.ROUTES,
    *schema.ROUTES,
    *static.ROUTES,
)


def create_app(
    settings: Settings,
    ports: Ports,
    store: Store,
    files: Files,
    ledger: LedgerWriter | None = None,
) -> Litestar:
    """A ledger handed in is driven by its owner; else the app runs its own writer thread."""
    open_epoch(store, ports)
    policy = Domain()
    writer = ledger or LedgerWriter(store, ports, policy)
    parts = Parts(
        settings=settings,
        ports=ports,
        store=store,
        files=files,
        ledger=writer,
        policy=policy,
        secret=open_secret(settings.data, ports),
        hashing=asyncio.Semaphore(passwords.AT_A_TIME),
        exporting=asyncio.Semaphore(exporting.AT_A_TIME),
        threads=ledger is None,
    )
    hub, site = Hub(), Site(settings.app)
    writer.on_commit.append(hub.publish)
    dependencies: dict[str, Provide] = {}
    api = Api(ROUTES, dependencies)
    dependencies |= {
        "parts": given(parts),
        "hub": given(hub),
        "site": given(site),
        "api": given(api),
        "caller": Provide(auth.provide_caller, sync_to_thread=False),
    }
    app = Litestar(
        ROUTES,
        dependencies=dependencies,
        exception_handlers={Exception: problems.answer},
        before_send=[headers.safety_headers(settings.tiles)],
        middleware=[packing],
        request_max_body_size=BODY_BYTES,
        lifespan=[_running(parts, hub, own=ledger is None)],
        openapi_config=None,
        logging_config=None,
    )
    app.state.hub = hub
    app.state.parts = parts
    return app


def open_epoch(store: Store, ports: Ports) -> None:
    """A new store begins its first epoch."""
    if not store.ledger().epoch:
        with store.transaction():
            store.new_epoch(ports.new_id())


def given(value: Any) -> Provide:
    def provide() -> Any:
        return value

    return Provide(provide, sync_to_thread=False)


def _running(parts: Parts, hub: Hub, *, own: bool) -> Callable[[Litestar], Any]:
    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        if own:
            parts.ledger.start()
        idle = asyncio.create_task(_idle(parts)) if own else None
        try:
            yield
        finally:
            hub.close()
            if idle is not None:
                idle.cancel()
                with suppress(asyncio.CancelledError):
                    await idle
            if own:
                await asyncio.to_thread(parts.ledger.stop)

    return lifespan


async def _idle(parts: Parts) -> None:
    """Housekeeping between requests; what fails now is logged, and done next time."""
    pace = Pace(parts.ports.now(), uptime())
    for turn in count():
        # What is by its age must not believe a clock that was set just now.
        if turn % DAY == FIRST:
            if pace.kept(parts.ports.now(), uptime()):
                await _try(window.close(parts))
                await _try(compaction.compact(parts))
            else:
                log.warning("the clock was set; what is old is looked for tomorrow")
            pace = Pace(parts.ports.now(), uptime())
        await _try(upload.sweep(parts))
        await _try(rescue.sweep(parts))
        await _try(asyncio.to_thread(parts.store.checkpoint))
        await asyncio.sleep(IDLE_S)


async def _try(work: Awaitable[object]) -> None:
    try:
        await work
    except Exception:
        log.exception("housekeeping failed")


class Pace(Struct, frozen=True):
    """One moment by the clock (ms) and by the machine's own time (s)."""

    now: int
    mono: float

    def kept(self, now: int, mono: float) -> bool:
        """Whether the clock has gone on as fast as time since."""
        return abs((now - self.now) - (mono - self.mono) * 1000) < CLOCK_OFF_MS
