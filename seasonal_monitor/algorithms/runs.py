"""Dry and wet spells, and days of heavy rain, in windows of days.

The products of WFP's climate explorer: ``dlx`` and ``dlc``, the longest and the current dry spell
of the last 30 days (less than 2 mm a day), and the number and longest run of days above the 75th,
90th or 95th percentile of wet days.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from seasonal_monitor.errors import ParameterError

from . import calendar, engines
from .gaps import as_float, nodata_of
from .pixelwise import NewAxis, over_time

ENGINES = ("hdc", "numba")

DRY = 2.0
"""mm a day below which a day is dry."""


def spells(
    data: xr.DataArray,
    *,
    below: float | None = None,
    above: float | xr.DataArray | None = None,
    window: int = 30,
    ends: Sequence[Any] | None = None,
    nodata: float | None = None,
    engine: str = "auto",
) -> xr.Dataset:
    """Count days, the longest and the current spell of days below or above a threshold.

    Parameters
    ----------
    data : xr.DataArray
        Daily, with dates, no day missing.
    below : float, optional
        Days with less count; 2 mm for dry spells.
    above : float or xr.DataArray, optional
        Days with more count; a number, or one for each pixel (:func:`wet_day_percentile`).
    window : int
        Days in a window.
    ends : sequence of dates, optional
        Last days of the windows; by default the last day of each dekad that has a whole window
        in the data, and of the data itself if there is none.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.
    engine : str
        ``auto``, ``hdc`` or ``numba``.

    Returns
    -------
    xr.Dataset
        ``days``, ``longest`` and ``current``, in days, float32, with one step in ``time`` for each
        window's last day. NaN where a day of the window is not known.

    Notes
    -----
    hdc-algo says 0 for a longest run of one day; with the engine ``hdc`` this is set right.
    """
    if (below is None) == (above is None):
        raise ParameterError(
            "below", "A day has no threshold, or two.", "Give either below or above."
        )
    index = calendar.index_of(data)
    if index.size > 1 and not (np.diff(index.to_numpy()) == np.timedelta64(1, "D")).all():
        hole = np.flatnonzero(np.diff(index.to_numpy()) != np.timedelta64(1, "D"))[0]
        raise ParameterError(
            "data",
            f"After {index[hole]:%Y-%m-%d} follows {index[hole + 1]:%Y-%m-%d}; it is not daily.",
            "Fill missing days with NaN: data.resample(time='1D').asfreq().",
        )
    if not 1 <= window <= index.size:
        raise ParameterError(
            "window",
            f"{window} days do not fit into the {index.size} of the data.",
            "Give 1 or more, or load a longer period.",
        )
    last_days = _last_days(index, window, ends)
    work = partial(
        _on_block,
        below=below,
        ends=last_days,
        window=window,
        nodata=nodata_of(data, nodata),
        engine=(chosen := engines.choose(engine, ENGINES)),
    )
    maps: tuple[xr.DataArray, ...] = ()
    if isinstance(above, xr.DataArray):
        maps = (above,)
    elif above is not None:
        work = partial(work, above=above)
    rows = over_time(
        work,
        data,
        *maps,
        label="spells",
        result=NewAxis("time", np.arange(3 * last_days.size)),
    )
    out = xr.Dataset()
    for place, (name, text) in enumerate(
        {"days": "days", "longest": "longest spell", "current": "current spell"}.items()
    ):
        part = rows.isel(time=slice(place * last_days.size, (place + 1) * last_days.size))
        out[name] = part.assign_coords(time=index[last_days])
        sign = f"< {below:g}" if below is not None else "> threshold"
        out[name].attrs = {
            "long_name": f"{text} {sign} in {window} days",
            "units": "d",
            "engine": engines.label(chosen),
        }
    return out


def wet_day_percentile(
    data: xr.DataArray,
    q: float,
    *,
    wet: float = 1.0,
    baseline: tuple[int, int] | None = None,
    min_days: int = 10,
    nodata: float | None = None,
) -> xr.DataArray:
    """Give a percentile of the rain of wet days.

    Parameters
    ----------
    data : xr.DataArray
        Daily rainfall in mm, with dates.
    q : float
        Percentile, 0 to 100.
    wet : float
        mm from which a day is wet.
    baseline : tuple of int, optional
        First and last year; all years by default.
    min_days : int
        A pixel with fewer wet days becomes NaN.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.

    Returns
    -------
    xr.DataArray
        float32 in mm, without time.
    """
    if not 0 <= q <= 100:
        raise ParameterError("q", f"{q:g} is no percentile.", "Give 0 to 100.")
    work = partial(
        _percentile_on_block,
        q=q,
        wet=wet,
        used=calendar.calibration_of(data, baseline),
        fewest=min_days,
        nodata=nodata_of(data, nodata),
    )
    out = over_time(work, data, label="wet-day-percentile", result="map")
    out.attrs = {"long_name": f"percentile {q:g} of wet days", "units": "mm/d", "wet": wet}
    return out


def _last_days(
    index: pd.DatetimeIndex, window: int, ends: Sequence[Any] | None
) -> NDArray[np.int64]:
    """Find the places of the windows' last days."""
    if ends is not None:
        dates = pd.DatetimeIndex(list(ends))
        places = index.get_indexer(dates)
        early = (places >= 0) & (places < window - 1)
        if (places < 0).any() or early.any():
            bad = dates[(places < 0) | early][0]
            raise ParameterError(
                "ends",
                f"The data has not all {window} days up to {bad:%Y-%m-%d}.",
                "Choose a later date, or load an earlier start.",
            )
        return np.asarray(places, np.int64)
    tomorrow = index + pd.Timedelta(days=1)
    closes = calendar.serial(tomorrow, "dekad") != calendar.serial(index, "dekad")
    places = np.flatnonzero(closes)
    places = places[places >= window - 1]
    return places.astype(np.int64) if places.size else np.asarray([index.size - 1], np.int64)


def _on_block(
    block: NDArray[Any],
    above_map: NDArray[Any] | None = None,
    *,
    below: float | None,
    ends: NDArray[np.int64],
    window: int,
    nodata: float,
    engine: str,
    above: ArrayLike | None = None,
) -> NDArray[np.float32]:
    """Count in one block; days, longest and current follow each other along the first axis."""
    values = as_float(block, nodata)
    limit = above_map if above_map is not None else above
    with np.errstate(invalid="ignore"):
        state = (values < below if below is not None else values > limit).astype(np.int8)
    state[~np.isfinite(values)] = -1
    if above_map is not None:
        state[:, ~np.isfinite(above_map)] = -1
    days = np.full((ends.size, values.shape[1]), np.nan, np.float32)
    for row, end in enumerate(ends):
        part = state[end - window + 1 : end + 1]
        days[row] = np.where((part >= 0).all(axis=0), (part == 1).sum(axis=0), np.nan)
    if engine == "hdc":
        both = _hdc(state, ends, window)
    else:
        from .kernels import spells as kernel

        both = kernel.runs(state, ends, window)
    return np.concatenate([days, both[0], both[1]])


def _hdc(state: NDArray[np.int8], ends: NDArray[np.int64], window: int) -> NDArray[np.float32]:
    """Let hdc-algo find the longest and the current run of each window."""
    engines.load("hdc.algo")
    lroo = engines.load("hdc.algo.ops").lroo
    out = np.full((2, ends.size, state.shape[1]), np.nan, np.float32)
    for row, end in enumerate(ends):
        part = state[end - window + 1 : end + 1]
        known = (part >= 0).all(axis=0)
        ones = part == 1
        longest = lroo(np.ascontiguousarray(ones.T).astype(np.uint8)).astype(np.float32)
        longest[(longest == 0) & ones.any(axis=0)] = 1
        days = pd.date_range("2000-01-01", periods=window)
        series = xr.DataArray(
            ones.astype(np.float32), dims=("time", "pixel"), coords={"time": days}
        )
        current = series.hdc.algo.croo().to_numpy()
        out[0, row] = np.where(known, longest, np.nan)
        out[1, row] = np.where(known, current, np.nan)
    return out


def _percentile_on_block(
    block: NDArray[Any],
    *,
    q: float,
    wet: float,
    used: NDArray[np.bool_],
    fewest: int,
    nodata: float,
) -> NDArray[np.float32]:
    values = as_float(block, nodata)[used]
    with np.errstate(invalid="ignore"):
        rain = np.where(values >= wet, values, np.nan)
    enough = np.isfinite(rain).sum(axis=0) >= fewest
    out = np.full(values.shape[1], np.nan, np.float32)
    if enough.any():
        out[enough] = np.nanpercentile(rain[:, enough], q, axis=0)
    return out
