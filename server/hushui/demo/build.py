"""From a few words to the records of an organisation."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from hushui.demo.shapes import on_bank
from hushui.demo.values import SINCE, Put, id_of
from hushui.domain.chainage import Position


class Person(Struct, frozen=True):
    name: str
    roles: tuple[str, ...] = ("member",)
    team: str | None = None
    login: str | None = None
    title: str | None = None


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

    @property
    def code(self) -> str:
        return f"Z{self.number:02d}"


class Ids(Struct, frozen=True):
    """The ids of one organisation, by the names people use."""

    org: str

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
    teams: Sequence[tuple[str, str]],
    places: Sequence[Place],
) -> Iterator[Put]:
    """The administrator, teams, members, zones, check-points, grants: each names only what came
    before it. The first of the people is the administrator; he writes all but the grants."""
    admin, short = people[0], prefix.rsplit("-", 1)[1]

    def put(kind: str, record: str, fields: dict[str, Any], author: str = admin.name) -> Put:
        return Put(ids.member(author), SINCE, kind, record, fields)

    yield put("member", ids.member(admin.name), member(ids, short, 0, admin))
    for name, _ in teams:
        yield put("team", ids.team(name), {"name": name})
    for number, person in enumerate(people[1:], start=1):
        yield put("member", ids.member(person.name), member(ids, short, number, person))
    for name, leader in teams:
        yield put("team", ids.team(name), {"leader": ids.member(leader)})
    for place in places:
        yield put("zone", ids.zone(place.code), zone(ids, prefix, place))
        for number, (chainage, name) in enumerate(place.points, start=1):
            fields = checkpoint(ids, short, place, number, chainage, name)
            yield put("checkpoint", ids.checkpoint(place.code, number), fields)
        for holder, role in place.people:
            fields = {"person": ids.member(holder), "zone": ids.zone(place.code), "role": role}
            yield put("grant", ids.grant(holder, place.code), fields, granter)


def member(ids: Ids, short: str, number: int, person: Person) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": person.name,
        "code": f"{short}-{number:03d}",
        "roles": list(person.roles),
    }
    if "admin" not in person.roles:
        # Numbers of a block that belongs to nobody.
        fields |= {"party_state": "full", "phone": f"1390000{number:04d}"}
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
