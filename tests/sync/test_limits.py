"""The sizes of the protocol are written in two languages and are the same."""

import re
from pathlib import Path

from hushui_sync import limits

SOURCE = Path(__file__).parents[2] / "sync/ts/src/limits.ts"
PRODUCT = re.compile(r"^export const ([A-Z_]+) = ([0-9_]+(?: \* [0-9_]+)*)$", re.MULTILINE)


def test_E02_E03_what_both_languages_name_is_the_same() -> None:
    text = SOURCE.read_text(encoding="utf-8")
    theirs = {"INTEGER": 2**53 - 1}
    for name, factors in PRODUCT.findall(text):
        theirs[name] = 1
        for factor in factors.split(" * "):
            theirs[name] *= int(factor)
    ours = {name: value for name, value in vars(limits).items() if name.isupper()}
    both = theirs.keys() & ours.keys()
    assert both >= {"LINE_BYTES", "HELLO_BYTES", "PULL_BYTES", "DEPTH", "OPS", "LATE_MS", "INTEGER"}
    assert {name: theirs[name] for name in both} == {name: ours[name] for name in both}
