"""The member list as a sheet: what goes out comes back unchanged; looking writes nothing."""

import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from httpx import Response
from openpyxl import Workbook, load_workbook

from hushui.exports import people
from hushui.kinds import KINDS
from tests.support import ids
from tests.support.phone import op
from tests.web.house import Handset, House, problem

LABELS = {name: field.zh for name, field in KINDS["member"].fields.items()}
NEW = {"姓名": "钱渠", "编号": "NBH-900", "角色": "巡查队员"}
FULL: dict[str, Any] = {
    "name": "张河",
    "code": "NBH-011",
    "roles": ["member", "zone_lead"],
    "title": "=HYPERLINK(1)",
    "party_state": "full",
    "joined": 1_120_000_000_000,
    "skills": ["boat", "first_aid"],
    "login": "zhang",
    "phone": "13900000011",
}


@pytest.fixture
def officer(house: House) -> Handset:
    return house.enrol(house.office, "desk")


@pytest.fixture
def admin(house: House) -> Handset:
    return house.enrol(house.admin, "desk")


@pytest.fixture
def full(house: House) -> str:
    """The patroller with something in every field, in a team."""
    team = ids.make("team two")
    house.system(op("team", team, name="二队"))
    house.system(op("member", house.patroller, **FULL, team=team))
    return team


def sheet(*rows: dict[str, Any], headers: list[str] | None = None) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    columns = headers or list(dict.fromkeys(name for row in rows for name in row))
    page.append(columns)
    for row in rows:
        page.append([row.get(name) for name in columns])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def look(desk: Handset, data: bytes, **headers: str) -> Response:
    return desk.send("POST", "/api/people/preview", content=data, headers=headers)


def looked(desk: Handset, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    answer = look(desk, sheet(*rows))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def faults(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(it["column"], it["code"]) for it in row["wrong"]]


def taken_out(desk: Handset, query: str = "") -> bytes:
    answer = desk.send("GET", f"/api/people.xlsx{query}")
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


def table(data: bytes) -> list[dict[str, Any]]:
    book = load_workbook(BytesIO(data))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows if row[0] is not None]


# out ---------------------------------------------------------------------------------------------
def test_the_list_has_a_column_for_every_field_and_everybody_on_post(
    house: House, officer: Handset, full: str
) -> None:
    gone = house.member("离岗的人", "member")
    house.system(op("member", gone, "del"))
    rows = table(taken_out(officer))
    assert list(rows[0]) == list(LABELS.values())
    names = [row["姓名"] for row in rows]
    assert sorted(names) == sorted(["周汛", "管理员", "张河", "孙澜"])
    (row,) = [row for row in rows if row["姓名"] == "张河"]
    assert (row["角色"], row["特长"]) == ("巡查队员、责任区负责人", "驾船、急救")
    assert (row["所在队"], row["政治面貌"], row["电话"]) == ("二队", "正式党员", "13900000011")
    assert row["入党时间"] == datetime(2005, 6, 29)


def test_what_looks_like_a_formula_is_text(officer: Handset, full: str) -> None:
    book = load_workbook(BytesIO(taken_out(officer)))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_what_went_out_comes_back_with_nothing_to_change(
    house: House, admin: Handset, full: str
) -> None:
    answer = look(admin, taken_out(admin)).json()
    assert answer["counts"] == {"new": 0, "changed": 0, "same": 4, "wrong": 0}
    assert answer["ignored"] == []


def test_who_joined_before_1970_goes_out_and_comes_back(
    house: House, admin: Handset, full: str
) -> None:
    house.system(op("member", house.patroller, joined=-600_000_000_000, base={}))
    out = taken_out(admin)
    (row,) = [row for row in table(out) if row["姓名"] == "张河"]
    assert row["入党时间"] == datetime(1950, 12, 27)
    assert look(admin, out).json()["counts"]["same"] == 4
    (row,) = looked(admin, {**NEW, "入党时间": "1921-07-23"})
    assert (row["what"], row["set"]["joined"]) == ("new", -1_528_790_400_000)


def test_whoever_is_in_one_of_two_teams_of_one_name_stays_in_it(
    house: House, officer: Handset, admin: Handset, full: str
) -> None:
    """Which of them another would be in nobody can say: his row is refused."""
    second = ids.make("the other team two")
    house.system(op("team", second, name="二队"))
    answer = look(admin, taken_out(admin)).json()
    assert answer["counts"] == {"new": 0, "changed": 0, "same": 4, "wrong": 0}
    kept, moved, new = looked(
        officer,
        {"编号": "NBH-011", "姓名": "张河", "角色": "巡查队员、责任区负责人", "所在队": "二队"},
        {"编号": "NBH-孙澜", "姓名": "孙澜", "角色": "巡查队员", "所在队": "二队"},
        {**NEW, "所在队": "二队"},
    )
    assert (kept["what"], kept["set"]) == ("same", {})
    assert [(it["row"], faults(it)) for it in (moved, new)] == [
        (3, [("所在队", "ambiguous_name")]),
        (4, [("所在队", "ambiguous_name")]),
    ]
    assert "二队" in new["wrong"][0]["words"]
    house.system(op("team", second, "del"))
    (new,) = looked(officer, {**NEW, "所在队": "二队"})
    assert new["set"]["team"] == full


def test_whoever_is_in_a_team_that_is_gone_comes_back_as_he_went_out(
    house: House, admin: Handset, full: str
) -> None:
    house.system(op("team", full, "del"))
    assert look(admin, taken_out(admin)).json()["counts"]["same"] == 4
    house.system(op("team", ids.make("a new team two"), name="二队"))
    assert look(admin, taken_out(admin)).json()["counts"]["same"] == 4


@pytest.mark.parametrize("odd", ["\u0007", "\u202e", "\u0000", " ", "\n", "e\u0301"])
def test_odd_characters_go_out_harmless_and_come_back_as_nothing_to_change(
    house: House, admin: Handset, full: str, odd: str
) -> None:
    house.system(op("member", house.patroller, title=f"队{odd}长{odd}", base={}))
    out = taken_out(admin)
    (row,) = [row for row in table(out) if row["姓名"] == "张河"]
    assert not set(row["职务"]) & set("\u0007\u202e\u0000")
    assert look(admin, out).json()["counts"]["same"] == 4


def test_the_empty_sheet_has_the_headers_and_nobody(officer: Handset) -> None:
    data = taken_out(officer, "?empty=true")
    assert table(data) == []
    assert look(officer, data).json()["rows"] == []
    choices = load_workbook(BytesIO(data)).worksheets[0].data_validations.dataValidation
    assert [it.formula1 for it in choices] == ['"正式党员,预备党员,入党积极分子,群众"']


# in ----------------------------------------------------------------------------------------------
def test_a_look_says_what_is_new_and_what_changes_and_writes_nothing(
    house: House, officer: Handset, full: str
) -> None:
    before = house.store.ledger().number
    rows = looked(
        officer,
        {**NEW, "电话": 13900000900, "入党时间": datetime(2020, 7, 1), "所在队": "二队"},
        {"姓名": "张河", "编号": "NBH-011", "角色": "责任区负责人、巡查队员", "电话": ""},
        {"姓名": "孙澜", "编号": "NBH-孙澜", "角色": "巡查队员"},
    )
    new, changed, same = rows
    assert (new["row"], new["what"], new["record"]) == (2, "new", None)
    assert new["set"] == {
        "name": "钱渠",
        "code": "NBH-900",
        "roles": ["member"],
        "phone": "13900000900",
        "joined": 1_593_532_800_000,
        "team": full,
    }
    # The order of roles means nothing; an empty cell of a column that is there takes away.
    assert (changed["what"], changed["record"]) == ("changed", house.patroller)
    assert changed["set"] == {"phone": None, "team": None, "joined": None}
    assert changed["before"]["phone"] == "13900000011"
    assert same["what"] == "same"
    assert house.store.ledger().number == before


def test_a_column_that_is_not_there_changes_nothing(officer: Handset, full: str) -> None:
    (row,) = looked(officer, {"编号": "NBH-011", "姓名": "张大河"})
    assert row["set"] == {"name": "张大河"}
    (row,) = looked(officer, {"编号": "NBH-901", "姓名": "新人"})
    assert faults(row) == [("角色", "required")]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"姓名": ""}, ("姓名", "required")),
        ({"编号": ""}, ("编号", "required")),
        ({"角色": ""}, ("角色", "required")),
        ({"姓名": "河" * 21}, ("姓名", "too_long")),
        ({"角色": "巡查队员、船长"}, ("角色", "unknown_choice")),
        ({"政治面貌": "党员？"}, ("政治面貌", "unknown_choice")),
        ({"电话": "12345"}, ("电话", "wrong_type")),
        ({"入党时间": "2021-02-30"}, ("入党时间", "wrong_type")),
        ({"入党时间": "去年"}, ("入党时间", "wrong_type")),
        ({"入党时间": "2099-01-01"}, ("入党时间", "in_future")),
        ({"登录名": "Zhang"}, ("登录名", "wrong_type")),
        ({"所在队": "九队"}, ("所在队", "unknown_name")),
    ],
    ids=lambda it: "-".join(it) if isinstance(it, dict | tuple) else None,
)
def test_what_is_wrong_is_said_by_row_and_column(
    officer: Handset, cells: dict[str, str], fault: tuple[str, str]
) -> None:
    good, bad = looked(officer, {**NEW, "编号": "NBH-899"}, {**NEW, **cells})
    assert good["what"] == "new"
    assert (bad["row"], bad["what"], faults(bad)) == (3, "wrong", [fault])
    assert fault[0] in bad["wrong"][0]["words"]


def test_a_number_means_one_person(house: House, officer: Handset) -> None:
    first, second, other = looked(officer, NEW, {**NEW, "姓名": "另一个"}, {**NEW, "编号": "X"})
    assert faults(first) == faults(second) == [("编号", "twice")]
    assert other["what"] == "new"
    for name in ("甲", "乙"):
        person = ids.make(name)
        house.before_guards(op("member", person, name=name, code="SAME", roles=["member"]))
    (row,) = looked(officer, {**NEW, "编号": "SAME"})
    assert faults(row) == [("编号", "ambiguous")]


def test_the_same_name_and_phone_are_the_same_person(house: House, officer: Handset) -> None:
    fields = {"name": "张顺", "code": "NBH-777", "roles": ["member"], "phone": "13900000077"}
    house.system(op("member", ids.make("shun"), **fields))
    new = {**NEW, "姓名": "张顺", "电话": "13900000077"}
    again, other_phone, other_name = looked(
        officer,
        {**new, "编号": "NBH-778"},
        {**new, "编号": "NBH-779", "电话": "13900000079"},
        {**new, "编号": "NBH-780", "姓名": "张利"},
    )
    (himself,) = looked(officer, {"姓名": "张顺", "电话": "13900000077", "编号": "NBH-777"})
    assert faults(again) == [("编号", "same_person")]
    assert "NBH-777" in again["wrong"][0]["words"]
    assert [row["what"] for row in (other_phone, other_name, himself)] == ["new", "new", "same"]


def test_what_is_wrong_says_what_is_wanted(officer: Handset) -> None:
    (row,) = looked(officer, {**NEW, "电话": "1381234567"})
    assert "11 位" in row["wrong"][0]["words"]


def test_who_left_is_not_made_a_second_time(house: House, officer: Handset) -> None:
    gone = house.member("离岗的人", "member")
    house.system(op("member", gone, "del"))
    (row,) = looked(officer, {**NEW, "编号": "NBH-离岗的人"})
    assert faults(row) == [("编号", "left")]


def test_an_officer_cannot_raise_himself_by_a_sheet(
    house: House, officer: Handset, admin: Handset
) -> None:
    himself = {"编号": "NBH-周汛", "姓名": "周汛", "角色": "值班员、系统管理员"}
    made = {**NEW, "角色": "支部书记"}
    assert [faults(row) for row in looked(officer, himself, made)] == [[("角色", "no_right")]] * 2
    assert [row["what"] for row in looked(admin, himself, made)] == ["changed", "new"]


def test_an_officer_cannot_raise_himself_by_a_line(house: House, officer: Handset) -> None:
    stamps = house.store.record(house.office).stamps  # type: ignore[union-attr]
    base = {name: stamp.entry for name, stamp in stamps.items()}
    raised = {"roles": ["duty_officer", "admin"]}
    officer.phone.capture(op("member", house.office, base=base, **raised))
    officer.phone.capture(op("member", house.admin, "del"))
    officer.phone.capture(op("member", ids.make("me too"), name="我", code="X", **raised))
    said = [(it["verdict"], it["code"]) for it in officer.push().json()["receipts"]]
    assert said == [("refused", "no_right")] * 3


def test_words_come_in_the_language_asked_for(officer: Handset) -> None:
    data = sheet({**NEW, "角色": ""})
    english = look(officer, data, **{"Accept-Language": "en"}).json()["rows"][0]["wrong"][0]
    assert english["column"] == "Roles"
    assert english["words"] == "Roles is empty"


def test_headers_are_known_in_both_languages_and_others_are_named(officer: Handset) -> None:
    row = {"Name": "钱渠", " number ": "NBH-900", "Roles*": "Member", "身份证": "x"}
    answer = look(officer, sheet(row)).json()
    assert answer["ignored"] == ["身份证"]
    assert answer["rows"][0]["set"] == {"name": "钱渠", "code": "NBH-900", "roles": ["member"]}


# who may -----------------------------------------------------------------------------------------
def test_only_who_manages_people_sees_the_list(house: House) -> None:
    phone = house.enrol(house.patroller)
    assert problem(phone.send("GET", "/api/people.xlsx")) == (403, "forbidden")
    assert problem(look(phone, sheet(NEW))) == (403, "forbidden")


def test_A04_the_other_organisation_is_neither_shown_nor_meant(
    house: House, officer: Handset
) -> None:
    house.system(op("team", ids.make("外队"), name="外队"), org=house.other_org)
    assert "谭泵" not in str(table(taken_out(officer)))
    (row,) = looked(officer, {**NEW, "编号": "NBH-谭泵", "所在队": "外队"})
    assert (row["record"], faults(row)) == (None, [("所在队", "unknown_name")])


# bad sheets --------------------------------------------------------------------------------------
def packed(*parts: tuple[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts:
            file.writestr(name, content)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as file:
        parts = [(it, file.read(it)) for it in file.namelist() if it != name]
    return packed(*parts, (name, content))


def lying(data: bytes) -> bytes:
    """Says of every part that it is empty when unpacked."""
    out = bytearray(data)
    at = 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = b"\0\0\0\0"
        at += 4
    return bytes(out)


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">]><s>&a;</s>"""


def bad_sheets() -> Iterator[Any]:
    good = sheet(NEW)
    bomb = with_part(good, "xl/worksheets/sheet1.xml", b" " * 40_000_000)
    assert len(bomb) < 100_000
    for name, data in {
        "nothing": b"",
        "no zip": b"PK\x03\x04 not really",
        "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
        "cut off": good[: len(good) // 2],
        "another zip": packed(("a.txt", b"hello")),
        "bomb": bomb,
        "bomb that lies": lying(bomb),
        "many parts": packed(*((f"{n}.xml", b"") for n in range(300))),
        "entities": with_part(good, "xl/workbook.xml", ENTITIES),
        "entities in utf-16": with_part(
            good, "xl/workbook.xml", ENTITIES.decode().encode("utf-16")
        ),
        "no columns": sheet({"甲": 1}),
        "no number": sheet({"姓名": "钱渠"}),
        "a column twice": sheet(headers=["姓名", "编号", "Name"]),
        "too many rows": sheet(*({"姓名": n, "编号": n} for n in range(people.ROWS + 1))),
    }.items():
        yield pytest.param(data, id=name)


@pytest.mark.parametrize("data", list(bad_sheets()))
def test_a_bad_sheet_is_refused_in_words(officer: Handset, data: bytes) -> None:
    answer = look(officer, data)
    assert problem(answer) == (400, "sheet_unreadable")
    assert "什么都没写" in answer.json()["detail"]


def test_more_than_two_mebibytes_are_not_read(officer: Handset) -> None:
    assert problem(look(officer, b"x" * (2 * 1_048_576 + 1))) == (413, "body_too_large")


def test_a_row_far_down_and_blank_ones_between_do_not_count(officer: Handset) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(NEW))
    for column, value in enumerate(NEW.values(), 1):
        page.cell(40, column, value)
    out = BytesIO()
    book.save(out)
    (row,) = look(officer, out.getvalue()).json()["rows"]
    assert (row["row"], row["what"]) == (40, "new")
