"""A server of its own for a test: a process on a copy of the demo data, and the desk's requests."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import httpx

from hushui.commands.data import opened
from hushui.demo.build import Ids
from hushui.demo.nanbeihe import CODE
from hushui.ports import system
from hushui.settings import Settings
from tests.support import ids

PASSWORD = "hushui-2026"
WAIT_S = 60
T = TypeVar("T")


def until(find: Callable[[], T | None], what: str, seconds: float = WAIT_S) -> T:
    """Asks again and again; for what no page can tell."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = find()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


def load_demo(folder: Path) -> None:
    with opened(Settings(data=folder), system()):
        pass


class House:
    """`clock`: by serve.py, so that time can be moved; else by the command that people use."""

    def __init__(self, demo: Path, folder: Path, app: Path, *, clock: bool = False) -> None:
        self.data = folder / "data"
        shutil.copytree(demo, self.data)
        self.log = folder / "server.log"
        self.clock = folder / "clock"
        self.clock.write_text("0")
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        flags = ["--data", str(self.data), "--port", str(self.port)]
        run = ["-m", "hushui", "run", "--host", "127.0.0.1"]
        serve = ["-m", "tests.e2e.serve", "--clock", str(self.clock)]
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, *(serve if clock else run), *flags],
                env=os.environ | {"HUSHUI_APP": str(app)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            until(self.is_up, "the server answers", 180)
        except AssertionError:
            self.close()
            raise AssertionError(self.log.read_text()) from None

    def is_up(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(self.log.read_text())
        try:
            return httpx.get(f"{self.url}/api/health").status_code == 200
        except httpx.TransportError:
            return False

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def printed_code(self) -> str:
        """What `hushui run` prints for the first phone."""
        found = re.search(r"code\s+(\d{8})", self.log.read_text(encoding="utf-8"))
        assert found, self.log.read_text()
        return found[1]

    def move_clock(self, ms: int) -> None:
        self.clock.write_text(str(int(self.clock.read_text()) + ms))

    def desk(self, login: str = "zhouxun", org: str = CODE) -> "Desk":
        return Desk(self.url, login, org)


class Desk:
    """The office's requests, for what a test prepares and for what it compares the screens with."""

    def __init__(self, url: str, login: str, org: str = CODE) -> None:
        self.ids = Ids(org)
        self.http = httpx.Client(base_url=url, headers={"Origin": url})
        asked = {
            "org": org,
            "login": login,
            "password": PASSWORD,
            "device": ids.make(f"desk of {login}"),
            "key": "a2V5",
        }
        self.http.post("/api/session", json=asked).raise_for_status()

    def get(self, path: str, **query: Any) -> Any:
        answer = self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def code(self, name: str) -> str:
        answer = self.http.post("/api/codes", json={"person": self.ids.member(name)})
        assert answer.status_code in (200, 201), answer.text
        return str(answer.json()["code"])

    def record(self, id: str) -> Any:
        return self.get(f"/api/records/{id}")

    def history(self, id: str) -> Any:
        return self.get(f"/api/records/{id}/history")

    def blob(self, name: str) -> bytes:
        """Its bytes, which are what their name says."""
        answer = self.http.get(f"/api/blobs/{name}")
        assert answer.status_code == 200, answer.text
        assert sha256(answer.content).hexdigest() == name
        return answer.content


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
