"""Errors in words: cause chains without secrets, with what to do next."""

from __future__ import annotations

import errno
import re
import unicodedata
from collections.abc import Iterable

from .protocol_cluster import Cause

#: Longer messages say no more.
MAX_MESSAGE = 600

_SECRETS = [
    (re.compile(r"-----BEGIN [A-Z ]+-----.*?(-----END [A-Z ]+-----|\Z)", re.S), "[key removed]"),
    (re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{12,}"), "[removed]"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]+)?"), "[removed]"),
    (re.compile(r"\b(gh[pousr]_|github_pat_|glpat-|xox[abpr]-|sk-)[\w-]{10,}"), "[removed]"),
    (re.compile(r"(?i)\b(bearer|basic|token|jupyterhub)\s+[\w.~+/=-]{8,}"), r"\1 [removed]"),
    (re.compile(r"(//[^/\s:@]*):[^/\s@]+@"), r"\1:[removed]@"),
    (
        re.compile(
            r"(?i)([\w-]*(?:secret|token|passw(?:or)?d|api[_-]?key|access[_-]?key|credential|authorization)"
            r"[\w-]*[\"']?\s*[=:]\s*)([\"']?)[^\s\"',;&]+"
        ),
        r"\1\2[removed]",
    ),
    (re.compile(r"\b[0-9a-fA-F]{40,}\b"), "[removed]"),
]

#: What says nothing to a person: objects that have no words, and where HTTP is explained.
_NOISE = re.compile(
    r"<[\w.]+ object at 0x[0-9a-f]+>:?\s*"
    r"|\s*For more information check: https://developer\.mozilla\.org\S*"
)
_NO_ROOM = "The machine has no room for this. Ask for fewer workers, or stop other kernels."
_DISK_FULL = "The disk is full. Free some space, or set TMPDIR to a folder on another disk."

_HINTS: list[tuple[str, str]] = [
    (
        (
            r"dask-(scheduler|worker)\b.{0,40}(not found|No such file)"
            r"|(not found|No such file).{0,60}\bdask-(scheduler|worker)\b"
        ),
        (
            "Dask 2026.6 and newer have no commands dask-scheduler and dask-worker. Name an image "
            "with an older Dask, and install the same version here."
        ),
    ),
    (
        r"Address already in use|EADDRINUSE|\[Errno 98\]",
        "Another program uses the port. Stop it, or choose another port in the Dask configuration.",
    ),
    (
        r"No space left on device|Disk quota exceeded",
        _DISK_FULL,
    ),
    (
        r"\[Errno 13\] Permission denied|Read-only file system|Not a directory",
        "Set TMPDIR to a folder that you can write to, and start again.",
    ),
    (
        r"is not supported, expected one of|must be of type dict|[Ii]nvalid configuration",
        "Check the Dask configuration: files in ~/.config/dask, and variables named DASK_….",
    ),
    (
        r"No usable temporary directory",
        "Set TMPDIR to a folder that you can write to, and start again.",
    ),
    (
        r"Resource temporarily unavailable|can't start new|Cannot allocate|Too many open files",
        _NO_ROOM,
    ),
    (
        r"certificate|SSL|TLS",
        "The scheduler uses other certificates. Give the credentials file that belongs to it.",
    ),
    (
        r"Connection refused|CommClosedError|Timed out trying to connect|connect.*timed out",
        "Nothing answers there. Check the address and that the scheduler still runs.",
    ),
]


_HIDDEN: set[str] = set()


def hide(value: str) -> None:
    """Remove a secret from all that is told from now on."""
    # Shorter ones would tear holes into words, and hide nothing.
    if len(value) >= 4:
        _HIDDEN.add(value)


def redact(text: str) -> str:
    """Return the text without hidden values and all that looks like a key or a token."""
    for value in _HIDDEN:
        text = text.replace(value, "[removed]")
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def printable(text: str, limit: int = 64) -> str:
    """Return text for one line: without control and direction signs, cut to a length."""
    kept = "".join(
        " " if sign.isspace() else sign
        for sign in text[: limit * 4]
        if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    ).strip()
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def gib(size: float) -> str:
    """Return a number of bytes as people read it, such as ``4`` or ``1048576`` GiB."""
    number = size / 2**30
    return f"{number:.3g} GiB" if number < 1000 else f"{number:.0f} GiB"


def clean_lines(lines: Iterable[str]) -> list[str]:
    """Return log lines without secrets and control characters."""
    text = redact("\n".join(lines))
    return [printable(line, 1000) for line in text.split("\n") if line.strip()]


def install_command(package: str) -> str:
    """Return what to type in a notebook of this environment to install a package."""
    return f"%pip install {package}"


def describe_error(error: BaseException) -> list[Cause]:
    """Return an exception and what led to it, outermost first.

    Follows ``__cause__`` and ``__context__`` and looks into exception groups.
    """
    causes: list[Cause] = []
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen and len(causes) < 8:
        seen.add(id(step))
        cause = _describe_one(step)
        if not causes or causes[-1]["message"] != cause["message"]:
            causes.append(cause)
        inner = getattr(step, "exceptions", None)
        if inner:
            step = inner[0]
        else:
            step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return causes


def _describe_one(error: BaseException) -> Cause:
    kind = type(error).__name__
    message = _NOISE.sub("", redact(str(error))).strip()
    cause = Cause(message=printable(message, MAX_MESSAGE) or kind, kind=kind)
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = printable(error.name.partition(".")[0].replace("_", "-"))
        cause["hint"] = f"Install it in this environment: {install_command(package)}"
    elif isinstance(error, OSError) and error.errno == errno.ENOSPC:
        cause["hint"] = _DISK_FULL
    elif isinstance(error, MemoryError):
        # It mostly has no text.
        cause["hint"] = _NO_ROOM
    else:
        for pattern, hint in _HINTS:
            if re.search(pattern, message):
                cause["hint"] = hint
                break
    return cause
