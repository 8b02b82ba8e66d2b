"""What is written about the house is true: rules have tests, links lead somewhere, words exist."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from hushui.errors import HushuiError
from hushui.kinds.generate import generated
from hushui.settings import Settings
from hushui_sync.errors import CODES
from tests.soak.mutants import MUTANTS, Mutant
from tests.soak.results import Run, add_seeds, next_seed, put_run

ROOT = Path(__file__).parent.parent
PROTOCOL = (ROOT / "sync/PROTOCOL.md").read_text(encoding="utf-8")
RULES = re.findall(r"^- \*\*([A-Z]\d\d)\*\*", PROTOCOL, re.MULTILINE)
PAGES = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "sync").glob("*.md"),
    *(ROOT / "tests/soak").glob("*.md"),
]
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
CORES = ("sync/py/hushui_sync", "sync/ts/src")
SOURCES = ("server/hushui", "sync/py/hushui_sync", "sync/ts/src", "pwa/src")

PYTHON_TEST = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)
TYPESCRIPT_TEST = re.compile(r"""\b(?:it|test)(?:\.\w+\(.*?\))?\(\s*(['"`])(.*?)\1""", re.DOTALL)


def names_of_tests() -> Iterator[str]:
    """Words of each test's name, one blank between them."""
    for file in (ROOT / "tests").rglob("*.py"):
        for name in PYTHON_TEST.findall(file.read_text(encoding="utf-8")):
            yield name.replace("_", " ")
    for package in ("sync/ts/tests", "pwa/src", "pwa/tests"):
        for file in (ROOT / package).rglob("*.test.ts"):
            for _, title in TYPESCRIPT_TEST.findall(file.read_text(encoding="utf-8")):
                yield title


# HTTP ---------------------------------------------------------------------------------------------
def said_codes(error: type[HushuiError]) -> Iterator[str]:
    yield error.code
    for below in error.__subclasses__():
        yield from said_codes(below)


def test_every_code_of_an_error_stands_in_the_protocol() -> None:
    words = set(re.findall(r"`([a-z_]+)`", PROTOCOL))
    assert sorted({*said_codes(HushuiError), *chain(*CODES.values())} - words) == []


# rules -------------------------------------------------------------------------------------------
def test_every_setting_stands_in_the_page_on_operating() -> None:
    page = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    known = {f"HUSHUI_{name.upper()}" for name in Settings.model_fields}
    assert known == set(re.findall(r"HUSHUI_[A-Z_]+", page))


def test_every_rule_is_there_once_and_numbered_without_a_hole() -> None:
    assert not [rule for rule, count in Counter(RULES).items() if count > 1]
    for letter in {rule[0] for rule in RULES}:
        numbers = [int(rule[1:]) for rule in RULES if rule[0] == letter]
        assert numbers == list(range(1, len(numbers) + 1)), letter


def test_every_rule_stands_in_the_name_of_a_test() -> None:
    words = {word for name in names_of_tests() for word in re.findall(r"[A-Z]\d\d\b", name)}
    assert [rule for rule in RULES if rule not in words] == []
    assert words - set(RULES) == set(), "a test names a rule that is not written"


def test_every_rule_has_one_mutant() -> None:
    assert sorted(mutant.rule for mutant in MUTANTS) == sorted(RULES)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_a_mutant_breaks_a_line_that_is_there_exactly_once(mutant: Mutant) -> None:
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert mutant.broken(text) != text


# pages -------------------------------------------------------------------------------------------
BUILT = {"pwa/dist"}
"""There only after a build."""


@pytest.mark.parametrize("written", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    local = [link for link in links if link and "://" not in link]
    assert [link for link in local if not (written.parent / link).exists()] == []


@pytest.mark.parametrize("written", PAGES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_path_named_in_a_page_is_there(written: Path) -> None:
    """`server/hushui/ledger.py` between backticks; a folder by its slash at the end."""
    named = re.findall(r"`((?:server|sync|pwa|tests|docs)/[\w./-]+)`", written.read_text("utf-8"))
    assert [path for path in named if not (path in BUILT or (ROOT / path).exists())] == []


def test_what_the_kinds_say_is_in_their_page() -> None:
    page = ROOT / "docs/kinds.md"
    assert page.read_text(encoding="utf-8") == generated()[page]


def test_the_words_of_the_glossary_are_those_of_code_and_screen() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    glossary = text.split("## Glossary")[1]
    rows = re.findall(r"^\| (\w+) \| ([^|]+) \| ([^|]+) \|$", glossary, re.MULTILINE)[1:]
    assert len(rows) > 10
    code, screen = written_under(*SOURCES), written_under("pwa/src/text", "server/hushui/kinds")
    missing = [word for word, _, _ in rows if not re.search(rf"\b{word}\b", code)]
    chinese = {
        word
        for _, zh, meaning in rows
        for word in [*zh.strip().split("、"), *re.findall(r"[\u4e00-\u9fff]{2,}", meaning)]
    }
    assert missing == []
    assert sorted(word for word in chinese if word not in screen) == []


def written_under(*folders: str) -> str:
    return "\n".join(
        file.read_text(encoding="utf-8")
        for folder in folders
        for file in sorted((ROOT / folder).rglob("*"))
        if file.suffix in (".py", ".ts", ".vue") and "node_modules" not in file.parts
    )


# known failures ----------------------------------------------------------------------------------
KNOWN = (ROOT / "docs/known-failures.md").read_text(encoding="utf-8")
FAILURES = re.findall(r"^\| (\d+) \| (.+) \| (.+) \|$", KNOWN, re.MULTILINE)
EVIDENCE = re.compile(r"\[[^\]]+\]\(https://[^)]+\)")
NAMED = re.compile(r"`((?:tests|pwa|sync)/[\w./-]+\.(?:py::|ts: ).+?)`")


def test_every_known_failure_is_there_once_with_its_evidence() -> None:
    assert [int(number) for number, _, _ in FAILURES] == list(range(1, 42))
    assert [number for number, what, _ in FAILURES if not EVIDENCE.search(what)] == []


def test_every_known_failure_names_a_test_or_says_why_it_cannot_occur() -> None:
    reasons = ("Cannot occur", "Not yet")
    silent = [
        number
        for number, _, here in FAILURES
        if not NAMED.search(here) and not any(reason in here for reason in reasons)
    ]
    assert silent == []


def test_every_test_that_a_known_failure_names_is_there() -> None:
    named = NAMED.findall(KNOWN)
    assert len(named) > 50
    # What looks like a test between backticks and is none would otherwise be overlooked.
    assert len(named) == len(re.findall(r"`[^`]*(?:::|\.test\.ts)[^`]*`", KNOWN))
    assert [name for name in named if not stands(name)] == []


def stands(name: str) -> bool:
    path, words = re.split(r"::|: ", name, maxsplit=1)
    file = ROOT / path
    if not file.exists():
        return False
    text = file.read_text(encoding="utf-8")
    if path.endswith(".py"):
        return words in PYTHON_TEST.findall(text)
    return words in [title for _, title in TYPESCRIPT_TEST.findall(text)]


# promises ----------------------------------------------------------------------------------------
PROMISED = (ROOT / "docs/promises.md").read_text(encoding="utf-8")
PROMISES = re.findall(r"^\| (\d+) \| (.+) \| (.+) \|$", PROMISED, re.MULTILINE)


def test_every_promise_is_there_once_and_names_what_would_break_with_it() -> None:
    assert [int(number) for number, _, _ in PROMISES] == list(range(1, 13))
    assert [number for number, _, shown in PROMISES if not NAMED.search(shown)] == []


def test_every_test_that_a_promise_names_is_there() -> None:
    named = NAMED.findall(PROMISED)
    assert len(named) == len(re.findall(r"`[^`]*(?:::|\.test\.ts)[^`]*`", PROMISED))
    assert [name for name in named if not stands(name)] == []


# make --------------------------------------------------------------------------------------------
def test_the_core_is_about_as_large_as_its_page_says() -> None:
    said = re.search(r"about ([\d,]+)\nlines in Python .* and ([\d,]+) in TypeScript", ARCHITECTURE)
    assert said
    for told, folder, end in zip(said.groups(), CORES, ("py", "ts"), strict=True):
        files = (ROOT / folder).glob(f"*.{end}")
        lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
        assert abs(lines - int(told.replace(",", ""))) <= 100, (folder, lines)


def test_every_target_of_the_makefile_is_in_its_help() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split())
    said = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, check=True, capture_output=True
    )
    helped = set(re.findall(r"^  make (\S+) +\S", said.stdout.decode(), re.MULTILINE))
    assert targets == phony == helped


def test_make_targets_named_in_pages_are_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {page: set(re.findall(r"`make ([a-z]+)\b", page.read_text("utf-8"))) for page in PAGES}
    assert any(named.values())
    assert {page: names - targets for page, names in named.items() if names - targets} == {}


# the soak's table --------------------------------------------------------------------------------
def test_the_table_of_seeds_goes_on_where_it_ended(tmp_path: Path) -> None:
    results = tmp_path / "results.md"
    assert next_seed(results) == 1
    add_seeds(1, 500, [], 12.3, results)
    assert next_seed(results) == 501
    add_seeds(501, 500, [510, 777], 45.6, results)
    assert next_seed(results) == 1001
    last = results.read_text(encoding="utf-8").splitlines()[-1]
    assert last.split("|")[3:7] == [" 501 ", " 500 ", " 510 777 ", " 46 "]


def test_the_last_run_of_a_part_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    results = tmp_path / "results.md"
    put_run(Run("rules", 7, 10, 0, 80.4, "A01 broken"), results)
    add_seeds(1, 500, [], 12.3, results)
    put_run(Run("kills", 8, 40, 10, 61.0, "50 kills; 1 lost"), results)
    put_run(Run("rules", 9, 9, 1, 90.0, "A02 broken; A02 no | test\nfails"), results)
    assert next_seed(results) == 501
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in results.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    _, rules, kills, _, seeds = rows
    assert rules[0] == "rules"
    assert rules[3:] == ["9", "9", "1", "90", "A02 broken; A02 no / test fails"]
    assert kills[0] == "kills"
    assert kills[3:] == ["8", "40", "10", "61", "50 kills; 1 lost"]
    assert seeds[2:] == ["1", "500", "none", "12"]
