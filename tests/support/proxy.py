"""A TCP proxy of ours between browser and server: the cable that a test can pull, or make thin."""

import selectors
import socket
import threading
import time
from contextlib import suppress

CHUNK = 65_536
DROP = 256
"""Bytes that go through a thin cable at a time: all connections share it, drop by drop."""


class Way:
    """One direction of the cable, as wide as ``rate`` (bytes a second); None: as wide as it is."""

    def __init__(self) -> None:
        self.rate: float | None = None
        self.carried = 0
        self._free = 0.0
        self._lock = threading.Lock()

    def carry(self, end: socket.socket, data: bytes) -> None:
        for start in range(0, len(data), DROP) if self.rate else (0,):
            part = data[start : start + DROP] if self.rate else data
            self._wait(len(part))
            end.sendall(part)
            self.carried += len(part)

    def _wait(self, size: int) -> None:
        with self._lock:
            if self.rate is None:
                return
            turn = max(time.monotonic(), self._free)
            self._free = turn + size / self.rate
        time.sleep(max(0.0, self._free - time.monotonic()))


class Proxy:
    """Listens on a free port of loopback; `cut` ends every connection and refuses new ones."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.open = True
        self.up, self.down = Way(), Way()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    def narrow(self, rate: float | None) -> None:
        """Bytes a second each way, for all connections together."""
        self.up.rate = self.down.rate = rate

    def cut(self) -> None:
        with self._lock:
            self.open = False
            for pair in self._pairs:
                for end in pair:
                    with suppress(OSError):
                        end.shutdown(socket.SHUT_RDWR)

    def restore(self) -> None:
        with self._lock:
            self.open = True

    def close(self) -> None:
        self.cut()
        with suppress(OSError):
            self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with self._lock:
            alive = self.open
        if not alive:
            # RST instead of an orderly end: to the browser the network is gone.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            client.close()
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.target), timeout=10)
        except OSError:
            client.close()
            return
        pair = (client, server)
        with self._lock:
            self._pairs.add(pair)
        with suppress(OSError), client, server:
            self._pump(client, server)
        with self._lock:
            self._pairs.discard(pair)

    def _pump(self, client: socket.socket, server: socket.socket) -> None:
        """Both ways until either side ends."""
        with selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, (server, self.up))
            ready.register(server, selectors.EVENT_READ, (client, self.down))
            while True:
                for key, _ in ready.select():
                    source = key.fileobj
                    assert isinstance(source, socket.socket)
                    data = source.recv(CHUNK if key.data[1].rate is None else DROP)
                    if not data:
                        return
                    end, way = key.data
                    way.carry(end, data)
