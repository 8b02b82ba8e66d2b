"""One at a time, by a lock on a file that ends with its process, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Locked(Exception):
    """Somebody else holds it."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Waits for nobody. Raises Locked, and OSError where the file cannot be made."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Locked(path) from error
        yield
    finally:
        os.close(descriptor)
