"""The office takes in rescue bundles (section 15): kept raw, looked into, compared with the ledger.

Nothing in one is adopted, answered or believed; the ledger is only read.
"""

import logging
from collections.abc import AsyncIterator
from io import BufferedReader
from typing import Final

import msgspec
from msgspec import Struct

from hushui.actions.bundle import VERSION, Fault, Found, Said, look_into
from hushui.actions.parts import Caller, Parts, demand
from hushui.domain import access
from hushui.errors import BadRequest, BodyTooLarge, NotFound
from hushui.storage.rescue import Handed, Rescue
from hushui_sync.limits import RESCUE_BYTES

log = logging.getLogger("hushui")

STALE_S: Final = 24 * 3600
NAME: Final = 200
"""Characters kept of a file's name."""
GATHERED: Final = 1 << 20


class FeedView(Struct, frozen=True):
    """Lines ``first`` to ``last`` of a device; ``person``: whose it is in the ledger, null: no
    device of this organisation. ``other``: the ledger has another line in the place of one."""

    device: str
    person: str | None
    first: int
    last: int
    lines: int
    held: int
    other: bool


class BundleView(Struct, frozen=True):
    """``said_org`` and below up to ``made``: what the file says of itself, null where it cannot be
    read. ``held`` of lines and photos: what the ledger has already. ``whole``: nothing is wrong
    with it. ``since``, ``until``: phone times of its lines. ``gone``: photos that its lines name
    and nobody has."""

    sha256: str
    size: int
    handed: tuple[Handed, ...]
    whole: bool
    faults: tuple[Fault, ...]
    org: str
    person: str | None
    name: str | None
    made: int | None
    since: int | None
    until: int | None
    feeds: tuple[FeedView, ...]
    lines: int
    lines_held: int
    photos: int
    photos_held: int
    photos_gone: int


class BundleList(Struct, frozen=True):
    """Newest first."""

    bundles: tuple[BundleView, ...]
    bytes_max: int


def demand_adopter(parts: Parts, caller: Caller) -> None:
    """Whoever answers for lines that were not accepted; what is in a bundle is of that sort."""
    demand(access.may(parts.rights(caller.active()), "adopt", "entry", "others"))


async def take_in(
    parts: Parts, caller: Caller, name: str, size: int | None, body: AsyncIterator[bytes]
) -> BundleView:
    """To the disk as it comes; what was cut off on its way here is dropped, its sender hears so."""
    demand_adopter(parts, caller)
    if size is not None and size > RESCUE_BYTES:
        raise BodyTooLarge
    shelf = Rescue(parts.files.root)
    coming = await parts.aside(shelf.begin, parts.ports.new_id(), size or RESCUE_BYTES)
    try:
        gathered, total = bytearray(), 0
        async for piece in body:
            gathered += piece
            total += len(piece)
            if total > RESCUE_BYTES:
                raise BodyTooLarge
            if len(gathered) >= GATHERED:
                await parts.aside(coming.write, bytes(gathered))
                gathered.clear()
        if total == 0:
            raise BadRequest("body")
        await parts.aside(coming.write, bytes(gathered))
        handed = Handed(caller.person, parts.ports.now(), name[:NAME])
        sha256 = await parts.aside(coming.keep, caller.org, handed)
    except BaseException:
        coming.drop()
        raise
    return await parts.aside(_view, parts, shelf, caller.org, sha256)


def listed(parts: Parts, caller: Caller) -> BundleList:
    demand_adopter(parts, caller)
    shelf = Rescue(parts.files.root)
    found = [_view(parts, shelf, caller.org, name) for name in shelf.names(caller.org)]
    found.sort(key=lambda it: (it.handed[0].at if it.handed else 0, it.sha256), reverse=True)
    return BundleList(tuple(found), RESCUE_BYTES)


def open_bundle(parts: Parts, caller: Caller, sha256: str) -> BufferedReader:
    demand_adopter(parts, caller)
    file = Rescue(parts.files.root).open(caller.org, sha256)
    if file is None:
        raise NotFound
    return file


async def sweep(parts: Parts) -> None:
    await parts.aside(Rescue(parts.files.root).sweep, parts.ports.now() / 1000 - STALE_S)


def _view(parts: Parts, shelf: Rescue, org: str, sha256: str) -> BundleView:
    found = _found(shelf, org, sha256)
    said = found.said if found.said is None or found.said.org == org else None
    with parts.store.reading():
        feeds = _feeds(parts, org, found)
        names = {name for name, _ in found.blobs}
        held = {name for name in names | set(found.named) if parts.store.blob_held(org, name)}
    walls = [line.wall for line in found.lines if line.wall is not None]
    return BundleView(
        sha256=sha256,
        size=found.size,
        handed=tuple(shelf.handed(org, sha256)),
        whole=not found.faults and said is not None,
        faults=found.faults,
        org=_whose(org, found.said),
        person=said.person if said else None,
        name=said.name if said else None,
        made=said.made if said else None,
        since=min(walls, default=None),
        until=max(walls, default=None),
        feeds=feeds,
        lines=len(found.lines),
        lines_held=sum(feed.held for feed in feeds),
        photos=len(names),
        photos_held=len(names & held),
        photos_gone=len(set(found.named) - names - held),
    )


def _whose(org: str, said: Said | None) -> str:
    if said is None:
        return "unknown"
    return "own" if said.org == org else "other"


def _found(shelf: Rescue, org: str, sha256: str) -> Found:
    noted = shelf.found(org, sha256)
    if noted is not None:
        try:
            found = msgspec.json.decode(noted, type=Found)
            if found.version == VERSION:
                return found
        except msgspec.MsgspecError:
            pass  # it is found again
    file = shelf.open(org, sha256)
    if file is None:
        raise NotFound
    with file:
        found = _looked(file)
    shelf.note(org, sha256, msgspec.json.encode(found))
    return found


def _looked(file: BufferedReader) -> Found:
    """V10 holds here too: one that our own code trips over hides no other."""
    try:
        return look_into(file)
    except Exception:
        log.exception("a rescue bundle could not be read")
        return Found(VERSION, file.seek(0, 2), None, (), (), (), (Fault("internal"),))


def _feeds(parts: Parts, org: str, found: Found) -> tuple[FeedView, ...]:
    """Of another organisation's device nothing is known (A04)."""
    store, views = parts.store, []
    for id in dict.fromkeys(line.device for line in found.lines):
        device = store.device(id)
        person = device.person if device is not None and device.org == org else None
        lines = [line for line in found.lines if line.device == id]
        held, other = 0, False
        for line in lines:
            there = store.line(id, line.n) if person is not None else None
            known = store.entry(org, line.id) if line.id is not None else None
            is_held = (there is not None and there.hash == line.hash) or (
                known is not None and known.content == line.content
            )
            held += is_held
            other = other or (there is not None and not is_held)
        first, last = min(line.n for line in lines), max(line.n for line in lines)
        views.append(FeedView(id, person, first, last, len(lines), held, other))
    return tuple(views)
