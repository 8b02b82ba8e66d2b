"""The real server in a process of its own, on a free port of loopback."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx


class Program:
    """`hushui run` on a folder. It ends with the block, whatever happens."""

    def __init__(self, folder: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.settings = {"HUSHUI_DEMO": "false", **settings}
        self.said = folder / "said.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.end()

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    def start(self) -> None:
        command = [sys.executable, "-m", "hushui", "run", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--data", str(self.folder)]
        with self.said.open("ab") as out:
            self._process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, env=os.environ | self.settings
            )
        for _ in range(600):
            assert self.process.poll() is None, self.said.read_text()
            try:
                if httpx.get(f"{self.url}/api/health").status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError(f"no sign of life: {self.said.read_text()}")

    def kill(self) -> None:
        """As a power cut ends it: no goodbye, nothing is flushed."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def bound_files(self, bytes: int | None) -> None:
        """No file grows beyond this any more, as on a full disk; None: there is room again."""
        most = resource.RLIM_INFINITY if bytes is None else bytes
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
