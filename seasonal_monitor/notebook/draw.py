"""Maps and series of results, drawn alike in all templates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from seasonal_monitor import dekads
from seasonal_monitor.algorithms.grid import grid_of

if TYPE_CHECKING:
    import dask.array as da
    import xarray as xr
    from matplotlib.colors import Normalize
    from numpy.typing import NDArray

Extend = Literal["both", "min", "max", "neither"]


def area_mean(data: xr.DataArray) -> xr.DataArray:
    """Average over the area, pixels in degrees weighted by their size.

    Parameters
    ----------
    data : DataArray
        Has a grid; NaN does not count.

    Returns
    -------
    DataArray
        Without the grid's dimensions.
    """
    grid = grid_of(data)
    weights = np.cos(np.deg2rad(data[grid.y])) if _is_degrees(grid.y) else data[grid.y] * 0 + 1
    if data.chunks is None:
        mean: xr.DataArray = data.weighted(weights).mean([grid.y, grid.x])
    else:
        axes = data.get_axis_num((grid.y, grid.x))
        values = _mean_of_chunks(data, weights.to_numpy(), axes)
        mean = data.isel({grid.y: 0, grid.x: 0}, drop=True).copy(data=values)
    return mean.assign_attrs(data.attrs)


def _mean_of_chunks(data: xr.DataArray, weights: NDArray[Any], axes: tuple[int, int]) -> da.Array:
    """Average lazily, with one task for each chunk and few to bring theirs together."""
    import dask.array as da

    dims = tuple(range(data.ndim))
    along_y = da.from_array(weights.astype(np.float64), chunks=(data.chunks[axes[0]],))
    sums = da.blockwise(
        partial(_weighted_sums, axes=axes),
        (-1, *dims),
        data.data,
        dims,
        along_y,
        (axes[0],),
        new_axes={-1: 2},
        adjust_chunks=dict.fromkeys(axes, 1),
        dtype=np.float64,
        meta=np.empty((0,) * (data.ndim + 1)),
        token="area-mean",  # noqa: S106  (a name, no secret)
    ).sum(axis=tuple(axis + 1 for axis in axes))
    return sums.map_blocks(_quotient, drop_axis=0, dtype=np.float64, token="area-mean")  # noqa: S106


def _weighted_sums(
    block: NDArray[Any], weights: NDArray[Any], *, axes: tuple[int, int]
) -> NDArray[np.float64]:
    """Give the sum of a chunk, and of the weights of what is there."""
    wide = weights.reshape([-1 if axis == axes[0] else 1 for axis in range(block.ndim)])
    there = ~np.isnan(block)
    parts = (wide * np.where(there, block, 0), wide * there)
    return np.stack([part.sum(axis=axes, keepdims=True, dtype=np.float64) for part in parts])


def _quotient(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: NDArray[np.float64] = sums[0] / sums[1]
    return mean


def draw_map(
    axis: Any,  # noqa: ANN401  (of matplotlib, which has no types)
    image: xr.DataArray,
    *,
    title: str = "",
    colours: str = "viridis",
    levels: Sequence[float] | None = None,
    extend: Extend = "both",
) -> None:
    """Draw a raster on a map; grey has no data.

    Parameters
    ----------
    axis : matplotlib axis
        Where to draw.
    image : DataArray, shape (y, x)
        Its attributes name and unit the colour bar.
    title : str
        Above the map.
    colours : str
        Name of a matplotlib colour map.
    levels : sequence of float, optional
        Edges of the classes. Without them the scale is continuous, from the 2nd to the 98th
        percentile: a few extremes leave the rest of the map its colours.
    extend : "both", "min", "max" or "neither"
        Where values can lie beyond the classes; of days, for one, there are none below 0.

    Notes
    -----
    Maps that share their axes are named at the outer edges only.
    """
    import matplotlib.pyplot as plt
    from matplotlib.colors import BoundaryNorm

    grid = grid_of(image)
    palette = plt.get_cmap(colours)
    if levels is not None:
        norm: Normalize = BoundaryNorm(levels, palette.N, extend=extend)
    else:
        norm, extend = _robust(image)
    drawn = axis.pcolormesh(image[grid.x], image[grid.y], image, cmap=palette, norm=norm)
    axis.figure.colorbar(
        drawn, ax=axis, ticks=levels, extend=extend, shrink=0.85, label=label_of(image)
    )
    axis.set(facecolor="0.8", title=title)
    if _is_degrees(grid.y):
        middle = (grid.bounds[1] + grid.bounds[3]) / 2
        axis.set(xlabel="Longitude [°E]", ylabel="Latitude [°N]")
        axis.set_aspect(1 / np.cos(np.deg2rad(middle)))
    else:
        unit = _length_unit(grid.crs)
        axis.set(xlabel=f"Easting{unit}", ylabel=f"Northing{unit}")
        axis.set_aspect("equal")
    if len(axis.get_shared_y_axes().get_siblings(axis)) > 1:
        axis.label_outer()


def label_of(data: xr.DataArray) -> str:
    """Name data and its unit, for an axis or a colour bar, as in ``Rain [mm]``."""
    unit = str(data.attrs.get("units", "1")).replace("degC", "°C")
    unit = re.sub(r"\ba-1\b", "per year", unit)
    name = str(data.attrs.get("long_name", data.name or ""))
    return name if unit in ("1", "") else f"{name} [{unit}]"


def dekad_labels(data: xr.DataArray) -> list[str]:
    """Write the dates of a series as dekads, for an axis."""
    return [dekads.label(dekads.step_of(day)) for day in data.indexes["time"]]


def _robust(image: xr.DataArray) -> tuple[Normalize, Extend]:
    """Give the middle 96 % of the values, and on which sides there are more."""
    from matplotlib.colors import Normalize

    known = image.values[np.isfinite(image.values)]
    if known.size == 0:
        return Normalize(), "neither"
    least, most = known.min(), known.max()
    low, high = np.percentile(known, (2, 98))
    if low == high:
        low, high = least, most
    sides: dict[tuple[bool, bool], Extend] = {
        (True, True): "both",
        (True, False): "min",
        (False, True): "max",
        (False, False): "neither",
    }
    return Normalize(low, high), sides[bool(least < low), bool(most > high)]


def _is_degrees(dim: object) -> bool:
    return dim in ("latitude", "lat")


def _length_unit(crs: object) -> str:
    """Give the unit of a projected grid for an axis, such as `` [m]``; empty if unknown."""
    from odc.geo import CRS

    unit = CRS(crs).units[0] if crs is not None else None
    return {"metre": " [m]", "kilometre": " [km]"}.get(unit or "", "")
