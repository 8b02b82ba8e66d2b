"""From a few words to the records of an organisation."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from hushui.demo.shapes import on_bank
from hushui.demo.values import SINCE, Put, id_of
from hushui.domain.chainage import Position


class Person(Struct, frozen=True):
    """``party`` None: nothing is said of it, as of the administrator."""

    name: str
    roles: tuple[str, ...] = ("member",)
    team: str | None = None
    login: str | None = None
    title: str | None = None
    party: str | None = "full"


class Team(Struct, frozen=True):
    name: str
    leader: str | None = None
    sort: str | None = None


class Branch(Struct, frozen=True):
    """The standing branch: its members are the people in the party, the secretary is first of the
    committee."""

    name: str
    adcode: str
    committee: tuple[str, ...]


class Place(Struct, frozen=True):
    """A zone: its checkpoints are (chainage, name); ``people`` are (name, role of the grant)."""

    number: int
    name: str
    river: str
    start: float
    line: list[Position]
    polygon: list[Position]
    team: str
    points: Sequence[tuple[float, str]]
    people: Sequence[tuple[str, str]]
    object_classes: tuple[str, ...] = ("dike",)

    @property
    def code(self) -> str:
        return f"Z{self.number:02d}"


class Ids(Struct, frozen=True):
    """The ids of one organisation, by the names people use."""

    org: str

    def of(self, kind: str, name: str) -> str:
        return id_of(f"{self.org} {kind} {name}")

    def member(self, name: str) -> str:
        return id_of(f"{self.org} member {name}")

    def team(self, name: str) -> str:
        return id_of(f"{self.org} team {name}")

    def zone(self, code: str) -> str:
        return id_of(f"{self.org} zone {code}")

    def checkpoint(self, code: str, number: int) -> str:
        return id_of(f"{self.org} checkpoint {code} {number}")

    def grant(self, person: str, code: str) -> str:
        return id_of(f"{self.org} grant {person} {code}")

    def happened(self, name: str, at: int) -> str:
        return id_of(f"{self.org} {name}", at)


def reference(
    ids: Ids,
    prefix: str,
    granter: str,
    people: Sequence[Person],
    teams: Sequence[Team],
    places: Sequence[Place],
    branch: Branch,
) -> Iterator[Put]:
    """The administrator, teams, members, the branch, zones, check-points, grants: each names only
    what came before it. The first of the people is the administrator; he writes all but the branch
    and the grants, which are the granter's."""
    admin, short = people[0], prefix.rsplit("-", 1)[1]

    def put(kind: str, record: str, fields: dict[str, Any], author: str = admin.name) -> Put:
        return Put(ids.member(author), SINCE, kind, record, fields)

    yield put("member", ids.member(admin.name), member(ids, short, 0, admin))
    for team in teams:
        sort = {} if team.sort is None else {"sort": team.sort}
        yield put("team", ids.team(team.name), {"name": team.name, **sort})
    home, numbered = ids.of("branch", branch.name), list(enumerate(people))[1:]
    # The granter is there before the branch that he writes, and joins it after.
    for number, person in sorted(numbered, key=lambda one: one[1].name != granter):
        fields = member(ids, short, number, person)
        if person.name == granter:
            yield put("member", ids.member(granter), fields)
            yield put("branch", home, standing(branch), granter)
            fields = {}
        if person.party == "full":
            fields["branch"] = home
        yield put("member", ids.member(person.name), fields)
    committee = [ids.member(name) for name in branch.committee]
    led = {"secretary": committee[0], "committee": committee}
    yield put("branch", home, led, granter)
    for team in teams:
        if team.leader is not None:
            yield put("team", ids.team(team.name), {"leader": ids.member(team.leader)})
    for place in places:
        yield put("zone", ids.zone(place.code), zone(ids, prefix, place))
        for number, (chainage, name) in enumerate(place.points, start=1):
            fields = checkpoint(ids, short, place, number, chainage, name)
            yield put("checkpoint", ids.checkpoint(place.code, number), fields)
        for holder, role in place.people:
            fields = {"person": ids.member(holder), "zone": ids.zone(place.code), "role": role}
            yield put("grant", ids.grant(holder, place.code), fields, granter)


def standing(branch: Branch) -> dict[str, Any]:
    return {"name": branch.name, "branch_kind": "standing", "adcode": branch.adcode}


def member(ids: Ids, short: str, number: int, person: Person) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": person.name,
        "code": f"{short}-{number:03d}",
        "roles": list(person.roles),
    }
    if person.party is not None:
        # Numbers of a block that belongs to nobody.
        fields |= {"party_state": person.party, "phone": f"1390000{number:04d}"}
    if person.team is not None:
        fields["team"] = ids.team(person.team)
    if person.login is not None:
        fields["login"] = person.login
    if person.title is not None:
        fields["title"] = person.title
    return fields


def zone(ids: Ids, prefix: str, place: Place) -> dict[str, Any]:
    return {
        "code": f"{prefix}-{place.code}",
        "name": place.name,
        "polygon": place.polygon,
        "line": place.line,
        "chainage_start": place.start,
        "river": place.river,
        "object_classes": list(place.object_classes),
        "team": ids.team(place.team),
    }


def checkpoint(
    ids: Ids, short: str, place: Place, number: int, chainage: float, name: str
) -> dict[str, Any]:
    lon, lat = on_bank(place.line, place.start, chainage, 12)
    return {
        "zone": ids.zone(place.code),
        "name": name,
        "number": number,
        "chainage": chainage,
        "point": {"source": "map", "lon": lon, "lat": lat},
        "code": f"{short}-{place.code}-{number:02d}",
    }
