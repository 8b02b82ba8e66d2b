"""What the app must say as the server does, though each has it typed: compared."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hushui.actions.accounts import LENGTH
from hushui.commands import init
from hushui.domain.access import GUARDED_ROLES, TABLE
from hushui.errors import PasswordWeak
from hushui.kinds import KINDS
from hushui.kinds.columns import COMMON, REVIEWS, columns

ROOT = Path(__file__).parents[1]
LANGUAGES = ("zh", "en")
MAKES = ("create", "manage_people")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("said")
    script, told = folder / "said.mjs", folder / "said.json"
    bundle = (ROOT / "node_modules/.bin/rolldown", ROOT / "tests/said_once.ts")
    shape = ("--platform", "node", "--format", "esm", "--file", script)
    subprocess.run([*bundle, *shape], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["node", script, told], check=True)
    return json.loads(told.read_bytes())


def test_the_desk_guards_the_roles_that_the_server_guards(app: Any) -> None:
    assert set(app["guarded"]) == GUARDED_ROLES


def test_the_desk_lets_those_make_a_kind_whom_the_server_lets(app: Any) -> None:
    """A member is whoever has a role; people and devices are managed, not created."""
    posts = {"member": "patroller"}
    for kind in KINDS.values():
        may = {row.post for row in TABLE if row.action in MAKES and kind.code in row.kinds}
        if kind.code not in app["elsewhere"]:
            assert {posts.get(it, it) for it in app["makers"][kind.held_by]} == may, kind.code


def test_a_password_is_as_long_wherever_that_is_said(app: Any) -> None:
    assert app["passwordLength"] == LENGTH
    texts = [*app["words"]["zh"]["password"], *app["words"]["en"]["password"]]
    texts += [PasswordWeak.detail.zh, PasswordWeak.detail.en]
    texts += re.findall(r"密码至少.*|A password has.*", Path(init.__file__).read_text("utf-8"))
    assert len(texts) == 8
    assert [re.findall(r"\d+", text) for text in texts] == [[str(LENGTH)]] * len(texts)


def test_the_desk_has_the_columns_of_an_export_in_their_order(app: Any) -> None:
    """What kind it is and what it is called stand there in place of its number."""
    assert app["columns"] == ["kind", "title", *(it.code for it in COMMON if it.code != "id")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_column_is_called_the_same_on_the_desk_and_in_an_export(app: Any, language: str) -> None:
    said = app["words"][language]["columns"]
    for column in COMMON:
        if column.code in said:
            assert said[column.code] == getattr(column, language)


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_a_kind_is_called_the_same(app: Any, kind: str) -> None:
    """All of them, in the same order: but for the id, in whose place the desk says what it is, and
    for the review of a photo, which goes with what it shows."""
    desk = [(code, zh, en) for code, zh, en, _ in app["heads"][kind] if code != "title"]
    apart = {"id", "state"} if kind == "photo" else {"id"}
    exported = [(it.code, it.zh, it.en) for it in columns(KINDS[kind]) if it.code not in apart]
    assert desk == exported


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_columns_of_a_table_are_called_the_same(app: Any, kind: str) -> None:
    said = [(zh, unit) for _, zh, _, unit in app["heads"][kind]]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_review_is_called_the_same_on_the_desk_and_in_an_export(app: Any, language: str) -> None:
    words = {code: both[LANGUAGES.index(language)] for code, both in REVIEWS.items()}
    assert app["words"][language]["reviews"] == words


TEXTS = {".md", ".py", ".ts", ".vue", ".svg", ".html"}
BUILT = {"node_modules", "dist", "__pycache__"}


def test_the_code_that_lets_a_phone_in_has_one_name() -> None:
    """加入码, as the screens say: its other name must not come back beside it."""
    other = "登记" + "码"
    rooms = [ROOT / name for name in ("server", "pwa", "sync", "docs", "tests")]
    files = [path for room in rooms for path in room.rglob("*") if path.suffix in TEXTS]
    files = [path for path in (*files, *ROOT.glob("*.md")) if not BUILT & set(path.parts)]
    said = {path: path.read_text("utf-8") for path in files}
    assert any("加入码" in text for text in said.values())
    assert [path for path, text in said.items() if other in text] == []
