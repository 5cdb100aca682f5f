"""Brings a raster onto the grid of another, where both have one reference system."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from itertools import product
from typing import Any

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
    chunks = {dim: like.chunksizes.get(dim, (like.sizes[dim],)) for dim in places}
    if any(not _is_whole(place, data.sizes[dim]) for dim, place in places.items()):
        data = data.isel(places) if data.chunks is None else _gathered(data, places, chunks)
    data = data.assign_coords({dim: like[dim] for dim in places})
    return data if data.chunks is None else data.chunk(chunks)


def _gathered(
    data: xr.DataArray,
    places: Mapping[Hashable, NDArray[np.intp]],
    chunks: Mapping[Hashable, tuple[int, ...]],
) -> xr.DataArray:
    """Take pixels out of lazy data, with one task for each chunk of the result.

    Dask's own way would split, sort and merge in some ten tasks for each.
    """
    import dask.array as da
    from dask.base import tokenize
    from dask.highlevelgraph import HighLevelGraph

    array = data.data
    name = f"onto-grid-{tokenize(array, *places.values(), *chunks.values())}"
    # For each axis and chunk of the result: which chunks it needs, and what it takes of them.
    wanted = [
        _pieces(array.chunks[axis], places[dim], chunks[dim])
        if dim in places
        else [([number], slice(None)) for number in range(array.numblocks[axis])]
        for axis, dim in enumerate(data.dims)
    ]
    graph = {}
    for block in product(*(range(len(pieces)) for pieces in wanted)):
        chosen = [pieces[number] for pieces, number in zip(wanted, block, strict=True)]
        needed = [numbers for numbers, _ in chosen]
        taken = tuple(index for _, index in chosen)
        graph[(name, *block)] = (_take, _nested(array.name, needed), taken)
    layers = HighLevelGraph.from_collections(name, graph, dependencies=[array])
    sizes = tuple(chunks.get(dim, own) for dim, own in zip(data.dims, array.chunks, strict=True))
    values = da.Array(layers, name, sizes, dtype=array.dtype)
    fixed = {key: coord for key, coord in data.coords.items() if not {*coord.dims} & {*places}}
    return xr.DataArray(values, fixed, data.dims, data.name, data.attrs)


def _pieces(
    sizes: tuple[int, ...], place: NDArray[np.intp], chunks: tuple[int, ...]
) -> list[tuple[list[int], NDArray[np.intp]]]:
    """Give for each chunk of a result the chunks that it needs, and its pixels within them."""
    begins = np.concatenate([[0], np.cumsum(sizes)])
    pieces = []
    for part in np.split(place, np.cumsum(chunks)[:-1]):
        first, last = np.searchsorted(begins, (part.min(), part.max()), side="right") - 1
        pieces.append((list(range(first, last + 1)), part - begins[first]))
    return pieces


def _nested(name: str, needed: list[list[int]], known: tuple[int, ...] = ()) -> Any:  # noqa: ANN401
    """Give the keys of a box of chunks, as nested lists."""
    if not needed:
        return (name, *known)
    return [_nested(name, needed[1:], (*known, number)) for number in needed[0]]


def _take(blocks: list[Any], taken: tuple[Any, ...]) -> NDArray[Any]:
    box: NDArray[Any] = np.block(blocks)
    for axis, index in enumerate(taken):
        box = box if isinstance(index, slice) else np.take(box, index, axis=axis)
    return box


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
