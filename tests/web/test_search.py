"""Search at the office: by word, person, place, 桩号 and day; and what the filters find."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from hushui.domain.days import DAY_MS
from tests.support import ids
from tests.support.phone import hazard, op
from tests.web.demo import Office, demo
from tests.web.house import Handset, House, fact, problem


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    with demo(tmp_path_factory.mktemp("searched")) as client:
        yield client


@pytest.fixture(scope="module")
def centre(client: TestClient[Any]) -> Office:
    return Office(client, "nbh", "zhouxun")


@pytest.fixture
def office(house: House) -> Handset:
    return house.enrol(house.office)


@pytest.fixture
def phone(house: House) -> Handset:
    return house.enrol(house.patroller)


def found(reader: Handset, q: str = "", **more: Any) -> list[str]:
    params = {"q": q, "limit": 200, **more}
    answer = reader.send("GET", "/api/records", params={k: v for k, v in params.items() if v != ""})
    assert answer.status_code == 200, answer.text
    listed = answer.json()
    assert sum(listed["counts"].values()) == len(listed["records"])
    return [item["record"] for item in listed["records"]]


def put(phone: Handset, kind: str, name: str, **fields: Any) -> str:
    record = ids.make(name)
    at = fields.pop("wall", phone.house.now)
    phone.phone.capture(fact(kind, record, **fields), wall=at)
    answer = phone.push(len(phone.phone.lines))
    assert answer.json()["receipts"][0]["verdict"] == "applied", answer.text
    return record


# the demo -----------------------------------------------------------------------------------------
def test_a_person_finds_what_he_made_and_what_names_him(centre: Office) -> None:
    person = centre.named("member", "张河")
    hits = centre.records(q="张河")
    own = {it["record"] for it in centre.records(person=person)}
    assert own
    assert own <= {it["record"] for it in hits}
    others = [it for it in hits if it["record"] not in own]
    assert all(it["record"] == person or says(it, person) or says(it, "张河") for it in others)
    assert any(says(it, person) for it in others)


def says(item: dict[str, Any], text: str) -> bool:
    return text in str(item["body"]["fields"])


def test_a_zone_finds_what_lies_in_it_by_name_and_by_code(centre: Office) -> None:
    zone = centre.named("zone", "南河中段")
    inside = set(centre.ids(zone=zone))
    assert inside
    assert inside <= set(centre.ids(q="南河中段"))
    assert inside <= set(centre.ids(q="220300-nbh-z03"))
    assert not inside & set(centre.ids(q="西湖湿地", zone=zone, kind="patrol"))


def test_a_structure_finds_what_names_it(centre: Office) -> None:
    bridge = centre.named("object", "南河六孔桥")
    assert "hazard" in {it["body"]["kind"] for it in centre.records(q="六孔桥") if says(it, bridge)}


@pytest.mark.parametrize(
    ("q", "kinds"),
    [
        ("管涌", {"hazard"}),
        ("砌体冲毁", {"hazard"}),
        ("K5+860", {"hazard"}),
        ("5+890 砌体", {"hazard"}),
        ("桩号k8+560 打捞", {"work"}),
        ("漂浮物", {"work", "event"}),
        ("打捞 王闸", {"work"}),
        ("巡查", {"patrol"}),
        ("作业", {"work"}),
        ("事件 王闸", {"event"}),
        ("水雨情", {"reading"}),
        ("淤", {"work"}),
        ("污", {"event"}),
        ("涌", {"hazard"}),
        ("漂", {"work", "event"}),
    ],
)
def test_what_the_office_types_finds_what_it_means(centre: Office, q: str, kinds: set[str]) -> None:
    assert kinds <= {item["body"]["kind"] for item in centre.records(q=q)}


def test_a_number_finds_what_is_called_so_and_no_month(centre: Office) -> None:
    hazard = centre.records(kind="hazard")[-1]
    number = hazard["body"]["number"]
    assert re.fullmatch(r"\d{4}-\d{4}", number)
    found = centre.records(q=number)
    assert hazard["record"] in {it["record"] for it in found}
    assert {it["body"]["number"] for it in found if it["body"]["kind"] == "hazard"} == {number}


def test_a_day_finds_what_was_made_on_it(centre: Office) -> None:
    every = centre.records()
    today, yesterday = set(centre.ids(q="今天")), set(centre.ids(q="昨天"))
    assert yesterday
    assert not today & yesterday
    assert today | yesterday < {item["record"] for item in every}


# terms --------------------------------------------------------------------------------------------
def test_all_terms_must_hold(phone: Handset, office: Handset) -> None:
    both = put(phone, "event", "both", **{"class": "dump", "note": "涵闸边上的渣土"})
    one = put(phone, "event", "one", **{"class": "build", "note": "涵闸边上的棚子"})
    assert set(found(office, "涵闸", kind="event")) == {both, one}
    assert found(office, "涵闸 渣土", kind="event") == [both]
    assert found(office, "渣土 涵闸 张河 今天", kind="event") == [both]
    assert found(office, "渣土 涵闸 张河 昨天", kind="event") == []
    assert found(office, "渣土 涵闸 张河 2026-11-24", kind="event") == [both]
    assert found(office, "涵闸 孙澜", kind="event") == []
    assert found(office, "。 涵闸", kind="event") == []


@pytest.mark.parametrize(
    ("asked", "found_there"),
    [
        ("K3+250", {"near", "stretch", "from the far end", "same"}),
        ("3+250", {"near", "stretch", "from the far end", "same"}),
        ("K3+299", {"near", "stretch", "from the far end", "same"}),
        ("K3+301", {"near", "stretch", "from the far end"}),
        ("K3+200", {"stretch", "from the far end", "same"}),
        ("K3+500", {"stretch", "from the far end"}),
        ("K3+551", {"from the far end"}),
        ("K9+000", set()),
    ],
)
def test_a_chainage_finds_what_is_near_and_what_covers_it(
    phone: Handset, office: Handset, asked: str, found_there: set[str]
) -> None:
    clear = {"work_kind": "canal_weed"}
    made = {
        put(phone, "event", "same", **{"class": "dump", "chainage": 3250}): "same",
        put(phone, "event", "near", **{"class": "dump", "chainage": 3290.5}): "near",
        put(phone, "work", "stretch", **clear, chainage=3100, chainage_to=3500): "stretch",
        put(phone, "work", "back", **clear, chainage=3700, chainage_to=3000): "from the far end",
        put(phone, "event", "none", **{"class": "dump"}): "none",
    }
    assert {made[id] for id in found(office, asked)} == found_there


def test_a_place_without_a_chainage_is_found_by_where_it_lies(
    house: House, phone: Handset, office: Handset
) -> None:
    """The zone's line runs from 124.33 to 124.34, a little more than 800 m."""
    middle = {"source": "gps", "lon": 124.335, "lat": 43.1756, "acc": 5}
    far = {"source": "gps", "lon": 124.339, "lat": 43.1759, "acc": 5}
    off = {"source": "gps", "lon": 124.335, "lat": 43.19, "acc": 5}
    there = put(phone, "event", "there", **{"class": "dump", "place": middle})
    put(phone, "event", "far", **{"class": "dump", "place": far})
    put(phone, "event", "off", **{"class": "dump", "place": off})
    put(phone, "event", "other", **{"class": "dump", "place": middle, "chainage": 9000})
    assert found(office, "K0+410", kind="event") == [there]
    assert found(office, "K0+200", kind="event") == []


def test_a_text_that_says_a_chainage_is_found_too(phone: Handset, office: Handset) -> None:
    said = put(phone, "event", "said", **{"class": "dump", "note": "在桩号K12+300上游"})
    assert found(office, "12+300", kind="event") == [said]


def test_days_are_those_of_shanghai_by_effective_time(phone: Handset, office: Handset) -> None:
    """NOW is 2026-11-24 14:00 there; what came late belongs to the day it was made."""
    late = ids.make("late")
    phone.phone.capture(op("event", late, **{"class": "dump"}))
    phone.house.now += DAY_MS
    phone.push()
    today = put(phone, "event", "today", **{"class": "dump"})
    assert found(office, "11-25", kind="event") == found(office, "今天", kind="event") == [today]
    assert found(office, "11-24", kind="event") == found(office, "昨天", kind="event") == [late]
    assert set(found(office, "2026-11", kind="event")) == {late, today}
    assert found(office, "2026-10", kind="event") == []


def test_whoever_was_renamed_is_found_under_the_new_name(
    house: House, phone: Handset, office: Handset
) -> None:
    made = put(phone, "event", "made", **{"class": "dump"})
    assert found(office, "张河", kind="event") == [made]
    house.system(op("member", house.patroller, name="张大河", base={}))
    assert found(office, "张大河", kind="event") == [made]
    assert found(office, "大河", kind="event") == [made]
    house.system(op("member", house.patroller, name="李川", base={}))
    assert found(office, "张大河", kind="event") == []
    assert found(office, "李川", kind="event") == [made]
    assert found(office, f"nbh-{'张河'}", kind="event") == [made]


def test_a_companion_is_found(house: House, phone: Handset, office: Handset) -> None:
    walk = put(phone, "patrol", "walk", started=house.now, companions=[house.colleague])
    assert found(office, "孙澜", kind="patrol") == [walk]


def test_nobody_finds_what_he_may_not_see(house: House, phone: Handset) -> None:
    put(phone, "event", "secret", **{"class": "dump", "note": "渣土", "chainage": 3250})
    stranger = house.enrol(house.stranger, org=house.other_org)
    colleague = house.enrol(house.colleague)
    for q in ("渣土", "K3+250", "张河", "11-24", "乱堆", "NBH"):
        assert found(stranger, q, kind="event") == []
        assert found(colleague, q, kind="event") == []


def test_too_many_terms_are_refused(office: Handset) -> None:
    answer = office.send("GET", "/api/records?q=" + "+".join("一二三四五六七八九十甲乙丙"))
    assert problem(answer) == (400, "bad_request")
    assert answer.json()["field"] == "q"


# filters ------------------------------------------------------------------------------------------
def test_where_asks_for_a_code_of_a_choice_a_yes_or_no_or_nothing(
    phone: Handset, office: Handset
) -> None:
    def where(kind: str, *pairs: str) -> set[str]:
        return set(found(office, "", kind=kind, where=list(pairs)))

    piping, breach, latent = (ids.make(name) for name in ("piping", "breach", "latent"))
    phone.phone.capture(hazard(piping, types=["crack", "piping"], level="general"))
    phone.phone.capture(hazard(breach, types=["breach"], level="major"))
    phone.phone.capture(hazard(latent, types=["piping"], nature="latent"))
    phone.push()
    assert where("hazard", "types:piping") == {piping, latent}
    assert where("hazard", "types:piping", "types:breach") == {piping, breach, latent}
    assert where("hazard", "types:piping", "nature:acute") == {piping}
    assert where("hazard", "level:") == {latent}
    assert where("hazard", "level:", "level:major") == {latent, breach}
    yes = put(phone, "event", "yes", **{"class": "dump", "handled_on_spot": True})
    no = put(phone, "event", "no", **{"class": "dump", "handled_on_spot": False})
    unsaid = put(phone, "event", "unsaid", **{"class": "dump"})
    assert where("event", "handled_on_spot:true") == {yes}
    assert where("event", "handled_on_spot:false") == {no}
    assert where("event", "handled_on_spot:") == {unsaid}


def test_counted_is_all_but_rejected(phone: Handset, office: Handset) -> None:
    made = [phone.hazard(f"隐患 {number}") for number in range(4)]
    phone.push()
    for record, decision in zip(made, ("approved", "returned", "rejected"), strict=False):
        fields = {"target": record, "version": 1, "decision": decision, "reason": "看不清"}
        review = op("review", ids.make(decision), **fields, base={"$review": None})
        office.phone.capture(review)
    verdicts = [receipt["verdict"] for receipt in office.push().json()["receipts"]]
    assert verdicts == ["applied"] * 3
    assert set(found(office, "", kind="hazard", state="counted")) == set(made) - {made[2]}


def test_open_and_ended_go_by_the_first_verification_that_passed(
    house: House, phone: Handset, office: Handset
) -> None:
    record, other = phone.hazard("one"), phone.hazard("two")
    phone.push()
    begun = house.now
    result = "fail"
    for hour in (1, 2, 3):
        house.now = begun + hour * 3_600_000
        fields = {"target": record, "result": result, "reason": "还在渗"}
        name = ids.make(f"check {hour}")
        office.phone.capture(op("verification", name, **fields), wall=house.now)
        result = "pass"
    verdicts = [receipt["verdict"] for receipt in office.push().json()["receipts"]]
    assert verdicts == ["applied"] * 3

    def open_at(hours: float) -> set[str]:
        return set(found(office, "", kind="hazard", openAt=int(begun + hours * 3_600_000)))

    assert open_at(0) == set()
    assert open_at(1.5) == open_at(2) == {record, other}
    assert open_at(2.1) == {other}
    hour = 3_600_000
    ended = {"endedFrom": begun + 2 * hour, "endedTo": begun + 3 * hour}
    assert found(office, "", kind="hazard", **ended) == [record]
    assert found(office, "", kind="hazard", endedFrom=begun + 3 * hour) == []
    office.phone.capture(op("verification", ids.make("check 2"), "del", base={}))
    office.phone.capture(op("verification", ids.make("check 3"), "del", base={}))
    assert [it["verdict"] for it in office.push(4).json()["receipts"]] == ["applied"] * 2
    assert open_at(9) == {record, other}
