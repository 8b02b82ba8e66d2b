"""Codes that enrol a phone: 8 digits for one person, valid for 24 hours (N01)."""

from collections.abc import Callable
from io import BytesIO

import segno
from msgspec import Struct

from hushui.actions.parts import Caller, Parts, demand, manages_devices
from hushui.actions.secrets import new_code
from hushui.domain import access
from hushui.errors import NotFound
from hushui.ledger import Task
from hushui.ports import Ports
from hushui.storage.store import Code, Store
from hushui_sync.entry import Id
from hushui_sync.limits import CODE_HOURS
from hushui_sync.working import World


class CodeRequest(Struct, frozen=True):
    person: Id


class NewCode(Struct, frozen=True):
    """``url`` opens the app at enrolment; ``svg`` shows it as a QR code."""

    code: str
    person: str
    expires: int
    url: str
    svg: str


async def give_code(parts: Parts, caller: Caller, person: str, site: str) -> NewCode:
    demand(manages_devices(parts.rights(caller.active())))
    record = parts.store.record(person)
    if record is None or (record.org, record.kind) != (caller.org, "member") or record.deleted:
        raise NotFound
    # Whoever enrols as somebody may what he may: nobody makes himself an officer by a code.
    if access.guarded(record.fields) and person != caller.person:
        demand("admin" in access.posts(parts.rights(caller)))
    code: Code = await parts.commit(Task(code_for(parts.ports, caller.org, person)))
    url = enrol_url(parts.settings.public_url or site, code.code)
    return NewCode(code.code, person, code.expires, url, qr_svg(url))


def code_for(ports: Ports, org: str, person: str) -> Callable[[Store, World], Code]:
    """A task for the ledger. A code that is taken, even an expired one, is not given twice."""

    def make(store: Store, world: World) -> Code:
        digits = new_code(ports)
        while store.code(digits) is not None:
            digits = new_code(ports)
        now = ports.now()
        code = Code(digits, org, person, now, now + CODE_HOURS * 3_600_000)
        store.put_code(code)
        return code

    return make


def enrol_url(site: str, code: str) -> str:
    """The code is behind the #: no server and no proxy ever logs it."""
    return f"{site.rstrip('/')}/enrol#code={code}"


def qr_svg(text: str) -> str:
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, xmldecl=False)
    return out.getvalue().decode()
