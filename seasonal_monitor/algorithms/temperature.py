"""Temperatures in degrees Celsius, whatever an archive keeps them in."""

from __future__ import annotations

import numpy as np
import xarray as xr

from seasonal_monitor.errors import ParameterError

from .gaps import nodata_of

ZERO_CELSIUS = 273.15
"""Kelvin. Some archives take 273 instead; their metadata say so by their offset."""

_KELVIN = ("K", "kelvin", "Kelvin")
_CELSIUS = ("degC", "°C", "C", "Cel", "celsius", "Celsius", "degree_Celsius", "degrees_celsius")


def celsius(data: xr.DataArray) -> xr.DataArray:
    """Bring temperatures to degrees Celsius.

    Parameters
    ----------
    data : xr.DataArray
        Its attribute `units` says kelvin or degrees Celsius; ``nodata`` or ``_FillValue`` may
        mark gaps, besides NaN.

    Returns
    -------
    xr.DataArray
        float32, `units` "degC"; NaN at gaps.

    Raises
    ------
    ParameterError
        When the unit is neither, or missing.
    """
    unit = str(data.attrs.get("units", ""))
    if unit not in (*_KELVIN, *_CELSIUS):
        raise ParameterError(
            "data",
            f"Its unit is {unit!r}, but a temperature is in K or degC.",
            "Choose a temperature, or set the attribute units to what it is in.",
        )
    gap = nodata_of(data)
    out = (data if np.isnan(gap) else data.where(data != gap)).astype(np.float32)
    if unit in _KELVIN:
        out = out - np.float32(ZERO_CELSIUS)
    out.attrs = {k: v for k, v in data.attrs.items() if k not in ("nodata", "_FillValue")}
    return out.assign_attrs(units="degC")
