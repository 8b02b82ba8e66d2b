"""Sections 6, 10 and 11: receipts, rows, scopes and digests."""

import json

import msgspec

from hushui_sync import digest, feed
from hushui_sync.entry import Op
from hushui_sync.errors import CODES
from hushui_sync.messages import Receipt
from hushui_sync.rows import body, receipt_plain
from tests.support import ids
from tests.support.books import ORG, OTHER_ZONE, ZONE, Books
from tests.support.phone import Phone, about, hazard, op

RECORD = ids.make("record")
SHA = "ab" * 32


def one() -> tuple[Books, Phone]:
    books = Books()
    return books, books.phone(books.person("li"), "phone")


def photo(record: str, subject: str) -> Op:
    sizes = {"width": 10, "height": 10, "size": 10, "taken": 1}
    return op("photo", record, subject=subject, slot="scene", sha256=SHA, **sizes)


def mixed() -> tuple[Books, Phone]:
    """Lines of every verdict, a blob, a release."""
    books, phone = one()
    desk = books.phone(books.person("wen", "duty_officer"), "desk")
    phone.capture(hazard(RECORD, zone=ZONE, note="a"), blobs=[SHA])
    books.push(phone)
    desk.capture(op("hazard", RECORD, note="b"))
    refused = phone.capture(op("hazard", RECORD, level="none"))
    phone.capture(op("hazard", RECORD, bank="left", base={"level": refused}))
    phone.raw(b"?")
    books.push(desk)
    books.push(phone)
    books.blob(phone, SHA)
    phone.capture(op("hazard", RECORD, level="major"), replaces=refused)
    books.push(phone)
    return books, phone


# --- receipts ------------------------------------------------------------------------------------


def test_R01_receipts_are_numbered_through_the_ledger_and_a_new_judgement_is_a_new_one() -> None:
    books, phone = mixed()
    receipts = books.world.changes.receipts
    assert [r.number for r in receipts] == list(range(1, len(receipts) + 1))
    held = [r for r in receipts if isinstance(r, Receipt) and (r.device, r.n) == (phone.device, 3)]
    assert [r.verdict for r in held] == ["held", "applied"]


def test_R02_each_receipt_is_chained_over_its_text_and_its_positions() -> None:
    books, _ = mixed()
    chain = "0" * 64
    for receipt in books.world.changes.receipts:
        text = msgspec.json.encode(receipt_plain(receipt))
        positions = books.world.changes.positions[receipt.number]
        assert "chain" not in json.loads(text)
        chain = feed.receipt_chain(chain, text, positions)
        assert receipt.chain == chain
    assert books.world.ledger().chain == chain


def test_R02_every_position_is_in_the_chain() -> None:
    books, _ = mixed()
    allocated: dict[str, list[int]] = {}
    for number in sorted(books.world.changes.positions):
        for scope, position in books.world.changes.positions[number]:
            allocated.setdefault(scope, []).append(position)
    heads = {scope: head.position for scope, head in books.world.changes.scopes.items()}
    assert {s: sorted(p) for s, p in allocated.items()} == {
        scope: list(range(1, head + 1)) for scope, head in heads.items()
    }


def test_R03_newest_receipts_travel_as_rows_of_the_device() -> None:
    books, phone = mixed()
    rows = books.rows(f"device:{phone.device}")
    lines = {f"r:{phone.device}:{n}": books.world.newest(phone.device, n) for n in (1, 2, 3, 4, 5)}
    assert set(rows) == {*lines, f"b:{SHA}"}
    for row, receipt in lines.items():
        assert msgspec.json.decode(rows[row].body or b"", type=Receipt) == receipt
    blob = json.loads(rows[f"b:{SHA}"].body or b"")
    assert (blob["blob"], blob["size"], "n" in blob) == (SHA, 1, False)


def test_R04_unaccepted_lines_travel_to_the_person_with_their_text() -> None:
    books, phone = one()
    person = books.device(phone).person
    phone.capture(hazard(RECORD, level="none"))
    phone.capture(op("dream", ids.make("d")))
    phone.raw(b"\xff")
    books.push(phone)
    rows = books.rows(f"person:{person}")
    assert set(rows) == {f"u:{phone.device}:{n}" for n in (1, 2, 3)}
    texts = [json.loads(rows[f"u:{phone.device}:{n}"].body or b"")["line"] for n in (1, 2, 3)]
    assert texts == [phone.lines[0].decode(), phone.lines[1].decode(), None]
    first = json.loads(rows[f"u:{phone.device}:1"].body or b"")["receipt"]
    assert first["verdict"] == "refused"
    assert first == msgspec.to_builtins(books.world.newest(phone.device, 1))


def test_R04_the_row_goes_when_the_line_is_settled_from_another_device() -> None:
    books, phone = one()
    person = books.device(phone).person
    other = books.phone(person, "other")
    first = phone.capture(hazard(RECORD, level="none"))
    second = phone.capture(hazard(ids.make("b"), level="none"))
    books.push(phone)
    other.capture(hazard(RECORD, level="major"), replaces=first)
    books.push(other)
    assert books.unaccepted(person) == {f"u:{phone.device}:2"}
    other.capture(about("abandon", second))
    books.push(other)
    assert books.unaccepted(person) == set()
    gone = books.world.spot(f"person:{person}", f"u:{phone.device}:2")
    assert gone is not None
    assert (gone.gone, gone.body) == (True, None)


def test_R05_applied_merged_and_noop_are_settled_held_refused_and_quarantined_are_not() -> None:
    books, phone = mixed()
    phone.capture(op("hazard", RECORD, "undel"))
    phone.capture(op("dream", ids.make("d")))
    books.push(phone)
    verdicts = {n: books.newest(phone, n)[0] for n in range(1, 8)}
    assert verdicts[6] == "noop"
    open_lines = books.unaccepted(books.device(phone).person)
    # The second was replaced, the third released.
    assert open_lines == {f"u:{phone.device}:{n}" for n in (4, 7)}


def test_R06_a_code_says_why_and_applied_has_none() -> None:
    books, _ = mixed()
    given = [it for it in books.world.changes.receipts if isinstance(it, Receipt)]
    assert {receipt.verdict for receipt in given} >= {"applied", "merged", "held", "refused"}
    for receipt in given:
        assert receipt.code in (CODES[receipt.verdict] or (None,))


# --- rows and scopes -----------------------------------------------------------------------------


def test_S02_positions_have_no_holes() -> None:
    books, _ = mixed()
    assert books.world.changes.scopes
    for scope, head in books.world.changes.scopes.items():
        numbers = [
            position
            for allocated in books.world.changes.positions.values()
            for allocated_scope, position in allocated
            if allocated_scope == scope
        ]
        assert sorted(numbers) == list(range(1, head.position + 1)), scope


def test_S03_a_scope_holds_one_row_for_each_member_at_its_newest_change() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD, zone=ZONE))
    phone.capture(hazard(ids.make("b"), zone=ZONE))
    phone.capture(op("hazard", RECORD, note="x"))
    books.push(phone)
    rows = books.rows(f"zone:{ZONE}")
    assert {r: s.position for r, s in rows.items()} == {ids.make("b"): 2, RECORD: 3}
    assert rows[RECORD].rev == f"{ids.EPOCH}:3" == books.record(RECORD).rev


def test_S03_a_complete_blob_moves_its_record_up_without_changing_the_digest() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD, zone=ZONE), blobs=[SHA])
    books.push(phone)
    before = books.world.changes.scopes[f"zone:{ZONE}"]
    books.blob(phone, SHA)
    after = books.world.changes.scopes[f"zone:{ZONE}"]
    assert (after.position, after.digest) == (before.position + 1, before.digest)
    assert books.rows(f"zone:{ZONE}")[RECORD].rev == books.record(RECORD).rev


def test_S05_a_record_that_leaves_a_scope_is_gone_there() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD, zone=ZONE))
    phone.capture(op("hazard", RECORD, zone=OTHER_ZONE))
    books.push(phone)
    left = books.world.spot(f"zone:{ZONE}", RECORD)
    assert left is not None
    assert (left.gone, left.position, left.rev) == (True, 2, f"{ids.EPOCH}:2")
    assert RECORD in books.rows(f"zone:{OTHER_ZONE}")
    assert RECORD in books.rows(f"person:{books.device(phone).person}")


def test_S05_a_deleted_record_does_not_leave_its_scope() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD, zone=ZONE))
    phone.capture(op("hazard", RECORD, "del"))
    books.push(phone)
    assert books.rows(f"zone:{ZONE}")[RECORD].rev == f"{ids.EPOCH}:2"
    assert json.loads(body(books.record(RECORD)))["deleted"] is True


def test_S05_a_photo_before_its_subject_follows_it_when_it_comes() -> None:
    books, phone = one()
    picture = ids.make("photo")
    phone.capture(photo(picture, RECORD), blobs=[SHA])
    books.push(phone)
    own = f"person:{books.device(phone).person}"
    assert books.record(picture).scopes == (own,)
    phone.capture(hazard(RECORD, zone=ZONE))
    books.push(phone)
    assert set(books.record(picture).scopes) == {own, f"zone:{ZONE}"}
    # What it says did not change, and so neither did its rev.
    assert books.rows(f"zone:{ZONE}")[picture].rev == f"{ids.EPOCH}:1"
    phone.capture(op("hazard", RECORD, zone=OTHER_ZONE))
    books.push(phone)
    assert picture not in books.rows(f"zone:{ZONE}")
    assert picture in books.rows(f"zone:{OTHER_ZONE}")


def test_S05_in_one_entry_a_photo_may_come_before_its_subject() -> None:
    books, phone = one()
    picture = ids.make("photo")
    phone.capture(photo(picture, RECORD), hazard(RECORD, zone=ZONE))
    assert books.verdict(phone) == ("applied", None)
    assert set(books.rows(f"zone:{ZONE}")) == {picture, RECORD}


def test_S05_what_follows_a_follower_moves_too() -> None:
    books, phone = one()
    desk = books.phone(books.person("wen", "duty_officer"), "desk")
    picture, review = ids.make("photo"), ids.make("review")
    phone.capture(hazard(RECORD, zone=ZONE), photo(picture, RECORD))
    books.push(phone)
    desk.capture(op("review", review, target=picture, version=1, decision="approved"))
    assert books.verdict(desk) == ("applied", None)
    phone.capture(op("hazard", RECORD, zone=OTHER_ZONE))
    books.push(phone)
    assert set(books.rows(f"zone:{ZONE}")) == set()
    assert set(books.rows(f"zone:{OTHER_ZONE}")) == {RECORD, picture, review}


def test_S05_photos_that_name_each_other_end() -> None:
    books, phone = one()
    a, b = ids.make("a"), ids.make("b")
    phone.capture(photo(a, b))
    phone.capture(photo(b, a))
    phone.capture(photo(ids.make("c"), ids.make("c")))
    assert {r.verdict for r in books.receipts(phone)} == {"applied"}


def test_S07_inside_an_epoch_the_rev_of_what_is_written_only_grows() -> None:
    books, phone = one()
    desk = books.phone(books.person("wen", "duty_officer"), "desk")
    revs = []
    for note, writer in enumerate((phone, desk, phone)):
        op_ = op("hazard", RECORD, note=str(note)) if note else hazard(RECORD)
        writer.capture(op_, wall=ids.NOW - note)
        books.push(writer)
        revs.append(int(books.record(RECORD).rev.partition(":")[2]))
    assert revs == sorted(set(revs))


# --- digests -------------------------------------------------------------------------------------


def test_G01_G02_a_scope_digest_is_the_xor_of_its_live_members() -> None:
    books, phone = mixed()
    phone.capture(op("hazard", RECORD, zone=OTHER_ZONE))
    books.push(phone)
    for scope, head in books.world.changes.scopes.items():
        members = [(record, spot.rev) for record, spot in books.rows(scope).items()]
        assert head.digest == digest.scope_digest(members), scope
        parts = digest.buckets(members)
        total = bytes(4)
        for at in range(0, len(parts), 4):
            total = bytes(a ^ b for a, b in zip(total, parts[at : at + 4], strict=True))
        assert head.digest[:4] == total
    assert books.world.changes.scopes[f"zone:{ZONE}"].digest == digest.EMPTY
    assert books.rows(f"org:{ORG}") == {}


def test_G01_the_digest_is_over_members_never_over_values() -> None:
    books, phone = one()
    phone.capture(hazard(RECORD, zone=ZONE, note="a"))
    books.push(phone)
    expected = digest.scope_digest([(RECORD, f"{ids.EPOCH}:1")])
    assert books.world.changes.scopes[f"zone:{ZONE}"].digest == expected
