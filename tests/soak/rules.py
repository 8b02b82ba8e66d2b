"""Rules broken on purpose: each time a test that bears the rule's id must fail."""

import os
import random
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak.mutants import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]
LIMIT_S = 600


def drawn(seed: int, count: int) -> list[Mutant]:
    return random.Random(seed).sample(MUTANTS, min(count, len(MUTANTS)))


def run(chosen: Sequence[Mutant]) -> tuple[int, int, str]:
    """(held, failed, which). In a copy of the tree: nothing here is ever changed in place."""
    failed: list[str] = []
    with TemporaryDirectory(prefix="hushui-rules-") as folder:
        copy = Path(folder) / "tree"
        copy_tree(copy)
        for mutant in chosen:
            said = verdict(copy, mutant)
            failed += [f"{mutant.rule} {said}"] if said is not None else []
            print(f"{mutant.rule} {mutant.file}: {said or 'a test fails, as it must'}", flush=True)
    rules = " ".join(sorted(mutant.rule for mutant in chosen))
    said = f"{rules} broken one by one; " + ("; ".join(failed) or "each time a test failed")
    return len(chosen) - len(failed), len(failed), said


def verdict(copy: Path, mutant: Mutant) -> str | None:
    """None: the tests hold the rule. First they pass on the unbroken copy, then one fails."""
    whole = run_tests(copy, mutant)
    if whole != 0:
        return f"its tests do not even pass unbroken ({whole})"
    file = copy / mutant.file
    text = file.read_text(encoding="utf-8")
    file.write_text(mutant.broken(text), encoding="utf-8")
    try:
        broken = run_tests(copy, mutant)
    finally:
        file.write_text(text, encoding="utf-8")
    if broken == 1:
        return None
    return "no test fails" if broken == 0 else f"its tests could not run ({broken})"


def run_tests(copy: Path, mutant: Mutant) -> int:
    """0 all pass, 1 one fails; anything else: no test ran. The copy's own code comes before what is
    installed."""
    command, where = mutant.command()
    paths = os.pathsep.join(str(copy / room) for room in ("server", "sync/py"))
    for cache in copy.rglob("__pycache__"):
        shutil.rmtree(cache)
    done = subprocess.run(
        command,
        cwd=copy / where,
        env=os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=LIMIT_S,
        check=False,
        text=True,
    )
    # vitest passes when no title has the id.
    nothing_ran = where != "." and not any(
        "passed" in line or "failed" in line
        for line in done.stdout.splitlines()
        if line.strip().startswith("Tests")
    )
    return 5 if nothing_ran else done.returncode


def copy_tree(copy: Path) -> None:
    """What is tracked or new, the environments by symlink."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    link_node_modules(copy)


def link_node_modules(copy: Path) -> None:
    """Package by package, so that those of this tree are the copy's own."""
    for package in ("sync/ts", "pwa"):
        if (ROOT / package / "node_modules").is_dir():
            (copy / package / "node_modules").symlink_to(ROOT / package / "node_modules")
    (copy / "node_modules" / "@hushui").mkdir(parents=True)
    (copy / "node_modules" / "@hushui" / "sync").symlink_to(copy / "sync" / "ts")
    (copy / "node_modules" / "@hushui" / "pwa").symlink_to(copy / "pwa")
    for found in (ROOT / "node_modules").iterdir():
        if found.name not in ("@hushui", ".vite", ".cache"):
            (copy / "node_modules" / found.name).symlink_to(found)
