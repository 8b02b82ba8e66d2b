"""Reading a rescue bundle (section 15): what is in it and what is wrong with it.

It comes from anywhere and in any state. It is walked from its first byte by what its own headers
say, never unpacked: nothing in it is larger than the file, and no name in it is a path of ours.
"""

from collections.abc import Iterator
from hashlib import sha256
from re import compile
from struct import Struct as Layout
from struct import error as TooShort
from typing import Annotated, BinaryIO, Final, Literal
from zlib import crc32

import msgspec
from msgspec import Meta, Struct, field

from hushui_sync import limits
from hushui_sync.entry import Entry, Hash, Id, Malformed, Milliseconds, Sha256, read
from hushui_sync.feed import FIRST_PREV, line_hash
from hushui_sync.rows import content_hash

VERSION: Final = 1
"""Of what is noted of a bundle; another one reads it again."""
PIECE: Final = 1 << 20
FAULTS: Final = 100
MEMBERS: Final = 65_535

LOCAL: Final = Layout("<4s5H3I2H")
CENTRAL: Final = b"PK\x01\x02"
END: Final = b"PK\x05\x06"
PLAIN: Final = 0x0800
"""The only flag: names are UTF-8."""
ABOUT: Final = "bundle.json"
FEED: Final = compile(r"feeds/([0-7][0-9a-v]{25})/([1-9][0-9]{0,14})\.ndjson")
BLOB: Final = compile(r"blobs/([0-9a-f]{64})")

Code = Literal[
    "no_bundle",
    "cut",
    "packed",
    "too_many",
    "no_about",
    "bad_about",
    "newer",
    "other_name",
    "twice",
    "bad_line",
    "chain",
    "head",
    "line_missing",
    "bad_blob",
    "blob_missing",
    "internal",
]
Text = Annotated[str, Meta(max_length=200)]


class Fault(Struct, frozen=True):
    """``where``: DEVICE:N, a SHA-256 or a name in the file."""

    code: Code
    where: str = ""


class Head(Struct, frozen=True):
    n: Annotated[int, Meta(ge=0, le=limits.INTEGER)]
    hash: Hash


class SaidFeed(Struct, frozen=True):
    """``first``: of its lines here; ``head``: the feed's last line on the phone."""

    device: Id
    first: Annotated[int, Meta(ge=1, le=limits.INTEGER)] = field(name="from")
    lines: Annotated[int, Meta(ge=0, le=limits.INTEGER)]
    head: Head


class SaidBlob(Struct, frozen=True):
    """``here``: its bytes are in the file."""

    sha256: Sha256
    size: Annotated[int, Meta(ge=0, le=limits.INTEGER)]
    type: Text
    here: bool


class Said(Struct, frozen=True):
    """`bundle.json`: what the phone says; nobody has proved it."""

    format: Literal["hushui-rescue"]
    v: Literal[1]
    made: Milliseconds
    app: Text
    org: Id
    org_name: Text
    person: Id
    name: Text
    feeds: Annotated[tuple[SaidFeed, ...], Meta(max_length=limits.RESCUE_FEEDS)]
    blobs: Annotated[tuple[SaidBlob, ...], Meta(max_length=MEMBERS)]


class ReadLine(Struct, frozen=True, array_like=True):
    """``id`` and ``content`` (P08) of an entry; of other bytes None."""

    device: str
    n: int
    hash: str
    id: str | None = None
    content: str | None = None
    wall: int | None = None


class Found(Struct, frozen=True):
    """What is in it. ``blobs``: (SHA-256, bytes) of those that are whole, ``named``: by its
    lines."""

    version: int
    size: int
    said: Said | None
    lines: tuple[ReadLine, ...]
    blobs: tuple[tuple[str, int], ...]
    named: tuple[str, ...]
    faults: tuple[Fault, ...]


class Member(Struct, frozen=True):
    name: str
    at: int
    size: int
    crc: int


class _Reading:
    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.size = file.seek(0, 2)
        self.faults: list[Fault] = []
        self.said: Said | None = None
        self.lines: dict[tuple[str, int], ReadLine] = {}
        self.blobs: dict[str, int] = {}
        self.named: dict[str, None] = {}
        self.runs: list[tuple[str, int, int]] = []

    def fault(self, code: Code, where: str = "") -> None:
        found = Fault(code, where[:200])
        if len(self.faults) < FAULTS and found not in self.faults:
            self.faults.append(found)

    # the file ---------------------------------------------------------------------------------
    def members(self) -> Iterator[Member]:
        at, seen = 0, set[str]()
        while True:
            self.file.seek(at)
            head = self.file.read(LOCAL.size)
            if at > 0 and head[:4] in (CENTRAL, END):
                # The directory says it once more; that it is there proves the end.
                return
            try:
                mark, _, flags, method, _, _, crc, packed, size, path, extra = LOCAL.unpack(head)
            except TooShort:
                return self.fault("cut" if at or head[:2] == b"PK" else "no_bundle")
            if mark != b"PK\x03\x04":
                return self.fault("cut" if at else "no_bundle")
            if flags & ~PLAIN or method or packed != size:
                return self.fault("packed")
            name = self.file.read(path).decode(errors="replace")
            start = at + LOCAL.size + path + extra
            if start + size > self.size:
                return self.fault("cut", name)
            if len(seen) >= MEMBERS:
                return self.fault("too_many")
            if name in seen:
                self.fault("twice", name)
            else:
                seen.add(name)
                yield Member(name, start, size, crc)
            at = start + size

    def take(self, member: Member) -> None:
        if member.name == ABOUT:
            self.take_about(member)
        elif feed := FEED.fullmatch(member.name):
            self.take_feed(member, feed[1], int(feed[2]))
        elif blob := BLOB.fullmatch(member.name):
            self.take_blob(member, blob[1])
        else:
            self.fault("other_name", member.name)

    # what it says -----------------------------------------------------------------------------
    def take_about(self, member: Member) -> None:
        self.file.seek(member.at)
        if member.size > limits.RESCUE_ABOUT_BYTES:
            return self.fault("bad_about")
        text = self.file.read(member.size)
        try:
            if crc32(text) != member.crc:
                return self.fault("bad_about")
            told = msgspec.json.decode(text)
            version = told.get("v") if isinstance(told, dict) else None
            if isinstance(version, int) and version > 1:
                return self.fault("newer")
            self.said = msgspec.convert(told, Said)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self.fault("bad_about")

    # lines ------------------------------------------------------------------------------------
    def take_feed(self, member: Member, device: str, first: int) -> None:
        self.file.seek(member.at)
        left, n, crc, before = member.size, first, 0, FIRST_PREV if first == 1 else None
        while left:
            raw = self.file.readline(min(left, limits.LINE_BYTES_KEPT + 1))
            left -= len(raw)
            crc = crc32(raw, crc)
            if not raw.endswith(b"\n"):
                self.fault("bad_line", f"{device}:{n}")
                break
            if len(self.lines) >= limits.RESCUE_LINES:
                self.fault("too_many", f"{device}:{n}")
                break
            before = self.take_line(device, n, raw[:-1], before)
            n += 1
        self.runs.append((device, first, n - 1))
        if left == 0 and crc != member.crc:
            self.fault("bad_line", f"{device}:{first}")

    def take_line(self, device: str, n: int, raw: bytes, before: str | None) -> str:
        where, parsed, hash = f"{device}:{n}", read(raw), line_hash(raw)
        line = ReadLine(device, n, hash)
        prev = parsed.prev if isinstance(parsed, Entry | Malformed) else None
        if before is not None and prev is not None and prev != before:
            self.fault("chain", where)
        if isinstance(parsed, Entry):
            if (parsed.device, parsed.n) != (device, n):
                self.fault("bad_line", where)
            line = ReadLine(device, n, hash, parsed.id, content_hash(parsed), parsed.at.wall)
            self.named |= dict.fromkeys(parsed.blobs)
        else:
            self.fault("bad_line", where)
        if self.lines.setdefault((device, n), line) != line:
            self.fault("twice", where)
        return hash

    # photos -----------------------------------------------------------------------------------
    def take_blob(self, member: Member, name: str) -> None:
        self.file.seek(member.at)
        hashed, left = sha256(), member.size
        while left and (piece := self.file.read(min(left, PIECE))):
            hashed.update(piece)
            left -= len(piece)
        if left or hashed.hexdigest() != name:
            self.fault("bad_blob", name)
        else:
            self.blobs[name] = member.size

    # what should be there ---------------------------------------------------------------------
    def compare(self) -> None:
        if self.said is None:
            if not any(fault.code in ("no_bundle", "bad_about", "newer") for fault in self.faults):
                self.fault("no_about")
            return
        for feed in self.said.feeds:
            last = feed.first + feed.lines - 1
            for n in range(feed.first, min(last, feed.first + limits.RESCUE_LINES) + 1):
                if (feed.device, n) not in self.lines:
                    self.fault("line_missing", f"{feed.device}:{n}")
                    break
            end = self.lines.get((feed.device, feed.head.n))
            if end is not None and end.hash != feed.head.hash:
                self.fault("head", f"{feed.device}:{feed.head.n}")
        for blob in self.said.blobs:
            if blob.here and blob.sha256 not in self.blobs:
                self.fault("blob_missing", blob.sha256)


def look_into(file: BinaryIO) -> Found:
    """Reads it once from end to end; whatever it is, there is an answer."""
    reading = _Reading(file)
    for member in reading.members():
        reading.take(member)
    reading.compare()
    return Found(
        VERSION,
        reading.size,
        reading.said,
        tuple(reading.lines.values()),
        tuple(reading.blobs.items()),
        tuple(reading.named),
        tuple(reading.faults),
    )
