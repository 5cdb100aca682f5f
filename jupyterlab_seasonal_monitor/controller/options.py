"""What may be asked for: every value is checked before anything starts.

Options of the launcher ``local``: ``workers``, ``threads`` (of each worker),
``memory`` (limit of each worker: bytes, text such as ``"4 GiB"``, or ``"auto"``), and
``minimum`` with ``maximum`` for an adaptive cluster. Of ``scheduler``:
``address`` or ``file``, and ``credentials``. Of ``labextension``: ``workers``,
or ``minimum`` with ``maximum``. Of ``local`` and ``labextension`` also
``idleTimeout`` and ``lifetime`` in minutes, after which the cluster stops. Of batch
systems: see ``batch/options.py``; of ``kubernetes``: see ``kubernetes/options.py``; of
``fargate`` and ``ec2``: see ``aws/options.py``; of ``coiled``: see ``coiled/options.py``;
of ``custom``: see ``custom.py``.

``limits`` of all but ``scheduler`` are an administrator's bounds: they hold for
what is left out and for as long as the cluster lives.
"""

from __future__ import annotations

import dataclasses
import importlib
import re
from pathlib import Path
from typing import Any

from .aws import SERVICES
from .batch import QUEUES
from .causes import gib, printable
from .host import Host
from .rpc import RpcError

_SIZE = re.compile(r"\s*(\d{1,15}(?:\.\d{1,6})?)\s*(?:([kKMGTP])(i)?B?|B)?\s*")
_POWERS = {"K": 1, "M": 2, "G": 3, "T": 4, "P": 5}
#: A registry, folders and a name, a tag, a digest: as container engines read it.
_IMAGE = re.compile(
    r"(?=.{1,255}$)([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?/)?"
    r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*"
    r"(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?",
    re.ASCII,
)
_SMALLEST_MEMORY = 64 * 2**20
_MOST = 100_000
_ENDS = {"idleTimeout", "lifetime"}
#: Minutes of ten years: more is a slip of the finger.
_LONGEST = 5_256_000
#: What launchers of this machine can be asked for.
_HERE = {
    "local": {"workers", "threads", "memory", "minimum", "maximum", *_ENDS},
    "scheduler": {"address", "file", "credentials"},
    "labextension": {"workers", "minimum", "maximum", *_ENDS},
}
#: The modules that know what others can be asked for: most controllers need none. Each has
#: ``NAMES`` by launcher, the number of ``WORKERS`` and the ``ENDS`` where nothing is said,
#: and ``check``.
_ELSEWHERE = {
    "kubernetes": "kubernetes.options",
    "coiled": "coiled.options",
    "custom": "custom",
    **dict.fromkeys(QUEUES, "batch.options"),
    **dict.fromkeys(SERVICES, "aws.options"),
}
ALL_LAUNCHERS = (*_HERE, *_ELSEWHERE)


class Checker:
    """Collects what is wrong with a set of options, in words by option name."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.wrong: dict[str, str] = {}
        self.over_limit = False

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int | None:
        """Return a whole number between two bounds."""
        if name not in self.values:
            return default
        value = self.values[name]
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong[name] = "This must be a whole number."
        elif value < low:
            self.wrong[name] = f"This must be at least {low}."
        elif value > high:
            self.wrong[name] = f"This must be at most {high} here."
            self.over_limit = True
        else:
            return int(value)
        return None

    def size(self, name: str, high: int) -> int | None:
        """Return bytes, from a number or from text such as ``4 GiB``; None for ``auto``."""
        value = self.values.get(name)
        if value == "auto":
            return None
        if value is None:
            if name in self.values:
                self.wrong[name] = "This must be a size such as 4 GiB."
            return None
        size = parse_size(value)
        if size is None:
            self.wrong[name] = "This must be a size such as 4 GiB."
        elif size < _SMALLEST_MEMORY:
            self.wrong[name] = "A worker needs at least 64 MiB."
        elif size > high:
            self.wrong[name] = f"This must be at most {gib(high)} here."
            self.over_limit = True
        else:
            return size
        return None

    def minutes(self, name: str, most: float | None = None) -> float | None:
        """Return a span of time in minutes; the administrator's bound where none is given."""
        if self.values.get(name) is None:
            return most
        value = self.values[name]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
            self.wrong[name] = "This must be a number of minutes above 0."
        elif value > (_LONGEST if most is None else most):
            self.wrong[name] = f"This must be at most {most or _LONGEST:.15g} minutes here."
            self.over_limit = True
        else:
            return value
        return None

    def text(self, name: str, limit: int = 1024) -> str | None:
        """Return text of one line."""
        value = self.values.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if not isinstance(value, str) or printable(value, limit) != value.strip():
            self.wrong[name] = f"This must be text of one line with at most {limit} characters."
            return None
        return value.strip()

    def word(
        self, name: str, pattern: re.Pattern[str], otherwise: str, limit: int = 128
    ) -> dict[str, str]:
        """Return an option by its name if it is text of a pattern, and nothing without it."""
        value = self.text(name, limit)
        if value is None:
            return {}
        if not pattern.fullmatch(value):
            self.wrong[name] = otherwise
            return {}
        return {name: value}

    def image(self) -> dict[str, str]:
        """Return the option ``image`` if it is the name of a container's image."""
        text = "This must look like registry.org/folder/name:tag."
        return self.word("image", _IMAGE, text, 255)

    def finish(self) -> None:
        """Refuse when anything was wrong."""
        if self.wrong:
            first = next(iter(self.wrong))
            raise RpcError(
                "limit" if self.over_limit else "invalid",
                f"{first}: {self.wrong[first]}",
                fields=self.wrong,
            )


def parse_size(value: object) -> int | None:
    """Return bytes of a whole number or of text as Dask writes it; None for all else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    match = _SIZE.fullmatch(value)
    if not match:
        return None
    power = _POWERS[match[2].upper()] if match[2] else 0
    factor: int = (1024 if match[3] else 1000) ** power
    return round(float(match[1]) * factor)


def take_limits(options: dict[str, Any], host: Host) -> tuple[dict[str, Any], Host]:
    """Return the options without the administrator's limits, and the host within these.

    Raises
    ------
    RpcError
        ``invalid`` when the limits are not numbers and sizes.
    """
    rest = {name: value for name, value in options.items() if name != "limits"}
    limits = options.get("limits")
    if limits is None:
        return rest, host
    checker = Checker(limits if isinstance(limits, dict) else {"limits": limits})
    for name in checker.values:
        if name not in ("workers", "threads", "memory", *_ENDS):
            checker.wrong[printable(str(name))] = "This limit is not known."
    bounded = dataclasses.replace(
        host,
        most_workers=checker.whole("workers", 1, _MOST),
        most_threads=checker.whole("threads", 1, _MOST),
        most_memory=checker.size("memory", 2**60),
        most_idle=checker.minutes("idleTimeout"),
        most_lifetime=checker.minutes("lifetime"),
    )
    checker.finish()
    return rest, bounded


def option_names(launcher: str) -> set[str]:
    """Return what a launcher of ``ALL_LAUNCHERS`` can be asked for."""
    names: dict[str, set[str]] = _HERE if launcher in _HERE else _module(launcher).NAMES
    return names[launcher]


def check_options(launcher: str, options: dict[str, Any], host: Host) -> dict[str, Any]:
    """Return the options with defaults filled in.

    Raises
    ------
    RpcError
        ``invalid`` or ``limit`` with a message for each option that is wrong,
        ``notFound`` when there is no such launcher.
    """
    if launcher not in ALL_LAUNCHERS:
        raise RpcError("notFound", f"There is no launcher “{printable(launcher)}”.")
    checker = Checker(options)
    known = option_names(launcher)
    for name in options:
        if name not in known:
            checker.wrong[printable(str(name))] = "This option is not known."
    if launcher == "scheduler":
        return _scheduler(checker)
    return _sized(checker, host, launcher)


def check_workers(workers: object, cap: int) -> int:
    """Return a number of workers to scale to, or refuse it with a message for the field."""
    checker = Checker({"workers": workers})
    count = checker.whole("workers", 0, cap)
    checker.finish()
    assert count is not None
    return count


def check_bounds(minimum: object, maximum: object, cap: int) -> tuple[int, int]:
    """Return the bounds of an adaptive cluster, or refuse them with messages."""
    checker = Checker({"minimum": minimum, "maximum": maximum})
    bounds = _bounds(checker, cap)
    checker.finish()
    assert bounds is not None
    return bounds


def _bounds(checker: Checker, cap: int) -> tuple[int, int] | None:
    low = checker.whole("minimum", 0, cap, 0)
    high = checker.whole("maximum", 1, cap)
    if "maximum" not in checker.values:
        checker.wrong["maximum"] = "This is missing."
    if low is None or high is None:
        return None
    if low > high:
        checker.wrong["minimum"] = "This must not be above the maximum."
        return None
    return low, high


def _sized(checker: Checker, host: Host, launcher: str) -> dict[str, Any]:
    local = launcher == "local"
    cap = host.worker_cap if local else host.most_workers or _MOST
    result: dict[str, Any] = {}
    if "minimum" in checker.values or "maximum" in checker.values:
        bounds = _bounds(checker, cap)
        if bounds:
            result["minimum"], result["maximum"] = bounds
    workers = checker.whole("workers", 0, cap)
    if workers is not None and "maximum" in result:
        workers = min(max(workers, result["minimum"]), result["maximum"])
    if local:
        size = workers or result.get("maximum") or host.workers
        threads = checker.whole("threads", 1, host.thread_cap, host.threads(size))
        memory = checker.size("memory", host.memory_cap) or host.memory_limit(size)
        default = result.get("minimum", host.workers)
        result["workers"] = default if workers is None else workers
        result["threads"], result["memory"] = threads, memory
    elif workers is not None:
        result["workers"] = workers
    ends = {
        "idleTimeout": checker.minutes("idleTimeout", host.most_idle),
        "lifetime": checker.minutes("lifetime", host.most_lifetime),
    }
    result.update({name: value for name, value in ends.items() if value is not None})
    if launcher in _ELSEWHERE:
        place = _module(launcher)
        if place.WORKERS is not None:
            result.setdefault("workers", result.get("minimum", place.WORKERS))
        result = {**place.ENDS, **result, **place.check(checker, launcher, host)}
    checker.finish()
    return result


def _module(launcher: str) -> Any:  # noqa: ANN401 - a module
    return importlib.import_module(f"{__package__}.{_ELSEWHERE[launcher]}")


def _scheduler(checker: Checker) -> dict[str, Any]:
    address, file = checker.text("address"), checker.text("file")
    credentials = checker.text("credentials")
    if not address and not file and not checker.wrong:
        checker.wrong["address"] = "Give the scheduler's address, such as tcp://10.0.0.5:8786."
    if address and not re.fullmatch(r"(?:(tcp|tls|ws|wss|ucx)://)?[^\s/@]+:\d{1,5}", address):
        checker.wrong["address"] = "This must look like tcp://10.0.0.5:8786."
    for name, path in (("file", file), ("credentials", credentials)):
        if path and not Path(path).expanduser().is_file():
            checker.wrong[name] = "There is no such file on this machine."
    checker.finish()
    given = {"address": address, "file": file, "credentials": credentials}
    return {name: value for name, value in given.items() if value}
