"""Who takes part in a simulation, and a store in which they have enrolled."""

import shutil
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any

from msgspec import Struct, structs

from hushui.actions import organisation
from hushui.ledger import SystemLine, Task
from hushui_sync.entry import Op
from hushui_sync.working import World
from hushui_sync.world import Device
from tests.sim.server import POLICY, Server
from tests.support import ids

MEMORY = Path("/dev/shm")
SHAPE: dict[str, Any] = {
    "polygon": [[124.33, 43.17], [124.34, 43.17], [124.34, 43.18], [124.33, 43.18]],
    "line": [[124.33, 43.175], [124.34, 43.176]],
    "chainage_start": 0,
}
ORG, TEAM = ids.make("sim org"), ids.make("sim team")
ZONES = [ids.make(f"sim zone {i}") for i in range(3)]


class Person(Struct, frozen=True):
    name: str
    roles: tuple[str, ...]
    zones: tuple[int, ...]
    phone: str = ""
    """Of somebody with two phones: which one."""

    @property
    def id(self) -> str:
        return ids.make(f"sim {self.name}")

    @property
    def device(self) -> str:
        return ids.make(f"sim device {self.name}{self.phone}")

    @property
    def token(self) -> str:
        return f"token-{self.device}"


PATROLLERS = (
    Person("张河", ("member",), (0,)),
    Person("赵渠", ("member",), (0, 1)),
    Person("孙澜", ("member",), (2,)),
)
SECOND = structs.replace(PATROLLERS[1], phone=" 平板")
LEADER = Person("李岸", ("member", "team_leader"), ())
OFFICE = Person("周汛", ("duty_officer",), ())
OLD = Person("韩渡", ("member",), (1,))
"""His phone has never been updated."""
PEOPLE = (*PATROLLERS, LEADER, OFFICE, OLD)
PHONES = (*PEOPLE, SECOND)


def phones_of(chance: Random) -> list[Person]:
    """The office's, and three to five others."""
    others = [*PATROLLERS, LEADER, SECOND]
    count = chance.choice((3, 3, 4, 5))
    return [OFFICE, *sorted(chance.sample(others, count), key=others.index)]


def grant_id(person: Person, zone: int) -> str:
    return ids.make(f"sim grant {person.name} {zone}")


def store_folder() -> Path:
    """A copy of the enrolled organisation on a memory disk; the caller removes it."""
    folder = Path(mkdtemp(prefix="hushui-sim-", dir=MEMORY if MEMORY.is_dir() else None))
    shutil.copytree(_enrolled(), folder, dirs_exist_ok=True)
    return folder


@cache
def _enrolled() -> Path:
    folder = Path(mkdtemp(prefix="hushui-sim-base-"))
    server = Server(folder, lambda: ids.NOW - 3_600_000, Random(0), POLICY)
    ledger = server.ledger
    organisation.make(ledger, ORG, "sim", "模拟", demo=True, now=ids.NOW - 3_600_000)
    _system(server, Op("team", TEAM, "put", {"name": "一队"}))
    for i, zone in enumerate(ZONES):
        fields = {"code": f"220300-SIM-Z{i:02d}", "name": f"{i} 区", "team": TEAM, **SHAPE}
        _system(server, Op("zone", zone, "put", fields))
    for count, person in enumerate(PEOPLE):
        fields = {
            "name": person.name,
            "code": f"SIM-{count:03d}",
            "roles": list(person.roles),
            "team": TEAM,
        }
        _system(server, Op("member", person.id, "put", fields))
        for number in person.zones:
            given = {"person": person.id, "zone": ZONES[number], "role": "member"}
            _system(server, Op("grant", grant_id(person, number), "put", given))
    for person in PHONES:
        answer = ledger.drain([Task(_enrol(person))])[0]
        assert not isinstance(answer, Exception), answer
        said = {"person": person.id, "label": person.name}
        _system(server, Op("device", person.device, "put", said))
    server.store.checkpoint()
    server.kill()
    return folder


def _system(server: Server, op: Op) -> None:
    receipt = server.ledger.drain([SystemLine(ORG, (op,))])[0]
    assert receipt.verdict == "applied", receipt


def _enrol(person: Person) -> Any:
    def run(store: Any, world: World) -> None:
        world.changes.devices[person.device] = Device(
            id=person.device,
            org=ORG,
            person=person.id,
            key="a2V5",
            label=person.name,
            enrolled=ids.NOW - 3_600_000,
            enrolled_number=world.ledger().number,
        )
        store.put_token(sha256(person.token.encode()).hexdigest(), person.device)

    return run
