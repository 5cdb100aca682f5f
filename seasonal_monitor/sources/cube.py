"""Data indexed in an Open Data Cube."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seasonal_monitor.errors import MissingPackageError, SourceError

from .metadata import decode, encoding_of
from .request import Request

if TYPE_CHECKING:
    import xarray as xr
    from datacube import Datacube


def open_cube(cube: Datacube | str, request: Request) -> xr.Dataset:
    """Open a product of an Open Data Cube.

    Parameters
    ----------
    cube : Datacube or str
        An index that is connected, or the name of an environment in its configuration.
    request : Request
        What to open; `collection` is the product.

    Returns
    -------
    Dataset, shape (time, y, x) or (time, latitude, longitude), float32, lazy
        NaN where there is no data. Workers never touch the database.

    Raises
    ------
    SourceError
        Names the parameter, before any raster is read.
    """
    if isinstance(cube, str):
        cube = _connect(cube)
    product = cube.index.products.get_by_name(request.collection)
    if product is None:
        known = sorted(each.name for each in cube.index.products.get_all())
        raise SourceError(
            "collection",
            f"no product {request.collection!r} in this cube, only {', '.join(known) or 'none'}.",
            "Choose one of these.",
        )
    encodings = {}
    for band in request.bands:
        if band not in product.measurements:
            raise SourceError(
                "bands",
                f"no {band!r} in {request.collection}, only {', '.join(product.measurements)}.",
                "Choose one of these.",
            )
        measurement = dict(product.measurements[band])
        encodings[band] = encoding_of(band, measurement, measurement.get("extra_dim"))
    west, south, east, north = request.bounds
    time = (request.start, request.end)
    found = cube.find_datasets(
        product=request.collection, time=time, longitude=(west, east), latitude=(south, north)
    )
    if not found:
        nearby = cube.find_datasets(product=request.collection, time=time, limit=1)
        name = "area" if nearby else "start"
        raise SourceError(
            name,
            f"the cube has no datasets of {request.collection} there.",
            "Choose another area." if nearby else "Choose another period.",
        )
    grids = sorted({str(dataset.crs) for dataset in found})
    if len(grids) > 1:
        raise SourceError(
            "collection",
            f"the datasets are in several projections: {', '.join(grids)}.",
            "Choose a smaller area, or open each projection by itself.",
        )
    y, x = found[0].crs.dimensions
    # The default loader makes three times as many tasks as rio's.
    stored = cube.load(
        datasets=found,
        measurements=list(request.bands),
        longitude=(west, east),
        latitude=(south, north),
        like=None,
        output_crs=None if product.grid_spec or product.load_hints() else grids[0],
        resolution=None if product.grid_spec or product.load_hints() else _resolution(found[0]),
        dask_chunks={"time": request.time_chunk, y: request.chunk_px, x: request.chunk_px},
        driver="rio",
    )
    return stored.assign({band: decode(stored[band], encodings[band]) for band in request.bands})


def _connect(environment: str) -> Datacube:
    try:
        from datacube import Datacube
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "datacube", "odc") from error
    try:
        return Datacube(env=environment or None, app="seasonal-monitor")
    except Exception as error:
        raise SourceError(
            "source",
            f"the Open Data Cube {environment or 'default'} does not answer ({error}).",
            "Check its configuration with `datacube system check`.",
        ) from error


def _resolution(dataset: object) -> tuple[float, float]:
    """Give the pixel size of a dataset's default grid, as (y, x)."""
    affine = next(iter(dataset.metadata_doc["grids"].values()))["transform"]  # type: ignore[attr-defined]
    return float(affine[4]), float(affine[0])
