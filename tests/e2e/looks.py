"""How a page is looked at: by axe, in each theme, and on a small screen with large letters."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page, ViewportSize

Look = Literal["day", "sun", "night", "small"]

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Things lie where they lie on a map; each stands in the list by chainage too (WCAG 2.5.8).
PINS = ".leaflet-marker-pane"
LOOKS: tuple[Look, ...] = ("day", "sun", "night", "small")
SMALL: ViewportSize = {"width": 360, "height": 640}
# Root text twice as large, as a person sets it in the browser.
LARGE = "() => { document.documentElement.style.fontSize = '200%' }"
USUAL = "() => { document.documentElement.style.fontSize = '' }"
THEME = """(theme) => {
  const { dataset } = document.documentElement
  const before = dataset.theme
  if (theme === undefined) delete dataset.theme
  else dataset.theme = theme
  return before
}"""
SETTLED = """() => Promise.all(
  document.getAnimations()
    .filter((it) => it.effect?.getComputedTiming().iterations !== Infinity)
    .map((it) => it.finished.catch(() => undefined)),
).then(() => undefined)"""


def violations(page: Page) -> list[str]:
    """Of WCAG 2.2 AA, and where."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = page.evaluate(
        "([values, pins]) => axe.run({ exclude: [[pins]] }, { runOnly: { type: 'tag', values } })",
        [RULES, PINS],
    )
    return [
        f"{it['id']} ({it['impact']}): "
        + json.dumps([node["target"] for node in it["nodes"]][:3], ensure_ascii=False)
        for it in found["violations"]
    ]


@contextmanager
def seen(page: Page, look: Look) -> Iterator[None]:
    """The page as that look shows it; afterwards it is as it was."""
    if look != "small":
        before = page.evaluate(THEME, look)
        page.evaluate(SETTLED)
        yield
        page.evaluate(THEME, before)
        return
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size(SMALL)
    page.evaluate(LARGE)
    page.evaluate(SETTLED)
    yield
    page.evaluate(USUAL)
    page.set_viewport_size(size)


def faults(page: Page, look: Look) -> list[str]:
    """What somebody could not read or reach in that look, which the page has now."""
    wide = page.evaluate("() => document.documentElement.scrollWidth")
    beyond = look == "small" and wide > SMALL["width"] + 1
    return [*violations(page), *([f"{wide} px wide"] if beyond else [])]
