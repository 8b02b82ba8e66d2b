"""Random histories: three phones, few records, lines of every kind, pushed in turns."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct

from hushui_sync.entry import Entry, Op, read
from hushui_sync.judge import OWN_ACTS
from hushui_sync.messages import Receipts
from tests.support import ids
from tests.support.books import ORG, OTHER_ZONE, ZONE, Books
from tests.support.phone import Phone, about, hazard, op

RECORDS = [ids.make(f"shared {i}") for i in range(3)]
VERIFIED = [ids.make(f"verification {i}") for i in range(2)]
HOUR_MS = 3_600_000
SHAS = ["ab" * 32, "cd" * 32]
EPOCH_GONE = f"{ids.make('an epoch long gone')}:3"


class Move(Struct, frozen=True):
    """One entry. The numbers choose among what there is when it is captured."""

    what: str
    record: int
    value: int
    seen: int
    wall: int


class Turn(Struct, frozen=True):
    who: int
    moves: tuple[Move, ...]
    pushes: bool
    hears: bool
    blob: bool


WHAT = (
    *("put", "put", "put", "two", "add", "new", "photo", "zone", "del", "undel", "settle"),
    *("bad", "lean", "replace", "replace", "abandon", "refer", "adopt", "decline", "dream", "raw"),
    *("review", "grant", "role", "nonsense", "old contact", "reissue"),
    *("verify", "repair", "repair", "shift", "shift", "leave", "leave"),
)
moves = st.builds(
    Move,
    what=st.sampled_from(WHAT),
    record=st.integers(0, 2),
    value=st.integers(0, 3),
    seen=st.integers(0, 2),
    wall=st.integers(-2_000, 2_000),
)
turns = st.builds(
    Turn,
    who=st.integers(0, 2),
    moves=st.lists(moves, min_size=1, max_size=4).map(tuple),
    pushes=st.booleans(),
    hears=st.booleans(),
    blob=st.booleans(),
)
histories = st.lists(turns, min_size=1, max_size=12)

Push = Callable[[Books, Phone], None]


class Play:
    """Plays a history. How lines are pushed is the caller's: it must not matter."""

    def __init__(self, push: Push) -> None:
        self.books = Books()
        self.push = push
        members = [("li", "member"), ("hu", "member"), ("wen", "duty_officer")]
        self.phones = [
            self.books.phone(self.books.person(name, role), f"phone of {name}")
            for name, role in members
        ]
        self.admin = self.books.phone(self.books.person("an", "admin"), "admin")
        self.system = self.books.phone(self.books.person("organisation", "system"), "system")
        self.seen: dict[str, dict[str, dict[str, str]]] = {}
        self.own: dict[str, list[str]] = {phone.device: [] for phone in self.phones}
        for i, record in enumerate(RECORDS):
            new = op("patrol", record, started=1) if i == 2 else hazard(record, zone=ZONE)
            self.capture(self.phones[0], new, -900_000)
        self.books.push(self.phones[0])
        for phone in self.phones:
            self.hear(phone)

    def play(self, history: list[Turn]) -> Books:
        for turn in history:
            phone = self.phones[turn.who]
            for move in turn.moves:
                self.move(phone, move)
            if turn.pushes:
                self.push(self.books, phone)
            if turn.hears:
                self.hear(phone)
            if turn.blob and self.books.world.blob(ORG, SHAS[turn.who % 2]) is None:
                self.books.blob(phone, SHAS[turn.who % 2])
            self.books.now += 1_000
        for phone in self.phones:
            self.push(self.books, phone)
        return self.books

    def hear(self, phone: Phone) -> None:
        self.books.hears(phone)
        self.seen[phone.device] = {
            id: {name: stamp.entry for name, stamp in self.books.record(id).stamps.items()}
            for id in RECORDS
        }

    def capture(self, phone: Phone, what: Op, wall: int = 0, **more: Any) -> str:
        entry = phone.capture(what, wall=self.books.now + wall, **more)
        self.own[phone.device].append(entry)
        return entry

    def base(self, phone: Phone, record: str, how: int) -> dict[str, str | None]:
        if how == 0:
            return {}
        if how == 2 and self.own[phone.device]:
            return dict.fromkeys(("note", "bank"), self.own[phone.device][-1])
        return dict(self.seen[phone.device].get(record, {}))

    def unaccepted(self, phone: Phone | None) -> list[str]:
        """Those something waits for come first."""
        known = self.books.world.changes.entries.values()
        person = None if phone is None else self.books.device(phone).person
        found = [k.id for k in known if k.unaccepted and person in (None, k.author)]
        return sorted(found, key=lambda id: not self.books.world.waiting(ORG, id))

    def move(self, phone: Phone, move: Move) -> None:
        record = RECORDS[move.record]
        kind = "patrol" if move.record == 2 else "hazard"
        base = self.base(phone, record, move.seen)
        match move.what:
            case "put" | "old contact":
                field = "summary" if kind == "patrol" else "note"
                what = op(kind, record, base=base, **{field: f"value {move.value}"})
                gone = move.what == "old contact"
                contact = EPOCH_GONE if gone else phone.at.contact
                self.capture(phone, what, move.wall, contact=contact)
            case "two":
                new = hazard(ids.make(f"two {phone.count}"), zone=ZONE)
                moved = op(kind, record, zone=OTHER_ZONE, base=base)
                phone.capture(new, moved, wall=self.books.now)
            case "add":
                visit = {"type": "visit", "checkpoint": record, "at": 1, "result": "normal"}
                self.capture(phone, op("patrol", RECORDS[2], "add", **visit), move.wall)
            case "new":
                fresh = ids.make(f"{phone.device} new {phone.count}")
                self.capture(phone, hazard(fresh, zone=ZONE), blobs=[SHAS[move.value % 2]])
            case "photo":
                sizes = {"width": 1, "height": 1, "size": 1, "taken": 1}
                picture = ids.make(f"{phone.device} photo {phone.count}")
                photo: dict[str, Any] = {
                    "subject": record,
                    "slot": "scene",
                    "sha256": SHAS[0],
                    **sizes,
                }
                self.capture(phone, op("photo", picture, **photo), blobs=SHAS)
            case "zone":
                zone = (ZONE, OTHER_ZONE)[move.value % 2]
                self.capture(phone, op(kind, record, zone=zone, base=base), move.wall)
            case "del" | "undel":
                self.capture(phone, op(kind, record, move.what, base=base), move.wall)
            case "settle":
                conflicts = self.books.record(record).conflicts
                field = conflicts[0].field if conflicts else "note"
                stamp = conflicts[0].entry if conflicts and move.value else ids.make("no stamp")
                stands = self.books.record(record).stamps.get(field)
                if stands is not None and move.value == 2:
                    stamp = stands.entry
                self.capture(phone, op(kind, record, "settle", field=field, stamp=stamp))
            case "bad":
                self.capture(phone, op("hazard", RECORDS[0], level="none", base=base), move.wall)
            case "nonsense":
                self.capture(phone, op(kind, record, zone=[{}], subject=[], started=None))
            case "lean":
                past = self.unaccepted(phone) or self.own[phone.device]
                lean = {"bank": past[-1 - move.value % len(past)]} if past else {}
                self.capture(phone, op("hazard", RECORDS[1], bank="left", base=lean), move.wall)
            case "replace":
                targets = self.unaccepted(phone) or [ids.make("nothing")]
                what = op(kind, record, zone=ZONE, base=base if move.seen else {})
                self.capture(phone, what, replaces=targets[move.value // 2 % len(targets)])
            case "abandon" | "refer" | "adopt" | "decline":
                own = phone if move.what in OWN_ACTS else None
                targets = self.unaccepted(own)
                target = targets[move.value % len(targets)] if targets else ids.make("nothing")
                self.capture(phone, about(move.what, target))
            case "dream":
                self.capture(phone, op("dream", record, base=base))
            case "raw":
                phone.raw((b"\xff", b"{}", b'{"v":1,"prev":"x"}', b"x" * 65_537)[move.value])
            case "review":
                version = self.books.record(record).version - move.value // 3
                review = self.books.record(record).review
                fields: dict[str, Any] = {
                    "target": record,
                    "version": max(version, 1),
                    "decision": ("approved", "returned", "rejected")[move.value % 3],
                    "reason": "why",
                }
                seen = {"$review": review.entry if review and move.seen else None}
                id = ids.make(f"{phone.device} review {phone.count}")
                self.capture(phone, op("review", id, **fields, base=seen))
            case "verify":
                fields = {"target": RECORDS[move.record % 2], "result": "pass"}
                self.capture(phone, op("verification", VERIFIED[move.value % 2], **fields))
            case "repair":
                self.capture(phone, self.repair(move))
            case "shift":
                self.capture(phone, self.shift(move))
            case "leave":
                self.system.capture(op(kind, record, "leave"), wall=self.books.now)
                self.push(self.books, self.system)
            case "grant":
                person = self.books.device(self.phones[move.record]).person
                id = ids.make(f"grant {move.record}")
                grant = {"person": person, "zone": OTHER_ZONE, "role": "member"}
                self.capture(phone, op("grant", id, **grant, ended=bool(move.value % 2)))
            case "role":
                roles = [["duty_officer"], ["member"]][move.value % 2]
                wen = self.books.device(self.phones[2]).person
                self.admin.capture(op("member", wen, name="文", code="1", roles=roles))
                self.push(self.books, self.admin)
            case "reissue":
                entries = [e for e in map(read, phone.lines) if isinstance(e, Entry)]
                if entries:
                    old = entries[move.record % len(entries)]
                    wall = old.at.wall + move.value % 2
                    blobs, replaces = old.blobs, old.replaces
                    phone.capture(*old.ops, id=old.id, blobs=blobs, replaces=replaces, wall=wall)
            case _:
                raise AssertionError(move.what)

    def repair(self, move: Move) -> Op:
        """Of one thing by one person after the other, or undone."""
        repair = ids.make(f"repair {move.value % 2}")
        if move.seen == 2:
            return op("repair", repair, ("del", "undel")[move.value // 2])
        person = self.books.device(self.phones[move.record]).person
        done: dict[str, Any] = {"plan": "抛石", "started": 1, "no_photo_reason": "夜里"}
        return op("repair", repair, target=RECORDS[move.value // 2], members=[person], **done)

    def shift(self, move: Move) -> Op:
        """Two that may overlap, with one person or another in them."""
        shift = ids.make(f"shift {move.value % 2}")
        if move.seen == 2:
            return op("duty_shift", shift, ("del", "undel")[move.value // 2])
        start = (move.value // 2 + move.value % 2) * 5 * HOUR_MS
        who = {"leader": RECORDS[0], "staff": [RECORDS[move.record]]}
        return op("duty_shift", shift, start=start, end=start + 8 * HOUR_MS, **who)


def at_once(books: Books, phone: Phone) -> None:
    assert isinstance(books.push(phone), Receipts)


def line_by_line(books: Books, phone: Phone) -> None:
    """Cut after each line, and each line twice; at the end the whole feed again."""
    for n in range(books.device(phone).n + 1, len(phone.lines) + 1):
        for _ in range(2):
            assert isinstance(books.take(phone, n, phone.lines[n - 1 : n]), Receipts)
    books.receipts(phone, 1)
