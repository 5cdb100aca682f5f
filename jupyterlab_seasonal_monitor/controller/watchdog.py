"""A process that outlives a controller which dies before its cluster has an end of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .batch.marks import keeper
from .noted import Note, left

#: What it runs: it writes the controller's modules to a private folder, and imports them.
_PROGRAM = """\
import importlib, json, pathlib, sys, tempfile
given = json.loads(sys.stdin.buffer.readline())
sys.path[:] = given["path"]
with tempfile.TemporaryDirectory() as folder:
    for name, source in given["modules"].items():
        path = pathlib.Path(folder, given["package"], *name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
    sys.path.insert(0, folder)
    importlib.import_module(given["package"] + ".watchdog").watch(given["mark"])
"""
_DISMISSED = b"dismissed"
#: Seconds between two tries, for how long it tries, and for a controller to be gone.
_PAUSE, _LONGEST, _DYING = 60.0, 7200.0, 30.0


class Watchdog:
    """Waits beside a start, and ends the cluster where the controller dies meanwhile.

    It is in a session of its own, so that what ends the kernel does not end it. It sees by
    a pipe that the kernel has gone, whatever killed it. It dies with the machine.

    Parameters
    ----------
    noted
        The cluster that has no end yet.

    Raises
    ------
    OSError
        No process can be started.
    """

    def __init__(self, noted: Note) -> None:
        package = __name__.rpartition(".")[0]
        loader: Any = sys.modules[package].__spec__.loader  # type: ignore[union-attr]
        given = {
            "package": package,
            "modules": loader.sources,
            "path": sys.path,
            "mark": noted.mark,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # The kernel's own folder goes with it.
            cwd=Path(sys.executable).anchor,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        # One that has ended is not missed: the list of what is left has the note.
        with contextlib.suppress(OSError):
            self._process.stdin.write(json.dumps(given).encode() + b"\n")
            self._process.stdin.flush()

    def dismiss(self) -> None:
        """End it: the cluster ends by itself now."""
        self._process.communicate(_DISMISSED)


def watch(mark: str) -> None:
    """Wait until the controller of a mark dismisses this process, or dies."""
    if sys.stdin.buffer.read() == _DISMISSED:
        return
    until = time.monotonic() + _DYING
    while keeper(mark)[1]:
        if time.monotonic() > until:
            return
        time.sleep(0.1)
    _end(mark)


def _end(mark: str) -> None:
    """Try until nothing is left without an end, since the service may not answer now."""
    from .unfinished import is_unfinished, take_care

    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        noted = next((one for one in left() if one.mark == mark), None)
        if noted is None or not is_unfinished(noted):
            return
        with contextlib.suppress(Exception):
            asyncio.run(take_care(noted))
            return
        time.sleep(_PAUSE)
