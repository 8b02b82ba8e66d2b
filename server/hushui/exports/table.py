"""What every format writes: the columns of a kind, and what is to be said about the file."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from hushui.domain.cells import Cell, Naming, Row, cells
from hushui.domain.track import Track
from hushui.kinds.columns import Column, header
from hushui.kinds.kind import Kind
from hushui_sync.world import Record

Tracks: TypeAlias = Callable[[Record], Track]


class Table(Struct, frozen=True, kw_only=True):
    """``about``: (what, words) for whoever opens the file: who made it, when, of which records.
    ``made``: with its zone."""

    kind: Kind
    columns: tuple[Column, ...]
    about: tuple[tuple[str, str], ...]
    made: datetime
    naming: Naming
    tracks: Tracks

    def headers(self) -> list[str]:
        return [header(column) for column in self.columns]

    def cells(self, row: Row) -> tuple[Cell, ...]:
        return cells(self.kind, self.columns, row, self.naming)


def said(about: Sequence[tuple[str, str]]) -> str:
    return "；".join(f"{what}：{words}" for what, words in about)
