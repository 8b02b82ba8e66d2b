"""A new organisation: its row, its own device 系统, and that device's rights."""

from hushui.domain.access import SYSTEM
from hushui.ledger import LedgerWriter, Task
from hushui.storage.store import Org, Store
from hushui_sync.ids import uuid7
from hushui_sync.working import World
from hushui_sync.world import Device, Right


def make(ledger: LedgerWriter, id: str, code: str, name: str, *, demo: bool, now: int) -> Org:
    """The organisation, made if it is not there. 系统 writes under the organisation's own id."""
    known = ledger.store.org(id)
    if known is not None:
        return known
    org = Org(id=id, code=code, name=name, demo=demo, system_device=_system_device(id, now))

    def write(store: Store, world: World) -> Org:
        store.put_org(org)
        world.changes.devices[org.system_device] = Device(
            id=org.system_device, org=id, person=id, key="", label="系统", enrolled=now
        )
        world.put_right(Right(f"person:{id}", "role", SYSTEM, id, 0))
        return org

    answer = ledger.drain([Task(write)])[0]
    if isinstance(answer, Exception):
        raise answer
    return org


def _system_device(org: str, now: int) -> str:
    return uuid7(now, org[-10:].encode())
