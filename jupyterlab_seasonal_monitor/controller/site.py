"""A site's existing configuration of the peer extension, read as a profile."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

_SECTION = "labextension"


def site_configuration() -> dict[str, Any] | None:
    """Return the ``labextension`` section of the Dask configuration, if somebody wrote one.

    Dask is imported only when a configuration file or a variable speaks of it,
    since that takes half a second. Values under ``kwargs`` stay here: the page
    has no use for them, and they may hold secrets.
    """
    if not _mentioned():
        return None
    import dask.config

    section = dask.config.get(_SECTION, None)
    if not isinstance(section, dict):
        return None
    factory = section.get("factory") or {}
    default = section.get("default") or {}
    initial = section.get("initial") or []
    return {
        "factory": {name: str(factory.get(name, "")) for name in ("module", "class")},
        "default": _sizes(default),
        "initial": [
            {"name": str(entry.get("name", "")), **_sizes(entry)}
            for entry in initial
            if isinstance(entry, dict)
        ],
    }


def _sizes(entry: dict[str, Any]) -> dict[str, Any]:
    sizes: dict[str, Any] = {"workers": entry.get("workers")}
    adapt = entry.get("adapt")
    if isinstance(adapt, dict):
        sizes["adapt"] = {name: adapt.get(name) for name in ("minimum", "maximum")}
    return sizes


def _mentioned() -> bool:
    if any(name.upper().startswith(f"DASK_{_SECTION.upper()}") for name in os.environ):
        return True
    folders = [
        os.environ.get("DASK_ROOT_CONFIG", "/etc/dask"),
        *(str(Path(prefix, "etc", "dask")) for prefix in {sys.prefix, sys.base_prefix}),
        str(Path("~/.config/dask").expanduser()),
        os.environ.get("DASK_CONFIG", ""),
    ]
    for folder in filter(None, folders):
        path = Path(folder)
        files = [path] if path.is_file() else [*path.glob("*.y*ml"), *path.glob("*.json")]
        if any(_SECTION in _text(file) for file in files):
            return True
    return False


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
