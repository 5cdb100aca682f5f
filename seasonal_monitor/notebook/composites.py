"""Opens composites of several days, such as MODIS' eight, and says what an archive lacks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from seasonal_monitor import dekads
from seasonal_monitor.errors import ParameterError, SourceError
from seasonal_monitor.sources import Area

from .period import ADVICE, Period, check_baseline, open_band

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr


def open_composites(
    catalog: str | Path,
    collection: str,
    band: str,
    area: Area,
    period: Period,
    *,
    days: int = 8,
    chunk_px: int = 100,
) -> xr.DataArray:
    """Open all composites that touch a period and its baseline.

    Parameters
    ----------
    catalog, collection, band, area, chunk_px
        As for :func:`seasonal_monitor.notebook.open_band`.
    period : Period
        What is wanted.
    days : int
        Days that a composite covers.

    Returns
    -------
    DataArray, shape (time, y, x), float32, lazy
        Labelled with first days; a composite that the archive lacks is not there.

    Raises
    ------
    ParameterError
        When the composites lie farther apart than `days`.
    SourceError
        When the archive does not reach over the period or the baseline.
    """
    import pandas as pd

    begin, end = dekads.first_day(period.steps[0]), dekads.last_day(period.steps[-1])
    first, last = begin, end
    if period.baseline is not None:
        first = min(first, date(period.baseline[0], 1, 1))
        last = max(last, date(period.baseline[1], 12, 31))
    opens = first - timedelta(days=days - 1)
    data = open_band(catalog, collection, band, area, f"{opens}", f"{last}", chunk_px=chunk_px)
    index = pd.DatetimeIndex(data["time"].values).normalize()
    spacing = (index[1:] - index[:-1]).days
    if spacing.size and sorted(spacing)[spacing.size // 2] > days:
        apart = sorted(spacing)[spacing.size // 2]
        raise ParameterError(
            "collection",
            f"{collection} has a step every {apart} days, so its composites are not of {days}.",
            f"Choose composites of {days} days.",
        )
    starts, ends = index[0].date(), index[-1].date() + timedelta(days=days - 1)
    # A composite more or less at an end does not matter: dekads have a least number of days.
    slack = timedelta(days=days)
    if ends + slack <= end:
        raise SourceError("end", f"the archive ends with {ends}.", ADVICE)
    if starts - slack >= begin:
        raise SourceError("start", f"the archive begins with {starts}.", ADVICE)
    check_baseline(
        begins=f"{starts}" if starts - slack >= first else None,
        ends=f"{ends}" if ends + slack <= last else None,
    )
    return data.assign_coords(time=index)
