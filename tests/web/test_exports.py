"""The office's table as a file, over HTTP: who may, what is in it, how it is named."""

import csv
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import unquote

import pytest
from httpx import Response
from litestar.testing import TestClient
from openpyxl import load_workbook

from hushui.actions import exporting
from hushui.exports import FORMATS
from hushui.kinds import KINDS
from tests.support import ids
from tests.support.phone import op
from tests.web.demo import Office, demo
from tests.web.house import Handset, House, problem


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    with demo(tmp_path_factory.mktemp("exported")) as client:
        yield client


@pytest.fixture(scope="module")
def centre(client: TestClient[Any]) -> Office:
    return Office(client, "nbh", "zhouxun")


@pytest.fixture(scope="module")
def station(client: TestClient[Any]) -> Office:
    return Office(client, "xt", "tanbeng")


@pytest.fixture
def office(house: House) -> Handset:
    return house.enrol(house.office)


def lines(answer: Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


def words_of(book: Any) -> dict[str, str]:
    """The sheet 说明."""
    return dict(book["说明"].values)


def named(answer: Response) -> str:
    return unquote(answer.headers["content-disposition"].partition("filename*=UTF-8''")[2])


# the demo -----------------------------------------------------------------------------------------
def test_few_files_are_written_at_a_time_and_everybody_else_is_answered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = house.enrol(house.office)
    real, lock, go = exporting.export, threading.Lock(), threading.Event()
    inside: list[int] = []
    most: list[int] = []

    def slow(*asked: Any) -> exporting.Exported:
        with lock:
            inside.append(1)
            most.append(len(inside))
        go.wait(30)
        with lock:
            inside.pop()
        return real(*asked)

    monkeypatch.setattr(exporting, "export", slow)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(office.send, "GET", "/api/exports/event.csv") for _ in range(6)]
        while len(most) < exporting.AT_A_TIME:
            assert office.send("GET", "/api/health").status_code == 200
        go.set()
        assert {it.result().status_code for it in asked} == {200}
    assert max(most) == exporting.AT_A_TIME


@pytest.mark.parametrize("format", ["xlsx", "csv", "geojson"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_the_demo_in_every_format(centre: Office, kind: str, format: str) -> None:
    listed = centre.ids(kind=kind)
    answer = centre.get(f"/api/exports/{kind}.{format}")
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["hushui-rows"]) == len(listed)
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert named(answer).startswith(KINDS[kind].zh)
    assert named(answer).endswith(f".{format}")
    match format:
        case "xlsx":
            sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
            shown = [cell.value for cell in sheet["A"][1:]]
        case "csv":
            shown = [line["记录号"] for line in lines(answer)]
        case _:
            shown = [it["properties"]["记录号"] for it in json.loads(answer.content)["features"]]
    assert shown == [id[-6:] for id in listed]


def test_the_track_of_the_demo_is_broken_where_the_screen_was_dark(centre: Office) -> None:
    answer = centre.get("/api/exports/patrol.geojson")
    parts = [len(it["geometry"]["coordinates"]) for it in json.loads(answer.content)["features"]]
    assert max(parts) > 1
    tracks = centre.get("/api/exports/patrol.gpx").text
    assert tracks.count("<trkseg>") == sum(parts)
    assert tracks.count("<trk>") == len(parts)


def test_names_of_people_zones_and_structures_stand_in_the_file(centre: Office) -> None:
    (bridge,) = [
        line
        for line in lines(centre.get("/api/exports/hazard.csv"))
        if line["类型"] == "砌体冲毁、坍塌"
    ]
    assert (bridge["记录人"], bridge["区域"], bridge["桩号"]) == ("张河", "南河中段", "K5+860")
    assert (bridge["长（m）"], bridge["高（m）"], bridge["厚（m）"]) == ("12", "2.5", "1.2")
    assert bridge["级别"] == "重大"


def test_the_file_holds_what_the_filter_finds_and_says_so(centre: Office) -> None:
    zone = centre.named("zone", "南河中段")
    params = {"zone": zone, "state": "counted", "where": "nature:acute", "q": "砌体"}
    answer = centre.get("/api/exports/hazard.xlsx", **params)
    book = load_workbook(BytesIO(answer.content))
    assert [cell.value for cell in book.worksheets[0]["A"][1:]] == [
        id[-6:] for id in centre.ids(kind="hazard", **params)
    ]
    about = words_of(book)
    assert about["导出人"] == "周汛"
    assert about["单位"] == "四平市南北河管理中心"
    assert about["筛选"] == ("责任区：南河中段；审核状态：除不予采用外；性质：险情；搜索：砌体")
    assert "演示" in about["注意"]


def test_another_organisations_records_are_in_no_file(centre: Office, station: Office) -> None:
    theirs = set(station.ids())
    assert theirs
    assert not theirs & set(centre.ids())
    for kind in KINDS:
        answer = centre.get(f"/api/exports/{kind}.geojson", deleted=True)
        found = {feature["id"] for feature in json.loads(answer.content)["features"]}
        assert not found & theirs, kind
    zone = station.ids(kind="zone")[0]
    assert (
        json.loads(centre.get("/api/exports/hazard.geojson", zone=zone).content)["features"] == []
    )


# the door -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("format", FORMATS)
def test_only_the_office_exports(house: House, format: str) -> None:
    path = f"/api/exports/patrol.{format}"
    for person in (house.patroller, house.admin, house.colleague):
        assert problem(house.enrol(person).send("GET", path)) == (403, "forbidden")
    assert problem(house.client.get(path)) == (401, "unauthenticated")
    assert house.enrol(house.office).send("GET", path).status_code == 200


@pytest.mark.parametrize(
    "name", ["hazard.pdf", "dragon.csv", "hazard.gpx", "hazard", ".csv", "hazard.", "a.b.csv"]
)
def test_what_there_is_not_is_said(office: Handset, name: str) -> None:
    assert problem(office.send("GET", f"/api/exports/{name}")) == (404, "not_found")


@pytest.mark.parametrize(
    "query",
    ["where=types:nope", "where=note:x", "where=x", "by=note", "state=odd", "from=-1", "zone=1"],
)
def test_a_filter_that_makes_no_sense_is_named(office: Handset, query: str) -> None:
    for path in ("/api/exports/hazard.csv?", "/api/records?kind=hazard&"):
        answer = office.send("GET", path + query)
        assert problem(answer) == (400, "bad_request")
        assert answer.json()["field"] == query.split("=")[0]


def test_what_somebody_typed_is_no_formula_in_a_file(house: House, office: Handset) -> None:
    phone = house.enrol(house.patroller)
    evil = '=HYPERLINK("http://x")'
    phone.phone.capture(op("event", ids.make("evil"), **{"class": "dump", "note": evil}))
    phone.push()
    (line,) = lines(office.send("GET", "/api/exports/event.csv"))
    assert line["说明"] == "'" + evil
    book = load_workbook(BytesIO(office.send("GET", f"/api/exports/event.xlsx?q={evil}").content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert evil in [cell.value for cell in cells if cell.data_type == "s"]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_a_file_has_the_newest_up_to_its_limit_and_says_so(
    house: House, office: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = house.enrol(house.patroller)
    made = [phone.hazard(f"隐患 {number}") for number in range(5)]
    phone.push()
    monkeypatch.setattr(exporting, "MOST", 3)
    monkeypatch.setattr(exporting, "PAGE", 2)
    answer = office.send("GET", "/api/exports/hazard.csv")
    newest = sorted(made, reverse=True)[:3]
    assert [line["记录号"] for line in lines(answer)] == [id[-6:] for id in newest]
    assert (answer.headers["hushui-rows"], answer.headers["hushui-found"]) == ("3", "5")
    assert "最新3条" in named(answer)
    book = load_workbook(BytesIO(office.send("GET", "/api/exports/hazard.xlsx").content))
    assert "只含最新的 3 条" in words_of(book)["条数"]


def test_a_track_of_another_organisation_is_in_no_file(house: House, office: Handset) -> None:
    track = json.dumps([[124.3, 43.1, 5, house.now], [124.3001, 43.1, 5, house.now + 9_000]])
    blob = track.encode()
    name = sha256(blob).hexdigest()

    def walk(phone: Handset, record: str) -> None:
        segment = {"type": "segment", "blob": name, "from": house.now, "to": house.now + 9_000}
        phone.phone.capture(op("patrol", record, started=house.now))
        phone.phone.capture(op("patrol", record, "add", **segment), blobs=[name])
        verdicts = [it["verdict"] for it in phone.push().json()["receipts"]]
        assert verdicts == ["applied"] * 2

    stranger = house.enrol(house.stranger, org=house.other_org)
    walk(stranger, ids.make("theirs"))
    answer = stranger.patch(stranger.upload(blob).headers["location"], 0, blob)
    assert "hushui-receipt" in answer.headers, answer.text
    walk(house.enrol(house.patroller), ids.make("ours"))
    shapes = [
        [it["geometry"] for it in json.loads(answer.content)["features"]]
        for answer in (it.send("GET", "/api/exports/patrol.geojson") for it in (office, stranger))
    ]
    assert shapes[0] == [None]
    assert shapes[1][0]["type"] == "MultiLineString"


def test_when_the_server_received_it_is_told_apart_from_when_it_was_made(
    house: House, office: Handset
) -> None:
    phone = house.enrol(house.patroller)
    record = phone.hazard("迟到")
    house.now += 3_600_000
    phone.push()
    (item,) = office.send("GET", "/api/records?kind=hazard").json()["records"]
    assert item["received"] == house.now
    detail = office.send("GET", f"/api/records/{record}").json()
    assert detail["received"] == house.now
    house.now += 3_600_000
    phone.phone.capture(op("hazard", record, note="改", base={}))
    phone.push(2)
    (line,) = lines(office.send("GET", "/api/exports/hazard.csv"))
    assert line["版本"] == "2"
    assert line["单位收到"] > line["记录时间"]
    assert office.send("GET", f"/api/records/{record}").json()["received"] == house.now - 3_600_000
