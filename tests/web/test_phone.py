"""`hushui phone`: certificates that a phone gets to trust, the guide, and the server itself."""

import plistlib
import re
import socket
import ssl
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
import segno
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import structs

from hushui.phone import authority as certificates
from hushui.phone.addresses import choose
from hushui.phone.authority import (
    AUTHORITY,
    SITE,
    Authority,
    NotAllowed,
    Unusable,
    open_authority,
    open_site,
)
from hushui.ports import Ports, system
from hushui.web import headers
from hushui.web.guide import Guide
from hushui.web.guide.drawings import DRAWINGS
from hushui.web.guide.generate import generated
from hushui.web.guide.page import page
from hushui.web.guide.words import WAYS
from tests.support.program import PhoneProgram

HOST = "shuiwu"
HOME, OTHER = "192.168.1.20", "192.168.7.9"
DAY_MS = 24 * 3_600_000
GUIDE = Guide(
    host=HOST,
    site=f"https://{HOME}:8443",
    address=f"http://{HOME}:8080",
    fingerprint="07 3C",
    certificate=b"der",
    profile=b"plist",
)


@pytest.fixture
def ports() -> Ports:
    return system()


def later(ports: Ports, days: float) -> Ports:
    return structs.replace(ports, now=lambda: system().now() + int(days * DAY_MS))


def certificate_in(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificates(file.read_bytes())[0]


def addresses_of(file: Path) -> set[str]:
    names = certificate_in(file).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return {str(address) for address in names.value.get_values_for_type(x509.IPAddress)}


def both(folder: Path, ports: Ports, *addresses: str) -> tuple[Authority, certificates.Site]:
    authority = open_authority(folder, ports, HOST, addresses)
    return authority, open_site(folder, authority, ports, HOST, addresses)


# certificates ------------------------------------------------------------------------------------
def test_a_second_start_changes_nothing(tmp_path: Path, ports: Ports) -> None:
    first, site = both(tmp_path, ports, HOME)
    assert (first.new, site.new) == (True, True)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    again, site = both(tmp_path, later(ports, 300), HOME)
    assert (again.new, site.new) == (False, False)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert set(before) == {AUTHORITY, SITE}


def test_another_address_renews_the_certificate_and_keeps_the_authority(
    tmp_path: Path, ports: Ports
) -> None:
    first, _ = both(tmp_path, ports, HOME)
    again, site = both(tmp_path, ports, OTHER, "10.0.0.4")
    assert (again.new, site.new) == (False, True)
    assert again.der == first.der
    assert addresses_of(tmp_path / SITE) == {OTHER, "10.0.0.4", "127.0.0.1", "::1"}


@pytest.mark.parametrize(("days", "renewed"), [(365, False), (367, True), (500, True)])
def test_it_is_renewed_when_less_than_30_days_are_left(
    tmp_path: Path, ports: Ports, days: int, renewed: bool
) -> None:
    first, _ = both(tmp_path, ports, HOME)
    again, site = both(tmp_path, later(ports, days), HOME)
    assert site.new is renewed
    assert again.der == first.der


def test_another_name_of_the_machine_renews_the_certificate(tmp_path: Path, ports: Ports) -> None:
    first, _ = both(tmp_path, ports, HOME)
    authority = open_authority(tmp_path, ports, "xin", [HOME])
    assert authority.der == first.der
    assert open_site(tmp_path, authority, ports, "xin", [HOME]).new


def test_an_authority_that_ends_soon_is_made_anew_with_its_certificate(
    tmp_path: Path, ports: Ports
) -> None:
    first, _ = both(tmp_path, ports, HOME)
    after = later(ports, 3_630)
    again, site = both(tmp_path, after, HOME)
    assert (again.new, site.new) == (True, True)
    assert again.der != first.der


def test_what_phones_ask_of_a_certificate(tmp_path: Path, ports: Ports) -> None:
    authority, _ = both(tmp_path, ports, HOME)
    site = certificate_in(tmp_path / SITE)
    ca = authority.certificate
    lives = site.not_valid_after_utc - site.not_valid_before_utc
    assert lives <= timedelta(days=397)
    assert timedelta(days=3_649) < ca.not_valid_after_utc - datetime.now(UTC)
    usage = site.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]
    names = site.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", f"{HOST}.local"]
    assert site.subject != site.issuer == ca.subject
    common = ca.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
    assert common == f"护水 {HOST}"
    assert ca.extensions.get_extension_for_class(x509.NameConstraints).critical
    assert authority.fingerprint.replace(" ", "").lower() == sha256(authority.der).hexdigest()


def test_only_the_owner_reads_the_keys(tmp_path: Path, ports: Ports) -> None:
    folder = tmp_path / "phone"
    both(folder, ports, HOME)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in (AUTHORITY, SITE):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_the_authority_vouches_for_local_addresses_only(tmp_path: Path, ports: Ports) -> None:
    """Signed with its own key, a certificate for another site is believed by nobody."""
    authority, _ = both(tmp_path, ports, HOME)
    with pytest.raises(NotAllowed) as refused:
        open_site(tmp_path, authority, ports, HOST, ["8.8.8.8"])
    assert refused.value.address == "8.8.8.8"
    assert shakes_hands(tmp_path, authority, HOME, names=["localhost"]) is None
    stolen = shakes_hands(tmp_path, authority, "8.8.8.8", names=["localhost"])
    assert stolen is not None
    assert "permitted subtree violation" in stolen
    other = shakes_hands(tmp_path, authority, HOME, names=["bank.example"])
    assert other is not None
    assert "permitted subtree violation" in other


def test_an_address_beyond_the_private_ones_is_allowed_if_it_was_there_first(
    tmp_path: Path, ports: Ports
) -> None:
    authority, _ = both(tmp_path, ports, "192.0.2.7")
    assert shakes_hands(tmp_path, authority, "192.0.2.7", names=["localhost"]) is None
    with pytest.raises(NotAllowed):
        open_site(tmp_path, authority, ports, HOST, ["192.0.2.8"])


@pytest.mark.parametrize("name", [AUTHORITY, SITE])
@pytest.mark.parametrize("damage", ["cut", "empty", "key of another"])
def test_a_damaged_file_is_named_and_not_replaced(
    tmp_path: Path, ports: Ports, name: str, damage: str
) -> None:
    both(tmp_path, ports, HOME)
    file = tmp_path / name
    pem = file.read_bytes()
    other = (tmp_path / (SITE if name == AUTHORITY else AUTHORITY)).read_bytes()
    mark = b"-----BEGIN CERTIFICATE-----"
    damaged = {
        "cut": pem[: len(pem) // 2],
        "empty": b"",
        "key of another": other.split(mark)[0] + mark + pem.split(mark, 1)[1],
    }[damage]
    file.write_bytes(damaged)
    with pytest.raises(Unusable, match=name):
        both(tmp_path, ports, HOME)
    assert file.read_bytes() == damaged


def shakes_hands(folder: Path, authority: Authority, address: str, names: list[str]) -> str | None:
    """What a client that trusts the authority says against such a certificate; None: nothing."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = certificates._signed(key, authority, system(), HOST, names, [ip_address(address)])
    file = folder / "handshake.pem"
    certificates._write(file, key, [made])
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    client = ssl.create_default_context(cadata=authority.der)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (
        client.wrap_bio(back, there, server_hostname=address),
        server.wrap_bio(there, back, server_side=True),
    )
    for _ in range(8):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as refused:
                return refused.verify_message
    return None


# addresses ---------------------------------------------------------------------------------------
def test_of_all_addresses_those_of_the_local_network_are_taken() -> None:
    found = ["127.0.0.1", "8.8.4.4", "169.254.3.3", "192.168.1.20", "10.0.0.4", "10.0.0.4"]
    assert choose(found, "192.168.1.20") == ["192.168.1.20", "10.0.0.4"]
    assert choose(found, None) == ["10.0.0.4", "192.168.1.20"]
    assert choose(["127.0.0.1", "8.8.4.4"], "8.8.4.4") == []


# the guide ---------------------------------------------------------------------------------------
class Loads(HTMLParser):
    """What a browser would fetch, and where links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "link", "img", "iframe", "image", "use", "object", "form"}
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in {"src", "srcset", "href", "xlink:href", "action", "data"}:
                self.fetched.append(value or "")


def test_the_guide_loads_nothing_and_leads_only_to_its_files_and_the_app() -> None:
    text = page(GUIDE)
    loads = Loads(text)
    assert loads.fetched == []
    assert set(loads.links) == {
        "#iphone",
        "#android",
        "/hushui-ca.crt",
        "/hushui-ca.mobileconfig",
        GUIDE.site,
    }
    assert "url(" not in text
    assert "@import" not in text
    addresses = set(re.findall(r"https?://[^\s\"'<]+", text))
    assert addresses - {GUIDE.site, GUIDE.address, "http://www.w3.org/2000/svg"} == {
        "http://…:8080",
        "https://…:8443",
    }


def test_the_guide_says_every_step_in_both_languages() -> None:
    text = page(GUIDE)
    for way in WAYS:
        for step in way.steps:
            for said in (step.do, *step.hints):
                assert said.zh in text
                assert said.en.replace("&", "&amp;") in text
            assert DRAWINGS[step.drawing]() in text
    assert set(DRAWINGS) == {step.drawing for way in WAYS for step in way.steps}


def test_what_comes_from_elsewhere_is_escaped() -> None:
    text = page(structs.replace(GUIDE, host="<b>x", site='https://x"><script>'))
    assert "<b>x" not in text
    assert "<script>" not in text


def test_its_codes_hold_the_address_of_the_guide_and_of_the_app() -> None:
    drawn = re.findall(r"<figure>(<svg.*?</svg>)", page(GUIDE))
    wanted = [segno.make(text, error="m", micro=False) for text in (GUIDE.address, GUIDE.site)]
    assert [modules(svg) for svg in drawn] == [
        [[bool(cell) for cell in row] for row in code.matrix_iter(border=4)] for code in wanted
    ]


def modules(svg: str) -> list[list[bool]]:
    """Which squares of a code are dark, read off its path: M and m move, h draws a row of them."""
    size = int(re.findall(r'viewBox="0 0 (\d+)', svg)[0])
    path = re.findall(r' d="([^"]+)"', svg)[-1]
    dark = [[False] * size for _ in range(size)]
    x = y = 0.0
    for letter, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(number) for number in numbers.split()]
        if letter == "M":
            x, y = values
        elif letter == "m":
            x, y = x + values[0], y + values[1]
        else:
            for cell in range(int(values[0])):
                dark[int(y)][int(x) + cell] = True
            x += values[0]
    return dark


def test_the_page_of_the_docs_and_its_drawings_are_those_of_the_guide() -> None:
    for path, text in generated().items():
        assert path.read_text(encoding="utf-8") == text, "python -m hushui.web.guide.generate"


# the server --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneProgram]:
    folder = tmp_path_factory.mktemp("phone")
    with PhoneProgram(folder, HOST_HERE, HUSHUI_DEMO="true") as program:
        yield program


HOST_HERE = "127.0.0.2"
"""Loopback too, and not an address that every certificate of ours names."""


def test_who_trusts_the_authority_reaches_the_app_by_its_address(program: PhoneProgram) -> None:
    with program.client() as client:
        assert client.get("/api/health").status_code == 200
    said = program.said.read_text(encoding="utf-8")
    for name in (HOST_HERE, "127.0.0.1", "localhost"):
        with (
            socket.create_connection(("127.0.0.1", program.port)) as raw,
            program.trust().wrap_socket(raw, server_hostname=name) as trusted,
        ):
            assert trusted.version() in {"TLSv1.2", "TLSv1.3"}
    with (
        socket.create_connection(("127.0.0.1", program.port)) as raw,
        pytest.raises(ssl.SSLCertVerificationError, match="mismatch"),
    ):
        program.trust().wrap_socket(raw, server_hostname="192.168.1.1")
    with pytest.raises(httpx.ConnectError, match="self-signed"):
        httpx.get(program.url)
    assert f"https://{HOST_HERE}:{program.port}\n" in said


def test_codes_carry_the_https_origin(program: PhoneProgram) -> None:
    here = f"https://{HOST_HERE}:{program.port}"
    said = program.said.read_text(encoding="utf-8")
    assert re.search(rf"\n  {re.escape(here)}/enrol#code=\d{{8}}\n", said)
    assert f"\n  http://{HOST_HERE}:{program.guide_port}\n" in said
    asked = {"org": "nbh", "login": "zhouxun", "password": "hushui-2026", "key": "a2V5"}
    with program.client() as office:
        signed = office.post("/api/session", json={**asked, "device": office_device()})
        assert signed.status_code == 200, signed.text
        assert "Secure" in signed.headers["set-cookie"]
        people = office.get("/api/records", params={"kind": "member"}).json()["records"]
        plain = [it["record"] for it in people if it["body"]["fields"].get("name") == "张河"]
        given = office.post(
            "/api/codes", json={"person": plain[0]}, headers={"Origin": program.url}
        ).json()
    assert given["url"] == f"{here}/enrol#code={given['code']}"


def office_device() -> str:
    return system().new_id()


def test_the_guide_hands_out_what_phones_understand(program: PhoneProgram) -> None:
    with httpx.Client(base_url=program.guide_url) as client:
        shown = client.get("/")
        certificate = client.get("/hushui-ca.crt")
        profile = client.get("/hushui-ca.mobileconfig")
        missing = client.get("/authority.pem")
    assert shown.headers["content-type"].startswith("text/html")
    assert certificate.headers["content-type"] == "application/x-x509-ca-cert"
    assert profile.headers["content-type"] == "application/x-apple-aspen-config"
    whole = plistlib.loads(profile.content)
    assert whole["PayloadContent"][0]["PayloadContent"] == certificate.content
    assert whole["PayloadContent"][0]["PayloadType"] == "com.apple.security.root"
    assert missing.status_code == 404
    mark = sha256(certificate.content).digest().hex(" ").upper()
    assert mark in shown.text
    assert mark in program.said.read_text(encoding="utf-8")
    for answer in (shown, certificate, profile):
        assert b"PRIVATE KEY" not in answer.content
    assert not re.search(r"(?<!\d)\d{8}(?!\d)", re.sub(r"<svg.*?</svg>", "", shown.text)), "a code"


def test_safety_headers_are_those_of_the_house_and_no_hsts(program: PhoneProgram) -> None:
    """HSTS would lock phones out of the guide, and of this address for good."""
    said = {**headers.ALWAYS, **headers.SHOWN, "Content-Security-Policy": headers.policy("")}
    with program.client() as client:
        answers = [client.get(path) for path in ("/", "/api/health", "/api/nothing")]
    answers += [httpx.get(f"{program.guide_url}{path}") for path in ("/", "/nothing")]
    for answer in answers:
        is_json = "json" in answer.headers["content-type"]
        expected = headers.ALWAYS if is_json else said
        assert {name: answer.headers.get(name) for name in expected} == expected
        assert "strict-transport-security" not in answer.headers


def test_told_to_stop_both_stop(tmp_path: Path) -> None:
    with PhoneProgram(tmp_path, HOST_HERE) as program:
        files = {file: file.read_bytes() for file in (tmp_path / "phone").iterdir()}
        program.process.terminate()
        assert program.process.wait(10) == 0
        assert not (tmp_path / "hushui.db-wal").exists()
        for port in (program.port, program.guide_port):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port)).close()
        program.start()
        assert {file: file.read_bytes() for file in (tmp_path / "phone").iterdir()} == files
        program.end()
    said = program.said.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert said.count("新建了证书机构") == 1


def test_a_taken_guide_port_is_said_before_anything_else(tmp_path: Path) -> None:
    program = PhoneProgram(tmp_path, HOST_HERE)
    with (
        socket.create_server((HOST_HERE, program.guide_port)),
        pytest.raises(AssertionError, match="--guide-port"),
    ):
        program.start()
    assert program.process.wait(10) == 1
    assert not (tmp_path / "phone").exists()
    assert not (tmp_path / "hushui.db").exists()
