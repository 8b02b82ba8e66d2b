"""Backups of a server at its work, some killed in the middle: what has a name is whole."""

import asyncio
import random
import re
import sys
from base64 import b64encode
from collections.abc import Sequence
from contextlib import redirect_stdout, suppress
from hashlib import sha256
from io import StringIO
from pathlib import Path

import httpx
from msgspec import Struct, structs

from hushui.__main__ import main as hushui
from hushui.storage.files import Files
from hushui.storage.sqlite import SqliteStore
from hushui_sync.messages import Receipt
from tests.soak.kills import Sender
from tests.support.program import Program
from tests.web.house import House

PHONES = 6
PHOTO_BYTES = 20_000
KEEP = 2
PAUSE_S = 1.0
"""Between two photos of a phone: the ledger does not outgrow its checking."""
TUS = {"Tus-Resumable": "1.0.0"}


class Tally(Struct):
    """``pushed``: lines acknowledged while backups were being made."""

    kills: int = 0
    points: int = 0
    whole: int = 0
    lines: int = 0
    photos: int = 0
    pushed: int = 0
    lost: int = 0
    half: int = 0
    """Under a name, and not what `hushui verify` calls whole."""

    @property
    def passed(self) -> bool:
        return not (self.lost or self.half) and bool(self.pushed)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills at {self.points} points of a backup, {self.whole} whole ones made "
            f"meanwhile and after; {self.pushed} lines came in while they were made; {self.lines} "
            f"lines and {self.photos} photos acknowledged before: {self.lost} lost; {self.half} "
            f"half ones under a name"
        )


class Carrier(Sender):
    """Pushes lines, and a photo with every one."""

    def __init__(self, house: House, number: int) -> None:
        super().__init__(house.enrol(house.patroller, f"phone {number}"))
        self.photos: list[str] = []

    async def go_on(self, client: httpx.AsyncClient) -> None:
        while True:
            bytes = random.Random(f"{self.device} {len(self.lines)}").randbytes(PHOTO_BYTES)
            name = sha256(bytes).hexdigest()
            self.handset.hazard(f"{self.device} {len(self.lines)}", name)
            await self.push(client)
            await self.upload(client, name, bytes)
            await asyncio.sleep(PAUSE_S)

    async def upload(self, client: httpx.AsyncClient, name: str, bytes: bytes) -> None:
        headers = self.handset.headers | TUS
        said = (
            f"sha256 {b64encode(name.encode()).decode()},type {b64encode(b'image/jpeg').decode()}"
        )
        begun = await client.post(
            "/api/blobs",
            headers={**headers, "Upload-Length": str(len(bytes)), "Upload-Metadata": said},
        )
        assert begun.status_code == 201, begun.text
        sent = {**headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        done = await client.patch(begun.headers["location"], headers=sent, content=bytes)
        assert "hushui-receipt" in done.headers, done.text
        self.photos.append(name)


class Known(Struct):
    """What was acknowledged at one moment: receipts of each phone, and photos."""

    receipts: list[dict[int, Receipt]]
    photos: list[str]


class Backups:
    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.data, self.shelf = folder / "data", folder / "backups"
        with House(self.data) as house:
            self.carriers = [Carrier(house, number) for number in range(PHONES)]
        self.tally = Tally()
        self.counted_at = 0

    def run(self, kills: int) -> Tally:
        with Program(self.data) as program:
            asyncio.run(self._work(program, kills))
        return self.tally

    async def _work(self, program: Program, kills: int) -> None:
        # Sooner than the server: a connection that it closes just then would look like a fault.
        limits = httpx.Limits(keepalive_expiry=2)
        async with httpx.AsyncClient(base_url=program.url, timeout=60, limits=limits) as client:
            working = [asyncio.create_task(carrier.go_on(client)) for carrier in self.carriers]
            try:
                while min(len(carrier.photos) for carrier in self.carriers) < 2:
                    await asyncio.sleep(0.01)
                    self._look_at(working)
                await self._whole()
                while self.tally.kills < kills:
                    await self._killed()
                    self._look_at(working)
                await self._whole()
                for name in self._names():
                    await asyncio.to_thread(self._verify, self.shelf / name)
            finally:
                for task in working:
                    task.cancel()
                await asyncio.gather(*working, return_exceptions=True)

    def _look_at(self, working: Sequence["asyncio.Task[None]"]) -> None:
        for task in working:
            if task.done():
                raise AssertionError(f"a phone stopped by itself: {task.exception()!r}")

    async def _whole(self) -> None:
        """One that nobody disturbs; it clears what killed ones left, and keeps two."""
        before, known = self._heard(), self._known()
        code, said = await self._back_up(0)
        assert code == 0, said
        self._count(said, known)
        self.tally.pushed += self._heard() - before
        names = self._names()
        assert len([path for path in self.shelf.iterdir() if path.is_dir()]) == len(names) <= KEEP
        await asyncio.to_thread(self._examine, self.shelf / names[-1], known)

    async def _killed(self) -> None:
        before, known = self._names(), self._known()
        code, said = await self._back_up(self._point(len(known.photos)))
        assert code in (0, -9), (code, said)
        if code == 0:  # it had less to do than was thought
            self._count(said, known)
        else:
            self.tally.kills += 1
        new = [name for name in self._names() if name not in before]
        if new:
            await asyncio.to_thread(self._examine, self.shelf / new[0], known)
        # Killed while it removed an old one: the rest of that has no name any more.
        gone = [name for name in before if name not in self._names()]
        if gone and not new:
            self.tally.lost += 1

    def _count(self, said: str, known: Known) -> None:
        self.tally.points = int(re.findall(r"touched (\d+)", said)[0])
        self.counted_at = len(known.photos)

    def _point(self, photos: int) -> int:
        """Anywhere, and each third time among the last steps: the name, the old ones. With more
        photos there is more to do."""
        share = self.chance.random()
        if self.chance.random() < 1 / 3:
            share = 1 - share / 50
        return 1 + int(share * self.tally.points * photos / self.counted_at)

    async def _back_up(self, at: int) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.dying", str(at), str(self.shelf)),
            *("backup", "--data", str(self.data), "--to", str(self.shelf), "--keep", str(KEEP)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    # looking ----------------------------------------------------------------------------------
    def _examine(self, copy: Path, known: Known) -> None:
        """Everything acknowledged before it was begun is in it."""
        self._verify(copy)
        self.tally.whole += 1
        self.tally.lines = sum(map(len, known.receipts))
        self.tally.photos = len(known.photos)
        store, files = SqliteStore(copy / "hushui.db", tolerant=True), Files(copy)
        for carrier, receipts in zip(self.carriers, known.receipts, strict=True):
            for n, receipt in receipts.items():
                line = store.line(carrier.device, n)
                right = line is not None and line.bytes == carrier.lines[n - 1]
                newest = store.newest(carrier.device, n)
                # P02: the answer to a push leaves the chain out.
                same = newest is not None and structs.replace(newest, chain="") == receipt
                self.tally.lost += not (right and same)
        store.close()
        self.tally.lost += sum(files.digest(name) != name for name in known.photos)

    def _verify(self, copy: Path) -> None:
        said = StringIO()
        with redirect_stdout(said):
            if hushui(["verify", "--data", str(copy)]) != 0:
                self.tally.half += 1
                print(said.getvalue(), file=sys.stderr)

    def _names(self) -> list[str]:
        with suppress(FileNotFoundError):
            return sorted(path.name for path in self.shelf.glob("hushui-*"))
        return []

    def _known(self) -> Known:
        return Known(
            [{n: Receipt(**it) for n, it in c.receipts.items()} for c in self.carriers],
            [name for carrier in self.carriers for name in carrier.photos],
        )

    def _heard(self) -> int:
        return sum(len(carrier.receipts) for carrier in self.carriers)


def run(folder: Path, kills: int, seed: int) -> Tally:
    return Backups(folder, seed).run(kills)
