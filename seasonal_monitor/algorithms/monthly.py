"""Months out of dekads."""

from __future__ import annotations

import xarray as xr

from . import calendar
from .rolling import rolling_sum


def months_from_dekads(data: xr.DataArray, *, nodata: float | None = None) -> xr.DataArray:
    """Add up the three dekads of each month, as WFP's r1h in its third dekad.

    Parameters
    ----------
    data : xr.DataArray
        Consecutive dekads with dates.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.

    Returns
    -------
    xr.DataArray
        In the unit of `data`, one step for each whole month, labelled with its first day; NaN
        where one of its dekads is a gap.
    """
    summed = rolling_sum(data, n=3, nodata=nodata)
    index = calendar.index_of(summed)
    last = calendar.serial(index, "dekad") % 3 == 2
    last[:2] = False  # these sums are not whole
    months = index[last].to_period("M").to_timestamp()
    return summed.isel(time=last.nonzero()[0]).assign_coords(time=months)
