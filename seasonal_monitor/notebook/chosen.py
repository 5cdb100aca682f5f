"""Opens the dekads of a period and the same dekads of other years, and nothing between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seasonal_monitor import dekads
from seasonal_monitor.errors import SourceError
from seasonal_monitor.sources import Area, open_source

from .checks import naming
from .period import ADVICE, Period, dates_of

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr


def open_same_dekads(
    catalog: str | Path,
    collection: str,
    band: str,
    area: Area,
    period: Period,
    *,
    lead: int = 0,
    chunk_px: int = 100,
) -> xr.DataArray:
    """Open a period and the same dekads of its baseline's years.

    Of thirty years a season of three months is a quarter, so this opens a quarter of the files
    that :func:`open_dekads` opens. What needs a series without holes, such as a spell or a
    trend, cannot use it.

    Parameters
    ----------
    catalog, collection, band, area, chunk_px
        As for :func:`seasonal_monitor.sources.open_source`.
    period : Period
        With a baseline.
    lead : int
        Dekads that are wanted before each, such as those of a sum.

    Returns
    -------
    DataArray, shape (time, y, x), float32, lazy
        Each dekad that is wanted, in order, labelled with its first day; NaN where the baseline,
        or what leads to it, is not in the archive.

    Raises
    ------
    SourceError
        When the archive lacks a dekad of the period, or whole years of the baseline.
    """
    import pandas as pd

    wanted = _wanted(period, lead)
    with naming(source="catalog", bands="band"):
        data = open_source(
            catalog,
            collection,
            band,
            area,
            dekads.label(wanted[0]),
            dekads.label(wanted[-1]),
            chunk_px=chunk_px,
            dekads=wanted,
        )[band]
    found = [dekads.step_of(day) for day in pd.DatetimeIndex(data["time"].values)]
    if len(set(found)) < len(found):
        twice = next(step for step in found if found.count(step) > 1)
        raise SourceError(
            "collection",
            f"{collection} has {dekads.label(twice)} more than once.",
            "Choose a collection of dekads.",
        )
    _check(found, period, lead)
    data = data.assign_coords(time=dates_of(found))
    if found != wanted:
        data = data.reindex(time=dates_of(wanted)).chunk(time=-1)
    return data


def _wanted(period: Period, lead: int) -> list[int]:
    """Give the steps to open: the period's, the same of the baseline, and what leads to each."""
    first, last = period.baseline or (0, -1)
    same = {step % dekads.DEKADS_PER_YEAR for step in period.steps}
    baseline = [s for s in dekads.steps_of_years(first, last) if s % dekads.DEKADS_PER_YEAR in same]
    return sorted({step - lag for step in (*period.steps, *baseline) for lag in range(lead + 1)})


def _check(found: list[int], period: Period, lead: int) -> None:
    """Refuse a period with holes, and a baseline beyond the archive."""
    there = set(found)
    needed = range(period.steps[0] - lead, period.steps[-1] + 1)
    absent = [dekads.label(step) for step in needed if step not in there]
    if period.steps[-1] > found[-1]:
        raise SourceError(
            "end",
            f"the archive lacks {period.end}; of these dekads its last is "
            f"{dekads.label(found[-1])}.",
            ADVICE,
        )
    if absent:
        few = ", ".join(absent[:4]) + (", …" if len(absent) > 4 else "")
        raise SourceError("start", f"the archive lacks {few}.", ADVICE)
    first, last = (step // dekads.DEKADS_PER_YEAR for step in (found[0], found[-1]))
    begin, end = period.baseline or (first, last)
    if first > begin:
        raise SourceError(
            "baseline_start",
            f"the first year that the archive has of these dekads is {first}.",
            "Choose a later year.",
        )
    if last < end:
        raise SourceError(
            "baseline_end",
            f"the last year that the archive has of these dekads is {last}.",
            "Choose an earlier year.",
        )
