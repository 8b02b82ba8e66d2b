"""A field is added in one file, a kind in two; all else follows from them by the generator.

Each test writes into a copy of the sources what a person would write, runs the real generator there
and asks that copy: its server over HTTP, its app's own form, table and filters in node, its types
and its documents. What else differs from the original must be generated. Two tests list the kinds
by hand on purpose and ask for a new one: who sees it (domain/test_scope.py), and a demo of it.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile, copytree, ignore_patterns
from typing import Any

import pytest

from hushui.kinds import generate

ROOT = Path(__file__).parents[2]
HELPERS = ("tests/__init__.py", "tests/kinds", "tests/support", "tests/web")
COPIED = ("server/hushui", "sync/py", "sync/vectors", "pwa/src", "docs", *HELPERS)
GENERATED = {path.relative_to(ROOT).as_posix() for path in generate.generated()}
RULES_OF_KINDS = ("tests/kinds/test_kinds.py", "tests/kinds/test_validate.py")
STATION = {"station": "00000000000000000000000061", "z_m": 21.52}

GAUGES = """\
    gauges: Annotated[int | None, f.integer("水尺", "Gauges", "根", 0, 99)] = None
"""
COLOURS = """\
COLOURS = f.options(("clear", "清", "Clear"), ("brown", "黄褐", "Brown"), ("black", "黑", "Black"))


class """
NEW_FIELDS = """\
    silt_kgm3: Annotated[
        float | None, f.number("含沙量", "Silt", "kg/m3", 2, 0, 1_200, help="取样烘干称重")
    ] = None
    colour: Annotated[str | None, f.choice("水色", "Colour of the water", COLOURS)] = None
"""
NEW_KIND = '''\
"""A sample of water 水样, taken to the laboratory."""

from typing import Annotated

from hushui.kinds import fields as f
from hushui.kinds.kind import Fields, Wrong, kind
from hushui.kinds.shared import Correction, Note, ZoneOf

SMELLS = f.options(("none", "无味", "None"), ("foul", "腐臭", "Foul"))


class WaterSample(Fields, frozen=True, kw_only=True):
    bottle: Annotated[str, f.text("瓶号", "Bottle", 20)]
    smell: Annotated[str, f.choice("气味", "Smell", SMELLS)]
    ph: Annotated[float | None, f.number("酸碱度", "Acidity", "pH", 1, 0, 14)] = None
    zone: ZoneOf = None
    note: Note = None
    correction: Correction = None


BOTTLE = {"bottle": "S-7", "smell": "none"}

KIND = kind(
    WaterSample,
    "water_sample",
    "水样",
    "Water sample",
    "fact",
    title="bottle smell",
    groups={
        "main": "bottle smell",
        "measures": "ph",
        "place": "zone",
        "note": "note",
        "correction": "correction",
    },
    valid={**BOTTLE, "ph": 7.2},
    wrong=(
        Wrong({"smell": "none"}, "required", "bottle"),
        Wrong({**BOTTLE, "ph": 14.1}, "out_of_range", "ph"),
    ),
)
'''


class Copy:
    """The sources, to be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tree"
        for name in COPIED:
            if (ROOT / name).is_dir():
                # With what Python compiled: that is most of the time.
                left_out = ignore_patterns("pictures")
                copytree(ROOT / name, self.folder / name, ignore=left_out)
            else:
                (self.folder / name).parent.mkdir(parents=True)
                copyfile(ROOT / name, self.folder / name)
        self.before = dict(self.files())
        for name in ("node_modules", "pwa/node_modules", "sync/ts"):
            if (ROOT / name).exists():
                (self.folder / name).symlink_to(ROOT / name)

    def files(self) -> Iterator[tuple[str, bytes]]:
        for name in COPIED:
            for path in (self.folder / name).rglob("*"):
                if path.is_file() and path.suffix != ".pyc":
                    yield path.relative_to(self.folder).as_posix(), path.read_bytes()

    def changed(self) -> set[str]:
        """Changed, new or gone."""
        now = dict(self.files())
        names = self.before.keys() | now.keys()
        return {name for name in names if self.before.get(name) != now.get(name)}

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def put(self, name: str, *, before: str, text: str) -> None:
        old = self.read(name)
        assert old.count(before) == 1, (name, before)
        self.write(name, old.replace(before, text + before))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        paths = [str(self.folder / it) for it in ("server", "sync/py", ".")]
        environment = os.environ | {
            **{"PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def must(self, *command: str) -> None:
        done = self.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr

    def generate(self, *more: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "hushui.kinds.generate", *more)

    def grow(self) -> set[str]:
        """Answers the files written by hand. Before the generator ran, its check is red."""
        by_hand = self.changed()
        stale = self.generate("--check")
        assert stale.returncode == 1, "nothing follows from what was written"
        assert set(re.findall(r"stale: (\S+);", stale.stdout)) <= GENERATED
        assert self.generate().returncode == 0
        assert self.changed() - GENERATED == by_hand
        return by_hand

    def ask(self, **asked: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """(what its server says, what its app says)."""
        folder = self.folder.parent / "answers"
        folder.mkdir()
        (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
        self.must(sys.executable, "-m", "tests.kinds.one_place", str(folder))
        script = folder / "app.mjs"
        rolldown = str(ROOT / "node_modules/.bin/rolldown")
        self.must(
            *(rolldown, "tests/kinds/one_place.ts", "--platform", "node", "--format", "esm"),
            *("--file", str(script)),
        )
        self.must("node", str(script), str(folder))
        server, app = (json.loads((folder / f"{it}.json").read_bytes()) for it in ("server", "app"))
        assert Path(server["source"]).is_relative_to(self.folder), "not the copy's server"
        return server, app


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_a_field_is_added_in_one_file(copy: Copy) -> None:
    place = "server/hushui/kinds/reading.py"
    copy.put(place, before="    rain_mm: Annotated", text=NEW_FIELDS)
    copy.write(place, copy.read(place).replace("class ", COLOURS, 1))
    copy.put(place, before=" rain_mm rain_hours", text=" silt_kgm3 colour")

    assert copy.grow() == {place}
    right = {**STATION, "silt_kgm3": 35.5, "colour": "brown"}
    wrong = [{**right, "silt_kgm3": 1_200.01}, {**right, "colour": "pink"}]
    server, app = copy.ask(kind="reading", right=right, wrong=wrong, filters=["colour:brown"])

    faults = [["out_of_range", "silt_kgm3"], ["unknown_choice", "colour"]]
    assert app["faults"] == [None, *faults]
    assert server["receipts"] == [["applied", None, None], *(["refused", *it] for it in faults)]
    assert server["fields"] == right
    measures = ["z_m", "trend", "flow_m3s", "silt_kgm3", "colour", "rain_mm", "rain_hours"]
    assert app["form"]["measures"] == measures
    silt = app["drawn"]["silt_kgm3"]
    assert [silt[it] for it in ("zh", "en", "unit")] == ["含沙量", "Silt", "kg/m3"]
    assert [silt[it] for it in ("min", "max", "decimals")] == [0, 1_200, 2]
    colours = [it["code"] for it in app["drawn"]["colour"]["choices"]]
    assert colours == ["clear", "brown", "black"]
    assert_in_the_table(app, server, "silt_kgm3", "含沙量（kg/m³）", 35.5)
    assert_in_the_table(app, server, "colour", "水色", "黄褐")
    assert "colour" in app["filters"]
    assert app["asked"] == ["colour:brown"]
    assert server["filtered"] == {"colour:brown": True}
    assert_in_the_documents(copy, "reading", "silt_kgm3", unit="kg/m3", limits="0…1,200")
    types = copy.read("pwa/src/generated/kinds.ts")
    assert "  silt_kgm3?: number | null\n" in types
    assert "  colour?: 'clear' | 'brown' | 'black' | null\n" in types


def test_a_kind_is_added_in_two_files(copy: Copy) -> None:
    place, registry = (f"server/hushui/kinds/{it}.py" for it in ("water_sample", "__init__"))
    copy.write(place, NEW_KIND)
    copy.put(registry, before="    work,\n    zone,\n)\nfrom", text="    water_sample,\n")
    copy.put(registry, before="*(reading, duty_entry", text="water_sample,\n        ")

    assert copy.grow() == {place, registry}
    right = {"bottle": "S-7", "smell": "foul", "ph": 7.2}
    wrong = [{**right, "ph": 14.1}, {**right, "smell": "sweet"}, {"smell": "none"}]
    server, app = copy.ask(kind="water_sample", right=right, wrong=wrong, filters=["smell:foul"])

    faults = [["out_of_range", "ph"], ["unknown_choice", "smell"], ["required", "bottle"]]
    assert app["faults"] == [None, *faults]
    assert server["receipts"] == [["applied", None, None], *(["refused", *it] for it in faults)]
    assert server["fields"] == right
    assert app["form"] == {"main": ["bottle", "smell"], "measures": ["ph"], "note": ["note"]}
    assert app["title"] == "水样"
    assert app["group"] == "facts"
    assert_in_the_table(app, server, "bottle", "瓶号", "S-7")
    assert_in_the_table(app, server, "smell", "气味", "腐臭")
    assert_in_the_table(app, server, "ph", "酸碱度（pH）", 7.2)
    assert app["filters"] == ["smell"]
    assert app["asked"] == ["smell:foul"]
    assert server["filtered"] == {"smell:foul": True}
    assert "## 水样 Water sample `water_sample`" in copy.read("docs/kinds.md")
    assert_in_the_documents(copy, "water_sample", "ph", unit="pH", limits="0…14")
    assert json.loads(copy.read("sync/vectors/kinds.json"))["water_sample"]["valid"]["ph"] == 7.2
    # The suite takes it in by itself: what holds for every kind is asked of it too.
    copy.must(
        *(sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", *RULES_OF_KINDS),
        *("--import-mode=importlib", "-k", "water_sample or up_to_date"),
    )
    types = copy.read("pwa/src/generated/kinds.ts")
    (shape,) = re.findall(r"export type WaterSample = {\n(.*?)\n}", types, re.DOTALL)
    assert {"  bottle: string", "  smell: 'none' | 'foul'", "  ph?: number | null"} <= set(
        shape.splitlines()
    )
    assert "  water_sample: WaterSample\n" in types


def test_a_kind_of_work_is_added_where_works_are_and_gets_its_icon(copy: Copy) -> None:
    place, icons = "server/hushui/kinds/work.py", "pwa/src/pages/field/workIcons.ts"
    copy.put(
        place, before='    ("tree_planting"', text='    ("gauge_clean", "水尺清洗", "Cleaning"),\n'
    )
    copy.put(place, before='    "tree_planting": f"', text='    "gauge_clean": "gauges",\n')
    copy.put(place, before="    trees: Annotated", text=GAUGES)
    copy.put(place, before=" trees clearance_before_m", text=" gauges")
    copy.put(place, before='"trees": 9,', text='"gauges": 3, ')
    copy.put(icons, before="  IconShieldBolt,\n", text="  IconRuler,\n")
    copy.put(icons, before="  tree_planting:", text="  gauge_clean: IconRuler,\n")

    assert copy.grow() == {place, icons}
    right = {"work_kind": "gauge_clean", "gauges": 3}
    wrong = [{**right, "gauges": 100}]
    asked = ["work_kind:gauge_clean"]
    server, app = copy.ask(kind="work", right=right, wrong=wrong, filters=asked)

    assert app["faults"] == [None, ["out_of_range", "gauges"]]
    assert server["receipts"] == [["applied", None, None], ["refused", "out_of_range", "gauges"]]
    assert app["form"]["measures"] == ["gauges"]
    assert set(app["icons"]) == set(app["works"]) >= {"gauge_clean"}
    assert_in_the_table(app, server, "work_kind", "作业", "水尺清洗")
    assert_in_the_table(app, server, "gauges", "水尺（根）", 3)
    assert app["asked"] == asked
    assert server["filtered"] == {asked[0]: True}
    assert "`gauge_clean` 水尺清洗 Cleaning" in copy.read("docs/kinds.md")


def test_a_tree_nobody_changed_has_nothing_to_follow(copy: Copy) -> None:
    with pytest.raises(AssertionError, match="nothing follows"):
        copy.grow()
    assert copy.changed() == set()


def assert_in_the_table(
    app: dict[str, Any], server: dict[str, Any], name: str, header: str, value: Any
) -> None:
    """On the desk and in both exports, under its label with its unit."""
    assert f"fields.{name}" in app["columns"]
    assert server["xlsx"][header] == value
    assert server["csv"][header] == str(value)


def assert_in_the_documents(copy: Copy, kind: str, name: str, *, unit: str, limits: str) -> None:
    page = copy.read("docs/kinds.md").partition(f"`{kind}`\n")[2].partition("\n## ")[0]
    (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}`")]
    assert f"number {unit} " in row
    assert limits in row
    described = json.loads(copy.read("docs/kinds.schema.json"))["$defs"][kind]["properties"][name]
    assert described["x-unit"] == unit
    (bounds, _) = described["anyOf"]
    assert f"{bounds['minimum']}…{bounds['maximum']:,}" == limits
