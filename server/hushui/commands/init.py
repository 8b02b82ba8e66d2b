"""`hushui init`: a new organisation with its first administrator."""

import shlex
import sys
from argparse import ArgumentParser, Namespace
from getpass import getpass
from pathlib import Path
from typing import Final

from hushui.actions.accounts import is_strong
from hushui.actions.organisation import ASKED, Founding, check, found
from hushui.actions.secrets import one_time_password
from hushui.errors import NotFounded
from hushui.ledger import LedgerWriter
from hushui.ports import Ports

FLAGS: Final = {"name": "--name", "code": "--short", "admin": "--admin", "login": "--login"}


def add_arguments(parser: ArgumentParser) -> None:
    for name, flag in FLAGS.items():
        field = ASKED[name]
        parser.add_argument(flag, dest=name, help=f"{field.zh} {field.en}")


def init(ledger: LedgerWriter, ports: Ports, given: Namespace) -> int:
    """0 when it stands; what is wrong is said, and then nothing was written."""
    try:
        asked = ask(given)
        check(ledger.store, asked)
        password = ask_password(asked)
        once = not password
        secret = password or one_time_password(ports)
        org = found(ledger, ports, asked, secret, once=once)
    except NotFounded as why:
        print(f"没有建：{why.detail_in('zh')}。({why.detail_in('en')})", file=sys.stderr)
        return 1
    print(f"建好了 made    {org.name}（{org.code}）")
    print(f"  管理员 admin   {asked.admin}，登录名 login {asked.login}")
    if once:
        print(f"  密码 password  {secret}")
        print("                 只显示这一次，第一次登录要换 (shown this once; change it)")
    print(f"  下一步 next    {told(given.data, 'run')}")
    print(f"                 再打开 /office，单位填 {org.code} (then open /office)")
    return 0


def ask(given: Namespace) -> Founding:
    """What the flags do not say is asked for, where somebody can answer."""
    said = {name: getattr(given, name) or asked_for(name) for name in FLAGS}
    return Founding(**said)


def asked_for(name: str) -> str:
    field = ASKED[name]
    if not sys.stdin.isatty():
        raise NotFounded(f"缺 {FLAGS[name]}（{field.zh}）", f"{FLAGS[name]} is missing")
    hint = f"（{field.help}）" if field.help else ""
    return input(f"{field.zh} {field.en}{hint}: ").strip()


def ask_password(asked: Founding) -> str:
    """'' where none was given: then one is made and printed."""
    password = (
        getpass("密码，不填就出一个 (password; empty: one is made): ")
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\r\n")
    )
    if password and not is_strong(password, asked.login, asked.code):
        raise NotFounded(
            "密码至少 8 位，不能和登录名、简称一样",
            "A password has 8 characters at least and is neither the login nor the short name",
        )
    return password


def told(data: Path | None, command: str) -> str:
    """What to type, as this program was called."""
    program = sys.argv[0] if Path(sys.argv[0]).name == "hushui" else "python -m hushui"
    where = "" if data is None else f" --data {shlex.quote(str(data))}"
    return f"{program} {command}{where}"
