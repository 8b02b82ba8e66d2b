"""`hushui phone`: the app by https in the local network, and the guide by which phones trust it."""

import asyncio
import ssl
import sys
from collections.abc import Coroutine
from contextlib import ExitStack, nullcontext, suppress
from ipaddress import ip_address
from pathlib import Path
from socket import socket
from typing import Final

import segno
import uvicorn
from msgspec import Struct

from hushui.app import create_app
from hushui.commands.data import opened
from hushui.commands.greeting import greet
from hushui.commands.notdone import NotDone
from hushui.commands.serving import Server, listen, not_served, options, prepare
from hushui.phone.addresses import host_name, in_url, local_addresses
from hushui.phone.authority import (
    AUTHORITY,
    Authority,
    NotAllowed,
    Site,
    Unusable,
    open_authority,
    open_site,
)
from hushui.phone.profile import profile
from hushui.ports import Ports, system
from hushui.settings import Settings
from hushui.web.guide import Guide, create_guide

FOLDER: Final = "phone"
ANY: Final = {"0.0.0.0", "::"}
RENEWAL_S: Final = 6 * 3_600
LOOPBACK: Final = "127.0.0.1"


class Place(Struct, frozen=True):
    """Where phones find it: addresses, the main one first, and the addresses listened on."""

    host: str
    addresses: list[str]
    heard: list[str]


class Aside(uvicorn.Server):
    """Beside another that hears the signals."""

    def capture_signals(self) -> nullcontext[None]:  # type: ignore[override]
        return nullcontext()


def phone(settings: Settings, wanted: str | None) -> int:
    """``wanted`` is an address of this machine; None: those of its local network."""
    prepare()
    place = find_place(wanted)
    if isinstance(place, str):
        print(place, file=sys.stderr)
        return 1
    with ExitStack() as opening:
        doors = Doors.open(settings, place, opening)
        context, authority = trusted(settings, place, system())
        return serve(settings, place, doors, context, authority)


def find_place(wanted: str | None) -> Place | str:
    """What is wrong, where there is none."""
    if wanted is None or wanted in ANY:
        found = local_addresses()
        if not found:
            return (
                "这台机器不在内网里。先接上网络，或用 HOST= 说明地址 "
                "(this machine is in no local network; join one, or name an address by HOST=)"
            )
        return Place(host_name(), found, [*found, LOOPBACK] if wanted is None else [wanted])
    try:
        address = str(ip_address(wanted))
    except ValueError:
        return f"{wanted} 不是地址，要像 192.168.1.20 这样 (not an address)"
    return Place(host_name(), [address], list(dict.fromkeys([address, LOOPBACK])))


class Doors(Struct, frozen=True):
    """Sockets that listen already: one for each address."""

    https: list[socket]
    http: list[socket]

    @staticmethod
    def open(settings: Settings, place: Place, opening: ExitStack) -> "Doors":
        def door(port: int, flag: str) -> list[socket]:
            opened: list[socket] = []
            for host in place.heard:
                at = opened[0].getsockname()[1] if opened else port
                try:
                    opened.append(opening.enter_context(listen(host, at)))
                except OSError as error:
                    other = f"hushui phone {flag} {at + 1}"
                    raise NotDone(not_served(host, at, error, other)) from error
            return opened

        return Doors(door(settings.phone_port, "--port"), door(settings.guide_port, "--guide-port"))

    @property
    def ports(self) -> tuple[int, int]:
        return self.https[0].getsockname()[1], self.http[0].getsockname()[1]


# certificates ------------------------------------------------------------------------------------
def trusted(settings: Settings, place: Place, ports: Ports) -> tuple[ssl.SSLContext, Authority]:
    try:
        authority, site = certificates(settings, place, ports)
    except NotAllowed as fault:
        file = settings.data / FOLDER / AUTHORITY
        raise NotDone(
            f"{fault.address} 不在本机证书能签的范围里。删掉 {file} 再来，每部手机要重装证书 "
            "(the authority was not made for this address; remove the file, phones install anew)"
        ) from fault
    except Unusable as fault:
        zh, en = fault.args
        raise NotDone(
            f"{zh}。从备份放回来，或删掉它重做，每部手机要重装证书 "
            f"({en}; put it back from a backup, or remove it and let phones install anew)"
        ) from fault
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(site.path)
    return context, authority


def certificates(settings: Settings, place: Place, ports: Ports) -> tuple[Authority, Site]:
    folder = settings.data / FOLDER
    authority = open_authority(folder, ports, place.host, place.addresses)
    return authority, open_site(folder, authority, ports, place.host, place.addresses)


async def keep_fresh(
    context: ssl.SSLContext, settings: Settings, place: Place, ports: Ports
) -> None:
    """A server that runs for a year shows its new certificate without being started again."""
    while True:
        await asyncio.sleep(RENEWAL_S)
        with suppress(OSError, NotAllowed, Unusable):
            _, site = certificates(settings, place, ports)
            if site.new:
                context.load_cert_chain(site.path)


# serving -----------------------------------------------------------------------------------------
def serve(
    settings: Settings, place: Place, doors: Doors, context: ssl.SSLContext, authority: Authority
) -> int:
    https, http = doors.ports
    names = [in_url(address) for address in place.addresses]
    here = f"https://{names[0]}:{https}"
    settings = settings.model_copy(update={"public_url": settings.public_url or here})
    guide = Guide(
        host=place.host,
        site=settings.public_url,
        address=f"http://{names[0]}:{http}",
        fingerprint=authority.fingerprint,
        certificate=authority.der,
        profile=profile(authority, place.host),
    )
    ports = system()
    with opened(settings, ports) as (store, files):
        app = create_app(settings, ports, store, files)
        addresses = [f"https://{name}:{https}" for name in ("localhost", *reversed(names))]
        show_guide(guide, settings.data / FOLDER, new=authority.new)
        greet(settings, ports, store, addresses)
        common = options(settings)
        main = uvicorn.Config(app, **common, ssl_context_factory=lambda *_: context)
        server, aside = Server(main, app), Aside(uvicorn.Config(create_guide(guide), **common))
        with asyncio.Runner(loop_factory=main.get_loop_factory()) as runner:
            runner.run(both(server, aside, doors, keep_fresh(context, settings, place, ports)))
    return 0


async def both(
    server: Server, aside: Aside, doors: Doors, upkeep: Coroutine[None, None, None]
) -> None:
    """The guide and the upkeep end with the server."""
    helping = asyncio.create_task(upkeep)
    guiding = asyncio.create_task(aside.serve(doors.http))
    try:
        await server.serve(doors.https)
    finally:
        helping.cancel()
        aside.should_exit = True
        await asyncio.gather(helping, guiding, return_exceptions=True)


def show_guide(guide: Guide, folder: Path, *, new: bool) -> None:
    if new:
        print(f"新建了证书机构，每部手机要装一次证书：{folder}")
        print("  (a new certificate authority: each phone installs it once)\n")
    print("第一步 first   手机连同一个 Wi-Fi，扫码装证书 (same Wi-Fi; install the certificate)")
    print(f"  {guide.address}")
    print(f"  指纹 SHA-256 {guide.fingerprint}")
    segno.make(guide.address, error="l", micro=False).terminal(compact=True)
    print("第二步 second  打开应用，输加入码 (open the app, type the code)\n")
