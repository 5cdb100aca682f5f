"""Measures what a notebook's computation takes, for the estimates of its template.

What was measured stands in the cell's output, as a sentence and as data of the type `MIME`. A
JupyterLab with this project reads it there; nothing is sent anywhere.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from distributed import Client

MIME = "application/vnd.seasonal-monitor.run+json"
#: What workers import for nearly every plan, which belongs to their start and not to the work.
_LIBRARIES = ("odc.stac", "rasterio", "xarray", "seasonal_monitor.algorithms")


@contextmanager
def measuring(client: Client | None, plan: xr.Dataset | xr.DataArray) -> Iterator[None]:
    """Measure what happens inside, and say it; nothing is said after an error.

    Parameters
    ----------
    client : Client or None
        Where it computes; None for this process.
    plan : Dataset or DataArray
        What is computed; its grid is told.
    """
    get_ready(client)
    threads = _threads(client)
    began = time.monotonic()
    yield
    facts: dict[str, Any] = {"seconds": round(time.monotonic() - began, 3)}
    # Where workers came or went, nobody knows how many did it.
    if threads and threads == _threads(client):
        facts |= {"workers": len(threads), "threads": sum(threads)}
    facts |= _grid(plan)
    _say(facts)


def get_ready(client: Client | None) -> None:
    """Let workers that are there import what they need, all at the same time."""
    if client is not None:
        workers = list(client.nthreads())
        client.gather([client.submit(_import, workers=[one], pure=False) for one in workers])


def _import() -> None:
    for name in _LIBRARIES:
        # A plan may do without it, or says so better.
        with suppress(ImportError):
            import_module(name)


def _threads(client: Client | None) -> list[int]:
    """Give the threads of each worker; none in this process, which is no cluster."""
    return [] if client is None else sorted(client.nthreads().values())


def _grid(plan: xr.Dataset | xr.DataArray) -> dict[str, int]:
    """Give height and width in pixels, where the plan is a raster."""
    for y, x in (("y", "x"), ("latitude", "longitude"), ("lat", "lon")):
        if y in plan.sizes and x in plan.sizes:
            return {"height": int(plan.sizes[y]), "width": int(plan.sizes[x])}
    return {}


def _say(facts: dict[str, Any]) -> None:
    threads = facts.get("threads", 0)
    where = f" with {threads} thread{'' if threads == 1 else 's'}" if threads else ""
    text = f"Computed in {facts['seconds']:.1f} s{where}."
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ModuleNotFoundError:
        get_ipython = None
    if get_ipython is None or get_ipython() is None:
        print(text)  # noqa: T201
    else:
        display({"text/plain": text, MIME: facts}, raw=True)
