# ruff: noqa: TID252 - in a kernel the package has another name
"""What may be asked of Kubernetes: every value is checked before anything is made.

Options: ``workers``, or ``minimum`` with ``maximum``; of each worker ``cores`` and
``memory`` (a size); ``namespace``, ``image``, ``variables`` (``NAME=value``, one to a line
or between semicolons), ``attach`` (the name of a cluster that is there already, or
``namespace/name``), and ``idleTimeout`` and ``lifetime`` in minutes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..host import Host
    from ..options import Checker

NAMES = {
    "kubernetes": {
        "workers",
        "minimum",
        "maximum",
        "cores",
        "memory",
        "namespace",
        "image",
        "variables",
        "attach",
        "idleTimeout",
        "lifetime",
    },
}
_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_NAME = re.compile(_LABEL)
_PLACED = re.compile(f"({_LABEL}/)?{_LABEL}")
_VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,127})=(.*)")
_MEMORY = 4 * 2**30
#: Minutes without work after which a cluster ends, if nothing else is said.
IDLE = 15.0
ENDS = {"idleTimeout": IDLE}
WORKERS = 2


def check(checker: Checker, launcher: str, host: Host) -> dict[str, Any]:
    """Return the options of the pods with defaults filled in.

    Parameters
    ----------
    checker
        The options, and where it is noted what is wrong.
    launcher
        There is one.
    host
        With an administrator's bounds of one worker, where there are some.
    """
    most_threads, most_memory = host.most_threads, host.most_memory
    result: dict[str, Any] = {
        "cores": checker.whole("cores", 1, most_threads or 1024, 1),
        "memory": checker.size("memory", most_memory or 2**50)
        or min(_MEMORY, most_memory or _MEMORY),
        "variables": _variables(checker),
    }
    text = "This must be a name of Kubernetes: a-z, 0-9 and hyphens."
    result.update(checker.word("namespace", _NAME, text))
    result.update(checker.word("attach", _PLACED, text))
    result.update(checker.image())
    return result


def _variables(checker: Checker) -> dict[str, str]:
    value = checker.values.get("variables") or ""
    if not isinstance(value, str):
        checker.wrong["variables"] = "This must be text such as NAME=value."
        return {}
    found = {}
    for line in re.split(r"[;\n]", value):
        if not line.strip():
            continue
        match = _VARIABLE.fullmatch(line.strip())
        if match is None or not match[2].isprintable():
            checker.wrong["variables"] = "Each must look like NAME=value."
            return {}
        found[match[1]] = match[2]
    return found
