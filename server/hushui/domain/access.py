"""Who may do what to whose records: one table, and the questions asked of it."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from msgspec import Struct

from hushui.domain.views import Rights
from hushui.kinds import KINDS
from hushui.kinds.kind import Held
from hushui_sync.world import Record

Post = Literal["patroller", "zone_lead", "team_leader", "office", "admin"]
Action = Literal[
    "create",
    "correct",
    "add",
    "void",
    "review",
    "give_zone",
    "manage_people",
    "manage_devices",
    "settle",
    "adopt",
    "read_records",
]
Whose = Literal["own", "named", "zone", "team", "others", "org"]


def held_by(*held: Held) -> tuple[str, ...]:
    return tuple(kind.code for kind in KINDS.values() if kind.held_by in held)


FACTS = tuple(kind.code for kind in KINDS.values() if kind.family == "fact")
PLACES = held_by("places")
PEOPLE = held_by("people")
DEVICES = held_by("devices")
COMMANDS = held_by("command")
PAPERS = held_by("office")
"""What the office alone keeps: registers, rosters, responses, notices."""
NAMING = tuple(kind.code for kind in KINDS.values() if kind.named)
REACHING = tuple(
    kind.code
    for kind in KINDS.values()
    if any(kind.fields[name].kind == "member" for name in kind.travels if name in kind.fields)
)
"""What travels to the people it names."""
SENT = (*FACTS, *COMMANDS, "review")
"""What travels to its author and to where it happened; the rest is everybody's."""
LINES = ("entry",)
"""What `adopt` and `decline` name as their kind: a line is not a record yet."""
ALL = tuple(KINDS)
OFFICE_ROLES = frozenset({"duty_officer", "secretary"})
GUARDED_ROLES = OFFICE_ROLES | {"admin"}


LEAVING = tuple(
    code
    for code, kind in KINDS.items()
    if kind.subject is None and kind.closes in ("reviewed", "verified")
)
"""S11. What follows another record goes with it, never by itself."""
SYSTEM = "system"
"""The role of an organisation's own device. It is not among the choices of a member."""


class Row(Struct, frozen=True):
    """``whose``: own records; those that name one; those of a zone or team held; others =
    everybody's but one's own."""

    post: Post
    action: Action
    kinds: tuple[str, ...]
    whose: Whose


TABLE: tuple[Row, ...] = (
    Row("patroller", "create", FACTS, "org"),
    Row("patroller", "correct", FACTS, "own"),
    Row("patroller", "add", FACTS, "own"),
    Row("patroller", "add", NAMING, "named"),
    Row("patroller", "void", FACTS, "own"),
    Row("patroller", "settle", FACTS, "own"),
    Row("patroller", "read_records", SENT, "own"),
    Row("patroller", "read_records", REACHING, "named"),
    Row("patroller", "read_records", SENT, "zone"),
    Row("zone_lead", "read_records", SENT, "zone"),
    Row("team_leader", "read_records", SENT, "team"),
    Row("team_leader", "give_zone", ("grant",), "team"),
    Row("team_leader", "create", COMMANDS, "org"),
    Row("team_leader", "correct", COMMANDS, "own"),
    Row("team_leader", "add", COMMANDS, "own"),
    Row("team_leader", "void", COMMANDS, "own"),
    Row("office", "correct", FACTS, "org"),
    Row("office", "add", FACTS, "org"),
    Row("office", "void", FACTS, "org"),
    Row("office", "review", FACTS, "others"),
    Row("office", "give_zone", ("grant",), "org"),
    Row("office", "manage_people", PEOPLE, "org"),
    Row("office", "manage_devices", DEVICES, "org"),
    Row("office", "create", (*PLACES, *PAPERS, *COMMANDS), "org"),
    Row("office", "correct", (*PLACES, *PAPERS, *COMMANDS), "org"),
    Row("office", "add", COMMANDS, "org"),
    Row("office", "void", (*PLACES, *PAPERS, *COMMANDS), "org"),
    Row("office", "settle", ALL, "org"),
    Row("office", "adopt", LINES, "org"),
    Row("office", "read_records", ALL, "org"),
    Row("admin", "manage_people", PEOPLE, "org"),
    Row("admin", "manage_devices", DEVICES, "org"),
    Row("admin", "create", PLACES, "org"),
    Row("admin", "correct", PLACES, "org"),
    Row("admin", "void", PLACES, "org"),
    Row("admin", "settle", (*PEOPLE, *PLACES, *DEVICES), "org"),
)


def posts(rights: Rights) -> frozenset[Post]:
    """Whoever has a role is a patroller whatever else he is. 系统 may what anybody may."""
    if SYSTEM in rights.roles:
        return frozenset(get_args(Post))
    held: set[Post] = {"patroller"} if rights.roles else set()
    if rights.roles and (rights.lead_zones or "zone_lead" in rights.roles):
        held.add("zone_lead")
    if "team_leader" in rights.roles and rights.team is not None:
        held.add("team_leader")
    if rights.roles & OFFICE_ROLES:
        held.add("office")
    if "admin" in rights.roles:
        held.add("admin")
    return frozenset(held)


def may(rights: Rights, action: Action, kind: str, whose: Whose) -> bool:
    held = posts(rights)
    return any(
        row.post in held and row.action == action and kind in row.kinds and covers(row, whose)
        for row in TABLE
    )


def covers(row: Row, whose: Whose) -> bool:
    if row.whose == "org":
        return True
    if row.whose == "others":
        return whose != "own"
    return row.whose == whose


def whose_of(rights: Rights, author: str, zone: Any) -> frozenset[Whose]:
    """In how many ways a record is this person's business. Own work is never also another's."""
    found: set[Whose] = {"own" if author == rights.person else "others"}
    if not isinstance(zone, str):
        return frozenset(found)
    if zone in rights.zones | rights.lead_zones:
        found.add("zone")
    if zone in rights.team_zones:
        found.add("team")
    return frozenset(found)


def allowed(
    rights: Rights,
    kind: str,
    act: str,
    record: Record | None,
    written: Mapping[str, Any],
    subject: Record | None,
    fixed: frozenset[str] = frozenset(),
) -> bool:
    """Whether the act is this person's right. ``fixed``: fields written once and never again."""
    if any(seen is not None and seen.org != rights.org for seen in (record, subject)):
        return False
    if act == "abandon":
        return True
    if act == "leave":
        return SYSTEM in rights.roles and kind in LEAVING
    if record is not None and act == "put" and changes(record, written, fixed):
        return False
    if kind == "review" and act not in ("settle", "adopt", "decline"):
        return may_review(rights, act, record, subject)
    if kind == "member" and needs_admin(act, record, written):
        return "admin" in posts(rights)
    action = action_of(kind, act, record)
    return action is not None and any(
        may(rights, action, kind, whose) for whose in business(rights, kind, record, written)
    )


def action_of(kind: str, act: str, record: Record | None) -> Action | None:
    match act:
        case "settle":
            return "settle"
        case "adopt" | "decline":
            return "adopt"
        case "put" | "add" | "del" | "undel" if kind == "grant":
            return "give_zone"
        case "put" | "add" | "del" | "undel" if kind in PEOPLE:
            return "manage_people"
        case "put" | "add" | "del" | "undel" if kind in DEVICES:
            return "manage_devices"
        case "put":
            return "create" if record is None else "correct"
        case "add":
            return "add"
        case "del" | "undel":
            return "void"
        case _:
            return None


def business(
    rights: Rights, kind: str, record: Record | None, written: Mapping[str, Any]
) -> frozenset[Whose]:
    """A new record is one's own. A grant concerns who holds its zone, whoever wrote it."""
    fields = written if record is None else record.fields
    if kind == "grant":
        return whose_of(rights, "", fields.get("zone"))
    author = rights.person if record is None else record.author
    whose = whose_of(rights, author, fields.get("zone"))
    standing = {} if record is None else record.fields
    return whose | {"named"} if rights.person in named(kind, standing) else whose


def named(kind: str, fields: Mapping[str, Any]) -> list[Any]:
    """The people whom the record itself calls upon."""
    known = KINDS.get(kind)
    found: list[Any] = []
    for name in known.named if known else ():
        value = fields.get(name)
        found += value if isinstance(value, list | tuple) else [value]
    return found


def may_review(rights: Rights, act: str, record: Record | None, subject: Record | None) -> bool:
    """A decision is made once: never about one's own record, never mended afterwards."""
    if act != "put" or record is not None or subject is None:
        return False
    author_is_reviewer = subject.author == rights.person
    return may(rights, "review", subject.kind, "own" if author_is_reviewer else "others")


def needs_admin(act: str, record: Record | None, written: Mapping[str, Any]) -> bool:
    """Nobody in the office makes himself, or unmakes another, officer or administrator."""
    before = guarded(record.fields) if record is not None and not record.deleted else set()
    if act in ("del", "undel"):
        return record is not None and bool(guarded(record.fields))
    if act != "put":
        return False
    after = guarded(written) if "roles" in written else before
    return before != after or (bool(before) and "login" in written)


def guarded(fields: Mapping[str, Any]) -> set[str]:
    roles = fields.get("roles")
    return {role for role in GUARDED_ROLES if isinstance(roles, list | tuple) and role in roles}


def changes(record: Record, written: Mapping[str, Any], names: frozenset[str]) -> bool:
    return any(name in written and written[name] != record.fields.get(name) for name in names)


def readable(rights: Rights, device: str) -> list[str]:
    """The scopes a device of this person may pull (S01), sorted."""
    if not rights.roles:
        return sorted([f"person:{rights.person}", f"device:{device}"])
    zones = rights.zones | rights.lead_zones
    if "team_leader" in posts(rights):
        zones |= rights.team_zones
    teams = [] if rights.team is None else [f"team:{rights.team}"]
    own = [f"org:{rights.org}", f"person:{rights.person}", f"device:{device}"]
    return sorted([*own, *teams, *(f"zone:{zone}" for zone in zones)])
