"""Reading a line (section 2): an Entry, or why it is none."""

import re
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from hushui_sync import ids, limits
from hushui_sync.formats import migrate

Id = Annotated[str, Meta(pattern=ids.PATTERN)]
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Milliseconds = Annotated[int, Meta(ge=-limits.INTEGER, le=limits.INTEGER)]
Act = Literal[
    "put", "add", "del", "undel", "settle", "abandon", "refer", "adopt", "decline", "leave"
]
Kind = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$(?!\n)")]
Field = Annotated[str, Meta(min_length=1, max_length=64)]
Base = Annotated[dict[Field, Id | None], Meta(max_length=limits.FIELDS_PER_OP)]
CONTACT: Final = r"^[0-7][0-9a-v]{25}:(0|[1-9][0-9]{0,15})$(?!\n)"
Contact = Annotated[str, Meta(pattern=CONTACT)]


class At(Struct, frozen=True):
    wall: Milliseconds
    mono: Milliseconds
    boot: Id
    offset: Milliseconds
    contact: Contact


class Op(Struct, frozen=True):
    kind: Kind
    record: Id
    act: Act
    set: Annotated[dict[Field, Any], Meta(max_length=limits.FIELDS_PER_OP)] = {}
    base: Base = {}


class Entry(Struct, frozen=True):
    v: Literal[1]
    device: Id
    n: Annotated[int, Meta(ge=1, le=limits.INTEGER)]
    prev: Hash
    id: Id
    at: At
    ops: Annotated[tuple[Op, ...], Meta(min_length=1, max_length=limits.OPS)]
    blobs: Annotated[tuple[Sha256, ...], Meta(max_length=limits.BLOBS_PER_ENTRY)] = ()
    replaces: Id | None = None


class Unread(Struct, frozen=True):
    """Kept raw and quarantined (E02, E03)."""

    code: Literal["unreadable", "line_too_long"]


class Malformed(Struct, frozen=True):
    """Readable, but not an entry (E04)."""

    field: str
    id: str | None = None
    prev: str | None = None


Read = Entry | Malformed | Unread

_PATH: Final = re.compile(r"at `\$\.?([^`]*)`")
_MISSING: Final = re.compile(r"required field `([^`]+)`")
_LONG_INTEGER: Final = re.compile(rb"[0-9]{16}")


def read(line: bytes) -> Read:
    if len(line) > limits.LINE_BYTES:
        return Unread("line_too_long")
    try:
        line.decode()
        value = msgspec.json.decode(line)
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        return Unread("unreadable")
    if _too_deep(line, value) or (b"\\u0000" in line and _has_nul(value)):
        return Unread("unreadable")
    if not isinstance(value, dict):
        return Malformed("")
    if _LONG_INTEGER.search(line) and (path := _big_integer(value)):
        return _malformed(value, path)
    try:
        return msgspec.convert(migrate(value), Entry)
    except msgspec.ValidationError as error:
        return _malformed(value, _culprit(str(error)))


def content(entry: Entry) -> bytes:
    """What makes two lines with one id the same line (P08)."""
    return msgspec.json.encode(
        (entry.ops, entry.blobs, entry.replaces, entry.at.wall), order="sorted"
    )


def _malformed(value: dict[str, Any], field: str) -> Malformed:
    prev = value.get("prev")
    well_formed = isinstance(prev, str) and re.fullmatch(r"[0-9a-f]{32}", prev) is not None
    known = value.get("id")
    return Malformed(field, known if ids.is_id(known) else None, prev if well_formed else None)


def _culprit(message: str) -> str:
    path = _PATH.search(message)
    missing = _MISSING.search(message)
    # msgspec does not name the key of a dict.
    inside = path.group(1).removesuffix("[...]") if path else ""
    parts = [inside, missing.group(1) if missing else ""]
    return ".".join(part for part in parts if part)


def _too_deep(line: bytes, value: Any) -> bool:
    if line.count(b"[") + line.count(b"{") <= limits.DEPTH:
        return False
    level = [value]
    for _ in range(limits.DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return any(isinstance(value, dict | list) for value in level)


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict) and any("\0" in key for key in value):
        return True
    return any(_has_nul(child) for child in _children(value))


def _big_integer(value: Any, path: str = "") -> str:
    if isinstance(value, int) and abs(value) > limits.INTEGER:
        return path
    is_dict = isinstance(value, dict)
    for name, child in value.items() if is_dict else enumerate(_children(value)):
        inside = f"{path}.{name}" if is_dict else f"{path}[{name}]"
        if found := _big_integer(child, inside.removeprefix(".")):
            return found
    return ""
