"""The four exchanges of sync (sections 5, 10, 11 and 12)."""

from typing import Annotated

from litestar import post
from litestar.params import QueryParameter
from msgspec import structs

from hushui.actions import epoch
from hushui.actions.check import check as check_scope
from hushui.actions.hello import hello as greet
from hushui.actions.pull import pull as pull_rows
from hushui.ledger import Push
from hushui.web import wire
from hushui.web.auth import AnyRequest, TheContact, TheParts, device_caller
from hushui_sync import ids, limits
from hushui_sync.messages import (
    CheckAnswer,
    CheckRequest,
    HelloAnswer,
    HelloRequest,
    PullAnswer,
    PullRequest,
    PushAnswer,
    Receipts,
)

DeviceQuery = Annotated[str, QueryParameter(name="device", pattern=ids.PATTERN)]
FromQuery = Annotated[int, QueryParameter(name="from", ge=1, le=limits.INTEGER)]
LostQuery = Annotated[int | None, QueryParameter(name="lost", ge=1, le=limits.INTEGER)]


@post(
    "/api/sync/hello",
    status_code=200,
    tags=["同步"],
    summary="打招呼 Hello",
    description="First on every contact: announces the device's head; says what the server holds "
    "of it, and what it may pull (H01 to H04).",
    **wire.takes(HelloRequest, limits.HELLO_BYTES),
)
async def hello(request: AnyRequest, parts: TheParts) -> HelloAnswer:
    message = await wire.read(request, HelloRequest)
    return await greet(parts, device_caller(request, parts, message.device), message)


@post(
    "/api/sync/push",
    status_code=200,
    tags=["同步"],
    summary="送记录 Push lines",
    description="Lines as they were captured, each ended by a newline; line i is entry `from` + i "
    "(P01). One receipt for each line, or `gap`, `fork`, `too_large`: then nothing was taken. "
    "`lost`: from there up to `from` the device has no lines any more (P11). `Hushui-Contact`: as "
    "in hello (H04).",
    **wire.takes(bytes, limits.PUSH_BYTES),
)
async def push(
    request: AnyRequest,
    parts: TheParts,
    device: DeviceQuery,
    start: FromQuery,
    lost: LostQuery = None,
    contact: TheContact = None,
) -> PushAnswer:
    device_caller(request, parts, device)
    epoch.renew(parts, device, contact)
    lines = wire.lines(await wire.read_bytes(request))
    answer: PushAnswer = await parts.commit(Push(device, start, lines, lost))
    return _unchained(answer) if isinstance(answer, Receipts) else answer


def _unchained(answer: Receipts) -> Receipts:
    """The chain travels with the rows (R02): a hash does not shrink, and no phone waits for it."""
    receipts = tuple(structs.replace(receipt, chain="") for receipt in answer.receipts)
    return structs.replace(answer, receipts=receipts)


@post(
    "/api/sync/pull",
    status_code=200,
    tags=["同步"],
    summary="取新内容 Pull",
    description="What is new in every scope granted, in the server's order, about as many bytes "
    "as asked for (S01 to S10).",
    **wire.takes(PullRequest, limits.PULL_REQUEST_BYTES),
)
async def pull(request: AnyRequest, parts: TheParts) -> PullAnswer:
    message = await wire.read(request, PullRequest)
    return pull_rows(parts, device_caller(request, parts, message.device), message)


@post(
    "/api/sync/check",
    status_code=200,
    tags=["同步"],
    summary="对一遍 Check a scope",
    description="256 buckets of one scope, answered at its head only; then, with `records` in "
    "place of `buckets`, the rows that differ (G01 to G04).",
    **wire.takes(CheckRequest, limits.PULL_REQUEST_BYTES),
)
async def check(request: AnyRequest, parts: TheParts) -> CheckAnswer:
    message = await wire.read(request, CheckRequest)
    return await check_scope(parts, device_caller(request, parts, message.device), message)


ROUTES = [hello, push, pull, check]
