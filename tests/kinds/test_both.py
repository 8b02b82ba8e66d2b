"""The phone and the server give one answer: the same fault, rules and row of a table.

Every kind's examples, the edges that the domain names, and 1,000 records made from its description
go through both engines, the phone's as both.ts in one node process. What is made is mostly right,
with a few things wrong: a record that is wrong everywhere would only ever show its first fault.
"""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from hushui.kinds import KINDS, cel
from hushui.kinds import fields as f
from hushui.kinds.describe import broken, describe, validate
from hushui.kinds.fields import Field
from hushui.kinds.kind import Kind
from hushui.kinds.rule import Table
from hushui.kinds.tables import TABLES
from tests.kinds import test_the_tables_of_the_domain as domain

ROOT = Path(__file__).parents[2]
RECORDS = 1000
DECISIONS = 1500

Values = dict[str, Any]

ID = "06ft8k3v0000000000000000a1"
WORDS = ["堤", "浑水😀", "Z03", "ok", "13900000001", "0434-5212345", "220382-NH-Z03", "A-1234"]
BLANKS = ["", " ", "\u3000", "\n\t", "\ufeff", "\x1c", "\x85", "\u200b", "\u180e"]
STRANGE: list[Any] = [None, True, False, 0, 1, -1, 0.5, 1e300, "", "3", "龙", [], {}, [None], [[1]]]
LITERAL = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
SIZE = re.compile(r"size\((\w+)\)")
MACRO = re.compile(r"(\w+)\.(?:exists|all|exists_one|filter|map)\((\w+),")

ROWS = f.rows("行", "Rows", {"n": f.integer("数", "Count", "件", 0, 9)}, 5)
SMALL: dict[str, Field] = {
    "t": f.text("字", "Text", 20),
    "x": f.number("数", "Number", "m", 2, -100, 100),
    "y": f.number("数二", "Second", "m", 2, -100, 100),
    "n": f.integer("整数", "Whole", "件", -100, 100),
    "b": f.yes_no("是否", "Yes or no"),
    "c": f.several("选", "Choices", f.options(("p", "甲", "P"), ("q", "乙", "Q")), 2),
    "place": f.geo("位置", "Place"),
    "line": f.line("线", "Line"),
    "rows": ROWS,
    "toString": f.text("名", "Name", 20),
}
CONDITIONS: list[tuple[str, Values, bool]] = [
    ("x > 5.0", {"x": 6}, True),
    ("x > 5", {"x": 5.1}, True),
    ("x > 5.0", {}, False),
    ("!(x > 5.0)", {}, False),
    ("x > 5.0 || b", {"b": True}, True),
    ("b || x > 5.0", {"b": True}, True),
    ("x > 5.0 || b", {"b": False}, False),
    ("b && x > 5.0", {"b": True}, False),
    ("!(b && x > 5.0)", {"b": False}, True),
    ("x * y > 5.0", {"x": 3, "y": 2}, True),
    ("x / y > 1.0", {"x": 3, "y": 0}, True),
    ("n > 5.0", {"n": 6}, True),
    ("n * 2.0 > 1.0", {"n": 6}, False),
    ("double(n) * 2.0 > 1.0", {"n": 6}, True),
    ("n / 0 > 1", {"n": 6}, False),
    ("n / 0 > 1 || true", {"n": 6}, True),
    ("n == 3.0", {"n": 3.0}, True),
    ("n % 2 == 1", {"n": 3}, True),
    ("x % 2.0 == 1.0", {"x": 3}, False),
    ("x", {"x": 1}, False),
    ("!x", {"x": 0}, False),
    ("b == true", {"b": True}, True),
    ("x == true", {"x": 1}, False),
    ("x > 5.0", {"x": "6"}, False),
    ("x > 5.0", {"x": True}, False),
    ('t == "浑水"', {"t": "浑水"}, True),
    ('t != "浑水"', {"t": "清水"}, True),
    ('t != "浑水"', {"t": "\u3000"}, False),
    ('t.startsWith("浑")', {"t": "浑水"}, True),
    ('t.matches("^Z[0-9]+$")', {"t": "Z03"}, True),
    ('t in ["a", "b"]', {"t": "b"}, True),
    ('"p" in c', {"c": ["p"]}, True),
    ('"p" in c', {"c": []}, False),
    ('!("p" in c)', {"c": []}, False),
    ('c.exists(it, it in ["q"])', {"c": ["p", "q"]}, True),
    ('c.all(it, it == "p")', {"c": ["p", "q"]}, False),
    ("size(c) == 2", {"c": ["p", "q"]}, True),
    ('"x" in absent', {}, True),
    ('"x" in absent', {"x": None}, True),
    ('"x" in absent', {"x": 0}, False),
    ('"t" in absent', {"t": " \u3000"}, True),
    ('"x" in absent && n > 1', {"n": 2}, True),
    ("size(absent) > 3", {}, True),
    ("place.lon * 2.0 > 1.0", {"place": {"source": "gps", "lon": 124, "lat": 43}}, True),
    ("has(place.acc) && place.acc > 50.0", {"place": {"source": "none"}}, False),
    ("place.acc > 50.0", {"place": {"source": "none"}}, False),
    ("line[0][0] * 2.0 > 1.0", {"line": [[124, 43], [124.5, 43]]}, True),
    ("line[7][0] > 1.0", {"line": [[124, 43], [124.5, 43]]}, False),
    ("rows.exists(it, it.n > 3)", {"rows": [{"n": 4}]}, True),
    ("rows.exists(it, it.n + 1 > 3)", {"rows": [{"n": 3.0}]}, True),
    ("rows.exists(it, has(it.n) && it.n > 3)", {"rows": [{}, {"n": 4}]}, True),
    ("rows.all(it, it.n > 3)", {"rows": [{}]}, False),
    ("[1, 2.5].exists(it, it == 2.5)", {}, True),
    ("toString == 'x'", {}, False),
    ("constructor == 'x' || b", {"b": True}, True),
    ("nonsense((", {}, False),
]


def test_both_engines_agree(tmp_path: Path) -> None:
    records = list(every_record())
    decisions = list(every_decision())
    theirs = answers_of_the_phone(tmp_path, records, decisions)

    assert_same(records, [judged(record) for record in records], theirs["records"])
    ours = [decided(decision) for decision in decisions]
    assert_same(decisions, ours, theirs["decisions"])
    assert_same(CONDITIONS, [answer for *_, answer in CONDITIONS], theirs["conditions"])


@pytest.mark.parametrize(("when", "values", "answer"), CONDITIONS)
def test_a_condition_means_what_its_example_says(when: str, values: Values, answer: bool) -> None:
    assert cel.holds(when, cel.inputs(SMALL, values)) is answer


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_conditions_keep_to_what_both_engines_count_alike(kind: Kind) -> None:
    """`size` of a text is bytes here and characters there; in a macro, a part that a row lacks is
    an error here and passed over there, unless `has` asks first.
    """
    for when in conditions_of(kind):
        for name in SIZE.findall(when):
            assert name == "absent" or kind.fields[name].type in ("choices", "refs", "rows"), when
        for name, item in MACRO.findall(when):
            parts = kind.fields[name].fields or {}
            for part in re.findall(rf"\b{item}\.(\w+)", when):
                assert parts[part].required or f"has({item}.{part})" in when, when


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_patterns_keep_to_what_both_engines_read_alike(kind: Kind) -> None:
    for field in every_field(kind.fields):
        read = re.sub(r"\\u[0-9a-f]{4}", "", (field.pattern or "").replace(r"[\s\S]", ""))
        assert not re.search(r"\\[^d.\\-]|\(\?|(?<!\\)\.(?![^\[]*\])", read), read


# ---- the two answers ---------------------------------------------------------------------------


def judged(record: Values) -> Values:
    kind, values, after = KINDS[record["kind"]], record["values"], record["after"]
    new = after is None
    variables = cel.inputs(kind.fields, values if new else after) if kind.photos else {}
    fault = validate(kind.fields, values, new=new, after=after)
    return {
        "fault": fault and list(fault),
        "rules": [rule.code for rule in broken(kind, values, new=new, after=after)],
        "photos": [need.when is None or cel.holds(need.when, variables) for need in kind.photos],
    }


def decided(decision: Values) -> str | None:
    row = cel.decide(TABLES[decision["table"]], cel.decimals(decision["values"]))
    return row.code if row else None


def answers_of_the_phone(folder: Path, records: list[Values], decisions: list[Values]) -> Any:
    script, asked, told = (folder / name for name in ("both.mjs", "asked.json", "told.json"))
    questions = {
        "kinds": {code: describe(kind) for code, kind in KINDS.items()},
        "tables": TABLES,
        "records": records,
        "decisions": decisions,
        "conditions": [
            {"when": when, "fields": SMALL, "values": values} for when, values, _ in CONDITIONS
        ],
    }
    asked.write_bytes(msgspec.json.encode(questions))
    subprocess.run(
        [
            *("npx", "--no-install", "rolldown", "tests/kinds/both.ts"),
            *("--platform", "node", "--format", "esm", "--file", str(script)),
        ],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    subprocess.run(["node", str(script), str(asked), str(told)], check=True)
    return json.loads(told.read_bytes())


def assert_same(questions: list[Any], ours: list[Any], theirs: list[Any]) -> None:
    assert len(ours) == len(theirs)
    apart = [index for index in range(len(ours)) if ours[index] != theirs[index]]
    if apart:
        first = apart[0]
        pytest.fail(
            f"{len(apart)} of {len(ours)} differ; the first:\n{questions[first]!r}\n"
            f"server: {ours[first]!r}\nphone:  {theirs[first]!r}"
        )


# ---- what is asked -----------------------------------------------------------------------------


def every_record() -> Iterator[Values]:
    for kind in KINDS.values():
        for example in examples_of(kind):
            yield {"kind": kind.code, "values": example, "after": None}
        random = Random(kind.code)
        figures = figures_of(conditions_of(kind))
        for _ in range(RECORDS):
            values = a_record(random, kind, figures)
            before = a_record(random, kind, figures) if random.random() < 0.25 else None
            after = None if before is None else before | values
            yield {"kind": kind.code, "values": values, "after": after}


def examples_of(kind: Kind) -> Iterator[Values]:
    yield from (kind.valid, *kind.also)
    yield from (it.fields for it in (*kind.wrong, *kind.doubtful))
    for code, base, silent, speaks, _ in domain.EDGES:
        if code == kind.code:
            yield from (base | silent, base | speaks)


def every_decision() -> Iterator[Values]:
    edges = [(it[0], it[1]) for it in domain.DECISIONS] + [(it[0], it[1]) for it in domain.GIVEN]
    yield from ({"table": code, "values": known} for code, known in edges)
    for table in TABLES.values():
        random = Random(table.code)
        names = names_of(table)
        for _ in range(DECISIONS):
            values = {name: random.choice(of) for name, of in names.items()}
            left_out = random.sample(sorted(names), random.randint(0, min(2, len(names))))
            yield {
                "table": table.code,
                "values": {name: it for name, it in values.items() if name not in left_out},
            }


def names_of(table: Table) -> dict[str, list[Any]]:
    """What a table asks for, each with values near those of its conditions."""
    whole = " ".join(row.when for row in table.rows)
    texts = sorted({text.strip("\"'") for text in cel.STRING.findall(whole)})
    numbers: list[Any] = [it for value in figures_of([whole]) for it in (value - 0.01, value)]
    lists = {name for name, _ in MACRO.findall(whole)}
    items = {item for _, item in MACRO.findall(whole)}
    words = set(cel.NAME.findall(cel.STRING.sub("", whole))) - items - {"in", "exists", "absent"}
    scalars = [*numbers, *texts, True, False, True, False]
    return {
        name: [[text] for text in texts] + [texts[:2], []] if name in lists else scalars
        for name in sorted(words)
    }


def conditions_of(kind: Kind) -> list[str]:
    needs = [field.needed for field in every_field(kind.fields) if field.needed]
    rules = [rule.when for rule in kind.rules]
    return [*rules, *needs, *(need.when for need in kind.photos if need.when)]


def every_field(fields: Mapping[str, Field]) -> Iterator[Field]:
    for field in fields.values():
        yield field
        yield from every_field(field.fields or {})


def figures_of(conditions: list[str]) -> list[float]:
    """What conditions compare with: the answers turn there."""
    found = {float(it) for when in conditions for it in LITERAL.findall(cel.STRING.sub("", when))}
    return sorted(found | {0.0, 1.0})


def a_record(random: Random, kind: Kind, figures: list[float]) -> Values:
    wild = random.choice([0, 0, 0, 0.02, 0.05, 0.3])
    filled = random.choice([0.2, 0.6, 1])
    start = dict(kind.valid) if random.random() < 0.3 else {}
    return start | a_group(random, kind.fields, figures, wild, filled)


def a_group(
    random: Random, fields: Mapping[str, Field], figures: list[float], wild: float, filled: float
) -> Values:
    return {
        name: wrong_value(random, field, figures)
        if random.random() < wild
        else right_value(random, field, figures)
        for name, field in fields.items()
        if field.required or random.random() < filled
    }


def right_value(random: Random, field: Field, figures: list[float]) -> Any:
    match field.type:
        case "number" | "integer" | "time":
            return a_number(random, field, figures)
        case "text":
            length = field.length or 20
            return random.choice([*WORDS, *BLANKS, "😀" * length, "堤" * length])[:length]
        case "bool":
            return random.random() < 0.5
        case "choice":
            return random.choice(field.choices).code
        case "choices":
            most = min(field.count_max or 9, len(field.choices))
            least = field.count_min or 0
            count = random.randint(least, most)
            return [choice.code for choice in random.sample(field.choices, count)]
        case "ref":
            return ID
        case "refs":
            return [ID] * random.randint(0, 3)
        case "sha256":
            return "ab" * 32
        case "geo":
            return {"source": random.choice(["gps", "map"]), "lon": 124, "lat": 43.25, "acc": 8}
        case "polygon" | "line":
            return [[124, 43], [124.5, 43], [124.5, 43.5], [124, 43]]
        case "rows":
            return [
                a_group(random, field.fields or {}, figures, 0, 0.7)
                for _ in range(random.randint(0, min(4, field.count_max or 4)))
            ]


def a_number(random: Random, field: Field, figures: list[float]) -> float | int:
    low, high = field.min or 0, field.max or 0
    near = [it + by for it in figures for by in (-0.01, 0, 0.01)]
    value = random.choice(
        [low, high, random.uniform(low, high), random.uniform(0, 10), *random.sample(near, 2)]
    )
    value = min(max(value, low), high)
    if field.type != "number":
        return float(round(value)) if random.random() < 0.3 else round(value)
    return int(value) if random.random() < 0.3 else round(value, field.decimals)


def wrong_value(random: Random, field: Field, figures: list[float]) -> Any:
    right = right_value(random, field, figures)
    choices: list[Any] = [*STRANGE, right, [right], {"source": right}, "A" * 26, "龙" * 600]
    match field.type:
        case "number" | "integer" | "time":
            low, high = field.min or 0, field.max or 0
            choices += [low - 0.01, high + 0.01, low - 1, high + 1, 2.5]
        case "text":
            length = field.length or 20
            choices += ["😀" * (length + 1), "13900000001\n", "1390000000１", "Z-０３"]
        case "choices" | "refs" | "rows":
            choices += [[*right, *right] * 40, [*right, "龙"], [*right, None], [*right, {}]]
            if field.fields:
                choices += [[a_group(random, field.fields, figures, 0.4, 0.7)] for _ in range(6)]
        case "geo":
            choices += [
                {**right, name: value} for name in right for value in (None, 1e9, "x", True)
            ]
            choices += [{"source": "none"}, {"source": "exif"}, {**right, "lat": 90.0001}]
        case "polygon" | "line":
            choices += [
                right[:1],
                [*right, [1]],
                [*right, [181, 0]],
                [*right, ["1", 2]],
                right * 300,
            ]
        case _:
            pass
    return random.choice(choices)
