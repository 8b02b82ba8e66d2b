"""Every kind is described whole, and what is generated from it is up to date."""

import ast
import json
import re
from collections.abc import Iterator
from itertools import combinations, groupby
from pathlib import Path

import msgspec
import pytest

from hushui.kinds import KINDS, cel, event, generate, hazard, objects, patrol, photo, tables, work
from hushui.kinds.describe import describe
from hushui.kinds.fields import Field
from hushui.kinds.groups import GROUPS
from hushui.kinds.guard import BESIDE, ORG, SUBJECT, Guard
from hushui.kinds.kind import Fields, Kind, fields_of

EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
FIELDS_PER_OP = 64
CEL_WORDS = {"in", "size", "exists", "all", "true", "false", "it", "double"}


def all_fields(kind: Kind) -> list[tuple[str, Field]]:
    groups = [kind.fields, *kind.adds.values()]
    groups += [field.fields for group in groups for field in group.values() if field.fields]
    return [(name, field) for group in groups for name, field in group.items()]


@EVERY_KIND
def test_every_field_has_its_words_and_limits(kind: Kind) -> None:
    for name, field in all_fields(kind):
        assert field.zh, name
        assert field.en, name
        assert field.zh != field.en, name
        assert (field.help is None) == (field.help_en is None), name
        if field.type in ("number", "integer", "time"):
            assert field.min is not None, name
            assert field.max is not None, name
            assert field.min < field.max, name
        if field.type == "text":
            assert field.length, name
        if field.type in ("choice", "choices"):
            codes = [choice.code for choice in field.choices]
            assert len(codes) == len(set(codes)) > 0, name
        if field.type in ("choices", "refs", "rows", "polygon", "line"):
            assert field.count_max, name


@EVERY_KIND
def test_what_a_field_depends_on_is_a_choice_of_the_same_kind(kind: Kind) -> None:
    for name, field in kind.fields.items():
        if field.shown is not None:
            codes = {choice.code for choice in kind.fields[field.shown.field].choices}
            assert set(field.shown.any) <= codes, name


def forms(kind: Kind) -> Iterator[tuple[dict[str, Field], list[str]]]:
    """The fields that stand together, and the conditions that speak of them."""
    together = [kind.fields, *kind.adds.values()]
    together += [field.fields for group in together for field in group.values() if field.fields]
    for fields in together:
        needed = [field.needed for field in fields.values() if field.needed]
        own = fields is kind.fields
        rules = [rule.when for rule in kind.rules] if own else []
        photos = [need.when for need in kind.photos if need.when] if own else []
        yield fields, [*needed, *rules, *photos]


@EVERY_KIND
def test_a_condition_asks_for_fields_and_choices_of_its_form(kind: Kind) -> None:
    for fields, conditions in forms(kind):
        known = {*fields, "absent", *CEL_WORDS}
        known |= {name for field in fields.values() for name in field.fields or {}}
        codes = {choice.code for field in fields.values() for choice in field.choices}
        for condition in conditions:
            cel.compiled(condition)
            text = cel.STRING.sub("", condition)
            assert set(cel.NAME.findall(text)) <= known, condition
            quoted = {found.strip("\"'") for found in cel.STRING.findall(condition)}
            assert quoted <= codes | set(fields), condition


@EVERY_KIND
def test_rules_and_titles_name_fields_and_a_rule_has_its_own_code(kind: Kind) -> None:
    codes = [rule.code for rule in kind.rules]
    assert len(codes) == len(set(codes))
    assert {rule.field for rule in kind.rules} <= set(kind.fields)
    assert all(rule.zh and rule.en and rule.zh != rule.en for rule in kind.rules)
    assert kind.title
    assert set(kind.title) <= set(kind.fields)


GUARDED = [
    pytest.param(kind, guard, id=f"{kind.code}-{guard.code}")
    for kind in KINDS.values()
    for guard in kind.guards
]


def test_the_guards_of_the_domain_are_there() -> None:
    assert {guard.code: (kind.code, guard.effect) for kind, guard in every_guard()} == {
        "shift_overlap": ("duty_shift", "block"),
        "response_in_force": ("response", "block"),
        "verified_by_handler": ("verification", "ask"),
        "outside_shift": ("duty_entry", "ask"),
        "checks_his_own": ("check", "ask"),
        "member_code": ("member", "block"),
        "zone_code": ("zone", "block"),
    }


def every_guard() -> list[tuple[Kind, Guard]]:
    return [(kind, guard) for kind in KINDS.values() for guard in kind.guards]


def test_no_field_is_called_as_a_condition_of_a_guard_calls_something_else() -> None:
    for kind in KINDS.values():
        assert not set(BESIDE) & set(kind.fields), kind.code


@pytest.mark.parametrize(("kind", "guard"), GUARDED)
def test_a_guard_has_its_words_and_says_it_where_no_rule_speaks(kind: Kind, guard: Guard) -> None:
    assert guard.zh
    assert guard.en
    assert guard.zh != guard.en
    assert guard.field in kind.fields
    assert guard.looks
    assert guard.code not in {rule.code for rule in kind.rules}
    # Its words follow from kind and field: a receipt says no more.
    assert guard.field not in {rule.field for rule in kind.rules if rule.effect == "block"}


@pytest.mark.parametrize(("kind", "guard"), GUARDED)
def test_a_guard_looks_where_an_index_leads(kind: Kind, guard: Guard) -> None:
    for look in guard.looks:
        if look.reach == ORG:
            # Seen from the one or the other it must be the same: nothing asks the others again.
            assert guard.effect == "block"
            assert look.kind == kind.code
            assert (look.during is None) != (look.same is None)
            assert look.same is None or look.same == "code"
        elif look.reach == SUBJECT:
            assert kind.subject is not None
            assert KINDS[look.kind].subject is not None
        else:
            assert kind.fields[look.reach].kind in (look.kind, None)
            assert kind.fields[look.reach].type in ("ref", "refs")


@pytest.mark.parametrize(("kind", "guard"), GUARDED)
def test_no_fact_is_refused_because_of_another_record(kind: Kind, guard: Guard) -> None:
    assert guard.effect == "ask" or kind.family != "fact"


@pytest.mark.parametrize(("kind", "guard"), GUARDED)
def test_a_guard_asks_for_fields_people_and_choices_that_there_are(
    kind: Kind, guard: Guard
) -> None:
    for look in guard.looks:
        other = KINDS[look.kind]
        for side, who in ((kind, guard.who), (other, look.who)):
            assert all(side.fields[name].kind == "member" for name in who)
            assert all(side.fields[name].type == "time" for name in look.during or ())
        cel.compiled(look.when)
        text = cel.STRING.sub("", look.when)
        for name, side in (("this", kind), ("other", other)):
            asked = set(re.findall(rf"\b{name}\.(\w+)", text))
            assert asked
            assert asked <= {*side.fields, *BESIDE}, look.when
        codes = {
            it.code for side in (kind, other) for f in side.fields.values() for it in f.choices
        }
        quoted = {found.strip("\"'") for found in cel.STRING.findall(look.when)}
        assert quoted <= codes | set(kind.fields) | set(other.fields), look.when


@pytest.mark.parametrize(("kind", "guard"), GUARDED)
def test_a_guard_is_listed_for_people_and_a_phone_has_its_words_only(
    kind: Kind, guard: Guard
) -> None:
    pages = {path.name: text for path, text in generate.generated().items()}
    section = pages["kinds.md"].partition(f"`{kind.code}`\n")[2].partition("\n## ")[0]
    rows = [row for row in section.splitlines() if row.startswith(f"| `{guard.code}`")]
    assert len(rows) == len(guard.looks)
    assert all(guard.zh in row and guard.en in row for row in rows)
    assert guard.code in str(json.loads(pages["kinds.schema.json"])["$defs"][kind.code]["x-guards"])
    assert guard.zh in pages["kinds.ts"]
    assert all(look.when not in pages["kinds.ts"] for look in guard.looks)


@EVERY_KIND
def test_a_kind_travels_by_fields_that_name_zones_teams_or_people(kind: Kind) -> None:
    for name in (*kind.travels, *kind.named):
        if name not in ("org", "author", "subject"):
            assert kind.fields[name].kind in ("zone", "team", "member"), name
    assert ("subject" in kind.travels) == (kind.subject is not None)
    assert kind.family != "fact" or "author" in kind.travels
    assert not kind.named or kind.adds


@EVERY_KIND
def test_every_field_stands_in_a_section_that_is_known(kind: Kind) -> None:
    codes = {group.code for group in GROUPS}
    met = [field.group for field in kind.fields.values()]
    assert set(met) <= codes
    assert len([group for group, _ in groupby(met)]) == len(set(met)), "a section stands twice"


def test_the_sections_have_their_words() -> None:
    assert len({group.code for group in GROUPS}) == len(GROUPS)
    assert all(group.zh and group.en for group in GROUPS)
    used = {field.group for kind in KINDS.values() for field in kind.fields.values()}
    assert used == {group.code for group in GROUPS}


def test_every_fact_takes_the_reason_of_a_correction_beside_its_note() -> None:
    facts = [kind for kind in KINDS.values() if kind.family == "fact"]
    described = [msgspec.structs.replace(kind.fields["correction"], group=None) for kind in facts]
    assert described == [described[0]] * len(facts)
    assert all(list(kind.fields)[-1] == "correction" for kind in facts)


def test_a_name_means_one_thing_in_hazard_and_work() -> None:
    hazard, work = KINDS["hazard"].fields, KINDS["work"].fields
    for name in hazard.keys() & work.keys():
        assert hazard[name].type == work[name].type, name
        assert hazard[name].unit == work[name].unit, name


@EVERY_KIND
def test_references_name_known_kinds(kind: Kind) -> None:
    for name, field in all_fields(kind):
        assert field.kind is None or field.kind in KINDS, name


@EVERY_KIND
def test_a_whole_record_fits_into_one_op(kind: Kind) -> None:
    """With as many choices as one may take, those with the most fields."""
    always = [name for name, field in kind.fields.items() if field.shown is None]
    by_choice: dict[str, dict[str, set[str]]] = {}
    for name, field in kind.fields.items():
        if field.shown is not None:
            for code in field.shown.any:
                by_choice.setdefault(field.shown.field, {}).setdefault(code, set()).add(name)
    most = 0
    for chooser, groups in by_choice.items():
        count = kind.fields[chooser].count_max or 1
        most += max(
            len(set.union(*few))
            for few in combinations([*groups.values(), set()], min(count, len(groups)))
        )
    assert len(always) + most <= FIELDS_PER_OP


@EVERY_KIND
def test_only_a_fact_says_when_it_happened_and_in_a_field_of_time(kind: Kind) -> None:
    if kind.happened is not None:
        assert (kind.family, kind.fields[kind.happened].type) == ("fact", "time")


@EVERY_KIND
def test_a_description_is_plain_data_and_says_all_of_the_kind(kind: Kind) -> None:
    plain = json.loads(json.dumps(describe(kind)))
    assert msgspec.json.decode(msgspec.json.encode(kind)) == plain
    assert msgspec.convert(plain, Kind) == msgspec.convert(msgspec.to_builtins(kind), Kind) == kind


@pytest.mark.parametrize(
    ("struct", "code"),
    [
        (patrol.Patrol, "patrol"),
        (hazard.Hazard, "hazard"),
        (work.Work, "work"),
        (event.Event, "event"),
        (photo.Photo, "photo"),
    ],
)
def test_the_valid_example_parses_into_its_struct(struct: type[Fields], code: str) -> None:
    parsed = msgspec.convert({**KINDS[code].valid, "a_field_of_a_later_version": 1}, struct)
    kept = msgspec.to_builtins(parsed)
    assert {name: kept[name] for name in KINDS[code].valid} == KINDS[code].valid


def test_a_field_without_a_description_is_a_mistake_found_at_once() -> None:
    class Bare(Fields, frozen=True, kw_only=True):
        name: str

    with pytest.raises(AssertionError, match=r"Bare.name"):
        fields_of(Bare)


def test_what_is_generated_from_the_kinds_is_up_to_date() -> None:
    assert generate.stale() == []


def test_check_names_what_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    assert generate.main(["--check"]) == 1
    assert "docs/kinds.md" in capsys.readouterr().out
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0


def test_work_shows_the_fields_of_its_own_sort_only() -> None:
    def shown(work_kind: str) -> list[str]:
        return [
            name
            for name, field in KINDS["work"].fields.items()
            if field.group == "measures"
            and (field.shown is None or field.shown.holds({"work_kind": work_kind}))
        ]

    assert shown("canal_desilt") == ["length_m", "width_m", "depth_m", "volume_m3"]
    assert shown("salvage") == [
        *("weight_t", "boat", "boat_ref", "boat_trips", "boat_hours", "volume_m3", "area_m2")
    ]
    assert shown("line_clear")[-1] == "area_m2"
    assert "weight_t" not in shown("pump_overhaul")


def test_the_types_of_a_hazard_are_those_of_the_databases_and_ours() -> None:
    types = KINDS["hazard"].fields["types"].choices
    sources = [item.source for item in types if item.source and "+" not in item.source]
    assert sources == [f"D{number:03d}" for number in range(1, 27)]
    assert [item.code for item in types if not item.source] == [
        *("contact_scour", "canal_bank_failure", "pump_fault", "power_fault", "unclear")
    ]
    assert not any(
        field.shown and "unclear" in field.shown.any for field in KINDS["hazard"].fields.values()
    )


def test_what_the_proposal_of_a_level_asks_for_is_measured_by_its_type() -> None:
    fields = KINDS["hazard"].fields
    measures = {name for name, field in fields.items() if field.group in ("measures", "losses")}
    for row in tables.SEVERITY.rows:
        about, _, rest = row.when.partition(" && ")
        asked = cel.asks(rest) & measures
        for code in (text.strip('"') for text in cel.STRING.findall(about)):
            for name in asked:
                shown = fields[name].shown
                assert shown is not None, name
                assert code in shown.any, (code, name)


def test_every_clearance_has_its_voltage() -> None:
    codes = {item.code for item in KINDS["work"].fields["kv"].choices}
    assert codes - set(tables.CLEARANCES) == {"0.4"}
    assert set(tables.CLEARANCES) < codes


def test_a_level_of_a_station_is_compared_with_every_other() -> None:
    (rule,) = KINDS["object"].rules
    for low, high in combinations(objects.ORDERED, 2):
        crossed = {"name": "站", "class": "gauge", low: 2, high: 1}
        assert cel.holds(rule.when, cel.inputs(KINDS["object"].fields, crossed)), (low, high)


SOURCES = sorted(Path(work.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_no_decimal_figure_is_typed_into_a_condition(source: Path) -> None:
    """It stands in a constant, nearly always in tables.py, and comes in through `figure`."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    typed = [
        part.value
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in ("when", "needed")
        for part in ast.walk(node.value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    assert [text for text in typed if re.search(r"\d\.\d", text)] == []
