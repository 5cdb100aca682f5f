"""Runs a function of (time, pixel) arrays on an xarray, one dask task for each spatial chunk.

Axes may stand in any order and have any names (``y, x`` or ``latitude, longitude``); the result
keeps them. Time must be in one chunk, since the algorithms look at whole series.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

import dask.array
import numpy as np
import xarray as xr
from numpy.typing import DTypeLike, NDArray

from seasonal_monitor.errors import ParameterError

P = ParamSpec("P")
Block = Callable[..., NDArray[Any]]


def numpy_too(
    function: Callable[Concatenate[xr.DataArray, P], xr.DataArray],
) -> Callable[Concatenate[xr.DataArray | NDArray[Any], P], Any]:
    """Let an algorithm take and give plain numpy arrays, with time as their first axis.

    Parameters
    ----------
    function : callable
        An algorithm that takes a DataArray first and gives one.

    Returns
    -------
    callable
        The same for both. Algorithms that need dates take them from a DataArray's ``time``
        only; with numpy give them what they derive from it (`groups`, `calibration`).
    """

    @functools.wraps(function)
    def either(
        data: xr.DataArray | NDArray[Any], /, *args: P.args, **kwargs: P.kwargs
    ) -> xr.DataArray | NDArray[Any]:
        if isinstance(data, xr.DataArray):
            return function(data, *args, **kwargs)
        array = np.asarray(data)
        dims = ["time", *(f"axis{number}" for number in range(1, array.ndim))]
        return function(xr.DataArray(array, dims=dims), *args, **kwargs).to_numpy()

    return either


@dataclass(frozen=True)
class NewAxis:
    """The axis that takes the place of time in a result."""

    dim: Hashable
    values: Any

    @property
    def size(self) -> int:
        """Number of entries."""
        return len(self.values)


def over_time(
    function: Block,
    data: xr.DataArray,
    *maps: xr.DataArray,
    label: str,
    dtype: DTypeLike = np.float32,
    result: str | NewAxis = "time",
) -> xr.DataArray:
    """Apply a function to all pixels' series.

    Parameters
    ----------
    function : callable
        Takes an array of shape (time, pixel), then one of shape (pixel,) for each of `maps`;
        gives (time, pixel), (new axis, pixel) or (pixel,), as `result` says.
    data : xr.DataArray
        Has a dimension ``time``, in one chunk.
    *maps : xr.DataArray
        Have no time, and no dimension that `data` has not.
    label : str
        What the tasks are called on a dashboard.
    dtype : dtype
        What the function gives.
    result : "time", "map" or NewAxis
        Whether the result has the same time, none, or another axis at its place.

    Returns
    -------
    xr.DataArray
        Lazy when one of the inputs is, with one task for each spatial chunk.

    Raises
    ------
    ParameterError
        When time is missing, chunked, or a map does not fit.
    """
    whole_series(data)
    maps = tuple(_fitted(data, item) for item in maps)
    axis = data.get_axis_num("time")
    space = [dim for dim in data.dims if dim != "time"]
    work = functools.partial(_on_block, function=function, axis=axis, reduced=result == "map")
    new_dim: Hashable = result.dim if isinstance(result, NewAxis) else "time"
    dims = space if result == "map" else [new_dim if d == "time" else d for d in data.dims]
    if any(item.chunks is not None for item in (data, *maps)):
        values = _blockwise(work, data, maps, label, dtype, result)
    else:
        values = work(data.to_numpy(), *(item.to_numpy() for item in maps))
        values = values.astype(dtype, copy=False)
    coords = {
        name: coord
        for name, coord in data.coords.items()
        if result == "time" or "time" not in coord.dims
    }
    out = xr.DataArray(values, dims=dims, coords=coords, name=data.name)
    if isinstance(result, NewAxis):
        out = out.assign_coords({new_dim: result.values})
    return out


def whole_series(data: xr.DataArray) -> None:
    """Check that each chunk holds whole series.

    Raises
    ------
    ParameterError
        When there is no dimension ``time`` or it is in several chunks.
    """
    if "time" not in data.dims:
        raise ParameterError(
            "data",
            f"It has no dimension 'time', only {', '.join(map(str, data.dims))}.",
            "Rename the one that is: data.rename(…).",
        )
    if data.sizes["time"] == 0:
        raise ParameterError("data", "It has no step in time.", "Choose a longer period.")
    if data.chunks is not None:
        pieces = len(data.chunks[data.get_axis_num("time")])
        if pieces > 1:
            raise ParameterError(
                "data",
                f"Time is in {pieces} chunks, and each pixel's whole series is needed at once.",
                "Load it with chunks={'time': -1, …}, or call .chunk({'time': -1}) and make the "
                "spatial chunks smaller.",
            )


def _fitted(data: xr.DataArray, item: xr.DataArray) -> xr.DataArray:
    """Give a map the axes of the data without time."""
    space = {dim: data.sizes[dim] for dim in data.dims if dim != "time"}
    strange = [str(dim) for dim in item.dims if dim not in space]
    if strange:
        raise ParameterError(
            "map",
            f"It has the dimension {', '.join(strange)}, which the data has not.",
            "Give a map on the grid of the data.",
        )
    for dim in item.dims:
        same = item.sizes[dim] == space[dim]
        if same and dim in item.coords and dim in data.coords:
            same = bool(np.allclose(item[dim].to_numpy(), data[dim].to_numpy()))
        if not same:
            raise ParameterError(
                "map",
                f"It lies on another grid along {dim} than the data.",
                "Bring it onto that of the data first.",
            )
    chunks = {d: c for d, c in data.chunksizes.items() if d != "time"}
    wide = item.expand_dims({d: n for d, n in space.items() if d not in item.dims})
    wide = wide.transpose(*space)
    return wide.chunk(chunks) if chunks else wide


def _blockwise(
    work: Block,
    data: xr.DataArray,
    maps: tuple[xr.DataArray, ...],
    label: str,
    dtype: DTypeLike,
    result: str | NewAxis,
) -> dask.array.Array:
    """Let dask run the work, one task for each spatial chunk."""
    index = tuple(str(dim) for dim in data.dims)
    arguments: list[Any] = [data.data, index]
    for item in maps:
        arguments += [item.data, tuple(str(dim) for dim in item.dims)]
    # Whatever takes the place of time keeps its index here: where none is dropped, Dask makes one
    # task of this and the reading before it.
    sizes = {"time": result.size} if isinstance(result, NewAxis) else {}
    out = tuple(dim for dim in index if dim != "time" or result != "map")
    return dask.array.blockwise(
        work,
        out,
        *arguments,
        token=label,
        dtype=np.dtype(dtype),
        adjust_chunks=sizes,
        concatenate=True,
        meta=np.empty((0,) * len(out), dtype),
    )


def _on_block(
    block: NDArray[Any], *maps: NDArray[Any], function: Block, axis: int, reduced: bool
) -> NDArray[Any]:
    """Bring one chunk into the shape (time, pixel), call, and bring the answer back."""
    first = np.moveaxis(np.asarray(block), axis, 0)
    answer = function(
        first.reshape(first.shape[0], -1), *(np.asarray(item).reshape(-1) for item in maps)
    )
    if reduced:
        return answer.reshape(first.shape[1:])
    return np.ascontiguousarray(
        np.moveaxis(answer.reshape(answer.shape[0], *first.shape[1:]), 0, axis)
    )
