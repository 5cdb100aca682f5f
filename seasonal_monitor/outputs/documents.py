"""What rasters say of themselves to STAC and to the Open Data Cube.

STAC 1.0 with the projection and raster extensions; Open Data Cube's EO3. The documents hold no
time of writing, so that the same result has the same documents.
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seasonal_monitor import dekads
from seasonal_monitor.errors import OutputError

from .replace import explained, write_bytes

if TYPE_CHECKING:
    import xarray as xr
    from affine import Affine

    from .cogs import Stored

#: Of the ids of datasets, which follow from product and step.
_NAMESPACE = uuid.UUID("0e3f1c52-6f0d-5a5e-9f0e-3d1f5f0c7f43")
_EXTENSIONS = [
    "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
]
_COG = "image/tiff; application=geotiff; profile=cloud-optimized"

Asset = tuple[str, Path, "Stored", str]


@dataclass(frozen=True)
class Grid:
    """The pixels of a product.

    Attributes
    ----------
    crs : str
        As ``EPSG:4326`` where it has a code, else as WKT.
    shape : tuple of int
        Rows and columns.
    affine : Affine
        From column and row to x and y.
    bounds : tuple of float
        West, south, east, north in degrees.
    """

    crs: str
    shape: tuple[int, int]
    affine: Affine
    bounds: tuple[float, float, float, float]
    names: tuple[str, str]

    @classmethod
    def of(cls, data: xr.Dataset | xr.DataArray) -> Grid:
        """Read the grid of data."""
        box = data.odc.geobox
        degrees = box.geographic_extent.boundingbox
        bounds = (degrees.left, degrees.bottom, degrees.right, degrees.top)
        rows, columns = box.shape
        code = box.crs.to_epsg()
        crs = f"EPSG:{code}" if code else str(box.crs)
        return cls(crs, (rows, columns), box.affine, bounds, tuple(box.dimensions))

    @property
    def transform(self) -> list[float]:
        """All nine numbers of the matrix, row by row."""
        return [float(number) for number in tuple(self.affine)[:9]]

    @property
    def footprint(self) -> dict[str, Any]:
        """The outline in degrees, as GeoJSON."""
        west, south, east, north = self.bounds
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"type": "Polygon", "coordinates": [ring]}


@dataclass(frozen=True)
class Step:
    """A time step of a product: its name and period."""

    product: str
    label: str
    begin: datetime
    end: datetime

    @classmethod
    def of(cls, product: str, moment: datetime, kind: str) -> Step:
        """Give the step that a moment lies in."""
        day = moment.date()
        if kind == "dekad":
            number = dekads.step_of(day)
            return cls(product, dekads.label(number), *dekads.time_range(number))
        if kind == "month":
            first = day.replace(day=1)
            following = (first + timedelta(days=31)).replace(day=1)
            return cls(product, f"{day:%Y-%m}", _start(first), _start(following) - _SECOND)
        if kind == "day":
            begin = _start(day)
            return cls(product, f"{day:%Y-%m-%d}", begin, begin + timedelta(days=1) - _SECOND)
        raise OutputError("step", f"{kind!r} is no step.", "Use dekad, month or day.")

    @property
    def name(self) -> str:
        """The id of its STAC item."""
        return f"{self.product}_{self.label}"

    def item_path(self, top: Path) -> Path:
        """Where its STAC item lies."""
        return top / self.product / f"{self.begin.year}" / f"{self.name}.json"

    def raster_path(self, top: Path, band: str) -> Path:
        """Where a band lies."""
        return self.item_path(top).with_name(f"{self.name}_{band}.tif")

    def cube_path(self, top: Path) -> Path:
        """Where its Open Data Cube document lies."""
        return self.item_path(top).with_suffix(".odc-metadata.yaml")


_SECOND = timedelta(seconds=1)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.utc)


def check_fits(top: Path, product: str, grid: Grid, bands: Mapping[str, Stored]) -> None:
    """See that a product that is there has this grid, these bands, and stores them in this way.

    Raises
    ------
    OutputError
        When it has not.
    """
    there = next(iter((top / product).glob(f"*/{product}_*.json")), None)
    if there is None:
        return
    with explained(there):
        item = json.loads(there.read_text(encoding="utf-8"))
    properties, known = item["properties"], list(item["assets"])
    if sorted(known) != sorted(bands):
        raise OutputError(
            "data",
            f"{product} in {top} has {', '.join(known)}, not {', '.join(bands)}.",
            "Choose another folder or product.",
        )
    for band, stored in bands.items():
        encoding = _encoding(stored)
        before = {key: item["assets"][band]["raster:bands"][0].get(key) for key in encoding}
        if before != encoding:
            raise OutputError(
                "stored",
                f"{band} of {product} in {top} is stored as {_words(before)}, not "
                f"{_words(encoding)}.",
                "Use the same, or choose another folder or product.",
            )
    crs = properties.get("proj:code") or properties.get("proj:wkt2")
    if crs != grid.crs:
        raise OutputError(
            "data",
            f"{product} in {top} is in {str(crs)[:40]}, not {grid.crs[:40]}.",
            "Choose another folder or product, or reproject the data.",
        )
    if properties["proj:shape"] != list(grid.shape) or any(
        abs(one - other) > 1e-9
        for one, other in zip(properties["proj:transform"], grid.transform, strict=True)
    ):
        raise OutputError(
            "data",
            f"{product} in {top} is on another grid, of {properties['proj:shape']} pixels.",
            "Choose another folder, product or area.",
        )


def write_step(step: Step, grid: Grid, assets: Sequence[Asset], top: Path) -> None:
    """Describe the rasters of one step; the STAC item, by which it is found, comes last."""
    write_bytes(step.cube_path(top), _yaml(_dataset(step, grid, assets)))
    write_bytes(step.item_path(top), _json(_item(step, grid, assets)))


def write_listing(top: Path, product: str, description: str) -> None:
    """List all steps of a product, and the product among others, for STAC and the cube.

    Raises
    ------
    OutputError
        If a listing that is there is no STAC, or cannot be written.
    """
    items = [
        (path, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((top / product).glob(f"*/{product}_*.json"))
    ]
    if not items:
        return
    folder = top / product
    write_bytes(
        top / f"{product}.odc-product.yaml", _yaml(_product(product, description, items[-1][1]))
    )
    collection = _collection(product, description, items, folder)
    write_bytes(folder / "collection.json", _json(collection))
    write_bytes(top / "catalog.json", _json(_catalog(top, product)))


def _encoding(stored: Stored) -> dict[str, Any]:
    return {
        "data_type": stored.dtype,
        "nodata": "nan" if math.isnan(stored.nodata) else _number(stored.nodata),
        "scale": stored.scale,
        "offset": stored.offset,
    }


def _words(encoding: Mapping[str, Any]) -> str:
    return "{data_type}, nodata {nodata}, scale {scale}, offset {offset}".format(**encoding)


def _asset_fields(stored: Stored, units: str) -> dict[str, Any]:
    return {
        "type": _COG,
        "roles": ["data"],
        "raster:bands": [{**_encoding(stored), "unit": units}],
    }


def _item(step: Step, grid: Grid, assets: Sequence[Asset]) -> dict[str, Any]:
    projection = {"proj:code": grid.crs} if ":" in grid.crs[:8] else {"proj:wkt2": grid.crs}
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "stac_extensions": _EXTENSIONS,
        "id": step.name,
        "collection": step.product,
        "geometry": grid.footprint,
        "bbox": list(grid.bounds),
        "properties": {
            "datetime": _iso(step.begin),
            "start_datetime": _iso(step.begin),
            "end_datetime": _iso(step.end),
            "step": step.label,
            **projection,
            "proj:shape": list(grid.shape),
            "proj:transform": grid.transform,
        },
        "links": [
            {"rel": "root", "href": "../../catalog.json", "type": "application/json"},
            {"rel": "parent", "href": "../collection.json", "type": "application/json"},
            {"rel": "collection", "href": "../collection.json", "type": "application/json"},
        ],
        "assets": {
            band: {"href": f"./{path.name}", "title": band, **_asset_fields(stored, units)}
            for band, path, stored, units in assets
        },
    }


def _collection(
    product: str, description: str, items: Sequence[tuple[Path, dict[str, Any]]], folder: Path
) -> dict[str, Any]:
    boxes = [item["bbox"] for _, item in items]
    span = [item["properties"] for _, item in items]
    reach = [min(b[0] for b in boxes), min(b[1] for b in boxes)]
    reach += [max(b[2] for b in boxes), max(b[3] for b in boxes)]
    newest = items[-1][1]["assets"]
    return {
        "type": "Collection",
        "stac_version": "1.0.0",
        "stac_extensions": _EXTENSIONS,
        "id": product,
        "description": description,
        "license": "other",
        "extent": {
            "spatial": {"bbox": [reach]},
            "temporal": {
                "interval": [
                    [
                        min(p["start_datetime"] for p in span),
                        max(p["end_datetime"] for p in span),
                    ]
                ]
            },
        },
        "item_assets": {
            band: {key: value for key, value in asset.items() if key != "href"}
            for band, asset in newest.items()
        },
        "links": [
            {"rel": "root", "href": "../catalog.json", "type": "application/json"},
            {"rel": "parent", "href": "../catalog.json", "type": "application/json"},
            *_links("item", (path.relative_to(folder) for path, _ in items)),
        ],
    }


def _catalog(top: Path, product: str) -> dict[str, Any]:
    """Give the catalogue of a folder with one more product."""
    path = top / "catalog.json"
    catalog: dict[str, Any] = {
        "type": "Catalog",
        "stac_version": "1.0.0",
        "id": top.resolve().name or "results",
        "description": "Results of the Seasonal Monitor",
        "links": [{"rel": "root", "href": "./catalog.json", "type": "application/json"}],
    }
    if path.exists():
        with explained(path):
            text = path.read_text(encoding="utf-8")
        try:
            there = json.loads(text)
            catalog = {**there, "links": list(there["links"])}
        except (ValueError, KeyError, TypeError) as error:
            raise OutputError(
                "output", f"{path} is no STAC catalogue.", "Choose another folder."
            ) from error
    link = next(iter(_links("child", [Path(product) / "collection.json"])))
    if not any(item.get("href") == link["href"] for item in catalog["links"]):
        catalog["links"].append(link)
    return catalog


def _links(relation: str, paths: Iterable[Path]) -> list[dict[str, str]]:
    kind = "application/json" if relation == "child" else "application/geo+json"
    return [{"rel": relation, "href": f"./{path.as_posix()}", "type": kind} for path in paths]


def _dataset(step: Step, grid: Grid, assets: Sequence[Asset]) -> dict[str, Any]:
    return {
        "$schema": "https://schemas.opendatacube.org/dataset",
        "id": str(uuid.uuid5(_NAMESPACE, f"{step.product}/{step.label}")),
        "label": step.name,
        "product": {"name": step.product},
        "crs": grid.crs,
        "geometry": _outline(grid),
        "grids": {"default": {"shape": list(grid.shape), "transform": grid.transform}},
        "properties": {
            "datetime": _iso(step.begin),
            "dtr:start_datetime": _iso(step.begin),
            "dtr:end_datetime": _iso(step.end),
            "odc:file_format": "GeoTIFF",
            "odc:region_code": "all",
        },
        "measurements": {band: {"path": path.name} for band, path, _, _ in assets},
        "lineage": {},
    }


def _outline(grid: Grid) -> dict[str, Any]:
    """Give the outline in the grid's own coordinates."""
    rows, columns = grid.shape
    corners = [(0, 0), (columns, 0), (columns, rows), (0, rows), (0, 0)]
    a, b, c, d, e, f = tuple(grid.affine)[:6]
    ring = [[float(a * x + b * y + c), float(d * x + e * y + f)] for x, y in corners]
    return {"type": "Polygon", "coordinates": [ring]}


def _product(product: str, description: str, item: dict[str, Any]) -> dict[str, Any]:
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
        "name": product,
        "description": description,
        "metadata_type": "eo3",
        "metadata": {"product": {"name": product}},
        "measurements": measurements,
        "load": {"crs": crs, "resolution": {y: transform[4], x: transform[0]}},
    }


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value


def _json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, indent=2) + "\n").encode()


def _yaml(document: dict[str, Any]) -> bytes:
    from yaml import safe_dump  # type: ignore[import-untyped]

    text: str = safe_dump(document, sort_keys=False, allow_unicode=True)
    return text.encode()
