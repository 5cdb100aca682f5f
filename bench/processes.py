"""Processes that belong to one JupyterLab, wherever they are in the tree."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

_T = TypeVar("_T")

_GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)


def of_folder(folder: Path) -> list[psutil.Process]:
    """Return the live processes whose environment names the folder.

    A server's kernels, fork servers and workers inherit it.
    """
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(*_GONE):
            if process.status() != psutil.STATUS_ZOMBIE and any(
                str(folder) in value for value in process.environ().values()
            ):
                found.append(process)
    return found


def command(process: psutil.Process) -> str:
    """Return its command line, or nothing when it has ended."""
    with contextlib.suppress(*_GONE):
        return " ".join(process.cmdline())
    return ""


def workers(folder: Path) -> list[psutil.Process]:
    """Return Dask's worker processes: those of multiprocessing that listen on TCP."""
    found = []
    for process in of_folder(folder):
        with contextlib.suppress(*_GONE):
            if "multiprocessing" in command(process) and any(
                connection.status == psutil.CONN_LISTEN
                for connection in process.net_connections("tcp")
            ):
                found.append(process)
    return found


def memory(process: psutil.Process) -> dict[str, float]:
    """Return ``rss`` and ``pss`` of a process in MB (10⁶ bytes)."""
    sizes = {}
    for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name in ("Rss", "Pss"):
            sizes[name.lower()] = int(rest.split()[0]) * 1024 / 1e6
    return sizes


def wait_for(condition: Callable[[], _T], what: str, timeout: float = 90, every: float = 0.1) -> _T:
    """Return the first true result of ``condition``.

    Raises
    ------
    TimeoutError
        When there was none for ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {timeout:.0f} s for {what}")
        time.sleep(every)
    return result
