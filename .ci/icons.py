"""Draws the app's icons, a staff gauge standing in water, as SVG and as PNG."""

from pathlib import Path

from PIL import Image, ImageDraw

Rect = tuple[int, int, int, int, str]  # left, top, right, bottom on a 512 grid; colour

BLUE, ENAMEL, WATER, EDGE = "#0A5A8C", "#FFFFFF", "#BBD9EA", "#4F87A8"
ICONS = Path(__file__).parent.parent / "pwa" / "public" / "icons"
CORNER = 72
WATERLINE = 392


def main() -> None:
    ICONS.mkdir(parents=True, exist_ok=True)
    (ICONS / "gauge.svg").write_text(svg(), encoding="utf-8")
    for size in (192, 512):
        png(size, CORNER).save(ICONS / f"gauge-{size}.png", optimize=True)
    png(512, 0).save(ICONS / "gauge-maskable-512.png", optimize=True)


def rects() -> list[Rect]:
    # Everything that matters stays within 205 of the middle, the safe circle of a maskable icon.
    marks = [rect for step in range(4) for rect in mark(88 + 76 * step, facing_right=step % 2 == 0)]
    water: list[Rect] = [(0, WATERLINE, 512, 512, WATER), (0, WATERLINE, 512, WATERLINE + 12, EDGE)]
    return [(176, 72, 336, WATERLINE, ENAMEL), *marks, *water]


def mark(top: int, *, facing_right: bool) -> list[Rect]:
    left = 184 if facing_right else 260
    spine = left if facing_right else left + 50
    bars: list[Rect] = [
        (left, top + offset, left + 68, top + offset + 14, BLUE) for offset in (0, 25, 50)
    ]
    return [(spine, top, spine + 18, top + 64, BLUE), *bars]


def svg() -> str:
    shapes = "".join(
        f'<path fill="{colour}" d="M{left} {top}H{right}V{bottom}H{left}z"/>\n'
        for left, top, right, bottom, colour in rects()
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">\n'
        f'<clipPath id="plate"><rect width="512" height="512" rx="{CORNER}"/></clipPath>\n'
        '<g clip-path="url(#plate)">\n'
        f'<path fill="{BLUE}" d="M0 0H512V512H0z"/>\n{shapes}</g>\n</svg>\n'
    )


def png(size: int, corner: int) -> Image.Image:
    scale = 4 if corner else 1  # drawn larger and shrunk, for a smooth corner
    image = Image.new("RGB", (512 * scale, 512 * scale), BLUE)
    draw = ImageDraw.Draw(image)
    for left, top, right, bottom, colour in rects():
        box = (left * scale, top * scale, right * scale - 1, bottom * scale - 1)
        draw.rectangle(box, fill=colour)
    if corner:
        mask = Image.new("L", image.size, 0)
        box = (0, 0, image.width - 1, image.height - 1)
        ImageDraw.Draw(mask).rounded_rectangle(box, corner * scale, fill=255)
        image.putalpha(mask)
    return image.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
