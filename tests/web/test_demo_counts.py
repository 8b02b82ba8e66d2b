"""What the articles count is there to be counted, by the requests of the office."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from hushui.app import create_app
from hushui.commands.data import opened
from hushui.demo.values import PASSWORD
from hushui.ports import system
from hushui.settings import Settings
from tests.support import ids


class Desk:
    def __init__(self, client: TestClient[Any], org: str, login: str) -> None:
        self.client = client
        asked = {
            "org": org,
            "login": login,
            "password": PASSWORD,
            "device": ids.make(f"desk of {login}"),
            "key": "a2V5",
        }
        answer = client.post("/api/session", json=asked)
        assert answer.status_code in (200, 201), answer.text

    def records(self, kind: str) -> dict[str, dict[str, Any]]:
        """Id → fields, of all pages."""
        found: dict[str, dict[str, Any]] = {}
        more, after = True, ""
        while more:
            page = self.client.get(f"/api/records?kind={kind}&limit=200{after}").json()
            found |= {item["record"]: item["body"]["fields"] for item in page["records"]}
            more, after = page["more"], f"&after={page['records'][-1]['record']}"
        return found


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    settings = Settings(data=tmp_path_factory.mktemp("counted"))
    with (
        opened(settings, system()) as (store, files),
        TestClient(create_app(settings, system(), store, files)) as client,
    ):
        yield client


def test_the_station_has_seventeen_members_and_a_committee_of_three(
    client: TestClient[Any],
) -> None:
    desk = Desk(client, "xt", "tanbeng")
    members = desk.records("member")
    ((branch, fields),) = desk.records("branch").items()
    assert sum(member.get("branch") == branch for member in members.values()) == 17
    assert len(fields["committee"]) == 3
    assert all(members[person]["branch"] == branch for person in fields["committee"])


def test_the_centre_has_five_zones_sixteen_boats_and_thirty_two_salvagers(
    client: TestClient[Any],
) -> None:
    desk = Desk(client, "nbh", "zhouxun")
    zones, grants = desk.records("zone"), desk.records("grant")
    leads = Counter(grant["zone"] for grant in grants.values() if grant["role"] == "lead")
    assert leads == dict.fromkeys(zones, 1)
    assert len(zones) == 5
    boats = desk.records("boat")
    assert {boat["no"] for boat in boats.values()} == {f"B{n:02d}" for n in range(1, 17)}
    crews = {boat["team"] for boat in boats.values()}
    aboard = Counter(m["team"] for m in desk.records("member").values() if m.get("team") in crews)
    assert aboard == dict.fromkeys(crews, 2)
    assert aboard.total() == 32
