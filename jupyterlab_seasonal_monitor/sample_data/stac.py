"""The STAC catalogue of the sample archive: catalogue, one collection, one item per dekad.

All links are relative, so the folder can be moved, copied or served as it is.
"""

from __future__ import annotations

import json
from pathlib import Path

import pystac
from pystac.layout import TemplateLayoutStrategy

from seasonal_monitor.dekads import DEKADS_PER_YEAR, label, time_range

from .files import write_text

COLLECTION = "rfh_dekad"
BAND = "rfh"
NODATA = -9999
SCALE = 0.1  # the rasters hold tenths of a millimetre

EXTENSIONS = [
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
    "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
]
RASTER_BAND = {
    "data_type": "int16",
    "nodata": NODATA,
    "unit": "mm",
    "scale": SCALE,
    "offset": 0.0,
}
ASSET = {
    "title": "Rainfall estimate",
    "type": pystac.MediaType.COG,
    "roles": ["data"],
    "raster:bands": [RASTER_BAND],
}
DESCRIPTION = (
    "Invented rainfall per dekad (10 days) with two rainy seasons, on the 0.05 degree grid of "
    "CHIRPS. Made for trying templates without internet; not an observation of anything."
)


def item_path(folder: Path, step: int) -> Path:
    """Where the STAC item of a dekad lies."""
    return raster_path(folder, step).with_suffix(".json")


def raster_path(folder: Path, step: int) -> Path:
    """Where the raster of a dekad lies."""
    return folder / COLLECTION / str(step // DEKADS_PER_YEAR) / f"rfh_{label(step)}.tif"


def write_catalog(folder: Path, steps: range, bbox: list[float], size: int, pixel: float) -> None:
    """Write the whole catalogue; ``catalog.json`` comes last.

    Parameters
    ----------
    folder : Path
        The archive's folder; the rasters must be there.
    steps : range
        Dekads to list.
    bbox : list of float
        West, south, east, north in degrees.
    size : int
        Pixels per side.
    pixel : float
        Size of a pixel in degrees.
    """
    begin, end = time_range(steps[0])[0], time_range(steps[-1])[1]
    collection = pystac.Collection(
        COLLECTION,
        DESCRIPTION,
        pystac.Extent(
            pystac.SpatialExtent([list[float | int](bbox)]),
            pystac.TemporalExtent([[begin, end]]),
        ),
        title="Sample rainfall per dekad",
        license="CC0-1.0",
        keywords=["rainfall", "dekad", "sample"],
        summaries=pystac.Summaries({"raster:bands": [RASTER_BAND], "proj:code": ["EPSG:4326"]}),
        stac_extensions=EXTENSIONS,
        extra_fields={"item_assets": {BAND: ASSET}},
    )
    catalog = pystac.Catalog("seasonal-monitor-sample", DESCRIPTION, "Seasonal Monitor sample data")
    catalog.add_child(collection)
    collection.add_items(_item(folder, step, bbox, size, pixel) for step in steps)
    catalog.normalize_hrefs(
        str(folder), TemplateLayoutStrategy(item_template="${year}"), skip_unresolved=False
    )
    catalog.make_all_asset_hrefs_relative()
    catalog.catalog_type = pystac.CatalogType.SELF_CONTAINED
    for document in (*collection.get_items(), collection, catalog):
        content = document.to_dict(include_self_link=False)
        write_text(Path(document.self_href), json.dumps(content, indent=2) + "\n")


def _item(folder: Path, step: int, bbox: list[float], size: int, pixel: float) -> pystac.Item:
    """Describe one dekad."""
    west, south, east, north = bbox
    begin, end = time_range(step)
    raster = raster_path(folder, step)
    item = pystac.Item(
        raster.stem,
        geometry={
            "type": "Polygon",
            "coordinates": [
                [[west, south], [east, south], [east, north], [west, north], [west, south]]
            ],
        },
        bbox=list(bbox),
        datetime=begin,
        start_datetime=begin,
        end_datetime=end,
        properties={
            "dekad": label(step),
            "proj:code": "EPSG:4326",
            "proj:shape": [size, size],
            "proj:transform": [pixel, 0.0, west, 0.0, -pixel, north, 0.0, 0.0, 1.0],
        },
        stac_extensions=EXTENSIONS,
    )
    size_bytes = raster.stat().st_size
    asset = {**ASSET, "href": str(raster), "file:size": size_bytes}
    item.add_asset(BAND, pystac.Asset.from_dict(asset))
    return item
