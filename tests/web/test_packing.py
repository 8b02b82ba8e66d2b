"""Which answers are gzipped: those that shrink, for who takes it, and never what goes in pieces."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from hushui.web.packing import BYTES_MIN, pack
from tests.support import ids
from tests.web.house import Handset, House

GZIP = {"Accept-Encoding": "br, gzip;q=0.9"}


@pytest.fixture
def phone(tmp_path: Path) -> Any:
    with House(tmp_path) as house:
        phone = house.enrol(house.patroller)
        for i in range(20):
            phone.hazard(f"hazard {i}")
        yield phone


def raw(phone: Handset, path: str, headers: dict[str, str]) -> tuple[dict[str, str], bytes]:
    """Headers and the bytes as they travelled."""
    asked = {**phone.headers, "Accept-Encoding": "identity", **headers}
    body = b"".join(line + b"\n" for line in phone.phone.lines) if "push" in path else b""
    with phone.house.client.stream("POST", path, content=body, headers=asked) as answer:
        assert answer.status_code == 200
        return dict(answer.headers), b"".join(answer.iter_raw())


def test_a_long_answer_is_packed_for_who_takes_it(phone: Handset) -> None:
    path = f"/api/sync/push?device={phone.device}&from=1"
    headers, packed = raw(phone, path, GZIP)
    assert headers["content-encoding"] == "gzip"
    assert "vary" not in headers, "nobody keeps the answer to a POST"
    assert int(headers["content-length"]) == len(packed)
    plain_headers, plain = raw(phone, path, {})
    assert "content-encoding" not in plain_headers
    told = json.loads(gzip.decompress(packed))["receipts"]
    assert told == json.loads(plain)["receipts"]
    assert [receipt["n"] for receipt in told] == list(range(1, 21))
    assert len(packed) < len(plain) / 2


def test_one_receipt_is_packed_as_it_is_worth_it(phone: Handset) -> None:
    phone.phone.lines = phone.phone.lines[:1]
    path = f"/api/sync/push?device={phone.device}&from=1"
    headers, packed = raw(phone, path, GZIP)
    plain = raw(phone, path, {})[1]
    assert int(headers["content-length"]) == len(packed) < len(plain) * 2 / 3
    told = json.loads(gzip.decompress(packed))["receipts"]
    assert told == json.loads(plain)["receipts"]


def test_what_does_not_shrink_goes_as_it_is(phone: Handset) -> None:
    headers, body = raw(phone, f"/api/sync/push?device={phone.device}&from=30", GZIP)
    assert "content-encoding" not in headers
    assert json.loads(body) == {"answer": "gap", "expected": 1}
    assert len(body) < BYTES_MIN


def test_an_answer_that_may_be_kept_says_what_it_varies_by(phone: Handset) -> None:
    answer = phone.send("GET", "/api/schema", headers=GZIP)
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == (
        "gzip",
        "Accept-Encoding",
    )


@pytest.mark.parametrize("size", [256, 4_096, 4_097, 65_536, 65_537, 300_000])
def test_what_is_packed_unpacks_to_the_same_whatever_its_size(size: int) -> None:
    body = (b"water level 3.14 m, " * (size // 20 + 1))[:size]
    packed = pack(body)
    assert gzip.decompress(packed) == body
    assert len(packed) < size / 2


def test_an_error_is_answered_through_it(phone: Handset) -> None:
    answer = phone.send("GET", f"/api/records/{ids.make('nothing')}", headers=GZIP)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
