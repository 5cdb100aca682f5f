"""Real kernels for the tests, each inside a check that nothing is left."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from page import Kernel, Page
from place import PYTHONS, WITHOUT, Place, wait_until


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
def python(request: pytest.FixtureRequest) -> str:
    """The Python of the kernels; a test can ask for others, indirectly."""
    name = getattr(request, "param", "newest")
    if not PYTHONS[name].exists():
        pytest.skip(WITHOUT[name])
    return str(PYTHONS[name])


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
    await asyncio.gather(*(kernel.close() for kernel in kernels))


@pytest_asyncio.fixture
async def kernel(new_kernel: Callable[..., object]) -> Kernel:
    return await new_kernel()  # type: ignore[misc]


@pytest_asyncio.fixture
async def page(kernel: Kernel) -> Page:
    return await kernel.install()
