"""The member list as a sheet."""

from typing import Final

from litestar import Response, get, post
from litestar.params import FromQuery

from hushui.actions import people
from hushui.actions.people import BYTES, Preview
from hushui.web import wire
from hushui.web.auth import AnyRequest, TheCaller, TheParts
from hushui.web.problems import preferred_language

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get(
    "/api/people.xlsx",
    tags=["人员"],
    summary="人员名单 The member list",
    description="Everybody on post, one row each, headed by the labels of the kind; `empty`: the "
    "headers alone. Who may manage people.",
    opt={"gives": XLSX, "plain": True},
)
async def people_sheet(
    parts: TheParts, caller: TheCaller, empty: FromQuery[bool] = False
) -> Response[bytes]:
    name = "people-empty.xlsx" if empty else "people.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    sheet = await parts.aside(people.export, parts, caller, empty)
    return Response(sheet, media_type=XLSX, headers=headers)


@post(
    "/api/people/preview",
    status_code=200,
    tags=["人员"],
    summary="看一份名单会改什么 What a member list would change",
    description="The sheet's bytes. Each row with what would be added or changed, or what is "
    "wrong with it; nothing is written. Who may manage people.",
    **wire.takes(bytes, BYTES),
)
async def preview_people(request: AnyRequest, parts: TheParts, caller: TheCaller) -> Preview:
    people.demand_people(parts, caller)
    language = preferred_language(request.headers.get("accept-language", ""))
    data = await wire.read_bytes(request)
    return await parts.aside(people.preview, parts, caller, data, language)


ROUTES = [people_sheet, preview_people]
