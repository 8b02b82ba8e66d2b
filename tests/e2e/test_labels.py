"""The office prints the labels of a zone's check-points; a phone without signal reads them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Playwright, expect

from hushui.demo.nanbeihe import IDS
from hushui.demo.shapes import on_bank
from tests.e2e.conftest import Keep
from tests.e2e.desk import Office
from tests.e2e.house import Desk, House
from tests.e2e.phone import Phone
from tests.e2e.scene import FRAMES_A_SECOND, HEIGHT, WIDTH, planes

ZONE, OTHER = IDS.zone("Z03"), IDS.zone("Z02")
FIRST, SECOND = IDS.checkpoint("Z03", 1), IDS.checkpoint("Z03", 2)


@pytest.fixture(scope="module")
def house(new_house: Callable[..., House]) -> House:
    return new_house()


@pytest.fixture(scope="module")
def printed(
    house: House,
    new_office: Callable[..., Office],
    keep: Keep,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, str], Path]:
    """A film of the label as it comes out of the printer, held at a slant in the rain."""
    office = new_office(house)
    office.page.goto(f"{house.url}/office/labels")
    folder = tmp_path_factory.mktemp("labels")

    def film(zone: str, checkpoint: str) -> Path:
        page = office.page
        page.get_by_test_id("labels-zone").select_option(zone)
        label = page.locator(f'[data-testid=label][data-checkpoint="{checkpoint}"]')
        expect(label).to_be_visible()
        keep(page, "at-the-desk")
        page.emulate_media(media="print")
        expect(page.get_by_test_id("print")).to_be_hidden()
        keep(page, "on-paper", paper=True)
        paper = Image.open(BytesIO(label.screenshot())).convert("RGB")
        page.emulate_media(media="screen")
        large = paper.resize((paper.width * 3, paper.height * 3)).rotate(
            7, expand=True, fillcolor=(120, 128, 120)
        )
        scene = Image.new("RGB", (WIDTH, HEIGHT), (120, 128, 120))
        # The code is at the left of the label, and comes into the middle.
        scene.paste(large, (WIDTH // 2 - large.width // 4, (HEIGHT - large.height) // 2))
        path = folder / f"{checkpoint}.y4m"
        head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n"
        path.write_bytes(head.encode() + (b"FRAME\n" + planes(scene)) * 2)
        return path

    return film


@contextmanager
def phone_before(
    film: Path, profile: Path, house: House, playwright: Playwright, launch: dict[str, Any]
) -> Iterator[Phone]:
    with ExitStack() as closing:
        phone = Phone(playwright, launch, profile, film, house.url)
        closing.callback(phone.close)
        yield phone


def visits(desk: Desk, record: str) -> list[tuple[str, str, str]]:
    adds = [it["set"] for it in desk.record(record)["body"]["adds"]]
    return [(it["checkpoint"], it["result"], it["by"]) for it in adds if it["type"] == "visit"]


def test_a_label_is_read_without_signal_and_the_visit_says_so(
    house: House,
    printed: Callable[[str, str], Path],
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
    keep: Keep,
) -> None:
    desk, profile = house.desk(), tmp_path / "profile"
    fields = desk.record(ZONE)["body"]["fields"]
    here = on_bank(fields["line"], fields["chainage_start"], 4300, 5)
    at = (profile, house, playwright, browser_type_launch_args)

    with phone_before(printed(ZONE, FIRST), *at) as phone:
        phone.stand(here)
        phone.enrol(house.desk("admin").code("张河"))
        phone.shows("zone-card")
        phone.wait_ready()
        phone.context.set_offline(True)
        phone.tap("start-patrol")
        phone.shows("patrol-page")
        phone.tap("to-scan")
        phone.shows("patrol-page")
        expect(phone.shows("undo-bar")).to_contain_text("巡查点 1")
        expect(phone.at("checkpoint-list")).to_contain_text("1/8")
        # Taken back within the ten seconds, and scanned again.
        phone.at("undo-bar").get_by_role("button").first.tap()
        expect(phone.at("checkpoint-list")).to_contain_text("0/8")
        phone.tap("to-scan")
        expect(phone.at("checkpoint-list")).to_contain_text("1/8")
        keep(phone.page, "signed-by-code")
        phone.kill()

    # The page was killed; now the camera sees the label of a point of another zone.
    with phone_before(printed(OTHER, IDS.checkpoint("Z02", 1)), *at) as phone:
        phone.stand(here)
        phone.context.set_offline(True)
        phone.go("/patrol")
        expect(phone.at("checkpoint-list")).to_contain_text("1/8")
        phone.tap("to-scan")
        expect(phone.shows("scan-wrong")).to_contain_text("没签")
        keep(phone.page, "another-zone")
        box = phone.at("scan-typed").get_by_role("textbox")
        box.fill("1")
        phone.tap("scan-sign")
        expect(phone.at("scan-wrong")).to_contain_text("签过了")
        box.fill("2")
        phone.tap("scan-sign")
        phone.shows("patrol-page")
        expect(phone.at("checkpoint-list")).to_contain_text("2/8")
        phone.hold("patrol-end")
        phone.shows("patrol-end-page")
        expect(phone.at("patrol-end-page")).to_contain_text("巡查点签到：2/8")
        phone.at("patrol-copy").scroll_into_view_if_needed()
        keep(phone.page, "text-for-the-chat")
        phone.context.set_offline(False)
        phone.tap("patrol-submit")
        record = phone.just_saved("received")
        expect(phone.at("saved-page")).to_contain_text("记录：单位已收到")
        keep(phone.page, "saved")

    assert visits(desk, record) == [
        (FIRST, "normal", "code"),
        (FIRST, "withdrawn", "tap"),
        (FIRST, "normal", "code"),
        (SECOND, "normal", "typed"),
    ]
