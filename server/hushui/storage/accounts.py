"""Organisations, sign-ins, codes, sessions, uploads and counted attempts."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import structs

from hushui.storage import codec
from hushui.storage.connections import Connections, sqlite_failures
from hushui.storage.store import Account, Code, Contact, Org, Session, Upload
from hushui.storage.writing import upsert
from hushui_sync.world import Device

ORG: Final = upsert("org", "id", Org)
ACCOUNT: Final = upsert("account", "org login", Account)
CODE: Final = upsert("code", "code", Code)
TOKEN: Final = "INSERT OR REPLACE INTO token VALUES (?, ?)"
SESSION: Final = upsert("session", "token_hash", Session)
CONTACT: Final = "INSERT OR REPLACE INTO contact VALUES (?, ?)"
FORGET_CONTACTS: Final = """DELETE FROM contact WHERE json_extract(CAST(json AS TEXT), '$.at') < ?
    AND max(json_extract(CAST(json AS TEXT), '$.n'),
            coalesce(json_extract(CAST(json AS TEXT), '$.steps[#-1][0]'), 0))
        <= (SELECT n FROM device WHERE device.id = contact.device)"""
UPLOAD: Final = upsert("upload", "id", Upload)
ATTEMPTS_KEPT_MS: Final = 24 * 3_600_000
SUCCEED: Final = (
    """INSERT OR IGNORE INTO kept SELECT DISTINCT device.org, receipt.blob FROM other.receipt
    JOIN other.device ON device.id = receipt.device WHERE receipt.blob IS NOT NULL""",
    """INSERT OR REPLACE INTO contact SELECT theirs.device, theirs.json FROM other.contact AS theirs
    JOIN device ON device.id = theirs.device LEFT JOIN contact AS ours USING (device)
    WHERE json_extract(CAST(theirs.json AS TEXT), '$.at')
        > coalesce(json_extract(CAST(ours.json AS TEXT), '$.at'), -1)""",
    """INSERT OR REPLACE INTO former SELECT theirs.device, theirs.n, theirs.hash,
        json_extract(CAST(said.json AS TEXT), '$.verdict'), said.code
    FROM other.line AS theirs JOIN other.receipt AS said ON said.seq = (
        SELECT max(seq) FROM other.receipt WHERE device = theirs.device AND n = theirs.n)
    WHERE NOT EXISTS (
        SELECT 1 FROM line WHERE line.device = theirs.device AND line.n = theirs.n)""",
)
SUCCEED_AGAIN: Final = (
    "INSERT OR IGNORE INTO kept SELECT org, sha256 FROM other.kept",
    "INSERT OR IGNORE INTO former SELECT device, n, hash, verdict, code FROM other.former",
)
SUCCEED_LOST: Final = "INSERT OR IGNORE INTO lost SELECT device, first, last, at FROM other.lost"

Value = TypeVar("Value")

_contact: Final = msgspec.json.Decoder(Contact)


class Accounts(Connections):
    def put_org(self, org: Org) -> None:
        self.run(ORG, structs.astuple(org))

    def put_account(self, account: Account) -> None:
        self.run(ACCOUNT, structs.astuple(account))

    def put_code(self, code: Code) -> None:
        self.run(CODE, structs.astuple(code))

    def put_token(self, token_hash: str, device: str) -> None:
        self.run(TOKEN, (token_hash, device))
        self._callers.forget()

    def put_session(self, session: Session) -> None:
        self.run(SESSION, structs.astuple(session))

    def end_session(self, token_hash: str) -> None:
        self.run("DELETE FROM session WHERE token_hash = ?", (token_hash,))

    def end_sessions(self, org: str, person: str, keep: str | None = None) -> None:
        """All of a person's; ``keep`` is the hash of the one that goes on."""
        self.run(
            "DELETE FROM session WHERE org = ? AND person = ? AND token_hash IS NOT ?",
            (org, person, keep),
        )

    def succeed(self, other: Path) -> None:
        """Takes over what a ledger knows whose place this one takes, and no phone will tell again:
        which photos were here, what devices announced, what was said of lines that this one does
        not have. Outside a transaction; raises StoreBroken, DatabaseError, and has changed nothing,
        if that one cannot be read."""
        with sqlite_failures():
            self._writer.execute("ATTACH ? AS other", (str(other),))
        try:
            with self.transaction():
                names = {name for (name,) in self.all("SELECT name FROM other.sqlite_schema")}
                again = SUCCEED_AGAIN if "former" in names else ()
                lost = (SUCCEED_LOST,) if "lost" in names else ()
                for statement in (*SUCCEED, *again, *lost):
                    self.run(statement)
        finally:
            with sqlite_failures():
                self._writer.execute("DETACH other")

    def end_every_session(self) -> None:
        self.run("DELETE FROM session")

    def put_contact(self, contact: Contact) -> None:
        self.run(CONTACT, (contact.device, msgspec.json.encode(contact)))

    def forget_contacts(self, before: int) -> None:
        self.run(FORGET_CONTACTS, (before,))

    def forget_codes(self, before: int) -> None:
        self.run("DELETE FROM code WHERE expires < ?", (before,))

    def put_upload(self, upload: Upload) -> None:
        self.run(UPLOAD, structs.astuple(upload))

    def end_upload(self, upload: str) -> None:
        self.run("DELETE FROM upload WHERE id = ?", (upload,))

    def count_attempt(self, key: str, now: int, window_ms: int) -> int:
        """The window is at most a day; older attempts are forgotten."""
        self.run("DELETE FROM attempt WHERE at <= ?", (now - ATTEMPTS_KEPT_MS,))
        self.run("INSERT INTO attempt VALUES (?, ?)", (key, now))
        return self.attempts(key, now, window_ms)

    def attempts(self, key: str, now: int, window_ms: int) -> int:
        row = self.one(
            "SELECT count(*) FROM attempt WHERE key = ? AND at > ?", (key, now - window_ms)
        )
        return row[0] if row else 0

    def orgs(self) -> Sequence[Org]:
        """By id."""
        return [_org(row) for row in self.all("SELECT * FROM org ORDER BY id")]

    def org(self, org: str) -> Org | None:
        row = self.one("SELECT * FROM org WHERE id = ?", (org,))
        return _org(row) if row else None

    def org_by_code(self, code: str) -> Org | None:
        row = self.one("SELECT * FROM org WHERE code = ?", (code,))
        return _org(row) if row else None

    def account(self, org: str, login: str) -> Account | None:
        row = self.one("SELECT * FROM account WHERE org = ? AND login = ?", (org, login))
        return _account(row) if row else None

    def accounts(self, org: str) -> Sequence[Account]:
        """By login."""
        rows = self.all("SELECT * FROM account WHERE org = ? ORDER BY login", (org,))
        return [_account(row) for row in rows]

    def code(self, code: str) -> Code | None:
        """Expired ones too."""
        return self._only(Code, "SELECT * FROM code WHERE code = ?", code)

    def token_device(self, token_hash: str) -> Device | None:
        # Inside a transaction what is read is not, or no longer, what was committed last.
        is_now = self._owner != threading.get_ident() and not self._connection().in_transaction
        known = self._callers.get(token_hash) if is_now else None
        if known is not None:
            return known
        commits = self._callers.commits
        row = self.one(
            f"SELECT {codec.DEVICE} FROM token JOIN device ON device.id = token.device"
            " WHERE token_hash = ?",
            (token_hash,),
        )
        if row is None:
            return None
        found = codec.device(row)
        if is_now:
            self._callers.keep(token_hash, found, commits)
        return found

    def session(self, token_hash: str) -> Session | None:
        """Expired ones too."""
        return self._only(Session, "SELECT * FROM session WHERE token_hash = ?", token_hash)

    def devices(self, org: str) -> Sequence[Device]:
        """By id."""
        rows = self.all(f"SELECT {codec.DEVICE} FROM device WHERE org = ? ORDER BY id", (org,))
        return [codec.device(row) for row in rows]

    def contact(self, device: str) -> Contact | None:
        row = self.one("SELECT json FROM contact WHERE device = ?", (device,))
        return _contact.decode(row[0]) if row else None

    def upload(self, upload: str) -> Upload | None:
        return self._only(Upload, "SELECT * FROM upload WHERE id = ?", upload)

    def uploads_before(self, expires: int) -> Sequence[Upload]:
        rows = self.all("SELECT * FROM upload WHERE expires < ? ORDER BY expires, id", (expires,))
        return [Upload(*row) for row in rows]

    def _only(self, sort: type[Value], sql: str, *key: Any) -> Value | None:
        row = self.one(sql, key)
        return sort(*row) if row else None


def _org(row: tuple[Any, ...]) -> Org:
    id, code, name, demo, system_device = row
    return Org(id, code, name, bool(demo), system_device)


def _account(row: tuple[Any, ...]) -> Account:
    org, login, person, password, once, expires = row
    return Account(org, login, person, password, bool(once), expires)
