"""Opens scenes of a satellite, the tiles of each pass as one step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from seasonal_monitor.errors import SourceError
from seasonal_monitor.sources import Area, open_source

from .checks import called, naming

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr


def open_scenes(
    catalog: str | Path,
    collection: str,
    bands: Mapping[str, str],
    area: Area,
    start: str,
    end: str,
    *,
    chunk_px: int = 256,
) -> xr.Dataset:
    """Open bands of scenes, those of one solar day over each other.

    Parameters
    ----------
    catalog, collection, area, start, end, chunk_px
        As for :func:`seasonal_monitor.sources.open_source`.
    bands : mapping of str to str
        Names of bands, by the notebook's parameters that hold them. All come on the grid that
        most of them have, the others with the nearest pixel.

    Returns
    -------
    Dataset, shape (time, y, x), float32, lazy
        A variable for each band, named after it.

    Raises
    ------
    SourceError
        When the archive has nothing of it; names the notebook's parameter.
    """
    try:
        with naming(source="catalog"):
            return open_source(
                catalog,
                collection,
                list(bands.values()),
                area,
                start,
                end,
                chunk_px=chunk_px,
                groupby="solar_day",
                called=called("source"),
            )
    except SourceError as error:
        if error.parameter != "bands":
            raise
        which = next((name for name, band in bands.items() if f"{band!r}" in error.problem), None)
        raise SourceError(which or next(iter(bands)), error.problem, error.advice) from error
