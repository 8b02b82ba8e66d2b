"""Every kind is described whole, and what is generated from it is up to date."""

from pathlib import Path

import msgspec
import pytest

from hushui.kinds import KINDS, cel, event, generate, hazard, patrol, photo, work
from hushui.kinds.describe import describe
from hushui.kinds.fields import Field
from hushui.kinds.kind import Fields, Kind, fields_of

EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
FIELDS_PER_OP = 64
CEL_WORDS = {"in", "size", "exists", "all", "true", "false", "it"}


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


@EVERY_KIND
def test_a_condition_asks_for_fields_and_choices_of_its_kind(kind: Kind) -> None:
    conditions = [rule.when for rule in kind.rules]
    conditions += [field.needed for field in kind.fields.values() if field.needed]
    conditions += [need.when for need in kind.photos if need.when]
    known = {*kind.fields, "absent", *CEL_WORDS}
    known |= {name for field in kind.fields.values() for name in field.fields or {}}
    codes = {choice.code for _, field in all_fields(kind) for choice in field.choices}
    for condition in conditions:
        cel.compiled(condition)
        text = cel.STRING.sub("", condition)
        assert set(cel.NAME.findall(text)) <= known, condition
        quoted = {found.strip("\"'") for found in cel.STRING.findall(condition)}
        assert quoted <= codes | set(kind.fields), condition


@EVERY_KIND
def test_references_name_known_kinds(kind: Kind) -> None:
    for name, field in all_fields(kind):
        assert field.kind is None or field.kind in KINDS, name


@EVERY_KIND
def test_a_whole_record_fits_into_one_op(kind: Kind) -> None:
    """With as many choices as one may take, those with the most fields."""
    always = [name for name, field in kind.fields.items() if field.shown is None]
    by_choice: dict[str, set[str]] = {}
    most = 1
    for name, field in kind.fields.items():
        if field.shown is not None:
            most = kind.fields[field.shown.field].count_max or 1
            for code in field.shown.any:
                by_choice.setdefault(code, set()).add(name)
    longest = sorted(map(len, by_choice.values()), reverse=True)[:most]
    assert len(always) + sum(longest) <= FIELDS_PER_OP


@EVERY_KIND
def test_a_description_is_plain_data(kind: Kind) -> None:
    assert msgspec.json.decode(msgspec.json.encode(describe(kind))) == msgspec.json.decode(
        msgspec.json.encode(msgspec.to_builtins(kind))
    )


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
    def shown(work_kind: str) -> set[str]:
        return {
            name
            for name, field in KINDS["work"].fields.items()
            if field.group == "measures"
            and (field.shown is None or field.shown.holds({"work_kind": work_kind}))
        }

    assert shown("canal_desilt") == {"length_m", "width_m", "depth_m", "volume_m3", "spoil_place"}
    assert {"weight_t", "boat_trips", "area_m2", "volume_m3"} <= shown("salvage")
    assert {"units", "insulation_mohm", "temp_c", "vibration_mms"} <= shown("pump_overhaul")
    assert "weight_t" not in shown("pump_overhaul")
