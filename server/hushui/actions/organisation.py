"""A new organisation: its row, its own device 系统, that device's rights, and its first member."""

from typing import Annotated, Any, Final

from hushui.actions.passwords import password_hash
from hushui.domain.access import SYSTEM
from hushui.errors import NotFounded
from hushui.kinds import KINDS
from hushui.kinds import fields as f
from hushui.kinds.describe import validate
from hushui.kinds.kind import Fields, fields_of
from hushui.ledger import LedgerWriter, SystemLine, Task
from hushui.ports import Ports
from hushui.storage.store import Account, Org, Store
from hushui_sync.entry import Op
from hushui_sync.ids import uuid7
from hushui_sync.messages import Receipt
from hushui_sync.working import World
from hushui_sync.world import Device, Right


class Founding(Fields, frozen=True, kw_only=True):
    """What `hushui init` asks for."""

    name: Annotated[str, f.name("单位名称", "Name of the organisation", 60)]
    code: Annotated[
        str,
        f.text(
            "简称",
            "Short name",
            20,
            pattern=r"^[a-z][a-z0-9-]{1,19}$",
            help="登录时填，小写字母开头，可有数字和横线，如 nbh",
        ),
    ]
    admin: Annotated[str, f.text("管理员姓名", "Name of its first administrator", 20)]
    login: Annotated[
        str,
        f.text(
            "登录名",
            "Login",
            40,
            pattern=KINDS["member"].fields["login"].pattern,
            help="小写字母开头，如 admin",
        ),
    ]


ASKED: Final = fields_of(Founding)
FIRST: Final = {"code": "001", "roles": ["duty_officer", "admin"]}
"""The first member sees the desk, and makes everybody else."""


def found(ledger: LedgerWriter, ports: Ports, asked: Founding, password: str, *, once: bool) -> Org:
    """All of it in one commit. Raises NotFounded; then nothing was written."""
    check(ledger.store, asked)
    now = ports.now()
    org = new_org(ports.new_id(), asked.code, asked.name, demo=False, now=now)
    person = ports.new_id()
    member: dict[str, Any] = {"name": asked.admin, "login": asked.login, **FIRST}
    account = Account(org.id, asked.login, person, password_hash(password, ports), once)

    def write_account(store: Store, world: World) -> None:
        store.put_account(account)

    answers = ledger.drain(
        [
            Task(lambda store, world: put(store, world, org, now)),
            SystemLine(org.id, (Op("member", person, "put", member),)),
            Task(write_account),
        ]
    )
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Receipt) and answer.verdict != "applied":
            raise NotFounded(f"管理员没建成（{answer.code}）", f"No administrator ({answer.code})")
    return org


def check(store: Store, asked: Founding) -> None:
    given = {name: getattr(asked, name) for name in ASKED}
    if fault := validate(ASKED, given, new=True):
        field = ASKED[fault[1]]
        raise NotFounded(
            f"{field.zh}不对：{given[fault[1]]!r}。{field.help or ''}",
            f"{field.en} is wrong: {given[fault[1]]!r}",
        )
    known = store.org_by_code(asked.code)
    if known is not None:
        raise NotFounded(
            f"简称 {asked.code} 已有单位在用：{known.name}。换一个简称",
            f"{known.name} has the short name {asked.code} already. Choose another",
        )


def make(ledger: LedgerWriter, id: str, code: str, name: str, *, demo: bool, now: int) -> Org:
    """The organisation, made if it is not there. 系统 writes under the organisation's own id."""
    known = ledger.store.org(id)
    if known is not None:
        return known
    org = new_org(id, code, name, demo=demo, now=now)
    answer = ledger.drain([Task(lambda store, world: put(store, world, org, now))])[0]
    if isinstance(answer, Exception):
        raise answer
    return org


def new_org(id: str, code: str, name: str, *, demo: bool, now: int) -> Org:
    return Org(id=id, code=code, name=name, demo=demo, system_device=_system_device(id, now))


def put(store: Store, world: World, org: Org, now: int) -> Org:
    store.put_org(org)
    world.changes.devices[org.system_device] = Device(
        id=org.system_device, org=org.id, person=org.id, key="", label="系统", enrolled=now
    )
    world.put_right(Right(f"person:{org.id}", "role", SYSTEM, org.id, 0))
    return org


def _system_device(org: str, now: int) -> str:
    return uuid7(now, org[-10:].encode())
