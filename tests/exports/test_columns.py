"""The one rule of which columns a table has, and what stands in its cells."""

import json
import math
from datetime import datetime
from typing import Any

import pytest

from hushui.domain.cells import cell, shown, stretch
from hushui.domain.days import SHANGHAI, day_of, local, span
from hushui.exports import FORMATS
from hushui.kinds import KINDS
from hushui.kinds.columns import COMMON, columns, header
from hushui.kinds.fields import Field
from tests.exports.build import KINDS_AND_EXAMPLES, example, naming, row, table, written
from tests.support import ids


@pytest.mark.parametrize("code", KINDS)
def test_no_header_stands_twice_and_no_field_is_left_out(code: str) -> None:
    found = columns(KINDS[code])
    headers = [header(column) for column in found]
    assert len(set(headers)) == len(headers)
    assert [column.zh for column in found if column.zh == column.unit] == []
    names = [column.field for column in found if column.field is not None]
    assert list(dict.fromkeys(names)) == list(KINDS[code].fields)
    common = [column for column in found if column.field is None]
    assert common == [column for column in COMMON if column in common]


def test_only_what_can_be_reviewed_has_a_review() -> None:
    by_code = {code: [column.code for column in columns(kind)] for code, kind in KINDS.items()}
    assert "state" in by_code["hazard"]
    assert "state" not in by_code["member"]
    assert "zone" not in by_code["member"]
    first = ["id", "number", "author", "zone", "chainage", "captured", "received"]
    assert by_code["hazard"][:7] == first
    assert "number" not in by_code["work"]


OTHER_TYPES: tuple[Any, ...] = (
    "text", "", 0, 1.5, True, None, [], ["a", 1], [[1]], [["a", "b"]], [[1, 2]], [{}], {},
    {"lon": 124.3}, {"lon": "x", "lat": "y"}, {"lon": 124.3, "lat": None}, {"item": [1]},
    [{"item": {}, "answer": [], "note": 1}], -1, 10**30, float("nan"), float("inf"),
)  # fmt: skip
LISTING = ("rows", "choices", "refs")
FITS = ("geo", "line", "polygon")
FIELDS_OF_EACH_TYPE = {
    field.type: field for kind in KINDS.values() for field in kind.fields.values()
}


@pytest.mark.parametrize("field", FIELDS_OF_EACH_TYPE.values(), ids=lambda it: it.type)
def test_a_value_of_another_type_is_shown_as_it_was_written(field: Field) -> None:
    for value in OTHER_TYPES:
        said = shown(field, value, naming)
        assert said is None or isinstance(said, str | int | float | datetime), value
        if isinstance(value, str | list | dict) and value and field.type not in LISTING:
            assert said == (value if isinstance(value, str) else str(value)) or field.type in FITS


def test_what_fits_its_type_is_shown_as_ever() -> None:
    by_type = FIELDS_OF_EACH_TYPE
    assert shown(by_type["bool"], True, naming) == "是"
    assert shown(by_type["bool"], False, naming) == "否"
    assert shown(by_type["bool"], ["x"], naming) == "['x']"
    assert shown(by_type["line"], "河边", naming) == "河边"
    assert shown(by_type["geo"], {"lon": 124.3}, naming) == "{'lon': 124.3}"
    assert shown(by_type["geo"], {"source": "none"}, naming) is None


@pytest.mark.parametrize("code", KINDS)
def test_rows_of_other_types_are_still_rows_of_every_file(code: str) -> None:
    """One odd value does not cost the others their file."""
    rows = [row(code, dict.fromkeys(KINDS[code].fields, value)) for value in OTHER_TYPES]
    for format, shape in FORMATS.items():
        if shape.kinds is None or code in shape.kinds:
            assert written(format, code, rows)
    found = json.loads(written("geojson", code, rows))
    assert len(found["features"]) == len(rows)


ODD = ("\u202e", "\u2066", "\u2069", "\x07", "\x00", "\x1b", "\x7f", "\ud800")


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_what_turns_the_writing_or_rings_is_seen_and_does_nothing(odd: str) -> None:
    text = KINDS["hazard"].fields["note"]
    assert text.type == "text"
    found = row("hazard", {"note": f"坝{odd}顶", "types": [f"x{odd}"], "zone": f"z{odd}"})
    cells = table("hazard").cells(found)
    assert "坝�顶" in cells
    assert not [it for it in cells if isinstance(it, str) and odd in it]


def test_lines_stay_lines_and_letters_are_put_together() -> None:
    found = row("hazard", {"note": "一\n二\te\u0301"})
    assert "一\n二\té" in table("hazard").cells(found)


@pytest.mark.parametrize(("code", "number"), KINDS_AND_EXAMPLES)
def test_every_filled_field_of_an_example_fills_a_cell(code: str, number: int) -> None:
    fields = example(code, number)
    cells = dict(
        zip(
            [column.code for column in columns(KINDS[code])],
            table(code).cells(row(code, fields)),
            strict=True,
        )
    )
    for name, field in KINDS[code].fields.items():
        column = f"fields.{name}" + (".lon" if field.type == "geo" else "")
        value = fields.get(name)
        nothing = value in (None, "", []) or (field.type == "geo" and "lon" not in (value or {}))
        assert (cells[column] is None) == nothing, (column, value)


def words(kind: str, name: str, value: Any) -> Any:
    return shown(KINDS[kind].fields[name], value, naming)


def test_what_is_missing_is_empty_and_never_zero() -> None:
    for kind in KINDS.values():
        for name, field in kind.fields.items():
            for empty in (None, "", list[str]()):
                assert shown(field, empty, naming) is None, (kind.code, name)
    assert words("work", "people", 0) == 0
    assert words("work", "both_sides", False) == "否"
    assert words("hazard", "length_m", math.nan) is None


def test_codes_ids_and_rows_are_said_in_words() -> None:
    assert words("hazard", "types", ["piping", "breach"]) == "管涌、决口"
    assert words("hazard", "types", ["piping", "of_tomorrow"]) == "管涌、of_tomorrow"
    assert words("work", "companions", [ids.make("zhang"), "no id"]) == "张河、no id"
    tools = [{"name": "铁锹", "count": 3, "owner": "station"}, {"name": "绳", "count": 1}]
    assert words("work", "tools", tools) == "铁锹 3件 单位；绳 1件"
    ring = [[124.33, 43.17], [124.34, 43.17], [124.34, 43.18]]
    assert words("zone", "polygon", ring) == (
        "POLYGON ((124.33 43.17, 124.34 43.17, 124.34 43.18, 124.33 43.17))"
    )


def test_the_zone_is_that_of_the_record_or_where_it_travels() -> None:
    (zone,) = (column for column in COMMON if column.code == "zone")
    there = row("work", {"zone": ids.make("elsewhere")})
    assert cell(KINDS["work"], zone, there, naming) == ids.make("elsewhere")[-6:]
    assert cell(KINDS["work"], zone, row("work", {}), naming) == "南河中段"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, None),
        ({"chainage": 3250}, "K3+250"),
        ({"chainage": 3250.5}, "K3+250.50"),
        ({"chainage": 3250, "chainage_to": 3400}, "K3+250–K3+400"),
        ({"chainage": 0}, "K0+000"),
    ],
    ids=["none", "whole", "part", "stretch", "zero"],
)
def test_a_chainage_is_written_as_on_the_stakes(fields: dict[str, Any], text: str | None) -> None:
    assert stretch(fields) == text


def test_a_day_before_1970_is_shown() -> None:
    joined = KINDS["member"].fields["joined"]
    assert shown(joined, -600_000_000_000, naming) == local(-600_000_000_000)
    assert written("xlsx", "member", [row("member", {"joined": -600_000_000_000})])


def test_a_broken_clock_breaks_no_file() -> None:
    assert words("patrol", "started", 2**53 - 1) is None
    assert words("patrol", "started", 0) == datetime(1970, 1, 1, 8, tzinfo=SHANGHAI)


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    since, until = span(datetime(2026, 11, 22).date())
    assert local(since) == datetime(2026, 11, 22, tzinfo=SHANGHAI)
    assert since == 1_795_276_800_000, "2026-11-21T16:00Z"
    assert [day_of(at).day for at in (since - 1, since, until - 1, until)] == [21, 22, 22, 23]
