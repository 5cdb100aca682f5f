"""Data indexed in an Open Data Cube."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

from seasonal_monitor.errors import MissingPackageError, SourceError

from .metadata import Encoding, decode, encoding_of
from .openings import open_at_once
from .request import Request

if TYPE_CHECKING:
    import xarray as xr
    from datacube import Datacube


def open_cube(cube: Datacube | str, request: Request) -> xr.Dataset:
    """Open a product of an Open Data Cube.

    Parameters
    ----------
    cube : Datacube or str
        An index that is connected, or the name of an environment in its configuration; empty for
        the default one.
    request : Request
        What to open; `collection` is the product.

    Returns
    -------
    Dataset, shape (time, y, x) or (time, latitude, longitude), float32, lazy
        NaN where there is no data. Workers read the files and never touch the database.

    Raises
    ------
    SourceError
        Names the parameter, before any raster is read.
    """
    index = connect_cube(cube) if isinstance(cube, str) else cube
    product = index.index.products.get_by_name(request.collection)
    if product is None:
        known = sorted(each.name for each in index.index.products.get_all())
        raise SourceError(
            "collection",
            f"no product {request.collection!r} in this cube, only {', '.join(known) or 'none'}.",
            "Choose one of these, or ask for access to it.",
        )
    encodings = {band: _encoding(band, product.measurements) for band in request.bands}
    found = _find(index, request)
    grids = sorted({str(dataset.crs) for dataset in found})
    if len(grids) > 1:
        raise SourceError(
            "collection",
            f"the datasets are in several projections: {', '.join(grids)}.",
            "Choose a smaller area, or open each projection by itself.",
        )
    west, south, east, north = request.bounds
    y, x = found[0].crs.dimensions
    grid: dict[str, Any] = {}
    if product.grid_spec is None and not product.load_hints():
        grid = {"output_crs": grids[0], "resolution": _resolution(found[0].metadata_doc)}
    from .rasters import NamingDriver, check_files

    addresses = list(_addresses(found, request.bands))
    check_files(addresses)
    # The default loader makes three times as many tasks as rio's.
    stored = index.load(
        product=request.collection,
        datasets=found,
        measurements=list(request.bands),
        longitude=(west, east),
        latitude=(south, north),
        group_by=request.groupby,
        dask_chunks={"time": request.time_chunk, y: request.chunk_px, x: request.chunk_px},
        driver=NamingDriver(request.called, addresses),
        **grid,
    )
    stored = open_at_once(stored)
    return stored.assign({band: decode(stored[band], encodings[band]) for band in request.bands})


def connect_cube(environment: str = "") -> Datacube:
    """Connect to an Open Data Cube of the configuration.

    Parameters
    ----------
    environment : str
        Its name there; the default one without it.

    Raises
    ------
    SourceError
        Names ``source``, without the address, which may hold a password.
    """
    try:
        from datacube import Datacube
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "datacube", "odc") from error
    try:
        return Datacube(env=environment or None, app="seasonal-monitor")
    except Exception as error:
        raise SourceError(
            "source",
            f"the Open Data Cube {environment or 'default'!r} does not answer: "
            f"{_first_line(error)}.",
            "Check its configuration with `datacube system check`.",
        ) from error


def _first_line(error: Exception) -> str:
    """Say what is wrong without the address, which may hold a password."""
    from sqlalchemy.exc import SQLAlchemyError

    if isinstance(error, SQLAlchemyError):
        error = getattr(error, "orig", None) or error
        return type(error).__name__
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _encoding(band: str, measurements: Mapping[str, Mapping[str, Any]]) -> Encoding:
    if band not in measurements:
        raise SourceError(
            "bands", f"no {band!r} in this product, only {', '.join(measurements)}.", "Choose one."
        )
    fields = dict(measurements[band])
    if isinstance(fields.get("nodata"), str):  # JSON has no NaN
        fields["nodata"] = math.nan
    return encoding_of(band, fields)


def _find(index: Datacube, request: Request) -> list[Any]:
    """Find the datasets of a request.

    Raises
    ------
    SourceError
        Names the area when the period has datasets elsewhere, the start otherwise.
    """
    west, south, east, north = request.bounds
    asked = {"product": request.collection, "time": (request.start, request.end)}
    found = list(index.find_datasets(**asked, longitude=(west, east), latitude=(south, north)))
    elsewhere = not found and index.find_datasets(**asked, limit=1)
    if request.dekads is not None:
        found = [dataset for dataset in found if request.wants(dataset.time.begin)]
    if found:
        return found
    if elsewhere:
        raise SourceError(
            "area",
            f"{list(request.bounds)} is outside the data of {request.collection}.",
            "Choose an area within it.",
        )
    raise SourceError(
        "start",
        f"nothing between {request.start:%Y-%m-%d} and {request.end:%Y-%m-%d} in "
        f"{request.collection}.",
        "Choose another period.",
    )


def _addresses(found: Sequence[Any], bands: Sequence[str]) -> Iterable[str]:
    """Give where the files of datasets are, as far as their documents say it."""
    for dataset in found:
        for band in bands:
            path = dataset.measurements.get(band, {}).get("path")
            if dataset.uri and path is not None:
                yield unquote(urljoin(dataset.uri, path))


def _resolution(document: Mapping[str, Any]) -> tuple[float, float]:
    """Give the pixel size of a dataset's first grid, as (y, x)."""
    transform = next(iter(document["grids"].values()))["transform"]
    return float(transform[4]), float(transform[0])
