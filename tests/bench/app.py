"""The app on an old phone: Chromium, its CPU throttled, against a loop of the same page and minute.

A budget in milliseconds is one of the machine on which LOOP takes CALIBRATED_MS; the goal is the
ratio to the loop as it ran here, throttled alike, right before.
"""

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.bench.figure import Figure, Goal, figure
from tests.bench.phone import CHROMIUM
from tests.bench.place import ROOT, Ground
from tests.bench.sizes import Sizes
from tests.e2e import scene
from tests.e2e.house import House, load_demo
from tests.e2e.phone import SCREEN, Screen
from tests.stranger.client import Client, mint_id

CALIBRATED_MS = 100
LOOP = """() => {
  const begun = performance.now()
  const held = new Map()
  for (let i = 0; i < 20000; i++) held.set('k' + i, { i, words: ['堤脚', '渗水', String(i)] })
  let sum = 0
  for (let round = 0; round < 4; round++) {
    const text = JSON.stringify([...held.values()])
    for (const it of JSON.parse(text)) sum += it.words.length + it.i
  }
  return performance.now() - begun + (sum === 0 ? 1 : 0)
}"""
# Long tasks are told later than they happen, so they are kept.
LONG = """() => {
  globalThis.__long = []
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.__long.push(duration)
  }).observe({ entryTypes: ['longtask'] })
}"""
# What came before the first page stood: what is fetched ahead of other pages comes after.
FIRST = """new MutationObserver((_, watching) => {
  if (!document.querySelector('[data-testid=enrol-keypad]')) return
  watching.disconnect()
  globalThis.__first = performance.now()
}).observe(document, { childList: true, subtree: true })"""
LOADED = """() => ['navigation', 'resource']
  .flatMap((type) => performance.getEntriesByType(type))
  .filter(({ responseEnd }) => responseEnd <= globalThis.__first)
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1024"""
# When the browser says that a line was flushed.
ON_DISK = """const begin = IDBDatabase.prototype.transaction
IDBDatabase.prototype.transaction = function (stores, mode, options) {
  const made = begin.call(this, stores, mode, options)
  if (mode === 'readwrite' && made.objectStoreNames.contains('lines'))
    made.addEventListener('complete', () => { globalThis.__onDisk = performance.now() })
  return made
}"""
OPS = 32
WORDS = ("堤脚渗水", "背水坡裂缝", "拦污栅堵塞", "护坡松动")


def app(folder: Path, sizes: Sizes, _: Ground) -> list[Figure]:
    data = folder / "demo"
    data.mkdir()
    load_demo(data)
    film = folder / "levee.y4m"
    scene.film(film)
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    args = ["--no-sandbox", *camera, f"--use-file-for-fake-video-capture={film}"]
    house = House(data, folder, built())
    try:
        with (
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=CHROMIUM, args=args) as browser,
        ):
            phone, shell = joined(house, browser, "张河")
            found = [figure("first load of the phone, packed", "KiB", at_most(150), [shell])]
            found += [reopened(phone, sizes), saved(phone, sizes), *stored(phone, sizes, folder)]
            phone.page.context.close()
            found += listed(house, browser, sizes, folder)
            return found
    finally:
        house.close()


def built() -> Path:
    if given := os.environ.get("HUSHUI_APP"):
        return Path(given)
    subprocess.run(["make", "--no-print-directory", "pwa/dist/index.html"], cwd=ROOT, check=True)
    return ROOT / "pwa" / "dist"


def at_most(bound: float, milliseconds: float = 0, rate: int = 1) -> Goal:
    if not milliseconds:
        return Goal("value", "<=", bound)
    return Goal("ratio", "<=", milliseconds / (CALIBRATED_MS * rate))


def joined(house: House, browser: Browser, name: str) -> tuple[Screen, float]:
    """A phone by its zone with all it needs on it, and the KiB before anybody has joined."""
    context = browser.new_context(**SCREEN)
    context.grant_permissions(["geolocation", "camera"], origin=house.url)
    phone = Screen(context.new_page(), house.url)
    phone.page.add_init_script(FIRST)
    phone.go("/enrol")
    phone.shows("enrol-keypad")
    shell = float(phone.page.evaluate(LOADED))
    admin = house.desk("admin")
    fields = admin.record(IDS.zone("Z03"))["body"]["fields"]
    phone.stand(on_bank(fields["line"], fields["chainage_start"], 5200, 5))
    phone.enrol(admin.code(name))
    phone.wait_ready()
    return phone, shell


@contextmanager
def slowed(phone: Screen, rate: int) -> Iterator[None]:
    phone.cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    yield
    phone.cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def loop(phone: Screen) -> float:
    return float(phone.page.evaluate(LOOP))


def reopened(phone: Screen, sizes: Sizes) -> Figure:
    """Without signal: from the navigation to 开始巡查 on the screen."""
    times, loops = [], []
    phone.page.context.set_offline(True)
    with slowed(phone, 6):
        for _ in range(sizes.rounds):
            loops.append(loop(phone))
            phone.page.reload(wait_until="commit")
            phone.shows("start-patrol")
            times.append(float(phone.page.evaluate("() => performance.now()")))
    phone.page.context.set_offline(False)
    name = "opened again without signal, to a page that can be used, 6×"
    return figure(name, "ms", at_most(0, 1_200, 6), times, loops)


def saved(phone: Screen, sizes: Sizes) -> Figure:
    """From the tap on 提交 to the line on the disk."""
    phone.page.add_init_script(ON_DISK)
    phone.page.reload()
    times, loops = [], []
    for _ in range(sizes.rounds * 4):
        phone.go("/")
        phone.tab("上报")
        phone.at("report-kind").get_by_text("作业").tap()
        phone.tap("work-canal_desilt")
        phone.keys(phone.shows("amount-pad"), "12")
        phone.at("no-photo-reason").first.tap()
        with slowed(phone, 4):
            loops.append(loop(phone))
            phone.page.evaluate(
                "() => addEventListener('click', () => { globalThis.__tap = performance.now() },"
                " { capture: true, once: true })"
            )
            phone.tap("submit")
            phone.shows("saved-page")
            took = phone.page.evaluate("() => globalThis.__onDisk - globalThis.__tap")
            times.append(float(took))
    slowest = sorted(zip(times, loops, strict=True))[len(times) * 95 // 100 - 1]
    name = "saving a record, p95, from the tap to the disk, 4×"
    return figure(name, "ms", at_most(0, 50, 4), [slowest[0]], [slowest[1]])


def stored(phone: Screen, sizes: Sizes, folder: Path) -> list[Figure]:
    """A hazard by the camera, and a walk of some steps: tasks over 50 ms of the page, 4×."""
    photo, walk = [], []
    with slowed(phone, 4):
        for _ in range(sizes.rounds):
            phone.go("/report")
            phone.tap("hazard-breach")
            shutter = phone.at("shutter")
            expect(shutter).not_to_have_attribute("aria-disabled", "true", timeout=60_000)
            phone.page.evaluate(LONG)
            shutter.tap()
            phone.shows("saved-page")
            photo.append(longest(phone))
        phone.go("/")
        phone.tap("start-patrol")
        phone.shows("patrol-page")
        phone.page.wait_for_timeout(3_000)
        for _ in range(sizes.rounds):
            phone.page.evaluate(LONG)
            for _ in range(4):
                phone.step_aside()
                phone.page.wait_for_timeout(700)
            walk.append(longest(phone))
    goal = at_most(0, 50, 4)
    loops = [loop_at(phone, 4)] * sizes.rounds
    slow = "longest task of the page, 4×:"
    return [
        figure(f"{slow} a photo from shutter to saved", "ms", goal, photo, loops),
        figure(f"{slow} walking", "ms", goal, walk, loops),
    ]


def loop_at(phone: Screen, rate: int) -> float:
    with slowed(phone, rate):
        return loop(phone)


def longest(phone: Screen) -> float:
    """ms; what is under 50 is not told by the browser, and is 0 here."""
    phone.page.wait_for_timeout(300)
    return float(phone.page.evaluate("() => Math.max(0, ...globalThis.__long)"))


def listed(house: House, browser: Browser, sizes: Sizes, folder: Path) -> list[Figure]:
    """All that one person wrote, on his phone: 全部, and a word that few of them bear."""
    admin = house.desk("admin")
    client = Client(house.url, str(folder / "writer.db"))
    client.enrol("bench", code=admin.code("孙澜"))
    chance = random.Random(3)
    for first in range(0, sizes.small, OPS):
        some = range(first, min(first + OPS, sizes.small))
        client.capture(*(event(chance, number) for number in some))
    assert client.sync() == []
    phone, _ = joined(house, browser, "孙澜")
    phone.wait_sent(600)
    phone.page.wait_for_timeout(2_000)
    opened, found, loops = [], [], []
    everything = phone.at("records-tabs").get_by_text("全部")
    sought = phone.at("records-find").locator("input")
    for _ in range(sizes.rounds):
        phone.go("/")
        phone.go("/records")
        phone.shows("records-page")
        with slowed(phone, 4):
            loops.append(loop(phone))
            opened.append(until_painted(phone, lambda: everything.tap()))
            found.append(until_painted(phone, lambda: sought.fill(f"第{sizes.small // 2}号")))
            expect(phone.at("record-row")).to_have_count(1)
    phone.page.context.close()
    goal, many = at_most(0, 300, 4), f"{sizes.small:,} records"
    return [
        figure(f"{many} listed, 4×", "ms", goal, opened, loops),
        figure(f"one of {many} found by a word, 4×", "ms", goal, found, loops),
    ]


def event(chance: random.Random, number: int) -> dict[str, Any]:
    fields = {
        "class": "floating",
        "zone": IDS.zone("Z03"),
        "chainage": 5000 + number % 2000,
        "note": f"{chance.choice(WORDS)} 第{number}号",
        "no_photo_reason": "夜里",
    }
    return {"kind": "event", "record": mint_id(), "act": "put", "set": fields}


def until_painted(phone: Screen, act: Callable[[], None]) -> float:
    """ms from the first event that the page hears to the second frame after it."""
    phone.page.evaluate(
        """() => { globalThis.__painted = new Promise((done) => {
          const heard = () => {
            const begun = performance.now()
            removeEventListener('click', heard, true)
            removeEventListener('input', heard, true)
            setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(
              () => done(performance.now() - begun))))
          }
          addEventListener('click', heard, true)
          addEventListener('input', heard, true)
        }) }"""
    )
    act()
    return float(phone.page.evaluate("() => globalThis.__painted"))
