"""Clear pixels and NDVI of Sentinel-2 level 2A scenes.

References
----------
ESA, "Sentinel-2 level-2A algorithm theoretical basis": the scene classification layer (SCL).

Roberts, Mueller and McIntyre (2017), "High-dimensional pixel composites from Earth observation
time series", IEEE Transactions on Geoscience and Remote Sensing 55: the geomedian.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from seasonal_monitor.errors import ParameterError

from . import calendar, engines
from .gaps import as_float
from .pixelwise import NewAxis, over_time

CLOUDY = (3, 8, 9, 10)
"""SCL classes: cloud shadow, cloud of medium and high probability, thin cirrus."""

NO_DATA = (0, 1)
"""SCL classes: nothing seen, and saturated or defective pixels."""


def clear(scl: xr.DataArray, *, cloudy: Sequence[int] = CLOUDY) -> xr.DataArray:
    """Mark the pixels that show the ground.

    Parameters
    ----------
    scl : xr.DataArray
        Scene classification, 0 to 11.
    cloudy : sequence of int
        Classes to leave out; those without data are always left out.

    Returns
    -------
    xr.DataArray
        bool.
    """
    out_of_range = [value for value in cloudy if not 0 <= value <= 11]
    if out_of_range:
        raise ParameterError(
            "cloudy", f"There is no class {out_of_range[0]}.", "Give classes from 0 to 11."
        )
    whole = scl.fillna(0) if scl.dtype.kind == "f" else scl
    out = ~whole.isin([*NO_DATA, *cloudy])
    out.attrs = {"long_name": "clear", "left_out": ", ".join(map(str, sorted({*NO_DATA, *cloudy})))}
    return out


def ndvi(red: xr.DataArray, nir: xr.DataArray, *, mask: xr.DataArray | None = None) -> xr.DataArray:
    """Calculate ``(nir - red) / (nir + red)``.

    Parameters
    ----------
    red, nir : xr.DataArray
        Reflectances with scale and offset applied. The offset matters here: since processing
        baseline 04.00 stored numbers are 1000 too large, which a ratio does not forgive.
    mask : xr.DataArray, optional
        From :func:`clear`; elsewhere the result is NaN.

    Returns
    -------
    xr.DataArray
        float32, -1 to 1; NaN where one of both is, or their sum is not greater than 0.
    """
    if red.dtype.kind != "f" or nir.dtype.kind != "f":
        raise ParameterError(
            "red",
            "Stored whole numbers are no reflectances.",
            "Load them with scale and offset applied.",
        )
    total = nir + red
    out = ((nir - red) / total.where(total > 0)).clip(-1, 1).astype(np.float32)
    if mask is not None:
        out = out.where(mask)
    out.name = "ndvi"
    out.attrs = {"long_name": "NDVI", "units": "1", "valid_range": [-1, 1], "algorithm": "NDVI"}
    return out


def monthly_median(data: xr.DataArray) -> xr.DataArray:
    """Take the median of each month.

    Parameters
    ----------
    data : xr.DataArray
        Scenes with dates; NaN where it is not clear.

    Returns
    -------
    xr.DataArray
        float32, one step for each month from the first to the last, labelled with its first day;
        NaN where a month has no clear value.
    """
    serial, starts = _months_of(data)
    work = partial(_median_on_block, serial=serial, number=starts.size)
    out = over_time(work, data, label="monthly-median", result=NewAxis("time", starts))
    out.attrs = {**data.attrs, "composite": "monthly median"}
    return out


def monthly_geomedian(data: xr.Dataset) -> xr.Dataset:
    """Take the geometric median of each month, of all bands together.

    A median of each band by itself mixes days, so that ratios of bands are of no day; the
    geomedian is one point in the space of the bands, the one nearest to all days.

    Parameters
    ----------
    data : xr.Dataset
        A reflectance for each band, scenes with dates. A scene counts at a pixel where no band
        is NaN.

    Returns
    -------
    xr.Dataset
        The same bands, float32, one step for each month from the first to the last, labelled
        with its first day; NaN where a month has no clear scene. Accurate to about 1e-4.

    Raises
    ------
    ParameterError
        When geomad is not installed.
    """
    engine = engines.choose("geomad", ("geomad",))
    serial, starts = _months_of(data)
    stacked = data.to_dataarray("band").transpose("time", "band", ...)
    if stacked.chunks is not None:
        stacked = stacked.chunk(band=-1)
    work = partial(
        _geomedian_on_block, serial=serial, number=starts.size, bands=stacked.sizes["band"]
    )
    out = over_time(work, stacked, label="monthly-geomedian", result=NewAxis("time", starts))
    bands = out.to_dataset("band")
    for name in bands:
        extra = {"composite": "monthly geomedian", "engine": engines.label(engine)}
        bands[name].attrs = {**data[name].attrs, **extra}
    return bands


def _months_of(data: xr.DataArray | xr.Dataset) -> tuple[NDArray[np.int64], pd.DatetimeIndex]:
    """Give the number of each step's month, from the first one on, and the months' first days."""
    serial = calendar.serial(calendar.index_of(data), "month")
    months = np.arange(serial[0], serial[-1] + 1)
    year, month = np.divmod(months, 12)
    starts = pd.DatetimeIndex(pd.to_datetime({"year": year, "month": month + 1, "day": 1}))
    return serial - serial[0], starts


def _geomedian_on_block(
    block: NDArray[Any], *, serial: NDArray[np.int64], number: int, bands: int
) -> NDArray[np.float32]:
    """Give (month, bands and pixels) for (time, bands and pixels), the bands outermost."""
    geomad = engines.load("geomad")
    values = as_float(block).astype(np.float32, copy=False).reshape(len(block), bands, -1)
    values = np.where(np.isfinite(values).all(axis=1, keepdims=True), values, np.nan)
    out = np.full((number, bands, values.shape[2]), np.nan, np.float32)
    for month in np.unique(serial):
        part = values[serial == month]
        seen = np.isfinite(part[:, 0]).any(axis=0)
        if seen.any():
            # As the library has it: rows, columns, bands, dates.
            cube = np.ascontiguousarray(part[:, :, seen].transpose(2, 1, 0)[None])
            found = geomad.nangeomedian_pcm(cube, eps=1e-5, maxiters=1000, num_threads=1)
            out[month][:, seen] = found[0].T
    return out.reshape(number, -1)


def _median_on_block(
    block: NDArray[Any], *, serial: NDArray[np.int64], number: int
) -> NDArray[np.float32]:
    values = as_float(block)
    out = np.full((number, values.shape[1]), np.nan, np.float32)
    for month in np.unique(serial):
        part = values[serial == month]
        seen = np.isfinite(part).any(axis=0)
        if seen.any():
            out[month, seen] = np.nanmedian(part[:, seen], axis=0)
    return out
