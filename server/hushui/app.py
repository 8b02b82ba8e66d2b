"""The composition root: everything that is made once is made here."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any, Final

from litestar import Litestar
from litestar.di import Provide

from hushui.actions import compaction, exporting, passwords, upload, window
from hushui.actions.parts import Parts
from hushui.actions.secrets import open_secret
from hushui.domain.policy import Domain
from hushui.ledger import LedgerWriter
from hushui.ports import Ports
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
from hushui.web.live import Hub
from hushui.web.packing import packing
from hushui.web.schema import Api
from hushui.web.static import Site

BODY_BYTES: Final = 65_536
"""What a route takes that does not say otherwise."""
IDLE_S: Final = 60
COMPACTED: Final = 24 * 60
"""Every so many turns of the housekeeping, and at the start."""
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
    """Housekeeping between requests; what fails now is done next time."""
    for turn in count():
        if turn % COMPACTED == 0:
            with suppress(Exception):
                await window.close(parts)
            with suppress(Exception):
                await compaction.compact(parts)
        with suppress(Exception):
            await upload.sweep(parts)
        with suppress(Exception):
            await asyncio.to_thread(parts.store.checkpoint)
        await asyncio.sleep(IDLE_S)
