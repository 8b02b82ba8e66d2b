"""What the demo people did lately, in the fewest words."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from hushui.demo.build import Ids, Place
from hushui.demo.pictures import Slot
from hushui.demo.shapes import on_bank, walk
from hushui.demo.values import SINCE, Put
from hushui.domain.chainage import line_length

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DEMO_NOTE = "（演示数据）"


def fact(ids: Ids, author: str, at: int, kind: str, name: str, fields: dict[str, Any]) -> Put:
    """What was worked on is shown before and after, as far as it is done."""
    worked = kind == "work" or fields.get("handled_on_spot")
    photos: tuple[Slot, ...] = ("before", "after") if worked or "ended" in fields else ()
    if kind == "repair":
        photos = photos or ("before",)
    return Put(ids.member(author), at, kind, ids.happened(name, at), fields, photos=photos)


def added(ids: Ids, author: str, at: int, to: Put, name: str, fields: dict[str, Any]) -> Put:
    """Something said about what was put before."""
    return Put(ids.member(author), at, to.kind, to.record, {"type": name, **fields}, "add")


def noted(ids: Ids, author: str, kind: str, name: str, fields: dict[str, Any]) -> Put:
    """Of a register, there from the beginning."""
    fields = {**fields, "note": fields.get("note", "") + DEMO_NOTE}
    return Put(ids.member(author), SINCE, kind, ids.of(kind, name), fields)


def spot(ids: Ids, place: Place, chainage: float, bank: str) -> dict[str, Any]:
    """Zone, chainage, bank, and the position on a map."""
    lon, lat = on_bank(place.line, place.start, chainage, 15 if bank == "left" else -15)
    where = {"source": "map", "lon": lon, "lat": lat}
    return {"zone": ids.zone(place.code), "chainage": chainage, "bank": bank, "place": where}


def here(ids: Ids, place: Place, chainage: float, bank: str, at: int) -> dict[str, Any]:
    """Zone, chainage, bank, and the position a phone would have had there."""
    found = spot(ids, place, chainage, bank)
    return {**found, "place": {**found["place"], "source": "gps", "acc": 6, "at": at}}


def patrol(
    ids: Ids,
    author: str,
    place: Place,
    name: str,
    begun: int,
    stretches: Sequence[tuple[float, float]],
    ended: bool = True,
    step_ms: int = 20_000,
    **fields: Any,
) -> list[Put]:
    """A round over the stretches given; between two of them the screen was dark for 7 minutes."""
    record = ids.happened(name, begun)
    person, at = ids.member(author), begun
    adds: list[Put] = []
    for number, (begin, end) in enumerate(stretches):
        if number:
            gap = {"type": "segment", "from": at, "to": at + 7 * MINUTE, "gap": "screen_off"}
            at += 7 * MINUTE
            adds.append(Put(person, at, "patrol", record, gap, "add"))
        track = walk(place.line, place.start, begin, end, at, step_ms)
        adds += visits(ids, person, place, record, track, (begin, end))
        adds.append(segment(person, record, track))
        at = track[-1][3]
    start = {"zone": ids.zone(place.code), "started": begun, **fields}
    puts = [Put(person, begun, "patrol", record, start), *adds]
    if ended:
        metres = round(sum(abs(b - a) for a, b in stretches))
        done = {
            "ended": at,
            "distance_m": metres,
            "covered": round(100 * metres / line_length(place.line)),
            "signed": sum(put.fields["type"] == "visit" for put in adds),
            "points": len(place.points),
            "summary": f"雨中巡完，见记录。{DEMO_NOTE}",
        }
        puts.append(Put(person, at, "patrol", record, done))
    return puts


def segment(person: str, record: str, track: Sequence[tuple[float, float, float, int]]) -> Put:
    blob = json.dumps(track, separators=(",", ":")).encode()
    fields = {
        "type": "segment",
        "blob": sha256(blob).hexdigest(),
        "from": track[0][3],
        "to": track[-1][3],
        "points": len(track),
    }
    return Put(person, track[-1][3], "patrol", record, fields, "add", (blob,))


def visits(
    ids: Ids,
    person: str,
    place: Place,
    record: str,
    track: Sequence[tuple[float, float, float, int]],
    stretch: tuple[float, float],
) -> list[Put]:
    """Every check-point passed on the way, when it was passed."""
    begin, end = stretch
    found = []
    for number, (chainage, _) in enumerate(place.points, start=1):
        if not min(begin, end) <= chainage <= max(begin, end):
            continue
        lon, lat, acc, at = track[int(abs(chainage - begin) // 25)]
        fields = {
            "type": "visit",
            "checkpoint": ids.checkpoint(place.code, number),
            "at": at,
            "point": {"source": "gps", "lon": lon, "lat": lat, "acc": acc, "at": at},
            "result": "normal",
        }
        found.append(Put(person, at, "patrol", record, fields, "add"))
    return found


def review(
    ids: Ids,
    reviewer: str,
    at: int,
    target: Put,
    version: int,
    decision: str,
    reason: str | None = None,
    field: str | None = None,
) -> Put:
    fields: dict[str, Any] = {"target": target.record, "version": version, "decision": decision}
    if reason is not None:
        fields["reason"] = reason
    if field is not None:
        fields["points"] = [{"field": field}]
    name = f"review {target.record} {version} {decision}"
    return Put(ids.member(reviewer), at, "review", ids.happened(name, at), fields)
