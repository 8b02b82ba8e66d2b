"""Uploads: tus 1.0 without its HTTP (section 13). A blob is named by the SHA-256 of its bytes."""

from hashlib import sha256 as hash_of
from typing import Final

from msgspec import Struct

from hushui.actions.parts import Caller, Parts
from hushui.errors import (
    BadRequest,
    BlobNotNamed,
    BodyTooLarge,
    HashMismatch,
    UploadGone,
    WrongOffset,
)
from hushui.ledger import BlobDone, Task
from hushui.storage.store import Store, Upload
from hushui_sync import ids
from hushui_sync.limits import BLOB_BYTES, UPLOAD_DAYS
from hushui_sync.messages import BlobReceipt
from hushui_sync.working import World

DAY_MS: Final = 24 * 3_600_000


class Standing(Struct, frozen=True):
    """Where an upload stands; the receipt once it is complete (B04)."""

    id: str
    offset: int
    length: int
    expires: int
    receipt: BlobReceipt | None = None


async def create(parts: Parts, caller: Caller, sha256: str, length: int, type: str) -> Standing:
    """The same device and blob always give the same upload, so that a lost answer costs nothing."""
    if length < 1:
        raise BadRequest("Upload-Length")
    if length > BLOB_BYTES:
        raise BodyTooLarge
    if not parts.store.blob_named(caller.org, sha256):
        raise BlobNotNamed
    now = parts.ports.now()
    upload = Upload(
        id=upload_id(caller.device.id, sha256),
        org=caller.org,
        device=caller.device.id,
        sha256=sha256,
        length=length,
        type=type[:100],
        expires=now + UPLOAD_DAYS * DAY_MS,
    )
    if parts.store.blob_held(caller.org, sha256) and parts.files.size(sha256) is not None:
        await _put(parts, upload)
        return await _complete(parts, caller, upload)
    known = parts.store.upload(upload.id)
    if known is None or known.length != length or parts.files.offset(upload.id) is None:
        await parts.aside(parts.files.begin, upload.id)
    await _put(parts, upload)
    return await end_append(parts, caller, upload, parts.files.offset(upload.id) or 0)


async def standing(parts: Parts, caller: Caller, upload_id: str) -> Standing:
    upload = _upload(parts, caller, upload_id)
    offset = parts.files.offset(upload.id)
    return await end_append(parts, caller, upload, upload.length if offset is None else offset)


async def begin_append(
    parts: Parts, caller: Caller, upload_id: str, offset: int, size: int | None
) -> Upload:
    """Looks at what is announced before a byte is read."""
    upload = _upload(parts, caller, upload_id)
    there = parts.files.offset(upload.id)
    if there is None:
        there = upload.length
    if offset != there:
        raise WrongOffset(there)
    if offset + (size or 0) > upload.length:
        raise BadRequest("Content-Length")
    return upload


async def append(parts: Parts, upload: Upload, offset: int, chunk: bytes) -> int:
    """Answers the new offset. Of two requests for one upload the later one goes on."""
    if offset + len(chunk) > upload.length:
        raise BadRequest("Content-Length")
    new = await parts.aside(parts.files.append, upload.id, offset, chunk)
    if new is None:
        raise WrongOffset(parts.files.offset(upload.id) or 0)
    return new


async def end_append(parts: Parts, caller: Caller, upload: Upload, offset: int) -> Standing:
    """Asked after every request: the one that brought the last byte may have been cut off."""
    if offset < upload.length:
        return Standing(upload.id, offset, upload.length, upload.expires)
    if await parts.aside(parts.files.complete, upload.id, upload.sha256) is False:
        there = parts.files.offset(upload.id) or 0
        if there < upload.length:  # seen while a write was under way that the disk then refused
            return Standing(upload.id, there, upload.length, upload.expires)
        await parts.aside(parts.files.begin, upload.id)
        raise HashMismatch
    return await _complete(parts, caller, upload)


async def sweep(parts: Parts) -> None:
    """Ends uploads that nobody went on with for 30 days; removes files that a kill left without
    their upload."""
    now = parts.ports.now()
    expired = parts.store.uploads_before(now)

    def end(store: Store, world: World) -> None:
        for upload in expired:
            store.end_upload(upload.id)

    if expired:
        await parts.commit(Task(end))
    for upload in expired:
        await parts.aside(parts.files.discard, upload.id)
    for id in parts.files.staged():
        # A new upload has its file a moment before it is in the store.
        if (parts.files.touched(id) or now) < now - DAY_MS and parts.store.upload(id) is None:
            await parts.aside(parts.files.discard, id)


def upload_id(device: str, sha256: str) -> str:
    return ids.to_text(int.from_bytes(hash_of(f"{device} {sha256}".encode()).digest()[:16], "big"))


def _upload(parts: Parts, caller: Caller, upload_id: str) -> Upload:
    upload = parts.store.upload(upload_id)
    mine = upload is not None and (upload.org, upload.device) == (caller.org, caller.device.id)
    if upload is None or not mine or upload.expires <= parts.ports.now():
        raise UploadGone
    return upload


async def _put(parts: Parts, upload: Upload) -> None:
    def put(store: Store, world: World) -> None:
        store.put_upload(upload)

    await parts.commit(Task(put))


async def _complete(parts: Parts, caller: Caller, upload: Upload) -> Standing:
    """The bytes lie under their name. Repeating it answers the same receipt."""
    size = parts.files.size(upload.sha256)
    if size is None:
        raise UploadGone
    receipt: BlobReceipt = await parts.commit(BlobDone(caller.device.id, upload.sha256, size))
    return Standing(upload.id, size, upload.length, upload.expires, receipt)
