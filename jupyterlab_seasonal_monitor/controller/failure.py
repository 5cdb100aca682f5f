"""What went wrong in a start, and with which versions."""

from __future__ import annotations

import asyncio
import contextlib
import platform
import sys
from importlib import metadata

from .causes import describe_error
from .rpc import RpcError

_VERSIONS: dict[str, str] = {}
#: The next step where nothing better is known.
_HINT = "Look at the log lines, correct what the cause names, and try again."


def as_failure(error: BaseException, timeout: float | None, log: list[str]) -> RpcError:
    """Return the refusal of a ``create`` whose start ended with an error.

    Parameters
    ----------
    error
        What the launcher raised.
    timeout
        Seconds that it had, if it has used them up.
    log
        The last log lines.
    """
    if isinstance(error, RpcError):
        error.data["log"] = error.data["log"] or log
        if error.__cause__ is not None and not error.data["cause"]:
            error.data["cause"] = describe_error(error.__cause__)
        return error
    if isinstance(error, asyncio.TimeoutError) and timeout is not None:
        text = f"The cluster did not start within {timeout:.0f} seconds."
        hint = (
            "Look at the log lines. Ask for fewer workers, or try again when the machine is calmer."
        )
        return RpcError("launchFailed", text, log=log, hint=hint)
    causes = describe_error(error)
    found = next((cause["hint"] for cause in causes if "hint" in cause), None)
    missing = next((cause for cause in causes if cause.get("kind") == "ModuleNotFoundError"), None)
    if missing is not None:
        text = "A package is missing in this environment."
        return RpcError("missingPackage", text, cause=causes, log=log, hint=found)
    text = "The cluster could not start."
    return RpcError("launchFailed", text, cause=causes, log=log, hint=found or _HINT)


def versions() -> dict[str, str]:
    """Return the versions that a client must match, by package."""
    if not _VERSIONS:
        _VERSIONS["python"] = platform.python_version()
        for package in ("dask", "distributed", "cloudpickle", "msgpack", "numpy", "pandas"):
            with contextlib.suppress(metadata.PackageNotFoundError):
                _VERSIONS[package] = metadata.version(package)
        _VERSIONS["platform"] = sys.platform
    return dict(_VERSIONS)
