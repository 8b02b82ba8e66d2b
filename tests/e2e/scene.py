"""What the test's camera sees: a river, a levee and a wall that the water has broken."""

import random
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1920, 1440
FRAMES_A_SECOND = 5


def film(path: Path, seed: int = 3) -> None:
    """Two frames of raw video as Chromium's fake camera reads it."""
    picture = draw(random.Random(seed))
    frame = planes(picture)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(2):
            out.write(b"FRAME\n" + frame)


def planes(picture: Image.Image) -> bytes:
    y, cb, cr = picture.convert("YCbCr").split()
    half = (WIDTH // 2, HEIGHT // 2)
    return y.tobytes() + cb.resize(half).tobytes() + cr.resize(half).tobytes()


def draw(chance: random.Random) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), (196, 206, 212))
    pen = ImageDraw.Draw(picture)
    for row in range(520):
        pen.line((0, row, WIDTH, row), (176 + row // 16, 188 + row // 18, 198 + row // 20))
    hills = [(x, 430 + chance.randint(-26, 26)) for x in range(0, WIDTH + 1, 120)]
    pen.polygon([(0, 560), *hills, (WIDTH, 560)], (128, 146, 140))
    pen.polygon([(0, 520), (WIDTH, 560), (WIDTH, 1020), (0, 820)], (150, 142, 112))
    for _ in range(420):
        x, y = chance.randint(0, WIDTH), chance.randint(540, 990)
        shade = chance.randint(-16, 16)
        ripple = (x, y, x + chance.randint(40, 160), y + 3)
        pen.rectangle(ripple, (158 + shade, 152 + shade, 124 + shade))
    pen.polygon([(0, 800), (WIDTH, 1000), (WIDTH, HEIGHT), (0, HEIGHT)], (126, 148, 96))
    for _ in range(5200):
        x, y = chance.randint(0, WIDTH), chance.randint(830, HEIGHT)
        green = chance.randint(112, 172)
        pen.line((x, y, x + chance.randint(-8, 8), y - chance.randint(8, 26)), (98, green, 82), 2)
    wall(pen, chance)
    return picture


def wall(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    for course in range(7):
        for stone in range(9):
            hole = 3 <= stone <= 5 and course < 4 - abs(stone - 4)
            x, y = 640 + stone * 112 + course % 2 * 50, 760 + course * 62
            grey = chance.randint(150, 186)
            if not hole:
                pen.rectangle((x, y, x + 104, y + 55), (grey, grey - 4, grey - 10))
    for _ in range(16):
        x, y = chance.randint(1000, 1330), chance.randint(1190, 1310)
        grey = chance.randint(140, 190)
        pen.rectangle((x, y, x + 60, y + 42), (grey, grey - 4, grey - 12))
