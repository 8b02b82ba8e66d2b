"""The cells of the rights table as things that somebody can do over the wire, and people to do
them. What is allowed is read from the rows of `TABLE` alone, never from the code that asks it."""

from collections.abc import Iterator
from typing import Any, Literal, get_args

from msgspec import Struct

from hushui.domain.access import ALL, LINES, TABLE, Action, Post, Whose, held_by
from hushui.kinds import KINDS
from hushui.kinds.fields import NAME, Field
from hushui.ledger import SystemLine
from hushui_sync.entry import Op
from hushui_sync.world import Record
from tests.support import ids
from tests.support.phone import about, op
from tests.web.house import Handset, House, apart, excused

Where = Literal["own", "named", "zone", "team", "others", "foreign"]
WHERE: tuple[Where, ...] = get_args(Where)
POSTS: tuple[Post, ...] = get_args(Post)
HELD: dict[Post, set[Post]] = {post: {"patroller", post} for post in POSTS}
ROLES: dict[Post, tuple[str, ...]] = {
    "patroller": ("member",),
    "zone_lead": ("member",),
    "team_leader": ("member", "team_leader"),
    "office": ("duty_officer",),
    "admin": ("admin",),
}
ZONED = frozenset(kind.code for kind in KINDS.values() if "zone" in kind.fields)
FOLLOWING = {kind.code: kind.subject for kind in KINDS.values() if kind.subject is not None}
"""Kinds that are where their record is, and the field that says which it is."""


def calls(kind: str) -> list[str]:
    """The fields whose people a record calls upon: they may add to it, or it travels to them."""
    known = KINDS[kind]
    names = dict.fromkeys((*known.named, *known.travels))
    return [name for name in names if name in known.fields and known.fields[name].kind == "member"]


CALLING = frozenset(kind for kind in KINDS if calls(kind))


def free(name: str, field: Field) -> bool:
    """A text that may say anything at any time."""
    said = field.type == "text" and field.pattern in (None, NAME) and field.needed is None
    return said and field.merge == "later" and field.shown is None and name != "correction"


def note_of(kind: str) -> str | None:
    """The text that may be written again; None where every one is written once."""
    names = [name for name, field in KINDS[kind].fields.items() if free(name, field)]
    return "note" if "note" in names else next(iter(names), None)


NOTE = {kind: note_of(kind) for kind in KINDS}
ORDINARY = held_by("author", "command", "office", "places")
MANAGED = ("new", "put", "add", "del", "undel")

WAYS: dict[Action, dict[str, tuple[str, ...]]] = {
    "create": dict.fromkeys(ORDINARY, ("new",)),
    "correct": dict.fromkeys(ORDINARY, ("put",)),
    "add": dict.fromkeys(ORDINARY, ("add",)),
    "void": dict.fromkeys(ORDINARY, ("del", "undel")),
    "review": dict.fromkeys(ALL, ("decide",)),
    "give_zone": dict.fromkeys(held_by("zones"), MANAGED),
    "manage_people": dict.fromkeys(held_by("people"), MANAGED),
    "manage_devices": dict.fromkeys(held_by("devices"), MANAGED),
    "settle": dict.fromkeys(ALL, ("settle",)),
    "adopt": dict.fromkeys(LINES, ("adopt", "decline")),
    "read_records": dict.fromkeys(ALL, ("read",)),
}
"""Action → kind → how it is done. Whatever is not here no act of the protocol can mean."""


def places(kind: str) -> tuple[Where, ...]:
    """Where a record of the kind can be: only some call upon people."""
    return tuple(where for where in WHERE if where != "named" or kind in CALLING)


class Cell(Struct, frozen=True):
    action: Action
    kind: str
    where: Where
    way: str

    def ways(self) -> set[Whose]:
        """In how many ways the thing is its writer's business. Nobody owns a grant; what is made
        new is one's own."""
        if self.where == "own" and self.kind != "grant":
            return {"own"}
        own: Whose = "own" if self.way == "new" and self.kind != "grant" else "others"
        placed = self.kind in ZONED or (self.kind in FOLLOWING and self.way == "read")
        match self.where:
            case "zone" | "team" if placed:
                return {own, self.where}
            case "named" if self.way != "new":
                return {own, "named"}
            case _:
                return {own}


def cells() -> Iterator[Cell]:
    for action, kinds in WAYS.items():
        for kind, ways in kinds.items():
            for way in ways:
                yield from (Cell(action, kind, where, way) for where in places(kind))


WRITTEN = [cell for cell in cells() if cell.action != "read_records"]


def says(posts: set[Post], cell: Cell) -> bool:
    """Whether a row of the table allows it to somebody who holds these posts."""
    if cell.where == "foreign":
        return False
    ways = cell.ways()
    return any(
        row.post in posts
        and row.action == cell.action
        and cell.kind in row.kinds
        and (row.whose in {"org", *ways} or (row.whose == "others" and "own" not in ways))
        for row in TABLE
    )


class Town:
    """An organisation with one person for each post, and a second organisation.

    Everybody begins as officer and administrator, and has made records; `appoint` leaves each his
    own post. So whoever may write nothing still has something of his own.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.count = 0
        self.third = self._person("王三")
        self.other = self._person("孙二")
        self.stranger = self._person("外人", house.other_org)
        self.beyond = self._person("外人乙", house.other_org)
        self.nowhere = house.make_zone("nobody's zone", "220300-NBH-Z09")
        self.phones: dict[Post, Handset] = {}
        self.people: dict[Post, str] = {}
        self.zones: dict[tuple[Post, Where], str] = {}
        self.shared: dict[tuple[str, ...], str] = {}
        for post in POSTS:
            self._settle_in(post)

    def _person(self, name: str, org: str | None = None) -> Handset:
        person = self.house.member(name, "member", "duty_officer", "admin", org=org)
        return self.house.enrol(person, org=org)

    def _settle_in(self, post: Post) -> None:
        house, person = self.house, ids.make(f"person {post}")
        team, zone, team_zone = (ids.make(f"{what} {post}") for what in ("t", "z", "tz"))
        shape = {name: KINDS["zone"].valid[name] for name in ("polygon", "line", "chainage_start")}
        everything = ["member", "duty_officer", "admin"]
        role = "lead" if post == "zone_lead" else "member"
        house.system(
            op("team", team, name="队"),
            op("zone", zone, **apart("zone", {"code": "", "name": "区", **shape})),
            op("zone", team_zone, team=team, **apart("zone", {"code": "", "name": "队", **shape})),
            op("member", person, name=post, code=post, roles=everything, team=team),
            op("grant", ids.make(f"g {post}"), person=person, zone=zone, role=role),
        )
        self.people[post] = person
        self.phones[post] = house.enrol(person)
        self.zones |= {
            (post, "own"): self.nowhere,
            (post, "named"): self.nowhere,
            (post, "zone"): zone,
            (post, "team"): team_zone,
            (post, "others"): self.nowhere,
            (post, "foreign"): ids.make("a zone beyond"),
        }

    def appoint(self) -> None:
        changes = [
            op("member", self.people[post], roles=list(ROLES[post]), name=post, code=post)
            for post in POSTS
        ]
        for change in changes:
            self.house.system(change)

    # making things ----------------------------------------------------------------------------
    def author(self, post: Post, where: Where) -> Handset:
        return {"own": self.phones[post], "foreign": self.stranger}.get(where, self.other)

    def fields(
        self, kind: str, zone: str, subject: str = "", person: str | None = None
    ) -> dict[str, Any]:
        """A whole valid record. ``person``: whom it calls upon."""
        fields = apart(kind, KINDS[kind].valid)
        if kind in ZONED:
            fields["zone"] = zone
        if kind in FOLLOWING:
            fields[FOLLOWING[kind]] = subject
        for name in calls(kind) if person else ():
            many = KINDS[kind].fields[name].type == "refs"
            fields[name] = [self.house.colleague] if many else self.house.colleague
        if person:
            last = calls(kind)[-1]
            fields[last] = [person] if isinstance(fields[last], list) else person
        note = NOTE[kind]
        return excused(kind, fields if note is None else {**fields, note: "first"})

    def named(self, post: Post, where: Where) -> str | None:
        return self.people[post] if where == "named" else None

    def id(self, name: str) -> str:
        self.count += 1
        return ids.make(f"{name} {self.count}")

    def about(self, kind: str, post: Post, where: Where) -> str:
        """What a record is about that follows another: a hazard of a third person. All but reviews
        may share it."""
        if kind not in FOLLOWING:
            return ids.make("nothing of the kind")
        shared = ("subject", post if where != "foreign" else "", where)
        if kind != "review" and shared in self.shared:
            return self.shared[shared]
        hazard, zone = self.id("subject"), self.zones[post, where]
        phone = self.beyond if where == "foreign" else self.third
        phone.phone.capture(op("hazard", hazard, **self.fields("hazard", zone)))
        if kind != "review":
            self.shared[shared] = hazard
        return hazard

    def make(self, kind: str, post: Post, where: Where, subject: str) -> str:
        """Foreign things are made once: nothing that anybody does may change them."""
        if where == "foreign" and (kind, where) in self.shared:
            return self.shared[kind, where]
        record = self._make(kind, post, where, subject)
        if where == "foreign":
            self.shared[kind, where] = record
        return record

    def _make(self, kind: str, post: Post, where: Where, subject: str) -> str:
        record = self.id(kind)
        if kind == "entry":
            dream = op("dream", record, zone=self.zones[post, where])
            return self.author(post, where).phone.capture(dream)
        zone, person = self.zones[post, where], self.named(post, where)
        fields = self.fields(kind, zone, subject, person)
        self.author(post, where).phone.capture(op(kind, record, **fields))
        return record

    def push(self, *phones: Handset) -> None:
        """Everything not yet sent, where every line must be taken, or held for its kind."""
        for phone in phones:
            for receipt in push_all(phone):
                assert receipt["code"] in (None, "unknown_kind"), receipt

    def everybody(self) -> list[Handset]:
        return [self.third, self.beyond, self.other, self.stranger, *self.phones.values()]

    def meddle(self, cell: Cell, record: str) -> SystemLine | None:
        """What the organisation does before: a conflict to be settled, a deletion to be undone."""
        if cell.where == "foreign" or cell.kind == "entry":
            return None
        note = NOTE[cell.kind]
        if cell.way == "settle" and note is not None:
            return self._system(op(cell.kind, record, **{note: "second"}))
        if cell.way == "undel":
            stamps = {name: stamp.entry for name, stamp in self.record(record).stamps.items()}
            return self._system(op(cell.kind, record, "del", base=stamps))
        return None

    def _system(self, *ops: Op) -> SystemLine:
        return SystemLine(self.house.org, ops)

    def record(self, record: str) -> Record:
        found = self.house.store.record(record)
        assert found is not None
        return found

    # acting -----------------------------------------------------------------------------------
    def act(self, cell: Cell, record: str, post: Post) -> Op:
        """The one op that the cell means, by somebody who has seen all there is."""
        kind, note = cell.kind, NOTE.get(cell.kind) or "decision"
        if cell.way in ("adopt", "decline"):
            return about(cell.way, record)
        if cell.way == "decide":
            decision = self.fields("review", "", record)
            return op("review", self.id("decision"), **decision, base={"$review": None})
        if cell.way == "new":
            known = record if cell.where == "foreign" else self.id(f"new {kind}")
            subject = ids.make("nothing of the kind")
            person = self.named(post, cell.where)
            fields = self.fields(kind, self.zones[post, cell.where], subject, person)
            return op(kind, known, **fields)
        stamps = {name: stamp.entry for name, stamp in self.record(record).stamps.items()}
        match cell.way:
            case "put":
                return op(kind, record, **{note: "changed"}, base={note: stamps.get(note)})
            case "add":
                return op(kind, record, "add", said="something")
            case "settle":
                return op(kind, record, "settle", field=note, stamp=stamps[note])
            case _:
                return op(kind, record, cell.way, base=stamps)


def push_all(phone: Handset) -> list[dict[str, Any]]:
    """In pushes of 200 lines; a receipt for each."""
    device = phone.house.store.device(phone.device)
    assert device is not None
    receipts: list[dict[str, Any]] = []
    for start in range(device.n + 1, len(phone.phone.lines) + 1, 200):
        lines = phone.phone.lines[start - 1 : start + 199]
        answer = phone.push_bytes(b"".join(line + b"\n" for line in lines), start)
        assert answer.status_code == 200, answer.text
        receipts += answer.json()["receipts"]
    return receipts
