"""The demo organisations obey the rules they are there to show."""

from collections import Counter
from hashlib import sha256
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
from hushui_sync.ids import is_id
from hushui_sync.world import Record, Right
from tests.domain.build import record

NOW = 1_795_500_000_000
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
        fault = DOMAIN.check(put.kind, put.act, fields, put.fields, new=before is None)
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
    adds = (*before.adds, put.fields) if put.act == "add" else before.adds
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
    members = {put.record: put.fields for put in demo.reference if put.kind == "member"}
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
    assert bridge.fields["types"] == ["masonry_washout"]
    assert bridge.version == 2
    assert bridge.flags == ()


def test_the_storm_shows_a_doubtful_record() -> None:
    doubts = [r.flags for r in records_of(DEMOS[0]).values() if r.flags]
    assert ("outside_zone", "volume_mismatch") in doubts


def test_the_pump_station_has_seventeen_members_and_a_committee_of_three() -> None:
    members = [p.fields for p in DEMOS[1].reference if p.kind == "member"]
    party = [fields for fields in members if "party_state" in fields]
    assert len(party) == 17
    assert sum("支" in fields.get("title", "") for fields in party) == 3


def test_every_kind_of_fact_but_the_photo_is_shown() -> None:
    shown = {put.kind for demo in DEMOS for put in puts(demo, NOW)}
    assert shown == set(KINDS) - {"photo", "device"}
