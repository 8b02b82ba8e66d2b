"""The command `hushui`: run the server, check its ledger, give out codes."""

import argparse
import errno
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import segno
import uvicorn
from litestar import Litestar

from hushui.actions.codes import code_for, enrol_url
from hushui.actions.passwords import password_hash
from hushui.app import create_app, open_epoch
from hushui.demo import DEMOS
from hushui.demo.load import load_demo
from hushui.demo.values import Demo
from hushui.domain.policy import Domain
from hushui.errors import StoreBroken
from hushui.ledger import LedgerWriter, Task
from hushui.ports import Ports, system
from hushui.settings import Settings
from hushui.storage.connections import DatabaseError
from hushui.storage.files import Files
from hushui.storage.sqlite import SqliteStore
from hushui.storage.store import Account, Code, RecordQuery, Store
from hushui.verify import Finding, verify

STORE = "hushui.db"
UNREADABLE = (StoreBroken, DatabaseError, UnicodeDecodeError)
"""A file whose very tables are not what they were."""


def main(arguments: Sequence[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    settings = Settings().model_copy(
        update={
            name: value
            for name in ("data", "host", "port")
            if (value := getattr(given, name, None)) is not None
        }
    )
    match given.command:
        case "run" if given.reload:
            return reload(settings)
        case "run":
            with suppress(KeyboardInterrupt):
                return run(settings)
            return 130
        case "verify":
            return check(settings)
        case "code":
            return code(settings, given.person)
        case "account":
            return account(settings, given.org, given.login, given.person)
        case _:
            parser().print_help()
            return 2


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="hushui", description="护水 server")
    commands = top.add_subparsers(dest="command")

    def command(name: str, help: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help)
        added.add_argument("--data", type=Path, help="data folder (HUSHUI_DATA)")
        return added

    serving = command("run", "serve the app and its API")
    serving.add_argument("--port", type=int, help="port (HUSHUI_PORT)")
    serving.add_argument("--host", help="address to listen on (HUSHUI_HOST)")
    serving.add_argument("--reload", action="store_true", help="start again when a file changes")
    command("verify", "check every line, receipt and row of the ledger")
    giving = command("code", "give a person an enrolment code of 8 digits")
    giving.add_argument("person", help="id, number or name of the person")
    signing = command("account", "make an office sign-in; the password is read from stdin")
    signing.add_argument("org", help="short name of the organisation")
    signing.add_argument("login")
    signing.add_argument("person", help="id, number or name of the person")
    return top


# serving -----------------------------------------------------------------------------------------
class Server(uvicorn.Server):
    """Ends open streams first: uvicorn waits for every connection before anything else stops. A
    server that was told to stop and did has done well: uvicorn would die of the signal after all.
    """

    def __init__(self, config: uvicorn.Config, app: Litestar) -> None:
        super().__init__(config)
        self._hushui = app

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        told = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in told}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hushui.state.hub.close()
        await super().shutdown(sockets)


def run(settings: Settings) -> int:
    # The writer's thread gets its turn sooner: 1.2 to 1.3 times the pushes at 100 clients.
    sys.setswitchinterval(0.0005)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        listening = listen(settings)
    except OSError as error:
        print(refusal(settings, error), file=sys.stderr)
        return 1
    ports = system()
    with listening:
        store, files = opened(settings, ports)
        with closing(store):
            app = create_app(settings, ports, store, files)
            greet(settings, ports, store)
            Server(uvicorn.Config(app, **options(settings)), app).run([listening])
    return 0


def listen(settings: Settings) -> socket.socket:
    """Before anything is loaded or printed: no address is promised that is not ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family)


def refusal(settings: Settings, error: OSError) -> str:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{where} 已有程序在用，请先停掉它，或换一个端口：hushui run --port "
            f"{settings.port + 1} (another program listens there; stop it or take another port)"
        )
    return f"不能在 {where} 上提供服务：{error.strerror} (cannot listen there)"


def options(settings: Settings) -> dict[str, Any]:
    """No access log: addresses of people are nobody's business; proxies count what they need."""
    return {
        "host": settings.host,
        "port": settings.port,
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "proxy_headers": True,
        "forwarded_allow_ips": settings.proxies,
        "timeout_graceful_shutdown": settings.shutdown_s,
    }


def reload(settings: Settings) -> int:
    """For developers: uvicorn imports `reloaded` anew in a child process."""
    os.environ |= {
        "HUSHUI_DATA": str(settings.data),
        "HUSHUI_HOST": settings.host,
        "HUSHUI_PORT": str(settings.port),
    }
    watched = [str(Path(__file__).parent)]
    uvicorn.run(
        "hushui.__main__:reloaded",
        factory=True,
        reload=True,
        reload_dirs=watched,
        **options(settings),
    )
    return 0


def reloaded() -> Litestar:
    settings, ports = Settings(), system()
    store, files = opened(settings, ports)
    return create_app(settings, ports, store, files)


def opened(settings: Settings, ports: Ports) -> tuple[SqliteStore, Files]:
    """The data folder, with the demo if it is new; lines whose kind is known by now (V08)."""
    if settings.demo and not (settings.data / STORE).exists():
        load_aside(settings.data, ports)
    store, files = SqliteStore(settings.data / STORE), Files(settings.data)
    open_epoch(store, ports)
    LedgerWriter(store, ports, Domain()).release_kinds()
    return store, files


def load_aside(data: Path, ports: Ports) -> None:
    """The demo is told beside and put in place by one rename: who ends a first start in the middle
    finds nothing half-loaded at the next."""
    aside = data / "demo-loading"
    shutil.rmtree(aside, ignore_errors=True)
    store, files = SqliteStore(aside / STORE, durable=False), Files(aside)
    open_epoch(store, ports)
    load_demo(store, files, ports, Domain())
    store.close()
    shutil.copytree(aside / "blobs", data / "blobs", dirs_exist_ok=True)
    (aside / STORE).replace(data / STORE)
    shutil.rmtree(aside)


def greet(settings: Settings, ports: Ports, store: Store) -> None:
    addresses = list_addresses(settings)
    print("护水 Hushui")
    for address in addresses:
        print(f"  {address}")
    print(f"  数据 data      {settings.data.resolve()}")
    print(f"  接口 API       {addresses[0]}/api/schema/viewer")
    loaded = [demo for demo in DEMOS if store.org(demo.id) is not None]
    for demo in loaded:
        greet_demo(store, demo)
    for demo in loaded[:1]:
        made = give(store, ports, demo.id, demo.phones[0])
        print(f"\n手机登记为 phone of {name_of(store, demo.phones[0])}：")
        show_code(settings.public_url or addresses[-1], made, ports)
    sys.stdout.flush()


def greet_demo(store: Store, demo: Demo) -> None:
    print(f"\n演示单位 demo   {demo.name}（{demo.code}）")
    for known in demo.accounts:
        print(f"  {known.login:<12} {known.password:<14} {name_of(store, known.person)}")


def name_of(store: Store, person: str) -> str:
    found = store.record(person)
    return str(found.fields.get("name", "")) if found is not None else ""


def list_addresses(settings: Settings) -> list[str]:
    """This machine's name for itself first, then the address that phones in the same net reach."""
    found = [f"http://localhost:{settings.port}"]
    if settings.host in ("0.0.0.0", "::"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                # Nothing is sent: it only asks which of our addresses would be used.
                probe.connect(("192.0.2.1", 9))
                found.append(f"http://{probe.getsockname()[0]}:{settings.port}")
            except OSError:
                pass
    elif settings.host not in ("127.0.0.1", "localhost", "::1"):
        found.append(f"http://{settings.host}:{settings.port}")
    if settings.public_url:
        found.append(settings.public_url)
    return found


# the other commands ------------------------------------------------------------------------------
def check(settings: Settings) -> int:
    findings = findings_in(settings)
    for finding in findings:
        print(printable(f"{finding.what} {finding.where}: {finding.detail}"))
    print("账本完好 all is well" if not findings else f"{len(findings)} 处不对 findings")
    return 1 if findings else 0


def findings_in(settings: Settings) -> list[Finding]:
    try:
        store = open_store(settings, tolerant=True)
    except UNREADABLE as broken:
        return [Finding("file", str(settings.data), str(broken))]
    try:
        findings = verify(store, Files(settings.data), Domain())
    except UNREADABLE as broken:
        findings = [Finding("file", str(settings.data), str(broken))]
    store.close()
    return findings


def printable(text: str) -> str:
    """Whatever a flipped byte made of it, on one line of any terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def code(settings: Settings, wanted: str) -> int:
    ports, store = system(), open_store(settings)
    found = find_person(store, wanted)
    if found is None:
        print(f"没有这个人，或者不止一个：{wanted} (nobody, or more than one)", file=sys.stderr)
        return 1
    show_code(
        settings.public_url or list_addresses(settings)[-1], give(store, ports, *found), ports
    )
    store.close()
    return 0


def account(settings: Settings, org_code: str, login: str, wanted: str) -> int:
    ports, store = system(), open_store(settings)
    org = store.org_by_code(org_code)
    found = find_person(store, wanted, org.id) if org is not None else None
    password = sys.stdin.readline().rstrip("\n")
    if found is None or len(password) < 8:
        print("没有这个单位或人，或者密码不到 8 位 (no such person, or password too short)")
        return 1
    with store.transaction():
        org_id, person = found
        store.put_account(Account(org_id, login, person, password_hash(password, ports)))
    store.close()
    return 0


def open_store(settings: Settings, *, tolerant: bool = False) -> SqliteStore:
    path = settings.data / STORE
    if not path.exists():
        raise SystemExit(f"{settings.data} 里没有护水的数据 (no data there)")
    return SqliteStore(path, tolerant=tolerant)


def find_person(store: Store, wanted: str, org: str | None = None) -> tuple[str, str] | None:
    """(organisation, person) by id, number or name; None: nobody, or more than one."""
    found: list[tuple[str, str]] = []
    for known in store.orgs():
        if org not in (None, known.id):
            continue
        query = RecordQuery(org=known.id, scopes=None, kind="member", limit=10_000)
        for record in store.records(query)[0]:
            if wanted in (record.id, record.fields.get("code"), record.fields.get("name")):
                found.append((known.id, record.id))
    return found[0] if len(found) == 1 else None


def give(store: Store, ports: Ports, org: str, person: str) -> Code:
    ledger = LedgerWriter(store, ports, Domain())
    answer: Code | Exception = ledger.drain([Task(code_for(ports, org, person))])[0]
    if isinstance(answer, Exception):
        raise answer
    return answer


def show_code(site: str, made: Code, ports: Ports) -> None:
    url = enrol_url(site, made.code)
    hours = round((made.expires - ports.now()) / 3_600_000)
    print(f"\n登记码 code    {made.code}（{hours} 小时内有效）\n  {url}")
    segno.make(url, error="l", micro=False).terminal(compact=True)


if __name__ == "__main__":
    sys.exit(main())
