"""Where the browser is killed: ten of the named points, each at least once, drawn from a seed."""

import random
from itertools import repeat
from typing import Any, Literal, NamedTuple, get_args

from tests.e2e.phone import Phone, Point, Screen

Kind = Literal["hazard", "work"]

POINTS: tuple[Point, ...] = get_args(Point)
WORK: Kind = "work"
HAZARD: Kind = "hazard"
KILLS = 10
WORKS = 3
HAZARDS = ("breach", "piping", "masonry_washout")
DESILTING = {"length_m": "12", "width_m": "1.5", "depth_m": "0.4"}
BEFORE_CAMERA = ("after_draft", "camera_open")


class Kill(NamedTuple):
    point: Point
    kind: Kind
    hazard: str


def draw(seed: int) -> list[Kill]:
    chance = random.Random(seed)
    points = [*POINTS, *chance.choices(POINTS, k=KILLS - len(POINTS))]
    chance.shuffle(points)
    kinds: list[Kind] = [*repeat(WORK, WORKS), *repeat(HAZARD, KILLS - WORKS)]
    chance.shuffle(kinds)
    return [
        Kill(point, kind, chance.choice(HAZARDS)) for point, kind in zip(points, kinds, strict=True)
    ]


def lead_to(phone: Phone, kill: Kill) -> dict[str, str]:
    """Does what a person does until the app stands at the point; answers what he had typed."""
    typed: dict[str, str] = {}
    phone.tab("上报")
    if kill.kind == "hazard":
        with phone.reaching(kill.point):
            phone.tap(f"hazard-{kill.hazard}")
            if kill.point not in BEFORE_CAMERA:
                phone.shoot()
        return typed
    phone.at("report-kind").get_by_text("作业").tap()
    if kill.point == "after_draft":
        with phone.reaching(kill.point):
            phone.tap("work-canal_desilt")
        return typed
    phone.tap("work-canal_desilt")
    phone.figure("length_m", DESILTING["length_m"])
    typed = {"length_m": DESILTING["length_m"]}
    if kill.point in ("before_line", "after_line"):
        phone.figure("volume_m3", "7.2")
        take(phone, "before")
        take(phone, "after")
        with phone.reaching(kill.point):
            phone.tap("submit")
        return typed
    with phone.reaching(kill.point):
        phone.tap("take-before")
        if kill.point not in BEFORE_CAMERA:
            phone.shoot()
    return typed


def measure(phone: Phone) -> None:
    for field, value in DESILTING.items():
        phone.figure(field, value)
    if phone.at("volume-use").count():
        phone.tap("volume-use")


def take(phone: Screen, slot: str) -> None:
    phone.step_aside()
    phone.tap(f"take-{slot}")
    phone.shoot()
    phone.shows("draft-photo", slot=slot)


def finish(phone: Phone, kind: str) -> str:
    """Takes a draft up where it lies and hands it in; answers the record."""
    if kind == "work":
        for slot in ("before", "after"):
            if phone.at(f"take-{slot}").count():
                take(phone, slot)
        (draft,) = phone.stored()["drafts"]
        phone.tap("submit")
        if draft["fields"].get("volume_m3") is None:
            # In the rain nobody measures.
            phone.tap("sure-no_amount")
            phone.tap("submit")
    elif phone.at("draft-photo").count():
        phone.tap("submit")
    else:
        phone.tap("take-scene")
        phone.shoot()
    return phone.just_saved("saved_local")


def same(before: Any, after: Any) -> None:
    """Nothing of what lay on the disk is gone or another; a draft may have been saved once more."""
    assert [line["hash"] for line in after["lines"]] == [line["hash"] for line in before["lines"]]
    assert named(after["blobs"]) == named(before["blobs"])
    assert all(blob["sha256"] == blob["name"] for blob in after["blobs"])
    assert after["photos"] == before["photos"]
    assert [whole(draft) for draft in after["drafts"]] == [whole(one) for one in before["drafts"]]


def named(blobs: Any) -> dict[str, int]:
    return {blob["name"]: blob["size"] for blob in blobs}


def whole(draft: Any) -> dict[str, Any]:
    """Without what the phone itself goes on writing: where it stands, and when it was saved."""
    place = ("place", "chainage", "bank", "zone")
    fields = {name: value for name, value in draft["fields"].items() if name not in place}
    return {**draft, "fields": fields, "savedAt": None}
