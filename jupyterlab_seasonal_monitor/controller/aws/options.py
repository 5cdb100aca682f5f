# ruff: noqa: TID252 - in a kernel the package has another name
"""What may be asked of Amazon: every value is checked before anything is sent.

Options: ``workers``, or ``minimum`` with ``maximum``; ``region``, ``image`` (of the
containers), ``arm``, ``spot``, ``public`` (addresses of the internet) with ``from`` (who may
reach them), ``vpc``, ``subnets``, ``securityGroups``, and ``idleTimeout`` and ``lifetime`` in
minutes. Of ``fargate`` also ``cores`` and ``memory`` of each worker, ``schedulerCores`` and
``schedulerMemory``, ``executionRole`` and ``taskRole``. Of ``ec2`` also ``instanceType`` and
``schedulerInstanceType``, ``ami``, ``disk`` (GB), ``zone``, ``profile`` (of IAM) and
``keyName``. No credentials: they are the kernel's own.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any

from ..causes import gib

if TYPE_CHECKING:
    from ..host import Host
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
    "fargate": _COMMON
    | {"cores", "memory", "schedulerCores", "schedulerMemory", "executionRole", "taskRole"},
    "ec2": _COMMON
    | {"instanceType", "schedulerInstanceType", "ami", "disk", "zone", "profile", "keyName"},
}
#: Minutes without work after which a cluster ends, and the least: a start takes some.
IDLE, LEAST_IDLE = 15.0, 2
#: None here: ``check`` gives the idle time itself.
ENDS: dict[str, float] = {}
WORKERS = 1
#: GiB that go with a number of virtual processors: least, most, step.
_FARGATE = {1: (2, 8, 1), 2: (4, 16, 1), 4: (8, 30, 1), 8: (16, 60, 4), 16: (32, 120, 8)}
#: Pattern and example of options that are one word.
_WORDS = {
    "region": (re.compile(r"[a-z]{2}(-[a-z]+)+-\d"), "eu-central-1"),
    "vpc": (re.compile(r"vpc-[0-9a-f]{8,17}"), "vpc-0123abcd"),
    "executionRole": (
        re.compile(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]{1,500}"),
        "arn:aws:iam::123456789012:role/name",
    ),
    "instanceType": (re.compile(r"[a-z][a-z0-9-]{1,15}\.[a-z0-9-]{1,15}"), "m6i.xlarge"),
    "ami": (re.compile(r"ami-[0-9a-f]{8,17}"), "ami-0123abcd"),
    "zone": (re.compile(r"[a-z]{2}(-[a-z0-9]+)+-\d[a-z]"), "eu-central-1a"),
    "profile": (
        re.compile(r"[A-Za-z0-9_+=,.@-]{1,128}"),
        "my-profile, the name of an instance profile",
    ),
    "keyName": (re.compile(r"[A-Za-z0-9_ +=,.@-]{1,255}"), "my-key"),
}
_SAME = {"taskRole": "executionRole", "schedulerInstanceType": "instanceType"}


def check(checker: Checker, launcher: str, host: Host) -> dict[str, Any]:
    """Return the options with defaults filled in; sizes in virtual processors and bytes.

    Parameters
    ----------
    checker
        The options, and where it is noted what is wrong.
    launcher
        ``fargate`` or ``ec2``.
    host
        With an administrator's bounds of one worker and of idle time, where there are
        some. For EC2 those of a worker hold once AWS has told the size of the machine.
    """
    most_threads, most_memory = host.most_threads, host.most_memory
    result: dict[str, Any] = {"idleTimeout": _idle(checker, host.most_idle)}
    for name in NAMES[launcher]:
        pattern, example = _WORDS.get(_SAME.get(name, name), (None, ""))
        if pattern is not None:
            text = f"This must look like {example}."
            result.update(checker.word(name, pattern, text, 600))
    result.update(checker.image())
    if "image" not in result:
        checker.wrong.setdefault("image", "Give an image that has your packages and Dask.")
    _list(checker, result, "subnets", "subnet-")
    _list(checker, result, "securityGroups", "sg-")
    for name in ("arm", "spot", "public"):
        value = checker.values.get(name, False)
        if not isinstance(value, bool):
            checker.wrong[name] = "This must be true or false."
        result[name] = value is True
    _reach(checker, result)
    if launcher == "fargate":
        _fargate(checker, result, most_threads, most_memory)
    else:
        family = "m7g" if result["arm"] else "m6i"
        result.setdefault("instanceType", f"{family}.xlarge")
        result.setdefault("schedulerInstanceType", f"{family}.large")
        result["disk"] = checker.whole("disk", 8, 16_000, 40)
        result["mostThreads"], result["mostMemory"] = most_threads, most_memory
    return result


def _fargate(
    checker: Checker, result: dict[str, Any], most_threads: int | None, most_memory: int | None
) -> None:
    fits = [cores for cores in _FARGATE if cores <= (most_threads or 16)]
    cores = _pair(checker, result, "cores", "memory", min(4, fits[-1]), most_memory)
    if most_threads is not None and cores is not None and cores > most_threads:
        text = f"A worker gets at most {most_threads} cores here."
        checker.wrong["cores"], checker.over_limit = text, True
    if most_memory is not None and result.get("memory", 0) > most_memory:
        text = f"A worker gets at most {gib(most_memory)} here."
        checker.wrong["memory"], checker.over_limit = text, True
    _pair(checker, result, "schedulerCores", "schedulerMemory", 1, None)


def _pair(
    checker: Checker,
    result: dict[str, Any],
    cores_name: str,
    memory_name: str,
    default: int,
    bound: int | None,
) -> int | None:
    """Take a number of cores with a size of memory that Fargate has for it."""
    cores = checker.whole(cores_name, 1, 16, default)
    if cores is None:
        return None
    if cores not in _FARGATE:
        checker.wrong[cores_name] = "Fargate has 1, 2, 4, 8 or 16."
        return None
    least, most, step = _FARGATE[cores]
    usual = min(most, 4 * cores) * 2**30
    if bound is not None:
        usual = max(least * 2**30, min(usual, bound // 2**30 * 2**30))
    memory = checker.size(memory_name, 2**40) or usual
    gib = memory / 2**30
    if not least <= gib <= most or (gib - least) % step:
        text = f"With {cores} cores this must be {least} to {most} GiB in steps of {step} GiB."
        checker.wrong.setdefault(memory_name, text)
    result[cores_name], result[memory_name] = cores, memory
    return cores


def _idle(checker: Checker, most: float | None) -> float:
    """Take the idle time; a short one would end the cluster before its first worker comes."""
    value = checker.values.get("idleTimeout")
    if value is None:
        return IDLE if most is None else min(IDLE, most)
    if isinstance(value, (int, float)) and 0 < value < LEAST_IDLE:
        checker.wrong["idleTimeout"] = f"This must be at least {LEAST_IDLE} minutes here."
    return checker.minutes("idleTimeout", most) or IDLE


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
        checker.wrong["from"] = "A narrower range is needed, such as 203.0.113.0/24."
    result["from"] = str(network)


def _list(checker: Checker, result: dict[str, Any], name: str, prefix: str) -> None:
    text = checker.text(name)
    if text is None:
        return
    items = [item for item in re.split(r"[\s,;]+", text) if item]
    one = re.compile(prefix + r"[0-9a-f]{8,17}")
    if not items or not all(one.fullmatch(item) for item in items):
        checker.wrong[name] = f"These must look like {prefix}0123abcd, with commas between."
        return
    result[name] = items
