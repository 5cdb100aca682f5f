"""Reads the polygons that a notebook takes statistics of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from seasonal_monitor.errors import MissingPackageError, ParameterError

if TYPE_CHECKING:
    import geopandas


def open_zones(path: str | Path, id_column: str) -> geopandas.GeoDataFrame:
    """Read polygons, each with a name of its own.

    Parameters
    ----------
    path : str or Path
        GeoJSON, GeoPackage, shapefile or what else GDAL reads.
    id_column : str
        Column that names them.

    Returns
    -------
    GeoDataFrame
        As it is in the file.

    Raises
    ------
    ParameterError
        Names ``zones`` or ``id_column``.
    """
    try:
        import geopandas
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "geopandas") from error
    from pyogrio.errors import DataSourceError

    try:
        zones = geopandas.read_file(path)
    except (OSError, ValueError, DataSourceError) as error:
        reason = str(error).split("; ")[0].rstrip(".")
        raise ParameterError(
            "zones",
            f"{path} cannot be read as polygons ({reason}).",
            "Check the path; GeoJSON and GeoPackage are common.",
        ) from error
    if id_column not in zones.columns:
        columns = [str(name) for name in zones.columns if name != "geometry"]
        raise ParameterError(
            "id_column", f"there is no column {id_column!r}.", f"Use one of {', '.join(columns)}."
        )
    twice = zones[id_column][zones[id_column].duplicated()]
    if len(twice):
        raise ParameterError(
            "id_column",
            f"{len(twice)} polygons share a name with another, such as {twice.iloc[0]!r}.",
            "Choose a column with a name for each, or merge them.",
        )
    if zones.crs is None:
        raise ParameterError(
            "zones",
            f"{path} does not say its reference system.",
            "Write the file again with one; GeoJSON is in degrees.",
        )
    return zones
