"""The shapes of demo data, and ids that are the same every time."""

from hashlib import sha256
from typing import Any, Literal

from msgspec import Struct

from hushui.demo.pictures import HEIGHT, WIDTH, Slot, picture
from hushui_sync.entry import Op
from hushui_sync.ids import uuid7

SINCE = 1_767_225_600_000
"""2026-01-01 00:00 UTC: when the demo organisations begin."""

PASSWORD = "hushui-2026"


class Put(Struct, frozen=True):
    """One entry to be written: by whom, when, and what. ``blobs`` are bytes the fields name,
    ``photos`` the slots of the pictures that come with it."""

    author: str
    at: int
    kind: str
    record: str
    fields: dict[str, Any]
    act: Literal["put", "add"] = "put"
    blobs: tuple[bytes, ...] = ()
    photos: tuple[Slot, ...] = ()

    def ops(self) -> list[Op]:
        return [
            Op(self.kind, self.record, self.act, self.fields),
            *(photo(self, slot) for slot in self.photos),
        ]


class Account(Struct, frozen=True):
    login: str
    person: str
    password: str = PASSWORD


class Demo(Struct, frozen=True):
    """The first of ``reference`` makes ``admin``: somebody must let him. ``phones`` are the people
    who get an enrolment code."""

    id: str
    code: str
    name: str
    admin: str
    reference: tuple[Put, ...]
    accounts: tuple[Account, ...]
    phones: tuple[str, ...]
    demo: bool = True
    note: str = "演示数据"


def photo(put: Put, slot: Slot) -> Op:
    """As a camera would have said it, half an hour before and at the end of the work."""
    bytes, taken = picture(slot, put.record), put.at - 30 * 60_000 * (slot == "before")
    fields = {
        "subject": put.record,
        "slot": slot,
        "sha256": sha256(bytes).hexdigest(),
        "width": WIDTH,
        "height": HEIGHT,
        "size": len(bytes),
        "taken": taken,
        "note": "演示图，不是照片",
    }
    if "place" in put.fields:
        fields["place"] = {**put.fields["place"], "at": taken}
    return Op("photo", id_of(f"photo {put.record} {slot}", taken), "put", fields)


def id_of(name: str, at: int = SINCE) -> str:
    """The same id for the same name and time."""
    return uuid7(at, sha256(name.encode()).digest()[:10])


def device_of(person: str) -> str:
    """A device id for somebody whose demo records must come from a device of his own."""
    return id_of(f"device {person}")
