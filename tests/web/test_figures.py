"""The day's figures: each opens exactly its records, and nothing said is not zero."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from hushui.domain.days import DAY_MS, day_of, span
from hushui.kinds import KINDS
from hushui.kinds.figures import AMOUNTS, FIGURES
from tests.support import ids
from tests.support.phone import hazard, op
from tests.web.demo import Office, demo
from tests.web.house import Handset, House, fact, problem

HOUR = 3_600_000


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    with demo(tmp_path_factory.mktemp("counted")) as client:
        yield client


@pytest.fixture
def office(house: House) -> Handset:
    return house.enrol(house.office)


@pytest.fixture
def phone(house: House) -> Handset:
    return house.enrol(house.patroller)


class Asking:
    """Somebody of the office on an enrolled device, asked like one who signed in."""

    def __init__(self, handset: Handset) -> None:
        self.handset = handset

    def get(self, path: str, **params: Any) -> Any:
        return self.handset.send("GET", path, params=params)

    records = Office.records
    ids = Office.ids


def figures(asker: Any, **params: Any) -> dict[str, Any]:
    answer = asker.get("/api/figures", **params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def by_id(views: list[dict[str, Any]]) -> dict[str, Any]:
    return {view["id"]: view["value"] for view in views}


def of_zone(found: dict[str, Any], zone: str) -> dict[str, Any]:
    (there,) = (it for it in found["zones"] if it["zone"] == zone)
    return {"reported": there["reported"], **by_id(there["figures"])}


def sent(phone: Handset, *names: str) -> None:
    answer = phone.push(len(phone.phone.lines))
    assert {it["verdict"] for it in answer.json()["receipts"]} == {"applied"}, answer.text


def put(phone: Handset, kind: str, name: str, **fields: Any) -> str:
    record = ids.make(name)
    phone.phone.capture(fact(kind, record, **fields), wall=phone.house.now)
    sent(phone)
    return record


# every figure opens its records -------------------------------------------------------------------
def agrees(asker: Any, view: dict[str, Any]) -> None:
    """What the figure says, counted again by hand from what its query finds."""
    (figure,) = (it for it in FIGURES if it.code == view["id"])
    found = asker.records(**view["query"])
    assert view["count"] == len(found), view
    fields = [item["body"]["fields"] for item in found]
    pending = sum(
        1
        for item in found
        if not item["body"]["review"] or item["body"]["review"]["version"] < item["body"]["version"]
    )
    assert view["pending"] == pending, view
    assert view["returned"] == sum(map(sent_back, found)), view
    if not found:
        assert view["value"] in (0, None), view
        return
    if figure.measure == "count":
        value: float | None = len(found)
    elif figure.measure == "people":
        value = times_by_hand([item["body"] for item in found])
    else:
        kept = [it for it, item in zip(fields, found, strict=True) if not sent_back(item)]
        said = [it[figure.field] for it in kept if it.get(figure.field) is not None]
        assert view["missing"] == len(kept) - len(said)
        value = sum(said) / figure.per if said else None
    assert view["value"] == (value if value is None else pytest.approx(value)), view


def times_by_hand(bodies: list[dict[str, Any]]) -> int:
    """Each name of a task once, then whoever is only counted."""
    names: set[tuple[str, str]] = set()
    largest: dict[str, int] = {}
    for body in bodies:
        fields = body["fields"]
        along = set(fields.get("companions") or [])
        there = along if fields.get("people", 99) <= len(along) else {*along, body["author"]}
        names |= {(fields.get("work_kind", ""), name) for name in there}
        crew = [fields.get(it) for it in ("work_kind", "zone", "boat", "boat_ref")]
        more = max(fields.get("people", 0) - len(there), 0)
        key = repr([body["author"], *crew])
        largest[key] = max(largest.get(key, 0), more)
    return len(names) + sum(largest.values())


def sent_back(item: dict[str, Any]) -> bool:
    review, version = item["body"]["review"], item["body"]["version"]
    return bool(review) and review["version"] == version and review["decision"] == "returned"


def all_views(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [*found["totals"], *(view for zone in found["zones"] for view in zone["figures"])]


@pytest.mark.parametrize(("org", "login"), [("nbh", "zhouxun"), ("xt", "tanbeng")])
@pytest.mark.parametrize("ago", range(3))
def test_every_figure_of_the_demo_opens_exactly_its_records(
    client: TestClient[Any], org: str, login: str, ago: int
) -> None:
    asker = Office(client, org, login)
    today = figures(asker)["day"]
    day = day_of(span(day_of(0).fromisoformat(today))[0]) - timedelta(days=ago)
    found = figures(asker, day=day.isoformat())
    for view in all_views(found):
        agrees(asker, view)
    # Just after midnight nobody has done anything yet.
    before = figures(asker, day=(day - timedelta(days=1)).isoformat())
    assert ago or any(view["value"] for view in (*found["totals"], *before["totals"]))


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_of_generated_records_opens_exactly_its_records(
    house: House, phone: Handset, office: Handset, seed: int
) -> None:
    chance = random.Random(seed)
    other = house.make_zone("other", "220300-NBH-Z04")
    zones = [house.zone, other, None]
    made: list[tuple[str, str]] = []
    for number in range(60):
        kind = chance.choice(["patrol", "work", "hazard", "event", "reading", "duty_entry"])
        fields = drawn(chance, kind, house, chance.choice(zones))
        record = ids.make(f"{seed} {number}")
        phone.phone.capture(fact(kind, record, **fields), wall=house.now)
        made.append((kind, record))
        house.now += chance.randrange(3 * HOUR)
    answer = phone.push()
    assert {it["verdict"] for it in answer.json()["receipts"]} == {"applied"}, answer.text
    for kind, record in chance.sample(made, 25):
        judge(chance, office, house, kind, record)
    office.push()
    for ago in range(4):
        day = day_of(house.now - ago * DAY_MS)
        found = figures(Asking(office), day=day.isoformat())
        for view in all_views(found):
            agrees(Asking(office), view)
    assert any(view["pending"] < view["count"] for view in all_views(found))


def drawn(chance: random.Random, kind: str, house: House, zone: str | None) -> dict[str, Any]:
    """One of the valid examples, about people and zones that are here."""
    known = KINDS[kind]
    example = dict(chance.choice((known.valid, *known.also)))
    for name, field in known.fields.items():
        if field.type in ("ref", "refs") and not field.required and name in example:
            example[name] = [house.colleague] if field.type == "refs" else house.colleague
    if kind == "reading":
        example["station"] = ids.make("station")
    if "companions" in known.fields and chance.random() < 0.5:
        example["companions"] = [house.colleague]
    if kind == "hazard" and chance.random() < 0.5:
        example["level"] = chance.choice(known.fields["level"].choices).code
    if "zone" in known.fields and zone is not None:
        example["zone"] = zone
    return example


def judge(chance: random.Random, office: Handset, house: House, kind: str, record: str) -> None:
    name = ids.make(f"judged {record} {chance.random()}")
    if kind in ("hazard", "event") and chance.random() < 0.5:
        result = {"result": "pass"} if chance.random() < 0.7 else {"result": "fail", "reason": "x"}
        line = op("verification", name, target=record, **result)
    elif chance.random() < 0.2:
        line = op(kind, record, "del", base={})
    else:
        decision = chance.choice(["approved", "returned", "rejected"])
        fields = {"target": record, "version": 1, "decision": decision, "reason": "x"}
        line = op("review", name, **fields, base={"$review": None})
    office.phone.capture(line, wall=house.now - chance.randrange(2 * DAY_MS))


def test_what_happens_and_what_may_happen_are_counted_apart(
    house: House, phone: Handset, office: Handset
) -> None:
    crack = {"types": ["crack"], "zone": house.zone}
    for name, said in (
        ("a", {"nature": "acute", "level": "major"}),
        ("b", {"nature": "acute"}),
        ("c", {"nature": "latent", "latent_class": "ordinary"}),
        ("d", {"nature": "latent", "latent_class": "serious", "level": "major"}),
        ("e", {"nature": "latent"}),
    ):
        put(phone, "hazard", name, **crack, **said)
    found = figures(Asking(office))
    totals = {id: value for id, value in by_id(found["totals"]).items() if value}
    counted = {
        "hazard_{}": 5,
        "hazard_acute_{}": 2,
        "hazard_acute_{}_major": 1,
        "hazard_acute_{}_none": 1,
        "hazard_latent_{}": 3,
        "hazard_latent_{}_ordinary": 1,
        "hazard_latent_{}_serious": 1,
        "hazard_latent_{}_none": 1,
    }
    assert totals == {
        name.format(moment): count for name, count in counted.items() for moment in ("new", "open")
    }
    for view in found["totals"]:
        agrees(Asking(office), view)


# 0 and 未报 ---------------------------------------------------------------------------------------
def test_a_zone_of_which_nobody_said_anything_is_not_zero(house: House, office: Handset) -> None:
    found = figures(Asking(office))
    there = of_zone(found, house.zone)
    assert (found["reported"], there["reported"]) == (False, False)
    assert (there["patrol"], there["hazard_new"], there["work"]) == (None, None, None)
    assert by_id(found["totals"])["patrol"] is None
    assert there["hazard_open"] == 0


def test_a_zone_of_which_somebody_said_that_nothing_happened_is_zero(
    house: House, phone: Handset, office: Handset
) -> None:
    other = house.make_zone("other", "220300-NBH-Z04")
    put(phone, "duty_entry", "quiet", entry_kind="other", at=house.now, text="无事")
    found = figures(Asking(office))
    there = of_zone(found, house.zone)
    assert (there["reported"], there["patrol"], there["work_salvage_volume_m3"]) == (True, 0, 0)
    assert of_zone(found, other)["patrol"] is None
    assert by_id(found["totals"])["patrol"] == 0
    assert by_id(found["totals"])["duty_entry"] == 1
    (person,) = (it for it in found["people"] if it["person"] == house.patroller)
    assert (person["reported"], person["zones"]) == (True, [house.zone])


def test_what_an_outsider_made_in_a_zone_reports_it(house: House, office: Handset) -> None:
    colleague = house.enrol(house.colleague)
    put(colleague, "event", "seen", **{"class": "dump", "zone": house.zone})
    there = of_zone(figures(Asking(office)), house.zone)
    assert (there["event_new"], there["patrol"]) == (1, 0)


def test_a_consent_says_nothing_about_the_zone(
    house: House, phone: Handset, office: Handset
) -> None:
    put(phone, "consent", "agreed", **KINDS["consent"].valid)
    assert not figures(Asking(office))["reported"]


def test_a_team_that_answers_for_a_zone_holds_it(house: House, office: Handset) -> None:
    team = ids.make("team")
    house.system(op("team", team, **{**KINDS["team"].valid, "leader": house.colleague}))
    house.system(op("zone", house.zone, team=team, base={}))
    house.system(op("member", house.colleague, team=team, base={}))
    colleague = house.enrol(house.colleague)
    put(colleague, "duty_entry", "quiet", entry_kind="other", at=house.now, text="无事")
    assert of_zone(figures(Asking(office)), house.zone)["reported"]


def test_an_amount_that_nobody_wrote_is_unknown_and_not_zero(
    house: House, phone: Handset, office: Handset
) -> None:
    salvage = {"work_kind": "salvage", "people": 2, "zone": house.zone}
    put(phone, "work", "a", **salvage)
    found = figures(Asking(office))
    assert of_zone(found, house.zone)["work_salvage"] == 1
    assert of_zone(found, house.zone)["work_salvage_volume_m3"] is None
    put(phone, "work", "b", **salvage, volume_m3=0.1)
    put(phone, "work", "c", **salvage, volume_m3=0.2)
    (view,) = (
        it for it in figures(Asking(office))["totals"] if it["id"] == "work_salvage_volume_m3"
    )
    assert (view["value"], view["missing"], view["unit"], view["count"]) == (0.3, 1, "m3", 3)


def test_void_and_rejected_do_not_count_and_unreviewed_are_told_apart(
    house: House, phone: Handset, office: Handset
) -> None:
    kept, wrong, void = (put(phone, "event", it, **{"class": "dump"}) for it in ("a", "b", "c"))
    for record, decision in ((kept, "approved"), (wrong, "rejected")):
        fields = {"target": record, "version": 1, "decision": decision, "reason": "x"}
        office.phone.capture(op("review", ids.make(decision), **fields, base={"$review": None}))
    office.push()
    phone.phone.capture(op("event", void, "del", base={}))
    sent(phone)
    put(phone, "event", "d", **{"class": "dump"})
    (view,) = (it for it in figures(Asking(office))["totals"] if it["id"] == "event_new")
    assert (view["value"], view["pending"]) == (2, 1)


SALVAGE = {"work_kind": "salvage", "people": 2, "no_photo_reason": "天黑"}


def test_what_was_sent_back_is_counted_and_its_amount_is_in_no_sum(
    house: House, phone: Handset, office: Handset
) -> None:
    slip, sure = (
        put(phone, "work", name, **SALVAGE, weight_t=weight)
        for name, weight in (("slip", 85), ("sure", 1.2))
    )

    def weight() -> dict[str, Any]:
        totals = figures(Asking(office))["totals"]
        return next(it for it in totals if it["id"] == "work_salvage_weight_t")

    fields = {"target": slip, "version": 1, "decision": "returned", "reason": "是 0.850 吨吗？"}
    office.phone.capture(op("review", ids.make("r"), **fields, base={"$review": None}))
    office.push()
    seen = weight()
    assert (seen["value"], seen["count"], seen["returned"], seen["missing"]) == (1.2, 2, 1, 0)
    works = by_id(figures(Asking(office))["totals"])
    assert works["work"] == 2, "that it was done is not in doubt"
    phone.phone.capture(op("work", sure, "del", base={}))
    sent(phone)
    assert weight()["value"] is None, "nobody knows, and that is not zero"
    phone.phone.capture(op("work", slip, weight_t=0.85, base={"weight_t": None}))
    sent(phone)
    assert (weight()["value"], weight()["returned"]) == (0.85, 0)


def test_who_holds_several_zones_and_speaks_of_one_says_nothing_of_the_others(
    house: House, phone: Handset, office: Handset
) -> None:
    other = house.make_zone("other", "220300-NBH-Z04")
    grant = {"person": house.patroller, "zone": other, "role": "member"}
    house.system(op("grant", ids.make("second"), **grant))
    put(phone, "event", "seen", **{"class": "dump", "zone": house.zone})
    put(phone, "duty_entry", "quiet", entry_kind="other", at=house.now, text="无事")
    found = figures(Asking(office))
    assert (of_zone(found, house.zone)["patrol"], of_zone(found, other)["patrol"]) == (0, None)


def test_person_times_are_the_author_and_those_who_came_along(
    house: House, phone: Handset, office: Handset
) -> None:
    put(phone, "patrol", "walk", started=house.now, companions=[house.colleague, house.office])
    put(phone, "work", "boat", work_kind="salvage", people=5, companions=[house.colleague])
    found = by_id(figures(Asking(office))["totals"])
    assert (found["patrol_people"], found["work_people"]) == (3, 5)


WEEDS = {"work_kind": "canal_weed", "no_photo_reason": "夜里"}
GUARDS = {**WEEDS, "work_kind": "line_guard"}
DREDGES = {**WEEDS, "work_kind": "salvage", "people": 2}


def people_times(
    house: House, office: Handset, *works: tuple[Handset, dict[str, Any]]
) -> dict[str, Any]:
    for number, (phone, fields) in enumerate(works):
        put(phone, "work", f"{phone.device} {house.now} {number} {fields}", **fields)
    found = figures(Asking(office))
    for view in found["totals"]:
        agrees(Asking(office), view)
    times = {view["id"]: view["value"] for view in found["totals"] if view["unit"] == "人次"}
    return {name.removesuffix("_people"): value for name, value in times.items() if value}


def test_one_member_one_task_one_day_is_one(house: House, phone: Handset, office: Handset) -> None:
    colleague = house.enrol(house.colleague)
    along = {**WEEDS, "companions": [house.patroller, house.office]}
    assert people_times(house, office, (phone, WEEDS), (phone, WEEDS)) == (
        {"work": 1, "work_canal_weed": 1}
    )
    assert people_times(house, office, (phone, GUARDS), (colleague, along)) == (
        {"work": 4, "work_canal_weed": 3, "work_line_guard": 1}
    )


def test_whoever_is_only_counted_is_a_crew_of_its_own_boat(
    house: House, phone: Handset, office: Handset
) -> None:
    """Two trips of a boat have one crew; who wrote down others' trips is in none of them."""
    first, second = ({**DREDGES, "boat": boat} for boat in ("B01", "B02"))
    crew = {**DREDGES, "boat": "B03", "companions": [house.colleague, house.admin]}
    made = people_times(house, office, (phone, first), (phone, {**first, "people": 3}))
    assert made["work_salvage"] == 3
    made = people_times(house, office, (office, second), (office, crew))
    assert made["work_salvage"] == 3 + 2 + 2


def test_each_day_counts_its_own_people(house: House, phone: Handset, office: Handset) -> None:
    once = {"work": 1, "work_canal_weed": 1}
    assert people_times(house, office, (phone, WEEDS)) == once
    house.now += DAY_MS
    assert people_times(house, office, (phone, {**WEEDS, "note": "又一天"})) == once


OWN_TIME: dict[str, dict[str, Any]] = {
    "patrol": {"started": 0},
    "reading": {**KINDS["reading"].valid, "at": 0},
    "duty_entry": {"entry_kind": "other", "at": 0, "text": "无事"},
}


@pytest.mark.parametrize("kind", OWN_TIME)
def test_what_is_typed_afterwards_counts_on_the_day_it_happened(
    house: House, phone: Handset, office: Handset, kind: str
) -> None:
    """And that day is no longer 未报, while of today still nobody said anything."""
    (figure,) = (it for it in FIGURES if it.code == kind)
    time = KINDS[kind].happened or ""
    yesterday = house.now - DAY_MS
    put(phone, kind, "afterwards", **{**OWN_TIME[kind], time: yesterday})

    def said(day: int) -> tuple[Any, bool]:
        found = figures(Asking(office), day=day_of(day).isoformat())
        there = of_zone(found, house.zone)
        for view in all_views(found):
            agrees(Asking(office), view)
        assert found["reported"] == there["reported"]
        return by_id(found["totals"])[figure.code], there["reported"]

    assert said(yesterday) == (1, True)
    assert said(house.now) == (None, False)


def test_a_reading_that_does_not_say_when_counts_on_the_day_of_its_record(
    house: House, phone: Handset, office: Handset
) -> None:
    without = {k: v for k, v in OWN_TIME["reading"].items() if k != "at"}
    put(phone, "reading", "seen", **without)
    found = figures(Asking(office))
    assert (by_id(found["totals"])["reading"], found["reported"]) == (1, True)
    for view in found["totals"]:
        agrees(Asking(office), view)


def test_what_was_told_too_late_or_too_early_is_a_doubt_for_the_reviewer(
    house: House, phone: Handset, office: Handset
) -> None:
    for name, at, flag in (
        ("a", house.now - 8 * DAY_MS, ["told_late"]),
        ("b", house.now + DAY_MS, ["told_ahead"]),
        ("c", house.now - 6 * DAY_MS, []),
    ):
        record = put(phone, "duty_entry", name, entry_kind="other", at=at, text="无事")
        body = office.send("GET", f"/api/records/{record}").json()["body"]
        assert body["flags"] == flag


def test_a_shift_counts_on_the_day_it_begins(house: House, office: Handset) -> None:
    since, _ = span(day_of(house.now + DAY_MS))
    shift = {"start": since, "end": since + 12 * HOUR, "leader": house.office}
    house.system(op("duty_shift", ids.make("shift"), **shift, staff=[house.office]))
    put(house.enrol(house.patroller), "patrol", "walk", started=house.now)
    today = by_id(figures(Asking(office))["totals"])
    tomorrow = by_id(figures(Asking(office), day=day_of(since).isoformat())["totals"])
    assert (today["duty_shift"], tomorrow["duty_shift"], tomorrow["patrol"]) == (0, 1, None)


def test_open_hazards_stay_until_somebody_verified_them(
    house: House, phone: Handset, office: Handset
) -> None:
    record = ids.make("crack")
    phone.phone.capture(hazard(record, level="major", zone=house.zone))
    sent(phone)
    first = day_of(house.now)
    house.now += DAY_MS
    fields = {"target": record, "result": "pass"}
    office.phone.capture(op("verification", ids.make("done"), **fields), wall=house.now)
    sent(office)
    before, after = (
        by_id(figures(Asking(office), day=day.isoformat())["totals"])
        for day in (first, first + timedelta(days=1))
    )
    moments = [f"hazard_acute_{moment}_major" for moment in ("new", "open", "ended")]
    assert [before[it] for it in moments] == [1, 1, 0]
    assert [after[it] for it in moments] == [0, 0, 1]


# the door -----------------------------------------------------------------------------------------
def test_only_the_office_sees_figures(house: House, phone: Handset) -> None:
    for reader in (phone, house.enrol(house.admin)):
        assert problem(reader.send("GET", "/api/figures")) == (403, "forbidden")
    assert problem(house.client.get("/api/figures")) == (401, "unauthenticated")


def test_another_organisations_records_are_in_no_figure(house: House, office: Handset) -> None:
    stranger = house.enrol(house.stranger, org=house.other_org)
    put(stranger, "event", "theirs", **{"class": "dump"})
    assert by_id(figures(Asking(office))["totals"])["event_new"] is None
    assert by_id(figures(Asking(stranger))["totals"])["event_new"] == 1
    answer = stranger.send("GET", f"/api/figures?zone={house.zone}")
    assert problem(answer) == (404, "not_found")


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "0000-01-01", "2026-1-1"])
def test_a_day_that_the_calendar_lacks_is_refused(office: Handset, day: str) -> None:
    answer = office.send("GET", f"/api/figures?day={day}")
    assert problem(answer) == (400, "bad_request")
    assert answer.json()["field"] == "day"


def test_one_zone_alone(house: House, phone: Handset, office: Handset) -> None:
    house.make_zone("other", "220300-NBH-Z04")
    put(phone, "event", "in", **{"class": "dump", "zone": house.zone})
    put(phone, "event", "out", **{"class": "dump"})
    found = figures(Asking(office), zone=house.zone)
    assert [it["zone"] for it in found["zones"]] == [house.zone]
    assert by_id(found["totals"])["event_new"] == 1
    assert by_id(figures(Asking(office))["totals"])["event_new"] == 2


# which figures there are --------------------------------------------------------------------------
def test_every_figure_has_one_name_and_a_field_that_is_there() -> None:
    codes = [figure.code for figure in FIGURES]
    assert len(set(codes)) == len(codes)
    for figure in FIGURES:
        fields = KINDS[figure.kind].fields
        assert figure.field is None or fields[figure.field].type in ("number", "integer")
        assert figure.by is None or fields[figure.by].type == "time"
        assert all(name in fields for name, _ in figure.where)
    assert all(name in KINDS["work"].fields for name in AMOUNTS)


def test_every_work_kind_and_level_brings_its_figures() -> None:
    codes = {figure.code for figure in FIGURES}
    for choice in KINDS["work"].fields["work_kind"].choices:
        assert {f"work_{choice.code}", f"work_{choice.code}_people"} <= codes
    for nature, graded in (("acute", "level"), ("latent", "latent_class")):
        for choice in KINDS["hazard"].fields[graded].choices:
            names = {f"hazard_{nature}_{it}_{choice.code}" for it in ("new", "open", "ended")}
            assert names <= codes
