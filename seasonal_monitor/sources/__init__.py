"""Archives as lazy xarray datasets: STAC, Zarr and Open Data Cube by one call."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .plan import Plan, describe
from .request import Area, Request, bounds_of, make_request, period_of

if TYPE_CHECKING:
    import xarray as xr
    from datacube import Datacube

HDC = "https://api.earthobservation.vam.wfp.org/stac/"

__all__ = [
    "HDC",
    "Area",
    "Plan",
    "Request",
    "bounds_of",
    "describe",
    "make_request",
    "open_source",
    "period_of",
]


def open_source(
    source: str | Path | Datacube,
    collection: str,
    bands: Sequence[str] | str,
    area: Area,
    start: str,
    end: str,
    *,
    chunk_px: int = 512,
    time_chunk: int = -1,
    groupby: str = "time",
    dekads: Collection[int] | None = None,
    called: str = "source",
) -> xr.Dataset:
    """Open a part of an archive; nothing is read until it is computed.

    Parameters
    ----------
    source : str, Path or Datacube
        ``"hdc"`` for WFP's archive; the address of a STAC API; the path of a STAC catalogue, an
        item or a folder of items; a Zarr store (its name ends with ``.zarr``); ``"odc"`` or
        ``"odc:environment"`` for an Open Data Cube of the configuration, or one that is connected.
    collection : str
        Collection or product. Zarr stores have none.
    bands : str or sequence of str
        What to open.
    area : sequence of 4 floats, mapping, str or path
        West, south, east, north in degrees, or GeoJSON, of which the bounding box is taken.
    start, end : str
        Dekads such as ``202401d1`` or days such as ``2024-01-15``, both included.
    chunk_px : int
        Pixels per side of a chunk.
    time_chunk : int
        Time steps of a chunk. -1, all, is what everything that works along time needs.
    groupby : str
        What becomes one time step: ``time``, or ``solar_day``, which lays the scenes of one pass
        over each other. Zarr stores have no scenes.
    dekads : collection of int, optional
        Only data of these, as :mod:`seasonal_monitor.dekads` numbers them, such as the same
        dekads of many years; nothing between them is opened.
    called : str
        What the caller calls `source`: files that workers cannot read are told of under this name.

    Returns
    -------
    Dataset, shape (time, latitude, longitude), or (time, y, x) in projected grids, float32
        Values with scale and offset applied, NaN where there is no data. Each band's `units`
        come from its metadata.

    Raises
    ------
    ParameterError
        Names the parameter that cannot be used, before any raster is read.
    MissingPackageError
        Names the package and how to install it.
    """
    request = make_request(
        collection, bands, area, start, end, chunk_px, time_chunk, groupby, dekads, called
    )
    text = str(source)
    if not isinstance(source, str | Path):
        from .cube import open_cube

        return open_cube(source, request)
    if text == "odc" or text.startswith("odc:"):
        from .cube import open_cube

        return open_cube(text.partition(":")[2], request)
    if text.rstrip("/").endswith(".zarr"):
        from .zarr import open_zarr

        return open_zarr(text, request)
    from .stac import open_stac

    return open_stac(HDC if text == "hdc" else text, request)
