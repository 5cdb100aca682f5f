"""Smoothing of vegetation indices and other noisy series with gaps (Whittaker smoother).

References
----------
P. H. C. Eilers, "A perfect smoother", Analytical Chemistry 75 (2003); G. Frasso & P. H. C. Eilers,
"L- and V-curves for optimal smoothing", Statistical Modelling 15 (2015); C. Atzberger & P. H. C.
Eilers, "A time series for monitoring vegetation activity and phenology at 10-daily time steps",
International Journal of Digital Earth 4 (2011).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from seasonal_monitor.errors import ParameterError

from . import engines
from .gaps import nodata_of
from .pixelwise import NewAxis, numpy_too, over_time

SRANGE = tuple(np.round(np.arange(-2.0, 2.01, 0.2), 1).tolist())
"""log10 of the lambdas that the V-curve tries by default."""

ENGINES = ("hdc", "numba")


@numpy_too
def smooth(
    data: xr.DataArray,
    *,
    lam: float | None = None,
    sgrid: xr.DataArray | None = None,
    p: float | None = None,
    nodata: float | None = None,
    precision: float | None = None,
    engine: str = "auto",
) -> xr.DataArray:
    """Smooth each pixel's series with a lambda that is known.

    Parameters
    ----------
    data : xr.DataArray
        Any real dtype, at least 3 steps in ``time``, evenly spaced. Gaps get weight 0 and are
        filled by the curve.
    lam : float, optional
        The smoothing parameter, greater than 0; larger is smoother.
    sgrid : xr.DataArray, optional
        log10 of it for each pixel, as :func:`smooth_v_curve` gives and production stores.
    p : float, optional
        Expectile: 0.9 gives the upper envelope that vegetation indices want, since clouds only
        lower them.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.
    precision : float, optional
        Step to which the engine ``hdc`` rounds numbers with a fraction, since it works in int16;
        0.0001 by default. ``auto`` takes that engine for numbers with a fraction only when this
        is given.
    engine : str
        ``auto``, ``hdc`` or ``numba``.

    Returns
    -------
    xr.DataArray
        float32 in the unit of `data`; NaN where a pixel has fewer than 2 values, or no lambda.
        Whole numbers stay rounded to whole numbers with the engine ``hdc``.
    """
    chosen = _check(data, p, precision, engine)
    gap = nodata_of(data, nodata)
    if (lam is None) == (sgrid is None):
        raise ParameterError(
            "lam",
            "There is none, or two.",
            "Give either lam, a number, or sgrid, a map of its log10.",
        )
    if lam is not None and not lam > 0:
        raise ParameterError("lam", f"{lam:g} smooths nothing.", "Give a number greater than 0.")
    maps = () if sgrid is None else (sgrid,)
    work = partial(_fixed, lam=lam, nodata=gap, p=p, engine=chosen, precision=precision)
    out = over_time(work, data, *maps, label="whittaker")
    return _described(out, data, chosen, p)


def smooth_v_curve(
    data: xr.DataArray,
    *,
    srange: ArrayLike = SRANGE,
    p: float | None = None,
    nodata: float | None = None,
    precision: float | None = None,
    engine: str = "auto",
) -> xr.Dataset:
    """Smooth each pixel's series with the lambda that its V-curve chooses.

    Parameters
    ----------
    data : xr.DataArray
        As for :func:`smooth`.
    srange : array-like of float
        log10 of the lambdas to try, ascending.
    p, nodata, precision, engine
        As for :func:`smooth`.

    Returns
    -------
    xr.Dataset
        The smoothed variable under its own name (``smoothed`` without one), and ``sgrid``,
        log10 of each pixel's lambda. Store ``sgrid`` and give it to :func:`smooth` for the next
        dekads: that is many times faster, and past values do not jump.
    """
    chosen = _check(data, p, precision, engine)
    grid = np.asarray(srange, np.float64)
    if grid.ndim != 1 or grid.size < 2 or not (np.diff(grid) > 0).all():
        raise ParameterError(
            "srange",
            "They are not ascending, or fewer than two.",
            "Give at least two numbers, each larger than the last.",
        )
    steps = data.sizes["time"]
    work = partial(
        _searched,
        grid=grid,
        nodata=nodata_of(data, nodata),
        p=p,
        engine=chosen,
        precision=precision,
    )
    both = over_time(
        work, data, label="whittaker-v-curve", result=NewAxis("time", np.arange(steps + 1))
    )
    curve = both.isel(time=slice(0, steps))
    curve = curve.assign_coords(data.coords) if "time" in data.coords else curve.drop_vars("time")
    chosen_lam = both.isel(time=steps, drop=True)
    chosen_lam.attrs = {"long_name": "log10 of the Whittaker smoothing parameter", "units": "1"}
    name = str(data.name or "smoothed")
    return xr.Dataset({name: _described(curve, data, chosen, p), "sgrid": chosen_lam})


def _check(data: xr.DataArray, p: float | None, precision: float | None, engine: str) -> str:
    """Check what both ways share, and choose the engine."""
    if p is not None and not 0 < p < 1:
        raise ParameterError("p", f"{p:g} is no expectile.", "Give a number between 0 and 1.")
    if data.sizes.get("time", 3) < 3:
        raise ParameterError(
            "data", "Fewer than 3 steps in time cannot be smoothed.", "Load a longer period."
        )
    if precision is not None and not precision > 0:
        raise ParameterError(
            "precision", f"{precision:g} is no step to round to.", "Give a number greater than 0."
        )
    rounded = engine == "auto" and data.dtype.kind == "f" and precision is None
    return engines.choose(engine, ENGINES[1:] if rounded else ENGINES)


def _described(out: xr.DataArray, data: xr.DataArray, engine: str, p: float | None) -> xr.DataArray:
    """Say in the attributes what was done."""
    kept = {key: value for key, value in data.attrs.items() if key in ("units", "long_name")}
    out.attrs = {**kept, "algorithm": "Whittaker smoother", "engine": engines.label(engine)}
    if p is not None:
        out.attrs["expectile"] = p
    return out


def _fixed(
    block: NDArray[Any],
    sgrid: NDArray[Any] | None = None,
    *,
    lam: float | NDArray[Any] | None,
    nodata: float,
    p: float | None,
    engine: str,
    precision: float | None,
) -> NDArray[np.float32]:
    """Smooth a block with one lambda, or with those of a stored map."""
    if sgrid is not None:
        with np.errstate(over="ignore"):
            lam = 10.0 ** sgrid.astype(np.float64)
    if engine == "hdc":
        return _hdc(block, lam, None, nodata, p, precision)[0]
    from .kernels import whittaker

    return whittaker.smooth(block, nodata=nodata, lam=lam, p=p)[0]


def _searched(
    block: NDArray[Any],
    *,
    grid: NDArray[np.float64],
    nodata: float,
    p: float | None,
    engine: str,
    precision: float | None,
) -> NDArray[np.float32]:
    """Smooth a block by the V-curve; the last row is log10 of the lambda."""
    both = np.empty((block.shape[0] + 1, block.shape[1]), np.float32)
    if engine == "hdc":
        both[:-1], both[-1] = _hdc(block, None, grid, nodata, p, precision)
    else:
        from .kernels import whittaker

        whittaker.smooth(block, nodata=nodata, grid=grid, p=p, out=(both[:-1], both[-1]))
    return both


def _hdc(
    block: NDArray[Any],
    lam: float | NDArray[Any] | None,
    grid: NDArray[np.float64] | None,
    nodata: float,
    p: float | None,
    precision: float | None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Let hdc-algo do it, which gives int16: numbers with a fraction are scaled before."""
    ops = engines.load("hdc.algo.ops")
    fractions = block.dtype.kind == "f"
    precision = 1e-4 if precision is None else precision
    good = np.isfinite(block) & (block != nodata)
    whole = np.rint(block / precision) if fractions else block
    if good.any() and np.abs(whole[good].astype(np.float64)).max() > 32_000:
        raise ParameterError(
            "precision",
            "The engine hdc works with int16, and the values do not fit at a precision of "
            f"{precision:g}.",
            "Give a larger precision, or engine='numba'.",
        )
    series = np.where(good, whole, -32_768).astype(np.int16).T
    series = np.ascontiguousarray(series)
    few = good.sum(axis=0) < 2
    if grid is None:
        lams = np.broadcast_to(np.asarray(lam, np.float64), few.shape)
        few = few | ~(np.isfinite(lams) & (lams > 0))
        safe = np.where(few, 1.0, lams)
        if p is None:
            curve = ops.ws2dgu(series, safe, -32_768)
        else:
            curve = ops.ws2dpgu(series, safe, -32_768, p)
        chosen = np.log10(safe)
    else:
        if p is None:
            curve, lopt = ops.ws2doptv(series, -32_768, grid)
        else:
            curve, lopt = ops.ws2doptvp(series, -32_768, p, grid)
        with np.errstate(divide="ignore", invalid="ignore"):
            chosen = np.log10(lopt)
    out = curve.T.astype(np.float32) * np.float32(precision if fractions else 1.0)
    out[:, few] = np.nan
    return out, np.where(few, np.nan, chosen).astype(np.float32)
