"""A client of the 护水 sync protocol, written from PROTOCOL.md and the standard library alone.

It doubles as the example for other implementers. One SQLite file holds everything: the feed, the
rows, the cursors, the photos. The ids in the comments are the rules of PROTOCOL.md.
"""

import base64
import gzip
import hashlib
import json
import os
import re
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.client import HTTPException
from typing import Any

Json = dict[str, Any]
Row = sqlite3.Row
Answer = tuple[Message, bytes]
ZEROS = "0" * 32
UNACCEPTED = ("refused", "held", "quarantined")
LINE_BYTES = 65_536
BATCH = 60  # lines, of which each may be that long, are less than 4 MiB (P06)
PURGE_AFTER_MS = 10 * 60 * 1000
# A surrogate or a NUL would make a line unreadable (C02, E03).
UNWRITABLE = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000|[" + "\ud800-\udfff]")
# Nothing in format 1 is signed, so any bytes of the right shape will do for the key (N01).
SPKI = "3059301306072a8648ce3d020106082a8648ce3d03010703420004" + bytes(range(64)).hex()
KEY = base64.b64encode(bytes.fromhex(SPKI)).decode()

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key PRIMARY KEY, value);
CREATE TABLE IF NOT EXISTS feed (device, n, id, hash, line, receipt, rounded DEFAULT 0,
  reissued DEFAULT 0, PRIMARY KEY (device, n));
CREATE TABLE IF NOT EXISTS members (scope, record, rev, body, gone, shown, UNIQUE (scope, record));
CREATE TABLE IF NOT EXISTS cursors (scope PRIMARY KEY, epoch, position, after, sweep);
CREATE TABLE IF NOT EXISTS revoked (scope PRIMARY KEY, first, purged DEFAULT 0);
CREATE TABLE IF NOT EXISTS blobs (sha256 PRIMARY KEY, bytes, url, receipt);
"""


class Problem(Exception):
    """An error of the server, or no server at all (status 0). Nothing local changes (P07, P10)."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


def now() -> int:
    return time.time_ns() // 1_000_000


def mint_id() -> str:
    """A UUIDv7 in base 32, digits 0-9a-v."""
    number = now() << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62
    digits = "0123456789abcdefghijklmnopqrstuv"
    return "".join(digits[number >> shift & 31] for shift in range(125, -1, -5))


def short_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def freeze(entry: Json) -> bytes:
    """E01: one line of UTF-8, written once."""
    text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
    return UNWRITABLE.sub(lambda found: (found[1] or "") + "\ufffd", text).encode()


def digest_of(members: Iterable[Row]) -> str:
    """G01: the XOR of the members' digests, in base64."""
    total = 0
    for member in members:
        total ^= int(short_hash(f"{member['record']} {member['rev']}".encode()), 16)
    return base64.b64encode(total.to_bytes(16, "big")).decode()


class Client:
    """One device: one person on one installation."""

    def __init__(self, server: str, path: str) -> None:
        self.server, self.boot, self.born, self.failures = server, mint_id(), now(), 0
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.row_factory = Row
        self.db.executescript(SCHEMA)

    # -- The store
    def sql(self, query: str, *values: object) -> list[Row]:
        return self.db.execute(query, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.db:
            self.sql("BEGIN IMMEDIATE")
            yield

    def get(self, key: str, default: str = "") -> str:
        found = self.sql("SELECT value FROM meta WHERE key = ?", key)
        return str(found[0]["value"]) if found else default

    def put(self, **values: object) -> None:
        for key, value in values.items():
            self.sql("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, str(value))

    @property
    def device(self) -> str:
        return self.get("device")

    def feed(self, start: int = 1) -> list[Row]:
        query = "SELECT * FROM feed WHERE device = ? AND n >= ? ORDER BY n"
        return self.sql(query, self.device, start)

    def head(self) -> tuple[int, str]:
        lines = self.feed()
        return (lines[-1]["n"], lines[-1]["hash"]) if lines else (0, ZEROS)

    def newer(self, rev: str, than: str) -> bool:
        """S07: the epoch announced now beats any other; inside one the higher number wins."""
        (epoch, number), (other, below) = rev.split(":"), than.split(":")
        return int(number) > int(below) if epoch == other else epoch == self.get("epoch")

    # -- HTTP
    def request(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """One exchange as it goes over the wire."""
        call = urllib.request.Request(url, body, headers, method=method)
        try:
            with urllib.request.urlopen(call, timeout=30) as answer:
                return answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            told = "problem+json" in error.headers.get("Content-Type", "")
            problem = json.loads(error.read() or b"{}") if told else {}  # HEAD has no body
            raise Problem(error.code, problem.get("code", "http")) from None
        except (OSError, HTTPException) as error:
            raise Problem(0, "offline") from error

    def call(self, method: str, path: str, body: bytes | None, **extra: str) -> Answer:
        """Header names are given with underscores."""
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "zh"}
        if self.get("token"):
            headers["Authorization"] = "Bearer " + self.get("token")
        headers |= {name.replace("_", "-"): value for name, value in extra.items()}
        url = path if path.startswith("http") else self.server + path
        answer, data = self.request(method, url, body, headers)
        return answer, gzip.decompress(data) if answer["Content-Encoding"] == "gzip" else data

    def post(self, path: str, message: Json | bytes) -> Json:
        text = message if isinstance(message, bytes) else json.dumps(message).encode()
        kind = "application/octet-stream" if text is message else "application/json"
        zipped = gzip.compress(text)
        _, data = self.call("POST", path, zipped, Content_Type=kind, Content_Encoding="gzip")
        return dict(json.loads(data))

    # -- Enrolment
    def enrol(self, label: str, **proof: str) -> None:
        """`proof` is code=… or, after a fork, ticket=…."""
        answer = self.introduce("/api/enrol", label, **proof)
        with self.transaction():
            self.admit(answer)

    def introduce(self, path: str, label: str, **proof: str) -> Json:
        # The id is kept before asking: a code answers the same device again (N01).
        self.put(enrolling=self.get("enrolling") or mint_id(), label=label)
        known = {"device": self.get("enrolling"), "key": KEY, "label": label}
        return self.post(path, known | proof)

    def admit(self, answer: Json) -> None:
        for name in ("device", "token", "person", "org", "epoch", "contact"):
            self.put(**{name: answer[name]})
        self.put(enrolling="", known=0, offset=now() - answer["now"])

    # -- Capture
    def capture(self, *ops: Json, photos: Iterable[bytes] = (), replaces: str = "") -> str:
        """Write one entry into the feed, at once and without asking anyone; its id comes back."""
        named = {hashlib.sha256(photo).hexdigest(): photo for photo in photos}
        at: Json = {"wall": now(), "mono": now() - self.born, "boot": self.boot}
        at |= {"offset": int(self.get("offset")), "contact": self.get("contact")}  # T02, T04
        seen = self.view()
        written = [{"base": self.base(op, seen), **op} for op in ops]
        entry: Json = {"id": mint_id(), "at": at, "ops": written, "blobs": list(named)}
        if replaces:
            entry["replaces"] = replaces
        with self.transaction():  # C02
            self.append(entry)
            for sha, photo in named.items():
                self.sql("INSERT OR IGNORE INTO blobs VALUES (?, ?, NULL, NULL)", sha, photo)
        return str(entry["id"])

    def append(self, entry: Json) -> None:
        n, head = self.head()
        line = freeze({**entry, "v": 1, "device": self.device, "n": n + 1, "prev": head})  # C01
        if len(line) > LINE_BYTES:
            raise ValueError(f"a line has at most {LINE_BYTES} bytes")  # E02
        columns = (self.device, n + 1, entry["id"], short_hash(line), line)
        self.sql("INSERT INTO feed (device, n, id, hash, line) VALUES (?, ?, ?, ?, ?)", *columns)

    def base(self, op: Json, seen: dict[str, Json]) -> Json:
        """E07: the stamp seen for every field the op writes."""
        stamps = seen.get(op["record"], {}).get("stamps", {})
        names = {"put": op.get("set", {}), "del": ["$deleted"], "undel": ["$deleted"]}
        return {name: stamps[name] for name in names.get(op["act"], []) if name in stamps}

    def save(self, kind: str, record: str, **fields: Any) -> str:
        return self.capture({"kind": kind, "record": record, "act": "put", "set": fields})

    def replace(self, entry: str, **fields: Any) -> str:
        """D02: the same ops again, repaired."""
        old = self.unaccepted()[entry]
        ops = [op | {"set": op["set"] | fields} if op["act"] == "put" else op for op in old["ops"]]
        return self.capture(*ops, replaces=entry)

    def abandon(self, entry: str) -> str:
        """D04. Kind and record must be there; no rule reads them."""
        op = {"kind": "entry", "record": entry, "act": "abandon", "set": {"entry": entry}}
        return self.capture(op)

    # -- Hello
    def hello(self) -> None:
        n, head = self.head()
        unsent = sum(not line["receipt"] for line in self.feed())
        photos = len(self.sql("SELECT 1 FROM blobs WHERE receipt IS NULL"))
        message = {"device": self.device, "app": "stranger 1", "format": 1, "wall": now()}
        message |= {"head": {"n": n, "hash": head}, "pending": {"lines": unsent, "blobs": photos}}
        message |= {"contact": self.get("contact"), "purged": json.loads(self.get("purged", "[]"))}
        answer = self.post("/api/sync/hello", message)
        known = answer["known"]
        ours = {line["n"]: line["hash"] for line in self.feed()} | {0: ZEROS}
        with self.transaction():
            # H02. If what the server holds is not ours, pushing everything will show the fork.
            self.put(known=known["n"] if ours.get(known["n"]) == known["hash"] else 0)
            void = "UPDATE feed SET receipt = NULL, rounded = 0 WHERE device = ? AND n > ?"  # H03
            self.sql(void, self.device, known["n"])
            void = "UPDATE blobs SET receipt = NULL WHERE receipt NOT LIKE ?"
            self.sql(void, answer["epoch"] + ":%")
            self.heard(answer)
            gone: list[Json] = []
            for row in self.sql("SELECT * FROM revoked WHERE NOT purged"):  # S09
                first, scope = row["first"] or answer["now"], row["scope"]
                self.sql("UPDATE revoked SET first = ? WHERE scope = ?", first, scope)
                if answer["now"] - first >= PURGE_AFTER_MS:
                    rows = len(self.sql("DELETE FROM members WHERE scope = ? RETURNING 1", scope))
                    self.sql("DELETE FROM cursors WHERE scope = ?", scope)
                    self.sql("UPDATE revoked SET purged = 1 WHERE scope = ?", scope)
                    gone.append({"scope": scope, "rows": rows, "sealed": 0})
            self.put(purged=json.dumps(gone))  # told in the next hello

    def heard(self, answer: Json) -> None:
        """What a hello and a pull both say: the time, the epoch, what is granted and revoked."""
        self.put(epoch=answer["epoch"], offset=now() - answer["now"])
        self.put(grants=json.dumps(answer["grants"]))  # S10: before any page
        if self.newer(answer["contact"], self.get("contact")):
            self.put(contact=answer["contact"])
        said = json.dumps([item["scope"] for item in answer["revoked"]])
        self.sql("INSERT OR IGNORE INTO revoked (scope) SELECT value FROM json_each(?)", said)
        self.sql("DELETE FROM revoked WHERE scope NOT IN (SELECT value FROM json_each(?))", said)

    # -- Push
    def push(self, start: int | None = None) -> None:
        """Send every unsent line, and do what the answers ask for."""
        start = start or int(self.get("known", "0")) + 1
        while lines := self.feed(start)[:BATCH]:
            body = b"".join(line["line"] + b"\n" for line in lines)
            answer = self.post(f"/api/sync/push?device={self.device}&from={start}", body)
            match answer["answer"]:
                case "receipts":
                    start += len(lines)
                    with self.transaction():  # its contact comes without grants: not kept (T04)
                        self.put(known=start - 1)
                        for receipt in answer["receipts"]:
                            self.keep_receipt(receipt)
                case "gap":
                    start = int(answer["expected"])
                case "fork" if answer["n"] is not None:
                    self.register_anew(answer["n"], answer["ticket"])
                    start = 1
                case "fork" if start > 1:
                    start = 1
                case other:
                    raise Problem(0, other)

    def keep_receipt(self, receipt: Json) -> None:
        where = (receipt["device"], receipt["n"])
        for line in self.sql("SELECT receipt FROM feed WHERE device = ? AND n = ?", *where):
            old = json.loads(line["receipt"] or "null")
            now = f"{receipt['epoch']}:{receipt['number']}"
            if not old or self.newer(now, f"{old['epoch']}:{old['number']}"):
                change = "UPDATE feed SET receipt = ?, rounded = 0 WHERE device = ? AND n = ?"
                self.sql(change, json.dumps(receipt), *where)

    def register_anew(self, n: int, ticket: str) -> None:
        """P05: a new device; the lines after n once more, each with its old id."""
        old, lost = self.device, self.feed(n + 1)
        answer = self.introduce("/api/enrol", self.get("label"), ticket=ticket)
        with self.transaction():
            self.admit(answer)
            for line in lost:
                self.append(json.loads(line["line"]))
            self.sql("UPDATE feed SET reissued = 1 WHERE device = ? AND n > ?", old, n)
            self.sql("DELETE FROM members WHERE scope = ?", "device:" + old)
        self.hello()  # H01: the new feed announces itself too

    # -- Pull
    def pull(self, size: int = 262_144) -> None:
        """One round: pages until none has more, then the removals and the sweeps (S04-S06)."""
        due = "NOT rounded AND NOT reissued AND (receipt NOT NULL OR device != ?)"
        waiting = self.sql(f"SELECT device, n, receipt FROM feed WHERE {due}", self.device)
        digests, more = dict[str, str | None](), True
        while more:
            cursors = [
                {**dict(row), "digest": digest_of(self.members(row["scope"]))}
                for row in self.sql("SELECT scope, epoch, position, after FROM cursors")
                if row["scope"] in json.loads(self.get("grants", "[]"))
            ]
            message = {"device": self.device, "cursors": cursors, "bytes": size}
            answer = self.post("/api/sync/pull", message)
            with self.transaction():  # a page and its cursor belong together
                self.heard(answer)
                for page in answer["pages"]:
                    self.take_page(page)
                    digests[page["scope"]] = page["digest"]
            more = any(page["more"] for page in answer["pages"])
        with self.transaction():
            self.sql("DELETE FROM members WHERE gone IS NOT NULL")  # S05
            for row in self.sql("SELECT scope FROM cursors WHERE sweep AND after IS NULL"):
                self.sql("DELETE FROM members WHERE scope = ? AND NOT shown", row["scope"])
            self.sql("UPDATE cursors SET sweep = 0 WHERE after IS NULL")
            for line in waiting:  # H06: a full round begun after the receipt
                done = "UPDATE feed SET rounded = 1 WHERE device = ? AND n = ? AND receipt IS ?"
                self.sql(done, *line)
        for scope, digest in digests.items():  # G03; a page that says `check` carries it too
            if digest and digest != digest_of(self.members(scope)):
                self.check(scope)

    def take_page(self, page: Json) -> None:
        scope, snapshot = page["scope"], page["snapshot"]
        if page["more"] and not page["rows"] and page["from"] == page["to"] and not snapshot:
            return  # there was no room for this scope: its turn comes with the next request
        old = self.sql("SELECT * FROM cursors WHERE scope = ?", scope)
        place, sweep = {"position": page["to"], "after": None}, bool(old and old[0]["sweep"])
        if snapshot:
            place, sweep = snapshot, True
            if not (old and old[0]["after"] and old[0]["position"] == place["position"]):
                self.sql("UPDATE members SET shown = 0 WHERE scope = ?", scope)
        cursor = (scope, self.get("epoch"), place["position"], place["after"], sweep)
        self.sql("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?, ?)", *cursor)
        for row in page["rows"]:
            self.take_row(scope, row)

    def take_row(self, scope: str, row: Json) -> None:
        key, rev = (scope, row["record"]), row["rev"]
        for mine in self.sql("SELECT * FROM members WHERE scope = ? AND record = ?", *key):
            if self.newer(mine["gone"] or mine["rev"], rev):
                self.sql("UPDATE members SET shown = 1 WHERE scope = ? AND record = ?", *key)
                return
        if row.get("gone"):
            self.sql("UPDATE members SET gone = ? WHERE scope = ? AND record = ?", rev, *key)
            return
        values = (*key, rev, json.dumps(row["body"]))
        self.sql("INSERT OR REPLACE INTO members VALUES (?, ?, ?, ?, NULL, 1)", *values)
        if row["record"].startswith("r:"):  # R03
            self.keep_receipt(row["body"])
        if row["record"].startswith("b:") and rev.startswith(self.get("epoch")):  # H03
            self.sql("UPDATE blobs SET receipt = ? WHERE sha256 = ?", rev, row["record"][2:])

    # -- Digest and check
    def members(self, scope: str) -> list[Row]:
        return self.sql("SELECT * FROM members WHERE scope = ? AND gone IS NULL", scope)

    def check(self, scope: str) -> str:
        """G04: compare bucket by bucket, forget what is gone, and ask for the rows that differ."""
        (cursor,) = self.sql("SELECT epoch, position FROM cursors WHERE scope = ?", scope)
        message = {"device": self.device, "scope": scope, **dict(cursor)}
        buckets: list[list[Row]] = [[] for _ in range(256)]
        for member in self.members(scope):
            buckets[hashlib.sha256(member["record"].encode()).digest()[0]].append(member)  # G02
        parts = base64.b64encode(b"".join(base64.b64decode(digest_of(b))[:4] for b in buckets))
        answer = self.post("/api/sync/check", message | {"buckets": parts.decode()})
        if answer["answer"] == "differs":
            mine = {(m["record"], m["rev"]) for i in answer["buckets"] for m in buckets[i]}
            true = {(record, rev) for record, rev in answer["members"]}
            message["records"] = [record for record, _ in true - mine][:1000]
            for record, _ in mine - true:
                self.sql("DELETE FROM members WHERE scope = ? AND record = ?", scope, record)
            for row in self.post("/api/sync/check", message)["rows"]:
                self.take_row(scope, row)
        return str(answer["answer"])

    # -- What a person sees
    def rows(self) -> dict[str, Json]:
        """Every row this device may show, at its newest rev."""
        newest: dict[str, Json] = {}
        for m in self.sql("SELECT * FROM members WHERE scope NOT IN (SELECT scope FROM revoked)"):
            if m["record"] not in newest or self.newer(m["rev"], newest[m["record"]]["rev"]):
                newest[m["record"]] = {"rev": m["rev"], "body": json.loads(m["body"])}
        return newest

    def overlay(self, rows: dict[str, Json]) -> Iterator[tuple[Json, Json | None]]:
        """H05, H06: the lines that still lie on top of the rows, with their receipts."""
        for line in self.sql("SELECT * FROM feed WHERE NOT reissued ORDER BY device, n"):
            entry, receipt = json.loads(line["line"]), json.loads(line["receipt"] or "null")
            left = bool(line["rounded"])
            if receipt and receipt["verdict"] in UNACCEPTED:  # R05
                left = left and f"u:{line['device']}:{line['n']}" not in rows
            elif receipt and receipt["rev"]:
                revs = [rows.get(op["record"], {}).get("rev") for op in entry["ops"]]
                left |= all(rev and not self.newer(receipt["rev"], rev) for rev in revs)
            if not left:
                yield entry, receipt

    def view(self) -> dict[str, Json]:
        """The records as a person sees them: rows, and the device's own lines on top."""
        rows = self.rows()
        seen: dict[str, Json] = {k: row["body"] for k, row in rows.items() if ":" not in k}
        for entry, receipt in self.overlay(rows):
            for op in entry["ops"]:
                if op["act"] not in ("put", "add", "del", "undel"):
                    continue
                new = {"kind": op["kind"], "fields": {}, "stamps": {}, "adds": [], "version": 0}
                body = seen.setdefault(op["record"], new | {"deleted": False})
                body["state"] = receipt["verdict"] if receipt else "unsent"
                if op["act"] == "put":
                    body["fields"] |= op["set"]
                    body["stamps"] |= dict.fromkeys(op["set"], entry["id"])
                elif op["act"] == "add":
                    body["adds"].append({"entry": entry["id"], "set": op["set"]})
                else:
                    body["deleted"] = op["act"] == "del"
                    body["stamps"]["$deleted"] = entry["id"]
        return seen

    def unaccepted(self) -> dict[str, Json]:
        """R04: this person's lines that wait for a repair, of whatever device, by entry id."""
        found: dict[str, Json] = {}
        for record, row in self.rows().items():
            if record.startswith("u:"):
                entry = json.loads(row["body"]["line"] or "null")
                entry = entry if isinstance(entry, dict) else {}
                found[entry.get("id", record)] = entry | {"receipt": row["body"]["receipt"]}
        return found

    def receipt(self, entry: str) -> Json | None:
        found = self.sql("SELECT receipt FROM feed WHERE id = ? AND NOT reissued", entry)
        return json.loads(found[0]["receipt"] or "null") if found else None

    # -- Photos
    def upload(self, chunk: int = 1 << 20) -> None:
        """Every photo without a receipt, each from where the last attempt ended (B05)."""
        for row in self.sql("SELECT * FROM blobs WHERE receipt IS NULL"):
            receipt = self.upload_one(row["sha256"], row["bytes"], row["url"], chunk)
            self.sql("UPDATE blobs SET receipt = ? WHERE sha256 = ?", receipt, row["sha256"])

    def upload_one(self, sha: str, data: bytes, url: str | None, chunk: int) -> str:
        tus = {"Tus_Resumable": "1.0.0"}
        try:
            if url:
                answer, _ = self.call("HEAD", url, None, **tus)
            else:
                tus["Upload_Length"] = str(len(data))
                tus["Upload_Metadata"] = f"sha256 {base64.b64encode(sha.encode()).decode()}"
                answer, _ = self.call("POST", "/api/blobs", b"", **tus)
                url = str(answer["Location"])
                self.sql("UPDATE blobs SET url = ? WHERE sha256 = ?", url, sha)
            tus = {"Tus_Resumable": "1.0.0", "Content_Type": "application/offset+octet-stream"}
            while not answer["Hushui-Receipt"]:  # B04: it may be there already
                tus["Upload_Offset"] = answer["Upload-Offset"]
                answer, _ = self.call(
                    "PATCH", url, data[int(tus["Upload_Offset"]) :][:chunk], **tus
                )
        except Problem as problem:
            if problem.code == "wrong_offset":  # B03: a cut attempt was still being written
                return self.upload_one(sha, data, url, chunk)
            if problem.status in (404, 410, 460):  # B03, B05: begin anew, next time
                self.sql("UPDATE blobs SET url = NULL WHERE sha256 = ?", sha)
            raise
        return str(answer["Hushui-Receipt"])

    # -- A contact
    def sync(self) -> list[Problem]:
        """Hello first; then push, pull and photos, none of which waits for another (H01, S08)."""
        problems: list[Problem] = []
        for step in (self.hello, self.push, self.pull, self.upload):
            try:
                step()
            except Problem as problem:
                problems.append(problem)
                if step == self.hello:
                    break
        self.failures = self.failures + 1 if problems else 0
        return problems

    def delay(self) -> int:
        """H07: the seconds until the next attempt, by the failures so far."""
        return min(1 << self.failures >> 1, 300)
