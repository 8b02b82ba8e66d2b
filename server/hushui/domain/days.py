"""Days of the calendar as people here mean them: in the time of Shanghai, which knows no summer."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
DAY_MS: Final = 86_400_000


def local(ms: int) -> datetime:
    """With its zone; whole milliseconds."""
    return datetime.fromtimestamp(0, UTC).astimezone(SHANGHAI) + timedelta(milliseconds=ms)


def day_of(ms: int) -> date:
    return local(ms).date()


def span(first: date, days: int = 1) -> tuple[int, int]:
    """From the beginning of the day, to the beginning of the day after the last; milliseconds."""
    begin = round(datetime(first.year, first.month, first.day, tzinfo=SHANGHAI).timestamp() * 1000)
    return begin, begin + days * DAY_MS
