"""Lets workers import and compile before the first real task, so that nobody waits for it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from distributed.diagnostics.plugin import WorkerPlugin

from seasonal_monitor.errors import ParameterError

if TYPE_CHECKING:
    from distributed import Client, Worker

ALGORITHMS = ("whittaker", "spi", "trend", "spells", "anomaly", "zonal")
"""What can be warmed up."""


def warm_up_here(algorithms: Sequence[str] = ALGORITHMS, engine: str = "auto") -> float:
    """Import and run algorithms on 4 x 4 pixels in this process.

    Parameters
    ----------
    algorithms : sequence of str
        Of :data:`ALGORITHMS`.
    engine : str
        As for the algorithms.

    Returns
    -------
    float
        Seconds that it took.
    """
    _check(algorithms)
    began = time.monotonic()
    for name in algorithms:
        _RUNS[name](engine)
    return time.monotonic() - began


class WarmUp(WorkerPlugin):  # type: ignore[misc]  # distributed has no types
    """Warms up each worker of a cluster, also those that come later.

    Parameters
    ----------
    algorithms : sequence of str
        Of :data:`ALGORITHMS`.
    engine : str
        As for the algorithms.
    """

    name = "seasonal-monitor-warm-up"

    def __init__(self, algorithms: Sequence[str] = ALGORITHMS, engine: str = "auto") -> None:
        _check(algorithms)
        self.algorithms = tuple(algorithms)
        self.engine = engine

    def setup(self, worker: Worker) -> None:
        """Run when the plugin, or the worker, is new."""
        warm_up_here(self.algorithms, self.engine)


def warm_up(client: Client, algorithms: Sequence[str] = ALGORITHMS, engine: str = "auto") -> None:
    """Warm up all workers of a cluster, those there and those to come.

    Parameters
    ----------
    client : Client
        Connected to the cluster.
    algorithms : sequence of str
        Of :data:`ALGORITHMS`; only what a notebook uses keeps workers small.
    engine : str
        As for the algorithms.
    """
    client.register_plugin(WarmUp(algorithms, engine))


def _check(algorithms: Sequence[str]) -> None:
    unknown = [name for name in algorithms if name not in _RUNS]
    if unknown:
        raise ParameterError(
            "algorithms", f"{unknown[0]!r} is not known.", f"Use some of {', '.join(ALGORITHMS)}."
        )


def _rain(steps: int, freq: str) -> xr.DataArray:
    """Make a little invented rain on 4 x 4 pixels."""
    rng = np.random.default_rng(0)
    if freq == "dekad":
        first = pd.date_range("2000-01-01", periods=steps // 3, freq="MS")
        dates = pd.DatetimeIndex(
            np.sort(np.concatenate([first + pd.Timedelta(days=d) for d in (0, 10, 20)]))
        )
    else:
        dates = pd.date_range("2000-01-01", periods=steps, freq=freq)
    values = rng.gamma(1.0, 20.0, (steps, 4, 4)).astype(np.float32)
    return xr.DataArray(
        values,
        dims=("time", "y", "x"),
        coords={"time": dates, "y": np.arange(4.0)[::-1], "x": np.arange(4.0)},
    )


def _whittaker(engine: str) -> None:
    from .whittaker import smooth, smooth_v_curve

    base = _rain(12, "MS") / 1000
    # Archives hold int16; what was scaled is float32.
    for data in (base, (base * 10_000).astype(np.int16).assign_attrs(nodata=-3000)):
        for p in (None, 0.9):
            smooth(data, lam=1.0, p=p, engine=engine)
            smooth_v_curve(data, srange=(0.0, 1.0, 2.0), p=p, engine=engine)


def _spi(engine: str) -> None:
    from .precipitation import spi

    spi(_rain(36 * 4, "dekad"), n=3, engine=engine)


def _trend(engine: str) -> None:
    from .trend import mann_kendall

    mann_kendall(_rain(12, "YS"), engine=engine)


def _spells(engine: str) -> None:
    from .runs import spells

    spells(_rain(60, "D"), below=2.0, engine=engine)


def _anomaly(_engine: str) -> None:
    from .anomalies import percent_of_average

    percent_of_average(_rain(36 * 2, "dekad"), n=3)


def _zonal(_engine: str) -> None:
    from scipy import sparse

    from .zonal import _part

    matrix = sparse.csr_matrix(np.ones((2, 16)))
    _part(_rain(6, "MS").to_numpy(), matrix, ("mean", "min"), float("nan"))


_RUNS: dict[str, Any] = {
    "whittaker": _whittaker,
    "spi": _spi,
    "trend": _trend,
    "spells": _spells,
    "anomaly": _anomaly,
    "zonal": _zonal,
}
