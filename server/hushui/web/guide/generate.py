"""Writes the guide into `docs`, its drawings beside: `python -m hushui.web.guide.generate`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hushui.errors import Words
from hushui.web.guide import words
from hushui.web.guide.drawings import DRAWINGS
from hushui.web.guide.words import Step

DOCS: Final = Path(__file__).parents[4] / "docs"
PICTURES: Final = DOCS / "pictures" / "phones"


def generated() -> dict[Path, str]:
    drawn = {PICTURES / f"{name}.svg": f"{drawing()}\n" for name, drawing in DRAWINGS.items()}
    return {DOCS / "phones.md": "\n\n".join(markdown()) + "\n", **drawn}


def markdown() -> Iterator[str]:
    yield f"# {_inline(words.TITLE)}"
    yield (
        "`make phone` serves this page by plain http, with the buttons and codes to do it "
        "(generated from `server/hushui/web/guide/words.py`)."
    )
    yield from (words.INTRO.zh, words.INTRO.en, words.WECHAT.zh, words.WECHAT.en)
    for way in words.WAYS:
        yield f"## {_inline(way.name)}"
        for number, step in enumerate(way.steps, 1):
            yield from _step(number, step)
    for title, bodies in (
        (words.CHECK, (words.CHECK_BODY, words.SCOPE)),
        (words.REMOVE, (words.REMOVE_BODY,)),
    ):
        yield f"## {_inline(title)}"
        for body in bodies:
            yield from (body.zh, body.en)


def _step(number: int, step: Step) -> Iterator[str]:
    yield f"**{number}. {step.do.zh}**<br>{step.do.en}"
    yield f"![{step.do.en}]({PICTURES.relative_to(DOCS).as_posix()}/{step.drawing}.svg)"
    for hint in step.hints:
        yield f"> {hint.zh}<br>{hint.en}"


def _inline(said: Words) -> str:
    return said.zh if said.zh == said.en else f"{said.zh} {said.en}"


def main() -> None:
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
