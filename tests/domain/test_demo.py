"""The demo organisations obey the rules they are there to show."""

from collections import Counter
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from msgspec import structs

from hushui.demo import DEMOS, puts
from hushui.demo.values import Demo, Put
from hushui.domain import chainage as c
from hushui.domain.access import SYSTEM
from hushui.domain.policy import Domain
from hushui.domain.views import Rights
from hushui.kinds import KINDS
from hushui_sync.guards import Neighbours
from hushui_sync.ids import is_id
from hushui_sync.working import Nothing, World
from hushui_sync.world import Record, Right
from tests.domain.build import record

NOW = 1_795_500_000_000
MINUTE = 60_000
HOUR = 60 * MINUTE
DOMAIN = Domain()
EVERY_DEMO = pytest.mark.parametrize("demo", DEMOS, ids=lambda demo: demo.code)
FOUNDER = Rights("founder", "", roles=frozenset({SYSTEM}))


def records_of(demo: Demo) -> dict[str, Record]:
    """Every put judged as the server would: known, valid, allowed, naming what exists."""
    records: dict[str, Record] = {}
    rows: list[Right] = []
    for put in puts(demo, NOW):
        before = records.get(put.record)
        rights = DOMAIN.rights(put.author, demo.id, rows)
        if not rows:
            rights = structs.replace(FOUNDER, org=demo.id)
        fields = {**(before.fields if before else {}), **(put.fields if put.act == "put" else {})}
        ops = put.ops()
        fault = DOMAIN.check(ops[0], fields, ops, new=before is None)
        assert fault is None, (put, fault)
        assert all(name in records for name in DOMAIN.references(put.kind, put.act, put.fields)), (
            put
        )
        subject = records.get(DOMAIN.subject(put.kind, fields) or "")
        assert DOMAIN.allowed(rights, put.kind, put.act, before, put.fields, subject), put
        records[put.record] = written(demo, put, before, fields, rights, records)
        given = DOMAIN.given(put.kind, put.record, fields, False, demo.id)
        rows = [row for row in rows if row.source != put.record] if put.act == "put" else rows
        rows += [Right(*row, put.record, 1) for row in sorted(given)] if put.act == "put" else []
    return records


@EVERY_DEMO
def test_no_record_of_a_demo_stands_in_the_way_of_another(demo: Demo) -> None:
    """Overlapping shifts, two responses, who verifies his own work, entries beside their shift."""
    world = World(Nothing(""))
    for made in records_of(demo).values():
        world.put_record(made)
    for made in world.changes.records.values():
        around = Neighbours(world, made)
        assert DOMAIN.blocked(made, None, around) is None, made
        assert not any(DOMAIN.doubted(made, around).values()), made


def kept(demo: Demo, kind: str) -> dict[str, dict[str, Any]]:
    """The records of the reference data of one kind as they stand in the end."""
    found: dict[str, dict[str, Any]] = {}
    for put in demo.reference:
        if put.kind == kind:
            found[put.record] = {**found.get(put.record, {}), **put.fields}
    return found


def of_kind(records: dict[str, Record], kind: str) -> list[Record]:
    return [record for record in records.values() if record.kind == kind]


def written(
    demo: Demo,
    put: Put,
    before: Record | None,
    fields: dict[str, Any],
    rights: Rights,
    records: dict[str, Record],
) -> Record:
    def lookup(id: str) -> dict[str, Any] | None:
        return records[id].fields if id in records else None

    if before is None:
        before = record(put.kind, put.author, id=put.record, org=demo.id, version=0)
    flags = tuple(DOMAIN.flags(put.kind, fields, rights, put.at, put.at, lookup))
    line = {**put.fields, "author": put.author}
    adds = (*before.adds, line) if put.act == "add" else before.adds
    version = before.version + (put.act == "put")
    return structs.replace(before, fields=fields, adds=adds, version=version, flags=flags)


@EVERY_DEMO
def test_every_demo_record_is_valid_allowed_and_names_only_what_exists(demo: Demo) -> None:
    assert demo.demo
    assert demo.note == "演示数据"
    assert len(records_of(demo)) > 40


@EVERY_DEMO
def test_the_same_time_gives_the_same_records_and_ids_never_clash(demo: Demo) -> None:
    assert puts(demo, NOW) == puts(demo, NOW)
    kinds = {(put.record, put.kind) for put in puts(demo, NOW)}
    assert len(kinds) == len({id for id, _ in kinds})
    assert all(is_id(id) for id, _ in kinds)
    assert not {put.record for put in DEMOS[0].reference} & {
        put.record for put in DEMOS[1].reference
    }


@EVERY_DEMO
def test_nothing_happened_in_the_future_and_each_feed_is_in_order(demo: Demo) -> None:
    times = [put.at for put in puts(demo, NOW)]
    assert times == sorted(times)
    assert times[-1] <= NOW


@EVERY_DEMO
def test_zones_contain_their_line_and_their_check_points(demo: Demo) -> None:
    zones = {put.record: put.fields for put in demo.reference if put.kind == "zone"}
    for zone in zones.values():
        length = c.line_length(zone["line"])
        for metre in range(10, int(length) - 10, 10):
            assert c.contains(zone["polygon"], c.point_at(zone["line"], 0, metre)), zone["code"]
    for put in demo.reference:
        if put.kind == "checkpoint":
            zone, point = zones[put.fields["zone"]], put.fields["point"]
            place = c.project(zone["line"], zone["chainage_start"], (point["lon"], point["lat"]))
            assert place.chainage == pytest.approx(put.fields["chainage"], abs=8)
            assert place.side == "left"


@EVERY_DEMO
def test_zones_of_one_organisation_do_not_overlap(demo: Demo) -> None:
    shapes = [put.fields for put in demo.reference if put.kind == "zone"]
    for zone in shapes:
        for other in shapes:
            if zone is not other:
                middle = c.point_at(zone["line"], 0, c.line_length(zone["line"]) / 2)
                assert not c.contains(other["polygon"], middle), (zone["code"], other["code"])


@EVERY_DEMO
def test_what_a_track_segment_names_is_handed_over(demo: Demo) -> None:
    assert any(put.blobs for put in puts(demo, NOW))
    for put in puts(demo, NOW):
        named = [put.fields["blob"]] if "blob" in put.fields else []
        assert named == [sha256(blob).hexdigest() for blob in put.blobs]


@EVERY_DEMO
def test_accounts_are_logins_of_members_who_may_use_the_office(demo: Demo) -> None:
    members = kept(demo, "member")
    for account in demo.accounts:
        assert members[account.person]["login"] == account.login
        assert {"duty_officer", "secretary", "admin"} & set(members[account.person]["roles"])
    assert set(demo.phones) <= set(members)
    assert demo.admin in members


def test_the_rivers_centre_has_five_zones_and_a_storm_behind_it() -> None:
    records = records_of(DEMOS[0])
    counted = Counter(found.kind for found in records.values())
    assert counted["zone"] == 5
    assert sum(counted[kind] for kind in ("patrol", "work", "hazard", "event")) >= 12
    reviews = Counter(r.fields["decision"] for r in records.values() if r.kind == "review")
    assert reviews == {"approved": 3, "returned": 2}
    bridge = next(r for r in records.values() if r.fields.get("object_name") == "南河六孔桥")
    assert c.chainage_text(bridge.fields["chainage"]) == "K5+860"
    assert bridge.fields["types"] == ["masonry_washout", "collapse"]
    assert bridge.fields["level"] == "major"
    assert bridge.version == 3
    assert bridge.flags == ()


def test_the_storm_shows_a_doubtful_record() -> None:
    doubts = [r.flags for r in records_of(DEMOS[0]).values() if r.flags]
    assert ("outside_zone", "volume_mismatch") in doubts


def test_the_pump_station_has_seventeen_members_and_a_committee_of_three() -> None:
    members = kept(DEMOS[1], "member").values()
    party = [fields for fields in members if "party_state" in fields]
    assert len(party) == 17
    assert sum("支" in fields.get("title", "") for fields in party) == 3


def test_the_six_arch_bridge_is_followed_from_the_first_look_to_the_verification() -> None:
    records = records_of(DEMOS[0])
    bridge = next(r for r in records.values() if r.fields.get("object_name") == "南河六孔桥")
    about = [
        r for r in records.values() if bridge.id in (r.fields.get("target"), r.fields.get("hazard"))
    ]
    found = NOW - 27 * HOUR
    reports = sorted(of_kind(records, "hazard_report"), key=lambda report: report.fields["at"])
    kinds = ["call_report", "first_report", *["follow_up"] * 6, "final_report"]
    assert [report.fields["report_kind"] for report in reports] == kinds
    times = [report.fields["at"] for report in reports]
    assert times[1] - found == 30 * MINUTE
    assert max(later - at for at, later in pairwise(times[1:])) == 2 * HOUR
    (dispatch,) = of_kind(records, "dispatch")
    team = {dispatch.fields["leader"], *dispatch.fields["members"]}
    assert len(team) == 12
    (consultation,) = of_kind(records, "consultation")
    assert len(consultation.fields["members"]) + len(consultation.fields["guests"]) == 4
    repair = next(r for r in about if r.kind == "repair")
    assert sum(machine["shifts"] for machine in repair.fields["machines"]) == 6.25
    assert (repair.fields["people"], repair.fields["stone_m3"]) == (26, 48)
    assert repair.fields["ended"] - repair.fields["started"] == 10 * HOUR
    verification = next(r for r in about if r.kind == "verification")
    assert verification.fields["result"] == "pass"
    assert verification.author not in team | set(repair.fields["members"])


def test_the_water_rises_over_the_guarantee_level_and_the_shift_is_handed_over() -> None:
    records = records_of(DEMOS[0])
    (station,) = [r for r in of_kind(records, "object") if r.fields["class"] == "gauge"]
    levels = [station.fields[name] for name in ("z_fortify", "z_warning", "z_guarantee")]
    assert levels == [20.6, 21.5, 22.8]
    readings = sorted(of_kind(records, "reading"), key=lambda reading: reading.fields["at"])
    water = [reading.fields["z_m"] for reading in readings if "z_m" in reading.fields]
    assert water == [20.58, 20.61, 21.49, 21.5, 21.52, 22.81]
    (order,) = [r for r in of_kind(records, "duty_entry") if r.fields.get("unfinished")]
    (handover,) = of_kind(records, "handover")
    assert handover.fields["items"][0]["record"] == order.id
    assert handover.fields["items"][0]["owner"] == order.fields["owner"]
    assert handover.adds[0]["at"] - handover.fields["at"] == 2 * MINUTE


def test_a_drought_day_has_three_works_with_own_tools() -> None:
    records = records_of(DEMOS[1])
    works = {r.fields["work_kind"]: r for r in of_kind(records, "work")}
    desilt, weed, line = (works[name] for name in ("canal_desilt", "canal_weed", "line_clear"))
    sides = [desilt.fields[name] for name in ("length_m", "width_m", "depth_m", "volume_m3")]
    assert sides == [320, 1.2, 0.3, 118]
    assert weed.fields["area_m2"] == 640
    cleared = [line.fields[name] for name in ("trees", "clearance_before_m", "clearance_after_m")]
    assert cleared == [9, 1.1, 3.4]
    for work in (desilt, weed, line):
        assert work.flags == ()
        assert work.author == desilt.author
        assert [(tool["name"], tool["count"]) for tool in work.fields["tools"]] == [
            ("铁锹", 2),
            ("洋镐", 1),
        ]
        assert {tool["owner"] for tool in work.fields["tools"]} == {"personal"}


def test_every_kind_of_fact_but_the_photo_is_shown() -> None:
    shown = {put.kind for demo in DEMOS for put in puts(demo, NOW)}
    assert shown == set(KINDS) - {"photo", "device"}
