"""The real server killed while pushes are on their way: what was acknowledged is there, once."""

import asyncio
import random
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct, structs

from hushui.__main__ import main as hushui
from hushui.storage.sqlite import SqliteStore
from hushui_sync.messages import Receipt
from tests.support.program import Program
from tests.web.house import Handset, House

PHONES = 28
IN_FLIGHT = 20
ROUND_S = 60
LINES = 3
"""At most so many new lines in one push."""


class Tally(Struct):
    """Lines, but for ``kills`` and ``in_flight``, the fewest pushes on their way at a kill."""

    kills: int = 0
    in_flight: int = 10_000
    acknowledged: int = 0
    stored: int = 0
    unheard: int = 0
    """Stored, and the answer was cut: sent again they got the receipt they have."""
    lost: int = 0
    duplicated: int = 0
    findings: int = 0
    """What `hushui verify` named."""

    @property
    def passed(self) -> bool:
        return not (self.lost or self.duplicated or self.findings) and self.in_flight >= IN_FLIGHT

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.kills + other.kills,
            min(self.in_flight, other.in_flight),
            self.acknowledged + other.acknowledged,
            self.stored + other.stored,
            self.unheard + other.unheard,
            self.lost + other.lost,
            self.duplicated + other.duplicated,
            self.findings + other.findings,
        )

    def __str__(self) -> str:
        return (
            f"{self.kills} kills with {self.in_flight} pushes or more in flight; lines: "
            f"{self.acknowledged} acknowledged, {self.stored} stored, {self.unheard} stored and "
            f"not heard of, {self.lost} lost, {self.duplicated} duplicated; "
            f"{self.findings} findings"
        )


class Sender:
    """One phone that pushes without a pause; remembers each receipt it was given."""

    def __init__(self, handset: Handset) -> None:
        self.handset = handset
        self.receipts: dict[int, dict[str, Any]] = {}
        self.sending = False

    @property
    def device(self) -> str:
        return self.handset.device

    @property
    def lines(self) -> list[bytes]:
        return self.handset.phone.lines

    def capture(self, count: int) -> None:
        for _ in range(count):
            self.handset.hazard(f"{self.device} {len(self.lines)}")

    async def push(self, client: httpx.AsyncClient) -> None:
        """Everything without a receipt."""
        start = len(self.receipts) + 1
        body = b"".join(line + b"\n" for line in self.lines[start - 1 :])
        where = f"/api/sync/push?device={self.device}&from={start}"
        self.sending = True
        answer = await client.post(where, content=body, headers=self.handset.headers)
        self.sending = False
        assert answer.status_code == 200, answer.text
        receipts = answer.json()["receipts"]
        assert [r["n"] for r in receipts] == list(range(start, len(self.lines) + 1)), answer.text
        assert {r["verdict"] for r in receipts} == {"applied"}
        self.receipts |= {receipt["n"]: receipt for receipt in receipts}


class Kills:
    """One data folder, one server after the other on it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.folder = folder
        with House(folder) as house:
            self.senders = [
                Sender(house.enrol(house.patroller, f"phone {i}")) for i in range(PHONES)
            ]
        self.tally = Tally()

    def run(self, kills: int) -> Tally:
        for _ in range(kills):
            with Program(self.folder) as program:
                asyncio.run(self._until_killed(program))
            self.look()
        with Program(self.folder) as program:
            asyncio.run(self._settle(program))
        self.look()
        self.tally.acknowledged = sum(len(sender.receipts) for sender in self.senders)
        return self.tally

    async def _until_killed(self, program: Program) -> None:
        """Bounded in time; the kill comes at a moment of chance with enough on its way."""
        limits = httpx.Limits(max_connections=PHONES)
        async with (
            asyncio.timeout(ROUND_S),
            httpx.AsyncClient(base_url=program.url, limits=limits, timeout=ROUND_S) as client,
        ):
            tasks = [asyncio.create_task(self._go_on(sender, client)) for sender in self.senders]
            heard = self._heard() + self.chance.randrange(PHONES, 2 * PHONES)
            while self._heard() < heard:
                await asyncio.sleep(0.001)
            if self.tally.kills % 2:
                await asyncio.sleep(self.chance.random() * 0.05)
            flying = 0
            while flying < IN_FLIGHT:
                heard = self._heard()
                # Every other time at the first answer of a commit: it stands, the rest is unsaid.
                while not self.tally.kills % 2 and self._heard() == heard:
                    await asyncio.sleep(0)
                await asyncio.sleep(0)
                flying = sum(sender.sending for sender in self.senders)
            program.kill()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            if not isinstance(end, httpx.HTTPError):
                raise AssertionError(f"a phone stopped by itself: {end!r}")
        self.tally.kills += 1
        self.tally.in_flight = min(self.tally.in_flight, flying)

    async def _go_on(self, sender: Sender, client: httpx.AsyncClient) -> None:
        while True:
            sender.capture(self.chance.randrange(1, LINES + 1))
            await sender.push(client)

    async def _settle(self, program: Program) -> None:
        """Whatever has no receipt goes once more, and the last ones that have one."""
        async with httpx.AsyncClient(base_url=program.url, timeout=ROUND_S) as client:
            for sender in self.senders:
                sender.capture(1)
                await sender.push(client)
                told = sender.receipts
                sender.receipts = dict(list(told.items())[:-10])
                await sender.push(client)
                self.tally.duplicated += sum(told[n] != r for n, r in sender.receipts.items())

    def _heard(self) -> int:
        return sum(len(sender.receipts) for sender in self.senders)

    def look(self) -> None:
        """Into the folder a dead server left behind."""
        said = StringIO()
        with redirect_stdout(said):
            if hushui(["verify", "--data", str(self.folder)]) != 0:
                self.tally.findings += max(1, len(said.getvalue().splitlines()) - 1)
                print(said.getvalue())
        store = SqliteStore(self.folder / "hushui.db")
        self.tally.stored = 0
        for sender in self.senders:
            held = store.device(sender.device)
            assert held is not None
            self.tally.stored += held.n
            for sending, receipt in list(sender.receipts.items()):
                newest = store.newest(sender.device, sending)
                # P02: the answer to a push leaves the chain out.
                if newest is None or structs.replace(newest, chain="") != Receipt(**receipt):
                    self.tally.lost += 1
            lines = (store.line(sender.device, n) for n in range(1, held.n + 1))
            sent = [line.bytes for line in lines if line is not None]
            if sent != sender.lines[: held.n]:
                self.tally.lost += 1
            self.tally.unheard += held.n - len(sender.receipts)
            sender.sending = False
        records = store.one("SELECT count(*) FROM record WHERE kind = 'hazard'")
        assert records is not None
        self.tally.duplicated += abs(records[0] - self.tally.stored)
        store.close()


def run(folder: Path, kills: int, seed: int) -> Tally:
    return Kills(folder, seed).run(kills)
