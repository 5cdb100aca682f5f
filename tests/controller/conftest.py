"""Real kernels for the tests, each inside a check that nothing is left."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from page import Kernel, Page

ROOT = Path(__file__).parents[2]
PYTHONS = {
    "newest": Path(sys.executable),
    "oldest": ROOT / ".venvs" / "oldest" / "bin" / "python",
    "gateway": ROOT / ".venvs" / "gateway" / "bin" / "python",
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


def wait_until(test: Callable[[], bool], within: float, what: str) -> float:
    """Block until something is so, and return the seconds that it took."""
    started = time.monotonic()
    while not test():
        assert time.monotonic() - started < within, f"{what}: not within {within} s"
        time.sleep(0.02)
    return time.monotonic() - started


@pytest.fixture
def place() -> Iterator[Place]:
    # Short, since the names of sockets are at most 107 characters long.
    folder = Path(tempfile.mkdtemp(prefix="sm-"))
    place = Place(folder)
    try:
        yield place
        # Tests of a kill have bounds of their own; this is for a busy machine too.
        wait_until(lambda: not place.processes(), 15, "processes are left")
        place.assert_no_files(15)
    finally:
        for process in place.processes():
            with contextlib.suppress(psutil.Error):
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def python() -> str:
    return str(PYTHONS["newest"])


@pytest_asyncio.fixture
async def new_kernel(place: Place, python: str) -> AsyncIterator[Callable[..., object]]:
    """A function that starts a kernel; all of them end with the test."""
    kernels: list[Kernel] = []

    async def start(**env: str) -> Kernel:
        kernel = Kernel(python, place.work, {**place.env, **env})
        kernels.append(kernel)
        await kernel.start()
        return kernel

    yield start
    for kernel in kernels:
        await kernel.close()


@pytest_asyncio.fixture
async def kernel(new_kernel: Callable[..., object]) -> Kernel:
    return await new_kernel()  # type: ignore[misc]


@pytest_asyncio.fixture
async def page(kernel: Kernel) -> Page:
    return await kernel.install()
