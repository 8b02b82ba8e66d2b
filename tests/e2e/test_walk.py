"""A long walk by a clock that is turned: half an hour here, HUSHUI_WALK_HOURS=8 in the soak.

Page, storage, worker and server are real; the clock of the phone and what its satellites say come
from here. Each minute passes as fast as the page can follow.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from playwright.sync_api import expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.house import Desk, House
from tests.e2e.phone import Screen

HOURS = float(os.environ.get("HUSHUI_WALK_HOURS", "0.5"))
MINUTE_MS = 60_000
SEGMENT_MINUTES = 10
GROWTH_MAX = 1.10
FROM, TO, EVERY_M = 4250, 7350, 5
# To and fro along the dike at an easy pace, a fix a second, with the wavering of a good receiver.
SATELLITES = """
(() => {
  const [way, every, pace] = GIVEN
  const length = (way.length - 1) * every
  const watching = new Map()
  let last = 0
  function fix() {
    const seconds = Date.now() / 1000
    const walked = (seconds * pace) % (2 * length)
    const at = (walked <= length ? walked : 2 * length - walked) / every
    const [a, b] = [way[Math.floor(at)], way[Math.ceil(at)]]
    const share = at - Math.floor(at)
    const off = Math.sin(seconds) * 1e-5
    return {
      coords: {
        longitude: a[0] + (b[0] - a[0]) * share + off,
        latitude: a[1] + (b[1] - a[1]) * share,
        accuracy: 5 + 3 * Math.abs(Math.sin(seconds / 7)),
        heading: null, speed: pace, altitude: null, altitudeAccuracy: null,
      },
      timestamp: Date.now(),
    }
  }
  const geolocation = {
    watchPosition(heard) {
      watching.set(++last, setInterval(() => heard(fix()), 1000))
      return last
    },
    clearWatch(id) { clearInterval(watching.get(id)); watching.delete(id) },
    getCurrentPosition(heard) { heard(fix()) },
  }
  Object.defineProperty(navigator, 'geolocation', { value: geolocation })
})()
"""


def test_hours_on_a_dike_without_signal_are_sealed_every_ten_minutes_and_arrive_whole(
    new_house: Callable[..., House], new_screen: Callable[..., Screen]
) -> None:
    minutes = round(HOURS * 60)
    house = new_house(clock=True)
    desk = house.desk()
    phone = enrolled(house, new_screen(house.url))
    phone.page.context.set_offline(True)
    phone.tap("start-patrol")
    phone.shows("patrol-page")
    begun, heap = time.monotonic(), list(heaps(phone, minutes - 2))
    print(f"{HOURS:g} h in {time.monotonic() - begun:.0f} s; heap, MB a segment: {said(heap)}")
    if HOURS >= 8:
        hour = 60 // SEGMENT_MINUTES
        first, last = median(heap[:hour]), median(heap[-hour:])
        assert last <= first * GROWTH_MAX, said(heap)

    # The page is gone in between, as it may be on a phone that is short of memory.
    phone.page.reload()
    expect(phone.shows("patrol-page")).to_contain_text("%")
    phone.button("patrol-end").hover()
    phone.page.mouse.down()
    phone.page.clock.run_for(1500)
    phone.page.mouse.up()
    phone.shows("patrol-end-page")
    phone.tap("patrol-submit")
    record = phone.just_saved("saved_local")
    house.move_clock(minutes * MINUTE_MS)
    phone.page.context.set_offline(False)
    phone.page.clock.run_for(MINUTE_MS)
    phone.wait_sent(300)
    walked = segments(desk, record)
    assert len(walked) == minutes // SEGMENT_MINUTES
    assert whole(walked, desk) == []
    fields = desk.record(record)["body"]["fields"]
    assert abs(fields["ended"] - fields["started"] - minutes * MINUTE_MS) < 2 * MINUTE_MS
    assert abs(fields["distance_m"] / (minutes * 60 * 1.2) - 1) < 0.1, fields["distance_m"]


def enrolled(house: House, phone: Screen) -> Screen:
    """张河 by Z03, with hands of a clock that the test turns."""
    admin = house.desk("admin")
    zone = admin.record(IDS.zone("Z03"))["body"]["fields"]
    line, start = [(lon, lat) for lon, lat in zone["line"]], zone["chainage_start"]
    way = [on_bank(line, start, at, 5) for at in range(FROM, TO + 1, EVERY_M)]
    phone.page.clock.install()
    phone.page.add_init_script(SATELLITES.replace("GIVEN", json.dumps([way, EVERY_M, 1.2])))
    phone.enrol(admin.code("张河"))
    phone.shows("zone-card")
    phone.wait_ready()
    return phone


def heaps(phone: Screen, minutes: int) -> Iterator[int]:
    """Bytes that somebody holds, every ten minutes. The clock also goes by itself meanwhile."""
    clock = "() => Date.now()"
    begun = before = int(phone.page.evaluate(clock))
    while (now := int(phone.page.evaluate(clock))) < begun + minutes * MINUTE_MS:
        phone.page.clock.run_for(MINUTE_MS)
        if now - before >= SEGMENT_MINUTES * MINUTE_MS:
            before = now
            phone.cdp.send("HeapProfiler.collectGarbage")
            yield int(phone.cdp.send("Runtime.getHeapUsage")["usedSize"])


def said(heap: list[int]) -> str:
    return " ".join(f"{size / 1_000_000:.1f}" for size in heap)


def segments(desk: Desk, record: str) -> list[Any]:
    adds = [it["set"] for it in desk.record(record)["body"]["adds"]]
    found = [it for it in adds if it["type"] == "segment" and it.get("blob")]
    return sorted(found, key=lambda it: int(it["from"]))


def whole(walked: list[Any], desk: Desk) -> list[str]:
    """What is missing or stands twice, in words."""
    wrong, before = [], 0
    for number, it in enumerate(walked, 1):
        points = json.loads(desk.blob(it["blob"]))["points"]
        times = [at for at, *_ in points]
        if len(points) != it["points"] or times != sorted(set(times)):
            wrong.append(f"segment {number}: {len(points)} of {it['points']} points")
        if before and times[0] - before > MINUTE_MS:
            wrong.append(f"segment {number}: {times[0] - before} ms after the one before")
        before = times[-1]
    return wrong
