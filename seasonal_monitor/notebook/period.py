"""Opens what a notebook asks for, dekad by dekad, and says what an archive lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from seasonal_monitor import dekads
from seasonal_monitor.errors import ParameterError, SourceError
from seasonal_monitor.sources import Area, open_source

from .checks import called, naming

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import numpy as np
    import xarray as xr
    from numpy.typing import NDArray

ADVICE = "Choose a period within the archive."


@dataclass(frozen=True)
class Period:
    """The dekads that a notebook is about, and the years that count as normal.

    Attributes
    ----------
    start, end : str
        Labels of the first and last dekad, both included.
    baseline_start, baseline_end : int, optional
        First and last year of the baseline.
    fewest_years : int
        The baseline must have as many.
    """

    start: str
    end: str
    baseline_start: int | None = None
    baseline_end: int | None = None
    fewest_years: int = 2

    def __post_init__(self) -> None:
        dekads.steps_between(self.start, self.end)
        if self.baseline is not None and self.years < self.fewest_years:
            raise ParameterError(
                "baseline_start",
                f"{self.baseline_start} to {self.baseline_end} is not {self.fewest_years} years "
                "or more.",
                "30 years are usual.",
            )

    @property
    def steps(self) -> range:
        """The dekads, as steps."""
        return dekads.steps_between(self.start, self.end)

    @property
    def labels(self) -> list[str]:
        """The dekads, as labels."""
        return [dekads.label(step) for step in self.steps]

    @property
    def dates(self) -> NDArray[np.datetime64]:
        """The dekads, as their first days."""
        return dates_of(self.steps)

    @property
    def baseline(self) -> tuple[int, int] | None:
        """First and last year of the baseline."""
        if self.baseline_start is None or self.baseline_end is None:
            return None
        return self.baseline_start, self.baseline_end

    @property
    def years(self) -> int:
        """Years of the baseline."""
        first, last = self.baseline or (0, -1)
        return last - first + 1


def open_band(
    catalog: str | Path,
    collection: str,
    band: str,
    area: Area,
    start: str,
    end: str,
    *,
    chunk_px: int = 100,
    dekads: Collection[int] | None = None,
) -> xr.DataArray:
    """Open one band, whole series in each chunk; errors name a template's parameters.

    Parameters
    ----------
    catalog, collection, band, area, start, end, chunk_px, dekads
        As for :func:`seasonal_monitor.sources.open_source`.

    Returns
    -------
    DataArray, shape (time, y, x), float32, lazy
    """
    with naming(source="catalog", bands="band"):
        data = open_source(
            catalog,
            collection,
            band,
            area,
            start,
            end,
            chunk_px=chunk_px,
            dekads=dekads,
            called=called("source"),
        )
    return data[band]


def open_dekads(
    catalog: str | Path,
    collection: str,
    band: str,
    area: Area,
    period: Period,
    *,
    lead: int = 0,
    chunk_px: int = 100,
) -> xr.DataArray:
    """Open a period and its baseline as dekads without a hole.

    Parameters
    ----------
    catalog, collection, band, area, chunk_px
        As for :func:`open_band`.
    period : Period
        What is wanted.
    lead : int
        Dekads that are wanted before it, such as those of a sum.

    Returns
    -------
    DataArray, shape (time, y, x), float32, lazy
        One step for each dekad, labelled with its first day; NaN where the baseline lacks one.

    Raises
    ------
    SourceError
        When the archive lacks a dekad of the period, or years of the baseline.
    """
    first, last = period.steps[0] - lead, period.steps[-1]
    if period.baseline is not None:
        baseline = dekads.steps_of_years(*period.baseline)
        first, last = min(first, baseline[0] - lead), max(last, baseline[-1])
    labels = dekads.label(first), dekads.label(last)
    data = open_band(catalog, collection, band, area, *labels, chunk_px=chunk_px)
    return _without_holes(data, period, lead)


def _without_holes(data: xr.DataArray, period: Period, lead: int) -> xr.DataArray:
    """Label dekads with their first days, refuse what is missing, fill the baseline's holes."""
    found = steps_of(data)
    _check_archive(found, period, lead)
    data = data.assign_coords(time=dates_of(found))
    whole = range(found[0], found[-1] + 1)
    if len(found) < len(whole) and len(set(found)) == len(found):
        data = data.reindex(time=dates_of(whole)).chunk(time=-1)
    return data


def _check_archive(found: list[int], period: Period, lead: int) -> None:
    """Refuse a period with holes, and a baseline beyond the archive."""
    ends = dekads.label(found[-1])
    check_period(found, period, lead, f"the archive ends with {ends}.")
    if period.baseline is None:
        return
    years = dekads.steps_of_years(*period.baseline)
    check_baseline(
        begins=dekads.label(found[0]) if found[0] > years[0] else None,
        ends=ends if found[-1] < years[-1] else None,
    )


def check_period(found: list[int], period: Period, lead: int, too_late: str) -> None:
    """Refuse a period with holes.

    Parameters
    ----------
    found : list of int
        The dekads that the archive has, in order.
    period : Period
        What is wanted.
    lead : int
        Dekads that are wanted before it.
    too_late : str
        What to say when it ends after the archive.

    Raises
    ------
    SourceError
        When a dekad is missing.
    """
    there = set(found)
    wanted = range(period.steps[0] - lead, period.steps[-1] + 1)
    absent = [dekads.label(step) for step in wanted if step not in there]
    if period.steps[-1] > found[-1]:
        raise SourceError("end", too_late, ADVICE)
    if absent:
        few = ", ".join(absent[:4]) + (", …" if len(absent) > 4 else "")
        raise SourceError("start", f"the archive lacks {few}.", ADVICE)


def check_baseline(begins: str | None, ends: str | None) -> None:
    """Refuse a baseline beyond the archive.

    Parameters
    ----------
    begins, ends : str, optional
        Where the archive begins, if too late, and where it ends, if too early.

    Raises
    ------
    SourceError
        When one is given.
    """
    if begins is not None:
        raise SourceError(
            "baseline_start", f"the archive begins with {begins}.", "Choose a later year."
        )
    if ends is not None:
        raise SourceError(
            "baseline_end", f"the archive ends with {ends}.", "Choose an earlier year."
        )


def open_days(
    catalog: str | Path,
    collection: str,
    band: str,
    area: Area,
    period: Period,
    *,
    lead: int = 0,
    chunk_px: int = 100,
) -> xr.DataArray:
    """Open a period and its baseline as days without a hole.

    Parameters
    ----------
    catalog, collection, band, area, chunk_px
        As for :func:`open_band`.
    period : Period
        What is wanted.
    lead : int
        Days that are wanted before it, such as those of a window.

    Returns
    -------
    DataArray, shape (time, y, x), float32, lazy
        One step for each day; NaN where the archive lacks one.

    Raises
    ------
    SourceError
        When the archive does not reach over the period or the baseline, or has a day twice.
    """
    import pandas as pd

    begin = dekads.first_day(period.steps[0]) - timedelta(days=lead)
    end = dekads.last_day(period.steps[-1])
    first, last = begin, end
    if period.baseline is not None:
        first = min(first, date(period.baseline[0], 1, 1))
        last = max(last, date(period.baseline[1], 12, 31))
    data = open_band(catalog, collection, band, area, f"{first}", f"{last}", chunk_px=chunk_px)
    index = pd.DatetimeIndex(data["time"].values).normalize()
    if index.has_duplicates:
        twice = index[index.duplicated()][0]
        raise SourceError(
            "collection", f"{collection} has {twice:%Y-%m-%d} twice.", "Choose a daily collection."
        )
    found = index[0].date(), index[-1].date()
    if found[1] < end:
        raise SourceError("end", f"the archive ends with {found[1]}.", ADVICE)
    if found[0] > begin:
        raise SourceError(
            "start", f"{begin} is needed; the archive begins with {found[0]}.", ADVICE
        )
    check_baseline(
        begins=f"{found[0]}" if found[0] > first else None,
        ends=f"{found[1]}" if found[1] < last else None,
    )
    data = data.assign_coords(time=index)
    whole = pd.date_range(first, last, freq="D")
    if len(index) < len(whole):
        data = data.reindex(time=whole).chunk(time=-1)
    return data


def find_dekads(data: xr.DataArray, period: Period) -> xr.DataArray:
    """Take the dekads of a period out of a longer series.

    Parameters
    ----------
    data : DataArray
        Labelled with the first days of dekads.
    period : Period
        What is wanted.

    Raises
    ------
    SourceError
        When the series does not reach over it.
    """
    index = data.indexes["time"]
    for parameter, step in (("start", period.steps[0]), ("end", period.steps[-1])):
        if dates_of([step])[0] not in index:
            raise SourceError(
                parameter,
                f"the archive's data give dekads from {index[0]:%Y-%m-%d} to {index[-1]:%Y-%m-%d} "
                f"only, not {dekads.label(step)}.",
                ADVICE,
            )
    return data.sel(time=period.dates)


def same_dekads(data: xr.DataArray, period: Period) -> tuple[xr.DataArray, NDArray[np.bool_]]:
    """Keep the dekads of the year that a period has: its own and those of the baseline.

    The others need no climatology, so this saves most of the work.

    Parameters
    ----------
    data : DataArray
        Labelled with the first days of dekads.
    period : Period
        With a baseline.

    Returns
    -------
    DataArray, array of bool
        The steps that are kept, and which of them lie in the baseline.
    """
    import numpy as np

    steps = np.array(steps_of(data))
    wanted = np.array(period.steps)
    years = dekads.steps_of_years(*(period.baseline or (0, -1)))
    past = (steps >= years.start) & (steps < years.stop)
    asked = np.isin(steps % dekads.DEKADS_PER_YEAR, wanted % dekads.DEKADS_PER_YEAR)
    keep = np.flatnonzero((past & asked) | np.isin(steps, wanted))
    return data.isel(time=keep), past[keep]


def steps_of(data: xr.DataArray) -> list[int]:
    """Give the dekads in which the dates of a series lie."""
    return [dekads.step_of(day) for day in data.indexes["time"]]


def dates_of(steps: range | list[int]) -> NDArray[np.datetime64]:
    """Give the first days of dekads."""
    import numpy as np

    return np.array([dekads.first_day(step) for step in steps], "datetime64[ns]")
