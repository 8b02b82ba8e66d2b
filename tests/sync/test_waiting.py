"""Section 8: replacing, and lines that wait."""

from hushui_sync.messages import Receipt
from tests.support import ids
from tests.support.books import ORG, Books
from tests.support.phone import Phone, about, hazard, op

RECORD = ids.make("record")
Answer = tuple[str, str | None, str | None]


class Chain:
    """Three lines: the first is refused, the second leans on it, the third on the second."""

    def __init__(self) -> None:
        self.books = Books()
        self.person = self.books.person("li")
        self.phone = self.books.phone(self.person, "phone")
        self.other = self.books.phone(self.person, "other")
        self.office = self.books.phone(self.books.person("wen", "duty_officer"), "desk")
        self.a = self.phone.capture(hazard(RECORD, level="none"))
        self.b = self.phone.capture(op("hazard", RECORD, note="b"))
        self.c = self.phone.capture(op("hazard", RECORD, note="c", base={"note": self.b}))
        self.books.push(self.phone)

    def newest(self) -> list[Answer]:
        return [self.books.newest(self.phone, n) for n in (1, 2, 3)]

    def verdicts(self) -> list[str]:
        return [verdict for verdict, _, _ in self.newest()]

    def settle(self, phone: Phone) -> list[Receipt]:
        """Pushes and answers every receipt the push made."""
        before = len(self.books.world.changes.receipts)
        self.books.push(phone)
        made = self.books.world.changes.receipts[before:]
        return [receipt for receipt in made if isinstance(receipt, Receipt)]


def test_D01_a_line_that_leans_on_an_unaccepted_one_is_held_and_names_it() -> None:
    chain = Chain()
    assert chain.newest() == [
        ("refused", "unknown_choice", None),
        ("held", "waits_for", chain.a),
        ("held", "waits_for", chain.a),
    ]


def test_D01_by_its_base_alone() -> None:
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    phone.capture(hazard(RECORD))
    refused = phone.capture(op("hazard", RECORD, level="none"))
    phone.capture(op("hazard", RECORD, level="major", base={"level": refused}))
    phone.capture(op("hazard", RECORD, note="free"))
    books.push(phone)
    assert books.newest(phone, 3) == ("held", "waits_for", refused)
    assert books.newest(phone, 4) == ("applied", None, None)


def test_D01_by_a_reference_field() -> None:
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    refused = phone.capture(hazard(RECORD, level="none"))
    picture = {"slot": "scene", "sha256": "ab" * 32, "width": 1, "height": 1, "size": 1, "taken": 1}
    held = phone.capture(op("photo", ids.make("photo"), subject=RECORD, **picture))
    phone.capture(op("photo", ids.make("loose"), subject=ids.make("nobody knows"), **picture))
    books.push(phone)
    assert books.newest(phone, 2) == ("held", "waits_for", refused)
    assert books.newest(phone, 3) == ("applied", None, None)
    phone.capture(hazard(RECORD), replaces=refused)
    books.push(phone)
    assert books.newest(phone, 2)[0] == "applied"
    assert books.world.entry(ORG, held) is not None


def test_D01_of_another_persons_line_too() -> None:
    chain = Chain()
    chain.office.capture(op("hazard", RECORD, note="by the office"))
    assert chain.books.verdict(chain.office) == ("held", "waits_for")


def test_D01_what_one_entry_makes_itself_it_may_lean_on() -> None:
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    phone.capture(hazard(RECORD), op("hazard", RECORD, note="x"), op("hazard", RECORD, "del"))
    assert books.verdict(phone) == ("applied", None)


def test_D01_a_held_or_quarantined_line_is_leaned_on_as_well() -> None:
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    held = phone.capture(op("dream", RECORD))
    phone.capture(op("dream", RECORD, "add"))
    books.push(phone)
    assert books.newest(phone, 2) == ("held", "waits_for", held)


def test_D02_a_replacement_releases_the_whole_chain_in_the_same_commit() -> None:
    chain = Chain()
    chain.phone.capture(hazard(RECORD, level="major"), replaces=chain.a)
    receipts = chain.settle(chain.phone)
    assert [(r.n, r.verdict) for r in receipts] == [(4, "applied"), (2, "applied"), (3, "applied")]
    assert len({r.number for r in receipts}) == 3
    assert chain.books.record(RECORD).fields["note"] == "c"
    assert chain.books.unaccepted(chain.person) == set()
    known = chain.books.world.entry(ORG, chain.a)
    assert known is not None
    assert known.replaced_by is not None


def test_D02_from_another_device_of_the_same_person() -> None:
    chain = Chain()
    chain.other.capture(hazard(RECORD), replaces=chain.a)
    assert [(r.device, r.n) for r in chain.settle(chain.other)] == [
        (chain.other.device, 1),
        (chain.phone.device, 2),
        (chain.phone.device, 3),
    ]
    assert chain.books.unaccepted(chain.person) == set()


def test_D02_not_from_another_person() -> None:
    chain = Chain()
    chain.office.capture(hazard(RECORD), replaces=chain.a)
    # It leans on nothing it replaces, so it waits as any line would.
    assert chain.books.verdict(chain.office) == ("held", "waits_for")
    assert chain.verdicts() == ["refused", "held", "held"]


def test_D02_lines_are_released_by_device_and_n() -> None:
    books = Books()
    person = books.person("li")
    phones = sorted(
        (books.phone(person, name) for name in ("one", "two", "three")), key=lambda p: p.device
    )
    refused = phones[1].capture(hazard(RECORD, level="none"))
    books.push(phones[1])
    leans = {"level": refused}
    for phone in reversed(phones):
        first = phone.capture(op("hazard", RECORD, note=phone.device, base=leans))
        phone.capture(op("hazard", RECORD, bank="left", base={"note": first}))
        phone.capture(op("hazard", RECORD, people=1, base=leans))
        books.push(phone)
    before = len(books.world.changes.receipts)
    phones[1].capture(hazard(RECORD), replaces=refused)
    books.push(phones[1])
    made = [r for r in books.world.changes.receipts[before + 1 :] if isinstance(r, Receipt)]
    assert len(made) == 9
    places = [(r.device, r.n) for r in made]
    assert places == sorted(places)


def test_D02_in_base_the_replaced_id_reads_as_the_replacing_one() -> None:
    books = Books()
    li, wen = books.person("li"), books.person("wen", "duty_officer")
    phone, desk = books.phone(li, "phone"), books.phone(wen, "desk")
    refused = phone.capture(hazard(RECORD, level="none", note="a"))
    books.push(phone)
    # Its author saw what the refused line said; by its clock it came before the replacement.
    desk.capture(op("hazard", RECORD, note="b", base={"note": refused}), wall=ids.NOW - 900)
    books.push(desk)
    phone.capture(hazard(RECORD, note="a"), replaces=refused)
    books.push(phone)
    assert books.newest(desk, 1) == ("applied", None, None)
    assert books.record(RECORD).fields["note"] == "b"
    assert books.record(RECORD).conflicts == ()


def test_D02_who_takes_a_place_has_seen_what_the_replaced_line_had_seen() -> None:
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    desk = books.phone(books.person("wen", "duty_officer"), "desk")
    phone.capture(hazard(RECORD))
    books.push(phone)
    seen = desk.capture(op("hazard", RECORD, level="larger"))
    books.push(desk)
    bad = phone.capture(op("hazard", RECORD, level="none", base={"level": seen}))
    books.push(phone)
    good = op("hazard", RECORD, level="major", base={"level": bad})
    phone.capture(good, replaces=bad, wall=ids.NOW - 900)
    assert books.verdict(phone) == ("applied", None)
    assert books.record(RECORD).fields["level"] == "major"


def test_D02_a_replacement_that_leans_on_what_waits_for_the_replaced_does_not_wait() -> None:
    chain = Chain()
    good = hazard(RECORD, note="good", base={"note": chain.c, "level": chain.a})
    chain.phone.capture(good, replaces=chain.a)
    assert chain.books.verdict(chain.phone) == ("applied", None)
    assert "held" not in chain.verdicts()
    # Its own earlier lines come late and change nothing any more.
    assert chain.books.record(RECORD).fields["note"] == "good"


def test_D02_a_replacement_of_a_refused_replacement_settles_both() -> None:
    chain = Chain()
    second = chain.phone.capture(hazard(RECORD, level="nor that"), replaces=chain.a)
    assert chain.books.verdict(chain.phone) == ("refused", "unknown_choice")
    chain.phone.capture(hazard(RECORD, level="major"), replaces=second)
    assert chain.books.verdict(chain.phone) == ("applied", None)
    assert chain.verdicts() == ["refused", "applied", "applied"]
    assert chain.books.unaccepted(chain.person) == set()


def test_D02_a_replacement_that_is_refused_settles_nothing() -> None:
    chain = Chain()
    chain.phone.capture(hazard(RECORD, level="nor that"), replaces=chain.a)
    chain.books.push(chain.phone)
    assert chain.verdicts() == ["refused", "held", "held"]
    assert len(chain.books.unaccepted(chain.person)) == 4


def test_D02_a_released_line_may_be_refused_itself_and_its_own_wait_for_it() -> None:
    books = Books()
    person = books.person("li")
    phone = books.phone(person, "phone")
    a = phone.capture(hazard(RECORD, level="none"))
    b = phone.capture(op("hazard", RECORD, level="nor this", base={"level": a}))
    c = phone.capture(op("hazard", RECORD, bank="left", base={"level": b}))
    books.push(phone)
    phone.capture(hazard(RECORD, level="major"), replaces=a)
    books.push(phone)
    assert books.newest(phone, 2) == ("refused", "unknown_choice", None)
    assert books.newest(phone, 3) == ("held", "waits_for", b)
    phone.capture(op("hazard", RECORD, level="larger"), replaces=b)
    books.push(phone)
    assert books.newest(phone, 3) == ("applied", None, None)
    assert books.record(RECORD).fields["bank"] == "left"
    assert books.world.entry(ORG, c) is not None


def test_D02_a_held_line_that_was_replaced_is_not_released() -> None:
    chain = Chain()
    chain.phone.capture(hazard(ids.make("elsewhere")), replaces=chain.b)
    chain.books.push(chain.phone)
    # The third waits for the first itself, so it stays; the second is settled.
    assert chain.verdicts() == ["refused", "held", "held"]
    chain.phone.capture(hazard(RECORD), replaces=chain.a)
    assert [r.n for r in chain.settle(chain.phone)] == [5, 3]
    assert chain.books.record(RECORD).fields["note"] == "c"
    assert chain.books.unaccepted(chain.person) == set()


def test_D02_a_line_that_replaces_itself_hurts_nobody() -> None:
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    entry = ids.make("self")
    phone.capture(op("dream", RECORD), id=entry, replaces=entry)
    assert books.verdict(phone) == ("held", "unknown_kind")

    class Dreaming:
        def __getattr__(self, name: str) -> object:
            return getattr(books_policy, name)

        def kind_known(self, kind: str) -> bool:
            return True

        def check(self, *_: object, **__: object) -> None:
            return None

        def subject(self, *_: object) -> None:
            return None

        def series(self, *_: object) -> None:
            return None

        def references(self, *_: object) -> list[str]:
            return []

        def flags(self, *_: object) -> list[str]:
            return []

        def scopes(self, *_: object) -> list[str]:
            return []

        def allowed(self, *_: object) -> bool:
            return True

    books_policy, books.policy = books.policy, Dreaming()
    assert [r.verdict for r in books.again(entry)] == ["applied"]
    phone.capture(op("dream", RECORD, note="x", base={"note": entry}))
    assert books.verdict(phone) == ("applied", None)


def test_D03_only_the_first_replacement_by_receipt_settles() -> None:
    chain = Chain()
    chain.phone.capture(hazard(RECORD, note="first"), replaces=chain.a)
    chain.other.capture(hazard(RECORD, note="later"), replaces=chain.a, wall=ids.NOW - 900)
    chain.books.push(chain.phone)
    known = chain.books.world.entry(ORG, chain.a)
    # The later one is an ordinary line with its own base: older, so it does not stand.
    assert chain.books.receipt(chain.other).verdict in ("merged", "noop", "applied")
    assert chain.books.world.entry(ORG, chain.a) == known
    assert chain.books.record(RECORD).fields["note"] in ("first", "c")


def test_D03_a_replacement_of_what_was_accepted_is_an_ordinary_line() -> None:
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    first = phone.capture(hazard(RECORD, note="a"))
    phone.capture(op("hazard", RECORD, note="b"), replaces=first)
    assert [r.verdict for r in books.receipts(phone)] == ["applied", "applied"]
    known = books.world.entry(ORG, first)
    assert known is not None
    assert known.replaced_by is None


def test_D04_abandon_gives_up_a_line_of_ones_own() -> None:
    chain = Chain()
    chain.other.capture(about("abandon", chain.a))
    assert chain.books.verdict(chain.other) == ("applied", None)
    assert chain.books.unaccepted(chain.person) == {f"u:{chain.phone.device}:{n}" for n in (2, 3)}
    assert chain.verdicts() == ["refused", "held", "held"]


def test_D04_not_a_line_of_somebody_else() -> None:
    chain = Chain()
    chain.office.capture(about("abandon", chain.a))
    assert chain.books.verdict(chain.office) == ("refused", "no_right")


def test_D04_after_a_replacement_or_twice_it_is_noop() -> None:
    chain = Chain()
    chain.phone.capture(hazard(RECORD), replaces=chain.a)
    chain.phone.capture(about("abandon", chain.a))
    assert chain.books.verdict(chain.phone) == ("noop", "already")
    chain = Chain()
    for answer in (("applied", None), ("noop", "already")):
        chain.phone.capture(about("abandon", chain.b))
        assert chain.books.verdict(chain.phone) == answer


def test_D04_a_replacement_after_abandon_still_applies_and_releases() -> None:
    chain = Chain()
    chain.phone.capture(about("abandon", chain.a))
    chain.phone.capture(hazard(RECORD), replaces=chain.a)
    chain.books.push(chain.phone)
    assert chain.verdicts() == ["refused", "applied", "applied"]
    assert chain.books.unaccepted(chain.person) == set()


def test_D04_an_abandoned_line_that_waited_is_not_released() -> None:
    chain = Chain()
    chain.phone.capture(about("abandon", chain.b))
    chain.phone.capture(hazard(RECORD), replaces=chain.a)
    assert [r.n for r in chain.settle(chain.phone)] == [4, 5, 3]
    assert chain.newest()[1:] == [("held", "waits_for", chain.a), ("held", "waits_for", chain.b)]


def test_D04_of_what_was_never_there() -> None:
    chain = Chain()
    chain.phone.capture(about("abandon", ids.make("never")))
    receipt = chain.books.receipt(chain.phone)
    assert (receipt.verdict, receipt.code, receipt.field) == ("refused", "required", "entry")


# --- the office's answers ------------------------------------------------------------------------


def lost_right() -> tuple[Books, Phone, Phone, str, str]:
    """An officer's line that is held, for he is no officer any more; another officer's desk."""
    books = Books()
    wen = books.person("wen", "duty_officer")
    admin = books.phone(books.person("an", "admin"), "admin")
    desk = books.phone(wen, "desk")
    other = books.phone(books.person("shu", "secretary"), "second desk")
    phone = books.phone(books.person("li"), "phone")
    phone.capture(hazard(RECORD))
    books.push(phone)
    books.hears(desk)
    admin.capture(op("member", wen, name="文", code="1", roles=["member"]))
    books.push(admin)
    review = {"target": RECORD, "version": 1, "decision": "approved"}
    entry = desk.capture(op("review", ids.make("review"), **review))
    assert books.verdict(desk) == ("held", "right_lost")
    return books, desk, other, entry, wen


def test_D05_adopted_it_is_judged_again_with_the_adopters_rights() -> None:
    books, desk, other, entry, wen = lost_right()
    other.capture(about("adopt", entry))
    assert books.verdict(other) == ("applied", None)
    assert books.newest(desk, 1) == ("applied", None, None)
    review = books.record(RECORD).review
    assert review is not None
    assert (review.decision, review.by) == ("approved", wen)
    assert books.unaccepted(wen) == set()


def test_D05_declined_it_is_refused_and_its_author_may_give_it_up() -> None:
    books, desk, other, entry, wen = lost_right()
    other.capture(about("decline", entry))
    assert books.verdict(other) == ("applied", None)
    assert books.newest(desk, 1) == ("refused", "declined", None)
    assert books.unaccepted(wen) == {f"u:{desk.device}:1"}
    desk.capture(about("abandon", entry))
    assert books.verdict(desk) == ("applied", None)
    assert books.unaccepted(wen) == set()


def test_D05_the_same_answer_twice_is_noop_the_other_contradicts() -> None:
    for first, second in (("adopt", "decline"), ("decline", "adopt")):
        books, _, other, entry, _ = lost_right()
        for act, answer in (
            (first, ("applied", None)),
            (first, ("noop", "already")),
            (second, ("refused", "decided")),
        ):
            other.capture(about(act, entry))
            assert books.verdict(other) == answer, (first, act)


def test_D05_both_answers_in_one_entry_are_none() -> None:
    books, desk, other, entry, _ = lost_right()
    other.capture(about("adopt", entry), about("decline", entry))
    assert books.verdict(other) == ("refused", "decided")
    assert books.newest(desk, 1)[0] == "held"


def test_D05_adopted_twice_in_one_entry_it_is_judged_once() -> None:
    chain = Chain()
    visits = ids.make("patrol")
    old = chain.phone.capture(
        op("patrol", visits, started=1), contact=f"{ids.make('other epoch')}:5"
    )
    chain.books.push(chain.phone)
    chain.office.capture(about("adopt", old), about("adopt", old))
    before = len(chain.books.world.changes.receipts)
    chain.books.push(chain.office)
    assert len(chain.books.world.changes.receipts) - before <= 2


def test_D05_a_refused_line_is_neither_adopted_nor_declined() -> None:
    chain = Chain()
    for act in ("adopt", "decline"):
        chain.office.capture(about(act, chain.a))
        assert chain.books.verdict(chain.office) == ("refused", "decided")


def test_D05_only_by_who_may_and_a_lost_right_is_held() -> None:
    chain = Chain()
    chain.other.capture(about("adopt", chain.b))
    assert chain.books.verdict(chain.other) == ("refused", "no_right")


def test_D05_adopted_before_what_it_waits_for_it_goes_on_waiting() -> None:
    chain = Chain()
    chain.office.capture(about("adopt", chain.b))
    assert chain.books.verdict(chain.office) == ("applied", None)
    assert chain.newest()[1] == ("held", "waits_for", chain.a)


def test_D05_a_malformed_line_of_a_revoked_device_stays_what_it_is_when_adopted() -> None:
    books = Books()
    person = books.person("li")
    phone = books.phone(person, "phone")
    office = books.phone(books.person("wen", "duty_officer"), "desk")
    office.capture(op("device", phone.device, person=person, revoked=True))
    books.push(office)
    good = phone.capture(hazard(RECORD))
    bad = ids.make("bad")
    phone.raw(b'{"v":1,"id":"%s"}' % bad.encode())
    assert {r.code for r in books.receipts(phone)} == {"device_revoked"}
    office.capture(about("adopt", good), about("adopt", bad))
    assert books.verdict(office) == ("applied", None)
    assert books.newest(phone, 1) == ("applied", None, None)
    assert books.newest(phone, 2) == ("refused", "malformed", None)


# --- handed to the office ------------------------------------------------------------------------


def no_right() -> tuple[Books, Phone, Phone, str]:
    """A member's refused line that approves a colleague's hazard; his phone, an officer's desk."""
    books = Books()
    phone = books.phone(books.person("li"), "phone")
    desk = books.phone(books.person("wen", "duty_officer"), "desk")
    colleague = books.phone(books.person("zhang"), "colleague")
    colleague.capture(hazard(RECORD))
    books.push(colleague)
    review = {"target": RECORD, "version": 1, "decision": "approved"}
    entry = phone.capture(op("review", ids.make("review"), **review))
    assert books.verdict(phone) == ("refused", "no_right")
    return books, phone, desk, entry


def test_D06_referred_it_is_held_and_adopted_it_stands() -> None:
    books, phone, desk, entry = no_right()
    phone.capture(about("refer", entry))
    assert books.verdict(phone) == ("applied", None)
    assert books.newest(phone, 1) == ("held", "referred", None)
    assert books.unaccepted(books.device(phone).person) == {f"u:{phone.device}:1"}
    desk.capture(about("adopt", entry))
    assert books.verdict(desk) == ("applied", None)
    assert books.newest(phone, 1) == ("applied", None, None)
    assert books.unaccepted(books.device(phone).person) == set()


def test_D06_declined_it_is_its_authors_again_and_cannot_be_handed_over_twice() -> None:
    books, phone, desk, entry = no_right()
    phone.capture(about("refer", entry))
    books.push(phone)
    desk.capture(about("decline", entry))
    assert books.verdict(desk) == ("applied", None)
    assert books.newest(phone, 1) == ("refused", "declined", None)
    phone.capture(about("refer", entry))
    assert books.verdict(phone) == ("refused", "decided")
    phone.capture(about("abandon", entry))
    assert books.verdict(phone) == ("applied", None)


def test_D06_what_waits_for_it_goes_on_waiting_and_its_author_may_still_mend_it() -> None:
    chain = Chain()
    chain.phone.capture(about("refer", chain.a))
    chain.books.push(chain.phone)
    assert chain.newest()[0] == ("held", "referred", None)
    assert chain.verdicts() == ["held", "held", "held"]
    chain.phone.capture(hazard(RECORD), replaces=chain.a)
    chain.books.push(chain.phone)
    assert chain.verdicts() == ["held", "applied", "applied"]
    assert chain.books.unaccepted(chain.person) == set()


def test_D06_what_adopting_does_not_cure_comes_home_with_its_new_reason() -> None:
    chain = Chain()
    chain.phone.capture(about("refer", chain.a))
    chain.books.push(chain.phone)
    chain.office.capture(about("adopt", chain.a))
    assert chain.books.verdict(chain.office) == ("applied", None)
    assert chain.newest()[0][:1] == ("refused",)
    chain.phone.capture(about("refer", chain.a))
    assert chain.books.verdict(chain.phone) == ("applied", None)


def test_D06_of_what_the_office_has_or_what_is_settled_it_is_noop() -> None:
    books, phone, _, entry = no_right()
    phone.capture(about("refer", entry), about("refer", entry))
    assert books.verdict(phone) == ("applied", None)
    phone.capture(about("refer", entry))
    assert books.verdict(phone) == ("noop", "already")
    phone.capture(about("abandon", entry))
    books.push(phone)
    phone.capture(about("refer", entry))
    assert books.verdict(phone) == ("noop", "already")
    held, author, *_ = lost_right()
    mine = held.world.line(author.device, 1)
    assert mine is not None
    author.capture(about("refer", str(mine.entry)))
    assert held.verdict(author) == ("noop", "already")
    assert held.newest(author, 1) == ("held", "right_lost", None)


def test_D06_not_a_line_of_somebody_else() -> None:
    books, phone, desk, entry = no_right()
    desk.capture(about("refer", entry))
    assert books.verdict(desk) == ("refused", "no_right")
    assert books.newest(phone, 1) == ("refused", "no_right", None)
