"""Zonal statistics as a table, in the order of columns that users of HDX know."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from seasonal_monitor.errors import ParameterError

HDX_COLUMNS = (
    "date",
    "adm_level",
    "adm_id",
    "PCODE",
    "n_pixels",
    "rfh",
    "rfh_avg",
    "r1h",
    "r1h_avg",
    "r3h",
    "r3h_avg",
    "rfq",
    "r1q",
    "r3q",
    "version",
)
"""Columns of the rainfall tables on HDX; NDVI tables have ``vim``, ``vim_avg`` and ``viq``."""


def zonal_table(
    columns: Mapping[str, xr.DataArray],
    *,
    n_pixels: xr.DataArray | None = None,
    admin: pd.DataFrame | None = None,
    version: str = "final",
) -> pd.DataFrame:
    """Make one row for each date and zone.

    Parameters
    ----------
    columns : mapping of str to xr.DataArray
        Computed statistics by the name of the column, such as ``rfh``, with the dimensions
        ``time`` and ``zone``.
    n_pixels : xr.DataArray, optional
        The ``count`` of the zones.
    admin : pd.DataFrame, optional
        Indexed by zone, with some of adm_level, adm_id and PCODE. Without it the zone itself is
        PCODE.
    version : str
        ``final``, ``prelim`` or ``forecast``.

    Returns
    -------
    pd.DataFrame
        Sorted by date, then zone; columns that nothing is known of are left out, others than
        HDX's come before ``version``.
    """
    if not columns:
        raise ParameterError("columns", "There are none.", "Give at least one statistic.")
    parts = dict(columns)
    if n_pixels is not None:
        parts["n_pixels"] = n_pixels
    for name, part in parts.items():
        if set(part.dims) != {"time", "zone"}:
            raise ParameterError(
                "columns",
                f"{name} has the dimensions {', '.join(map(str, part.dims))}.",
                "Give statistics with time and zone.",
            )
    pieces = {
        name: part.drop_vars([c for c in part.coords if c not in ("time", "zone")])
        .transpose("time", "zone")
        .to_series()
        for name, part in parts.items()
    }
    table = pd.DataFrame(pieces).reset_index().rename(columns={"time": "date"})
    if admin is None:
        table["PCODE"] = table["zone"]
    else:
        unknown = ~table["zone"].isin(admin.index)
        if unknown.any():
            raise ParameterError(
                "admin",
                f"It has no zone {table['zone'][unknown].iloc[0]}.",
                "Index it by the zones of the weights.",
            )
        known = [name for name in ("adm_level", "adm_id", "PCODE") if name in admin]
        table = table.join(admin[known], on="zone")
    table["version"] = version
    table = table.sort_values(["date", "zone"], kind="stable").drop(columns="zone")
    others = [name for name in table.columns if name not in HDX_COLUMNS]
    order = [name for name in HDX_COLUMNS[:-1] if name in table.columns]
    return table[[*order, *others, "version"]].reset_index(drop=True)
