"""The tables of the domain, by examples that both languages run; and the one state machine."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from hushui.kinds import cel
from hushui.kinds.machine import DECISIONS, OPEN, STATES, follow
from hushui.kinds.tables import TABLES

VECTORS = Path(__file__).parents[2] / "sync/vectors/tables.json"
EXAMPLES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))


def variables(values: dict[str, Any]) -> dict[str, Any]:
    """A table's figures are all decimals."""
    return {
        name: float(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in values.items()
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda it: f"{it['table']}-{it['row']}")
def test_an_example_falls_into_its_row(example: dict[str, Any]) -> None:
    row = cel.decide(TABLES[example["table"]], variables(example["values"]))
    assert (row and row.code) == example["row"]


@pytest.mark.parametrize("code", TABLES)
def test_every_table_has_examples(code: str) -> None:
    assert any(example["table"] == code and example["row"] for example in EXAMPLES)


def test_nothing_known_decides_nothing() -> None:
    assert [code for code, table in TABLES.items() if cel.decide(table, {})] == []


STATE_CODES = [state.code for state in STATES]
DECISION_CODES = [decision.code for decision in DECISIONS]
LEGAL = {
    "reported": "confirm reject suspend join",
    "confirmed": "dispatch treat suspend join",
    "dispatched": "dispatch treat suspend join",
    "treating": "dispatch finish suspend join",
    "repaired": "verify send_back suspend join",
    "verified": "close send_back suspend join",
    "suspended": "resume join",
    "reopened": "dispatch treat suspend join",
    "closed": "reopen",
    "rejected": "reopen",
    "joined": "",
}
"""What section 0.5 of the domain allows, typed a second time on purpose."""
AFTER = {
    "confirm": "confirmed",
    "reject": "rejected",
    "dispatch": "dispatched",
    "treat": "treating",
    "finish": "repaired",
    "verify": "verified",
    "send_back": "treating",
    "close": "closed",
    "suspend": "suspended",
    "resume": "confirmed",
    "join": "joined",
    "reopen": "reopened",
}


def test_the_states_and_decisions_are_those_of_the_domain() -> None:
    assert set(STATE_CODES) == set(LEGAL)
    assert set(DECISION_CODES) == set(AFTER)
    ended = {"closed", "rejected", "joined"}
    assert set(OPEN) == set(LEGAL) - ended


@pytest.mark.parametrize(("state", "decision"), list(product(STATE_CODES, DECISION_CODES)))
def test_a_decision_follows_from_the_states_of_the_table_and_no_other(
    state: str, decision: str
) -> None:
    allowed = decision in LEGAL[state].split()
    assert follow(state, decision) == (AFTER[decision] if allowed else None)


@pytest.mark.parametrize("state", STATE_CODES)
def test_only_what_was_just_found_is_finished_on_the_spot(state: str) -> None:
    finished = state in ("reported", "confirmed", "treating")
    assert follow(state, "finish", on_spot=True) == ("repaired" if finished else None)


def test_the_chain_from_report_to_verified_close() -> None:
    state = "reported"
    for decision in ("confirm", "dispatch", "treat", "finish", "send_back", "treat"):
        state = follow(state, decision) or state
    for decision in ("finish", "verify", "close"):
        state = follow(state, decision) or "refused"
    assert state == "closed"
    assert follow("closed", "reopen") == "reopened"


def test_handled_on_the_spot_it_is_treated_at_once() -> None:
    assert follow("reported", "finish") is None
    assert follow("reported", "finish", on_spot=True) == "repaired"


def test_own_staff_treat_without_a_dispatch() -> None:
    assert follow("confirmed", "treat") == "treating"


def test_every_open_state_may_be_suspended_or_joined() -> None:
    for state in set(OPEN) - {"suspended"}:
        assert follow(state, "suspend") == "suspended"
        assert follow(state, "join") == "joined"
    assert follow("closed", "suspend") is None
