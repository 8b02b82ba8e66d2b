"""A05, A06: what a review of which version does to which state."""

import pytest

from hushui.domain.workflow import STEPS, decide, state
from tests.domain.build import review

STATES = ("approved", "returned", "rejected")


@pytest.mark.parametrize("now", STATES)
@pytest.mark.parametrize("asked", STATES)
def test_a05_a_step_from_the_state_seen_is_applied_if_the_table_has_it(
    now: str, asked: str
) -> None:
    got = decide(review(now), 1, asked, 1, "E1")
    if asked == now:
        assert got == ("noop", "already")
    elif (now, asked) in STEPS:
        assert got == ("applied", None)
    else:
        assert got == ("refused", "decided")


@pytest.mark.parametrize("asked", STATES)
def test_a05_what_waits_can_be_decided_any_way(asked: str) -> None:
    assert decide(None, 1, asked, 1, None) == ("applied", None)


@pytest.mark.parametrize("now", STATES)
@pytest.mark.parametrize("asked", STATES)
@pytest.mark.parametrize("seen", [None, "E0"])
def test_a05_a_decision_that_did_not_see_the_present_one_is_refused_or_agrees(
    now: str, asked: str, seen: str | None
) -> None:
    wanted = ("noop", "already") if now == asked else ("refused", "decided")
    assert decide(review(now), 1, asked, 1, seen) == wanted


@pytest.mark.parametrize("before", STATES)
def test_a_new_version_waits_again(before: str) -> None:
    assert state(review(before), 2) == "pending"
    assert decide(review(before), 2, "approved", 2, "E1") == ("applied", None)
    assert decide(review(before), 2, "approved", 2, None) == ("applied", None)


@pytest.mark.parametrize("decision", STATES)
def test_a06_the_same_word_about_the_older_version_changes_nothing(decision: str) -> None:
    assert decide(review(decision), 2, decision, 1, "E1") == ("noop", "already")


@pytest.mark.parametrize("asked", STATES)
def test_a06_a_decision_about_another_version_waits_for_its_author(asked: str) -> None:
    assert decide(None, 2, asked, 1, None) == ("held", "older_version")
    assert decide(None, 1, asked, 2, None) == ("held", "older_version")
    other = next(word for word in STATES if word != asked)
    assert decide(review(other), 2, asked, 1, "E1") == ("held", "older_version")


def test_nothing_returns_to_waiting_by_a_decision() -> None:
    assert {to for _, to in STEPS} == set(STATES)
