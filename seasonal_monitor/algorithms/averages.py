"""Long-term averages and extremes of each dekad or month of the year."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from seasonal_monitor.errors import ParameterError

from . import calendar, engines
from .gaps import as_float, nodata_of
from .pixelwise import NewAxis, over_time

ENGINES = ("numpy", "flox")
STATISTICS = ("mean", "min", "max")


def long_term(
    data: xr.DataArray,
    *,
    statistic: str = "mean",
    by: str = "dekad",
    baseline: tuple[int, int] | None = None,
    calibration: ArrayLike | None = None,
    min_years: int = 1,
    nodata: float | None = None,
    engine: str = "auto",
) -> xr.DataArray:
    """Take the average, smallest or largest value of each dekad of the year.

    Parameters
    ----------
    data : xr.DataArray
        One step for each dekad or month, with dates.
    statistic : "mean", "min" or "max"
        What to take over the years.
    by : "dekad" or "month"
        What a step is.
    baseline : tuple of int, optional
        First and last year; all years by default.
    calibration : array-like of bool, optional
        Which steps to take, instead of `baseline`.
    min_years : int
        A dekad with fewer values becomes NaN.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.
    engine : str
        ``auto``, ``numpy`` or ``flox``.

    Returns
    -------
    xr.DataArray
        Floating point in the unit of `data`, with the dimension ``dekad`` (1 to 36) or ``month``
        (1 to 12) at the place of ``time``.
    """
    if statistic not in STATISTICS:
        raise ParameterError(
            "statistic", f"{statistic!r} is not known.", f"Use {', '.join(STATISTICS)}."
        )
    number, group = calendar.groups_of(data, by)
    used = calendar.calibration_of(data, baseline, calibration)
    chosen = engines.choose(engine, ENGINES)
    dtype = data.dtype if data.dtype.kind == "f" else np.dtype(np.float32)
    work = partial(
        _on_block,
        groups=np.where(used, group, -1),
        number=number,
        statistic=statistic,
        fewest=min_years,
        nodata=nodata_of(data, nodata),
        engine=chosen,
    )
    out = over_time(
        work,
        data,
        label=f"long-term-{statistic}",
        dtype=dtype,
        result=NewAxis(by, np.arange(1, number + 1)),
    )
    out.attrs = {key: data.attrs[key] for key in ("units", "long_name") if key in data.attrs}
    years = calendar.years_of(data)[used]
    out.attrs |= {
        "algorithm": f"long-term {statistic}",
        "baseline": f"{years.min()}-{years.max()}",
        "engine": engines.label(chosen),
    }
    return out


def _on_block(
    block: NDArray[Any],
    *,
    groups: NDArray[np.int64],
    number: int,
    statistic: str,
    fewest: int,
    nodata: float,
    engine: str,
) -> NDArray[Any]:
    values = as_float(block, nodata)
    if engine == "flox":
        flox = engines.load("flox")
        keep = groups >= 0
        taken, *_ = flox.groupby_reduce(
            np.moveaxis(values[keep], 0, -1),
            groups[keep],
            func=f"nan{statistic}",
            expected_groups=np.arange(number),
            fill_value=np.nan,
            min_count=fewest,
            engine="flox",
        )
        return np.ascontiguousarray(np.moveaxis(taken, -1, 0)).astype(values.dtype, copy=False)
    return grouped(values, groups, number, statistic, fewest)


def grouped(
    values: NDArray[Any],
    groups: NDArray[np.int64],
    number: int,
    statistic: str = "mean",
    fewest: int = 1,
) -> NDArray[Any]:
    """Take a statistic of each group of steps, group by group to need little memory.

    Parameters
    ----------
    values : float array, shape (time, pixel)
        NaN is a gap.
    groups : int64 array, shape (time,)
        Group of each step; negative ones are left out.
    number : int
        Number of groups.
    statistic : "mean", "min" or "max"
        What to take.
    fewest : int
        Values that a group needs at least.

    Returns
    -------
    float array, shape (number, pixel)
        The same dtype; NaN where there are too few values.
    """
    out = np.full((number, values.shape[1]), np.nan, values.dtype)
    for group in np.unique(groups[groups >= 0]):
        part = values[groups == group]
        count = np.isfinite(part).sum(axis=0)
        if statistic == "mean":
            with np.errstate(invalid="ignore"):
                taken = np.nansum(part, axis=0, dtype=np.float64) / count
        elif statistic == "min":
            taken = np.fmin.reduce(part, axis=0)
        else:
            taken = np.fmax.reduce(part, axis=0)
        out[group] = np.where(count >= fewest, taken, np.nan)
    return out


def at_steps(average: xr.DataArray, data: xr.DataArray) -> xr.DataArray:
    """Lay an average beside each step of the data.

    Parameters
    ----------
    average : xr.DataArray
        Has a dimension ``dekad`` or ``month``, as :func:`long_term` gives it.
    data : xr.DataArray
        Has dates.

    Returns
    -------
    xr.DataArray
        The average on the time of the data.
    """
    by = next((name for name in calendar.NUMBER if name in average.dims), None)
    if by is None:
        raise ParameterError(
            "average", "It has neither a dimension dekad nor month.", "Make it with long_term()."
        )
    _, group = calendar.groups_of(data, by)
    found = average.indexes[by].get_indexer(group + 1)
    if (found < 0).any():
        missing = int(group[found < 0][0]) + 1
        raise ParameterError("average", f"It has no {by} {missing}.", "Make it of whole years.")
    laid = average.isel({by: xr.DataArray(found, dims="time")}).drop_vars(by)
    return laid.assign_coords(time=data["time"])
