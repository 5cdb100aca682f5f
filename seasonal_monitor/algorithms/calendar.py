"""What algorithms ask of a time axis: groups of the year, calibration years, completeness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from seasonal_monitor.errors import ParameterError

NUMBER = {"dekad": 36, "month": 12}
"""Groups of a year."""


def index_of(data: xr.DataArray) -> pd.DatetimeIndex:
    """Give the dates of the steps.

    Raises
    ------
    ParameterError
        When there are none, they are not dates, not ascending, or doubled.
    """
    if "time" not in data.coords:
        raise ParameterError(
            "data",
            "Its time has no dates.",
            "Give a DataArray with a time coordinate of dates, or groups.",
        )
    index = data.indexes.get("time")
    if not isinstance(index, pd.DatetimeIndex):
        raise ParameterError(
            "data", "Its time is not of dates.", "Make them datetime64: pandas.to_datetime()."
        )
    if not index.is_monotonic_increasing:
        raise ParameterError(
            "data", "Its dates are not in order.", "Sort them: data.sortby('time')."
        )
    if index.has_duplicates:
        twice = index[index.duplicated()][0]
        raise ParameterError(
            "data",
            f"The date {twice:%Y-%m-%d} is there twice.",
            "Keep one of them, or load with groupby='solar_day'.",
        )
    return index


def dekad_of_year(index: pd.DatetimeIndex) -> NDArray[np.int64]:
    """Give the dekad of the year, 0 to 35; days 1-10, 11-20 and 21 to the month's end."""
    third = np.minimum((index.day.to_numpy() - 1) // 10, 2)
    number: NDArray[np.int64] = ((index.month.to_numpy() - 1) * 3 + third).astype(np.int64)
    return number


def dekad_start(number: NDArray[np.int64]) -> pd.DatetimeIndex:
    """Give the first days of dekads that are numbered ``year * 36 + dekad of the year``."""
    year, dekad = np.divmod(number, 36)
    month, third = np.divmod(dekad, 3)
    return pd.DatetimeIndex(
        pd.to_datetime({"year": year, "month": month + 1, "day": third * 10 + 1})
    )


def serial(index: pd.DatetimeIndex, by: str) -> NDArray[np.int64]:
    """Count dekads or months through the years, so that neighbours differ by 1."""
    year = index.year.to_numpy().astype(np.int64)
    within = dekad_of_year(index) if by == "dekad" else index.month.to_numpy() - 1
    numbers: NDArray[np.int64] = year * NUMBER[by] + within
    return numbers


def groups_of(
    data: xr.DataArray, by: str, groups: ArrayLike | None = None
) -> tuple[int, NDArray[np.int64]]:
    """Give each step its group of the year.

    Parameters
    ----------
    data : xr.DataArray
        Has dates, unless `groups` is given.
    by : "dekad" or "month"
        What a step is; two steps in one are refused.
    groups : array-like of int, optional
        Any labels, one for each step.

    Returns
    -------
    tuple of int and array
        Number of groups, and the group of each step from 0.
    """
    if groups is not None:
        labels = np.asarray(groups)
        if labels.shape != (data.sizes["time"],):
            raise ParameterError(
                "groups",
                f"There are {labels.size} for {data.sizes['time']} steps in time.",
                "Give one label for each step.",
            )
        names, dense = np.unique(labels, return_inverse=True)
        return names.size, dense.astype(np.int64)
    if by not in NUMBER:
        raise ParameterError("by", f"{by!r} is not known.", "Use dekad or month.")
    index = index_of(data)
    steps = serial(index, by)
    twice = np.flatnonzero(np.diff(steps) == 0)
    if twice.size:
        raise ParameterError(
            "by",
            f"{index[twice[0]]:%Y-%m-%d} and {index[twice[0] + 1]:%Y-%m-%d} are in one {by}.",
            f"Make one step for each {by} first, or choose another way to group.",
        )
    return NUMBER[by], steps % NUMBER[by]


def years_of(data: xr.DataArray) -> NDArray[np.int64]:
    """Give the year of each step."""
    years: NDArray[np.int64] = index_of(data).year.to_numpy().astype(np.int64)
    return years


def calibration_of(
    data: xr.DataArray,
    baseline: tuple[int, int] | Sequence[int] | None,
    calibration: ArrayLike | None = None,
) -> NDArray[np.bool_]:
    """Mark the steps of the baseline.

    Parameters
    ----------
    data : xr.DataArray
        Has dates when `baseline` is given.
    baseline : tuple of int, optional
        First and last year, both included; all steps without it.
    calibration : array-like of bool, optional
        The marks themselves.

    Returns
    -------
    bool array

    Raises
    ------
    ParameterError
        When the data does not reach over the baseline.
    """
    if calibration is not None:
        marks = np.asarray(calibration, bool)
        if marks.shape != (data.sizes["time"],):
            raise ParameterError(
                "calibration",
                f"There are {marks.size} marks for {data.sizes['time']} steps.",
                "Give one for each step.",
            )
        return marks
    if baseline is None:
        return np.ones(data.sizes["time"], bool)
    first, last = (int(year) for year in baseline)
    if first > last:
        raise ParameterError(
            "baseline",
            f"It begins in {first}, after its end in {last}.",
            "Give the earlier year first.",
        )
    years = years_of(data)
    if first < years[0] or last > years[-1]:
        raise ParameterError(
            "baseline",
            f"The data has the years {years[0]}-{years[-1]}, which do not cover {first}-{last}.",
            "Load more years, or choose a baseline within them.",
        )
    return (years >= first) & (years <= last)


def check_consecutive(data: xr.DataArray) -> None:
    """Refuse dekads or months of which one is missing; without dates nothing can be said.

    Raises
    ------
    ParameterError
        Names the first that is missing.
    """
    if "time" not in data.coords or data.sizes["time"] < 2:
        return
    index = index_of(data)
    for by in ("month", "dekad"):
        steps = serial(index, by)
        jumps = np.diff(steps)
        if (jumps >= 1).all():
            holes = np.flatnonzero(jumps > 1)
            if holes.size:
                after = index[holes[0]]
                raise ParameterError(
                    "data",
                    f"After {after:%Y-%m-%d} a {by} is missing; a sum over it is too small.",
                    "Fill it with NaN: data.reindex(time=…).",
                )
            return


def years_since_first(index: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Give times in years of 365.25 days, for slopes per year."""
    days = (index - index[0]) / pd.Timedelta(days=1)
    return np.asarray(days, np.float64) / 365.25
