"""How far values are from their long-term average."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from seasonal_monitor.errors import ParameterError

from . import calendar
from .averages import at_steps, grouped
from .gaps import as_float, nodata_of
from .pixelwise import NewAxis, over_time
from .rolling import rolled

OFFSET = 5.0
"""mm that WFP adds to both sides, so that the ratio of two nearly dry dekads means nothing much."""


def percent_of_average(
    data: xr.DataArray,
    *,
    n: int = 1,
    by: str = "dekad",
    baseline: tuple[int, int] | None = None,
    calibration: ArrayLike | None = None,
    offset: float = OFFSET,
    at: Sequence[Any] | None = None,
    nodata: float | None = None,
) -> xr.DataArray:
    """Give rainfall sums in percent of their long-term average (rfq, r1q, r3q …).

    ``100 * (sum + offset) / (average + offset)``, the formula of WFP's published layers. The
    rolling sum, the average and the ratio are one task for each spatial chunk.

    Parameters
    ----------
    data : xr.DataArray
        Rainfall in mm, consecutive dekads or months with dates.
    n : int
        Steps in a sum; 3 dekads for ``r1q``.
    by : "dekad" or "month"
        What a step is.
    baseline : tuple of int, optional
        First and last year of the average; all years by default.
    calibration : array-like of bool, optional
        Which steps to average, instead of `baseline`.
    offset : float
        Added to both, in the unit of the data.
    at : sequence of dates, optional
        Give only these steps. Periodic production wants the newest dekad only, which costs a
        thirty-sixth.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.

    Returns
    -------
    xr.DataArray
        float32, in percent; NaN at gaps, in the first `n` - 1 steps, and where the average plus
        offset is 0.
    """
    return _against_average(data, n, by, baseline, calibration, offset, at, nodata, ratio=True)


def difference_to_average(
    data: xr.DataArray,
    *,
    n: int = 1,
    by: str = "dekad",
    baseline: tuple[int, int] | None = None,
    calibration: ArrayLike | None = None,
    at: Sequence[Any] | None = None,
    nodata: float | None = None,
) -> xr.DataArray:
    """Give values, or their rolling sums, minus their long-term average (txd and others).

    Parameters
    ----------
    data : xr.DataArray
        Consecutive dekads or months with dates.
    n, by, baseline, calibration, at, nodata
        As for :func:`percent_of_average`.

    Returns
    -------
    xr.DataArray
        float32 in the unit of `data`; NaN at gaps and in the first `n` - 1 steps.
    """
    return _against_average(data, n, by, baseline, calibration, 0.0, at, nodata, ratio=False)


def ratio(data: xr.DataArray, average: xr.DataArray, *, offset: float = OFFSET) -> xr.DataArray:
    """Give values in percent of an average that is there already, such as a published one.

    Parameters
    ----------
    data : xr.DataArray
        Values, NaN at the gaps.
    average : xr.DataArray
        On the same steps, without time, or with the dimension ``dekad`` or ``month``.
    offset : float
        Added to both.

    Returns
    -------
    xr.DataArray
        In percent.
    """
    out = 100 * (data + offset) / (_beside(average, data) + offset)
    out = out.where(np.isfinite(out))
    out.attrs = {"units": "%", "algorithm": "percent of average", "offset": offset}
    return out


def difference(data: xr.DataArray, average: xr.DataArray) -> xr.DataArray:
    """Give values minus an average that is there already; see :func:`ratio`.

    Parameters
    ----------
    data : xr.DataArray
        Values, NaN at the gaps.
    average : xr.DataArray
        On the same steps, without time, or with the dimension ``dekad`` or ``month``.

    Returns
    -------
    xr.DataArray
        In the unit of `data`.
    """
    out = data - _beside(average, data)
    kept = {"units": data.attrs["units"]} if "units" in data.attrs else {}
    out.attrs = {**kept, "algorithm": "difference to average"}
    return out


def _beside(average: xr.DataArray, data: xr.DataArray) -> xr.DataArray:
    """Lay an average with a dekad or month beside the steps; leave others as they are."""
    if any(name in average.dims for name in calendar.NUMBER):
        return at_steps(average, data)
    return average


def _against_average(
    data: xr.DataArray,
    n: int,
    by: str,
    baseline: tuple[int, int] | None,
    calibration: ArrayLike | None,
    offset: float,
    at: Sequence[Any] | None,
    nodata: float | None,
    *,
    ratio: bool,
) -> xr.DataArray:
    """Share what both anomalies do."""
    if not 1 <= n <= data.sizes.get("time", n):
        raise ParameterError(
            "n",
            f"{n} steps do not fit into the {data.sizes['time']} of the data.",
            "Give 1 or more, or load a longer period.",
        )
    if n > 1:
        calendar.check_consecutive(data)
    number, group = calendar.groups_of(data, by)
    used = calendar.calibration_of(data, baseline, calibration)
    index = calendar.index_of(data)
    wanted = np.arange(index.size)
    if at is not None:
        wanted = index.get_indexer(pd.DatetimeIndex(list(at)))
        if (wanted < 0).any():
            missing = pd.DatetimeIndex(list(at))[wanted < 0][0]
            raise ParameterError(
                "at", f"The data has no step {missing:%Y-%m-%d}.", "Choose among its dates."
            )
    work = partial(
        _on_block,
        n=n,
        groups=group,
        number=number,
        used=used,
        wanted=wanted,
        offset=offset,
        nodata=nodata_of(data, nodata),
        ratio=ratio,
    )
    label = "percent-of-average" if ratio else "difference-to-average"
    out = over_time(work, data, label=label, result=NewAxis("time", index[wanted]))
    if at is None:
        out = out.assign_coords(data.coords)
    else:
        out = out.assign_coords(
            {k: c.isel(time=wanted) for k, c in data.coords.items() if "time" in c.dims}
        )
    years = index.year[used]
    out.attrs = {
        "units": "%" if ratio else data.attrs.get("units", ""),
        "algorithm": label.replace("-", " "),
        "baseline": f"{years.min()}-{years.max()}",
        "steps_in_sum": n,
        "engine": "numpy",
    }
    if ratio:
        out.attrs["offset"] = offset
    return out


def _on_block(
    block: NDArray[Any],
    *,
    n: int,
    groups: NDArray[np.int64],
    number: int,
    used: NDArray[np.bool_],
    wanted: NDArray[np.int64],
    offset: float,
    nodata: float,
    ratio: bool,
) -> NDArray[np.float32]:
    """Sum, average and compare; only the groups that are wanted are averaged."""
    values = as_float(block, nodata)
    needed = np.unique(groups[wanted])
    rows = np.flatnonzero(np.isin(groups, needed))
    sums = _sums_at(values, rows, n) if rows.size < groups.size else rolled(values, n)
    place = np.full(groups.size, -1)
    place[rows] = np.arange(rows.size)
    averages = grouped(sums, np.where(used[rows], groups[rows], -1), number)
    out = np.empty((wanted.size, values.shape[1]), np.float32)
    for row, step in enumerate(wanted):
        found = sums[place[step]]
        usual = averages[groups[step]]
        if ratio:
            with np.errstate(divide="ignore", invalid="ignore"):
                quotient = 100.0 * (found + offset) / (usual + offset)
            out[row] = np.where(np.isfinite(quotient), quotient, np.nan)
        else:
            out[row] = found - usual
    return out


def _sums_at(values: NDArray[Any], rows: NDArray[np.int64], n: int) -> NDArray[Any]:
    """Add up the last `n` steps at some rows only."""
    out = np.full((rows.size, values.shape[1]), np.nan, values.dtype)
    for place, row in enumerate(rows):
        if row >= n - 1:
            out[place] = values[row - n + 1 : row + 1].sum(axis=0)
    return out
