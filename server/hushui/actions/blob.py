"""Reading blobs: through a record the caller may see, or an unaccepted line (B06)."""

import re
from typing import BinaryIO, Final

from hushui.actions.parts import Caller, Parts, is_office
from hushui.actions.records import may_see
from hushui.errors import NotFound

SHA256: Final = re.compile(r"[0-9a-f]{64}")
SIGNATURES: Final = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
)


def open_blob(parts: Parts, caller: Caller, sha256: str) -> BinaryIO:
    if not may_read(parts, caller.active(), sha256):
        raise NotFound
    file = parts.files.open(sha256)
    if file is None:
        raise NotFound
    return file


def may_read(parts: Parts, caller: Caller, sha256: str) -> bool:
    """That a line names a blob is not enough: its organisation must have sent the bytes (A04)."""
    store, org = parts.store, caller.org
    if not SHA256.fullmatch(sha256):
        return False
    with store.reading():
        if not store.blob_held(org, sha256):
            return False
        office = is_office(parts.rights(caller))
        lines = store.blob_lines(org, sha256)
        if any(office or line.author == caller.person for line, _ in lines):
            return True
        records = store.blob_records(org, sha256)
        return any(may_see(parts, caller, record) for record in records)


def media_type(head: bytes) -> str:
    """By the first bytes, never by what the sender claimed."""
    for at, mark, media in SIGNATURES:
        if head[at : at + len(mark)] == mark:
            return media
    return "application/octet-stream"
