"""What the sync core is handed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushui.domain.policy import Domain
from hushui.kinds import KINDS
from hushui_sync.entry import Act, Op
from hushui_sync.policy import Policy
from tests.domain.build import EVERYBODY, PATROLLER, record

DOMAIN: Policy = Domain()
A, B, C = ("0" * 25 + end for end in "abc")


def test_every_kind_declared_is_known() -> None:
    assert all(DOMAIN.kind_known(kind) for kind in KINDS)
    assert not DOMAIN.kind_known("festival")


def test_a_kind_nobody_knows_names_nothing_and_decides_nothing() -> None:
    assert list(DOMAIN.references("festival", "put", {"zone": A})) == []
    assert not DOMAIN.is_decision("festival", "put")


def test_references_are_found_in_fields_lists_and_rows() -> None:
    patrol = {"zone": A, "companions": [B, C, B]}
    assert list(DOMAIN.references("patrol", "put", patrol)) == [A, B, C]
    points = [{"field": "x"}, {"photo": B}]
    assert list(DOMAIN.references("review", "put", {"target": A, "points": points})) == [A, B]
    visit = {"type": "visit", "checkpoint": C, "at": 1, "result": "normal"}
    assert list(DOMAIN.references("patrol", "add", visit)) == [C]
    assert list(DOMAIN.references("patrol", "put", {**visit, "zone": A})) == [A]
    assert list(DOMAIN.references("patrol", "put", {"zone": 3, "companions": "x"})) == []


def test_what_an_add_carries_is_checked_under_its_type() -> None:
    visit = {"type": "visit", "checkpoint": C, "at": 1, "result": "fine"}
    assert check("patrol", "add", visit, new=False) == ("unknown_choice", "result")
    assert check("patrol", "put", visit) == ("required", "started")
    later = {"type": "weather", "rain": 3}
    assert check("patrol", "add", later, new=False) is None


def check(
    kind: str, act: Act, written: dict[str, Any], *beside: Op, new: bool = True
) -> tuple[str, str] | None:
    op = Op(kind, A, act, written, {})
    return DOMAIN.check(op, written, [op, *beside], new=new)


def photo(slot: str, of: str = A) -> Op:
    return Op("photo", B, "put", {"subject": of, "slot": slot}, {})


UNSEEN = ("blocked", "no_photo_reason")
HEAVY = {"work_kind": "canal_desilt", "length_m": 10}
FLOATING = {"class": "floating"}


def test_a_work_comes_with_its_photos_before_and_after_or_says_why_not() -> None:
    assert check("work", "put", HEAVY) == UNSEEN
    assert check("work", "put", HEAVY, photo("before")) == UNSEEN
    assert check("work", "put", HEAVY, photo("before"), photo("after", of=C)) == UNSEEN
    assert check("work", "put", HEAVY, photo("after"), photo("before")) is None
    assert check("work", "put", {**HEAVY, "no_photo_reason": "夜里"}) is None
    assert check("work", "put", {**HEAVY, "no_photo_reason": ""}) == UNSEEN
    assert check("work", "put", HEAVY, new=False) is None, "its photos came with the first line"


def test_what_is_handled_on_the_spot_shows_it_and_what_is_only_there_is_taken_as_it_is() -> None:
    assert check("event", "put", FLOATING) is None
    assert check("event", "put", {**FLOATING, "handled_on_spot": True}) == UNSEEN
    assert check("hazard", "put", {"types": ["piping"], "nature": "acute"}) is None


@pytest.mark.parametrize(
    ("kind", "fields", "wanted"),
    [
        ("photo", {"subject": A}, A),
        ("review", {"target": B}, B),
        ("work", {"zone": A}, None),
        ("photo", {}, None),
    ],
)
def test_a_photo_and_a_review_follow_their_record(
    kind: str, fields: dict[str, str], wanted: str | None
) -> None:
    assert DOMAIN.subject(kind, fields) == wanted


def test_followers_travel_where_their_record_does() -> None:
    subject = record("work", scopes=("person:zhang", "zone:Z03"))
    assert list(DOMAIN.scopes("review", {}, "nbh", "zhou", subject)) == [
        "person:zhang",
        "person:zhou",
        "zone:Z03",
    ]


DECIDED = {
    *("review", "grant", "dispatch", "response", "notice"),
    *("member", "team", "branch", "post"),
    *("zone", "checkpoint", "object", "boat", "duty_shift", "device"),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_facts_are_no_decisions_and_everything_else_is(kind: str) -> None:
    fact = kind not in DECIDED
    for act in ("put", "add", "del", "undel"):
        assert DOMAIN.is_decision(kind, act) is not fact
    for act in ("settle", "adopt", "decline"):
        assert DOMAIN.is_decision(kind, act)


WHATEVER: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)


@given(st.data(), st.sampled_from(sorted(KINDS)), st.sampled_from(["put", "add", "del", "settle"]))
def test_whatever_comes_before_the_check_is_answered(
    data: st.DataObject, kind: str, act: str
) -> None:
    names = [*KINDS[kind].fields, "type"]
    fields = data.draw(st.dictionaries(st.sampled_from(names), WHATEVER))
    assert all(isinstance(name, str) for name in DOMAIN.references(kind, act, fields))
    subject = DOMAIN.subject(kind, fields)
    assert subject is None or isinstance(subject, str)
    assert all(isinstance(name, str) for name in DOMAIN.scopes(kind, fields, "o", "p", None))
    for who in EVERYBODY:
        for standing in (None, record(kind, fields=dict(KINDS[kind].valid))):
            assert DOMAIN.allowed(who, kind, act, standing, fields, None) in (True, False)


def test_a_zone_that_is_no_zone_raises_no_doubt_and_no_error() -> None:
    place = {"source": "gps", "lon": 124.3, "lat": 43.1}
    fields = {"work_kind": "salvage", "weight_t": 1, "zone": "Z03", "place": place}
    assert list(DOMAIN.flags("work", fields, PATROLLER, 1, 1, lambda _: {"name": "二队"})) == []


def test_doubts_reach_the_core() -> None:
    fields = {"work_kind": "salvage", "weight_t": 1, "zone": "Z09"}
    assert list(DOMAIN.flags("work", fields, PATROLLER, 1, 1, lambda _: None)) == ["outside_zone"]
