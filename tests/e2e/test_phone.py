"""A phone in the same network: the guide by http, then the app by https on this machine's address.

Chromium knows no authority of ours and cannot be given one without its own tools; the flag below
makes it believe the one key that the certificate holds, and nothing else.
"""

import re
import shutil
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import BrowserContext, Error, Playwright

from hushui.phone.addresses import carried, choose
from tests.e2e.conftest import Keep
from tests.e2e.phone import SCREEN, Screen
from tests.support.program import PhoneProgram


@pytest.fixture(scope="module")
def address() -> str:
    """Not loopback: there a page may do everything without https."""
    found = choose(carried(), None)
    assert found, "this machine has no address but loopback: the way of a phone cannot be tried"
    return found[0]


@pytest.fixture(scope="module")
def program(
    address: str, demo_data: Path, built_app: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PhoneProgram]:
    folder = tmp_path_factory.mktemp("lan") / "data"
    shutil.copytree(demo_data, folder)
    with PhoneProgram(folder, address, HUSHUI_DEMO="true", HUSHUI_APP=str(built_app)) as program:
        yield program


@pytest.fixture(scope="module")
def phone(
    program: PhoneProgram,
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BrowserContext]:
    args = [
        *browser_type_launch_args["args"],
        "--no-proxy-server",
        f"--ignore-certificate-errors-spki-list={key_mark(program.folder)}",
    ]
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"), **browser_type_launch_args | {"args": args}, **SCREEN
    )
    yield context
    context.close()


def key_mark(folder: Path) -> str:
    pem = (folder / "phone" / "site.pem").read_bytes()
    key = x509.load_pem_x509_certificates(pem)[0].public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(sha256(der).digest()).decode()


def test_the_guide_opens_by_http_and_asks_nobody_else(
    program: PhoneProgram, address: str, phone: BrowserContext, keep: Keep
) -> None:
    page, asked = phone.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    complaints = list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    guide = f"http://{address}:{program.guide_port}/"
    page.goto(guide)
    assert [url for url in asked if not url.startswith(guide)] == []
    assert [text for text in complaints if "Content Security" in text] == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    keep(page, "guide")
    for way in ("iphone", "android"):
        page.locator(f'nav a[href="#{way}"]').tap()
        assert page.locator(f"#{way}").is_visible()
        keep(page, f"guide-{way}")
    with page.expect_download() as download:
        page.locator("#android a.button").first.tap()
    x509.load_der_x509_certificate(Path(download.value.path()).read_bytes())
    page.close()


def test_the_app_opens_by_https_and_enrols_and_opens_again_without_the_server(
    program: PhoneProgram, address: str, phone: BrowserContext, keep: Keep
) -> None:
    site = f"https://{address}:{program.port}"
    screen = Screen(phone.new_page(), site)
    screen.enrol(printed_code(program))
    screen.wait_ready()
    assert screen.page.evaluate("() => isSecureContext && location.origin") == site
    assert screen.page.evaluate("() => 'mediaDevices' in navigator")
    keep(screen.page, "enrolled")
    program.end()
    screen.page.goto(site)
    screen.shows("ledger-bar")
    keep(screen.page, "offline")
    program.start()


def test_a_browser_that_trusts_nobody_does_not_open_it(
    program: PhoneProgram, address: str, shared_browser: Any
) -> None:
    context = shared_browser.new_context()
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        context.new_page().goto(f"https://{address}:{program.port}/")
    context.close()


def printed_code(program: PhoneProgram) -> str:
    found = re.search(r"/enrol#code=(\d{8})", program.said.read_text(encoding="utf-8"))
    assert found
    return found[1]
