"""Condition of the vegetation against its own extremes.

References
----------
F. N. Kogan, "Remote sensing of weather impacts on vegetation in non-homogeneous areas",
International Journal of Remote Sensing 11 (1990); "Application of vegetation index and
brightness temperature for drought detection", Advances in Space Research 15 (1995).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from seasonal_monitor.errors import ParameterError

from . import calendar
from .averages import grouped
from .gaps import as_float, nodata_of
from .pixelwise import numpy_too, over_time


@numpy_too
def vci(
    data: xr.DataArray,
    *,
    by: str = "dekad",
    groups: ArrayLike | None = None,
    baseline: tuple[int, int] | None = None,
    calibration: ArrayLike | None = None,
    nodata: float | None = None,
) -> xr.DataArray:
    """Calculate the Vegetation Condition Index: 0 at the baseline's lowest, 100 at its highest.

    Parameters
    ----------
    data : xr.DataArray
        A vegetation index, one step for each dekad or month.
    by : "dekad" or "month"
        What a step is; the extremes are those of the same time of the year.
    groups : array-like of int, optional
        Group of each step, instead of `by`.
    baseline : tuple of int, optional
        First and last year of the extremes; all years by default.
    calibration : array-like of bool, optional
        Which steps the extremes are from, instead of `baseline`.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.

    Returns
    -------
    xr.DataArray
        float32, 0 to 100; values outside the baseline's extremes are brought to 0 or 100. NaN at
        gaps and where lowest and highest are equal.
    """
    return _condition(data, by, groups, baseline, calibration, nodata, upside_down=False)


@numpy_too
def tci(
    data: xr.DataArray,
    *,
    by: str = "dekad",
    groups: ArrayLike | None = None,
    baseline: tuple[int, int] | None = None,
    calibration: ArrayLike | None = None,
    nodata: float | None = None,
) -> xr.DataArray:
    """Calculate the Temperature Condition Index: 0 at the baseline's hottest, 100 at its coolest.

    Parameters
    ----------
    data : xr.DataArray
        Land surface temperature, in any unit, one step for each dekad or month.
    by, groups, baseline, calibration, nodata
        As for :func:`vci`.

    Returns
    -------
    xr.DataArray
        float32, 0 to 100; NaN as for :func:`vci`.
    """
    return _condition(data, by, groups, baseline, calibration, nodata, upside_down=True)


def vhi(vegetation: xr.DataArray, temperature: xr.DataArray, *, alpha: float = 0.5) -> xr.DataArray:
    """Calculate the Vegetation Health Index, ``alpha * VCI + (1 - alpha) * TCI``.

    Parameters
    ----------
    vegetation : xr.DataArray
        VCI, 0 to 100.
    temperature : xr.DataArray
        TCI, 0 to 100, on the same grid and steps.
    alpha : float
        Share of the vegetation, 0 to 1.

    Returns
    -------
    xr.DataArray
        0 to 100; NaN where one of the two is.
    """
    if not 0 <= alpha <= 1:
        raise ParameterError("alpha", f"{alpha:g} is no share.", "Give a number from 0 to 1.")
    try:
        vegetation, temperature = xr.align(vegetation, temperature, join="exact")
    except ValueError as error:
        raise ParameterError(
            "temperature",
            "It lies on another grid or other steps than the vegetation.",
            "Load both with the same crs, resolution and dekads.",
        ) from error
    share = np.float32(alpha)
    out = vegetation * share + temperature * (1 - share)
    out.name = "vhi"
    out.attrs = {
        "long_name": "Vegetation Health Index",
        "units": "1",
        "valid_range": [0, 100],
        "algorithm": "VHI",
        "alpha": alpha,
    }
    return out


def _condition(
    data: xr.DataArray,
    by: str,
    groups: ArrayLike | None,
    baseline: tuple[int, int] | None,
    calibration: ArrayLike | None,
    nodata: float | None,
    *,
    upside_down: bool,
) -> xr.DataArray:
    """Share what both indices do."""
    number, group = calendar.groups_of(data, by, groups)
    used = calendar.calibration_of(data, baseline, calibration)
    work = partial(
        _on_block,
        groups=group,
        number=number,
        used=used,
        nodata=nodata_of(data, nodata),
        upside_down=upside_down,
    )
    short = "tci" if upside_down else "vci"
    out = over_time(work, data, label=short).rename(short)
    out.attrs = {
        "long_name": f"{'Temperature' if upside_down else 'Vegetation'} Condition Index",
        "units": "1",
        "valid_range": [0, 100],
        "algorithm": short.upper(),
        "engine": "numpy",
    }
    if baseline is not None:
        out.attrs["baseline"] = f"{baseline[0]}-{baseline[1]}"
    return out


def _on_block(
    block: NDArray[Any],
    *,
    groups: NDArray[np.int64],
    number: int,
    used: NDArray[np.bool_],
    nodata: float,
    upside_down: bool,
) -> NDArray[np.float32]:
    values = as_float(block, nodata)
    basis = np.where(used, groups, -1)
    lowest = grouped(values, basis, number, "min")
    highest = grouped(values, basis, number, "max")
    out = np.empty(values.shape, np.float32)
    for step, group in enumerate(groups):
        low, high = lowest[group], highest[group]
        span = np.where(high > low, high - low, np.nan)
        part = (high - values[step]) if upside_down else (values[step] - low)
        out[step] = np.clip(100.0 * part / span, 0.0, 100.0)
    return out
