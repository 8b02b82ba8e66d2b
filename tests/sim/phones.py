"""The phones: one node process that runs the real TypeScript core (see bridge.ts)."""

import json
import subprocess
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

ROOT = Path(__file__).parents[2]


def bundle() -> Path:
    """The bridge as plain JavaScript, made anew by each run."""
    script = Path(mkdtemp(prefix="hushui-sim-")) / "bridge.mjs"
    subprocess.run(
        [
            *("npx", "--no-install", "rolldown", "tests/sim/bridge.ts"),
            *("--platform", "node", "--format", "esm", "--file", str(script)),
        ],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return script


class BridgeError(AssertionError):
    """The core threw: always a bug."""


class Phones:
    def __init__(self, script: str) -> None:
        self.node = subprocess.Popen(
            ["node", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )

    def call(self, device: str, fn: str, **more: Any) -> dict[str, Any]:
        assert self.node.stdin is not None
        assert self.node.stdout is not None
        message = {"device": device, "fn": fn, **more}
        self.node.stdin.write(json.dumps(message).encode() + b"\n")
        self.node.stdin.flush()
        answer: dict[str, Any] = json.loads(self.node.stdout.readline() or b'{"error":"ended"}')
        if "error" in answer:
            raise BridgeError(f"{fn} {more}: {answer['error']}")
        return answer

    def close(self) -> None:
        assert self.node.stdin is not None
        self.node.stdin.close()
        self.node.wait()
