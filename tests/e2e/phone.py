"""A phone in a person's hand: driven by what its screen shows, and killed when a test says so."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import (
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Playwright,
    expect,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.e2e.house import until

Point = Literal[
    "after_draft",
    "camera_open",
    "shutter",
    "hashing",
    "blob_written",
    "before_line",
    "after_line",
]
FilmPoint = Literal["film_piece"]
Position = tuple[float, float]
"""Longitude, latitude."""

SCREEN: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "is_mobile": True,
    "has_touch": True,
    "reduced_motion": "reduce",
}
# What a person would be asked for, and the browser's promise not to clear the storage.
ALLOWED = ["geolocation", "videoCapture", "durableStorage", "wakeLockScreen", "backgroundSync"]
# Notes when each point was passed; at the one that is armed it tells the test and goes no further.
HOOK = """
globalThis.__points = []
globalThis.__hushuiPoint = (name) => {
  globalThis.__points.push([name, Date.now()])
  if (globalThis.__armed !== name) return
  console.info('@point ' + name)
  return new Promise(() => {})
}
"""
# Everything the outboxes hold, with the bytes of lines as text and of photos as their true hash.
STORED = """
async () => {
  const wait = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const hash = async (bytes) =>
    [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))]
      .map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const stored = { lines: [], drafts: [], photos: [], blobs: [] }
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('hushui-outbox-')) continue
    const db = await wait(indexedDB.open(name))
    const all = (store) => wait(db.transaction(store).objectStore(store).getAll())
    const keys = (store) => wait(db.transaction(store).objectStore(store).getAllKeys())
    for (const line of await all('lines')) {
      const text = typeof line.bytes === 'string'
        ? line.bytes : new TextDecoder().decode(line.bytes)
      stored.lines.push({ n: line.n, id: line.id, hash: line.hash, entry: JSON.parse(text) })
    }
    stored.drafts.push(...(await all('drafts')))
    stored.photos.push(...(await all('photos')))
    const names = await keys('bytes')
    const bytes = await all('bytes')
    for (let i = 0; i < names.length; i++) {
      stored.blobs.push({ name: names[i], sha256: await hash(bytes[i]), size: bytes[i].byteLength })
    }
    db.close()
  }
  return stored
}
"""

# What the caches hold in one of their tables: the last word about each.
CACHED = """
async (table) => {
  const wait = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const found = new Map()
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('hushui-cache-')) continue
    const db = await wait(indexedDB.open(name))
    const texts = await wait(db.transaction('changes').objectStore('changes').getAll())
    db.close()
    for (const { store, key, value } of texts.flatMap((text) => JSON.parse(text))) {
      if (store !== table) continue
      if (value === null) found.delete(`${name} ${key}`)
      else found.set(`${name} ${key}`, value)
    }
  }
  return [...found.values()]
}
"""


class Screen:
    """One page of the app. Fingers only: taps, holds and keys of the app's own pads."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.place: Position | None = None

    def go(self, path: str) -> None:
        """By the app's own router where the app runs: a reload would forget what is under way."""
        self.page.goto(self.url + path)

    def at(self, testid: str, **data: str) -> Locator:
        said = "".join(f'[data-{name}="{value}"]' for name, value in data.items())
        return self.page.locator(f'[data-testid="{testid}"]{said}')

    def button(self, testid: str, **data: str) -> Locator:
        """The button that stands under this name or is it."""
        found = self.at(testid, **data).first
        return found.locator("xpath=descendant-or-self::button").first

    def tap(self, testid: str, **data: str) -> None:
        self.button(testid, **data).tap()

    def tab(self, words: str) -> None:
        self.at("tab-bar").get_by_role("button", name=words).tap()

    def hold(self, testid: str) -> None:
        """Longer than the second it asks for."""
        box = self.button(testid).bounding_box()
        assert box
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        self.page.wait_for_timeout(1200)
        self.page.mouse.up()

    def shows(self, testid: str, **data: str) -> Locator:
        found = self.at(testid, **data).first
        expect(found).to_be_visible(timeout=20_000)
        return found

    # who ---------------------------------------------------------------------------------------
    def enrol(self, code: str, *, agrees: bool = True) -> None:
        """``agrees``: to places too, asked as everybody is before his first report."""
        self.go("/enrol")
        for digit in code:
            self.at("enrol-keypad").get_by_role("button", name=digit, exact=True).tap()
        self.shows("enrol-done")
        self.tap("enrol-start")
        if agrees:
            self.agree()

    def agree(self) -> None:
        self.shows("ledger-bar")
        self.go("/report")
        self.tap("consent-yes")
        self.shows("report-page")
        self.go("/")

    def wait_ready(self) -> None:
        """What it needs without signal lies on the phone when its worker stands."""
        self.wait_sent()
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")

    # where it stands ---------------------------------------------------------------------------
    def unsent(self) -> tuple[int, int]:
        """Lines and photos, as the bar on top says."""
        bar = self.shows("ledger-bar")
        lines, photos = bar.get_attribute("data-lines"), bar.get_attribute("data-photos")
        return int(lines or 0), int(photos or 0)

    def wait_sent(self, seconds: float = 60) -> None:
        bar = self.at("ledger-bar").first
        expect(bar).to_have_attribute("data-lines", "0", timeout=seconds * 1000)
        expect(bar).to_have_attribute("data-photos", "0", timeout=seconds * 1000)

    def records(self) -> dict[str, str]:
        """Record → state, of everything this person wrote; drafts under their own ids."""
        self.go("/records")
        self.shows("records-tabs").get_by_text("全部").tap()
        expect(self.at("records-page")).to_be_visible()
        return self.rows()

    def rows(self) -> dict[str, str]:
        rows = self.page.evaluate(
            """() => [...document.querySelectorAll('[data-testid=record-row]')]
                 .map((row) => [row.dataset.record, row.dataset.state])"""
        )
        return {str(record): str(state) for record, state in rows}

    def send_now(self) -> None:
        """By hand, unless the app has been faster."""
        with suppress(PlaywrightTimeout):
            self.button("sync-now").tap(timeout=1500)

    def stored(self) -> Any:
        """What lies on the phone's disk."""
        return self.page.evaluate(STORED)

    def just_saved(self, state: str) -> str:
        """What the page says right after: the record, in this state."""
        page = self.shows("saved-page")
        said = self.shows("saved-state")
        expect(said).to_have_attribute("data-state", state, timeout=30_000)
        record = page.get_attribute("data-record")
        assert record
        return record

    # location ----------------------------------------------------------------------------------
    def stand(self, at: Position, accuracy: float = 6, heading: float = 0) -> None:
        self.place = at
        fix = {
            "longitude": at[0],
            "latitude": at[1],
            "accuracy": accuracy,
            "heading": heading,
            "speed": 1.4,
        }
        self.cdp.send("Emulation.setGeolocationOverride", fix)

    def step_aside(self) -> None:
        """Two metres: two photos of the same place and second would be the same bytes."""
        assert self.place
        lon, lat = self.place
        self.stand((round(lon + 0.000025, 7), lat))

    def allow(self) -> None:
        self.cdp.send("Browser.grantPermissions", {"permissions": ALLOWED, "origin": self.url})

    # the camera --------------------------------------------------------------------------------
    def shoot(self) -> None:
        shutter = self.at("shutter")
        expect(shutter).not_to_have_attribute("aria-disabled", "true", timeout=20_000)
        shutter.tap()

    def figure(self, field: str, value: str) -> None:
        """By the keys of the app's own pad."""
        place = self.at(f"field-{field}")
        place.locator(".plate, .figure").first.tap()
        sheet = self.page.get_by_role("dialog")
        self.keys(sheet, value)
        sheet.get_by_role("button", name="完成").tap()
        expect(sheet).to_have_count(0)

    def keys(self, pad: Locator, value: str) -> None:
        for sign in value:
            name = "小数点" if sign == "." else sign
            pad.get_by_role("button", name=name, exact=True).tap()

    # the named points --------------------------------------------------------------------------
    @contextmanager
    def reaching(self, name: Point | FilmPoint) -> Iterator[None]:
        """Ends where the app has come to this point and stands there."""

        def is_it(message: ConsoleMessage) -> bool:
            return message.text == f"@point {name}"

        self.page.evaluate("(name) => { globalThis.__armed = name }", name)
        with self.page.expect_console_message(is_it, timeout=30_000):
            yield

    def passed(self, name: Point | FilmPoint) -> list[int]:
        """When, by the phone's clock, ms."""
        points = self.page.evaluate("() => globalThis.__points")
        return [int(at) for point, at in points if point == name]


class Phone(Screen):
    """A browser of its own on a profile that outlives it."""

    def __init__(
        self, playwright: Playwright, launch: dict[str, Any], profile: Path, film: Path, url: str
    ) -> None:
        self.playwright, self.profile, self.url = playwright, profile, url
        self.launch = launch | {
            "args": [
                *launch["args"],
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-video-capture={film}",
            ]
        }
        self.starts = 0
        self.context: BrowserContext
        self.open()

    def open(self, path: str = "/") -> None:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile, **self.launch, **SCREEN
        )
        self.context.add_init_script(HOOK)
        super().__init__(self.context.pages[0], self.url)
        self.allow()
        self.starts += 1

    def kill(self) -> None:
        """SIGKILL to the whole group: no handler runs, nothing is flushed."""
        pid = self.main_process()
        group = os.getpgid(pid)
        assert group != os.getpgid(0)
        os.killpg(group, signal.SIGKILL)
        until(lambda: not processes_of(self.profile), "the browser is gone", 20)
        with suppress(Error):
            self.context.close()

    def close(self) -> None:
        with suppress(Error):
            self.context.close()

    def main_process(self) -> int:
        pids = processes_of(self.profile, main=True)
        assert len(pids) == 1, pids
        return pids[0]


def processes_of(profile: Path, *, main: bool = False) -> Sequence[int]:
    flag = f"--user-data-dir={profile}".encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (place / "cmdline").read_bytes().split(b"\0")
            is_child = any(word.startswith(b"--type=") for word in words)
            if flag in words and not (main and is_child):
                found.append(int(place.name))
    return found
