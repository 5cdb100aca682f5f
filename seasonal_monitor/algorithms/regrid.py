"""Brings a raster onto the grid of another, where both have one reference system."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from seasonal_monitor.errors import ParameterError

from .grid import grid_of


def onto_grid(data: xr.DataArray, like: xr.DataArray) -> xr.DataArray:
    """Give each pixel of a grid the value of the nearest pixel of another.

    Parameters
    ----------
    data : xr.DataArray
        What to bring over, usually coarser. NaN stays NaN: nothing is interpolated.
    like : xr.DataArray
        Has the grid, in the same reference system.

    Returns
    -------
    xr.DataArray
        In the unit of `data`, with the grid, its coordinates and its chunks from `like`.

    Raises
    ------
    ParameterError
        When the axes have other names, or `data` does not reach over the grid.
    """
    own, wanted = grid_of(data), grid_of(like)
    if (own.y, own.x) != (wanted.y, wanted.x):
        raise ParameterError(
            "data",
            f"It has the axes {own.y}, {own.x}, and the grid {wanted.y}, {wanted.x}.",
            "Bring both into one reference system first.",
        )
    places = {dim: _nearest(data, like, dim) for dim in (own.y, own.x)}
    if any(not _is_whole(place, data.sizes[dim]) for dim, place in places.items()):
        data = data.isel(places)
    data = data.assign_coords({dim: like[dim] for dim in places})
    if data.chunks is None:
        return data
    return data.chunk({dim: like.chunksizes.get(dim, -1) for dim in places})


def _nearest(data: xr.DataArray, like: xr.DataArray, dim: Hashable) -> NDArray[np.intp]:
    """Find the nearest pixel along one axis for each of another grid."""
    centres = data[dim].to_numpy().astype(np.float64)
    wanted = like[dim].to_numpy().astype(np.float64)
    step = (centres[-1] - centres[0]) / (centres.size - 1)
    place: NDArray[np.intp] = np.rint((wanted - centres[0]) / step - 1e-6).astype(np.intp)
    if place.min() < 0 or place.max() >= centres.size:
        raise ParameterError(
            "data",
            f"It reaches over {dim} {centres.min():g} to {centres.max():g}, and the other grid "
            f"from {wanted.min():g} to {wanted.max():g}.",
            "Choose an area that both cover.",
        )
    return place


def _is_whole(place: NDArray[np.intp], size: int) -> bool:
    return bool(np.array_equal(place, np.arange(size)))
