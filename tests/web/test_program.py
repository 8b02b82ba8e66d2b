"""`hushui run` as an operator meets it: how it ends, and a port that is taken."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.program import Program
from tests.web.house import House

STREAMS = 5
LIMIT_S = 5


@pytest.fixture
def headers(tmp_path: Path) -> dict[str, str]:
    """Of a phone whose person may listen."""
    with House(tmp_path) as house:
        return house.enrol(house.patroller, "phone").headers


@pytest.fixture
def program(tmp_path: Path, headers: dict[str, str]) -> Iterator[Program]:
    with Program(tmp_path) as program:
        yield program


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_its_streams_and_itself(
    number: int, program: Program, headers: dict[str, str]
) -> None:
    with ExitStack() as open_streams, httpx.Client(base_url=program.url, headers=headers) as client:
        streams = [
            open_streams.enter_context(client.stream("GET", "/api/live")) for _ in range(STREAMS)
        ]
        heard = [stream.iter_bytes() for stream in streams]
        assert [next(hints) for hints in heard] == [b": \n\n"] * STREAMS
        begun = time.monotonic()
        program.process.send_signal(number)
        assert program.process.wait(LIMIT_S) == 0
        assert time.monotonic() - begun < LIMIT_S
        assert [list(hints) for hints in heard] == [[]] * STREAMS
    said = program.said.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "Error" not in said
    # A store that is closed has moved its log into the file.
    assert not (program.folder / "hushui.db-wal").exists()


def test_a_stream_that_nobody_reads_does_not_keep_it(
    program: Program, headers: dict[str, str]
) -> None:
    with socket.create_connection(("127.0.0.1", program.port)) as deaf:
        asked = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        deaf.sendall(f"GET /api/live HTTP/1.1\r\nHost: x\r\n{asked}\r\n".encode())
        deaf.recv(16)
        program.process.terminate()
        assert program.process.wait(LIMIT_S) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_told_to_stop_while_the_demo_is_loaded_it_is_quiet(
    number: int, code: int, tmp_path: Path
) -> None:
    with start(tmp_path, free_port(), HUSHUI_DEMO="true") as process:
        while not (tmp_path / "demo-loading").exists():
            assert process.poll() is None
            assert not (tmp_path / "hushui.db").exists(), "it was loaded before anybody looked"
            time.sleep(0.01)
        process.send_signal(number)
        _, complaint = process.communicate(timeout=30)
    assert (process.returncode, complaint) == (code, b"")


def test_a_port_that_is_taken_is_said_before_anything_else(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with start(tmp_path / "data", port) as process:
            said, complaint = process.communicate(timeout=30)
    assert process.returncode == 1
    assert said == b""
    assert complaint.decode().startswith(f"127.0.0.1:{port} 已有程序在用")
    assert "another program listens there" in complaint.decode()
    assert "Traceback" not in complaint.decode()
    assert not (tmp_path / "data").exists(), "nothing was loaded, and no code was given out"


def test_an_address_that_is_not_here_is_said(tmp_path: Path) -> None:
    with start(tmp_path / "data", free_port(), "192.0.2.1") as process:
        said, complaint = process.communicate(timeout=30)
    assert (process.returncode, said) == (1, b"")
    assert complaint.decode().startswith("不能在 192.0.2.1:")
    assert complaint.count(b"\n") == 1


@contextmanager
def start(
    folder: Path, port: int, host: str = "127.0.0.1", **settings: str
) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "hushui", "run", "--host", host]
    with subprocess.Popen(
        [*command, "--port", str(port), "--data", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"HUSHUI_DEMO": "false", **settings},
        # A shell's background job ignores Ctrl-C, and its children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
