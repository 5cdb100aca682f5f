"""A Cloud Optimized GeoTIFF per time step and band, described for STAC and Open Data Cube."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from seasonal_monitor.errors import MissingPackageError, OutputError

from .documents import check_fits, write_listing, write_step
from .places import Grid, Step
from .replace import write_bytes

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


@dataclass(frozen=True)
class Stored:
    """How values are stored: value = stored * scale + offset.

    Attributes
    ----------
    dtype : str
        Of the stored numbers.
    nodata : float
        The stored number that means no data; NaN only for floats.
    scale, offset : float
        Written into the file and its documents, so that readers apply them.
    """

    dtype: str = "float32"
    nodata: float = math.nan
    scale: float = 1.0
    offset: float = 0.0

    def encode(self, band: str, values: np.ndarray) -> np.ndarray:
        """Give the stored numbers.

        Raises
        ------
        OutputError
            When a value does not fit.
        """
        import numpy as np

        kind = np.dtype(self.dtype)
        missing = np.isnan(values)
        numbers = (values - self.offset) / self.scale
        if kind.kind == "f":
            return np.where(missing, self.nodata, numbers).astype(kind)
        whole = np.where(missing, self.nodata, np.round(numbers))
        limits = np.iinfo(kind)
        if whole.size and (whole.min() < limits.min or whole.max() > limits.max):
            raise OutputError(
                "stored",
                f"{band} reaches from {np.nanmin(values):g} to {np.nanmax(values):g}, which "
                f"{self.dtype} with scale {self.scale:g} cannot hold.",
                "Use a larger type or scale.",
            )
        if bool(np.any((whole == self.nodata) & ~missing)):
            raise OutputError(
                "stored",
                f"{band} has values that are stored as {self.nodata:g}, which means no data.",
                "Choose another nodata, scale or offset.",
            )
        return whole.astype(kind)


def write_cogs(
    data: xr.Dataset | xr.DataArray,
    folder: str | PathLike[str],
    product: str,
    *,
    description: str = "",
    stored: Mapping[str, Stored] | None = None,
    step: Literal["dekad", "month", "day"] = "dekad",
    existing: Literal["replace", "keep"] = "replace",
    block_px: int = 512,
) -> list[Path]:
    """Write COGs with STAC items and Open Data Cube documents.

    One time step is computed and held at a time. Of each step the rasters come first and the STAC
    item last, so a step that is listed is whole. What is the same as before is left alone.

    Parameters
    ----------
    data : Dataset or DataArray, shape (time, y, x) or (time, latitude, longitude)
        NaN where there is no data; with a coordinate reference system. Each variable is a band;
        `units` is taken from its attributes.
    folder : path
        Gets ``catalog.json`` and a folder named after the product. Other products stay listed.
    product : str
        Id of the STAC collection and name of the Open Data Cube product.
    description : str
        What the product is, for its documents.
    stored : mapping of str to Stored
        By band; float32 with NaN otherwise.
    step : {"dekad", "month", "day"}
        What the time steps are. Each is named after the one that its time lies in.
    existing : {"replace", "keep"}
        Whether steps that are listed are computed and written again.
    block_px : int
        Side of a raster's tiles, in pixels, a multiple of 16.

    Returns
    -------
    list of Path
        The STAC items, in order of time.

    Raises
    ------
    OutputError
        Names the parameter. Steps that were whole stay; none is left half-written.
    MissingPackageError
        Names the package and how to install it.
    """
    dataset = _checked(data, product)
    grid = Grid.of(dataset)
    top = Path(folder)
    how = {str(band): (stored or {}).get(str(band), Stored()) for band in dataset.data_vars}
    unknown = set(stored or {}) - set(how)
    if unknown:
        names = ", ".join(sorted(unknown))
        raise OutputError("stored", f"no band {names} is written.", "Check its name.")
    check_fits(top, product, grid, how)
    parts = _steps(dataset, product, step)
    for index, part in enumerate(parts):
        if existing == "keep" and part.item_path(top).exists():
            continue
        bands = _compute(dataset.isel(time=index))
        assets = []
        for band, values in bands.items():
            encoding = how[band]
            units = str(dataset[band].attrs.get("units", "1"))
            raster = part.raster_path(top, band)
            content = encode_cog(
                encoding.encode(band, values), grid, band, encoding, units, block_px
            )
            write_bytes(raster, content)
            assets.append((band, raster, encoding, units))
        write_step(part, grid, assets, top)
    write_listing(top, product, description or product)
    return [part.item_path(top) for part in parts]


def _checked(data: xr.Dataset | xr.DataArray, product: str) -> xr.Dataset:
    try:
        import odc.geo.xr  # noqa: F401 - gives datasets their `odc`
        import rasterio  # noqa: F401
        import xarray as xr
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "odc.geo") from error
    if isinstance(data, xr.DataArray):
        data = data.to_dataset(name=data.name or product)
    if not product.replace("_", "").replace("-", "").isalnum() or not product.isascii():
        raise OutputError(
            "product", f"{product!r} is no name.", "Use letters, digits, dashes and underscores."
        )
    bands: dict[Hashable, Any] = {
        name: band for name, band in data.data_vars.items() if band.ndim >= 2
    }
    data = data[list(bands)]
    if not bands or "time" not in data.dims or any(band.ndim != 3 for band in bands.values()):
        raise OutputError(
            "data",
            f"it has the dimensions {', '.join(map(str, data.dims)) or 'none'}.",
            "Give variables of time, y and x; for one image add a time with expand_dims.",
        )
    if data.odc.geobox is None or data.odc.crs is None:
        raise OutputError(
            "data",
            "it has no regular grid with a reference system.",
            "Set it with data.odc.assign_crs('EPSG:4326').",
        )
    return data


def _steps(data: xr.Dataset, product: str, kind: str) -> list[Step]:
    """Name the time steps; each has a name of its own."""
    moments = data["time"].values.astype("datetime64[s]")
    parts = [Step.of(product, moment.item(), kind) for moment in moments]
    names = [part.label for part in parts]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise OutputError(
            "step",
            f"two times lie in the {kind} {doubled}.",
            "Add them up or average them first, or choose a shorter step.",
        )
    return parts


def _compute(step: xr.Dataset) -> dict[str, np.ndarray]:
    """Compute all bands of one time step together."""
    import numpy as np

    values = step.compute()
    return {
        str(name): np.asarray(band.values, dtype="float64")
        for name, band in values.data_vars.items()
    }


def encode_cog(
    numbers: np.ndarray, grid: Grid, band: str, encoding: Stored, units: str, block_px: int
) -> bytes:
    """Encode one raster in memory, so that a full disk cannot spoil it.

    Parameters
    ----------
    numbers : array, shape (y, x)
        As they are stored, see :meth:`Stored.encode`.
    grid : Grid
        Where they are.
    band, units : str
        Written into the file, with scale, offset and nodata of `encoding`.
    block_px : int
        Side of the tiles, in pixels.
    """
    from rasterio.io import MemoryFile
    from rasterio.shutil import copy

    profile = {
        "driver": "GTiff",
        "height": numbers.shape[0],
        "width": numbers.shape[1],
        "count": 1,
        "dtype": numbers.dtype.name,
        "crs": grid.crs,
        "transform": grid.affine,
        "nodata": encoding.nodata,
    }
    with MemoryFile() as plain, MemoryFile() as optimized:
        with plain.open(**profile) as raster:
            raster.write(numbers, 1)
            raster.set_band_description(1, band)
            raster.scales, raster.offsets = (encoding.scale,), (encoding.offset,)
            raster.units = (units,)
        with plain.open() as raster:
            copy(
                raster,
                optimized.name,
                driver="COG",
                compress="deflate",
                predictor=3 if numbers.dtype.kind == "f" else 2,
                blocksize=block_px,
                overview_resampling="average",
            )
        return bytes(optimized.read())
