"""Statistics of rasters in polygons, weighted by how much of each pixel a polygon covers.

The coverage is calculated once by exactextract and becomes a sparse matrix; workers only multiply.
Chunks that no polygon touches are never loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dask
import dask.array
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from seasonal_monitor.errors import ParameterError

from . import engines
from .gaps import as_float, nodata_of
from .grid import Grid, grid_of

if TYPE_CHECKING:
    import geopandas
    import scipy.sparse

STATISTICS = ("mean", "sum", "min", "max", "count", "median")


@dataclass(frozen=True)
class ZoneWeights:
    """How much of each pixel each zone covers.

    Attributes
    ----------
    matrix : scipy.sparse.csr_matrix, shape (zones, rows * columns)
        Shares from 0 to 1, in the raster's own order of rows and columns.
    ids : array, shape (zones,)
        Name of each zone.
    grid : Grid
        The raster that they are for.
    """

    matrix: scipy.sparse.csr_matrix
    ids: NDArray[Any]
    grid: Grid


def zone_weights(
    data: xr.DataArray,
    polygons: geopandas.GeoDataFrame,
    *,
    id_column: str | None = None,
    min_coverage: float = 0.0,
    crs: object = None,
    outside: str = "raise",
) -> ZoneWeights:
    """Calculate how much of each pixel each polygon covers.

    Parameters
    ----------
    data : xr.DataArray
        The raster; only its coordinates are read.
    polygons : geopandas.GeoDataFrame
        With a reference system; it is brought to the raster's. They may overlap: each is a zone
        of its own.
    id_column : str, optional
        Column that names the zones; the index by default.
    min_coverage : float
        Pixels covered by a smaller share than this do not count.
    crs : optional
        The raster's reference system, where it does not say it itself.
    outside : "raise" or "nan"
        What to do about polygons that touch no pixel.

    Returns
    -------
    ZoneWeights
        Use it for all products on the same grid.
    """
    grid = grid_of(data, crs)
    zones = _checked(polygons, grid, id_column, min_coverage, outside)
    ids = zones.index.to_numpy() if id_column is None else zones[id_column].to_numpy()
    engines.choose("exactextract", ("exactextract",))
    exact = engines.load("exactextract")
    raster = engines.load("exactextract.raster").NumPyRasterSource
    west, south, east, north = grid.bounds
    plain = np.ones(grid.shape, np.uint8)
    source = raster(plain, west, south, east, north, srs_wkt=zones.crs.to_wkt())
    frame = zones[[zones.geometry.name]]
    found = exact.exact_extract(
        source, frame, ["cell_id", "coverage"], output="pandas", max_cells_in_memory=10**9
    )
    sparse = engines.load("scipy.sparse")
    cells = [np.asarray(item, np.int64) for item in found["cell_id"]]
    shares = [np.asarray(item, np.float64) for item in found["coverage"]]
    owner = np.repeat(np.arange(len(zones)), [item.size for item in cells])
    cell = np.concatenate(cells) if cells else np.empty(0, np.int64)
    share = np.concatenate(shares) if shares else np.empty(0)
    keep = (share > 0) & (share >= min_coverage)
    owner, cell, share = owner[keep], cell[keep], share[keep]
    rows, columns = np.divmod(cell, grid.shape[1])
    if not grid.north_up:
        rows = grid.shape[0] - 1 - rows
    size = (len(zones), grid.shape[0] * grid.shape[1])
    matrix = sparse.csr_matrix((share, (owner, rows * grid.shape[1] + columns)), shape=size)
    empty = np.flatnonzero(np.diff(matrix.indptr) == 0)
    if empty.size and (outside == "raise" or empty.size == len(zones)):
        names = ", ".join(str(name) for name in ids[empty][:5])
        raise ParameterError(
            "polygons",
            f"{empty.size} of {len(zones)} touch no pixel of the data, which covers {west:g} to "
            f"{east:g}, {south:g} to {north:g}: {names}{', …' if empty.size > 5 else ''}.",
            "Load a larger area, leave them out, or use outside='nan'.",
        )
    return ZoneWeights(matrix, ids, grid)


def zonal_statistics(
    data: xr.DataArray,
    weights: ZoneWeights,
    *,
    statistics: Sequence[str] = ("mean",),
    nodata: float | None = None,
) -> xr.Dataset:
    """Take statistics of a raster in zones.

    Parameters
    ----------
    data : xr.DataArray
        On the grid of the weights; may have ``time``, in any chunks.
    weights : ZoneWeights
        From :func:`zone_weights`.
    statistics : sequence of str
        Of mean, sum (weighted by coverage), count (pixels, in shares), min, max, and median
        (weighted: half of the covered area is at or below it).
    nodata : float, optional
        Value that marks a gap; by default what the attributes say. NaN is always a gap. Gaps
        count in no statistic.

    Returns
    -------
    xr.Dataset
        One float64 variable for each statistic with the dimensions ``time`` (if there) and
        ``zone``; lazy when `data` is. NaN (0 for ``count``) where a zone has no valid pixel.
    """
    unknown = [name for name in statistics if name not in STATISTICS]
    if unknown or not statistics:
        raise ParameterError(
            "statistics",
            f"{', '.join(unknown) or 'None'} is not known.",
            f"Use some of {', '.join(STATISTICS)}.",
        )
    grid = weights.grid
    strange = [str(d) for d in data.dims if d not in ("time", grid.y, grid.x)]
    if strange or grid.y not in data.dims or grid.x not in data.dims:
        raise ParameterError(
            "data",
            f"Its dimensions are {', '.join(map(str, data.dims))}.",
            "Give those of the weights, and time.",
        )
    here = grid_of(data, grid.crs)
    if here.shape != grid.shape or not np.allclose(here.bounds, grid.bounds):
        raise ParameterError(
            "data", "It is on another grid than the weights.", "Make weights for each grid."
        )
    cube = data if "time" in data.dims else data.expand_dims("time")
    cube = cube.transpose("time", grid.y, grid.x)
    names = tuple(statistics)
    gap = nodata_of(data, nodata)
    if cube.chunks is None:
        part = _part(cube.to_numpy(), weights.matrix, names, gap)
        values: Any = _combine([part], weights.matrix.shape[0], cube.sizes["time"], names)
    else:
        values = _lazily(cube, weights, names, gap)
    dims = ("statistic", "time", "zone")
    result = xr.DataArray(values, dims=dims, coords={"zone": weights.ids})
    if "time" in cube.coords:
        result = result.assign_coords(time=cube["time"])
    out = xr.Dataset({name: result[place] for place, name in enumerate(names)})
    for name in names:
        units = "1" if name == "count" else data.attrs.get("units", "")
        out[name].attrs = {"units": units, "engine": engines.label("exactextract")}
    return out if "time" in data.dims else out.isel(time=0)


def _checked(
    polygons: geopandas.GeoDataFrame,
    grid: Grid,
    id_column: str | None,
    min_coverage: float,
    outside: str,
) -> geopandas.GeoDataFrame:
    """Check the polygons and bring them to the raster's reference system."""
    if not 0 <= min_coverage <= 1:
        raise ParameterError(
            "min_coverage", f"{min_coverage:g} is no share.", "Give a number from 0 to 1."
        )
    if outside not in ("raise", "nan"):
        raise ParameterError("outside", f"{outside!r} is not known.", "Use raise or nan.")
    if len(polygons) == 0:
        raise ParameterError("polygons", "There are none.", "Give at least one.")
    if id_column is not None and id_column not in polygons.columns:
        raise ParameterError(
            "id_column",
            f"There is no column {id_column!r}.",
            f"Use one of {', '.join(map(str, polygons.columns))}.",
        )
    wrong = ~polygons.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    wrong |= polygons.geometry.is_empty.to_numpy()
    if wrong.any():
        raise ParameterError(
            "polygons", f"{int(wrong.sum())} are no polygons, or empty.", "Leave them out."
        )
    if polygons.crs is None:
        raise ParameterError(
            "polygons", "They have no reference system.", "Set it: polygons.set_crs('EPSG:4326')."
        )
    if grid.crs is None:
        raise ParameterError(
            "crs", "The data does not say its reference system.", "Give it, for example EPSG:4326."
        )
    return polygons.to_crs(grid.crs)


def _lazily(
    cube: xr.DataArray, weights: ZoneWeights, names: tuple[str, ...], gap: float
) -> dask.array.Array:
    """Build one task for each chunk that a zone touches, and one that puts them together."""
    blocks = cube.data.to_delayed()
    times, heights, widths = cube.chunks or ((), (), ())
    cells = np.arange(weights.matrix.shape[1]).reshape(weights.grid.shape)
    part = dask.delayed(_part, pure=True)
    combine = dask.delayed(_combine, pure=True)
    tops, lefts = np.cumsum((0, *heights)), np.cumsum((0, *widths))
    pieces: dict[tuple[int, int], Any] = {}
    for row in range(len(heights)):
        for column in range(len(widths)):
            inside = cells[tops[row] : tops[row + 1], lefts[column] : lefts[column + 1]]
            piece = weights.matrix[:, inside.ravel()]
            if piece.nnz:
                pieces[row, column] = dask.delayed(piece, pure=True)
    zones = weights.matrix.shape[0]
    stack = []
    for place, steps in enumerate(times):
        parts = [part(blocks[place, r, c], piece, names, gap) for (r, c), piece in pieces.items()]
        whole = combine(parts, zones, steps, names)
        stack.append(dask.array.from_delayed(whole, (len(names), steps, zones), np.float64))
    return dask.array.concatenate(stack, axis=1)


Part = tuple[NDArray[np.int64], dict[str, NDArray[Any]]]


def _part(
    block: NDArray[Any], matrix: scipy.sparse.csr_matrix, names: tuple[str, ...], gap: float
) -> Part:
    """Take what one chunk says about the zones that touch it.

    Parameters
    ----------
    block : array, shape (time, rows, columns)
        One chunk.
    matrix : sparse matrix, shape (zones, rows * columns)
        The shares of its pixels.
    names : tuple of str
        Statistics that are wanted.
    gap : float
        Value that marks a gap.

    Returns
    -------
    tuple
        Places of the zones, and arrays of shape (time, zones): ``weight``, ``total``, ``least``,
        ``most``; for the median ``values`` (time, entries), ``shares`` and ``owner`` (entries).
    """
    owners = np.flatnonzero(np.diff(matrix.indptr))
    used = np.unique(matrix.indices)
    small = matrix[owners][:, used].tocsr()
    values = as_float(block.reshape(block.shape[0], -1)[:, used], gap)
    there = np.isfinite(values)
    found: dict[str, NDArray[Any]] = {}
    found["weight"] = (small @ there.T.astype(np.float64)).T
    if {"mean", "sum"} & set(names):
        found["total"] = (small @ np.where(there, values, 0.0).T.astype(np.float64)).T
    for name, key, fill, reduce in (
        ("min", "least", np.inf, np.minimum),
        ("max", "most", -np.inf, np.maximum),
    ):
        if name in names:
            entries = np.where(there, values, fill)[:, small.indices].astype(np.float64)
            found[key] = reduce.reduceat(entries, small.indptr[:-1], axis=1)
    if "median" in names:
        found["values"] = values[:, small.indices].astype(np.float64)
        found["shares"] = small.data
        found["owner"] = np.repeat(owners, np.diff(small.indptr))
    return owners, found


def _combine(
    parts: list[Part], zones: int, steps: int, names: tuple[str, ...]
) -> NDArray[np.float64]:
    """Put the chunks' answers together: shape (statistics, time, zones)."""
    weight = np.zeros((steps, zones))
    total = np.zeros((steps, zones))
    least = np.full((steps, zones), np.inf)
    most = np.full((steps, zones), -np.inf)
    for owners, found in parts:
        weight[:, owners] += found["weight"]
        if "total" in found:
            total[:, owners] += found["total"]
        if "least" in found:
            least[:, owners] = np.minimum(least[:, owners], found["least"])
        if "most" in found:
            most[:, owners] = np.maximum(most[:, owners], found["most"])
    seen = weight > 0
    out = np.full((len(names), steps, zones), np.nan)
    for place, name in enumerate(names):
        if name == "count":
            out[place] = weight
        elif name == "mean":
            np.divide(total, weight, out=out[place], where=seen)
        elif name == "median":
            out[place] = _median(parts, zones, steps)
        else:
            chosen = {"sum": total, "min": least, "max": most}[name]
            out[place] = np.where(seen, chosen, np.nan)
    return out


def _median(parts: list[Part], zones: int, steps: int) -> NDArray[np.float64]:
    """Take the weighted median of each zone and step."""
    out = np.full((steps, zones), np.nan)
    if not parts:
        return out
    owner = np.concatenate([found["owner"] for _, found in parts])
    shares = np.concatenate([found["shares"] for _, found in parts])
    values = np.concatenate([found["values"] for _, found in parts], axis=1)
    for zone in np.unique(owner):
        mine = owner == zone
        entries = values[:, mine]
        order = np.argsort(entries, axis=1)  # NaN comes last
        entries = np.take_along_axis(entries, order, axis=1)
        weight = np.where(np.isfinite(entries), shares[mine][order], 0.0)
        running = np.cumsum(weight, axis=1)
        half = running[:, -1:] / 2
        at = (running >= half * (1 - 1e-12)).argmax(axis=1)
        picked = np.take_along_axis(entries, at[:, None], axis=1)[:, 0]
        out[:, zone] = np.where(half[:, 0] > 0, picked, np.nan)
    return out
