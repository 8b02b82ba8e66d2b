"""A track is broken where nothing was recorded, and nowhere else."""

from hushui.domain.chainage import Fix
from hushui.domain.track import fixes_of, parts_of

A, B, C = (Fix(124.3 + n / 10_000, 43.1, 5, n * 20_000) for n in range(3))


def test_a_written_gap_breaks_it_however_short() -> None:
    assert list(parts_of([C, A, B, A], [])) == [(A, B, C)]
    assert list(parts_of([A, B, C], [(5_000, 6_000)])) == [(A,), (B, C)]
    assert list(parts_of([A, B, C], [(20_000, 20_000), (40_000, 90_000)])) == [(A, B, C)]


def test_a_long_pause_or_a_jump_breaks_it() -> None:
    late, far = Fix(B.lon, B.lat, 5, 80_001), Fix(A.lon + 0.01, A.lat, 5, 21_000)
    assert list(parts_of([A, B, late], [])) == [(A, B), (late,)]
    assert list(parts_of([A, B, far], [])) == [(A, B), (far,)]


def test_what_is_no_track_has_no_places() -> None:
    for blob in (None, b"", b"\xff", b"{}", b'{"points":[[1,2]]}', b"[[1,2,3,true]]", b"[" * 9_000):
        assert fixes_of(blob) == []
    assert fixes_of(b'{"points":[[20,124.3,43.1,5]]}') == [Fix(124.3, 43.1, 5, 20)]
    assert fixes_of(b"[[124.3,43.1,5,20]]") == [Fix(124.3, 43.1, 5, 20)]
