"""Versions where a cluster runs, and here."""

from __future__ import annotations

from typing import Any

from .failure import versions

#: Of these, other versions may not understand each other; of Python the first two numbers count.
_PARTNERS = ("python", "dask", "distributed", "cloudpickle", "msgpack")


def compare_versions(told: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Return a scheduler's versions by package, and the differences to those here, in words.

    Parameters
    ----------
    told
        What a scheduler answers to ``versions``.
    """
    host, packages = told.get("host") or {}, told.get("packages") or {}
    found = {name: str(version) for name, version in packages.items() if version}
    python = str(host.get("python") or found.get("python") or "")
    if python:
        found["python"] = ".".join(python.split(".")[:3])
    if host.get("OS"):
        found["platform"] = str(host["OS"]).lower()
    mine = versions()
    kept = {name: found[name] for name in mine if name in found}
    differences = [
        f"{name} {kept[name]} (here {mine[name]})"
        for name in _PARTNERS
        if name in kept and name in mine and _short(name, kept[name]) != _short(name, mine[name])
    ]
    return kept, differences


def _short(name: str, version: str) -> str:
    return ".".join(version.split(".")[:2]) if name == "python" else version
