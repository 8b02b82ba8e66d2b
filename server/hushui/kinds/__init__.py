"""The record kinds, each declared once. Forms, checks, types, exports and docs come from here."""

from hushui.kinds import (
    absence,
    activity,
    boat,
    branch,
    call,
    check,
    checkpoint,
    claim,
    consent,
    consultation,
    device,
    dispatch,
    duty_entry,
    duty_shift,
    event,
    finding,
    grant,
    handover,
    hazard,
    hazard_report,
    member,
    notice,
    objects,
    patrol,
    photo,
    post,
    reading,
    repair,
    response,
    review,
    team,
    verification,
    work,
    zone,
)
from hushui.kinds.kind import Kind

KINDS: dict[str, Kind] = {
    module.KIND.code: module.KIND
    for module in (
        *(patrol, hazard, work, event, photo),
        *(hazard_report, consultation, repair, verification),
        *(reading, duty_entry, call, handover),
        *(check, finding),
        *(activity, absence, claim, consent),
        *(review, grant, dispatch, response, notice),
        *(member, team, branch, post),
        *(zone, checkpoint, objects, boat, duty_shift, device),
    )
}
