"""The office at its desk: the review queue in a browser, by what it shows."""

import time
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Request, expect

from hushui.demo.nanbeihe import CODE
from tests.e2e.house import PASSWORD


class Office:
    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page = context.new_page()
        self.url = url
        self.asked: list[float] = []
        """When the server was asked for records."""
        self.page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if "/api/records" in request.url:
            self.asked.append(time.monotonic())

    def sign_in(self) -> None:
        self.page.goto(f"{self.url}/office")
        for field, value in (("org", CODE), ("login", "zhouxun"), ("password", PASSWORD)):
            self.at(f"signin-{field}").locator("input").fill(value)
        self.press("signin-submit")
        expect(self.at("queue-rows")).to_be_visible(timeout=20_000)

    def at(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def press(self, testid: str) -> None:
        self.at(testid).locator("xpath=descendant-or-self::button").first.click()

    def row(self, record: str) -> Locator:
        return self.page.locator(f'[data-testid="queue-row"][data-record="{record}"]')

    def open(self, record: str) -> None:
        self.row(record).locator("button.open").click(timeout=20_000)
        pane = self.page.locator(f'[data-testid="record-pane"][data-record="{record}"]')
        expect(pane.get_by_test_id("record-fields")).to_be_visible(timeout=20_000)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}/office/{path}")

    def send_back(
        self, field: str, reason: str, before_sending: Any = None, lacking: str | None = None
    ) -> None:
        """退回补正 of the record that is open: at a field, and by its slot at a photo not taken."""
        self.page.keyboard.press("2")
        expect(self.at("return-panel")).to_be_visible()
        self.page.locator(f'[data-testid="pick-field"][data-field="{field}"]').click()
        if lacking:
            self.page.locator(f'[data-testid="pick-lacking"][data-slot="{lacking}"]').click()
        self.at("reason-own").locator("input, textarea").fill(reason)
        if before_sending:
            before_sending()
        self.press("reason-send")
        self.decided()

    def decided(self) -> None:
        expect(self.at("outcome")).to_have_attribute("data-outcome", "done", timeout=20_000)

    def settle(self) -> float:
        """From when on nothing was asked for two seconds."""
        while self.asked and time.monotonic() - self.asked[-1] < 2:
            self.page.wait_for_timeout(200)
        return time.monotonic()
