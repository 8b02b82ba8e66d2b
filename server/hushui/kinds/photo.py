"""A photo or a short video of a record 照片: what the shutter knew, the hash of the stored bytes.

``media`` is empty for a picture: phones that know no video write, and read, what they always did.
"""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.fields import Geo
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.rule import Rule
from hushui.kinds.shared import Correction

SLOTS = f.options(
    ("before", "处理前", "Before"),
    ("after", "处理后", "After"),
    ("scene", "全貌", "Scene"),
    ("detail", "细部", "Detail"),
)
MEDIA = f.options(("image", "照片", "Photo"), ("video", "视频", "Video"))
VIDEO_SECONDS = 30
VIDEO_BYTES = 20 * 1024 * 1024


class Photo(Fields, frozen=True, kw_only=True):
    subject: Annotated[str, f.ref("记录", "Record", None, merge="fixed")]
    slot: Annotated[str, f.choice("用途", "Slot", SLOTS)]
    field: Annotated[str | None, f.text("对应字段", "Field", 60)] = None
    sha256: Annotated[str, f.sha256("图片指纹", "Hash of the picture", merge="fixed")]
    media: Annotated[str | None, f.choice("类型", "Type", MEDIA, merge="fixed")] = None
    seconds: Annotated[
        float | None,
        f.number(
            *("时长", "Length", "s", 1, 0.1, VIDEO_SECONDS),
            needed='media == "video"',
            merge="fixed",
        ),
    ] = None
    width: Annotated[int, f.integer("宽", "Width", "px", 1, 20_000, merge="fixed")]
    height: Annotated[int, f.integer("高", "Height", "px", 1, 20_000, merge="fixed")]
    size: Annotated[int, f.integer("大小", "Size", "B", 1, 31_457_280, merge="fixed")]
    taken: Annotated[int, f.time("拍摄时间", "Taken", merge="fixed")]
    place: Annotated[Geo | None, f.geo("位置", "Place", merge="fixed")] = None
    heading: Annotated[float | None, f.number("方向", "Heading", "°", 0, 0, 360, merge="fixed")] = (
        None
    )
    original_sha256: Annotated[
        str | None, f.sha256("原文件指纹", "Hash of the camera's file", merge="fixed")
    ] = None
    note: Annotated[str | None, f.text("说明", "Note", 100)] = None
    correction: Correction = None


SHARED = {
    "subject": "00000000000000000000000091",
    "slot": "scene",
    "sha256": "ab" * 32,
    "width": 1600,
    "height": 1200,
    "size": 240_000,
    "taken": 1_795_500_000_000,
}
FILMED = {"media": "video", "seconds": 20, "size": 8_000_000}

KIND = kind(
    Photo,
    "photo",
    "照片",
    "Photo",
    "fact",
    happened="taken",
    subject="subject",
    closes="subject",
    title="slot",
    groups={
        "photos": "subject slot field sha256 media seconds width height size taken place heading"
        " original_sha256",
        "note": "note",
        "correction": "correction",
    },
    valid={
        **SHARED,
        "place": {
            "source": "gps",
            "lon": 124.3512345,
            "lat": 43.1712345,
            "acc": 6,
            "at": 1_795_500_000_000,
            "heading": 138,
        },
    },
    also=({**SHARED, **FILMED},),
    rules=(
        Rule(
            code="video_too_large",
            effect="block",
            field="size",
            when=f'media == "video" && size > {VIDEO_BYTES}',
            zh="视频不能超过 20 MB",
            en="A video has 20 MB at most",
        ),
    ),
    wrong=(
        Wrong({**SHARED, "media": "gif"}, "unknown_choice", "media"),
        Wrong({**SHARED, "media": "video"}, "required", "seconds"),
        Wrong({**SHARED, **FILMED, "seconds": 30.1}, "out_of_range", "seconds"),
        Wrong({**SHARED, **FILMED, "size": VIDEO_BYTES + 1}, "blocked", "size"),
        Wrong({**SHARED, "subject": None}, "required", "subject"),
        Wrong({**SHARED, "sha256": "AB" * 32}, "wrong_type", "sha256"),
        Wrong({**SHARED, "size": 31_457_281}, "out_of_range", "size"),
        Wrong({**SHARED, "slot": "selfie"}, "unknown_choice", "slot"),
        Wrong({**SHARED, "place": {"source": "gps"}}, "wrong_type", "place"),
        Wrong(
            {**SHARED, "place": {"source": "exif", "lon": 1, "lat": 1}}, "unknown_choice", "place"
        ),
        Wrong({**SHARED, "heading": 361}, "out_of_range", "heading"),
    ),
)
