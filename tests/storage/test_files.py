"""Photos: staged, hashed, moved to their name; never half there."""

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from hushui.errors import StoreBroken, StoreFull
from hushui.storage.files import Files
from tests.support import ids

PHOTO = bytes(range(256)) * 40
SHA = sha256(PHOTO).hexdigest()
UPLOAD = ids.make("upload")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def store(files: Files, data: bytes, upload: str = UPLOAD) -> str:
    files.begin(upload)
    files.append(upload, 0, data)
    name = sha256(data).hexdigest()
    assert files.complete(upload, name)
    return name


def test_an_upload_in_pieces_becomes_a_blob_B03(files: Files) -> None:
    files.begin(UPLOAD)
    assert files.offset(UPLOAD) == 0
    assert files.append(UPLOAD, 0, PHOTO[:1000]) == 1000
    assert files.append(UPLOAD, 1000, PHOTO[1000:]) == len(PHOTO)
    assert files.size(SHA) is None
    assert files.complete(UPLOAD, SHA)
    assert files.offset(UPLOAD) is None
    assert files.size(SHA) == len(PHOTO)
    opened = files.open(SHA)
    assert opened is not None
    with opened:
        assert opened.read() == PHOTO


def test_it_lies_under_its_name(files: Files, tmp_path: Path) -> None:
    store(files, PHOTO)
    assert (tmp_path / "blobs" / SHA[:2] / SHA[2:]).read_bytes() == PHOTO
    assert list(files.every()) == [SHA]
    assert files.digest(SHA) == SHA


def test_an_upload_goes_on_where_it_stopped_B05(files: Files, tmp_path: Path) -> None:
    files.begin(UPLOAD)
    files.append(UPLOAD, 0, PHOTO[:300])
    again = Files(tmp_path)
    assert again.offset(UPLOAD) == 300
    assert again.append(UPLOAD, 300, PHOTO[300:]) == len(PHOTO)
    assert again.complete(UPLOAD, SHA)


@pytest.mark.parametrize("offset", [0, 299, 301, 10_000])
def test_a_wrong_offset_writes_nothing_B03(files: Files, offset: int) -> None:
    files.begin(UPLOAD)
    files.append(UPLOAD, 0, PHOTO[:300])
    assert files.append(UPLOAD, offset, b"x") is None
    assert files.offset(UPLOAD) == 300


def test_another_hash_stays_staged_B03(files: Files) -> None:
    files.begin(UPLOAD)
    files.append(UPLOAD, 0, PHOTO[:-1])
    assert not files.complete(UPLOAD, SHA)
    assert files.size(SHA) is None
    assert files.append(UPLOAD, len(PHOTO) - 1, PHOTO[-1:]) == len(PHOTO)
    assert files.complete(UPLOAD, SHA)


def test_of_many_threads_with_one_upload_each_byte_is_written_once_B03(files: Files) -> None:
    """Requests that were cut and sent again while the disk was slow."""
    files.begin(UPLOAD)
    parts = [PHOTO[at : at + 500] for at in range(0, len(PHOTO), 500)]
    ends = set[bool | None]()

    def send() -> None:
        while (offset := files.offset(UPLOAD)) is not None:
            if offset < len(PHOTO):
                files.append(UPLOAD, offset, parts[offset // 500])
            else:
                ends.add(files.complete(UPLOAD, SHA))

    with ThreadPoolExecutor(8) as threads:
        for sent in [threads.submit(send) for _ in range(8)]:
            sent.result()
    assert files.digest(SHA) == SHA
    assert ends <= {True, None}
    assert True in ends


def test_the_same_photo_twice_is_one_blob(files: Files) -> None:
    store(files, PHOTO)
    store(files, PHOTO, ids.make("second"))
    assert list(files.every()) == [SHA]


def test_beginning_anew_drops_what_was_staged(files: Files) -> None:
    files.begin(UPLOAD)
    files.append(UPLOAD, 0, b"half")
    files.begin(UPLOAD)
    assert files.offset(UPLOAD) == 0


def test_what_is_not_there(files: Files) -> None:
    assert files.offset(UPLOAD) is None
    assert files.append(UPLOAD, 0, b"x") is None
    assert files.complete(UPLOAD, SHA) is None
    assert files.size(SHA) is None
    assert files.open(SHA) is None
    assert files.digest(SHA) is None
    files.discard(UPLOAD)


def test_expired_uploads_are_discarded(files: Files) -> None:
    files.begin(UPLOAD)
    files.append(UPLOAD, 0, b"half")
    assert files.staged() == [UPLOAD]
    files.discard(UPLOAD)
    assert files.staged() == []
    assert files.offset(UPLOAD) is None


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, SHA + "0", SHA[:-1] + "\n"])
def test_only_names_reach_the_disk(files: Files, name: str) -> None:
    with pytest.raises(AssertionError):
        files.size(name)
    with pytest.raises(AssertionError):
        files.begin(name)


def test_blobs_come_in_order(files: Files) -> None:
    names = [store(files, bytes([i]), ids.make(f"{i}")) for i in range(20)]
    assert list(files.every()) == sorted(names)


def test_a_full_disk_keeps_what_was_there_P07(files: Files) -> None:
    files.begin(UPLOAD)
    files.append(UPLOAD, 0, PHOTO[:5000])
    with room(8_192), pytest.raises(StoreFull):
        files.append(UPLOAD, 5000, PHOTO[5000:])
    assert files.offset(UPLOAD) == 5000
    assert files.append(UPLOAD, 5000, PHOTO[5000:]) == len(PHOTO)
    assert files.complete(UPLOAD, SHA)


def test_a_folder_that_cannot_be_read_is_broken(files: Files, tmp_path: Path) -> None:
    (tmp_path / "staging" / UPLOAD).mkdir()
    with pytest.raises(StoreBroken):
        files.append(UPLOAD, 0, b"x")


@contextmanager
def room(bytes: int) -> Iterator[None]:
    """No file may grow beyond this, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
