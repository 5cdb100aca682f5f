"""Files and folders that appear under their name only when they are whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from seasonal_monitor.errors import OutputError

_MARK = ".partial"
#: Seconds to wait for who still writes a folder that is given up, and between two looks; after so
#: many looks without it, it is gone.
_PATIENCE, _PAUSE, _LOOKS = 10.0, 0.05, 4


@contextlib.contextmanager
def replacing(target: Path, *, settled: bool = True) -> Iterator[Path]:
    """Give a path beside `target`; what is written there takes its name when the block ends well.

    A file replaces a file in one step. A folder is moved in after the old one was moved away.
    What writers that died left behind is removed by the next one.

    Parameters
    ----------
    target : Path
        The final name. Its folder is made when it is missing.
    settled : bool
        Wait until a file is on the disk before it takes its name. What is easily made again,
        in thousands of files, need not wait.

    Raises
    ------
    OutputError
        In words, when the system refuses. Then nothing has changed under the name.
    """
    with explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _clean(target)
    partial = target.with_name(f".{target.name}.{socket.gethostname()}-{os.getpid()}{_MARK}")
    try:
        with explained(target):
            yield partial
            if settled:
                _settle(partial)
            _swap(partial, target)
    finally:
        _give_up(partial)


def write_bytes(target: Path, content: bytes, *, settled: bool = True) -> bool:
    """Write a file unless it holds just that; see :func:`replacing`.

    Returns
    -------
    bool
        Whether something was written.

    Raises
    ------
    OutputError
        In words, when the system refuses.
    """
    with contextlib.suppress(OSError):
        if target.stat().st_size == len(content) and target.read_bytes() == content:
            return False
    with replacing(target, settled=settled) as partial:
        partial.write_bytes(content)
    return True


@contextlib.contextmanager
def explained(target: Path) -> Iterator[None]:
    """Turn what the system says of a path into words."""
    try:
        yield
    except PermissionError as error:
        text = f"{target} may not be written by you."
        raise OutputError("output", text, "Choose a folder of your own.") from error
    except (NotADirectoryError, FileExistsError, IsADirectoryError) as error:
        text = f"{error.filename or target} is in the way: it is a file, or a folder, already."
        raise OutputError("output", text, "Choose another folder.") from error
    except OSError as error:
        if error.errno is None:  # not the system's: a raster that cannot be read, for one
            raise
        text = f"{target} cannot be written: {error.strerror or error}."
        raise OutputError("output", text, "Free some space, or choose another folder.") from error


def _settle(partial: Path) -> None:
    """See that a file is on the disk before it takes its name."""
    if partial.is_file():
        with partial.open("rb") as stream:
            os.fsync(stream.fileno())


def _swap(partial: Path, target: Path) -> None:
    if partial.is_dir() and target.exists():
        old = partial.with_suffix(".old")
        _remove(old)
        target.rename(old)
        try:
            partial.rename(target)
        except OSError:
            old.rename(target)
            raise
        _remove(old)
    else:
        partial.replace(target)


def _give_up(partial: Path) -> None:
    """Remove what did not take its name; nothing is there after a block that ended well."""
    if not partial.is_dir():
        _remove(partial)
        return
    # When one chunk of a store fails, others are still being written, which makes folders anew.
    end, gone = time.monotonic() + _PATIENCE, 0
    while gone < _LOOKS and time.monotonic() < end:
        gone = 0 if partial.exists() else gone + 1
        with contextlib.suppress(OSError):
            _remove(partial)
        time.sleep(_PAUSE)


def _clean(target: Path) -> None:
    """Remove what a writer on this machine left when it died, and bring back what it moved."""
    start, host = f".{target.name}.", socket.gethostname()
    for left in target.parent.glob(f"{_escaped(start)}*"):
        owner, _, number = left.stem.removeprefix(start).rpartition("-")
        if left.suffix not in (_MARK, ".old") or owner != host or _is_alive(number):
            continue
        if left.suffix == ".old" and not target.exists():
            left.rename(target)
        else:
            _remove(left)


def _escaped(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "[]*?" else sign for sign in name)


def _is_alive(number: str) -> bool:
    if not number.isdigit():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def _remove(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
