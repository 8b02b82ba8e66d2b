"""Apps of any age: entries of every format released so far, unknown kinds, unknown fields."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import pytest

from hushui.domain.policy import Domain
from hushui.kinds import KINDS
from hushui_sync import formats
from hushui_sync.entry import Act, Entry, Malformed, read
from hushui_sync.feed import line_hash
from hushui_sync.rows import body
from tests.support import ids
from tests.support.books import Books
from tests.support.phone import Phone, hazard, op

VECTORS = Path(__file__).parents[2] / "sync/vectors"
RELEASED = {1: "c1e4ec4a1aef8f195fcded4e80035237647d254ab40986cbef57e52dd4baa78d"}
"""SHA-256 of the lines of each format. What was released is never written anew."""
RECORD = ids.make("record")


def golden(v: int) -> Any:
    return json.loads((VECTORS / f"format-{v}.json").read_bytes())


def lines_of(v: int) -> list[bytes]:
    return [it["line"].encode() for it in golden(v)["lines"]]


@pytest.mark.parametrize("v", RELEASED)
def test_E01_the_golden_lines_of_a_released_format_are_never_written_anew(v: int) -> None:
    assert sha256(b"\n".join(lines_of(v))).hexdigest() == RELEASED[v]


def test_E04_every_released_format_has_its_golden_lines_and_its_step_upward() -> None:
    assert set(RELEASED) == set(range(1, formats.CURRENT + 1))
    assert set(formats.STEPS) == set(range(1, formats.CURRENT))


def test_E06_the_golden_lines_hold_every_act() -> None:
    acts = {it["act"] for line in lines_of(1) for it in json.loads(line)["ops"]}
    assert acts == set(get_args(Act)) - {"leave"}, "no phone captures what the server decides"


@pytest.mark.parametrize("v", RELEASED)
def test_E01_E04_V08_lines_of_a_released_format_are_judged_as_they_were(v: int) -> None:
    books, told = Books(), golden(v)
    people = {name: books.person(name, *roles) for name, roles in told["people"]}
    phones: dict[str, Phone] = {}
    named = []
    for it in told["lines"]:
        line = it["line"].encode()
        entry = read(line)
        assert isinstance(entry, Entry)
        if entry.device not in phones:
            phones[entry.device] = books.phone(people[it["person"]], "old", device=entry.device)
        books.take(phones[entry.device], entry.n, [line])
        named.append((entry.device, entry.n))
    newest = [books.world.newest(*name) for name in named]
    assert [[it.verdict, it.code, it.field] for it in newest if it] == told["receipts"]
    records = {
        id: json.loads(body(record))
        for id, record in books.world.changes.records.items()
        if record.kind != "member"
    }
    assert records == told["records"]


# older and newer ----------------------------------------------------------------------------------
@pytest.fixture
def format_0(monkeypatch: pytest.MonkeyPatch) -> None:
    """An invented format before the first: one op without its list, the photo alone."""

    def upward(value: dict[str, Any]) -> dict[str, Any]:
        rest = {name: it for name, it in value.items() if name not in ("op", "photo")}
        photos = [value["photo"]] if "photo" in value else []
        return {**rest, "v": 1, "ops": [value["op"]], "blobs": photos}

    monkeypatch.setitem(formats.STEPS, 0, upward)


def written(phone: Phone, v: Any, **changes: Any) -> bytes:
    """The next line of the phone as another format would write it."""
    phone.capture(hazard(RECORD, note="冒水"))
    value = json.loads(phone.lines.pop())
    value = {name: it for name, it in value.items() if name not in ("ops", "blobs")} | changes
    line = json.dumps({**value, "v": v}).encode()
    phone.raw(line)
    return line


def old_line(phone: Phone) -> bytes:
    set = {"types": ["piping"], "nature": "acute", "note": "冒水"}
    made = {"kind": "hazard", "record": RECORD, "act": "put", "set": set}
    return written(phone, 0, op=made, photo="ab" * 32)


@pytest.mark.usefixtures("format_0")
def test_E01_E04_a_line_of_an_older_format_is_kept_as_it_is_and_read_as_if_written_today() -> None:
    books = Books()
    phone = books.phone(books.person("li"), "old app")
    line = old_line(phone)
    phone.capture(op("hazard", RECORD, note="浑水"))  # the app was renewed in the middle of a feed
    books.push(phone)
    assert books.newest(phone, 1) == books.newest(phone, 2) == ("applied", None, None)
    stored = books.world.line(phone.device, 1)
    assert stored is not None
    assert (stored.bytes, stored.hash) == (line, line_hash(line))
    assert books.record(RECORD).fields["note"] == "浑水"
    assert books.world.naming(books.device(phone).org, "ab" * 32) == [RECORD]
    again = books.receipts(phone, 1)
    assert [it.number for it in again] == [1, 2], "P04: it is the same line"


def test_E04_a_format_that_no_step_knows_is_refused_and_names_its_v() -> None:
    books = Books()
    phone = books.phone(books.person("li"), "old app")
    old_line(phone)
    phone.capture(hazard(ids.make("after")))
    first, second = books.receipts(phone)
    assert (first.verdict, first.code, first.field) == ("refused", "malformed", "v")
    assert second.verdict == "applied"


@pytest.mark.usefixtures("format_0")
@pytest.mark.parametrize("v", [2, -1, 0.0, "0", None, True, [0]])
def test_E04_nothing_but_a_known_number_is_a_format(v: Any) -> None:
    phone = Phone(ids.make("phone"))
    parsed = read(written(phone, v, ops=[{"kind": "hazard", "record": RECORD, "act": "put"}]))
    if type(v) is bool or v == 1:
        assert isinstance(parsed, Malformed | Entry)
    else:
        assert isinstance(parsed, Malformed)
        assert parsed.field == "v"


# unknown fields ---------------------------------------------------------------------------------
def test_V08_a_field_that_only_a_newer_app_knows_outlives_an_edit_by_an_older_one() -> None:
    """What the server does with it; `overlay.test.ts` has the phone's side."""
    kind = KINDS["hazard"]
    assert "colour" not in kind.fields
    books = Books(Domain())
    newer = books.phone(books.person("li"), "newer app")
    older = books.phone(books.device(newer).person, "older app")
    first = newer.capture(hazard(RECORD, colour={"of": ["the", "water"]}, note="一"))
    books.push(newer)
    seen = json.loads(body(books.record(RECORD)))
    assert seen["fields"]["colour"] == {"of": ["the", "water"]}
    older.capture(op("hazard", RECORD, note="二", base={"note": seen["stamps"]["note"]}))
    assert seen["stamps"]["note"] == first
    assert books.verdict(older) == ("applied", None)
    after = json.loads(body(books.record(RECORD)))
    assert after["fields"] == {**seen["fields"], "note": "二"}
    assert after["stamps"]["colour"] == first
