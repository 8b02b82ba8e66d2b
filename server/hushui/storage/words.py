"""Text for the full-text index: single characters and pairs, so that any Chinese is found.

Built-in tokenizers find nothing below three characters (trigram) or only whole sentences
(unicode61). Pairs stand in their own column, so that a phrase of pairs is the searched text.
Beside the single characters stand the ids a record names: 26 characters are never taken for one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from hushui_sync.ids import is_id
from hushui_sync.world import Number

INSERT: Final = "INSERT INTO record_words (rowid, one, two) VALUES (?, ?, ?)"
QUOTE: Final = '"'

RUN: Final = re.compile(r"[^\W_]+")
BREAK: Final = "\ue000"
"""Between runs, so that no phrase crosses from one into the next."""


class _Spoken(Struct):
    fields: dict[str, Any]
    number: Number | None = None


_spoken: Final = msgspec.json.Decoder(_Spoken)


class Said(Struct, frozen=True):
    """What a record says: ``text`` all strings of its fields except ids, and its number, one a
    line; ``ids`` the records they name, each once."""

    text: str
    ids: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.text or self.ids)


def said(fields: Mapping[str, Any], number: Number | None) -> Said:
    """A number among those about one record finds nothing by itself."""
    strings = list(_strings(dict(fields)))
    if number is not None and not is_id(number.series):
        strings.append(str(number))
    ids = dict.fromkeys(filter(is_id, strings))
    return Said("\n".join(string for string in strings if not is_id(string)), tuple(ids))


def said_in(inner: bytes) -> Said:
    """By a stored record."""
    spoken = _spoken.decode(inner)
    return said(spoken.fields, spoken.number)


def columns(said: Said) -> tuple[str, str]:
    """(single characters and ids, pairs) as the index takes them."""
    runs = _runs(said.text)
    ones = " ".join([*dict.fromkeys("".join(runs)), *said.ids])
    twos = f" {BREAK} ".join(" ".join(_pairs(run)) for run in runs if len(run) > 1)
    return ones, twos


def naming(ids: Iterable[str]) -> str:
    """The FTS5 expression for what names one of these."""
    return f"one : ({' OR '.join(f'{QUOTE}{id}{QUOTE}' for id in ids)})"


def rebuild(db: Database) -> None:
    """The whole index anew from the records: after a change of what stands in it, or a repair."""
    db.execute("INSERT INTO record_words (record_words) VALUES ('delete-all')")
    for seq, inner in db.execute("SELECT seq, inner FROM record ORDER BY seq").fetchall():
        found = said_in(inner)
        if found:
            db.execute(INSERT, (seq, *columns(found)))


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
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from _strings(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from _strings(child)
