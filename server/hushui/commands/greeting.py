"""What a server says when it starts: where it is, who may sign in, a code for the first phone."""

import socket
import sys
from collections.abc import Sequence

import segno

from hushui.actions.codes import code_for, enrol_url
from hushui.commands.init import told
from hushui.demo import DEMOS
from hushui.demo.values import Demo
from hushui.domain.policy import Domain
from hushui.ledger import LedgerWriter, Task
from hushui.ports import Ports
from hushui.settings import Settings
from hushui.storage.store import Code, Store


def greet(settings: Settings, ports: Ports, store: Store, addresses: Sequence[str]) -> None:
    """The first address is this machine's own, the last the one that phones reach."""
    print("护水 Hushui")
    for address in addresses:
        print(f"  {address}")
    print(f"  数据 data      {settings.data.resolve()}")
    print(f"  接口 API       {addresses[0]}/api/schema/viewer")
    if not store.orgs():
        print("\n还没有单位，另开一个终端打 no organisation yet; type in another terminal:")
        print(f"  {told(settings.data, 'init')}")
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
    """Addresses that answer: this machine's own first, then the one that phones in the same net
    reach. Always by number: by name the same browser would be another device."""
    if settings.host in ("0.0.0.0", "::"):
        found = [f"http://127.0.0.1:{settings.port}"]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                # Nothing is sent: it only asks which of our addresses would be used.
                probe.connect(("192.0.2.1", 9))
                found.append(f"http://{probe.getsockname()[0]}:{settings.port}")
            except OSError:
                pass
    else:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        found = [f"http://{host}:{settings.port}"]
    if settings.public_url:
        found.append(settings.public_url)
    return found


def give(store: Store, ports: Ports, org: str, person: str) -> Code:
    ledger = LedgerWriter(store, ports, Domain())
    answer: Code | Exception = ledger.drain([Task(code_for(ports, org, person))])[0]
    if isinstance(answer, Exception):
        raise answer
    return answer


def show_code(site: str, made: Code, ports: Ports) -> None:
    url = enrol_url(site, made.code)
    hours = round((made.expires - ports.now()) / 3_600_000)
    print(f"\n加入码 code    {made.code}（{hours} 小时内有效）\n  {url}")
    segno.make(url, error="l", micro=False).terminal(compact=True)
