"""Start, end and length of the rainy season, and totals of seasons.

References
----------
AGRHYMET's rule as FAO gives it (document w9483e01): the season starts with the first dekad of at
least 25 mm that is followed by at least 20 mm in the next two dekads together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from seasonal_monitor.errors import ParameterError

from . import calendar
from .averages import grouped
from .gaps import as_float, nodata_of
from .pixelwise import NewAxis, over_time


@dataclass(frozen=True)
class Season:
    """A part of the year, in dekads from 1 to 36; it may reach over the year's end.

    Attributes
    ----------
    first, last : int
        First and last dekad, both included. With `first` after `last` the season ends in the next
        year.
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        for name in ("first", "last"):
            if not 1 <= getattr(self, name) <= 36:
                raise ParameterError(
                    "season",
                    f"{name} is no dekad of a year: {getattr(self, name)}.",
                    "Give 1 to 36.",
                )

    @property
    def length(self) -> int:
        """Number of dekads."""
        return (self.last - self.first) % 36 + 1


def season_start(
    data: xr.DataArray,
    season: Season,
    *,
    first_mm: float = 25.0,
    next_mm: float = 20.0,
    nodata: float | None = None,
) -> xr.DataArray:
    """Find the dekad in which each year's season starts.

    Parameters
    ----------
    data : xr.DataArray
        Dekadal rainfall in mm, consecutive, with dates.
    season : Season
        Dekads in which the start is looked for; the two after it are read too.
    first_mm : float
        Rain that the first dekad needs.
    next_mm : float
        Rain that the two next dekads need together.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.

    Returns
    -------
    xr.DataArray
        float32 with the dimension ``year`` (in which the season begins): dekads counted from the
        year's first, 1 to 36, and on beyond 36 in the next year, so that averages and differences
        over the years are right. 0 where there was no start; NaN where a gap comes before a start
        is found. Years of which dekads are missing at either end are left out.

    See Also
    --------
    start_anomaly : the difference to the usual start.
    """
    years, rows = windows(data, season, extra=2)
    work = partial(
        _start_on_block,
        rows=rows,
        length=season.length,
        first=season.first,
        first_mm=first_mm,
        next_mm=next_mm,
        nodata=nodata_of(data, nodata),
    )
    out = over_time(work, data, label="season-start", result=NewAxis("year", years))
    out.attrs = {
        "long_name": "start of season",
        "units": "dekad",
        "algorithm": f"first dekad of {first_mm:g} mm, then {next_mm:g} mm in two dekads",
        "no_start": 0,
    }
    return out


def season_end(
    data: xr.DataArray,
    season: Season,
    *,
    last_mm: float = 10.0,
    nodata: float | None = None,
) -> xr.DataArray:
    """Find the dekad with which each year's season ends: its last one with enough rain.

    Parameters
    ----------
    data : xr.DataArray
        Dekadal rainfall in mm, consecutive, with dates.
    season : Season
        Dekads in which the end is looked for.
    last_mm : float
        Rain that the last dekad needs.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.

    Returns
    -------
    xr.DataArray
        float32 with the dimension ``year``, counted as by :func:`season_start`. 0 where no dekad
        had enough; NaN where a gap comes after the last one that had. Years of which dekads are
        missing at either end are left out.
    """
    years, rows = windows(data, season, extra=0)
    work = partial(
        _end_on_block,
        rows=rows,
        length=season.length,
        first=season.first,
        last_mm=last_mm,
        nodata=nodata_of(data, nodata),
    )
    out = over_time(work, data, label="season-end", result=NewAxis("year", years))
    out.attrs = {
        "long_name": "end of season",
        "units": "dekad",
        "algorithm": f"last dekad of {last_mm:g} mm",
        "no_end": 0,
    }
    return out


def season_length(starts: xr.DataArray, ends: xr.DataArray) -> xr.DataArray:
    """Count the dekads from start to end, both included.

    Parameters
    ----------
    starts, ends : xr.DataArray
        As :func:`season_start` and :func:`season_end` give them.

    Returns
    -------
    xr.DataArray
        float32, for the years that both have; NaN where the season did not start, or had no end
        after it.
    """
    starts, ends = xr.align(starts, ends, join="inner")
    ends = ends.transpose(*starts.dims)
    if starts.chunks is None:
        values = _length(starts.to_numpy(), ends.to_numpy())
    else:
        label = "season-length"
        values = starts.data.map_blocks(_length, ends.data, dtype=np.float32, token=label)
    out = starts.copy(data=values)
    out.attrs = {"long_name": "length of season", "units": "dekad"}
    return out


def usual_season(
    data: xr.DataArray, baseline: tuple[int, int], *, min_years: int = 1
) -> xr.DataArray:
    """Average what seasons gave over the years of a baseline.

    Parameters
    ----------
    data : xr.DataArray
        Has the dimension ``year``, in one chunk; NaN does not count. Put NaN where there was no
        start or end, for a 0 would count.
    baseline : tuple of int
        First and last year.
    min_years : int
        A pixel with fewer values becomes NaN.

    Returns
    -------
    xr.DataArray
        float32 without ``year``, in the unit of `data`.
    """
    years = data["year"].to_numpy()
    used = (years >= baseline[0]) & (years <= baseline[1])
    if not used.any():
        raise ParameterError(
            "baseline",
            f"The data has no season of {baseline[0]} to {baseline[1]}.",
            "Load a longer period.",
        )
    work = partial(_usual_on_block, groups=np.where(used, 0, -1), fewest=min_years)
    out = over_time(work, data.rename(year="time"), label="usual-season", result="map")
    out.attrs = {key: data.attrs[key] for key in ("units", "long_name") if key in data.attrs}
    return out


def start_anomaly(starts: xr.DataArray) -> xr.DataArray:
    """Give starts minus their mean over the years, in dekads; late is positive.

    Parameters
    ----------
    starts : xr.DataArray
        As :func:`season_start` gives them.

    Returns
    -------
    xr.DataArray
        NaN where there was no start.
    """
    there = starts.where(starts > 0)
    out = there - there.mean("year")
    out.attrs = {"long_name": "start of season, difference to the mean", "units": "dekad"}
    return out


def season_total(
    data: xr.DataArray,
    season: Season,
    *,
    statistic: str = "sum",
    nodata: float | None = None,
) -> xr.DataArray:
    """Add up, or average, each year's season.

    Parameters
    ----------
    data : xr.DataArray
        Dekadal, consecutive, with dates.
    season : Season
        Its dekads.
    statistic : "sum" or "mean"
        What to take.
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap.

    Returns
    -------
    xr.DataArray
        float32 in the unit of `data`, with the dimension ``year`` (in which the season begins).
        NaN where a dekad is a gap; years whose season is not whole are left out.
    """
    if statistic not in ("sum", "mean"):
        raise ParameterError("statistic", f"{statistic!r} is not known.", "Use sum or mean.")
    years, rows = windows(data, season, extra=0)
    work = partial(
        _total_on_block,
        rows=rows,
        length=season.length,
        mean=statistic == "mean",
        nodata=nodata_of(data, nodata),
    )
    out = over_time(work, data, label="season-total", result=NewAxis("year", years))
    out.attrs = {
        "long_name": f"seasonal {statistic}",
        "units": data.attrs.get("units", ""),
        "season": f"dekads {season.first} to {season.last}",
    }
    return out


def windows(
    data: xr.DataArray, season: Season, extra: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the years whose season is whole, and where each begins.

    Parameters
    ----------
    data : xr.DataArray
        Dekadal, consecutive, with dates.
    season : Season
        Its dekads.
    extra : int
        Dekads that are needed after it.

    Returns
    -------
    tuple of int arrays
        The years, and the place of each one's first dekad in time.
    """
    calendar.groups_of(data, "dekad")
    calendar.check_consecutive(data)
    serial = calendar.serial(calendar.index_of(data), "dekad")
    years = np.arange(serial[0] // 36, serial[-1] // 36 + 1)
    begins = years * 36 + season.first - 1
    whole = (begins >= serial[0]) & (begins + season.length + extra - 1 <= serial[-1])
    if not whole.any():
        raise ParameterError(
            "season",
            f"The data has no whole season of dekads {season.first} to {season.last}"
            f"{' and the two after it' if extra else ''}.",
            "Load a longer period.",
        )
    return years[whole], begins[whole] - serial[0]


def _length(starts: NDArray[Any], ends: NDArray[Any]) -> NDArray[np.float32]:
    with np.errstate(invalid="ignore"):
        there = (starts > 0) & (ends >= starts)
    return np.where(there, ends - starts + 1, np.nan).astype(np.float32)


def _usual_on_block(
    block: NDArray[Any], *, groups: NDArray[np.int64], fewest: int
) -> NDArray[np.float32]:
    (usual,) = grouped(as_float(block), groups, 1, fewest=fewest)
    return np.asarray(usual, np.float32)


def _start_on_block(
    block: NDArray[Any],
    *,
    rows: NDArray[np.int64],
    length: int,
    first: int,
    first_mm: float,
    next_mm: float,
    nodata: float,
) -> NDArray[np.float32]:
    values = as_float(block, nodata)
    out = np.empty((rows.size, values.shape[1]), np.float32)
    for place, row in enumerate(rows):
        rain = values[row : row + length]
        after = values[row + 1 : row + length + 1] + values[row + 2 : row + length + 2]
        unknown = ~np.isfinite(rain) | ((rain >= first_mm) & ~np.isfinite(after))
        with np.errstate(invalid="ignore"):
            starts = (rain >= first_mm) & (after >= next_mm)
        # The first dekad that decides: a start, or one of which nothing can be said.
        decides = starts | unknown
        when = decides.argmax(axis=0)
        pixel = np.arange(values.shape[1])
        answer = np.where(starts[when, pixel], when + first, np.nan).astype(np.float32)
        out[place] = np.where(decides.any(axis=0), answer, 0.0)
    return out


def _end_on_block(
    block: NDArray[Any],
    *,
    rows: NDArray[np.int64],
    length: int,
    first: int,
    last_mm: float,
    nodata: float,
) -> NDArray[np.float32]:
    values = as_float(block, nodata)
    out = np.empty((rows.size, values.shape[1]), np.float32)
    pixel = np.arange(values.shape[1])
    for place, row in enumerate(rows):
        # From the last dekad backwards, the first that decides: rain, or a gap.
        rain = values[row : row + length][::-1]
        unknown = ~np.isfinite(rain)
        with np.errstate(invalid="ignore"):
            decides = unknown | (rain >= last_mm)
        back = decides.argmax(axis=0)
        answer = np.where(unknown[back, pixel], np.nan, first + length - 1 - back)
        out[place] = np.where(decides.any(axis=0), answer, 0.0)
    return out


def _total_on_block(
    block: NDArray[Any], *, rows: NDArray[np.int64], length: int, mean: bool, nodata: float
) -> NDArray[np.float32]:
    values = as_float(block, nodata)
    out = np.empty((rows.size, values.shape[1]), np.float32)
    for place, row in enumerate(rows):
        total = values[row : row + length].sum(axis=0, dtype=np.float64)
        out[place] = total / length if mean else total
    return out
