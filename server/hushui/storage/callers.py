"""Who calls with which token, as the newest commit left him: asked with every request, and on the
event loop each question to SQLite also waits for the ledger's thread.

Only this process writes devices and tokens: a folder belongs to one server.
"""

import threading
from collections.abc import Mapping
from typing import Final

from hushui_sync.world import Device

KEPT: Final = 20_000


class Callers:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._named: dict[str, str] = {}
        self._devices: dict[str, Device] = {}
        self._written: dict[str, Device] = {}
        self._forget = False
        self.commits = 0

    def get(self, token_hash: str) -> Device | None:
        return self._devices.get(self._named.get(token_hash, ""))

    def keep(self, token_hash: str, device: Device, commits: int) -> None:
        """What was read when there had been so many commits; if there was one since, it is not
        kept: it may have changed just this."""
        with self._lock:
            if commits != self.commits:
                return
            if len(self._named) >= KEPT:
                self._clear()
            self._named[token_hash] = device.id
            self._devices[device.id] = device

    # inside a transaction ---------------------------------------------------------------------
    def write(self, devices: Mapping[str, Device]) -> None:
        self._written |= devices

    def forget(self) -> None:
        """Something else was done to them."""
        self._forget = True

    def end(self, *, committed: bool) -> None:
        with self._lock:
            self.commits += 1
            if committed and not self._forget:
                known = self._devices
                known.update((id, it) for id, it in self._written.items() if id in known)
            else:
                # A commit that failed may stand all the same.
                self._clear()
            self._written, self._forget = {}, False

    def _clear(self) -> None:
        self._named.clear()
        self._devices.clear()
