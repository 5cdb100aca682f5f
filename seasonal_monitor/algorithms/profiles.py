"""The course of a season, year beside year, and the years that went alike."""

from __future__ import annotations

import numpy as np
import xarray as xr

from seasonal_monitor.errors import ParameterError

from .season import Season, windows


def season_profiles(data: xr.DataArray, season: Season) -> xr.DataArray:
    """Lay the same dekads of all years beside each other.

    Parameters
    ----------
    data : xr.DataArray
        Dekadal, consecutive, with dates; such as the means of a district.
    season : Season
        Its dekads.

    Returns
    -------
    xr.DataArray
        As `data`, with ``year`` (in which the season begins) and ``dekad`` (1 to 36, in the order
        of the season) in place of ``time``; years whose season is not whole are left out.
    """
    years, begins = windows(data, season, extra=0)
    rows = begins[:, None] + np.arange(season.length)
    out = data.isel(time=xr.DataArray(rows, dims=("year", "dekad"))).drop_vars("time")
    order = (season.first - 1 + np.arange(season.length)) % 36 + 1
    return out.assign_coords(year=years, dekad=order)


def analog_years(profiles: xr.DataArray, year: int, number: int = 3) -> list[int]:
    """Find the years whose season went most like another one.

    Parameters
    ----------
    profiles : xr.DataArray, shape (year, dekad)
        From :func:`season_profiles`. What is added up, such as rain, is compared best as it adds
        up: ``profiles.cumsum("dekad", skipna=False)``.
    year : int
        The season to compare with; only years before it are candidates.
    number : int
        How many to find.

    Returns
    -------
    list of int
        The nearest first, by the root of the mean square difference; years with a gap are left
        out.

    Raises
    ------
    ParameterError
        When the season itself has a gap, or fewer years are whole.
    """
    here = profiles.sel(year=year)
    if bool(here.isnull().any()):
        raise ParameterError(
            "year", f"The season of {year} has a gap.", "Choose another season or area."
        )
    past = profiles.sel(year=profiles["year"] < year)
    apart = ((past - here) ** 2).mean("dekad", skipna=False).dropna("year")
    if not 1 <= number <= apart.sizes["year"]:
        raise ParameterError(
            "number",
            f"{number} years cannot be found among {apart.sizes['year']} before {year}.",
            "Ask for fewer, or 1 at least.",
        )
    return [int(found) for found in apart["year"].values[np.argsort(apart.values)[:number]]]
