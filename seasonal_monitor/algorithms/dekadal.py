"""Dekads from daily data and from composites of several days."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from seasonal_monitor.errors import ParameterError

from . import calendar
from .gaps import as_float, nodata_of
from .pixelwise import NewAxis, over_time, whole_series

MIN_VALID_DAYS = 8
"""Days that a dekad needs at least; WFP's rule for rainfall."""


def dekads_from_days(
    data: xr.DataArray,
    *,
    statistic: str = "sum",
    min_valid_days: int = MIN_VALID_DAYS,
    nodata: float | None = None,
) -> xr.DataArray:
    """Add up, or average, the days of each dekad.

    Parameters
    ----------
    data : xr.DataArray
        Daily, with dates; days may be missing.
    statistic : "sum", "mean", "min" or "max"
        What to take. A sum is of the valid days as they are, not scaled up for those missing.
    min_valid_days : int
        A dekad with fewer valid days becomes NaN; for the last dekad of February, which has 8 or
        9 days, never more than it has.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.

    Returns
    -------
    xr.DataArray
        float32 in the unit of `data`, one step for each dekad from the first to the last that the
        data touches, labelled with its first day.
    """
    reduce = {"sum": np.nansum, "mean": np.nansum, "min": np.fmin.reduce, "max": np.fmax.reduce}
    if statistic not in reduce:
        raise ParameterError(
            "statistic", f"{statistic!r} is not known.", f"Use {', '.join(reduce)}."
        )
    if not 1 <= min_valid_days <= 10:
        raise ParameterError(
            "min_valid_days", f"{min_valid_days} days are not possible in a dekad.", "Give 1 to 10."
        )
    whole_series(data)
    index = calendar.index_of(data)
    serial = calendar.serial(index, "dekad")
    if np.bincount(serial - serial[0]).max() > 11:
        raise ParameterError("data", "It has more than one step a day.", "Make days of it first.")
    dekads = np.arange(serial[0], serial[-1] + 1)
    starts = calendar.dekad_start(dekads)
    lengths = (calendar.dekad_start(dekads + 1) - starts).days.to_numpy()
    work = partial(
        _days_on_block,
        serial=serial - serial[0],
        fewest=np.minimum(min_valid_days, lengths),
        statistic=statistic,
        nodata=nodata_of(data, nodata),
    )
    out = over_time(work, data, label="dekads", result=NewAxis("time", starts))
    out.attrs = {key: data.attrs[key] for key in ("units", "long_name") if key in data.attrs}
    out.attrs |= {"algorithm": f"dekadal {statistic}", "min_valid_days": min_valid_days}
    return out


def _days_on_block(
    block: NDArray[Any],
    *,
    serial: NDArray[np.int64],
    fewest: NDArray[np.int64],
    statistic: str,
    nodata: float,
) -> NDArray[np.float32]:
    values = as_float(block, nodata)
    out = np.full((fewest.size, values.shape[1]), np.nan, np.float32)
    bounds = np.searchsorted(serial, np.arange(fewest.size + 1))
    for dekad in range(fewest.size):
        part = values[bounds[dekad] : bounds[dekad + 1]]
        if part.shape[0] == 0:
            continue
        count = np.isfinite(part).sum(axis=0)
        if statistic in ("sum", "mean"):
            taken = np.nansum(part, axis=0, dtype=np.float64)
            if statistic == "mean":
                taken = taken / np.maximum(count, 1)
        else:
            taken = (np.fmin if statistic == "min" else np.fmax).reduce(part, axis=0)
        out[dekad] = np.where(count >= fewest[dekad], taken, np.nan)
    return out


def dekads_from_composites(
    data: xr.DataArray,
    *,
    days: int = 8,
    min_valid_days: int = 1,
    nodata: float | None = None,
) -> xr.DataArray:
    """Average composites of several days, such as MYD11A2's eight, into dekads.

    Each composite counts for every day that it covers; composites may overlap.

    Parameters
    ----------
    data : xr.DataArray
        Composites labelled with their first day.
    days : int
        Days that one covers. The last of a year ends with the year, as MODIS composites do.
    min_valid_days : int
        A dekad covered by fewer valid days becomes NaN.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.

    Returns
    -------
    xr.DataArray
        float32 in the unit of `data`, from the dekad of the first day to that of the last.
    """
    if days < 1:
        raise ParameterError("days", f"A composite cannot cover {days} days.", "Give 1 or more.")
    whole_series(data)
    index = calendar.index_of(data)
    # A year's last composite does not reach into the next year, where a new one begins.
    year_ends = pd.DatetimeIndex([pd.Timestamp(year, 12, 31) for year in index.year])
    ends = np.minimum(index + pd.Timedelta(days=days - 1), year_ends)
    last = calendar.serial(pd.DatetimeIndex([ends.max()]), "dekad")[0]
    dekads = np.arange(calendar.serial(index[:1], "dekad")[0], last + 1)
    starts = calendar.dekad_start(dekads)
    stops = calendar.dekad_start(dekads + 1)
    first = np.maximum(starts.to_numpy()[:, None], index.to_numpy()[None])
    after = np.minimum(stops.to_numpy()[:, None], ends.to_numpy()[None] + np.timedelta64(1, "D"))
    overlap = np.maximum((after - first) / np.timedelta64(1, "D"), 0.0)
    work = partial(
        _composites_on_block,
        overlap=overlap,
        fewest=min_valid_days,
        nodata=nodata_of(data, nodata),
    )
    out = over_time(work, data, label="dekads-of-composites", result=NewAxis("time", starts))
    out.attrs = {key: data.attrs[key] for key in ("units", "long_name") if key in data.attrs}
    out.attrs["algorithm"] = f"dekadal mean of {days}-day composites"
    return out


def _composites_on_block(
    block: NDArray[Any], *, overlap: NDArray[np.float64], fewest: int, nodata: float
) -> NDArray[np.float32]:
    values = as_float(block, nodata)
    out = np.full((overlap.shape[0], values.shape[1]), np.nan, np.float32)
    for dekad, shares in enumerate(overlap):
        touching = np.flatnonzero(shares)
        if touching.size == 0:
            continue
        part = values[touching]
        there = np.isfinite(part)
        weight = shares[touching] @ there
        total = shares[touching] @ np.where(there, part, 0.0)
        # Overlapping composites may give a day twice; it is still one day.
        with np.errstate(invalid="ignore", divide="ignore"):
            out[dekad] = np.where(weight >= fewest, total / weight, np.nan)
    return out


def interpolate_to_dekads(data: xr.DataArray, *, days: int = 16) -> xr.DataArray:
    """Bring smoothed composites onto dekads.

    A curve of least bending is laid through the composites, day by day (a Whittaker smoother
    with a lambda next to nothing), and averaged over each dekad. All pixels share the days, so
    this is one matrix for all of them.

    Parameters
    ----------
    data : xr.DataArray
        Smoothed, so without gaps: a pixel is NaN at every step or at none.
    days : int
        Days that a composite covers; it stands for the day in their middle.

    Returns
    -------
    xr.DataArray
        float32 in the unit of `data`, for the dekads whose middle lies between the middles of the
        first and the last composite.
    """
    whole_series(data)
    index = calendar.index_of(data) + pd.Timedelta(days=days // 2)
    if index.size < 3:
        raise ParameterError(
            "data", "A curve needs at least 3 composites.", "Load a longer period."
        )
    matrix, starts = _dekad_matrix(pd.DatetimeIndex(index.normalize()))
    if not len(starts):
        raise ParameterError(
            "data", "The composites reach over no dekad's middle.", "Load a longer period."
        )
    work = partial(_matrix_on_block, matrix=matrix)
    out = over_time(work, data, label="dekad-curve", result=NewAxis("time", starts))
    out.attrs = {**data.attrs, "interpolation": "dekadal mean of a curve of least bending"}
    return out


def _dekad_matrix(middles: pd.DatetimeIndex) -> tuple[NDArray[np.float32], pd.DatetimeIndex]:
    """Make the matrix that takes values at the middles to the means of dekads."""
    from scipy.linalg import solveh_banded

    numbers = calendar.serial(middles[[0, -1]], "dekad")
    dekads = np.arange(numbers[0], numbers[1] + 1)
    starts, stops = calendar.dekad_start(dekads), calendar.dekad_start(dekads + 1)
    halves = starts + (stops - starts) / 2
    inside = (halves >= middles[0]) & (halves <= middles[-1] + pd.Timedelta(days=1))
    dekads, starts, stops = dekads[inside], starts[inside], stops[inside]
    if not len(starts):
        return np.empty((0, middles.size), np.float32), starts
    zero = min(starts[0], middles[0])
    size = (max(stops[-1], middles[-1] + pd.Timedelta(days=1)) - zero).days
    where = (middles - zero).days.to_numpy()
    lam = 1e-5
    band = np.zeros((3, size))
    band[2] = lam * np.r_[1, 5, np.full(size - 4, 6), 5, 1]
    band[1, 1:] = lam * np.r_[-2, np.full(size - 3, -4), -2]
    band[0, 2:] = lam
    band[2, where] += 1.0
    right = np.zeros((size, middles.size))
    right[where, np.arange(middles.size)] = 1.0
    daily = solveh_banded(band, right)
    rows = [
        daily[(first - zero).days : (stop - zero).days].mean(axis=0)
        for first, stop in zip(starts, stops, strict=True)
    ]
    return np.asarray(rows, np.float32), starts


def _matrix_on_block(block: NDArray[Any], *, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    product: NDArray[np.float32] = matrix @ as_float(block).astype(np.float32, copy=False)
    return product
