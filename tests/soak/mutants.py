"""For every rule of PROTOCOL.md the line that implements it, and that line broken on purpose.

`python -m tests.soak rules` breaks some of them, one at a time and never in place, and looks that a
test which bears the rule's id fails.
"""

from pathlib import Path
from typing import Final

from msgspec import Struct

SERVER: Final = "server/hushui"
CORE: Final = "sync/py/hushui_sync"
CLIENT: Final = "sync/ts/src"


class Mutant(Struct, frozen=True):
    rule: str
    file: str
    """From the top of the tree."""
    old: str
    """Stands there exactly once."""
    new: str

    def broken(self, text: str) -> str:
        assert text.count(self.old) == 1, f"{self.rule}: not once in {self.file}: {self.old!r}"
        return text.replace(self.old, self.new)

    def command(self) -> tuple[list[str], str]:
        """What runs the tests that bear the rule's id, and the folder in which it runs."""
        for package in ("sync/ts", "pwa"):
            if self.file.startswith(f"{package}/"):
                runner = Path("node_modules/.bin/vitest")
                up = Path(*[".."] * len(Path(package).parts))
                # Of the app only the room of the broken file: the rest takes half a minute.
                rooms = (
                    [str(Path(self.file).parent.relative_to(package))] if package == "pwa" else []
                )
                return [str(up / runner), "run", *rooms, "-t", rf"\b{self.rule}\b"], package
        rooms = [f"tests/{room}" for room in ("sync", "storage", "domain", "kinds", "web")]
        command = [".venv/bin/pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", self.rule]
        return [*command, *rooms], "."


MUTANTS: Final = (
    # entries ---------------------------------------------------------------------------------
    Mutant(
        "E01",
        f"{CORE}/apply.py",
        "device.person, line_hash, raw, known_id, eff, received",
        'device.person, line_hash, raw + b" ", known_id, eff, received',
    ),
    Mutant(
        "E02",
        f"{CORE}/entry.py",
        "if len(line) > limits.LINE_BYTES:",
        "if len(line) > limits.LINE_BYTES_KEPT:",
    ),
    Mutant(
        "E03",
        f"{CORE}/entry.py",
        'if _too_deep(line, value) or (b"\\\\u0000" in line and _has_nul(value)):',
        'if b"\\\\u0000" in line and _has_nul(value):',
    ),
    Mutant(
        "E04",
        f"{CORE}/apply.py",
        'return Outcome("refused", "malformed", field=field or None)',
        'return Outcome("refused", "malformed")',
    ),
    Mutant(
        "E05",
        f"{CORE}/apply.py",
        "outcome, trial = stop.outcome, Trial(World(world))",
        "outcome = stop.outcome",
    ),
    Mutant(
        "E06",
        f"{CORE}/judge.py",
        "after = structs.replace(before, adds=(*before.adds, line))",
        "after = structs.replace(before, adds=(line,))",
    ),
    Mutant(
        "E07",
        f"{CORE}/merge.py",
        "(current.device != stamp.device and base.get(name) == current.entry):\n            wins,",
        "(current.device != stamp.device and name not in base):\n            wins,",
    ),
    Mutant(
        "E08",
        f"{CORE}/apply.py",
        "        wall=entry.at.wall,",
        "        wall=entry.at.wall + entry.at.mono,",
    ),
    # the chain -------------------------------------------------------------------------------
    Mutant("C01", f"{CORE}/feed.py", '"n": head.n + 1,', '"n": head.n + 2,'),
    Mutant(
        "C02",
        "pwa/src/db/outbox.ts",
        "meta.get('head') as Promise<StoredHead | undefined>",
        "meta.get('heads' as 'head') as Promise<StoredHead | undefined>",
    ),
    Mutant(
        "C03",
        f"{CORE}/push.py",
        "        before = line_hash\n    return None",
        "        before = line_hash if prev is not None else before\n    return None",
    ),
    # time ------------------------------------------------------------------------------------
    Mutant(
        "T01",
        f"{CORE}/apply.py",
        "        case Entry():\n            return None",
        "        case Entry():\n            early = parsed.at.wall < 0\n"
        '            return Outcome("refused", "out_of_range", field="at.wall") if early else None',
    ),
    Mutant(
        "T02",
        f"{CORE}/clock.py",
        "eff = min(wall - offset, received)",
        "eff = min(wall, received)",
    ),
    Mutant("T03", f"{CORE}/clock.py", "eff = max(eff, previous)", "eff = max(eff, eff)"),
    Mutant(
        "T04",
        f"{CLIENT}/turn.ts",
        "Number(number) < Number(heldNumber) ? held : said",
        "Number(number) < 0 ? held : said",
    ),
    Mutant(
        "T05",
        f"{CORE}/clock.py",
        "if received - (wall - offset) > LATE_MS:",
        "if received - (wall - offset) > 10 * LATE_MS:",
    ),
    # push ------------------------------------------------------------------------------------
    Mutant(
        "P01",
        f"{CORE}/apply.py",
        "structs.replace(device, n=n, hash=line_hash, eff=eff)",
        "structs.replace(device, n=n if known_id else device.n, hash=line_hash, eff=eff)",
    ),
    Mutant(
        "P02",
        f"{CORE}/push.py",
        "for i in range(count)]",
        "for i in range(count) if i != 1]",
    ),
    Mutant("P03", f"{CORE}/push.py", "if start > device.n + 1:", "if start > device.n + 2:"),
    Mutant("P04", f"{CORE}/push.py", "        if n <= device.n:", "        if n < device.n:"),
    Mutant(
        "P05",
        f"{CORE}/push.py",
        "if stored is None or stored.hash != line_hash:",
        "if stored is None:",
    ),
    Mutant(
        "P11",
        "server/hushui/ledger.py",
        "device.n + 1 == job.lost < job.start",
        "device.n == job.lost < job.start",
    ),
    Mutant(
        "P06",
        f"{CORE}/push.py",
        "if len(line) > limits.LINE_BYTES_KEPT:",
        "if len(line) > 2 * limits.LINE_BYTES_KEPT:",
    ),
    Mutant(
        "P07",
        f"{SERVER}/errors.py",
        "class StoreFailure(HushuiError, hushui_sync.errors.StoreFailure):\n    status = 503",
        "class StoreFailure(HushuiError, hushui_sync.errors.StoreFailure):\n    status = 500",
    ),
    Mutant(
        "P08",
        f"{CORE}/apply.py",
        "if known.content == content_hash(parsed):",
        "if known.content:",
    ),
    Mutant(
        "P09",
        f"{CORE}/apply.py",
        'return Outcome("quarantined", "device_revoked")',
        'return Outcome("refused", "no_right")',
    ),
    Mutant(
        "P10",
        f"{SERVER}/web/auth.py",
        "raise UnknownDevice from None",
        "raise NotYourDevice from None",
    ),
    # receipts --------------------------------------------------------------------------------
    Mutant("R01", f"{CORE}/rows.py", "number = ledger.number + 1", "number = ledger.number + 2"),
    Mutant(
        "R02",
        f"{CORE}/feed.py",
        "(previous.encode(), receipt_json, allocated.encode())",
        "(previous.encode(), receipt_json)",
    ),
    Mutant(
        "R03",
        f"{CORE}/rows.py",
        'home, row = f"device:{device.id}", f"r:{device.id}:{n}"',
        'home, row = f"device:{device.id}", f"r:{n}"',
    ),
    Mutant(
        "R04",
        f"{CORE}/rows.py",
        "text = None if isinstance(parsed, Unread) else line.bytes.decode()",
        "text = None",
    ),
    Mutant(
        "R05",
        f"{CORE}/rows.py",
        "    return _take_home(world, device.org, scope, row, rev)",
        "    return []",
    ),
    Mutant(
        "R06",
        f"{CORE}/apply.py",
        'return Outcome("quarantined", code)',
        'return Outcome("quarantined")',
    ),
    # verdicts --------------------------------------------------------------------------------
    Mutant("V01", f"{CORE}/judge.py", 'return Outcome("applied")', 'return Outcome("merged")'),
    Mutant(
        "V02",
        f"{CORE}/merge.py",
        "wins = (stamp.eff, stamp.device) > (current.eff, current.device)",
        "wins = stamp.device > current.device",
    ),
    Mutant(
        "V03",
        f"{CORE}/merge.py",
        "if stored == value or current.author == stamp.author:",
        "if stored == value:",
    ),
    Mutant(
        "V04",
        f"{CORE}/merge.py",
        "if (c.field, c.author) != (new.field, new.author)]",
        "if c.field]",
    ),
    Mutant(
        "V05",
        f"{CORE}/merge.py",
        "return structs.replace(record, conflicts=_kept(record.conflicts, lost)), True",
        "return record, False",
    ),
    Mutant(
        "V06",
        f"{CORE}/merge.py",
        "settled = structs.replace(record, conflicts=rest, stamps",
        "settled = structs.replace(record, stamps",
    ),
    Mutant(
        "V07",
        f"{CORE}/judge.py",
        'return Outcome("noop", "already")',
        'return Outcome("applied")',
    ),
    Mutant(
        "V08",
        f"{CORE}/judge.py",
        'raise Stop(Outcome("held", "unknown_kind", field="kind"))',
        'raise Stop(Outcome("refused", "malformed", field="kind"))',
    ),
    Mutant(
        "V09",
        f"{CORE}/judge.py",
        'raise Stop(Outcome("refused", broken[0], field=broken[1]))',
        'raise Stop(Outcome("quarantined", broken[0], field=broken[1]))',
    ),
    Mutant(
        "V10",
        f"{CORE}/apply.py",
        'outcome, trial = Outcome("quarantined", "internal"), Trial(World(world))',
        'outcome, trial = Outcome("refused", "malformed"), Trial(World(world))',
    ),
    Mutant(
        "V11", f"{CORE}/guards.py", "            return index, field", "            return None"
    ),
    Mutant(
        "V12",
        f"{CORE}/judge.py",
        "world.last_number(made.org, made.kind, series) + 1",
        "world.last_number(made.org, made.kind, series)",
    ),
    # waiting ---------------------------------------------------------------------------------
    Mutant(
        "D01",
        f"{CORE}/judge.py",
        'raise Stop(Outcome("held", "waits_for", op=index, waits=cause.id))',
        'raise Stop(Outcome("refused", "required", op=index))',
    ),
    Mutant(
        "D02",
        f"{CORE}/apply.py",
        "*(known.id for known in settled if known and known.replaced_by)]",
        "*(known.id for known in settled if known and known.abandoned)]",
    ),
    Mutant(
        "D03",
        f"{CORE}/judge.py",
        "if not target.unaccepted or target.replaced_by is not None:",
        "if not target.unaccepted:",
    ),
    Mutant(
        "D04",
        f"{CORE}/judge.py",
        "if case.given is None and target.author != case.device.person:",
        "if case.given is not None and target.author != case.device.person:",
    ),
    Mutant(
        "D05",
        f"{CORE}/apply.py",
        '"decline": Outcome("refused", "declined")',
        '"decline": Outcome("held", "declined")',
    ),
    Mutant(
        "D06",
        f"{CORE}/judge.py",
        'if newest is not None and newest.code == "declined":',
        'if newest is not None and newest.code == "referred":',
    ),
    # rights ----------------------------------------------------------------------------------
    Mutant(
        "A01",
        f"{SERVER}/domain/facts.py",
        '"outside_zone": outside_zone(fields, rights, lookup),',
        '"outside_zone": False,',
    ),
    Mutant(
        "A02",
        f"{CORE}/rights.py",
        'return ("held", "right_lost") if decision else None',
        'return ("refused", "no_right") if decision else None',
    ),
    Mutant(
        "A03",
        f"{CORE}/rights.py",
        'return ("held", "contact_unknown")',
        'return ("refused", "no_right")',
    ),
    Mutant(
        "A04",
        f"{CORE}/judge.py",
        "return found if found is not None and found.org == org else None",
        "return found",
    ),
    Mutant(
        "A05",
        f"{SERVER}/domain/workflow.py",
        'return ("refused", "decided")',
        'return ("applied", None)',
    ),
    Mutant(
        "A06",
        f"{SERVER}/domain/workflow.py",
        'return ("held", "older_version")',
        'return ("applied", None)',
    ),
    Mutant(
        "A07",
        f"{SERVER}/domain/access.py",
        'Row("team_leader", "give_zone", ("grant",), "team"),',
        'Row("team_leader", "give_zone", ("grant",), "org"),',
    ),
    # pull ------------------------------------------------------------------------------------
    Mutant(
        "S01",
        f"{SERVER}/domain/access.py",
        'own = [f"org:{rights.org}", f"person:{rights.person}", f"device:{device}"]',
        'own = [f"org:{rights.org}", f"device:{device}"]',
    ),
    Mutant(
        "S02",
        f"{CORE}/working.py",
        "position = head.position + 1",
        "position = head.position + 2",
    ),
    Mutant(
        "S03",
        f"{CORE}/working.py",
        "position = head.position + 1",
        "position = before.position if before is not None else head.position + 1",
    ),
    Mutant(
        "S04",
        f"{SERVER}/actions/pull.py",
        "return Page(scope, 0, 0, more=True)",
        "return Page(scope, 0, 0)",
    ),
    Mutant(
        "S05",
        f"{CORE}/rows.py",
        "gone = set(old.places if old else ()) - set(record.places)",
        "gone = set(old.places if old else ()) & set()",
    ),
    Mutant(
        "S06",
        f"{SERVER}/actions/pull.py",
        "    if cursor is not None and cursor.epoch != epoch:",
        '    if cursor is not None and cursor.epoch == "":',
    ),
    Mutant(
        "S07",
        f"{CLIENT}/rev.ts",
        "return epochOf(incoming) === announced && numberOf(incoming) > numberOf(held)",
        "return epochOf(incoming) === announced",
    ),
    Mutant(
        "S08",
        f"{CLIENT}/schedule.ts",
        "return pushRange(state) === null ? NEVER : due",
        "return pushRange(state) === null || state.lanes.blob.sent ? NEVER : due",
    ),
    Mutant(
        "S09",
        f"{CLIENT}/hello.ts",
        "if (purged || answer.now - since < REVOKE_WAIT_MS)",
        "if (purged || answer.now - since < 0)",
    ),
    Mutant(
        "S10",
        f"{CLIENT}/hello.ts",
        "  setMeta(turn, 'grants', grants)\n",
        "  if (grants.length === 0) setMeta(turn, 'grants', grants)\n",
    ),
    Mutant(
        "S11",
        f"{SERVER}/domain/access.py",
        "return SYSTEM in rights.roles and kind in LEAVING",
        "return bool(rights.roles) and kind in LEAVING",
    ),
    # digests ---------------------------------------------------------------------------------
    Mutant(
        "G01",
        f"{CORE}/digest.py",
        'return sha256(f"{record} {rev}".encode()).digest()[:16]',
        'return sha256(f"{record}:{rev}".encode()).digest()[:16]',
    ),
    Mutant(
        "G02",
        f"{CORE}/digest.py",
        "return sha256(record.encode()).digest()[0]",
        "return sha256(record.encode()).digest()[1]",
    ),
    Mutant(
        "G03",
        f"{SERVER}/actions/pull.py",
        "return Page(scope, position, position, digest=here, check=check)",
        "return Page(scope, position, position, digest=here)",
    ),
    Mutant(
        "G04",
        f"{SERVER}/actions/check.py",
        "if digest.bucket(member[0]) in numbers)",
        "if digest.bucket(member[0]) not in numbers)",
    ),
    # hello, epoch, overlay -------------------------------------------------------------------
    Mutant("H01", f"{SERVER}/actions/hello.py", "        n=request.head.n,", "        n=0,"),
    Mutant(
        "H02",
        f"{SERVER}/actions/hello.py",
        "known=Known(device.n, device.hash),",
        'known=Known(0, "0" * 32),',
    ),
    Mutant(
        "H03",
        f"{CLIENT}/receipts.ts",
        "return blob?.receipt != null && blob.epoch === state.meta.epoch",
        "return blob?.receipt != null",
    ),
    Mutant(
        "H04",
        f"{SERVER}/actions/epoch.py",
        "return int(number) > ledger.number or receipted > known.n",
        "return receipted > known.n",
    ),
    Mutant(
        "H05",
        f"{CLIENT}/own.ts",
        "const written = ops.filter((op) => !LINE_ACTS.includes(op.act)).map((op) => op.record)",
        "const written = ops.filter((op) => op.act === 'put').map((op) => op.record).slice(1)",
    ),
    Mutant(
        "H06",
        f"{CLIENT}/pull.ts",
        "const isOld = line.round < state.round.number",
        "const isOld = line.round <= state.round.number",
    ),
    Mutant(
        "H07",
        f"{CLIENT}/turn.ts",
        "const wait = RETRY_MS_FIRST * 2 ** Math.min(failures - 1, 20)",
        "const wait = RETRY_MS_FIRST * failures",
    ),
    # blobs -----------------------------------------------------------------------------------
    Mutant(
        "B01",
        f"{SERVER}/actions/upload.py",
        "if length > BLOB_BYTES:",
        "if length > 2 * BLOB_BYTES:",
    ),
    Mutant(
        "B02",
        f"{SERVER}/actions/upload.py",
        "if not parts.store.blob_named(caller.org, sha256):",
        "if not sha256:",
    ),
    Mutant(
        "B03",
        f"{SERVER}/actions/upload.py",
        "        await parts.aside(parts.files.begin, upload.id)\n        raise HashMismatch",
        "        raise HashMismatch",
    ),
    Mutant(
        "B04",
        f"{SERVER}/web/blobs.py",
        'headers["Hushui-Receipt"] = f"{stands.receipt.epoch}:{stands.receipt.number}"',
        'headers["Hushui-Receipt"] = f"{stands.receipt.number}"',
    ),
    Mutant(
        "B05",
        f"{SERVER}/actions/upload.py",
        "if upload is None or not mine or upload.expires <= parts.ports.now():",
        "if upload is None or not mine:",
    ),
    Mutant(
        "B06",
        f"{SERVER}/actions/blob.py",
        "if any(office or line.author == caller.person for line, _ in lines):",
        "if lines:",
    ),
    Mutant(
        "B07",
        f"{CLIENT}/status.ts",
        "lines.every((line) => line.receipt !== null && isSettled(line))",
        "lines.every((line) => line.receipt !== null)",
    ),
    # enrolment -------------------------------------------------------------------------------
    Mutant(
        "N01",
        f"{SERVER}/actions/enrol.py",
        "(code.device, code.key) != (request.device, request.key)",
        "code.device != request.device",
    ),
    Mutant(
        "N02",
        f"{SERVER}/actions/enrol.py",
        "store.put_token(token_hash(token), request.device)",
        "store.put_token(token, request.device)",
    ),
    Mutant(
        "N03",
        f"{SERVER}/actions/attempts.py",
        "return TooManyAttempts(settings.attempts_window_s)",
        "return None",
    ),
    Mutant("N04", f"{SERVER}/web/auth.py", "if caller.device.id != device:", "if not device:"),
    # rescue bundles --------------------------------------------------------------------------
    Mutant(
        "K01",
        f"{SERVER}/actions/bundle.py",
        "if left or hashed.hexdigest() != name:",
        "if left:",
    ),
    Mutant(
        "K02",
        f"{SERVER}/storage/rescue.py",
        "if (folder / BUNDLE).exists():\n                self._path.unlink()",
        "if (folder / BUNDLE).exists():\n                self._path.touch()",
    ),
    Mutant(
        "K03",
        f"{SERVER}/actions/rescue.py",
        "there is not None and there.hash == line.hash",
        "there is not None",
    ),
    Mutant(
        "K04",
        "pwa/src/app/rescue.ts",
        "filter((line) => line.receipt === null)",
        "filter((line) => line.receipt !== null)",
    ),
)
