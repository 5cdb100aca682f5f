"""The fork server: worker processes that start without importing everything again."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from .runtime import Runtime

_T = TypeVar("_T")

#: What the fork server imports first. The operating system tells it when the
#: kernel dies; it then removes the private folders and takes the workers with
#: it, also those that hold the interpreter's lock.
_GUARDIAN = """\
import atexit
import ctypes
import os
import shutil
import signal
import sys
import time

FOLDERS = {folders!r}
KERNEL = {kernel!r}
SERVER = os.getpid()


def die_with_parent(number):
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, number)


def stop(*_):
    # The signal comes with the end of the thread that started this server: a
    # moment before the end of the kernel, or without it.
    deadline = time.monotonic() + 1
    while os.getppid() == KERNEL:
        if time.monotonic() > deadline:
            return
        time.sleep(0.01)
    raise SystemExit


def end_workers():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.getpgrp() == SERVER:
        os.killpg(SERVER, signal.SIGTERM)
    deadline = time.monotonic() + 3
    try:
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.01)
    except ChildProcessError:
        pass


def clean():
    if os.getpid() != SERVER:
        return
    end_workers()
    # A worker on its way out may still have written.
    deadline = time.monotonic() + 2
    while any(map(os.path.lexists, FOLDERS)) and time.monotonic() < deadline:
        for folder in FOLDERS:
            shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.01)
    # This runs last: nothing is left but to take the interpreter apart.
    os._exit(0)


def in_worker():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent(signal.SIGKILL)
    if os.getppid() != SERVER:
        os._exit(1)


if os.getpgrp() != SERVER:
    os.setpgid(0, 0)
sys.path[:] = {path!r}
# A pipe tells of the end of the kernel, too, a moment before the signal, which can end a
# call of this that has just begun: then comes the other one.
atexit.register(clean)
atexit.register(clean)
signal.signal(signal.SIGTERM, stop)
die_with_parent(signal.SIGTERM)
if os.getppid() != KERNEL:
    stop()
os.register_at_fork(after_in_child=in_worker)
"""
_GUARDIAN_NAME = "_seasonal_monitor_guardian"

#: What the same module does then: it imports what a worker would import, and find out
#: about its machine, before it is ready. Garbage is looked for in neither, since
#: an import makes none, and workers would copy all pages that they look at.
_PREPARATION = """
import contextlib
import gc
import importlib

gc.disable()
for name in {modules!r}:
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
with contextlib.suppress(Exception):
    importlib.import_module("distributed.versions").get_versions()
gc.freeze()
gc.enable()
"""

#: What a worker does first. Those that are spawned are still in the kernel's
#: process group.
_WORKER_PRELOAD = """\
import contextlib
import os
import sys

if hasattr(os, "setpgid") and "_seasonal_monitor_guardian" not in sys.modules:
    os.setpgid(0, 0)
with contextlib.suppress(OSError):
    os.chdir({folder!r})
"""

#: Seconds between two looks whether a worker is up.
_LOOK = 0.005

#: What ``distributed`` sets before it starts a worker: must be there before the
#: fork server starts.
_ENVIRONMENT = {
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "6640",
}


def worker_preload(folder: str) -> str:
    """Return the source that makes a worker work in the folder where the kernel began."""
    return _WORKER_PRELOAD.format(folder=folder)


def start_method() -> str:
    """Return how workers start here: ``forkserver``, or ``spawn`` where forking is not safe."""
    methods = multiprocessing.get_all_start_methods()
    return "forkserver" if "forkserver" in methods and sys.platform != "darwin" else "spawn"


def start_fork_server(runtime: Runtime) -> None:
    """Start the fork server, which imports Dask while the caller goes on.

    Must be called in a thread that lives as long as the process, since the fork
    server ends with the thread that started it. The working folder must be
    ``runtime.private``. Does nothing where there is no fork server or it runs.
    """
    if sys.platform == "win32":
        return
    from multiprocessing import resource_tracker, util

    if start_method() != "forkserver":
        with _own_process_groups():
            resource_tracker.ensure_running()
        return
    from multiprocessing import forkserver

    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    guardian = runtime.private / f"{_GUARDIAN_NAME}.py"
    if not guardian.exists():
        folders = [str(runtime.private), str(runtime.scratch), util.get_temp_dir()]
        source = _GUARDIAN.format(folders=folders, kernel=os.getpid(), path=sys.path)
        preparation = _PREPARATION.format(modules=_preloaded())
        _write_private(guardian, source + preparation)
        forkserver.set_forkserver_preload([_GUARDIAN_NAME])
    with _own_process_groups():
        forkserver.ensure_running()


def _preloaded() -> list[str]:
    """Return what a worker imports before it is ready; workers of 2024 need pandas too."""
    try:
        old = int(metadata.version("distributed").partition(".")[0]) < 2025
    except (metadata.PackageNotFoundError, ValueError):
        old = False
    modules = [
        "distributed",
        "distributed.http.health",
        "distributed.http.statics",
        "distributed.http.worker.prometheus",
        "multiprocessing.popen_forkserver",
        "multiprocessing.synchronize",
        "numpy.random",
        "secrets",
        "tornado.platform.asyncio",
    ]
    return [*modules, "pandas"] if old else modules


@contextlib.contextmanager
def _own_process_groups() -> Iterator[None]:
    """Make multiprocessing start its helpers in process groups of their own.

    An interrupt of the kernel goes to the kernel's group and would reach the
    workers, which belong to the fork server's. At its shutdown ipykernel sends
    signals to that group and waits: for the resource tracker, which ignores
    them, four seconds.
    """
    from multiprocessing import util

    def spawn(path: Any, args: Any, passfds: Any) -> int:  # noqa: ANN401 - as the original
        for fd in passfds:
            os.set_inheritable(fd, True)
        try:
            return os.posix_spawn(path, args, os.environ, setpgroup=0)
        finally:
            for fd in passfds:
                os.set_inheritable(fd, False)

    original = util.spawnv_passfds
    util.spawnv_passfds = spawn
    try:
        yield
    finally:
        util.spawnv_passfds = original


def configure_distributed() -> None:
    """Make ``distributed`` use the fork server that runs, without its own preloading."""
    import dask
    import distributed.utils
    from distributed import nanny

    method = start_method()
    dask.config.set({"distributed.worker.multiprocessing-method": method})
    if method == "forkserver" and hasattr(distributed.utils, "_forkserver_preload_set"):
        # Otherwise it imports every optional package here, and sets a list that
        # a server which runs does not read.
        distributed.utils._forkserver_preload_set = True
    # A nanny looks whether its worker is up, by default twenty times a second.
    nanny.WorkerProcess._init_msg_interval = min(_LOOK, nanny.WorkerProcess._init_msg_interval)


def await_fork_server() -> None:
    """Block until the fork server has imported everything: start and end one process."""
    if start_method() == "forkserver":
        process = multiprocessing.get_context("forkserver").Process(target=int)
        process.start()
        process.join()
        process.close()


async def in_thread(function: Callable[..., _T], *args: Any) -> _T:  # noqa: ANN401
    """Run a blocking function in a thread that does not keep the kernel from ending.

    Cancelling the caller does not stop the function; its result is dropped.
    """
    import threading

    loop = asyncio.get_running_loop()
    future: asyncio.Future[_T] = loop.create_future()

    def succeed(result: _T) -> None:
        if not future.cancelled():
            future.set_result(result)

    def fail(error: BaseException) -> None:
        if not future.cancelled():
            future.set_exception(error)

    def run() -> None:
        # A loop that has closed meanwhile takes nothing.
        with contextlib.suppress(RuntimeError):
            try:
                result = function(*args)
            except BaseException as error:  # noqa: BLE001 - it is raised in the caller
                loop.call_soon_threadsafe(fail, error)
            else:
                loop.call_soon_threadsafe(succeed, result)

    threading.Thread(target=run, name=f"Controller {function.__name__}", daemon=True).start()
    return await future


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
