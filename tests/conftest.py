"""What every test shares: a closed network, hypothesis without a clock, Debian's Chromium."""

import gc
import shutil
import sys
from typing import Any

import pytest
from hypothesis import settings

# A deadline per example fails on a busy machine, not on a slow rule.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

LOCAL_HOSTS = {"127.0.0.1", "::1", "localhost", ""}


def close_the_network(event: str, args: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not isinstance(args[1], tuple):
        return
    if args[1][0] not in LOCAL_HOSTS:
        raise RuntimeError(f"a test reached out to {args[1][0]}; tests use this machine only")


sys.addaudithook(close_the_network)


def pytest_collection_finish() -> None:
    """What was imported stays; no later look for garbage goes through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: make system"
    return {
        "executable_path": chromium,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
