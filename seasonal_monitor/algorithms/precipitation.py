"""Standardized Precipitation Index, dekadal and monthly.

References
----------
T. B. McKee, N. J. Doesken & J. Kleist, "The relationship of drought frequency and duration to
time scales" (1993); H. C. S. Thom, "A note on the gamma distribution" (1958).
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from seasonal_monitor.errors import ParameterError

from . import calendar, engines
from .gaps import as_float, nodata_of, pack
from .pixelwise import numpy_too, over_time
from .rolling import rolled

ENGINES = ("hdc", "numba", "climate-indices")

LIMIT = 5.0
"""An index beyond it says only that the calibration has seen nothing like it."""


@numpy_too
def spi(
    data: xr.DataArray,
    *,
    n: int = 1,
    by: str = "dekad",
    groups: ArrayLike | None = None,
    baseline: tuple[int, int] | None = None,
    calibration: ArrayLike | None = None,
    dtype: str = "float32",
    nodata: float | None = None,
    engine: str = "auto",
) -> xr.DataArray:
    """Standardise rainfall sums: how unusual they are for their time of the year.

    A gamma distribution is fitted by maximum likelihood to the wet periods of each group; dry
    periods of the calibration enter as a probability of zero.

    Parameters
    ----------
    data : xr.DataArray
        Rainfall of each dekad or month, in mm; consecutive steps, none missing. Negative
        numbers are gaps.
    n : int
        Steps to add up before; 9 dekads are the three months' SPI. The label stays that of the
        last step.
    by : "dekad" or "month"
        What a step is: 36 or 12 groups.
    groups : array-like of int, optional
        Group of each step, instead of `by`; what numpy arrays need.
    baseline : tuple of int, optional
        First and last year of the calibration; all years by default.
    calibration : array-like of bool, optional
        Which steps to calibrate with, instead of `baseline`.
    dtype : "float32" or "int16"
        int16 holds the index times 1000, as archives store it, with -32768 for gaps.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.
    engine : str
        ``auto``, ``hdc``, ``numba`` or ``climate-indices``.

    Returns
    -------
    xr.DataArray
        The index, within -5 to 5, on the same steps. NaN in the first `n` - 1 steps, at gaps,
        and where more than 9 of 10 calibration years or all but two were dry.

    Notes
    -----
    hdc-algo counts dry periods in the whole series, also outside the calibration, so it is taken
    only when both are the same. climate-indices uses Thom's approximation, ends at -3.09 and
    3.09, and fits one pixel after the other.
    """
    if dtype not in ("float32", "int16"):
        raise ParameterError("dtype", f"{dtype!r} is not possible.", "Use float32 or int16.")
    if n < 1:
        raise ParameterError("n", f"{n} is no number of steps.", "Give 1 or more.")
    if n > 1:
        calendar.check_consecutive(data)
    number, group = calendar.groups_of(data, by, groups)
    used = calendar.calibration_of(data, baseline, calibration)
    fewest = int(np.bincount(group[used], minlength=number)[np.unique(group)].min())
    if fewest < 3:
        raise ParameterError(
            "baseline",
            f"A group has only {fewest} years in the calibration.",
            "Give at least 3, better 30.",
        )
    unfit = {}
    if not used.all():
        unfit["hdc"] = "it counts dry periods outside the calibration too."
    if groups is not None or number not in (12, 36):
        unfit["climate-indices"] = "it knows only months, and dekads by their dates."
    chosen = engines.choose(engine, ENGINES, unfit=unfit)
    work = partial(
        _on_block, n=n, nodata=nodata_of(data, nodata), groups=group, used=used, engine=chosen
    )
    if chosen == "climate-indices":
        work = partial(work, years=calendar.years_of(data))
    out = over_time(work, data, label=f"spi-{chosen}")
    out.attrs = {
        "long_name": f"Standardized Precipitation Index, {n} steps",
        "units": "1",
        "algorithm": "SPI, gamma distribution",
        "engine": engines.label(chosen),
    }
    if baseline is not None:
        out.attrs["baseline"] = f"{baseline[0]}-{baseline[1]}"
    return pack(out, 0.001) if dtype == "int16" else out


def _on_block(
    block: NDArray[Any],
    *,
    n: int,
    nodata: float,
    groups: NDArray[np.int64],
    used: NDArray[np.bool_],
    engine: str,
    years: NDArray[np.int64] | None = None,
) -> NDArray[np.float32]:
    """Add up, fit and standardise one block."""
    values = as_float(block, nodata)
    values = np.where(values < 0, np.nan, values) if (values < 0).any() else values
    sums = rolled(values, n)
    if engine == "hdc":
        index = _hdc(sums, groups)
    elif engine == "climate-indices" and years is not None:
        index = _climate_indices(sums, groups, used, years)
    else:
        from .kernels import gamma

        index = gamma.standardise(sums, groups, used)
    bounded: NDArray[np.float32] = np.clip(index, -LIMIT, LIMIT)
    return bounded


def _hdc(sums: NDArray[Any], groups: NDArray[np.int64]) -> NDArray[np.float32]:
    """Let hdc-algo do it: float32 in, int16 times 1000 out."""
    from .kernels.gamma import FEWEST_WET

    stats = engines.load("hdc.algo.ops.stats")
    _, dense = np.unique(groups, return_inverse=True)
    counts = np.bincount(dense)
    indices = np.stack([np.zeros_like(counts), counts], axis=1).astype(np.int16)
    series = np.ascontiguousarray(np.nan_to_num(sums, nan=-9999.0).T.astype(np.float32))
    got = stats.gammastd_grp(series, dense.astype(np.int16), counts.size, -9999.0, indices)
    index = np.asarray(np.where(got == -9999, np.nan, got / np.float32(1000)).T, np.float32)
    # It says 0 where nothing can be fitted: of a single wet year, or of years that are all alike.
    for group in range(counts.size):
        rows = np.flatnonzero(dense == group)
        wet = np.where(sums[rows] > 0, sums[rows], np.nan)
        few = np.isfinite(wet).sum(axis=0) < FEWEST_WET
        alike = np.fmax.reduce(wet, axis=0) == np.fmin.reduce(wet, axis=0)
        index[np.ix_(rows, np.flatnonzero(few | alike))] = np.nan
    return index


def _climate_indices(
    sums: NDArray[Any],
    groups: NDArray[np.int64],
    used: NDArray[np.bool_],
    years: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Let climate-indices do it: whole years of months; dekads are three such series."""
    indices, compute = _load_quietly()
    per_year = 36 if groups.max() > 11 else 12
    first, last = int(years.min()), int(years.max())
    slots = (years - first) * per_year + groups
    whole = np.full(((last - first + 1) * per_year, sums.shape[1]), np.nan)
    whole[slots] = sums
    out = np.full(whole.shape, np.nan, np.float32)
    begins, ends = int(years[used].min()), int(years[used].max())
    parts = per_year // 12
    for part in range(parts):
        for pixel in range(sums.shape[1]):
            series = whole[part::parts, pixel]
            if np.isfinite(series).any():
                out[part::parts, pixel] = indices.spi(
                    series,
                    1,
                    indices.Distribution.gamma,
                    first,
                    begins,
                    ends,
                    compute.Periodicity.monthly,
                )
    taken: NDArray[np.float32] = out[slots]
    return taken


def _load_quietly() -> tuple[Any, Any]:
    """Import climate-indices without the log that it sets up, six lines for each pixel."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    indices = engines.load("climate_indices.indices")
    compute = engines.load("climate_indices.compute")
    root.setLevel(level)
    root.handlers[:] = handlers
    logging.getLogger("climate_indices").setLevel(logging.WARNING)
    return indices, compute
