"""Writes what comes from the kinds: ``python -m hushui.kinds.generate [--check]``.

With ``--check`` nothing is written; the exit code is 1 when a file is stale.
"""

import sys
from pathlib import Path

from hushui.kinds import KINDS
from hushui.kinds.jsonschema import jsonschema
from hushui.kinds.markdown import markdown
from hushui.kinds.typescript import examples, tables, titles, typescript

ROOT = Path(__file__).parents[3]


def generated() -> dict[Path, str]:
    return {
        ROOT / "pwa/src/generated/kinds.ts": typescript(KINDS),
        ROOT / "pwa/src/generated/titles.ts": titles(KINDS),
        ROOT / "pwa/src/generated/tables.ts": tables(),
        ROOT / "sync/vectors/kinds.json": examples(KINDS),
        ROOT / "docs/kinds.md": markdown(KINDS),
        ROOT / "docs/kinds.schema.json": jsonschema(KINDS),
    }


def stale() -> list[Path]:
    return [
        path
        for path, text in generated().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        for path in stale():
            print(f"stale: {path.relative_to(ROOT)}; run python -m hushui.kinds.generate")
        return 1 if stale() else 0
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
