"""The Whittaker smoother with second differences, many pixels at a time.

For each pixel it minimises ``sum(w * (y - z)**2) + lam * sum(diff(z, 2)**2)`` (Eilers 2003). The
system is symmetric, positive definite and has five diagonals, so one LDL' sweep forward and one
backward solve it in O(n). Sixteen pixels go through the sweeps side by side: the recursion
along time cannot be run in parallel, but neighbours can.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compile import kernel

LANES = 16
"""Pixels that are solved side by side; a few vector registers of float64."""

ROUNDS = 10
"""Most rounds of asymmetric weights for one lambda (Atzberger & Eilers 2011)."""


@kernel
def _load(
    values: NDArray[Any],
    nodata: float,
    first: int,
    count: int,
    y: NDArray[Any],
    w: NDArray[Any],
    usable: NDArray[Any],
) -> None:
    """Copy a block of pixels, with weight 0 and value 0 where there is a gap."""
    steps = values.shape[0]
    for lane in range(LANES):
        usable[lane] = 0.0
    for step in range(steps):
        for lane in range(LANES):
            value = 0.0
            weight = 0.0
            if lane < count:
                found = float(values[step, first + lane])
                if np.isfinite(found) and found != nodata:
                    value = found
                    weight = 1.0
            y[step, lane] = value
            w[step, lane] = weight
            usable[lane] += weight
    # A lane with fewer than two values has no answer; ones keep its system solvable.
    for lane in range(LANES):
        if usable[lane] < 2.0:
            for step in range(steps):
                w[step, lane] = 1.0


@kernel
def _solve(
    y: NDArray[Any],
    w: NDArray[Any],
    lam: NDArray[Any],
    r: NDArray[Any],
    c: NDArray[Any],
    z: NDArray[Any],
) -> None:
    """Solve one block for z; r (reciprocal pivots) and c (first off-diagonal) are work space."""
    n = y.shape[0]
    for k in range(LANES):
        s = lam[k]
        r[0, k] = 1.0 / (w[0, k] + s)
        c[0, k] = -2.0 * s * r[0, k]
        z[0, k] = w[0, k] * y[0, k]
        # The second row, and the last two, have other numbers than the middle.
        a = 5.0 * s if n > 3 else 4.0 * s
        b = -4.0 * s if n > 3 else -2.0 * s
        e0 = s * r[0, k]
        pivot = w[1, k] + a + 2.0 * s * c[0, k]
        r[1, k] = 1.0 / pivot
        c[1, k] = (b + 2.0 * s * e0) * r[1, k]
        z[1, k] = w[1, k] * y[1, k] - c[0, k] * z[0, k]
    for i in range(2, n):
        a_i = 6.0
        b_i = -4.0
        if i == n - 2:
            a_i = 5.0
            b_i = -2.0
        elif i == n - 1:
            a_i = 1.0
            b_i = 0.0
        for k in range(LANES):
            s = lam[k]
            # c holds l(i, i-1) = m / d; m is what the pivot needs beside it.
            back = c[i - 1, k]
            far = s * r[i - 2, k]
            middle = back / r[i - 1, k]
            pivot = w[i, k] + a_i * s - back * middle - far * s
            r[i, k] = 1.0 / pivot
            c[i, k] = (b_i * s - s * back) * r[i, k]
            z[i, k] = w[i, k] * y[i, k] - back * z[i - 1, k] - far * z[i - 2, k]
    for k in range(LANES):
        z[n - 1, k] = z[n - 1, k] * r[n - 1, k]
        z[n - 2, k] = z[n - 2, k] * r[n - 2, k] - c[n - 2, k] * z[n - 1, k]
    for i in range(n - 3, -1, -1):
        for k in range(LANES):
            z[i, k] = r[i, k] * (z[i, k] - lam[k] * z[i + 2, k]) - c[i, k] * z[i + 1, k]


@kernel
def _reweigh(
    y: NDArray[Any], z: NDArray[Any], w: NDArray[Any], base: NDArray[Any], p: float
) -> int:
    """Give weight p above the curve and 1 - p at or below it; count what changed."""
    changed = 0
    for i in range(y.shape[0]):
        for k in range(LANES):
            weight = base[i, k] * (p if y[i, k] > z[i, k] else 1.0 - p)
            if weight != w[i, k]:
                changed += 1
                w[i, k] = weight
    return changed


@kernel
def _fit(
    y: NDArray[Any],
    w: NDArray[Any],
    base: NDArray[Any],
    lam: NDArray[Any],
    p: float,
    r: NDArray[Any],
    c: NDArray[Any],
    z: NDArray[Any],
) -> None:
    """Solve one block, with asymmetric weights when p is between 0 and 1."""
    _solve(y, w, lam, r, c, z)
    if p > 0.0:
        for _ in range(ROUNDS):
            if _reweigh(y, z, w, base, p) == 0:
                break
            _solve(y, w, lam, r, c, z)


@kernel
def _measure(
    y: NDArray[Any], w: NDArray[Any], z: NDArray[Any], misfit: NDArray[Any], rough: NDArray[Any]
) -> None:
    """Take both axes of the V-curve: log of the weighted misfit, and of the roughness.

    The weights are those of the observations, not the asymmetric ones: an envelope's misfit
    counts what is below it as much as what is above, as in WFP's products.
    """
    n = y.shape[0]
    for k in range(LANES):
        misfit[k] = 0.0
        rough[k] = 0.0
    for i in range(n):
        for k in range(LANES):
            gap = y[i, k] - z[i, k]
            misfit[k] += w[i, k] * gap * gap
    for i in range(n - 2):
        for k in range(LANES):
            bend = z[i, k] - 2.0 * z[i + 1, k] + z[i + 2, k]
            rough[k] += bend * bend
    for k in range(LANES):
        misfit[k] = np.log(max(misfit[k], 1e-300))
        rough[k] = np.log(max(rough[k], 1e-300))


@kernel
def fixed(
    values: NDArray[Any], nodata: float, lam: NDArray[Any], p: float, out: NDArray[Any]
) -> None:
    """Smooth with a lambda that is given for each pixel.

    Parameters
    ----------
    values : array, shape (time, pixel)
        Observations. A value that is not finite or equals `nodata` is a gap.
    nodata : float
        NaN when there is none.
    lam : float64 array, shape (pixel,)
        Smoothing parameters, greater than 0; NaN makes the pixel NaN.
    p : float
        Asymmetry, the expectile of the envelope; 0 for the plain smoother.
    out : array, shape (time, pixel)
        Receives the curve, or NaN where a pixel has fewer than two values.
    """
    n, pixels = values.shape
    y = np.empty((n, LANES))
    w = np.empty((n, LANES))
    base = np.empty((n, LANES))
    r = np.empty((n, LANES))
    c = np.empty((n, LANES))
    z = np.empty((n, LANES))
    usable = np.empty(LANES)
    lams = np.ones(LANES)
    for first in range(0, pixels, LANES):
        count = min(LANES, pixels - first)
        _load(values, nodata, first, count, y, w, usable)
        for k in range(count):
            given = lam[first + k]
            lams[k] = given if given > 0.0 and np.isfinite(given) else 1.0
            if not (given > 0.0 and np.isfinite(given)):
                usable[k] = 0.0
        if p > 0.0:
            base[:] = w
        _fit(y, w, base, lams, p, r, c, z)
        for i in range(n):
            for k in range(count):
                out[i, first + k] = z[i, k] if usable[k] >= 2.0 else np.nan


@kernel
def v_curve(
    values: NDArray[Any],
    nodata: float,
    grid: NDArray[Any],
    p: float,
    out: NDArray[Any],
    chosen: NDArray[Any],
) -> None:
    """Smooth with the lambda at the bottom of each pixel's V-curve.

    The V-curve (Frasso & Eilers 2015) is the speed along the L-curve of log misfit against log
    roughness, over log lambda. It is taken between neighbours of the grid, so the answer is
    halfway between two of them.

    Parameters
    ----------
    values, nodata, p, out
        As in :func:`fixed`.
    grid : float64 array, shape (m,)
        log10 of the lambdas to try, ascending, at least two.
    chosen : array, shape (pixel,)
        Receives log10 of the lambda, or NaN.
    """
    n, pixels = values.shape
    y = np.empty((n, LANES))
    w = np.empty((n, LANES))
    base = np.empty((n, LANES))
    r = np.empty((n, LANES))
    c = np.empty((n, LANES))
    z = np.empty((n, LANES))
    usable = np.empty(LANES)
    lams = np.empty(LANES)
    best = np.empty(LANES)
    where = np.empty(LANES)
    misfit = np.empty(LANES)
    rough = np.empty(LANES)
    last_misfit = np.empty(LANES)
    last_rough = np.empty(LANES)
    for first in range(0, pixels, LANES):
        count = min(LANES, pixels - first)
        _load(values, nodata, first, count, y, w, usable)
        base[:] = w
        best[:] = np.inf
        where[:] = grid[0]
        for m in range(grid.size):
            lams[:] = 10.0 ** grid[m]
            _fit(y, w, base, lams, p, r, c, z)
            _measure(y, base, z, misfit, rough)
            if m > 0:
                for k in range(LANES):
                    speed = np.hypot(misfit[k] - last_misfit[k], rough[k] - last_rough[k])
                    speed /= grid[m] - grid[m - 1]
                    if speed < best[k]:
                        best[k] = speed
                        where[k] = 0.5 * (grid[m] + grid[m - 1])
            last_misfit[:] = misfit
            last_rough[:] = rough
        for k in range(LANES):
            lams[k] = 10.0 ** where[k]
        w[:] = base
        _fit(y, w, base, lams, p, r, c, z)
        for k in range(count):
            chosen[first + k] = where[k] if usable[k] >= 2.0 else np.nan
        for i in range(n):
            for k in range(count):
                out[i, first + k] = z[i, k] if usable[k] >= 2.0 else np.nan


def smooth(
    values: NDArray[Any],
    *,
    nodata: float = np.nan,
    lam: float | NDArray[Any] | None = None,
    grid: NDArray[Any] | None = None,
    p: float | None = None,
    out: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Smooth pixels with a given lambda, or with the V-curve's.

    Parameters
    ----------
    values : array, shape (time, pixel)
        Observations.
    nodata : float
        Value that marks a gap; NaN is always one.
    lam : float or array of shape (pixel,), optional
        Smoothing parameter; without it `grid` is searched.
    grid : array, optional
        log10 of the lambdas to try.
    p : float, optional
        Expectile of the envelope.
    out : tuple of float32 arrays, optional
        Receive the answer of a search, so that a caller need not copy it.

    Returns
    -------
    tuple of float32 arrays
        The curves, shape (time, pixel), and log10 of the lambda, shape (pixel,).
    """
    pixels = values.shape[1]
    data = np.ascontiguousarray(values)
    asymmetry = 0.0 if p is None else float(p)
    if data.dtype.kind == "f":
        with np.errstate(over="ignore"):
            nodata = data.dtype.type(nodata)  # as the values hold it, such as -99.9
    if grid is not None:
        curve, chosen = out or (np.empty(data.shape, np.float32), np.empty(pixels, np.float32))
        v_curve(data, float(nodata), np.asarray(grid, np.float64), asymmetry, curve, chosen)
        return curve, chosen
    lams = np.ascontiguousarray(np.broadcast_to(np.asarray(lam, np.float64), (pixels,)))
    curve = np.empty(data.shape, np.float32)
    fixed(data, float(nodata), lams, asymmetry, curve)
    with np.errstate(divide="ignore", invalid="ignore"):
        return curve, np.log10(lams).astype(np.float32)
