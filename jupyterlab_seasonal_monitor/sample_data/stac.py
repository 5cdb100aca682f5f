"""The STAC catalogue of the sample archive: a collection per product, an item per raster.

All links are relative, so the folder can be moved, copied or served as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pystac
from pystac.layout import TemplateLayoutStrategy

from .files import write_text
from .products import Product, Slot

DESCRIPTION = (
    "Invented rainfall and vegetation. Made for trying templates without internet; not an "
    "observation of anything."
)
EXTENSIONS = [
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
    "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
]


@dataclass(frozen=True)
class Grid:
    """Where the rasters are.

    Attributes
    ----------
    bbox : list of float
        West, south, east, north in degrees.
    size : int
        Pixels per side.
    pixel : float
        Size of a pixel in degrees.
    """

    bbox: list[float]
    size: int
    pixel: float


def item_path(folder: Path, product: Product, slot: Slot) -> Path:
    """Where the STAC item of a raster lies."""
    return raster_path(folder, product, slot).with_suffix(".json")


def raster_path(folder: Path, product: Product, slot: Slot) -> Path:
    """Where a raster lies."""
    return folder / product.collection / str(slot.year) / f"{product.band}_{slot.label}.tif"


def write_catalog(folder: Path, contents: Mapping[Product, Sequence[Slot]], grid: Grid) -> None:
    """Write the whole catalogue; ``catalog.json`` comes last.

    Parameters
    ----------
    folder : Path
        The archive's folder; the rasters must be there.
    contents : mapping of Product to sequence of Slot
        What to list.
    grid : Grid
        Of all rasters.
    """
    catalog = pystac.Catalog("seasonal-monitor-sample", DESCRIPTION, "Seasonal Monitor sample data")
    for product, slots in contents.items():
        collection = _collection(product, slots, grid)
        catalog.add_child(collection)
        collection.add_items(_item(folder, product, slot, grid) for slot in slots)
    catalog.normalize_hrefs(
        str(folder), TemplateLayoutStrategy(item_template="${year}"), skip_unresolved=False
    )
    catalog.make_all_asset_hrefs_relative()
    catalog.catalog_type = pystac.CatalogType.SELF_CONTAINED
    for document in (*catalog.get_items(recursive=True), *catalog.get_children(), catalog):
        content = document.to_dict(include_self_link=False)
        write_text(Path(document.self_href), json.dumps(content, indent=2) + "\n")


def _asset(product: Product) -> dict[str, Any]:
    return {
        "title": product.asset_title,
        "type": pystac.MediaType.COG,
        "roles": ["data"],
        "raster:bands": [product.raster_band],
    }


def _collection(product: Product, slots: Sequence[Slot], grid: Grid) -> pystac.Collection:
    """Describe one product."""
    return pystac.Collection(
        product.collection,
        product.description,
        pystac.Extent(
            pystac.SpatialExtent([list[float | int](grid.bbox)]),
            pystac.TemporalExtent([[slots[0].begin, slots[-1].end]]),
        ),
        title=product.title,
        license="CC0-1.0",
        keywords=list(product.keywords),
        summaries=pystac.Summaries(
            {"raster:bands": [product.raster_band], "proj:code": ["EPSG:4326"]}
        ),
        stac_extensions=EXTENSIONS,
        extra_fields={"item_assets": {product.band: _asset(product)}},
    )


def _item(folder: Path, product: Product, slot: Slot, grid: Grid) -> pystac.Item:
    """Describe one raster."""
    west, south, east, north = grid.bbox
    raster = raster_path(folder, product, slot)
    item = pystac.Item(
        raster.stem,
        geometry={
            "type": "Polygon",
            "coordinates": [
                [[west, south], [east, south], [east, north], [west, north], [west, south]]
            ],
        },
        bbox=list(grid.bbox),
        datetime=slot.begin,
        start_datetime=slot.begin,
        end_datetime=slot.end,
        properties={
            **slot.properties,
            "proj:code": "EPSG:4326",
            "proj:shape": [grid.size, grid.size],
            "proj:transform": [grid.pixel, 0.0, west, 0.0, -grid.pixel, north, 0.0, 0.0, 1.0],
        },
        stac_extensions=EXTENSIONS,
    )
    asset = {**_asset(product), "href": str(raster), "file:size": raster.stat().st_size}
    item.add_asset(product.band, pystac.Asset.from_dict(asset))
    return item
