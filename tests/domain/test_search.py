"""What a person types to find something, taken apart."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushui.domain.chainage import chainage_text
from hushui.domain.days import span
from hushui.domain.search import NEAR_M, choices_of, kinds_of, metres_of, terms

NOW = round(datetime(2026, 11, 22, 17, 30, tzinfo=UTC).timestamp() * 1000)
"""In Shanghai it is the 23rd already."""


@pytest.mark.parametrize(
    "text",
    [
        "K3+250",
        "k3+250",
        "3+250",
        "桩号K3+250",
        "桩号3+250",
        "Ｋ３＋２５０",
        "k3+250.00",
        "ZK3+250",
    ],
)
def test_a_chainage_in_any_spelling(text: str) -> None:
    (term,) = terms(text, NOW)
    assert term.chainage == (3250 - NEAR_M, 3250 + NEAR_M)
    assert term.text == "K3+250"


@pytest.mark.parametrize(
    ("text", "metres"),
    [("K0+000", 0), ("K3+50", 3050), ("K12+300.5", 12300.5), ("K3", None), ("3+2500", None)],
)
def test_metres_of_a_chainage(text: str, metres: float | None) -> None:
    assert metres_of(text) == metres


@given(st.integers(0, 9_999_999))
def test_every_chainage_that_is_written_is_read(metres: int) -> None:
    assert metres_of(chainage_text(metres)) == metres


@pytest.mark.parametrize(
    ("text", "first", "days"),
    [
        ("2026-11-22", date(2026, 11, 22), 1),
        ("2026/11/2", date(2026, 11, 2), 1),
        ("2026年11月22日", date(2026, 11, 22), 1),
        ("2026-11", date(2026, 11, 1), 30),
        ("2024年2月", date(2024, 2, 1), 29),
        ("11月", date(2026, 11, 1), 30),
        ("12月", date(2025, 12, 1), 31),
        ("2026年", date(2026, 1, 1), 365),
        ("2024年", date(2024, 1, 1), 366),
        ("11-22", date(2026, 11, 22), 1),
        ("11月22日", date(2026, 11, 22), 1),
        ("１１月２２日", date(2026, 11, 22), 1),
        ("12-31", date(2025, 12, 31), 1),
        ("2-29", date(2024, 2, 29), 1),
        ("今天", date(2026, 11, 23), 1),
        ("昨天", date(2026, 11, 22), 1),
        ("Yesterday", date(2026, 11, 22), 1),
    ],
)
def test_a_day_in_any_spelling(text: str, first: date, days: int) -> None:
    (term,) = terms(text, NOW)
    assert term.captured == span(first, days)
    assert (term.text, term.chainage) == (None, None)


NO_DAYS = ["2026-13-01", "13-40", "13月", "0000年", "2026-02-30", "K3", "1", "闸", "0000-01"]


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_and_no_chainage_is_a_word(text: str) -> None:
    (term,) = terms(text, NOW)
    assert (term.captured, term.chainage) == (None, None)
    assert term.text == text


def test_terms_are_parted_by_blanks_of_every_width() -> None:
    assert [term.text for term in terms(" 张河　管涌  渗水 ", NOW)] == ["张河", "管涌", "渗水"]
    assert terms("   ", NOW) == ()


def test_words_of_choices_lead_to_their_codes() -> None:
    assert ("hazard", "piping") in set(choices_of("管涌"))
    assert ("work", "salvage") in set(choices_of("打捞"))
    assert ("hazard", "major") in set(choices_of("Major"))
    assert ("hazard", "piping") in set(choices_of("涌"))
    assert not set(choices_of("龙"))
    assert not set(choices_of("e"))


def test_the_words_of_a_kind_lead_to_it() -> None:
    assert "patrol" in kinds_of("巡查")
    assert kinds_of("patrol") == ("patrol",)
    assert kinds_of("水雨情") == ("reading",)
    assert kinds_of("查") == ()


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    for term in terms(text, NOW):
        assert term.text is not None or term.captured is not None
        if term.text:
            list(choices_of(term.text))
