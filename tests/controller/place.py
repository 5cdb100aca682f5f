"""Where a test of the controller runs: Pythons, folders, and what it must not leave."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
# The Python of the kernels; another one is tried with KERNEL_PYTHON=/a/bin/python.
PYTHONS = {
    "newest": Path(os.environ.get("KERNEL_PYTHON", sys.executable)),
    "oldest": ROOT / ".venvs" / "oldest" / "bin" / "python",
    "latest": ROOT / ".venvs" / "latest" / "bin" / "python",
    "gateway": ROOT / ".venvs" / "gateway" / "bin" / "python",
}
#: Why one of them can be absent.
WITHOUT = {
    "oldest": "the oldest environment is not there: run make setup",
    "latest": "there is no environment 'latest': run make setup where there is Python 3.12 or 3.13",
}
MARK = "SEASONAL_MONITOR_TEST"


class Place:
    """A folder and an environment of a test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.runtime = folder / "run"
        self.tmp = folder / "tmp"
        for part in (self.work, self.runtime, self.tmp):
            part.mkdir()
        self.mark = uuid.uuid4().hex
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DASK_")},
            MARK: self.mark,
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            "TMPDIR": str(self.tmp),
            "DASK_CONFIG": str(folder / "dask"),
        }

    def processes(self) -> list[psutil.Process]:
        """Return every living process that this test started, however it is related."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                environ = Path(f"/proc/{process.pid}/environ").read_bytes()
                if f"{MARK}={self.mark}".encode() in environ.split(b"\0"):
                    found.append(process)
        return found

    def assert_no_files(self, within: float) -> None:
        """Wait until none of the controller's files and folders is left."""
        deadline = time.monotonic() + within
        while left := self.left_behind():
            assert time.monotonic() < deadline, left
            time.sleep(0.02)

    def left_behind(self) -> list[str]:
        """Return the controller's files and folders that exist."""
        patterns = ("seasonal-monitor-*", "pymp-*", "*.pem")
        return [str(p) for pattern in patterns for p in self.folder.rglob(pattern)]


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback interface that nobody uses now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Addresses:
    """Addresses of this machine that no other run of tests uses: 127.<second>.<third>.1 to 250.

    Machines and containers listen on ports that their libraries choose, so that each needs an
    address of its own, also when several runs go on at once.
    """

    def __init__(self, second: int) -> None:
        for third in range(256):
            self._prefix = f"127.{second}.{third}"
            self._mark = socket.socket()
            try:
                self._mark.bind((f"{self._prefix}.254", 20254))
            except OSError:
                self._mark.close()
            else:
                break
        else:
            raise OSError(f"every network 127.{second}.*.0 is in use")
        self._numbers = itertools.cycle(range(1, 251))

    def __next__(self) -> str:
        return f"{self._prefix}.{next(self._numbers)}"


async def dashboard_answers(address: str) -> None:
    """Fail unless a dashboard shows its page at an address."""

    def ask() -> int:
        with urllib.request.urlopen(f"{address}/status", timeout=60) as response:
            return int(response.status)

    assert await asyncio.to_thread(ask) == 200


def end_process(process: subprocess.Popen[bytes]) -> None:
    """End a process that a test started, in order if that is quick."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(test: Callable[[], bool], within: float, what: str) -> float:
    """Block until something is so, and return the seconds that it took."""
    started = time.monotonic()
    while not test():
        assert time.monotonic() - started < within, f"{what}: not within {within} s"
        time.sleep(0.02)
    return time.monotonic() - started
