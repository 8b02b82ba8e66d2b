"""The event stream, spoken to directly as a server would; and stopping with streams open."""

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from hushui.__main__ import main
from tests.support import ids
from tests.web.house import Handset, House


class Stream:
    """One open request to /api/live."""

    def __init__(self, phone: Handset) -> None:
        self.phone = phone
        self.left = asyncio.Event()
        self.status = 0
        self.sent: asyncio.Queue[bytes] = asyncio.Queue()
        self.over = False

    async def run(self) -> None:
        authorization = self.phone.headers["Authorization"].encode()
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/api/live",
            "raw_path": b"/api/live",
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"test"), (b"authorization", authorization)],
            "client": ("127.0.0.1", 1),
            "server": ("test", 80),
            "state": {},
        }
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await self.left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                assert dict(message["headers"])[b"content-type"].startswith(b"text/event-stream")
            elif message["body"]:
                await self.sent.put(message["body"])
            else:
                self.over = True

        await self.phone.house.app(scope, receive, send)  # type: ignore[arg-type]

    async def event(self) -> dict[str, Any]:
        """The next event, pings left out."""
        while True:
            body = await asyncio.wait_for(self.sent.get(), 5)
            if not body.startswith(b":"):
                kind, data = body.decode().strip().split("\n")
                assert kind == "event: scope"
                found: dict[str, Any] = json.loads(data.removeprefix("data: "))
                return found

    async def hears_nothing(self) -> None:
        """Only pings, and the last of them after everything that came before this question."""
        await asyncio.sleep(2 * self.phone.house.settings.live_ping_s)
        heard = [self.sent.get_nowait() for _ in range(self.sent.qsize())]
        assert heard
        assert [body for body in heard if not body.startswith(b":")] == []

    async def ping(self) -> None:
        while not (await asyncio.wait_for(self.sent.get(), 5)).startswith(b":"):
            pass


@asynccontextmanager
async def listening(phone: Handset) -> AsyncIterator[Stream]:
    stream = Stream(phone)
    task = asyncio.create_task(stream.run())
    try:
        await stream.ping()
        yield stream
    finally:
        stream.left.set()
        await asyncio.wait_for(task, 5)


def listeners(house: House) -> int:
    return len(house.app.state.hub.listeners)


def test_a_stream_names_the_scopes_that_have_something_new(house: House) -> None:
    phone, colleague = house.enrol(house.patroller), house.enrol(house.colleague)

    async def listen() -> None:
        async with listening(phone) as stream, listening(colleague) as other:
            record = phone.hazard("one")
            assert record
            answer = await asyncio.to_thread(phone.push)
            assert answer.status_code == 200
            seen = {}
            for _ in range(3):
                event = await stream.event()
                seen[event["scope"]] = event["position"]
            heads = house.store.heads(list(seen))
            assert seen == heads
            assert set(seen) == {
                f"device:{phone.device}",
                f"person:{house.patroller}",
                f"zone:{house.zone}",
            }
            await other.hears_nothing()

    asyncio.run(listen())


def test_the_office_hears_every_scope_of_its_organisation_and_no_other(house: House) -> None:
    phone, desk = house.enrol(house.patroller), house.enrol(house.office)
    stranger = house.enrol(house.stranger, org=house.other_org)

    async def listen() -> None:
        async with listening(desk) as stream, listening(stranger) as other:
            phone.hazard("one")
            answer = await asyncio.to_thread(phone.push)
            assert answer.status_code == 200
            seen = {(await stream.event())["scope"] for _ in range(3)}
            assert f"zone:{house.zone}" in seen
            assert f"device:{phone.device}" in seen
            await other.hears_nothing()

    asyncio.run(listen())


def test_a_quiet_stream_pings_and_learns_of_new_rights(house: House) -> None:
    phone, colleague = house.enrol(house.patroller), house.enrol(house.colleague)

    async def listen() -> None:
        async with listening(colleague) as stream:
            house.grant(house.colleague, house.zone)
            await stream.ping()
            await stream.ping()
            phone.hazard("one")
            await asyncio.to_thread(phone.push)
            assert (await stream.event())["scope"] == f"zone:{house.zone}"

    asyncio.run(listen())


def test_a_client_that_goes_is_freed_at_once(house: House) -> None:
    phone = house.enrol(house.patroller)

    async def listen() -> None:
        streams = [Stream(phone) for _ in range(50)]
        tasks = [asyncio.create_task(stream.run()) for stream in streams]
        for stream in streams:
            await stream.ping()
        assert listeners(house) == 50
        before = len(asyncio.all_tasks())
        for stream in streams:
            stream.left.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 1)
        assert listeners(house) == 0
        assert len(asyncio.all_tasks()) == 1 < before

    asyncio.run(listen())


def test_a_connection_that_breaks_is_freed_at_once(house: House) -> None:
    phone = house.enrol(house.patroller)

    async def listen() -> None:
        config = uvicorn.Config(house.app, port=0, lifespan="off", log_level="critical")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        request = (
            f"GET /api/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {phone.token}\r\n\r\n"
        )
        writers = []
        for _ in range(20):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request.encode())
            await reader.readuntil(b": \n\n")
            writers.append(writer)
        assert listeners(house) == 20
        for writer in writers:
            writer.transport.abort()
        for _ in range(100):
            if listeners(house) == 0:
                break
            await asyncio.sleep(0.01)
        assert listeners(house) == 0
        server.should_exit = True
        await asyncio.wait_for(serving, 5)

    asyncio.run(listen())


def test_a_stream_ends_when_its_device_is_revoked(house: House) -> None:
    from tests.support.phone import op

    phone = house.enrol(house.patroller)

    async def listen() -> None:
        stream = Stream(phone)
        task = asyncio.create_task(stream.run())
        await stream.ping()
        house.system(op("device", phone.device, revoked=True))
        await asyncio.wait_for(task, 5)
        assert stream.over

    asyncio.run(listen())


def test_closing_the_hub_ends_every_stream(house: House) -> None:
    phone = house.enrol(house.patroller)

    async def listen() -> None:
        stream = Stream(phone)
        task = asyncio.create_task(stream.run())
        await stream.ping()
        house.app.state.hub.close()
        await asyncio.wait_for(task, 1)
        assert stream.over

    asyncio.run(listen())


# the whole program -------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """`hushui run` on a free port, on its demo data."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("program")
    command = [sys.executable, "-m", "hushui", "run", "--port", str(port), "--data", str(folder)]
    with (folder / "out").open("w") as out:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1"], stdout=out, stderr=subprocess.STDOUT
        )
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            if httpx.get(f"{url}/api/health").status_code == 200:
                break
        except httpx.HTTPError:
            time.sleep(0.1)
        assert process.poll() is None, (folder / "out").read_text()
    yield process, url, folder
    if process.poll() is None:
        process.kill()
    process.wait()


def enrolled(url: str, folder: Path) -> dict[str, str]:
    """With the code that `run` printed."""
    words = (folder / "out").read_text().split()
    code = next(word[:8] for word in words if len(word) > 8 and word[:8].isdigit())
    asked = {"code": code, "device": ids.make("demo phone"), "key": "a2V5", "label": "x"}
    answer = httpx.post(f"{url}/api/enrol", json=asked)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def test_the_program_prints_addresses_sign_ins_and_a_code(program: Any) -> None:
    _, url, folder = program
    printed = (folder / "out").read_text()
    assert url in printed
    assert "zhouxun" in printed
    assert "hushui-2026" in printed
    assert "加入码" in printed
    assert "█" in printed


def test_the_server_stops_within_5_seconds_with_streams_open(program: Any) -> None:
    process, url, folder = program
    headers = enrolled(url, folder)
    with httpx.Client() as client:
        streams = [client.build_request("GET", f"{url}/api/live", headers=headers)] * 20
        opened = [client.send(request, stream=True) for request in streams]
        assert all(answer.status_code == 200 for answer in opened)
        began = time.monotonic()
        os.kill(process.pid, signal.SIGTERM)
        process.wait(timeout=5)
        assert time.monotonic() - began < 5
        for answer in opened:
            answer.close()
    assert process.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in (folder / "out").read_text()


def test_the_other_commands_work_on_the_data_left_behind(
    program: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    process, _, folder = program
    process.terminate()
    process.wait(timeout=5)
    monkeypatch.setenv("HUSHUI_PUBLIC_URL", "https://hushui.example")
    data = ["--data", str(folder)]
    assert main(["verify", *data]) == 0
    assert main(["code", *data, "张河"]) == 0
    assert "https://hushui.example/enrol#code=" in capsys.readouterr().out
    assert main(["code", *data, "nobody"]) == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("a long password\n"))
    assert main(["account", *data, "nbh", "zhanghe", "张河"]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(["account", *data, "nbh", "zhanghe", "张河"]) == 1
    assert main(["verify", "--data", str(folder / "nothing")]) == 1
    assert "no data there" in capsys.readouterr().err
    assert main([]) == 2
