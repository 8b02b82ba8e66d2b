"""Writes until it is killed, saying every receipt once it is committed."""

import sys
from pathlib import Path

from hushui.storage.sqlite import SqliteStore
from tests.storage.scribe import Scribe, record
from tests.support import ids

if __name__ == "__main__":
    org = ids.make("org")
    scribe = Scribe(SqliteStore(Path(sys.argv[1])), org)
    scribe.begin()
    for i in range(100_000):
        receipt = scribe.write(record(f"r{i % 50}", org, i % 50))
        print(receipt.number, receipt.chain, flush=True)
