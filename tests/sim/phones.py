"""The phones: one node process that runs the real TypeScript core (see bridge.ts)."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import msgspec
from msgspec import Struct

ROOT = Path(__file__).parents[2]
PIPE_BYTES = 1 << 18
ENDED = b'{"error":"ended"}'


CONFIG = """
const swaps = SWAPS
export default {
  input: 'tests/sim/bridge.ts',
  platform: 'node',
  output: { format: 'esm', file: SCRIPT },
  plugins: [{
    name: 'swaps',
    transform(code, id) {
      let text = code
      for (const swap of swaps.filter(({ file }) => id.endsWith(`/${file}`))) {
        if (text.split(swap.old).length !== 2) throw new Error(`not once: ${swap.old}`)
        text = text.replace(swap.old, () => swap.new)
      }
      return text === code ? null : { code: text }
    },
  }],
}
"""


class Swap(Struct, frozen=True):
    """Other text in one module of the bundle, where the old one stands exactly once."""

    file: str
    old: str
    new: str


def bundle(swaps: Sequence[Swap] = ()) -> Path:
    """The bridge as plain JavaScript, made anew by each run."""
    folder = Path(mkdtemp(prefix="hushui-sim-"))
    script, config = folder / "bridge.mjs", folder / "rolldown.config.mjs"
    for swap in swaps:
        assert (ROOT / swap.file).read_text(encoding="utf-8").count(swap.old) == 1, swap
    said = CONFIG.replace("SWAPS", msgspec.json.encode(swaps).decode())
    config.write_text(said.replace("SCRIPT", repr(str(script))), encoding="utf-8")
    subprocess.run(
        ["node_modules/.bin/rolldown", "--config", str(config)],
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
            ["node", script],
            bufsize=PIPE_BYTES,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
        self.encode, self.decode = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode

    def call(self, device: str, fn: str, **more: Any) -> dict[str, Any]:
        assert self.node.stdin is not None
        assert self.node.stdout is not None
        self.node.stdin.write(self.encode({"device": device, "fn": fn, **more}) + b"\n")
        self.node.stdin.flush()
        answer: dict[str, Any] = self.decode(self.node.stdout.readline() or ENDED)
        if "error" in answer:
            raise BridgeError(f"{fn} {more}: {answer['error']}")
        return answer

    def close(self) -> None:
        assert self.node.stdin is not None
        self.node.stdin.close()
        self.node.wait()
