"""Where the pixels of a raster are: its axes, spacing and reference system."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from seasonal_monitor.errors import ParameterError

_VERTICAL = ("y", "latitude", "lat")
_HORIZONTAL = ("x", "longitude", "lon")


@dataclass(frozen=True)
class Grid:
    """A regular raster.

    Attributes
    ----------
    y, x : Hashable
        Names of its axes.
    shape : tuple of int
        Rows and columns.
    bounds : tuple of float
        West, south, east, north, of the pixels' outer edges.
    north_up : bool
        Whether the first row is the northern one.
    crs : object
        Anything that pyproj understands; None when it is not known.
    """

    y: Hashable
    x: Hashable
    shape: tuple[int, int]
    bounds: tuple[float, float, float, float]
    north_up: bool
    crs: object


def grid_of(data: xr.DataArray, crs: object = None) -> Grid:
    """Read a raster's grid from its coordinates.

    Parameters
    ----------
    data : xr.DataArray
        Has ``y, x`` or ``latitude, longitude`` (or ``lat, lon``) with evenly spaced centres.
    crs : optional
        The reference system, where the data does not say it.

    Returns
    -------
    Grid

    Raises
    ------
    ParameterError
        When an axis is missing, has one pixel only, or is not evenly spaced.
    """
    y = next((name for name in _VERTICAL if name in data.dims), None)
    x = next((name for name in _HORIZONTAL if name in data.dims), None)
    if y is None or x is None:
        raise ParameterError(
            "data",
            f"Its dimensions are {', '.join(map(str, data.dims))}.",
            "Name them y and x, or latitude and longitude.",
        )
    spans = []
    for dim in (x, y):
        if dim not in data.coords:
            raise ParameterError(
                "data",
                f"It has no coordinates along {dim}.",
                "Give it those of the centres of the pixels.",
            )
        centres = data[dim].to_numpy().astype(np.float64)
        if centres.size < 2:
            raise ParameterError(
                "data",
                f"It has {centres.size} pixel along {dim}.",
                "Load a larger area; 2 are needed.",
            )
        step = (centres[-1] - centres[0]) / (centres.size - 1)
        if step == 0 or not np.allclose(np.diff(centres), step, rtol=1e-3):
            raise ParameterError(
                "data",
                f"Its pixels are not evenly spaced along {dim}.",
                "Resample it onto a regular grid.",
            )
        spans.append((centres[0] - step / 2, centres[-1] + step / 2))
    (west, east), (top, bottom) = spans
    if west > east:
        raise ParameterError(
            "data", f"Its {x} runs from east to west.", f"Sort it: data.sortby({x!r})."
        )
    return Grid(
        y=y,
        x=x,
        shape=(data.sizes[y], data.sizes[x]),
        bounds=(west, min(top, bottom), east, max(top, bottom)),
        north_up=bool(top > bottom),
        crs=_crs_of(data, y, crs),
    )


def _crs_of(data: xr.DataArray, y: str, given: object) -> object:
    """Find the reference system: given, in the metadata, or degrees by the axes' names."""
    if given is not None:
        return given
    for coord in data.coords.values():
        for key in ("crs_wkt", "spatial_ref"):
            if coord.ndim == 0 and coord.attrs.get(key):
                return coord.attrs[key]
    if data.attrs.get("crs"):
        return data.attrs["crs"]
    return "EPSG:4326" if y in ("latitude", "lat") else None
