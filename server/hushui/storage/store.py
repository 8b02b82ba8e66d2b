"""The store: one narrow interface; `tests/storage/contract.py` is its meaning.

Synchronous, called from threads. One writer (`transaction`), any number of readers. Everything that
belongs to an organisation carries its id, and no query answers across organisations (A04).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from msgspec import Struct

from hushui_sync.entry import Entry
from hushui_sync.messages import BlobReceipt, Receipt, Row
from hushui_sync.world import (
    Changes,
    Device,
    KnownEntry,
    Ledger,
    Line,
    Reader,
    Record,
    Right,
    ScopeHead,
    Spot,
)


class Org(Struct, frozen=True):
    id: str
    code: str
    """Short name typed at sign-in, unique on the server."""
    name: str
    demo: bool
    system_device: str


class Reporters(Struct, frozen=True):
    """Who made records, the zones these travel in, and who made one that travels in none."""

    authors: frozenset[str]
    zones: frozenset[str]
    elsewhere: frozenset[str]


class Account(Struct, frozen=True):
    """An office sign-in. ``password`` is an argon2id hash; ``once``: somebody else gave it out, and
    it is changed at the first sign-in, which must come before ``expires`` (ms; None: whenever)."""

    org: str
    login: str
    person: str
    password: str
    once: bool = False
    expires: int | None = None


class Code(Struct, frozen=True):
    """An enrolment code or a fork's ticket; bound to the first device that presents it (N01).
    ``feed`` is the device whose feed a ticket goes on."""

    code: str
    org: str
    person: str
    made: int
    expires: int
    device: str | None = None
    key: str | None = None
    feed: str | None = None


class Session(Struct, frozen=True):
    token_hash: str
    org: str
    person: str
    device: str
    expires: int


class Lost(Struct, frozen=True):
    """Lines ``first`` to ``last`` are nowhere any more, as their device said (P11); since when that
    is known (ms)."""

    first: int
    last: int
    at: int


class Contact(Struct, frozen=True):
    """What a device announced in its last hello (H01). ``steps``: up to which lines its feed went,
    and since when (ms) that is known, as far as they were not here then; in order."""

    device: str
    at: int
    n: int
    hash: str
    pending_lines: int
    pending_blobs: int
    app: str
    offset: int
    purged: tuple[dict[str, Any], ...] = ()
    steps: tuple[tuple[int, int], ...] = ()


class Upload(Struct, frozen=True):
    """A tus upload that is not complete yet."""

    id: str
    org: str
    device: str
    sha256: str
    length: int
    type: str
    expires: int


class Term(Struct, frozen=True, kw_only=True):
    """One thing a person searched for. A record has it when any of these holds.

    ``text``: it stands in its words. ``codes``: (kind, code): it is of the kind and has the code of
    a choice among its words. ``kinds``: it is of one of them. ``ids``: it is one of these, was
    written by one of them, names one, or travels in one as its zone. ``chainage``: (from, to) in
    metres touches the record's own. ``captured``: from, to (not included) in milliseconds.
    """

    text: str | None = None
    codes: tuple[tuple[str, str], ...] = ()
    kinds: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    chainage: tuple[float, float] | None = None
    captured: tuple[int, int] | None = None


class Ending(Struct, frozen=True):
    """What ends a record: another one of this kind about it, whose field says this. Deleted and
    rejected ones end nothing, nor does one with the flag ``unless``."""

    kind: str
    field: str
    value: str
    unless: str = ""


class RecordQuery(Struct, frozen=True, kw_only=True):
    """Filters of GET /api/records; None = any. Newest first, ``after`` is the last id shown."""

    org: str
    scopes: frozenset[str] | None
    """Scopes the caller may see; None = the whole organisation."""
    kind: str | None = None
    zone: str | None = None
    person: str | None = None
    state: str | None = None
    """pending, approved, returned, rejected: of the newest version. counted: all but rejected."""
    since: int | None = None
    until: int | None = None
    by: str | None = None
    """The field of time that ``since`` and ``until`` bound; None = the effective time."""
    by_either: bool = False
    """Where ``by`` is not filled the effective time counts; needs ``kind``."""
    q: str | None = None
    terms: tuple[Term, ...] = ()
    """All of them must hold."""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(field, codes): it holds one of them. ``true``/``false`` for a yes or no; the empty code:
    nobody filled it."""
    ending: Ending | None = None
    open_at: int | None = None
    """Captured before this moment, and no ending before it."""
    ended: tuple[int, int] | None = None
    """Its first ending was captured from, to (not included)."""
    after: str | None = None
    limit: int = 50
    deleted: bool = False
    conflict: bool = False
    """Only those with an open conflict."""


class Former(Struct, frozen=True):
    """What was said of a line by the ledger whose place this one took."""

    verdict: str
    code: str | None


class HistoryLine(Struct, frozen=True):
    """One line that speaks of a record, with its receipts in order."""

    line: Line
    receipts: tuple[Receipt, ...]
    former: Former | None = None


class StoredReceipt(Struct, frozen=True):
    """A receipt as it lies there. ``seq`` counts from 1 in commit order; ``n`` or ``blob`` is None;
    ``json`` is what R02 hashes, and ``positions`` what it allocated, as R02 joins them."""

    seq: int
    epoch: str
    number: int
    device: str
    n: int | None
    blob: str | None
    code: str | None
    at: int
    json: bytes
    chain: str
    positions: str


class StoredRecord(Struct, frozen=True):
    """A record as it lies there: the columns that queries use, the JSON of its row (``body``) and
    of the whole `Record` (``inner``). ``seq`` ties it to its words."""

    seq: int
    id: str
    org: str
    kind: str
    author: str
    captured: int
    deleted: int
    subject: str | None
    state: str
    body: bytes
    inner: bytes


class Misfit(Struct, frozen=True):
    """A value that is not of the type its column is declared with."""

    table: str
    key: tuple[Any, ...]
    column: str


class Store(Reader, Protocol):
    # one writer -------------------------------------------------------------------------------
    def transaction(self) -> AbstractContextManager[None]:
        """BEGIN IMMEDIATE … COMMIT with one fsync; any exception rolls all of it back.

        Raises StoreFull, StoreBusy or StoreBroken (errors.py) for what is the machine's fault.
        """

    def reading(self) -> AbstractContextManager[None]:
        """Everything the thread reads inside is of one moment: heads, pages and digests agree."""

    def foresee(
        self, pushes: Sequence[tuple[str, Sequence[Entry]]]
    ) -> Mapping[tuple[str, tuple[Any, ...]], Any]:
        """What taking these entries of these devices will ask, looked up together: by method of
        Reader and arguments, each answer as that method gives it. It need not be all of it."""

    def write(self, changes: Changes) -> None: ...
    def new_epoch(self, epoch: str) -> None:
        """Inside a transaction: the ledger goes on under a new epoch and goes on counting."""

    def put_org(self, org: Org) -> None: ...
    def put_account(self, account: Account) -> None: ...
    def put_code(self, code: Code) -> None: ...
    def put_token(self, token_hash: str, device: str) -> None: ...
    def put_session(self, session: Session) -> None: ...
    def end_session(self, token_hash: str) -> None: ...
    def end_sessions(self, org: str, person: str, keep: str | None = None) -> None:
        """All of a person's; ``keep`` is the hash of the one that goes on."""

    def put_contact(self, contact: Contact) -> None: ...
    def forget_contacts(self, before: int) -> None:
        """Of devices not heard from since (ms) whose announced lines are all here."""

    def forget_codes(self, before: int) -> None:
        """Codes and tickets that ended before (ms)."""

    def put_upload(self, upload: Upload) -> None: ...
    def end_upload(self, upload: str) -> None: ...
    def count_attempt(self, key: str, now: int, window_ms: int) -> int:
        """Adds one and answers how many were counted inside the window."""

    # accounts ---------------------------------------------------------------------------------
    def orgs(self) -> Sequence[Org]: ...
    def org(self, org: str) -> Org | None: ...
    def org_by_code(self, code: str) -> Org | None: ...
    def account(self, org: str, login: str) -> Account | None: ...
    def accounts(self, org: str) -> Sequence[Account]:
        """By login."""

    def code(self, code: str) -> Code | None: ...
    def token_device(self, token_hash: str) -> Device | None: ...
    def session(self, token_hash: str) -> Session | None: ...
    def devices(self, org: str) -> Sequence[Device]: ...
    def contact(self, device: str) -> Contact | None: ...
    def upload(self, upload: str) -> Upload | None: ...
    def uploads_before(self, expires: int) -> Sequence[Upload]: ...
    def attempts(self, key: str, now: int, window_ms: int) -> int: ...

    # pull -------------------------------------------------------------------------------------
    def heads(self, scopes: Sequence[str]) -> dict[str, int]: ...
    def floor(self, scope: str) -> int:
        """Cursors below this position need a snapshot: what was gone there is forgotten (S06)."""

    def compact(self, upto: int) -> None:
        """Forgets what left a scope by a receipt up to this number."""

    def number_at(self, at: int) -> int:
        """Of the last receipt before the first that was given later (ms); 0: there is none."""

    def aged(self, org: str, kind: str, upto: int, after: str, limit: int) -> Sequence[str]:
        """Ids above ``after``, ordered, of records of the kind that stand in a scope with a rev of
        a receipt up to this number."""

    def unsettled(self, org: str, records: Sequence[str]) -> bool:
        """Whether a line that is not settled speaks of one of them (R05)."""

    def put_lost(self, device: str, lost: Lost) -> None:
        """Said once more it changes nothing."""

    def lost(self, device: str) -> Sequence[Lost]:
        """In order."""

    def put_mismatch(self, device: str, scope: str, at: int) -> None:
        """Counts that a device held other members of a scope than the ledger (G04)."""

    def mismatches(self, device: str) -> tuple[int, int]:
        """(how many times, when last: ms)."""

    def page(self, scope: str, after: int, budget: int) -> tuple[Sequence[tuple[int, Row]], bool]:
        """Rows in order of position above ``after`` until ``budget`` bytes are passed (one at
        least): ((position, row) …, more)."""

    def snapshot(
        self, scope: str, before: str | None, upto: int, budget: int
    ) -> tuple[Sequence[Row], bool]:
        """Live rows by record id descending, below ``before``, at positions ≤ ``upto``."""

    def members(self, scope: str) -> Sequence[tuple[str, str]]:
        """(record, rev) of every live row."""

    def live_rows(self, scope: str, records: Sequence[str]) -> Sequence[Row]: ...

    # the office -------------------------------------------------------------------------------
    def records(self, query: RecordQuery) -> tuple[Sequence[Record], bool]: ...
    def counts(self, query: RecordQuery) -> dict[str, int]:
        """How many records the query finds, by review state."""

    def counts_by_kind(self, query: RecordQuery) -> dict[str, dict[str, int]]:
        """The same, kind by kind."""

    def received(self, records: Sequence[Record]) -> dict[str, int]:
        """Id → when the server received the first line of the making device that speaks of it."""

    def reporters(
        self, org: str, kinds: Mapping[str, str | None], since: int, until: int
    ) -> Reporters:
        """Of the live records of these kinds that happened from, to (not included): by the field of
        time named, or where it is not filled by the effective time."""

    def unplaced(
        self, org: str, box: tuple[float, float, float, float]
    ) -> Sequence[tuple[str, float, float]]:
        """(id, lon, lat) of records without a chainage of their own whose place lies in the box
        (west, south, east, north)."""

    def history(self, org: str, record: str) -> Sequence[HistoryLine]: ...
    def unaccepted(self, org: str) -> Sequence[tuple[KnownEntry | None, Line, Receipt]]:
        """Lines not settled, oldest first; the entry is None when the line cannot be read."""

    def blob_named(self, org: str, sha256: str) -> bool: ...
    def blob_held(self, org: str, sha256: str) -> bool:
        """Whether a device of the organisation completed it, in any epoch (A04), or in a ledger
        that this one took the place of."""

    def blob_records(self, org: str, sha256: str) -> Sequence[Record]:
        """Records made or touched by an accepted line that names the blob."""

    def blobs_named(self, org: str, records: Sequence[str]) -> dict[str, Sequence[str]]:
        """By record: what its accepted lines name, in order of arrival; without, no key."""

    def photo_records(self, org: str, records: Sequence[str]) -> dict[str, Sequence[Record]]:
        """By record: the photo records about it, by id; without, no key."""

    def blob_lines(self, org: str, sha256: str) -> Sequence[tuple[Line, Receipt]]: ...

    def blob_receipts(self, org: str, sha256s: Sequence[str]) -> dict[str, BlobReceipt]: ...

    # verify: everything, in the order of its key, inside `reading` ----------------------------
    def faults(self) -> Sequence[str]:
        """What the backend itself finds wrong with its files, in its own words."""

    def every_table(self) -> Iterator[tuple[str, str]]:
        """(name, how it was made) of each table and index of the backend that is ours."""

    def every_misfit(self) -> Iterator[Misfit]:
        """Without any, every value below is of the type that is said here."""

    def every_epoch(self) -> Iterator[Ledger]:
        """How each ended, the present one last."""

    def every_line(self) -> Iterator[Line]: ...
    def every_arrival(self) -> Iterator[tuple[str, int, int]]:
        """(device, n, the manyeth line that came)."""

    def every_receipt(self) -> Iterator[StoredReceipt]:
        """In commit order."""

    def every_record(self) -> Iterator[StoredRecord]: ...
    def every_entry(self) -> Iterator[KnownEntry]: ...
    def every_spot(self) -> Iterator[Spot]: ...
    def every_scope(self) -> Iterator[tuple[str, ScopeHead]]: ...
    def every_right(self) -> Iterator[Right]: ...
    def every_device(self) -> Iterator[Device]: ...
    def every_word(self) -> Iterator[tuple[str, int, str, int]]:
        """(word, ``seq`` of the record, column, place in it) of the index of words."""

    def every_unaccepted(self) -> Iterator[tuple[str, str, int]]:
        """(org, device, n)."""

    def every_unmade(self) -> Iterator[tuple[str, str, str, int]]:
        """(org, record, entry, the manyeth that would make this record)."""

    def every_touched(self) -> Iterator[tuple[str, str, str, int]]:
        """(org, record, device, n)."""

    def every_naming(self) -> Iterator[tuple[str, str, str, int]]:
        """(org, sha256, device, n)."""

    # the end ----------------------------------------------------------------------------------
    def checkpoint(self) -> None:
        """Moves the write-ahead log into the file; called from idle moments."""

    def close(self) -> None: ...
