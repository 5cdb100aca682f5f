"""What must be installed for a way to get a cluster, and what does not go together."""

from __future__ import annotations

import importlib.util
from importlib import metadata
from typing import Any

from .causes import install_command
from .failure import versions
from .rpc import RpcError

#: Of these, other versions may not understand each other; of Python the first two numbers count.
_PARTNERS = ("python", "dask", "distributed", "cloudpickle", "msgpack")
#: Packages that start schedulers and workers with commands that newer Dask has not.
_CALLERS = ("dask_cloudprovider", "dask_kubernetes", "dask_yarn")
#: Modules that come with an extra of a package, by its name for pip.
_EXTRAS = {"dask-cloudprovider[aws]": ("aiobotocore",)}
#: The Dask release from which on there is no such command.
_WITHOUT = "2026.6"


def lacking(*packages: str) -> list[str]:
    """Return those that are not installed here.

    Parameters
    ----------
    packages
        As pip names them, such as ``dask-cloudprovider[aws]``.
    """
    return [
        name
        for name in packages
        if any(
            importlib.util.find_spec(module) is None
            for module in (_module(name), *_EXTRAS.get(name, ()))
        )
    ]


def require(*packages: str) -> None:
    """Refuse when a package is missing.

    Raises
    ------
    RpcError
        ``missingPackage``, with the line that installs what is missing.
    """
    missing = lacking(*packages)
    if missing:
        names = " ".join(f'"{name}"' if "[" in name else name for name in missing)
        text = f"This environment lacks {', '.join(missing)}."
        hint = f"Run {install_command(names)} in a notebook of this environment."
        raise RpcError("missingPackage", text, hint=hint)


def without_commands(module: str) -> str | None:
    """Return what a library of clusters cannot know of Dask here; None if all is well.

    Distributed has given up the commands ``dask-scheduler`` and ``dask-worker``
    (dask/distributed#9240), which some libraries run on machines of their own.

    Parameters
    ----------
    module
        The module that makes the clusters.
    """
    library = module.partition(".")[0]
    scripts = metadata.entry_points(group="console_scripts")
    if library not in _CALLERS or any(script.name == "dask-scheduler" for script in scripts):
        return None
    return (
        f"{library.replace('_', '-')} may run the command dask-scheduler, which Dask has not had "
        f"since {_WITHOUT}; here is {versions().get('distributed', 'a newer one')}. If the start "
        f"fails, name an image with an older Dask, and install the same version here."
    )


def read_versions(told: dict[str, Any]) -> dict[str, str]:
    """Return the versions by package that a scheduler or worker answers to ``versions``."""
    host, packages = told.get("host") or {}, told.get("packages") or {}
    found = {name: str(version) for name, version in packages.items() if version}
    python = str(host.get("python") or found.get("python") or "")
    if python:
        found["python"] = ".".join(python.split(".")[:3])
    if host.get("OS"):
        found["platform"] = str(host["OS"]).lower()
    return {name: found[name] for name in versions() if name in found}


def differences(there: dict[str, str]) -> list[str]:
    """Return in words where versions are others than here, of what must understand each other."""
    mine = versions()
    return [
        f"{name} {there[name]} (here {mine[name]})"
        for name in _PARTNERS
        if name in there and name in mine and _short(name, there[name]) != _short(name, mine[name])
    ]


def advise(there: dict[str, str]) -> str:
    """Return what to do where versions differ.

    Parameters
    ----------
    there
        The versions of the cluster, by package.
    """
    mine = versions()
    python = there.get("python")
    if python and _short("python", python) != _short("python", mine["python"]):
        return (
            f"Choose an environment with Python {_short('python', python)}, or an image with "
            f"Python {_short('python', mine['python'])}: functions do not pass between them."
        )
    pins = " ".join(
        f"{name}=={there[name]}"
        for name in _PARTNERS[1:]
        if name in there and there[name] != mine.get(name)
    )
    return f"Choose an image with the versions of here, or run {install_command(pins)} here."


def _module(package: str) -> str:
    return package.partition("[")[0].replace("-", "_")


def _short(name: str, version: str) -> str:
    return ".".join(version.split(".")[:2]) if name == "python" else version
