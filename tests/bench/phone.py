"""How fast a phone takes in what it pulls: the app's core in Chromium, slowed to a quarter."""

import subprocess
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.bench.figure import Figure, Goal, figure
from tests.bench.place import (
    ROOT,
    Ground,
    Handset,
    Place,
)
from tests.bench.sizes import Sizes
from tests.support.program import Program

CHROMIUM = "/usr/bin/chromium"
SLOWER = 4
PAGE = '<!doctype html><meta charset="utf-8"><script type="module" src="/phone.js"></script>'


def applied(folder: Path, sizes: Sizes, ground: Ground) -> list[Figure]:
    ground.small.lend(folder)
    place, phones = ground.small.place, ground.small.readers[: sizes.phones]
    app = folder / "app"
    bundle(app)
    with (
        Program(folder, HUSHUI_APP=str(app)) as program,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        told = [on_page(browser.new_page(), program.url, place, phone) for phone in phones]
    rates = [one["rows"] * 1_000 / sum(one[part] for part in PARTS) for one in told]
    shares = ", ".join(f"{part} {told[0][part]:.0f} ms" for part in PARTS)
    print(f"  the phone's first {told[0]['rows']:,} rows: {shares}")
    name = f"the phone applies {sizes.small:,} rows at {SLOWER}× CPU throttle"
    return [figure(name, "rows/s", Goal("value", ">=", 5_000), rates)]


PARTS = ("reading", "stepping", "storing")


def bundle(app: Path) -> None:
    app.mkdir()
    (app / "index.html").write_text(PAGE)
    rolldown = ROOT / "node_modules" / ".bin" / "rolldown"
    command = [str(rolldown), "tests/bench/phone.ts", "--platform", "browser"]
    command += ["--format", "esm", "--minify", "--file", str(app / "phone.js")]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def on_page(page: Page, url: str, place: Place, phone: Handset) -> dict[str, Any]:
    page.goto(url)
    page.wait_for_function("globalThis.apply !== undefined")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    identity = {
        "device": phone.device,
        "person": phone.person,
        "org": place.org,
        "epoch": phone.contact.partition(":")[0],
        "contact": phone.contact.partition(":")[0] + ":0",
        "app": "bench",
    }
    asked = [identity, phone.token]
    found: dict[str, Any] = page.evaluate("([who, token]) => apply(who, token)", asked)
    page.close()
    return found
