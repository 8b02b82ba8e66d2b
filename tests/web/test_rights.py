"""Every cell of the rights table, done for real over HTTP; and the wall between organisations."""

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from itertools import count, product
from typing import Any, get_args

import pytest
from httpx import Response
from msgspec import Struct, structs

from hushui.domain.access import ALL, TABLE, Action, Post
from hushui.domain.scope import OF_ORGANISATION
from hushui.kinds import KINDS
from hushui.kinds.fields import Field
from hushui.ledger import BlobDone
from tests.support import ids
from tests.support.phone import op
from tests.web.cells import (
    FOLLOWING,
    HELD,
    POSTS,
    WAYS,
    WRITTEN,
    Cell,
    Town,
    Where,
    cells,
    places,
    push_all,
    says,
)
from tests.web.house import Handset, House, apart, hazard_fields, metadata, problem
from tests.web.test_sync import Shelf

MODES = ("now", "then", "unknown")
"""By which rights a line is judged: it knew the newest, only those before the appointment, or names
a contact that no ledger has (A02, A03)."""


# the table is exercised whole --------------------------------------------------------------------
def test_every_post_action_and_kind_of_the_table_is_exercised_below() -> None:
    done = {(post, cell.action, cell.kind) for post in POSTS for cell in cells()}
    said = {(row.post, row.action, kind) for row in TABLE for kind in row.kinds}
    assert said - done == set(), "no act of the protocol can mean this: it is nobody's right"
    assert {cell.action for cell in cells()} == set(get_args(Action))
    assert set(POSTS) == set(HELD)
    assert {cell.kind for cell in cells()} == {*KINDS, "entry"} == {*ALL, "entry"}
    put = {(cell.action, cell.kind, cell.where) for cell in cells()}
    for row in TABLE:
        for kind in row.kinds:
            assert WAYS[row.action][kind], (row, kind)
            assert row.whose == "org" or (row.action, kind, row.whose) in put, (row, kind)


def test_no_cell_stands_in_the_table_twice() -> None:
    """A row that another covers would hide that one of them was taken away."""
    seen: dict[tuple[str, str, str], set[str]] = {}
    for row in TABLE:
        for kind in row.kinds:
            whose = seen.setdefault((row.post, row.action, kind), set())
            assert row.whose not in whose
            assert "org" not in whose
            whose.add(row.whose)


# writing -----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Stage"]:
    with House(tmp_path_factory.mktemp("town")) as house:
        yield Stage(Town(house))


class Stage:
    """For each post, mode and cell something of its own to act upon."""

    def __init__(self, town: Town) -> None:
        self.town = town
        plan = [(post, mode, cell) for post in POSTS for mode in MODES for cell in acted(mode)]
        subjects = [
            town.about(cell.kind, post, cell.where)
            if cell.way != "new" or cell.where == "foreign"
            else ""
            for post, _, cell in plan
        ]
        town.push(town.third, town.beyond)
        self.things = {
            (post, mode, cell): town.make(cell.kind, post, cell.where, subject) if subject else ""
            for (post, mode, cell), subject in zip(plan, subjects, strict=True)
        }
        town.push(*town.everybody())
        meddling = [town.meddle(key[2], thing) for key, thing in self.things.items() if thing]
        for receipt in town.house.ledger.drain([line for line in meddling if line]):
            assert receipt.verdict in ("applied", "merged"), receipt
        town.appoint()


def acted(mode: str) -> list[Cell]:
    """By the rights of now every cell; by the others what is somebody else's and nowhere special:
    there the rights make the difference."""
    return [cell for cell in WRITTEN if mode == "now" or cell.where == "others"]


def wanted(post: Post, mode: str, cell: Cell) -> tuple[str, str | None]:
    """(verdict, code) of the receipt."""
    if says(HELD[post], cell):
        # The fields of a review are written once: there is no conflict to settle.
        idle = cell.kind == "review" and cell.way == "settle"
        return ("noop", "already") if idle else ("applied", None)
    if cell.where == "foreign":
        return "refused", None
    fact = cell.way not in ("settle", "adopt", "decline", "decide") and (
        cell.kind in KINDS and KINDS[cell.kind].family == "fact"
    )
    if mode == "then" and says({"patroller", "office", "admin"}, cell):
        return ("applied", None) if fact else ("held", "right_lost")
    if mode == "unknown" and fact:
        return "held", "contact_unknown"
    return "refused", "no_right"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("post", POSTS)
def test_A01_A02_A03_A04_each_may_write_what_the_table_says_and_nothing_else(
    town: Stage, post: Post, mode: str
) -> None:
    phone, house = town.town.phones[post], town.town.house
    ledger = house.store.ledger()
    contact = {
        "now": f"{ledger.epoch}:{ledger.number}",
        "then": phone.phone.at.contact,
        "unknown": f"{ids.make('an epoch long gone')}:7",
    }[mode]
    begun = len(phone.phone.lines)
    before = {}
    for cell in acted(mode):
        thing = town.things[post, mode, cell]
        before[cell] = house.store.record(thing)
        phone.phone.capture(town.town.act(cell, thing, post), contact=contact)
    receipts = push_all(phone)
    assert receipts[0]["n"] == begun + 1
    wrong = []
    for cell, receipt in zip(acted(mode), receipts, strict=True):
        verdict, code = wanted(post, mode, cell)
        said = receipt["verdict"], receipt["code"]
        if said[0] != verdict or (cell.where != "foreign" and said[1] != code):
            wrong.append(f"{cell}: {said}, not {verdict} {code}")
        elif said[0] != "applied":
            after = house.store.record(town.things[post, mode, cell])
            if after != before[cell]:
                wrong.append(f"{cell}: {said}, and yet it was written")
    assert not wrong, f"{len(wrong)} of {len(receipts)}\n" + "\n".join(wrong)


# reading -----------------------------------------------------------------------------------------
class Thing(Struct, frozen=True):
    record: str
    blob: bytes
    sender: Handset

    @property
    def sha256(self) -> str:
        return sha256(self.blob).hexdigest()


class Shelves:
    """For each post a record of every kind in every place, each with a photo's bytes."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.things = {
            (post, Cell("read_records", kind, where, "read")): self._put(post, kind, where)
            for post in POSTS
            for kind in ALL
            for where in places(kind)
        }
        town.push(*reversed(town.everybody()))
        done = [self._upload(thing) for thing in self.things.values()]
        assert len(town.house.ledger.drain(done)) == len(done)
        town.appoint()

    def _put(self, post: Post, kind: str, where: Where) -> Thing:
        """Where that is which follows a record, and whose, is where and whose its record is."""
        town, zone, author = self.town, self.town.zones[post, where], self.town.author(post, where)
        subject = ""
        if kind in FOLLOWING:
            subject = town.id("subject")
            author.phone.capture(op("hazard", subject, **town.fields("hazard", zone)))
            author = town.beyond if where == "foreign" else town.third
        record, blob = town.id(kind), f"\xff\xd8\xff {post} {kind} {where}".encode("latin-1")
        fields = town.fields(kind, zone, subject, town.named(post, where))
        author.phone.capture(op(kind, record, **fields), blobs=[sha256(blob).hexdigest()])
        return Thing(record, blob, author)

    def _upload(self, thing: Thing) -> BlobDone:
        """As a whole upload leaves it; how that goes is shown elsewhere."""
        sha = thing.sha256
        folder = self.town.house.settings.data / "blobs" / sha[:2]
        folder.mkdir(exist_ok=True)
        (folder / sha[2:]).write_bytes(thing.blob)
        return BlobDone(thing.sender.device, sha, len(thing.blob))


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelves]:
    with House(tmp_path_factory.mktemp("shelves")) as house:
        yield Shelves(Town(house))


def reads(posts: set[Post], cell: Cell) -> bool:
    """What travels in the organisation's own scope every member reads, by S01."""
    foreign = cell.where == "foreign"
    return says(posts, cell) or (cell.kind in OF_ORGANISATION and not foreign)


def one_of(answer: Response) -> bool:
    """Shown, or not found: nothing between."""
    if answer.status_code == 200:
        return True
    assert problem(answer) == (404, "not_found")
    return False


def listed(phone: Handset) -> set[str]:
    found: list[str] = []
    more = True
    while more:
        after = f"&after={found[-1]}" if found else ""
        page = phone.send("GET", f"/api/records?limit=200{after}").json()
        found += [item["record"] for item in page["records"]]
        more = page["more"]
    assert len(found) == len(set(found))
    return set(found)


def counted(phone: Handset) -> Counter[str]:
    found = phone.send("GET", "/api/records/counts").json()["counts"]
    return Counter({kind: sum(states.values()) for kind, states in found.items()})


@pytest.mark.parametrize("post", POSTS)
def test_A04_what_is_counted_is_what_is_listed(shelves: Shelves, post: Post) -> None:
    phone = shelves.town.phones[post]
    kinds = (phone.send("GET", f"/api/records/{id}").json()["body"]["kind"] for id in listed(phone))
    assert counted(phone) == Counter(kinds)


@pytest.mark.parametrize("post", POSTS)
def test_A04_B06_S01_each_reads_what_the_table_says_by_every_route(
    shelves: Shelves, post: Post
) -> None:
    phone = shelves.town.phones[post]
    shelf = Shelf(phone)
    shelf.round(bytes=1_048_576)
    pulled = {record for held in shelf.rows.values() for record in held}
    in_list, wrong = listed(phone), []
    for (whom, cell), thing in shelves.things.items():
        if whom != post:
            continue
        got = {
            "list": thing.record in in_list,
            "one": one_of(phone.send("GET", f"/api/records/{thing.record}")),
            "history": one_of(phone.send("GET", f"/api/records/{thing.record}/history")),
            "blob": one_of(phone.send("GET", f"/api/blobs/{thing.sha256}")),
            "pull": thing.record in pulled,
        }
        shown = reads(HELD[post], cell)
        # The office reads everything, and pulls only what would be anybody's (S01).
        want = dict.fromkeys(got, shown) | {"pull": reads(HELD[post] - {"office"}, cell)}
        if got != want:
            wrong.append(f"{cell}: {got}, not {want}")
    assert not wrong, "\n".join(wrong)


def test_R04_unaccepted_lines_are_read_by_their_author_and_by_who_may_adopt_them(
    town: Stage,
) -> None:
    for post in POSTS:
        phone = town.town.phones[post]
        answer = phone.send("GET", "/api/unaccepted")
        if says(HELD[post], Cell("adopt", "entry", "others", "adopt")):
            authors = {line["author"] for line in answer.json()["lines"]}
            assert set(town.town.people.values()) <= authors
            assert phone.house.store.device(town.town.stranger.device).person not in authors  # type: ignore[union-attr]
        else:
            assert problem(answer) == (403, "forbidden")
        shelf = Shelf(phone)
        shelf.round(bytes=1_048_576)
        own = {row for held in shelf.rows.values() for row in held if row.startswith("u:")}
        assert own
        assert {row.split(":")[1] for row in own} == {phone.device}


# what is beside the table ------------------------------------------------------------------------
def test_A01_V06_nobody_approves_his_own_record_by_settling_its_review(house: House) -> None:
    """The office may settle conflicts of a review; a decision is something else."""
    officer, second = house.enrol(house.office), house.enrol(house.member("郑", "secretary"))
    own, review = officer.hazard("my own"), ids.make("review")
    officer.push()
    returned = {"target": own, "version": 1, "decision": "returned", "reason": "长度不符"}
    first = second.phone.capture(op("review", review, **returned, base={"$review": None}))
    second.push()
    settle = {"field": "decision", "stamp": first, "decision": "approved", "version": 1}
    officer.phone.capture(op("review", review, "settle", **settle, base={"$review": first}))
    assert officer.push(2).json()["receipts"][0]["verdict"] != "applied"
    body = officer.send("GET", f"/api/records/{own}").json()["body"]
    assert body["review"]["decision"] == "returned"


# the wall between organisations ------------------------------------------------------------------
class Beyond(Struct, frozen=True):
    """One id of everything the other organisation has."""

    record: str
    review: str
    zone: str
    team: str
    person: str
    device: str
    org: str
    entry: str
    held: str
    blob: str
    upload: str

    def nothing(self) -> "Beyond":
        """Ids beside these, of the same time, that name nothing at all."""
        return Beyond(*(beside(value) for value in structs.astuple(self)))


def beside(id: str) -> str:
    digits = "0123456789abcdef" if len(id) == 64 else "0123456789abcdefghijklmnopqrstuv"
    return id[:-1] + digits[digits.index(id[-1]) ^ 1]


@pytest.fixture
def beyond(house: House) -> Beyond:
    theirs = house.enrol(house.stranger, org=house.other_org)
    person = house.member("谭二", "duty_officer", org=house.other_org)
    second = house.enrol(person, org=house.other_org)
    zone, team = ids.make("zone beyond"), ids.make("team beyond")
    shape = {name: KINDS["zone"].valid[name] for name in ("polygon", "line", "chainage_start")}
    house.system(
        op("team", team, name="外队"),
        op("zone", zone, code="430422-XT-Z01", name="外区", team=team, **shape),
        org=house.other_org,
    )
    photo, begun = b"\xff\xd8\xff beyond", b"\xff\xd8\xff half way"
    names = [sha256(blob).hexdigest() for blob in (photo, begun)]
    record = theirs.hazard("theirs", *names, zone=zone)
    entry = theirs.phone.capture(op("hazard", record, note="twice"))
    held = theirs.phone.capture(op("dream", ids.make("dream")))
    assert [receipt["verdict"] for receipt in push_all(theirs)] == ["applied", "applied", "held"]
    where = theirs.upload(photo).headers["location"]
    assert theirs.patch(where, 0, photo).status_code == 204
    half = theirs.upload(begun).headers["location"]
    assert theirs.patch(half, 0, begun[:5]).status_code == 204
    review = ids.make("review beyond")
    decision = {"target": record, "version": 2, "decision": "approved"}
    second.phone.capture(op("review", review, **decision, base={"$review": None}))
    assert push_all(second)[0]["verdict"] == "applied"
    upload = half.rsplit("/", 1)[-1]
    return Beyond(
        record, review, zone, team, house.stranger, theirs.device, house.other_org, entry, held,
        names[0], upload,
    )  # fmt: skip


Asked = tuple[str, dict[str, Any]]
"""Path and the rest of a request."""
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Upload-Offset": "5", "Content-Type": "application/offset+octet-stream"}


def requests_naming(path: str, b: Beyond, caller: Handset) -> list[Asked] | None:
    """The route asked for everything of theirs that it takes an id of; None: it is not known here.
    A list without anything: the route takes no id."""
    every = (
        b.record,
        b.review,
        b.zone,
        b.team,
        b.person,
        b.device,
        b.org,
        b.entry,
        b.upload,
        b.blob,
    )
    epoch = caller.house.store.ledger().epoch
    hello = {"app": "x", "head": {"n": 0, "hash": "0" * 32}, "wall": 0, "contact": f"{epoch}:0"}
    key, cursor = (
        {"key": "a2V5", "label": ""},
        {"epoch": epoch, "position": 0, "digest": "A" * 22 + "=="},
    )
    scopes = (f"zone:{b.zone}", f"team:{b.team}", f"person:{b.person}", f"org:{b.org}",
              f"device:{b.device}")  # fmt: skip
    buckets = {"epoch": epoch, "position": 0, "buckets": "A" * 1_366 + "=="}
    uploads = {**TUS, "Upload-Length": "9", "Upload-Metadata": metadata(b.blob)}
    mine = caller.device
    match path:
        case "/api/records/{record}" | "/api/records/{record}/history":
            return [(path.replace("{record}", id), {}) for id in every]
        case "/api/records":
            names = ("zone", "person", "after", "kind", "q")
            both = [f"{path}?person={id}&zone={b.zone}" for id in (b.person, b.device)]
            one = [f"{path}?limit=200&{name}={b.zone}" for name in names]
            return [(where, {}) for where in (*one, *both)]
        case "/api/records/counts":
            return [(f"{path}?{name}={id}", {}) for name in ("zone", "person", "q") for id in every]
        case "/api/blobs":
            return [(path, {"headers": uploads})]
        case "/api/blobs/{name}":
            return [
                (path.replace("{name}", id), {"headers": PIECE, "content": b"x"}) for id in every
            ]
        case "/api/rescue/{sha256}":
            return [(path.replace("{sha256}", id), {}) for id in every]
        case "/api/codes":
            return [(path, {"json": {"person": id}}) for id in every if len(id) == 26]
        case "/api/accounts":
            people = [id for id in every if len(id) == 26]
            return [(path, {"json": {"person": id, "login": "xx"}}) for id in people]
        case "/api/accounts/reset":
            return [(path, {"json": {"login": id}}) for id in (b.person, b.org)]
        case "/api/exports/{name}":
            where = path.replace("{name}", "hazard.csv")
            filters = ("zone", "person", "q")
            return [(f"{where}?{name}={id}", {}) for name in filters for id in every]
        case "/api/figures":
            return [(f"{path}?zone={id}", {}) for id in every if len(id) == 26]
        case "/api/sync/hello":
            return [(path, {"json": {"device": b.device, **hello}})]
        case "/api/sync/push":
            return [(f"{path}?device={b.device}&from=1", {"content": b"x\n"})]
        case "/api/sync/pull":
            told = [{"scope": scope, **cursor} for scope in scopes]
            return [
                (path, {"json": {"device": b.device}}),
                (path, {"json": {"device": mine, "cursors": told}}),
            ]
        case "/api/sync/check":
            told = [{"device": mine, "scope": scope, **buckets} for scope in scopes]
            named = [{**body, "buckets": None, "records": [b.record]} for body in told]
            others = {**told[0], "device": b.device}
            return [(path, {"json": body}) for body in (*told, *named, others)]
        case "/api/enrol":
            return [
                (path, {"json": {"code": id, "device": ids.make("new"), **key}})
                for id in (b.record, b.entry)
            ]
        case "/api/pin-reset":
            return [(path, {"json": {"code": id, "device": mine}}) for id in (b.record, b.entry)]
        case "/api/session":
            account = {"org": b.org, "login": b.person, "password": "x", "device": mine}
            return [(path, {"json": {**account, **key}})]
        # What is in a bundle names ids: test_rescue.py, another organisation's device.
        case "/api/rescue":
            return []
        case "/api/live" | "/api/unaccepted" | "/api/devices" | "/api/orgs/me" | "/api/health":
            return []
        case "/api/people.xlsx" | "/api/people/preview" | "/api/accounts/password":
            return []
        case _:
            return None


def plain(answer: Response, *names: Beyond) -> tuple[int, object]:
    """What an answer says, without the ids that were asked for, and without receipts and clocks."""
    text = answer.text
    for number, name in enumerate(zip(*map(structs.astuple, names), strict=True)):
        for id in name:
            text = text.replace(id, f"<{number}>")
    clocks = ("content-length", "date", "retry-after")
    headers = {k: v for k, v in answer.headers.items() if k not in clocks}
    return answer.status_code, (text, headers)


def test_A04_every_route_answers_a_foreign_id_like_one_that_does_not_exist(
    house: House, beyond: Beyond
) -> None:
    """Device ids are the exception: they are one name-space for all (P10, N01)."""
    nothing = beyond.nothing()
    callers = [house.enrol(person) for person in (house.office, house.admin, house.patroller)]
    found, asked, shown = house.client.get("/api/schema").json(), 0, []
    for path, methods in found["paths"].items():
        for caller in callers:
            theirs = requests_naming(path, beyond, caller)
            assert theirs is not None, f"{path} is new: say here which ids it takes"
            pairs = list(zip(theirs, requests_naming(path, nothing, caller) or [], strict=True))
            for method, pair in product(methods, pairs):
                answers = [caller.send(method.upper(), where, **request) for where, request in pair]
                said = [plain(answer, beyond, nothing) for answer in answers]
                asked += 1
                if said[0] != said[1]:
                    shown.append(f"{method} {pair[0]}: {said[0]} but {said[1]}")
    assert not shown, "\n".join(shown)
    assert asked > 150


def naming(b: Beyond) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every kind once with each of its references, also those in rows, to something of theirs."""

    def theirs(field: Field) -> Any:
        known = {"member": b.person, "zone": b.zone, "team": b.team}
        id = known.get(field.kind or "", b.record)
        return [id] if field.type == "refs" else id

    for code, kind in KINDS.items():
        for name, field in kind.fields.items():
            if field.type in ("ref", "refs"):
                yield code, {**kind.valid, name: theirs(field)}
            for inner, part in (field.fields or {}).items():
                if part.type == "ref":
                    row = (kind.valid.get(name) or [{}])[0]
                    yield code, {**kind.valid, name: [{**row, inner: theirs(part)}]}


def lines_naming(b: Beyond, phone: Handset) -> None:
    """One line for every place of an entry that can name something, but for what is made."""
    house, mine = phone.house, phone.hazard(f"mine of {phone.device}")
    decision = {"version": 1, "decision": "approved"}
    place = {"name": "点", "number": 1, "chainage": 1}
    new = (ids.make(f"new {number} {phone.device}") for number in count())
    for line in (
        op("hazard", b.record, "add", said="x"),
        op("hazard", b.record, "del"),
        op("hazard", b.record, "undel"),
        op("hazard", b.record, "settle", field="note", stamp=b.entry),
        op("hazard", mine, "settle", field="note", stamp=b.entry),
        op("hazard", mine, note="based", base={"note": b.entry}),
        op("hazard", mine, zone=b.zone),
        op("hazard", next(new), **hazard_fields({"zone": b.zone, "note": "in their zone"})),
        op("patrol", next(new), started=1, companions=[b.person]),
        *(op(kind, next(new), **apart(kind, fields)) for kind, fields in naming(b)),
        op("review", next(new), target=b.record, **decision),
        op("grant", next(new), person=b.person, zone=house.zone, role="member"),
        op("grant", next(new), person=house.patroller, zone=b.zone, role="lead"),
        op("member", next(new), name="甲", code="1", roles=["member"], team=b.team),
        op("zone", b.zone, "del"),
        op("team", next(new), name="队", leader=b.person),
        op("checkpoint", next(new), zone=b.zone, **place),
        op("device", next(new), person=b.person),
        op("device", b.device, "del"),
        op("member", b.person, "del"),
        *(
            op("entry", b.held, act, entry=b.held)
            for act in ("abandon", "refer", "adopt", "decline")
        ),
        *(op("entry", b.device, act, entry=f"{b.device}:3") for act in ("adopt", "decline")),
    ):
        phone.phone.capture(line, blobs=[b.blob])
    phone.phone.capture(op("hazard", mine, note="instead"), replaces=b.held)


def test_A04_a_line_that_names_something_foreign_is_answered_like_one_that_names_nothing(
    house: House, beyond: Beyond
) -> None:
    house.system(op("member", house.office, name="周汛", code="1", roles=["duty_officer", "admin"]))
    told = []
    for number, b in enumerate((beyond, beyond.nothing())):
        phone = house.enrol(house.office, f"desk {number}")
        lines_naming(b, phone)
        members = ("verdict", "code", "op", "field", "waits")
        told.append([tuple(receipt[name] for name in members) for receipt in push_all(phone)])
        lines = [json.loads(line)["ops"][0] for line in phone.phone.lines]
    differ = [
        (line["kind"], line["act"], theirs, nobodys)
        for line, theirs, nobodys in zip(lines, *told, strict=True)
        if theirs != nobodys
    ]
    assert differ == []


def test_A04_a_record_under_a_foreign_id_is_refused_and_changes_nothing(
    house: House, beyond: Beyond
) -> None:
    """Record ids are one name-space: here alone a foreign one is told apart from none."""
    house.system(op("member", house.office, name="周汛", code="1", roles=["duty_officer", "admin"]))
    phone = house.enrol(house.office)
    names = {
        "hazard": beyond.record,
        "review": beyond.review,
        "zone": beyond.zone,
        "team": beyond.team,
        "member": beyond.person,
        "device": beyond.device,
    }
    before = {id: house.store.record(id) for id in names.values()}
    for kind, id in names.items():
        for other in {kind, "event"}:
            phone.phone.capture(op(other, id, **KINDS[other].valid))
            phone.phone.capture(op(other, id, note="theirs", revoked=True))
    said = {(r["verdict"], r["code"], r["field"]) for r in push_all(phone)}
    assert said == {("refused", "required", "record")}
    assert before == {id: house.store.record(id) for id in names.values()}
    assert house.store.device(beyond.device).revoked is None  # type: ignore[union-attr]
    held = house.store.entry(house.other_org, beyond.held)
    assert held is not None
    assert (held.verdict, held.given_up) == ("held", False)


def test_A04_a_right_to_a_foreign_zone_or_team_opens_nothing(house: House, beyond: Beyond) -> None:
    leader = house.member("队长", "member", "team_leader")
    house.system(
        op(
            "member",
            leader,
            name="队长",
            code="9",
            roles=["member", "team_leader"],
            team=beyond.team,
        ),
        op("grant", ids.make("taken"), person=house.patroller, zone=beyond.zone, role="lead"),
    )
    for person in (leader, house.patroller):
        phone = house.enrol(person)
        for asked in (phone.hello().json(), phone.pull().json()):
            assert f"zone:{beyond.zone}" not in asked["grants"]
            assert f"team:{beyond.team}" not in asked["grants"]
        assert beyond.record not in phone.pull(bytes=1_048_576).text
        assert beyond.record not in phone.send("GET", "/api/records").text
        check = {
            "device": phone.device,
            "scope": f"zone:{beyond.zone}",
            "epoch": house.store.ledger().epoch,
            "position": house.store.heads([f"zone:{beyond.zone}"])[f"zone:{beyond.zone}"],
            "buckets": "A" * 1_366 + "==",
        }
        assert problem(phone.send("POST", "/api/sync/check", json=check)) == (404, "not_found")
        check |= {"buckets": None, "records": [beyond.record]}
        assert problem(phone.send("POST", "/api/sync/check", json=check)) == (404, "not_found")
        check["scope"] = f"device:{phone.device}"
        assert phone.send("POST", "/api/sync/check", json=check).json()["rows"] == []


def test_A04_nobody_writes_into_a_foreign_scope(house: House, beyond: Beyond) -> None:
    ours = house.enrol(house.patroller)
    record = ours.hazard("ours", zone=beyond.zone)
    assert ours.push().json()["receipts"][0]["verdict"] == "applied"
    assert record not in {id for id, _ in house.store.members(f"zone:{beyond.zone}")}
    assert record not in {id for id, _ in house.store.members(f"zone:{house.zone}")}
    assert record in {id for id, _ in house.store.members(f"person:{house.patroller}")}
