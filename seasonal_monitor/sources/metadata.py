"""How stored numbers become values: read from metadata, never typed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from seasonal_monitor.errors import SourceError

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Encoding:
    """Scale, offset, nodata and unit of a band: value = stored * scale + offset.

    Attributes
    ----------
    nodata : float
        The stored number that means no data; may be NaN.
    scale, offset : float
        1 and 0 where the metadata say nothing.
    units : str
        "1" where the metadata say nothing.
    """

    nodata: float
    scale: float = 1.0
    offset: float = 0.0
    units: str = "1"


def encoding_of(band: str, *layers: Mapping[str, Any] | None) -> Encoding:
    """Read an encoding from metadata, the later layers first.

    Understands STAC's raster extension in both versions, STAC 1.1 bands, Open Data Cube
    measurements and CF attributes.

    Parameters
    ----------
    band : str
        Name for the error.
    *layers : mapping
        From general to special: collection's asset, item's asset.

    Raises
    ------
    SourceError
        If no layer states a nodata value.
    """
    merged: dict[str, Any] = {}
    for layer in layers:
        parts = [layer or {}]
        parts += [(layer or {}).get(key, [{}])[0] for key in ("bands", "raster:bands")]
        for part in parts:
            merged.update(
                {key.removeprefix("raster:"): part[key] for key in part if part[key] is not None}
            )
    nodata = merged.get("nodata", merged.get("_FillValue"))
    if nodata is None:
        raise SourceError(
            "bands",
            f"the metadata of {band!r} do not say which value means no data.",
            "Ask the archive's keeper to add it: nodata in raster:bands, or _FillValue in Zarr.",
        )
    return Encoding(
        float(nodata),
        float(merged.get("scale", merged.get("scale_factor", 1.0))),
        float(merged.get("offset", merged.get("add_offset", 0.0))),
        str(merged.get("unit", merged.get("units", "1"))),
    )


def decode(stored: xr.DataArray, encoding: Encoding) -> xr.DataArray:
    """Turn stored numbers into values.

    Returns
    -------
    DataArray
        Same shape and chunks, float32, NaN where there is no data, with CF attributes.
    """
    import numpy as np

    stated = None if np.isnan(encoding.nodata) else encoding.nodata
    work = partial(_decoded, nodata=stated, scale=encoding.scale, offset=encoding.offset)
    label = "decode"  # one task for each chunk
    values = (
        work(stored.to_numpy())
        if stored.chunks is None
        else stored.data.map_blocks(work, dtype=np.float32, token=label)
    )
    value = stored.copy(data=values)
    value.encoding = {}
    value.attrs = {
        "units": encoding.units,
        "long_name": str(stored.name),
        "grid_mapping": "spatial_ref",
    }
    return value


def _decoded(
    block: NDArray[Any], *, nodata: float | None, scale: float, offset: float
) -> NDArray[np.float32]:
    import numpy as np

    values: NDArray[np.float32] = block.astype(np.float32)
    if (scale, offset) != (1.0, 0.0):
        values *= np.float32(scale)
        values += np.float32(offset)
    if nodata is not None:
        values[block == nodata] = np.nan
    return values
