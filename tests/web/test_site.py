"""The app's files, the schema, and the form of every error."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hushui.web.problems import preferred_language
from tests.support import ids
from tests.web.house import House, problem

PROTOCOL = Path(__file__).parents[2] / "sync/PROTOCOL.md"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("site")
    app = folder / "dist"
    for name, text in {
        "index.html": "<!doctype html><title>护水</title>" + " " * 1000,
        "sw.js": "self.skipWaiting()",
        "manifest.webmanifest": "{}",
        "assets/index-1.js": "let x = 1;" * 200,
        "assets/core.mjs": "export {}",
        "icons/gauge.svg": "<svg/>",
    }.items():
        file = app / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (folder / "secret.txt").write_text("not for you")
    with House(folder / "data", app=app) as house:
        yield house


@pytest.mark.parametrize(
    ("path", "media", "cache"),
    [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/office/records", "text/html; charset=utf-8", "no-cache"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        (
            "/assets/index-1.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/assets/core.mjs",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        ("/icons/gauge.svg", "image/svg+xml", "no-cache"),
    ],
)
def test_files_have_their_types_and_keeping_times(
    site: House, path: str, media: str, cache: str
) -> None:
    answer = site.client.get(path)
    assert answer.status_code == 200
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (media, cache)
    known = site.client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert site.client.head(path).headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize(
    "path",
    ["/missing.js", "/assets/gone.js", "/api/nothing", "/%2e%2e/secret.txt", "/a%00b.js", "/.."],
)
def test_what_is_not_there_is_not_found(site: House, path: str) -> None:
    answer = site.client.get(path)
    assert "not for you" not in answer.text
    if path != "/..":
        assert problem(answer) == (404, "not_found")


def test_files_are_packed_once_and_only_for_those_who_can_unpack(site: House) -> None:
    packed = site.client.get("/assets/index-1.js", headers={"Accept-Encoding": "gzip"})
    plain = site.client.get("/assets/index-1.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < 200
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_a_new_build_is_served_at_once(site: House) -> None:
    assert "护水" in site.client.get("/").text
    (site.settings.app / "index.html").write_text("a new build")
    assert site.client.get("/").text == "a new build"


def test_what_a_browser_shows_says_what_it_may_do(site: House) -> None:
    for path in ("/", "/assets/index-1.js", "/api/schema/viewer"):
        headers = site.client.get(path).headers
        rules = dict(
            part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
        )
        assert rules["default-src"] == rules["script-src"] == "'self'"
        assert rules["img-src"] == "'self' blob: data:"
        assert rules["worker-src"] == "'self' blob:"
        assert "camera=(self)" in headers["permissions-policy"]
        assert "geolocation=(self)" in headers["permissions-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"


def test_what_only_our_code_reads_says_that_it_is_nothing_else(site: House) -> None:
    """Phones pay for each byte of it."""
    for path in ("/api/health", "/api/nothing", "/api/records"):
        answer = site.client.get(path)
        assert "json" in answer.headers["content-type"]
        safe = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
        told = {"content-type", "content-length", "content-language", "www-authenticate", *safe}
        assert {name: answer.headers[name] for name in safe} == safe
        assert set(answer.headers) <= told


# the schema --------------------------------------------------------------------------------------
def test_the_schema_describes_every_route_with_its_errors(house: House) -> None:
    found = house.client.get("/api/schema").json()
    assert found["openapi"].startswith("3.1")
    routes = {(path, method) for path, methods in found["paths"].items() for method in methods}
    for path, method in (
        ("/api/enrol", "post"),
        ("/api/session", "delete"),
        ("/api/sync/push", "post"),
        ("/api/live", "get"),
        ("/api/blobs/{name}", "patch"),
        ("/api/records/{record}/history", "get"),
    ):
        assert (path, method) in routes
    for methods in found["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            names = {item["name"] for item in operation.get("parameters", [])}
            assert not names & {"parts", "caller", "hub", "site", "api"}
    hello = found["paths"]["/api/sync/hello"]["post"]["requestBody"]["content"]
    assert hello["application/json"]["schema"]["$ref"].endswith("/HelloRequest")
    for ref in re.findall(r'"\$ref": ?"#/components/schemas/([^"]+)"', json.dumps(found)):
        assert ref in found["components"]["schemas"], ref


def test_every_filter_of_a_list_stands_in_the_protocol(house: House) -> None:
    protocol = PROTOCOL.read_text(encoding="utf-8")
    row = next(line for line in protocol.splitlines() if line.startswith("| `GET /api/records` |"))
    asked = house.client.get("/api/schema").json()["paths"]["/api/records"]["get"]["parameters"]
    assert sorted(set(re.findall(r"`(\w+)`", row))) == sorted(it["name"] for it in asked)


def test_the_schema_viewer_loads_nothing_from_elsewhere(house: House) -> None:
    page = house.client.get("/api/schema/viewer")
    assert page.headers["content-type"].startswith("text/html")
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert any(path.startswith("/api/") for path in linked)
    for path in linked:
        assert path.startswith("/api/") or path == "data:,"
        if path.startswith("/api/"):
            assert house.client.get(path).status_code == 200
    script = house.client.get("/api/schema/viewer.js").text
    style = house.client.get("/api/schema/viewer.css").text
    assert "://" not in page.text + script + style
    assert "innerHTML" not in script


# errors ------------------------------------------------------------------------------------------
def test_every_route_answers_errors_as_problems(house: House) -> None:
    found = house.client.get("/api/schema").json()
    for path, methods in found["paths"].items():
        where = path.replace("{name}", "0" * 64).replace("{record}", ids.make("none"))
        for method in methods:
            if method == "options":
                continue
            for body in (b"", b"{", b"[]", b"\xff", b"[" * 5_000):
                answer = house.client.request(method.upper(), where, content=body)
                if (path, method) == ("/api/health", "get"):
                    assert answer.status_code == 200
                elif method == "head":
                    assert answer.status_code == 401
                else:
                    status, _ = problem(answer)
                    assert 400 <= status < 500, (path, method, body, answer.text)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"device":1}', "device"),
        (b"{}", "device"),
        (b"[" * 100_00, "body"),
        (b'"\xff"', "body"),
        (b'{"device":"' + ids.make("d").encode() + b'"}', "head"),
    ],
)
def test_a_body_that_cannot_be_read_names_its_first_culprit(
    house: House, body: bytes, field: str
) -> None:
    limit = 4_096
    answer = house.client.post("/api/sync/hello", content=body[:limit])
    assert problem(answer) == (400, "bad_request")
    assert answer.json()["field"] == field


def test_a_hello_over_4_kibibytes_is_too_large(house: House) -> None:
    answer = house.client.post("/api/sync/hello", content=b" " * 4_097)
    assert problem(answer) == (413, "body_too_large")
    packed = gzip.compress(b" " * 100_000)
    answer = house.client.post(
        "/api/sync/hello", content=packed, headers={"Content-Encoding": "gzip"}
    )
    assert problem(answer) == (413, "body_too_large")


def test_what_nobody_expected_tells_no_internals(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("secret internals")

    monkeypatch.setattr(house.store, "ledger", fail)
    answer = house.client.get("/api/health?token=hidden")
    assert problem(answer) == (500, "internal")
    assert "secret" not in answer.text
    assert "secret internals" in caplog.text
    assert "hidden" not in caplog.text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en,zh", "zh"),
        ("en;q=0.5,zh;q=0.4", "en"),
        ("fr", "zh"),
        ("*", "zh"),
        ("en;q=0", "zh"),
        ("en;q=nonsense", "en"),
    ],
)
def test_words_are_chinese_unless_english_is_wanted_more(accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language


def test_an_error_speaks_the_callers_language(house: House) -> None:
    chinese = house.client.get("/api/records")
    english = house.client.get("/api/records", headers={"Accept-Language": "en"})
    assert chinese.json()["title"] == "没有登录"
    assert english.json()["title"] == "Not signed in"
    assert (chinese.headers["content-language"], english.headers["content-language"]) == (
        "zh",
        "en",
    )


def test_every_error_says_what_was_wrong_in_both_languages() -> None:
    from hushui import errors

    kinds = [errors.HushuiError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    for kind in kinds:
        for words in (kind.title, kind.detail):
            assert words.zh
            assert words.en
        assert "您" not in kind.detail.zh
        assert "！" not in kind.detail.zh
        for sentence in re.split("[。；]", kind.detail.zh):
            assert len(sentence) <= 40, sentence
