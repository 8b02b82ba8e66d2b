"""The member list as a sheet: out, and in with a look at what it would change.

Nothing is written here. Who looked writes the records himself, line by line through his outbox, so
that they have receipts and a history like everything else.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from hushui.actions.parts import Caller, Parts, demand
from hushui.domain import access
from hushui.domain.views import Rights
from hushui.errors import Language, Words
from hushui.exports import people as sheets
from hushui.exports.people import FIELDS, Row, Sheet, Trouble
from hushui.storage.store import RecordQuery
from hushui_sync.world import Record

BYTES: Final = 2 * 1_048_576
MANY: Final = 20_000
REFERRED: Final = tuple(dict.fromkeys(it.kind for it in FIELDS.values() if it.type == "ref"))

What = Literal["new", "changed", "same", "wrong"]

TROUBLES: Final = {
    "required": Words("“{column}”没填", "{column} is empty"),
    "too_long": Words("“{column}”太长：{value}", "{column} is too long: {value}"),
    "out_of_range": Words("“{column}”超出范围：{value}", "{column} is out of range: {value}"),
    "wrong_type": Words(
        "“{column}”填得不对：{value}。{how}", "{column} holds something else: {value}"
    ),
    "unknown_choice": Words(
        "“{column}”选的不在表里：{value}", "{column} is none of the choices: {value}"
    ),
    "in_future": Words("“{column}”晚于今天：{value}", "{column} is later than today: {value}"),
    "unknown_name": Words(
        "“{column}”没有叫“{value}”的，先建好再导入",
        "{column}: there is no {value}; make it first",
    ),
    "ambiguous_name": Words(
        "“{column}”叫“{value}”的不止一个，先改成不同的名字再导入",
        "{column}: several are called {value}; rename them first",
    ),
    "twice": Words("编号 {value} 在表里出现了两次", "Number {value} stands in the sheet twice"),
    "ambiguous": Words("编号 {value} 本单位有两个人在用", "Two people have number {value}"),
    "same_person": Words(
        "同名同电话的人已经有了，编号 {value}；要改他的资料，就填这个编号",
        "Somebody of this name and phone is number {value}; use that number to change him",
    ),
    "left": Words(
        "编号 {value} 的人已离岗，先让他返岗", "Who had number {value} has left; let him return"
    ),
    "no_right": Words(
        "值班员、支部书记、系统管理员只由系统管理员授予和更改",
        "Only an administrator makes and changes officers and administrators",
    ),
}


class CellTrouble(Struct, frozen=True):
    """``column``: the header; ``words`` in the language asked for."""

    field: str
    column: str
    code: str
    words: str


class PreviewRow(Struct, frozen=True):
    """``set``: what would be written, ``before`` what stands there now; ``record`` null: new."""

    row: int
    what: What
    record: str | None
    name: str
    code: str
    set: dict[str, Any]
    before: dict[str, Any]
    wrong: tuple[CellTrouble, ...]


class Preview(Struct, frozen=True):
    """``ignored``: headers that no field has. ``counts`` by what would happen."""

    rows: tuple[PreviewRow, ...]
    counts: dict[What, int]
    ignored: tuple[str, ...]


def export(parts: Parts, caller: Caller, empty: bool) -> bytes:
    demand_people(parts, caller)
    members = [] if empty else by_number(standing(parts, caller.org, "member"))
    fields, names = [it.fields for it in members], dict(_named(parts, caller.org))
    return sheets.write(fields, names)


def preview(parts: Parts, caller: Caller, data: bytes, language: Language) -> Preview:
    rights = demand_people(parts, caller)
    known: dict[str, dict[str, list[str]]] = {}
    for kind in REFERRED:
        of_kind = known.setdefault(kind or "", {})
        for it in standing(parts, caller.org, kind or ""):
            of_kind.setdefault(sheets.text(it.fields.get("name")), []).append(it.id)
    names = dict(_named(parts, caller.org))
    members = standing(parts, caller.org, "member", deleted=True)
    return Comparison(parts, rights, members, names, language).of(sheets.read(data, known))


def demand_people(parts: Parts, caller: Caller) -> Rights:
    rights = parts.rights(caller.active())
    demand(access.may(rights, "manage_people", "member", "others"))
    return rights


def standing(parts: Parts, org: str, kind: str, *, deleted: bool = False) -> Sequence[Record]:
    query = RecordQuery(org=org, scopes=None, kind=kind, limit=MANY, deleted=deleted)
    return parts.store.records(query)[0]


def by_number(members: Sequence[Record]) -> list[Record]:
    return sorted(members, key=lambda it: (str(it.fields.get("code")), it.id))


def _named(parts: Parts, org: str) -> list[tuple[str, str]]:
    return [
        (it.id, str(it.fields.get("name")))
        for kind in REFERRED
        for it in standing(parts, org, kind or "", deleted=True)
    ]


class Comparison:
    """A sheet against the members there are. The number says who is meant."""

    def __init__(
        self,
        parts: Parts,
        rights: Rights,
        members: Sequence[Record],
        names: sheets.Names,
        language: Language,
    ) -> None:
        self.names = names
        self.policy, self.rights, self.language = parts.policy, rights, language
        self.now = parts.ports.now()
        self.here: dict[str, list[Record]] = {}
        self.codes: dict[tuple[str, str], str] = {}
        self.left: set[str] = set()
        for member in members:
            code = sheets.text(member.fields.get("code"))
            if member.deleted:
                self.left.add(code)
            else:
                self.here.setdefault(code, []).append(member)
                if member.fields.get("phone"):
                    self.codes[name_and_phone(member.fields)] = code

    def of(self, sheet: Sheet) -> Preview:
        seen = Counter(row.values["code"] for row in sheet.rows)
        rows = tuple(self._row(row, twice=seen[row.values["code"]] > 1) for row in sheet.rows)
        counts: dict[What, int] = {"new": 0, "changed": 0, "same": 0, "wrong": 0}
        for row in rows:
            counts[row.what] += 1
        return Preview(rows, counts, sheet.ignored)

    def _row(self, row: Row, *, twice: bool) -> PreviewRow:
        code = row.values["code"] or ""
        found = self.here.get(code, [])
        member = found[0] if len(found) == 1 else None
        fields: Mapping[str, Any] = member.fields if member is not None else {}
        row = self._as_he_is(row, fields)
        written = changes(row.values, fields)
        wrong = [*row.wrong, *self._missing(row, member), *self._ahead(written)]
        other = self.codes.get(name_and_phone(row.values)) if not found else None
        for fault, is_so, value in (
            ("twice", twice and bool(code), code),
            ("ambiguous", len(found) > 1, code),
            ("left", not found and code in self.left, code),
            ("same_person", other is not None, other or ""),
        ):
            if is_so:
                wrong.append(Trouble("code", fault, value))
        if written and not wrong and not self._allowed(member, written):
            wrong.append(Trouble("roles", "no_right", ""))
        return PreviewRow(
            row=row.row,
            what=kind_of(member, written, wrong),
            record=member.id if member is not None else None,
            name=str(row.values.get("name") or fields.get("name") or ""),
            code=code,
            set=written,
            before={name: fields.get(name) for name in written},
            wrong=tuple(map(self._said, wrong)),
        )

    def _as_he_is(self, row: Row, fields: Mapping[str, Any]) -> Row:
        """Whoever is in what bears the name stays in it, though another bears it too, or it is
        gone: the sheet says nothing else than what went out."""
        kept = {
            name: fields[name]
            for name, said in row.said.items()
            if FIELDS[name].type == "ref"
            and fields.get(name)
            and said == sheets.words(FIELDS[name], fields[name], self.names) != ""
        }
        wrong = tuple(trouble for trouble in row.wrong if trouble.field not in kept)
        return replace(row, values=row.values | kept, wrong=wrong)

    def _missing(self, row: Row, member: Record | None) -> list[Trouble]:
        """A new one needs every column that must stand."""
        if member is not None:
            return []
        must = (name for name, field in FIELDS.items() if field.required)
        return [Trouble(name, "required", "") for name in must if name not in row.values]

    def _ahead(self, written: Mapping[str, Any]) -> list[Trouble]:
        """No day of a person's past is yet to come."""
        return [
            Trouble(name, "in_future", sheets.words(FIELDS[name], value, {}))
            for name, value in written.items()
            if FIELDS[name].type == "time" and value is not None and value > self.now
        ]

    def _allowed(self, member: Record | None, written: dict[str, Any]) -> bool:
        return self.policy.allowed(self.rights, "member", "put", member, written, None)

    def _said(self, trouble: Trouble) -> CellTrouble:
        field = FIELDS[trouble.field]
        column = field.zh if self.language == "zh" else field.en
        template: str = getattr(TROUBLES[trouble.code], self.language)
        said = template.format(column=column, value=trouble.value[:40], how=sheets.how(field))
        return CellTrouble(trouble.field, column, trouble.code, said)


def name_and_phone(fields: Mapping[str, Any]) -> tuple[str, str]:
    """Name and phone: two people of one name have two phones."""
    return sheets.text(fields.get("name")), sheets.text(fields.get("phone"))


def changes(values: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """What differs as a sheet writes it: a moment of the same day is the same."""
    return {
        name: value for name, value in values.items() if not is_same(name, value, fields.get(name))
    }


def is_same(name: str, one: Any, other: Any) -> bool:
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    field = FIELDS[name]
    if field.type == "choices":
        return set(one) == set(other)
    if field.type in ("time", "text"):
        return sheets.words(field, one, {}) == sheets.words(field, other, {})
    return bool(one == other)


def kind_of(member: Record | None, written: object, wrong: object) -> What:
    if wrong:
        return "wrong"
    if member is None:
        return "new"
    return "changed" if written else "same"
