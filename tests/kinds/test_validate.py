"""Hard limits: what they refuse, and what they let pass on purpose."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushui.kinds import KINDS
from hushui.kinds.describe import broken, validate
from hushui.kinds.kind import Kind, Wrong

CODES = {"wrong_type", "out_of_range", "too_long", "unknown_choice", "required"}
EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
HAZARD, WORK, REVIEW = (KINDS[code].fields for code in ("hazard", "work", "review"))

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["source", "lon", "lat", "acc", "count", "name", "x"]), inner
        )
    ),
    max_leaves=8,
)


def refusal(kind: Kind, values: dict[str, Any]) -> tuple[str, str] | None:
    """As the server answers: the hard limits, then the rules that block."""
    fault = validate(kind.fields, values, new=True)
    blocked = (rule for rule in broken(kind, values, new=True) if rule.effect == "block")
    return fault or next((("blocked", rule.field) for rule in blocked), None)


def asked(kind: Kind, values: dict[str, Any]) -> list[tuple[str, str]]:
    return [(r.code, r.field) for r in broken(kind, values, new=True) if r.effect == "ask"]


@EVERY_KIND
def test_the_valid_examples_are_valid_and_nothing_is_asked(kind: Kind) -> None:
    for example in (kind.valid, *kind.also):
        assert refusal(kind, example) is None, example
        assert asked(kind, example) == [], example


@EVERY_KIND
def test_every_field_and_choice_that_shows_fields_stands_in_a_valid_example(kind: Kind) -> None:
    choosers = {field.shown.field for field in kind.fields.values() if field.shown}
    if choosers & {"types", "work_kind"}:
        for name, field in kind.fields.items():
            if field.shown:
                assert any(name in example for example in (kind.valid, *kind.also)), name
        for chooser in choosers:
            met = [example.get(chooser) for example in (kind.valid, *kind.also)]
            for choice in kind.fields[chooser].choices:
                assert any(choice.code == it or choice.code in (it or ()) for it in met)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [(kind, wrong) for kind in KINDS.values() for wrong in kind.wrong],
    ids=lambda item: item.code,
)
def test_a_wrong_example_is_refused_with_its_code_and_field(kind: Kind, wrong: Wrong) -> None:
    assert refusal(kind, wrong.fields) == (wrong.code, wrong.field)


@pytest.mark.parametrize(
    ("kind", "doubtful"),
    [(kind, doubtful) for kind in KINDS.values() for doubtful in kind.doubtful],
    ids=lambda item: item.code,
)
def test_a_doubtful_example_is_taken_and_asked_about(kind: Kind, doubtful: Wrong) -> None:
    assert refusal(kind, doubtful.fields) is None
    assert asked(kind, doubtful.fields) == [(doubtful.code, doubtful.field)]


@EVERY_KIND
def test_every_rule_and_every_condition_has_an_example(kind: Kind) -> None:
    examples = [wrong.fields for wrong in (*kind.wrong, *kind.doubtful)]
    spoken = {rule.code for values in examples for rule in broken(kind, values, new=True)}
    assert spoken == {rule.code for rule in kind.rules}


@EVERY_KIND
def test_the_wrong_examples_are_wrong_in_different_ways(kind: Kind) -> None:
    assert len({wrong.code for wrong in kind.wrong}) >= 2
    assert len({wrong.field for wrong in kind.wrong}) >= 2


@EVERY_KIND
def test_unknown_fields_pass(kind: Kind) -> None:
    assert validate(kind.fields, {**kind.valid, "later": {"x": [1]}}, new=True) is None


def test_an_edit_may_write_one_field_alone() -> None:
    assert validate(WORK, {"note": "改"}, new=False) is None
    assert validate(WORK, {"note": "改"}, new=True) == ("required", "work_kind")


def test_null_clears_what_is_not_required() -> None:
    assert validate(WORK, {"note": None, "weight_t": None}, new=False) is None
    assert validate(WORK, {"work_kind": None}, new=False) == ("required", "work_kind")
    assert validate(KINDS["member"].fields, {"name": "  "}, new=False) == ("required", "name")


def test_a_reason_is_required_only_where_a_person_must_mend_something() -> None:
    judged = {"target": "0" * 26, "version": 1}
    assert validate(REVIEW, {**judged, "decision": "approved"}, new=True) is None
    for decision in ("returned", "rejected"):
        told = {**judged, "decision": decision}
        assert validate(REVIEW, told, new=True) == ("required", "reason")
        assert validate(REVIEW, {**told, "reason": "看不清"}, new=True) is None


def test_what_is_needed_may_stand_in_the_record_already() -> None:
    after = {"decision": "returned", "reason": "看不清"}
    assert validate(REVIEW, {"decision": "returned"}, new=False, after=after) is None


def test_a_place_without_a_position_is_honest_and_valid() -> None:
    assert validate(WORK, {"place": {"source": "none"}}, new=False) is None
    assert validate(WORK, {"place": {"source": "gps"}}, new=False) == ("wrong_type", "place")


def test_a_confused_position_is_no_reason_to_lose_a_fact() -> None:
    assert validate(WORK, {"place": {"source": "gps", "lon": 0, "lat": 0}}, new=False) is None


@pytest.mark.parametrize("started", [0, 1, 4_102_444_800_000])
def test_any_clock_is_accepted(started: int) -> None:
    assert validate(KINDS["patrol"].fields, {"started": started}, new=True) is None


@pytest.mark.parametrize(("value", "code"), [(24, None), (24.0, None), (24.01, "out_of_range")])
def test_limits_belong_to_the_range(value: float, code: str | None) -> None:
    assert validate(WORK, {"hours": value}, new=False) == (code and (code, "hours"))


def test_yes_is_not_a_number_and_one_is_not_yes() -> None:
    assert validate(WORK, {"people": True}, new=False) == ("wrong_type", "people")
    assert validate(HAZARD, {"open_through": 1}, new=False) == ("wrong_type", "open_through")


def test_a_line_break_does_not_slip_past_a_pattern() -> None:
    fields = KINDS["member"].fields
    assert validate(fields, {"phone": "13900000001\n"}, new=False) == ("wrong_type", "phone")
    assert validate(fields, {"phone": "1390000000１"}, new=False) == ("wrong_type", "phone")


def test_the_visit_and_the_segment_of_a_patrol_have_limits_too() -> None:
    visit, segment = (KINDS["patrol"].adds[name] for name in ("visit", "segment"))
    seen = {"checkpoint": "0" * 26, "at": 1, "result": "normal"}
    assert validate(visit, seen, new=True) is None
    assert validate(visit, {**seen, "result": "fine"}, new=True) == ("unknown_choice", "result")
    gap = {"from": 1, "to": 2, "gap": "screen_off"}
    assert validate(segment, gap, new=True) is None
    assert validate(segment, {"to": 2}, new=True) == ("required", "from")


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_whatever_comes_the_answer_is_a_known_code_or_nothing(
    code: str, data: st.DataObject
) -> None:
    fields = KINDS[code].fields
    values = data.draw(st.dictionaries(st.sampled_from(sorted(fields)), JSON))
    fault = validate(fields, values, new=data.draw(st.booleans()))
    assert fault is None or (fault[0] in CODES and fault[1] in fields)
