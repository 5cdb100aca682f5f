"""Opens the dekads of a period and the same dekads of other years, and nothing between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seasonal_monitor import dekads
from seasonal_monitor.errors import SourceError

from .period import Period, check_period, dates_of, open_band, steps_of

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from seasonal_monitor.sources import Area


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
        As for :func:`seasonal_monitor.notebook.period.open_band`.
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
    wanted = _wanted(period, lead)
    labels = dekads.label(wanted[0]), dekads.label(wanted[-1])
    data = open_band(catalog, collection, band, area, *labels, chunk_px=chunk_px, dekads=wanted)
    found = steps_of(data)
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
    last = dekads.label(found[-1])
    check_period(
        found,
        period,
        lead,
        f"the archive lacks {period.end}; of these dekads its last is {last}.",
    )
    first_year, last_year = (step // dekads.DEKADS_PER_YEAR for step in (found[0], found[-1]))
    begin, end = period.baseline or (first_year, last_year)
    if first_year > begin:
        raise SourceError(
            "baseline_start",
            f"the first year that the archive has of these dekads is {first_year}.",
            "Choose a later year.",
        )
    if last_year < end:
        raise SourceError(
            "baseline_end",
            f"the last year that the archive has of these dekads is {last_year}.",
            "Choose an earlier year.",
        )
