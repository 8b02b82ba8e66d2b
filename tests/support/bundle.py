"""A rescue bundle as any packer writes it: not by the app's own code."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from tests.support import ids
from tests.support.phone import Phone


def about(org: str, person: str, phone: Phone, first: int, photos: Sequence[bytes]) -> Any:
    return {
        "format": "hushui-rescue",
        "v": 1,
        "made": ids.NOW,
        "app": "test",
        "org": org,
        "org_name": "四平市南北河管理中心",
        "person": person,
        "name": "张河",
        "feeds": [
            {
                "device": phone.device,
                "from": first,
                "lines": len(phone.lines) - first + 1,
                "head": {"n": phone.head.n, "hash": phone.head.hash},
            }
        ],
        "blobs": [
            {"sha256": digest(it), "size": len(it), "type": "image/jpeg", "here": True}
            for it in photos
        ],
    }


def members(
    org: str, person: str, phone: Phone, photos: Sequence[bytes] = (), first: int = 1
) -> dict[str, bytes]:
    said = about(org, person, phone, first, photos)
    lines = b"".join(line + b"\n" for line in phone.lines[first - 1 :])
    return {
        "bundle.json": json.dumps(said).encode(),
        f"feeds/{phone.device}/{first}.ndjson": lines,
        **{f"blobs/{digest(photo)}": photo for photo in photos},
    }


def packed(files: Mapping[str, bytes], method: int = ZIP_STORED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", method) as zip:
        for name, data in files.items():
            zip.writestr(name, data)
    return out.getvalue()


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()
