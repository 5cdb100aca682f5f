"""Mann-Kendall test and Sen's slope of many pixels (Mann 1945, Kendall 1975, Sen 1968)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compile import kernel


@kernel
def trend_of_pixels(
    values: NDArray[Any], nodata: float, when: NDArray[Any], fewest: int, out: NDArray[Any]
) -> None:
    """Test each pixel for a monotonic trend.

    Parameters
    ----------
    values : array, shape (time, pixel)
        Observations. Not finite or equal to `nodata` is a gap and is left out.
    nodata : float
        NaN when there is none.
    when : float64 array, shape (time,)
        Time of each step, ascending, in the unit that the slope is per.
    fewest : int
        Observations that a pixel needs.
    out : float64 array, shape (4, pixel)
        Receives tau, p value, slope, intercept at time 0; NaN where there are too few.
    """
    steps, pixels = values.shape
    y = np.empty(steps)
    t = np.empty(steps)
    slopes = np.empty(steps * (steps - 1) // 2)
    for j in range(pixels):
        n = 0
        for i in range(steps):
            x = float(values[i, j])
            if np.isfinite(x) and x != nodata:
                y[n] = x
                t[n] = when[i]
                n += 1
        if n < fewest:
            out[:, j] = np.nan
            continue
        s = 0
        m = 0
        for i in range(n - 1):
            for k in range(i + 1, n):
                rise = y[k] - y[i]
                s += (rise > 0.0) - (rise < 0.0)
                slopes[m] = rise / (t[k] - t[i])
                m += 1
        # The variance of S is smaller where values are tied.
        ordered = np.sort(y[:n])
        variance = n * (n - 1.0) * (2.0 * n + 5.0)
        run = 1
        for i in range(1, n + 1):
            if i < n and ordered[i] == ordered[i - 1]:
                run += 1
            else:
                variance -= run * (run - 1.0) * (2.0 * run + 5.0)
                run = 1
        variance /= 18.0
        z = 0.0
        if variance > 0.0 and s != 0:
            z = (s - 1 if s > 0 else s + 1) / math.sqrt(variance)
        slope = np.median(slopes[:m])
        out[0, j] = s / m
        out[1, j] = math.erfc(abs(z) / math.sqrt(2.0))
        out[2, j] = slope
        out[3, j] = np.median(y[:n]) - slope * np.median(t[:n])


def trends(
    values: NDArray[Any],
    when: NDArray[np.float64],
    *,
    nodata: float = np.nan,
    fewest: int = 4,
) -> NDArray[np.float64]:
    """Test pixels for a trend; see :func:`trend_of_pixels`.

    Parameters
    ----------
    values : array, shape (time, pixel)
        Observations.
    when : float64 array, shape (time,)
        Time of each step.
    nodata : float
        Value that marks a gap; NaN is always one.
    fewest : int
        Observations that a pixel needs.

    Returns
    -------
    float64 array, shape (4, pixel)
        tau, p value, slope and intercept.
    """
    out = np.empty((4, values.shape[1]))
    trend_of_pixels(np.ascontiguousarray(values), float(nodata), when, fewest, out)
    return out
