"""Between the columns of a row and the values of the sync core."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct, structs

from hushui_sync.messages import BlobReceipt, Receipt
from hushui_sync.rows import receipt_plain
from hushui_sync.world import Device, KnownEntry, Line, Record, Review, Right, Spot


def columns(table: str, sort: type[Struct]) -> str:
    """The columns of a table that is named after a value, in the order of its members."""
    return ", ".join(f"{table}.{name}" for name in sort.__struct_fields__)


LINE: Final = columns("line", Line)
ENTRY: Final = columns("entry", KnownEntry)
DEVICE: Final = columns("device", Device)
RIGHT: Final = columns("holding", Right)
SPOT: Final = columns("spot", Spot)
RECEIPT: Final = "receipt.json, receipt.chain"

Columns = Sequence[Any]

_receipt: Final = msgspec.json.Decoder(Receipt)
_blob_receipt: Final = msgspec.json.Decoder(BlobReceipt)
_record: Final = msgspec.json.Decoder(Record)


def line(row: Columns) -> Line:
    return Line(*row)


def device(row: Columns) -> Device:
    return Device(*row)


def right(row: Columns) -> Right:
    return Right(*row)


def entry(row: Columns) -> KnownEntry:
    return structs.replace(KnownEntry(*row), abandoned=bool(row[-1]))


def spot(row: Columns) -> Spot:
    scope, record, org, position, rev, gone, body = row
    return Spot(scope, record, org, position, rev, bool(gone), body)


def receipt(row: Columns) -> Receipt:
    return structs.replace(_receipt.decode(row[0]), chain=row[1])


def blob_receipt(row: Columns) -> BlobReceipt:
    return structs.replace(_blob_receipt.decode(row[0]), chain=row[1])


def receipt_json(receipt: Receipt | BlobReceipt) -> bytes:
    """Without ``chain``: the bytes R02 hashes."""
    return msgspec.json.encode(receipt_plain(receipt))


def positions_text(positions: Sequence[tuple[str, int]]) -> str:
    """As R02 joins them."""
    return ",".join(f"{scope}={position}" for scope, position in sorted(positions))


def record(inner: bytes) -> Record:
    return _record.decode(inner)


def inner(record: Record) -> bytes:
    return msgspec.json.encode(record)


def state(version: int, review: Review | None) -> str:
    """pending, or the decision about the version that stands."""
    return review.decision if review is not None and review.version == version else "pending"
