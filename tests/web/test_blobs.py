"""Uploads and reading blobs."""

import asyncio
import os
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Event
from typing import Any

import pytest

from hushui.storage.files import Files
from hushui_sync.limits import BLOB_BYTES
from tests.support import ids
from tests.support.phone import op
from tests.web.house import Handset, House, metadata, problem

PHOTO = b"\xff\xd8\xff" + b"water " * 5_000
NAME = sha256(PHOTO).hexdigest()


@pytest.fixture
def phone(house: House) -> Handset:
    phone = house.enrol(house.patroller)
    phone.hazard("with a photo", NAME)
    phone.push()
    return phone


def uploaded(phone: Handset) -> str:
    """Sends the photo whole; answers the receipt."""
    where = phone.upload(PHOTO).headers["location"]
    done = phone.patch(where, 0, PHOTO)
    assert done.status_code == 204, done.text
    return done.headers["hushui-receipt"]


def test_B01_a_blob_is_named_by_its_hash_and_at_most_30_mebibytes(phone: Handset) -> None:
    def ask(length: str, said: str) -> tuple[int, str]:
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": length, "Upload-Metadata": said}
        return problem(phone.send("POST", "/api/blobs", headers=headers))

    assert ask(str(BLOB_BYTES + 1), metadata(NAME)) == (413, "body_too_large")
    assert ask("0", metadata(NAME)) == (400, "bad_request")
    assert ask("many", metadata(NAME)) == (400, "bad_request")
    assert ask("10", "") == (400, "bad_request")
    assert ask("10", "sha256 not-base64!") == (400, "bad_request")
    assert ask("10", metadata("../../secret")) == (400, "bad_request")


def test_B02_a_blob_that_no_line_names_is_not_taken(house: House, phone: Handset) -> None:
    other = b"nobody named this"
    assert problem(phone.upload(other)) == (409, "blob_not_named")
    theirs = house.enrol(house.stranger, org=house.other_org)
    assert problem(theirs.upload(PHOTO)) == (409, "blob_not_named")


def test_B02_a_refused_line_names_it_as_well(phone: Handset) -> None:
    blob = b"of a refused line"
    name = sha256(blob).hexdigest()
    phone.phone.capture(op("hazard", ids.make("bad"), type="nonsense"), blobs=[name])
    assert phone.push(2).json()["receipts"][0]["verdict"] == "refused"
    where = phone.upload(blob).headers["location"]
    assert phone.patch(where, 0, blob).status_code == 204
    assert phone.send("GET", f"/api/blobs/{name}").content == blob


def test_B03_another_hash_begins_the_upload_anew(phone: Handset) -> None:
    where = phone.upload(PHOTO).headers["location"]
    damaged = phone.patch(where, 0, PHOTO[:-1] + b"?")
    assert problem(damaged) == (460, "hash_mismatch")
    assert phone.head(where).headers["upload-offset"] == "0"
    assert phone.patch(where, 0, PHOTO).status_code == 204


def test_B03_a_wrong_offset_says_the_right_one(phone: Handset) -> None:
    where = phone.upload(PHOTO).headers["location"]
    phone.patch(where, 0, PHOTO[:100])
    wrong = phone.patch(where, 50, PHOTO[50:])
    assert problem(wrong) == (409, "wrong_offset")
    assert wrong.headers["upload-offset"] == "100"


def test_B03_more_bytes_than_announced_are_not_taken(phone: Handset) -> None:
    where = phone.upload(PHOTO).headers["location"]
    assert problem(phone.patch(where, 0, PHOTO + b"more")) == (400, "bad_request")
    assert phone.head(where).headers["upload-offset"] == "0"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_with_a_checksum_is_taken_whole_or_not_at_all(
    phone: Handset, algorithm: str
) -> None:
    import hashlib

    where = phone.upload(PHOTO).headers["location"]
    right = b64encode(hashlib.new(algorithm, PHOTO[:500]).digest()).decode()
    wrong = phone.patch(where, 0, PHOTO[:499] + b"?", **{"Upload-Checksum": f"{algorithm} {right}"})
    assert problem(wrong) == (460, "hash_mismatch")
    assert phone.head(where).headers["upload-offset"] == "0"
    taken = phone.patch(where, 0, PHOTO[:500], **{"Upload-Checksum": f"{algorithm} {right}"})
    assert taken.headers["upload-offset"] == "500"


def test_B04_the_receipt_comes_with_the_last_piece_again_at_head_and_at_creation(
    house: House, phone: Handset
) -> None:
    where = phone.upload(PHOTO).headers["location"]
    half = phone.patch(where, 0, PHOTO[:1000])
    assert "hushui-receipt" not in half.headers
    done = phone.patch(where, 1000, PHOTO[1000:])
    receipt = done.headers["hushui-receipt"]
    ledger = house.store.ledger()
    assert receipt == f"{ledger.epoch}:{ledger.number}"
    head = phone.head(where)
    assert head.headers["hushui-receipt"] == receipt
    assert head.headers["upload-offset"] == head.headers["upload-length"] == str(len(PHOTO))
    again = phone.upload(PHOTO)
    assert again.headers["hushui-receipt"] == receipt
    assert again.headers["upload-offset"] == str(len(PHOTO))


def test_B04_a_new_epoch_gives_a_new_receipt_without_sending_the_bytes(phone: Handset) -> None:
    old = uploaded(phone)
    phone.hello(contact=f"{old.split(':')[0]}:999999")
    again = phone.upload(PHOTO)
    assert again.headers["upload-offset"] == str(len(PHOTO))
    assert again.headers["hushui-receipt"].split(":")[0] != old.split(":")[0]
    assert phone.send("GET", f"/api/blobs/{NAME}").content == PHOTO


def test_B05_an_upload_that_was_cut_goes_on_where_it_stopped(phone: Handset) -> None:
    where = phone.upload(PHOTO).headers["location"]
    phone.patch(where, 0, PHOTO[:7_000])
    offset = int(phone.head(where).headers["upload-offset"])
    assert offset == 7_000
    assert phone.upload(PHOTO).headers["location"] == where
    assert phone.patch(where, offset, PHOTO[offset:]).status_code == 204


def break_off(phone: Handset, where: str, *pieces: bytes) -> None:
    """A PATCH whose connection breaks after these pieces."""
    headers = {
        "authorization": f"Bearer {phone.token}",
        "tus-resumable": "1.0.0",
        "upload-offset": "0",
        "content-type": "application/offset+octet-stream",
        "content-length": str(len(PHOTO)),
    }
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": piece, "more_body": True} for piece in pieces
    ]

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        pass

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "PATCH",
        "scheme": "http",
        "path": where,
        "raw_path": where.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("test", 80),
        "state": {},
    }
    asyncio.run(phone.house.app(scope, receive, send))  # type: ignore[arg-type]


def test_B05_what_arrived_before_the_connection_broke_stays(phone: Handset) -> None:
    where = phone.upload(PHOTO).headers["location"]
    break_off(phone, where, PHOTO[:8_000], PHOTO[8_000:9_000])
    assert phone.head(where).headers["upload-offset"] == "9000"
    assert phone.patch(where, 9_000, PHOTO[9_000:]).status_code == 204


def test_B04_broken_after_the_last_byte_the_next_question_completes_it(
    house: House, phone: Handset
) -> None:
    where = phone.upload(PHOTO).headers["location"]
    break_off(phone, where, PHOTO)
    head = phone.head(where).headers
    assert head["upload-offset"] == str(len(PHOTO))
    assert head["hushui-receipt"] == phone.upload(PHOTO).headers["hushui-receipt"]

    other = house.enrol(house.patroller)
    other.hazard("with the same photo", NAME)
    other.push()
    break_off(other, other.upload(PHOTO).headers["location"], PHOTO)
    assert "hushui-receipt" in other.upload(PHOTO).headers


def test_B03_all_bytes_there_and_another_hash_begins_the_upload_anew(phone: Handset) -> None:
    where = phone.upload(PHOTO).headers["location"]
    break_off(phone, where, PHOTO[::-1])
    assert phone.head(where).status_code == 460
    assert phone.head(where).headers["upload-offset"] == "0"


def test_B05_an_upload_ends_after_30_days(house: House, phone: Handset) -> None:
    where = phone.upload(PHOTO).headers["location"]
    phone.patch(where, 0, PHOTO[:10])
    house.now += 30 * 24 * 3_600_000
    assert problem(phone.patch(where, 10, PHOTO[10:])) == (410, "upload_gone")
    assert phone.head(where).status_code == 410
    anew = phone.upload(PHOTO)
    assert anew.headers["location"] == where


def test_an_upload_belongs_to_its_device(house: House, phone: Handset) -> None:
    where = phone.upload(PHOTO).headers["location"]
    other = house.enrol(house.colleague)
    assert problem(other.patch(where, 0, PHOTO)) == (410, "upload_gone")


def test_B06_a_blob_is_read_through_a_record_one_may_see(house: House, phone: Handset) -> None:
    uploaded(phone)
    office, colleague = house.enrol(house.office), house.enrol(house.colleague)
    stranger = house.enrol(house.stranger, org=house.other_org)
    for reader in (phone, office):
        answer = reader.send("GET", f"/api/blobs/{NAME}")
        assert answer.content == PHOTO
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
        assert "sandbox" in answer.headers["content-security-policy"]
    for reader in (colleague, stranger):
        assert problem(reader.send("GET", f"/api/blobs/{NAME}")) == (404, "not_found")
    assert problem(phone.send("GET", f"/api/blobs/{'0' * 64}")) == (404, "not_found")
    assert problem(house.client.get(f"/api/blobs/{NAME}")) == (401, "unauthenticated")


def test_B06_a_blob_of_an_unaccepted_line_is_for_its_author_and_the_office(house: House) -> None:
    phone, colleague = house.enrol(house.patroller), house.enrol(house.colleague)
    phone.phone.capture(op("hazard", ids.make("bad"), type="nonsense"), blobs=[NAME])
    phone.push()
    uploaded(phone)
    house.grant(house.colleague, house.zone)
    office = house.enrol(house.office)
    assert phone.send("GET", f"/api/blobs/{NAME}").status_code == 200
    assert office.send("GET", f"/api/blobs/{NAME}").status_code == 200
    assert problem(colleague.send("GET", f"/api/blobs/{NAME}"))[0] == 404


def test_B06_a_refused_line_opens_nothing_through_the_record_it_is_about(house: House) -> None:
    """Though who reads may see that record, and another record's line was accepted with it."""
    phone, colleague = house.enrol(house.patroller), house.enrol(house.colleague)
    house.grant(house.colleague, house.zone)
    seen = phone.hazard("both see it")
    phone.phone.capture(op("hazard", seen, length_m=-1, base={}), blobs=[NAME])
    assert [it["verdict"] for it in phone.push().json()["receipts"]] == ["applied", "refused"]
    uploaded(phone)
    read = f"/api/blobs/{NAME}"
    assert colleague.send("GET", f"/api/records/{seen}").status_code == 200
    assert problem(colleague.send("GET", read))[0] == 404
    phone.hazard("his own", NAME, zone=house.make_zone("elsewhere", "220300-NBH-Z05"))
    assert phone.push(3).json()["receipts"][0]["verdict"] == "applied"
    assert problem(colleague.send("GET", read))[0] == 404
    assert phone.send("GET", read).status_code == 200


def test_A04_naming_a_foreign_blob_does_not_open_it(house: House, phone: Handset) -> None:
    uploaded(phone)
    thief = house.enrol(house.stranger, org=house.other_org)
    thief.hazard("claims it", NAME, zone=ids.make("their zone"))
    thief.push()
    assert problem(thief.send("GET", f"/api/blobs/{NAME}")) == (404, "not_found")
    begun = thief.upload(PHOTO)
    assert begun.headers["upload-offset"] == "0"
    assert "hushui-receipt" not in begun.headers


def test_A04_the_same_photo_in_two_organisations_belongs_to_both(
    house: House, phone: Handset
) -> None:
    uploaded(phone)
    theirs = house.enrol(house.stranger, org=house.other_org)
    theirs.hazard("the same photo", NAME, zone=ids.make("their zone"))
    theirs.push()
    uploaded(theirs)
    assert theirs.send("GET", f"/api/blobs/{NAME}").content == PHOTO
    assert phone.send("GET", f"/api/blobs/{NAME}").content == PHOTO


def test_a_part_of_a_blob_can_be_read(phone: Handset) -> None:
    uploaded(phone)
    part = phone.send("GET", f"/api/blobs/{NAME}", headers={"Range": "bytes=3-8"})
    assert (part.status_code, part.content) == (206, b"water ")
    assert part.headers["content-range"] == f"bytes 3-8/{len(PHOTO)}"
    known = phone.send("GET", f"/api/blobs/{NAME}", headers={"If-None-Match": f'"{NAME}"'})
    assert (known.status_code, known.content) == (304, b"")


def test_the_server_says_what_uploads_it_takes(house: House, phone: Handset) -> None:
    said = house.client.options("/api/blobs").headers
    assert said["tus-version"] == "1.0.0"
    assert said["tus-extension"] == "creation,checksum,expiration"
    assert said["tus-max-size"] == str(BLOB_BYTES)
    without = phone.send("POST", "/api/blobs", headers={"Upload-Length": "1"})
    assert problem(without) == (412, "tus_version")
    where = phone.upload(PHOTO).headers["location"]
    other = phone.patch(where, 0, PHOTO, **{"Content-Type": "image/jpeg"})
    assert problem(other) == (415, "unsupported_media")


def test_B05_who_asks_while_a_write_fails_hears_where_it_stands_then(
    phone: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes are seen before the disk refuses them and they are taken back."""
    where = phone.upload(PHOTO).headers["location"]
    phone.patch(where, 0, PHOTO[:10])
    really, seen = Files.offset, iter([len(PHOTO)])
    monkeypatch.setattr(Files, "offset", lambda *given: next(seen, None) or really(*given))
    asked = phone.send("HEAD", where, headers={"Tus-Resumable": "1.0.0"})
    assert (asked.status_code, asked.headers["upload-offset"]) == (200, "10")
    assert phone.patch(where, 10, PHOTO[10:]).headers["hushui-receipt"]


@pytest.mark.parametrize("work", ["append", "complete"])
def test_while_the_disk_writes_a_photo_others_are_answered(
    work: str, house: House, phone: Handset, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = phone.upload(PHOTO).headers["location"]
    really, reached, go_on = getattr(Files, work), Event(), Event()

    def slow(*given: Any) -> Any:
        reached.set()
        assert go_on.wait(30), "nobody was answered meanwhile"
        return really(*given)

    monkeypatch.setattr(Files, work, slow)
    with ThreadPoolExecutor(1) as other:
        sent = other.submit(phone.patch, where, 0, PHOTO)
        assert reached.wait(30)
        assert house.client.get("/api/health").status_code == 200
        go_on.set()
        assert "hushui-receipt" in sent.result().headers


def test_uploads_that_nobody_went_on_with_are_swept_away(house: House, phone: Handset) -> None:
    from hushui.actions import upload

    where = phone.upload(PHOTO).headers["location"]
    phone.patch(where, 0, PHOTO[:10])
    house.now += 31 * 24 * 3_600_000
    assert house.files.staged()
    with house.client.portal() as portal:
        portal.call(upload.sweep, house.app.state.parts)
    assert house.files.staged() == []
    assert house.store.upload(where.rsplit("/", 1)[-1]) is None


def test_a_file_that_a_kill_left_without_its_upload_goes_after_a_day(
    house: House, phone: Handset
) -> None:
    from hushui.actions import upload

    here = phone.upload(PHOTO).headers["location"].rsplit("/", 1)[-1]
    orphan, fresh = ids.make("orphan"), ids.make("fresh")
    for id in (orphan, fresh):
        house.files.begin(id)
    staging = house.app.state.parts.settings.data / "staging"
    for id, hours in ((orphan, 25), (here, 25), (fresh, 1)):
        at = house.now / 1000 - hours * 3_600
        os.utime(staging / id, (at, at))
    with house.client.portal() as portal:
        portal.call(upload.sweep, house.app.state.parts)
    assert sorted(house.files.staged()) == sorted([here, fresh])
