"""The demo organisations behind the real app, and people of their offices asking."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from httpx import Response
from litestar.testing import TestClient

from hushui.app import create_app
from hushui.commands.data import opened
from hushui.demo.values import PASSWORD
from hushui.ports import system
from hushui.settings import Settings
from tests.support import ids


class Office:
    """Somebody signed in at the office of an organisation."""

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
        self.cookies = dict(answer.cookies)
        client.cookies.clear()

    def get(self, path: str, **params: Any) -> Response:
        header = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return self.client.get(path, params=params, headers={"Cookie": header})

    def records(self, **params: Any) -> list[dict[str, Any]]:
        """All that the query finds, of all pages."""
        found: list[dict[str, Any]] = []
        more = True
        while more:
            after = {"after": found[-1]["record"]} if found else {}
            answer = self.get("/api/records", **{**params, "limit": 200, **after})
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["records"]
            more = page["more"]
        return found

    def ids(self, **params: Any) -> list[str]:
        return [item["record"] for item in self.records(**params)]

    def named(self, kind: str, name: str) -> str:
        """The one record of a register with this name."""
        found = [it for it in self.records(kind=kind) if it["body"]["fields"]["name"] == name]
        (record,) = found
        id: str = record["record"]
        return id


@contextmanager
def demo(folder: Path) -> Iterator[TestClient[Any]]:
    settings = Settings(data=folder)
    with (
        opened(settings, system()) as (store, files),
        TestClient(create_app(settings, system(), store, files)) as client,
    ):
        yield client
