"""What a person typed to find records, taken apart. Terms are parted by blanks and all must hold.

A term may be a place along the line (`K3+250`, `3+250`), a day, a month or a year (`2026-11-22`,
`11-22`, `11月22日`, `2026-11`, `11月`, `2026年`, `今天`, `昨天`), a name, or any other word. What
reads as a day is nothing else; a chainage is also looked for in texts; everything else is a word
and perhaps a name, a choice or a kind.
"""

import re
import unicodedata
from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from hushui.domain.chainage import chainage_of, chainage_text
from hushui.domain.days import day_of, span
from hushui.kinds import KINDS

NEAR_M: Final = 50.0
YEAR, MONTH, DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
DATES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{YEAR}[-/.]{MONTH}[-/.]{DAY}",
        rf"{YEAR}年{MONTH}月{DAY}[日号]",
        rf"{YEAR}[-/]{MONTH}",
        rf"{YEAR}年{MONTH}月",
        rf"{MONTH}[-/]{DAY}",
        rf"{MONTH}月{DAY}[日号]?",
        rf"{MONTH}月",
        rf"{YEAR}年",
    )
)
AGO: Final = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "today": 0, "yesterday": 1}
CHAINAGE: Final = re.compile(r"(?:桩号)?z?k?(\d{1,4})\+(\d{1,3}(?:\.\d{1,2})?)")


class Asked(Struct, frozen=True):
    """``text`` is looked for in words and names. ``chainage`` and ``captured``: from, to."""

    text: str | None = None
    chainage: tuple[float, float] | None = None
    captured: tuple[int, int] | None = None


def terms(q: str, now: int) -> tuple[Asked, ...]:
    """``now`` in milliseconds: what 今天 means, and the year of a day without one."""
    return tuple(asked(term, now) for term in unicodedata.normalize("NFKC", q).split())


def asked(term: str, now: int) -> Asked:
    days = days_of(term, now)
    if days is not None:
        return Asked(captured=days)
    metres = metres_of(term)
    if metres is not None:
        text = chainage_text(metres, 0 if metres == round(metres) else 2)
        return Asked(text=text, chainage=(metres - NEAR_M, metres + NEAR_M))
    return Asked(text=term)


def kinds_of(text: str) -> tuple[str, ...]:
    """Codes of the kinds that are called so: 巡查 stands in no patrol."""
    wanted = plain(text)
    return tuple(
        kind.code
        for kind in KINDS.values()
        if wanted in (plain(kind.zh), plain(kind.en))
        or (len(wanted) > 1 and wanted in plain(kind.zh))
    )


def choices_of(text: str) -> Iterator[tuple[str, str]]:
    """(kind, code) of every choice whose words this is, or has in them: 管涌 stands in no record,
    `piping` does. One Chinese character is enough, for that is what the table shows."""
    wanted = plain(text)
    in_chinese = len(wanted) > 1 or not wanted.isascii()
    for kind in KINDS.values():
        found = (
            choice.code
            for field in kind.fields.values()
            for choice in field.choices
            if wanted in (plain(choice.zh), plain(choice.en))
            or (in_chinese and wanted in plain(choice.zh))
        )
        yield from ((kind.code, code) for code in dict.fromkeys(found))


def plain(text: str) -> str:
    """In one width and case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def metres_of(term: str) -> float | None:
    """``K3+50`` is read as people say it: fifty metres behind the third kilometre."""
    found = CHAINAGE.fullmatch(term.casefold())
    if found is None:
        return None
    whole, _, fraction = found[2].partition(".")
    return chainage_of(f"K{found[1]}+{whole:0>3}" + (f".{fraction}" if fraction else ""))


def days_of(term: str, now: int) -> tuple[int, int] | None:
    """A day or month without a year is the last that has come; 02-29 the last that there was."""
    today = day_of(now)
    if term.casefold() in AGO:
        return span(today - timedelta(days=AGO[term.casefold()]))
    for pattern in DATES:
        found = pattern.fullmatch(term)
        if found is not None:
            parts = {name: int(number) for name, number in found.groupdict().items()}
            return _span(parts, today)
    return None


def _span(parts: dict[str, int], today: date) -> tuple[int, int] | None:
    year, month, day = parts.get("year"), parts.get("month"), parts.get("day")
    if month is None:
        first = _date(year or 0, 1, 1)
        return span(first, 366 if isleap(first.year) else 365) if first is not None else None
    if day is None:
        last = today.year - (month > today.month)
        first = _date(last if year is None else year, month, 1)
        return span(first, monthrange(first.year, first.month)[1]) if first is not None else None
    years = range(today.year, today.year - 9, -1) if year is None else [year]
    days = (_date(one, month, day) for one in years)
    said = (found for found in days if found is not None and (year is not None or found <= today))
    found = next(said, None)
    return span(found) if found is not None else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1970 <= year <= 9000 else None
    except ValueError:
        return None
