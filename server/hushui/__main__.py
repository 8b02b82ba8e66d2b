"""The command `hushui`: run the server, check its ledger, give out codes, keep copies."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from hushui.actions.accounts import is_strong
from hushui.actions.passwords import password_hash
from hushui.commands.backup import backup
from hushui.commands.data import ledger_in, open_store, opened
from hushui.commands.greeting import give, list_addresses, show_code
from hushui.commands.init import add_arguments, init
from hushui.commands.notdone import UNREADABLE, NotDone, in_words
from hushui.commands.phone import phone
from hushui.commands.restore import restore
from hushui.commands.serving import reload, run
from hushui.domain.policy import Domain
from hushui.errors import StoreBroken
from hushui.ledger import LedgerWriter
from hushui.ports import system
from hushui.rebuild import as_of_now
from hushui.settings import Settings
from hushui.storage.files import Files
from hushui.storage.looking import looked_at
from hushui.storage.sqlite import STORE
from hushui.storage.store import Account, RecordQuery, Store
from hushui.verify import Finding, verify

OLDER: Final = (
    "旧版本写的，按新版本第一次启动后的样子核对\n"
    "(an older version wrote it: checked as the first start of this one will leave it)"
)


def main(arguments: Sequence[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    settings = Settings().model_copy(
        update={
            name: value
            for name in ("data", "host", "port", "phone_port", "guide_port", "backups")
            if (value := getattr(given, name, None)) is not None
        }
    )
    try:
        with in_words(settings.data):
            return act(given, settings)
    except NotDone as why:
        print(why, file=sys.stderr)
        return 1


def act(given: argparse.Namespace, settings: Settings) -> int:
    match given.command:
        case "run" if given.reload:
            return reload(settings)
        case "run":
            with suppress(KeyboardInterrupt):
                return run(settings)
            return 130
        case "phone":
            with suppress(KeyboardInterrupt):
                return phone(settings, given.host)
            return 130
        case "backup":
            return backup(settings, given.keep)
        case "restore":
            return restore(settings, given.source)
        case "verify":
            return check(settings)
        case "code":
            return code(settings, given.person)
        case "init":
            return begin(settings, given)
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
    reached = command("phone", "serve the app by https to phones in the same network")
    reached.add_argument("--port", type=int, dest="phone_port", help="HUSHUI_PHONE_PORT")
    reached.add_argument("--guide-port", type=int, help="of the guide (HUSHUI_GUIDE_PORT)")
    reached.add_argument("--host", help="this machine's address; otherwise those of its network")
    copying = command("backup", "copy ledger and photos, whole and checked")
    copying.add_argument(
        "--to", type=Path, dest="backups", help="folder, or FILE.tar (HUSHUI_BACKUPS)"
    )
    copying.add_argument("--keep", type=positive, help="then remove all but the newest N")
    putting = command("restore", "put a backup in the place of the ledger; the old one is kept")
    putting.add_argument("source", type=Path, metavar="FROM", help="folder hushui-…, or FILE.tar")
    command("verify", "check every line, receipt and row of the ledger")
    giving = command("code", "give a person an enrolment code of 8 digits")
    giving.add_argument("person", help="id, number or name of the person")
    add_arguments(command("init", "make an organisation with its first administrator"))
    signing = command("account", "make an office sign-in; the password is read from stdin")
    signing.add_argument("org", help="short name of the organisation")
    signing.add_argument("login")
    signing.add_argument("person", help="id, number or name of the person")
    return top


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 at least")
    return number


# the other commands ------------------------------------------------------------------------------
def check(settings: Settings) -> int:
    findings = findings_in(settings)
    for finding in findings:
        print(printable(f"{finding.what} {finding.where}: {finding.detail}"))
    print("账本完好 all is well" if not findings else f"{len(findings)} 处不对 findings")
    return 1 if findings else 0


def findings_in(settings: Settings) -> list[Finding]:
    try:
        with looked_at(ledger_in(settings)) as store:
            if store.is_older():
                print(OLDER)
            with as_of_now(store, Domain()) as now:
                return verify(now, Files(settings.data), Domain())
    except (StoreBroken, *UNREADABLE) as broken:
        return [Finding("file", str(settings.data), str(broken))]


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


def begin(settings: Settings, given: argparse.Namespace) -> int:
    ports = system()
    if not (settings.data / STORE).exists():
        # Alone: a first start beside it would put its demo in the place of what is made here.
        with opened(settings.model_copy(update={"demo": False}), ports):
            pass
    with closing(open_store(settings)) as store:
        return init(LedgerWriter(store, ports, Domain()), ports, given)


def account(settings: Settings, org_code: str, login: str, wanted: str) -> int:
    ports, store = system(), open_store(settings)
    org = store.org_by_code(org_code)
    found = find_person(store, wanted, org.id) if org is not None else None
    password = sys.stdin.readline().rstrip("\n")
    if found is None or not is_strong(password, login, org_code):
        print("没有这个单位或人，或者密码太简单 (no such person, or password too weak)")
        return 1
    with store.transaction():
        org_id, person = found
        store.put_account(Account(org_id, login, person, password_hash(password, ports)))
    store.close()
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
