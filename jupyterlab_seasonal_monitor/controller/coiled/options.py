# ruff: noqa: TID252 - in a kernel the package has another name
"""What may be asked of Coiled: every value is checked before anything is made.

Options: ``workers``, or ``minimum`` with ``maximum``; of each worker ``cores`` and
``memory`` (a size); ``workspace``, ``region``, ``spot`` (``on-demand``, ``spot`` or
``spot_with_fallback``), ``arm`` (processors), ``image`` or ``software`` (an environment at
Coiled), ``lend`` (whether the cluster gets this kernel's credentials of the cloud),
``attach`` (the name of a cluster that is there already, or ``workspace/name``),
and ``idleTimeout`` and ``lifetime`` in minutes, which Coiled keeps, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..host import Host
    from ..options import Checker

NAMES = {
    "coiled": {
        "workers",
        "minimum",
        "maximum",
        "cores",
        "memory",
        "workspace",
        "region",
        "spot",
        "arm",
        "image",
        "software",
        "lend",
        "attach",
        "idleTimeout",
        "lifetime",
    },
}
SPOT = ("on-demand", "spot", "spot_with_fallback")
#: Minutes without work, and of life, after which a cluster ends if nothing else is said.
ENDS = {"idleTimeout": 15.0, "lifetime": 480.0}
WORKERS = 2
_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_PLACED = re.compile(rf"({_NAME.pattern}/)?{_NAME.pattern}")
_REGION = re.compile(r"[a-z]{2,20}[a-z0-9-]{2,30}")
_MEMORY = 16 * 2**30


def check(checker: Checker, launcher: str, host: Host) -> dict[str, Any]:
    """Return the options of the machines with defaults filled in.

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
    arm = _switch(checker, "arm")
    # Coiled has no machine of another kind with one.
    least = 1 if arm else 2
    result: dict[str, Any] = {
        "cores": checker.whole("cores", least, most_threads or 1024, min(4, most_threads or 4)),
        "memory": checker.size("memory", most_memory or 2**50)
        or min(_MEMORY, most_memory or _MEMORY),
        "arm": arm,
        "lend": _switch(checker, "lend"),
    }
    text = "This must be a name at Coiled: letters, digits, - and _."
    for name in ("workspace", "software"):
        result.update(checker.word(name, _NAME, text))
    result.update(checker.word("attach", _PLACED, text, 201))
    result.update(checker.word("region", _REGION, "This must look like us-east-1 or europe-west1."))
    result.update(checker.image())
    if "image" in result and "software" in result:
        checker.wrong["software"] = "Give an image or an environment at Coiled, not both."
    spot = checker.values.get("spot") or SPOT[0]
    if spot not in SPOT:
        checker.wrong["spot"] = f"This must be one of {', '.join(SPOT)}."
    result["spot"] = spot
    return result


def _switch(checker: Checker, name: str) -> bool:
    value = checker.values.get(name, False)
    if not isinstance(value, bool):
        checker.wrong[name] = "This must be true or false."
    return value is True
