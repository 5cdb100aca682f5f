"""What rasters say of themselves to STAC: version 1.0 with the projection and raster extensions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .encoding import Asset, encoding, iso
from .places import Grid, Step

if TYPE_CHECKING:
    from .cogs import Stored

_EXTENSIONS = [
    "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
]
_COG = "image/tiff; application=geotiff; profile=cloud-optimized"


def item(step: Step, grid: Grid, assets: Sequence[Asset]) -> dict[str, Any]:
    """Describe the rasters of one step."""
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
            "datetime": iso(step.begin),
            "start_datetime": iso(step.begin),
            "end_datetime": iso(step.end),
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


def collection(
    product: str, description: str, items: Sequence[tuple[Path, dict[str, Any]]], folder: Path
) -> dict[str, Any]:
    """Describe a product, and list its items in `folder`."""
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


def link_to(product: str) -> dict[str, str]:
    """Give the link of a catalogue to the collection of a product."""
    return next(iter(_links("child", [Path(product) / "collection.json"])))


def _asset_fields(stored: Stored, units: str) -> dict[str, Any]:
    return {
        "type": _COG,
        "roles": ["data"],
        "raster:bands": [{**encoding(stored), "unit": units}],
    }


def _links(relation: str, paths: Iterable[Path]) -> list[dict[str, str]]:
    kind = "application/json" if relation == "child" else "application/geo+json"
    return [{"rel": relation, "href": f"./{path.as_posix()}", "type": kind} for path in paths]
