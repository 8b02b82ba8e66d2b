"""The filter of a list of records, as it stands in an address: the same for lists and exports."""

from typing import Annotated, Literal

from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter

from hushui.actions.asking import ASKED_MAX, Filter
from hushui_sync import ids

TIME_MAX = 2**53 - 1
IdQuery = Annotated[str | None, QueryParameter(pattern=ids.PATTERN)]
State = Literal["pending", "approved", "returned", "rejected", "counted"]
Pair = Annotated[list[str] | None, QueryParameter(max_items=ASKED_MAX)]


def provide_filter(
    zone: IdQuery = None,
    person: IdQuery = None,
    review: Annotated[State | None, QueryParameter(name="state")] = None,
    since: Annotated[int | None, QueryParameter(name="from", ge=0, le=TIME_MAX)] = None,
    until: Annotated[int | None, QueryParameter(name="to", ge=0, le=TIME_MAX)] = None,
    by: Annotated[str | None, QueryParameter(max_length=32)] = None,
    q: Annotated[str | None, QueryParameter(max_length=100)] = None,
    where: Pair = None,
    open_at: Annotated[int | None, QueryParameter(name="openAt", ge=0, le=TIME_MAX)] = None,
    ended_from: Annotated[int | None, QueryParameter(name="endedFrom", ge=0, le=TIME_MAX)] = None,
    ended_to: Annotated[int | None, QueryParameter(name="endedTo", ge=0, le=TIME_MAX)] = None,
    deleted: FromQuery[bool] = False,
    conflict: FromQuery[bool] = False,
) -> Filter:
    return Filter(
        zone=zone,
        person=person,
        state=review,
        since=since,
        until=until,
        by=by,
        q=q,
        where=tuple(where or ()),
        open_at=open_at,
        ended_from=ended_from,
        ended_to=ended_to,
        deleted=deleted,
        conflict=conflict,
    )


TheFilter = NamedDependency[Filter]
FILTER = {"asked": Provide(provide_filter, sync_to_thread=False)}
