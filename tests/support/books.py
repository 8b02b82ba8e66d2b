"""A ledger in memory with the real rules: the core without a store."""

from collections.abc import Sequence
from typing import Any

import msgspec

from hushui.domain.policy import Domain
from hushui_sync.apply import again, blob_done
from hushui_sync.messages import BlobReceipt, Fork, PushAnswer, Receipt, Receipts
from hushui_sync.push import take
from hushui_sync.working import Nothing, World
from hushui_sync.world import Device, Record, Right, Spot
from tests.support import ids
from tests.support.phone import Phone

ORG = ids.make("org")
OTHER_ORG = ids.make("otherorg")
ZONE = ids.make("zone")
OTHER_ZONE = ids.make("otherzone")


class Books:
    """One organisation with people, to push lines at. Time stands unless a test moves it."""

    def __init__(self, policy: Any = None) -> None:
        self.world = World(Nothing(ids.EPOCH))
        self.policy = policy or Domain()
        self.now = ids.NOW
        self.devices: list[Device] = []
        self.seeded: list[Right] = []

    # people and phones --------------------------------------------------------------------------
    def person(
        self,
        name: str,
        *roles: str,
        org: str = ORG,
        team: str | None = None,
        zones: Sequence[str] = (ZONE,),
    ) -> str:
        person = ids.make(name)
        for role in roles or ("member",):
            self._right(person, "role", role)
        if team is not None:
            self._right(person, "team", team)
        for zone in zones:
            self.zone(person, zone)
        return person

    def zone(self, person: str, zone: str) -> None:
        self._right(person, "zone", zone)

    def _right(self, person: str, sort: str, value: str) -> None:
        right = Right(f"person:{person}", sort, value, person, 0)
        self.seeded.append(right)
        self.world.put_right(right)

    def phone(self, person: str, name: str, *, org: str = ORG, device: str = "") -> Phone:
        enrolled = Device(
            id=device or ids.make(name),
            org=org,
            person=person,
            key="key",
            label=name,
            enrolled=self.now - 1000,
            enrolled_number=self.world.ledger().number,
        )
        self.devices.append(enrolled)
        self.world.changes.devices[enrolled.id] = enrolled
        return Phone(enrolled.id)

    # pushing ------------------------------------------------------------------------------------
    def push(self, phone: Phone, start: int | None = None) -> PushAnswer:
        """Everything from `start` on; by default what the server does not hold yet."""
        begin = self.device(phone).n + 1 if start is None else start
        return self.take(phone, begin, phone.lines[begin - 1 :])

    def take(self, phone: Phone, start: int, lines: Sequence[bytes]) -> PushAnswer:
        return take(self.world, self.policy, self.device(phone), start, lines, self.now)

    def receipts(self, phone: Phone, start: int | None = None) -> tuple[Receipt, ...]:
        answer = self.push(phone, start)
        assert isinstance(answer, Receipts), answer
        return answer.receipts

    def receipt(self, phone: Phone) -> Receipt:
        return self.receipts(phone)[-1]

    def verdict(self, phone: Phone) -> tuple[str, str | None]:
        """Pushes and answers (verdict, code) of the newest line."""
        receipt = self.receipt(phone)
        return receipt.verdict, receipt.code

    def fork(self, phone: Phone, start: int, lines: Sequence[bytes]) -> tuple[Any, Any]:
        """Nothing may have been taken by it."""
        before = msgspec.json.encode(self.world.changes.receipts), self.device(phone)
        answer = self.take(phone, start, lines)
        assert isinstance(answer, Fork), answer
        assert before == (
            msgspec.json.encode(self.world.changes.receipts),
            self.device(phone),
        )
        return answer.n, answer.hash

    def blob(self, phone: Phone, sha: str) -> BlobReceipt:
        return blob_done(self.world, self.device(phone), sha, 1, self.now)

    def again(self, entry: str, org: str = ORG) -> list[Receipt]:
        known = self.world.entry(org, entry)
        assert known is not None
        return again(self.world, self.policy, known, self.now)

    # looking ------------------------------------------------------------------------------------
    @property
    def contact(self) -> str:
        ledger = self.world.ledger()
        return f"{ledger.epoch}:{ledger.number}"

    def hears(self, *phones: Phone) -> None:
        """The phones have been in contact now (T04)."""
        for phone in phones:
            phone.hear(self.contact)

    def device(self, phone: Phone) -> Device:
        found = self.world.device(phone.device)
        assert found is not None
        return found

    def record(self, record: str) -> Record:
        found = self.world.record(record)
        assert found is not None
        return found

    def newest(self, phone: Phone, n: int) -> tuple[str, str | None, str | None]:
        """(verdict, code, waits) of a line."""
        receipt = self.world.newest(phone.device, n)
        assert receipt is not None
        return receipt.verdict, receipt.code, receipt.waits

    def rows(self, scope: str) -> dict[str, Spot]:
        """The live rows of a scope."""
        return {
            r: s for (sc, r), s in self.world.changes.spots.items() if sc == scope if not s.gone
        }

    def unaccepted(self, person: str) -> set[str]:
        return {row for row in self.rows(f"person:{person}") if row.startswith("u:")}
