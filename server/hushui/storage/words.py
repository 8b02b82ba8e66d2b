"""Text for the full-text index: single characters and pairs, so that any Chinese is found.

Built-in tokenizers find nothing below three characters (trigram) or only whole sentences
(unicode61). Pairs stand in their own column, so that a phrase of pairs is the searched text.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from hushui_sync.ids import is_id

RUN: Final = re.compile(r"[^\W_]+")
BREAK: Final = "\ue000"
"""Between runs, so that no phrase crosses from one into the next."""


def text_of(fields: Mapping[str, Any]) -> str:
    """All strings of a record's fields except ids, one a line."""
    return "\n".join(_strings(dict(fields)))


def columns(text: str) -> tuple[str, str]:
    """(single characters, pairs) as the index takes them."""
    runs = _runs(text)
    ones = " ".join(dict.fromkeys("".join(runs)))
    twos = f" {BREAK} ".join(" ".join(_pairs(run)) for run in runs if len(run) > 1)
    return ones, twos


def match(q: str) -> str | None:
    """The FTS5 expression for what a person typed; None when it holds no letter and no digit."""
    terms = [
        f'one : "{run}"' if len(run) == 1 else f'two : "{" ".join(_pairs(run))}"'
        for run in _runs(q)
    ]
    return " AND ".join(terms) or None


def _runs(text: str) -> list[str]:
    """Letters and digits without a break, in one width and case."""
    return RUN.findall(unicodedata.normalize("NFKC", text).casefold())


def _pairs(run: str) -> Iterator[str]:
    return (a + b for a, b in pairwise(run))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not is_id(value):
            yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from _strings(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from _strings(child)
