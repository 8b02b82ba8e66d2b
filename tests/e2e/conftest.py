"""A built app, servers with the demo data, phones and desks."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from hushui.demo.nanbeihe import CODE
from hushui.demo.shapes import on_bank
from tests.e2e import looks, scene
from tests.e2e.desk import Office
from tests.e2e.house import House, load_demo
from tests.e2e.phone import SCREEN, Phone, Screen
from tests.support.proxy import Proxy

ROOT = Path(__file__).parents[2]
# `make soak` looks at every kept picture in each of them.
ALL_LOOKS = os.environ.get("HUSHUI_LOOKS") == "all"
RESULTS = ROOT / "test-results"
DESK_SCREEN: dict[str, Any] = {
    "viewport": {"width": 1440, "height": 900},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "reduced_motion": "reduce",
}


class Keep(Protocol):
    def __call__(self, page: Page, name: str, *, paper: bool = False) -> None: ...


LONGEST = (
    "kinds_at_the_desk", "every_kind", "story", "table", "people", "shared_phone", "surprise",
    "pictures", "phone",
)  # fmt: skip
"""These files begin, so that none is still alone at work when all others are done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    first = {f"test_{name}": at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: first.get(item.path.stem, len(first)))


@pytest.fixture(scope="session")
def built_app() -> Path:
    """What the server serves; built when a source is newer. HUSHUI_APP: another folder, as is."""
    if given := os.environ.get("HUSHUI_APP"):
        return Path(given)
    subprocess.run(
        ["make", "--no-print-directory", "pwa/dist/index.html"],
        cwd=ROOT,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return ROOT / "pwa" / "dist"


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    load_demo(folder)
    return folder


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "levee.y4m"
    scene.film(path)
    return path


@pytest.fixture(scope="module")
def stack() -> Iterator[ExitStack]:
    with ExitStack() as closing:
        yield closing


@pytest.fixture(scope="module")
def new_house(
    stack: ExitStack, demo_data: Path, built_app: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., House]:
    def make(*, clock: bool = False) -> House:
        house = House(demo_data, tmp_path_factory.mktemp("house"), built_app, clock=clock)
        stack.callback(house.close)
        return house

    return make


@pytest.fixture(scope="module")
def new_cable(stack: ExitStack) -> Callable[[House], Proxy]:
    """A way to the server that a test can cut."""

    def make(house: House) -> Proxy:
        cable = Proxy(house.port)
        stack.callback(cable.close)
        return cable

    return make


@pytest.fixture(scope="module")
def new_phone(
    stack: ExitStack,
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    film: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], Phone]:
    """A browser of its own, that can be killed."""

    def make(url: str) -> Phone:
        profile = tmp_path_factory.mktemp("phone")
        phone = Phone(playwright, browser_type_launch_args, profile, film, url)
        stack.callback(phone.close)
        return phone

    return make


@pytest.fixture(scope="session")
def shared_browser(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], film: Path
) -> Iterator[Browser]:
    """For phones and desks that nobody kills."""
    camera = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    args = [*browser_type_launch_args["args"], *camera]
    browser = playwright.chromium.launch(**browser_type_launch_args | {"args": args})
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def new_screen(stack: ExitStack, shared_browser: Browser) -> Callable[..., Screen]:
    """A phone that lives as long as its test."""

    def make(url: str, **changes: Any) -> Screen:
        context = shared_browser.new_context(**SCREEN | changes)
        stack.callback(context.close)
        screen = Screen(context.new_page(), url)
        context.grant_permissions(["geolocation", "camera"], origin=url)
        return screen

    return make


@pytest.fixture(scope="module")
def new_hand(new_screen: Callable[..., Screen]) -> Callable[..., Screen]:
    """The phone of somebody at work: enrolled, by a zone, and all it needs without signal on it.
    `first` is what his first page shows."""

    def make(
        house: House,
        person: str = "张河",
        *,
        org: str = CODE,
        zone: str = "Z03",
        at: int = 5200,
        url: str | None = None,
        first: str = "zone-card",
    ) -> Screen:
        admin = house.desk("admin", org)
        fields = admin.record(admin.ids.zone(zone))["body"]["fields"]
        phone = new_screen(url or house.url)
        phone.stand(on_bank(fields["line"], fields["chainage_start"], at, 5))
        phone.enrol(admin.code(person))
        phone.shows(first)
        phone.wait_ready()
        return phone

    return make


@pytest.fixture(scope="module")
def new_desk(stack: ExitStack, shared_browser: Browser) -> Callable[..., BrowserContext]:
    def make(**changes: Any) -> BrowserContext:
        context = shared_browser.new_context(**DESK_SCREEN | changes)
        stack.callback(context.close)
        return context

    return make


@pytest.fixture(scope="module")
def new_office(new_desk: Callable[..., BrowserContext]) -> Callable[..., Office]:
    """The office signed in, in a browser of its own."""

    def make(house: House, **changes: Any) -> Office:
        office = Office(new_desk(**changes), house.url)
        office.sign_in()
        return office

    return make


@pytest.fixture(scope="module")
def keep(request: pytest.FixtureRequest) -> Keep:
    """Keeps a picture of the step: test-results/story/07-saved.png. With HUSHUI_LOOKS=all one of
    each look more, and axe may find nothing in any; paper has one look."""
    folder = RESULTS / request.module.__name__.rsplit("test_", 1)[-1]
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    steps = iter(range(1, 1000))

    def take(page: Page, name: str, *, paper: bool = False) -> None:
        step = f"{next(steps):02d}-{name}"
        page.screenshot(path=folder / f"{step}.png", animations="disabled")
        told: list[str] = []
        for look in looks.LOOKS if ALL_LOOKS and not paper else ():
            with looks.seen(page, look):
                page.screenshot(path=folder / f"{step}-{look}.png", animations="disabled")
                told.extend(f"{name}, {look}: {it}" for it in looks.faults(page, look))
        assert not told, "\n".join(told)

    return take
