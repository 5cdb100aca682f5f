# ruff: noqa: TID252 - in a kernel the package has another name
"""What may be asked of Amazon: every value is checked before anything is sent.

Options: ``workers``, or ``minimum`` with ``maximum``; ``region``, ``image``, ``cores``
and ``memory`` of each worker, ``arm``, ``spot``, ``public`` (addresses of the internet)
with ``from`` (who may reach them), ``vpc``, ``subnets``, ``securityGroups``,
``executionRole`` and ``taskRole``, and ``idleTimeout`` and ``lifetime`` in minutes.
No credentials: they are the kernel's own.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..options import Checker

_COMMON = {
    "workers",
    "minimum",
    "maximum",
    "region",
    "image",
    "arm",
    "spot",
    "public",
    "from",
    "vpc",
    "subnets",
    "securityGroups",
    "idleTimeout",
    "lifetime",
}
NAMES = {
    "fargate": _COMMON | {"cores", "memory", "executionRole", "taskRole"},
}
#: Minutes without work after which a cluster ends, and the least: a start takes some.
IDLE, LEAST_IDLE = 15, 2
#: GiB that go with a number of virtual processors: least, most, step.
_FARGATE = {1: (2, 8, 1), 2: (4, 16, 1), 4: (8, 30, 1), 8: (16, 60, 4), 16: (32, 120, 8)}
_IMAGE = re.compile(r"[\w./:@-]{1,255}")
_ROLE = re.compile(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]{1,500}")


def check_aws(
    checker: Checker, launcher: str, most_threads: int | None, most_memory: int | None
) -> dict[str, Any]:
    """Return the options with defaults filled in; sizes in virtual processors and bytes.

    Parameters
    ----------
    checker
        The options, and where it is noted what is wrong.
    launcher
        ``fargate``.
    most_threads, most_memory
        An administrator's bounds of one worker, where there are some; memory in bytes.
    """
    result: dict[str, Any] = {}
    _match(checker, result, "region", re.compile(r"[a-z]{2}(-[a-z]+)+-\d"), "eu-central-1")
    _match(checker, result, "vpc", re.compile(r"vpc-[0-9a-f]{8,17}"), "vpc-0123abcd")
    _match(checker, result, "image", _IMAGE, "ghcr.io/dask/dask:2026.8.0")
    if "image" not in result:
        checker.wrong.setdefault("image", "Give an image that has your packages and Dask.")
    for name in ("executionRole", "taskRole"):
        if name in NAMES[launcher]:
            _match(checker, result, name, _ROLE, "arn:aws:iam::123456789012:role/name")
    _list(checker, result, "subnets", "subnet-")
    _list(checker, result, "securityGroups", "sg-")
    for name in ("arm", "spot", "public"):
        value = checker.values.get(name, False)
        if not isinstance(value, bool):
            checker.wrong[name] = "This must be true or false."
        result[name] = value is True
    _reach(checker, result)
    _idle(checker)
    _fargate(checker, result, most_threads, most_memory)
    return result


def _fargate(
    checker: Checker, result: dict[str, Any], most_threads: int | None, most_memory: int | None
) -> None:
    cores = checker.whole("cores", 1, 16, 4)
    if cores is None:
        return
    if cores not in _FARGATE:
        checker.wrong["cores"] = "Fargate has 1, 2, 4, 8 or 16."
        return
    least, most, step = _FARGATE[cores]
    memory = checker.size("memory", 2**40) or min(most, 4 * cores) * 2**30
    gib = memory / 2**30
    if not least <= gib <= most or (gib - least) % step:
        text = f"With {cores} cores this must be {least} to {most} GiB in steps of {step} GiB."
        checker.wrong.setdefault("memory", text)
    if most_threads is not None and cores > most_threads:
        text = f"A worker gets at most {most_threads} cores here."
        checker.wrong["cores"], checker.over_limit = text, True
    if most_memory is not None and memory > most_memory:
        text = f"A worker gets at most {most_memory / 2**30:.3g} GiB here."
        checker.wrong["memory"], checker.over_limit = text, True
    result.update(cores=cores, memory=memory)


def _idle(checker: Checker) -> None:
    """Note an idle time that would end the cluster before its first worker has come."""
    value = checker.values.get("idleTimeout")
    if isinstance(value, (int, float)) and 0 < value < LEAST_IDLE:
        checker.wrong["idleTimeout"] = f"This must be at least {LEAST_IDLE} minutes here."


def _reach(checker: Checker, result: dict[str, Any]) -> None:
    """Take the addresses that may reach a public scheduler: never all of the internet."""
    text = checker.text("from", 64)
    if text is None:
        if result["public"] and "securityGroups" not in result:
            checker.wrong["from"] = "Say who may reach it: your own address, such as 203.0.113.4."
        return
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        checker.wrong["from"] = "This must be an address or a range, such as 203.0.113.0/24."
        return
    if network.version != 4 or network.prefixlen < 8:
        checker.wrong["from"] = "A narrower range is needed: whoever reaches it can run code."
    result["from"] = str(network)


def _match(
    checker: Checker, result: dict[str, Any], name: str, pattern: re.Pattern[str], example: str
) -> None:
    text = checker.text(name)
    if text is None:
        return
    if not pattern.fullmatch(text):
        checker.wrong[name] = f"This must look like {example}."
    result[name] = text


def _list(checker: Checker, result: dict[str, Any], name: str, prefix: str) -> None:
    text = checker.text(name)
    if text is None:
        return
    items = [item for item in re.split(r"[\s,;]+", text) if item]
    if not all(re.fullmatch(prefix + r"[0-9a-f]{8,17}", item) for item in items):
        checker.wrong[name] = f"These must look like {prefix}0123abcd, with commas between."
    result[name] = items
