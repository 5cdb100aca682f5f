"""Monotonic trends: Mann-Kendall test and Sen's slope.

References
----------
H. B. Mann, "Nonparametric tests against trend", Econometrica 13 (1945); M. G. Kendall, "Rank
correlation methods" (1975); P. K. Sen, "Estimates of the regression coefficient based on Kendall's
tau", Journal of the American Statistical Association 63 (1968).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from seasonal_monitor.errors import ParameterError

from . import engines
from .gaps import as_float, nodata_of
from .pixelwise import NewAxis, over_time

ENGINES = ("hdc", "numba", "pymannkendall")

FEWEST = 4
"""Values that a test needs at least; with fewer no trend can be significant."""


def mann_kendall(
    data: xr.DataArray,
    *,
    dim: str = "time",
    alpha: float = 0.05,
    min_values: int = FEWEST,
    nodata: float | None = None,
    engine: str = "auto",
) -> xr.Dataset:
    """Test each pixel for a monotonic trend over the years.

    Parameters
    ----------
    data : xr.DataArray
        One value a year, such as a seasonal total. Gaps are left out of the test, never taken as
        values.
    dim : str
        The dimension of the years: ``year`` with whole numbers, or ``time`` with dates.
    alpha : float
        Significance below which `trend` is not 0.
    min_values : int
        A pixel with fewer values becomes NaN.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.
    engine : str
        ``auto``, ``hdc``, ``numba`` or ``pymannkendall``.

    Returns
    -------
    xr.Dataset
        ``tau`` (-1 to 1), ``p`` (two-sided, corrected for ties), ``slope`` (unit of `data` a year)
        and ``trend`` (-1, 0, 1; NaN where not tested), all float32 without the dimension of years.

    Notes
    -----
    hdc-algo takes marked gaps as values, so pixels with a gap are always tested by this package's
    own kernel; and it takes the steps as evenly spaced, so uneven ones are not given to it.
    """
    if dim not in data.dims:
        raise ParameterError(
            "dim",
            f"The data has {', '.join(map(str, data.dims))}, not {dim!r}.",
            "Name the dimension of the years.",
        )
    if not 0 < alpha < 1:
        raise ParameterError(
            "alpha", f"{alpha:g} is no significance.", "Give a number between 0 and 1."
        )
    if min_values < 3:
        raise ParameterError(
            "min_values", f"{min_values} values cannot be tested.", "Give 3 or more."
        )
    when = _years(data, dim)
    even = when.size < 2 or np.allclose(np.diff(when), when[1] - when[0], rtol=0.01)
    unfit = {}
    if not even:
        reason = "the years are not evenly spaced."
        unfit = {"hdc": reason, "pymannkendall": reason}
    chosen = engines.choose(engine, ENGINES, unfit=unfit)
    series = data if dim == "time" else data.rename({dim: "time"})
    work = partial(
        _on_block, when=when, fewest=min_values, nodata=nodata_of(data, nodata), engine=chosen
    )
    rows = over_time(
        work,
        series,
        label=f"mann-kendall-{chosen}",
        result=NewAxis("part", np.arange(3)),
    )
    out = xr.Dataset(
        {name: rows.isel(part=place, drop=True) for place, name in enumerate(("tau", "p", "slope"))}
    )
    out["trend"] = (
        # Not of the slope, which is 0 where most pairs are ties, as in dry places.
        xr.apply_ufunc(np.sign, out["tau"], dask="allowed")
        .where(out["p"] < alpha, 0.0)
        .where(out["p"].notnull())
        .astype(np.float32)
    )
    units = data.attrs.get("units")
    out["slope"].attrs["units"] = f"{units} a-1" if units else "a-1"
    for name in out:
        out[name].attrs |= {"algorithm": "Mann-Kendall, Sen", "engine": engines.label(chosen)}
    return out


def _years(data: xr.DataArray, dim: str) -> NDArray[np.float64]:
    """Give the time of each step in years."""
    if dim not in data.coords:
        return np.arange(data.sizes[dim], dtype=np.float64)
    index = data.indexes[dim]
    if isinstance(index, pd.DatetimeIndex):
        # Dates a year apart are 365 or 366 days apart; as years they are 1.
        days = index.day_of_year.to_numpy() - 1
        length = np.where(index.is_leap_year, 366, 365)
        years = index.year.to_numpy() + days / length
    else:
        years = np.asarray(index, np.float64)
    if (np.diff(years) <= 0).any():
        raise ParameterError(
            "data", f"Its {dim} is not in ascending order.", f"Sort it: data.sortby({dim!r})."
        )
    return np.asarray(years - years[0] if years.size else years, np.float64)


def _on_block(
    block: NDArray[Any],
    *,
    when: NDArray[np.float64],
    fewest: int,
    nodata: float,
    engine: str,
) -> NDArray[np.float32]:
    values = as_float(block, nodata)
    if engine == "pymannkendall":
        return _pymannkendall(values, when, fewest)
    out = np.empty((3, values.shape[1]), np.float32)
    whole = np.isfinite(values).all(axis=0) & (values.shape[0] >= fewest)
    if engine != "hdc":
        whole[:] = False
    if whole.any():
        stats = engines.load("hdc.algo.ops.stats")
        series = np.ascontiguousarray(values[:, whole].T.astype(np.float32))
        tau, p, slope, _ = stats._mann_kendall_trend_gu(series)
        step = when[1] - when[0]
        out[:, whole] = np.stack([tau, p, slope / step])
    if not whole.all():
        from .kernels import kendall

        rest = kendall.trends(values[:, ~whole], when, fewest=fewest)
        out[:, ~whole] = rest[:3]
    return out


def _pymannkendall(
    values: NDArray[Any], when: NDArray[np.float64], fewest: int
) -> NDArray[np.float32]:
    """Let pymannkendall do it, pixel by pixel; its slope is per step of the whole series."""
    package = engines.load("pymannkendall")
    step = when[1] - when[0] if when.size > 1 else 1.0
    out = np.full((3, values.shape[1]), np.nan, np.float32)
    for pixel in range(values.shape[1]):
        series = values[:, pixel].astype(np.float64)
        there = np.isfinite(series)
        if there.sum() >= fewest:
            found = package.original_test(series[there])
            # Its own slope would close up the gaps, so that the years are taken as they are.
            slope = package.sens_slope(series).slope
            out[:, pixel] = found.Tau, found.p, slope / step
    return out
