"""The algorithms as one writes them first, to measure against."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import sparse, stats
from scipy.sparse.linalg import spsolve


def smooth(data: xr.DataArray, lam: float, grid: NDArray[np.float64] | None = None) -> xr.DataArray:
    """Smooth pixel by pixel with a sparse solve; with a grid, by the V-curve.

    Parameters
    ----------
    data : xr.DataArray
        int16, gaps are -3000.
    lam : float
        Smoothing parameter, without a grid.
    grid : array, optional
        log10 of the lambdas to try.

    Returns
    -------
    xr.DataArray
        The curves.
    """
    steps = data.sizes["time"]
    bend = sparse.diags([1.0, -2.0, 1.0], [0, 1, 2], shape=(steps - 2, steps))
    penalty = (bend.T @ bend).tocsc()

    def solve(y: NDArray[Any], w: NDArray[Any], lam: float) -> NDArray[np.float64]:
        curve: NDArray[np.float64] = spsolve((sparse.diags(w) + lam * penalty).tocsc(), w * y)
        return curve

    def pixel(series: NDArray[Any]) -> NDArray[np.float64]:
        w = (series != -3000).astype(float)
        y = series.astype(float)
        if grid is None:
            return solve(y, w, lam)
        curves = [solve(y, w, 10.0**s) for s in grid]
        misfit = np.log([(w * (y - z) ** 2).sum() for z in curves])
        rough = np.log([(np.diff(z, 2) ** 2).sum() for z in curves])
        speed = np.hypot(np.diff(misfit), np.diff(rough)) / np.diff(grid)
        best = int(speed.argmin())
        return solve(y, w, 10.0 ** ((grid[best] + grid[best + 1]) / 2))

    return xr.apply_ufunc(
        pixel, data, input_core_dims=[["time"]], output_core_dims=[["time"]], vectorize=True
    )


def spi(data: xr.DataArray, n: int) -> xr.DataArray:
    """Fit each pixel and dekad of the year with scipy.

    Parameters
    ----------
    data : xr.DataArray
        Whole years of dekads.
    n : int
        Dekads in a sum.

    Returns
    -------
    xr.DataArray
        The index.
    """

    def pixel(series: NDArray[Any]) -> NDArray[np.float64]:
        out = np.full(series.size, np.nan)
        for group in range(36):
            values = series[group::36]
            known = values[np.isfinite(values)]
            wet = known[known > 0]
            shape, _, scale = stats.gamma.fit(wet, floc=0)
            dry = 1 - wet.size / known.size
            probability = dry + (1 - dry) * stats.gamma.cdf(values, shape, scale=scale)
            out[group::36] = stats.norm.ppf(probability)
        return out

    sums = data.rolling(time=n).sum()
    return xr.apply_ufunc(
        pixel, sums, input_core_dims=[["time"]], output_core_dims=[["time"]], vectorize=True
    )
