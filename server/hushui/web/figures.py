"""The day's figures."""

from typing import Annotated

import anyio.to_thread
from litestar import get
from litestar.params import QueryParameter

from hushui.actions import figures as actions
from hushui.actions.figures import DayFigures
from hushui.web.asked import IdQuery
from hushui.web.auth import TheCaller, TheParts


@get(
    "/api/figures",
    tags=["值班室"],
    summary="当日数字 The day's figures",
    description="Counts, sums and person-times of a day (`YYYY-MM-DD` in Shanghai, default today), "
    "in all and zone by zone. `value` null means 未报: nobody said anything; 0 is said. `query` "
    "opened in `/api/records` finds exactly what was counted. Office only.",
)
async def figures(
    parts: TheParts,
    caller: TheCaller,
    day: Annotated[str | None, QueryParameter(pattern=r"^\d{4}-\d{2}-\d{2}$")] = None,
    zone: IdQuery = None,
) -> DayFigures:
    return await anyio.to_thread.run_sync(actions.day_figures, parts, caller, day, zone)


ROUTES = [figures]
