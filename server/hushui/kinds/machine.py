"""One state machine for hazard, event and finding (section 0.5 of the domain): states, decisions.

Facts need no state and always append; only decisions move it. Who may decide what is the table of
rights; here stands what follows from what.
"""

from msgspec import Struct

from hushui.kinds import fields as f
from hushui.kinds.fields import Choice

STATES: tuple[Choice, ...] = f.options(
    ("reported", "上报", "Reported"),
    ("confirmed", "立案", "Confirmed"),
    ("rejected", "不予立案", "Not filed"),
    ("dispatched", "派遣", "Dispatched"),
    ("treating", "处置", "Under treatment"),
    ("repaired", "处置完成", "Treated"),
    ("verified", "核查通过", "Verified"),
    ("closed", "结案", "Closed"),
    ("suspended", "挂账", "Suspended"),
    ("joined", "并案", "Joined"),
    ("reopened", "重新立案", "Reopened"),
)
DECISIONS: tuple[Choice, ...] = f.options(
    ("confirm", "立案", "Confirm"),
    ("reject", "不予立案", "Do not file"),
    ("dispatch", "派遣", "Dispatch"),
    ("treat", "开始处置", "Begin treatment"),
    ("finish", "处置完成", "Treatment done"),
    ("verify", "核查通过", "Verify"),
    ("send_back", "核查退回", "Send back"),
    ("close", "结案", "Close"),
    ("suspend", "挂账", "Suspend"),
    ("resume", "恢复", "Resume"),
    ("join", "并案", "Join"),
    ("reopen", "重新立案", "Reopen"),
)
OPEN: tuple[str, ...] = (
    "reported", "confirmed", "dispatched", "treating", "repaired", "verified", "suspended",
    "reopened",
)  # fmt: skip


class Step(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """``on_spot``: only where it was handled on the spot, with photos before and after."""

    decision: str
    from_: tuple[str, ...]
    to: str
    on_spot: bool = False


MACHINE: tuple[Step, ...] = (
    Step(decision="confirm", from_=("reported",), to="confirmed"),
    Step(decision="reject", from_=("reported",), to="rejected"),
    Step(
        decision="dispatch",
        from_=("confirmed", "reopened", "dispatched", "treating"),
        to="dispatched",
    ),
    Step(decision="treat", from_=("confirmed", "reopened", "dispatched"), to="treating"),
    Step(decision="finish", from_=("treating",), to="repaired"),
    Step(decision="finish", from_=("reported", "confirmed"), to="repaired", on_spot=True),
    Step(decision="verify", from_=("repaired",), to="verified"),
    Step(decision="send_back", from_=("repaired", "verified"), to="treating"),
    Step(decision="close", from_=("verified",), to="closed"),
    Step(decision="suspend", from_=tuple(s for s in OPEN if s != "suspended"), to="suspended"),
    Step(decision="resume", from_=("suspended",), to="confirmed"),
    Step(decision="join", from_=OPEN, to="joined"),
    Step(decision="reopen", from_=("closed", "rejected"), to="reopened"),
)


def follow(state: str, decision: str, *, on_spot: bool = False) -> str | None:
    """The state after it, or None: this decision does not follow from this state."""
    for step in MACHINE:
        if step.decision == decision and state in step.from_ and (on_spot or not step.on_spot):
            return step.to
    return None
