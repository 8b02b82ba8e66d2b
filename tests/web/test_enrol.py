"""Enrolment, sessions and who is calling."""

import asyncio
from pathlib import Path

import pytest

from hushui.actions.compaction import compact
from hushui.actions.secrets import token_hash
from tests.support import ids
from tests.web.house import House, problem

DEVICE = ids.make("a phone")


def asked(code: str, device: str = DEVICE, key: str = "a2V5") -> dict[str, str]:
    return {"code": code, "device": device, "key": key, "label": "张河的手机"}


def test_N01_a_code_binds_to_the_first_device_and_answers_it_the_same_again(house: House) -> None:
    code = house.code(house.patroller)
    first = house.client.post("/api/enrol", json=asked(code))
    house.now += 23 * 3_600_000
    again = house.client.post("/api/enrol", json=asked(code))
    assert first.status_code == again.status_code == 200
    answer = first.json()
    assert {**again.json(), "now": 0} == {**answer, "now": 0}
    assert (answer["person"], answer["org"]) == (house.patroller, house.org)
    assert answer["contact"] == f"{answer['epoch']}:0"


def test_N01_any_other_device_gets_code_used(house: House) -> None:
    code = house.code(house.patroller)
    assert house.client.post("/api/enrol", json=asked(code)).status_code == 200
    other = house.client.post("/api/enrol", json=asked(code, ids.make("another")))
    key = house.client.post("/api/enrol", json=asked(code, key="b3RoZXI="))
    assert problem(other) == problem(key) == (410, "code_used")


def test_N01_a_code_ends_after_24_hours_even_for_its_own_device(house: House) -> None:
    code = house.code(house.patroller)
    assert house.client.post("/api/enrol", json=asked(code)).status_code == 200
    house.now += 24 * 3_600_000
    assert problem(house.client.post("/api/enrol", json=asked(code))) == (410, "code_expired")


def test_N01_an_unknown_code_is_not_found(house: House) -> None:
    assert problem(house.client.post("/api/enrol", json=asked("00000000"))) == (404, "code_unknown")


def test_N01_a_device_id_of_somebody_else_does_not_use_up_the_code(house: House) -> None:
    phone = house.enrol(house.colleague)
    code = house.code(house.patroller)
    taken = house.client.post("/api/enrol", json=asked(code, phone.device))
    assert problem(taken) == (409, "device_taken")
    assert house.client.post("/api/enrol", json=asked(code)).status_code == 200


def test_enrolling_makes_the_device_a_record_that_everybody_sees(house: House) -> None:
    phone = house.enrol(house.patroller)
    record = house.store.record(phone.device)
    assert record is not None
    assert (record.kind, record.fields["person"]) == ("device", house.patroller)
    assert record.scopes == (f"org:{house.org}",)


def test_enrolling_again_makes_up_for_a_record_that_was_not_written(house: House) -> None:
    code = house.code(house.patroller)
    submit, cut = house.app.state.parts.ledger.submit, []

    def lose_the_second(job: object) -> object:
        cut.append(job)
        if len(cut) == 2:
            raise ConnectionError
        return submit(job)

    house.app.state.parts.ledger.submit = lose_the_second
    assert problem(house.client.post("/api/enrol", json=asked(code))) == (500, "internal")
    assert house.store.record(DEVICE) is None
    house.app.state.parts.ledger.submit = submit
    assert house.client.post("/api/enrol", json=asked(code)).status_code == 200
    assert house.store.record(DEVICE) is not None


def test_N02_only_the_hash_of_a_token_is_stored_and_it_never_ends_by_time(house: House) -> None:
    phone = house.enrol(house.patroller)
    assert house.store.token_device(token_hash(phone.token)) is not None
    assert house.store.token_device(phone.token) is None
    assert phone.token.encode() not in (house.settings.data / "hushui.db").read_bytes()
    house.now += 5 * 365 * 24 * 3_600_000
    assert phone.hello().status_code == 200


def test_N03_wrong_codes_of_one_address_are_limited(house: House) -> None:
    for i in range(10):
        wrong = house.client.post("/api/enrol", json=asked(f"0000000{i}"))
        assert problem(wrong) == (404, "code_unknown")
    code = house.code(house.patroller)
    stopped = house.client.post("/api/enrol", json=asked(code))
    assert problem(stopped) == (429, "too_many_attempts")
    assert stopped.headers["Retry-After"] == "600"
    house.now += 600_000
    assert house.client.post("/api/enrol", json=asked(code)).status_code == 200


def test_N03_wrong_passwords_of_one_organisation_are_limited(tmp_path: Path) -> None:
    with House(tmp_path, attempts_address=1000, attempts_org=3) as house:
        for _ in range(3):
            wrong = house.sign_in(password="guess")
            assert problem(wrong) == (401, "wrong_password")
        assert problem(house.sign_in()) == (429, "too_many_attempts")
        code = house.code(house.patroller)
        # A wrong code that nobody made counts for the server, not for this organisation.
        assert problem(house.client.post("/api/enrol", json=asked("00000000")))[0] == 404
        assert problem(house.client.post("/api/enrol", json=asked(code))) == (
            429,
            "too_many_attempts",
        )


def test_N03_guesses_from_many_addresses_stop_the_one_that_hits(tmp_path: Path) -> None:
    with House(tmp_path, attempts_address=1000, attempts_org=3) as house:
        phone_code, code = house.code(house.patroller), house.code(house.colleague)
        assert house.client.post("/api/enrol", json=asked(phone_code)).status_code == 200
        for i in range(3):
            guess = house.client.post("/api/enrol", json=asked(f"0000000{i}"))
            assert problem(guess) == (404, "code_unknown")
        hit = house.client.post("/api/enrol", json=asked(code, ids.make("guesser")))
        assert problem(hit) == (429, "too_many_attempts")
        assert house.client.post("/api/enrol", json=asked(phone_code)).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"password": "wrong"}, {"login": "nobody"}, {"org": "nowhere"}], ids=str
)
def test_signing_in_never_says_what_was_wrong(house: House, changes: dict[str, str]) -> None:
    assert problem(house.sign_in(**changes)) == (401, "wrong_password")


def test_a_session_is_a_cookie_that_scripts_cannot_read(house: House) -> None:
    answer = house.sign_in()
    assert answer.status_code == 200, answer.text
    assert answer.json()["token"] is None
    assert answer.json()["person"] == house.office
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert house.client.get("/api/orgs/me").json()["posts"] == ["office", "patroller"]


def test_a_session_registers_the_browsers_device_like_an_enrolment(house: House) -> None:
    device = house.sign_in().json()["device"]
    assert house.store.device(device).person == house.office  # type: ignore[union-attr]
    assert house.store.record(device) is not None


def test_a_session_ends_by_time_and_by_signing_out(house: House) -> None:
    house.sign_in()
    house.now += 24 * 3_600_000
    assert problem(house.client.get("/api/orgs/me")) == (401, "unauthenticated")
    house.sign_in()
    out = house.client.delete("/api/session", headers={"Origin": "http://testserver.local"})
    assert out.status_code == 204
    assert problem(house.client.get("/api/orgs/me")) == (401, "unauthenticated")


def test_who_signs_in_ends_the_session_he_came_with(house: House) -> None:
    house.sign_in()
    before = house.client.cookies["hushui_session"]
    assert problem(house.sign_in(password="wrong")) == (401, "wrong_password")
    assert house.client.get("/api/orgs/me").status_code == 200
    house.sign_in()
    assert house.client.get("/api/orgs/me").status_code == 200
    house.client.cookies.clear()
    old = house.client.get("/api/orgs/me", headers={"Cookie": f"hushui_session={before}"})
    assert problem(old) == (401, "unauthenticated")


def test_a_cookie_changes_something_only_from_our_own_pages(house: House) -> None:
    house.sign_in()
    body = {"person": house.patroller}
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}):
        refused = house.client.post("/api/codes", json=body, headers=headers)
        assert problem(refused) == (403, "cross_origin")
    ours = {"Origin": "http://testserver.local"}
    assert house.client.post("/api/codes", json=body, headers=ours).status_code == 201


def test_N04_a_device_speaks_only_for_itself(house: House) -> None:
    phone, other = house.enrol(house.patroller), house.enrol(house.colleague)
    assert problem(phone.push_bytes(b"", device=other.device)) == (403, "not_your_device")
    assert problem(phone.hello(device=other.device)) == (403, "not_your_device")
    assert problem(phone.pull(device=other.device)) == (403, "not_your_device")
    check = {
        "device": other.device,
        "scope": f"device:{other.device}",
        "epoch": phone.phone.at.boot,
        "position": 0,
        "buckets": "A" * 1_366 + "==",
    }
    assert problem(phone.send("POST", "/api/sync/check", json=check)) == (403, "not_your_device")


def test_P10_a_forgotten_device_and_a_wrong_token_are_told_apart(house: House) -> None:
    phone = house.enrol(house.patroller)
    phone.headers = {"Authorization": "Bearer nonsense"}
    assert problem(phone.hello()) == (401, "unauthenticated")
    assert problem(phone.push_bytes(b"")) == (401, "unauthenticated")
    assert problem(phone.hello(device=ids.make("forgotten"))) == (401, "unknown_device")
    unknown = phone.push_bytes(b"", device=ids.make("forgotten"))
    assert problem(unknown) == (401, "unknown_device")
    phone.headers = {}
    assert problem(phone.pull()) == (401, "unauthenticated")


def test_a_code_comes_with_a_picture_that_a_phone_can_scan(house: House) -> None:
    office = house.enrol(house.office)
    answer = office.send("POST", "/api/codes", json={"person": house.patroller})
    assert answer.status_code == 201
    made = answer.json()
    assert len(made["code"]) == 8
    assert made["code"].isdigit()
    assert made["url"].endswith(f"/enrol#code={made['code']}")
    assert made["svg"].startswith("<svg")
    assert made["expires"] - house.now == 24 * 3_600_000


def test_A04_codes_are_given_by_the_office_and_only_for_its_own_people(house: House) -> None:
    office, phone = house.enrol(house.office), house.enrol(house.patroller)
    refused = phone.send("POST", "/api/codes", json={"person": house.colleague})
    assert problem(refused) == (403, "forbidden")
    foreign = office.send("POST", "/api/codes", json={"person": house.stranger})
    assert problem(foreign) == (404, "not_found")


def test_N01_an_officer_gets_no_code_for_an_administrator(house: House) -> None:
    """Whoever enrols as somebody may what he may."""
    desk = house.enrol(house.office)
    refused = desk.send("POST", "/api/codes", json={"person": house.admin})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert desk.send("POST", "/api/codes", json={"person": house.patroller}).status_code == 201
    admin = house.enrol(house.admin)
    assert admin.send("POST", "/api/codes", json={"person": house.office}).status_code == 201


def test_N01_a_code_that_ended_long_ago_is_forgotten(house: House) -> None:
    code = house.code(house.patroller)
    for days, said in ((2, (410, "code_expired")), (7, (404, "code_unknown"))):
        house.now += days * 86_400_000
        asyncio.run(compact(house.app.state.parts))
        assert problem(house.client.post("/api/enrol", json=asked(code))) == said
