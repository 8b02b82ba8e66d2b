"""The same rows into the same tables, blindly: nothing is read, judged or encoded, each push is one
commit that waits for the disk. `python -m tests.bench.limits.blind DATABASE SCRIPT` → seconds.

The script is what the server's own store wrote: commits of (statement, rows)."""

import pickle
import sys
import time
from pathlib import Path
from typing import Any

import pysqlite3

Commit = list[tuple[str, list[Any]]]


def run(database: Path, commits: list[Commit]) -> float:
    connection = pysqlite3.connect(database, isolation_level=None, cached_statements=256)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA wal_autocheckpoint = 16384")
    begun = time.perf_counter()
    for commit in commits:
        connection.execute("BEGIN IMMEDIATE")
        for statement, rows in commit:
            connection.executemany(statement, rows)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - begun
    connection.close()
    return seconds


if __name__ == "__main__":
    print(run(Path(sys.argv[1]), pickle.loads(Path(sys.argv[2]).read_bytes())))
