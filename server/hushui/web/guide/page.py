"""The guide as one page that loads nothing: words, drawings and codes stand in it."""

from html import escape
from io import BytesIO
from typing import Final

import segno
from msgspec import Struct

from hushui.errors import Words
from hushui.web.guide import words
from hushui.web.guide.drawings import DRAWINGS
from hushui.web.guide.style import STYLE
from hushui.web.guide.words import Step, Target, Way

CERTIFICATE: Final = "hushui-ca.crt"
PROFILE: Final = "hushui-ca.mobileconfig"


class Guide(Struct, frozen=True):
    """``site`` and ``address``: where the app and this page are; ``certificate`` is DER."""

    host: str
    site: str
    address: str
    fingerprint: str
    certificate: bytes
    profile: bytes

    def link(self, target: Target) -> str:
        links = {"profile": f"/{PROFILE}", "certificate": f"/{CERTIFICATE}", "site": self.site}
        return links[target]


def page(guide: Guide) -> str:
    jumps = "".join(f'<a href="#{way.id}">{_inline(way.name)}</a>' for way in words.WAYS)
    codes = _code(words.SCAN_GUIDE, guide.address) + _code(words.SCAN_SITE, guide.site)
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_zh(words.TITLE)} · {escape(guide.host)}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>{_both(words.TITLE)}</h1>
<p>{_both(words.INTRO)}</p>
<p class="note">{_both(words.WECHAT)}</p>
<nav>{jumps}</nav>
</header>
<main>
{"".join(_way(way, guide) for way in words.WAYS)}
</main>
<aside>
<section>
<h2>{_both(words.SCAN)}</h2>
<div class="codes">{codes}</div>
</section>
<section>
<h2>{_both(words.CHECK)}</h2>
<p>{_both(words.CHECK_BODY)}</p>
<p class="print">护水 {escape(guide.host)}<br><code>{escape(guide.fingerprint)}</code></p>
<p>{_both(words.SCOPE)}</p>
</section>
<section>
<h2>{_both(words.REMOVE)}</h2>
<p>{_both(words.REMOVE_BODY)}</p>
</section>
</aside>
</body>
</html>
"""


def _way(way: Way, guide: Guide) -> str:
    steps = "".join(f"<li>{_step(step, guide)}</li>" for step in way.steps)
    return f'<section id="{way.id}"><h2>{_both(way.name)}</h2><ol>{steps}</ol></section>\n'


def _step(step: Step, guide: Guide) -> str:
    button = ""
    if step.target is not None and step.button is not None:
        link = escape(guide.link(step.target))
        button = f'<a class="button" href="{link}">{_both(step.button)}</a>'
    drawing = f'<div class="drawing" aria-hidden="true">{DRAWINGS[step.drawing]()}</div>'
    hints = "".join(f'<p class="hint">{_both(hint)}</p>' for hint in step.hints)
    return f"<h3>{_both(step.do)}</h3>{button}{drawing}{hints}"


def _code(said: Words, text: str) -> str:
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=4, xmldecl=False, omitsize=True
    )
    caption = f"{_both(said)}<code>{escape(text)}</code>"
    return f"<figure>{out.getvalue().decode()}<figcaption>{caption}</figcaption></figure>"


def _both(said: Words) -> str:
    """Chinese, and English below it; once where they are the same."""
    if said.zh == said.en:
        return _zh(said)
    return f'{_zh(said)}<span class="en" lang="en">{escape(said.en)}</span>'


def _inline(said: Words) -> str:
    return _zh(said) if said.zh == said.en else f"{_zh(said)} {escape(said.en)}"


def _zh(said: Words) -> str:
    return escape(said.zh)
