"""What counts as a gap, and how results are packed into integers."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from seasonal_monitor.errors import ParameterError

INT16_NODATA = -32768
"""Marks a gap in packed results; no index or smoothed value comes near it."""


def nodata_of(data: xr.DataArray, given: float | None = None) -> float:
    """Find the value that marks a gap.

    Parameters
    ----------
    data : xr.DataArray
        Its attributes ``nodata`` or ``_FillValue`` may name one. What its encoding says is of
        the file, before its values were scaled.
    given : float, optional
        Overrides them.

    Returns
    -------
    float
        The value, or NaN when only NaN marks gaps.
    """
    for found in (
        given,
        data.attrs.get("nodata"),
        data.attrs.get("_FillValue"),
    ):
        if found is not None:
            return float(found)
    return float("nan")


def as_float(values: NDArray[Any], nodata: float = np.nan) -> NDArray[Any]:
    """Give numbers as float32 (float64 stays) with NaN at the gaps.

    Parameters
    ----------
    values : array
        Any real dtype.
    nodata : float
        Value that marks a gap; NaN is always one.

    Returns
    -------
    float array
        A copy only where something had to change.
    """
    out = values if values.dtype.kind == "f" else values.astype(np.float32)
    if not np.isnan(nodata):
        out = np.where(values == nodata, out.dtype.type(np.nan), out)
    return out


def pack(data: xr.DataArray, scale: float) -> xr.DataArray:
    """Store numbers as int16, as archives do.

    Parameters
    ----------
    data : xr.DataArray
        Floating point; NaN is a gap.
    scale : float
        What a stored 1 is worth, for example 0.001 for an index times 1000.

    Returns
    -------
    xr.DataArray
        int16, rounded, with the attributes ``scale_factor`` and ``nodata`` that say how to
        read it. What does not fit becomes the largest or smallest number that does.
    """
    if scale <= 0:
        raise ParameterError("scale", f"{scale:g} is no scale.", "Give a number greater than 0.")

    def packed(values: NDArray[Any]) -> NDArray[np.int16]:
        whole = np.clip(np.rint(values / scale), -32767, 32767)
        return np.where(np.isnan(whole), INT16_NODATA, whole).astype(np.int16)

    values = (
        packed(data.to_numpy())
        if data.chunks is None
        else data.data.map_blocks(packed, dtype=np.int16, token="pack")  # noqa: S106  (a name, no secret)
    )
    out = data.copy(data=values)
    out.attrs |= {"scale_factor": scale, "nodata": INT16_NODATA}
    return out
