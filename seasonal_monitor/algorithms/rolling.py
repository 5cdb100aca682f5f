"""Sums over the last dekads or months."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from seasonal_monitor.errors import ParameterError

from . import calendar
from .gaps import as_float, nodata_of
from .pixelwise import numpy_too, over_time


@numpy_too
def rolling_sum(data: xr.DataArray, n: int, *, nodata: float | None = None) -> xr.DataArray:
    """Add up each step and the `n` - 1 before it.

    Parameters
    ----------
    data : xr.DataArray
        Consecutive dekads or months, none missing.
    n : int
        Steps in a sum, for example 3 dekads for one month (``r1h``).
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.

    Returns
    -------
    xr.DataArray
        Floating point, on the same steps, labelled with the start of the last one. NaN in the
        first `n` - 1 steps, and where one of the steps is a gap.
    """
    if n < 1:
        raise ParameterError("n", f"{n} is no number of steps.", "Give 1 or more.")
    if n > data.sizes.get("time", n):
        raise ParameterError(
            "n",
            f"{n} steps are more than the {data.sizes['time']} of the data.",
            "Load a longer period.",
        )
    calendar.check_consecutive(data)
    dtype = data.dtype if data.dtype.kind == "f" else np.dtype(np.float32)
    work = partial(_on_block, n=n, nodata=nodata_of(data, nodata))
    out = over_time(work, data, label="rolling-sum", dtype=dtype)
    out.attrs = {key: data.attrs[key] for key in ("units", "long_name") if key in data.attrs}
    return out


def _on_block(block: NDArray[Any], *, n: int, nodata: float) -> NDArray[Any]:
    return rolled(as_float(block, nodata), n)


def rolled(values: NDArray[Any], n: int) -> NDArray[Any]:
    """Add up the last `n` steps of each pixel.

    Parameters
    ----------
    values : float array, shape (time, pixel)
        NaN is a gap.
    n : int
        Steps in a sum.

    Returns
    -------
    float array, shape (time, pixel)
        The same dtype. Each sum is taken anew from its own terms, so that no rounding error
        of earlier steps is carried along.
    """
    if n == 1:
        return values
    out = np.full(values.shape, np.nan, values.dtype)
    steps = values.shape[0] - n + 1
    if steps < 1:
        return out
    total = values[:steps].copy()
    for shift in range(1, n):
        total += values[shift : shift + steps]
    out[n - 1 :] = total
    return out
