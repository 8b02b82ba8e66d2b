"""The record kinds, each declared once. Forms, checks, types, exports and docs come from here."""

from hushui.kinds import (
    checkpoint,
    device,
    event,
    grant,
    hazard,
    member,
    patrol,
    photo,
    review,
    team,
    work,
    zone,
)
from hushui.kinds.kind import Kind

KINDS: dict[str, Kind] = {
    module.KIND.code: module.KIND
    for module in (
        *(patrol, hazard, work, event, photo),
        *(review, grant),
        *(member, team, zone, checkpoint, device),
    )
}
