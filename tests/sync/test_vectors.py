"""What both languages must agree on, byte for byte."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hushui_sync import clock, digest, feed, ids
from hushui_sync.entry import At, Op
from hushui_sync.messages import Receipts
from tests.support.books import Books

VECTORS = Path(__file__).parents[2] / "sync/vectors"


def cases(name: str) -> pytest.MarkDecorator:
    """Each case under its name: what goes in, what comes out."""
    found = json.loads((VECTORS / f"{name}.json").read_bytes())["cases"]
    assert found
    return pytest.mark.parametrize(
        ("given", "out"), [pytest.param(c["in"], c["out"], id=c["name"]) for c in found]
    )


@cases("ids")
def test_an_id_is_written_in_26_digits(given: Any, out: Any) -> None:
    if out is None:
        assert not ids.is_id(given["text"])
        with pytest.raises(ValueError, match="not an id"):
            ids.to_number(given["text"])
    elif "number" in given:
        assert ids.to_text(int(given["number"], 16)) == out["id"]
        assert ids.to_number(out["id"]) == int(given["number"], 16)
    else:
        assert ids.uuid7(given["wall"], bytes.fromhex(given["random"])) == out["id"]


@cases("line-hash")
def test_E01_a_line_is_hashed_over_its_bytes(given: Any, out: Any) -> None:
    repeated = given.get("repeat", "").encode() * given.get("times", 0)
    assert feed.line_hash(repeated or b64decode(given.get("base64", ""))) == out


@cases("chain")
def test_C01_C03_every_line_is_the_new_head(given: Any, out: Any) -> None:
    head = feed.Head(**given["head"])
    heads = feed.chain(head, [b64decode(line) for line in given["lines"]])
    assert heads == [feed.Head(**head) for head in out]


@cases("capture")
def test_C01_E01_E04_capture_writes_the_same_bytes(given: Any, out: Any) -> None:
    draft = unfolded(given["draft"])

    def capture() -> bytes:
        return feed.capture(
            feed.Head(**given["head"]),
            given["device"],
            msgspec.convert(given["at"], At),
            draft["id"],
            # As they are: the vectors hold what no reader would take.
            [Op(**op) for op in draft["ops"]],
            draft["blobs"],
            draft.get("replaces"),
        )

    if "error" in out:
        with pytest.raises(feed.CaptureError, match=out["error"]):
            capture()
        return
    line = capture()
    assert line.decode() == unfolded(out.get("text", line.decode()))
    assert (given["head"]["n"] + 1, feed.line_hash(line)) == (out["n"], out["hash"])


def unfolded(value: Any) -> Any:
    if isinstance(value, dict) and "$repeat" in value:
        return value["$repeat"] * value["times"]
    if isinstance(value, dict):
        return {name: unfolded(child) for name, child in value.items()}
    return [unfolded(child) for child in value] if isinstance(value, list) else value


READING = json.loads((VECTORS / "reading.json").read_bytes())


@cases("reading")
def test_E02_E03_E04_what_is_said_of_bytes(given: Any, out: Any) -> None:
    books = Books()
    phone = books.phone(books.person("li"), "phone", device=READING["device"])
    answer = books.take(phone, READING["n"], [reading(given)])
    assert isinstance(answer, Receipts)
    (receipt,) = answer.receipts
    said = (receipt.verdict, receipt.code, receipt.field)
    if out["verdict"] is None:
        assert receipt.code not in ("unreadable", "line_too_long", "malformed", "internal"), said
    else:
        assert said == (out["verdict"], out["code"], out["field"])


def reading(given: Any) -> bytes:
    if "text" in given:
        return bytes(given["text"].encode())
    if "base64" in given:
        return b64decode(given["base64"])
    if "repeat" in given:
        return b"".join(part.encode() * given["times"] for part in given["repeat"])
    base = READING["base"].encode()
    filled = b"x" * (given["bytes"] - len(base))
    return bytes(base.replace(b'"note":""', b'"note":"' + filled + b'"'))


@cases("clock")
def test_T03_T05_the_time_of_a_line(given: Any, out: Any) -> None:
    if "flags" in out:
        assert clock.clock_flags(**given) == out["flags"]
    else:
        assert clock.effective(**given) == out["eff"]


@cases("digest")
def test_G01_G02_digests_and_buckets(given: Any, out: Any) -> None:
    members = [(record, rev) for record, rev in given]
    assert digest.text(digest.scope_digest(members)) == out["digest"]
    told = [digest.text(digest.member(record, rev)) for record, rev in members]
    assert told == out["members"]
    assert [digest.bucket(record) for record, _ in members] == out["bucketOf"]
    pieces = [b64decode(out["buckets"].get(str(i), "AAAAAA==")) for i in range(256)]
    assert digest.buckets(members) == b"".join(pieces)


@cases("receipt-chain")
def test_R02_receipts_are_chained(given: Any, out: Any) -> None:
    positions = [(scope, position) for scope, position in given["positions"]]
    assert feed.receipt_chain(given["previous"], given["receipt"].encode(), positions) == out
