"""Percentiles of values among their own past, theta, and the water anomaly index.

References
----------
WFP, "Water Anomaly Index" (the PRISM documentation): theta is the logit of the percentile;
0.4 rainfall + 0.3 evapotranspiration + 0.3 soil moisture; ``100 exp(theta) / (1 + exp(theta))``.
Plotting positions: J. W. Tukey, "The future of data analysis" (1962), (rank - 1/3) / (n + 1/3).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from seasonal_monitor.errors import ParameterError

from . import calendar, engines
from .gaps import as_float, nodata_of
from .pixelwise import numpy_too, over_time

WAI_WEIGHTS = {"rainfall": 0.4, "evapotranspiration": 0.3, "soil_moisture": 0.3}
"""Weights of the water anomaly index."""

THETA_ENGINES = ("hdc", "scipy")


@numpy_too
def percentile(
    data: xr.DataArray,
    *,
    by: str = "dekad",
    groups: ArrayLike | None = None,
    nodata: float | None = None,
    engine: str = "auto",
) -> xr.DataArray:
    """Rank each value among those of the same time of the year.

    Parameters
    ----------
    data : xr.DataArray
        One step for each dekad or month.
    by : "dekad" or "month"
        What a step is.
    groups : array-like of int, optional
        Group of each step, instead of `by`.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.
    engine : str
        ``auto``, ``hdc`` or ``scipy``.

    Returns
    -------
    xr.DataArray
        float32 between 0 and 1, never 0 nor 1: (rank - 1/3) / (n + 1/3), n being the number of
        values that are there. Equal values share their mean rank. NaN at gaps.

    Notes
    -----
    hdc-algo divides by the number of steps, gaps included, which pulls percentiles of pixels
    with gaps down; with the engine ``hdc`` this is set right afterwards.
    """
    return _ranked(data, by, groups, nodata, engine, logit=False)


@numpy_too
def theta(
    data: xr.DataArray,
    *,
    by: str = "dekad",
    groups: ArrayLike | None = None,
    nodata: float | None = None,
    engine: str = "auto",
) -> xr.DataArray:
    """Give the logit of each value's percentile; see :func:`percentile`.

    Parameters
    ----------
    data : xr.DataArray
        One step for each dekad or month.
    by, groups, nodata, engine
        As for :func:`percentile`.

    Returns
    -------
    xr.DataArray
        float32; 0 at the median, positive above. NaN at gaps.
    """
    return _ranked(data, by, groups, nodata, engine, logit=True)


def water_anomaly_index(
    thetas: Mapping[str, xr.DataArray], weights: Mapping[str, float] | None = None
) -> xr.DataArray:
    """Combine thetas into an index from 0 (dry) to 100 (wet).

    Parameters
    ----------
    thetas : mapping of str to xr.DataArray
        On one grid and the same steps, by name.
    weights : mapping of str to float, optional
        By the same names; scaled to a sum of 1. WFP's for rainfall, evapotranspiration and
        soil_moisture by default.

    Returns
    -------
    xr.DataArray
        The index; NaN where one of the thetas is.
    """
    weights = WAI_WEIGHTS if weights is None else weights
    if set(weights) != set(thetas) or not thetas:
        raise ParameterError(
            "weights",
            f"They are for {', '.join(sorted(weights))}.",
            f"Give one for each of {', '.join(sorted(thetas))}.",
        )
    total = sum(weights.values())
    if total <= 0 or min(weights.values()) < 0:
        raise ParameterError(
            "weights",
            "One is negative, or all are 0.",
            "Give numbers of which none is negative and one is greater than 0.",
        )
    try:
        aligned = xr.align(*(thetas[name] for name in weights), join="exact")
    except ValueError as error:
        raise ParameterError(
            "thetas", "They lie on different grids or steps.", "Bring them onto one first."
        ) from error
    terms = [
        part * np.float32(weight / total)
        for part, weight in zip(aligned, weights.values(), strict=True)
    ]
    combined = terms[0]
    for term in terms[1:]:
        combined = combined + term
    out: xr.DataArray = 100 / (1 + xr.apply_ufunc(np.exp, -combined, dask="allowed"))
    out.name = "wai"
    out.attrs = {
        "long_name": "Water Anomaly Index",
        "units": "1",
        "valid_range": [0, 100],
        "algorithm": "water anomaly index",
        "weights": ", ".join(f"{name} {value / total:.2g}" for name, value in weights.items()),
    }
    return out


def _ranked(
    data: xr.DataArray,
    by: str,
    groups: ArrayLike | None,
    nodata: float | None,
    engine: str,
    *,
    logit: bool,
) -> xr.DataArray:
    """Share what percentile and theta do."""
    _, group = calendar.groups_of(data, by, groups)
    chosen = engines.choose(engine, THETA_ENGINES)
    work = partial(
        _on_block, groups=group, nodata=nodata_of(data, nodata), engine=chosen, logit=logit
    )
    out = over_time(work, data, label="theta" if logit else "percentile")
    out.attrs = {
        "units": "1",
        "algorithm": "theta, logit of the percentile"
        if logit
        else "percentile, (rank - 1/3) / (n + 1/3)",
        "engine": engines.label(chosen),
    }
    return out


def _on_block(
    block: NDArray[Any],
    *,
    groups: NDArray[np.int64],
    nodata: float,
    engine: str,
    logit: bool,
) -> NDArray[np.float32]:
    values = as_float(block, nodata)
    values = np.where(np.isfinite(values), values, np.nan)
    out = np.full(values.shape, np.nan, np.float32)
    for group in np.unique(groups):
        member = groups == group
        part = values[member]
        there = np.isfinite(part)
        count = there.sum(axis=0)
        if engine == "hdc":
            stats = engines.load("hdc.algo.ops.stats")
            given = stats.percentileofscores(part, 0)
            given = given * (part.shape[0] + 1 / 3) / (count + 1 / 3)
        else:
            ranked = engines.load("scipy.stats").rankdata(part, axis=0, nan_policy="omit")
            given = (ranked - 1 / 3) / (count + 1 / 3)
        out[member] = np.where(there, given, np.nan)
    if logit:
        out = np.log(out / (1 - out))
    return out
