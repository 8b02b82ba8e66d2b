"""Pictures for the demo's photos: drawn, so that nobody takes them for a real place."""

import struct
import zlib
from functools import cache
from typing import Final, Literal

WIDTH, HEIGHT = 480, 360
SKY, FAR, NEAR, STONE = (206, 219, 226), (126, 148, 104), (150, 134, 104), (176, 172, 160)
WATER: Final = {"before": (132, 116, 84), "after": (96, 138, 150)}
LITTER: Final = ((96, 110, 58), (216, 208, 190), (88, 74, 52))
Slot = Literal["before", "after"]
Colour = tuple[int, int, int]


@cache
def picture(slot: Slot, record: str) -> bytes:
    """A canal between its banks, as PNG: ``before`` it is silted and littered, ``after`` clean.
    Every record has pictures of its own."""
    drift = zlib.crc32(record.encode()) % 389
    rows = [bytearray(bytes(_ground(slot, y)) * WIDTH) for y in range(HEIGHT)]
    for x in range(0, WIDTH, 40):
        _fill(rows, x, 250, x + 36, 262, STONE)
    if slot == "before":
        for number in range(42):
            x, y = (number * 97 + drift) % (WIDTH - 40), 152 + number * 53 % 84
            _fill(rows, x, y, x + 10 + number % 5 * 6, y + 3 + number % 4, LITTER[number % 3])
    else:
        for number in range(18):
            x, y = (number * 131 + drift) % (WIDTH - 90), 156 + number * 37 % 84
            _fill(rows, x, y, x + 60, y + 1, (150, 182, 190))
    raw = b"".join(b"\0" + row for row in rows)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, data) for name, data in parts)


def _ground(slot: Slot, y: int) -> Colour:
    if y < 110:
        return SKY
    if y < 145:
        return FAR
    return WATER[slot] if y < 250 else NEAR


def _fill(rows: list[bytearray], x: int, y: int, right: int, below: int, colour: Colour) -> None:
    for row in rows[y:below]:
        row[3 * x : 3 * right] = bytes(colour) * (right - x)


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
