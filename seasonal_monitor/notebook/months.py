"""Opens monthly data, such as ERA5-Land's, and says what an archive lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seasonal_monitor import dekads
from seasonal_monitor.errors import ParameterError, SourceError
from seasonal_monitor.sources import Area

from .period import ADVICE, Period, check_baseline, open_band

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr


def open_months(
    catalog: str | Path,
    collection: str,
    band: str,
    area: Area,
    period: Period,
    *,
    chunk_px: int = 100,
) -> xr.DataArray:
    """Open the months of a period and its baseline, without a hole.

    Parameters
    ----------
    catalog, collection, band, area, chunk_px
        As for :func:`seasonal_monitor.notebook.open_band`.
    period : Period
        What is wanted; the months that its dekads lie in.

    Returns
    -------
    DataArray, shape (time, y, x), float32, lazy
        One step for each month, labelled with its first day; NaN where the baseline lacks one.

    Raises
    ------
    ParameterError
        When the collection is not monthly.
    SourceError
        When the archive lacks a month of the period, or years of the baseline.
    """
    import pandas as pd

    begin = pd.Timestamp(dekads.first_day(period.steps[0])).to_period("M")
    end = pd.Timestamp(dekads.last_day(period.steps[-1])).to_period("M")
    first, last = begin, end
    if period.baseline is not None:
        first = min(first, pd.Period(f"{period.baseline[0]}-01", "M"))
        last = max(last, pd.Period(f"{period.baseline[1]}-12", "M"))
    days = f"{first.start_time:%Y-%m-%d}", f"{last.end_time:%Y-%m-%d}"
    data = open_band(catalog, collection, band, area, *days, chunk_px=chunk_px)
    found = pd.DatetimeIndex(data["time"].values).to_period("M")
    if found.has_duplicates:
        twice = found[found.duplicated()][0]
        raise ParameterError(
            "collection", f"{collection} has {twice} more than once.", "Choose a monthly one."
        )
    if found[-1] < end:
        raise SourceError("end", f"the archive ends with {found[-1]}.", ADVICE)
    absent = pd.period_range(begin, end).difference(found)
    if len(absent):
        few = ", ".join(map(str, absent[:4])) + (", …" if len(absent) > 4 else "")
        raise SourceError("start", f"the archive lacks {few}.", ADVICE)
    check_baseline(
        begins=str(found[0]) if found[0] > first else None,
        ends=str(found[-1]) if found[-1] < last else None,
    )
    whole = pd.period_range(first, last)
    data = data.assign_coords(time=found.to_timestamp())
    if len(found) < len(whole):
        data = data.reindex(time=whole.to_timestamp()).chunk(time=-1)
    return data
