"""The shape of the house: who may import whom, and what may lie where."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent

# Room of server/hushui → the rooms it may import; `anyone` is open to all of them.
ANYONE = {"ports", "settings", "errors"}
KINDS = {"kinds"}
MIDDLE = {"domain", "storage", "exports", "ledger"}
ROOMS: dict[str, set[str]] = {
    "ports": set(),
    "settings": set(),
    "errors": set(),
    "locks": set(),
    "kinds": set(),
    "domain": KINDS,
    "storage": KINDS,
    "ledger": KINDS | {"domain", "storage"},
    "verify": {"storage"},
    "rebuild": {"storage", "verify"},
    "exports": KINDS | {"domain"},
    "actions": KINDS | MIDDLE,
    "demo": KINDS | MIDDLE | {"actions"},
    "web": KINDS | MIDDLE | {"actions"},
    "app": KINDS | MIDDLE | {"actions", "demo", "web"},
    "phone": set(),
    "backup": {"storage", "verify", "rebuild", "locks"},
    "commands": KINDS
    | MIDDLE
    | {"actions", "demo", "web", "app", "verify", "rebuild", "backup", "phone", "locks"},
    "__main__": KINDS | MIDDLE | {"actions", "app", "commands", "verify", "rebuild"},
}

FOLDERS = {".ci", "docs", "pwa", "server", "sync", "tests"}
FILES = {
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "LICENSE",
    "constraints.txt",
    "eslint.config.js",
    "package.json",
    "package-lock.json",
    "pyproject.toml",
    "tsconfig.base.json",
}

REGISTRY = re.compile(
    r"\b(npmjs|pythonhosted|pypi)\.(org|com)|\b(deb|security|snapshot)\.debian\.org|npmmirror\.com"
    r"|crates\.io|proxy\.golang\.org|\.(aliyun|tencent|huaweicloud)\.com/(pypi|npm|debian)|\.tuna\."
)
MACHINE_PATH = re.compile(r"(?<![\w.$})/-])/(work|root|home|Users)/|/opt/(pypi|wheels)")

TS_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]"""
    r"""|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]""",
    re.MULTILINE,
)


def test_imports_of_the_server_run_one_way() -> None:
    wrong: list[str] = []
    for file in sorted((ROOT / "server" / "hushui").rglob("*.py")):
        room = room_of(file)
        if room == "__init__":
            continue
        if room not in ROOMS:
            wrong.append(f"{short(file)}: give the room '{room}' its place in ROOMS")
            continue
        allowed = ROOMS[room] | ANYONE | {room}
        for line, module in imports_of(file):
            target = module.split(".")
            if target[0] == "hushui" and (len(target) == 1 or target[1] not in allowed):
                wrong.append(f"{short(file)}:{line}: {room} may not import {module}")
    assert not wrong, "\n".join(wrong)


def test_the_python_sync_core_imports_only_the_standard_library_and_msgspec() -> None:
    allowed = {*sys.stdlib_module_names, "msgspec", "hushui_sync"}
    wrong = [
        f"{short(file)}:{line}: {module}"
        for file in sorted((ROOT / "sync" / "py" / "hushui_sync").rglob("*.py"))
        for line, module in imports_of(file)
        if module.split(".")[0] not in allowed
    ]
    assert not wrong, "\n".join(wrong)


def test_the_typescript_sync_core_imports_only_itself_and_the_hash() -> None:
    source = ROOT / "sync" / "ts" / "src"
    wrong = [
        f"{short(file)}: {module}"
        for file in typescript_under(source)
        for module in typescript_imports_of(file)
        if not (stays_within(source, file, module) or module.startswith("@noble/hashes/"))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_pwa_reaches_the_sync_core_only_by_its_package() -> None:
    source = ROOT / "pwa" / "src"
    wrong = [
        f"{short(file)}: {module}"
        for file in typescript_under(source)
        for module in typescript_imports_of(file)
        if (module.startswith(".") and not stays_within(source, file, module))
        or module.startswith("@hushui/sync/")
    ]
    assert not wrong, "\n".join(wrong)


def test_no_tracked_file_names_a_registry_or_a_path_of_one_machine() -> None:
    wrong: list[str] = []
    for file in tracked_files():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if REGISTRY.search(line) or MACHINE_PATH.search(line):
                wrong.append(f"{short(file)}:{number}: {line.strip()[:120]}")
    assert not wrong, "\n".join(wrong)


def test_the_lock_files_name_no_addresses() -> None:
    npm = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert not re.findall(r'"resolved": "[^"]*:[^"]*"', npm)
    assert "//" not in (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_the_top_level_holds_only_what_is_agreed() -> None:
    for file in tracked_files():
        top, *rest = file.relative_to(ROOT).parts
        agreed = top in FOLDERS if rest else top in FILES or top.startswith(".")
        assert agreed, f"{top} does not belong at the top level"


def room_of(file: Path) -> str:
    return file.relative_to(ROOT / "server" / "hushui").with_suffix("").parts[0]


def imports_of(file: Path) -> Iterator[tuple[int, str]]:
    """Line and absolute name of each import, `from a import b` as a.b: b may be a module."""
    package = package_of(file)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def package_of(file: Path) -> list[str]:
    parts = file.relative_to(ROOT).parts[:-1]
    start = next(i for i, part in enumerate(parts) if part.startswith("hushui"))
    return list(parts[start:])


def typescript_under(folder: Path) -> list[Path]:
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix in {".ts", ".vue"} and not file.name.endswith(".test.ts")
    )


def typescript_imports_of(file: Path) -> list[str]:
    return ["".join(groups) for groups in TS_IMPORT.findall(file.read_text(encoding="utf-8"))]


def stays_within(folder: Path, file: Path, module: str) -> bool:
    return module.startswith(".") and (file.parent / module).resolve().is_relative_to(folder)


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    files = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [file for file in files if file.is_file()]


def short(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()
