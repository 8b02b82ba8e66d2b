"""A forgotten PIN is cleared by a code of the same person, and by nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from httpx import Response

from tests.support import ids
from tests.support.phone import op
from tests.web.house import Handset, House, problem


def reset(house: House, code: str, device: str) -> Response:
    return house.client.post("/api/pin-reset", json={"code": code, "device": device})


def enrolled_by(house: House, code: str, device: str) -> Response:
    asked = {"code": code, "device": device, "key": "a2V5", "label": "手机"}
    return house.client.post("/api/enrol", json=asked)


def test_a_code_of_the_same_person_clears_it_and_changes_nothing_else(house: House) -> None:
    phone = house.enrol(house.patroller)
    devices, record = house.store.devices(house.org), house.store.record(phone.device)
    answer = reset(house, house.code(house.patroller), phone.device)
    assert (answer.status_code, answer.content) == (204, b"")
    assert house.store.devices(house.org) == devices
    assert house.store.record(phone.device) == record
    assert phone.hello().status_code == 200, "its token goes on"


def test_the_code_is_used_up_for_enrolling_and_for_another_phone(house: House) -> None:
    phone, second = house.enrol(house.patroller), house.enrol(house.patroller, "second")
    code = house.code(house.patroller)
    assert reset(house, code, phone.device).status_code == 204
    assert problem(reset(house, code, second.device)) == (410, "code_used")
    assert problem(enrolled_by(house, code, ids.make("third"))) == (410, "code_used")
    assert problem(enrolled_by(house, code, phone.device)) == (410, "code_used")


def test_an_answer_lost_on_its_way_is_asked_for_again(house: House) -> None:
    phone, code = house.enrol(house.patroller), house.code(house.patroller)
    assert [reset(house, code, phone.device).status_code for _ in range(3)] == [204, 204, 204]
    house.now += 24 * 3_600_000
    assert problem(reset(house, code, phone.device)) == (410, "code_expired")


def test_the_slip_that_enrolled_this_phone_is_no_key_to_it(house: House) -> None:
    device, code = ids.make("a phone"), house.code(house.patroller)
    assert enrolled_by(house, code, device).status_code == 200
    assert problem(reset(house, code, device)) == (410, "code_used")


def test_a_code_of_somebody_else_does_nothing_and_stays_good(house: House) -> None:
    phone, code = house.enrol(house.patroller), house.code(house.colleague)
    assert problem(reset(house, code, phone.device)) == (403, "code_of_another")
    foreign = house.code(house.stranger, house.other_org)
    assert problem(reset(house, foreign, phone.device)) == (403, "code_of_another")
    assert enrolled_by(house, code, ids.make("his own")).status_code == 200


def test_a_device_that_nobody_knows_tells_nothing_about_a_code(house: House) -> None:
    code = house.code(house.patroller)
    for guess in (code, "00000000"):
        answer = reset(house, guess, ids.make("nowhere"))
        assert problem(answer) == (401, "unknown_device")
    assert enrolled_by(house, code, ids.make("his own")).status_code == 200


def test_a_revoked_phone_still_holds_its_persons_records(house: House) -> None:
    phone = house.enrol(house.patroller)
    house.system(op("device", phone.device, revoked=True))
    assert problem(phone.pull()) == (403, "device_revoked")
    assert reset(house, house.code(house.patroller), phone.device).status_code == 204


def wrong(house: House, phone: Handset, count: int) -> None:
    for i in range(count):
        assert problem(reset(house, f"0000000{i}", phone.device)) == (404, "code_unknown")


def test_N03_wrong_codes_are_counted_with_those_of_enrolling(house: House) -> None:
    phone, code = house.enrol(house.patroller), house.code(house.patroller)
    wrong(house, phone, 5)
    for i in range(5):
        assert problem(enrolled_by(house, f"1000000{i}", ids.make("x")))[1] == "code_unknown"
    stopped = reset(house, code, phone.device)
    assert problem(stopped) == (429, "too_many_attempts")
    assert stopped.headers["Retry-After"] == "600"
    house.now += 600_000
    assert reset(house, code, phone.device).status_code == 204


def test_N03_guesses_from_many_addresses_stop_the_organisation(tmp_path: Path) -> None:
    with House(tmp_path, attempts_address=1000, attempts_org=3) as house:
        phone, code = house.enrol(house.patroller), house.code(house.patroller)
        wrong(house, phone, 3)
        assert problem(reset(house, code, phone.device)) == (429, "too_many_attempts")


def too_long(body: dict[str, str]) -> dict[str, str]:
    return body | {"code": "1" * 65}


def without_code(body: dict[str, str]) -> dict[str, str]:
    return {"device": body["device"]}


def empty_code(body: dict[str, str]) -> dict[str, str]:
    return body | {"code": ""}


def no_id(body: dict[str, str]) -> dict[str, str]:
    return body | {"device": "phone"}


@pytest.mark.parametrize("change", [too_long, without_code, empty_code, no_id])
def test_what_is_no_request_is_refused(
    house: House, change: Callable[[dict[str, str]], dict[str, str]]
) -> None:
    phone = house.enrol(house.patroller)
    body = change({"code": house.code(house.patroller), "device": phone.device})
    answer = house.client.post("/api/pin-reset", json=body)
    assert problem(answer) == (400, "bad_request")
