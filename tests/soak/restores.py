"""Restores killed in the middle: the old ledger or the new one; and then the phones send again what
the backup did not know, until nothing is lost."""

import random
import re
import signal
import subprocess
import sys
import time
from base64 import b64encode
from contextlib import closing, redirect_stdout
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Final

import httpx
from msgspec import Struct

from hushui.__main__ import main as hushui
from hushui.storage.files import Files
from hushui.storage.sqlite import SqliteStore
from tests.support.program import Program
from tests.web.house import Handset, House

PHONES: Final = 3
LINES: Final = 2
"""New ones of a phone in each round, each with a photo."""
PHOTO_BYTES: Final = 10_000
STEPS: Final = ("copied", "photos", "proved", "minted", "ready", "kept", "switched", "unmarked")
TUS: Final = {"Tus-Resumable": "1.0.0"}
Told = tuple[list[str], list[bytes], list[bytes]]


class Tally(Struct):
    """``again``: lines sent once more; ``held``: photos that needed no second upload."""

    kills: int = 0
    old: int = 0
    new: int = 0
    points: int = 0
    again: int = 0
    held: int = 0
    lines: int = 0
    photos: int = 0
    lost: int = 0
    half: int = 0
    """Neither the one nor the other, or not what `hushui verify` calls whole."""

    @property
    def passed(self) -> bool:
        return not (self.lost or self.half) and bool(self.again) and bool(self.held)

    def __str__(self) -> str:
        return (
            f"{self.kills} restores killed at {self.points} points, at named steps and at any "
            f"moment: {self.old} left the old ledger, {self.new} the new one, {self.half} neither; "
            f"phones sent {self.again} lines again, {self.held} photos were still here; of "
            f"{self.lines} lines and {self.photos} photos {self.lost} lost"
        )


class Carrier:
    """A phone that never forgets a line or a photo, and believes what a hello says (H02, H03)."""

    def __init__(self, handset: Handset) -> None:
        self.handset = handset
        self.photos: list[bytes] = []
        self.received = 0

    def capture(self) -> None:
        for _ in range(LINES):
            count = len(self.photos)
            photo = random.Random(f"{self.handset.device} {count}").randbytes(PHOTO_BYTES)
            self.photos.append(photo)
            self.handset.hazard(f"{self.handset.device} {count}", sha256(photo).hexdigest())

    def go_on(self, client: httpx.Client, tally: Tally) -> None:
        head, lines = self.handset.phone.head, self.handset.phone.lines
        greeting = {
            "device": self.handset.device,
            "head": {"n": head.n, "hash": head.hash},
            "pending": {"lines": head.n - self.received, "blobs": 0},
            "contact": self.handset.phone.at.contact,
            "wall": self.handset.house.now,
        }
        said = client.post("/api/sync/hello", json=greeting, headers=self.handset.headers)
        assert said.status_code == 200, said.text
        known = said.json()["known"]["n"]
        tally.again += max(0, self.received - known)
        if known < len(lines):
            body = b"".join(line + b"\n" for line in lines[known:])
            where = f"/api/sync/push?device={self.handset.device}&from={known + 1}"
            answer = client.post(where, content=body, headers=self.handset.headers)
            assert answer.status_code == 200, answer.text
            verdicts = [receipt["verdict"] for receipt in answer.json()["receipts"]]
            assert verdicts == ["applied"] * (len(lines) - known), answer.text
        self.handset.phone.hear(said.json()["contact"])
        sent_before, self.received = self.received, len(lines)
        for count, photo in enumerate(self.photos):
            here = self.send(client, photo)
            tally.held += here and known <= count < sent_before

    def send(self, client: httpx.Client, photo: bytes) -> bool:
        """True: it was there."""
        name = b64encode(sha256(photo).hexdigest().encode()).decode()
        headers = self.handset.headers | TUS
        begun = client.post(
            "/api/blobs",
            headers={
                **headers,
                "Upload-Length": str(len(photo)),
                "Upload-Metadata": f"sha256 {name},type aW1hZ2UvanBlZw==",
            },
        )
        assert begun.status_code == 201, begun.text
        if "hushui-receipt" in begun.headers:
            return True
        sent = {**headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        done = client.patch(begun.headers["location"], headers=sent, content=photo)
        assert "hushui-receipt" in done.headers, done.text
        return False


class Restores:
    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.data, self.shelf = folder / "data", folder / "backups"
        with House(self.data) as house:
            self.carriers = [
                Carrier(house.enrol(house.patroller, f"phone {number}")) for number in range(PHONES)
            ]
        self.tally = Tally()
        self.took = 1.0

    def run(self, kills: int) -> Tally:
        self._work()
        self._back_up()
        self._work()
        self._whole()
        self._work()
        while self.tally.kills < kills:
            self._killed()
            if self.chance.random() < 0.6:
                self._work()
            if self.chance.random() < 0.2:
                self._back_up()
        self._work()
        self._count()
        return self.tally

    def _work(self) -> None:
        """The server is up; all phones call in, and go on working."""
        with (
            Program(self.data) as program,
            httpx.Client(base_url=program.url, timeout=60) as client,
        ):
            for carrier in self.carriers:
                carrier.capture()
                carrier.go_on(client, self.tally)
        self._verify()

    def _back_up(self) -> None:
        words = ["backup", "--data", str(self.data), "--to", str(self.shelf), "--keep", "3"]
        with redirect_stdout(StringIO()):
            assert hushui(words) == 0

    def _whole(self) -> None:
        """One that nobody disturbs: it says how much there is to do."""
        begun = time.monotonic()
        said, _ = self._begun("0", self._newest()).communicate()
        self.took = time.monotonic() - begun
        self.tally.points = int(re.findall(r"touched (\d+)", said.decode())[0])

    def _killed(self) -> None:
        backup = self.chance.choice(sorted(self.shelf.glob("hushui-*")))
        before, wanted = self._told(self.data), self._told(backup)
        way = self.chance.randrange(3)
        if way == 0:
            process = self._begun(self.chance.choice(STEPS), backup)
        elif way == 1:
            share = self.chance.random() ** 0.5  # the end is where it matters
            process = self._begun(str(1 + int(share * self.tally.points)), backup)
        else:
            process = self._begun("0", backup)
            time.sleep(self.chance.uniform(0.3, 1.1) * self.took)
            process.send_signal(signal.SIGKILL)
        said, _ = process.communicate()
        assert process.returncode in (0, -signal.SIGKILL), said.decode()
        self.tally.kills += process.returncode != 0
        self._verify()
        now = self._told(self.data)
        if now == before:
            self.tally.old += 1
        elif now[1:] == wanted[1:] and now[0][:-1] == wanted[0] and now[0][-1] not in before[0]:
            self.tally.new += 1
        else:
            self.tally.half += 1

    def _begun(self, at: str, backup: Path) -> "subprocess.Popen[bytes]":
        words = ["restore", str(backup), "--data", str(self.data)]
        return subprocess.Popen(
            [sys.executable, "-m", "tests.support.dying", at, str(self.data), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def _newest(self) -> Path:
        return max(self.shelf.glob("hushui-*"))

    # looking ----------------------------------------------------------------------------------
    def _verify(self) -> None:
        said = StringIO()
        with redirect_stdout(said):
            if hushui(["verify", "--data", str(self.data)]) != 0:
                self.tally.half += 1
                print(said.getvalue(), file=sys.stderr)

    def _told(self, folder: Path) -> Told:
        with closing(SqliteStore(folder / "hushui.db", tolerant=True)) as store:
            return (
                [end.epoch for end in store.every_epoch()],
                [line.bytes for line in store.every_line()],
                [receipt.json for receipt in store.every_receipt()],
            )

    def _count(self) -> None:
        files = Files(self.data)
        with closing(SqliteStore(self.data / "hushui.db", tolerant=True)) as store:
            for carrier in self.carriers:
                for n, bytes in enumerate(carrier.handset.phone.lines, 1):
                    line = store.line(carrier.handset.device, n)
                    self.tally.lines += 1
                    self.tally.lost += line is None or line.bytes != bytes
                names = [sha256(photo).hexdigest() for photo in carrier.photos]
                self.tally.photos += len(names)
                self.tally.lost += sum(files.digest(name) != name for name in names)


def run(folder: Path, kills: int, seed: int) -> Tally:
    return Restores(folder, seed).run(kills)
