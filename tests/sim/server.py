"""The server of a simulation: the real app, the real store on a memory disk, no thread of its own.

Requests are driven step by step; the ledger is drained when the simulation says so; a kill is a
BaseException at the k-th statement, after which the store is opened again.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from hushui.app import create_app
from hushui.domain.policy import Domain
from hushui.ledger import LedgerWriter
from hushui.ports import Ports
from hushui.settings import Settings
from hushui.storage.files import Files
from hushui.storage.sqlite import SqliteStore
from hushui_sync.ids import uuid7

TURNS = 40
"""Turns of the event loop in which a request either answers or waits for the ledger."""


class Kill(BaseException):
    """The process is gone."""


class MortalStore(SqliteStore):
    """Dies at the k-th statement that writes, the commit among them: before it or just after."""

    statements_left: int | None = None
    after = False

    def run(self, sql: str, values: Any = ()) -> None:
        self._count(lambda: super(MortalStore, self).run(sql, values))

    def many(self, sql: str, rows: Any) -> None:
        self._count(lambda: super(MortalStore, self).many(sql, rows))

    def _count(self, statement: Callable[[], None]) -> None:
        if self.statements_left is None:
            statement()
            return
        self.statements_left -= 1
        if self.statements_left > 0:
            statement()
            return
        self.statements_left = None
        if self.after:
            statement()
        raise Kill


class Request:
    """One request on its way through the app."""

    def __init__(self, task: "asyncio.Task[None]", answer: Callable[..., None]) -> None:
        self.task, self.answer = task, answer
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""


class Server:
    def __init__(self, folder: Path, now: Callable[[], int], chance: Random) -> None:
        self.folder, self.chance = folder, chance
        self.ports = Ports(
            now=now,
            new_id=lambda: uuid7(now(), chance.randbytes(10)),
            random=chance.randbytes,
        )
        self.settings = Settings(data=folder, demo=False, app=folder)
        self.store: MortalStore
        self.open = False
        self.start()

    def start(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.store = MortalStore(self.folder / "hushui.db")
        self.files = Files(self.folder)
        self.policy = Domain()
        self.ledger = LedgerWriter(self.store, self.ports, self.policy)
        self.app = create_app(self.settings, self.ports, self.store, self.files, self.ledger)
        self.requests: list[Request] = []
        self.open = True

    def kill(self) -> None:
        """What was not answered never will be."""
        self.open = False
        for request in self.requests:
            request.task.cancel()
        self._turn()
        self.requests = []
        self.store.close()
        self.loop.close()

    def send(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        answer: Callable[..., None],
        arrives: int | None = None,
    ) -> None:
        """Begins a request; `arrives` bytes of its body come in before the connection breaks."""
        path, _, query = path.partition("?")
        sent = {**headers, "content-length": str(len(body)), "host": "sim"}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(k.lower().encode(), v.encode()) for k, v in sent.items()],
            "client": ("10.0.0.1", 1),
            "server": ("sim", 80),
            "state": {},
        }
        parts = [{"type": "http.request", "body": body, "more_body": False}]
        if arrives is not None:
            parts = [
                {"type": "http.request", "body": body[:arrives], "more_body": True},
                {"type": "http.disconnect"},
            ]
        incoming = iter(parts)

        async def receive() -> Any:
            return next(incoming, {"type": "http.disconnect"})

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                request.status = message["status"]
                request.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            elif message["type"] == "http.response.body":
                request.body += message.get("body", b"")

        async def serve() -> None:
            await self.app(scope, receive, send)  # type: ignore[arg-type]

        request = Request(self.loop.create_task(serve()), answer)
        self.requests.append(request)
        self.settle()

    def drain(self) -> None:
        """One group commit. Kill passes through: the caller takes the server down."""
        self.ledger.answer(self.ledger.pending())
        self.settle()

    def settle(self) -> None:
        """Runs until every request has answered or waits for the ledger."""
        self._turn()
        done = [request for request in self.requests if request.task.done()]
        self.requests = [request for request in self.requests if not request.task.done()]
        for request in done:
            if not request.task.cancelled() and (error := request.task.exception()):
                if not request.status and not isinstance(error, Kill):
                    continue  # the connection broke under it
                raise error
            if request.status:
                request.answer(request.status, request.headers, request.body)

    def _turn(self) -> None:
        for _ in range(TURNS):
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()
            if all(request.task.done() for request in self.requests):
                return
