"""How kernels are compiled: once per machine, not once per worker.

Numba writes what it compiled beside the source, or, where that folder is read-only, into the
user's cache folder. Where neither can be written (a container with a read-only home), a
folder in the machine's temporary folder is used, but only one that belongs to this user alone:
what Numba reads from there is run.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile a function with Numba, without the GIL, cached on disk.

    Parameters
    ----------
    function : callable
        A function that Numba can compile in nopython mode. What it calls must stand in the
        same file: Numba compiles again when that file changes, and only then.

    Returns
    -------
    callable
        The function, compiled at its first call for each combination of dtypes.
    """
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        compiled = numba.njit(cache=True, **options)(function)
    except RuntimeError:
        folder = private_folder()
        if folder is None:
            compiled = numba.njit(**options)(function)
        else:
            numba.config.CACHE_DIR = str(folder)
            compiled = numba.njit(cache=True, **options)(function)
    result: Function = compiled
    return result


def private_folder(parent: Path | None = None) -> Path | None:
    """Give a folder for compiled code that only this user can write.

    Parameters
    ----------
    parent : Path, optional
        Where to make it; the machine's temporary folder by default.

    Returns
    -------
    Path or None
        The folder; None when it cannot be made, or somebody else can write into it.
    """
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = (parent or Path(tempfile.gettempdir())) / f"seasonal-monitor-numba-{user}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    if not stat.S_ISDIR(found.st_mode):
        return None
    if hasattr(os, "getuid") and (found.st_uid != user or found.st_mode & 0o022):
        return None
    return folder
