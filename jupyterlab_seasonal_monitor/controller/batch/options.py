# ruff: noqa: TID252 - in a kernel the package has another name
"""What may be asked of a batch system: every value is checked before anything is sent.

Options: ``workers``, or ``minimum`` with ``maximum``; of each job ``cores``,
``memory`` (a size), ``processes`` (workers in it) and ``walltime`` (hh:mm:ss);
``queue``, ``account``, ``interface`` (of the network), ``directives`` and
``prologue`` (lines for the job's script), ``shared`` and ``scratch`` (folders), and
``idle`` (minutes without work after which the cluster ends).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..causes import gib
from . import QUEUES

if TYPE_CHECKING:
    from ..host import Host
    from ..options import Checker

_NAMES = {
    "workers",
    "minimum",
    "maximum",
    "cores",
    "memory",
    "processes",
    "walltime",
    "queue",
    "account",
    "interface",
    "directives",
    "prologue",
    "shared",
    "scratch",
    "idle",
}
NAMES = dict.fromkeys(QUEUES, _NAMES)
_WORD = re.compile(r"\w[\w.+@:/-]{0,127}")
_TIME = re.compile(r"(?:(\d{1,3})-)?(\d{1,4}):([0-5]\d):([0-5]\d)")
#: Directives that would take away what the controller knows its jobs by.
_OURS = re.compile(r"-[JNatoe]\b")
#: SLURM takes values without a space, and the beginnings of long names.
_OURS_OF_SLURM = re.compile(r"-[JNatoe]|--(job-n|ar|ou|er)")
_MEMORY = 4 * 2**30
_WALLTIME = 3600
_IDLE = 30
#: None here: ``check`` gives the idle time itself.
ENDS: dict[str, float] = {}
WORKERS = 1


def check(checker: Checker, launcher: str, host: Host) -> dict[str, Any]:
    """Return the options of the jobs with defaults filled in, times in seconds.

    Parameters
    ----------
    checker
        The options, and where it is noted what is wrong.
    launcher
        The batch system.
    host
        With an administrator's bounds of one worker and of idle time, where there are
        some.
    """
    most_threads, most_memory = host.most_threads, host.most_memory
    result: dict[str, Any] = {}
    cores = checker.whole("cores", 1, 1024, 1)
    processes = checker.whole("processes", 1, cores or 1024, 1)
    memory = checker.size("memory", 2**50) or _MEMORY
    if cores and processes:
        if most_threads is not None and cores / processes > most_threads:
            text = f"A worker gets at most {most_threads} cores here."
            checker.wrong["cores"], checker.over_limit = text, True
        if most_memory is not None and memory / processes > most_memory:
            text = f"A worker gets at most {gib(most_memory)} here."
            checker.wrong["memory"], checker.over_limit = text, True
    result.update(cores=cores, processes=processes, memory=memory)
    result["walltime"] = _walltime(checker)
    longest = 7 * 24 * 60 if host.most_idle is None else max(1, int(host.most_idle))
    idle = checker.whole("idle", 1, longest, min(_IDLE, longest))
    result["idle"] = result["idleTimeout"] = idle
    for name in ("queue", "account"):
        text = "This must be one word, as the batch system writes it."
        result.update(checker.word(name, _WORD, text))
    _interface(checker, result)
    for name in ("directives", "prologue"):
        lines = _lines(checker, name)
        if lines:
            result[name] = lines
    for line in result.get("directives", []):
        if not line.startswith("-"):
            checker.wrong["directives"] = "Each begins with a hyphen, such as --constraint=fast."
        elif (_OURS_OF_SLURM if launcher == "slurm" else _OURS).match(line):
            checker.wrong["directives"] = f"“{line.split()[0]}” is set by the cluster itself."
    _folders(checker, result)
    return result


def _walltime(checker: Checker) -> int:
    text = checker.text("walltime")
    if text is None:
        return _WALLTIME
    match = _TIME.fullmatch(text)
    if match is None:
        checker.wrong["walltime"] = "This must be hours:minutes:seconds, such as 01:30:00."
        return _WALLTIME
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if total < 60:
        checker.wrong["walltime"] = "This must be at least one minute."
    return total


def _interface(checker: Checker, result: dict[str, Any]) -> None:
    name = checker.text("interface", 64)
    if name is None:
        return
    known = interfaces()
    if name not in known:
        checker.wrong["interface"] = (
            f"This machine has no network interface of that name. It has {', '.join(known)}."
        )
    result["interface"] = name


def interfaces() -> list[str]:
    """Return the names of this machine's network interfaces that have an IPv4 address."""
    import socket

    import psutil

    return sorted(
        name
        for name, addresses in psutil.net_if_addrs().items()
        if any(address.family == socket.AF_INET for address in addresses)
    )


def _lines(checker: Checker, name: str) -> list[str]:
    """Return lines, given as a list or as text with one to a line or between semicolons."""
    value = checker.values.get(name)
    if value is None:
        return []
    if isinstance(value, str):
        value = re.split(r"[;\n]", value) if name == "directives" else value.split("\n")
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        checker.wrong[name] = "This must be text with one entry to a line."
        return []
    lines = [line.strip() for line in value if line.strip()]
    if len(lines) > 50 or any(len(line) > 400 or not line.isprintable() for line in lines):
        checker.wrong[name] = "This must be at most 50 lines of at most 400 printable signs."
        return []
    return lines


def _folders(checker: Checker, result: dict[str, Any]) -> None:
    shared, scratch = checker.text("shared"), checker.text("scratch")
    if shared is not None:
        folder = Path(shared).expanduser()
        if not folder.is_absolute() or not folder.is_dir() or not os.access(folder, os.W_OK):
            checker.wrong["shared"] = "There is no such folder here that you can write to."
        elif not _plain(folder):
            checker.wrong["shared"] = "A folder without spaces and quotes is needed."
        result["shared"] = str(folder)
    if scratch is not None:
        if not Path(scratch).is_absolute() or not _plain(Path(scratch)):
            checker.wrong["scratch"] = (
                "This must begin with / and have no spaces, such as /scratch."
            )
        result["scratch"] = scratch


def _plain(path: Path) -> bool:
    """Whether a path can stand in a line of a job's script."""
    return re.fullmatch(r"[\w./+@:,=~-]+", str(path)) is not None
