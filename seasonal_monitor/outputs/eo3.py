"""What rasters say of themselves to the Open Data Cube: EO3 documents."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from .encoding import Asset, iso
from .places import Grid, Step

#: Of the ids of datasets, which follow from product and step.
_NAMESPACE = uuid.UUID("0e3f1c52-6f0d-5a5e-9f0e-3d1f5f0c7f43")


def dataset(
    step: Step,
    grid: Grid,
    assets: Sequence[Asset],
    *,
    region: str = "all",
    others: Mapping[str, Grid] | None = None,
) -> dict[str, Any]:
    """Describe the rasters of one step.

    Parameters
    ----------
    step : Step
        Product, name and period.
    grid : Grid
        Of all bands but those of `others`.
    assets : sequence of Asset
        The rasters; they lie beside the document.
    region : str
        Which of the product's tiles it is.
    others : mapping of str to Grid, optional
        Grids of bands that have one of their own, by band.
    """
    own = others or {}
    grids = {"default": grid, **{f"of_{band}": other for band, other in own.items()}}
    return {
        "$schema": "https://schemas.opendatacube.org/dataset",
        "id": str(uuid.uuid5(_NAMESPACE, f"{step.product}/{step.label}")),
        "label": step.name,
        "product": {"name": step.product},
        "crs": grid.crs,
        "geometry": _outline(grid),
        "grids": {
            name: {"shape": list(each.shape), "transform": each.transform}
            for name, each in grids.items()
        },
        "properties": {
            "datetime": iso(step.begin),
            "dtr:start_datetime": iso(step.begin),
            "dtr:end_datetime": iso(step.end),
            "odc:file_format": "GeoTIFF",
            "odc:region_code": region,
        },
        "measurements": {
            band: {"path": path.name, **({"grid": f"of_{band}"} if band in own else {})}
            for band, path, _, _ in assets
        },
        "lineage": {},
    }


def product(name: str, description: str, item: dict[str, Any]) -> dict[str, Any]:
    """Describe a product, as one of its STAC items has it."""
    properties = item["properties"]
    transform = properties["proj:transform"]
    crs = properties.get("proj:code") or properties["proj:wkt2"]
    degrees = crs == "EPSG:4326"
    y, x = ("latitude", "longitude") if degrees else ("y", "x")
    measurements = []
    for band, asset in item["assets"].items():
        stored = asset["raster:bands"][0]
        nodata = stored["nodata"]
        measurements.append(
            {
                "name": band,
                "dtype": stored["data_type"],
                "nodata": math.nan if nodata == "nan" else nodata,
                "units": stored["unit"],
                "scale_factor": stored["scale"],
                "add_offset": stored["offset"],
            }
        )
    return {
        "name": name,
        "description": description,
        "metadata_type": "eo3",
        "metadata": {"product": {"name": name}},
        "measurements": measurements,
        "load": {"crs": crs, "resolution": {y: transform[4], x: transform[0]}},
    }


def _outline(grid: Grid) -> dict[str, Any]:
    """Give the outline in the grid's own coordinates."""
    rows, columns = grid.shape
    corners = [(0, 0), (columns, 0), (columns, rows), (0, rows), (0, 0)]
    a, b, c, d, e, f = tuple(grid.affine)[:6]
    ring = [[float(a * x + b * y + c), float(d * x + e * y + f)] for x, y in corners]
    return {"type": "Polygon", "coordinates": [ring]}
