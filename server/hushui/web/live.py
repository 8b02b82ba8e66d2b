"""`GET /api/live`: tells who listens that a scope has something new. Only a hint.

The ledger's thread posts to the event loop once per commit; everything else happens there.
"""

import asyncio
import functools
from collections.abc import Callable, Mapping

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Send

from hushui.actions.parts import Parts, is_office, scopes_of
from hushui.errors import HushuiError, StoreBusy
from hushui.web import auth
from hushui.web.auth import AnyRequest, TheCaller, TheParts

PING = b": \n\n"


Scopes = frozenset[str] | None
"""None: every scope of the organisation. The office reads it all, arriving photos included."""


class Listener:
    """One open stream: what it may hear, and the newest position of each scope not told yet."""

    def __init__(self, org: str, scopes: Scopes) -> None:
        self.org, self.scopes = org, scopes
        self.news: dict[str, int] = {}
        self.woken = asyncio.Event()

    def hear(self, scope: str, org: str, position: int) -> None:
        if org == self.org and (self.scopes is None or scope in self.scopes):
            self.news[scope] = max(position, self.news.get(scope, 0))
            self.woken.set()


class Hub:
    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.closed = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def publish(self, heads: Mapping[str, tuple[str, int]]) -> None:
        """From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._spread, dict(heads))

    def _spread(self, heads: dict[str, tuple[str, int]]) -> None:
        for listener in self.listeners:
            for scope, (org, position) in heads.items():
                listener.hear(scope, org, position)

    def join(self, listener: Listener) -> None:
        self._loop = asyncio.get_running_loop()
        self.listeners.add(listener)

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)

    def close(self) -> None:
        """Ends every stream, so that the server can stop."""
        self.closed = True
        for listener in self.listeners:
            listener.woken.set()


class LiveStream(ASGIResponse):
    """Leaves the hub the moment the client goes, whatever it was waiting for."""

    _should_set_content_length = False

    def __init__(
        self, hub: Hub, listener: Listener, refresh: Callable[[], Scopes], ping_s: float
    ) -> None:
        super().__init__(media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
        self._hub, self._listener = hub, listener
        self._refresh, self._ping_s = refresh, ping_s

    async def send_body(self, send: Send, receive: Receive) -> None:
        self._hub.join(self._listener)
        talking = asyncio.create_task(self._talk(send))
        gone = asyncio.create_task(_disconnected(receive))
        try:
            await asyncio.wait({talking, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hub.leave(self._listener)
            for task in (talking, gone):
                task.cancel()
            await asyncio.gather(talking, gone, return_exceptions=True)

    async def _talk(self, send: Send) -> None:
        await _write(send, PING)
        while not self._hub.closed:
            try:
                async with asyncio.timeout(self._ping_s):
                    await self._listener.woken.wait()
            except TimeoutError:
                # What the person may see can have changed; a revoked device ends here.
                try:
                    self._listener.scopes = self._refresh()
                except HushuiError:
                    break
                await _write(send, PING)
                continue
            self._listener.woken.clear()
            news, self._listener.news = self._listener.news, {}
            for scope, position in sorted(news.items()):
                await _write(send, event(scope, position))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def event(scope: str, position: int) -> bytes:
    data = msgspec.json.encode({"scope": scope, "position": position})
    return b"event: scope\ndata: " + data + b"\n\n"


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def scopes_now(parts: Parts, request: AnyRequest) -> Scopes:
    caller = auth.provide_caller(request, parts).active()
    if is_office(parts.rights(caller)):
        return None
    return frozenset(scopes_of(parts, caller))


@get(
    "/api/live",
    tags=["同步"],
    summary="有新内容时提醒 Live hints",
    description="An event stream: event `scope`, data `{scope, position}`, for scopes the caller "
    "may read; a comment every 15 seconds. Pull is what brings the rows.",
    opt={"plain": True, "gives": "text/event-stream"},
)
async def live(
    request: AnyRequest,
    parts: TheParts,
    caller: TheCaller,
    hub: NamedDependency[Hub],
) -> ASGIResponse:
    refresh = functools.partial(scopes_now, parts, request)
    if hub.closed or len(hub.listeners) >= parts.settings.live_streams:
        raise StoreBusy
    listener = Listener(caller.org, refresh())
    return LiveStream(hub, listener, refresh, parts.settings.live_ping_s)


ROUTES = [live]
