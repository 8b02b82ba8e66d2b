"""The real server in a process of its own, on a free port of loopback."""

import os
import resource
import signal
import socket
import ssl
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
        self.port = free_port()
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
        with self.said.open("ab") as out:
            self._process = subprocess.Popen(
                self.command(), stdout=out, stderr=subprocess.STDOUT, env=os.environ | self.settings
            )
        for _ in range(600):
            assert self.process.poll() is None, self.said.read_text()
            try:
                if self.answers():
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError(f"no sign of life: {self.said.read_text()}")

    def command(self) -> list[str]:
        where = ["--port", str(self.port), "--data", str(self.folder)]
        return [sys.executable, "-m", "hushui", "run", "--host", "127.0.0.1", *where]

    def answers(self) -> bool:
        # Plain http: to read all the world's authorities would take longer than the question.
        return httpx.get(f"{self.url}/api/health", verify=False).status_code == 200

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


class PhoneProgram(Program):
    """`hushui phone`: https on ``port``, the guide on ``guide_port``."""

    def __init__(self, folder: Path, host: str | None = None, **settings: str) -> None:
        super().__init__(folder, **settings)
        self.host = host
        self.guide_port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.guide_url = f"http://127.0.0.1:{self.guide_port}"

    def command(self) -> list[str]:
        where = ["--port", str(self.port), "--guide-port", str(self.guide_port)]
        host = ["--host", self.host] if self.host else []
        return [
            *(sys.executable, "-m", "hushui", "phone", "--data", str(self.folder)),
            *where,
            *host,
        ]

    def answers(self) -> bool:
        """Both do; trusted as a phone trusts after the guide."""
        return self.client().get("/api/health").status_code == 200

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, verify=self.trust())

    def trust(self) -> ssl.SSLContext:
        """Knows one authority: the one that the guide hands out. As strict as OpenSSL can be."""
        der = httpx.get(f"{self.guide_url}/hushui-ca.crt").raise_for_status().content
        context = ssl.create_default_context(cadata=der)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
