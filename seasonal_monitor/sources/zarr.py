"""Data in a Zarr store that follows CF conventions."""

from __future__ import annotations

import warnings
import zlib
from datetime import datetime
from typing import TYPE_CHECKING

from seasonal_monitor.dekads import step_of
from seasonal_monitor.errors import MissingPackageError, SourceError

from .metadata import Encoding, decode, encoding_of
from .refusals import without_secrets
from .request import Request

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr
    from numpy.typing import NDArray

_NAMES = (("latitude", "longitude"), ("lat", "lon"), ("y", "x"))


def open_zarr(source: str, request: Request) -> xr.Dataset:
    """Open variables of a Zarr store in degrees.

    Parameters
    ----------
    source : str
        Path or address of the store.
    request : Request
        What to open.

    Returns
    -------
    Dataset, shape (time, y, x) with the store's own names, float32, lazy
        NaN where there is no data.

    Raises
    ------
    SourceError
        Names the parameter, before any chunk is read.
    """
    try:
        import xarray as xr
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "xarray") from error
    try:
        with warnings.catch_warnings():
            # Stores that grow have no consolidated metadata.
            warnings.filterwarnings("ignore", ".*consolidated metadata", RuntimeWarning)
            store = xr.open_zarr(source, chunks=None, mask_and_scale=False, consolidated=None)
    except (OSError, ValueError, KeyError) as error:
        raise SourceError(
            "source", f"{source} cannot be read as Zarr: {error}.", "Check the path."
        ) from error
    unknown = [band for band in request.bands if band not in store.data_vars]
    if unknown:
        raise SourceError(
            "bands",
            f"no {unknown[0]!r} in {source}, only {', '.join(map(str, store.data_vars))}.",
            "Choose one of these.",
        )
    names = next(((y, x) for y, x in _NAMES if y in store.dims and x in store.dims), None)
    if names is None or "time" not in store.dims:
        raise SourceError(
            "source",
            f"{source} has the dimensions {', '.join(map(str, store.dims))}.",
            "The store needs time, latitude and longitude.",
        )
    _check_degrees(source, store, *names)
    asked = store[list(request.bands)]
    named = {band: _lazy(source, band, asked[band], request.called) for band in request.bands}
    part = _select(asked.assign(named), request, *names)
    for coordinate in part.coords:
        # Of how it is stored; with it the data could not be added to another store.
        part.variables[coordinate].attrs.pop("_FillValue", None)
    chunks = {"time": request.time_chunk, names[0]: request.chunk_px, names[1]: request.chunk_px}
    return part.assign(
        {
            band: decode(part[band].chunk(chunks), _encoding(band, part[band]))
            for band in request.bands
        }
    )


class _NamingArray:
    """A variable of a store, whose errors name it; workers read with it."""

    def __init__(self, source: str, band: str, stored: xr.DataArray, called: str) -> None:
        self.shape, self.dtype, self.ndim = stored.shape, stored.dtype, stored.ndim
        self._source, self._band, self._stored = source, band, stored.variable
        self._called = called

    def __getitem__(self, key: tuple[slice, ...]) -> np.ndarray:
        """Read a part.

        Raises
        ------
        SourceError
            With the names of store and variable, when it cannot be read.
        """
        try:
            part: np.ndarray = self._stored[key].values
        except (OSError, RuntimeError, ValueError, zlib.error) as error:
            refused = isinstance(error, PermissionError)
            why = "may not be read by you" if refused else "cannot be read: it is damaged"
            raise SourceError(
                self._called,
                f"a chunk of {self._band!r} in {without_secrets(self._source)} {why}.",
                "Ask its owner for access." if refused else "Write these dates again.",
            ) from None  # what a codec raises cannot travel from every worker
        return part


def _lazy(source: str, band: str, stored: xr.DataArray, called: str) -> xr.DataArray:
    """Give a variable as a dask array, in the chunks of its store."""
    import dask.array as da

    chunks = stored.encoding.get("preferred_chunks") or {}
    sizes = tuple(chunks.get(dim, stored.sizes[dim]) for dim in stored.dims)
    # Its own name each time: a store may be written again while a cluster remembers it.
    array = _NamingArray(source, band, stored, called)
    lazy = da.from_array(array, sizes, name=False, meta=stored.dtype.type(), inline_array=True)
    return stored.copy(data=lazy)


def _check_degrees(source: str, store: xr.Dataset, y: str, x: str) -> None:
    """See that a store is in degrees, as areas are.

    Raises
    ------
    SourceError
        When its coordinates are none.
    """
    edges = [abs(float(edge)) for name in (x, y) for edge in (store[name][0], store[name][-1])]
    if max(edges[:2]) > 360 or max(edges[2:]) > 90:
        raise SourceError(
            "source",
            f"{source} is not in degrees: its {x} goes to {max(edges[:2]):g}.",
            "Reproject it to EPSG:4326 first.",
        )


def _encoding(band: str, stored: xr.DataArray) -> Encoding:
    """Read CF attributes; for floats NaN is no data where nothing else is stated."""
    general = {"nodata": float("nan")} if stored.dtype.kind == "f" else None
    return encoding_of(band, general, stored.attrs)


def _select(store: xr.Dataset, request: Request, y: str, x: str) -> xr.Dataset:
    import pandas as pd

    west, south, east, north = request.bounds
    furthest = float(store[x].max())
    if west < 0 and furthest > 181:
        raise SourceError(
            "area",
            f"it begins at {west:g}, but the store's {x} goes from 0 to 360.",
            "Bring the store to -180 to 180 first, or take an area east of 0.",
        )
    inside = store.isel(
        {
            y: _reach((store[y].values >= south) & (store[y].values <= north)),
            x: _reach((store[x].values >= west) & (store[x].values <= east)),
        }
    )
    if 0 in (inside.sizes[y], inside.sizes[x]):
        reach = [float(edge) for name in (x, y) for edge in (store[name].min(), store[name].max())]
        raise SourceError(
            "area",
            f"{list(request.bounds)} is outside the data: {reach[0]:g} to {reach[1]:g} east, "
            f"{reach[2]:g} to {reach[3]:g} north.",
            "Choose an area within it.",
        )
    begin, end = (_naive(moment) for moment in (request.start, request.end))
    period = inside.sel(time=slice(begin, end))
    if request.dekads is not None:
        days = pd.DatetimeIndex(period["time"].values)
        period = period.isel(time=[step_of(day) in request.dekads for day in days])
    if not period.sizes["time"]:
        raise SourceError(
            "start",
            f"nothing between {begin:%Y-%m-%d} and {end:%Y-%m-%d} in the store.",
            "Choose another period.",
        )
    return period


def _reach(wanted: NDArray[np.bool_]) -> slice | NDArray[np.intp]:
    """Give what is wanted of an axis, as a slice if it can be: Dask has no task for it then."""
    places: NDArray[np.intp] = wanted.nonzero()[0]
    if len(places) == 0 or places[-1] - places[0] + 1 > len(places):
        return places
    return slice(int(places[0]), int(places[-1]) + 1)


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
