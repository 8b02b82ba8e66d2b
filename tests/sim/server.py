"""The server of a simulation: the real app, the real store on a memory disk, no thread of its own.

Requests are driven step by step; the ledger is drained when the simulation says so; a kill is a
BaseException at the k-th statement, after which the store is opened again. One app serves all seeds
of a process: making one takes as long as hundreds of requests, and all it keeps is made anew.
"""

import asyncio
import os
import shutil
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from litestar import Litestar

from hushui.app import create_app, open_epoch
from hushui.domain.policy import Domain
from hushui.errors import StoreFull
from hushui.kinds import KINDS
from hushui.ledger import LedgerWriter
from hushui.ports import Ports
from hushui.settings import Settings
from hushui.storage.files import Files
from hushui.storage.sqlite import STORE, SqliteStore
from hushui_sync.errors import StoreFailure
from hushui_sync.ids import uuid7
from tests.sim.loop import Loop


class Kill(BaseException):
    """The process is gone."""


class MortalStore(SqliteStore):
    """At the k-th statement that writes, the commit among them, the process dies, before it or just
    after; or the disk is full."""

    statements_left: int | None = None
    after = False
    full_from: int | None = None

    def _open(self) -> Any:
        """Nobody else opens the file: no locks are asked for before every statement."""
        connection = super()._open()
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        return connection

    def _connection(self) -> Any:
        """One for reading and writing: here nobody reads while another one writes."""
        return self._writer

    def run(self, sql: str, values: Any = ()) -> None:
        self._before()
        super().run(sql, values)
        self._after()

    def many(self, sql: str, rows: Any) -> None:
        if there := list(rows):
            self._before()
            super().many(sql, there)
            self._after()

    def _before(self) -> None:
        if self.full_from is not None:
            self.full_from -= 1
            if self.full_from <= 0:
                raise StoreFull("no room")
        if self.statements_left is not None:
            self.statements_left -= 1
            if self.statements_left <= 0 and not self.after:
                self._die()

    def _after(self) -> None:
        if self.statements_left is not None and self.statements_left <= 0:
            self._die()

    def _die(self) -> None:
        self.statements_left = None
        raise Kill


class NarrowFiles(Files):
    full = False

    def append(self, upload: str, offset: int, chunk: bytes) -> int | None:
        if self.full:
            raise StoreFull("no room")
        return super().append(upload, offset, chunk)


def _copied(source: str, target: str) -> None:
    """A photo bears its hash as its name and never changes: the copy is another name for it."""
    if Path(source).parent.parent.name == "blobs":
        os.link(source, target)
    else:
        shutil.copyfile(source, target)


class Request:
    """One request on its way through the app."""

    def __init__(self, task: "asyncio.Task[None]", answer: Callable[..., None]) -> None:
        self.task, self.answer = task, answer
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""


class Program:
    """What one process runs for whichever server is the present one."""

    def __init__(self, server: "Server") -> None:
        self.server = server
        self.loop = Loop()  # type: ignore[abstract]
        self.store = MortalStore(server.folder / STORE)
        self.files = NarrowFiles(server.folder)
        self.ports = Ports(
            now=lambda: self.server.now(),
            new_id=lambda: uuid7(self.server.now(), self.server.chance.randbytes(10)),
            random=lambda count: self.server.chance.randbytes(count),
        )
        self.ledger = LedgerWriter(self.store, self.ports, Domain())
        settings = Settings(data=server.folder, demo=False, app=server.folder)
        self.app: Litestar = create_app(settings, self.ports, self.store, self.files, self.ledger)

    def restart(self, server: "Server") -> None:
        """Nothing of an earlier life is left but the app itself."""
        self.server = server
        self.loop.ready.clear()
        self.store.__init__(server.folder / STORE)  # type: ignore[misc]
        self.files.__init__(server.folder)  # type: ignore[misc]
        while self.ledger.pending():
            pass


@cache
def _program() -> list[Program]:
    return []


POLICY = Domain()


@cache
def older_policy(lacks: str) -> Domain:
    """The rules of a server that has not been upgraded yet."""
    return Domain({code: kind for code, kind in KINDS.items() if code != lacks})


class Server:
    def __init__(
        self, folder: Path, now: Callable[[], int], chance: Random, policy: Domain
    ) -> None:
        self.folder, self.now, self.chance = folder, now, chance
        self.policy = policy
        self.requests: list[Request] = []
        self.open = False
        self.start()

    def start(self, epoch: str | None = None) -> None:
        """With an epoch: on a ledger that was put back (H03)."""
        made = _program()
        if made:
            self.program = made[0]
            self.program.restart(self)
        else:
            self.program = Program(self)
            made.append(self.program)
        self.loop, self.store = self.program.loop, self.program.store
        self.files, self.ledger = self.program.files, self.program.ledger
        self.store.statements_left = self.store.full_from = None
        self.store.after = self.files.full = False
        self.ledger.policy = self.policy
        open_epoch(self.store, self.program.ports)
        if epoch is not None:
            with self.store.transaction():
                self.store.new_epoch(epoch)
        self.ledger.release_kinds()
        self.requests = []
        self.open = True

    def kill(self) -> None:
        """What was not answered never will be."""
        self.open = False
        self.store.statements_left = self.store.full_from = None
        for request in self.requests:
            request.task.cancel()
        with suppress(Kill):
            self.loop.run()
        self.requests = []
        self.store.close()

    def copy_to(self, folder: Path) -> None:
        """Between two events nobody writes: all files are of one moment."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True, copy_function=_copied)

    def put_back(self, folder: Path) -> None:
        """A copy in the place of what stands, as a careless hand would do it."""
        self.kill()
        shutil.rmtree(self.folder)
        shutil.copytree(folder, self.folder, copy_function=_copied)

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
            await self.program.app(scope, receive, send)  # type: ignore[arg-type]

        request = Request(self.loop.create_task(serve()), answer)
        self.requests.append(request)
        self.settle()

    def drain(self) -> None:
        """One group commit. Kill passes through: the caller takes the server down."""
        self.ledger.answer(self.ledger.pending())
        self.settle()

    def housekeep(self, work: Coroutine[Any, Any, Any]) -> Any:
        """What the server does once a day, its commits in one group with whatever waits: answers
        what came of it, None where the disk was full."""
        task = self.loop.create_task(work)
        try:
            self.loop.run()
            while not task.done():
                self.drain()
        finally:
            task.cancel()
        return None if isinstance(task.exception(), StoreFailure) else task.result()

    def settle(self) -> None:
        """Runs until every request has answered or waits for the ledger."""
        self.loop.run()
        done = [request for request in self.requests if request.task.done()]
        self.requests = [request for request in self.requests if not request.task.done()]
        for request in done:
            if not request.task.cancelled() and (error := request.task.exception()):
                if not request.status and not isinstance(error, Kill):
                    continue  # the connection broke under it
                raise error
            if request.status:
                request.answer(request.status, request.headers, request.body)
