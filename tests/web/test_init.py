"""`hushui init` and an empty server, as an operator meets them."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from hushui.domain.policy import Domain
from hushui.storage.files import Files
from hushui.storage.sqlite import STORE, SqliteStore
from hushui.verify import verify
from tests.support import ids
from tests.support.program import Program

ASKED = {"name": "临河水务局", "short": "linhe", "admin": "周汛", "login": "zhouxun"}


def init(folder: Path, password: str = "", **changes: str) -> "subprocess.CompletedProcess[str]":
    asked = {**ASKED, **changes}
    flags = [part for name, value in asked.items() if value for part in (f"--{name}", value)]
    return subprocess.run(
        [sys.executable, "-m", "hushui", "init", "--data", str(folder), *flags],
        input=f"{password}\n" if password else "",
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )


def sign_in(url: str, password: str, **changes: str) -> httpx.Response:
    asked = {
        "org": "linhe",
        "login": "zhouxun",
        "password": password,
        "device": ids.make("a browser"),
        "key": "a2V5",
        **changes,
    }
    return httpx.post(f"{url}/api/session", json=asked)


def printed(said: str) -> str:
    (line,) = [line for line in said.splitlines() if line.startswith("  密码 password")]
    return line.split()[-1]


def test_an_empty_server_says_what_to_type_and_serves_what_was_made(tmp_path: Path) -> None:
    with Program(tmp_path) as program:
        said = program.said.read_text(encoding="utf-8")
        assert "还没有单位" in said
        assert f"python -m hushui init --data {tmp_path}" in said
        assert sign_in(program.url, "any password").status_code == 401
        # As it was told, while it runs.
        made = init(tmp_path, "a password of my own")
        assert (made.returncode, made.stderr) == (0, "")
        assert "a password of my own" not in made.stdout
        answer = sign_in(program.url, "a password of my own")
        assert answer.status_code == 200, answer.text
        org = httpx.get(f"{program.url}/api/orgs/me", cookies=answer.cookies).json()
    assert (org["name"], org["code"], org["demo"]) == ("临河水务局", "linhe", False)
    assert {"office", "admin"} <= set(org["posts"])
    store = SqliteStore(tmp_path / STORE)
    assert verify(store, Files(tmp_path), Domain()) == []
    store.close()
    # The next start loads no demo into it, and asks for nothing more.
    with Program(tmp_path, HUSHUI_DEMO="true") as program:
        assert sign_in(program.url, "a password of my own").status_code == 200
        said = program.said.read_text(encoding="utf-8")
    assert "演示" not in said
    assert said.count("还没有单位") == 1


def test_without_a_password_one_is_printed_once_and_must_be_changed(tmp_path: Path) -> None:
    made = init(tmp_path)
    assert made.returncode == 0, made.stderr
    once = printed(made.stdout)
    with Program(tmp_path) as program:
        refused = sign_in(program.url, once)
        assert (refused.status_code, refused.json()["code"]) == (403, "password_once")
        assert sign_in(program.url, once, new_password="one of my own").status_code == 200
        assert sign_in(program.url, once).status_code == 401


def test_a_second_of_the_same_short_name_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    assert init(tmp_path, "a password of my own").returncode == 0
    again = init(tmp_path, "another password", name="另一个单位", login="other")
    assert again.returncode == 1
    assert "linhe 已有单位在用：临河水务局" in again.stderr
    assert again.stdout == ""
    assert init(tmp_path, "another password", name="另一个单位", short="other").returncode == 0
    store = SqliteStore(tmp_path / STORE)
    assert sorted(org.code for org in store.orgs()) == ["linhe", "other"]
    for org in store.orgs():
        assert [it.login for it in store.accounts(org.id)] == ["zhouxun"]
    store.close()


@pytest.mark.parametrize(
    ("changes", "password", "words"),
    [
        ({"short": "临河"}, "", "简称不对"),
        ({"short": "x"}, "", "简称不对"),
        ({"login": "周汛"}, "", "登录名不对"),
        ({"name": "局" * 61}, "", "单位名称不对"),
        ({"admin": "河" * 21}, "", "管理员姓名不对"),
        ({"admin": " "}, "", "管理员姓名不对"),
        ({"login": ""}, "", "缺 --login"),
        ({}, "1234567", "密码至少 8 位"),
        ({}, "zhouxun", "密码至少 8 位"),
    ],
    ids=[
        "chinese",
        "short",
        "login",
        "long name",
        "long admin",
        "blank",
        "missing",
        "weak",
        "same",
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    tmp_path: Path, changes: dict[str, str], password: str, words: str
) -> None:
    made = init(tmp_path, password, **changes)
    assert made.returncode == 1
    assert words in made.stderr
    assert "Traceback" not in made.stderr
    store = SqliteStore(tmp_path / STORE)
    assert store.orgs() == []
    store.close()
