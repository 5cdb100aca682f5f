"""Runs of days with a property, in many pixels and windows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compile import kernel


@kernel
def runs_of_windows(
    states: NDArray[Any],
    ends: NDArray[Any],
    window: int,
    longest: NDArray[Any],
    current: NDArray[Any],
) -> None:
    """Find the longest and the last run of ones in windows of days.

    Parameters
    ----------
    states : int8 array, shape (time, pixel)
        1 where a day has the property, 0 where it has not, -1 where it is not known.
    ends : int64 array, shape (windows,)
        Index of each window's last day.
    window : int
        Days in a window.
    longest, current : float32 array, shape (windows, pixel)
        Receive the number of days; NaN where a day of the window is not known or the window
        begins before the data.
    """
    pixels = states.shape[1]
    run = np.zeros(pixels, np.int32)
    most = np.zeros(pixels, np.int32)
    known = np.ones(pixels, np.bool_)
    for e in range(ends.size):
        start = ends[e] - window + 1
        if start < 0:
            longest[e, :] = np.nan
            current[e, :] = np.nan
            continue
        run[:] = 0
        most[:] = 0
        known[:] = True
        for i in range(start, ends[e] + 1):
            for j in range(pixels):
                state = states[i, j]
                run[j] = run[j] + 1 if state == 1 else 0
                most[j] = max(most[j], run[j])
                known[j] &= state >= 0
        for j in range(pixels):
            longest[e, j] = most[j] if known[j] else np.nan
            current[e, j] = run[j] if known[j] else np.nan


def runs(states: NDArray[np.int8], ends: NDArray[np.int64], window: int) -> NDArray[np.float32]:
    """Find runs; see :func:`runs_of_windows`.

    Parameters
    ----------
    states : int8 array, shape (time, pixel)
        1, 0, or -1 where it is not known.
    ends : int64 array, shape (windows,)
        Index of each window's last day.
    window : int
        Days in a window.

    Returns
    -------
    float32 array, shape (2, windows, pixel)
        The longest and the current run, in days.
    """
    out = np.empty((2, ends.size, states.shape[1]), np.float32)
    runs_of_windows(np.ascontiguousarray(states), ends, window, out[0], out[1])
    return out
