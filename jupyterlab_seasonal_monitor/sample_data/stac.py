"""The STAC catalogue of the sample archive: a collection per product, an item per slot.

All links are relative, so the folder can be moved, copied or served as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pystac
from pystac.layout import TemplateLayoutStrategy

from seasonal_monitor.outputs.replace import write_bytes

from .product import Band, Grid, Product, Raster, Slot

DESCRIPTION = (
    "Invented rainfall, vegetation and temperature. Made for trying templates without internet; "
    "not an observation of anything."
)
EXTENSIONS = [
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
    "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
]


def item_path(folder: Path, product: Product, slot: Slot) -> Path:
    """Where the STAC item of a slot lies."""
    return folder / product.collection / str(slot.year) / f"{product.stem}_{slot.label}.json"


def raster_path(folder: Path, raster: Raster) -> Path:
    """Where a raster lies."""
    name = f"{raster.band.name}_{raster.slot.label}.tif"
    return folder / raster.product.collection / str(raster.slot.year) / name


def write_catalog(folder: Path, contents: Mapping[Product, Sequence[Slot]], size: int) -> None:
    """Write the whole catalogue; ``catalog.json`` comes last.

    Parameters
    ----------
    folder : Path
        The archive's folder; the rasters must be there.
    contents : mapping of Product to sequence of Slot
        What to list.
    size : int
        Pixels per side of the rain.
    """
    catalog = pystac.Catalog("seasonal-monitor-sample", DESCRIPTION, "Seasonal Monitor sample data")
    for product, slots in contents.items():
        items = [_item(folder, product, slot, size) for slot in slots]
        collection = _collection(product, slots, items)
        catalog.add_child(collection)
        collection.add_items(items)
    catalog.normalize_hrefs(
        str(folder), TemplateLayoutStrategy(item_template="${year}"), skip_unresolved=False
    )
    catalog.make_all_asset_hrefs_relative()
    catalog.catalog_type = pystac.CatalogType.SELF_CONTAINED
    for document in (*catalog.get_items(recursive=True), *catalog.get_children(), catalog):
        content = document.to_dict(include_self_link=False)
        text = json.dumps(content, indent=2) + "\n"
        write_bytes(Path(document.self_href), text.encode(), settled=False)


def _asset(band: Band) -> dict[str, Any]:
    return {
        "title": band.title,
        "type": pystac.MediaType.COG,
        "roles": ["data"],
        "raster:bands": [band.raster_band],
    }


def _collection(
    product: Product, slots: Sequence[Slot], items: Sequence[pystac.Item]
) -> pystac.Collection:
    """Describe one product."""
    west, south, east, north = zip(*(item.bbox for item in items if item.bbox), strict=True)
    codes = sorted({item.properties["proj:code"] for item in items})
    return pystac.Collection(
        product.collection,
        product.description,
        pystac.Extent(
            pystac.SpatialExtent([[min(west), min(south), max(east), max(north)]]),
            pystac.TemporalExtent([[slots[0].begin, slots[-1].end]]),
        ),
        title=product.title,
        license="CC0-1.0",
        keywords=list(product.keywords),
        summaries=pystac.Summaries(
            {"raster:bands": [band.raster_band for band in product.bands], "proj:code": codes}
        ),
        stac_extensions=EXTENSIONS,
        extra_fields={"item_assets": {band.name: _asset(band) for band in product.bands}},
    )


def _projection(grid: Grid) -> dict[str, Any]:
    return {"proj:shape": [grid.rows, grid.columns], "proj:transform": list(grid.transform)}


def _item(folder: Path, product: Product, slot: Slot, size: int) -> pystac.Item:
    """Describe the rasters of one slot."""
    grid = product.grid(size, slot, product.bands[0])
    west, south, east, north = grid.bbox
    item = pystac.Item(
        item_path(folder, product, slot).stem,
        geometry={
            "type": "Polygon",
            "coordinates": [
                [[west, south], [east, south], [east, north], [west, north], [west, south]]
            ],
        },
        bbox=grid.bbox,
        datetime=slot.begin,
        start_datetime=slot.begin,
        end_datetime=slot.end,
        properties={**slot.properties, "proj:code": grid.crs, **_projection(grid)},
        stac_extensions=EXTENSIONS,
    )
    for band in product.bands:
        path = raster_path(folder, Raster(product, slot, band))
        asset = {**_asset(band), "href": str(path), "file:size": path.stat().st_size}
        own = product.grid(size, slot, band)
        if own != grid:
            asset |= _projection(own)
        item.add_asset(band.name, pystac.Asset.from_dict(asset))
    return item
