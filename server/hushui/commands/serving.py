"""`hushui run`: one address, one process."""

import errno
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import uvicorn
from litestar import Litestar

from hushui.app import create_app
from hushui.commands.data import opened
from hushui.commands.greeting import greet, list_addresses
from hushui.ports import system
from hushui.settings import Settings


class Server(uvicorn.Server):
    """Ends open streams first: uvicorn waits for every connection before anything else stops. A
    server that was told to stop and did has done well: uvicorn would die of the signal after all.
    """

    def __init__(self, config: uvicorn.Config, app: Litestar) -> None:
        super().__init__(config)
        self._hushui = app

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        told = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in told}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hushui.state.hub.close()
        await super().shutdown(sockets)


def run(settings: Settings) -> int:
    prepare()
    try:
        listening = listen(settings.host, settings.port)
    except OSError as error:
        other = f"hushui run --port {settings.port + 1}"
        print(not_served(settings.host, settings.port, error, other), file=sys.stderr)
        return 1
    ports = system()
    with listening, opened(settings, ports) as (store, files):
        app = create_app(settings, ports, store, files)
        greet(settings, ports, store, list_addresses(settings))
        Server(uvicorn.Config(app, **options(settings)), app).run([listening])
    return 0


def prepare() -> None:
    """Once in each process that serves, before anything else."""
    # The writer's thread gets its turn sooner: 1.2 to 1.3 times the pushes at 100 clients.
    sys.setswitchinterval(0.0005)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def listen(host: str, port: int) -> socket.socket:
    """Before anything is loaded or printed: no address is promised that is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def not_served(host: str, port: int, error: OSError, other: str) -> str:
    """``other`` is what to type for another port."""
    where = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{where} 已有程序在用，请先停掉它，或换一个端口：{other} "
            "(another program listens there; stop it or take another port)"
        )
    return f"不能在 {where} 上提供服务：{error.strerror} (cannot listen there)"


def options(settings: Settings) -> dict[str, Any]:
    """No access log: addresses of people are nobody's business; proxies count what they need."""
    return {
        "host": settings.host,
        "port": settings.port,
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "proxy_headers": True,
        "forwarded_allow_ips": settings.proxies,
        "timeout_graceful_shutdown": settings.shutdown_s,
    }


KEPT: Final = ExitStack()
"""What `reloaded` opened, for as long as its process lives."""


def reload(settings: Settings) -> int:
    """For developers: uvicorn imports `reloaded` anew in a child process."""
    os.environ |= {
        "HUSHUI_DATA": str(settings.data),
        "HUSHUI_HOST": settings.host,
        "HUSHUI_PORT": str(settings.port),
    }
    watched = [str(Path(__file__).parents[1])]
    uvicorn.run(
        "hushui.commands.serving:reloaded",
        factory=True,
        reload=True,
        reload_dirs=watched,
        **options(settings),
    )
    return 0


def reloaded() -> Litestar:
    settings, ports = Settings(), system()
    store, files = KEPT.enter_context(opened(settings, ports))
    return create_app(settings, ports, store, files)
