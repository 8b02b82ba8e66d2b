"""What the office reads by name (section 14)."""

from typing import Annotated

from litestar import get
from litestar.params import FromPath, QueryParameter
from msgspec import Struct, structs

from hushui.actions import history as lines
from hushui.actions import office, records
from hushui.actions.history import History
from hushui.actions.office import DeviceList, OrgView, UnacceptedList
from hushui.actions.records import RecordCounts, RecordDetail, RecordList
from hushui.web.asked import FILTER, IdQuery, TheFilter
from hushui.web.auth import TheCaller, TheParts

KindQuery = Annotated[str | None, QueryParameter(max_length=32)]


class Health(Struct, frozen=True):
    status: str


@get(
    "/api/records",
    tags=["记录"],
    summary="记录列表 Records",
    description="What the caller may see, newest first, with the numbers by review state. `from` "
    "and `to` bound the effective time in milliseconds (`by`: a field of time instead; not "
    "filled in a kind that has it to say when it happened, the effective time); `after` is "
    "the last id shown. `where` is `field:code` of a choice, empty code = not filled. `state` "
    "counted = all but rejected. `openAt`, `endedFrom`, `endedTo`: what was open then, what was "
    "closed in between. `q`: words, names, 桩号 (K3+250), days; all terms must hold.",
    dependencies=FILTER,
)
async def list_records(
    parts: TheParts,
    caller: TheCaller,
    asked: TheFilter,
    kind: KindQuery = None,
    after: IdQuery = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> RecordList:
    chosen = structs.replace(asked, kind=kind, after=after, limit=limit)
    return await parts.aside(records.list_records, parts, caller, chosen)


@get(
    "/api/records/counts",
    tags=["记录"],
    summary="各类记录有多少 Records counted",
    description="How many records of each kind the caller may see, by review state, with the "
    "filter of `/api/records` without limit and after. Kinds without any are left out.",
    dependencies=FILTER,
)
async def count_records(
    parts: TheParts, caller: TheCaller, asked: TheFilter, kind: KindQuery = None
) -> RecordCounts:
    chosen = structs.replace(asked, kind=kind)
    return await parts.aside(records.count_records, parts, caller, chosen)


@get(
    "/api/records/{record:str}",
    tags=["记录"],
    summary="一条记录 One record",
    description="With its photos, and the records about it that the caller may see.",
)
async def one_record(record: FromPath[str], parts: TheParts, caller: TheCaller) -> RecordDetail:
    return await parts.aside(records.detail, parts, caller, record)


@get(
    "/api/records/{record:str}/history",
    tags=["记录"],
    summary="一条记录的经过 A record's history",
    description="Its lines with verdicts, versions and the three times: phone, corrected, server.",
)
async def record_history(record: FromPath[str], parts: TheParts, caller: TheCaller) -> History:
    return await parts.aside(lines.history, parts, caller, record)


@get(
    "/api/unaccepted",
    tags=["值班室"],
    summary="未受理 Lines not accepted",
    description="What was refused, is held or quarantined, oldest first. Office only.",
)
async def unaccepted(parts: TheParts, caller: TheCaller) -> UnacceptedList:
    return await parts.aside(office.unaccepted, parts, caller)


@get(
    "/api/devices",
    tags=["值班室"],
    summary="终端 Devices",
    description="Each with its last contact, how far its own feed goes and how far the server "
    "holds it. Office and administrators.",
)
async def devices(parts: TheParts, caller: TheCaller) -> DeviceList:
    return await parts.aside(office.devices, parts, caller)


@get(
    "/api/orgs/me",
    tags=["值班室"],
    summary="本单位 The caller's organisation",
    description="Its name, and what the caller may do in it.",
)
async def my_org(parts: TheParts, caller: TheCaller) -> OrgView:
    return await parts.aside(office.my_org, parts, caller)


@get("/api/health", tags=["服务"], summary="在不在 Health", opt={"open": True})
async def health(parts: TheParts) -> Health:
    """503 when the store cannot be read."""
    parts.store.ledger()
    return Health("ok")


ROUTES = [
    *(list_records, count_records, one_record, record_history),
    *(unaccepted, devices, my_org, health),
]
