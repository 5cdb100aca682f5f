"""Which library does the work of an algorithm.

``auto`` takes the first of an algorithm's engines that is installed. What was taken stands in
the result's attribute ``engine`` with its version, so that a product can be traced.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import Any

from seasonal_monitor.errors import ParameterError

_PACKAGES = {
    "hdc": ("hdc.algo", "hdc-algo"),
    "numba": ("numba", "numba"),
    "climate-indices": ("climate_indices", "climate-indices"),
    "pymannkendall": ("pymannkendall", "pymannkendall"),
    "flox": ("flox", "flox"),
    "numpy": ("numpy", "numpy"),
    "scipy": ("scipy", "scipy"),
    "exactextract": ("exactextract", "exactextract"),
    "geomad": ("geomad", "geomad"),
}


@cache
def installed(engine: str) -> bool:
    """Say whether an engine can be imported, without importing it."""
    module, _ = _PACKAGES[engine]
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def choose(engine: str, order: Sequence[str], *, unfit: dict[str, str] | None = None) -> str:
    """Choose an engine.

    Parameters
    ----------
    engine : str
        What the caller asks for: ``auto`` or a name.
    order : sequence of str
        The algorithm's engines, the preferred one first.
    unfit : dict, optional
        Engines that cannot do this particular call, and why in words.

    Returns
    -------
    str
        The engine's name.

    Raises
    ------
    ParameterError
        When the engine is unknown, is not installed, or cannot do this call.
    """
    unfit = unfit or {}
    if engine == "auto":
        for name in order:
            if name not in unfit and installed(name):
                return name
        raise ParameterError(
            "engine",
            f"None of the engines {', '.join(order)} is installed here.",
            "Install them with: pip install 'jupyterlab_seasonal_monitor[pipelines]'",
        )
    if engine not in order:
        raise ParameterError(
            "engine", f"{engine!r} is not known here.", f"Use auto, {', '.join(order)}."
        )
    if engine in unfit:
        raise ParameterError(
            "engine", f"{engine} cannot do this: {unfit[engine]}", "Use engine='auto'."
        )
    if not installed(engine):
        _, package = _PACKAGES[engine]
        raise ParameterError(
            "engine", f"{package} is not installed here.", "Install it, or use engine='auto'."
        )
    return engine


def label(engine: str) -> str:
    """Name an engine with its version, for a result's attributes.

    Parameters
    ----------
    engine : str
        A name that :func:`choose` gave.

    Returns
    -------
    str
        For example ``hdc-algo 0.5.2``.
    """
    _, package = _PACKAGES[engine]
    try:
        return f"{package} {importlib.metadata.version(package)}"
    except importlib.metadata.PackageNotFoundError:
        return package


def load(module: str) -> Any:  # noqa: ANN401  (a module of a library without types)
    """Import a module of an optional library when its work begins, on the worker."""
    return importlib.import_module(module)
