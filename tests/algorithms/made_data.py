"""Dates and cubes that several tests make their data with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr


def dekads(first_year: int, years: int) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(
        [
            pd.Timestamp(year, month, day)
            for year in range(first_year, first_year + years)
            for month in range(1, 13)
            for day in (1, 11, 21)
        ]
    )


def cube(values: np.ndarray, times: pd.DatetimeIndex, **attrs: object) -> xr.DataArray:
    _, rows, columns = values.shape
    return xr.DataArray(
        values,
        dims=("time", "latitude", "longitude"),
        coords={
            "time": times,
            "latitude": 6.0 - 0.05 * np.arange(rows),
            "longitude": 35.0 + 0.05 * np.arange(columns),
        },
        attrs=attrs,
        name="band",
    )
