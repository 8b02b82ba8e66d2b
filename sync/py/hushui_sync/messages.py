"""What travels (sections 5 to 13), except lines, which are bytes."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from hushui_sync import limits
from hushui_sync.digest import BUCKET_BYTES, BUCKETS, EMPTY
from hushui_sync.digest import text as digest_text
from hushui_sync.entry import Contact, Hash, Id, Milliseconds
from hushui_sync.errors import Verdict

Count = Annotated[int, Meta(ge=0, le=limits.INTEGER)]
RowId = Annotated[str, Meta(max_length=80)]
Scope = Annotated[str, Meta(pattern=r"^(org|zone|team|person|device):[0-7][0-9a-v]{25}$(?!\n)")]


class Receipt(Struct, frozen=True, omit_defaults=True):
    epoch: str
    number: int
    device: str
    n: int
    entry: str | None
    verdict: Verdict
    code: str | None
    op: int | None
    field: str | None
    at: int
    rev: str | None
    waits: str | None
    chain: str = ""


class BlobReceipt(Struct, frozen=True):
    epoch: str
    number: int
    device: str
    blob: str
    size: int
    at: int
    chain: str = ""


class Known(Struct, frozen=True):
    n: int
    hash: str


class Pending(Struct, frozen=True):
    lines: Count = 0
    blobs: Count = 0


class Purged(Struct, frozen=True):
    scope: Scope
    rows: Count
    sealed: Count


class Storage(Struct, frozen=True):
    persisted: bool | None = None
    usage: Count | None = None
    quota: Count | None = None


class HeadClaim(Struct, frozen=True):
    n: Count
    hash: Hash


class HelloRequest(Struct, frozen=True):
    device: Id
    head: HeadClaim
    contact: Contact
    wall: Milliseconds
    app: Annotated[str, Meta(max_length=64)] = ""
    format: int = 1
    pending: Pending = Pending()
    storage: Storage = Storage()
    purged: Annotated[tuple[Purged, ...], Meta(max_length=64)] = ()


class Revoked(Struct, frozen=True):
    scope: str
    number: int


class Limits(Struct, frozen=True):
    line_bytes: int = limits.LINE_BYTES
    push_bytes: int = limits.PUSH_BYTES
    blob_bytes: int = limits.BLOB_BYTES


class HelloAnswer(Struct, frozen=True):
    epoch: str
    now: int
    contact: str
    known: Known
    grants: tuple[str, ...]
    revoked: tuple[Revoked, ...]
    limits: Limits = Limits()


class Receipts(Struct, frozen=True, tag_field="answer", tag="receipts"):
    epoch: str
    now: int
    contact: str
    receipts: tuple[Receipt, ...]


class Gap(Struct, frozen=True, tag_field="answer", tag="gap"):
    expected: int


class Fork(Struct, frozen=True, tag_field="answer", tag="fork"):
    n: int | None
    hash: str | None
    ticket: str = ""


class TooLarge(Struct, frozen=True, tag_field="answer", tag="too_large"):
    n: int


PushAnswer = Receipts | Gap | Fork | TooLarge


class Cursor(Struct, frozen=True):
    scope: Scope
    epoch: Id
    position: Count = 0
    digest: Annotated[str, Meta(max_length=64)] = digest_text(EMPTY)
    """Only ever compared: what is none differs."""
    after: RowId | None = None


class PullRequest(Struct, frozen=True):
    device: Id
    cursors: Annotated[tuple[Cursor, ...], Meta(max_length=limits.CURSORS_PER_PULL)] = ()
    bytes: Annotated[int, Meta(ge=1, le=limits.PULL_BYTES_MAX)] = limits.PULL_BYTES


class Row(Struct, frozen=True, omit_defaults=True):
    record: str
    rev: str
    body: Raw | None = None
    gone: bool = False


class Snapshot(Struct, frozen=True):
    position: int
    after: str | None


class Page(Struct, frozen=True):
    scope: str
    from_: int = msgspec.field(name="from")
    to: int = 0
    rows: tuple[Row, ...] = ()
    more: bool = False
    snapshot: Snapshot | None = None
    digest: str | None = None
    check: bool = False


class PullAnswer(Struct, frozen=True):
    epoch: str
    now: int
    contact: str
    grants: tuple[str, ...]
    revoked: tuple[Revoked, ...]
    heads: dict[str, int]
    pages: tuple[Page, ...]
    more: bool


Buckets = Annotated[
    bytes,
    Meta(min_length=BUCKETS * BUCKET_BYTES, max_length=BUCKETS * BUCKET_BYTES),
]


class CheckRequest(Struct, frozen=True, omit_defaults=True):
    device: Id
    scope: Scope
    epoch: Id
    position: Count
    buckets: Buckets | None = None
    records: Annotated[tuple[RowId, ...], Meta(max_length=limits.CHECK_RECORDS)] | None = None
    """In place of the buckets: whose rows are asked for."""


class Same(Struct, frozen=True, tag_field="answer", tag="same"):
    pass


class Behind(Struct, frozen=True, tag_field="answer", tag="behind"):
    head: int


class Differs(Struct, frozen=True, tag_field="answer", tag="differs"):
    buckets: tuple[int, ...]
    members: tuple[tuple[str, str], ...]
    """(record, rev): every live one of these buckets."""
    digest: str
    """Of the scope."""


class Rows(Struct, frozen=True, tag_field="answer", tag="rows"):
    rows: tuple[Row, ...]
    digest: str


CheckAnswer = Same | Behind | Differs | Rows


class RecordBody(Struct, frozen=True):
    """What a record's row says (section 10)."""

    kind: str
    fields: dict[str, Any]
    stamps: dict[str, str]
    adds: tuple[dict[str, Any], ...]
    deleted: bool
    version: int
    author: str
    device: str
    captured: int
    flags: tuple[str, ...]
    conflicts: tuple[dict[str, Any], ...]
    review: dict[str, Any] | None
    number: str | None = None
