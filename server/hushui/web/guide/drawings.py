"""Small pictures of a phone's screen, one for each step. Shapes carry their own colours (those of
the app by day): the same picture stands in a page and in a file."""

from collections.abc import Callable
from html import escape
from typing import Final

INK, GREY, LINE, SUNKEN, WHITE = "#0E2230", "#40566A", "#C3D1DB", "#E1EAEF", "#FFFFFF"
BRAND, SOFT, OK = "#0A5A8C", "#DAEAF4", "#1B6B3D"
FONT: Final = "PingFang SC, HarmonyOS Sans SC, MiSans, Noto Sans CJK SC, Noto Sans SC, sans-serif"
WIDTH, HEIGHT = 300, 220
LEFT, RIGHT = 34, 266
"""The edges of the screen inside the phone."""


def allow() -> str:
    return _screen(
        _bar("http://…:8080"),
        _box(50, 74, 200, 112),
        _text(150, 104, "此网站正尝试下载", 14, bold=True, middle=True),
        _text(150, 126, "一个配置描述文件", 14, bold=True, middle=True),
        _line(50, 142, 250),
        _text(100, 170, "忽略", 15, GREY, middle=True),
        _button(154, 148, 90, 32, "允许"),
        _tap(240, 182),
    )


def downloaded() -> str:
    return _screen(
        _title("设置"),
        _row(76, "已下载描述文件", chosen=True),
        _row(116, "无线局域网", "办公室"),
        _row(156, "通用"),
        _tap(226, 96),
    )


def trust() -> str:
    return _screen(
        _title("证书信任设置"),
        _text(LEFT + 12, 90, "针对根证书启用完全信任", 13, GREY),
        _row(104, "护水", chosen=True, switch=True),
        _tap(240, 150),
    )


def home_screen() -> str:
    return _screen(
        _bar("https://…:8443"),
        _share(150, 78),
        _text(166, 82, "分享", 13, GREY),
        _row(100, "拷贝"),
        _row(140, "添加到主屏幕", chosen=True, sign="+"),
        _tap(214, 158),
    )


def code() -> str:
    digits = "".join(
        _box(LEFT + 14 + i * 26, 104, 22, 34, SOFT)
        + _text(LEFT + 25 + i * 26, 128, digit, 18, bold=True, middle=True)
        for i, digit in enumerate("12345678")
    )
    keys = "".join(
        _box(LEFT + 20 + i * 66, 156, 60, 40) + _text(LEFT + 50 + i * 66, 183, key, 20, middle=True)
        for i, key in enumerate("123")
    )
    return _screen(_gauge(LEFT + 14, 44), _text(LEFT + 58, 72, "护水", 20, bold=True), digits, keys)


def download() -> str:
    return _screen(
        _bar("http://…:8080"),
        _box(LEFT + 10, 84, 212, 52, SOFT, BRAND),
        f'<path d="M62 98v18m-7-7 7 8 7-8M54 124h16" fill="none" stroke="{BRAND}" '
        f'stroke-width="3"/>',
        _text(84, 108, "hushui-ca.crt", 15, bold=True),
        _text(84, 127, "下载完毕", 13, GREY),
        _text(LEFT + 12, 168, "文件在“下载”里", 14, GREY),
    )


def credentials() -> str:
    return _screen(
        _title("安装证书"),
        _row(76, "CA 证书", chosen=True),
        _row(116, "VPN 和应用用户证书"),
        _row(156, "WLAN 证书"),
        _tap(226, 96),
    )


def install() -> str:
    dots = "".join(f'<circle cx="252" cy="{y}" r="2.5" fill="{INK}"/>' for y in (43, 51, 59))
    return _screen(
        _bar("https://…:8443", short=True),
        dots,
        _box(110, 76, 150, 124),
        _text(124, 102, "新标签页", 14, GREY),
        _box(116, 114, 138, 36, SOFT, BRAND),
        _text(124, 138, "安装应用", 15, bold=True),
        _text(124, 178, "设置", 14, GREY),
        _tap(228, 134),
    )


DRAWINGS: Final[dict[str, Callable[[], str]]] = {
    drawing.__name__: drawing
    for drawing in (
        allow,
        downloaded,
        trust,
        home_screen,
        code,
        download,
        credentials,
        install,
    )
}


# parts -------------------------------------------------------------------------------------------
def _screen(*parts: str) -> str:
    """The upper end of a phone."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="{FONT}">'
        f'<path d="M24 {HEIGHT}V36a24 24 0 0 1 24-24h204a24 24 0 0 1 24 24v{HEIGHT - 36}" '
        f'fill="{WHITE}" stroke="{INK}" stroke-width="3"/>'
        f'<rect x="126" y="19" width="48" height="6" rx="3" fill="{INK}"/>'
        f"{''.join(parts)}</svg>"
    )


def _bar(address: str, *, short: bool = False) -> str:
    width = 200 if short else RIGHT - LEFT
    return _box(LEFT, 36, width, 30, SUNKEN, SUNKEN) + _text(LEFT + 12, 56, address, 13, GREY)


def _title(words: str) -> str:
    return _text(150, 58, words, 17, bold=True, middle=True)


def _row(
    y: int,
    words: str,
    value: str = "",
    *,
    chosen: bool = False,
    switch: bool = False,
    sign: str = "›",
) -> str:
    fill, edge = (SOFT, BRAND) if chosen else (WHITE, LINE)
    end = _text(RIGHT - 16, y + 26, sign, 20, GREY, middle=True)
    if switch:
        end = (
            f'<rect x="{RIGHT - 52}" y="{y + 9}" width="40" height="22" rx="11" fill="{OK}"/>'
            f'<circle cx="{RIGHT - 23}" cy="{y + 20}" r="9" fill="{WHITE}"/>'
        )
    said = _text(RIGHT - 30, y + 25, value, 13, GREY, end=True) if value else ""
    box = _box(LEFT, y, RIGHT - LEFT, 36, fill, edge)
    return box + _text(LEFT + 12, y + 24, words, 15, bold=chosen) + said + end


def _box(x: int, y: int, width: int, height: int, fill: str = WHITE, edge: str = LINE) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="{fill}" '
        f'stroke="{edge}" stroke-width="{2 if edge == BRAND else 1}"/>'
    )


def _button(x: int, y: int, width: int, height: int, words: str) -> str:
    return _box(x, y, width, height, BRAND, BRAND) + _text(
        x + width // 2, y + height // 2 + 5, words, 15, WHITE, bold=True, middle=True
    )


def _line(left: int, y: int, right: int) -> str:
    return f'<path d="M{left} {y}H{right}" stroke="{LINE}"/>'


def _text(
    x: int,
    y: int,
    words: str,
    size: int,
    fill: str = INK,
    *,
    bold: bool = False,
    middle: bool = False,
    end: bool = False,
) -> str:
    anchor = ' text-anchor="middle"' if middle else ' text-anchor="end"' if end else ""
    weight = ' font-weight="700"' if bold else ""
    said = escape(words)
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}"{weight}{anchor}>{said}</text>'


def _tap(x: int, y: int) -> str:
    """Where the finger goes."""
    return (
        f'<circle cx="{x}" cy="{y}" r="15" fill="{WHITE}" fill-opacity=".7" stroke="{BRAND}" '
        f'stroke-width="2"/><circle cx="{x}" cy="{y}" r="4" fill="{BRAND}"/>'
    )


def _share(x: int, y: int) -> str:
    """An arrow out of a box, as iPhones draw it."""
    return (
        f'<path d="M{x - 5} {y - 3}h-4v14h18v-14h-4M{x} {y + 5}v-16m-5 5 5-5 5 5" fill="none" '
        f'stroke="{BRAND}" stroke-width="2"/>'
    )


def _gauge(x: int, y: int) -> str:
    """The app's icon: the marks of a staff gauge."""
    marks = "".join(
        f'<path d="M{x + 12} {y + 9 + i * 8}h{14 if i % 2 else 9}" stroke="{WHITE}" '
        f'stroke-width="4"/>'
        for i in range(3)
    )
    return (
        f'<rect x="{x}" y="{y}" width="36" height="36" rx="8" fill="{BRAND}"/>'
        f'<path d="M{x + 12} {y + 6}v24" stroke="{WHITE}" stroke-width="4"/>{marks}'
    )
