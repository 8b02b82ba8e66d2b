"""What a person agreed to, or refused 同意书: its author speaks for himself.

Taking it back is a new record, so that what held at any moment can be read.
"""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.shared import Correction

PURPOSES = f.options(
    ("track", "记录行踪轨迹", "Recording of tracks"),
    ("place", "记录现场位置", "Recording of places"),
    ("party_file", "党员信息", "Party membership"),
    ("phone", "公示电话", "Phone shown to colleagues"),
)


class Consent(Fields, frozen=True, kw_only=True):
    purpose: Annotated[str, f.choice("用途", "Purpose", PURPOSES, merge="fixed")]
    version: Annotated[
        str,
        f.text(
            "告知书版本",
            "Version of the notice",
            40,
            merge="fixed",
            help="当时看到的",
            help_en="As seen then",
        ),
    ]
    given: Annotated[
        bool,
        f.yes_no(
            "同意",
            "Agreed",
            merge="fixed",
            help="不同意也能用，位置改为手工填",
            help_en="Without it everything works too, places are then given by hand",
        ),
    ]
    at: Annotated[int, f.time("时间", "Time", merge="fixed")]
    note: Annotated[str | None, f.text("说明", "Note", 200)] = None
    correction: Correction = None


TRACK = {"purpose": "track", "version": "2026-11", "given": True, "at": 1_795_500_000_000}

KIND = kind(
    Consent,
    "consent",
    "同意书",
    "Consent",
    "fact",
    title="purpose given",
    closes="never",
    groups={"main": "purpose version given at", "note": "note", "correction": "correction"},
    valid=TRACK,
    also=({**TRACK, "given": False},),
    wrong=(
        Wrong({"purpose": "track", "version": "2026-11", "at": 1}, "required", "given"),
        Wrong({**TRACK, "purpose": "adverts"}, "unknown_choice", "purpose"),
        Wrong({**TRACK, "given": "yes"}, "wrong_type", "given"),
        Wrong({**TRACK, "version": "1" * 41}, "too_long", "version"),
        Wrong({**TRACK, "at": -1}, "out_of_range", "at"),
    ),
)
