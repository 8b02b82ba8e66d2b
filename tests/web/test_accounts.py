"""Office sign-ins: who gives them, the password given once, and whose sessions end."""

from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from hushui.actions.accounts import GIVEN_MS
from tests.support import ids
from tests.support.phone import op
from tests.web.house import Handset, House, problem

NEW = "a password of my own"


@pytest.fixture
def admin(house: House) -> Handset:
    return house.enrol(house.admin)


def give(admin: Handset, person: str, login: str = "zhang") -> Response:
    return admin.send("POST", "/api/accounts", json={"person": person, "login": login})


def given(admin: Handset, person: str, login: str = "zhang") -> str:
    answer = give(admin, person, login)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["password"])


def session(house: House, answer: Response) -> dict[str, str]:
    """The headers of a browser that signed in, without the cookie jar that all tests share."""
    assert answer.status_code == 200, answer.text
    token = answer.cookies["hushui_session"]
    house.client.cookies.clear()
    return {"Cookie": f"hushui_session={token}", "Sec-Fetch-Site": "same-origin"}


def is_in(house: House, headers: dict[str, str]) -> bool:
    return house.client.get("/api/orgs/me", headers=headers).status_code == 200


def said(house: House, person: str) -> list[dict[str, Any]]:
    record = house.store.record(person)
    assert record is not None
    return [dict(one["set"]) for one in record.adds]


def test_a_given_password_opens_nothing_until_it_was_changed(house: House, admin: Handset) -> None:
    once = given(admin, house.patroller)
    refused = house.sign_in("zhang", password=once)
    assert problem(refused) == (403, "password_once")
    assert "set-cookie" not in refused.headers
    weak = (once, "1234567", "zhang", "nbh", "        ")
    for new in weak:
        answer = house.sign_in("zhang", password=once, new_password=new)
        assert problem(answer) == (400, "password_weak"), new
    headers = session(house, house.sign_in("zhang", password=once, new_password=NEW))
    assert is_in(house, headers)
    assert problem(house.sign_in("zhang", password=once)) == (401, "wrong_password")
    assert is_in(house, session(house, house.sign_in("zhang", password=NEW)))


def test_who_has_a_password_of_his_own_changes_nothing_by_signing_in(house: House) -> None:
    session(house, house.sign_in(new_password="something else"))
    session(house, house.sign_in())
    answer = house.sign_in(password="something else")
    assert problem(answer) == (401, "wrong_password")


def test_a_given_password_is_shown_once_and_stored_as_argon2id_only(
    house: House, admin: Handset
) -> None:
    once = given(admin, house.patroller)
    account = house.store.account(house.org, "zhang")
    assert account is not None
    assert account.once
    assert account.password.startswith("$argon2id$")
    files = [file.read_bytes() for file in house.settings.data.glob("hushui.db*")]
    assert not any(once.encode() in file for file in files)
    shown = admin.send("GET", "/api/accounts").json()["accounts"]
    assert {
        "login": "zhang",
        "person": house.patroller,
        "once": True,
        "expires": house.now + GIVEN_MS,
    } in shown
    assert once not in str(shown)


def test_a_reset_ends_every_session_of_that_person_and_no_other(
    house: House, admin: Handset
) -> None:
    house.account("zhang", house.patroller)
    his = [
        session(house, house.sign_in("zhang", device=ids.make(f"browser {n}"))) for n in range(2)
    ]
    other = session(house, house.sign_in())
    answer = admin.send("POST", "/api/accounts/reset", json={"login": "zhang"})
    assert answer.status_code == 200, answer.text
    assert [is_in(house, headers) for headers in (*his, other)] == [False, False, True]
    assert problem(house.sign_in("zhang")) == (401, "wrong_password")
    once = answer.json()["password"]
    assert problem(house.sign_in("zhang", password=once)) == (403, "password_once")


def test_a_given_password_waits_for_seven_days_and_a_reset_gives_another(
    house: House, admin: Handset
) -> None:
    first = given(admin, house.patroller)
    house.now += GIVEN_MS - 1
    assert problem(house.sign_in("zhang", password=first)) == (403, "password_once")
    house.now += 1
    for new in (None, NEW):
        answer = house.sign_in("zhang", password=first, new_password=new)
        assert problem(answer) == (403, "password_expired")
        assert f"{GIVEN_MS // 86_400_000} 天" in answer.json()["detail"]
    shown = admin.send("GET", "/api/accounts").json()["accounts"]
    (mine,) = (it for it in shown if it["login"] == "zhang")
    assert mine["once"]
    assert mine["expires"] == house.now
    second = admin.send("POST", "/api/accounts/reset", json={"login": "zhang"}).json()["password"]
    assert house.sign_in("zhang", password=second, new_password=NEW).status_code == 200
    house.now += 2 * GIVEN_MS
    assert house.sign_in("zhang", password=NEW).status_code == 200, "one's own does not expire"


def test_changing_ones_own_password_keeps_this_session_and_ends_the_others(house: House) -> None:
    here = session(house, house.sign_in())
    there = session(house, house.sign_in(device=ids.make("another browser")))

    def change(old: str, new: str) -> Response:
        body = {"old": old, "new": new}
        return house.client.post("/api/accounts/password", json=body, headers=here)

    assert problem(change("guess", NEW)) == (401, "wrong_password")
    assert problem(change("right password", "right password")) == (400, "password_weak")
    assert is_in(house, there)
    assert change("right password", NEW).status_code == 204
    assert (is_in(house, here), is_in(house, there)) == (True, False)
    assert problem(house.sign_in()) == (401, "wrong_password")
    assert is_in(house, session(house, house.sign_in(password=NEW)))


def test_N03_guesses_at_the_old_password_are_limited(tmp_path: Path) -> None:
    with House(tmp_path, attempts_address=3) as house:
        here = session(house, house.sign_in())
        for n in range(3):
            body = {"old": f"guess {n}", "new": NEW}
            answer = house.client.post("/api/accounts/password", json=body, headers=here)
            assert problem(answer) == (401, "wrong_password")
        body = {"old": "right password", "new": NEW}
        answer = house.client.post("/api/accounts/password", json=body, headers=here)
        assert problem(answer) == (429, "too_many_attempts")
        house.now += 600_000
        answer = house.client.post("/api/accounts/password", json=body, headers=here)
        assert answer.status_code == 204


def test_N03_a_given_password_can_be_guessed_no_oftener(tmp_path: Path) -> None:
    with House(tmp_path, attempts_address=3) as house:
        once = given(house.enrol(house.admin), house.patroller)
        for n in range(3):
            answer = house.sign_in("zhang", password=f"guess {n}", new_password=NEW)
            assert problem(answer) == (401, "wrong_password")
        answer = house.sign_in("zhang", password=once, new_password=NEW)
        assert problem(answer) == (429, "too_many_attempts")


@pytest.mark.parametrize("who", ["office", "patroller"])
def test_only_an_administrator_gives_sign_ins(house: House, who: str) -> None:
    house.account("admin", house.admin)
    phone = house.enrol(getattr(house, who))
    for answer in (
        phone.send("GET", "/api/accounts"),
        give(phone, house.colleague),
        phone.send("POST", "/api/accounts/reset", json={"login": "admin"}),
    ):
        assert problem(answer) == (403, "forbidden")
    assert house.store.account(house.org, "zhang") is None
    assert session(house, house.sign_in("admin"))


def test_a_login_has_one_owner_and_a_person_one_login(house: House, admin: Handset) -> None:
    given(admin, house.patroller)
    assert problem(give(admin, house.colleague)) == (409, "login_taken")
    assert problem(give(admin, house.patroller, "zhang2")) == (409, "has_account")
    assert problem(give(admin, house.colleague, "Zhang")) == (400, "bad_request")
    assert problem(give(admin, ids.make("nobody"), "nobody")) == (404, "not_found")
    assert problem(give(admin, house.stranger, "stranger")) == (404, "not_found")
    assert problem(admin.send("POST", "/api/accounts/reset", json={"login": "none"})) == (
        404,
        "not_found",
    )


def test_who_left_cannot_sign_in_nor_enrol_by_a_code_given_before(
    house: House, admin: Handset
) -> None:
    house.account("zhang", house.patroller)
    code = house.code(house.patroller)
    stamps = house.store.record(house.patroller).stamps  # type: ignore[union-attr]
    base = {name: stamp.entry for name, stamp in stamps.items()}
    house.system(op("member", house.patroller, "del", base=base))
    assert problem(house.sign_in("zhang")) == (401, "wrong_password")
    asked = {"code": code, "device": ids.make("late"), "key": "a2V5", "label": ""}
    assert problem(house.client.post("/api/enrol", json=asked)) == (410, "code_expired")
    assert problem(give(admin, house.patroller, "again")) == (404, "not_found")
    stamps = house.store.record(house.patroller).stamps  # type: ignore[union-attr]
    base = {name: stamp.entry for name, stamp in stamps.items()}
    house.system(op("member", house.patroller, "undel", base=base))
    assert house.client.post("/api/enrol", json=asked).status_code == 200
    assert house.sign_in("zhang").status_code == 200


def test_a_sign_in_that_meets_a_reset_comes_too_late(house: House, admin: Handset) -> None:
    """The password was right when it was looked at, and is not when the session is written."""
    submit, ledger = house.app.state.parts.ledger.submit, house.app.state.parts.ledger

    def reset_first(job: object) -> object:
        ledger.submit = submit
        house.account("zhouxun", house.office, "another password")
        return submit(job)

    ledger.submit = reset_first
    assert problem(house.sign_in()) == (401, "wrong_password")


def test_what_happens_to_a_sign_in_stands_in_the_ledger_without_any_password(
    house: House, admin: Handset
) -> None:
    once = given(admin, house.patroller)
    session(house, house.sign_in("zhang", password=once, new_password=NEW))
    again = admin.send("POST", "/api/accounts/reset", json={"login": "zhang"}).json()["password"]
    told = said(house, house.patroller)
    assert [(one["said"], one["by"]) for one in told] == [
        ("account.made", house.admin),
        ("account.changed", house.patroller),
        ("account.reset", house.admin),
    ]
    lines = [line.bytes for line in house.store.every_line()]
    for secret in (once, NEW, again):
        assert not any(secret.encode() in line for line in lines)


def test_a_request_from_another_site_changes_no_password(house: House) -> None:
    here = session(house, house.sign_in()) | {"Origin": "https://elsewhere.example"}
    body = {"old": "right password", "new": NEW}
    answer = house.client.post("/api/accounts/password", json=body, headers=here)
    assert problem(answer) == (403, "cross_origin")
    assert house.sign_in().status_code == 200
