"""What the office's table shows, as a file: the same filter, the same rights, every page of it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from msgspec import Struct, structs

from hushui.actions.asking import Filter, query_of
from hushui.actions.filterwords import words_of
from hushui.actions.names import Names
from hushui.actions.parts import Caller, Parts, demand, is_office
from hushui.domain import workflow
from hushui.domain.cells import Row
from hushui.domain.days import local
from hushui.domain.harmless import harmless
from hushui.domain.track import Track, track_of
from hushui.errors import UnknownExport
from hushui.exports import FORMATS, Format
from hushui.exports.table import Table
from hushui.kinds import KINDS
from hushui.kinds.columns import columns
from hushui.kinds.kind import Kind
from hushui.storage.store import RecordQuery
from hushui_sync.world import Record

MOST: Final = 200_000
"""Rows in one file; the newest. A spreadsheet takes a million, a person far fewer."""
PAGE: Final = 1_000
AT_A_TIME: Final = 2
UNITS: Final = (
    "表头括号里是单位；空白表示没有填，不是 0；时间为北京时间；位置为 WGS-84 经纬度，单位度"
)


class Exported(Struct, frozen=True):
    """``file`` stands at its beginning and is the caller's to close. ``rows``: how many are in it
    of ``found``. ``name``: with its ending."""

    file: BinaryIO
    size: int
    media: str
    name: str
    rows: int
    found: int


def export(parts: Parts, caller: Caller, kind: str, format: str, filter: Filter) -> Exported:
    """Runs for as long as the file is long: ask from a thread. Office only."""
    rights = parts.rights(caller.active())
    demand(is_office(rights))
    known, shape = asked_for(kind, format)
    with parts.store.reading():
        query = query_of(parts, caller, structs.replace(filter, kind=kind, after=None, limit=PAGE))
        found = sum(parts.store.counts(query).values())
        names = Names(parts.store, caller.org)
        table = Table(
            kind=known,
            columns=columns(known),
            about=about(parts, caller, names, known, filter, found),
            made=local(parts.ports.now()),
            naming=names,
            tracks=lambda record: tracks(parts, record),
        )
        name = file_name(known, format, table, found)
        with ExitStack() as closing:
            # Without a name: it is gone when it is closed or the process ends.
            file = closing.enter_context(TemporaryFile("w+b"))
            shape.write(table, rows_of(parts, query), file)
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            closing.pop_all()
    return Exported(file, size, shape.media, name, min(found, MOST), found)


def asked_for(kind: str, format: str) -> tuple[Kind, Format]:
    known, shape = KINDS.get(kind), FORMATS.get(format)
    if known is None or shape is None or (shape.kinds is not None and kind not in shape.kinds):
        raise UnknownExport(asked=f"{kind}.{format}"[:60])
    return known, shape


def rows_of(parts: Parts, query: RecordQuery) -> Iterator[Row]:
    left, more = MOST, True
    while more and left > 0:
        found, more = parts.store.records(structs.replace(query, limit=min(PAGE, left)))
        received = parts.store.received(found)
        for record in found:
            state = workflow.state(record.review, record.version)
            yield Row(record, state, received.get(record.id))
        left -= len(found)
        if found:
            query = structs.replace(query, after=found[-1].id)


def tracks(parts: Parts, record: Record) -> Track:
    return track_of(record, lambda sha256: _bytes(parts, record.org, sha256))


def _bytes(parts: Parts, org: str, sha256: str) -> bytes | None:
    """That a record names a blob is not enough: its organisation must have sent it (A04)."""
    if not parts.store.blob_held(org, sha256):
        return None
    file = parts.files.open(sha256)
    if file is None:
        return None
    with file:
        return file.read()


def about(
    parts: Parts, caller: Caller, names: Names, kind: Kind, filter: Filter, found: int
) -> tuple[tuple[str, str], ...]:
    org = parts.store.org(caller.org)
    assert org is not None
    cut = f"{found} 条；只含最新的 {MOST} 条，请分段导出" if found > MOST else f"{found} 条"
    demo = (("注意", "演示数据，人物和数字都是虚构的"),) if org.demo else ()
    told = (
        ("内容", kind.zh),
        ("单位", org.name),
        ("导出人", names(caller.person)),
        ("导出时间", local(parts.ports.now()).strftime("%Y-%m-%d %H:%M:%S")),
        ("筛选", words_of(kind, filter, names)),
        ("条数", cut),
        ("说明", UNITS),
        *demo,
    )
    return tuple((what, harmless(words)) for what, words in told)


def file_name(kind: Kind, format: str, table: Table, found: int) -> str:
    cut = f"（最新{MOST}条）" if found > MOST else ""
    return f"{kind.zh} {table.made.strftime('%Y-%m-%d %H%M')}{cut}.{format}"
